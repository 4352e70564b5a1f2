/* Scores: NPS, CSAT, CES, percent-of-maximum index, each a formula with a name and a version, never mixed.
 *
 * Two sources: cells (how often each answer was given) and moments (one variable). Weighted cells carry Σw
 * and Σw² per answer, weighted moments carry buckets (see gap.h). Nothing allocates.
 * MG_E_INESTIMABLE: no answers (means: fewer than two). MG_E_INVALID: an answer off the formula's scale, or
 * two scores of different formula or scale in one change. On failure *ret is untouched. */
#ifndef MG_STATS_SCORE_SCORE_H
#define MG_STATS_SCORE_SCORE_H

#include <stddef.h>

#include "base/err.h"
#include "stats/moments/moments.h"

/* Formula names; a change of formula changes the number after the dash. */
#define MG_SCORE_NPS                                                                                         \
    "nps-1" /* 100 (share of 9–10 − share of 0–6) on 0–10; SE of the three-cell multinomial */
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

/* The answers of one question: n distinct values, how many rows gave each, and Σw, Σw² (both NULL:
 * unweighted). */
struct mg_cells {
    const double *value, *count, *weight, *weight2;
    size_t n;
};

struct mg_score {
    const char *formula;         /* one of the names above */
    double scale_min, scale_max; /* the answers' scale */
    double from;                 /* of a top box: its lowest answer; else NaN */
    double n, n_effective;
    double value, se, low, high;
    double df; /* of the t interval; INFINITY where the interval is normal or Wilson */
    double promoters, passives, detractors; /* NPS shares, 0–1; else NaN */
};

/* Where everybody is a promoter, passive or detractor the sample has no spread: the interval is then Rocks's
 * (2016) adjusted Wald, from ¾ promoter, ¾ detractor and 1½ passives more. */
MG_CHECKED int mg_score_nps(const struct mg_cells *cells, double level, struct mg_score *ret,
                            struct mg_error *error);
/* Share of answers ≥ `from`, min < from ≤ max. `formula`: MG_SCORE_CSAT_TOP2 or MG_SCORE_CES_TOP2, the two
 * highest of 4 to 7 whole steps (from = max − 1; which scales these are is the model's business), or
 * MG_SCORE_CSAT_TOP, MG_SCORE_CES_TOP. */
MG_CHECKED int mg_score_top(const char *formula, const struct mg_cells *cells, double min, double max,
                            double from, double level, struct mg_score *ret, struct mg_error *error);
/* `formula`: any of the means and indexes. */
MG_CHECKED int mg_score_mean(const char *formula, const struct mg_cells *cells, double min, double max,
                             double level, struct mg_score *ret, struct mg_error *error);

/* The same from variable i of moments: any of the means and indexes, or MG_SCORE_SHARE of a 0/1 variable
 * (min and max are then 0 and 1). */
MG_CHECKED int mg_score_from_moments(const char *formula, const struct mg_moments *m, size_t i, double min,
                                     double max, double level, struct mg_score *ret, struct mg_error *error);

/* Wilson (1927) interval of a share (0–1) of n answers; with weights give the effective n. (0, 1) for n = 0.
 */
void mg_wilson(double share, double n, double level, double *ret_low, double *ret_high);

/* Change between two independent samples (waves): after − before. */
struct mg_change {
    double value, se, low, high;
    double statistic, df, p; /* z (df = INFINITY) for shares and NPS, Welch's t for means */
};

MG_CHECKED int mg_score_change(const struct mg_score *before, const struct mg_score *after, double level,
                               struct mg_change *ret, struct mg_error *error);

#endif
