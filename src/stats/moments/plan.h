/* What the moments_*.c share. Internal to stats/. */
#ifndef MG_STATS_MOMENTS_PLAN_H
#define MG_STATS_MOMENTS_PLAN_H

#include "stats/moments/kernel.h"
#include "stats/moments/moments.h"

/* Rows of a block's columns; beyond MG_MOMENTS_BLOCK so that the columns do not all fall into the same cache
 * set. */
#define MG_MOMENTS_STRIDE (MG_MOMENTS_BLOCK + 96)

/* How raw integers become the kernel's: x = sign × v + offset for low ≤ v ≤ high; everything else is looked
 * at cell by cell. `step`: so are those that aren't `first` and a whole number of steps; 1: all integers are.
 */
struct mg_moments_small {
    int64_t low, high, sign, offset;
    int step, first;    /* of x */
    int16_t missing[8]; /* codes inside [low, high], as x */
    size_t n_missing;
    int16_t cuts[2]; /* of x */
    size_t n_cuts;
};

/* Two variables, and which of the kernel's sums is their count; the others follow MG_KERNEL_TILE apart. */
struct mg_moments_pair {
    uint16_t i, j;
    uint32_t sum;
};

/* The pairs that are summed, and the kernel's tiles that sum them: first those of columns alone. */
struct mg_moments_pairs {
    size_t n;
    struct mg_moments_pair *pair;
    uint32_t *at; /* k × k: place of (i, j) in finished moments; 0: not summed */
    size_t size;  /* places */
    bool every;   /* all pairs, in the order of the matrix: finished moments need no `at` */
    struct mg_kernel_tile *tiles;
    size_t n_tiles, n_small; /* n_small: of columns alone */
    /* In doubles tiles of few pairs don't pay: `full` are the places of the others, `couples` the pairs of
     * these; of each the first are of columns alone. */
    uint32_t *full;
    size_t n_full, n_full_small;
    struct mg_kernel_couple *couples;
    size_t n_couples, n_couples_small;
};

struct mg_moments_plan {
    const struct mg_moments_spec *spec;
    bool weighted;
    size_t columns, scores, k; /* k = columns + scores */
    size_t padded;             /* columns rounded up for the kernel */
    double *origin;            /* k; whole numbers for columns */
    struct mg_moments_small *small;
    struct mg_moments_pairs pairs, squared; /* squared: with weights w²; only of weighted plans */
};

MG_CHECKED int mg_moments_pairs_init(struct mg_moments_pairs *pairs, struct mg_arena *arena,
                                     const struct mg_moments_plan *plan, bool squared,
                                     struct mg_error *error);

/* Zeroed moments with `size` places, found by `at`. */
struct mg_moments *mg_moments_new_for(struct mg_arena *arena, size_t k, const uint32_t *at, size_t size,
                                      bool weighted);

/* What a row holds beside small integers; 0: nothing else. */
#define MG_ROW_ABSENT 1u  /* a cell is missing or out of range */
#define MG_ROW_WIDE 2u    /* a fraction or a large number */
#define MG_ROW_OUTSIDE 4u /* a cell is out of range */

/* Rows of small integers on their way into the kernel. Lines are MG_STAGE_SMALL apart, line 0 all zeros, line
 * 1 + c column c. */
#define MG_STAGE_SMALL 512

struct mg_moments_stage_small {
    int16_t *x, *present, *square;
    bool absent; /* something is missing; else only x is filled */
};

/* Any rows, as doubles, scores included. Lines are MG_STAGE apart, line 0 all zeros, line 1 + v variable v.
 * What lies behind the rows up to a multiple of 8 is zero. */
#define MG_STAGE 64

struct mg_moments_stage {
    size_t rows;                                 /* padded */
    double *x, *present;                         /* relative values, 0 where missing; 1 where present */
    double weight[MG_STAGE];                     /* of the rows */
    double *square, *w_present, *w_x, *w_square; /* for tiles; the latter three times weight */
};

struct mg_moments_block {
    const struct mg_moments_plan *plan;
    const struct mg_moments_input *inputs, *weights;
    const uint8_t *buckets; /* NULL: no links */
    size_t n;
    bool plain;            /* every row is complete and of small integers */
    int16_t *small;        /* padded × stride: relative values, 0 where missing or not a small integer */
    uint8_t *state;        /* columns × stride: enum mg_moments_state */
    uint8_t *bad;          /* one column's cells that are not small integers */
    uint8_t *kind;         /* per row: MG_ROW_… */
    uint16_t *easy, *hard; /* rows of one add, by what they need */
    struct mg_moments_stage_small stage_small;
    struct mg_moments_stage stage;
};

/* An accumulator's sums by bucket: buckets.c. */
struct mg_moments_parts;

struct mg_moments_parts *mg_moments_parts_new(const struct mg_moments_plan *plan); /* NULL: no memory */
void mg_moments_parts_free(struct mg_moments_parts *parts);
/* n rows of small integers, none of them missing; x: columns × stride, column-major. */
int mg_moments_parts_complete(struct mg_moments_parts *parts, const int16_t *x, size_t stride,
                              const uint8_t *buckets, size_t n);
/* The block's staged rows, weighted where the plan is. */
int mg_moments_parts_staged(struct mg_moments_parts *parts, const struct mg_moments_block *block,
                            const uint16_t *rows, size_t n);
int mg_moments_parts_merge(struct mg_moments_parts *into, const struct mg_moments_parts *from);
struct mg_moments_buckets *mg_moments_parts_finish(const struct mg_moments_parts *parts,
                                                   struct mg_arena *arena); /* NULL: no memory */

enum mg_moments_state { MG_CELL_MISSING, MG_CELL_PRESENT, MG_CELL_OUTSIDE };

enum mg_moments_state mg_moments_read(const struct mg_moments_column *column,
                                      const struct mg_moments_input *input, size_t row, double *ret_value);

bool mg_moments_stage_init(struct mg_moments_block *block); /* false when memory is out */
void mg_moments_stage_done(struct mg_moments_block *block);
/* n ≤ MG_STAGE_SMALL rows without MG_ROW_WIDE; at least one, ascending. */
void mg_moments_stage_small(struct mg_moments_block *block, const uint16_t *rows, size_t n);
/* n ≤ MG_STAGE rows; at least one, ascending. */
void mg_moments_stage_rows(struct mg_moments_block *block, const uint16_t *rows, size_t n);
/* Squares of the staged rows, which tiles need. */
void mg_moments_stage_square(struct mg_moments_block *block);
/* Weights of the staged rows to the power of 1 or 2; `tiles`: also the lines times weight. */
void mg_moments_stage_weigh(struct mg_moments_block *block, const uint16_t *rows, size_t n, int power,
                            bool tiles);

#endif
