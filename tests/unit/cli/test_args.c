/* Command-line words: values, flags, repeats, operands; what is refused and what is suggested. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "cli/cli.h"

static const char *const colours[] = {"red", "green", NULL};
static const struct mg_option options[] = {
    {.name = "format", .value = "F", .summary = "s", .letter = 'f'},
    {.name = "colour", .value = "C", .summary = "s", .choices = colours},
    {.name = "quiet", .summary = "s", .letter = 'q'},
    {0},
};

static int parse(char **argv, struct mg_args *args, struct mg_error *error)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    return mg_args_parse(options, mg_common_options, argc, argv, args, error);
}

static void reads_values_flags_and_operands(void **state)
{
    (void)state;
    char *argv[] = {"x", "a", "--format", "json", "-q", "--colour=red", "--format=csv", "--", "--b", NULL};
    struct mg_args args;
    assert_int_equal(parse(argv, &args, NULL), 0);
    assert_int_equal(args.n_operands, 2);
    assert_string_equal(args.operands[0], "a");
    assert_string_equal(args.operands[1], "--b");
    assert_string_equal(mg_args_get(&args, "format"), "csv"); /* the last one */
    assert_string_equal(mg_args_get(&args, "colour"), "red");
    assert_true(mg_args_flag(&args, "quiet"));
    assert_false(mg_args_flag(&args, "lang"));
    assert_null(mg_args_get(&args, "lang"));
}

static void refuses_and_suggests(void **state)
{
    (void)state;
    static const struct {
        char *argv[4];
        const char *message, *hint;
    } cases[] = {
        {{"x", "--fromat", "json"}, "no option --fromat", "--format"},
        {{"x", "--zzz"}, "no option --zzz", ""},
        {{"x", "--format"}, "needs a value: F", ""},
        {{"x", "--quiet=yes"}, "takes no value", ""},
        {{"x", "--colour", "blue"}, "red, green", ""},
        {{"x", "-z"}, "no option -z", ""},
        {{"x", "-qf"}, "no option -qf", ""},
        {{"x", "--lagn", "en"}, "no option", "--lang"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_error error = {0};
        struct mg_args args;
        assert_int_equal(parse((char **)cases[i].argv, &args, &error), MG_E_INVALID);
        assert_non_null(strstr(error.message, cases[i].message));
        assert_non_null(strstr(error.hint, cases[i].hint));
    }
}

static void reads_numbers_within_bounds(void **state)
{
    (void)state;
    char *good[] = {"x", "--format", "0.5", NULL}, *bad[] = {"x", "--format", "2", NULL};
    struct mg_args args;
    double value;
    int64_t whole;
    assert_int_equal(parse(good, &args, NULL), 0);
    assert_int_equal(mg_args_number(&args, "format", 0, 1, 9, &value, NULL), 0);
    assert_true(value == 0.5);
    assert_int_equal(mg_args_number(&args, "colour", 0, 1, 9, &value, NULL), 0);
    assert_true(value == 9);
    assert_int_equal(mg_args_integer(&args, "format", 0, 1, 9, &whole, NULL), MG_E_INVALID);
    assert_int_equal(parse(bad, &args, NULL), 0);
    assert_int_equal(mg_args_number(&args, "format", 0, 1, 9, &value, NULL), MG_E_INVALID);
}

static void too_many_words_are_refused(void **state)
{
    (void)state;
    char *argv[MG_ARGS_MAX + 3] = {"x"};
    for (int i = 1; i <= MG_ARGS_MAX + 1; i++)
        argv[i] = "a";
    struct mg_args args;
    assert_int_equal(parse(argv, &args, NULL), MG_E_LIMIT);
}

/* Every text that help, completion and manual take from the tables. */
static void check_translated(const char *text)
{
    if (text && strcmp(mg_tr(MG_LANG_ZH, text), text) == 0)
        fail_msg("no Chinese for “%s”", text);
}

static void all_help_is_translated(void **state)
{
    (void)state;
    for (const struct mg_option *o = mg_common_options; o->name; o++)
        check_translated(o->summary);
    for (const struct mg_command *c = mg_commands; c->name; c++) {
        check_translated(c->summary);
        for (const struct mg_option *o = c->options; o && o->name; o++)
            check_translated(o->summary);
        for (const struct mg_verb *v = c->verbs; v && v->name; v++)
            check_translated(v->summary);
    }
}

static void distance_counts_edits(void **state)
{
    (void)state;
    assert_int_equal(mg_str_distance("items", "items"), 0);
    assert_int_equal(mg_str_distance("itmes", "items"), 1); /* neighbours swapped */
    assert_int_equal(mg_str_distance("item", "items"), 1);
    assert_int_equal(mg_str_distance("", "abc"), 3);
    assert_int_equal(mg_str_distance("kitten", "sitting"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values_flags_and_operands), cmocka_unit_test(refuses_and_suggests),
        cmocka_unit_test(reads_numbers_within_bounds),     cmocka_unit_test(too_many_words_are_refused),
        cmocka_unit_test(all_help_is_translated),          cmocka_unit_test(distance_counts_edits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
