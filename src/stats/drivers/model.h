/* All drivers together: whether they go with the outcome at all, and how sure R² is. */
#ifndef MG_STATS_DRIVERS_MODEL_H
#define MG_STATS_DRIVERS_MODEL_H

#include <stddef.h>

#include "base/err.h"

struct mg_model_test {
    double statistic, df1, df2, p; /* F */
};

/* Interval of R² from its resampled values, which are put in order. A resample's R² is too large for the
 * sample's as the sample's is for that of all people, by what chance adds (*ret_chance: mean of the resampled
 * less r2, 0 at least). It is taken off twice, and the percentiles of that are cut at 0 and 1. No number of
 * rows is asked for: where correlations stand on different rows there is none. */
void mg_model_r2_interval(double *resampled, size_t replicates, double r2, double level, double *ret_chance,
                          double *ret_low, double *ret_high);

/* Hotelling's (1931) T² of `value`, k numbers that are all 0 if there is nothing, against their covariance
 * over the replicates (replicates × k, NaN where one has none): T² (g − k)/(k (g − 1)) is F with k and g − k
 * degrees of freedom, g being the groups that were drawn. Holds for groups whose rows belong together, and
 * for weights. work: k² + k. MG_E_INESTIMABLE: no more groups, or not twice as many replicates, as numbers;
 * or some sum of the numbers doesn't vary. */
MG_CHECKED int mg_model_test(const double *replicate, size_t replicates, const double *value, size_t k,
                             size_t groups, double *work, struct mg_model_test *ret, struct mg_error *error);

#endif
