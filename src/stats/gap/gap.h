/* Gaps: perception − expectation, with its standard error, interval and test. Negative = short of what was
 * expected (Parasuraman, Zeithaml & Berry 1988, SERVQUAL).
 *
 * All functions read moments and fill a struct the caller owns; nothing allocates. Variables e and p are
 * indices into the moments: items or scores. `level` is the confidence level, 0 < level < 1 (0.95). Fewer
 * than two rows is MG_E_INESTIMABLE. On failure *ret is untouched.
 *
 * Where people answered more than once, and where rows have weights, the moments carry buckets, and standard
 * errors come from leaving out each of these in turn (delete-a-group jackknife, Kott 2001): a bucket holds
 * whole people, so that what one person says twice doesn't count as two opinions. df = n_eff − 1 of the
 * buckets' weights (Kish 1965). Weighted moments without buckets are MG_E_INVALID. Without buckets these are
 * the ordinary t quantities. */
#ifndef MG_STATS_GAP_GAP_H
#define MG_STATS_GAP_GAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "stats/moments/moments.h"

enum mg_gap_flag {
    MG_GAP_CONSTANT = 1, /* no spread: all differences (single: all answers) are equal; the gap's interval, t,
                            p and d_z are NaN */
    MG_GAP_SINGLE = 2,   /* one variable only; there is no gap */
    MG_GAP_UNPAIRED = 4, /* expectation and perception come from different people (Welch) */
    MG_GAP_WEIGHTED = 8,
    MG_GAP_COMBINED = 16, /* a weighted sum of gaps */
    MG_GAP_OVERLAP = 32,  /* some answered both sides, others one (partially overlapping samples) */
    MG_GAP_JACKKNIFE = 64 /* standard errors from buckets */
};

struct mg_gap_stat {
    unsigned flags; /* of enum mg_gap_flag */
    double n; /* rows behind the gap: those with both sides, or with either where the design is no pairs;
                 combined: the smallest dimension's */
    double n_e, n_p, n_both; /* rows with expectation, perception, both; combined: the smallest dimension's */
    double n_effective;      /* (Σw)²/Σw²; n without weights */
    double n_buckets;        /* not empty ones: people at least; NaN without buckets */
    /* Intervals are NaN where a side has no spread. */
    double mean_e, sd_e, se_e, low_e, high_e, df_e;
    double mean_p, sd_p, se_p, low_p, high_p, df_p;
    double gap, sd, se, low, high; /* sd: of the differences */
    double t, df, p;               /* two-sided test of gap = 0 */
    double d_z;                    /* gap / sd (Cohen 1988); NaN when unpaired or combined */
    double r_ep;                   /* correlation of E and P */
};

/* What a gap is made of: n pairs of variables, weighted. One pair is an item or a dimension, several make a
 * whole: Σ wₖ ḡₖ / Σ wₖ. Paired: each mean over the rows that have both sides. Else each side over all rows
 * that have it, whoever answered both. */
struct mg_gap_of {
    const struct mg_moments *m;
    const size_t *e, *p;
    const double *weight; /* n, ≥ 0 with a positive sum, else MG_E_INVALID; NULL: equal */
    size_t n;
    bool paired;
};

/* Paired, one pair: the t test. Several: the SE comes from the covariances of the mean gaps over the rows
 * that have both, so people who miss a dimension still count in the others; exact when e[k] is present where
 * p[k] is (scores with partners), else pairwise approximate; df = smallest nₖ − 1; sd, sd_e, sd_p, d_z and
 * r_ep are NaN.
 *
 * Not paired: t and df of Derrick, Russ, Toher & White 2017 for partially overlapping samples with unequal
 * variances; where nobody answered both it is Welch's (1947) with Satterthwaite's (1946) df. sd, d_z and r_ep
 * are NaN. */
MG_CHECKED int mg_gap_estimate(const struct mg_gap_of *of, double level, struct mg_gap_stat *ret,
                               struct mg_error *error);

/* One pair of variables. */
MG_CHECKED int mg_gap_paired(const struct mg_moments *m, size_t e, size_t p, double level,
                             struct mg_gap_stat *ret, struct mg_error *error);
MG_CHECKED int mg_gap_overlap(const struct mg_moments *m, size_t e, size_t p, double level,
                              struct mg_gap_stat *ret, struct mg_error *error);
/* One variable: n, mean_p, sd_p, se_p, low_p, high_p; everything of E and of the gap but se and df is NaN.
 * For an expectation-only variable read mean_p as its mean. */
MG_CHECKED int mg_gap_single(const struct mg_moments *m, size_t i, double level, struct mg_gap_stat *ret,
                             struct mg_error *error);

/* Which mean changed. */
enum mg_gap_side { MG_GAP_EXPECTED, MG_GAP_PERCEIVED, MG_GAP_DIFFERENCE };

struct mg_gap_change {
    double value, se, low, high, t, df, p; /* after − before */
};

/* The difference of two waves' means. With buckets each is left out of both waves at once, so that people who
 * answered in both count as themselves; without, the waves are independent samples (Welch). Where only
 * perceptions are compared `e` may be equal to `p`. */
MG_CHECKED int mg_gap_change(const struct mg_gap_of *before, const struct mg_gap_of *after,
                             enum mg_gap_side side, double level, struct mg_gap_change *ret,
                             struct mg_error *error);

/* Two one-sided tests (Schuirmann 1987): is the mean within ±margin of 0? p of the less certain side; the
 * mean is "small" where p < 1 − level. */
double mg_gap_equivalence(double mean, double se, double df, double margin);

/* Why t is NaN or what is special, in `lang`; "" when there is nothing to say. */
const char *mg_gap_note(const struct mg_gap_stat *stat, enum mg_lang lang);

#endif
