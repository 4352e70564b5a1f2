/* What drives an outcome: regression on standardised moments, and how much of R² each driver accounts for.
 *
 * LMG (Lindeman, Merenda & Gold 1980; Shapley value of R²; Grömping 2006), exact over all 2^p subsets to p =
 * MG_DRIVERS_EXACT_MAX, by random permutations with a standard error beyond. Last: R² lost when the driver
 * alone is left out. Johnson's (2000) relative weights. Correlations are those of the moments: over complete
 * rows where the caller filtered them, else pairwise, and then n is the smallest pairwise count. Results
 * belong to the arena. */
#ifndef MG_STATS_DRIVERS_DRIVERS_H
#define MG_STATS_DRIVERS_DRIVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "stats/drivers/collinear.h"
#include "stats/moments/moments.h"

#define MG_DRIVERS_EXACT_MAX 22
#define MG_DRIVERS_MAX 128

struct mg_drivers_spec {
    size_t y;        /* outcome (index into the moments) */
    const size_t *x; /* drivers */
    size_t p;
    const char *const *names; /* p, for error messages; NULL: positions are named */
    size_t exact_max;         /* largest p with exact LMG, ≤ MG_DRIVERS_EXACT_MAX */
    size_t permutations;      /* beyond it: ≥ 2 */
    uint64_t seed;
    const struct mg_moments *m2; /* the same moments of squared weights, when weighted; else NULL */
};

struct mg_driver {
    double mean, sd;
    double r;                 /* correlation with the outcome */
    double b, se, t, p_value; /* regression coefficient in the columns' units; two-sided */
    double beta, se_beta;     /* standardised */
    double vif;               /* 1/(1 − R² of this driver on the others) */
    double lmg, lmg_se;       /* share of R² (sums to R²); lmg_se is 0 when exact */
    double last, johnson;     /* johnson sums to R² too */
};

struct mg_drivers {
    double n; /* rows; with weights Kish's effective number, on which df and standard errors rest */
    double df, r2, r2_adjusted, f, p_value, intercept, sigma;
    double condition;       /* of the drivers' correlation matrix: √(largest/smallest eigenvalue) */
    size_t p, permutations; /* permutations: 0 when exact */
    struct mg_driver *drivers;
};

/* MG_E_INVALID: p = 0 or > MG_DRIVERS_MAX, bad options. MG_E_INESTIMABLE: n ≤ p + 1, a column without
 * variance or without rows in common with another, collinear drivers (all columns of the relation are in
 * `field`), pairwise correlations that no data could have. */
MG_CHECKED int mg_drivers_estimate(struct mg_arena *arena, const struct mg_moments *m,
                                   const struct mg_drivers_spec *spec, struct mg_drivers *ret,
                                   struct mg_error *error);

/* The drivers that stand in for each other, exactly or nearly; also where they can't be estimated for it. The
 * correlations must exist: else as above. */
MG_CHECKED int mg_drivers_collinear(struct mg_arena *arena, const struct mg_moments *m,
                                    const struct mg_drivers_spec *spec, struct mg_collinear *ret,
                                    struct mg_error *error);

/* Importance–performance map (Martilla & James 1977). */
enum mg_quadrant {
    MG_QUADRANT_KEEP,        /* important and good: keep up the good work */
    MG_QUADRANT_CONCENTRATE, /* important and poor: concentrate here */
    MG_QUADRANT_LOW,         /* unimportant and poor: low priority */
    MG_QUADRANT_OVERKILL,    /* unimportant and good: possible overkill */
    MG_QUADRANT_NONE         /* a value is NaN */
};

enum mg_cut_rule {
    MG_CUT_MEANS,       /* cut at the means of the items on the map */
    MG_CUT_SCALE_MIDDLE /* cut at the middle of each scale */
};

/* A point on a cut counts as high. `scale`: min and max, read by MG_CUT_SCALE_MIDDLE only. ret_cut:
 * importance, performance. MG_E_INESTIMABLE when no item has both values. */
MG_CHECKED int mg_importance_performance(const double *importance, const double *performance, size_t n,
                                         enum mg_cut_rule rule, const double importance_scale[2],
                                         const double performance_scale[2], enum mg_quadrant *ret,
                                         double ret_cut[2], struct mg_error *error);

#endif
