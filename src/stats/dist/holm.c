/* Holm's step-down procedure without sorting: ranks by counting the smaller p, then the running maximum by
 * looking at all p that aren't larger; equal p share their rank and so their result. The maximum is
 * idempotent, so it can be taken in place. Quadratic, which for the few hundred items of a study is nothing.
 */
#include "stats/dist/holm.h"

#include <math.h>

/* How many p are smaller than p[i]. */
static size_t rank_of(const double *p, size_t n, size_t i)
{
    size_t rank = 0;
    for (size_t j = 0; j < n; j++)
        rank += p[j] < p[i];
    return rank;
}

void mg_holm(const double *p, size_t n, double *ret_adjusted)
{
    size_t tests = 0;
    for (size_t i = 0; i < n; i++)
        tests += !isnan(p[i]);
    for (size_t i = 0; i < n; i++)
        ret_adjusted[i] = isnan(p[i]) ? NAN : fmin(1, (double)(tests - rank_of(p, n, i)) * p[i]);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (p[j] <= p[i] && ret_adjusted[j] > ret_adjusted[i])
                ret_adjusted[i] = ret_adjusted[j];
}
