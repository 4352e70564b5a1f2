/* UTF-8 and strict numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void accepts_well_formed_utf8_only(void **state)
{
    (void)state;
    static const char *const good[] = {
        "", "gap", "差距", "é", "\xF0\x9F\x98\x80", "\xEF\xBF\xBD", "\xF4\x8F\xBF\xBF"};
    static const char *const bad[] = {
        "\x80",             /* continuation without a lead */
        "\xC3",             /* cut short */
        "\xE5\xB7",         /* cut short */
        "\xC0\xAF",         /* overlong '/' */
        "\xE0\x80\xAF",     /* overlong, three bytes */
        "\xF0\x82\x82\xAC", /* overlong, four bytes */
        "\xED\xA0\x80",     /* surrogate */
        "\xF4\x90\x80\x80", /* beyond U+10FFFF */
        "\xFE",
        "ok\xC3(",
        "\xD6\xD0\xB9\xFA", /* GBK */
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_true(mg_utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(mg_utf8_valid(bad[i], strlen(bad[i])));
    assert_true(mg_utf8_valid("a\0b", 3));
    assert_false(mg_utf8_valid("差距", 5)); /* the length counts, not the terminator */
}

static void walks_code_points_and_survives_malformed_ones(void **state)
{
    (void)state;
    const char *cursor = "a差\x80\xE5\xB7";
    const uint32_t expected[] = {'a', 0x5DEE, 0xFFFD, 0xFFFD, 0xFFFD, 0};
    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        assert_int_equal(mg_utf8_next(&cursor), expected[i]);
    assert_int_equal(mg_utf8_next(&cursor), 0); /* stays at the end */
    assert_int_equal(mg_utf8_length("期望 gap"), 6);
}

static void knows_terminal_columns(void **state)
{
    (void)state;
    assert_int_equal(mg_utf8_width("gap"), 3);
    assert_int_equal(mg_utf8_width("差距"), 4);
    assert_int_equal(mg_utf8_width("e\u0301"), 1);
    assert_int_equal(mg_utf8_width("○───●"), 5);
    assert_int_equal(mg_utf8_width("\uFF08\uFF1A\uFF09"), 6);
    assert_int_equal(mg_utf8_fit("差距gap", 3), 3); /* half a wide character doesn't fit */
    assert_int_equal(mg_utf8_fit("差距gap", 5), 7);
    assert_int_equal(mg_utf8_fit("差距", 100), 6);
    assert_int_equal(mg_utf8_fit("差距", 0), 0);
}

static void compares_text(void **state)
{
    (void)state;
    assert_true(mg_str_equal("a", "a") && mg_str_equal(NULL, NULL));
    assert_false(mg_str_equal("a", NULL) || mg_str_equal(NULL, "") || mg_str_equal("a", "b"));
    static const char *const one[] = {"a", NULL, "b"}, *const other[] = {"a", NULL, "c"};
    assert_true(mg_str_all_equal(one, other, 2) && mg_str_all_equal(NULL, NULL, 0));
    assert_false(mg_str_all_equal(one, other, 3));
    assert_true(mg_str_equal_nocase("Wave", "wAVE") && !mg_str_equal_nocase("wave", "waves"));
    assert_true(mg_str_starts("csat-mean-1", "csat") && !mg_str_starts("cs", "csat") &&
                mg_str_starts("x", ""));
    assert_true(mg_str_ends("a.csv", ".csv") && !mg_str_ends("csv", ".csv") && mg_str_ends("x", ""));
}

static void finds_empty_parts(void **state)
{
    (void)state;
    static const char *const with[] = {"", ",", "a,", ",a", "a,,b", "a,b,", ",,"};
    static const char *const without[] = {"a", "a,b", "a;;b", "a,b,c"};
    for (size_t i = 0; i < ARRAY_LEN(with); i++)
        assert_true(mg_str_has_empty_part(with[i], ','));
    for (size_t i = 0; i < ARRAY_LEN(without); i++)
        assert_false(mg_str_has_empty_part(without[i], ','));
}

static void measures_typing_distance(void **state)
{
    (void)state;
    assert_int_equal(mg_str_distance("weights", "weights"), 0);
    assert_int_equal(mg_str_distance("wieghts", "weights"), 1); /* neighbours swapped */
    assert_int_equal(mg_str_distance("weight", "weights"), 1);
    assert_int_equal(mg_str_distance("kitten", "sitting"), 3);
    assert_int_equal(mg_str_distance("", "abc"), 3);
    assert_int_equal(mg_str_distance("Region", "rgeion"), 1); /* whatever the case */
    char long_text[66];
    memset(long_text, 'x', 65);
    long_text[65] = '\0';
    assert_int_equal(mg_str_distance("", long_text), 64);
    assert_int_equal(mg_str_distance("x", long_text + 1), 63);
}

static void reads_whole_numbers_of_text_only(void **state)
{
    (void)state;
    static const char *const bad[] = {"",      " 1",  "1 ",    "0x10", "inf", "nan",   "1,5",
                                      "1e999", "--1", "1.2.3", "e5",   "-",   "\uFF11"};
    double value = 99;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(mg_parse_double(bad[i], &value));
    assert_true(value == 99);
    assert_true(mg_parse_double("-1.5e3", &value) && value == -1500);
    assert_true(mg_parse_double("+.5", &value) && value == .5);
    assert_true(mg_parse_double("0.1", &value) && value == .1);
    int64_t whole = 99;
    static const char *const not_whole[] = {"", "1.0", "1e3", "9223372036854775808", " 1", "1-", "+"};
    for (size_t i = 0; i < ARRAY_LEN(not_whole); i++)
        assert_false(mg_parse_int(not_whole[i], &whole));
    assert_int_equal(whole, 99);
    assert_true(mg_parse_int("-9223372036854775808", &whole) && whole == INT64_MIN);
    assert_true(mg_parse_int("+7", &whole) && whole == 7);
}

static void text_is_cut_between_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t most;
        const char *shown;
    } cases[] = {{"abc", 3, "abc"},      {"abcd", 3, "abc…"}, {"", 3, ""},    {"期望值", 9, "期望值"},
                 {"期望值", 8, "期望…"}, {"期望值", 2, "…"},  {"a😀", 4, "a…"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char shown[32];
        bool cut = mg_str_cut(cases[i].text, strlen(cases[i].text), cases[i].most, shown);
        assert_string_equal(shown, cases[i].shown);
        assert_int_equal(cut, strlen(cases[i].text) > cases[i].most);
    }
}

static void a_terminal_has_nothing_to_obey(void **state)
{
    (void)state;
    char text[] = "a\033[31mb\tc\302\233d 中文 é\177";
    assert_string_equal(mg_str_plain(text), "a?[31mb?c??d 中文 é?");
    assert_null(mg_str_plain(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_has_nothing_to_obey),
        cmocka_unit_test(accepts_well_formed_utf8_only),
        cmocka_unit_test(walks_code_points_and_survives_malformed_ones),
        cmocka_unit_test(knows_terminal_columns),
        cmocka_unit_test(compares_text),
        cmocka_unit_test(finds_empty_parts),
        cmocka_unit_test(measures_typing_distance),
        cmocka_unit_test(reads_whole_numbers_of_text_only),
        cmocka_unit_test(text_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
