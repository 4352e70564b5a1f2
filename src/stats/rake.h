/* Raking: survey weights that make the sample agree with known margins of the population (Deming & Stephan
 * 1940; Deville, Särndal & Sautory 1993). Iterative proportional fitting in log space; design weights are
 * kept as the starting point, so wᵢ = dᵢ · exp(Σ λ of the row's categories). Nothing allocates. */
#ifndef MG_STATS_RAKE_H
#define MG_STATS_RAKE_H

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
    double *work;             /* n, the caller's */
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
int mg_rake(const double *design, size_t rows, const struct mg_margin *margins, size_t n_margins,
            double tolerance, size_t iterations, double *ret_weights, struct mg_rake *ret,
            struct mg_error *error);

/* Mean of y under raked weights, with the SE of the calibration residuals: y's influence less its fit on the
 * margins. work: rows, the caller's. y may be NaN (missing): those rows leave mean and SE. */
struct mg_raked_mean {
    double n, mean, se;
};

int mg_raked_mean(const double *y, const double *weights, size_t rows, const struct mg_margin *margins,
                  size_t n_margins, double *work, struct mg_raked_mean *ret, struct mg_error *error);

#endif
