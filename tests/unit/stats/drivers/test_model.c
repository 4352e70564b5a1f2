/* All drivers together: by hand for one of them, how often the test rejects where there is nothing, with rows
 * by themselves and in twos, and how often the interval of R² holds the truth. */
#include "stats/fixture.h"

#include <string.h>

#include "stats/drivers/drivers.h"
#include "stats/drivers/model.h"
#include "stats/drivers/sampling.h"

#define P 4
#define N 120
#define SETS 200
#define REPLICATES 300

static const size_t in_order[P] = {0, 1, 2, 3};
static const double ones[P] = {1, 1, 1, 1}, sevens[P] = {7, 7, 7, 7};

/* Scores 1, 2, −1, 2: T 4, Σs² 10, q 1.6; F is 1.6/((4 − 1.6)/3). */
static void one_number_by_hand(void **state)
{
    (void)state;
    const double scores[] = {1, 2, -1, 2};
    double work[4];
    struct mg_model_test test;
    assert_int_equal(mg_model_test(scores, 4, 1, work, &test, NULL), 0);
    NEAR(test.statistic, 1.6 / (2.4 / 3), 1e-12);
    NEAR(test.df1, 1, 0);
    NEAR(test.df2, 3, 0);
}

static void what_has_no_test(void **state)
{
    (void)state;
    const double same[] = {1, 1, -2, -2, 3, 3, 4, 4};
    double work[10];
    struct mg_model_test test;
    struct mg_error error = {0};
    assert_int_equal(mg_model_test(same, 2, 2, work, &test, &error), MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "too few answers for a test"));
    assert_int_equal(mg_model_test(same, 4, 2, work, &test, &error), MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "don't vary apart"));
}

/* Resampled .5 on average where the sample has .4: chance adds .1, so that .3 is the middle. */
static void what_chance_adds_is_taken_off_twice(void **state)
{
    (void)state;
    double resampled[101], low, high, chance;
    for (size_t i = 0; i < 101; i++)
        resampled[i] = 0.6 - 0.002 * (double)i;
    mg_model_r2_interval(resampled, 101, .4, 0.9, &chance, &low, &high);
    NEAR(chance, .1, 1e-12);
    NEAR((low + high) / 2, .3, 1e-12);
    assert_true(high - low > 0.17 && high - low < 0.19);
    mg_model_r2_interval(resampled, 101, .1, 0.9, &chance, &low, &high);
    NEAR(low, 0, 0); /* cut */
}

/* `signal` 0: drivers without any use. twins: each row twice but for new noise, so that rows belong together.
 */
static void simulate(double *values, double signal, bool twins, uint64_t seed)
{
    struct mg_rng rng = mg_rng_init(seed, 7);
    double x[P] = {0}, own = 0;
    for (size_t r = 0; r < N; r++) {
        if (!twins || r % 2 == 0) {
            for (size_t i = 0; i < P; i++)
                x[i] = mg_rng_normal(&rng);
            own = mg_rng_normal(&rng);
        }
        double y = own;
        for (size_t i = 0; i < P; i++) {
            values[i * N + r] = x[i];
            y += signal * x[i];
        }
        values[P * N + r] = y + (twins ? 0.1 * mg_rng_normal(&rng) : 0);
    }
}

struct whole {
    struct mg_sampled_r2 r2;
    struct mg_drivers drivers;
    struct mg_model_test test;
};

static struct whole look_at(const double *values, bool twins)
{
    struct mg_arena *arena = fresh_arena();
    size_t step = twins ? 2 : 1, n = N / step;
    const struct mg_moments **buckets = mg_arena_array(arena, n, sizeof(struct mg_moments *));
    double importance[P], one[2 * (P + 1)];
    enum mg_quadrant quadrant[P] = {MG_QUADRANT_NONE, MG_QUADRANT_NONE, MG_QUADRANT_NONE, MG_QUADRANT_NONE};
    struct mg_moments *m = moments_of(arena, values, N, P + 1, NULL, 1, 0);
    const struct mg_drivers_spec all = {.y = P, .x = in_order, .p = P, .exact_max = P};
    struct whole ret;
    for (size_t b = 0; b < n; b++) {
        for (size_t i = 0; i <= P; i++)
            for (size_t k = 0; k < step; k++)
                one[i * step + k] = values[i * N + b * step + k];
        buckets[b] = moments_of(arena, one, step, P + 1, NULL, 1, 0);
    }
    assert_int_equal(mg_drivers_estimate(arena, m, &all, &ret.drivers, NULL), 0);
    for (size_t i = 0; i < P; i++)
        importance[i] = ret.drivers.drivers[i].lmg / ret.drivers.r2;
    const struct mg_sampling_spec spec = {.buckets = buckets,
                                          .n_buckets = n,
                                          .y = P,
                                          .x = in_order,
                                          .p = P,
                                          .importance = importance,
                                          .low = ones,
                                          .high = sevens,
                                          .quadrant = quadrant,
                                          .seed = 1};
    struct mg_sampling *s;
    assert_int_equal(
        mg_sampling_new(arena, &spec, (struct mg_sampling_effort){.replicates = REPLICATES}, &s, NULL), 0);
    mg_sampling_run(s, 0, REPLICATES);
    assert_int_equal(mg_sampling_whole(s, 0.95, ret.drivers.r2, &ret.r2, &ret.test, NULL), 0);
    mg_arena_free(arena);
    return ret;
}

/* Where rows come in twos the F test of the regression takes them for twice as many and rejects far too
 * often. */
static void rejects_as_often_as_it_says(void **state)
{
    (void)state;
    for (int twins = 0; twins <= 1; twins++) {
        static double values[(P + 1) * N];
        int rejected = 0, f = 0;
        for (uint64_t set = 0; set < SETS; set++) {
            simulate(values, 0, twins, 100 + set);
            struct whole w = look_at(values, twins);
            rejected += w.test.p < 0.05;
            f += w.drivers.p_value < 0.05;
        }
        if (rejected < 2 || rejected > 24)
            fail_msg("twins %d: %d of %d rejected", twins, rejected, SETS);
        assert_true(twins ? f > 40 : f < 24);
    }
}

/* Forty rows, four drivers without any use, log-normal weights of design effect 2 or so. */
static void rejects_as_often_with_weights_and_few_rows(void **state)
{
    (void)state;
    enum { ROWS = 40 };
    int rejected = 0;
    for (uint64_t set = 0; set < SETS; set++) {
        struct mg_rng rng = mg_rng_init(4000 + set, 3);
        double score[ROWS * P], x[ROWS][P], y[ROWS], w[ROWS], mean[P] = {0}, mean_y = 0, sum = 0,
                                                              work[P * P + 3 * P];
        for (size_t r = 0; r < ROWS; r++) {
            w[r] = exp(0.8 * mg_rng_normal(&rng));
            y[r] = mg_rng_normal(&rng);
            sum += w[r], mean_y += w[r] * y[r];
            for (size_t i = 0; i < P; i++) {
                x[r][i] = mg_rng_normal(&rng);
                mean[i] += w[r] * x[r][i];
            }
        }
        for (size_t r = 0; r < ROWS; r++)
            for (size_t i = 0; i < P; i++)
                score[r * P + i] = w[r] * (x[r][i] - mean[i] / sum) * (y[r] - mean_y / sum);
        struct mg_model_test test;
        assert_int_equal(mg_model_test(score, ROWS, P, work, &test, NULL), 0);
        rejected += test.p < 0.05;
    }
    if (rejected > 18)
        fail_msg("%d of %d rejected", rejected, SETS);
}

/* R² of all people is 4 × .25 / (4 × .25 + 1). */
static void the_interval_of_r2_holds_the_truth(void **state)
{
    (void)state;
    static double values[(P + 1) * N];
    int held = 0;
    for (uint64_t set = 0; set < SETS; set++) {
        simulate(values, 0.5, false, 900 + set);
        struct whole w = look_at(values, false);
        held += w.r2.low <= 0.5 && 0.5 <= w.r2.high;
        NEAR(w.r2.chance, w.drivers.r2 - w.drivers.r2_adjusted, 0.02);
        assert_true(w.test.p < 0.05);
    }
    if (held < 180 || held > 199)
        fail_msg("%d of %d hold the truth", held, SETS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_number_by_hand),
        cmocka_unit_test(what_has_no_test),
        cmocka_unit_test(what_chance_adds_is_taken_off_twice),
        cmocka_unit_test(rejects_as_often_as_it_says),
        cmocka_unit_test(rejects_as_often_with_weights_and_few_rows),
        cmocka_unit_test(the_interval_of_r2_holds_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
