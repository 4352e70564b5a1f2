/* Those who answered a question against those who didn't, in something that both answered (a test of whether
 * answers are missing at random: Little & Rubin 2002, 1.3; the difference that it finds is what a mean over
 * the answerers can't see). */
#ifndef MG_STATS_GAP_ABSENT_H
#define MG_STATS_GAP_ABSENT_H

#include "stats/gap/gap.h"

struct mg_absent {
    double answered, absent; /* rows that have y, with x and without it */
    struct mg_gap_stat
        stat; /* of y: mean_e of those who answered x, mean_p of those who didn't, gap = p − e (Welch) */
};

/* y over rows with x and rows without it: the second is what all rows with y have beyond the first, so that
 * one pass serves any number of pairs. Both numbers are filled in any case; MG_E_INESTIMABLE: fewer than two
 * on one side, or the pair isn't among the moments. Buckets as in gap.h, with the links (y, y) and (y, x). */
MG_CHECKED int mg_gap_absent(const struct mg_moments *m, size_t y, size_t x, double level,
                             struct mg_absent *ret, struct mg_error *error);

#endif
