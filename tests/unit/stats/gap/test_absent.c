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

static void take(const double *a, const double *b, size_t n, const double *weights, struct mg_moments **ret,
                 struct mg_moments **ret_squared)
{
    static struct mg_moments_spec spec = {.columns = any, .n_columns = 2};
    struct mg_moments_plan *plan;
    const struct mg_moments_input inputs[2] = {{MG_MOMENTS_DOUBLE, a, NULL}, {MG_MOMENTS_DOUBLE, b, NULL}};
    const struct mg_moments_input weight = {MG_MOMENTS_DOUBLE, weights, NULL};
    assert_int_equal(mg_moments_plan_new(arena, &spec, weights != NULL, &plan, NULL), 0);
    struct mg_moments_block *block = mg_moments_block_new(plan);
    struct mg_moments_acc *acc = mg_moments_acc_new(plan);
    mg_moments_block_load(block, inputs, weights ? &weight : NULL, NULL, n);
    assert_int_equal(mg_moments_acc_add(acc, block, NULL, n), 0);
    assert_int_equal(mg_moments_acc_finish(acc, arena, ret, ret_squared, NULL), 0);
    mg_moments_acc_free(acc);
    mg_moments_block_free(block);
}

/* Both variances 2/3, so SE² = (2/3)/4 + (2/3)/4 = 1/3 with 6 degrees of freedom; t = −3/√(1/3). */
static void by_hand(void **state)
{
    (void)state;
    struct mg_moments *m;
    struct mg_absent a;
    take(x, y, N, NULL, &m, NULL);
    assert_int_equal(mg_gap_absent(m, NULL, 1, 0, 0.95, &a, NULL), 0);
    assert_true(a.answered == 4 && a.absent == 4);
    assert_true(a.mean_answered == 6 && a.mean_absent == 3 && a.difference == -3);
    assert_true(fabs(a.t + 3 * sqrt(3)) < 1e-12 && fabs(a.df - 6) < 1e-9);
    assert_true(fabs(a.high - a.difference - 2.446911848792 * sqrt(1 / 3.0)) < 1e-8); /* t of 6 */
}

/* Weights 1, 2, 1, 2 and 3, 1, 1, 3: means 6 and 2.75 … by hand: Σw = 6 and 8, ȳ = (5 + 12 + 7 + 12)/6 = 6
 * and (6 + 3 + 4 + 9)/8 = 2.75; Σw²(y−ȳ)² = 1 + 0 + 1 + 0 = 2 and 9·0.5625 + 0.0625 + 1.5625 + 9·0.0625
 * = 7.25; SE² is 4/3·2/36 + 4/3·7.25/64; n_eff 36/10 and 64/20. */
static void weighted_by_hand(void **state)
{
    (void)state;
    static const double weights[N] = {1, 2, 1, 2, 3, 1, 1, 3, 5};
    struct mg_moments *m, *m2;
    struct mg_absent a;
    take(x, y, N, weights, &m, &m2);
    assert_int_equal(mg_gap_absent(m, m2, 1, 0, 0.95, &a, NULL), 0);
    double v1 = 4 / 3.0 * 2 / 36, v2 = 4 / 3.0 * 7.25 / 64;
    assert_true(fabs(a.difference + 3.25) < 1e-12 && fabs(a.se * a.se - v1 - v2) < 1e-12);
    assert_true(fabs(a.df - (v1 + v2) * (v1 + v2) / (v1 * v1 / 2.6 + v2 * v2 / 2.2)) < 1e-9);
}

static void equal_answers_have_no_test(void **state)
{
    (void)state;
    static const double same[4] = {5, 5, 5, 5}, half[4] = {1, 1, NAN, NAN};
    struct mg_moments *m;
    struct mg_absent a;
    take(half, same, 4, NULL, &m, NULL);
    assert_int_equal(mg_gap_absent(m, NULL, 1, 0, 0.95, &a, NULL), 0);
    assert_true(a.difference == 0 && a.se == 0 && isnan(a.p) && isnan(a.low));
}

static void too_few_on_a_side(void **state)
{
    (void)state;
    struct mg_moments *m;
    struct mg_absent a;
    take(x, y, 5, NULL, &m, NULL);
    assert_int_equal(mg_gap_absent(m, NULL, 1, 0, 0.95, &a, NULL), MG_E_INESTIMABLE);
    assert_true(a.answered == 4 && a.absent == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(weighted_by_hand),
        cmocka_unit_test(equal_answers_have_no_test),
        cmocka_unit_test(too_few_on_a_side),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
