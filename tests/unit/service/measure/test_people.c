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

/* Ten of group a in wave x, and three in z: gaps of the wave hide them, and so does all that tells of waves.
 */
static void a_wave_keeps_to_the_rule_of_a_filter(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_distribution bars;
    const char *head = HEAD TEN, *more = "61,a,z,6,3,6,5,4,4\n62,a,z,6,2,5,6,4,5\n63,a,z,7,3,6,5,5,6\n" OTHERS
                                         "71,b,z,6,3,6,5,4,4\n72,b,z,6,2,5,6,4,5\n73,b,z,7,3,6,5,5,6\n";
    given(f, STUDY, mg_arena_printf(f->ctx.arena, "%s%s", head, more));
    f->request.wave_column = "h";
    f->request.wave = "x";
    f->request.filters = filters;
    f->request.n_filters = 1;
    struct mg_wire_overview o = overview(f);
    assert_int_equal(told(f) & (GAPS | SCORES | KPIS | BARS), 0); /* the three of a in z */
    assert_null(o.trend[0].gap);
    assert_true(isnan(o.trend[0].scores[0].estimate.value));
    SUCCEEDS(mg_measure_distribution(&f->ctx, &f->request, "1", &bars, &f->error));
    assert_null(bars.trend[0].gap);
    f->request.n_filters = 0; /* six are in z: all is told of both waves */
    o = overview(f);
    assert_non_null(o.trend[0].gap);
    assert_true(isfinite(o.trend[0].scores[0].estimate.value));
    assert_non_null(o.trend[1].gap);
}

/* Nobody of b passes the filter, so that the group is all that is filtered; three are left out. */
static void a_group_that_is_the_whole_is_hidden_with_it(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY, HEAD TEN "51,b,y,6,3,6,5,4,4\n52,b,y,6,2,5,6,4,5\n53,b,y,7,3,6,5,5,6\n");
    f->request.filters = filters + 1;
    f->request.n_filters = 1;
    struct mg_wire_gap_report r = gaps_by(f, "g");
    assert_null(r.items[0].gap);
    assert_null(r.groups[0].items[0].gap);
    assert_true(isnan(r.groups[0].scores[0].estimate.value));
}

/* So it is where of wave and filter one alone leaves three out: group a of wave z. */
static void also_where_one_of_two_leaves_few_out(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY, HEAD TEN OTHERS "61,a,z,6,3,6,5,4,4\n62,a,z,6,2,5,6,4,5\n63,a,z,7,3,6,5,5,6\n");
    f->request.wave_column = "h";
    f->request.wave = "x";
    f->request.filters = filters;
    f->request.n_filters = 1;
    struct mg_wire_gap_report r = gaps_by(f, "wave");
    assert_null(r.items[0].gap);
    assert_null(r.groups[0].items[0].gap);
}

/* Waves of three, ten and ten, none of which stands beside the whole. */
static void waves_alone_hide_only_their_own_few(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY,
          HEAD TEN "51,b,w,6,3,6,5,4,4\n52,b,w,6,2,5,6,4,5\n53,b,w,7,3,6,5,5,6\n"
                   "41,b,y,6,5,5,7,1,2\n42,b,y,6,2,6,6,3,3\n43,b,y,7,3,4,5,4,4\n44,b,y,5,4,5,7,2,5\n"
                   "45,b,y,6,5,6,6,5,6\n46,b,y,6,3,5,5,3,4\n47,b,y,7,6,4,6,6,9\n48,b,y,5,1,6,7,1,1\n");
    f->request.wave_column = "h";
    struct mg_wire_overview o = overview(f);
    assert_int_equal(o.n_trend, 3);
    assert_null(o.trend[0].gap);
    for (int w = 1; w < 3; w++) {
        assert_non_null(o.trend[w].gap);
        assert_true(isfinite(o.trend[w].scores[0].estimate.value));
    }
    f->request.all_waves = true; /* beside the whole the smaller goes too */
    o = overview(f);
    assert_non_null(o.trend[1].gap);
    assert_null(o.trend[2].gap);
    assert_true(isnan(o.trend[2].scores[0].estimate.value));
    f->request.all_waves = false;
    f->request.wave = "w";
    assert_string_equal(overview(f).finding.en, "Fewer than 5 people answered: nothing is shown yet.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_report_tells_of_the_few_a_filter_leaves_out),
        TEST(nor_of_those_that_one_of_two_filters_leaves_out),
        TEST(nor_does_the_overview_of_all_waves),
        TEST(nor_the_comparison_of_who_left_questions_out),
        TEST(a_side_alone_counts_its_own_people),
        TEST(a_wave_keeps_to_the_rule_of_a_filter),
        TEST(a_group_that_is_the_whole_is_hidden_with_it),
        TEST(also_where_one_of_two_leaves_few_out),
        TEST(waves_alone_hide_only_their_own_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
