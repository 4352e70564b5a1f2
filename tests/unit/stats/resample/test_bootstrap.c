/* Resampling: the pieces of BCa against brute force, independence of threads and order, the jackknife against
 * its closed form. How often intervals hold the truth is in test_coverage.c. */
#include "stats/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "stats/dist/dist.h"
#include "stats/gap/gap.h"
#include "stats/resample/bootstrap.h"

#define ROWS 60
#define REPLICATES 1000
#define LEVEL 0.95

static double exponential(struct mg_rng *rng)
{
    return -log(1 - mg_rng_uniform(rng));
}

/* Columns E1, P1, E2, P2; the second pair has missing answers; skewed, with weights on request. */
static double values[4 * ROWS], weights[ROWS];
static const struct mg_matrix data = {.value = values, .rows = ROWS, .columns = 4};
static const struct mg_matrix weighted = {.value = values, .weight = weights, .rows = ROWS, .columns = 4};
static const struct mg_pair pairs[] = {{0, 1}, {2, 3}, {SIZE_MAX, 1}};

static int simulate(void **state)
{
    (void)state;
    struct mg_rng rng = mg_rng_init(77, 0);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t c = 0; c < 4; c++)
            values[c * ROWS + r] = fmin(7, 1 + floor(2 * exponential(&rng) * (c % 2 ? 1 : 1.4)));
        if (r % 7 == 0)
            values[2 * ROWS + r] = NAN;
        weights[r] = 0.5 + exponential(&rng);
    }
    return 0;
}

/* θ₍i₎ by leaving each row out and averaging what is left. */
static double brute_force_acceleration(const struct mg_matrix *m, const struct mg_pair *pair)
{
    double theta[ROWS], mean = 0, square = 0, cube = 0;
    size_t n = 0;
    for (size_t out = 0; out < ROWS; out++) {
        double total = 0, sum = 0;
        for (size_t r = 0; r < ROWS; r++) {
            double d = values[pair->p * ROWS + r] - values[pair->e * ROWS + r],
                   w = m->weight ? weights[r] : 1;
            total += r == out || isnan(d) ? 0 : w * d;
            sum += r == out || isnan(d) ? 0 : w;
        }
        if (!isnan(values[pair->p * ROWS + out] - values[pair->e * ROWS + out]))
            theta[n++] = total / sum;
    }
    for (size_t i = 0; i < n; i++)
        mean += theta[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        square += pow(mean - theta[i], 2);
        cube += pow(mean - theta[i], 3);
    }
    return cube / (6 * pow(square, 1.5));
}

static double replicates[REPLICATES * 3], sorted[REPLICATES];
static uint32_t counts[ROWS];

static void acceleration_is_that_of_the_jackknife(void **state)
{
    (void)state;
    struct mg_bootstrap result;
    mg_bootstrap_gaps(&data, pairs, 2, 1, 0, REPLICATES, counts, replicates);
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(
            mg_bootstrap_bca(&data, &pairs[k], replicates + k, REPLICATES, 2, LEVEL, sorted, &result, NULL),
            0);
        NEAR(result.acceleration, brute_force_acceleration(&data, &pairs[k]), 1e-12);
    }
    mg_bootstrap_gaps(&weighted, pairs, 2, 1, 0, REPLICATES, counts, replicates);
    assert_int_equal(
        mg_bootstrap_bca(&weighted, &pairs[1], replicates + 1, REPLICATES, 2, LEVEL, sorted, &result, NULL),
        0);
    NEAR(result.acceleration, brute_force_acceleration(&weighted, &pairs[1]), 1e-12);
}

static void standard_error_and_centre_agree_with_theory(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    struct mg_gap_stat stat;
    struct mg_bootstrap result;
    mg_bootstrap_gaps(&data, pairs, 3, 2, 0, REPLICATES, counts, replicates);
    struct mg_moments *m = moments_of(arena, values, ROWS, 4, NULL, 1, 4);
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &stat, NULL), 0);
    assert_int_equal(
        mg_bootstrap_bca(&data, &pairs[0], replicates, REPLICATES, 3, LEVEL, sorted, &result, NULL), 0);
    NEAR(result.estimate, stat.gap, 1e-13);
    NEAR(result.se / stat.se, 1, 0.08);
    assert_true(result.low < stat.gap && stat.gap < result.high);
    NEAR((result.high - result.low) / (stat.high - stat.low), 1, 0.12);
    assert_int_equal(result.replicates, REPLICATES);
    assert_int_equal(result.failed, 0);
    assert_int_equal(mg_gap_single(m, 1, LEVEL, &stat, NULL), 0);
    assert_int_equal(
        mg_bootstrap_bca(&data, &pairs[2], replicates + 2, REPLICATES, 3, LEVEL, sorted, &result, NULL), 0);
    NEAR(result.estimate, stat.mean_p, 1e-13);
    NEAR(result.se / stat.se, 1, 0.08);
    mg_arena_free(arena);
}

/* The interval's ends are the quantiles that z0 and the acceleration say (Efron & Tibshirani 1993, 14.10),
 * from nominal ends that lie as far out as t does (Hesterberg 2015). Continuous, very skewed data, so that
 * both constants matter and nothing ties. */
static void ends_follow_the_definition(void **state)
{
    (void)state;
    enum { N = 20 };
    double skewed[N];
    const struct mg_matrix few = {.value = skewed, .rows = N, .columns = 1};
    const struct mg_pair mean = {SIZE_MAX, 0};
    struct mg_rng rng = mg_rng_init(12, 0);
    struct mg_bootstrap r;
    for (size_t i = 0; i < N; i++)
        skewed[i] = exp(2 * mg_rng_normal(&rng));
    mg_bootstrap_gaps(&few, &mean, 1, 3, 0, REPLICATES, counts, replicates);
    assert_int_equal(mg_bootstrap_bca(&few, &mean, replicates, REPLICATES, 1, LEVEL, sorted, &r, NULL), 0);
    assert_true(r.acceleration > 0.05 && r.z0 > 0.02);
    const double ends[2] = {r.low, r.high}, far = sqrt(20.0 / 19) * 2.093024054408; /* t, 19 degrees */
    for (int i = 0; i < 2; i++) {
        double z = r.z0 + (i ? far : -far), below = 0;
        double p = mg_normal_cdf(r.z0 + z / (1 - r.acceleration * z));
        for (size_t k = 0; k < REPLICATES; k++)
            below += replicates[k] < ends[i];
        NEAR(below / REPLICATES, p, 0.0011);
    }
}

static void splitting_the_work_changes_nothing(void **state)
{
    (void)state;
    static double whole[REPLICATES * 3], parts[REPLICATES * 3];
    mg_bootstrap_gaps(&weighted, pairs, 3, 9, 0, REPLICATES, counts, whole);
    mg_bootstrap_gaps(&weighted, pairs, 3, 9, 611, REPLICATES, counts, parts + 3 * 611);
    mg_bootstrap_gaps(&weighted, pairs, 3, 9, 0, 7, counts, parts);
    mg_bootstrap_gaps(&weighted, pairs, 3, 9, 7, 611, counts, parts + 3 * 7);
    assert_memory_equal(whole, parts, sizeof whole);
    mg_bootstrap_gaps(&weighted, pairs, 3, 10, 0, REPLICATES, counts, parts);
    assert_memory_not_equal(whole, parts, sizeof whole);
    mg_bootstrap_gaps(&weighted, pairs + 1, 1, 9, 0, REPLICATES, counts, parts);
    for (size_t r = 0; r < REPLICATES; r++) /* nor does asking for fewer pairs */
        NEAR(parts[r], whole[3 * r + 1], 0);
}

static void equal_weights_are_no_weights(void **state)
{
    (void)state;
    static double plain[REPLICATES], twos[REPLICATES];
    double two[ROWS];
    for (size_t r = 0; r < ROWS; r++)
        two[r] = 2;
    const struct mg_matrix equal = {.value = values, .weight = two, .rows = ROWS, .columns = 4};
    struct mg_bootstrap a, b;
    mg_bootstrap_gaps(&data, pairs, 1, 4, 0, REPLICATES, counts, plain);
    mg_bootstrap_gaps(&equal, pairs, 1, 4, 0, REPLICATES, counts, twos);
    assert_int_equal(mg_bootstrap_bca(&data, pairs, plain, REPLICATES, 1, LEVEL, sorted, &a, NULL), 0);
    assert_int_equal(mg_bootstrap_bca(&equal, pairs, twos, REPLICATES, 1, LEVEL, sorted, &b, NULL), 0);
    NEAR(a.low, b.low, 1e-13);
    NEAR(a.high, b.high, 1e-13);
    NEAR(a.acceleration, b.acceleration, 1e-13);
}

/* Rows without a positive weight are as good as missing. */
static void rows_without_weight_do_not_count(void **state)
{
    (void)state;
    double half[ROWS], without[4 * ROWS], zero[ROWS] = {0};
    static double a[REPLICATES], b[REPLICATES];
    memcpy(without, values, sizeof without);
    for (size_t r = 0; r < ROWS; r++) {
        half[r] = r % 2 ? 1 : r % 4 ? NAN : -1;
        if (r % 2 == 0)
            without[ROWS + r] = NAN;
    }
    const struct mg_matrix some = {.value = values, .weight = half, .rows = ROWS, .columns = 4};
    const struct mg_matrix fewer = {.value = without, .rows = ROWS, .columns = 4};
    const struct mg_matrix nobody = {.value = values, .weight = zero, .rows = ROWS, .columns = 4};
    mg_bootstrap_gaps(&some, pairs, 1, 5, 0, REPLICATES, counts, a);
    mg_bootstrap_gaps(&fewer, pairs, 1, 5, 0, REPLICATES, counts, b);
    for (size_t r = 0; r < REPLICATES; r++)
        NEAR(a[r], b[r], 0);
    mg_bootstrap_gaps(&nobody, pairs, 1, 5, 0, 1, counts, a);
    NEAR(a[0], NAN, 0);
}

static void says_why_there_is_no_interval(void **state)
{
    (void)state;
    static double constant[4 * ROWS];
    for (size_t r = 0; r < ROWS; r++) {
        constant[r] = constant[ROWS + r] = 0.1 * (double)r;
        constant[ROWS + r] -= 0.3;
        constant[2 * ROWS + r] = r ? NAN : 3;
        constant[3 * ROWS + r] = NAN;
    }
    const struct mg_matrix flat = {.value = constant, .rows = ROWS, .columns = 4};
    const struct mg_pair alone = {SIZE_MAX, 2}, none = {2, 3};
    struct mg_bootstrap result = {.low = 99};
    struct mg_error error = {0};
    mg_bootstrap_gaps(&flat, pairs, 1, 1, 0, REPLICATES, counts, replicates);
    assert_int_equal(
        mg_bootstrap_bca(&flat, pairs, replicates, REPLICATES, 1, LEVEL, sorted, &result, &error),
        MG_E_INESTIMABLE);
    assert_int_equal(
        mg_bootstrap_bca(&flat, &alone, replicates, REPLICATES, 1, LEVEL, sorted, &result, &error),
        MG_E_INESTIMABLE);
    assert_string_equal(error.message, "Rows with an answer: 1. A mean with an interval needs at least two.");
    mg_bootstrap_gaps(&flat, &none, 1, 1, 0, 1, counts, replicates);
    NEAR(replicates[0], NAN, 0);
    assert_int_equal(
        mg_bootstrap_bca(&flat, &none, replicates, REPLICATES, 1, LEVEL, sorted, &result, &error),
        MG_E_INESTIMABLE);
    assert_int_equal(mg_bootstrap_bca(&data, pairs, replicates, 99, 1, LEVEL, sorted, &result, &error),
                     MG_E_INVALID);
    assert_int_equal(mg_bootstrap_bca(&data, pairs, replicates, 999, 1, 0, sorted, &result, &error),
                     MG_E_INVALID);
    NEAR(result.low, 99, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acceleration_is_that_of_the_jackknife),
        cmocka_unit_test(standard_error_and_centre_agree_with_theory),
        cmocka_unit_test(ends_follow_the_definition),
        cmocka_unit_test(splitting_the_work_changes_nothing),
        cmocka_unit_test(equal_weights_are_no_weights),
        cmocka_unit_test(rows_without_weight_do_not_count),
        cmocka_unit_test(says_why_there_is_no_interval),
    };
    return cmocka_run_group_tests(tests, simulate, NULL);
}
