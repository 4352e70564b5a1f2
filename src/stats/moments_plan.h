/* What moments_plan.c, moments_block.c and moments_acc.c share. Internal to stats/. */
#ifndef MG_STATS_MOMENTS_PLAN_H
#define MG_STATS_MOMENTS_PLAN_H

#include "stats/moments.h"

/* Rows of a block's columns; beyond MG_MOMENTS_BLOCK so that the columns do not all fall into the same cache
 * set. */
#define MG_MOMENTS_STRIDE (MG_MOMENTS_BLOCK + 96)

/* How raw integers become the kernel's: x = sign × v + offset for low ≤ v ≤ high; everything else is looked
 * at cell by cell. */
struct mg_moments_small {
    int64_t low, high, sign, offset;
    int16_t missing[8]; /* codes inside [low, high], as x */
    size_t n_missing;
};

struct mg_moments_plan {
    const struct mg_moments_spec *spec;
    bool weighted;
    size_t columns, scores, k; /* k = columns + scores */
    size_t padded;             /* columns rounded up for the kernel */
    size_t padded_scores;      /* scores rounded up for the kernels */
    size_t padded_k;           /* k rounded up */
    double *origin;            /* k; whole numbers for columns */
    struct mg_moments_small *small;
};

/* Rows with missing answers on their way into moments_odd.c; column-major, MG_MOMENTS_STAGE apart. Zeros in
 * the padding. */
#define MG_MOMENTS_STAGE 128

struct mg_moments_stage {
    size_t n;
    int16_t *small;           /* padded columns */
    double *values, *present; /* k, room for padded_scores behind the columns */
    double *squares;          /* padded_scores */
};

struct mg_moments_block {
    const struct mg_moments_plan *plan;
    const struct mg_moments_input *inputs, *weights;
    size_t n;
    int16_t *small;  /* padded × stride: relative values, 0 where missing or not a small integer */
    int16_t *picked; /* the same for some of the rows */
    uint8_t *odd;    /* per row: 1 where a cell is missing or not a small integer */
    /* One row in doubles: relative values (0 where missing), their squares, 1 where present. */
    double *x, *square, *present;
    bool *seen;
    uint16_t *absent; /* k */
    struct mg_moments_stage stage;
};

enum mg_moments_state { MG_CELL_PRESENT, MG_CELL_MISSING, MG_CELL_OUTSIDE };

enum mg_moments_state mg_moments_read(const struct mg_moments_column *column,
                                      const struct mg_moments_input *input, size_t row, double *ret_value);

#endif
