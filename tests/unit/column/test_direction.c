/* Which way answers count whose words are known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "column/direction.h"

static enum mg_direction of_labels(const struct mg_cell_label *labels, size_t n, bool cells)
{
    struct mg_cell_count counts[8];
    for (size_t i = 0; i < n; i++)
        counts[i] = (struct mg_cell_count){labels[i].text, 9};
    struct mg_column_info info = {
        .name = "q", .labels = labels, .n_labels = n, .counts = counts, .n_counts = cells ? n : 0};
    return mg_column_direction(&info);
}

static void labels_say_which_way(void **state)
{
    (void)state;
    static const struct mg_cell_label down[] = {
        {"1 - Very satisfied", 1}, {"3 - Neutral", 3}, {"5 - Very dissatisfied", 5}};
    static const struct mg_cell_label up[] = {{"1 - Very dissatisfied", 1}, {"5 - Very satisfied", 5}};
    static const struct mg_cell_label behind[] = {{"Strongly agree (1)", 1}, {"Disagree (4)", 4}};
    static const struct mg_cell_label chinese[] = {{"1=非常满意", 1}, {"5=非常不满意", 5}};
    static const struct mg_cell_label declared[] = {
        {"Very satisfied", 1}, {"Very dissatisfied", 5}, {"Don't know", NAN}};
    static const struct mg_cell_label often[] = {{"1 - Always", 1}, {"2 - Often", 2}, {"5 - Never", 5}};
    static const struct mg_cell_label yes_no[] = {{"Yes", 1}, {"No", 2}};
    static const struct mg_cell_label alone[] = {{"1 - Very satisfied", 1}, {"2 - so la la", 2}};
    static const struct mg_cell_label torn[] = {
        {"1 - Dissatisfied", 1}, {"2 - Very satisfied", 2}, {"3 - Very dissatisfied", 3}};
    assert_int_equal(of_labels(down, 3, true), MG_DIRECTION_DOWN);
    assert_int_equal(of_labels(up, 2, true), MG_DIRECTION_UP);
    assert_int_equal(of_labels(behind, 2, true), MG_DIRECTION_DOWN);
    assert_int_equal(of_labels(chinese, 2, true), MG_DIRECTION_DOWN);
    assert_int_equal(of_labels(declared, 3, false), MG_DIRECTION_DOWN);
    assert_int_equal(of_labels(often, 3, true), MG_DIRECTION_DOWN);
    assert_int_equal(of_labels(yes_no, 2, false), MG_DIRECTION_OPEN);
    assert_int_equal(of_labels(alone, 2, true), MG_DIRECTION_OPEN);
    assert_int_equal(of_labels(torn, 3, true), MG_DIRECTION_OPEN);
    /* Cells in words have the numbers that a reading gave them: whoever turned them round meant it. */
    assert_int_equal(of_labels(declared, 3, true), MG_DIRECTION_OPEN);
}

static void a_questions_key_says_it(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum mg_direction direction;
    } cases[] = {
        {"Gesamtzufriedenheit (1 = sehr zufrieden, 5 = sehr unzufrieden)", MG_DIRECTION_DOWN},
        {"Satisfaction, 1 very satisfied to 5 very dissatisfied", MG_DIRECTION_DOWN},
        {"Satisfaction (from 1: very dissatisfied to 5: very satisfied)", MG_DIRECTION_UP},
        {"总体满意度（1＝非常满意，5＝非常不满意）", MG_DIRECTION_DOWN},
        {"总体满意度（1非常满意到5非常不满意）", MG_DIRECTION_DOWN},
        {"How much do you agree? 1 – strongly agree … 7 – strongly disagree", MG_DIRECTION_DOWN},
        {"Overall satisfaction (1-10)", MG_DIRECTION_OPEN},
        {"Q1 How satisfied, 2024", MG_DIRECTION_OPEN},
        {"", MG_DIRECTION_OPEN},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_column_info named = {.name = cases[i].name};
        struct mg_column_info asked = {.name = "q7", .label = cases[i].name};
        if (mg_column_direction(&named) != cases[i].direction ||
            mg_column_direction(&asked) != cases[i].direction)
            fail_msg("%s: %d", cases[i].name, (int)mg_column_direction(&named));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_say_which_way),
        cmocka_unit_test(a_questions_key_says_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
