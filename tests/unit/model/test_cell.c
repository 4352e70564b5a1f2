/* How a cell is read: tables of reading and text. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/cell.h"
#include "model/fold.h"
#include "model/labels.h"

#define MISSING NAN
#define UNREAD INFINITY

struct cell_case {
    const char *text;
    double value; /* MISSING, UNREAD or the number */
};

static void check(const struct mg_reading *reading, const struct cell_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double number;
        enum mg_cell_read read = mg_cell_read(reading, cases[i].text, strlen(cases[i].text), &number);
        enum mg_cell_read right = isnan(cases[i].value)   ? MG_READ_MISSING
                                  : isinf(cases[i].value) ? MG_READ_NOT_UNDERSTOOD
                                                          : MG_READ_VALUE;
        if (read != right || (right == MG_READ_VALUE ? number != cases[i].value : !isnan(number)))
            fail_msg("“%s”: %d, %.17g", cases[i].text, (int)read, number);
    }
}

static void plain_numbers(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"5", 5},
        {" 5 ", 5},
        {"\t5\r", 5},
        {"-2", -2},
        {"+2", 2},
        {"−2", -2},
        {"007", 7},
        {"3.5", 3.5},
        {".5", .5},
        {"5.", 5},
        {"1e3", 1000},
        {"2.5E-1", .25},
        {"１２", 12},
        {"３．５", 3.5},
        {"\xe3\x80\x80"
         "7\xc2\xa0",
         7},
        {"\xef\xbb\xbf"
         "5",
         5},
        {"1.234", 1.234},
        {"0.1", .1},
        {"123456789012345678", 123456789012345678.0},
        {"0.30000000000000004", 0.30000000000000004},
        {"9007199254740993", 9007199254740992.0},
        {"3,5", UNREAD},
        {"1,234", UNREAD},
        {"1 234", UNREAD},
        {"1.234.567", UNREAD},
        {"6分", UNREAD},
        {"0x5", UNREAD},
        {"1e", UNREAD},
        {"1e999", UNREAD},
        {"--5", UNREAD},
        {"5-", UNREAD},
        {"inf", UNREAD},
        {"five", UNREAD},
        {"1.2.3", UNREAD},
        {"1_0", UNREAD},
        {"18-24", UNREAD},
        {"\xff", UNREAD},
        {"5\xff", UNREAD},
        {"", MISSING},
        {"  ", MISSING},
        {"\xc2\xa0", MISSING},
        {"NA", MISSING},
        {"n/a", MISSING},
        {"#N/A", MISSING},
        {"NULL", MISSING},
        {"-", MISSING},
        {"—", MISSING},
        {".", MISSING},
        {"(跳过)", MISSING},
        {"（空）", MISSING},
    };
    const struct mg_reading plain = mg_reading_plain();
    check(&plain, cases, ARRAY_LEN(cases));
    double number;
    assert_int_equal(mg_cell_read(&plain,
                                  "5\0"
                                  "6",
                                  3, &number),
                     MG_READ_NOT_UNDERSTOOD);
    assert_int_equal(mg_cell_read(&plain, "123", 2, &number), MG_READ_VALUE);
    assert_true(number == 12);
}

static void marks_of_numbers(void **state)
{
    (void)state;
    static const struct cell_case comma[] = {
        {"3,5", 3.5},           {"5,0", 5},           {"1.234,5", 1234.5}, {"1.234", 1234},
        {"1.234.567", 1234567}, {"0,123", .123},      {"1,234", 1.234},    {"3.5", UNREAD},
        {"1,234.5", UNREAD},    {"0.5", UNREAD},      {"1.23,4", UNREAD},  {"1234.567,8", UNREAD},
        {"，5", UNREAD},        {"３，５", 3.5},      {",5", UNREAD},      {"5,", UNREAD},
        {"1.2345", UNREAD},     {"-1.234,5", -1234.5}};
    static const struct cell_case groups[] = {
        {"1,234", 1234},    {"1,234.5", 1234.5},  {"12,345,678.25", 12345678.25},
        {"1,23", UNREAD},   {"0,123", UNREAD},    {"1234", 1234},
        {"1,2345", UNREAD}, {"1,234,56", UNREAD}, {"1.5", 1.5}};
    static const struct cell_case spaces[] = {{"1 234", 1234},
                                              {"1\xc2\xa0"
                                               "234,5",
                                               1234.5},
                                              {"1\xe2\x80\xaf"
                                               "234",
                                               1234},
                                              {"1\xe2\x80\x89"
                                               "234 567,25",
                                               1234567.25},
                                              {"12 34", UNREAD},
                                              {"1  234", UNREAD}};
    static const struct cell_case swiss[] = {{"1'234.5", 1234.5}, {"1’234", 1234}, {"1'23", UNREAD}};
    const struct mg_reading readings[] = {{.kind = MG_CELLS_NUMBER, .decimal = ',', .thousands = '.'},
                                          {.kind = MG_CELLS_NUMBER, .decimal = '.', .thousands = ','},
                                          {.kind = MG_CELLS_NUMBER, .decimal = ',', .thousands = ' '},
                                          {.kind = MG_CELLS_NUMBER, .decimal = '.', .thousands = '\''}};
    check(&readings[0], comma, ARRAY_LEN(comma));
    check(&readings[1], groups, ARRAY_LEN(groups));
    check(&readings[2], spaces, ARRAY_LEN(spaces));
    check(&readings[3], swiss, ARRAY_LEN(swiss));
}

static void dressed_numbers(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"6分", 6},
        {"6 分", 6},
        {"６分", 6},
        {"5 - Agree", 5},
        {"5=非常满意", 5},
        {"(5) agree", 5},
        {"（5）同意", 5},
        {"7（非常同意）", 7},
        {"7 (strongly agree)", 7},
        {"80%", 80},
        {"80 %", 80},
        {"3.5%", 3.5},
        {"5. Agree", 5},
        {"5) Agree", 5},
        {"5: agree", 5},
        {"5、非常满意", 5},
        {"5 Agree", 5},
        {"5非常满意", 5},
        {"非常同意（7）", 7},
        {"Agree (5)", 5},
        {"Strongly agree - 7", 7},
        {"非常满意=5", 5},
        {"非常满意5分", 5},
        {"5分（非常满意）", 5},
        {"5分 非常满意", 5},
        {"4 stars", 4},
        {"-2 - disagree", -2},
        {"-2（很差）", -2},
        {"10 – Extremely likely", 10},
        {"$5", 5},
        {"5점", 5},
        {"5 Punkte", 5},
        {"5 ポイント", 5},
        {"[4] good", 4},
        {" 5 - Agree ", 5},
        {"5/10", UNREAD},
        {"18-24", UNREAD},
        {"1-2 times", UNREAD},
        {"Ward 5", UNREAD},
        {"5G", UNREAD},
        {"Q3", UNREAD},
        {"3M", UNREAD},
        {"5 of 7", UNREAD},
        {"3楼2号", UNREAD},
        {"agree", UNREAD},
        {"5 -", UNREAD},
        {"(5", UNREAD},
        {"5 - 6", UNREAD},
        {"2026-01-08", UNREAD},
        {"1,2,3", UNREAD},
        {"COVID-19", UNREAD},
        {"don't know", MISSING},
        {"80", 80},
    };
    const struct mg_reading reading = {.kind = MG_CELLS_NUMBER, .decimal = '.', .dressed = true};
    check(&reading, cases, ARRAY_LEN(cases));
    const struct mg_reading bare = {.kind = MG_CELLS_NUMBER, .decimal = '.'};
    static const struct cell_case strict[] = {{"6分", UNREAD}, {"5 - Agree", UNREAD}, {"80%", UNREAD}};
    check(&bare, strict, ARRAY_LEN(strict));
}

static void words_for_no_answer(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"不适用", MISSING},       {"不適用", MISSING},
        {"不清楚", MISSING},       {"说不好", MISSING},
        {"Don't know", MISSING},   {"DON’T KNOW.", MISSING},
        {"dont  know", MISSING},   {"Not applicable", MISSING},
        {"k. A.", MISSING},        {"k.A.", MISSING},
        {"weiß nicht", MISSING},   {"Weiss nicht", MISSING},
        {"sans réponse", MISSING}, {"Sans reponse", MISSING},
        {"わからない", MISSING},   {"模름", UNREAD},
        {"모름", MISSING},         {"não sei", MISSING},
        {"tidak tahu", MISSING},   {"no sabe / no contesta", MISSING},
        {"NS/NC", MISSING},        {"Ｎ／Ａ", MISSING},
        {"(不清楚)", MISSING},     {"know", UNREAD},
        {"none", UNREAD},          {"?", UNREAD},
    };
    const struct mg_reading plain = mg_reading_plain();
    check(&plain, cases, ARRAY_LEN(cases));
    /* in a column of texts they are texts */
    static const struct cell_case marks[] = {{"NA", MISSING}, {" - ", MISSING}, {"", MISSING}};
    const struct mg_reading text = {.kind = MG_CELLS_TEXT};
    double number;
    check(&text, marks, ARRAY_LEN(marks));
    assert_int_equal(mg_cell_read(&text, "don't know", 10, &number), MG_READ_VALUE);
    assert_true(isnan(number));
}

static void labels_and_codes(void **state)
{
    (void)state;
    static const struct mg_cell_label labels[] = {
        {"Very good", 5}, {"Good", 4}, {"Rather not say", NAN}, {"很好", 5}};
    static const double codes[] = {9, 99};
    struct mg_arena *arena = mg_arena_new(1 << 20);
    struct mg_reading reading = {.kind = MG_CELLS_NUMBER,
                                 .decimal = '.',
                                 .labels = labels,
                                 .n_labels = 4,
                                 .codes = codes,
                                 .n_codes = 2,
                                 .missing_low = -9,
                                 .missing_high = -1};
    static const struct cell_case cases[] = {
        {"Very good", 5},
        {"very  GOOD.", 5},
        {" good ", 4},
        {"“Good”", 4},
        {"很好", 5},
        {"很 好！", 5},
        {"Rather not say", MISSING},
        {"bad", UNREAD},
        {"goods", UNREAD},
        {"3", 3},
        {"9", MISSING},
        {"99.0", MISSING},
        {"-9", MISSING},
        {"-1.5", MISSING},
        {"-1", MISSING},
        {"-0.5", -0.5},
        {"-10", -10},
        {"0", 0},
    };
    check(&reading, cases, ARRAY_LEN(cases));
    reading.index = mg_label_index_new(arena, labels, 4);
    assert_non_null(reading.index);
    check(&reading, cases, ARRAY_LEN(cases));
    mg_arena_free(arena);
}

/* tools/gen/labels.py folds the lists; what it made of each word is what C makes of it. */
static void lists_are_folded_by_one_rule(void **state)
{
    (void)state;
    size_t n;
    const struct mg_ladder_word *words = mg_labels_words(&n);
    char folded[MG_FOLD_BYTES];
    for (size_t i = 0; i < n; i++) {
        mg_fold_word(words[i].word, strlen(words[i].word), folded);
        assert_string_equal(folded, words[i].folded);
        assert_true(i == 0 || strcmp(words[i - 1].folded, words[i].folded) <= 0);
    }
    assert_true(n > 500);
}

/* Times come as microseconds, whatever stands around them; words for no answer are none. */
static void times(void **state)
{
    (void)state;
    const struct mg_reading ymd = {.kind = MG_CELLS_TIME, .order = MG_DATE_YMD},
                            dmy = {.kind = MG_CELLS_TIME, .order = MG_DATE_DMY};
    static const struct cell_case by_year[] = {{"1970-01-02", 86400e6},
                                               {" 1970-01-02 ", 86400e6},
                                               {"\t1970-01-01T00:00:01Z\r", 1e6},
                                               {"1969-12-31", -86400e6},
                                               {"", MISSING},
                                               {"  ", MISSING},
                                               {"N/A", MISSING},
                                               {"不清楚", MISSING},
                                               {"soon", UNREAD},
                                               {"5", UNREAD},
                                               {"01/02/1970", UNREAD}};
    static const struct cell_case by_day[] = {{"02/01/1970", 86400e6}, {"32/01/1970", UNREAD}};
    check(&ymd, by_year, ARRAY_LEN(by_year));
    check(&dmy, by_day, ARRAY_LEN(by_day));
}

/* Other columns: something or nothing. */
static void texts(void **state)
{
    (void)state;
    const struct mg_reading text = {.kind = MG_CELLS_TEXT};
    double number;
    assert_int_equal(mg_cell_read(&text, "5", 1, &number), MG_READ_VALUE);
    assert_true(isnan(number));
    assert_int_equal(mg_cell_read(&text, " ok ", 4, &number), MG_READ_VALUE);
    assert_int_equal(mg_cell_read(&text, "  ", 2, &number), MG_READ_MISSING);
    assert_int_equal(mg_cell_read(&text, " n/a ", 5, &number), MG_READ_MISSING);
    assert_int_equal(mg_cell_read(&text, "n/a, or so it seemed to me", 26, &number), MG_READ_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_numbers),
        cmocka_unit_test(marks_of_numbers),
        cmocka_unit_test(dressed_numbers),
        cmocka_unit_test(words_for_no_answer),
        cmocka_unit_test(labels_and_codes),
        cmocka_unit_test(lists_are_folded_by_one_rule),
        cmocka_unit_test(times),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
