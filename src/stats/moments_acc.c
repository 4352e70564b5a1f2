/* The accumulator: sorts rows by what they cost.
 *
 * Complete rows only need Σx and Σxx' of the columns: a score of a complete row is the plain mean of its
 * columns, so that all moments of scores follow from those at the end by a linear map. Complete rows of small
 * integers go to the integer kernel, others are added one by one in doubles.
 *
 * Incomplete rows of small integers go to moments_odd.c. The rest, weighted or fractional rows with missing
 * answers, get everything pairwise, scores included: for each present variable j the row's values, squares,
 * products with j and presence are added to line j of four k × k matrices. Nothing is ever subtracted, so
 * rare variables keep their digits.
 *
 * Sums of whole numbers are exact in doubles (below 2⁵³), whatever the order.
 *
 * Channels: unweighted rows have one, of factor 1. Weighted rows have three: 1 (only counts), w and w². */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "stats/moments_kernel.h"
#include "stats/moments_odd.h"
#include "stats/moments_plan.h"

struct channel {
    double total; /* Σ factor of complete rows */
    double *sum,
        *xx; /* of complete rows: padded, padded × padded (upper half); NULL where only counts are kept */
    double *pair_count, *pair_sum, *pair_sq,
        *pair_xx; /* of incomplete rows, k × k: line j holds sums over rows with j */
};

struct mg_moments_acc {
    const struct mg_moments_plan *plan;
    double rows;
    double *outside; /* columns */
    size_t n_channels;
    struct channel channels[3];
    struct mg_moments_odd *odd; /* NULL until needed */
    bool incomplete;            /* the pair matrices are there: some row was incomplete */
};

struct mg_moments_acc *mg_moments_acc_new(const struct mg_moments_plan *plan)
{
    struct mg_moments_acc *acc = calloc(1, sizeof(*acc));
    if (!acc)
        return NULL;
    acc->plan = plan;
    acc->n_channels = plan->weighted ? 3 : 1;
    acc->outside = calloc(plan->columns, sizeof(double));
    bool whole = acc->outside;
    for (size_t c = plan->weighted ? 1 : 0; c < acc->n_channels; c++) {
        acc->channels[c].sum = calloc(plan->padded, sizeof(double));
        acc->channels[c].xx = calloc(plan->padded * plan->padded, sizeof(double));
        whole = whole && acc->channels[c].sum && acc->channels[c].xx;
    }
    if (!whole) {
        mg_moments_acc_free(acc);
        return NULL;
    }
    return acc;
}

void mg_moments_acc_free(struct mg_moments_acc *acc)
{
    if (!acc)
        return;
    for (size_t c = 0; c < ARRAY_LEN(acc->channels); c++) {
        struct channel *channel = &acc->channels[c];
        free(channel->sum);
        free(channel->xx);
        free(channel->pair_count);
        free(channel->pair_sum);
        free(channel->pair_sq);
        free(channel->pair_xx);
    }
    mg_moments_odd_free(acc->odd);
    free(acc->outside);
    free(acc);
}

static int expect_incomplete(struct mg_moments_acc *acc)
{
    size_t kk = acc->plan->k * acc->plan->k;
    bool whole = true;

    for (size_t c = 0; c < acc->n_channels && !acc->incomplete; c++) {
        struct channel *channel = &acc->channels[c];
        channel->pair_count = calloc(kk, sizeof(double));
        whole = whole && channel->pair_count;
        if (!channel->xx)
            continue;
        channel->pair_sum = calloc(kk, sizeof(double));
        channel->pair_sq = calloc(kk, sizeof(double));
        channel->pair_xx = calloc(kk, sizeof(double));
        whole = whole && channel->pair_sum && channel->pair_sq && channel->pair_xx;
    }
    acc->incomplete = true;
    return whole ? 0 : MG_E_NO_MEMORY;
}

/* ---- One row, cell by cell ---- */

/* Relative values into block->x (0 for missing), presence into block->seen. False when something is missing.
 */
static bool read_row(struct mg_moments_acc *acc, struct mg_moments_block *block, size_t row)
{
    const struct mg_moments_plan *plan = block->plan;
    bool complete = true;

    for (size_t c = 0; c < plan->columns; c++) {
        double v = plan->origin[c];
        enum mg_moments_state state = mg_moments_read(&plan->spec->columns[c], &block->inputs[c], row, &v);
        block->x[c] = v - plan->origin[c];
        block->seen[c] = state == MG_CELL_PRESENT;
        complete = complete && block->seen[c];
        if (state == MG_CELL_OUTSIDE)
            acc->outside[c]++;
    }
    return complete;
}

/* The score's value relative to its origin, 0 with too few answers. */
static double score_value(const struct mg_moments_plan *plan, const struct mg_moments_block *block, size_t s,
                          bool *ret_seen)
{
    const struct mg_moments_score *score = &plan->spec->scores[s];
    double total = 0;
    size_t n = 0;

    for (size_t i = 0; i < score->n; i++) {
        size_t c = score->columns[i];
        bool alone = !score->partners || score->partners[i] == UINT16_MAX;
        if (!block->seen[c] || (!alone && !block->seen[score->partners[i]]))
            continue;
        total += block->x[c] + plan->origin[c];
        n++;
    }
    *ret_seen = n > 0 && n >= score->min_answered;
    return *ret_seen ? total / (double)n - plan->origin[plan->columns + s] : 0;
}

static void fill_scores(struct mg_moments_block *block)
{
    const struct mg_moments_plan *plan = block->plan;
    bool seen;
    for (size_t s = 0; s < plan->scores; s++) {
        block->x[plan->columns + s] = score_value(plan, block, s, &seen);
        block->seen[plan->columns + s] = seen;
    }
}

/* A row with missing cells, read by read_row, into the pair matrices. */
static int add_incomplete(struct mg_moments_acc *acc, struct mg_moments_block *block, const double *factors)
{
    const struct mg_moments_plan *plan = block->plan;
    size_t k = plan->k;

    if (expect_incomplete(acc))
        return MG_E_NO_MEMORY;
    fill_scores(block);
    for (size_t v = 0; v < k; v++) {
        block->square[v] = block->x[v] * block->x[v];
        block->present[v] = block->seen[v];
    }
    for (size_t c = 0; c < acc->n_channels; c++) {
        struct channel *channel = &acc->channels[c];
        for (size_t j = 0; j < k; j++) {
            if (!block->seen[j])
                continue;
            mg_moments_kernel_axpy(factors[c], block->present, channel->pair_count + j * k, k);
            if (!channel->xx)
                continue;
            mg_moments_kernel_axpy(factors[c], block->x, channel->pair_sum + j * k, k);
            mg_moments_kernel_axpy(factors[c], block->square, channel->pair_sq + j * k, k);
            mg_moments_kernel_axpy(factors[c] * block->x[j], block->x, channel->pair_xx + j * k, k);
        }
    }
    return 0;
}

/* A complete row in block->x. What lies behind its last column is cleared: the kernel takes padded rows. */
static void add_complete(struct mg_moments_acc *acc, struct mg_moments_block *block, const double *factors)
{
    const struct mg_moments_plan *plan = block->plan;

    memset(block->x + plan->columns, 0, (plan->padded - plan->columns) * sizeof(double));
    for (size_t c = 0; c < acc->n_channels; c++) {
        acc->channels[c].total += factors[c];
        if (acc->channels[c].xx)
            mg_moments_kernel_row(block->x, factors[c], plan->padded, acc->channels[c].sum,
                                  acc->channels[c].xx);
    }
}

static int add_read(struct mg_moments_acc *acc, struct mg_moments_block *block, size_t row,
                    const double *factors)
{
    if (!read_row(acc, block, row))
        return add_incomplete(acc, block, factors);
    add_complete(acc, block, factors);
    return 0;
}

/* ---- Many rows ---- */

static int add_weighted(struct mg_moments_acc *acc, struct mg_moments_block *block, const uint16_t *rows,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t row = rows ? rows[i] : i;
        const struct mg_moments_input *weights = block->weights;
        bool valid = !weights->valid || weights->valid[row / 64] >> (row % 64) & 1;
        double w = valid ? ((const double *)weights->values)[row] : 0;
        if (!(w > 0) || isinf(w))
            continue;
        const double factors[3] = {1, w, w * w};
        acc->rows++;
        if (add_read(acc, block, row, factors))
            return MG_E_NO_MEMORY;
    }
    return 0;
}

/* The chosen rows' small integers, side by side. */
static int16_t *pick(struct mg_moments_block *block, const uint16_t *rows, size_t n)
{
    if (!rows)
        return block->small;
    for (size_t c = 0; c < block->plan->columns; c++) {
        const int16_t *from = block->small + c * MG_MOMENTS_STRIDE;
        int16_t *to = block->picked + c * MG_MOMENTS_STRIDE;
        for (size_t i = 0; i < n; i++)
            to[i] = from[rows[i]];
        memset(to + n, 0, MG_KERNEL_ROWS * sizeof(*to));
    }
    return block->picked;
}

static void clear_row(const struct mg_moments_plan *plan, int16_t *x, size_t at)
{
    for (size_t c = 0; c < plan->columns; c++)
        x[c * MG_MOMENTS_STRIDE + at] = 0;
}

static int add_absent(struct mg_moments_acc *acc, struct mg_moments_block *block, int16_t *x, size_t n)
{
    const struct mg_moments_plan *plan = acc->plan;

    if (n == 0)
        return 0;
    if (!acc->odd)
        acc->odd = mg_moments_odd_new(plan);
    if (!acc->odd)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        if (block->kind[block->odd_rows[i]] & MG_ROW_OUTSIDE)
            for (size_t c = 0; c < plan->columns; c++)
                acc->outside[c] +=
                    block->state[c * MG_MOMENTS_STRIDE + block->odd_rows[i]] == MG_CELL_OUTSIDE;
    mg_moments_odd_add(acc->odd, block, block->odd_rows, n);
    for (size_t c = 0; c < plan->columns; c++)
        for (size_t i = 0; i < n; i++)
            x[c * MG_MOMENTS_STRIDE + block->odd_at[i]] = 0;
    return 0;
}

/* Rows that the integer kernel can't take: adds them, clears them from x and says how many. */
static int add_odd(struct mg_moments_acc *acc, struct mg_moments_block *block, int16_t *x,
                   const uint16_t *rows, size_t n, size_t *ret_added)
{
    static const double factors[] = {1};
    size_t n_absent = 0, n_wide = 0;

    for (size_t i = 0; i < n; i++) {
        size_t row = rows ? rows[i] : i;
        if (block->kind[row] & MG_ROW_WIDE) {
            if (add_read(acc, block, row, factors))
                return MG_E_NO_MEMORY;
            clear_row(acc->plan, x, i);
            n_wide++;
        } else if (block->kind[row]) {
            block->odd_rows[n_absent] = (uint16_t)row;
            block->odd_at[n_absent++] = (uint16_t)i;
        }
    }
    *ret_added = n_wide + n_absent;
    return add_absent(acc, block, x, n_absent);
}

int mg_moments_acc_add(struct mg_moments_acc *acc, struct mg_moments_block *block, const uint16_t *rows,
                       size_t n)
{
    const struct mg_moments_plan *plan = acc->plan;
    struct channel *channel = &acc->channels[0];
    size_t added = 0;

    if (plan->weighted)
        return add_weighted(acc, block, rows, n);
    int16_t *x = pick(block, rows, n);
    if (add_odd(acc, block, x, rows, n, &added))
        return MG_E_NO_MEMORY;
    if (added < n)
        mg_moments_kernel_small(x, MG_MOMENTS_STRIDE, plan->padded, n, channel->sum, channel->xx);
    acc->rows += (double)n;
    channel->total += (double)(n - added);
    return 0;
}

static void add_array(double *into, const double *from, size_t n)
{
    if (into && from)
        mg_moments_kernel_axpy(1, from, into, n);
}

int mg_moments_acc_merge(struct mg_moments_acc *into, const struct mg_moments_acc *from)
{
    size_t kk = into->plan->k * into->plan->k, padded = into->plan->padded;

    if (from->incomplete && expect_incomplete(into))
        return MG_E_NO_MEMORY;
    if (from->odd && !into->odd)
        into->odd = mg_moments_odd_new(into->plan);
    if (from->odd && !into->odd)
        return MG_E_NO_MEMORY;
    if (from->odd)
        mg_moments_odd_merge(into->odd, from->odd);
    into->rows += from->rows;
    add_array(into->outside, from->outside, into->plan->columns);
    for (size_t c = 0; c < into->n_channels; c++) {
        struct channel *a = &into->channels[c];
        const struct channel *b = &from->channels[c];
        a->total += b->total;
        add_array(a->sum, b->sum, padded);
        add_array(a->xx, b->xx, padded * padded);
        add_array(a->pair_count, b->pair_count, kk);
        add_array(a->pair_sum, b->pair_sum, kk);
        add_array(a->pair_sq, b->pair_sq, kk);
        add_array(a->pair_xx, b->pair_xx, kk);
    }
    return 0;
}

/* ---- The end ---- */

/* Σx and Σxx' of all variables over complete rows: columns as summed, scores by the linear map. */
static void expand(const struct mg_moments_plan *plan, const struct channel *channel, double *ret_sum,
                   double *ret_xx)
{
    size_t n = plan->columns, k = plan->k;

    for (size_t i = 0; i < n; i++) {
        ret_sum[i] = channel->sum[i];
        for (size_t j = i; j < n; j++)
            ret_xx[i * k + j] = ret_xx[j * k + i] = channel->xx[i * plan->padded + j];
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

/* Complete rows have every pair; incomplete rows bring their own. pairs is transposed: line j holds what goes
 * with j. */
static void spread(double complete, const double *pairs, size_t k, size_t i, double *ret_row)
{
    for (size_t j = 0; j < k; j++)
        ret_row[j] = complete + (pairs ? pairs[j * k + i] : 0);
}

static void fill(const struct channel *unit, const struct channel *channel, const double *sum,
                 struct mg_moments *m)
{
    size_t k = m->k;
    for (size_t i = 0; i < k; i++) {
        spread(unit->total, unit->pair_count, k, i, m->count + i * k);
        if (channel != unit)
            spread(channel->total, channel->pair_count, k, i, m->weight + i * k);
        spread(sum[i], channel->pair_sum, k, i, m->sum + i * k);
        spread(m->xx[i * k + i], channel->pair_sq, k, i, m->sq + i * k);
    }
    if (channel->pair_xx)
        mg_moments_kernel_axpy(1, channel->pair_xx, m->xx, k * k);
}

static struct mg_moments *finish_channel(const struct mg_moments_acc *acc, const struct channel *channel,
                                         struct mg_arena *arena)
{
    const struct mg_moments_plan *plan = acc->plan;
    struct mg_moments *m = mg_moments_new(arena, plan->k, plan->weighted);
    double *sum = mg_arena_array(arena, plan->k, sizeof(double));
    if (!m || !sum)
        return NULL;
    m->rows = acc->rows;
    memcpy(m->origin, plan->origin, plan->k * sizeof(double));
    memcpy(m->out_of_range, acc->outside, plan->columns * sizeof(double));
    expand(plan, channel, sum, m->xx);
    fill(&acc->channels[0], channel, sum, m);
    if (acc->odd)
        mg_moments_odd_finish(acc->odd, m);
    return m;
}

int mg_moments_acc_finish(const struct mg_moments_acc *acc, struct mg_arena *arena,
                          struct mg_moments **ret_moments, struct mg_moments **ret_squared,
                          struct mg_error *error)
{
    bool weighted = acc->plan->weighted;
    struct mg_moments *moments = finish_channel(acc, &acc->channels[weighted ? 1 : 0], arena);
    struct mg_moments *squared = weighted && moments ? finish_channel(acc, &acc->channels[2], arena) : NULL;
    if (!moments || (weighted && !squared))
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    *ret_moments = moments;
    if (ret_squared)
        *ret_squared = squared;
    return 0;
}
