/* Scores: the energy supplier's NPS (shared/design/methods.md), Wilson intervals printed by Newcombe (1998,
 * table I), Welch's t from R 4.2, and the rule that formulas and scales are never mixed. */
#include "stats/fixture.h"

#include <string.h>

#include "stats/csv.h"
#include "stats/score/score.h"

#define LEVEL 0.95

static const double zero_to_ten[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

static void energy_supplier_nps(void **state)
{
    (void)state;
    struct csv *csv = csv_read("service-quality/nps_drivers.csv");
    const double *answers = csv_column(csv, "ltr");
    double counts[11] = {0};
    for (size_t r = 0; r < csv->rows; r++)
        counts[(int)answers[r]]++;
    struct mg_score score;
    struct mg_cells cells = {zero_to_ten, counts, NULL, NULL, 11};
    assert_int_equal(mg_score_nps(&cells, LEVEL, &score, NULL), 0);
    NEAR(score.value, 41.67947733, 5e-9);
    NEAR(score.se, 0.7407473, 5e-8);
    NEAR(score.n, 10408, 0);
    NEAR(score.promoters, .5808032283, 5e-11);
    NEAR(score.detractors, .164008455, 5e-10);
    NEAR(score.promoters + score.passives + score.detractors, 1, 1e-15);
    NEAR(score.high - score.low, 2 * 1.959963984540 * score.se, 1e-9);
    assert_string_equal(score.formula, "nps-1");
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
    struct mg_cells cells = {one_to_five, counts, NULL, NULL, 5};
    struct mg_score top2, mean, index;
    assert_int_equal(mg_score_top(MG_SCORE_CSAT_TOP2, &cells, 1, 5, 4, LEVEL, &top2, NULL), 0);
    assert_int_equal(mg_score_mean(MG_SCORE_CSAT_MEAN, &cells, 1, 5, LEVEL, &mean, NULL), 0);
    assert_int_equal(mg_score_mean(MG_SCORE_CSAT_INDEX, &cells, 1, 5, LEVEL, &index, NULL), 0);
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

static void moments_and_cells_agree(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const double answers[] = {1, 5, 3, 5, 4, 4, 2, NAN, 5};
    const double value[] = {1, 2, 3, 4, 4, 5}, count[] = {1, 1, 1, 1, 1, 3};
    struct mg_cells cells = {value, count, NULL, NULL, 6};
    struct mg_moments *m = moments_of(arena, answers, 9, 1, NULL, 1, 3);
    struct mg_score a, b;
    assert_int_equal(mg_score_mean(MG_SCORE_CES_MEAN, &cells, 1, 5, LEVEL, &a, NULL), 0);
    assert_int_equal(mg_score_from_moments(MG_SCORE_CES_MEAN, m, 0, 1, 5, LEVEL, &b, NULL), 0);
    NEAR(a.value, b.value, 1e-13);
    NEAR(a.se, b.se, 1e-13);
    NEAR(a.low, b.low, 1e-12);
    NEAR(a.n_effective, b.n_effective, 1e-12);
    assert_int_equal(mg_score_mean(MG_SCORE_INDEX, &cells, 1, 5, LEVEL, &a, NULL), 0);
    assert_int_equal(mg_score_from_moments(MG_SCORE_INDEX, m, 0, 1, 5, LEVEL, &b, NULL), 0);
    NEAR(a.value, b.value, 1e-12);
    NEAR(a.high, b.high, 1e-11);
    mg_arena_free(arena);
}

static void a_share_from_moments_is_the_share_of_the_cells(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const double ones[] = {1, 0, 1, 1, 0, 1, 1}, value[] = {4, 1}, count[] = {5, 2};
    struct mg_cells cells = {value, count, NULL, NULL, 2};
    struct mg_moments *m = moments_of(arena, ones, 7, 1, NULL, 1, 0);
    struct mg_score a, b;
    assert_int_equal(mg_score_top(MG_SCORE_CES_TOP2, &cells, 1, 5, 4, LEVEL, &a, NULL), 0);
    assert_int_equal(mg_score_from_moments(MG_SCORE_SHARE, m, 0, 1, 5, LEVEL, &b, NULL), 0);
    NEAR(a.value, b.value, 1e-12);
    NEAR(a.se, b.se, 1e-12);
    NEAR(a.low, b.low, 1e-12);
    NEAR(b.scale_max, 1, 0);
    mg_arena_free(arena);
}

static void whole_weights_are_repeats_and_unit_weights_are_none(void **state)
{
    (void)state;
    const double counts[] = {0, 0, 0, 0, 0, 0, 3, 0, 4, 5, 6}, twice[] = {0, 0, 0, 0, 0, 0, 6, 0, 8, 10, 12};
    const double four[] = {0, 0, 0, 0, 0, 0, 12, 0, 16, 20, 24};
    struct mg_cells plain = {zero_to_ten, counts, NULL, NULL, 11},
                    units = {zero_to_ten, counts, counts, counts, 11};
    struct mg_cells doubled = {zero_to_ten, counts, twice, four, 11};
    struct mg_score a, b, c;
    assert_int_equal(mg_score_nps(&plain, LEVEL, &a, NULL), 0);
    assert_int_equal(mg_score_nps(&units, LEVEL, &b, NULL), 0);
    assert_int_equal(mg_score_nps(&doubled, LEVEL, &c, NULL), 0);
    NEAR(a.se, b.se, 1e-13);
    NEAR(a.value, c.value, 1e-13); /* the scale of weights says nothing about precision */
    NEAR(a.se, c.se, 1e-13);
    NEAR(a.n_effective, c.n_effective, 1e-12);
}

static void change_between_waves(void **state)
{
    (void)state;
    const double b_counts[] = {1, 1, 2, 2, 3}, a_counts[] = {0, 0, 1, 3, 4};
    struct mg_cells b_cells = {one_to_five, b_counts, NULL, NULL, 5},
                    a_cells = {one_to_five, a_counts, NULL, NULL, 5};
    struct mg_score before, after;
    struct mg_change change;
    assert_int_equal(0, mg_score_mean(MG_SCORE_CSAT_MEAN, &b_cells, 1, 5, LEVEL, &before, NULL));
    assert_int_equal(0, mg_score_mean(MG_SCORE_CSAT_MEAN, &a_cells, 1, 5, LEVEL, &after, NULL));
    assert_int_equal(mg_score_change(&before, &after, LEVEL, &change, NULL), 0);
    NEAR(change.value, 0.81944444444444, 1e-13);
    NEAR(change.se, 0.54268321380593, 1e-13);
    NEAR(change.statistic, 1.50998671710801, 1e-12);
    NEAR(change.df, 12.33843149041476, 1e-11);
    NEAR(change.p, 0.15622413749507, 1e-12);
    NEAR(change.low, -0.35937366266135, 1e-11);
    NEAR(change.high, 1.99826255155024, 1e-11);
    assert_int_equal(0, mg_score_top(MG_SCORE_CSAT_TOP2, &b_cells, 1, 5, 4, LEVEL, &before, NULL));
    assert_int_equal(0, mg_score_top(MG_SCORE_CSAT_TOP2, &a_cells, 1, 5, 4, LEVEL, &after, NULL));
    assert_int_equal(mg_score_change(&before, &after, LEVEL, &change, NULL), 0);
    assert_true(isinf(change.df));
    NEAR(change.se, sqrt(before.se * before.se + after.se * after.se), 1e-13);
}

static void mixing_is_refused(void **state)
{
    (void)state;
    const double counts[] = {1, 2, 3, 8, 6};
    struct mg_cells cells = {one_to_five, counts, NULL, NULL, 5};
    struct mg_score five, ten, top2, score = {.value = 99};
    struct mg_change change;
    struct mg_error error = {0};
    assert_int_equal(0, mg_score_mean(MG_SCORE_CSAT_MEAN, &cells, 1, 5, LEVEL, &five, NULL));
    assert_int_equal(0, mg_score_mean(MG_SCORE_CSAT_MEAN, &cells, 1, 10, LEVEL, &ten, NULL));
    assert_int_equal(0, mg_score_top(MG_SCORE_CSAT_TOP2, &cells, 1, 5, 4, LEVEL, &top2, NULL));
    assert_int_equal(mg_score_change(&five, &ten, LEVEL, &change, &error), MG_E_INVALID);
    assert_int_equal(mg_score_change(&five, &top2, LEVEL, &change, &error), MG_E_INVALID);
    assert_non_null(strstr(error.message, "csat-top2-1"));
    assert_int_equal(mg_score_mean(MG_SCORE_CSAT_MEAN, &cells, 1, 4, LEVEL, &score, &error), MG_E_INVALID);
    assert_string_equal(error.message, "The answer 5 lies outside the scale 1 to 4.");
    assert_int_equal(mg_score_mean(MG_SCORE_CSAT_TOP2, &cells, 1, 5, LEVEL, &score, &error), MG_E_INVALID);
    assert_int_equal(mg_score_top(MG_SCORE_NPS, &cells, 1, 5, 4, LEVEL, &score, &error), MG_E_INVALID);
    assert_int_equal(mg_score_mean("csat-mean-0", &cells, 1, 5, LEVEL, &score, &error), MG_E_INVALID);
    assert_int_equal(mg_score_mean(MG_SCORE_MEAN, &cells, 5, 1, LEVEL, &score, &error), MG_E_INVALID);
    assert_int_equal(mg_score_mean(MG_SCORE_MEAN, &cells, 1, 5, 95, &score, &error), MG_E_INVALID);
    const double half[] = {8.5}, one[] = {1}, eleven[] = {11};
    assert_int_equal(mg_score_nps(&(struct mg_cells){half, one, NULL, NULL, 1}, LEVEL, &score, &error),
                     MG_E_INVALID);
    assert_int_equal(mg_score_nps(&(struct mg_cells){eleven, one, NULL, NULL, 1}, LEVEL, &score, &error),
                     MG_E_INVALID);
    assert_int_equal(mg_score_nps(&(struct mg_cells){one, one, one, NULL, 1}, LEVEL, &score, &error),
                     MG_E_INVALID);
    NEAR(score.value, 99, 0);
}

static void no_answers_no_score_and_no_spread_no_interval(void **state)
{
    (void)state;
    const double none[] = {0, 0, 0, 0, 0}, one[] = {0, 0, 0, 0, 1}, same[] = {0, 0, 0, 0, 9};
    struct mg_cells cells = {one_to_five, none, NULL, NULL, 5};
    struct mg_score score;
    assert_int_equal(mg_score_nps(&cells, LEVEL, &score, NULL), MG_E_INESTIMABLE);
    assert_int_equal(mg_score_top(MG_SCORE_CES_TOP2, &cells, 1, 5, 4, LEVEL, &score, NULL), MG_E_INESTIMABLE);
    assert_int_equal(mg_score_mean(MG_SCORE_MEAN, &cells, 1, 5, LEVEL, &score, NULL), MG_E_INESTIMABLE);
    cells.count = one;
    assert_int_equal(mg_score_mean(MG_SCORE_MEAN, &cells, 1, 5, LEVEL, &score, NULL), MG_E_INESTIMABLE);
    cells.count = same;
    assert_int_equal(mg_score_mean(MG_SCORE_MEAN, &cells, 1, 5, LEVEL, &score, NULL), 0);
    NEAR(score.value, 5, 0);
    NEAR(score.low, NAN, 0);
    assert_int_equal(mg_score_top(MG_SCORE_CES_TOP2, &cells, 1, 5, 4, LEVEL, &score, NULL), 0);
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
    const double ten[] = {10}, seven[] = {7}, zero[] = {0}, twenty[] = {20}, w[] = {40}, w2[] = {160};
    struct mg_score score;
    struct mg_cells cells = {ten, twenty, NULL, NULL, 1};
    assert_int_equal(mg_score_nps(&cells, LEVEL, &score, NULL), 0);
    NEAR(score.value, 100, 0);
    NEAR(score.low, 100 * (20. / 23 - 1.959963984540 * sqrt((21.5 / 23 - 400. / 529) / 23)), 1e-9);
    NEAR(score.high, 100, 0);
    cells.value = zero;
    assert_int_equal(mg_score_nps(&cells, LEVEL, &score, NULL), 0);
    NEAR(score.low, -100, 0);
    assert_true(score.high < -60);
    cells.value = seven;
    assert_int_equal(mg_score_nps(&cells, LEVEL, &score, NULL), 0);
    NEAR(score.value, 0, 0);
    NEAR(score.high, 100 * 1.959963984540 * sqrt(1.5) / 23, 1e-9);
    NEAR(score.low, -score.high, 1e-12);
    cells = (struct mg_cells){seven, twenty, w, w2, 1}; /* 10 effective */
    assert_int_equal(mg_score_nps(&cells, LEVEL, &score, NULL), 0);
    NEAR(score.high, 100 * 1.959963984540 * sqrt(1.5) / 13, 1e-9);
}

/* A box is what it is said to be, and two boxes aren't compared. */
static void a_top_box_is_named(void **state)
{
    (void)state;
    const double counts[] = {1, 2, 3, 8, 6};
    struct mg_cells cells = {one_to_five, counts, NULL, NULL, 5};
    struct mg_score one, three;
    struct mg_change change;
    struct mg_error error = {0};
    assert_int_equal(mg_score_top(MG_SCORE_CSAT_TOP, &cells, 1, 5, 5, LEVEL, &one, NULL), 0);
    assert_int_equal(mg_score_top(MG_SCORE_CSAT_TOP, &cells, 1, 5, 3, LEVEL, &three, NULL), 0);
    NEAR(one.value, 30, 1e-12);
    NEAR(three.value, 85, 1e-12);
    NEAR(three.from, 3, 0);
    assert_int_equal(mg_score_change(&one, &three, LEVEL, &change, &error), MG_E_INVALID);
    assert_non_null(strstr(error.message, "top box"));
    assert_int_equal(mg_score_top(MG_SCORE_CSAT_TOP2, &cells, 1, 5, 1, LEVEL, &one, &error), MG_E_INVALID);
    assert_int_equal(mg_score_top(MG_SCORE_CSAT_TOP2, &cells, 1, 5, 6, LEVEL, &one, &error), MG_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_supplier_nps),
        cmocka_unit_test(wilson_as_published),
        cmocka_unit_test(csat_has_three_formulas_with_three_names),
        cmocka_unit_test(moments_and_cells_agree),
        cmocka_unit_test(a_share_from_moments_is_the_share_of_the_cells),
        cmocka_unit_test(whole_weights_are_repeats_and_unit_weights_are_none),
        cmocka_unit_test(change_between_waves),
        cmocka_unit_test(mixing_is_refused),
        cmocka_unit_test(nps_where_all_agree_has_an_interval),
        cmocka_unit_test(a_top_box_is_named),
        cmocka_unit_test(no_answers_no_score_and_no_spread_no_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
