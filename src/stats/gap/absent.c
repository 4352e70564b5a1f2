/* See absent.h. Sums over whole numbers are exact, so that nothing is lost by the subtraction; of scores,
 * what is below the rounding of the whole is taken for zero by gap.c. */
#include "stats/gap/absent.h"

/* Moments of one variable, in place. */
struct one {
    struct mg_moments m;
    double origin, outside, count, weight, sum, sq;
};

/* y over the rows with x, or (without) over the others. */
static void take(struct one *one, const struct mg_moments *m, size_t y, size_t x, bool without)
{
    size_t all = mg_moments_at(m, y, y), with = mg_moments_at(m, y, x);
    one->origin = m->origin[y];
    one->count = without ? m->count[all] - m->count[with] : m->count[with];
    one->weight = without ? m->weight[all] - m->weight[with] : m->weight[with];
    one->sum = without ? m->sum[all] - m->sum[with] : m->sum[with];
    one->sq = without ? m->sq[all] - m->sq[with] : m->sq[with];
    one->m = (struct mg_moments){.k = 1,
                                 .size = 1,
                                 .rows = one->count,
                                 .origin = &one->origin,
                                 .out_of_range = &one->outside,
                                 .count = &one->count,
                                 .weight = m->weight == m->count ? &one->count : &one->weight,
                                 .sum = &one->sum,
                                 .sq = &one->sq,
                                 .xx = &one->sq};
}

int mg_gap_absent(const struct mg_moments *m, const struct mg_moments *m2, size_t y, size_t x, double level,
                  struct mg_absent *ret, struct mg_error *error)
{
    struct one answered = {0}, absent = {0}, answered2 = {0}, absent2 = {0};
    take(&answered, m, y, x, false);
    take(&absent, m, y, x, true);
    if (m2) {
        take(&answered2, m2, y, x, false);
        take(&absent2, m2, y, x, true);
    }
    *ret = (struct mg_absent){.answered = answered.count, .absent = absent.count};
    return mg_gap_welch(&answered.m, m2 ? &answered2.m : NULL, 0, &absent.m, m2 ? &absent2.m : NULL, 0, level,
                        &ret->stat, error);
}
