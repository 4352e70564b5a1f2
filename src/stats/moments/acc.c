/* The accumulator: sorts rows by what they cost.
 *
 * Complete unweighted rows of small integers need only Σx and Σxx' of the columns: a score of a complete row
 * is the plain mean of its columns, so that all moments of scores follow from those at the end by a linear
 * map. Such rows go to the integer kernel.
 *
 * All other rows are summed pair by pair, over the pairs of the spec's sets: values, squares and products of
 * the one times the presence (or value) of the other, as dot products over many rows at a time. Columns of
 * small integers without weights are summed in integers, all the rest in doubles. Nothing is ever subtracted,
 * so rare variables keep their digits.
 *
 * Sums of whole numbers are exact in doubles (below 2⁵³), whatever the order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "stats/moments/plan.h"

#define FEW_ROWS 16 /* incomplete ones: not worth a stage of integers beside the one of doubles */

struct mg_moments_acc {
    const struct mg_moments_plan *plan;
    double rows;
    double *outside; /* columns */
    /* Rows of the integer kernel: their number, Σx (padded), Σxx' (padded × padded, upper half). NULL until
     * needed. */
    double complete, *sum, *xx;
    /* The others' sums, as the kernel keeps them, of the tiles of the plan's pairs and squared pairs. NULL
     * until needed. */
    double *pairs, *squared;
    struct mg_moments_parts *parts; /* sums by bucket; NULL without links */
};

struct mg_moments_acc *mg_moments_acc_new(const struct mg_moments_plan *plan)
{
    struct mg_moments_acc *acc = calloc(1, sizeof(*acc));
    if (!acc)
        return NULL;
    acc->plan = plan;
    acc->outside = calloc(plan->columns, sizeof(double));
    if (plan->spec->n_links)
        acc->parts = mg_moments_parts_new(plan);
    if (acc->outside && (acc->parts || !plan->spec->n_links))
        return acc;
    mg_moments_acc_free(acc);
    return NULL;
}

void mg_moments_acc_free(struct mg_moments_acc *acc)
{
    if (!acc)
        return;
    free(acc->outside);
    free(acc->sum);
    free(acc->xx);
    free(acc->pairs);
    free(acc->squared);
    mg_moments_parts_free(acc->parts);
    free(acc);
}

static int expect_complete(struct mg_moments_acc *acc)
{
    size_t padded = acc->plan->padded;
    if (!acc->sum)
        acc->sum = calloc(padded, sizeof(double));
    if (!acc->xx)
        acc->xx = calloc(padded * padded, sizeof(double));
    return acc->sum && acc->xx ? 0 : MG_E_NO_MEMORY;
}

static size_t sums_of(const struct mg_moments_pairs *pairs)
{
    return pairs->n_tiles * MG_PAIR_SUMS * MG_KERNEL_TILE;
}

static int expect_pairs(struct mg_moments_acc *acc)
{
    const struct mg_moments_plan *plan = acc->plan;
    if (!acc->pairs)
        acc->pairs = calloc(sums_of(&plan->pairs) + 1, sizeof(double));
    if (plan->weighted && !acc->squared)
        acc->squared = calloc(sums_of(&plan->squared) + 1, sizeof(double));
    return acc->pairs && (acc->squared || !plan->weighted) ? 0 : MG_E_NO_MEMORY;
}

/* ---- Rows ---- */

/* Pairs over the staged rows, weighted to the power where the plan is; `wide`: without those of columns
 * alone.
 */
static void add_staged(struct mg_moments_block *block, const struct mg_moments_pairs *pairs, bool wide,
                       const uint16_t *rows, size_t n, int power, double *sums)
{
    struct mg_moments_stage *stage = &block->stage;
    size_t full = wide ? pairs->n_full_small : 0, couple = wide ? pairs->n_couples_small : 0;
    bool tiles = full < pairs->n_full;
    struct mg_kernel_lines lines = {.present = stage->present,
                                    .x = stage->x,
                                    .w_x = stage->x,
                                    .w_square = stage->square,
                                    .stride = MG_STAGE,
                                    .rows = stage->rows};
    if (tiles)
        mg_moments_stage_square(block);
    if (block->plan->weighted) {
        mg_moments_stage_weigh(block, rows, n, power, tiles);
        lines.weight = stage->weight;
        lines.w_present = stage->w_present, lines.w_x = stage->w_x, lines.w_square = stage->w_square;
    }
    mg_moments_kernel_pairs(&lines, pairs->tiles, pairs->full + full, pairs->n_full - full, sums);
    mg_moments_kernel_couples(&lines, pairs->couples + couple, pairs->n_couples - couple, sums);
}

/* Pairs and buckets over rows of doubles. */
static int add_doubles(struct mg_moments_acc *acc, struct mg_moments_block *block, const uint16_t *rows,
                       size_t n, bool wide)
{
    const struct mg_moments_plan *plan = acc->plan;

    if (wide && plan->pairs.n_small == plan->pairs.n_tiles && !acc->parts)
        return 0;
    for (size_t start = 0; start < n; start += MG_STAGE) {
        size_t m = n - start < MG_STAGE ? n - start : MG_STAGE;
        mg_moments_stage_rows(block, rows + start, m);
        if (plan->squared.n_tiles)
            add_staged(block, &plan->squared, false, rows + start, m, 2, acc->squared);
        add_staged(block, &plan->pairs, wide, rows + start, m, 1, acc->pairs);
        if (acc->parts && mg_moments_parts_staged(acc->parts, block, rows + start, m))
            return MG_E_NO_MEMORY;
    }
    return 0;
}

static int add_complete_parts(struct mg_moments_acc *acc, const struct mg_moments_block *block,
                              const uint16_t *rows, size_t n)
{
    uint8_t buckets[MG_STAGE_SMALL];
    if (!acc->parts)
        return 0;
    for (size_t i = 0; i < n; i++)
        buckets[i] = block->buckets[rows[i]];
    return mg_moments_parts_complete(acc->parts, block->stage_small.x + MG_STAGE_SMALL, MG_STAGE_SMALL,
                                     buckets, n);
}

/* Rows of small integers: complete ones together, else the columns in integers and what has scores in
 * doubles.
 */
static int add_small(struct mg_moments_acc *acc, struct mg_moments_block *block, const uint16_t *rows,
                     size_t n)
{
    const struct mg_moments_plan *plan = acc->plan;
    const struct mg_moments_stage_small *stage = &block->stage_small;

    mg_moments_stage_small(block, rows, n);
    if (!stage->absent) {
        if (expect_complete(acc))
            return MG_E_NO_MEMORY;
        mg_moments_kernel_small(stage->x + MG_STAGE_SMALL, MG_STAGE_SMALL, plan->padded, n, acc->sum,
                                acc->xx);
        acc->complete += (double)n;
        return add_complete_parts(acc, block, rows, n);
    }
    if (expect_pairs(acc))
        return MG_E_NO_MEMORY;
    if (n < FEW_ROWS)
        return add_doubles(acc, block, rows, n, false);
    struct mg_kernel_lines_small lines = {.present = stage->present,
                                          .x = stage->x,
                                          .square = stage->square,
                                          .stride = MG_STAGE_SMALL,
                                          .rows = (n + MG_KERNEL_ROWS - 1) / MG_KERNEL_ROWS * MG_KERNEL_ROWS};
    mg_moments_kernel_pairs_small(&lines, plan->pairs.tiles, plan->pairs.n_small, acc->pairs);
    return add_doubles(acc, block, rows, n, true);
}

/* A block of nothing but complete rows of small integers, all of them. */
static int add_plain(struct mg_moments_acc *acc, const struct mg_moments_block *block)
{
    if (expect_complete(acc))
        return MG_E_NO_MEMORY;
    mg_moments_kernel_small(block->small, MG_MOMENTS_STRIDE, acc->plan->padded, block->n, acc->sum, acc->xx);
    acc->rows += (double)block->n;
    acc->complete += (double)block->n;
    return acc->parts ? mg_moments_parts_complete(acc->parts, block->small, MG_MOMENTS_STRIDE, block->buckets,
                                                  block->n)
                      : 0;
}

static bool has_weight(const struct mg_moments_block *block, size_t row)
{
    const struct mg_moments_input *weights = block->weights;
    double w = ((const double *)weights->values)[row];
    return (!weights->valid || weights->valid[row / 64] >> (row % 64) & 1) && w > 0 && !isinf(w);
}

static void note_outside(struct mg_moments_acc *acc, const struct mg_moments_block *block, size_t row)
{
    for (size_t c = 0; block->kind[row] & MG_ROW_OUTSIDE && c < acc->plan->columns; c++)
        acc->outside[c] += block->state[c * MG_MOMENTS_STRIDE + row] == MG_CELL_OUTSIDE;
}

int mg_moments_acc_add(struct mg_moments_acc *acc, struct mg_moments_block *block, const uint16_t *rows,
                       size_t n)
{
    bool weighted = acc->plan->weighted;
    size_t n_easy = 0, n_hard = 0;

    if (block->plain && !weighted && !rows && n == block->n)
        return add_plain(acc, block);
    for (size_t i = 0; i < n; i++) {
        uint16_t row = rows ? rows[i] : (uint16_t)i;
        if (weighted && !has_weight(block, row))
            continue;
        if (weighted || block->kind[row] & MG_ROW_WIDE)
            block->hard[n_hard++] = row;
        else
            block->easy[n_easy++] = row;
        note_outside(acc, block, row);
    }
    acc->rows += (double)(n_easy + n_hard);
    for (size_t start = 0; start < n_easy; start += MG_STAGE_SMALL) {
        size_t m = n_easy - start < MG_STAGE_SMALL ? n_easy - start : MG_STAGE_SMALL;
        if (add_small(acc, block, block->easy + start, m))
            return MG_E_NO_MEMORY;
    }
    if (n_hard && expect_pairs(acc))
        return MG_E_NO_MEMORY;
    return add_doubles(acc, block, block->hard, n_hard, false);
}

/* ---- Merging ---- */

static void add_array(double *into, const double *from, size_t n)
{
    if (from)
        mg_moments_kernel_add(from, into, n);
}

int mg_moments_acc_merge(struct mg_moments_acc *into, const struct mg_moments_acc *from)
{
    const struct mg_moments_plan *plan = into->plan;

    if ((from->sum && expect_complete(into)) || (from->pairs && expect_pairs(into)))
        return MG_E_NO_MEMORY;
    into->rows += from->rows;
    into->complete += from->complete;
    add_array(into->outside, from->outside, plan->columns);
    add_array(into->sum, from->sum, plan->padded);
    add_array(into->xx, from->xx, plan->padded * plan->padded);
    add_array(into->pairs, from->pairs, sums_of(&plan->pairs));
    add_array(into->squared, from->squared, sums_of(&plan->squared));
    return from->parts ? mg_moments_parts_merge(into->parts, from->parts) : 0;
}

/* ---- The end ---- */

/* Σx and Σxx' of all variables over complete rows: columns as summed, scores by the linear map. */
static void expand(const struct mg_moments_acc *acc, double *ret_sum, double *ret_xx)
{
    const struct mg_moments_plan *plan = acc->plan;
    size_t n = plan->columns, k = plan->k;

    for (size_t i = 0; i < n; i++) {
        ret_sum[i] = acc->sum[i];
        for (size_t j = i; j < n; j++)
            ret_xx[i * k + j] = ret_xx[j * k + i] = acc->xx[i * plan->padded + j];
    }
    for (size_t s = 0; s < plan->scores; s++) {
        const struct mg_moments_score *score = &plan->spec->scores[s];
        double *row = ret_xx + (n + s) * k;
        for (size_t i = 0; i < score->n; i++) {
            ret_sum[n + s] += ret_sum[score->columns[i]] / (double)score->n;
            for (size_t c = 0; c < n; c++)
                row[c] += ret_xx[score->columns[i] * k + c];
        }
        for (size_t c = 0; c < n; c++)
            ret_xx[c * k + n + s] = row[c] /= (double)score->n;
        for (size_t t = 0; t <= s; t++) { /* scores t ≤ s: the mean of row over t's columns */
            const struct mg_moments_score *other = &plan->spec->scores[t];
            double total = 0;
            for (size_t i = 0; i < other->n; i++)
                total += row[other->columns[i]];
            ret_xx[(n + s) * k + n + t] = ret_xx[(n + t) * k + n + s] = total / (double)other->n;
        }
    }
}

static void add_complete(const struct mg_moments_acc *acc, const struct mg_moments_pairs *pairs,
                         const double *sum, const double *xx, struct mg_moments *m)
{
    size_t k = m->k;
    for (size_t p = 0; p < pairs->n; p++) {
        size_t i = pairs->pair[p].i, j = pairs->pair[p].j;
        size_t ij = mg_moments_at(m, i, j), ji = mg_moments_at(m, j, i);
        m->count[ij] += acc->complete;
        m->sum[ij] += sum[i];
        m->sq[ij] += xx[i * k + i];
        m->xx[ij] += xx[i * k + j];
        if (ij == ji)
            continue;
        m->count[ji] += acc->complete;
        m->sum[ji] += sum[j];
        m->sq[ji] += xx[j * k + j];
        m->xx[ji] += xx[i * k + j];
    }
}

static void fill_pairs(const struct mg_moments_pairs *pairs, const double *sums, struct mg_moments *m)
{
    for (const struct mg_moments_pair *pair = pairs->pair; pair < pairs->pair + pairs->n; pair++) {
        size_t ij = mg_moments_at(m, pair->i, pair->j), ji = mg_moments_at(m, pair->j, pair->i);
        const double *sum = sums + pair->sum;
        m->count[ij] = m->count[ji] = sum[MG_PAIR_COUNT * MG_KERNEL_TILE];
        if (m->weight != m->count)
            m->weight[ij] = m->weight[ji] = sum[MG_PAIR_WEIGHT * MG_KERNEL_TILE];
        m->sum[ij] = sum[MG_PAIR_A * MG_KERNEL_TILE];
        m->sum[ji] = sum[MG_PAIR_B * MG_KERNEL_TILE];
        m->sq[ij] = sum[MG_PAIR_AA * MG_KERNEL_TILE];
        m->sq[ji] = sum[MG_PAIR_BB * MG_KERNEL_TILE];
        m->xx[ij] = m->xx[ji] = sum[MG_PAIR_AB * MG_KERNEL_TILE];
    }
}

static struct mg_moments *finish(const struct mg_moments_acc *acc, const struct mg_moments_pairs *pairs,
                                 const double *sums, struct mg_arena *arena)
{
    const struct mg_moments_plan *plan = acc->plan;
    const uint32_t *at = pairs->every ? NULL : pairs->at;
    struct mg_moments *m = mg_moments_new_for(arena, plan->k, at, pairs->size, plan->weighted);
    if (!m)
        return NULL;
    m->rows = acc->rows;
    memcpy(m->origin, plan->origin, plan->k * sizeof(double));
    memcpy(m->out_of_range, acc->outside, plan->columns * sizeof(double));
    if (sums)
        fill_pairs(pairs, sums, m);
    if (!acc->xx)
        return m;
    double *expanded = calloc(plan->k * (plan->k + 1), sizeof(double));
    if (!expanded)
        return NULL;
    expand(acc, expanded, expanded + plan->k);
    add_complete(acc, pairs, expanded, expanded + plan->k, m);
    free(expanded);
    return m;
}

int mg_moments_acc_finish(const struct mg_moments_acc *acc, struct mg_arena *arena,
                          struct mg_moments **ret_moments, struct mg_moments **ret_squared,
                          struct mg_error *error)
{
    const struct mg_moments_plan *plan = acc->plan;
    struct mg_moments *moments = finish(acc, &plan->pairs, acc->pairs, arena), *squared = NULL;
    if (moments && acc->parts) {
        moments->buckets = mg_moments_parts_finish(acc->parts, arena);
        if (!moments->buckets)
            return mg_fail_memory(error);
    }
    if (moments && plan->weighted)
        squared = finish(acc, &plan->squared, acc->squared, arena);
    if (!moments || (plan->weighted && !squared))
        return mg_fail_memory(error);
    *ret_moments = moments;
    if (ret_squared)
        *ret_squared = squared;
    return 0;
}
