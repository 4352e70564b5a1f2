/* Do 95 % intervals hold the truth 95 times in 100? Simulated answers from 1 to 7, whose true means are
 * known: a normal of mean μ and SD σ, rounded and cut off, has P(answer ≤ k) = Φ((k + ½ − μ)/σ). */
#include "fixture.h"

#include <string.h>

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
        assert_int_equal(mg_gap_paired(moments_of(arena, values, N, 2, NULL, 1, 4), 0, 1, LEVEL, &stat, NULL),
                         0);
        double gap = true_gap(&heating),
               e = true_mean(heating.mean_e, hypot(heating.person, heating.noise_e));
        gaps += stat.low <= gap && gap <= stat.high;
        expectations += stat.low_e <= e && e <= stat.high_e;
        mg_arena_free(arena);
    }
    assert_covers(gaps, SAMPLES, 0.93, 0.97);
    assert_covers(expectations, SAMPLES, 0.93, 0.97);
}

/* Where some answered both sides and others one; 0: Welch's two samples. */
static void cover_overlap(size_t n_e, size_t n_p, size_t both, uint64_t first_seed)
{
    enum { MOST = 200, SAMPLES = 3000 };
    static double values[2 * MOST];
    size_t n = n_e + n_p + both;
    int covered = 0;
    for (uint64_t seed = 0; seed < SAMPLES; seed++) {
        struct mg_rng rng = mg_rng_init(first_seed, seed);
        struct mg_arena *arena = fresh_arena();
        struct mg_gap_stat stat;
        for (size_t r = 0; r < n; r++) {
            draw_person(&rng, &heating, &values[r], &values[n + r]);
            if (r < n_e)
                values[n + r] = NAN;
            else if (r < n_e + n_p)
                values[r] = NAN;
        }
        assert_int_equal(
            mg_gap_overlap(moments_of(arena, values, n, 2, NULL, 1, 4), 0, 1, LEVEL, &stat, NULL), 0);
        assert_true(!!(stat.flags & MG_GAP_UNPAIRED) == (both == 0));
        covered += stat.low <= true_gap(&heating) && true_gap(&heating) <= stat.high;
        mg_arena_free(arena);
    }
    assert_covers(covered, SAMPLES, 0.93, 0.97);
}

static void welch(void **state)
{
    (void)state;
    cover_overlap(40, 90, 0, 2027);
}

static void partly_overlapping_samples(void **state)
{
    (void)state;
    cover_overlap(30, 40, 50, 2031);
    cover_overlap(60, 60, 3, 2032);
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
        assert_int_equal(
            mg_gap_paired(moments_of(arena, values, N, 2, weights, 1, 4), 0, 1, LEVEL, &stat, NULL), 0);
        covered += stat.low <= truth && truth <= stat.high;
        mg_arena_free(arena);
    }
    assert_covers(covered, SAMPLES, 0.93, 0.97);
}

/* Fifteen answers whose weights have a design effect of about 3: where the t interval covered 4 in 5. */
static void weighted_small_samples(void **state)
{
    (void)state;
    enum { N = 15, SAMPLES = 4000 };
    static double values[2 * N], weights[N];
    int covered = 0;
    for (uint64_t seed = 0; seed < SAMPLES; seed++) {
        struct mg_rng rng = mg_rng_init(2033, seed);
        struct mg_arena *arena = fresh_arena();
        struct mg_gap_stat stat;
        for (size_t r = 0; r < N; r++) {
            draw_person(&rng, &heating, &values[r], &values[N + r]);
            weights[r] = exp(1.05 * mg_rng_normal(&rng));
        }
        assert_int_equal(
            mg_gap_paired(moments_of(arena, values, N, 2, weights, 1, 4), 0, 1, LEVEL, &stat, NULL), 0);
        covered += stat.low <= true_gap(&heating) && true_gap(&heating) <= stat.high;
        mg_arena_free(arena);
    }
    assert_covers(covered, SAMPLES, 0.92, 0.97);
}

/* Forty people, one to six answers each, that share what the person is like. */
static void people_asked_more_than_once(void **state)
{
    (void)state;
    enum { PEOPLE = 40, MOST = 6 * PEOPLE, SAMPLES = 3000 };
    static const struct design sided = {6.2, 4.6, 0, 0.9, 1.2};
    static double e[MOST], p[MOST], values[2 * MOST];
    static uint8_t person[MOST];
    const double truth = true_mean(4.6, hypot(1.2, 0.8)) - true_mean(6.2, 0.9);
    int covered = 0, covered_rows = 0;
    for (uint64_t seed = 0; seed < SAMPLES; seed++) {
        struct mg_rng rng = mg_rng_init(2034, seed);
        struct mg_arena *arena = fresh_arena();
        struct mg_gap_stat stat;
        size_t n = 0;
        for (size_t i = 0; i < PEOPLE; i++) {
            double liking = 0.8 * mg_rng_normal(&rng);
            for (size_t times = 1 + mg_rng_below(&rng, 6); times > 0; times--, n++) {
                e[n] = answer(&rng, sided.mean_e, sided.noise_e);
                p[n] = answer(&rng, sided.mean_p + liking, sided.noise_p);
                person[n] = (uint8_t)i;
            }
        }
        memcpy(values, e, n * sizeof *e);
        memcpy(values + n, p, n * sizeof *p);
        struct mg_moments *m = moments_of(arena, values, n, 2, NULL, 1, 4);
        assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &stat, NULL), 0);
        covered_rows += stat.low <= truth && truth <= stat.high;
        add_buckets(arena, m, values, n, NULL, person);
        assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &stat, NULL), 0);
        covered += stat.low <= truth && truth <= stat.high;
        mg_arena_free(arena);
    }
    assert_covers(covered, SAMPLES, 0.93, 0.97);
    assert_true(covered_rows < 0.9 * SAMPLES);
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
        const struct mg_gap_of of = {.m = m, .e = e, .p = p, .weight = importance, .n = 2, .paired = true};
        assert_int_equal(mg_gap_estimate(&of, LEVEL, &stat, NULL), 0);
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
        cmocka_unit_test(partly_overlapping_samples),
        cmocka_unit_test(weighted_small_samples),
        cmocka_unit_test(people_asked_more_than_once),
        cmocka_unit_test(weighted_paired_t),
        cmocka_unit_test(combined_gap_with_missing_dimensions),
        cmocka_unit_test(bca),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
