/* The picture's geometry and its drawing in characters; numbers as people read them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "cli/dumbbell.h"
#include "cli/format.h"

static const struct mg_wire_estimate six = {.value = 6, .low = 5.9, .high = 6.1};
static const struct mg_wire_estimate four = {.value = 4, .low = 3.9, .high = 4.1};
static const struct mg_wire_estimate minus_two = {.value = -2, .low = -3, .high = -1.99};

static void draw(const struct mg_wire_gap_row *row, const struct mg_axis *axis, int columns,
                 const char *expected)
{
    struct mg_dumbbell dumbbell = mg_dumbbell_place(row, axis);
    struct mg_buf out;
    mg_buf_init(&out, 4096);
    mg_dumbbell_text(&dumbbell, columns, &out);
    assert_string_equal(out.data, expected);
    assert_int_equal(mg_utf8_width(out.data), columns);
    mg_buf_done(&out);
}

static void draws_bar_dots_and_whisker(void **state)
{
    (void)state;
    const struct mg_axis axis = {.min = 1, .max = 7, .step = 1};
    struct mg_wire_gap_row row = {.expectation = &six, .perception = &four, .verdict = MG_WIRE_VERDICT_SHORT};
    draw(&row, &axis, 13, "      ●───○  ");
    row.gap = &minus_two;
    draw(&row, &axis, 13, "    ╌╌●───○  ");
    row.expectation = &four;
    row.gap = NULL;
    draw(&row, &axis, 13, "      ◉      ");
    row.expectation = NULL;
    draw(&row, &axis, 7, "   ●   ");
    row.perception = NULL;
    draw(&row, &axis, 5, "     ");
}

static void values_off_the_axis_stay_on_the_chart(void **state)
{
    (void)state;
    const struct mg_axis axis = {.min = 5, .max = 7, .step = 1};
    struct mg_wire_gap_row row = {.expectation = &six, .perception = &four};
    struct mg_dumbbell dumbbell = mg_dumbbell_place(&row, &axis);
    assert_true(dumbbell.perceived == 0 && dumbbell.expected == 0.5);
}

static void axis_holds_all_rows_in_whole_steps(void **state)
{
    (void)state;
    const struct mg_wire_estimate low = {.value = 4.52}, high = {.value = 6.67};
    const struct mg_wire_gap_row a = {.expectation = &high, .perception = &low};
    const struct mg_wire_gap_row *rows[] = {&a};
    struct mg_axis axis = mg_axis_of_rows(rows, 1, (struct mg_wire_scale){.min = 1, .max = 7});
    assert_true(axis.min == 4 && axis.max == 7 && axis.step == 1);
    axis = mg_axis_of_rows(rows, 0, (struct mg_wire_scale){.min = 1, .max = 7});
    assert_true(axis.min == 1 && axis.max == 7);
    axis = mg_axis_of_rows(rows, 1, (struct mg_wire_scale){.min = 0, .max = 100});
    assert_true(axis.min <= 4.52 && axis.max >= 6.67 && axis.max > axis.min);
}

static void ticks_stand_over_their_place(void **state)
{
    (void)state;
    const struct mg_axis axis = {.min = 3, .max = 7, .step = 1};
    struct mg_buf out;
    mg_buf_init(&out, 4096);
    mg_axis_text(&axis, 17, &out);
    assert_string_equal(out.data, "3   4   5   6   7");
    mg_buf_done(&out);
}

static void numbers_have_true_signs(void **state)
{
    (void)state;
    char text[MG_NUMBER_BYTES];
    mg_format_number(-1.1049, 2, true, text);
    assert_string_equal(text, "−1.10");
    mg_format_number(0.281, 2, true, text);
    assert_string_equal(text, "+0.28");
    mg_format_number(-0.004, 2, true, text);
    assert_string_equal(text, "0.00");
    mg_format_number(NAN, 2, true, text);
    assert_string_equal(text, "");
    mg_format_count(1234567, text);
    assert_string_equal(text, "1\u202F234\u202F567");
    mg_format_count(-5, text);
    assert_string_equal(text, "−5");
    mg_format_p(0.00004, text);
    assert_string_equal(text, "<0.001");
}

static void texts_are_cut_and_padded_by_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int columns;
        enum mg_align align;
        const char *expected;
    } cases[] = {
        {"ab", 4, MG_ALIGN_LEFT, "ab  "},      {"ab", 4, MG_ALIGN_RIGHT, "  ab"},
        {"abcdef", 4, MG_ALIGN_LEFT, "abc…"},  {"期望值", 6, MG_ALIGN_LEFT, "期望值"},
        {"期望值", 5, MG_ALIGN_LEFT, "期望…"}, {"期望值", 4, MG_ALIGN_LEFT, "期… "},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_buf out;
        mg_buf_init(&out, 256);
        mg_format_pad(&out, cases[i].text, cases[i].columns, cases[i].align);
        assert_string_equal(out.data, cases[i].expected);
        mg_buf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_bar_dots_and_whisker),
        cmocka_unit_test(values_off_the_axis_stay_on_the_chart),
        cmocka_unit_test(axis_holds_all_rows_in_whole_steps),
        cmocka_unit_test(ticks_stand_over_their_place),
        cmocka_unit_test(numbers_have_true_signs),
        cmocka_unit_test(texts_are_cut_and_padded_by_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
