/* Unweighted rows of small integers with missing answers.
 *
 * Rows wait in the block's stage, up to MG_MOMENTS_STAGE of them, with 0 for what is missing; then whole
 * stages are added:
 *   - columns: Σxx' by the integer kernel, which zeros do not disturb. What a missing variable j takes away
 * from the sums of others is noted row by row: gone[j] += x, gone_sq[j] += x², absent[j][i] += 1 for the
 * row's other absent i. All of these are whole numbers, so that Σ over rows with j = Σ over all − gone[j] is
 * exact, however rare j is.
 *   - scores are fractions, for which such differences would lose digits. Their sums over the rows that have
 * j are added up directly: Y·present', Y²·present', Y·x' as products of 4 × 2 tiles. The cost of a row is the
 * kernel plus a few vector additions for each missing answer. */
#include "stats/moments_odd.h"

#include <stdlib.h>
#include <string.h>

#include "stats/moments_kernel.h"

struct mg_moments_odd {
    const struct mg_moments_plan *plan;
    double rows;
    double *sum, *xx;                        /* padded, padded × padded (upper half) */
    double *gone, *gone_sq, *absent;         /* k × k; gone: only its columns are used */
    double *score_sum, *score_sq, *score_xx; /* padded_scores × padded_k: over rows with j */
};

static size_t score_cells(const struct mg_moments_plan *plan)
{
    return plan->padded_scores * plan->padded_k;
}

struct mg_moments_odd *mg_moments_odd_new(const struct mg_moments_plan *plan)
{
    struct mg_moments_odd *odd = calloc(1, sizeof(*odd));
    if (!odd)
        return NULL;
    size_t kk = plan->k * plan->k;
    odd->plan = plan;
    odd->sum = calloc(plan->padded, sizeof(double));
    odd->xx = calloc(plan->padded * plan->padded, sizeof(double));
    odd->gone = calloc(kk, sizeof(double));
    odd->gone_sq = calloc(kk, sizeof(double));
    odd->absent = calloc(kk, sizeof(double));
    odd->score_sum = calloc(score_cells(plan) + 1, sizeof(double));
    odd->score_sq = calloc(score_cells(plan) + 1, sizeof(double));
    odd->score_xx = calloc(score_cells(plan) + 1, sizeof(double));
    if (!odd->sum || !odd->xx || !odd->gone || !odd->gone_sq || !odd->absent || !odd->score_sum ||
        !odd->score_sq || !odd->score_xx) {
        mg_moments_odd_free(odd);
        return NULL;
    }
    return odd;
}

void mg_moments_odd_free(struct mg_moments_odd *odd)
{
    if (!odd)
        return;
    free(odd->sum);
    free(odd->xx);
    free(odd->gone);
    free(odd->gone_sq);
    free(odd->absent);
    free(odd->score_sum);
    free(odd->score_sq);
    free(odd->score_xx);
    free(odd);
}

/* Exact bookkeeping of what is absent from the row in block->x. */
static void note_absent(struct mg_moments_odd *odd, struct mg_moments_block *block)
{
    const struct mg_moments_plan *plan = odd->plan;
    size_t n = 0, k = plan->k;

    for (size_t v = 0; v < k; v++)
        if (!block->seen[v])
            block->absent[n++] = (uint16_t)v;
    for (size_t c = 0; c < plan->columns; c++)
        block->square[c] = block->x[c] * block->x[c];
    for (size_t a = 0; a < n; a++) {
        size_t j = block->absent[a];
        mg_moments_kernel_axpy(1, block->x, odd->gone + j * k, plan->columns);
        mg_moments_kernel_axpy(1, block->square, odd->gone_sq + j * k, plan->columns);
        for (size_t b = 0; b < n; b++)
            odd->absent[j * k + block->absent[b]]++;
    }
}

void mg_moments_odd_push(struct mg_moments_odd *odd, struct mg_moments_block *block)
{
    const struct mg_moments_plan *plan = odd->plan;
    struct mg_moments_stage *stage = &block->stage;
    size_t at = stage->n++;

    note_absent(odd, block);
    for (size_t c = 0; c < plan->columns; c++)
        stage->small[c * MG_MOMENTS_STAGE + at] = (int16_t)block->x[c];
    for (size_t v = 0; v < plan->k; v++) {
        stage->values[v * MG_MOMENTS_STAGE + at] = block->x[v];
        stage->present[v * MG_MOMENTS_STAGE + at] = block->seen[v];
    }
    for (size_t s = 0; s < plan->scores; s++) {
        double y = block->x[plan->columns + s];
        stage->squares[s * MG_MOMENTS_STAGE + at] = y * y;
    }
    if (stage->n == MG_MOMENTS_STAGE)
        mg_moments_odd_flush(odd, block);
}

/* Zeros behind the last row, up to a multiple of `step`. */
static size_t pad(const struct mg_moments_block *block, size_t step)
{
    const struct mg_moments_stage *stage = &block->stage;
    const struct mg_moments_plan *plan = block->plan;
    size_t n = (stage->n + step - 1) / step * step, extra = n - stage->n;

    for (size_t c = 0; c < plan->columns; c++)
        memset(stage->small + c * MG_MOMENTS_STAGE + stage->n, 0, extra * sizeof(int16_t));
    for (size_t v = 0; v < plan->k; v++) {
        memset(stage->values + v * MG_MOMENTS_STAGE + stage->n, 0, extra * sizeof(double));
        memset(stage->present + v * MG_MOMENTS_STAGE + stage->n, 0, extra * sizeof(double));
    }
    for (size_t s = 0; s < plan->scores; s++)
        memset(stage->squares + s * MG_MOMENTS_STAGE + stage->n, 0, extra * sizeof(double));
    return n;
}

void mg_moments_odd_flush(struct mg_moments_odd *odd, struct mg_moments_block *block)
{
    struct mg_moments_stage *stage = &block->stage;
    const struct mg_moments_plan *plan = odd->plan;
    const double *scores = stage->values + plan->columns * MG_MOMENTS_STAGE;

    if (stage->n == 0)
        return;
    size_t n = pad(block, MG_KERNEL_ROWS);
    mg_moments_kernel_small(stage->small, MG_MOMENTS_STAGE, plan->padded, n, odd->sum, odd->xx);
    size_t a = plan->padded_scores, b = plan->padded_k;
    mg_moments_kernel_dots(scores, a, stage->present, b, MG_MOMENTS_STAGE, n, odd->score_sum);
    mg_moments_kernel_dots(stage->squares, a, stage->present, b, MG_MOMENTS_STAGE, n, odd->score_sq);
    mg_moments_kernel_dots(scores, a, stage->values, b, MG_MOMENTS_STAGE, n, odd->score_xx);
    odd->rows += (double)stage->n;
    stage->n = 0;
}

void mg_moments_odd_merge(struct mg_moments_odd *into, const struct mg_moments_odd *from)
{
    const struct mg_moments_plan *plan = into->plan;
    size_t kk = plan->k * plan->k;

    into->rows += from->rows;
    mg_moments_kernel_axpy(1, from->sum, into->sum, plan->padded);
    mg_moments_kernel_axpy(1, from->xx, into->xx, plan->padded * plan->padded);
    mg_moments_kernel_axpy(1, from->gone, into->gone, kk);
    mg_moments_kernel_axpy(1, from->gone_sq, into->gone_sq, kk);
    mg_moments_kernel_axpy(1, from->absent, into->absent, kk);
    mg_moments_kernel_axpy(1, from->score_sum, into->score_sum, score_cells(plan));
    mg_moments_kernel_axpy(1, from->score_sq, into->score_sq, score_cells(plan));
    mg_moments_kernel_axpy(1, from->score_xx, into->score_xx, score_cells(plan));
}

void mg_moments_odd_finish(const struct mg_moments_odd *odd, struct mg_moments *m)
{
    const struct mg_moments_plan *plan = odd->plan;
    size_t k = plan->k, columns = plan->columns, padded = plan->padded;
    const double *absent = odd->absent;

    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            m->count[i * k + j] += odd->rows - absent[i * k + i] - absent[j * k + j] + absent[i * k + j];
    for (size_t i = 0; i < columns; i++)
        for (size_t j = 0; j < k; j++) {
            m->sum[i * k + j] += odd->sum[i] - odd->gone[j * k + i];
            m->sq[i * k + j] += odd->xx[i * padded + i] - odd->gone_sq[j * k + i];
            if (j < columns)
                m->xx[i * k + j] += odd->xx[i < j ? i * padded + j : j * padded + i];
        }
    for (size_t s = 0; s < plan->scores; s++)
        for (size_t j = 0; j < k; j++) {
            size_t from = s * plan->padded_k + j, at = (columns + s) * k + j;
            m->sum[at] += odd->score_sum[from];
            m->sq[at] += odd->score_sq[from];
            m->xx[at] += odd->score_xx[from];
            if (j < columns)
                m->xx[j * k + columns + s] += odd->score_xx[from];
        }
}
