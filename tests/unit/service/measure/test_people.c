/* k = 5 people, in every report, also of what filters leave out. Each table has a group of few beside one
 * that is large enough; what would tell of the few by subtraction is hidden. */
#include "service/measure/fixture.h"

#include "service/measure/pass.h"

#define ITEM(n, more) "{\"code\":\"" n "\",\"expectation\":\"E" n "\",\"perception\":\"P" n "\"" more "}"
#define STUDY                                                                                                \
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[" ITEM(                                     \
        "1", ",\"importance\":\"I1\"") "," ITEM("2",                                                         \
                                                "") "],\"outcomes\":[{\"code\":\"o\",\"kind\":\"nps\","      \
                                                    "\"column\":\"O\"}],\"customer\":\"c\","                 \
                                                    "\"groups\":[{\"column\":\"g\"},{\"column\":\"h\"}]}"
#define HEAD "c,g,h,E1,P1,I1,E2,P2,O\n"
#define TEN                                                                                                  \
    "1,a,x,6,5,5,7,1,2\n2,a,x,6,2,6,6,3,3\n3,a,x,7,3,4,5,4,4\n4,a,x,5,4,5,7,2,5\n5,a,x,6,5,6,6,5,6\n"        \
    "6,a,x,6,3,5,5,3,4\n7,a,x,7,6,4,6,6,9\n8,a,x,5,1,6,7,1,1\n"                                              \
    "9,a,x,6,4,6,5,3,7\n10,a,x,5,3,5,6,2,3\n"
/* Three rows of three people, of two, and ten of ten. */
#define THREE "21,b,x,6,3,6,5,4,4\n22,b,x,6,2,5,6,4,5\n23,b,x,7,3,6,5,5,6\n"
#define TWO                                                                                                  \
    "31,b,x,6,3,6,5,4,4\n31,b,x,6,2,5,6,4,5\n31,b,x,7,3,6,5,5,6\n31,b,x,7,3,6,5,5,6\n32,b,x,7,3,6,5,5,6\n"
#define OTHERS                                                                                               \
    "41,b,x,6,5,5,7,1,2\n42,b,x,6,2,6,6,3,3\n43,b,x,7,3,4,5,4,4\n44,b,x,5,4,5,7,2,5\n45,b,x,6,5,6,6,5,6\n"   \
    "46,b,x,6,3,5,5,3,4\n47,b,x,7,6,4,6,6,9\n48,b,x,5,1,6,7,1,1\n"                                           \
    "49,b,x,6,4,6,5,3,7\n50,b,x,5,3,5,6,2,3\n"
/* Of group a, but of h = y. */
#define CROSSED "51,a,y,6,3,6,5,4,4\n52,a,y,6,2,5,6,4,5\n53,a,y,7,3,6,5,5,6\n"

static const char *const a[] = {"a"}, *const x[] = {"x"};
static const struct mg_filter filters[] = {{.column = "g", .op = MG_FILTER_IN, .values = a, .n_values = 1},
                                           {.column = "h", .op = MG_FILTER_IN, .values = x, .n_values = 1}};

/* Only group a; `n` filters. */
static void only_a(struct fixture *f, const char *rows, size_t n)
{
    given(f, STUDY, mg_arena_printf(f->ctx.arena, HEAD "%s", rows));
    f->request.filters = filters;
    f->request.n_filters = n;
}

/* What each report tells of group a: bits. */
enum { GAPS = 1, SCORES = 2, ALPHA = 4, MAP = 8, SHARES = 16, BARS = 32, KPIS = 64 };
#define ALL 127u

static unsigned told(struct fixture *f)
{
    struct mg_wire_gap_report g = gaps(f);
    struct mg_driver_request drivers = {.base = f->request};
    struct mg_wire_driver_report d;
    struct mg_wire_distribution bars;
    struct mg_wire_overview o;
    unsigned all = 0;
    for (size_t i = 0; i < g.n_items; i++)
        all |= g.items[i].gap || g.items[i].perception || g.items[i].importance ? GAPS : 0;
    all |= g.overall.gap ? GAPS : 0;
    all |= isfinite(g.scores[0].estimate.value) || g.scores[0].has_mean ? SCORES : 0;
    all |= g.reliability[0].has_alpha_perception || g.reliability[0].has_r_difference ? ALPHA : 0;
    SUCCEEDS(mg_measure_drivers(&f->ctx, &drivers, &d, &f->error));
    all |= d.n_rows ? MAP : 0;
    for (size_t i = 0; i < d.n_rows; i++)
        all |= d.rows[i].has_importance || d.rows[i].has_correlation ? SHARES : 0;
    SUCCEEDS(mg_measure_distribution(&f->ctx, &f->request, "1", &bars, &f->error));
    all |= bars.n_expectation + bars.n_perception + bars.n_difference || bars.row.gap ? BARS : 0;
    SUCCEEDS(mg_measure_overview(&f->ctx, &f->request, &o, &f->error));
    for (size_t i = 0; i < o.n_kpis; i++)
        all |= isfinite(o.kpis[i].estimate.value) ? KPIS : 0;
    return all;
}

static void no_report_tells_of_the_few_a_filter_leaves_out(void **state)
{
    struct fixture *f = *state;
    only_a(f, TEN OTHERS, 1);
    assert_int_equal(told(f), ALL); /* of ten others nothing can be told */
    only_a(f, TEN THREE, 1);
    assert_int_equal(told(f), 0);
    only_a(f, TEN TWO, 1); /* five rows of two people */
    assert_int_equal(told(f), 0);
    only_a(f, TEN, 1);
    assert_int_equal(told(f), ALL); /* nobody is left out */
}

/* Thirteen are left out, of whom three by the second filter alone: all of group a less these would tell. */
static void nor_of_those_that_one_of_two_filters_leaves_out(void **state)
{
    struct fixture *f = *state;
    only_a(f, TEN OTHERS CROSSED, 1);
    assert_int_equal(told(f), ALL);
    only_a(f, TEN OTHERS CROSSED, 2);
    assert_int_equal(told(f), 0);
    only_a(f, TEN OTHERS, 2);
    assert_int_equal(told(f), ALL);
}

/* All waves together are a group too where a filter is set. */
static void nor_does_the_overview_of_all_waves(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_overview o;
    only_a(f, TEN THREE, 1);
    f->request.wave_column = "h";
    f->request.all_waves = true;
    SUCCEEDS(mg_measure_overview(&f->ctx, &f->request, &o, &f->error));
    for (size_t i = 0; i < o.n_kpis; i++)
        assert_true(isnan(o.kpis[i].estimate.value));
    assert_null(o.worst[0].gap);
    assert_null(o.trend[0].gap);
}

#define ABSENT(g, n) n "1," g ",x,6,2,,,,1\n" n "2," g ",x,6,3,,,,1\n" n "3," g ",x,6,2,,,,1\n"
#define ABSENT_MORE(g, n) n "4," g ",x,6,2,,,,2\n" n "5," g ",x,6,3,,,,1\n"

static size_t compared(struct fixture *f)
{
    struct mg_wire_nonresponse r;
    SUCCEEDS(mg_measure_nonresponse(&f->ctx, &f->request, &r, &f->error));
    return r.n_rows;
}

/* Those who left item 2 out: five of group a, and of the others none, three, five. */
static void nor_the_comparison_of_who_left_questions_out(void **state)
{
    struct fixture *f = *state;
    only_a(f, TEN ABSENT("a", "6") ABSENT_MORE("a", "6") OTHERS, 1);
    size_t all = compared(f);
    assert_true(all > 0);
    only_a(f, TEN ABSENT("a", "6") ABSENT_MORE("a", "6") OTHERS ABSENT("b", "7"), 1);
    assert_int_equal(compared(f), 0);
    only_a(f, TEN ABSENT("a", "6") ABSENT_MORE("a", "6") OTHERS ABSENT("b", "7") ABSENT_MORE("b", "7"), 1);
    assert_int_equal(compared(f), all);
    /* Three people in five rows are three people. */
    only_a(f, TEN ABSENT("a", "6") "61,a,x,6,2,,,,1\n61,a,x,6,3,,,,1\n" OTHERS, 1);
    assert_int_equal(compared(f), 0);
}

/* Six answered both rarely, thirteen perceptions alone, somebody twice: the perceptions are thirteen
 * people's. */
static void a_side_alone_counts_its_own_people(void **state)
{
    struct fixture *f = *state;
    static const char rows[] = "1,a,x,6,5,,,,\n1,a,x,,5,,,,\n2,a,x,,4,,,,\n3,a,x,,5,,,,\n4,a,x,,3,,,,\n"
                               "5,a,x,,5,,,,\n6,a,x,,4,,,,\n7,a,x,,6,,,,\n";
    only_a(f, rows, 1);
    const struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_row *row = row_of(r.items, r.n_items, "1");
    assert_null(row->gap);
    assert_null(row->expectation); /* one person's */
    assert_non_null(row->perception);
    assert_near(row->perception->value, 37.0 / 8);
}

static void the_smallest_other_is_hidden_where_the_hidden_are_few(void **state)
{
    (void)state;
    static const double few_hidden[] = {30, 3, 9, 20}, many_hidden[] = {3, 3, 9}, none[] = {9, 6},
                        alone[] = {3}, empty[] = {0, 9, 20}, two[] = {1, 3, 7};
    assert_int_equal(mg_people_hide_also(few_hidden, 4, 5), 2);
    assert_int_equal(mg_people_hide_also(two, 3, 5), 2);
    assert_int_equal(mg_people_hide_also(many_hidden, 3, 5), SIZE_MAX); /* six can't be told apart */
    assert_int_equal(mg_people_hide_also(none, 2, 5), SIZE_MAX);
    assert_int_equal(mg_people_hide_also(alone, 1, 5), SIZE_MAX); /* there is no other */
    assert_int_equal(mg_people_hide_also(empty, 3, 5), SIZE_MAX); /* nobody is no secret */
    assert_int_equal(mg_people_hide_also(few_hidden, 4, 0), SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_report_tells_of_the_few_a_filter_leaves_out),
        TEST(nor_of_those_that_one_of_two_filters_leaves_out),
        TEST(nor_does_the_overview_of_all_waves),
        TEST(nor_the_comparison_of_who_left_questions_out),
        TEST(a_side_alone_counts_its_own_people),
        TEST(the_smallest_other_is_hidden_where_the_hidden_are_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
