/* Order statistics of a sample. */
#ifndef MG_STATS_DIST_ORDER_H
#define MG_STATS_DIST_ORDER_H

#include <stddef.h>

/* Puts n numbers in ascending order; none is NaN. */
void mg_order(double *values, size_t n);
/* Quantile of ordered values by linear interpolation, at position p(n + 1) (type 6 of Hyndman & Fan 1996);
 * n ≥ 1. */
double mg_order_quantile(const double *sorted, size_t n, double p);

#endif
