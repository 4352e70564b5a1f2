/* Scores: NPS, CSAT, CES, percent-of-maximum index, each a formula with a name and a version, never mixed.
 *
 * Each is the mean of one variable of moments: of the answers themselves, or, for NPS and top boxes, of how
 * many cuts an answer reaches (mg_score_cuts). Where the moments have buckets (weights, people asked more
 * than once) standard errors are the jackknife's, on n_eff − 1 degrees of freedom. Nothing allocates.
 * Of one answer, or of one person's, the score is given, but no interval of a mean. MG_E_INESTIMABLE: no
 * answers. MG_E_INVALID: a mean off the formula's scale, or two
 * scores of different formula or scale in one change. On failure *ret is untouched. */
#ifndef MG_STATS_SCORE_SCORE_H
#define MG_STATS_SCORE_SCORE_H

#include <stddef.h>

#include "base/err.h"
#include "stats/moments/moments.h"

/* Formula names; a change of formula changes the number after the dash. */
#define MG_SCORE_NPS                                                                                         \
    "nps-2" /* 100 (share of 9–10 − share of 0–6) on 0–10; SE of the three-cell multinomial */
#define MG_SCORE_CSAT_TOP2 "csat-top2-1" /* 100 × share of the two highest answers; Wilson interval */
#define MG_SCORE_CSAT_TOP "csat-top-1"   /* 100 × share of a top box that the study names; Wilson interval */
#define MG_SCORE_CSAT_MEAN "csat-mean-1" /* mean on its own scale; t interval */
#define MG_SCORE_CSAT_INDEX "csat-percent-1" /* percent of maximum: 100 (mean − min)/(max − min) */
#define MG_SCORE_CES_MEAN "ces-mean-1"       /* mean effort answer on its own scale */
#define MG_SCORE_CES_TOP2 "ces-top2-1"       /* 100 × share of the two highest answers */
#define MG_SCORE_CES_TOP "ces-top-1"         /* 100 × share of a top box that the study names */
#define MG_SCORE_INDEX "index-1"             /* 100 (mean − min)/(max − min) of any item or score */
#define MG_SCORE_SHARE "share-1"             /* 100 × share of ones of a 0/1 variable; Wilson interval */
#define MG_SCORE_MEAN "mean-1"               /* plain mean */

struct mg_score_rule {
    const char *formula; /* one of the names above */
    double min, max;     /* the answers' scale; of MG_SCORE_SHARE 0 and 1 */
    double from;         /* of a top box: its lowest answer, above min; else NaN */
};

struct mg_score {
    const char *formula; /* NULL: there is no score */
    double scale_min, scale_max, from;
    double n, n_effective;
    double value, se, low, high;
    double df; /* of the SE; INFINITY: of independent answers to a share or NPS */
    double promoters, passives, detractors; /* NPS shares, 0–1; else NaN */
    const struct mg_moments *m;             /* borrowed: what it was made of */
    size_t variable;
};

/* The cuts that the variable must have (moments.h): 9 and 7 for NPS, `from` for a top box, none for means.
 * Returns their number. */
size_t mg_score_cuts(const struct mg_score_rule *rule, double ret_cuts[2]);

/* From variable i of the moments.
 *
 * NPS: Rocks's (2016) adjusted Wald, from ¾ promoter, ¾ detractor and 1½ passives more. Shares: Wilson's
 * interval. Both of the effective n; with buckets of as many answers as have that SE, made fewer by (z/t)²
 * for the degrees of freedom (Korn and Graubard 1998, Survey Methodology 24). */
MG_CHECKED int mg_score_estimate(const struct mg_score_rule *rule, const struct mg_moments *m, size_t i,
                                 double level, struct mg_score *ret, struct mg_error *error);

/* Wilson (1927) interval of a share (0–1) of n answers; with weights give the effective n. (0, 1) for n = 0.
 */
void mg_wilson(double share, double n, double level, double *ret_low, double *ret_high);

/* Change between two samples (waves): after − before. With buckets in both, the same people may stand in
 * both: the SE is then the jackknife's, a bucket left out of both at once. */
struct mg_change {
    double value, se, low, high;
    double statistic, df, p; /* z (df = INFINITY) for shares and NPS, Welch's t for means */
};

MG_CHECKED int mg_score_change(const struct mg_score *before, const struct mg_score *after, double level,
                               struct mg_change *ret, struct mg_error *error);

#endif
