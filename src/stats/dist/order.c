/* Order statistics. */
#include "stats/dist/order.h"

#include <math.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void mg_order(double *values, size_t n)
{
    qsort(values, n, sizeof *values, ascending);
}

double mg_order_quantile(const double *sorted, size_t n, double p)
{
    double position = fmin(fmax(p * ((double)n + 1), 1), (double)n);
    size_t below = (size_t)position;
    double part = position - (double)below;
    return part > 0 ? sorted[below - 1] + part * (sorted[below] - sorted[below - 1]) : sorted[below - 1];
}
