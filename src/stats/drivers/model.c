/* The whole model, from its resampled data sets. */
#include "stats/drivers/model.h"

#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "stats/dist/dist.h"
#include "stats/dist/order.h"

#define ROUNDING 1e-12

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

/* Whether each has something left that the ones before it don't tell, beyond rounding. */
static bool stand_apart(const double *factor, const double *square, size_t k)
{
    for (size_t i = 0; i < k; i++)
        if (!(factor[i * k + i] * factor[i * k + i] > ROUNDING * square[i]))
            return false;
    return true;
}

int mg_model_test(const double *score, size_t groups, size_t k, double *work, struct mg_model_test *ret,
                  struct mg_error *error)
{
    double *total = work + k * k, *solved = total + k, *square = solved + k, q = 0, g = (double)groups,
           p = (double)k;
    if (groups <= k)
        return mg_fail(error, MG_E_INESTIMABLE,
                       "There are too few answers for a test of all drivers together.");
    memset(work, 0, (k * k + k) * sizeof *work);
    for (const double *s = score; s < score + groups * k; s += k)
        for (size_t i = 0; i < k; i++) {
            total[i] += s[i];
            for (size_t j = 0; j < k; j++)
                work[i * k + j] += s[i] * s[j];
        }
    memcpy(solved, total, k * sizeof *solved);
    for (size_t i = 0; i < k; i++)
        square[i] = work[i * k + i];
    if (LAPACKE_dposv_work(LAPACK_COL_MAJOR, 'U', (lapack_int)k, 1, work, (lapack_int)k, solved,
                           (lapack_int)k) ||
        !stand_apart(work, square, k))
        return mg_fail(error, MG_E_INESTIMABLE,
                       "Some drivers don't vary apart from others, so there is no test of all together.");
    for (size_t i = 0; i < k; i++)
        q += total[i] * solved[i];
    *ret = (struct mg_model_test){.statistic = q / p / ((g - q) / (g - p)), .df1 = p, .df2 = g - p};
    ret->p = mg_f_upper(ret->statistic, ret->df1, ret->df2);
    return 0;
}
