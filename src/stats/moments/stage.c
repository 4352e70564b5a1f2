/* Rows of a block, gathered into the lines of the kernel. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/moments/plan.h"

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

/* Rows are given in ascending order: often they are neighbours. */
static bool adjacent(const uint16_t *rows, size_t n)
{
    return (size_t)(rows[n - 1] - rows[0]) == n - 1;
}

static void pick_cells(const struct mg_moments_block *block, size_t c, const uint16_t *rows, size_t n,
                       int16_t *restrict ret_x, uint8_t *restrict ret_state)
{
    const int16_t *x = block->small + c * MG_MOMENTS_STRIDE;
    const uint8_t *state = block->state + c * MG_MOMENTS_STRIDE;

    if (adjacent(rows, n)) {
        memcpy(ret_x, x + rows[0], n * sizeof(*x));
        memcpy(ret_state, state + rows[0], n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        ret_x[i] = x[rows[i]];
        ret_state[i] = state[rows[i]];
    }
}

MG_KERNEL_CLONES static void mark_small(const uint8_t *restrict state, const int16_t *restrict x, size_t n,
                                        int16_t *restrict ret_present, int16_t *restrict ret_square)
{
    for (size_t i = 0; i < n; i++) {
        ret_present[i] = state[i] == MG_CELL_PRESENT;
        ret_square[i] = (int16_t)(x[i] * x[i]);
    }
}

static void gather_small(const struct mg_moments_block *block, size_t c, const uint16_t *rows, size_t n)
{
    const struct mg_moments_stage_small *stage = &block->stage_small;
    size_t line = (1 + c) * MG_STAGE_SMALL, pad = -n % MG_KERNEL_ROWS;
    uint8_t state[MG_STAGE_SMALL];

    pick_cells(block, c, rows, n, stage->x + line, state);
    memset(stage->x + line + n, 0, pad * sizeof(*stage->x));
    memset(state + n, MG_CELL_MISSING, pad);
    if (stage->absent)
        mark_small(state, stage->x + line, n + pad, stage->present + line, stage->square + line);
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

MG_KERNEL_CLONES static void widen(const int16_t *restrict x, const uint8_t *restrict state, size_t n,
                                   double *restrict ret_x, double *restrict ret_present)
{
    for (size_t i = 0; i < n; i++) {
        ret_x[i] = x[i];
        ret_present[i] = state[i] == MG_CELL_PRESENT;
    }
}

static void gather(const struct mg_moments_block *block, size_t c, const uint16_t *rows, size_t n)
{
    const struct mg_moments_stage *stage = &block->stage;
    int16_t x[MG_STAGE] = {0};
    uint8_t state[MG_STAGE] = {0};

    pick_cells(block, c, rows, n, x, state);
    widen(x, state, stage->rows, stage->x + (1 + c) * MG_STAGE, stage->present + (1 + c) * MG_STAGE);
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

/* A score of four rows from row r on. */
static inline __attribute__((always_inline)) void score_rows(const struct mg_moments_block *block, size_t s,
                                                             size_t r)
{
    const struct mg_moments_score *score = &block->plan->spec->scores[s];
    const struct mg_moments_stage *stage = &block->stage;
    const double *origin = block->plan->origin, *x = stage->x + r, *present = stage->present + r;
    size_t v = block->plan->columns + s, to = (1 + v) * MG_STAGE + r;
    double least = score->min_answered ? (double)score->min_answered : 1;
    mg_four sum = {0}, count = {0}, one = {1, 1, 1, 1};

    for (size_t i = 0; i < score->n; i++) {
        size_t c = score->columns[i], at = (1 + c) * MG_STAGE;
        bool alone = !score->partners || score->partners[i] == UINT16_MAX;
        size_t beside = alone ? at : (1 + (size_t)score->partners[i]) * MG_STAGE;
        mg_four both = MG_FOUR_AT(present + at) * MG_FOUR_AT(present + beside);
        sum += both * (MG_FOUR_AT(x + at) + origin[c]);
        count += both;
    }
    mg_four_mask enough = count >= least, none = count < 1;
    mg_four mean = sum / (count + (mg_four)((mg_four_mask)one & none)) - origin[v];
    *(mg_four *)(stage->x + to) = (mg_four)((mg_four_mask)mean & enough);
    *(mg_four *)(stage->present + to) = (mg_four)((mg_four_mask)one & enough);
}

MG_KERNEL_CLONES static void fill_scores(const struct mg_moments_block *block)
{
    for (size_t s = 0; s < block->plan->scores; s++)
        for (size_t r = 0; r < block->stage.rows; r += 4)
            score_rows(block, s, r);
}

MG_KERNEL_CLONES static void multiply(const double *a, const double *b, size_t lines, size_t rows,
                                      size_t step, double *restrict ret)
{
    for (size_t line = 0; line < lines; line++)
        for (size_t i = 0; i < rows; i++)
            ret[line * MG_STAGE + i] = a[line * step + i] * b[line * MG_STAGE + i];
}

void mg_moments_stage_rows(struct mg_moments_block *block, const uint16_t *rows, size_t n)
{
    struct mg_moments_stage *stage = &block->stage;
    const struct mg_moments_plan *plan = block->plan;

    stage->rows = (n + 7) / 8 * 8;
    for (size_t c = 0; c < plan->columns; c++)
        gather(block, c, rows, n);
    for (size_t i = 0; i < n; i++)
        if (block->kind[rows[i]] & MG_ROW_WIDE)
            read_wide(block, rows[i], i);
    fill_scores(block);
}

void mg_moments_stage_square(struct mg_moments_block *block)
{
    struct mg_moments_stage *stage = &block->stage;
    multiply(stage->x, stage->x, 1 + block->plan->k, stage->rows, MG_STAGE, stage->square);
}

void mg_moments_stage_weigh(struct mg_moments_block *block, const uint16_t *rows, size_t n, int power,
                            bool tiles)
{
    struct mg_moments_stage *stage = &block->stage;
    const double *weights = block->weights->values;
    double *factor = stage->weight;
    size_t lines = 1 + block->plan->k;

    memset(factor, 0, stage->rows * sizeof(*factor));
    for (size_t i = 0; i < n; i++)
        factor[i] = power == 2 ? weights[rows[i]] * weights[rows[i]] : weights[rows[i]];
    if (!tiles)
        return;
    multiply(factor, stage->present, lines, stage->rows, 0, stage->w_present);
    multiply(factor, stage->x, lines, stage->rows, 0, stage->w_x);
    multiply(factor, stage->square, lines, stage->rows, 0, stage->w_square);
}
