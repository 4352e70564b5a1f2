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

/* Rows with missing answers on their way into moments_odd.c, column-major unless said, MG_MOMENTS_STAGE rows
 * apart. Zeros in the padding. */
#define MG_MOMENTS_STAGE 128

struct mg_moments_stage {
    int16_t *small;           /* padded columns */
    double *values, *present; /* k, room for padded_scores behind the columns */
    double *squares;          /* padded_scores: the scores' squares */
    double *by_row;           /* the columns' values, row-major */
    uint16_t *absent;         /* row-major, k apart: the variables that the row lacks */
    uint16_t n_absent[MG_MOMENTS_STAGE];
};

/* What a row holds beside small integers; 0: nothing else. */
#define MG_ROW_ABSENT 1u  /* a cell is missing or out of range */
#define MG_ROW_WIDE 2u    /* a fraction or a large number */
#define MG_ROW_OUTSIDE 4u /* a cell is out of range */

struct mg_moments_block {
    const struct mg_moments_plan *plan;
    const struct mg_moments_input *inputs, *weights;
    size_t n;
    int16_t *small;  /* padded × stride: relative values, 0 where missing or not a small integer */
    int16_t *picked; /* the same for some of the rows */
    uint8_t *state;  /* columns × stride: enum mg_moments_state */
    uint8_t *bad;    /* one column's cells that are not small integers */
    uint8_t *kind;   /* per row: MG_ROW_… */
    uint16_t *odd_rows, *odd_at; /* rows of some add that have MG_ROW_ABSENT only, and their places in it */
    /* One row in doubles: relative values (0 where missing), their squares, 1 where present. */
    double *x, *square, *present;
    bool *seen;
    struct mg_moments_stage stage;
};

enum mg_moments_state { MG_CELL_MISSING, MG_CELL_PRESENT, MG_CELL_OUTSIDE };

enum mg_moments_state mg_moments_read(const struct mg_moments_column *column,
                                      const struct mg_moments_input *input, size_t row, double *ret_value);

#endif
