/* LMG shares of R² (Lindeman, Merenda & Gold 1980; the Shapley value of the regression game): a driver's gain
 * in R², averaged over all orders in which drivers can enter.
 *
 * `r`: the (p+1) × (p+1) correlation matrix, row-major, outcome last; positive definite. `work`:
 * mg_lmg_work(p) doubles. Nothing allocates. */
#ifndef MG_STATS_DRIVERS_LMG_H
#define MG_STATS_DRIVERS_LMG_H

#include <stddef.h>
#include <stdint.h>

#define MG_LMG_MAX 128

/* Doubles of workspace for p drivers, 1 ≤ p ≤ MG_LMG_MAX. */
size_t mg_lmg_work(size_t p);
/* All 2^p subsets. ret: p shares, which add up to R². Time is proportional to 2^p. */
void mg_lmg_exact(const double *r, size_t p, double *work, double *ret);
/* Mean over random orders (order i from mg_rng stream i), with the standard errors of that mean; n ≥ 2. The
 * shares add up to R² here too. */
void mg_lmg_sample(const double *r, size_t p, size_t n, uint64_t seed, double *work, double *ret,
                   double *ret_se);
/* Mean over n orders that depend on the seed only, in each p of which every driver stands everywhere once
 * (Williams 1949): for comparing many matrices by the same orders. NaN where `r` isn't positive definite. */
void mg_lmg_orders(const double *r, size_t p, size_t n, uint64_t seed, double *work, double *ret);
/* R² itself; NaN where `r` isn't positive definite. */
double mg_lmg_r2(const double *r, size_t p, double *work);

#endif
