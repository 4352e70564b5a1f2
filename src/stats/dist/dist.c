/* Distributions by GSL's gsl_cdf_*. GSL reports underflow in a far tail through its error handler, which by
 * default aborts the program; every function here therefore first makes sure that it is off, and checks its
 * arguments itself, so that what is left of GSL's errors is a correct 0 or 1. */
#include "stats/dist/dist.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>

static pthread_once_t handler_once = PTHREAD_ONCE_INIT;

static void handler_off(void)
{
    gsl_set_error_handler_off();
}

static bool ready(bool in_domain)
{
    pthread_once(&handler_once, handler_off);
    return in_domain;
}

double mg_normal_cdf(double z)
{
    return ready(!isnan(z)) ? gsl_cdf_ugaussian_P(z) : NAN;
}

double mg_normal_quantile(double p)
{
    return ready(p >= 0 && p <= 1) ? gsl_cdf_ugaussian_Pinv(p) : NAN;
}

double mg_t_cdf(double t, double df)
{
    if (!ready(!isnan(t) && df > 0))
        return NAN;
    if (isinf(t))
        return t > 0;
    return isinf(df) ? gsl_cdf_ugaussian_P(t) : gsl_cdf_tdist_P(t, df);
}

double mg_t_quantile(double p, double df)
{
    if (!ready(p >= 0 && p <= 1 && df > 0))
        return NAN;
    return isinf(df) ? gsl_cdf_ugaussian_Pinv(p) : gsl_cdf_tdist_Pinv(p, df);
}

double mg_t_two_sided(double t, double df)
{
    if (!ready(!isnan(t) && df > 0))
        return NAN;
    if (isinf(t))
        return 0;
    return fmin(1, 2 * (isinf(df) ? gsl_cdf_ugaussian_Q(fabs(t)) : gsl_cdf_tdist_Q(fabs(t), df)));
}

double mg_f_upper(double f, double df1, double df2)
{
    if (!ready(!isnan(f) && df1 > 0 && df2 > 0))
        return NAN;
    if (isinf(f) || f <= 0)
        return f <= 0;
    return gsl_cdf_fdist_Q(f, df1, df2);
}

/* GSL's own inverse gives up on many pairs of degrees of freedom, so that its distribution function is halved
 * into: ln f between −700 and 700, which holds every quantile that a double tells from 0. */
static double halve_into_f(double p, double df1, double df2)
{
    double low = -700, high = 700;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (gsl_cdf_fdist_P(exp(middle), df1, df2) < p)
            low = middle;
        else
            high = middle;
    }
    return exp(high);
}

/* Cumulants of ln F, the difference of two ln(χ²/df), by their series in 2/df. */
struct cumulants {
    double mean, variance, third, fourth;
};

static struct cumulants log_chisq(double df)
{
    double x = df / 2, y = 1 / x;
    return (struct cumulants){.mean = -y / 2 - y * y / 12,
                              .variance = y + y * y / 2 + y * y * y / 6,
                              .third = -y * y - y * y * y,
                              .fourth = 2 * y * y * y + 3 * y * y * y * y};
}

/* Many degrees of freedom, where the distribution function becomes slow: Cornish & Fisher (1938). */
static double expand_f(double p, double df1, double df2)
{
    struct cumulants a = log_chisq(df1), b = log_chisq(df2);
    double variance = a.variance + b.variance, sd = sqrt(variance), z = gsl_cdf_ugaussian_Pinv(p);
    double skew = (a.third - b.third) / (variance * sd),
           excess = (a.fourth + b.fourth) / (variance * variance);
    double x = z + skew * (z * z - 1) / 6 + excess * (z * z * z - 3 * z) / 24 -
               skew * skew * (2 * z * z * z - 5 * z) / 36;
    return exp(a.mean - b.mean + sd * x);
}

#define MANY_DF 1000

double mg_f_quantile(double p, double df1, double df2)
{
    if (!ready(p >= 0 && p <= 1 && df1 > 0 && df2 > 0))
        return NAN;
    if (p == 0 || p == 1)
        return p == 1 ? INFINITY : 0;
    if (df1 >= MANY_DF && df2 >= MANY_DF)
        return expand_f(p, df1, df2);
    double f = gsl_cdf_fdist_Pinv(p, df1, df2);
    return isfinite(f) || isinf(df1) || isinf(df2) ? f : halve_into_f(p, df1, df2);
}
