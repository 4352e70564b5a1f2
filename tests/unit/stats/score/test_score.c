/* Scores: the energy supplier's NPS (shared/design/methods.md), Wilson intervals printed by Newcombe (1998,
 * table I), Welch's t from R 4.2, and the rule that formulas and scales are never mixed. */
#include "stats/fixture.h"

#include <string.h>

#include "stats/csv.h"
#include "stats/score/score.h"

#define LEVEL 0.95

static struct mg_arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = fresh_arena();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mg_arena_free(arena);
    return 0;
}

/* Answers and how many gave each; `weight` of each of these (NULL: 1). */
struct cells {
    const double *value, *count, *weight;
    size_t n;
};

static const double zero_to_ten[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

static double reached(double value, const double *cuts, size_t n_cuts)
{
    double n = 0;
    for (size_t i = 0; i < n_cuts; i++)
        n += value >= cuts[i];
    return n_cuts ? n : value;
}

/* The moments of one variable: the answers, or how many cuts they reach; people[r] gave row r (NULL: each its
 * own). */
static struct mg_moments *variable_of(const struct cells *cells, const struct mg_score_rule *rule,
                                      const uint8_t *people)
{
    double cuts[2], total = 0;
    size_t n_cuts = mg_score_cuts(rule, cuts), rows = 0;
    for (size_t i = 0; i < cells->n; i++)
        total += cells->count[i];
    double *values = mg_arena_array(arena, (size_t)total + 1, sizeof *values);
    double *weights = mg_arena_array(arena, (size_t)total + 1, sizeof *weights);
    for (size_t i = 0; i < cells->n; i++)
        for (int k = 0; k < (int)cells->count[i]; k++, rows++) {
            values[rows] = reached(cells->value[i], cuts, n_cuts);
            weights[rows] = cells->weight ? cells->weight[i] : 1;
        }
    struct mg_moments *m = moments_of(arena, values, rows, 1, cells->weight ? weights : NULL, 1, 0);
    if (people)
        add_buckets(arena, m, values, rows, cells->weight ? weights : NULL, people);
    return m;
}

static int score_by(const struct mg_score_rule *rule, const struct cells *cells, const uint8_t *people,
                    struct mg_score *ret, struct mg_error *error)
{
    return mg_score_estimate(rule, variable_of(cells, rule, people), 0, LEVEL, ret, error);
}

static int nps(const struct cells *cells, struct mg_score *ret)
{
    const struct mg_score_rule rule = {MG_SCORE_NPS, 0, 10, NAN};
    return score_by(&rule, cells, NULL, ret, NULL);
}

static int top(const char *formula, const struct cells *cells, double from, struct mg_score *ret)
{
    const struct mg_score_rule rule = {formula, 1, 5, from};
    return score_by(&rule, cells, NULL, ret, NULL);
}

static int mean_of(const char *formula, const struct cells *cells, double max, struct mg_score *ret)
{
    const struct mg_score_rule rule = {formula, 1, max, NAN};
    return score_by(&rule, cells, NULL, ret, NULL);
}

static void energy_supplier_nps(void **state)
{
    (void)state;
    struct csv *csv = csv_read("service-quality/nps_drivers.csv");
    const double *answers = csv_column(csv, "ltr");
    double counts[11] = {0};
    for (size_t r = 0; r < csv->rows; r++)
        counts[(int)answers[r]]++;
    struct mg_score score;
    struct cells cells = {zero_to_ten, counts, NULL, 11};
    assert_int_equal(nps(&cells, &score), 0);
    NEAR(score.value, 41.67947733, 5e-9);
    NEAR(score.se, 0.7407473, 5e-8);
    NEAR(score.n, 10408, 0);
    NEAR(score.promoters, .5808032283, 5e-11);
    NEAR(score.detractors, .164008455, 5e-10);
    NEAR(score.promoters + score.passives + score.detractors, 1, 1e-15);
    NEAR((score.high - score.low) / (2 * 1.959963984540 * score.se), 1, 2e-4); /* three more of 10,408 */
    assert_string_equal(score.formula, "nps-2");
    csv_free(csv);
}

static void wilson_as_published(void **state)
{
    (void)state;
    static const double rows[][4] = {
        {81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718}};
    for (size_t i = 0; i < 4; i++) {
        double low, high;
        mg_wilson(rows[i][0] / rows[i][1], rows[i][1], LEVEL, &low, &high);
        NEAR(low, rows[i][2], 5e-5);
        NEAR(high, rows[i][3], 5e-5);
    }
    double low, high;
    mg_wilson(0, 0, LEVEL, &low, &high);
    NEAR(low, 0, 0);
    NEAR(high, 1, 0);
}

static const double one_to_five[] = {1, 2, 3, 4, 5};

/* Answers 1–5 given 1, 2, 3, 8 and 6 times: mean 3.8, sd² = 1.326315… */
static void csat_has_three_formulas_with_three_names(void **state)
{
    (void)state;
    const double counts[] = {1, 2, 3, 8, 6};
    struct cells cells = {one_to_five, counts, NULL, 5};
    struct mg_score top2, mean, index;
    assert_int_equal(top(MG_SCORE_CSAT_TOP2, &cells, 4, &top2), 0);
    assert_int_equal(mean_of(MG_SCORE_CSAT_MEAN, &cells, 5, &mean), 0);
    assert_int_equal(mean_of(MG_SCORE_CSAT_INDEX, &cells, 5, &index), 0);
    NEAR(top2.value, 70, 1e-12);
    NEAR(top2.se, 100 * sqrt(.7 * .3 / 20), 1e-12);
    NEAR(mean.value, 3.8, 1e-14);
    NEAR(mean.se, sqrt(25.2 / 19 / 20), 1e-14);
    NEAR(mean.df, 19, 0);
    NEAR(index.value, 70, 1e-12);
    NEAR(index.se, 25 * mean.se, 1e-12);
    NEAR(index.low, 25 * (mean.low - 1), 1e-11);
    double low, high;
    mg_wilson(.7, 20, LEVEL, &low, &high);
    NEAR(top2.low, 100 * low, 1e-12);
    NEAR(top2.high, 100 * high, 1e-12);
}

static void missing_answers_are_none(void **state)
{
    (void)state;
    const double answers[] = {1, 5, 3, 5, 4, 4, 2, NAN, 5}, value[] = {1, 2, 3, 4, 5},
                 count[] = {1, 1, 1, 2, 3};
    const struct mg_score_rule rule = {MG_SCORE_INDEX, 1, 5, NAN};
    struct cells cells = {value, count, NULL, 5};
    struct mg_moments *m = moments_of(arena, answers, 9, 1, NULL, 1, 3);
    struct mg_score a, b;
    assert_int_equal(mean_of(MG_SCORE_INDEX, &cells, 5, &a), 0);
    assert_int_equal(mg_score_estimate(&rule, m, 0, LEVEL, &b, NULL), 0);
    NEAR(a.value, b.value, 1e-12);
    NEAR(a.se, b.se, 1e-12);
    NEAR(a.high, b.high, 1e-11);
    NEAR(a.n_effective, b.n_effective, 1e-12);
}

static void a_share_is_a_top_box_of_ones(void **state)
{
    (void)state;
    const double zero_one[] = {0, 1}, value[] = {1, 4}, count[] = {2, 5};
    const struct mg_score_rule rule = {MG_SCORE_SHARE, 0, 1, NAN};
    struct cells ones = {zero_one, count, NULL, 2}, answers = {value, count, NULL, 2};
    struct mg_score a, b;
    assert_int_equal(top(MG_SCORE_CES_TOP2, &answers, 4, &a), 0);
    assert_int_equal(score_by(&rule, &ones, NULL, &b, NULL), 0);
    NEAR(a.value, b.value, 1e-12);
    NEAR(a.se, b.se, 1e-12);
    NEAR(a.low, b.low, 1e-12);
    NEAR(b.scale_max, 1, 0);
}

/* Each answer left out in turn: the jackknife's SE of a mean is s/√n, on n − 1 degrees of freedom. The scale
 * of weights says nothing about precision. */
static void equal_weights_are_none_but_for_t(void **state)
{
    (void)state;
    const double counts[] = {0, 0, 0, 0, 0, 0, 3, 0, 4, 5, 6}, units[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
                 twos[] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
    struct cells plain = {zero_to_ten, counts, NULL, 11}, ones = {zero_to_ten, counts, units, 11},
                 doubled = {zero_to_ten, counts, twos, 11};
    struct mg_score a, b, c;
    assert_int_equal(nps(&plain, &a), 0);
    assert_int_equal(nps(&ones, &b), 0);
    assert_int_equal(nps(&doubled, &c), 0);
    NEAR(b.value, a.value, 1e-12);
    NEAR(b.se, a.se * sqrt(18. / 17), 1e-12);
    NEAR(b.df, 17, 1e-12);
    /* p 11/18, d 3/18: 18 answers of which 17 · (z/t)² are left, and three more */
    double asked = 17 * pow(1.959963984540 / 2.10981557783332, 2),
           up = (11. / 18 * asked + .75) / (asked + 3), down = (3. / 18 * asked + .75) / (asked + 3);
    NEAR(b.high - b.low, 200 * 1.959963984540 * sqrt((up + down - pow(up - down, 2)) / (asked + 3)), 1e-8);
    NEAR(c.value, a.value, 1e-12);
    NEAR(c.se, b.se, 1e-12);
    NEAR(c.n_effective, 18, 1e-12);
    struct mg_score share, weighted;
    double low, high, n = 17. * pow(1.959963984540 / 2.10981557783332, 2);
    const double five[] = {1, 2, 3, 6, 6};
    assert_int_equal(top(MG_SCORE_CSAT_TOP2, &(struct cells){one_to_five, five, NULL, 5}, 4, &share), 0);
    assert_int_equal(top(MG_SCORE_CSAT_TOP2, &(struct cells){one_to_five, five, twos, 5}, 4, &weighted), 0);
    mg_wilson(12. / 18, n, LEVEL, &low, &high);
    NEAR(weighted.value, share.value, 1e-12);
    NEAR(weighted.low, 100 * low, 1e-9);
    NEAR(weighted.high, 100 * high, 1e-9);
}

/* Eighteen answers of six people who gave three each, all alike: as much as six answers of six people. */
static void people_asked_more_than_once_count_once(void **state)
{
    (void)state;
    const double value[] = {3, 7, 8, 9, 10}, thrice[] = {3, 3, 3, 6, 3}, once[] = {1, 1, 1, 2, 1};
    const uint8_t people[] = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5},
                  alone[] = {0, 1, 2, 3, 4, 5};
    const struct mg_score_rule rule = {MG_SCORE_NPS, 0, 10, NAN};
    struct mg_score a, b;
    assert_int_equal(score_by(&rule, &(struct cells){value, thrice, NULL, 5}, people, &a, NULL), 0);
    assert_int_equal(score_by(&rule, &(struct cells){value, once, NULL, 5}, alone, &b, NULL), 0);
    NEAR(a.value, 100. * 2 / 6, 1e-12);
    NEAR(a.se, b.se, 1e-12);
    NEAR(a.df, 5, 1e-12);
    NEAR(a.low, b.low, 1e-12);
}

/* Ten people of one mind, twenty answers each: as ten answers, less (z/t)². One person's: the value, and all
 * that is possible. */
static void people_of_one_mind_are_no_more_than_they_are(void **state)
{
    (void)state;
    const double ten[] = {10}, five[] = {5}, all[] = {200};
    uint8_t people[200], one[200] = {0};
    for (int i = 0; i < 200; i++)
        people[i] = (uint8_t)(i / 20);
    const struct mg_score_rule nps_rule = {MG_SCORE_NPS, 0, 10, NAN},
                               top_rule = {MG_SCORE_CSAT_TOP2, 1, 5, 4},
                               mean_rule = {MG_SCORE_MEAN, 1, 5, NAN};
    struct mg_score score;
    double low, high, asked = 10 * pow(1.959963984540 / 2.26215716279820, 2);
    assert_int_equal(score_by(&top_rule, &(struct cells){five, all, NULL, 1}, people, &score, NULL), 0);
    mg_wilson(1, asked, LEVEL, &low, &high);
    NEAR(score.low, 100 * low, 1e-8);
    assert_int_equal(score_by(&nps_rule, &(struct cells){ten, all, NULL, 1}, people, &score, NULL), 0);
    assert_true(score.low < 45 && score.high == 100);
    assert_int_equal(score_by(&nps_rule, &(struct cells){ten, all, NULL, 1}, one, &score, NULL), 0);
    assert_true(score.value == 100 && score.low == -100);
    assert_int_equal(score_by(&mean_rule, &(struct cells){five, all, NULL, 1}, one, &score, NULL), 0);
    NEAR(score.value, 5, 0);
    NEAR(score.low, NAN, 0);
}

/* One weight that outweighs all others: nothing can be told. */
static void one_huge_weight_tells_nothing(void **state)
{
    (void)state;
    const double value[] = {8, 10}, count[] = {1, 49}, weight[] = {1e9, 1};
    struct cells cells = {value, count, weight, 2};
    struct mg_score score;
    assert_int_equal(nps(&cells, &score), 0);
    assert_true(score.low < -99 && score.high > 99);
    const double five[] = {3, 5};
    cells.value = five;
    assert_int_equal(top(MG_SCORE_CSAT_TOP2, &cells, 4, &score), 0);
    assert_true(score.low < 1 && score.high > 99);
}

static void change_between_waves(void **state)
{
    (void)state;
    const double b_counts[] = {1, 1, 2, 2, 3}, a_counts[] = {0, 0, 1, 3, 4};
    struct cells b_cells = {one_to_five, b_counts, NULL, 5}, a_cells = {one_to_five, a_counts, NULL, 5};
    struct mg_score before, after;
    struct mg_change change;
    assert_int_equal(0, mean_of(MG_SCORE_CSAT_MEAN, &b_cells, 5, &before));
    assert_int_equal(0, mean_of(MG_SCORE_CSAT_MEAN, &a_cells, 5, &after));
    assert_int_equal(mg_score_change(&before, &after, LEVEL, &change, NULL), 0);
    NEAR(change.value, 0.81944444444444, 1e-13);
    NEAR(change.se, 0.54268321380593, 1e-13);
    NEAR(change.statistic, 1.50998671710801, 1e-12);
    NEAR(change.df, 12.33843149041476, 1e-11);
    NEAR(change.p, 0.15622413749507, 1e-12);
    NEAR(change.low, -0.35937366266135, 1e-11);
    NEAR(change.high, 1.99826255155024, 1e-11);
    assert_int_equal(0, top(MG_SCORE_CSAT_TOP2, &b_cells, 4, &before));
    assert_int_equal(0, top(MG_SCORE_CSAT_TOP2, &a_cells, 4, &after));
    assert_int_equal(mg_score_change(&before, &after, LEVEL, &change, NULL), 0);
    assert_true(isinf(change.df));
    NEAR(change.se, sqrt(before.se * before.se + after.se * after.se), 1e-13);
}

/* Ten people, asked twice: each gives one point more, so that the change has no error though both waves have.
 */
static void changes_of_the_same_people_are_theirs(void **state)
{
    (void)state;
    const double before[] = {1, 2, 3, 4, 4}, after[] = {2, 3, 4, 5, 5}, two[] = {2, 2, 2, 2, 2};
    const uint8_t people[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const struct mg_score_rule rule = {MG_SCORE_CSAT_MEAN, 1, 5, NAN};
    struct mg_score b, a;
    struct mg_change change;
    assert_int_equal(score_by(&rule, &(struct cells){before, two, NULL, 5}, people, &b, NULL), 0);
    assert_int_equal(score_by(&rule, &(struct cells){after, two, NULL, 5}, people, &a, NULL), 0);
    assert_true(a.se > 0.3 && b.se > 0.3);
    assert_int_equal(mg_score_change(&b, &a, LEVEL, &change, NULL), 0);
    NEAR(change.value, 1, 1e-12);
    NEAR(change.se, 0, 0);
    NEAR(change.p, NAN, 0);
}

static void mixing_is_refused(void **state)
{
    (void)state;
    const double counts[] = {1, 2, 3, 8, 6};
    struct cells cells = {one_to_five, counts, NULL, 5};
    struct mg_score five, ten, top2, score = {.value = 99};
    struct mg_change change;
    struct mg_error error = {0};
    assert_int_equal(0, mean_of(MG_SCORE_CSAT_MEAN, &cells, 5, &five));
    assert_int_equal(0, mean_of(MG_SCORE_CSAT_MEAN, &cells, 10, &ten));
    assert_int_equal(0, top(MG_SCORE_CSAT_TOP2, &cells, 4, &top2));
    assert_int_equal(mg_score_change(&five, &ten, LEVEL, &change, &error), MG_E_INVALID);
    assert_int_equal(mg_score_change(&five, &top2, LEVEL, &change, &error), MG_E_INVALID);
    assert_non_null(strstr(error.message, "csat-top2-1"));
    const struct mg_score_rule wrong[] = {{"csat-mean-0", 1, 5, NAN},    {MG_SCORE_MEAN, 5, 1, NAN},
                                          {MG_SCORE_NPS, 0, 7, NAN},     {MG_SCORE_CSAT_TOP2, 1, 5, 1},
                                          {MG_SCORE_CSAT_TOP2, 1, 5, 6}, {MG_SCORE_CSAT_TOP2, 1, 5, NAN}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(score_by(&wrong[i], &cells, NULL, &score, &error), MG_E_INVALID);
    const struct mg_score_rule mean = {MG_SCORE_MEAN, 1, 3, NAN};
    assert_int_equal(score_by(&mean, &cells, NULL, &score, &error), MG_E_INVALID);
    assert_string_equal(error.message, "The mean 3.8 lies outside the scale 1 to 3.");
    assert_int_equal(mg_score_estimate(&mean, variable_of(&cells, &mean, NULL), 0, 95, &score, &error),
                     MG_E_INVALID);
    NEAR(score.value, 99, 0);
}

static void no_answers_no_score_and_no_spread_no_interval(void **state)
{
    (void)state;
    const double none[] = {0, 0, 0, 0, 0}, one[] = {0, 0, 0, 0, 1}, same[] = {0, 0, 0, 0, 9};
    struct cells cells = {one_to_five, none, NULL, 5};
    struct mg_score score;
    assert_int_equal(nps(&cells, &score), MG_E_INESTIMABLE);
    assert_int_equal(top(MG_SCORE_CES_TOP2, &cells, 4, &score), MG_E_INESTIMABLE);
    assert_int_equal(mean_of(MG_SCORE_MEAN, &cells, 5, &score), MG_E_INESTIMABLE);
    cells.count = one;
    assert_int_equal(mean_of(MG_SCORE_MEAN, &cells, 5, &score), 0);
    NEAR(score.value, 5, 0);
    NEAR(score.low, NAN, 0);
    cells.count = same;
    assert_int_equal(mean_of(MG_SCORE_MEAN, &cells, 5, &score), 0);
    NEAR(score.value, 5, 0);
    NEAR(score.low, NAN, 0);
    assert_int_equal(top(MG_SCORE_CES_TOP2, &cells, 4, &score), 0);
    NEAR(score.high, 100, 1e-12);
    assert_true(score.low > 60 && score.low < 75); /* Wilson: 9 of 9 is no proof of all */
    struct mg_change change;
    assert_int_equal(mg_score_change(&score, &score, LEVEL, &change, NULL), 0);
    NEAR(change.p, NAN, 0);
}

/* All promoters is no proof of all: (¾ + 20 − ¾)/23 = .8696 ± 1.96 √((21.5/23 − .8696²)/23); all passives: 0,
 * and as far either way. With weights, of the effective number. */
static void nps_where_all_agree_has_an_interval(void **state)
{
    (void)state;
    const double ten[] = {10}, seven[] = {7}, zero[] = {0}, twenty[] = {20};
    struct mg_score score;
    struct cells cells = {ten, twenty, NULL, 1};
    assert_int_equal(nps(&cells, &score), 0);
    NEAR(score.value, 100, 0);
    NEAR(score.low, 100 * (20. / 23 - 1.959963984540 * sqrt((21.5 / 23 - 400. / 529) / 23)), 1e-9);
    NEAR(score.high, 100, 0);
    cells.value = zero;
    assert_int_equal(nps(&cells, &score), 0);
    NEAR(score.low, -100, 0);
    assert_true(score.high < -60);
    cells.value = seven;
    assert_int_equal(nps(&cells, &score), 0);
    NEAR(score.value, 0, 0);
    NEAR(score.high, 100 * 1.959963984540 * sqrt(1.5) / 23, 1e-9);
    NEAR(score.low, -score.high, 1e-12);
}

/* A box is what it is said to be, and two boxes aren't compared. */
static void a_top_box_is_named(void **state)
{
    (void)state;
    const double counts[] = {1, 2, 3, 8, 6};
    struct cells cells = {one_to_five, counts, NULL, 5};
    struct mg_score one, three;
    struct mg_change change;
    struct mg_error error = {0};
    assert_int_equal(top(MG_SCORE_CSAT_TOP, &cells, 5, &one), 0);
    assert_int_equal(top(MG_SCORE_CSAT_TOP, &cells, 3, &three), 0);
    NEAR(one.value, 30, 1e-12);
    NEAR(three.value, 85, 1e-12);
    NEAR(three.from, 3, 0);
    assert_int_equal(mg_score_change(&one, &three, LEVEL, &change, &error), MG_E_INVALID);
    assert_non_null(strstr(error.message, "top box"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_supplier_nps),
        cmocka_unit_test(wilson_as_published),
        cmocka_unit_test(csat_has_three_formulas_with_three_names),
        cmocka_unit_test(missing_answers_are_none),
        cmocka_unit_test(a_share_is_a_top_box_of_ones),
        cmocka_unit_test(equal_weights_are_none_but_for_t),
        cmocka_unit_test(people_asked_more_than_once_count_once),
        cmocka_unit_test(changes_of_the_same_people_are_theirs),
        cmocka_unit_test(people_of_one_mind_are_no_more_than_they_are),
        cmocka_unit_test(one_huge_weight_tells_nothing),
        cmocka_unit_test(change_between_waves),
        cmocka_unit_test(mixing_is_refused),
        cmocka_unit_test(nps_where_all_agree_has_an_interval),
        cmocka_unit_test(a_top_box_is_named),
        cmocka_unit_test(no_answers_no_score_and_no_spread_no_interval),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
