/* Which mark parts several choices in a cell: by column of texts, for each mark by its own rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/choose.h"

#define TEXTS_MAX 200

static struct mg_reading reading;

/* The mark that was found in the texts (NULL ends them); "": none. */
static const char *mark_of(enum mg_cell_kind kind, const char *const *texts)
{
    static struct mg_value_text kept[TEXTS_MAX];
    struct mg_values values = {.texts = kept, .complete = true};
    for (; texts[values.n]; values.n++)
        kept[values.n] =
            (struct mg_value_text){(char *)texts[values.n], strlen(texts[values.n]), 1, (int64_t)values.n};
    reading = (struct mg_reading){.kind = kind, .decimal = ',', .thousands = '.', .dressed = true};
    struct mg_undecided column = {.values = &values, .reading = &reading};
    mg_choose_choices(&column);
    assert_int_equal(reading.kind == MG_CELLS_CHOICES, *reading.choice_mark != '\0');
    return reading.choice_mark;
}

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define PARTED_BY(mark, ...) assert_string_equal(mark_of(MG_CELLS_TEXT, TEXTS(__VA_ARGS__)), mark)
#define LISTS_BY(mark, ...) assert_string_equal(mark_of(MG_CELLS_NUMBER, TEXTS(__VA_ARGS__)), mark)

static const struct {
    const char *text;
    bool sure, prose;
} marks[] = {{"┋", true, false},   {"|", true, false},   {";", false, false},
             {"；", false, false}, {"\n", false, false}, {"、", false, true},
             {",", false, true},   {"，", false, true},  {" ", false, true}};

/* Texts made with a mark in place of each "#". */
static const char *found(const char *mark, const char *const *patterns)
{
    static char texts[TEXTS_MAX][64];
    const char *made[TEXTS_MAX] = {NULL};
    for (size_t i = 0; patterns[i]; i++) {
        size_t n = 0;
        for (const char *p = patterns[i]; *p; p++)
            n += (size_t)(*p == '#' ? snprintf(texts[i] + n, 64 - n, "%s", mark)
                                    : snprintf(texts[i] + n, 64 - n, "%c", *p));
        made[i] = texts[i];
    }
    return mark_of(MG_CELLS_TEXT, made);
}

static void each_mark_by_its_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        const char *mark = marks[i].text;
        /* options that stand alone as well */
        assert_string_equal(found(mark, TEXTS("heat#lift", "lift#noise", "heat", "lift")), mark);
        /* one text with it is enough for those that nobody types */
        assert_string_equal(found(mark, TEXTS("heat#lift", "heat", "lift")), marks[i].sure ? mark : "");
        /* options that recur, none alone: three among six is enough where prose hasn't the mark */
        assert_string_equal(found(mark, TEXTS("heat#lift", "lift#noise", "noise#heat")),
                            marks[i].prose ? "" : mark);
        /* a part twice is none's */
        assert_string_equal(found(mark, TEXTS("heat#heat", "lift#noise", "heat", "lift", "noise")), "");
        /* nothing recurs */
        assert_string_equal(found(mark, TEXTS("ab#cd", "ef#gh", "ij#kl", "mn")), marks[i].sure ? mark : "");
    }
}

static void empty_parts_are_none(void **state)
{
    (void)state;
    PARTED_BY(";", ";heat;", "lift; ;heat", "lift", "heat;");
    PARTED_BY("", ";", ";;", "; ;");
    PARTED_BY("", "heat;", "heat;", "heat"); /* one option is no choice */
}

static void words_for_no_answer_are_no_options(void **state)
{
    (void)state;
    PARTED_BY(";", "heat;lift", "lift;noise", "n/a", "heat", "lift");
    LISTS_BY(",", "1,2,3", "n/a", "1", "2", "3", "2,3,1");
}

static void options_by_a_space_are_codes(void **state)
{
    (void)state;
    PARTED_BY(" ", "heat lift_2", "lift_2 a-b.c", "heat", "a-b.c");
    PARTED_BY("", "heat höher", "höher lift", "heat", "höher", "lift");
    PARTED_BY("", "heat! lift", "lift heat!", "heat!", "lift");
}

static void more_options_than_a_question_has(void **state)
{
    (void)state;
    static char texts[TEXTS_MAX][16];
    const char *made[TEXTS_MAX] = {NULL};
    size_t n = 0;
    for (int i = 0; i < 128; i += 2, n++)
        snprintf(texts[n], sizeof texts[n], "o%d;o%d", i, i + 1);
    for (int i = 0; i < 70; i++, n++)
        snprintf(texts[n], sizeof texts[n], "o%d", i);
    for (size_t i = 0; i < n; i++)
        made[i] = texts[i];
    assert_string_equal(mark_of(MG_CELLS_TEXT, made), ";");
    snprintf(texts[n], sizeof texts[n], "o128;o1");
    made[n] = texts[n];
    assert_string_equal(mark_of(MG_CELLS_TEXT, made), "");
}

static void lists_of_numbers_are_no_numbers(void **state)
{
    (void)state;
    LISTS_BY(",", "1,2,3", "1", "2", "1,2", "3");
    LISTS_BY(";", "1;2", "2;3", "1", "3");
    LISTS_BY(" ", "1 2", "2 3", "1", "3");
    LISTS_BY("", "1", "2", "3");
    LISTS_BY("", "1,5", "2,5", "3");             /* decimals */
    LISTS_BY("", "1,2,3", "1", "2", "1,x", "x"); /* and something that is no number of an option */
    LISTS_BY("", "1,2,3", "1", "2", "-3,1", "-3");
}

static void the_reading_is_one_of_choices(void **state)
{
    (void)state;
    LISTS_BY(",", "1,2,3", "1", "2", "1,2", "3");
    assert_int_equal(reading.decimal, '.');
    assert_int_equal(reading.thousands, '\0');
    assert_false(reading.dressed);
}

static void what_is_decided_stays(void **state)
{
    (void)state;
    static struct mg_value_text texts[] = {{(char *)"a┋b", 5, 1, 0}, {(char *)"1,2,3", 5, 1, 1}};
    static const struct mg_cell_label label = {"a", 1};
    struct mg_values values = {.texts = texts, .n = 2, .complete = true};
    struct mg_reading told = {.kind = MG_CELLS_TEXT},
                      labelled = {.kind = MG_CELLS_NUMBER, .labels = &label, .n_labels = 1},
                      time = {.kind = MG_CELLS_TIME};
    struct mg_undecided columns[] = {
        {&values, &told, true}, {&values, &labelled, false}, {&values, &time, false}};
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        enum mg_cell_kind before = columns[i].reading->kind;
        mg_choose_choices(&columns[i]);
        assert_int_equal(columns[i].reading->kind, before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mark_by_its_rules),
        cmocka_unit_test(empty_parts_are_none),
        cmocka_unit_test(words_for_no_answer_are_no_options),
        cmocka_unit_test(options_by_a_space_are_codes),
        cmocka_unit_test(more_options_than_a_question_has),
        cmocka_unit_test(lists_of_numbers_are_no_numbers),
        cmocka_unit_test(the_reading_is_one_of_choices),
        cmocka_unit_test(what_is_decided_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
