/* Numbers as people read them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/format.h"
#include "base/str.h"

static void numbers_have_a_true_minus_and_no_signed_zero(void **state)
{
    (void)state;
    static const struct {
        double value;
        int decimals;
        bool plus;
        const char *text;
    } cases[] = {
        {-1.104, 2, true, "−1.10"}, {0.28, 2, true, "+0.28"}, {0.28, 2, false, "0.28"},
        {-0.001, 2, true, "0.00"},  {5, 0, false, "5"},       {NAN, 2, true, ""},
    };
    char text[MG_NUMBER_BYTES];
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        mg_format_number(cases[i].value, cases[i].decimals, cases[i].plus, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void counts_have_narrow_spaces(void **state)
{
    (void)state;
    char text[MG_NUMBER_BYTES];
    mg_format_count(999, text);
    assert_string_equal(text, "999");
    mg_format_count(12406, text);
    assert_string_equal(text, "12\u202f406");
    mg_format_count(-1234567, text);
    assert_string_equal(text, "−1\u202f234\u202f567");
}

static void small_p_values_are_bounded(void **state)
{
    (void)state;
    char text[MG_NUMBER_BYTES];
    mg_format_p(0.0004, text);
    assert_string_equal(text, "<0.001");
    mg_format_p(0.0321, text);
    assert_string_equal(text, "0.032");
}

static void english_counts_one_as_one(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"The 1 ‹response comes|responses come› from 1 ‹customer|customers›.",
         "The 1 response comes from 1 customer."},
        {"The 30 ‹response comes|responses come› from 21 ‹customer|customers›.",
         "The 30 responses come from 21 customers."},
        {"1 ‹row|rows›", "1 row"},
        {"0 ‹row|rows›", "0 rows"},
        {"0.1 ‹row|rows›", "0.1 rows"},
        {"12\u202f001 ‹row|rows›", "12\u202f001 rows"},
        {"‹a|b› and x ‹c|d›", "‹a|b› and x ‹c|d›"}, /* somebody's name, no number before it */
        {"1 ‹row, 2 ‹row|rows›", "1 row, 2 ‹row"},  /* broken, but nothing is read beyond the end */
        {"1 ‹row|rows", "1 ‹row|rows"},
        {"", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[128];
        snprintf(text, sizeof text, "%s", cases[i][0]);
        mg_format_counts(text);
        assert_string_equal(text, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_a_true_minus_and_no_signed_zero),
        cmocka_unit_test(counts_have_narrow_spaces),
        cmocka_unit_test(small_p_values_are_bounded),
        cmocka_unit_test(english_counts_one_as_one),
    };
    return cmocka_run_group_tests_name("base/format", tests, NULL, NULL);
}
