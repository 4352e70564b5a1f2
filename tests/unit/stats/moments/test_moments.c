/* Moments against a naive loop over the rows, and their invariances. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/str.h"
#include "stats/moments/moments.h"

#define ROWS 5000
#define COLUMNS 7
#define SCORES 4
#define K (COLUMNS + SCORES)

static const uint16_t first[] = {0, 1, 2}, second[] = {3, 4, 5}, all[] = {0, 1, 2, 3, 4, 5, 6};
static const uint16_t second_with_first[] = {0, 1, UINT16_MAX};
static const struct mg_moments_score scores[SCORES] = {
    {.columns = first, .partners = second, .n = 3, .min_answered = 2},
    {.columns = second, .partners = second_with_first, .n = 3, .min_answered = 2},
    {.columns = all, .n = 7, .min_answered = 0},
    {.columns = all, .n = 7, .min_answered = 7},
};

/* Shapes of data: how often a cell is missing, out of range, a missing code, a fraction. */
struct shape {
    const char *name;
    double missing, outside, code, fraction;
    bool reverse, weighted, unbounded, carried;
    double step;
    size_t cuts;
};

static const struct shape shapes[] = {
    {.name = "complete"},
    {.name = "few missing", .missing = 0.01},
    {.name = "many missing", .missing = 0.6},
    {.name = "all kinds", .missing = 0.05, .outside = 0.02, .code = 0.03, .reverse = true},
    {.name = "fractions", .fraction = 0.2, .missing = 0.1},
    {.name = "weighted", .missing = 0.05, .outside = 0.01, .weighted = true},
    {.name = "steps of one", .fraction = 0.2, .missing = 0.1, .outside = 0.02, .step = 1},
    {.name = "steps of two", .code = 0.03, .missing = 0.1, .reverse = true, .step = 2},
    {.name = "steps of a half", .fraction = 0.2, .missing = 0.1, .reverse = true, .step = 0.5},
    {.name = "steps of three, weighted", .fraction = 0.2, .weighted = true, .step = 3},
    {.name = "cuts", .missing = 0.1, .reverse = true, .cuts = 2},
    {.name = "a cut, fractions, steps", .fraction = 0.2, .code = 0.03, .step = 0.5, .cuts = 1},
    {.name = "a cut, weighted", .outside = 0.02, .missing = 0.1, .weighted = true, .cuts = 1},
    {.name = "cuts, complete", .cuts = 2},
    {.name = "carried", .missing = 0.05, .outside = 0.02, .code = 0.03, .reverse = true, .carried = true},
    {.name = "carried, weighted, fractions", .fraction = 0.2, .weighted = true, .carried = true},
    {.name = "unbounded", .missing = 0.05, .fraction = 0.1, .unbounded = true},
};

struct data {
    struct mg_moments_column columns[COLUMNS];
    struct mg_moments_spec spec;
    double cells[COLUMNS][ROWS], weights[ROWS];
    uint8_t buckets[ROWS];
    uint64_t valid[COLUMNS][(ROWS + 63) / 64];
};

static void make(struct data *data, const struct shape *shape, uint64_t seed)
{
    struct mg_rng rng = mg_rng_init(seed, 0);
    memset(data, 0, sizeof(*data));
    for (size_t c = 0; c < COLUMNS; c++) {
        struct mg_moments_column *column = &data->columns[c];
        *column = (struct mg_moments_column){1,
                                             c == 2 ? 10 : 7,
                                             shape->reverse && c % 3 == 1,
                                             {99, -1, 5},
                                             c == 4 ? 3 : 2,
                                             shape->step,
                                             {2.5, 6},
                                             c % 2 ? shape->cuts : 0,
                                             0,
                                             shape->carried && c % 2 ? 9 : 0};
        if (shape->unbounded)
            *column = (struct mg_moments_column){-INFINITY, INFINITY, false, {99}, 1, 0, {0}, 0, 0, 0};
        for (size_t r = 0; r < ROWS; r++) {
            double v = 1 + floor(mg_rng_uniform(&rng) * 7);
            if (mg_rng_uniform(&rng) < shape->fraction)
                v = shape->unbounded  ? mg_rng_normal(&rng) * 5000
                    : shape->step > 0 ? 1 + floor(mg_rng_uniform(&rng) * 24) / 4
                                      : 1 + mg_rng_uniform(&rng) * 6;
            if (mg_rng_uniform(&rng) < shape->outside)
                v = mg_rng_uniform(&rng) < 0.5 ? 0 : 77;
            if (mg_rng_uniform(&rng) < shape->code)
                v = mg_rng_uniform(&rng) < 0.5 ? 99 : -1;
            bool gone = mg_rng_uniform(&rng) < shape->missing;
            data->cells[c][r] = v;
            data->valid[c][r / 64] |= (uint64_t)!gone << (r % 64);
        }
    }
    for (size_t r = 0; r < ROWS; r++)
        data->buckets[r] = (uint8_t)(r * r / 7);
    for (size_t r = 0; r < ROWS; r++)
        data->weights[r] = r % 17 == 0 ? 0 : 0.2 + mg_rng_uniform(&rng) * 3;
    data->spec = (struct mg_moments_spec){
        .columns = data->columns, .n_columns = COLUMNS, .scores = scores, .n_scores = SCORES};
}

/* ---- The naive way ---- */

static double naive_cell(const struct data *data, size_t c, size_t r)
{
    const struct mg_moments_column *column = &data->columns[c];
    double v = data->cells[c][r];
    if (!(data->valid[c][r / 64] >> (r % 64) & 1))
        return NAN;
    for (size_t i = 0; i < column->n_missing; i++)
        if (v == column->missing[i])
            return NAN;
    if (v < column->low || v > column->high || (column->step > 0 && fmod(v - 1, column->step) != 0))
        return NAN;
    v = column->reverse ? column->low + column->high - v : v;
    if (column->to_high > 0) /* to 0 … 9 */
        v = (v - column->low) / (column->high - column->low) * 9;
    return column->n_cuts == 0 ? v : (v >= 2.5) + (column->n_cuts > 1 && v >= 6);
}

static void naive_row(const struct data *data, size_t r, double ret_values[K])
{
    for (size_t c = 0; c < COLUMNS; c++)
        ret_values[c] = naive_cell(data, c, r);
    for (size_t s = 0; s < SCORES; s++) {
        double total = 0, n = 0;
        for (size_t i = 0; i < scores[s].n; i++) {
            uint16_t partner = scores[s].partners ? scores[s].partners[i] : UINT16_MAX;
            if (isnan(ret_values[scores[s].columns[i]]) ||
                (partner != UINT16_MAX && isnan(ret_values[partner])))
                continue;
            total += ret_values[scores[s].columns[i]];
            n++;
        }
        ret_values[COLUMNS + s] = n >= fmax(1, (double)scores[s].min_answered) ? total / n : NAN;
    }
}

struct naive {
    double rows, count[K][K], weight[K][K], sum[K][K], sq[K][K], xx[K][K];
};

static void naive_moments(const struct data *data, const double *origin, bool weighted, int power,
                          struct naive *m)
{
    memset(m, 0, sizeof(*m));
    for (size_t r = 0; r < ROWS; r++) {
        double v[K], w = weighted ? data->weights[r] : 1;
        if (w <= 0)
            continue;
        w = power == 2 ? w * w : w;
        m->rows++;
        naive_row(data, r, v);
        for (size_t i = 0; i < K; i++)
            for (size_t j = 0; j < K; j++) {
                if (isnan(v[i]) || isnan(v[j]))
                    continue;
                double x = v[i] - origin[i], y = v[j] - origin[j];
                m->count[i][j]++;
                m->weight[i][j] += w;
                m->sum[i][j] += w * x;
                m->sq[i][j] += w * x * x;
                m->xx[i][j] += w * x * y;
            }
    }
}

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("%.17g instead of %.17g", got, expected);
}

static void assert_close(double got, double expected, double scale, const char *what, const char *shape)
{
    if (!(fabs(got - expected) <= 1e-12 * (fabs(scale) + 1)))
        fail_msg("%s, %s: %.17g instead of %.17g", shape, what, got, expected);
}

static void assert_same(const struct mg_moments *m, const struct naive *n, const char *shape)
{
    assert_true(m->rows == n->rows);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            size_t ij = i * K + j;
            double scale = n->sq[i][i] + n->weight[i][i];
            assert_true(m->count[ij] == n->count[i][j]);
            assert_close(m->weight[ij], n->weight[i][j], scale, "weight", shape);
            assert_close(m->sum[ij], n->sum[i][j], scale, "sum", shape);
            assert_close(m->sq[ij], n->sq[i][j], scale, "sq", shape);
            assert_close(m->xx[ij], n->xx[i][j], scale, "xx", shape);
        }
}

/* ---- The way of the library ---- */

static struct mg_moments_acc *accumulate(const struct mg_moments_plan *plan, struct data *data, size_t from,
                                         size_t to, size_t chunk, size_t groups)
{
    struct mg_moments_block *block = mg_moments_block_new(plan);
    struct mg_moments_acc *acc[8];
    assert_non_null(block);
    for (size_t g = 0; g < groups; g++)
        acc[g] = mg_moments_acc_new(plan);
    for (size_t start = from; start < to; start += chunk) {
        size_t n = to - start < chunk ? to - start : chunk;
        struct mg_moments_input inputs[COLUMNS], weights = {MG_MOMENTS_DOUBLE, data->weights + start, NULL};
        uint64_t valid[COLUMNS][MG_MOMENTS_BLOCK / 64];
        uint16_t rows[MG_MOMENTS_BLOCK];
        memset(valid, 0, sizeof(valid));
        for (size_t c = 0; c < COLUMNS; c++) {
            for (size_t r = 0; r < n; r++)
                valid[c][r / 64] |= (data->valid[c][(start + r) / 64] >> ((start + r) % 64) & 1) << (r % 64);
            inputs[c] = (struct mg_moments_input){MG_MOMENTS_DOUBLE, data->cells[c] + start, valid[c]};
        }
        mg_moments_block_load(block, inputs, &weights, data->buckets + start, n);
        for (size_t g = 0; g < groups; g++) {
            size_t m = 0;
            for (size_t r = 0; r < n; r++)
                if ((start + r) % groups == g)
                    rows[m++] = (uint16_t)r;
            assert_int_equal(mg_moments_acc_add(acc[g], block, groups > 1 ? rows : NULL, m), 0);
        }
    }
    for (size_t g = 1; g < groups; g++) {
        assert_int_equal(mg_moments_acc_merge(acc[0], acc[g]), 0);
        mg_moments_acc_free(acc[g]);
    }
    mg_moments_block_free(block);
    return acc[0];
}

static struct mg_moments *moments_of(struct mg_arena *arena, struct data *data, bool weighted, size_t chunk,
                                     size_t groups, struct mg_moments **ret_squared)
{
    struct mg_moments_plan *plan = NULL;
    struct mg_moments *m = NULL;
    struct mg_error error = {0};
    assert_int_equal(mg_moments_plan_new(arena, &data->spec, weighted, &plan, &error), 0);
    struct mg_moments_acc *acc = accumulate(plan, data, 0, ROWS, chunk, groups);
    assert_int_equal(mg_moments_acc_finish(acc, arena, &m, ret_squared, &error), 0);
    mg_moments_acc_free(acc);
    return m;
}

static void agrees_with_the_naive_loop(void **state)
{
    (void)state;
    struct data *data = malloc(sizeof(*data));
    for (size_t s = 0; s < ARRAY_LEN(shapes); s++)
        for (size_t groups = 1; groups <= 7; groups += 3) {
            struct mg_arena *arena = mg_arena_new(64 << 20);
            struct mg_moments *squared = NULL;
            struct naive naive;
            make(data, &shapes[s], s + 1);
            size_t chunk = groups == 7 ? 30 : 2048; /* few rows a group and many */
            struct mg_moments *m = moments_of(arena, data, shapes[s].weighted, chunk, groups, &squared);
            naive_moments(data, m->origin, shapes[s].weighted, 1, &naive);
            assert_same(m, &naive, shapes[s].name);
            if (shapes[s].weighted) {
                naive_moments(data, m->origin, true, 2, &naive);
                assert_same(squared, &naive, "squared weights");
            }
            mg_arena_free(arena);
        }
    free(data);
}

/* Columns, scores, either with itself and with another; the last are hardly ever there together. */
static const struct mg_moments_link links[] = {{0, 0}, {0, 3}, {5, 2}, {7, 7},
                                               {7, 8}, {8, 7}, {9, 4}, {10, 10}};

static void naive_sums(const struct data *data, const double *origin, bool weighted, size_t g,
                       struct mg_moments_sums *ret)
{
    memset(ret, 0, ARRAY_LEN(links) * sizeof *ret);
    for (size_t r = 0; r < ROWS; r++) {
        double v[K], w = weighted ? data->weights[r] : 1;
        if (w <= 0 || data->buckets[r] % data->spec.n_buckets != g)
            continue;
        naive_row(data, r, v);
        for (size_t l = 0; l < ARRAY_LEN(links); l++) {
            double a = v[links[l].a], b = v[links[l].b];
            if (isnan(a) || isnan(b))
                continue;
            ret[l].weight += w;
            ret[l].weight2 += w * w;
            ret[l].a += w * (a - origin[links[l].a]);
            ret[l].b += w * (b - origin[links[l].b]);
        }
    }
}

static void assert_buckets(const struct data *data, const struct mg_moments *m, const struct shape *shape,
                           double times)
{
    assert_int_equal(m->buckets->n, data->spec.n_buckets);
    for (size_t g = 0; g < m->buckets->n; g++) {
        struct mg_moments_sums naive[ARRAY_LEN(links)];
        naive_sums(data, m->origin, shape->weighted, g, naive);
        for (size_t l = 0; l < ARRAY_LEN(links); l++) {
            struct mg_moments_sums sums = mg_moments_sums(m, g, l);
            double scale = 1e5 * (shape->unbounded ? 5000 : 1);
            assert_true((sums.weight > 0) == (naive[l].weight > 0));
            assert_close(sums.weight, times * naive[l].weight, 1e3, "weight of a bucket", shape->name);
            assert_close(sums.weight2, times * naive[l].weight2, 1e3, "squares of a bucket", shape->name);
            assert_close(sums.a, times * naive[l].a, scale, "first sum of a bucket", shape->name);
            assert_close(sums.b, times * naive[l].b, scale, "second sum of a bucket", shape->name);
        }
    }
}

static void buckets_agree_with_the_naive_loop(void **state)
{
    (void)state;
    struct data *data = malloc(sizeof(*data));
    for (size_t s = 0; s < ARRAY_LEN(shapes); s++)
        for (size_t groups = 1; groups <= 7; groups += 3) {
            struct mg_arena *arena = mg_arena_new(64 << 20);
            make(data, &shapes[s], s + 1);
            data->spec.links = links, data->spec.n_links = ARRAY_LEN(links);
            data->spec.n_buckets = groups == 4 ? 16 : 256;
            size_t chunk = groups == 7 ? 30 : 2048; /* few rows a group and many */
            struct mg_moments *m = moments_of(arena, data, shapes[s].weighted, chunk, groups, NULL);
            assert_buckets(data, m, &shapes[s], 1);
            struct mg_moments *total = mg_moments_new_like(arena, m);
            mg_moments_merge(total, m);
            mg_moments_merge(total, m);
            assert_buckets(data, total, &shapes[s], 2);
            mg_arena_free(arena);
        }
    free(data);
}

/* A link is found from either end, and the sums follow the link's order. */
static void links_are_found_in_either_order(void **state)
{
    (void)state;
    struct data *data = malloc(sizeof(*data));
    struct mg_arena *arena = mg_arena_new(64 << 20);
    make(data, &shapes[0], 1);
    data->spec.links = links, data->spec.n_links = 4, data->spec.n_buckets = 256;
    struct mg_moments *m = moments_of(arena, data, false, 2048, 1, NULL);
    assert_int_equal(mg_moments_link(m, 3, 0), 1);
    assert_int_equal(mg_moments_link(m, 2, 5), 2);
    assert_int_equal(mg_moments_link(m, 5, 5), SIZE_MAX);
    mg_arena_free(arena);
    free(data);
}

static void counts_what_is_out_of_range(void **state)
{
    (void)state;
    struct data *data = malloc(sizeof(*data));
    struct mg_arena *arena = mg_arena_new(64 << 20);
    make(data, &shapes[3], 9);
    struct mg_moments *m = moments_of(arena, data, false, 2048, 1, NULL);
    for (size_t c = 0; c < COLUMNS; c++) {
        double n = 0;
        for (size_t r = 0; r < ROWS; r++) {
            double v = data->cells[c][r];
            n += (data->valid[c][r / 64] >> (r % 64) & 1) && (v == 0 || v == 77);
        }
        assert_true(n > 0);
        assert_true(m->out_of_range[c] == n);
    }
    mg_arena_free(arena);
    free(data);
}

/* Whole answers: not one bit depends on chunks or groups. Scores: 1e-12. */
static void chunks_and_groups_change_nothing(void **state)
{
    (void)state;
    static const size_t chunks[] = {1, 7, 64, 1000, 2048}, groups[] = {1, 2, 5, 8, 3};
    struct data *data = malloc(sizeof(*data));
    struct mg_arena *arena = mg_arena_new(64 << 20);
    make(data, &shapes[3], 4);
    struct mg_moments *a = moments_of(arena, data, false, 2048, 1, NULL);
    for (size_t i = 0; i < ARRAY_LEN(chunks); i++) {
        struct mg_moments *b = moments_of(arena, data, false, chunks[i], groups[i], NULL);
        for (size_t x = 0; x < K; x++)
            for (size_t y = 0; y < K; y++) {
                size_t at = x * K + y;
                double tolerance = x < COLUMNS && y < COLUMNS ? 0 : 1e-12;
                assert_true(a->count[at] == b->count[at]);
                assert_true(fabs(a->sum[at] - b->sum[at]) <= tolerance * (fabs(a->sum[at]) + 1));
                assert_true(fabs(a->sq[at] - b->sq[at]) <= tolerance * (fabs(a->sq[at]) + 1));
                assert_true(fabs(a->xx[at] - b->xx[at]) <= tolerance * (fabs(a->xx[at]) + 1));
            }
    }
    mg_arena_free(arena);
    free(data);
}

/* int8 … int64 and double say the same. */
static void integer_types_agree(void **state)
{
    (void)state;
    enum { N = 300 };
    static const struct mg_moments_column column[2] = {{.low = 1, .high = 7, .missing = {5}, .n_missing = 1},
                                                       {.low = -3, .high = 120, .reverse = true}};
    const struct mg_moments_spec spec = {.columns = column, .n_columns = 2};
    struct mg_arena *arena = mg_arena_new(1 << 20);
    struct mg_moments_plan *plan = NULL;
    int8_t i8[2][N];
    int16_t i16[2][N];
    int32_t i32[2][N];
    int64_t i64[2][N];
    double f64[2][N];
    const void *values[5][2] = {
        {i8[0], i8[1]}, {i16[0], i16[1]}, {i32[0], i32[1]}, {i64[0], i64[1]}, {f64[0], f64[1]}};
    struct mg_moments *m[5];

    for (int c = 0; c < 2; c++)
        for (int r = 0; r < N; r++)
            f64[c][r] = (double)(i64[c][r] = i32[c][r] = i16[c][r] = i8[c][r] =
                                     (int8_t)((r * 37 + c * 11) % 256 - 128));
    assert_int_equal(mg_moments_plan_new(arena, &spec, false, &plan, NULL), 0);
    for (int t = 0; t < 5; t++) {
        struct mg_moments_block *block = mg_moments_block_new(plan);
        struct mg_moments_acc *acc = mg_moments_acc_new(plan);
        struct mg_moments_input inputs[2] = {{(enum mg_moments_type)t, values[t][0], NULL},
                                             {(enum mg_moments_type)t, values[t][1], NULL}};
        mg_moments_block_load(block, inputs, NULL, NULL, N);
        assert_int_equal(mg_moments_acc_add(acc, block, NULL, N), 0);
        assert_int_equal(mg_moments_acc_finish(acc, arena, &m[t], NULL, NULL), 0);
        mg_moments_acc_free(acc);
        mg_moments_block_free(block);
        assert_true(m[t]->count[0] > 0 && m[t]->count[3] > 100);
        assert_memory_equal(m[t]->xx, m[0]->xx, 4 * sizeof(double));
        assert_memory_equal(m[t]->sum, m[0]->sum, 4 * sizeof(double));
        assert_memory_equal(m[t]->out_of_range, m[0]->out_of_range, 2 * sizeof(double));
    }
    mg_arena_free(arena);
}

/* Values at the edge of what the integer kernel takes, in full blocks of one sign: no sum may wrap. */
static void extreme_values_do_not_overflow(void **state)
{
    (void)state;
    static double values[MG_MOMENTS_BLOCK];
    static const double edges[] = {181, -181, 182, -182, 1000, -1001, 1e6, 1e15, -9.2e18};
    struct mg_moments_column column = {.low = -INFINITY, .high = INFINITY};
    const struct mg_moments_spec spec = {.columns = &column, .n_columns = 1};
    struct mg_moments_input input = {MG_MOMENTS_DOUBLE, values, NULL};

    for (size_t e = 0; e < ARRAY_LEN(edges); e++) {
        struct mg_arena *arena = mg_arena_new(1 << 20);
        struct mg_moments_plan *plan = NULL;
        struct mg_moments *m = NULL;
        assert_int_equal(mg_moments_plan_new(arena, &spec, false, &plan, NULL), 0);
        struct mg_moments_block *block = mg_moments_block_new(plan);
        struct mg_moments_acc *acc = mg_moments_acc_new(plan);
        for (size_t r = 0; r < MG_MOMENTS_BLOCK; r++)
            values[r] = edges[e];
        mg_moments_block_load(block, &input, NULL, NULL, MG_MOMENTS_BLOCK);
        assert_int_equal(mg_moments_acc_add(acc, block, NULL, MG_MOMENTS_BLOCK), 0);
        assert_int_equal(mg_moments_acc_finish(acc, arena, &m, NULL, NULL), 0);
        double tolerance = fabs(edges[e]) > 1e9 ? 1e-13 : 0; /* beyond 2⁵³ sums round */
        assert_near(mg_moments_mean(m, 0, 0), edges[e], tolerance * fabs(edges[e]));
        double expected = edges[e] * edges[e] * MG_MOMENTS_BLOCK;
        assert_near(m->xx[0], expected, tolerance * expected);
        assert_true(mg_moments_var(m, 0, 0) == 0);
        mg_moments_acc_free(acc);
        mg_moments_block_free(block);
        mg_arena_free(arena);
    }
}

/* ---- Sets ---- */

/* Overlapping sets with columns and scores, in no order, one of a single variable; 6 is in none. */
static const uint16_t items[] = {5, 0, 1, 2, 4, 3}, mixed[] = {7, 3, 8}, lone[] = {9}, twice[] = {4, 5, 4};
static const struct mg_moments_set sets[] = {{.variables = items, .n = ARRAY_LEN(items)},
                                             {.variables = mixed, .n = ARRAY_LEN(mixed), .squared = true},
                                             {.variables = lone, .n = 1, .squared = true},
                                             {.variables = twice, .n = 3, .squared = true},
                                             {.variables = NULL, .n = 0}};

static bool in_one_set(size_t i, size_t j, bool squared)
{
    bool together = false;
    for (size_t s = 0; s < ARRAY_LEN(sets); s++) {
        bool has_i = false, has_j = false;
        for (size_t v = 0; v < sets[s].n; v++) {
            has_i = has_i || sets[s].variables[v] == i;
            has_j = has_j || sets[s].variables[v] == j;
        }
        together = together || (has_i && has_j && (sets[s].squared || !squared));
    }
    return together;
}

/* What a set holds is what it is without sets; the rest reads as pairs without rows. */
static size_t assert_sets(const struct mg_moments *some, const struct mg_moments *every, bool squared)
{
    size_t held = 0;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            size_t at = mg_moments_at(some, i, j), ij = i * K + j;
            if (!in_one_set(i, j, squared)) {
                assert_true(at == 0 && mg_moments_count(some, i, j) == 0 &&
                            mg_moments_weight(some, i, j) == 0);
                assert_true(some->sum[at] == 0 && some->sq[at] == 0 && some->xx[at] == 0);
                assert_true(isnan(mg_moments_mean(some, i, j)) && isnan(mg_moments_var(some, i, j)) &&
                            isnan(mg_moments_cov(some, i, j)) && isnan(mg_moments_cor(some, i, j)));
                continue;
            }
            held++;
            assert_true(some->count[at] == every->count[ij] && every->count[ij] > 0);
            assert_close(some->weight[at], every->weight[ij], every->weight[ij], "weight", "sets");
            assert_close(some->sum[at], every->sum[ij], every->sq[ij], "sum", "sets");
            assert_close(some->sq[at], every->sq[ij], every->sq[ij], "sq", "sets");
            assert_close(some->xx[at], every->xx[ij], every->sq[ij], "xx", "sets");
        }
    return held;
}

static void sets_hold_their_pairs_and_no_others(void **state)
{
    (void)state;
    struct data *data = malloc(sizeof(*data));
    for (size_t s = 0; s < ARRAY_LEN(shapes); s++)
        for (size_t groups = 1; groups <= 7; groups += 6) {
            struct mg_arena *arena = mg_arena_new(64 << 20);
            struct mg_moments *squared = NULL, *every_squared = NULL;
            bool weighted = shapes[s].weighted;
            make(data, &shapes[s], s + 1);
            struct mg_moments *every = moments_of(arena, data, weighted, 2048, 1, &every_squared);
            data->spec.sets = sets, data->spec.n_sets = ARRAY_LEN(sets);
            struct mg_moments *some = moments_of(arena, data, weighted, 300, groups, &squared);
            assert_true(some->size < every->size && some->rows == every->rows);
            assert_int_equal(assert_sets(some, every, false), 36 + 9 + 1 - 1);
            if (weighted) {
                assert_true(squared->size < some->size);
                assert_int_equal(assert_sets(squared, every_squared, true), 9 + 1 + 4);
            }
            mg_arena_free(arena);
        }
    free(data);
}

/* Sums and differences of moments with sets, and a pair outside them stays one without rows. */
static void moments_with_sets_add_up(void **state)
{
    (void)state;
    struct data *data = malloc(sizeof(*data));
    struct mg_arena *arena = mg_arena_new(64 << 20);
    make(data, &shapes[5], 3);
    data->spec.sets = sets, data->spec.n_sets = ARRAY_LEN(sets);
    struct mg_moments *m = moments_of(arena, data, true, 2048, 1, NULL);
    struct mg_moments *total = mg_moments_new_like(arena, m);
    assert_memory_equal(total->origin, m->origin, K * sizeof(double));
    mg_moments_merge(total, m);
    mg_moments_merge(total, m);
    assert_true(total->rows == 2 * m->rows && total->out_of_range[0] == 2 * m->out_of_range[0]);
    assert_true(mg_moments_count(total, 0, 5) == 2 * mg_moments_count(m, 0, 5));
    assert_near(mg_moments_weight(total, 0, 5), 2 * mg_moments_weight(m, 0, 5), 0);
    assert_near(mg_moments_mean(total, 7, 3), mg_moments_mean(m, 7, 3), 1e-14);
    mg_moments_subtract(total, m);
    assert_near(mg_moments_cor(total, 0, 5), mg_moments_cor(m, 0, 5), 0);
    assert_true(mg_moments_count(total, 6, 6) == 0 && isnan(mg_moments_cor(total, 0, 7)));
    mg_moments_copy(total, m);
    assert_memory_equal(total->xx, m->xx, m->size * sizeof(double));
    assert_memory_equal(total->weight, m->weight, m->size * sizeof(double));
    mg_arena_free(arena);
    free(data);
}

static void accessors_follow_the_textbook(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    struct mg_moments_column columns[2] = {{.low = 1, .high = 7}, {.low = 1, .high = 7}};
    const struct mg_moments_spec spec = {.columns = columns, .n_columns = 2};
    double x[] = {1, 2, 4, 7, 3}, y[] = {2, 2, 5, 6, NAN}, w[] = {1, 2, 1, 1, 5};
    struct mg_moments_input inputs[2] = {{MG_MOMENTS_DOUBLE, x, NULL}, {MG_MOMENTS_DOUBLE, y, NULL}};
    struct mg_moments_input weights = {MG_MOMENTS_DOUBLE, w, NULL};

    for (int weighted = 0; weighted < 2; weighted++) {
        struct mg_moments_plan *plan = NULL;
        struct mg_moments *m = NULL;
        assert_int_equal(mg_moments_plan_new(arena, &spec, weighted, &plan, NULL), 0);
        struct mg_moments_block *block = mg_moments_block_new(plan);
        struct mg_moments_acc *acc = mg_moments_acc_new(plan);
        mg_moments_block_load(block, inputs, &weights, NULL, 5);
        assert_int_equal(mg_moments_acc_add(acc, block, NULL, 5), 0);
        assert_int_equal(mg_moments_acc_finish(acc, arena, &m, NULL, NULL), 0);
        assert_true(mg_moments_count(m, 0, 1) == 4 && mg_moments_count(m, 0, 0) == 5);
        if (weighted) { /* means 16/5, 17/5; Σwxy = 72, Σw = 5, n = 4 */
            assert_near(mg_moments_mean(m, 0, 1), 3.2, 1e-14);
            assert_near(mg_moments_mean(m, 1, 0), 3.4, 1e-14);
            assert_near(mg_moments_cov(m, 0, 1), (72.0 / 5 - 3.2 * 3.4) * 4 / 3, 1e-13);
            assert_true(m->weight[0] == 10);
        } else {
            assert_near(mg_moments_mean(m, 0, 1), 3.5, 1e-14);
            assert_near(mg_moments_mean(m, 0, 0), 3.4, 1e-14);
            assert_near(mg_moments_cov(m, 0, 1), (68 - 14 * 15 / 4.0) / 3, 1e-13);
            assert_near(mg_moments_var(m, 0, 1), (70 - 14 * 14 / 4.0) / 3, 1e-13);
            assert_near(mg_moments_cor(m, 0, 1), 15.5 / sqrt(21 * 12.75), 1e-13);
        }
        mg_moments_acc_free(acc);
        mg_moments_block_free(block);
    }
    mg_arena_free(arena);
}

static void nothing_gives_nan_not_noise(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    struct mg_moments *m = mg_moments_new(arena, 2, false);
    assert_true(isnan(mg_moments_mean(m, 0, 0)) && isnan(mg_moments_cov(m, 0, 1)) &&
                isnan(mg_moments_cor(m, 0, 1)));
    mg_arena_free(arena);
}

static void a_bad_spec_is_refused(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    struct mg_moments_plan *plan = NULL;
    static const uint16_t beyond[] = {3};
    struct mg_moments_column good = {.low = 1, .high = 7}, upside_down = {.low = 7, .high = 1};
    struct mg_moments_column open = {.low = 1, .high = INFINITY, .reverse = true};
    struct mg_moments_column crossed = {.low = 1, .high = 7, .cuts = {6, 3}, .n_cuts = 2};
    struct mg_moments_score score = {beyond, NULL, 1, 1}, greedy = {first, NULL, 1, 2};
    static const uint16_t no_variable[] = {0, 1};
    struct mg_moments_set stray = {.variables = no_variable, .n = 2};
    struct mg_moments_spec specs[] = {{.columns = &good, .n_columns = 1, .sets = &stray, .n_sets = 1},
                                      {.columns = &good, .n_columns = 0},
                                      {.columns = &upside_down, .n_columns = 1},
                                      {.columns = &open, .n_columns = 1},
                                      {.columns = &crossed, .n_columns = 1},
                                      {.columns = &good, .n_columns = 1, .scores = &score, .n_scores = 1},
                                      {.columns = &good, .n_columns = 1, .scores = &greedy, .n_scores = 1}};
    for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
        struct mg_error error = {0};
        assert_int_equal(mg_moments_plan_new(arena, &specs[i], false, &plan, &error), MG_E_INVALID);
        assert_true(error.message[0]);
    }
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_naive_loop),
        cmocka_unit_test(buckets_agree_with_the_naive_loop),
        cmocka_unit_test(links_are_found_in_either_order),
        cmocka_unit_test(counts_what_is_out_of_range),
        cmocka_unit_test(chunks_and_groups_change_nothing),
        cmocka_unit_test(integer_types_agree),
        cmocka_unit_test(extreme_values_do_not_overflow),
        cmocka_unit_test(accessors_follow_the_textbook),
        cmocka_unit_test(sets_hold_their_pairs_and_no_others),
        cmocka_unit_test(moments_with_sets_add_up),
        cmocka_unit_test(nothing_gives_nan_not_noise),
        cmocka_unit_test(a_bad_spec_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
