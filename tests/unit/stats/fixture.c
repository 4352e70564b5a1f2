#include "fixture.h"

#include <stdlib.h>

void near_at(double actual, double expected, double tolerance, const char *what, const char *file, int line)
{
    if ((isnan(actual) && isnan(expected)) || fabs(actual - expected) <= tolerance)
        return;
    print_error("%s = %.12g, not %.12g (off by %.2g, allowed %.2g)\n", what, actual, expected,
                actual - expected, tolerance);
    _fail(file, line);
}

struct mg_arena *fresh_arena(void)
{
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    assert_non_null(arena);
    return arena;
}

static void add_row(struct mg_moments *m, const double *values, size_t rows, size_t row, double w)
{
    for (size_t i = 0; i < m->k; i++)
        for (size_t j = 0; j < m->k; j++) {
            double x = values[i * rows + row] - m->origin[i], y = values[j * rows + row] - m->origin[j];
            size_t ij = i * m->k + j;
            if (isnan(x) || isnan(y))
                continue;
            m->count[ij] += 1;
            if (m->weight != m->count)
                m->weight[ij] += w;
            m->sum[ij] += w * x;
            m->sq[ij] += w * x * x;
            m->xx[ij] += w * x * y;
        }
}

static void add_to_bucket(struct mg_moments *m, const double *values, size_t rows, size_t row, double w,
                          struct mg_moments_sums *sums)
{
    for (size_t l = 0; l < m->buckets->n_links; l++) {
        const struct mg_moments_link *link = &m->buckets->links[l];
        double x = values[link->a * rows + row] - m->origin[link->a];
        double y = values[link->b * rows + row] - m->origin[link->b];
        if (isnan(x) || isnan(y))
            continue;
        sums[l].weight += w;
        sums[l].weight2 += w * w;
        sums[l].a += w * x;
        sums[l].b += w * y;
    }
}

void add_buckets(struct mg_arena *arena, struct mg_moments *m, const double *values, size_t rows,
                 const double *weights, const uint8_t *bucket)
{
    struct mg_moments_buckets *buckets = mg_arena_alloc(arena, sizeof *buckets);
    struct mg_moments_link *links = mg_arena_array(arena, m->k * (m->k + 1) / 2, sizeof *links);
    assert_non_null(buckets);
    assert_non_null(links);
    for (size_t i = 0; i < m->k; i++)
        for (size_t j = i; j < m->k; j++)
            links[buckets->n_links++] = (struct mg_moments_link){(uint16_t)i, (uint16_t)j};
    buckets->links = links;
    buckets->n = MG_MOMENTS_BUCKETS_MAX;
    m->buckets = buckets;
    for (size_t row = 0; row < rows; row++) {
        size_t g = bucket ? bucket[row] : row % MG_MOMENTS_BUCKETS_MAX;
        if (!buckets->at[g])
            buckets->at[g] = mg_arena_array(arena, buckets->n_links, sizeof(struct mg_moments_sums));
        assert_non_null(buckets->at[g]);
        add_to_bucket(m, values, rows, row, weights ? weights[row] : 1, buckets->at[g]);
    }
}

struct mg_moments *moments_of(struct mg_arena *arena, const double *values, size_t rows, size_t k,
                              const double *weights, int power, double origin)
{
    struct mg_moments *m = mg_moments_new(arena, k, weights != NULL);
    assert_non_null(m);
    for (size_t i = 0; i < k; i++)
        m->origin[i] = origin;
    for (size_t row = 0; row < rows; row++)
        add_row(m, values, rows, row, weights ? pow(weights[row], power) : 1);
    m->rows = (double)rows;
    if (weights && power == 1)
        add_buckets(arena, m, values, rows, weights, NULL);
    return m;
}

double answer(struct mg_rng *rng, double mean, double sd)
{
    return fmin(7, fmax(1, round(mean + sd * mg_rng_normal(rng))));
}
