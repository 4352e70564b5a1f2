/* The overview's sentences beside their numbers: the finding, what changed since the wave before, the key
 * figures. */
#include "service/measure/fixture.h"

#define HEAD "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},"
#define ITEM_1                                                                                               \
    "{\"code\":\"1\",\"label\":{\"en\":\"Repair\",\"zh-CN\":\"抢修\"},\"expectation\":\"E1\","             \
    "\"perception\":\"P1\"}"
#define ITEM_2                                                                                                 \
    "{\"code\":\"2\",\"label\":{\"en\":\"Bills\",\"zh-CN\":\"账单\"},\"expectation\":\"E2\",\"perception\":" \
    "\"P2\"}"
static const char one_item[] = HEAD "\"items\":[" ITEM_1 "],\"wave\":\"w\"}";
static const char two_items[] = HEAD "\"items\":[" ITEM_1 "," ITEM_2 "],\"wave\":\"w\"}";

static void assert_says(struct mg_wire_text text, const char *en, const char *zh)
{
    assert_string_equal(text.en, en);
    assert_string_equal(text.zh_cn, zh);
}

/* ---- The finding ---- */

static void no_answers(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,E1,P1\n");
    struct mg_wire_overview o = overview(f);
    assert_says(o.finding, "There are no answers yet.", "还没有答案。");
    assert_says(o.basis, "0 responses; 95% intervals", "0 份答卷；区间均为 95%");
    assert_null(o.wave);
    assert_true(o.n_kpis == 0 && o.n_worst == 0 && o.n_trend == 0);
}

/* The same, with dimensions that make the whole. */
static const char weighted_items[] =
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"wave\":\"w\",\"dimensions\":[{\"code\":\"a\","
    "\"weight\":3},{"
    "\"code\":\"b\",\"weight\":1}],\"items\":[{\"code\":\"1\",\"dimension\":\"a\",\"expectation\":\"E1\","
    "\"perception\":\"P1\"},{\"code\":\"2\",\"dimension\":\"b\",\"expectation\":\"E2\",\"perception\":\"P2\"}"
    "]}";

static void the_largest_gap(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, "w,E1,P1,E2,P2\n1,6,5,6,4\n1,7,5,6,4\n1,5,5,7,3\n1,6,5,5,4\n1,7,6,6,4\n");
    struct mg_wire_overview o = overview(f);
    assert_string_equal(o.worst[0].code, "2"); /* −2, −2, −4, −1, −2 */
    assert_near(o.worst[0].gap->value, -2.2);
    assert_says(o.finding, "The largest gap is at Bills: customers expect 6.0 and get 3.8.",
                "最大的差距在账单：客户期望 6.0，只得到 3.8。");
    assert_string_equal(o.finding_code, "2");
    assert_says(o.basis, "5 responses, 5 of them with both expectation and perception; 95% intervals",
                "5 份答卷，其中 5 份期望与感知可配对；区间均为 95%");
}

/* Few spread answers make the lowest mean (−3.2, −8.2 to 1.8), many alike the clear gap (−1.2, −1.8 to −0.6).
 */
static void a_wide_interval_doesnt_hide_a_clear_gap(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, "w,E1,P1,E2,P2\n1,7,1,6,5\n1,7,1,7,5\n1,7,1,6,5\n1,1,5,6,5\n1,7,1,5,4\n");
    struct mg_wire_overview o = overview(f);
    assert_string_equal(o.worst[0].code, "1");
    assert_int_equal(o.worst[0].verdict, MG_WIRE_VERDICT_INCONCLUSIVE);
    assert_int_equal(o.worst[1].verdict, MG_WIRE_VERDICT_SHORT);
    assert_says(o.finding, "The largest gap that is certain is at Bills: customers expect 6.0 and get 4.8.",
                "能确认的差距中，最大的在账单：客户期望 6.0，只得到 4.8。");
    assert_string_equal(o.finding_code, "2");
}

static void inside_the_noise(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,E1,P1\n1,6,5\n1,6,7\n1,5,5\n1,6,5\n1,5,6\n");
    assert_says(overview(f).finding,
                "No gap is certain yet; the largest is at Repair, 5.6 expected and 5.6 perceived.",
                "还没有能确认的差距；最大的在抢修，期望 5.6，感知 5.6，还看不出来。");
}

/* Perceived above expected, yet not for sure (+0.2 and +0.6): none of them is a gap to call the largest. */
static void leads_within_the_noise(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, "w,E1,P1,E2,P2\n1,5,6,5,7\n1,6,5,6,5\n1,5,6,5,7\n1,6,5,6,5\n1,5,6,5,6\n");
    struct mg_wire_overview o = overview(f);
    assert_near(o.worst[0].gap->value, 0.2);
    assert_says(o.finding,
                "No gap is certain yet; the smallest lead is at Repair, 5.4 expected and 5.6 perceived.",
                "还没有能确认的差距；超出最少的是抢修，期望 5.4，感知 5.6，还看不出来。");
}

static void beyond_expectation(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,E1,P1\n1,5,6\n1,5,7\n1,5,6\n1,4,6\n1,5,6\n");
    assert_string_equal(
        overview(f).finding.en,
        "Nothing falls short: even Repair is beyond expectation, 4.8 expected and 6.2 perceived.");
}

/* Everybody differs by exactly −1: there is no interval, but that isn't for want of answers. */
static void answers_all_alike(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,E1,P1\n1,6,5\n1,7,6\n1,5,4\n1,6,5\n1,7,6\n1,4,3\n");
    struct mg_wire_overview o = overview(f);
    assert_int_equal(o.worst[0].verdict, MG_WIRE_VERDICT_UNKNOWN);
    assert_says(o.finding,
                "The largest gap is at Repair, the same for everybody: 5.8 expected and 4.8 perceived.",
                "最大的差距在抢修，人人相同：期望 5.8，感知 4.8。");
}

static void only_perceptions(void **state)
{
    struct fixture *f = *state;
    given(f,
          HEAD "\"items\":[{\"code\":\"1\",\"label\":{\"en\":\"Repair\"},\"perception\":\"P1\"},{\"code\":"
               "\"2\",\"label\":{"
               "\"en\":\"Bills\"},\"perception\":\"P2\"}],\"wave\":\"w\"}",
          "w,P1,P2\n1,5,4\n1,6,3\n1,5,4\n1,5,5\n1,6,4\n2,5,6\n2,6,6\n2,5,7\n2,5,6\n2,6,6\n");
    struct mg_wire_overview o = overview(f);
    assert_string_equal(
        o.finding.en, "The lowest rating is Repair with 5.4; there are no expectations to compare it with.");
    assert_int_equal(o.n_changes, 1);
    assert_string_equal(o.changes[0].sentence.en, "Bills: the rating rose from 4.00 to 6.20.");
    assert_int_equal(o.changes[0].verdict, MG_WIRE_CHANGE_VERDICT_BETTER);
    assert_string_equal(o.basis.en, "5 responses; 95% intervals");
}

/* ---- Changes ---- */

/* The first wave asked no expectations: what was perceived in both has changed, from 4 to 5 on average; of
 * the expectation and the gap there is no change to tell. */
static void perceptions_change_where_the_wave_before_asked_no_expectations(void **state)
{
    struct fixture *f = *state;
    static const char *const studies[] = {one_item, two_items, weighted_items};
    for (size_t i = 0; i < 3; i++) {
        given(f, studies[i],
              "w,E1,P1,E2,P2\n1,,4,,4\n1,,3,,3\n1,,5,,5\n1,,4,,4\n1,,4,,4\n2,6,5,6,5\n2,7,5,7,5\n2,5,4,5,4\n"
              "2,6,6,6,6\n2,7,5,7,5\n");
        struct mg_wire_overview o = overview(f);
        assert_string_equal(o.kpis[1].code, "perception");
        assert_non_null(o.kpis[1].change);
        assert_near(o.kpis[1].change->value, 1);
        assert_near(o.kpis[1].change->high - 1,
                    2.306004135204 * sqrt(0.2)); /* two means with 0.1 of squared error */
        assert_int_equal(o.kpis[1].change_verdict, MG_WIRE_KPI_CHANGE_VERDICT_INCONCLUSIVE);
        assert_null(o.kpis[0].change);
        assert_null(o.kpis[2].change);
        assert_string_equal(o.kpis[2].note,
                            "The wave before has no such figure, so there is no change to tell.");
        assert_null(o.kpis[1].note);
    }
}

/* −3 on average (variance 0.5), then −1 (0.5): each mean has 0.1 of squared error, Welch's df is 8. */
static void a_change_by_hand(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,E1,P1\n1,6,3\n1,7,3\n1,5,3\n1,6,3\n1,7,4\n2,6,5\n2,7,5\n2,5,5\n2,6,5\n2,7,6\n");
    struct mg_wire_overview o = overview(f);
    assert_int_equal(o.n_changes, 1);
    double half = 2.306004135204 * sqrt(0.2); /* t of 8 degrees */
    assert_near(o.changes[0].change->value, 2);
    assert_near(o.changes[0].change->low, 2 - half);
    assert_near(o.changes[0].change->high, 2 + half);
    assert_int_equal(o.changes[0].verdict, MG_WIRE_CHANGE_VERDICT_BETTER);
    assert_says(o.changes[0].sentence, "Repair: the gap narrowed from −3.00 to −1.00.",
                "抢修：差距由 −3.00 缩小到 −1.00。");
    assert_near(o.kpis[2].change->value, 2);
    assert_near(o.kpis[2].change->low, 2 - half);
    assert_string_equal(o.kpis[2].previous_wave, "1");
    assert_int_equal(o.kpis[2].change_verdict, MG_WIRE_KPI_CHANGE_VERDICT_BETTER);
    assert_int_equal(o.kpis[0].change_verdict, MG_WIRE_KPI_CHANGE_VERDICT_INCONCLUSIVE);
}

/* From 2 below to 2 above: it neither widened nor narrowed. */
static void a_gap_that_turns_over(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,E1,P1\n1,6,4\n1,7,4\n1,5,4\n1,6,4\n1,7,5\n2,4,6\n2,4,7\n2,5,6\n2,4,6\n2,4,6\n");
    struct mg_wire_overview o = overview(f);
    assert_near(o.changes[0].change->value, 4);
    assert_int_equal(o.changes[0].verdict, MG_WIRE_CHANGE_VERDICT_BETTER);
    assert_says(o.changes[0].sentence, "Repair: the gap turned from −2.00 to +2.00.",
                "抢修：差距由 −2.00 变为 +2.00。");
    f->request.wave = "1";
    assert_null(overview(f).previous_wave);
}

/* From 3 above to 1 above is worse, though the distance is smaller. */
static void less_beyond_expectation_is_said_as_such(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,E1,P1\n1,3,6\n1,3,7\n1,4,6\n1,3,6\n1,3,6\n2,4,5\n2,4,6\n2,5,5\n2,4,5\n2,4,5\n");
    struct mg_wire_overview o = overview(f);
    assert_int_equal(o.changes[0].verdict, MG_WIRE_CHANGE_VERDICT_WORSE);
    assert_says(o.changes[0].sentence, "Repair: the lead over expectation fell from +3.00 to +1.00.",
                "抢修：超出期望的幅度由 +3.00 降到 +1.00。");
}

/* Wave 1 asked only perceptions: what was a rating then isn't compared with a gap. */
static void a_rating_is_not_compared_with_a_gap(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,E1,P1\n1,,4\n1,,5\n1,,4\n1,,4\n1,,5\n2,6,5\n2,7,5\n2,5,5\n2,6,5\n2,7,6\n");
    struct mg_wire_overview o = overview(f);
    assert_string_equal(o.previous_wave, "1");
    /* Perceptions are there in both: 4.4, then 5.2. */
    for (size_t i = 0; i < o.n_changes; i++)
        assert_null(strstr(o.changes[i].sentence.en, "the gap"));
    assert_null(o.kpis[2].change);
}

static void a_wave_of_few_is_not_compared(void **state)
{
    struct fixture *f = *state;
    given(f, one_item,
          "w,E1,P1\n0,6,1\n0,7,1\n1,6,1\n1,7,1\n1,5,2\n1,6,1\n2,6,5\n2,7,5\n2,5,5\n2,6,5\n2,7,6\n");
    struct mg_wire_overview o = overview(f);
    assert_string_equal(o.wave, "2");
    assert_null(o.previous_wave);
    assert_null(o.kpis[2].change);
    assert_int_equal(o.n_changes, 0);
    assert_true(o.trend[1].n == 4 && !o.trend[1].gap && o.trend[2].gap);
    f->request.wave = "1";
    o = overview(f);
    assert_string_equal(o.finding.en, "Fewer than 5 people answered: nothing is shown yet.");
    assert_true(o.n_kpis == 0 && o.n_worst == 0);
    assert_non_null(strstr(o.basis.en, "4 responses"));
}

/* Six in the wave, one of whom answered item 2 and the outcome: neither is shown. */
static void what_few_of_a_wave_answered(void **state)
{
    struct fixture *f = *state;
    given(f,
          HEAD "\"items\":[" ITEM_1 "," ITEM_2
               "],\"outcomes\":[{\"code\":\"i\",\"kind\":\"index\",\"column\":\"I\"}],"
               "\"wave\":\"w\"}",
          "w,E1,P1,E2,P2,I\n1,6,5,7,1,2\n1,7,5,7,2,1\n1,5,5,,,\n1,6,5,,,\n1,7,6,,,\n1,7,6,,,\n");
    struct mg_wire_overview o = overview(f);
    assert_string_equal(o.worst[0].code, "1");
    const struct mg_wire_gap_row *two = row_of(o.worst, o.n_worst, "2");
    assert_true(two->n == 2 && !two->gap && !two->expectation && !two->perception);
    assert_true(isnan(o.kpis[3].estimate.value) && o.kpis[3].n == 2);
    assert_true(isnan(o.trend[0].scores[0].estimate.value));
    assert_non_null(strstr(o.finding.en, "Repair"));
}

/* Expectations and perceptions from different people: the gap report shows their gap, and so does the
 * overview. */
static void sides_from_different_people(void **state)
{
    struct fixture *f = *state;
    given(f, two_items,
          "w,E1,P1,E2,P2\n1,6,,6,\n1,7,,6,\n1,6,,7,\n1,7,,5,\n1,7,,6,\n1,,4,,5\n1,,5,,5\n1,,3,,6\n1,,4,,5\n1,"
          ",4,,4\n");
    struct mg_wire_gap_report r = gaps(f);
    struct mg_wire_overview o = overview(f);
    assert_near(r.overall.gap->value, 4.5 - 6.3);
    assert_int_equal(o.n_kpis, 3);
    assert_near(o.kpis[0].estimate.value, 6.3);
    assert_near(o.kpis[1].estimate.value, 4.5);
    assert_near(o.kpis[2].estimate.value, r.overall.gap->value);
    assert_near(o.kpis[2].estimate.low, r.overall.gap->low);
    assert_says(o.basis, "10 responses; 95% intervals", "10 份答卷；区间均为 95%");
}

/* Six rows of the wave, three of whom answered: there are answers, too few to show. */
static void all_of_it_from_few(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, "w,E1,P1,E2,P2\n1,6,5,6,5\n1,7,5,6,4\n1,6,4,5,4\n1,,,,\n1,,,,\n1,,,,\n");
    struct mg_wire_overview o = overview(f);
    assert_says(o.finding,
                "Nothing is shown: too few people stand behind the numbers, or behind what is left out.",
                "不显示：这些数（或筛选之外的部分）背后的人太少。");
    assert_null(o.finding_code);
}

static void unknown_waves_and_empty_filters(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_overview o;
    given(f, one_item, "w,E1,P1\n1,6,5\n1,7,5\n1,5,5\n1,6,5\n1,7,6\n");
    f->request.wave = "2";
    assert_int_equal(mg_measure_overview(&f->ctx, &f->request, &o, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.message, "There is no wave “2”.");
    const char *value = "9";
    const struct mg_filter filter = {.column = "E1", .op = MG_FILTER_IN, .values = &value, .n_values = 1};
    f->request.wave = NULL;
    f->request.filters = &filter;
    f->request.n_filters = 1;
    assert_string_equal(overview(f).finding.en, "None of those selected answered in wave “1”.");
}

/* ---- Which rows a wave has ---- */

static void rows_without_a_wave_are_no_wave(void **state)
{
    struct fixture *f = *state;
    given(f, one_item,
          "w,E1,P1\n1,6,3\n1,7,3\n1,5,3\n1,6,3\n1,7,4\n2,6,5\n2,7,5\n2,5,5\n2,6,5\n2,7,6\n,6,1\n,6,1\n,6,1\n,"
          "6,1\n,6,1\n");
    struct mg_wire_overview o = overview(f);
    assert_int_equal(o.n_trend, 2);
    assert_string_equal(o.wave, "2");
    assert_string_equal(o.previous_wave, "1");
    assert_near(o.kpis[2].estimate.value, -1);
}

/* Eight of item 1, six of them of item 2 too: half of the items is enough for a pair, and for the whole. */
static void the_basis_counts_people_with_a_pair(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,E1,P1\n1,6,3\n1,7,3\n1,5,3\n1,6,\n1,,4\n1,6,5\n1,7,5\n1,,\n");
    assert_says(overview(f).basis,
                "8 responses, 5 of them with both expectation and perception; 95% intervals",
                "8 份答卷，其中 5 份期望与感知可配对；区间均为 95%");
}

/* Weights that don't count are those of the wave that is shown. */
static void weights_left_out_of_this_wave(void **state)
{
    struct fixture *f = *state;
    static const char study[] = HEAD "\"items\":[" ITEM_1 "],\"wave\":\"w\",\"weight\":\"k\"}";
    given(f, study,
          "k,w,E1,P1\n0,1,6,3\n-1,1,7,3\n1,1,5,3\n1,1,6,3\n1,1,7,4\n1,1,7,4\n2,1,6,4\n1,2,6,5\n2,2,7,5\n1,2,"
          "5,5\n1,2,6,5\n3,2,7,6\n");
    assert_null(overview(f).weights_left_out);
    f->request.wave = "1";
    const struct mg_wire_overview o = overview(f);
    assert_non_null(o.weights_left_out);
    assert_int_equal(o.weights_left_out->zero, 1);
    assert_int_equal(o.weights_left_out->negative, 1);
}

/* Nobody has said what is little of a score: a change that may be none is inconclusive, however small. */
static void no_change_of_a_score_is_small(void **state)
{
    struct fixture *f = *state;
    static const char study[] =
        HEAD "\"items\":[" ITEM_1
             "],\"outcomes\":[{\"code\":\"o\",\"kind\":\"index\",\"column\":\"O\"}],\"wave\":\"w\"}";
    given(f, study, repeated(f, "n,w,E1,P1,O\n", "%d,1,6,5,4\n0,1,7,5,5\n0,2,6,5,4\n0,2,7,5,5\n", 50));
    const struct mg_wire_overview o = overview(f);
    assert_string_equal(o.kpis[3].code, "o");
    assert_near(o.kpis[3].change->value, 0);
    assert_int_equal(o.kpis[3].change_verdict, MG_WIRE_KPI_CHANGE_VERDICT_INCONCLUSIVE);
    assert_int_equal(o.kpis[1].change_verdict,
                     MG_WIRE_KPI_CHANGE_VERDICT_UNKNOWN); /* perceptions don't vary */
}

/* Five people, once in each of two waves, each two points better off in the second: what is said of a wave is
 * the same whether the overview or the report of that wave says it, t of five; the change is theirs, and has
 * no error. */
/* Ten people with two responses each in wave 2, one each in wave 1. */
static void people_behind_the_responses_are_said(void **state)
{
    struct fixture *f = *state;
    static const char study[] = HEAD "\"items\":[" ITEM_1 "],\"wave\":\"w\",\"customer\":\"c\"}";
    given(f, study, repeated(f, "c,w,E1,P1\n", "%d,1,6,5\n", 10));
    struct mg_wire_overview o = overview(f);
    assert_string_equal(o.basis.en,
                        "10 responses, 10 of them with both expectation and perception; 95% intervals");
    assert_false(o.has_people);
    const char *once = repeated(f, "c,w,E1,P1\nx,1,6,5\n", "q%d,1,7,5\n", 9);
    const char *twice = repeated(f, "", "q%d,2,6,5\n", 10), *again = repeated(f, "", "q%d,2,7,5\n", 10);
    given(f, study, mg_arena_printf(f->ctx.arena, "%s%s%s", once, twice, again));
    o = overview(f);
    assert_says(
        o.basis,
        "20 responses from 10 customers, 20 of them with both expectation and perception; 95% intervals",
        "20 份答卷（来自 10 位客户），其中 20 份期望与感知可配对；区间均为 95%");
    assert_int_equal(o.people, 10);
    f->request.wave = "1";
    assert_false(overview(f).has_people); /* nobody answered it twice */
    f->request.wave = NULL;
    f->request.all_waves = true;
    o = overview(f);
    assert_non_null(strstr(o.basis.en, "30 responses from 11 customers"));
}

/* All 10, then all 9: no spread, so no interval. An outcome that the wave before didn't ask has no change. */
static void a_change_without_interval_says_why(void **state)
{
    struct fixture *f = *state;
    static const char study[] =
        HEAD "\"items\":[" ITEM_1 "],\"outcomes\":[{\"code\":\"n\",\"kind\":\"nps\","
             "\"column\":\"N\"},{\"code\":\"i\",\"kind\":\"index\",\"column\":\"I\"}],"
             "\"wave\":\"w\"}";
    const char *first = repeated(f, "m,w,E1,P1,N,I\n", "%d,1,6,5,10,\n", 6);
    given(f, study,
          mg_arena_printf(f->ctx.arena, "%s%s", first, repeated(f, "", "%d,2,6,5,9,4\n0,2,6,4,9,5\n", 6)));
    struct mg_wire_overview o = overview(f);
    const struct mg_wire_kpi *nps = &o.kpis[3], *asked = &o.kpis[4];
    assert_string_equal(nps->code, "n");
    assert_int_equal(nps->change_verdict, MG_WIRE_KPI_CHANGE_VERDICT_UNKNOWN);
    assert_non_null(strstr(nps->note, "every answer counts the same: the change has no interval"));
    assert_null(asked->change);
    assert_non_null(strstr(asked->note, "The wave before has no such figure"));
}

static void a_wave_is_the_same_wherever_it_is_shown(void **state)
{
    struct fixture *f = *state;
    static const char study[] =
        HEAD "\"items\":[" ITEM_1
             "],\"customer\":\"c\",\"wave\":\"w\",\"groups\":[{\"column\":\"w\"}],\"outcomes\":[{"
             "\"code\":\"s\",\"kind\":\"index\",\"column\":\"P1\"}]}";
    given(f, study,
          "c,w,E1,P1\na,1,7,2\nb,1,7,3\nc,1,7,2\nd,1,7,4\ne,1,7,4\n"
          "a,2,7,4\nb,2,7,5\nc,2,7,4\nd,2,7,6\ne,2,7,6\n");
    struct mg_wire_overview o = overview(f);
    f->request.wave = "2";
    const struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_report by = (f->request.wave = NULL, gaps_by(f, "w"));
    double se = 1 / sqrt(5);
    assert_near(r.items[0].gap->value, -2);
    assert_near(r.items[0].gap->high, -2 + T4 * se);
    assert_near(o.worst[0].gap->high, r.items[0].gap->high);
    assert_near(o.kpis[2].estimate.low, r.overall.gap->low);
    assert_near(o.kpis[3].estimate.low, r.scores[0].estimate.low);
    assert_near(by.groups[1].items[0].gap->high, r.items[0].gap->high);
    assert_near(o.kpis[2].change->value, 2);
    assert_true(isnan(o.kpis[2].change->low));
    assert_true(isnan(o.kpis[3].change->low));
}

/* Group b answered in the first wave only: its numbers of then aren't shown as the newest's. */
static void a_filter_doesnt_change_the_wave(void **state)
{
    struct fixture *f = *state;
    static const char *const b[] = {"b"};
    const struct mg_filter filter = {.column = "g", .op = MG_FILTER_IN, .values = b, .n_values = 1};
    given(f, HEAD "\"items\":[" ITEM_1 "],\"wave\":\"w\",\"groups\":[{\"column\":\"g\"}]}",
          "w,g,E1,P1\n1,b,7,4\n1,b,6,5\n1,b,7,3\n1,b,6,4\n1,b,5,5\n1,b,6,3\n"
          "2,a,7,6\n2,a,6,6\n2,a,7,5\n2,a,6,4\n2,a,5,5\n2,a,6,6\n");
    f->request.filters = &filter, f->request.n_filters = 1;
    struct mg_wire_overview o = overview(f);
    assert_string_equal(o.wave, "2");
    assert_int_equal(o.n_kpis, 0);
    assert_says(o.finding, "None of those selected answered in wave “2”.", "所选的人里，期次“2”没有人回答。");
    f->request.wave = "2";
    o = overview(f);
    assert_string_equal(o.wave, "2");
    f->request.wave = "1";
    o = overview(f);
    assert_true(o.n_kpis > 0);
    f->request.wave = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_answers),
        TEST(the_largest_gap),
        TEST(a_wide_interval_doesnt_hide_a_clear_gap),
        TEST(leads_within_the_noise),
        TEST(inside_the_noise),
        TEST(beyond_expectation),
        TEST(answers_all_alike),
        TEST(only_perceptions),
        TEST(perceptions_change_where_the_wave_before_asked_no_expectations),
        TEST(a_change_by_hand),
        TEST(a_gap_that_turns_over),
        TEST(less_beyond_expectation_is_said_as_such),
        TEST(a_rating_is_not_compared_with_a_gap),
        TEST(a_wave_of_few_is_not_compared),
        TEST(what_few_of_a_wave_answered),
        TEST(sides_from_different_people),
        TEST(all_of_it_from_few),
        TEST(unknown_waves_and_empty_filters),
        TEST(rows_without_a_wave_are_no_wave),
        TEST(the_basis_counts_people_with_a_pair),
        TEST(people_behind_the_responses_are_said),
        TEST(a_change_without_interval_says_why),
        TEST(weights_left_out_of_this_wave),
        TEST(no_change_of_a_score_is_small),
        TEST(a_wave_is_the_same_wherever_it_is_shown),
        TEST(a_filter_doesnt_change_the_wave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
