/* The gap report, number by number: what is missing, weighted, grouped, filtered, paired or not. */
#include "service/measure/two_items.h"

static void a_gap_by_hand(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, by_hand);
    struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_row *one = row_of(r.items, r.n_items, "1");
    double se = sqrt(0.5 / 5);
    assert_int_equal(one->n, 5);
    assert_near(one->expectation->value, 6.2);
    assert_near(one->perception->value, 5.2);
    assert_near(one->gap->value, -1);
    assert_near(one->gap->sd, sqrt(0.5));
    assert_near(one->gap->low, -1 - T4 * se);
    assert_near(one->gap->high, -1 + T4 * se);
    assert_near(one->t, -1 / se);
    assert_near(one->df, 4);
    assert_near(one->d_z, -1 / sqrt(0.5));
    assert_int_equal(one->verdict, MG_WIRE_VERDICT_SHORT);
    /* Item 2: 0, 0, −1, 1, −1: mean −0.2. The whole is the mean of both. */
    assert_near(row_of(r.items, r.n_items, "2")->gap->value, -0.2);
    assert_near(r.overall.gap->value, -0.6);
    assert_string_equal(r.items[0].code, "1"); /* worst first */
    assert_int_equal(r.n_scores, 0);           /* a study without outcomes */
    assert_int_equal(r.rows, 5);
    assert_false(r.weighted);
    assert_true(has_note(&r, "pairwise"));
}

static void nothing_to_read(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report report;
    given(f, two_items, "w,g,E1,P1,E2,P2\n");
    struct mg_gap_request request = {.base = f->request};
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &report, &f->error), MG_E_INESTIMABLE);
    assert_non_null(strstr(f->error.message, "a header but no rows"));
}

static void one_row_has_means_and_no_interval(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, "w,g,E1,P1,E2,P2\n1,a,6,4,,5\n");
    struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_row *one = row_of(r.items, r.n_items, "1");
    assert_near(one->expectation->value, 6);
    assert_near(one->perception->value, 4);
    assert_true(isnan(one->perception->low) && isnan(one->perception->high));
    assert_null(one->gap);
    assert_int_equal(one->verdict, MG_WIRE_VERDICT_UNKNOWN);
    assert_non_null(strstr(one->note, "at least two"));
    assert_false(one->significant);
}

static void all_missing_is_said(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, "w,g,E1,P1,E2,P2\n1,a,99,,6,5\n1,a,NA,99,7,5\n1,a,,x,7,6\n");
    struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_row *one = row_of(r.items, r.n_items, "1");
    assert_int_equal(one->n, 0);
    assert_null(one->expectation);
    assert_null(one->perception);
    assert_string_equal(one->note, "There are no answers.");
    assert_string_equal(r.items[0].code, "2"); /* what has no number comes last */
    assert_near(row_of(r.items, r.n_items, "2")->gap->value, -4.0 / 3);
}

static void equal_differences_have_no_interval(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, "w,g,E1,P1,E2,P2\n1,a,6,5,5,5\n1,a,7,6,6,6\n1,a,5,4,7,6\n");
    struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_row *one = row_of(r.items, r.n_items, "1");
    assert_near(one->gap->value, -1);
    assert_true(isnan(one->gap->low) && isnan(one->t) && isnan(one->p));
    assert_int_equal(one->verdict, MG_WIRE_VERDICT_UNKNOWN);
    assert_non_null(strstr(one->note, "Every difference is the same"));
}

static void off_the_scale_counts_as_missing_and_is_counted(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, "w,g,E1,P1,E2,P2\n1,a,6,5,5,5\n1,a,7,8,6,6\n1,a,0,4,7,6\n1,a,6,4,7,6\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(row_of(r.items, r.n_items, "1")->n, 2);
    assert_near(row_of(r.items, r.n_items, "1")->gap->value, -1.5);
    assert_int_equal(r.out_of_range, 2);
}

/* Weights of 2 and 1 are the same means as answers that stand twice; n stays the number of rows. Kish:
 * (Σw)²/Σw² = 64/14. A weight of 0 and a missing one leave the row out. */
static void weights(void **state)
{
    struct fixture *f = *state;
    static const char study[] = HEAD "\"items\":[" ITEM_1 "],\"weight\":\"k\"," TAIL;
    given(f, study,
          "k,w,g,E1,P1\n2,1,a,6,5\n2,1,a,7,4\n2,1,a,6,6\n1,1,a,7,5\n1,1,a,5,5\n0,1,a,7,1\n,1,a,7,1\n");
    struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_row *one = row_of(r.items, r.n_items, "1");
    assert_true(r.weighted);
    assert_int_equal(one->n, 5);
    /* (2·−1 + 2·−3 + 2·0 + −2 + 0)/8 */
    assert_near(one->gap->value, -10.0 / 8);
    assert_near(one->expectation->value, (12 + 14 + 12 + 7 + 5) / 8.0);
    assert_near(one->n_effective, 64.0 / 14);
    /* Leaving out each row in turn: SE² = 4/5 Σ(θ₍i₎ − θ̄)², df = n_eff − 1. */
    static const double w[] = {2, 2, 2, 1, 1}, d[] = {-1, -3, 0, -2, 0};
    double mean = 0, squares = 0;
    for (size_t i = 0; i < 5; i++)
        mean += (-10 - w[i] * d[i]) / (8 - w[i]) / 5;
    for (size_t i = 0; i < 5; i++)
        squares += pow((-10 - w[i] * d[i]) / (8 - w[i]) - mean, 2);
    assert_near(one->t, -1.25 / sqrt(4.0 / 5 * squares));
    assert_near(one->df, 64.0 / 14 - 1);
    assert_int_equal(r.interval, MG_WIRE_GAP_REPORT_INTERVAL_JACKKNIFE);
    assert_near(r.design_effect, 5 / (64.0 / 14));
}

static void listwise_takes_whole_rows_only(void **state)
{
    struct fixture *f = *state;
    static const char study[] =
        "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"missing\":{\"codes\":[7],\"rule\":"
        "\"listwise\"},\"items\":[" ITEM_1 "," ITEM_2 "]," TAIL;
    given(f, study, "w,g,E1,P1,E2,P2\n1,a,6,5,5,5\n1,a,6,3,,6\n1,a,5,5,6,5\n1,a,7,1,5,5\n1,a,6,3,6,0\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(r.rows, 2); /* 7 is a code here, 0 is off the scale */
    assert_near(row_of(r.items, r.n_items, "1")->gap->value, -0.5);
    assert_true(has_note(&r, "the 2 rows with every expectation"));
}

static void a_reversed_item_is_turned_round(void **state)
{
    struct fixture *f = *state;
    static const char study[] =
        HEAD "\"items\":[{\"code\":\"1\",\"expectation\":\"E1\",\"perception\":\"P1\","
             "\"reverse\":true}]," TAIL;
    given(f, study, "w,g,E1,P1\n1,a,1,3\n1,a,2,3\n1,a,1,2\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_near(r.items[0].expectation->value, 8 - 4.0 / 3);
    assert_near(r.items[0].gap->value, -4.0 / 3);
}

static void expectations_alone(void **state)
{
    struct fixture *f = *state;
    static const char study[] = HEAD "\"items\":[{\"code\":\"1\",\"expectation\":\"E1\"}," ITEM_2 "]," TAIL;
    given(f, study, "w,g,E1,E2,P2\n1,a,6,5,4\n1,a,7,6,6\n1,a,5,7,5\n");
    struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_row *one = row_of(r.items, r.n_items, "1");
    assert_near(one->expectation->value, 6);
    assert_null(one->perception);
    assert_null(one->gap);
    assert_int_equal(one->n, 3);
    assert_near(r.overall.gap->value, -1); /* of the item that has both */
}

/* Two samples: 6, 7, 6 expected (mean 19/3, variance 1/3) and 4, 5, 3, 4 perceived (4, 2/3). */
static void sides_from_different_people(void **state)
{
    struct fixture *f = *state;
    static const char study[] = HEAD "\"items\":[" ITEM_1 "]," TAIL;
    given(f, study, "w,g,E1,P1\n1,a,6,\n1,a,7,\n1,a,6,\n1,a,,4\n1,a,,5\n1,a,,3\n1,a,,4\n");
    struct mg_wire_gap_report r = gaps(f);
    double v_e = 1.0 / 9, v_p = 1.0 / 6, v = v_e + v_p;
    assert_near(r.items[0].gap->value, 4 - 19.0 / 3);
    assert_near(r.items[0].t, (4 - 19.0 / 3) / sqrt(v));
    assert_near(r.items[0].df, v * v / (v_e * v_e / 2 + v_p * v_p / 3));
    assert_near(r.overall.gap->value, 4 - 19.0 / 3);
    assert_int_equal(r.items[0].n, 7);
    assert_true(has_note(&r, "different people"));
}

/* ---- Groups and filters ---- */

static const char groups_csv[] =
    "w,g,E1,P1,E2,P2\n"
    "1,a,6,5,5,5\n1,a,7,5,6,6\n1,a,5,5,7,6\n1,a,6,5,5,6\n1,a,7,6,6,5\n1,a,6,5,6,6\n"
    "1,b,6,5,5,5\n1,b,7,5,6,6\n1,b,5,5,7,6\n1,b,6,5,5,6\n"
    "1,c,6,2,5,5\n1,c,7,2,6,6\n1,c,5,2,7,6\n1,c,6,2,5,6\n1,c,7,2,5,6\n"
    "1,,6,1,,\n1,,7,2,,\n1,,7,1,,\n1,,6,1,,\n1,,6,1,,\n1,,6,2,5,5\n";

static void a_group_of_four_is_named_and_not_shown(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, groups_csv);
    struct mg_wire_gap_report r = gaps_by(f, "g");
    assert_int_equal(r.n_groups, 4);
    const struct mg_wire_gap_group *none = &r.groups[0], *a = &r.groups[1], *b = &r.groups[2],
                                   *c = &r.groups[3];
    assert_null(none->keys[0].value); /* whose group isn't known come first */
    assert_string_equal(a->keys[0].value, "a");
    assert_true(!a->suppressed && a->n == 6);
    assert_near(row_of(a->items, a->n_items, "1")->gap->value, -1);
    assert_true(b->suppressed && b->n == 4);
    assert_null(b->overall);
    assert_int_equal(b->n_items, 0);
    assert_int_equal(b->n_scores, 0);
    assert_true(has_note(&r, "Groups not shown: 1, each with fewer than 5"));
    /* The whole less the other groups would tell what b said: the smallest of them is hidden too. Of item 2
     * four and one are hidden, and five can't be told apart. */
    assert_null(row_of(c->items, c->n_items, "1")->perception);
    assert_non_null(row_of(c->items, c->n_items, "2")->gap);
    /* Six people, one of whom answered item 2: only that one is counted. */
    assert_false(none->suppressed);
    assert_near(row_of(none->items, none->n_items, "1")->gap->value, -5);
    const struct mg_wire_gap_row *two = row_of(none->items, none->n_items, "2");
    assert_int_equal(two->n, 1);
    assert_null(two->expectation);
    assert_null(two->perception);
    assert_string_equal(two->note, "too few respondents to show");
}

static int filtered(struct fixture *f, const char *value, struct mg_wire_gap_report *ret)
{
    const struct mg_filter filter = {.column = "g", .op = MG_FILTER_IN, .values = &value, .n_values = 1};
    struct mg_gap_request request = {.base = f->request};
    request.base.filters = &filter;
    request.base.n_filters = 1;
    return mg_measure_gaps(&f->ctx, &request, ret, &f->error);
}

/* The filter leaves out two people: what it selects isn't shown, for the whole would tell about the two. */
static void a_filter_doesnt_tell_of_the_few_it_leaves_out(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    given(f, two_items,
          "w,g,E1,P1,E2,P2\n1,a,6,5,5,5\n1,a,7,5,6,6\n1,a,5,5,7,6\n1,a,6,5,5,6\n1,a,7,6,6,5\n1,b,6,1,,\n"
          "1,b,7,2,,\n");
    SUCCEEDS(filtered(f, "a", &r));
    assert_null(row_of(r.items, r.n_items, "1")->perception);
    assert_null(r.overall.gap);
    assert_non_null(row_of(r.items, r.n_items, "2")->gap); /* nobody else answered it */
}

/* a: −1, −1, −2, −2, −1, −2 against b: −3, −4, −3, −4, −3, −4; Welch's test of the two. */
static void each_group_against_the_others(void **state)
{
    struct fixture *f = *state;
    static const char study[] = HEAD "\"items\":[" ITEM_1 "]," TAIL;
    given(f, study,
          "w,g,E1,P1\n1,a,6,5\n1,a,7,6\n1,a,7,5\n1,a,6,4\n1,a,5,4\n1,a,7,5\n"
          "1,b,6,3\n1,b,7,3\n1,b,6,3\n1,b,7,3\n1,b,5,2\n1,b,6,2\n");
    struct mg_wire_gap_report r = gaps_by(f, "g");
    const struct mg_wire_gap_row *a = &r.groups[0].items[0], *b = &r.groups[1].items[0];
    double half = 2.228138851965 * sqrt(2 * 0.3 / 6); /* each variance .3, t of 10 */
    assert_near(a->difference->value, 2);
    assert_near(a->difference->high, 2 + half);
    assert_near(b->difference->low, -2 - half);
    assert_near(a->p_difference_holm, a->p_difference); /* two groups are one comparison */
    assert_true(a->differs && r.groups[0].overall->differs);
    assert_true(has_note(&r, "The overall gaps of the two groups differ: “a” less the other, +2.00 (+1.30 to "
                             "+2.70; p < 0.001)."));
    assert_false(has_note(&r, "all others together"));
    for (size_t i = 0; i < r.n_notes; i++)
        assert_null(strstr(r.notes[i].zh_cn, "less the other"));
}

static void one_group_is_the_whole(void **state)
{
    struct fixture *f = *state;
    given(f, two_items, "w,g,E1,P1,E2,P2\n1,a,6,5,5,5\n1,a,7,5,6,6\n1,a,5,5,7,6\n1,a,6,5,5,6\n1,a,7,6,6,5\n");
    struct mg_wire_gap_report r = gaps_by(f, "g");
    assert_int_equal(r.n_groups, 1);
    assert_near(r.groups[0].overall->gap->value, r.overall.gap->value);
    assert_near(r.groups[0].overall->gap->high, r.overall.gap->high);
    assert_false(r.groups[0].overall->has_shrunk); /* nothing to shrink towards */
}

static void filters_make_groups_too(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    given(f, two_items, groups_csv);
    assert_int_equal(filtered(f, "nobody", &r), MG_E_INESTIMABLE);
    assert_non_null(strstr(f->error.message, "the filters leave nothing"));
    assert_int_equal(filtered(f, "b", &r), MG_E_INESTIMABLE);
    assert_non_null(strstr(f->error.message, "fewer than 5"));
    SUCCEEDS(filtered(f, "a", &r));
    assert_near(row_of(r.items, r.n_items, "1")->gap->value, -1);
}

/* Seven people remain, one of whom answered item 2: that answer isn't shown by filtering down to it. */
static void a_filter_hides_what_few_answered(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    given(f, two_items,
          "w,g,E1,P1,E2,P2\n1,a,6,5,,\n1,a,7,5,,\n1,a,5,5,7,2\n1,a,6,5,,\n1,a,7,6,,\n1,b,7,6,6,6\n"
          "1,b,7,6,6,5\n1,b,7,6,6,5\n1,b,7,6,6,5\n1,b,7,6,6,5\n");
    SUCCEEDS(filtered(f, "a", &r));
    assert_near(row_of(r.items, r.n_items, "1")->gap->value, -1);
    const struct mg_wire_gap_row *two = row_of(r.items, r.n_items, "2");
    assert_null(two->expectation);
    assert_null(two->perception);
    assert_int_equal(two->n, 1);
    SUCCEEDS(mg_measure_gaps(&f->ctx, &(struct mg_gap_request){.base = f->request}, &r, &f->error));
    assert_non_null(row_of(r.items, r.n_items, "2")->gap); /* of everybody: shown */
}

/* Eight of group a answered item 1, each part of which fewer answered: nothing is shown of those few, though
 * the eight are. */
static void a_number_of_few_beside_those_of_many(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    static const char study[] =
        HEAD "\"items\":[{\"code\":\"1\",\"expectation\":\"E1\",\"perception\":\"P1\",\"adequate\":\"A1\","
             "\"importance\":\"I1\"},{\"code\":\"2\",\"expectation\":\"E2\",\"perception\":\"P2\"}]," TAIL;
    given(f, study,
          "w,g,E1,P1,A1,I1,E2,P2\n1,a,6,5,4,7,7,2\n1,a,7,5,5,6,,3\n1,a,5,5,4,7,,2\n1,a,6,5,5,5,,4\n"
          "1,a,7,6,,,,3\n1,a,6,4,,,,3\n1,a,6,5,,,,2\n1,a,7,5,,,,1\n1,b,7,6,5,6,6,6\n1,b,6,6,5,7,7,5\n"
          "1,b,6,6,5,7,7,5\n1,b,6,6,5,7,7,5\n1,b,6,6,5,7,7,5\n");
    SUCCEEDS(filtered(f, "a", &r));
    const struct mg_wire_gap_row *one = row_of(r.items, r.n_items, "1");
    const struct mg_wire_gap_row *two = row_of(r.items, r.n_items, "2");
    assert_non_null(one->gap);
    assert_null(one->adequate);
    assert_null(one->msa);
    assert_false(one->has_zone);
    assert_null(one->importance);
    assert_near(two->perception->value, 2.5); /* of eight */
    assert_null(two->expectation);            /* of one */
    SUCCEEDS(mg_measure_gaps(&f->ctx, &(struct mg_gap_request){.base = f->request}, &r, &f->error));
    assert_non_null(row_of(r.items, r.n_items, "1")->importance); /* of everybody: shown */
}

/* Perceived against 4 adequate and 7 desired: MSA and MSS decide by their intervals, not by their values. */
static enum mg_wire_gap_row_zone zone_where(struct fixture *f, const char *csv)
{
    static const char study[] = HEAD
        "\"items\":[{\"code\":\"1\",\"expectation\":\"E1\",\"perception\":\"P1\",\"adequate\":\"A1\"}]," TAIL;
    given(f, study, csv);
    struct mg_wire_gap_report r = gaps(f);
    assert_true(r.items[0].has_zone);
    return r.items[0].zone;
}

static void the_zone_follows_the_intervals(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(zone_where(f, "w,g,E1,P1,A1\n1,a,7,5,4\n1,a,7,5,4\n1,a,7,6,4\n1,a,7,5,4\n1,a,7,6,4\n"),
                     MG_WIRE_GAP_ROW_ZONE_INSIDE);
    assert_int_equal(zone_where(f, "w,g,E1,P1,A1\n1,a,7,2,4\n1,a,7,1,4\n1,a,7,2,4\n1,a,7,2,4\n1,a,7,1,4\n"),
                     MG_WIRE_GAP_ROW_ZONE_BELOW);
    assert_int_equal(zone_where(f, "w,g,E1,P1,A1\n1,a,5,7,4\n1,a,5,6,4\n1,a,5,7,4\n1,a,5,7,4\n1,a,5,6,4\n"),
                     MG_WIRE_GAP_ROW_ZONE_ABOVE);
    assert_int_equal(zone_where(f, "w,g,E1,P1,A1\n1,a,7,5,4\n1,a,7,4,4\n1,a,7,3,4\n1,a,7,4,4\n1,a,7,3,4\n"),
                     MG_WIRE_GAP_ROW_ZONE_INCONCLUSIVE); /* MSA −0.2: not below for certain */
    assert_int_equal(zone_where(f, "w,g,E1,P1,A1\n1,a,6,7,4\n1,a,6,6,4\n1,a,6,5,4\n1,a,6,7,4\n1,a,6,6,4\n"),
                     MG_WIRE_GAP_ROW_ZONE_INCONCLUSIVE); /* MSS +0.2 */
}

static void few_of_one_side_of_two_samples(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    static const char study[] = HEAD "\"items\":[" ITEM_1 "]," TAIL;
    given(f, study, "w,g,E1,P1\n1,a,6,\n1,a,7,\n1,a,,4\n1,a,,5\n1,a,,3\n1,a,,4\n1,a,,4\n1,a,,6\n");
    SUCCEEDS(filtered(f, "a", &r));
    assert_null(r.items[0].expectation);
    assert_null(r.items[0].gap);
    assert_null(r.overall.gap);
    assert_int_equal(r.items[0].n, 8);
}

/* Six rows, two of which answered: their reliability is of two people. */
static void reliability_of_few_is_not_shown(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    given(f, two_items,
          "w,g,E1,P1,E2,P2\n1,a,6,5,5,4\n1,a,7,3,6,3\n1,a,,,,\n1,a,,,,\n1,a,,,,\n1,a,,,,\n1,b,7,6,6,6\n");
    SUCCEEDS(filtered(f, "a", &r));
    assert_int_equal(r.n_reliability, 1);
    assert_int_equal(r.reliability[0].n, 2);
    assert_false(r.reliability[0].has_alpha_perception);
    assert_false(r.reliability[0].has_alpha_expectation);
    assert_false(r.reliability[0].has_alpha_difference);
    assert_false(r.reliability[0].has_r_difference);
    assert_string_equal(r.reliability[0].note, "too few respondents to show");
}

/* Holm's correction counts the tests that are shown: of item 2 there is none. */
static void a_hidden_test_is_none_of_the_family(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    given(f, two_items,
          "w,g,E1,P1,E2,P2\n1,a,6,5,7,1\n1,a,7,5,7,2\n1,a,5,5,,\n1,a,6,5,,\n1,a,7,6,,\n1,b,7,6,6,6\n"
          "1,b,7,6,6,6\n1,b,7,6,6,6\n1,b,7,6,6,6\n1,b,7,6,6,6\n");
    SUCCEEDS(filtered(f, "a", &r));
    const struct mg_wire_gap_row *one = row_of(r.items, r.n_items, "1");
    assert_null(row_of(r.items, r.n_items, "2")->gap);
    assert_near(one->p_holm, one->p);
}

/* Six people, one of whom said how likely it is that they recommend: the group's score is that one's answer.
 */
static void a_score_of_few_is_not_shown(void **state)
{
    struct fixture *f = *state;
    static const char study[] =
        HEAD "\"items\":[" ITEM_1 "],\"outcomes\":[{\"code\":\"n\",\"kind\":\"nps\",\"column\":"
             "\"N\"},{\"code\":\"i\",\"kind\":\"index\",\"column\":\"I\"}]," TAIL;
    given(f, study,
          "w,g,E1,P1,N,I\n1,a,6,5,0,2\n1,a,7,5,0,1\n1,a,5,5,,\n1,a,6,5,,\n1,a,7,6,,\n1,a,6,6,,\n"
          "1,b,6,5,9,5\n1,b,7,5,10,6\n1,b,5,5,9,7\n1,b,6,5,3,5\n1,b,7,6,8,4\n1,b,7,6,8,4\n"
          "1,c,6,5,8,5\n1,c,7,5,8,6\n1,c,5,5,8,7\n1,c,6,5,8,5\n1,c,7,6,8,4\n");
    struct mg_wire_gap_report r = gaps_by(f, "g");
    const struct mg_wire_gap_group *a = &r.groups[0], *b = &r.groups[1];
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(a->scores[i].n, 2);
        assert_true(isnan(a->scores[i].estimate.value) && isnan(a->scores[i].estimate.low));
        assert_false(a->scores[i].has_mean || a->scores[i].has_top || a->scores[i].has_bottom);
        assert_string_equal(a->scores[i].note, "too few respondents to show");
    }
    assert_near(b->scores[0].estimate.value, 100 * (3 - 1) / 6.0);
    assert_near(b->scores[0].top, 0.5);
    assert_near(b->scores[0].bottom, 1 / 6.0);
    assert_true(isnan(r.groups[2].scores[0].estimate.value)); /* the whole less b and c would tell of a */
    /* of everybody: 3 promoters and 3 detractors among 13 */
    assert_near(r.scores[0].estimate.value, 0);
    assert_int_equal(r.scores[0].n, 13);
}

static void unknown_names(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    given(f, two_items, by_hand);
    const char *by = "nothing";
    struct mg_gap_request request = {.base = f->request, .by = &by, .n_by = 1};
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "by");
    by = "E1"; /* a column, but no group: the command line may */
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_INVALID);
    request.any_column = true;
    SUCCEEDS(mg_measure_gaps(&f->ctx, &request, &r, &f->error));
    assert_int_equal(r.n_groups, 3);
    request.n_by = 0;
    request.base.wave = "7";
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_INESTIMABLE);
    given(f, HEAD "\"items\":[" ITEM_1 "]}", by_hand);
    request = (struct mg_gap_request){.base = f->request};
    request.base.wave = "1";
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_INVALID);
    assert_non_null(strstr(f->error.message, "no wave column"));
}

static void too_many_groups(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    const char *by = "g";
    given(f, two_items, repeated(f, "w,g,E1,P1,E2,P2\n", "1,%d,6,5,5,5\n", MG_MEASURE_GROUPS_MAX));
    assert_int_equal(gaps_by(f, by).n_groups, MG_MEASURE_GROUPS_MAX);
    given(f, two_items, repeated(f, "w,g,E1,P1,E2,P2\n", "1,%d,6,5,5,5\n", MG_MEASURE_GROUPS_MAX + 1));
    struct mg_gap_request request = {.base = f->request, .by = &by, .n_by = 1};
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_LIMIT);
}

static void cancelled(void **state)
{
    struct fixture *f = *state;
    struct mg_stop stop;
    struct mg_wire_gap_report r;
    given(f, two_items, by_hand);
    mg_stop_init(&stop);
    mg_stop_ask(&stop, MG_STOP_CANCELLED);
    f->ctx.stop = f->request.source.stop = &stop;
    struct mg_gap_request request = {.base = f->request, .boot = 1000};
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_CANCELLED);
    f->request.source.stop = NULL; /* the engine isn't asked: the loops look too */
    request.base = f->request;
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_CANCELLED);
    mg_stop_done(&stop);
}

/* ---- The whole, its weights and what was planted ---- */

#define DIMENSIONS(a, b)                                                                                     \
    "\"dimensions\":[{\"code\":\"a\"" a ",\"truth\":-1},{\"code\":\"b\"" b ",\"truth\":-3}],"
#define MEMBERS                                                                                              \
    "\"items\":[{\"code\":\"1\",\"dimension\":\"a\",\"expectation\":\"E1\",\"perception\":\"P1\","           \
    "\"adequate\":\"A1\"},"                                                                                  \
    "{\"code\":\"2\",\"dimension\":\"a\",\"expectation\":\"E2\",\"perception\":\"P2\",\"adequate\":\"A2\"}," \
    "{\"code\":\"3\",\"dimension\":\"b\",\"expectation\":\"E3\",\"perception\":\"P3\",\"adequate\":\"A3\"}]" \
    ","

/* Gaps of the items are −1, −1 and −3 on average. */
static const char three_csv[] =
    "E1,P1,A1,E2,P2,A2,E3,P3,A3\n6,5,4,6,4,4,6,3,4\n7,6,5,5,5,4,7,4,4\n6,5,3,7,5,3,7,3,5\n"
    "5,4,4,6,6,5,6,4,5\n6,5,4,6,5,4,7,4,5\n";

/* Without weights the whole is the mean of the items, and so is what was planted: (−1 −1 −3)/3. */
static void the_planted_whole_is_what_is_estimated(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD "\"simulated\":true," DIMENSIONS("", "") MEMBERS "\"title\":\"x\"}", three_csv);
    struct mg_wire_gap_report r = gaps(f);
    assert_near(row_of(r.dimensions, 2, "a")->truth, -1);
    assert_near(row_of(r.dimensions, 2, "b")->truth, -3);
    assert_near(r.overall.gap->value, -5.0 / 3);
    assert_near(r.overall.truth, -5.0 / 3);
    assert_true(has_note(&r, "Simulated"));
}

/* Three parts of a (−1) and one of b (−3): −1.5. The tolerance zone is about the same whole: A is (3·4
 * + 4.6)/4. */
static void a_weighted_whole_is_of_one_piece(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD DIMENSIONS(",\"weight\":3", ",\"weight\":1") MEMBERS "\"title\":\"x\"}", three_csv);
    struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_row *a = row_of(r.dimensions, 2, "a"), *b = row_of(r.dimensions, 2, "b");
    assert_near(r.overall.gap->value, -1.5);
    assert_near(r.overall.truth, -1.5);
    assert_near(r.overall.gap->value, r.overall.perception->value - r.overall.expectation->value);
    assert_near(r.overall.mss->value, r.overall.gap->value);
    assert_near(r.overall.adequate->value, (3 * a->adequate->value + b->adequate->value) / 4);
    assert_near(r.overall.msa->value, r.overall.perception->value - r.overall.adequate->value);
}

/* Two samples and weights of 3 and 1: of (3a + b)/4 three people expect 6.25, 6.75, 6 and three others
 * perceive 5, 4.25, 3.5. */
static void a_weighted_whole_of_two_samples(void **state)
{
    struct fixture *f = *state;
    given(f,
          HEAD DIMENSIONS(",\"weight\":3",
                          ",\"weight\":1") "\"items\":[{\"code\":\"1\",\"dimension\":\"a\","
                                           "\"expectation\":\"E1\",\"perception\":\"P1\"},{\"code\":\"2\","
                                           "\"dimension\":\"b\",\"expectation\":\"E2\","
                                           "\"perception\":\"P2\"}]}",
          "E1,P1,E2,P2\n6,,7,\n7,,6,\n6,,6,\n,5,,5\n,4,,5\n,3,,5\n");
    struct mg_wire_gap_report r = gaps(f);
    const double e = (6.25 + 6.75 + 6) / 3, p = (5 + 4.25 + 3.5) / 3;
    double v_e = (pow(6.25 - e, 2) + pow(6.75 - e, 2) + pow(6 - e, 2)) / 2 / 3, v_p = 0.75 * 0.75 / 3;
    assert_near(r.overall.expectation->value, e);
    assert_near(r.overall.perception->value, p);
    assert_near(r.overall.gap->value, p - e);
    assert_near(r.overall.t, (p - e) / sqrt(v_e + v_p));
    assert_near(r.overall.df, pow(v_e + v_p, 2) / (v_e * v_e / 2 + v_p * v_p / 2));
    assert_int_equal(r.overall.n, 6);
    assert_non_null(strstr(r.overall.note, "different people"));
}

static void the_interval_that_was_asked_for_is_everywhere(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD DIMENSIONS("", "") MEMBERS "\"title\":\"x\"}", three_csv);
    struct mg_gap_request request = {.base = f->request, .boot = 2000, .seed = 1};
    struct mg_wire_gap_report r, t = gaps(f);
    SUCCEEDS(mg_measure_gaps(&f->ctx, &request, &r, &f->error));
    assert_int_equal(r.interval, MG_WIRE_GAP_REPORT_INTERVAL_BCA);
    assert_true(fabs(row_of(r.items, 3, "3")->gap->low - row_of(t.items, 3, "3")->gap->low) > 1e-3);
    for (size_t i = 0; i < r.n_items; i++)
        if (r.items[i].gap && r.items[i].mss) {
            assert_near(r.items[i].mss->value, r.items[i].gap->value);
            assert_true(r.items[i].mss->low == r.items[i].gap->low || isnan(r.items[i].gap->low));
        }
}

static void different_scales_make_no_whole(void **state)
{
    struct fixture *f = *state;
    given(f,
          HEAD "\"items\":[" ITEM_1
               ",{\"code\":\"2\",\"expectation\":\"E2\",\"perception\":\"P2\",\"scale\":{\"min\":0,"
               "\"max\":10}}]," TAIL,
          by_hand);
    struct mg_wire_gap_report r = gaps(f);
    assert_null(r.overall.gap);
    assert_non_null(strstr(r.overall.note, "different scales"));
    assert_true(has_note(&r, "no overall score"));
    assert_true(r.scale.min == 0 && r.scale.max == 10);
}

/* ---- The wave is a filter too ---- */

static void a_wave_of_few_is_not_a_report(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    given(f, two_items,
          "w,g,E1,P1,E2,P2\n1,a,6,5,5,5\n1,a,7,5,6,6\n1,a,5,5,7,6\n1,a,6,5,5,6\n1,a,7,6,6,5\n1,a,7,6,6,5\n"
          "2,a,7,1,6,5\n2,a,7,2,6,5\n2,a,6,1,6,5\n");
    f->request.wave = "2";
    struct mg_gap_request request = {.base = f->request};
    assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_INESTIMABLE);
    assert_non_null(strstr(f->error.message, "fewer than 5"));
    request.base.k = 2;
    SUCCEEDS(mg_measure_gaps(&f->ctx, &request, &r, &f->error));
    assert_near(row_of(r.items, r.n_items, "1")->gap->value, -16.0 / 3);
}

/* Weights of 1 and 9: of forty rows 40·100/(8 + 32·…) are left. Equal ones say nothing of the kind. */
static void few_effective_responses_are_said(void **state)
{
    struct fixture *f = *state;
    static const char study[] = HEAD "\"items\":[" ITEM_1 "],\"weight\":\"k\"," TAIL;
    given(f, study,
          repeated(f, "k,r,w,g,E1,P1\n", "1,%d,1,a,6,5\n1,0,1,a,7,5\n1,0,1,a,6,4\n100,0,1,a,5,5\n", 10));
    struct mg_wire_gap_report r = gaps(f);
    assert_true(r.overall.n == 40 && r.overall.n_effective < 11);
    assert_true(has_note(&r, "fewer than 30 effective responses"));
    given(f, study,
          repeated(f, "k,r,w,g,E1,P1\n", "1,%d,1,a,6,5\n1,0,1,a,7,5\n1,0,1,a,6,4\n1,0,1,a,5,5\n", 10));
    r = gaps(f);
    assert_near(r.overall.n_effective, 40);
    assert_false(has_note(&r, "effective responses"));
}

/* ---- The zone of a weighted whole ---- */

#define MINIMUM(n, d)                                                                                        \
    "{\"code\":\"" n "\",\"dimension\":\"" d "\",\"expectation\":\"E" n "\",\"perception\":\"P" n            \
    "\",\"adequate\":\"A" n "\"}"
static const char weighted_zone[] =
    HEAD "\"dimensions\":[{\"code\":\"a\",\"weight\":3},{\"code\":\"b\",\"weight\":1}],\"items\":[" MINIMUM(
        "1", "a") "," MINIMUM("2", "b") "],\"customer\":\"c\"," TAIL;

/* Twelve people gave both sides, four of them a minimum: of these few the whole's zone would tell. */
static void the_zone_of_few_is_not_told_of_the_whole(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r;
    given(f, weighted_zone,
          "c,w,g,E1,P1,A1,E2,P2,A2\n1,1,a,6,5,4,5,5,4\n2,1,a,7,5,3,6,6,3\n3,1,a,5,4,3,7,6,3\n4,1,a,6,4,2,5,7,"
          "4\n"
          "5,1,a,7,5,,6,6,\n6,1,a,6,4,,7,6,\n7,1,a,7,5,,6,5,\n8,1,a,7,4,,6,7,\n9,1,a,6,4,,7,6,\n10,1,a,7,5,,"
          "6,5,\n"
          "11,1,a,7,4,,6,7,\n12,1,a,7,5,,6,6,\n");
    SUCCEEDS(filtered(f, "a", &r));
    assert_non_null(r.overall.gap);
    assert_true(!r.overall.msa && !r.overall.adequate && !r.overall.mss && !r.overall.has_zone);
    SUCCEEDS(mg_measure_gaps(&f->ctx, &(struct mg_gap_request){.base = f->request}, &r, &f->error));
    assert_non_null(r.overall.msa); /* of everybody: shown */
}

#define MINIMA 300

/* MSA of the weighted whole: P − A of each item over those who gave its minimum. */
static double msa_without(int rows[MINIMA][4], int left_out)
{
    double sum[2] = {0}, n[2] = {0};
    for (int i = 0; i < MINIMA; i++)
        for (int d = 0; d < 2 && i != left_out; d++)
            if (rows[i][2 * d + 1])
                sum[d] += rows[i][2 * d] - rows[i][2 * d + 1], n[d]++;
    return (3 * sum[0] / n[0] + sum[1] / n[1]) / 4;
}

/* Two in five gave no minimum: the whole's standard error is that of leaving out a person at a time. */
static void a_minimum_that_not_everybody_gave(void **state)
{
    struct fixture *f = *state;
    int rows[MINIMA][4];
    unsigned seed = 5;
    struct mg_buf csv;
    mg_buf_init(&csv, 1 << 16);
    mg_buf_puts(&csv, "c,w,g,E1,P1,A1,E2,P2,A2\n");
    for (int i = 0; i < MINIMA; i++) {
        int person = (int)((seed = seed * 1103515245u + 12345u) >> 16) % 3;
        for (int c = 0; c < 4; c++) {
            seed = seed * 1103515245u + 12345u;
            rows[i][c] = 2 + person + (int)(seed >> 16) % 3;
            if (c % 2 && (int)(seed >> 20) % 5 < 2)
                rows[i][c] = 0;
        }
        mg_buf_printf(&csv, "%d,1,a,7,%d,%.0d,6,%d,%.0d\n", i, rows[i][0], rows[i][1], rows[i][2],
                      rows[i][3]);
    }
    given(f, weighted_zone, csv.data);
    mg_buf_done(&csv);
    const struct mg_wire_gap_report r = gaps(f);
    double mean = 0, squares = 0;
    for (int i = 0; i < MINIMA; i++)
        mean += msa_without(rows, i) / MINIMA;
    for (int i = 0; i < MINIMA; i++)
        squares += pow(msa_without(rows, i) - mean, 2);
    double se = sqrt((MINIMA - 1.0) / MINIMA * squares);
    assert_near(r.overall.msa->value, msa_without(rows, -1));
    double ratio = (r.overall.msa->high - r.overall.msa->value) / (1.97 * se);
    if (!(ratio > 0.97 && ratio < 1.03))
        fail_msg("%.4f", ratio);
}

/* Where people answer twice MSA has its interval from the same buckets as the gap. */
static void the_zone_of_repeating_customers(void **state)
{
    struct fixture *f = *state;
    given(f, weighted_zone,
          "c,w,g,E1,P1,A1,E2,P2,A2\n1,1,a,6,5,4,5,5,3\n1,1,a,7,5,5,6,6,3\n3,1,a,5,5,3,7,6,4\n4,1,a,6,4,4,5,6,"
          "4\n"
          "5,1,a,7,6,5,6,3,2\n6,1,a,6,3,2,7,5,4\n7,1,a,7,5,4,6,5,5\n");
    const struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(r.interval, MG_WIRE_GAP_REPORT_INTERVAL_JACKKNIFE);
    const struct mg_wire_gap_row *rows[] = {&r.overall, row_of(r.items, 2, "1"), row_of(r.items, 2, "2")};
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(rows[i]->msa);
        assert_true(isfinite(rows[i]->msa->low) && rows[i]->msa->low < rows[i]->msa->value);
        assert_true(rows[i]->has_zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_gap_by_hand),
        TEST(nothing_to_read),
        TEST(one_row_has_means_and_no_interval),
        TEST(all_missing_is_said),
        TEST(equal_differences_have_no_interval),
        TEST(off_the_scale_counts_as_missing_and_is_counted),
        TEST(weights),
        TEST(listwise_takes_whole_rows_only),
        TEST(a_reversed_item_is_turned_round),
        TEST(expectations_alone),
        TEST(sides_from_different_people),
        TEST(a_group_of_four_is_named_and_not_shown),
        TEST(one_group_is_the_whole),
        TEST(a_filter_doesnt_tell_of_the_few_it_leaves_out),
        TEST(each_group_against_the_others),
        TEST(filters_make_groups_too),
        TEST(a_filter_hides_what_few_answered),
        TEST(a_number_of_few_beside_those_of_many),
        TEST(the_zone_follows_the_intervals),
        TEST(few_of_one_side_of_two_samples),
        TEST(reliability_of_few_is_not_shown),
        TEST(a_hidden_test_is_none_of_the_family),
        TEST(a_score_of_few_is_not_shown),
        TEST(unknown_names),
        TEST(too_many_groups),
        TEST(cancelled),
        TEST(the_planted_whole_is_what_is_estimated),
        TEST(a_weighted_whole_is_of_one_piece),
        TEST(a_weighted_whole_of_two_samples),
        TEST(the_interval_that_was_asked_for_is_everywhere),
        TEST(different_scales_make_no_whole),
        TEST(a_wave_of_few_is_not_a_report),
        TEST(few_effective_responses_are_said),
        TEST(the_zone_of_few_is_not_told_of_the_whole),
        TEST(a_minimum_that_not_everybody_gave),
        TEST(the_zone_of_repeating_customers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
