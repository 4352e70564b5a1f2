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

/* Score test of k numbers that are all 0 if there is nothing, each the sum of its scores over the groups
 * (groups × k; a group's rows belong together): q = T′(Σ s s′)⁻¹T of T = Σ s; (q/k)/((groups − q)/(groups −
 * k)) is F with k and groups − k degrees of freedom. The variance is that under "nothing", so that it holds
 * with weights and few groups. work: k² + 3k. MG_E_INESTIMABLE: no more groups than numbers, or some sum of
 * the numbers doesn't vary. */
MG_CHECKED int mg_model_test(const double *score, size_t groups, size_t k, double *work,
                             struct mg_model_test *ret, struct mg_error *error);

#endif
