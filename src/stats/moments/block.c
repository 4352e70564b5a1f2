/* Rows of a block, column by column, turned into small integers.
 *
 * Nearly all cells of a survey are small whole numbers: one vectorised pass a column maps them to int16
 * relative to the origin and marks the cells that are not so. Only those are looked at one by one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/moments/plan.h"

static bool cells_init(struct mg_moments_block *block, const struct mg_moments_plan *plan)
{
    size_t cells = plan->padded * MG_MOMENTS_STRIDE;
    block->small = calloc(cells, sizeof(int16_t));
    block->state = calloc(cells, 1);
    block->bad = calloc(MG_MOMENTS_STRIDE, 1);
    block->kind = calloc(MG_MOMENTS_STRIDE, 1);
    block->easy = calloc(MG_MOMENTS_BLOCK, sizeof(uint16_t));
    block->hard = calloc(MG_MOMENTS_BLOCK, sizeof(uint16_t));
    return block->small && block->state && block->bad && block->kind && block->easy && block->hard;
}

struct mg_moments_block *mg_moments_block_new(const struct mg_moments_plan *plan)
{
    struct mg_moments_block *block = calloc(1, sizeof(*block));
    if (!block)
        return NULL;
    block->plan = plan;
    if (!cells_init(block, plan) || !mg_moments_stage_init(block)) {
        mg_moments_block_free(block);
        return NULL;
    }
    return block;
}

void mg_moments_block_free(struct mg_moments_block *block)
{
    if (!block)
        return;
    mg_moments_stage_done(block);
    free(block->small);
    free(block->state);
    free(block->bad);
    free(block->kind);
    free(block->easy);
    free(block->hard);
    free(block);
}

/* One loader an integer type. W is wide enough for the arithmetic: what passes the range test ends within
 * ±1000, so that wrapping in between does no harm. */
#define DEFINE_LOAD(NAME, T, W, W_MIN, W_MAX)                                                                \
    MG_KERNEL_CLONES static void NAME(const struct mg_moments_small *how, const T *restrict values,          \
                                      size_t n, int16_t *restrict x, uint8_t *restrict bad)                  \
    {                                                                                                        \
        bool none = how->low > how->high || how->low > (int64_t)(W_MAX) || how->high < (int64_t)(W_MIN);     \
        W low = (W)(none || how->low < (int64_t)(W_MIN) ? (W_MIN) : how->low);                               \
        W high = (W)(none || how->high > (int64_t)(W_MAX) ? (W_MAX) : how->high);                            \
        W sign = (W)how->sign, offset = (W)how->offset;                                                      \
        for (size_t r = 0; r < n; r++) {                                                                     \
            W v = (W)values[r];                                                                              \
            bool good = v >= low && v <= high;                                                               \
            x[r] = (int16_t)(good ? (W)((sign < 0 ? (W) - (v) : v) + offset) : 0);                           \
            bad[r] = !good;                                                                                  \
        }                                                                                                    \
        if (none) {                                                                                          \
            memset(x, 0, n * sizeof(*x));                                                                    \
            memset(bad, 1, n);                                                                               \
        }                                                                                                    \
    }

DEFINE_LOAD(load_int8, int8_t, int16_t, INT16_MIN, INT16_MAX)
DEFINE_LOAD(load_int16, int16_t, int16_t, INT16_MIN, INT16_MAX)
DEFINE_LOAD(load_int32, int32_t, int32_t, INT32_MIN, INT32_MAX)
DEFINE_LOAD(load_int64, int64_t, int64_t, INT64_MIN, INT64_MAX)

MG_KERNEL_CLONES static void load_double(const struct mg_moments_small *how, const double *restrict values,
                                         size_t n, int16_t *restrict x, uint8_t *restrict bad)
{
    double low = (double)how->low, high = (double)how->high, sign = (double)how->sign;
    double offset = (double)how->offset;
    for (size_t r = 0; r < n; r++) {
        double v = values[r];
        bool inside = v >= low && v <= high;
        double moved = inside ? sign * v + offset : 0;
        int whole = (int)moved;
        bool good = inside && (double)whole == moved;
        x[r] = (int16_t)(good ? whole : 0);
        bad[r] = !good;
    }
}

static void load_values(const struct mg_moments_small *how, const struct mg_moments_input *input, size_t n,
                        int16_t *x, uint8_t *bad)
{
    switch (input->type) {
    case MG_MOMENTS_INT8:
        load_int8(how, input->values, n, x, bad);
        break;
    case MG_MOMENTS_INT16:
        load_int16(how, input->values, n, x, bad);
        break;
    case MG_MOMENTS_INT32:
        load_int32(how, input->values, n, x, bad);
        break;
    case MG_MOMENTS_INT64:
        load_int64(how, input->values, n, x, bad);
        break;
    case MG_MOMENTS_DOUBLE:
        load_double(how, input->values, n, x, bad);
        break;
    }
}

static void load_missing(const struct mg_moments_small *how, const uint64_t *valid, size_t n, int16_t *x,
                         uint8_t *bad)
{
    for (size_t i = 0; i < how->n_missing; i++)
        for (size_t r = 0; r < n; r++)
            if (x[r] == how->missing[i]) {
                x[r] = 0;
                bad[r] = 1;
            }
    for (size_t word = 0; valid && word * 64 < n; word++) {
        uint64_t gone = ~valid[word];
        for (; gone; gone &= gone - 1) {
            size_t r = word * 64 + (size_t)__builtin_ctzll(gone);
            if (r >= n)
                break;
            x[r] = 0;
            bad[r] = 1;
        }
    }
}

static void load_steps(const struct mg_moments_small *how, size_t n, int16_t *x, uint8_t *bad)
{
    for (size_t r = 0; how->step > 1 && r < n; r++)
        if (!bad[r] && (x[r] - how->first) % how->step) {
            x[r] = 0;
            bad[r] = 1;
        }
}

/* Answers become the number of cuts that they reach; what is no small integer stays 0. */
static void load_cuts(const struct mg_moments_small *how, size_t n, int16_t *restrict x,
                      const uint8_t *restrict bad)
{
    for (size_t r = 0; how->n_cuts && r < n; r++) {
        int reached = 0;
        for (size_t i = 0; i < how->n_cuts; i++)
            reached += x[r] >= how->cuts[i];
        x[r] = (int16_t)(bad[r] ? 0 : reached);
    }
}

/* States of a column's cells and what they make of their rows. Eight cells at a time: bad ones are rare. */
static void classify(struct mg_moments_block *block, size_t c, size_t n)
{
    static const uint64_t ones = 0x0101010101010101u; /* eight times MG_CELL_PRESENT */
    const struct mg_moments_column *column = &block->plan->spec->columns[c];
    uint8_t *state = block->state + c * MG_MOMENTS_STRIDE;

    memset(block->bad + n, 0, 8);
    for (size_t start = 0; start < n; start += 8) {
        uint64_t bad, present;
        memcpy(&bad, block->bad + start, 8);
        present = ones ^ bad;
        memcpy(state + start, &present, 8);
        for (size_t r = start; bad && r < start + 8; r++) {
            if (!block->bad[r])
                continue;
            double unused;
            enum mg_moments_state is = mg_moments_read(column, &block->inputs[c], r, &unused);
            state[r] = (uint8_t)is;
            unsigned kind = is == MG_CELL_PRESENT ? MG_ROW_WIDE : MG_ROW_ABSENT;
            block->kind[r] |= (uint8_t)(kind | (is == MG_CELL_OUTSIDE ? MG_ROW_OUTSIDE : 0));
        }
    }
}

void mg_moments_block_load(struct mg_moments_block *block, const struct mg_moments_input *inputs,
                           const struct mg_moments_input *weights, const uint8_t *buckets, size_t n)
{
    const struct mg_moments_plan *plan = block->plan;

    block->inputs = inputs;
    block->weights = weights;
    block->buckets = buckets;
    block->n = n;
    memset(block->kind, 0, n);
    for (size_t c = 0; c < plan->columns; c++) {
        int16_t *x = block->small + c * MG_MOMENTS_STRIDE;
        load_values(&plan->small[c], &inputs[c], n, x, block->bad);
        load_missing(&plan->small[c], inputs[c].valid, n, x, block->bad);
        load_steps(&plan->small[c], n, x, block->bad);
        load_cuts(&plan->small[c], n, x, block->bad);
        memset(x + n, 0, MG_KERNEL_ROWS * sizeof(*x));
        classify(block, c, n);
    }
    unsigned kinds = 0;
    for (size_t r = 0; r < n; r++)
        kinds |= block->kind[r];
    block->plain = kinds == 0;
}
