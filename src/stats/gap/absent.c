/* See absent.h. Sums over whole numbers are exact, so that nothing is lost by the subtraction; of scores,
 * what is below the rounding of the whole is taken for zero by gap.c. */
#include "stats/gap/absent.h"

/* Two variables that nobody has both of, in place: y of those with x, and of those without. */
struct two {
    struct mg_moments m;
    double origin[2], outside[2], count[4], weight[4], sum[4], sq[4], xx[4];
    struct mg_moments_buckets buckets;
    struct mg_moments_sums sums[MG_MOMENTS_BUCKETS_MAX][2];
};

static const struct mg_moments_link links[] = {{0, 0}, {1, 1}};

static void split(double *ret, const double *from, size_t all, size_t with)
{
    ret[0] = from[with];
    ret[3] = from[all] - from[with];
}

static void split_buckets(struct two *two, const struct mg_moments *m, size_t y, size_t x)
{
    size_t all = mg_moments_link(m, y, y), with = mg_moments_link(m, y, x);
    bool second = m->buckets->links[with].a != y;
    two->buckets = (struct mg_moments_buckets){.links = links, .n_links = 2, .n = m->buckets->n};
    for (size_t g = 0; g < m->buckets->n; g++) {
        struct mg_moments_sums y_all = mg_moments_sums(m, g, all), y_with = mg_moments_sums(m, g, with);
        y_with.a = y_with.b = second ? y_with.b : y_with.a;
        two->sums[g][0] = y_with;
        two->sums[g][1] = mg_moments_sums_without(y_all, y_with);
        two->buckets.at[g] = two->sums[g];
    }
    two->m.buckets = &two->buckets;
}

int mg_gap_absent(const struct mg_moments *m, size_t y, size_t x, double level, struct mg_absent *ret,
                  struct mg_error *error)
{
    struct two two = {.origin = {m->origin[y], m->origin[y]}};
    size_t all = mg_moments_at(m, y, y), with = mg_moments_at(m, y, x);
    split(two.count, m->count, all, with);
    split(two.weight, m->weight, all, with);
    split(two.sum, m->sum, all, with);
    split(two.sq, m->sq, all, with);
    split(two.xx, m->sq, all, with);
    two.m = (struct mg_moments){.k = 2,
                                .size = 4,
                                .rows = m->count[all],
                                .origin = two.origin,
                                .out_of_range = two.outside,
                                .count = two.count,
                                .weight = m->weight == m->count ? two.count : two.weight,
                                .sum = two.sum,
                                .sq = two.sq,
                                .xx = two.xx};
    if (m->buckets)
        split_buckets(&two, m, y, x);
    *ret = (struct mg_absent){.answered = two.count[0], .absent = two.count[3]};
    return mg_gap_overlap(&two.m, 0, 1, level, &ret->stat, error);
}
