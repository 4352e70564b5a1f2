/* Distributions against R 4.2 (pt, qt, pnorm, pf, qf), and at the edges of their domains. */
#include "stats/fixture.h"

#include <gsl/gsl_errno.h>

#include "stats/dist/dist.h"

static void matches_r(void **state)
{
    (void)state;
    NEAR(mg_t_cdf(2.5, 7), 0.979503890707, 1e-12);
    NEAR(mg_t_quantile(.975, 7), 2.36462425159, 1e-11);
    NEAR(mg_t_quantile(.975, 206), 1.97154666945, 1e-11);
    NEAR(mg_t_two_sided(-40, 3), 3.43806807892e-05, 1e-16);
    NEAR(mg_t_cdf(-1e10, 1), 3.18309886184e-11, 1e-22);
    NEAR(mg_normal_cdf(1.5), 0.933192798731, 1e-12);
    NEAR(mg_normal_quantile(.975), 1.95996398454, 1e-11);
    NEAR(2 * mg_normal_cdf(-10) / 1.52397060483e-23, 1, 1e-11);
    NEAR(mg_f_upper(3.2, 4, 20), 0.0348316237288, 1e-12);
    NEAR(mg_f_quantile(.95, 4, 20), 2.8660814020157, 1e-9);
}

/* GSL's inverse alone gives up on many of these, from n = 26 on. From 1,000 on a series stands in. */
static void f_has_a_quantile_for_all_degrees_of_freedom(void **state)
{
    (void)state;
    for (double n = 3; n < 1e5; n = n * 1.1 + 1)
        for (double k = 2; k < 60; k *= 1.5)
            for (double p = 0.025; p < 1; p += 0.475)
                NEAR(1 - mg_f_upper(mg_f_quantile(p, n, n * k), n, n * k), p, 3e-6);
    NEAR(mg_f_quantile(.975, 1e9, 2e11), 1 + 1.96 * sqrt(2e-9), 1e-6);
    NEAR(mg_f_quantile(0, 3, 4), 0, 0);
}

static void far_tails_do_not_abort(void **state)
{
    (void)state;
    NEAR(mg_t_two_sided(1e300, 1e6), 0, 0);
    NEAR(mg_f_upper(1e300, 3, 1e6), 0, 0);
    NEAR(mg_normal_cdf(-1e6), 0, 0);
}

static void gsl_errors_do_not_abort_after_any_call(void **state)
{
    (void)state;
    mg_normal_cdf(0);
    gsl_error("underflow", __FILE__, __LINE__, GSL_EUNDRFLW); /* the default handler would abort here */
}

static void infinities_have_their_limits(void **state)
{
    (void)state;
    NEAR(mg_t_two_sided(INFINITY, 5), 0, 0);
    NEAR(mg_t_cdf(-INFINITY, 5), 0, 0);
    NEAR(mg_t_cdf(INFINITY, 5), 1, 0);
    NEAR(mg_t_cdf(1.5, INFINITY), mg_normal_cdf(1.5), 0);
    NEAR(mg_t_two_sided(1.5, INFINITY), 2 * mg_normal_cdf(-1.5), 1e-15);
    NEAR(mg_t_quantile(.9, INFINITY), mg_normal_quantile(.9), 0);
    NEAR(mg_f_upper(0, 2, 3), 1, 0);
    NEAR(mg_t_two_sided(0, 4), 1, 1e-15);
}

static void outside_the_domain_is_nan(void **state)
{
    (void)state;
    NEAR(mg_t_cdf(1, 0), NAN, 0);
    NEAR(mg_t_two_sided(NAN, 3), NAN, 0);
    NEAR(mg_t_two_sided(1, NAN), NAN, 0);
    NEAR(mg_t_quantile(1.5, 3), NAN, 0);
    NEAR(mg_normal_quantile(-0.1), NAN, 0);
    NEAR(mg_normal_cdf(NAN), NAN, 0);
    NEAR(mg_f_upper(1, -1, 3), NAN, 0);
    NEAR(mg_f_quantile(.5, 1, 0), NAN, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_r),
        cmocka_unit_test(f_has_a_quantile_for_all_degrees_of_freedom),
        cmocka_unit_test(far_tails_do_not_abort),
        cmocka_unit_test(gsl_errors_do_not_abort_after_any_call),
        cmocka_unit_test(infinities_have_their_limits),
        cmocka_unit_test(outside_the_domain_is_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
