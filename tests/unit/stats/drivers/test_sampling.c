/* How sure importances are: against a bootstrap of rows that estimates each resample anew, between exact
 * shares and few orders, by how often intervals hold the truth, and where rows come in twos. */
#include "stats/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "stats/drivers/sampling.h"

#define ROWS 300
#define P 4
#define MOST 16

static const size_t in_order[MOST + 1] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static const double ones[MOST] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const double sevens[MOST] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};

/* p related drivers, the later the stronger, and an outcome. */
static void simulate(double *values, size_t rows, size_t p, uint64_t seed)
{
    struct mg_rng rng = mg_rng_init(seed, 0);
    for (size_t r = 0; r < rows; r++) {
        double person = mg_rng_normal(&rng), y = 0;
        for (size_t i = 0; i < p; i++) {
            values[i * rows + r] = 0.7 * person + mg_rng_normal(&rng);
            y += (double)(i + 1) / (double)p * values[i * rows + r];
        }
        values[p * rows + r] = y + 2 * mg_rng_normal(&rng);
    }
}

/* Rows split into n buckets, by twos if `pairs`. */
static const struct mg_moments **split(struct mg_arena *arena, const double *values, size_t rows, size_t k,
                                       size_t n, bool pairs)
{
    const struct mg_moments **buckets = mg_arena_array(arena, n, sizeof(struct mg_moments *));
    double *own = mg_arena_array(arena, rows * k, sizeof *own);
    for (size_t b = 0; b < n; b++) {
        size_t used = 0;
        for (size_t r = 0; r < rows; r++)
            used += (pairs ? r / 2 : r) % n == b;
        size_t at = 0;
        for (size_t r = 0; r < rows; r++) {
            if ((pairs ? r / 2 : r) % n != b)
                continue;
            for (size_t i = 0; i < k; i++)
                own[i * used + at] = values[i * rows + r];
            at++;
        }
        buckets[b] = moments_of(arena, own, used, k, NULL, 1, 0);
    }
    return buckets;
}

struct found {
    struct mg_sampled drivers[MOST];
    double importance[MOST];
    enum mg_quadrant quadrant[MOST];
    size_t failed;
};

static struct mg_drivers_spec drivers_spec(size_t p)
{
    return (struct mg_drivers_spec){
        .y = p, .x = in_order, .p = p, .exact_max = MG_DRIVERS_EXACT_MAX, .permutations = 100, .seed = 1};
}

static double share(struct mg_arena *arena, const double *values, size_t rows, size_t p, double *ret)
{
    struct mg_drivers_spec spec = drivers_spec(p);
    struct mg_drivers d;
    assert_int_equal(
        mg_drivers_estimate(arena, moments_of(arena, values, rows, p + 1, NULL, 1, 0), &spec, &d, NULL), 0);
    for (size_t i = 0; i < p; i++)
        ret[i] = d.drivers[i].lmg / d.r2;
    return d.r2;
}

static struct found sample(struct mg_arena *arena, const double *values, size_t rows, size_t p,
                           const struct mg_moments **buckets, size_t n, struct mg_sampling_effort effort)
{
    struct found f = {0};
    const double scale[2] = {0, 1};
    double performance[MOST], cut[2];
    share(arena, values, rows, p, f.importance);
    struct mg_moments *m = moments_of(arena, values, rows, p + 1, NULL, 1, 0);
    for (size_t i = 0; i < p; i++)
        performance[i] = 100 * (mg_moments_mean(m, i, i) - 1) / 6;
    assert_int_equal(mg_importance_performance(f.importance, performance, p, MG_CUT_MEANS, scale, scale,
                                               f.quadrant, cut, NULL),
                     0);
    struct mg_sampling_spec spec = {.buckets = buckets,
                                    .n_buckets = n,
                                    .y = p,
                                    .x = in_order,
                                    .p = p,
                                    .importance = f.importance,
                                    .low = ones,
                                    .high = sevens,
                                    .quadrant = f.quadrant,
                                    .seed = 3};
    struct mg_sampling *s;
    assert_int_equal(mg_sampling_new(arena, &spec, effort, &s, NULL), 0);
    mg_sampling_run(s, effort.replicates / 2, effort.replicates); /* in any order */
    mg_sampling_run(s, 0, effort.replicates / 2);
    assert_int_equal(mg_sampling_describe(s, 0.95, f.drivers, &f.failed, NULL), 0);
    return f;
}

/* Each row a bucket of its own: what a bootstrap of rows finds that estimates every resample by the ordinary
 * estimator. */
static void agrees_with_a_bootstrap_of_rows(void **state)
{
    (void)state;
    enum { R = 800 };
    static double values[(P + 1) * ROWS], drawn[(P + 1) * ROWS], shares[R][P];
    struct mg_arena *arena = fresh_arena();
    simulate(values, ROWS, P, 1);
    struct found f = sample(arena, values, ROWS, P, split(arena, values, ROWS, P + 1, ROWS, false), ROWS,
                            (struct mg_sampling_effort){.replicates = R});
    for (size_t b = 0; b < R; b++) {
        struct mg_rng rng = mg_rng_init(77, b);
        struct mg_arena *own = fresh_arena();
        for (size_t r = 0; r < ROWS; r++) {
            size_t from = (size_t)mg_rng_below(&rng, ROWS);
            for (size_t i = 0; i <= P; i++)
                drawn[i * ROWS + r] = values[i * ROWS + from];
        }
        share(own, drawn, ROWS, P, shares[b]);
        mg_arena_free(own);
    }
    for (size_t i = 0; i < P; i++) {
        double mean = 0, square = 0;
        for (size_t b = 0; b < R; b++)
            mean += shares[b][i] / R;
        for (size_t b = 0; b < R; b++)
            square += pow(shares[b][i] - mean, 2);
        NEAR(f.drivers[i].se / sqrt(square / (R - 1)), 1, 0.1);
        assert_true(f.drivers[i].low < f.importance[i] && f.importance[i] < f.drivers[i].high);
    }
    mg_arena_free(arena);
}

/* More drivers than are computed exactly: forty orders tell the same as all of them. */
static void few_orders_tell_the_same(void **state)
{
    (void)state;
    static double values[11 * ROWS];
    struct mg_arena *arena = fresh_arena();
    simulate(values, ROWS, 10, 2);
    const struct mg_moments **buckets = split(arena, values, ROWS, 11, 128, false);
    struct found exact =
        sample(arena, values, ROWS, 10, buckets, 128, (struct mg_sampling_effort){.replicates = 400});
    struct found few = sample(arena, values, ROWS, 10, buckets, 128,
                              (struct mg_sampling_effort){.replicates = 400, .orders = 40});
    for (size_t i = 0; i < 10; i++) {
        NEAR(few.drivers[i].se / exact.drivers[i].se, 1, 0.1);
        NEAR(few.drivers[i].low, exact.drivers[i].low, 0.3 * exact.drivers[i].se);
        NEAR(few.drivers[i].high, exact.drivers[i].high, 0.3 * exact.drivers[i].se);
        NEAR(few.drivers[i].rank_probability, exact.drivers[i].rank_probability, 0.1);
    }
    mg_arena_free(arena);
}

/* The truth: shares of a very large sample. */
static void intervals_hold_the_truth(void **state)
{
    (void)state;
    enum { LARGE = 200000, SETS = 150 };
    double *large = malloc((P + 1) * LARGE * sizeof *large), truth[P];
    static double values[(P + 1) * ROWS];
    struct mg_arena *arena = fresh_arena();
    size_t covered = 0, sets = 0;
    simulate(large, LARGE, P, 9);
    share(arena, large, LARGE, P, truth);
    for (uint64_t seed = 100; seed < 100 + SETS; seed++) {
        struct mg_arena *own = fresh_arena();
        simulate(values, ROWS, P, seed);
        struct found f = sample(own, values, ROWS, P, split(own, values, ROWS, P + 1, 128, false), 128,
                                (struct mg_sampling_effort){.replicates = 200});
        for (size_t i = 0; i < P; i++, sets++)
            covered += f.drivers[i].low <= truth[i] && truth[i] <= f.drivers[i].high;
        mg_arena_free(own);
    }
    assert_in_range(covered, sets * 92 / 100, sets * 97 / 100);
    free(large);
    mg_arena_free(arena);
}

/* Every row twice: as two people the intervals are too narrow, as one person each they are those of the rows.
 */
static void people_asked_twice_are_one(void **state)
{
    (void)state;
    static double values[(P + 1) * ROWS], twice[(P + 1) * 2 * ROWS];
    struct mg_arena *arena = fresh_arena();
    const struct mg_sampling_effort effort = {.replicates = 500};
    simulate(values, ROWS, P, 4);
    for (size_t i = 0; i < (P + 1) * 2 * ROWS; i++)
        twice[i] = values[i / 2];
    struct found once =
        sample(arena, values, ROWS, P, split(arena, values, ROWS, P + 1, ROWS, false), ROWS, effort);
    struct found people =
        sample(arena, twice, 2 * ROWS, P, split(arena, twice, 2 * ROWS, P + 1, ROWS, true), ROWS, effort);
    struct found rows = sample(arena, twice, 2 * ROWS, P,
                               split(arena, twice, 2 * ROWS, P + 1, 2 * ROWS, false), 2 * ROWS, effort);
    for (size_t i = 0; i < P; i++) {
        NEAR(people.drivers[i].se, once.drivers[i].se, 1e-12);
        NEAR(rows.drivers[i].se / once.drivers[i].se, sqrt(0.5), 0.08);
    }
    mg_arena_free(arena);
}

/* The last is first in nearly all resamples; the two before it are hard to tell apart. */
static void ranks_and_quadrants_have_probabilities(void **state)
{
    (void)state;
    static double values[(P + 1) * ROWS];
    struct mg_arena *arena = fresh_arena();
    struct mg_rng rng = mg_rng_init(5, 0);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t i = 0; i < P; i++)
            values[i * ROWS + r] = (i == 3 ? 3 : 5) + mg_rng_normal(&rng);
        values[P * ROWS + r] =
            3 * values[3 * ROWS + r] + 0.7 * (values[r] + values[ROWS + r]) + mg_rng_normal(&rng);
    }
    struct found f = sample(arena, values, ROWS, P, split(arena, values, ROWS, P + 1, 128, false), 128,
                            (struct mg_sampling_effort){.replicates = 500});
    double first = 0;
    for (size_t i = 0; i < P; i++)
        first += f.drivers[i].first_probability;
    NEAR(first, 1, 1e-12);
    NEAR(f.drivers[3].rank, 1, 0);
    NEAR(f.drivers[3].first_probability, 1, 0);
    NEAR(f.drivers[3].quadrant_probability, 1, 0); /* important and poor */
    assert_int_equal(f.quadrant[3], MG_QUADRANT_CONCENTRATE);
    NEAR(f.drivers[0].rank_low, 2, 0);
    NEAR(f.drivers[0].rank_high, 3, 0);
    NEAR(f.drivers[0].rank_probability, f.drivers[1].rank_probability, 1e-12);
    assert_true(f.drivers[0].rank_probability < 0.98);
    assert_int_equal(f.failed, 0);
    mg_arena_free(arena);
}

static void says_why_it_cannot(void **state)
{
    (void)state;
    static double values[(P + 1) * ROWS];
    struct mg_arena *arena = fresh_arena();
    struct mg_error error = {0};
    double importance[P];
    const enum mg_quadrant none[P] = {MG_QUADRANT_NONE, MG_QUADRANT_NONE, MG_QUADRANT_NONE, MG_QUADRANT_NONE};
    simulate(values, ROWS, P, 6);
    for (size_t r = 1; r < ROWS; r++)
        values[r] = 2; /* driver 1 varies by its first row only: a third of the resamples lack it */
    values[0] = 5;
    share(arena, values, ROWS, P, importance);
    struct mg_sampling_spec spec = {.buckets = split(arena, values, ROWS, P + 1, ROWS, false),
                                    .n_buckets = 9,
                                    .y = P,
                                    .x = in_order,
                                    .p = P,
                                    .importance = importance,
                                    .low = ones,
                                    .high = sevens,
                                    .quadrant = none,
                                    .seed = 1};
    struct mg_sampling *s;
    struct mg_sampled found[P];
    size_t failed;
    const struct mg_sampling_effort effort = {.replicates = 200};
    assert_int_equal(mg_sampling_new(arena, &spec, effort, &s, &error), MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "too few"));
    spec.n_buckets = ROWS;
    assert_int_equal(mg_sampling_new(arena, &spec, effort, &s, &error), 0);
    mg_sampling_run(s, 0, 200);
    assert_int_equal(mg_sampling_describe(s, 0.95, found, &failed, &error), MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "of 200"));
    mg_arena_free(arena);
}

/* The effort falls with the number of drivers, within what is promised. */
static void effort_has_limits(void **state)
{
    (void)state;
    struct mg_sampling_effort effort;
    mg_sampling_effort(MG_SAMPLING_EXACT_MAX, &effort);
    assert_int_equal(effort.replicates, MG_SAMPLING_REPLICATES);
    assert_int_equal(effort.orders, 0);
    mg_sampling_effort(24, &effort);
    assert_int_equal(effort.replicates, MG_SAMPLING_REPLICATES);
    assert_int_equal(effort.orders, 96);
    mg_sampling_effort(MG_DRIVERS_MAX, &effort);
    assert_in_range(effort.replicates, MG_SAMPLING_REPLICATES_MIN, MG_SAMPLING_REPLICATES);
}

/* x₂ is nearly x₁; x₅ = x₃ + x₄ exactly; x₆ stands alone. */
static void collinear_sets_are_found(void **state)
{
    (void)state;
    static double values[7 * ROWS];
    struct mg_arena *arena = fresh_arena();
    struct mg_rng rng = mg_rng_init(7, 0);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t i = 0; i < 7; i++)
            values[i * ROWS + r] = mg_rng_normal(&rng);
        values[ROWS + r] = values[r] + 0.1 * values[ROWS + r];
        values[4 * ROWS + r] = values[2 * ROWS + r] + values[3 * ROWS + r];
    }
    struct mg_drivers_spec spec = drivers_spec(6);
    struct mg_collinear sets;
    assert_int_equal(
        mg_drivers_collinear(arena, moments_of(arena, values, ROWS, 7, NULL, 1, 0), &spec, &sets, NULL), 0);
    assert_int_equal(sets.n, 2);
    const size_t expected[] = {0, 0, 1, 1, 1, MG_COLLINEAR_NONE};
    assert_memory_equal(sets.set, expected, sizeof expected);
    assert_false(sets.exact[0]);
    assert_true(sets.exact[1]);
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_bootstrap_of_rows),
        cmocka_unit_test(few_orders_tell_the_same),
        cmocka_unit_test(intervals_hold_the_truth),
        cmocka_unit_test(people_asked_twice_are_one),
        cmocka_unit_test(ranks_and_quadrants_have_probabilities),
        cmocka_unit_test(says_why_it_cannot),
        cmocka_unit_test(effort_has_limits),
        cmocka_unit_test(collinear_sets_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
