/* Rows of a block, gathered into the lines of the kernel. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/moments_plan.h"

bool mg_moments_stage_init(struct mg_moments_block *block)
{
    const struct mg_moments_plan *plan = block->plan;
    size_t small = (1 + plan->padded) * MG_STAGE_SMALL, lines = (1 + plan->k) * MG_STAGE;
    struct mg_moments_stage_small *ints = &block->stage_small;
    struct mg_moments_stage *stage = &block->stage;

    ints->x = calloc(3 * small, sizeof(int16_t));
    stage->x = calloc(6 * lines, sizeof(double));
    if (!ints->x || !stage->x)
        return false;
    ints->present = ints->x + small;
    ints->square = ints->present + small;
    stage->present = stage->x + lines;
    stage->square = stage->present + lines;
    stage->w_present = stage->square + lines;
    stage->w_x = stage->w_present + lines;
    stage->w_square = stage->w_x + lines;
    return true;
}

void mg_moments_stage_done(struct mg_moments_block *block)
{
    free(block->stage_small.x);
    free(block->stage.x);
}

/* ---- Small integers ---- */

static void gather_small(const struct mg_moments_block *block, size_t c, const uint16_t *rows, size_t n)
{
    const int16_t *from = block->small + c * MG_MOMENTS_STRIDE;
    const uint8_t *state = block->state + c * MG_MOMENTS_STRIDE;
    size_t line = (1 + c) * MG_STAGE_SMALL, pad = -n % MG_KERNEL_ROWS;
    int16_t *x = block->stage_small.x + line, *present = block->stage_small.present + line;
    int16_t *square = block->stage_small.square + line;

    for (size_t i = 0; i < n; i++)
        x[i] = from[rows[i]];
    memset(x + n, 0, pad * sizeof(*x));
    if (!block->stage_small.absent)
        return;
    for (size_t i = 0; i < n; i++)
        present[i] = state[rows[i]] == MG_CELL_PRESENT;
    memset(present + n, 0, pad * sizeof(*present));
    for (size_t i = 0; i < n + pad; i++)
        square[i] = (int16_t)(x[i] * x[i]);
}

void mg_moments_stage_small(struct mg_moments_block *block, const uint16_t *rows, size_t n)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < n; i++)
        kinds |= block->kind[rows[i]];
    block->stage_small.absent = kinds & MG_ROW_ABSENT;
    for (size_t c = 0; c < block->plan->columns; c++)
        gather_small(block, c, rows, n);
}

/* ---- Doubles ---- */

static void gather(const struct mg_moments_block *block, size_t c, const uint16_t *rows, size_t n)
{
    const int16_t *from = block->small + c * MG_MOMENTS_STRIDE;
    const uint8_t *state = block->state + c * MG_MOMENTS_STRIDE;
    double *x = block->stage.x + (1 + c) * MG_STAGE, *present = block->stage.present + (1 + c) * MG_STAGE;

    for (size_t i = 0; i < n; i++) {
        x[i] = from[rows[i]];
        present[i] = state[rows[i]] == MG_CELL_PRESENT;
    }
}

/* The values of one row that are no small integers. */
static void read_wide(const struct mg_moments_block *block, size_t row, size_t at)
{
    const struct mg_moments_plan *plan = block->plan;
    for (size_t c = 0; c < plan->columns; c++) {
        double v;
        if (mg_moments_read(&plan->spec->columns[c], &block->inputs[c], row, &v) == MG_CELL_PRESENT)
            block->stage.x[(1 + c) * MG_STAGE + at] = v - plan->origin[c];
    }
}

/* Sums and numbers of the present ones among a score's columns, row by row. */
static void add_items(const struct mg_moments_block *block, const struct mg_moments_score *score,
                      double sum[MG_STAGE], double count[MG_STAGE])
{
    const struct mg_moments_stage *stage = &block->stage;

    for (size_t item = 0; item < score->n; item++) {
        size_t c = score->columns[item];
        bool alone = !score->partners || score->partners[item] == UINT16_MAX;
        size_t partner = alone ? c : score->partners[item];
        double origin = block->plan->origin[c];
        const double *x = stage->x + (1 + c) * MG_STAGE, *present = stage->present + (1 + c) * MG_STAGE;
        const double *beside = stage->present + (1 + partner) * MG_STAGE;
        for (size_t i = 0; i < stage->rows; i++) {
            double both = present[i] * beside[i];
            sum[i] += both * (x[i] + origin);
            count[i] += both;
        }
    }
}

static void fill_score(const struct mg_moments_block *block, size_t s)
{
    const struct mg_moments_score *score = &block->plan->spec->scores[s];
    const struct mg_moments_stage *stage = &block->stage;
    size_t v = block->plan->columns + s;
    double sum[MG_STAGE] = {0}, count[MG_STAGE] = {0}, origin = block->plan->origin[v];
    double least = score->min_answered ? (double)score->min_answered : 1;
    double *x = stage->x + (1 + v) * MG_STAGE, *present = stage->present + (1 + v) * MG_STAGE;

    add_items(block, score, sum, count);
    for (size_t i = 0; i < stage->rows; i++) {
        bool seen = count[i] >= least;
        x[i] = seen ? sum[i] / count[i] - origin : 0;
        present[i] = seen;
    }
}

void mg_moments_stage_rows(struct mg_moments_block *block, const uint16_t *rows, size_t n)
{
    struct mg_moments_stage *stage = &block->stage;
    const struct mg_moments_plan *plan = block->plan;

    stage->rows = (n + 3) / 4 * 4;
    for (size_t c = 0; c < plan->columns; c++) {
        gather(block, c, rows, n);
        for (size_t i = n; i < stage->rows; i++)
            stage->x[(1 + c) * MG_STAGE + i] = stage->present[(1 + c) * MG_STAGE + i] = 0;
    }
    for (size_t i = 0; i < n; i++)
        if (block->kind[rows[i]] & MG_ROW_WIDE)
            read_wide(block, rows[i], i);
    for (size_t s = 0; s < plan->scores; s++)
        fill_score(block, s);
    for (size_t line = MG_STAGE; line < (1 + plan->k) * MG_STAGE; line += MG_STAGE)
        for (size_t i = line; i < line + stage->rows; i++)
            stage->square[i] = stage->x[i] * stage->x[i];
}

void mg_moments_stage_weigh(struct mg_moments_block *block, const uint16_t *rows, size_t n, int power)
{
    struct mg_moments_stage *stage = &block->stage;
    const double *weights = block->weights->values;
    double factor[MG_STAGE] = {0};

    for (size_t i = 0; i < n; i++)
        factor[i] = power == 2 ? weights[rows[i]] * weights[rows[i]] : weights[rows[i]];
    for (size_t line = MG_STAGE; line < (1 + block->plan->k) * MG_STAGE; line += MG_STAGE)
        for (size_t i = 0; i < stage->rows; i++) {
            stage->w_present[line + i] = factor[i] * stage->present[line + i];
            stage->w_x[line + i] = factor[i] * stage->x[line + i];
            stage->w_square[line + i] = factor[i] * stage->square[line + i];
        }
}
