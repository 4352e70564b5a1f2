/* Resampling. Row bootstrap of mean gaps with BCa intervals (Efron & Tibshirani 1993, ch. 14) for samples
 * that fit in memory. As resampling n values shows too little of their spread, the nominal ends lie as far
 * out as t does with n − 1 degrees of freedom (of the effective n with weights), times √(n/(n − 1)):
 * Hesterberg 2015, The American Statistician 69, "expanded percentiles". Nothing allocates.
 *
 * Replicate r draws its rows from mg_rng stream r of the seed, so results depend on neither threads nor their
 * number: give each thread its own range of replicates, then call mg_bootstrap_bca once. */
#ifndef MG_STATS_RESAMPLE_BOOTSTRAP_H
#define MG_STATS_RESAMPLE_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "stats/moments/moments.h"

/* Rows × columns of answers, column-major (value[c * rows + r]), NaN = missing. weight: rows, or NULL. */
struct mg_matrix {
    const double *value, *weight;
    size_t rows, columns;
};

/* A mean gap: column p − column e over rows that have both; e = SIZE_MAX: the plain mean of p. */
struct mg_pair {
    size_t e, p;
};

struct mg_bootstrap {
    double estimate; /* on the data themselves */
    double se;       /* of the replicates */
    double low, high;
    double z0, acceleration;   /* the BCa constants */
    size_t replicates, failed; /* failed: no row of the resample had the pair */
};

#define MG_BOOTSTRAP_REPLICATES_MIN 100

/* Replicates from … to−1 of every pair: ret_values[(r − from) * n_pairs + k], NaN where it failed.
 * work: data->rows counts, the caller's. */
void mg_bootstrap_gaps(const struct mg_matrix *data, const struct mg_pair *pairs, size_t n_pairs,
                       uint64_t seed, uint64_t from, uint64_t to, uint32_t *work, double *ret_values);

/* The interval of pairs[k] from all its replicates values[r * stride + k], r < n, which are put in order in
 * `sorted` (n, the caller's). Acceleration from the jackknife, whose values have a closed form for a mean.
 * MG_E_INESTIMABLE: fewer than two rows have the pair, or all differences are equal. MG_E_INVALID: fewer than
 * MG_BOOTSTRAP_REPLICATES_MIN replicates, or level outside (0, 1). */
MG_CHECKED int mg_bootstrap_bca(const struct mg_matrix *data, const struct mg_pair *pair,
                                const double *values, size_t n, size_t stride, double level, double *sorted,
                                struct mg_bootstrap *ret, struct mg_error *error);

#endif
