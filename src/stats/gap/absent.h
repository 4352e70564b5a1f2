/* Those who answered a question against those who didn't, in something that both answered (whether answers
 * are missing at random: Little & Rubin 2002, 1.3; the difference that it finds is what a mean over the
 * answerers can't see).
 *
 * y over rows with x against rows without it: the second is what all rows with y have beyond the first, so
 * that one pass serves any number of pairs. The test is Welch's (1947); with weights a side's squared SE is
 * the linearised n/(n−1)·Σw²(y−ȳ)²/(Σw)², its df n_eff − 1. Rows are taken for different people. */
#ifndef MG_STATS_GAP_ABSENT_H
#define MG_STATS_GAP_ABSENT_H

#include "base/err.h"
#include "stats/moments/moments.h"

struct mg_absent {
    double answered, absent; /* rows that have y, with x and without it */
    double mean_answered, mean_absent;
    double difference, se, low, high; /* absent − answered */
    double t, df, p;                  /* NaN where neither side has any spread */
};

/* The two numbers of rows are filled in any case. m2: the moments with squared weights, with the pair (y, x)
 * in its sets; NULL without weights. MG_E_INESTIMABLE: fewer than two rows on a side. */
MG_CHECKED int mg_gap_absent(const struct mg_moments *m, const struct mg_moments *m2, size_t y, size_t x,
                             double level, struct mg_absent *ret, struct mg_error *error);

#endif
