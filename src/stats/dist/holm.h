/* Holm's step-down adjustment for several tests (Holm 1979): controls the chance of any false finding.
 * Adjusted p = max over p_j ≤ p_i of min(1, (m − rank_j + 1) p_j). */
#ifndef MG_STATS_DIST_HOLM_H
#define MG_STATS_DIST_HOLM_H

#include <stddef.h>

/* p and ret_adjusted: n each, not the same array. NaN (no test possible) stays NaN and doesn't count in m.
 * O(n²). */
void mg_holm(const double *p, size_t n, double *ret_adjusted);

#endif
