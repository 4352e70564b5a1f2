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

/* The rows' columns, and what they lack. */
static void gather(struct mg_moments_block *block, const uint16_t *rows, size_t n)
{
    struct mg_moments_stage *stage = &block->stage;
    size_t columns = block->plan->columns, k = block->plan->k;

    memset(stage->n_absent, 0, sizeof(stage->n_absent));
    for (size_t c = 0; c < columns; c++) {
        const int16_t *x = block->small + c * MG_MOMENTS_STRIDE;
        const uint8_t *state = block->state + c * MG_MOMENTS_STRIDE;
        double *values = stage->values + c * MG_MOMENTS_STAGE,
               *present = stage->present + c * MG_MOMENTS_STAGE;
        int16_t *small = stage->small + c * MG_MOMENTS_STAGE;
        for (size_t i = 0; i < n; i++) {
            small[i] = x[rows[i]];
            values[i] = stage->by_row[i * columns + c] = small[i];
            present[i] = state[rows[i]] == MG_CELL_PRESENT;
            if (state[rows[i]] != MG_CELL_PRESENT)
                stage->absent[i * k + stage->n_absent[i]++] = (uint16_t)c;
        }
    }
}

/* Sums and numbers of the present ones among a score's columns, row by row. */
static void add_items(const struct mg_moments_block *block, const struct mg_moments_score *score, size_t n,
                      double *sum, double *count)
{
    const struct mg_moments_stage *stage = &block->stage;

    for (size_t item = 0; item < score->n; item++) {
        size_t c = score->columns[item];
        bool alone = !score->partners || score->partners[item] == UINT16_MAX;
        double origin = block->plan->origin[c];
        const double *values = stage->values + c * MG_MOMENTS_STAGE;
        const double *present = stage->present + c * MG_MOMENTS_STAGE;
        const double *partner = alone ? present : stage->present + score->partners[item] * MG_MOMENTS_STAGE;
        for (size_t i = 0; i < n; i++) {
            double both = present[i] * partner[i];
            sum[i] += both * (values[i] + origin);
            count[i] += both;
        }
    }
}

static void fill_scores(struct mg_moments_block *block, size_t n)
{
    struct mg_moments_stage *stage = &block->stage;
    const struct mg_moments_plan *plan = block->plan;

    for (size_t s = 0; s < plan->scores; s++) {
        const struct mg_moments_score *score = &plan->spec->scores[s];
        size_t v = plan->columns + s;
        double sum[MG_MOMENTS_STAGE] = {0}, count[MG_MOMENTS_STAGE] = {0};
        double least = score->min_answered ? (double)score->min_answered : 1;
        add_items(block, score, n, sum, count);
        for (size_t i = 0; i < n; i++) {
            bool seen = count[i] >= least;
            double y = seen ? sum[i] / count[i] - plan->origin[v] : 0;
            stage->values[v * MG_MOMENTS_STAGE + i] = y;
            stage->squares[s * MG_MOMENTS_STAGE + i] = y * y;
            stage->present[v * MG_MOMENTS_STAGE + i] = seen;
            if (!seen)
                stage->absent[i * plan->k + stage->n_absent[i]++] = (uint16_t)v;
        }
    }
}

/* Exact bookkeeping of what is absent. */
static void note_absent(struct mg_moments_odd *odd, const struct mg_moments_stage *stage, size_t n)
{
    size_t k = odd->plan->k, columns = odd->plan->columns;
    for (size_t i = 0; i < n; i++) {
        const uint16_t *absent = stage->absent + i * k;
        const double *x = stage->by_row + i * columns;
        for (size_t a = 0; a < stage->n_absent[i]; a++) {
            size_t line = absent[a] * k;
            mg_moments_kernel_gone(x, columns, odd->gone + line, odd->gone_sq + line);
            for (size_t b = 0; b < stage->n_absent[i]; b++)
                odd->absent[line + absent[b]]++;
        }
    }
}

/* Zeros behind the last row, up to a multiple of MG_KERNEL_ROWS. */
static size_t pad(const struct mg_moments_block *block, size_t n)
{
    const struct mg_moments_stage *stage = &block->stage;
    const struct mg_moments_plan *plan = block->plan;
    size_t padded = (n + MG_KERNEL_ROWS - 1) / MG_KERNEL_ROWS * MG_KERNEL_ROWS, extra = padded - n;

    for (size_t c = 0; c < plan->columns; c++)
        memset(stage->small + c * MG_MOMENTS_STAGE + n, 0, extra * sizeof(int16_t));
    for (size_t v = 0; v < plan->k; v++) {
        memset(stage->values + v * MG_MOMENTS_STAGE + n, 0, extra * sizeof(double));
        memset(stage->present + v * MG_MOMENTS_STAGE + n, 0, extra * sizeof(double));
    }
    for (size_t s = 0; s < plan->scores; s++)
        memset(stage->squares + s * MG_MOMENTS_STAGE + n, 0, extra * sizeof(double));
    return padded;
}

static void add_stage(struct mg_moments_odd *odd, struct mg_moments_block *block, size_t n)
{
    const struct mg_moments_stage *stage = &block->stage;
    const struct mg_moments_plan *plan = odd->plan;
    const double *scores = stage->values + plan->columns * MG_MOMENTS_STAGE;
    size_t rows = pad(block, n), a = plan->padded_scores, b = plan->padded_k;

    mg_moments_kernel_small(stage->small, MG_MOMENTS_STAGE, plan->padded, n, odd->sum, odd->xx);
    mg_moments_kernel_dots(scores, a, stage->present, b, MG_MOMENTS_STAGE, rows, odd->score_sum);
    mg_moments_kernel_dots(stage->squares, a, stage->present, b, MG_MOMENTS_STAGE, rows, odd->score_sq);
    mg_moments_kernel_dots(scores, a, stage->values, b, MG_MOMENTS_STAGE, rows, odd->score_xx);
    odd->rows += (double)n;
}

void mg_moments_odd_add(struct mg_moments_odd *odd, struct mg_moments_block *block, const uint16_t *rows,
                        size_t n)
{
    for (size_t start = 0; start < n; start += MG_MOMENTS_STAGE) {
        size_t m = n - start < MG_MOMENTS_STAGE ? n - start : MG_MOMENTS_STAGE;
        gather(block, rows + start, m);
        fill_scores(block, m);
        note_absent(odd, &block->stage, m);
        add_stage(odd, block, m);
    }
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
