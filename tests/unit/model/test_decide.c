/* Which reading the columns of a file get: what each says, what the file says together, what its format does.
 */
#include <math.h>

#include "base/str.h"
#include "model/decided.h"

#define DECIDE(...)                                                                                          \
    decide(ARRAY_LEN(((const char *const[]){__VA_ARGS__})), (const char *const[]){__VA_ARGS__}, NULL)

/* The decimal mark of the first column, "?" where it is open. */
static void first_has_mark(struct decided d, char mark)
{
    char is = d.facts[0].decimal_open ? '?' : d.reading[0].decimal;
    if (is != mark)
        fail_msg("%c, not %c", is, mark);
    mg_arena_free(d.arena);
}

static void first_has_order(struct decided d, int order)
{
    assert_int_equal(d.reading[0].kind, MG_CELLS_TIME);
    int is = d.facts[0].date_order_open ? -1 : (int)d.reading[0].order;
    if (is != order)
        fail_msg("%d, not %d", is, order);
    mg_arena_free(d.arena);
}

/* Columns before and behind the one that knows say nothing, and take nothing away. */
static void marks_are_what_all_columns_say(void **state)
{
    (void)state;
    first_has_mark(DECIDE("1,234|2,345"), '?');
    first_has_mark(DECIDE("1,234|2,345", "5,0|4,5", "1|2"), ',');
    first_has_mark(DECIDE("1,234|2,345", "1|2", "5.0|4.5", "1|2"), '.');
    first_has_mark(DECIDE("1.234|2.345", "5,0|4,5", "1|2"), ',');
    first_has_mark(DECIDE("1.234|2.345", "1,234.5|2", "1|2"), '.');
    first_has_mark(DECIDE("1,234|2,345", "1.234.567|2", "1|2"), ',');
    /* ten to one is clear, less isn't; and all columns count together */
    first_has_mark(DECIDE("1,234|2,345", "5.0", "1,5|2,5|3,5|4,5|5,5", "1,5|2,5|3,5|4,5|5,5"), ',');
    first_has_mark(DECIDE("1,234|2,345", "1,5|2,5|3,5|4,5|5,5", "1,5|2,5|3,5|4,5", "5.0"), '?');
    first_has_mark(DECIDE("1,234|2,345", "5,0", "1.5|2.5|3.5|4.5|5.5", "1.5|2.5|3.5|4.5|5.5"), '.');
    first_has_mark(DECIDE("1,234|2,345", "1.5|2.5|3.5|4.5|5.5", "1.5|2.5|3.5|4.5", "5,0"), '?');
    /* a column's own cells come first */
    first_has_mark(DECIDE("1,234|2,5", "5.0|4.5|3.5"), ',');
    /* columns of words don't speak of numbers */
    first_has_mark(DECIDE("1,234|2,345", "5.0|a|b|c|d|e|f|g"), '?');
}

static void open_marks_are_read_by_them(void **state)
{
    (void)state;
    struct decided d = DECIDE("1,234|2,345", "5,0|4,5");
    assert_true(d.facts[0].min == 1.234 && d.facts[0].max == 2.345 && d.facts[0].n_not_understood == 0);
    mg_arena_free(d.arena);
    d = DECIDE("1,234|2,345", "5.0|4.5");
    assert_true(d.facts[0].min == 1234 && d.facts[0].max == 2345 && d.facts[0].n_not_understood == 0);
    mg_arena_free(d.arena);
    d = DECIDE("1.234|2.345", "5,0|4,5");
    assert_true(d.facts[0].min == 1234 && d.facts[0].max == 2345 && d.facts[0].n_not_understood == 0);
    mg_arena_free(d.arena);
}

static void orders_are_what_all_columns_say(void **state)
{
    (void)state;
    first_has_order(DECIDE("01/02/2026|03/04/2026"), -1);
    first_has_order(DECIDE("01/02/2026|03/04/2026", "25/12/2026|31/01/2026", "05/06/2026|07/08/2026", "1|2"),
                    MG_DATE_DMY);
    first_has_order(DECIDE("01/02/2026|03/04/2026", "12/25/2026|01/31/2026", "05/06/2026|07/08/2026", "1|2"),
                    MG_DATE_MDY);
    first_has_order(DECIDE("01/02/2026|13/04/2026", "12/25/2026|01/31/2026"), MG_DATE_DMY);
    first_has_order(DECIDE("01/02/2026|04/13/2026", "25/12/2026|31/01/2026"), MG_DATE_MDY);
    first_has_order(DECIDE("01/02/2026|03/04/2026", "25/12/2026", "12/25/2026"), -1);
    first_has_order(DECIDE("2026-01-02|2026-03-04", "12/25/2026"), MG_DATE_YMD);
    struct decided d = DECIDE("02/01/1970|01/01/1970", "25/12/2026");
    assert_true(d.facts[0].max == 86400e6 && d.facts[0].min == 0);
    mg_arena_free(d.arena);
}

static void dates_by_one_cell_or_by_digits(void **state)
{
    (void)state;
    first_has_order(DECIDE("2026-01-18"), MG_DATE_YMD);
    first_has_order(DECIDE("20260118"), MG_DATE_YMD);
    first_has_order(DECIDE("20260118|20260119|"), MG_DATE_YMD);
    static const char *const none[] = {"20260118|5", "2026-01-18|x|y", "20260118|x|y|z"};
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        struct decided d = decide(1, &none[i], NULL);
        assert_int_not_equal(d.reading[0].kind, MG_CELLS_TIME);
        mg_arena_free(d.arena);
    }
}

/* Nine of ten cells; or two of three, where the others are a few texts and no dates. */
static void numbers_among_texts(void **state)
{
    (void)state;
    static const struct {
        const char *cells;
        bool number;
    } cases[] = {
        {"1|2|3|4|5|6|7|8|9|a", true},
        {"1|2|3|4|5|6|a|b|c", true},
        {"1|2|3|4|5|6|a|b|c|d", false},
        {"1|2|3|4|5|6|7|8|a|b|c|d", false}, /* two of three, but too many different ones */
        {"1|2|2026-01-18", false},
        {"1|2|3|4|5|6|7|8|9|2026-01-18", true},
        {"a|b", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct decided d = decide(1, &cases[i].cells, NULL);
        if ((d.reading[0].kind == MG_CELLS_NUMBER) != cases[i].number)
            fail_msg("“%s”: kind %d", cases[i].cells, (int)d.reading[0].kind);
        mg_arena_free(d.arena);
    }
}

static void a_format_tells(void **state)
{
    (void)state;
    const struct mg_told told[] = {
        {.number = true, .missing_low = 90, .missing_high = 99},
        {.time = true},
        {.number = true},
        {0},
    };
    static const char *const cells[] = {"1|5|90|95|99|100", "2026-01-18|soon|later", "1,5|2,5|3,5",
                                        "1,234|2,345"};
    struct decided d = decide(4, cells, told);
    assert_int_equal(d.reading[0].kind, MG_CELLS_NUMBER);
    assert_true(d.reading[0].missing_low == 90 && d.reading[0].missing_high == 99);
    assert_true(d.facts[0].n_missing == 3 && d.facts[0].min == 1 && d.facts[0].max == 100);
    assert_int_equal(d.reading[1].kind, MG_CELLS_TIME);
    assert_int_equal(d.facts[1].n_not_understood, 2);
    assert_int_equal(d.reading[2].decimal, '.'); /* a format writes points */
    assert_true(d.facts[3].decimal_open);        /* and its numbers say nothing of others' marks */
    mg_arena_free(d.arena);
}

static void no_range_is_none(void **state)
{
    (void)state;
    const struct mg_told told[] = {{.number = true, .missing_low = 5, .missing_high = 5},
                                   {.number = true, .missing_low = NAN, .missing_high = 9}};
    static const char *const cells[] = {"1|5|9", "1|5|9"};
    struct decided d = decide(2, cells, told);
    assert_true(d.facts[0].n_missing == 0 && d.facts[1].n_missing == 0);
    mg_arena_free(d.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_what_all_columns_say),
        cmocka_unit_test(open_marks_are_read_by_them),
        cmocka_unit_test(orders_are_what_all_columns_say),
        cmocka_unit_test(dates_by_one_cell_or_by_digits),
        cmocka_unit_test(numbers_among_texts),
        cmocka_unit_test(a_format_tells),
        cmocka_unit_test(no_range_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
