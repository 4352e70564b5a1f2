/* Those who answered x against those who didn't, in y: by hand, weighted as weights say, and against Welch's
 * t of two samples. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"
#include "base/str.h"
#include "stats/gap/absent.h"

#define N 9

/* y of those with x: 5, 6, 7, 6; without: 2, 3, 4, 3; one row without y. */
static const double x[N] = {1, 2, 1, 3, NAN, NAN, NAN, NAN, 4}, y[N] = {5, 6, 7, 6, 2, 3, 4, 3, NAN};

static const struct mg_moments_column any[2] = {{.low = -INFINITY, .high = INFINITY},
                                                {.low = -INFINITY, .high = INFINITY}};

static void take(const double *a, const double *b, size_t n, const double *weights, struct mg_moments **ret)
{
    static const struct mg_moments_link links[] = {{1, 1}, {0, 1}, {0, 0}};
    static const uint8_t rows[N] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    struct mg_moments_spec spec = {.columns = any,
                                   .n_columns = 2,
                                   .links = links,
                                   .n_links = weights ? 3 : 0,
                                   .n_buckets = MG_MOMENTS_BUCKETS_MAX};
    struct mg_moments_plan *plan;
    const struct mg_moments_input inputs[2] = {{MG_MOMENTS_DOUBLE, a, NULL}, {MG_MOMENTS_DOUBLE, b, NULL}};
    const struct mg_moments_input weight = {MG_MOMENTS_DOUBLE, weights, NULL};
    assert_int_equal(mg_moments_plan_new(arena, &spec, weights != NULL, &plan, NULL), 0);
    struct mg_moments_block *block = mg_moments_block_new(plan);
    struct mg_moments_acc *acc = mg_moments_acc_new(plan);
    mg_moments_block_load(block, inputs, weights ? &weight : NULL, weights ? rows : NULL, n);
    assert_int_equal(mg_moments_acc_add(acc, block, NULL, n), 0);
    assert_int_equal(mg_moments_acc_finish(acc, arena, ret, NULL, NULL), 0);
    mg_moments_acc_free(acc);
    mg_moments_block_free(block);
}

/* Both variances 2/3, so SE² = (2/3)/4 + (2/3)/4 = 1/3 with 6 degrees of freedom; t = −3/√(1/3). */
static void by_hand(void **state)
{
    (void)state;
    struct mg_moments *m;
    struct mg_absent a;
    take(x, y, N, NULL, &m);
    assert_int_equal(mg_gap_absent(m, 1, 0, 0.95, &a, NULL), 0);
    assert_true(a.answered == 4 && a.absent == 4);
    assert_true(a.stat.mean_e == 6 && a.stat.mean_p == 3 && a.stat.gap == -3);
    assert_true(fabs(a.stat.t + 3 * sqrt(3)) < 1e-12 && fabs(a.stat.df - 6) < 1e-9);
    assert_true(fabs(a.stat.high - a.stat.gap - 2.446911848792 * sqrt(1 / 3.0)) < 1e-8); /* t of 6 */
}

/* The same as if the two kinds of people had been two samples, with weights too. */
static void as_two_samples(void **state)
{
    (void)state;
    static const double weights[N] = {1, 2, 0.5, 1, 3, 1, 1, 0.25, 1};
    static double first[N], second[N]; /* y of those with x, and of those without */
    struct mg_moments *m, *apart;
    struct mg_absent a;
    struct mg_gap_stat s;
    for (size_t i = 0; i < N; i++) {
        first[i] = isnan(x[i]) ? NAN : y[i];
        second[i] = isnan(x[i]) ? y[i] : NAN;
    }
    take(x, y, N, weights, &m);
    take(first, second, N, weights, &apart);
    assert_int_equal(mg_gap_absent(m, 1, 0, 0.9, &a, NULL), 0);
    assert_int_equal(mg_gap_overlap(apart, 0, 1, 0.9, &s, NULL), 0);
    const double got[] = {a.stat.gap, a.stat.se, a.stat.df, a.stat.low, a.stat.p};
    const double expected[] = {s.gap, s.se, s.df, s.low, s.p};
    for (size_t i = 0; i < ARRAY_LEN(got); i++)
        assert_true(fabs(got[i] - expected[i]) < 1e-12 * (1 + fabs(expected[i])));
}

static void too_few_on_a_side(void **state)
{
    (void)state;
    struct mg_moments *m;
    struct mg_absent a;
    take(x, y, 5, NULL, &m);
    assert_int_equal(mg_gap_absent(m, 1, 0, 0.95, &a, NULL), MG_E_INESTIMABLE);
    assert_true(a.answered == 4 && a.absent == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(as_two_samples),
        cmocka_unit_test(too_few_on_a_side),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
