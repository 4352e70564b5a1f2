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
    return m;
}

double answer(struct mg_rng *rng, double mean, double sd)
{
    return fmin(7, fmax(1, round(mean + sd * mg_rng_normal(rng))));
}
