/* The whole model, from its resampled data sets. */
#include "stats/drivers/model.h"

#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "stats/dist/dist.h"
#include "stats/dist/order.h"

void mg_model_r2_interval(double *resampled, size_t replicates, double r2, double level, double *ret_chance,
                          double *ret_low, double *ret_high)
{
    double mean = 0;
    for (size_t b = 0; b < replicates; b++)
        mean += resampled[b] / (double)replicates;
    double chance = fmax(0, mean - r2);
    mg_order(resampled, replicates);
    double low = mg_order_quantile(resampled, replicates, (1 - level) / 2) - 2 * chance;
    double high = mg_order_quantile(resampled, replicates, (1 + level) / 2) - 2 * chance;
    *ret_chance = chance;
    *ret_low = fmin(1, fmax(0, low));
    *ret_high = fmin(1, fmax(0, high));
}

/* Covariance over the replicates without a gap; returns how many these are. */
static size_t covariance(const double *replicate, size_t replicates, size_t k, double *mean, double *ret)
{
    size_t n = 0;
    memset(mean, 0, k * sizeof *mean);
    memset(ret, 0, k * k * sizeof *ret);
    for (size_t b = 0; b < replicates; b++) {
        const double *x = replicate + b * k;
        bool whole = true;
        for (size_t i = 0; i < k; i++)
            whole = whole && isfinite(x[i]);
        if (!whole)
            continue;
        n++;
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j <= i; j++)
                ret[i * k + j] += x[i] * x[j];
        for (size_t i = 0; i < k; i++)
            mean[i] += x[i];
    }
    double count = (double)n;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++)
            ret[i * k + j] = ret[j * k + i] = (ret[i * k + j] - mean[i] * mean[j] / count) / (count - 1);
    return n;
}

int mg_model_test(const double *replicate, size_t replicates, const double *value, size_t k, size_t groups,
                  double *work, struct mg_model_test *ret, struct mg_error *error)
{
    double *solved = work + k * k, t2 = 0, g = (double)groups, p = (double)k;
    size_t used = groups > k ? covariance(replicate, replicates, k, solved, work) : 0;
    if (used <= 2 * k)
        return mg_fail(error, MG_E_INESTIMABLE,
                       "There are too few answers for a test of all drivers together.");
    memcpy(solved, value, k * sizeof *solved);
    if (LAPACKE_dposv_work(LAPACK_COL_MAJOR, 'U', (lapack_int)k, 1, work, (lapack_int)k, solved,
                           (lapack_int)k))
        return mg_fail(error, MG_E_INESTIMABLE,
                       "Some drivers don't vary apart from others, so there is no test of all together.");
    for (size_t i = 0; i < k; i++)
        t2 += value[i] * solved[i];
    *ret = (struct mg_model_test){.statistic = t2 * (g - p) / (p * (g - 1)), .df1 = p, .df2 = g - p};
    ret->p = mg_f_upper(ret->statistic, ret->df1, ret->df2);
    return 0;
}
