/* Gaps: perception − expectation, with its standard error, interval and test. Negative = short of what was
 * expected (Parasuraman, Zeithaml & Berry 1988, SERVQUAL).
 *
 * All functions read moments and fill a struct the caller owns; nothing allocates. Variables e and p are
 * indices into the moments: items or scores. `level` is the confidence level, 0 < level < 1 (0.95).
 *
 * Weights: m holds sums of w, m2 (`squared` in the names) the same sums of w² over the same rows and origins.
 * Then the mean is Σwd/Σw, its squared SE n/(n−1)·Σw²(d−d̄)²/(Σw)² (linearised; Särndal, Swensson & Wretman
 * 1992, 5.7), df = n − 1, and n_effective = (Σw)²/Σw² (Kish 1965). Without weights m2 is NULL and these are
 * the ordinary paired t quantities. Weighted m without m2 is MG_E_INVALID. Fewer than two rows is
 * MG_E_INESTIMABLE. On failure *ret is untouched. */
#ifndef MG_STATS_GAP_GAP_H
#define MG_STATS_GAP_GAP_H

#include <stddef.h>

#include "base/err.h"
#include "stats/moments/moments.h"

enum mg_gap_flag {
    MG_GAP_CONSTANT = 1, /* no spread: all differences (single: all answers) are equal; the gap's interval, t,
                            p and d_z are NaN */
    MG_GAP_SINGLE = 2,   /* one variable only; there is no gap */
    MG_GAP_UNPAIRED = 4, /* expectation and perception come from different people (Welch) */
    MG_GAP_WEIGHTED = 8,
    MG_GAP_COMBINED = 16 /* a weighted sum of gaps */
};

struct mg_gap_stat {
    unsigned flags;        /* of enum mg_gap_flag */
    double n, n_effective; /* pairs (unpaired: both groups together; combined: the smallest dimension's) */
    /* Intervals are NaN where a side has no spread. */
    double mean_e, sd_e, low_e, high_e, df_e;
    double mean_p, sd_p, low_p, high_p, df_p;
    double gap, sd, se, low, high; /* sd: of the differences */
    double t, df, p;               /* two-sided test of gap = 0 */
    double d_z;                    /* gap / sd (Cohen 1988); NaN when unpaired or combined */
    double r_ep;                   /* correlation of E and P */
};

/* Paired: rows in which both e and p are answered. */
MG_CHECKED int mg_gap_paired(const struct mg_moments *m, const struct mg_moments *m2, size_t e, size_t p,
                             double level, struct mg_gap_stat *ret, struct mg_error *error);

/* One variable: n, mean_p, sd_p, low_p, high_p, se; everything of E and of the gap is NaN. For an
 * expectation-only variable read mean_p as its mean. */
MG_CHECKED int mg_gap_single(const struct mg_moments *m, const struct mg_moments *m2, size_t i, double level,
                             struct mg_gap_stat *ret, struct mg_error *error);

/* Unpaired: e from me, p from mp (the same moments are fine: then e and p are taken as independent). Each
 * side over all rows that have it; df by Welch (1947) and Satterthwaite (1946). sd, d_z, r_ep are NaN. */
MG_CHECKED int mg_gap_welch(const struct mg_moments *me, const struct mg_moments *me2, size_t e,
                            const struct mg_moments *mp, const struct mg_moments *mp2, size_t p, double level,
                            struct mg_gap_stat *ret, struct mg_error *error);

/* Overall: Σ wₖ ḡₖ / Σ wₖ over n gaps (e[k], p[k]), e.g. dimensions by their importance; mean_e and mean_p
 * are weighted the same way. The SE comes from the covariances of the mean gaps over the rows that have both,
 * so people who miss a dimension still count in the others. Exact when e[k] is present where p[k] is (scores
 * with partners); else pairwise approximate. df = smallest nₖ − 1. Weights ≥ 0 with a positive sum, else
 * MG_E_INVALID; NULL = equal. sd, sd_e, sd_p, d_z and r_ep are NaN. */
MG_CHECKED int mg_gap_combine(const struct mg_moments *m, const struct mg_moments *m2, const size_t *e,
                              const size_t *p, const double *weight, size_t n, double level,
                              struct mg_gap_stat *ret, struct mg_error *error);

/* The same over two samples: e and p come from different people, each side over the rows that have it. Its SE
 * is that of the sides' weighted means, with df by Welch and Satterthwaite; n and n_effective are the two
 * sides' smallest dimensions together. */
MG_CHECKED int mg_gap_combine_welch(const struct mg_moments *m, const struct mg_moments *m2, const size_t *e,
                                    const size_t *p, const double *weight, size_t n, double level,
                                    struct mg_gap_stat *ret, struct mg_error *error);

/* Why t is NaN or what is special, in `lang`; "" when there is nothing to say. */
const char *mg_gap_note(const struct mg_gap_stat *stat, enum mg_lang lang);

#endif
