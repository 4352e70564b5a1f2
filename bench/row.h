/* A row of the table of benchmarks, as bench/common.py prints it too: what, ours, the peer's or the limit,
 * their ratio, what the ratio should be, and whether it is. */
#ifndef BENCH_ROW_H
#define BENCH_ROW_H

#include <stdio.h>

/* at_most 0: no target. `decimals` of ours and of the other. */
static inline void bench_row(const char *what, double ours, double other, int decimals, double at_most)
{
    double ratio = ours / other;
    printf("| %s | %.*f | %.*f | %.2f |", what, decimals, ours, decimals, other, ratio);
    if (at_most > 0)
        printf(" ≤ %g | %s |\n", at_most, ratio <= at_most ? "held" : "short");
    else
        printf(" | |\n");
    fflush(stdout);
}

/* For what should be near something: neither much less nor much more. */
static inline void bench_row_between(const char *what, double ours, double other, int decimals, double least,
                                     double most)
{
    printf("| %s | %.*f | %.*f | %.2f | %g–%g | %s |\n", what, decimals, ours, decimals, other, ours / other,
           least, most, ours >= least && ours <= most ? "held" : "short");
    fflush(stdout);
}

#endif
