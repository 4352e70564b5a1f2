/* Shrinkage: the 13 BCG vaccine trials (log risk ratios from Colditz et al. 1994), for which Viechtbauer
 * (2010, J. Stat. Softw. 36(3)) prints REML τ² .3132, mean −.7145, SE .1798 and Q 152.2330; more digits by
 * solving the REML equation in R. */
#include "stats/fixture.h"

#include "stats/gap/shrink.h"

#define TRIALS 13

static const double trials[TRIALS][4] = {
    {4, 119, 11, 128},     {6, 300, 29, 274},      {3, 228, 11, 209},        {62, 13536, 248, 12619},
    {33, 5036, 47, 5761},  {180, 1361, 372, 1079}, {8, 2537, 10, 619},       {505, 87886, 499, 87892},
    {29, 7470, 45, 7232},  {17, 1699, 65, 1600},   {186, 50448, 141, 27197}, {5, 2493, 3, 2338},
    {27, 16886, 29, 17825}};

static void vaccine_trials(double value[TRIALS], double se[TRIALS])
{
    for (size_t i = 0; i < TRIALS; i++) {
        double a = trials[i][0], n1 = a + trials[i][1], c = trials[i][2], n2 = c + trials[i][3];
        value[i] = log(a / n1 / (c / n2));
        se[i] = sqrt(1 / a - 1 / n1 + 1 / c - 1 / n2);
    }
}

static void matches_published_reml(void **state)
{
    (void)state;
    double value[TRIALS], se[TRIALS];
    struct mg_shrunk each[TRIALS];
    struct mg_shrink all;
    vaccine_trials(value, se);
    assert_int_equal(mg_shrink(value, se, TRIALS, each, &all, NULL), 0);
    NEAR(all.tau2, 0.31324325813648, 1e-9);
    NEAR(all.mu, -0.71453234215814, 1e-9);
    NEAR(all.se_mu, 0.17978151610521, 1e-9);
    NEAR(all.q, 152.23300808237, 1e-9);
    NEAR(each[0].value, -0.80023356197035, 1e-9);
    NEAR(each[7].value, 0.00287924789677, 1e-9);
    NEAR(each[0].se, 0.40993044752617, 1e-9);
    NEAR(each[7].se, 0.06258709441136, 1e-9);
    for (size_t i = 0; i < TRIALS; i++) { /* every value moves towards the mean, and not beyond it */
        assert_true((each[i].value - all.mu) * (value[i] - all.mu) > 0);
        assert_true(fabs(each[i].value - all.mu) < fabs(value[i] - all.mu));
    }
}

static void alike_segments_collapse_to_the_mean(void **state)
{
    (void)state;
    const double value[] = {-1.1, -0.9, -1.0, -1.05}, se[] = {.5, .4, .6, .5};
    struct mg_shrunk each[4];
    struct mg_shrink all;
    assert_int_equal(mg_shrink(value, se, 4, each, &all, NULL), 0);
    NEAR(all.tau2, 0, 0);
    for (size_t i = 0; i < 4; i++) {
        NEAR(each[i].value, all.mu, 1e-15);
        NEAR(each[i].se, all.se_mu, 1e-15);
    }
}

static void missing_segments_are_skipped(void **state)
{
    (void)state;
    const double value[] = {-1.5, NAN, -0.2, 0.7, 2}, se[] = {.2, .2, .3, .25, INFINITY};
    const double kept[] = {-1.5, -0.2, 0.7}, kept_se[] = {.2, .3, .25};
    struct mg_shrunk each[5], fewer[3];
    struct mg_shrink all, same;
    assert_int_equal(mg_shrink(value, se, 5, each, &all, NULL), 0);
    assert_int_equal(mg_shrink(kept, kept_se, 3, fewer, &same, NULL), 0);
    assert_int_equal(all.n, 3);
    NEAR(each[1].value, NAN, 0);
    NEAR(each[4].value, NAN, 0);
    NEAR(each[3].value, fewer[2].value, 0);
    NEAR(all.tau2, same.tau2, 0);
}

static void scale_only_scales(void **state)
{
    (void)state;
    double value[TRIALS], se[TRIALS], tens[TRIALS], tens_se[TRIALS];
    struct mg_shrunk a[TRIALS], b[TRIALS];
    struct mg_shrink all, scaled;
    vaccine_trials(value, se);
    for (size_t i = 0; i < TRIALS; i++) {
        tens[i] = 3 - 10 * value[i];
        tens_se[i] = 10 * se[i];
    }
    assert_int_equal(mg_shrink(value, se, TRIALS, a, &all, NULL), 0);
    assert_int_equal(mg_shrink(tens, tens_se, TRIALS, b, &scaled, NULL), 0);
    NEAR(scaled.tau2, 100 * all.tau2, 1e-8);
    for (size_t i = 0; i < TRIALS; i++)
        NEAR(b[i].value, 3 - 10 * a[i].value, 1e-8);
}

/* 300 segments with true τ = .5 around −1: τ² and mean are recovered, and shrunken values are nearer the
 * truth. */
static void recovers_known_segments(void **state)
{
    (void)state;
    enum { N = 300 };
    double truth[N], value[N], se[N], raw = 0, shrunk = 0, covered = 0;
    struct mg_shrunk each[N];
    struct mg_shrink all;
    struct mg_rng rng = mg_rng_init(21, 0);
    for (size_t i = 0; i < N; i++) {
        truth[i] = -1 + 0.5 * mg_rng_normal(&rng);
        se[i] = 0.2 + 0.8 * mg_rng_uniform(&rng);
        value[i] = truth[i] + se[i] * mg_rng_normal(&rng);
    }
    assert_int_equal(mg_shrink(value, se, N, each, &all, NULL), 0);
    NEAR(sqrt(all.tau2), 0.5, 0.1);
    NEAR(all.mu, -1, 4 * all.se_mu);
    for (size_t i = 0; i < N; i++) {
        raw += pow(value[i] - truth[i], 2);
        shrunk += pow(each[i].value - truth[i], 2);
        covered += fabs(each[i].value - truth[i]) < 1.96 * each[i].se;
    }
    assert_true(shrunk < 0.7 * raw);
    assert_true(covered / N > 0.91 && covered / N < 0.985);
}

static void says_why_it_cannot(void **state)
{
    (void)state;
    const double value[] = {1, 2, NAN, 3}, se[] = {.1, .2, .1, NAN}, zero[] = {.1, 0, .1, .1};
    struct mg_shrunk each[4];
    struct mg_shrink all;
    struct mg_error error = {0};
    assert_int_equal(mg_shrink(value, se, 4, each, &all, &error), MG_E_INESTIMABLE);
    assert_string_equal(error.message, "Segments with an estimate: 2. Shrinkage needs at least three.");
    assert_int_equal(mg_shrink(value, zero, 4, each, &all, &error), MG_E_INVALID);
    assert_int_equal(mg_shrink(value, se, 0, each, &all, &error), MG_E_INESTIMABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_published_reml),       cmocka_unit_test(alike_segments_collapse_to_the_mean),
        cmocka_unit_test(missing_segments_are_skipped), cmocka_unit_test(scale_only_scales),
        cmocka_unit_test(recovers_known_segments),      cmocka_unit_test(says_why_it_cannot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
