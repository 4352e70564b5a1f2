/* How one pass is made: customers kept together, people counted, who answered both sides. */
#include "service/measure/fixture.h"

#include "service/measure/pass.h"

#define ITEM(code) "{\"code\":\"" code "\",\"expectation\":\"E" code "\",\"perception\":\"P" code "\"}"
#define STUDY(more) "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7}," more "\"items\":[" ITEM("1") "]}"
#define CUSTOMERS STUDY("\"customer\":\"c\",")

static struct mg_pass pass_of(struct fixture *f, struct mg_plan **ret_plan)
{
    struct mg_pass pass = {0};
    SUCCEEDS(mg_pass_plan(&f->ctx, &f->request, 0, NULL, 0, ret_plan, &pass, &f->error));
    return pass;
}

/* Six customers of two rows each. */
static const char twice[] =
    "c,E1,P1\na,6,5\na,6,4\nb,7,5\nb,7,6\nd,5,5\nd,6,5\ne,6,2\ne,7,3\nf,6,6\nf,5,5\ng,"
    "7,4\ng,6,3\n";

static void customers_who_answer_twice_are_kept_together(void **state)
{
    struct fixture *f = *state;
    struct mg_plan *plan;
    given(f, CUSTOMERS, twice);
    const struct mg_pass pass = pass_of(f, &plan);
    assert_true(pass.repeated);
    assert_int_equal(pass.people, 6);
    assert_true(plan->options & MG_PLAN_BUCKETS);
    assert_near(pass.m->rows, 12);
    assert_near(mg_people_in(pass.m), 6);
    for (size_t g = 0; g < pass.m->buckets->n; g++)
        assert_true(fmod(mg_moments_sums(pass.m, g, 0).weight, 2) == 0); /* both rows of a customer */
}

/* The report's standard error leaves out a customer at a time, and df are those of six people. */
static void the_report_counts_them_once(void **state)
{
    struct fixture *f = *state;
    static const double d[6] = {-3, -3, -1, -8, 0, -6}; /* a customer's two differences together */
    given(f, CUSTOMERS, twice);
    const struct mg_wire_gap_report r = gaps(f);
    double squares = 0, se;
    for (size_t i = 0; i < 6; i++)
        squares += pow((-21 - d[i]) / 10 + 21.0 / 12, 2);
    se = sqrt(5.0 / 6 * squares);
    assert_int_equal(r.interval, MG_WIRE_GAP_REPORT_INTERVAL_JACKKNIFE);
    assert_int_equal(r.people, 6);
    assert_int_equal(r.items[0].n, 12);
    assert_near(r.items[0].gap->value, -21.0 / 12);
    assert_near(r.items[0].df, 5);
    assert_near(r.items[0].t, -21.0 / 12 / se);
    assert_near(r.items[0].gap->low, -21.0 / 12 - T5 * se);
    assert_true(has_note(&r, "6 customers"));
}

static void those_who_answer_once_need_no_buckets(void **state)
{
    struct fixture *f = *state;
    struct mg_plan *plan;
    given(f, CUSTOMERS, "c,E1,P1\na,6,5\nb,6,4\nd,7,5\n");
    struct mg_pass pass = pass_of(f, &plan);
    assert_false(pass.repeated);
    assert_int_equal(pass.people, 3);
    assert_false(plan->options & MG_PLAN_BUCKETS);
    assert_null(pass.m->buckets);
    assert_near(mg_people_in(pass.m), 3);
    given(f, STUDY(""), twice);
    pass = pass_of(f, &plan);
    assert_int_equal(pass.people, -1); /* nobody knows */
    assert_false(pass.repeated);
}

/* Two customers in three rows, and two rows of nobody in particular: each is one of its own. */
static void rows_without_a_customer_are_people(void **state)
{
    struct fixture *f = *state;
    struct mg_plan *plan;
    given(f, CUSTOMERS, "c,E1,P1\na,6,5\na,6,4\nb,7,5\n,6,4\n,5,5\n");
    const struct mg_pass pass = pass_of(f, &plan);
    assert_int_equal(pass.people, 4);
    assert_true(pass.repeated);
    assert_near(mg_people_in(pass.m), 4);
}

/* Whose weight doesn't count stands behind no number: no customer of a note either, and no repeat. */
static void who_is_left_out_by_weight_is_none_of_the_people(void **state)
{
    struct fixture *f = *state;
    struct mg_plan *plan;
    given(f,
          "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"customer\":\"c\",\"weight\":\"w\",\"items\":[{"
          "\"code\":\"1\",\"expectation\":\"E1\",\"perception\":\"P1\"}]}",
          "c,w,E1,P1\na,1,6,5\na,,6,4\nb,2,7,5\nd,0,6,4\ne,-1,5,5\nf,abc,5,4\ng,2e9,5,4\n");
    const struct mg_pass pass = pass_of(f, &plan);
    assert_int_equal(pass.people, 2);
    assert_false(pass.repeated);
    assert_near(pass.m->rows, 2);
}

/* One person is one person, however often they answered. */
static void only_what_the_request_selects_counts(void **state)
{
    struct fixture *f = *state;
    struct mg_plan *plan;
    static const char *const values[] = {"b", "d"};
    const struct mg_filter filter = {.column = "c", .op = MG_FILTER_IN, .values = values, .n_values = 2};
    given(f, CUSTOMERS, "c,E1,P1\na,6,5\na,6,4\nb,7,5\nd,6,4\n");
    f->request.filters = &filter;
    f->request.n_filters = 1;
    const struct mg_pass pass = pass_of(f, &plan);
    assert_int_equal(pass.people, 2);
    assert_false(pass.repeated);
}

/* Rows with both sides, expectations only, perceptions only. */
static const char *answers(struct fixture *f, const char *wave, int both, int e, int p)
{
    struct mg_buf out;
    mg_buf_init(&out, 1 << 16);
    for (int i = 0; i < both + e + p; i++)
        mg_buf_printf(&out, "%s,%s,%s\n", wave, i < both + e ? (i % 2 ? "6" : "5") : "",
                      i < both || i >= both + e ? (i % 3 ? "4" : "5") : "");
    const char *text = mg_arena_strndup(f->ctx.arena, out.data, out.len);
    mg_buf_done(&out);
    return text;
}

struct design_case {
    int both, e, p;
    enum mg_design design;
};

static void who_answered_both_decides_the_design(void **state)
{
    struct fixture *f = *state;
    static const struct design_case cases[] = {
        {6, 0, 0, MG_DESIGN_PAIRED},    {3, 3, 3, MG_DESIGN_PAIRED},  {2, 3, 3, MG_DESIGN_OVERLAP},
        {3, 30, 3, MG_DESIGN_PAIRED},   {3, 30, 0, MG_DESIGN_PAIRED}, {3, 4, 30, MG_DESIGN_OVERLAP},
        {0, 4, 30, MG_DESIGN_UNPAIRED},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct design_case *c = &cases[i];
        struct mg_plan *plan;
        given(f, STUDY(""),
              mg_arena_printf(f->ctx.arena, "w,E1,P1\n%s", answers(f, "", c->both, c->e, c->p)));
        const struct mg_pass pass = pass_of(f, &plan);
        if (pass.design != c->design)
            fail_msg("case %zu: %d", i, (int)pass.design);
        assert_true(!(plan->options & MG_PLAN_UNPAIRED) == (c->design == MG_DESIGN_PAIRED));
    }
}

/* Waves that asked one side only say nothing about who answers both. */
static void waves_of_one_side_decide_nothing(void **state)
{
    struct fixture *f = *state;
    struct mg_plan *plan;
    const char *text = mg_arena_printf(f->ctx.arena, "w,E1,P1\n%s%s%s", answers(f, "1", 6, 1, 1),
                                       answers(f, "2", 0, 20, 0), answers(f, "3", 0, 0, 20));
    given(f, STUDY("\"wave\":\"w\","), text);
    assert_int_equal(pass_of(f, &plan).design, MG_DESIGN_PAIRED);
    given(f, STUDY(""), text); /* without waves they are all one */
    assert_int_equal(pass_of(f, &plan).design, MG_DESIGN_OVERLAP);
}

/* The listwise rule knows only people who answered all. */
static void listwise_is_paired(void **state)
{
    struct fixture *f = *state;
    struct mg_plan *plan;
    given(f, STUDY("\"missing\":{\"rule\":\"listwise\"},"),
          mg_arena_printf(f->ctx.arena, "w,E1,P1\n%s", answers(f, "", 2, 9, 9)));
    const struct mg_pass pass = pass_of(f, &plan);
    assert_int_equal(pass.design, MG_DESIGN_PAIRED);
    assert_near(pass.m->rows, 2);
}

/* Customers repeat and a wave has no expectations: its perceptions have an interval of their own, for which
 * their sums by bucket are needed. */
static void a_side_alone_among_repeating_customers(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "c,w,E1,P1\na,1,6,5\na,1,6,4\nb,1,7,5\nd,1,5,5\ne,1,7,3\nf,1,6,4\n"
                               "a,2,,4\na,2,,6\nb,2,,5\nd,2,,3\ne,2,,3\nf,2,,5\n";
    struct mg_plan *plan;
    given(f, STUDY("\"customer\":\"c\",\"wave\":\"w\","), text);
    const struct mg_pass pass = pass_of(f, &plan);
    assert_true(pass.repeated && pass.design == MG_DESIGN_PAIRED);
    assert_true(plan->options & MG_PLAN_ALONE);
    const struct mg_wire_gap_report r = gaps_by(f, "wave");
    assert_int_equal(r.n_groups, 2);
    const struct mg_wire_gap_row *row = &r.groups[1].items[0];
    assert_int_equal(row->n, 6);
    assert_near(row->perception->value, 26.0 / 6);
    static const double left_out[] = {16.0 / 4, 21.0 / 5, 23.0 / 5, 23.0 / 5, 21.0 / 5}; /* a, b, d, e, f */
    double squares = 0;
    for (size_t i = 0; i < 5; i++)
        squares += pow(left_out[i] - (16.0 / 4 + 88.0 / 5) / 5, 2);
    /* df = 36/8 − 1: t between those of 3 and 4. */
    double width = (row->perception->high - row->perception->value) / sqrt(0.8 * squares);
    assert_true(width > 2.777 && width < 3.182);
    /* Without such a wave nothing is kept for it. */
    f->request.wave = "1";
    (void)pass_of(f, &plan);
    assert_false(plan->options & MG_PLAN_ALONE);
}

/* Six answered both sides, nine only one, nine only the other, in groups of their own: two samples that
 * overlap, also where the report is split by these groups. */
static void the_whole_is_the_same_whatever_it_is_split_by(void **state)
{
    struct fixture *f = *state;
    given(f,
          "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"groups\":[{\"column\":\"g\"}],\"items\":[{"
          "\"code\":\"1\","
          "\"expectation\":\"E\",\"perception\":\"P\"}]}",
          "g,E,P\na,7,5\na,6,5\na,7,4\na,6,4\na,7,6\na,5,5\n"
          "b,7,\nb,6,\nb,5,\nb,7,\nb,6,\nb,5,\nb,7,\nb,7,\nb,6,\n"
          "c,,3\nc,,4\nc,,5\nc,,4\nc,,2\nc,,4\nc,,5\nc,,3\nc,,6\n");
    const struct mg_wire_gap_report whole = gaps(f), split = gaps_by(f, "g");
    assert_int_equal(whole.design, MG_WIRE_GAP_REPORT_DESIGN_OVERLAP);
    assert_int_equal(split.design, whole.design);
    assert_near(split.overall.gap->value, whole.overall.gap->value);
    assert_near(split.overall.gap->high, whole.overall.gap->high);
    assert_near(split.items[0].gap->low, whole.items[0].gap->low);
}

/* 300 people of whom one came twice: a filter that leaves few of them gives none a bucket of its own, for
 * beside the others they have none. */
static void buckets_are_those_of_the_study(void **state)
{
    struct fixture *f = *state;
    struct mg_buf csv;
    static const char *const wave[] = {"1"};
    const struct mg_filter filter = {.column = "w", .op = MG_FILTER_IN, .values = wave, .n_values = 1};
    mg_buf_init(&csv, 1 << 16);
    mg_buf_puts(&csv, "c,w,E,P\nk0,1,7,4\n");
    for (int i = 0; i < 300; i++)
        mg_buf_printf(&csv, "k%d,%d,%d,%d\n", i, i < 60 ? 1 : 2, 5 + i % 3, 2 + i % 5);
    given(f,
          "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"customer\":\"c\",\"wave\":\"w\",\"groups\":[{"
          "\"column\":\"w\"}],"
          "\"items\":[{\"code\":\"1\",\"expectation\":\"E\",\"perception\":\"P\"}]}",
          csv.data);
    mg_buf_done(&csv);
    const struct mg_wire_gap_report by = gaps_by(f, "w");
    f->request.filters = &filter, f->request.n_filters = 1;
    const struct mg_wire_gap_report alone = gaps(f);
    assert_near(by.groups[0].items[0].gap->low, alone.items[0].gap->low);
    assert_near(by.groups[0].items[0].gap->high, alone.items[0].gap->high);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(customers_who_answer_twice_are_kept_together),
        TEST(the_report_counts_them_once),
        TEST(those_who_answer_once_need_no_buckets),
        TEST(rows_without_a_customer_are_people),
        TEST(who_is_left_out_by_weight_is_none_of_the_people),
        TEST(only_what_the_request_selects_counts),
        TEST(who_answered_both_decides_the_design),
        TEST(waves_of_one_side_decide_nothing),
        TEST(listwise_is_paired),
        TEST(a_side_alone_among_repeating_customers),
        TEST(the_whole_is_the_same_whatever_it_is_split_by),
        TEST(buckets_are_those_of_the_study),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
