/* Moments: counts, sums and cross-products of k variables over rows that may miss answers. The common coin of every
 * estimator: mergeable over chunks, threads, files and shards.
 *
 * Variables are the input columns followed by the scores of the spec. All matrices are k × k, row-major, over the rows in which
 * both variable i and variable j are present (pairwise); values are taken relative to origin[i]. For small
 * integers without weights every sum is an exact integer, so neither order nor threads change a digit.
 * Memory belongs to the arena given to mg_moments_new. */
#ifndef MG_STATS_MOMENTS_H
#define MG_STATS_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Most columns and most scores of one spec. */
#define MG_MOMENTS_COLUMNS_MAX 512
#define MG_MOMENTS_SCORES_MAX 256

/* One input column. Values outside [low, high] count as missing and are tallied in `out_of_range`; `reverse` maps x to
 * low + high − x; `missing` codes (at most 8) are not answers. Use ∓INFINITY where there is no bound. */
struct mg_moments_column {
    double low, high;
    bool reverse;
    double missing[8];
    size_t n_missing;
};

/* A row score: the mean of the present ones among `columns` (indices), present itself when at least min_answered are.
 * Where partners[j] is not UINT16_MAX, columns[j] counts only in rows where that column is present too: the
 * expectation score of a dimension uses the items of which both sides were answered. */
struct mg_moments_score {
    const uint16_t *columns;
    const uint16_t *partners; /* NULL: none */
    size_t n, min_answered;
};

struct mg_moments_spec {
    const struct mg_moments_column *columns;
    size_t n_columns;
    const struct mg_moments_score *scores;
    size_t n_scores;
};

struct mg_moments {
    size_t k;
    double rows;          /* rows seen, complete or not */
    double *origin;       /* k */
    double *out_of_range; /* k: answers outside the column's range, 0 for scores */
    double *count;        /* k × k: rows with both */
    double *weight;       /* k × k: Σw; the same pointer as count when unweighted */
    double *sum;          /* k × k: Σw(xᵢ − oᵢ) where both are present */
    double *sq;           /* k × k: Σw(xᵢ − oᵢ)² where both are present */
    double *xx;           /* k × k, symmetric: Σw(xᵢ − oᵢ)(xⱼ − oⱼ) */
};

/* Zeroed moments of k variables; NULL when the arena is full. */
struct mg_moments *mg_moments_new(struct mg_arena *arena, size_t k, bool weighted);
/* into += from; both must have the same k, origin and weighting. */
void mg_moments_merge(struct mg_moments *into, const struct mg_moments *from);

/* Rows in which both are present (i = j: rows with i). */
double mg_moments_count(const struct mg_moments *m, size_t i, size_t j);
double mg_moments_weight(const struct mg_moments *m, size_t i, size_t j);
/* Weighted mean of i over rows in which j is present too; NaN without rows. */
double mg_moments_mean(const struct mg_moments *m, size_t i, size_t j);
/* Covariance over rows with both: Σw(x−x̄)(y−ȳ)/Σw · n/(n−1); for unit weights the usual n−1 form. NaN for n < 2. */
double mg_moments_cov(const struct mg_moments *m, size_t i, size_t j);
/* Variance of i over rows in which j is present too. */
double mg_moments_var(const struct mg_moments *m, size_t i, size_t j);
/* Pearson correlation over rows with both; NaN without variance. */
double mg_moments_cor(const struct mg_moments *m, size_t i, size_t j);

#endif
