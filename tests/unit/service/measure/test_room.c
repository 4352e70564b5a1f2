/* What groups take of memory is known before they are summed: fewer buckets, a pass of their own, or a
 * refusal. */
#include "service/measure/fixture.h"

#include "service/measure/plan.h"
#include "service/measure/room.h"

/* Items with both sides, answered 1–7, in groups of five rows with weights. */
static void many(struct fixture *f, int items, int groups)
{
    struct mg_buf study, csv;
    mg_buf_init(&study, (size_t)1 << 20);
    mg_buf_init(&csv, (size_t)64 << 20);
    mg_buf_puts(&study,
                "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"weight\":\"w\",\"groups\":[{\"column\":"
                "\"g\"}],\"items\":[");
    mg_buf_puts(&csv, "g,w");
    for (int i = 0; i < items; i++) {
        mg_buf_printf(&study, "%s{\"code\":\"%d\",\"expectation\":\"E%d\",\"perception\":\"P%d\"}",
                      i ? "," : "", i, i, i);
        mg_buf_printf(&csv, ",E%d,P%d", i, i);
    }
    mg_buf_puts(&study, "]}");
    for (int r = 0; r < 5 * groups; r++) {
        mg_buf_printf(&csv, "\n%d,%d", r % groups, 1 + r % 3);
        for (int i = 0; i < items; i++)
            mg_buf_printf(&csv, ",%d,%d", 4 + (r + i) % 4, 1 + (r * r / 7 + i) % 6);
    }
    given(f, study.data, csv.data);
    mg_buf_done(&study);
    mg_buf_done(&csv);
}

static struct mg_plan *plan_of(struct fixture *f, unsigned options)
{
    struct mg_plan *plan;
    SUCCEEDS(mg_plan_new(f->ctx.arena, f->request.study, options, &plan, &f->error));
    return plan;
}

static void buckets_give_way_to_groups(void **state)
{
    struct fixture *f = *state;
    many(f, 200, 2);
    struct mg_plan *plan = plan_of(f, MG_PLAN_BUCKETS);
    assert_int_equal(mg_room_buckets(plan, 1, 2), 256);
    size_t before = 256;
    for (size_t groups = 2; groups <= MG_MEASURE_GROUPS_MAX; groups++) {
        size_t n = mg_room_buckets(plan, groups, 2);
        assert_true(n <= before || n == SIZE_MAX);
        if (n == SIZE_MAX)
            break;
        assert_true(n >= MG_ROOM_BUCKETS_LEAST && (n & (n - 1)) == 0);
        assert_true(groups * n * plan->spec.n_links * sizeof(struct mg_moments_sums) <
                    MG_ROOM_DONE_BYTES / 2);
        before = n;
    }
    assert_int_equal(before, MG_ROOM_BUCKETS_LEAST);
    assert_int_equal(mg_room_buckets(plan, MG_MEASURE_GROUPS_MAX, 2), SIZE_MAX);
    /* Each pass that is kept takes its part. */
    assert_true(mg_room_buckets(plan, 60, 8) < mg_room_buckets(plan, 60, 2));
    /* Without buckets there are none to spare. */
    assert_int_equal(mg_room_buckets(plan_of(f, 0), 100, 2), 0);
    assert_int_equal(mg_room_buckets(plan_of(f, MG_PLAN_RELIABILITY), 500, 2), SIZE_MAX);
}

static void too_much_is_refused_before_it_is_summed(void **state)
{
    struct fixture *f = *state;
    static const char *const by[] = {"g"};
    struct mg_gap_request request = {.by = by, .n_by = 1};
    struct mg_wire_gap_report r;
    many(f, 200, 400);
    request.base = f->request;
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_LIMIT);
    assert_string_equal(f->error.field, "by");
    assert_non_null(strstr(f->error.message, "400 groups"));
    assert_non_null(strstr(f->error.hint, "filter"));
}

/* The groups of their own pass are those of their filters; only the buckets are fewer. */
static void groups_apart_say_the_same(void **state)
{
    struct fixture *f = *state;
    static const char *const value[] = {"7"};
    const struct mg_filter filter = {.column = "g", .op = MG_FILTER_IN, .values = value, .n_values = 1};
    many(f, 200, 150);
    const struct mg_wire_gap_report r = gaps_by(f, "g");
    assert_true(has_note(&r, "a little rougher"));
    assert_int_equal(r.n_groups, 150);
    assert_int_equal(r.n_items, 200);
    assert_int_equal(r.n_reliability, 1); /* the total has all */
    f->request.filters = &filter;
    f->request.n_filters = 1;
    const struct mg_wire_gap_report one = gaps(f);
    for (size_t g = 0; g < r.n_groups; g++) {
        if (strcmp(r.groups[g].keys[0].value, "7") != 0)
            continue;
        const struct mg_wire_gap_row *a = row_of(r.groups[g].items, 200, "3"),
                                     *b = row_of(one.items, 200, "3");
        assert_near(a->gap->value, b->gap->value);
        assert_near(a->expectation->value, b->expectation->value);
        assert_int_equal(a->n, b->n);
        assert_near(r.groups[g].overall->gap->value, one.overall.gap->value);
        assert_true(isfinite(a->difference->value));
        return;
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(buckets_give_way_to_groups),
        TEST(too_much_is_refused_before_it_is_summed),
        TEST(groups_apart_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
