/* Accessors and sums of finished moments. How they come from rows is in moments_acc.c. */
#include "stats/moments.h"

#include <float.h>
#include <math.h>

struct mg_moments *mg_moments_new(struct mg_arena *arena, size_t k, bool weighted)
{
    struct mg_moments *m = mg_arena_alloc(arena, sizeof(*m));
    if (!m)
        return NULL;
    m->k = k;
    m->origin = mg_arena_array(arena, k, sizeof(double));
    m->out_of_range = mg_arena_array(arena, k, sizeof(double));
    m->count = mg_arena_array(arena, k * k, sizeof(double));
    m->weight = weighted ? mg_arena_array(arena, k * k, sizeof(double)) : m->count;
    m->sum = mg_arena_array(arena, k * k, sizeof(double));
    m->sq = mg_arena_array(arena, k * k, sizeof(double));
    m->xx = mg_arena_array(arena, k * k, sizeof(double));
    bool whole = m->origin && m->out_of_range && m->count && m->weight && m->sum && m->sq && m->xx;
    return whole ? m : NULL;
}

static void add_to(double *into, const double *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        into[i] += from[i];
}

void mg_moments_merge(struct mg_moments *into, const struct mg_moments *from)
{
    size_t kk = into->k * into->k;

    into->rows += from->rows;
    add_to(into->out_of_range, from->out_of_range, into->k);
    add_to(into->count, from->count, kk);
    if (into->weight != into->count)
        add_to(into->weight, from->weight, kk);
    add_to(into->sum, from->sum, kk);
    add_to(into->sq, from->sq, kk);
    add_to(into->xx, from->xx, kk);
}

double mg_moments_count(const struct mg_moments *m, size_t i, size_t j)
{
    return m->count[i * m->k + j];
}

double mg_moments_weight(const struct mg_moments *m, size_t i, size_t j)
{
    return m->weight[i * m->k + j];
}

double mg_moments_mean(const struct mg_moments *m, size_t i, size_t j)
{
    double w = mg_moments_weight(m, i, j);
    return w > 0 ? m->origin[i] + m->sum[i * m->k + j] / w : NAN;
}

double mg_moments_cov(const struct mg_moments *m, size_t i, size_t j)
{
    double n = mg_moments_count(m, i, j), w = mg_moments_weight(m, i, j);
    if (n < 2 || !(w > 0))
        return NAN;
    if (i == j)
        return mg_moments_var(m, i, j);
    size_t ij = i * m->k + j, ji = j * m->k + i;
    return (m->xx[ij] - m->sum[ij] * m->sum[ji] / w) / w * (n / (n - 1));
}

/* What is left of a constant after rounding is no variance: below 16 ulp of the raw second moment it is zero.
 */
double mg_moments_var(const struct mg_moments *m, size_t i, size_t j)
{
    double n = mg_moments_count(m, i, j), w = mg_moments_weight(m, i, j);
    if (n < 2 || !(w > 0))
        return NAN;
    double sum = m->sum[i * m->k + j], sq = m->sq[i * m->k + j];
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
