/* LMG against the definition (all orders, each regression solved anew) and between its two algorithms.
 * Published shares are in test_drivers.c. */
#include "stats/fixture.h"

#include <string.h>

#include "stats/drivers/lmg.h"

#define MOST 24

/* Correlations of p random columns and an outcome made of them. */
static void random_correlations(size_t p, uint64_t seed, double *ret)
{
    enum { N = 400 };
    static double x[(MOST + 1) * N];
    struct mg_arena *arena = fresh_arena();
    struct mg_rng rng = mg_rng_init(seed, p);
    for (size_t r = 0; r < N; r++) {
        double person = mg_rng_normal(&rng), sum = 0;
        for (size_t i = 0; i < p; i++) {
            x[i * N + r] = 0.7 * person + mg_rng_normal(&rng);
            sum += (double)(i + 1) / (double)p * x[i * N + r];
        }
        x[p * N + r] = sum + 2 * mg_rng_normal(&rng);
    }
    struct mg_moments *m = moments_of(arena, x, N, p + 1, NULL, 1, 0);
    for (size_t i = 0; i < (p + 1) * (p + 1); i++)
        ret[i] = mg_moments_cor(m, i / (p + 1), i % (p + 1));
    mg_arena_free(arena);
}

/* R² of a subset by Gaussian elimination on the chosen rows. */
static double r_squared(const double *r, size_t p, unsigned subset)
{
    double a[MOST + 1][MOST + 1];
    size_t index[MOST + 1], n = 0;
    for (size_t i = 0; i < p; i++)
        if (subset >> i & 1)
            index[n++] = i;
    index[n] = p;
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= n; j++)
            a[i][j] = r[index[i] * (p + 1) + index[j]];
    for (size_t k = 0; k < n; k++)
        for (size_t i = k + 1; i <= n; i++)
            for (size_t j = n + 1; j-- > k;)
                a[i][j] -= a[i][k] / a[k][k] * a[k][j];
    return 1 - a[n][n];
}

static double factorial(size_t n)
{
    return n < 2 ? 1 : (double)n * factorial(n - 1);
}

static size_t size_of(unsigned subset)
{
    return (size_t)__builtin_popcount(subset);
}

static void exact_is_the_definition(void **state)
{
    (void)state;
    double r[(MOST + 1) * (MOST + 1)], shares[MOST];
    static double work[1 << 16];
    for (size_t p = 1; p <= 7; p++) {
        random_correlations(p, 3, r);
        assert_true(mg_lmg_work(p) <= sizeof work / sizeof *work);
        mg_lmg_exact(r, p, work, shares);
        for (size_t j = 0; j < p; j++) {
            double share = 0;
            for (unsigned s = 0; s < 1u << p; s++)
                if (!(s >> j & 1))
                    share += factorial(size_of(s)) * factorial(p - size_of(s) - 1) / factorial(p) *
                             (r_squared(r, p, s | 1u << j) - r_squared(r, p, s));
            NEAR(shares[j], share, 1e-13);
        }
    }
}

static void shares_add_up_to_r_squared(void **state)
{
    (void)state;
    double r[(MOST + 1) * (MOST + 1)], shares[MOST], se[MOST];
    static double work[1 << 16];
    for (size_t p = 2; p <= 16; p += 7) {
        double sum = 0, sampled = 0;
        random_correlations(p, 4, r);
        mg_lmg_exact(r, p, work, shares);
        for (size_t j = 0; j < p; j++)
            sum += shares[j];
        NEAR(sum, r_squared(r, p, (1u << p) - 1), 1e-12);
        mg_lmg_sample(r, p, 20, 1, work, shares, se);
        for (size_t j = 0; j < p; j++)
            sampled += shares[j];
        NEAR(sampled, sum, 1e-12);
    }
}

static void unrelated_drivers_keep_their_own_r_squared(void **state)
{
    (void)state;
    const double r[] = {1, 0, .3, /**/ 0, 1, .4, /**/ .3, .4, 1};
    double work[64], shares[2];
    assert_true(mg_lmg_work(2) <= 64);
    mg_lmg_exact(r, 2, work, shares);
    NEAR(shares[0], .09, 1e-15);
    NEAR(shares[1], .16, 1e-15);
}

/* The sample's z-scores against the exact shares behave like z-scores. */
static void sampling_is_unbiased_with_an_honest_error(void **state)
{
    (void)state;
    double r[(MOST + 1) * (MOST + 1)], exact[MOST], shares[MOST], se[MOST], squares = 0;
    static double work[1 << 16];
    const size_t p = 10, seeds = 40;
    random_correlations(p, 5, r);
    mg_lmg_exact(r, p, work, exact);
    for (size_t seed = 0; seed < seeds; seed++) {
        mg_lmg_sample(r, p, 200, seed, work, shares, se);
        for (size_t j = 0; j < p; j++)
            squares += pow((shares[j] - exact[j]) / se[j], 2) / (double)(p * seeds);
    }
    assert_true(squares > 0.7 && squares < 1.35);
}

static void sampling_depends_on_the_seed_only(void **state)
{
    (void)state;
    double r[(MOST + 1) * (MOST + 1)], a[MOST], b[MOST], c[MOST], se[MOST];
    static double work[1 << 16];
    random_correlations(MOST, 6, r);
    mg_lmg_sample(r, MOST, 50, 9, work, a, se);
    mg_lmg_sample(r, MOST, 50, 9, work, b, se);
    mg_lmg_sample(r, MOST, 50, 10, work, c, se);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
}

/* In p orders everyone stands everywhere once: closer than as many orders by chance, and R² whatever they
 * are. */
static void balanced_orders_come_closer(void **state)
{
    (void)state;
    double r[(MOST + 1) * (MOST + 1)], exact[MOST], some[MOST], se[MOST], balanced = 0, random = 0;
    static double work[1 << 16];
    const size_t p = 9;
    random_correlations(p, 8, r);
    mg_lmg_exact(r, p, work, exact);
    for (uint64_t seed = 0; seed < 30; seed++) {
        double sum = 0;
        mg_lmg_orders(r, p, 4 * p, seed, work, some);
        for (size_t j = 0; j < p; j++) {
            balanced += pow(some[j] - exact[j], 2);
            sum += some[j];
        }
        NEAR(sum, mg_lmg_r2(r, p, work), 1e-12);
        mg_lmg_sample(r, p, 4 * p, seed, work, some, se);
        for (size_t j = 0; j < p; j++)
            random += pow(some[j] - exact[j], 2);
    }
    assert_true(balanced < 0.5 * random);
    r[1] = r[p + 1] = 1; /* two drivers are one */
    for (size_t j = 2; j <= p; j++)
        r[j * (p + 1)] = r[j] = r[(p + 1) + j];
    assert_true(isnan(mg_lmg_r2(r, p, work)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_is_the_definition),
        cmocka_unit_test(shares_add_up_to_r_squared),
        cmocka_unit_test(unrelated_drivers_keep_their_own_r_squared),
        cmocka_unit_test(sampling_is_unbiased_with_an_honest_error),
        cmocka_unit_test(sampling_depends_on_the_seed_only),
        cmocka_unit_test(balanced_orders_come_closer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
