/* Do 95 % intervals hold the truth 95 times in 100? Simulated answers from 1 to 7, whose true means are
 * known: a normal of mean μ and SD σ, rounded and cut off, has P(answer ≤ k) = Φ((k + ½ − μ)/σ). */
#include "fixture.h"

#include "stats/dist/dist.h"
#include "stats/gap/gap.h"
#include "stats/resample/bootstrap.h"

#define LEVEL 0.95

/* Each person adds a normal of SD `person` to both sides, so the pair is correlated. */
static double true_mean(double mean, double sd)
{
    double sum = 1;
    for (int k = 1; k < 7; k++)
        sum += 1 - mg_normal_cdf((k + 0.5 - mean) / sd);
    return sum;
}

struct design {
    double mean_e, mean_p, person, noise_e, noise_p;
};

static const struct design heating = {6.2, 4.6, 0.6, 0.9,
                                      1.2}; /* E crowds at the top of the scale, as E does */

static double true_gap(const struct design *d)
{
    return true_mean(d->mean_p, hypot(d->person, d->noise_p)) -
           true_mean(d->mean_e, hypot(d->person, d->noise_e));
}

/* `person`: standard normal, the same for all that one person answers. */
static void draw_answers(struct mg_rng *rng, const struct design *d, double person, double *ret_e,
                         double *ret_p)
{
    *ret_e = answer(rng, d->mean_e + d->person * person, d->noise_e);
    *ret_p = answer(rng, d->mean_p + d->person * person, d->noise_p);
}

static void draw_person(struct mg_rng *rng, const struct design *d, double *ret_e, double *ret_p)
{
    draw_answers(rng, d, mg_rng_normal(rng), ret_e, ret_p);
}

static void assert_covers(int covered, int intervals, double least, double most)
{
    double share = (double)covered / intervals;
    print_message("%d of %d intervals hold the truth: %.2f %%\n", covered, intervals, 100 * share);
    assert_true(share >= least && share <= most);
}

static void paired_t(void **state)
{
    (void)state;
    enum { N = 60, SAMPLES = 4000 };
    static double values[2 * N];
    int gaps = 0, expectations = 0;
    for (uint64_t seed = 0; seed < SAMPLES; seed++) {
        struct mg_rng rng = mg_rng_init(2026, seed);
        struct mg_arena *arena = fresh_arena();
        struct mg_gap_stat stat;
        for (size_t r = 0; r < N; r++)
            draw_person(&rng, &heating, &values[r], &values[N + r]);
        assert_int_equal(
            mg_gap_paired(moments_of(arena, values, N, 2, NULL, 1, 4), NULL, 0, 1, LEVEL, &stat, NULL), 0);
        double gap = true_gap(&heating),
               e = true_mean(heating.mean_e, hypot(heating.person, heating.noise_e));
        gaps += stat.low <= gap && gap <= stat.high;
        expectations += stat.low_e <= e && e <= stat.high_e;
        mg_arena_free(arena);
    }
    assert_covers(gaps, SAMPLES, 0.93, 0.97);
    assert_covers(expectations, SAMPLES, 0.93, 0.97);
}

static void welch(void **state)
{
    (void)state;
    enum { N_E = 40, N_P = 90, SAMPLES = 3000 };
    static double e[N_E], p[N_P];
    int covered = 0;
    for (uint64_t seed = 0; seed < SAMPLES; seed++) {
        struct mg_rng rng = mg_rng_init(2027, seed);
        struct mg_arena *arena = fresh_arena();
        struct mg_gap_stat stat;
        double other;
        for (size_t r = 0; r < N_E; r++)
            draw_person(&rng, &heating, &e[r], &other);
        for (size_t r = 0; r < N_P; r++)
            draw_person(&rng, &heating, &other, &p[r]);
        assert_int_equal(mg_gap_welch(moments_of(arena, e, N_E, 1, NULL, 1, 4), NULL, 0,
                                      moments_of(arena, p, N_P, 1, NULL, 1, 4), NULL, 0, LEVEL, &stat, NULL),
                         0);
        covered += stat.low <= true_gap(&heating) && true_gap(&heating) <= stat.high;
        mg_arena_free(arena);
    }
    assert_covers(covered, SAMPLES, 0.93, 0.97);
}

/* Half the population is under-represented 4 to 1 and sees another service; weights undo it. */
static void weighted_paired_t(void **state)
{
    (void)state;
    enum { N = 200, SAMPLES = 3000 };
    static const struct design other = {5.5, 5.2, 0.6, 1.0, 1.0};
    static double values[2 * N], weights[N];
    double truth = (true_gap(&heating) + true_gap(&other)) / 2;
    int covered = 0;
    for (uint64_t seed = 0; seed < SAMPLES; seed++) {
        struct mg_rng rng = mg_rng_init(2028, seed);
        struct mg_arena *arena = fresh_arena();
        struct mg_gap_stat stat;
        for (size_t r = 0; r < N; r++) {
            int rare = mg_rng_below(&rng, 5) == 0;
            draw_person(&rng, rare ? &other : &heating, &values[r], &values[N + r]);
            weights[r] = rare ? 2.5 : 0.625;
        }
        assert_int_equal(mg_gap_paired(moments_of(arena, values, N, 2, weights, 1, 4),
                                       moments_of(arena, values, N, 2, weights, 2, 4), 0, 1, LEVEL, &stat,
                                       NULL),
                         0);
        covered += stat.low <= truth && truth <= stat.high;
        mg_arena_free(arena);
    }
    assert_covers(covered, SAMPLES, 0.93, 0.97);
}

/* Two dimensions of which people miss the second one in three times; weights 70 and 30. */
static void combined_gap_with_missing_dimensions(void **state)
{
    (void)state;
    enum { N = 80, SAMPLES = 2000 };
    static const struct design second = {5.8, 5.0, 0.9, 1.0, 1.3};
    static double values[4 * N];
    const double importance[] = {70, 30}, truth = 0.7 * true_gap(&heating) + 0.3 * true_gap(&second);
    const size_t e[] = {0, 2}, p[] = {1, 3};
    int covered = 0;
    for (uint64_t seed = 0; seed < SAMPLES; seed++) {
        struct mg_rng rng = mg_rng_init(2029, seed);
        struct mg_arena *arena = fresh_arena();
        struct mg_gap_stat stat;
        for (size_t r = 0; r < N; r++) {
            double person = mg_rng_normal(&rng);
            draw_answers(&rng, &heating, person, &values[r], &values[N + r]);
            draw_answers(&rng, &second, person, &values[2 * N + r], &values[3 * N + r]);
            if (mg_rng_below(&rng, 3) == 0)
                values[2 * N + r] = values[3 * N + r] = NAN;
        }
        struct mg_moments *m = moments_of(arena, values, N, 4, NULL, 1, 4);
        assert_int_equal(mg_gap_combine(m, NULL, e, p, importance, 2, LEVEL, &stat, NULL), 0);
        covered += stat.low <= truth && truth <= stat.high;
        mg_arena_free(arena);
    }
    assert_covers(covered, SAMPLES, 0.93, 0.97);
}

/* Fewer, because each is a bootstrap; BCa is known to fall a little short at n = 50. */
static void bca(void **state)
{
    (void)state;
    enum { N = 50, SAMPLES = 800, REPLICATES = 500 };
    static double values[2 * N], replicates[REPLICATES], sorted[REPLICATES];
    static const struct mg_pair pair = {0, 1};
    const struct mg_matrix data = {.value = values, .rows = N, .columns = 2};
    uint32_t counts[N];
    int covered = 0;
    for (uint64_t seed = 0; seed < SAMPLES; seed++) {
        struct mg_rng rng = mg_rng_init(2030, seed);
        struct mg_bootstrap result;
        for (size_t r = 0; r < N; r++)
            draw_person(&rng, &heating, &values[r], &values[N + r]);
        mg_bootstrap_gaps(&data, &pair, 1, seed, 0, REPLICATES, counts, replicates);
        assert_int_equal(
            mg_bootstrap_bca(&data, &pair, replicates, REPLICATES, 1, LEVEL, sorted, &result, NULL), 0);
        covered += result.low <= true_gap(&heating) && true_gap(&heating) <= result.high;
    }
    assert_covers(covered, SAMPLES, 0.92, 0.97);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paired_t),
        cmocka_unit_test(welch),
        cmocka_unit_test(weighted_paired_t),
        cmocka_unit_test(combined_gap_with_missing_dimensions),
        cmocka_unit_test(bca),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
