/* Moments: counts, sums and cross-products of k variables over rows that may miss answers. The common coin of
 * every estimator: mergeable over chunks, threads, files and shards.
 *
 * Variables are the input columns followed by the scores of the spec. Everything is pairwise: over the rows
 * in which both variable i and variable j are present; values are taken relative to origin[i]. For small
 * integers without weights every sum is an exact integer, so neither order nor threads change a digit.
 *
 * Of k² pairs most are never looked at: α wants the items together, a gap its own two sides. The spec's sets
 * say which pairs are summed. A pair that no set holds reads as one without rows: count 0, NaN elsewhere. */
#ifndef MG_STATS_MOMENTS_MOMENTS_H
#define MG_STATS_MOMENTS_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Most columns and most scores of one spec. */
#define MG_MOMENTS_COLUMNS_MAX 512
#define MG_MOMENTS_SCORES_MAX 256

/* One input column. Values outside [low, high], and those that aren't a whole number of steps above low,
 * count as missing and are tallied in `out_of_range`; step 0: all are. `reverse` maps x to low + high − x;
 * with to_low < to_high an answer is then carried on to that scale, linearly, low to to_low and high to
 * to_high; `missing` codes (at most 8) are not answers. Use ∓INFINITY where there is no bound, with step 0.
 * With `cuts` (at most 2, ascending) the variable is how many of them the answer reaches: 0, 1 or 2. */
struct mg_moments_column {
    double low, high;
    bool reverse;
    double missing[8];
    size_t n_missing;
    double step;
    double cuts[2];
    size_t n_cuts;
    double to_low, to_high; /* equal: answers stay as they are */
};

/* A row score: the mean of the present ones among `columns` (indices), present itself when at least
 * min_answered are. Where partners[j] is not UINT16_MAX, columns[j] counts only in rows where that column is
 * present too: the expectation score of a dimension uses the items of which both sides were answered. */
struct mg_moments_score {
    const uint16_t *columns;
    const uint16_t *partners; /* NULL: none */
    size_t n, min_answered;
};

/* Variables of which all pairs are summed, each with itself too. `squared`: also with squared weights, from
 * which comes the effective number of answers behind a count or a correlation. */
struct mg_moments_set {
    const uint16_t *variables;
    size_t n;
    bool squared;
};

/* Two variables of which buckets keep the sums, over the rows that have both; a = b: one alone. */
struct mg_moments_link {
    uint16_t a, b;
};

#define MG_MOMENTS_BUCKETS_MAX 256

struct mg_moments_spec {
    const struct mg_moments_column *columns;
    size_t n_columns;
    const struct mg_moments_score *scores;
    size_t n_scores;
    const struct mg_moments_set *sets; /* NULL: every pair, squared too */
    size_t n_sets;
    /* Sums of these by bucket of rows, for the delete-a-group jackknife; 0: none. Buckets: a power of two. */
    const struct mg_moments_link *links;
    size_t n_links, n_buckets;
};

/* What a bucket keeps of a link's rows: Σw, Σw², Σw(a − oₐ), Σw(b − o_b). Weights are positive: no weight, no
 * row. */
struct mg_moments_sums {
    double weight, weight2, a, b;
};

/* Buckets of rows: each holds whole customers, or whole rows where nobody answers twice. */
struct mg_moments_buckets {
    const struct mg_moments_link *links; /* the spec's */
    size_t n_links, n;
    struct mg_moments_sums *at[MG_MOMENTS_BUCKETS_MAX]; /* n_links each; NULL: no row */
};

struct mg_moments {
    size_t k;
    size_t size;          /* numbers in each of the arrays of pairs */
    const uint32_t *at;   /* k × k: places of pairs, 0 for those not summed; NULL: all pairs, at i k + j */
    double rows;          /* rows seen, complete or not */
    double *origin;       /* k */
    double *out_of_range; /* k: answers outside the column's range or between its steps, 0 for scores */
    /* Pairs (i, j) at mg_moments_at; place 0 is all zeros where `at` is given. */
    double *count;                      /* rows with both */
    double *weight;                     /* Σw; the same pointer as count when unweighted */
    double *sum;                        /* Σw(xᵢ − oᵢ) where both are present */
    double *sq;                         /* Σw(xᵢ − oᵢ)² where both are present */
    double *xx;                         /* symmetric: Σw(xᵢ − oᵢ)(xⱼ − oⱼ) */
    struct mg_moments_buckets *buckets; /* NULL: the spec asked for none */
};

/* Zeroed moments of all pairs of k variables; NULL when the arena is full. */
struct mg_moments *mg_moments_new(struct mg_arena *arena, size_t k, bool weighted);
/* Zeroed moments with the pairs, origins, weighting and buckets of `model`, whose `at` they share. */
struct mg_moments *mg_moments_new_like(struct mg_arena *arena, const struct mg_moments *model);
/* into = from, into += from, into −= from; both must have the same pairs, origin and weighting. */
void mg_moments_copy(struct mg_moments *into, const struct mg_moments *from);
void mg_moments_merge(struct mg_moments *into, const struct mg_moments *from);
void mg_moments_subtract(struct mg_moments *into, const struct mg_moments *from);

/* The link's sums in bucket g < buckets->n; zeros where it has no row. */
struct mg_moments_sums mg_moments_sums(const struct mg_moments *m, size_t g, size_t link);
/* Sums of the rows of `all` that aren't among `part`'s. What is below rounding is no row. */
struct mg_moments_sums mg_moments_sums_without(struct mg_moments_sums all, struct mg_moments_sums part);
/* The link of two variables in either order; SIZE_MAX: there is none. */
size_t mg_moments_link(const struct mg_moments *m, size_t i, size_t j);

/* Where pair (i, j) is kept. */
static inline size_t mg_moments_at(const struct mg_moments *m, size_t i, size_t j)
{
    size_t ij = i * m->k + j;
    return m->at ? m->at[ij] : ij;
}

/* Rows in which both are present (i = j: rows with i). */
double mg_moments_count(const struct mg_moments *m, size_t i, size_t j);
double mg_moments_weight(const struct mg_moments *m, size_t i, size_t j);
/* Weighted mean of i over rows in which j is present too; NaN without rows. */
double mg_moments_mean(const struct mg_moments *m, size_t i, size_t j);
/* Covariance over rows with both: Σw(x−x̄)(y−ȳ)/Σw · n/(n−1); for unit weights the usual n−1 form. NaN for n
 * < 2. */
double mg_moments_cov(const struct mg_moments *m, size_t i, size_t j);
/* Variance of i over rows in which j is present too. */
double mg_moments_var(const struct mg_moments *m, size_t i, size_t j);
/* Pearson correlation over rows with both; NaN without variance. */
double mg_moments_cor(const struct mg_moments *m, size_t i, size_t j);

/* ---- From rows to moments ----
 *
 * A plan holds what follows from a spec and is shared, read-only, by all threads. A block is one thread's
 * workspace: it takes up to MG_MOMENTS_BLOCK rows of columnar input at a time. An accumulator belongs to one
 * group of rows. Accumulators of one plan may be filled in any order and by any number of threads (each by
 * one at a time) and then be merged:
 *
 *     mg_moments_plan_new(arena, &spec, weighted, &plan, error)
 *     block = mg_moments_block_new(plan); acc = mg_moments_acc_new(plan);
 *     mg_moments_block_load(block, inputs, weights, buckets, n); mg_moments_acc_add(acc, block, NULL, n);
 *     mg_moments_acc_finish(acc, arena, &moments, &moments_squared)
 *
 * Plans belong to their arena and borrow the spec; finished moments borrow `at` from the plan. Blocks and
 * accumulators are freed by their _free (NULL is fine). */
#define MG_MOMENTS_BLOCK 2048

struct mg_moments_plan;
struct mg_moments_block;
struct mg_moments_acc;

enum mg_moments_type {
    MG_MOMENTS_INT8,
    MG_MOMENTS_INT16,
    MG_MOMENTS_INT32,
    MG_MOMENTS_INT64,
    MG_MOMENTS_DOUBLE
};

/* One column of a block. `valid`: bit r % 64 of word r / 64 is set where row r has a value; NULL: all have.
 * NaN is missing, ±infinity is out of range (so comes text that is no number). */
struct mg_moments_input {
    enum mg_moments_type type;
    const void *values;
    const uint64_t *valid;
};

/* MG_E_INVALID when the spec is inconsistent: an index beyond the columns or variables, low > high, a
 * reversed column or one with steps without bounds, a score that asks for more answers than it has columns,
 * buckets that are no power of two. min_answered 0 means 1. */
MG_CHECKED int mg_moments_plan_new(struct mg_arena *arena, const struct mg_moments_spec *spec, bool weighted,
                                   struct mg_moments_plan **ret_plan, struct mg_error *error);

struct mg_moments_block *
mg_moments_block_new(const struct mg_moments_plan *plan); /* NULL when memory is out */
void mg_moments_block_free(struct mg_moments_block *block);
/* Takes n ≤ MG_MOMENTS_BLOCK rows: one input a column of the spec, the weights (doubles; NULL when
 * unweighted) and each row's bucket, of which the lowest bits count (NULL without links). The inputs must
 * stay valid until the last mg_moments_acc_add of this block. */
void mg_moments_block_load(struct mg_moments_block *block, const struct mg_moments_input *inputs,
                           const struct mg_moments_input *weights, const uint8_t *buckets, size_t n);
/* The value of one cell after range, missing codes and reversal; NaN where there is no answer. For callers
 * that need rows. */
double mg_moments_cell(const struct mg_moments_column *column, const struct mg_moments_input *input,
                       size_t row);

struct mg_moments_acc *mg_moments_acc_new(const struct mg_moments_plan *plan); /* NULL when memory is out */
void mg_moments_acc_free(struct mg_moments_acc *acc);
/* Adds the block's rows[0 … n), in ascending order; rows NULL: its first n rows. Rows without a positive,
 * finite weight are left out. */
int mg_moments_acc_add(struct mg_moments_acc *acc, struct mg_moments_block *block, const uint16_t *rows,
                       size_t n);
/* into += from; both of one plan. MG_E_NO_MEMORY leaves `into` unusable. */
int mg_moments_acc_merge(struct mg_moments_acc *into, const struct mg_moments_acc *from);
/* ret_squared gets the moments with weights w², of the pairs of squared sets; NULL when unweighted. */
MG_CHECKED int mg_moments_acc_finish(const struct mg_moments_acc *acc, struct mg_arena *arena,
                                     struct mg_moments **ret_moments, struct mg_moments **ret_squared,
                                     struct mg_error *error);

#endif
