/* Raking: survey weights that make the sample agree with known margins of the population (Deming & Stephan
 * 1940; Deville, Särndal & Sautory 1993). Iterative proportional fitting in log space; design weights are
 * kept as the starting point, so wᵢ = dᵢ · exp(Σ λ of the row's categories). Nothing allocates. */
#ifndef MG_STATS_WEIGHTS_RAKE_H
#define MG_STATS_WEIGHTS_RAKE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MG_RAKE_MARGINS_MAX 16

/* One margin: the category of each row (0 … n−1) and the population total of each category (counts; shares
 * are fine when every margin has shares). */
struct mg_margin {
    const char *name;         /* for messages; NULL: its position */
    const uint32_t *category; /* rows */
    const double *target;     /* n, each > 0; margins must have equal sums (1e-6 relative) */
    double *log_factor;       /* n, the caller's; λ afterwards */
    double *work;             /* 2n, the caller's */
    size_t n;
};

struct mg_rake {
    size_t iterations;
    double largest_error;              /* relative, of a margin's total after the last pass */
    double n_effective, design_effect; /* Kish: (Σw)²/Σw², n/n_effective */
    double ratio_min, ratio_max;       /* wᵢ/dᵢ */
};

/* design: rows, each > 0, or NULL for equal weights. Stops when every margin agrees to `tolerance` (relative,
 * e.g. 1e-12) or fails after `iterations`. Errors: a row without a category and unequal margin sums:
 * MG_E_INVALID; a category without rows (empty cell) and no convergence: MG_E_INESTIMABLE, with margin and
 * category in `field`. */
MG_CHECKED int mg_rake(const double *design, size_t rows, const struct mg_margin *margins, size_t n_margins,
                       double tolerance, size_t iterations, double *ret_weights, struct mg_rake *ret,
                       struct mg_error *error);

/* Mean of y under raked weights. Its SE is that of the calibration residuals (Deville & Särndal 1992): what
 * the margins don't explain of y's influence, fitted with the design weights, with n/(n−1). Rows in which y
 * is NaN (missing) make a domain: they leave the mean and count as 0 in the influence. `fraction`: share of
 * the population sampled (finite population correction √(1 − fraction)), 0 where it is negligible. work:
 * rows, the caller's; the margins' work is overwritten. MG_E_INESTIMABLE: fewer than two rows have y. */
struct mg_raked_mean {
    double n, mean, se;
};

MG_CHECKED int mg_raked_mean(const double *y, const double *weights, const double *design, size_t rows,
                             const struct mg_margin *margins, size_t n_margins, double fraction, double *work,
                             struct mg_raked_mean *ret, struct mg_error *error);

#endif
