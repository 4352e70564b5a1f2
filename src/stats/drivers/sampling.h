/* How sure an importance is: bootstrap over buckets of rows (Efron & Tibshirani 1993; Davison & Hinkley 1997,
 * §3.8 for resampling groups), so that it needs no rows and holds for people who answered more than once
 * where the buckets are those of people.
 *
 * A replicate draws as many buckets as there are, with replacement, adds their moments up and computes all
 * importances and performances of the map anew. Importances are LMG shares of R² (add up to 1) or squared
 * correlations. Shares are exact up to MG_SAMPLING_EXACT_MAX drivers; beyond, each replicate takes the mean
 * over the same few orders, and their error on the data themselves, which is known, is taken off. Replicate r
 * comes from mg_rng stream r of the seed: results depend on neither threads nor the order of work.
 *
 *     mg_sampling_effort(p, &effort)
 *     mg_sampling_new(arena, &spec, effort, &sampling, error)
 *     mg_sampling_run(sampling, from, to)        any ranges that make up [0, effort.replicates)
 *     mg_sampling_describe(sampling, …)
 *
 * Everything belongs to the arena. */
#ifndef MG_STATS_DRIVERS_SAMPLING_H
#define MG_STATS_DRIVERS_SAMPLING_H

#include "stats/drivers/drivers.h"
#include "stats/drivers/model.h"

#define MG_SAMPLING_EXACT_MAX 12
#define MG_SAMPLING_REPLICATES 1000    /* with few drivers */
#define MG_SAMPLING_REPLICATES_MIN 100 /* with MG_DRIVERS_MAX of them */
#define MG_SAMPLING_BUCKETS_MIN 10     /* with a row; fewer tell nothing */

struct mg_sampling_effort {
    size_t replicates, orders; /* orders 0: exact */
};

struct mg_sampling_spec {
    const struct mg_moments *const *buckets; /* of one pass: same variables, pairs, origins and weighting */
    size_t n_buckets;
    size_t y; /* variables, as in struct mg_drivers_spec */
    const size_t *x;
    size_t p;
    bool squared_r;           /* importance is the squared correlation; else LMG's share */
    const double *importance; /* on the data themselves, p */
    /* The map: performance is 100 (mean − low)/(high − low). */
    const double *low, *high; /* p */
    enum mg_cut_rule cut;
    double importance_scale[2];
    const enum mg_quadrant *quadrant; /* on the data themselves, p */
    uint64_t seed;
};

struct mg_sampling;

/* One driver's. */
struct mg_sampled {
    double se, low, high;        /* of the importance: SD and percentiles of the replicates */
    double rank;                 /* 1: the most important; ties share the better rank */
    double rank_low, rank_high;  /* percentiles */
    double rank_probability;     /* share of replicates in which it has this rank */
    double first_probability;    /* … in which it is the most important */
    double quadrant_probability; /* … in which it lies in its quadrant; NaN: it has none */
};

void mg_sampling_effort(size_t p, struct mg_sampling_effort *ret);
/* MG_E_INESTIMABLE: fewer than MG_SAMPLING_BUCKETS_MIN buckets have a row; or, for shares, fewer than 2 (p +
 * 1) answers stand behind a correlation: a resample has about 63 % of them, and takes p + 2. */
MG_CHECKED int mg_sampling_new(struct mg_arena *arena, const struct mg_sampling_spec *spec,
                               struct mg_sampling_effort effort, struct mg_sampling **ret,
                               struct mg_error *error);
/* Not by two threads at once: the workspace is shared. */
void mg_sampling_run(struct mg_sampling *sampling, size_t from, size_t to);
/* ret: p. *ret_failed: replicates in which the importances couldn't be estimated. MG_E_INESTIMABLE when that
 * is more than a tenth. */
MG_CHECKED int mg_sampling_describe(const struct mg_sampling *sampling, double level, struct mg_sampled *ret,
                                    size_t *ret_failed, struct mg_error *error);
/* The whole model: R² of the resampled data (NaN with squared correlations) and the test of all drivers, by
 * their products with the outcome in each bucket. r2: on the data themselves. MG_E_INESTIMABLE: there is no
 * test, *ret_r2 stands. */
struct mg_sampled_r2 {
    double chance, low, high; /* what chance adds to R²; its interval */
};

MG_CHECKED int mg_sampling_whole(const struct mg_sampling *sampling, double level, double r2,
                                 struct mg_sampled_r2 *ret_r2, struct mg_model_test *ret,
                                 struct mg_error *error);
/* Interval of the sum of several drivers' shares, as of a collinear set. NaN before mg_sampling_describe
 * would succeed. */
void mg_sampling_joint(const struct mg_sampling *sampling, const size_t *members, size_t n, double level,
                       double *ret_low, double *ret_high);

#endif
