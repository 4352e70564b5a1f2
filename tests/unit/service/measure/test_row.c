/* One row: how many people stand behind it, what its gap is called, what is hidden. */
#include "service/measure/fixture.h"

#include "service/measure/row.h"

#define ITEM(n, more) "{\"code\":\"" n "\",\"expectation\":\"E" n "\",\"perception\":\"P" n "\"" more "}"
#define STUDY(more, items) "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7}," more "\"items\":[" items "]}"

/* ---- People ---- */

/* Group x: five rows of one customer and one of another; group y: six customers. */
static const char one_often[] =
    "c,g,E1,P1\na,x,6,5\na,x,6,4\na,x,7,5\na,x,5,4\na,x,6,6\nb,x,6,4\nd,y,6,5\ne,y,7,5\n"
    "f,y,6,4\nh,y,5,4\ni,y,7,7\nj,y,6,3\n";
#define GROUPS "\"customer\":\"c\",\"groups\":[{\"column\":\"g\"}],"

static void people_are_counted_not_rows(void **state)
{
    struct fixture *f = *state;
    static const char *const by = "g";
    struct mg_plan *plan;
    struct mg_pass pass;
    given(f, STUDY(GROUPS, ITEM("1", "")), one_often);
    SUCCEEDS(mg_pass_plan(&f->ctx, &f->request, 0, &by, 1, &plan, &pass, &f->error));
    const struct mg_moments *x = pass.groups[0].moments, *y = pass.groups[1].moments;
    const struct mg_part *part = &plan->items[0];
    assert_near(mg_moments_count(x, part->e, part->p), 6);
    assert_near(mg_people_of_part(plan, x, part), 2);
    assert_near(mg_people_of_part(plan, y, part), 6);
    assert_near(mg_people_with(x, part->e, part->p), 2);
}

static void one_who_answered_often_is_not_shown(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(GROUPS, ITEM("1", "")), one_often);
    const struct mg_wire_gap_report r = gaps_by(f, "g");
    assert_string_equal(r.groups[0].keys[0].value, "x");
    assert_true(r.groups[0].suppressed);
    assert_int_equal(r.groups[0].n_items, 0);
    /* Nor by a filter. */
    static const char *const values[] = {"x"};
    const struct mg_filter filter = {.column = "g", .op = MG_FILTER_IN, .values = values, .n_values = 1};
    f->request.filters = &filter;
    f->request.n_filters = 1;
    struct mg_gap_request request = {.base = f->request};
    struct mg_wire_gap_report report;
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &report, &f->error), MG_E_INESTIMABLE);
    assert_non_null(strstr(f->error.message, "too few"));
}

/* Six customers answered item 1; item 2 one of them only, six times. */
static void a_number_of_one_beside_those_of_six(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(GROUPS, ITEM("1", "") "," ITEM("2", "")),
          "c,g,E1,P1,E2,P2\na,x,6,5,7,5\na,x,,,6,5\na,x,,,6,4\na,x,,,7,7\na,x,,,5,4\na,x,,,6,3\nb,x,7,5,,\nd,"
          "x,6,4,,"
          "\ne,x,5,4,,\nf,x,6,6,,\nh,x,6,2,,\n");
    const struct mg_wire_gap_report r = gaps_by(f, "g");
    assert_int_equal(r.n_groups, 1);
    const struct mg_wire_gap_row *rows = r.groups[0].items;
    assert_non_null(row_of(rows, r.groups[0].n_items, "1")->gap);
    const struct mg_wire_gap_row *few = row_of(rows, r.groups[0].n_items, "2");
    assert_null(few->gap);
    assert_null(few->perception);
    assert_string_equal(few->note, "too few respondents to show");
}

/* ---- Verdicts ---- */

/* `pairs` times a difference of −1 and one of 1: mean 0. */
static enum mg_wire_verdict verdict_of(struct fixture *f, const char *margin, int pairs, const char *more)
{
    struct mg_buf out;
    mg_buf_init(&out, 1 << 20);
    mg_buf_puts(&out, "E1,P1\n");
    mg_buf_puts(&out, more);
    for (int i = 0; i < pairs; i++)
        mg_buf_puts(&out, "5,4\n5,6\n");
    given(f, STUDY("", ITEM("1", "")), mg_arena_strndup(f->ctx.arena, out.data, out.len));
    mg_buf_done(&out);
    struct mg_study study = *f->request.study;
    if (margin)
        study.margin = atof(margin);
    f->request.study = &study;
    return gaps(f).items[0].verdict;
}

static void a_gap_around_zero_is_small_or_nobody_knows(void **state)
{
    struct fixture *f = *state;
    /* Standard error 1/√n, margin a quarter: p of 0.25 √n. */
    assert_int_equal(verdict_of(f, NULL, 100, ""), MG_WIRE_VERDICT_SMALL);
    assert_int_equal(verdict_of(f, NULL, 8, ""), MG_WIRE_VERDICT_INCONCLUSIVE);
    /* The margin is the study's. */
    assert_int_equal(verdict_of(f, "0.1", 100, ""), MG_WIRE_VERDICT_INCONCLUSIVE);
    assert_int_equal(verdict_of(f, "0.1", 1000, ""), MG_WIRE_VERDICT_SMALL);
    assert_int_equal(verdict_of(f, "1", 8, ""), MG_WIRE_VERDICT_SMALL);
    assert_int_equal(verdict_of(f, NULL, 8, "7,1\n7,1\n7,1\n7,1\n7,1\n7,1\n7,1\n"), MG_WIRE_VERDICT_SHORT);
    assert_int_equal(verdict_of(f, NULL, 8, "1,7\n1,7\n1,7\n1,7\n1,7\n1,7\n1,7\n"), MG_WIRE_VERDICT_BEYOND);
}

/* A quarter of the standard deviation of the differences; of two samples, of the root mean square of theirs;
 * of a combination, of what its standard error would take. */
static void the_margin_of_each_design(void **state)
{
    (void)state;
    struct mg_study study = {.margin = 0.25};
    const struct mg_plan plan = {.study = &study};
    const struct mg_row_context c = {.plan = &plan};
    struct mg_row row = {.stat = {.sd = 2, .sd_e = 3, .sd_p = 4, .se = 0.1, .n_effective = 400}};
    assert_near(mg_row_margin(&c, &row), 0.5);
    row.stat.sd = NAN;
    assert_near(mg_row_margin(&c, &row), 0.25 * sqrt(12.5));
    row.stat.sd_e = NAN;
    assert_near(mg_row_margin(&c, &row), 0.5);
}

/* ---- The zone of tolerance ---- */

/* A whole of two weighted dimensions, of which the second has no minimum: MSS is the gap by its other name,
 * whatever the interval. */
static void mss_is_the_gap_of_the_whole_too(void **state)
{
    struct fixture *f = *state;
    static const char rows[] =
        "E1,P1,A1,E2,P2,A2\n6,5,4,5,5,3\n7,5,5,6,6,3\n5,5,3,7,6,4\n6,4,4,5,6,4\n7,6,5,6,3,2"
        "\n6,3,2,7,5,4\n7,5,4,6,5,5\n";
    given(f,
          STUDY("\"dimensions\":[{\"code\":\"a\",\"weight\":3},{\"code\":\"b\",\"weight\":1}],",
                ITEM("1", ",\"adequate\":\"A1\",\"dimension\":\"a\"") "," ITEM(
                    "2", ",\"adequate\":\"A2\",\"dimension\":\"b\"")),
          rows);
    for (int boot = 0; boot < 2; boot++) {
        struct mg_gap_request request = {.base = f->request, .boot = boot ? 200 : 0, .seed = 1};
        struct mg_wire_gap_report r;
        SUCCEEDS(mg_measure_gaps(&f->ctx, &request, &r, &f->error));
        assert_near(r.overall.gap->value, (3 * (-11.0 / 7) + -6.0 / 7) / 4);
        assert_non_null(r.overall.mss);
        assert_near(r.overall.mss->value, r.overall.gap->value);
        assert_near(r.overall.mss->low, r.overall.gap->low);
        assert_near(r.overall.mss->high, r.overall.gap->high);
        /* P − A: 11 and 11 of 7. */
        assert_near(r.overall.msa->value, (3 * (6.0 / 7) + 11.0 / 7) / 4);
    }
}

/* ---- Hiding ---- */

static void nothing_is_left_of_a_hidden_row(void **state)
{
    (void)state;
    struct mg_wire_estimate some = {.value = 3};
    struct mg_row row = {.wire = {.code = "a",
                                  .n = 4,
                                  .gap = &some,
                                  .perception = &some,
                                  .has_p = true,
                                  .verdict = MG_WIRE_VERDICT_SHORT},
                         .stat = {.n = 4, .gap = -2, .se = 1, .mean_p = 3}};
    mg_row_hide(&row, MG_HIDDEN_FEW, MG_LANG_EN);
    assert_string_equal(row.wire.code, "a");
    assert_int_equal(row.wire.n, 4);
    assert_true(!row.wire.gap && !row.wire.perception && !row.wire.has_p);
    assert_int_equal(row.wire.verdict, MG_WIRE_VERDICT_UNKNOWN);
    assert_true(row.stat.n == 0 && isnan(row.stat.gap) && isnan(row.stat.se) && row.stat.mean_p == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(people_are_counted_not_rows),         TEST(one_who_answered_often_is_not_shown),
        TEST(a_number_of_one_beside_those_of_six), TEST(a_gap_around_zero_is_small_or_nobody_knows),
        TEST(the_margin_of_each_design),           TEST(mss_is_the_gap_of_the_whole_too),
        TEST(nothing_is_left_of_a_hidden_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
