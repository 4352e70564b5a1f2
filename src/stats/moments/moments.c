/* Accessors and sums of finished moments. How they come from rows is in acc.c. */
#include "stats/moments/plan.h"

#define ROUNDING 1e-12 /* of a bucket's weight: less is no row */

#include <float.h>
#include <math.h>
#include <string.h>

struct mg_moments *mg_moments_new_for(struct mg_arena *arena, size_t k, const uint32_t *at, size_t size,
                                      bool weighted)
{
    struct mg_moments *m = mg_arena_alloc(arena, sizeof(*m));
    if (!m)
        return NULL;
    m->k = k;
    m->size = size;
    m->at = at;
    m->origin = mg_arena_array(arena, k, sizeof(double));
    m->out_of_range = mg_arena_array(arena, k, sizeof(double));
    m->count = mg_arena_array(arena, size, sizeof(double));
    m->weight = weighted ? mg_arena_array(arena, size, sizeof(double)) : m->count;
    m->sum = mg_arena_array(arena, size, sizeof(double));
    m->sq = mg_arena_array(arena, size, sizeof(double));
    m->xx = mg_arena_array(arena, size, sizeof(double));
    bool whole = m->origin && m->out_of_range && m->count && m->weight && m->sum && m->sq && m->xx;
    return whole ? m : NULL;
}

struct mg_moments *mg_moments_new(struct mg_arena *arena, size_t k, bool weighted)
{
    return mg_moments_new_for(arena, k, NULL, k * k, weighted);
}

/* All buckets are there, so that any may be added. */
static struct mg_moments_buckets *buckets_like(struct mg_arena *arena, const struct mg_moments_buckets *model)
{
    struct mg_moments_buckets *buckets = mg_arena_alloc(arena, sizeof(*buckets));
    if (!buckets)
        return NULL;
    *buckets = (struct mg_moments_buckets){.links = model->links, .n_links = model->n_links, .n = model->n};
    for (size_t g = 0; g < buckets->n; g++) {
        buckets->at[g] = mg_arena_array(arena, buckets->n_links, sizeof(struct mg_moments_sums));
        if (!buckets->at[g])
            return NULL;
    }
    return buckets;
}

struct mg_moments *mg_moments_new_like(struct mg_arena *arena, const struct mg_moments *model)
{
    struct mg_moments *m =
        mg_moments_new_for(arena, model->k, model->at, model->size, model->weight != model->count);
    if (!m)
        return NULL;
    memcpy(m->origin, model->origin, m->k * sizeof(double));
    m->buckets = model->buckets ? buckets_like(arena, model->buckets) : NULL;
    return model->buckets && !m->buckets ? NULL : m;
}

/* into = keep into + sign from */
static void combine_array(double *into, const double *from, size_t n, double keep, double sign)
{
    for (size_t i = 0; i < n; i++)
        into[i] = keep * into[i] + sign * from[i];
}

struct mg_moments_sums mg_moments_sums_without(struct mg_moments_sums all, struct mg_moments_sums part)
{
    double weight = all.weight - part.weight;
    if (weight <= ROUNDING * all.weight)
        return (struct mg_moments_sums){0};
    return (struct mg_moments_sums){weight, all.weight2 - part.weight2, all.a - part.a, all.b - part.b};
}

static struct mg_moments_sums sums_with(struct mg_moments_sums x, struct mg_moments_sums y)
{
    return (struct mg_moments_sums){x.weight + y.weight, x.weight2 + y.weight2, x.a + y.a, x.b + y.b};
}

static void combine_buckets(struct mg_moments_buckets *into, const struct mg_moments_buckets *from,
                            double keep, double sign)
{
    static const struct mg_moments_sums none;
    for (size_t g = 0; g < into->n; g++)
        for (size_t l = 0; into->at[g] && l < into->n_links; l++) {
            struct mg_moments_sums old = keep > 0 ? into->at[g][l] : none,
                                   own = from->at[g] ? from->at[g][l] : none;
            into->at[g][l] = sign > 0 ? sums_with(old, own) : mg_moments_sums_without(old, own);
        }
}

static void combine(struct mg_moments *into, const struct mg_moments *from, double keep, double sign)
{
    size_t n = into->size;

    into->rows = keep * into->rows + sign * from->rows;
    combine_array(into->out_of_range, from->out_of_range, into->k, keep, sign);
    combine_array(into->count, from->count, n, keep, sign);
    if (into->weight != into->count)
        combine_array(into->weight, from->weight, n, keep, sign);
    combine_array(into->sum, from->sum, n, keep, sign);
    combine_array(into->sq, from->sq, n, keep, sign);
    combine_array(into->xx, from->xx, n, keep, sign);
    if (into->buckets && from->buckets)
        combine_buckets(into->buckets, from->buckets, keep, sign);
}

void mg_moments_copy(struct mg_moments *into, const struct mg_moments *from)
{
    memcpy(into->origin, from->origin, from->k * sizeof(double));
    combine(into, from, 0, 1);
}

void mg_moments_merge(struct mg_moments *into, const struct mg_moments *from)
{
    combine(into, from, 1, 1);
}

void mg_moments_subtract(struct mg_moments *into, const struct mg_moments *from)
{
    combine(into, from, 1, -1);
}

double mg_moments_count(const struct mg_moments *m, size_t i, size_t j)
{
    return m->count[mg_moments_at(m, i, j)];
}

double mg_moments_weight(const struct mg_moments *m, size_t i, size_t j)
{
    return m->weight[mg_moments_at(m, i, j)];
}

double mg_moments_mean(const struct mg_moments *m, size_t i, size_t j)
{
    double w = mg_moments_weight(m, i, j);
    return w > 0 ? m->origin[i] + m->sum[mg_moments_at(m, i, j)] / w : NAN;
}

double mg_moments_cov(const struct mg_moments *m, size_t i, size_t j)
{
    double n = mg_moments_count(m, i, j), w = mg_moments_weight(m, i, j);
    if (n < 2 || !(w > 0))
        return NAN;
    if (i == j)
        return mg_moments_var(m, i, j);
    size_t ij = mg_moments_at(m, i, j), ji = mg_moments_at(m, j, i);
    return (m->xx[ij] - m->sum[ij] * m->sum[ji] / w) / w * (n / (n - 1));
}

/* What is left of a constant after rounding is no variance: below 16 ulp of the raw second moment it is zero.
 */
double mg_moments_var(const struct mg_moments *m, size_t i, size_t j)
{
    double n = mg_moments_count(m, i, j), w = mg_moments_weight(m, i, j);
    if (n < 2 || !(w > 0))
        return NAN;
    size_t ij = mg_moments_at(m, i, j);
    double sum = m->sum[ij], sq = m->sq[ij];
    double left = sq - sum * sum / w;
    if (left <= 16 * DBL_EPSILON * sqrt(n) * sq)
        return 0;
    return left / w * (n / (n - 1));
}

double mg_moments_cor(const struct mg_moments *m, size_t i, size_t j)
{
    double vi = mg_moments_var(m, i, j), vj = mg_moments_var(m, j, i);
    if (!(vi > 0) || !(vj > 0))
        return NAN;
    if (i == j)
        return 1;
    double r = mg_moments_cov(m, i, j) / sqrt(vi * vj);
    return fmax(-1, fmin(1, r));
}

struct mg_moments_sums mg_moments_sums(const struct mg_moments *m, size_t g, size_t link)
{
    const struct mg_moments_sums *sums = m->buckets->at[g];
    return sums ? sums[link] : (struct mg_moments_sums){0};
}

size_t mg_moments_link(const struct mg_moments *m, size_t i, size_t j)
{
    const struct mg_moments_buckets *buckets = m->buckets;
    for (size_t l = 0; l < buckets->n_links; l++) {
        const struct mg_moments_link *link = &buckets->links[l];
        if ((link->a == i && link->b == j) || (link->a == j && link->b == i))
            return l;
    }
    return SIZE_MAX;
}
