/* Which drivers stand in for each other.
 *
 * Exactly: one follows from others, so that no regression can tell them apart. Nearly: a driver of which less
 * than a tenth of the variance is its own (VIF above 10: Marquardt 1970), with those to which it is tied most
 * (partial correlation of ½ and more, given all the others). Sets that share a driver are one. */
#ifndef MG_STATS_DRIVERS_COLLINEAR_H
#define MG_STATS_DRIVERS_COLLINEAR_H

#include <stdbool.h>
#include <stddef.h>

#define MG_COLLINEAR_NONE SIZE_MAX
#define MG_COLLINEAR_EXACT 1e-9 /* least share of a driver's variance that is its own */
#define MG_COLLINEAR_VIF 10

struct mg_collinear {
    size_t n;    /* sets, each of two drivers or more */
    size_t *set; /* p: the driver's set, 0 … n − 1 in order of their first drivers; MG_COLLINEAR_NONE */
    bool *exact; /* a set (the first n of p) */
};

/* r: correlations, row-major with `side` > p columns, the drivers first. work: side × side. ret->set and
 * ret->exact: p each, the caller's. */
void mg_collinear_find(const double *r, size_t p, size_t side, double *work, struct mg_collinear *ret);

/* One Gauss–Jordan step of a (side × side) at k. */
void mg_collinear_sweep(double *a, size_t side, size_t k);

#endif
