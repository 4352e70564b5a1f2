/* Names for SPSS and Stata. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "base/str.h"
#include "exchange/out/names.h"

#define MOST 4096

static void assert_made(bool sav, const char *const *given, const bool *split, size_t n,
                        const char *const *expected)
{
    static const bool none[16];
    struct mg_out_column columns[16] = {0};
    struct mg_error error = {0};
    const char **names;
    for (size_t i = 0; i < n; i++)
        columns[i].name = given[i];
    int rc = sav ? mg_out_names_sav(arena, columns, split ? split : none, n, &names, &error)
                 : mg_out_names_dta(arena, columns, n, &names, &error);
    assert_int_equal(rc, 0);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(names[i], expected[i]);
}

static void spss_gets_short_ascii_names(void **state)
{
    (void)state;
    static const char *const given[] = {"expectation_1", "expectat", "EXPECTAT2", "期望1", "1st",
                                        "_x_",           "To",       "q.1",       "v4",    "期望"};
    static const char *const made[] = {"expecta2", "expectat", "EXPECTA3", "x4", "st",
                                       "x",        "To2",      "q1",       "v4", "v10"};
    assert_made(true, given, NULL, 10, made);
}

static void parts_of_long_texts_stand_alone(void **state)
{
    (void)state;
    static const char *const given[] = {"comment", "comments", "comme1", "co", "COMM2x"};
    static const bool split[] = {true, true, false, false, false};
    static const char *const made[] = {"comme", "comm2", "v3", "co", "v5"};
    assert_made(true, given, split, 5, made);
}

static void stata_keeps_letters_of_any_script(void **state)
{
    (void)state;
    static const char *const given[] = {"期望 1", "期望1", "str5", "byte", "1a",
                                        "_ok",    "a.b-c", "Ünï",  "if",   "😀"};
    static const char *const made[] = {"期望12", "期望1", "v3",  "byte2", "a",
                                       "_ok",    "abc",   "Ünï", "if2",   "v10"};
    assert_made(false, given, NULL, 10, made);
}

/* However alike the names: valid, and no two alike. */
static void thousands_alike_keep_apart(void **state)
{
    (void)state;
    struct mg_out_column *columns = mg_arena_array(arena, MOST, sizeof *columns);
    bool *split = mg_arena_array(arena, MOST, sizeof *split);
    struct mg_error error = {0};
    const char **names;
    for (size_t i = 0; i < MOST; i++) {
        columns[i].name = mg_arena_printf(arena, i % 2 ? "very_long_name_%zu" : "v%zu", i);
        split[i] = i % 64 == 0;
    }
    assert_int_equal(mg_out_names_sav(arena, columns, split, MOST, &names, &error), 0);
    for (size_t i = 0; i < MOST; i++) {
        assert_true(strlen(names[i]) <= (split[i] ? MG_OUT_SAV_STEM : MG_OUT_SAV_NAME));
        assert_true(strspn(names[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
                    strlen(names[i]));
        for (size_t k = 0; k < i; k++) {
            assert_false(mg_str_equal_nocase(names[i], names[k]));
            assert_false(split[k] && strncasecmp(names[i], names[k], strlen(names[k])) == 0);
            assert_false(split[i] && strncasecmp(names[i], names[k], strlen(names[i])) == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(spss_gets_short_ascii_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_of_long_texts_stand_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stata_keeps_letters_of_any_script, set_up, tear_down),
        cmocka_unit_test_setup_teardown(thousands_alike_keep_apart, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
