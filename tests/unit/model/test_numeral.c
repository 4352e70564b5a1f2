/* What a numeral says of itself: marks, zeros in front, its class, and what it is worth under each marking.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/numeral.h"

static bool scanned(const char *text, struct mg_numeral *ret)
{
    return mg_numeral_scan(text, strlen(text), ret);
}

static void marks_and_zeros(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char group, decimal;
        bool open, padded;
        unsigned digits;
        double value;
    } cases[] = {
        {"12", 0, 0, false, false, 2, 12},
        {"0", 0, 0, false, false, 1, 0},
        {"007", 0, 0, false, true, 3, 7},
        {"-07", 0, 0, false, true, 2, -7},
        {"0.5", 0, '.', false, false, 2, .5},
        {"00.5", 0, '.', false, true, 3, .5},
        {"0,123", 0, ',', false, false, 4, .123},
        {".05", 0, '.', false, false, 2, .05},
        {"3,5", 0, ',', false, false, 2, 3.5},
        {"1,234", 0, ',', true, false, 4, 1.234},
        {"123.456", 0, '.', true, false, 6, 123.456},
        {"1234.567", 0, '.', false, false, 7, 1234.567},
        {"1.234.567", '.', 0, false, false, 7, 1234567},
        {"1.234,5", '.', ',', false, false, 5, 1234.5},
        {"1 234", ' ', 0, false, false, 4, 1234},
        {"12'345.25", '\'', '.', false, false, 7, 12345.25},
        {"1e3", 0, 0, false, false, 1, 1000},
        {"-", 0, 0, false, false, 0, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_numeral n = {0};
        bool is = scanned(cases[i].text, &n);
        if (is != (cases[i].digits > 0))
            fail_msg("“%s”: %d", cases[i].text, is);
        if (is && (n.group != cases[i].group || n.decimal != cases[i].decimal || n.open != cases[i].open ||
                   n.padded != cases[i].padded || n.digits != cases[i].digits || n.value != cases[i].value))
            fail_msg("“%s”: group %d decimal %d open %d padded %d digits %u value %.17g", cases[i].text,
                     n.group, n.decimal, n.open, n.padded, n.digits, n.value);
    }
}

static void open_ones_have_two_values(void **state)
{
    (void)state;
    struct mg_numeral n;
    double value = 0;
    assert_true(scanned("-1,234", &n));
    assert_true(n.value == -1.234 && n.grouped == -1234);
    assert_true(mg_numeral_value(&n, ',', '.', &value) && value == -1.234);
    assert_true(mg_numeral_value(&n, '.', ',', &value) && value == -1234);
    assert_false(mg_numeral_value(&n, '.', '\0', &value));
    assert_false(mg_numeral_value(&n, '.', ' ', &value));
}

/* A class says how a numeral is marked and nothing else: a table of counts by class loses nothing. */
static void a_class_is_its_marks(void **state)
{
    (void)state;
    static const char *const texts[] = {"12",        "1.5",     "1,5",     "1,234,567", "1,234.5",
                                        "1.234.567", "1.234,5", "1 234",   "1 234.5",   "1 234,5",
                                        "1'234",     "1'234.5", "1'234,5", "1.234",     "1,234"};
    bool seen[MG_NUMERAL_CLASSES] = {false};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct mg_numeral n;
        assert_true(scanned(texts[i], &n));
        unsigned class_ = mg_numeral_class(&n);
        assert_true(class_ < MG_NUMERAL_CLASSES);
        assert_false(seen[class_]);
        seen[class_] = true;
        struct mg_numeral back = mg_numeral_of_class(class_);
        if (back.group != n.group || back.decimal != n.decimal || back.open != n.open)
            fail_msg("“%s”: class %u is group %d decimal %d open %d", texts[i], class_, back.group,
                     back.decimal, back.open);
        assert_int_equal(mg_numeral_class(&back), class_);
    }
}

static void texts_that_are_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",          " ",      "x",   "5x",           "x5", "1.2.3",          "1,23,4", "1 2",
        "0,123,456", "1.234,", ".,5", "1,234,567,89", "٥",  "1.234.567,89.1", "5 %",    "\xff",
        "5\xff",     "1e",     "e5"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct mg_numeral n;
        if (scanned(texts[i], &n))
            fail_msg("“%s” is taken for %.17g", texts[i], n.value);
    }
    char longest[MG_NUMERAL_BYTES + 1];
    memset(longest, '1', sizeof longest);
    struct mg_numeral n;
    assert_true(mg_numeral_scan(longest, MG_NUMERAL_BYTES - 1, &n));
    assert_int_equal(n.digits, MG_NUMERAL_BYTES - 1);
    assert_false(mg_numeral_scan(longest, MG_NUMERAL_BYTES, &n));
    /* No byte behind the text is looked at. */
    assert_false(mg_numeral_scan("-5", 1, &n));
    assert_true(mg_numeral_scan("5.7", 2, &n) && n.value == 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_and_zeros),
        cmocka_unit_test(open_ones_have_two_values),
        cmocka_unit_test(a_class_is_its_marks),
        cmocka_unit_test(texts_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
