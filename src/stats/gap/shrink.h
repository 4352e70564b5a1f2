/* Small segments: empirical Bayes shrinkage of estimates towards their common mean, normal–normal model
 * yᵢ ~ N(θᵢ, seᵢ²), θᵢ ~ N(μ, τ²) (Morris 1983). τ² by restricted maximum likelihood (REML; Viechtbauer
 * 2005), held at 0 from below. The raw value always stands beside the shrunken one. Nothing allocates. */
#ifndef MG_STATS_GAP_SHRINK_H
#define MG_STATS_GAP_SHRINK_H

#include <stddef.h>

#include "base/err.h"

struct mg_shrink {
    size_t n;         /* segments used */
    double mu, se_mu; /* common mean, weights 1/(se² + τ²) */
    double tau2;      /* variance between segments */
    double q;         /* Cochran's Q */
};

struct mg_shrunk {
    double value, se; /* posterior mean and SD of θᵢ, the SD with the uncertainty of μ but not of τ² */
};

/* value, se: n each. A NaN value or se (a segment without an estimate) is skipped and its ret entry is NaN;
 * se = 0 is MG_E_INVALID. Fewer than three usable segments: MG_E_INESTIMABLE. ret_each: n entries. */
MG_CHECKED int mg_shrink(const double *value, const double *se, size_t n, struct mg_shrunk *ret_each,
                         struct mg_shrink *ret, struct mg_error *error);

#endif
