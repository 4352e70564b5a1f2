/* Intervals by resampling: of the same data and seed the same, near the t interval where that is right, and
 * which row has which. */
#include "service/measure/fixture.h"

#define STUDY(dimensions, rest)                                                                              \
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7}," dimensions "\"items\":[{\"code\":\"1\"," rest        \
    "\"expectation\":\"E1\",\"perception\":\"P1\"}"
#define SECOND ",{\"code\":\"2\",\"dimension\":\"b\",\"expectation\":\"E2\",\"perception\":\"P2\"}"
#define END "],\"groups\":[{\"column\":\"g\"}]}"
static const char one_item[] = STUDY("", "") END;
static const char weighted[] =
    STUDY("\"dimensions\":[{\"code\":\"a\",\"weight\":2},{\"code\":\"b\",\"weight\":1}],",
          "\"dimension\":\"a\",") SECOND END;

static struct mg_wire_gap_report booted(struct fixture *f, int64_t boot, uint64_t seed, const char *by)
{
    struct mg_gap_request request = {
        .base = f->request, .boot = boot, .seed = seed, .by = &by, .n_by = by ? 1 : 0};
    struct mg_wire_gap_report report;
    SUCCEEDS(mg_measure_gaps(&f->ctx, &request, &report, &f->error));
    return report;
}

/* Differences −3 to 1 as they come, `rows` of them; the last answers b only now and then. */
static void write_rows(struct fixture *f, const char *study, int rows, int without_b)
{
    struct mg_buf csv;
    mg_buf_init(&csv, 16 << 20);
    mg_buf_puts(&csv, "g,E1,P1,E2,P2\n");
    for (int i = 0; i < rows; i++)
        mg_buf_printf(&csv, i < without_b ? "%c,%d,%d,,\n" : "%c,%d,%d,%d,%d\n", i % 2 ? 'x' : 'y', 4 + i % 3,
                      3 + i * 7 % 5 - i % 2, 5 + i % 2, 3 + i * 3 % 4);
    given(f, study, csv.data);
    mg_buf_done(&csv);
}

static double width(const struct mg_wire_gap_row *row)
{
    return row->gap->high - row->gap->low;
}

static void the_seed_decides(void **state)
{
    struct fixture *f = *state;
    write_rows(f, one_item, 300, 0);
    struct mg_wire_gap_report a = booted(f, 2000, 7, NULL), again = booted(f, 2000, 7, NULL),
                              other = booted(f, 2000, 8, NULL), t = gaps(f);
    assert_int_equal(a.interval, MG_WIRE_GAP_REPORT_INTERVAL_BCA);
    assert_true(a.boot == 2000 && a.seed == 7);
    assert_true(a.items[0].gap->low == again.items[0].gap->low &&
                a.items[0].gap->high == again.items[0].gap->high);
    assert_true(a.items[0].gap->low != other.items[0].gap->low);
    assert_true(a.items[0].gap->value == t.items[0].gap->value);
    assert_true(fabs(width(&a.items[0]) / width(&t.items[0]) - 1) < 0.1);
    f->request.level = 0.8;
    struct mg_wire_gap_report narrow = booted(f, 2000, 7, NULL);
    assert_true(width(&narrow.items[0]) < 0.75 * width(&a.items[0]));
}

/* A quarter answered only a: the weighted whole of those who answered both is another number, and its
 * interval isn't given for this one. */
static void a_whole_that_not_everybody_answered(void **state)
{
    struct fixture *f = *state;
    write_rows(f, weighted, 200, 50);
    struct mg_wire_gap_report boot = booted(f, 1000, 1, NULL), t = gaps(f);
    assert_string_equal(boot.overall.note, "A t interval: not everybody answered every dimension.");
    assert_true(boot.overall.gap->low == t.overall.gap->low);
    assert_true(row_of(boot.items, 2, "1")->gap->low != row_of(t.items, 2, "1")->gap->low);
    write_rows(f, weighted, 200, 0);
    boot = booted(f, 1000, 1, NULL);
    assert_null(boot.overall.note);
    assert_true(boot.overall.gap->low < boot.overall.gap->value &&
                boot.overall.gap->value < boot.overall.gap->high);
}

/* bench/bench_coverage.c: 92.6 of 100 hold the truth, not 95. */
static void weighted_bootstraps_say_that_they_are_narrow(void **state)
{
    struct fixture *f = *state;
    write_rows(f, one_item, 100, 0);
    struct mg_wire_gap_report plain = booted(f, 200, 1, NULL);
    assert_false(has_note(&plain, "a little narrow"));
    f->request.weight = "E2";
    struct mg_wire_gap_report heavy = booted(f, 200, 1, NULL);
    assert_true(has_note(&heavy, "a little narrow"));
}

static void groups_keep_their_t_intervals(void **state)
{
    struct fixture *f = *state;
    write_rows(f, one_item, 100, 0);
    struct mg_wire_gap_report boot = booted(f, 1000, 1, "g"), t = gaps_by(f, "g");
    assert_true(has_note(&boot, "Intervals of groups are t intervals."));
    for (size_t g = 0; g < 2; g++)
        assert_true(boot.groups[g].items[0].gap->low == t.groups[g].items[0].gap->low);
}

static void what_has_no_pairs_is_left_as_it_is(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "g,E1,P1\nx,6,5\nx,6,5\nx,5,4\n"); /* no spread */
    struct mg_wire_gap_report r = booted(f, 200, 1, NULL);
    assert_true(isnan(r.items[0].gap->low) && r.items[0].gap->value == -1);
    assert_int_equal(r.items[0].verdict, MG_WIRE_VERDICT_UNKNOWN);
    given(f, one_item, "g,E1,P1\nx,6,\nx,7,\nx,,4\nx,,5\n"); /* two samples */
    assert_true(booted(f, 200, 1, NULL).items[0].gap->low == gaps(f).items[0].gap->low);
    given(f,
          "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"1\",\"perception\":\"P1\"}"
          "]}",
          "P1\n6\n7\n5\n");
    assert_null(booted(f, 200, 1, NULL).items[0].gap);
}

static void many_rows_get_a_jackknife(void **state)
{
    struct fixture *f = *state;
    write_rows(f, weighted, 200001, 0);
    struct mg_wire_gap_report jack = booted(f, 200, 1, NULL), t = gaps(f);
    assert_int_equal(jack.interval, MG_WIRE_GAP_REPORT_INTERVAL_JACKKNIFE);
    assert_true(has_note(&jack, "jackknife over 256 groups"));
    assert_true(fabs(width(&jack.overall) / width(&t.overall) - 1) < 0.25);
    for (size_t i = 0; i < 2; i++)
        assert_true(fabs(width(&jack.items[i]) / width(&t.items[i]) - 1) < 0.25);
}

/* Rows of one customer aren't independent: no bootstrap of rows. */
static void people_asked_twice_get_a_jackknife(void **state)
{
    struct fixture *f = *state;
    static const char study[] =
        "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"customer\":\"c\",\"items\":[{\"code\":"
        "\"1\",\"expectation\":\"E1\",\"perception\":\"P1\"}]}";
    given(f, study, repeated(f, "c,E1,P1\n", "%d,6,4\nsame,7,5\nsame,5,5\n", 20));
    const struct mg_wire_gap_report twice = booted(f, 200, 1, NULL);
    assert_int_equal(twice.interval, MG_WIRE_GAP_REPORT_INTERVAL_JACKKNIFE);
    assert_false(twice.has_boot);
    assert_true(has_note(&twice, "People answered more than once"));
    given(f, study, repeated(f, "c,E1,P1\n", "a%d,6,4\n", 20));
    struct mg_wire_gap_report once = booted(f, 200, 1, NULL);
    assert_int_equal(once.interval, MG_WIRE_GAP_REPORT_INTERVAL_BCA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_seed_decides),
        TEST(a_whole_that_not_everybody_answered),
        TEST(weighted_bootstraps_say_that_they_are_narrow),
        TEST(groups_keep_their_t_intervals),
        TEST(what_has_no_pairs_is_left_as_it_is),
        TEST(many_rows_get_a_jackknife),
        TEST(people_asked_twice_get_a_jackknife),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
