/* Scores are means of an answer recoded: NPS of 0, 1, 2 (cuts reached), a top share of 0, 1, an index of the
 * answer moved to 0–100. So there is one estimate of the mean, a table that says how each formula recodes,
 * and one place for each kind of interval. The multinomial variance of NPS is that of the recoded answers
 * with divisor n. */
#include "stats/score/score.h"

#include <math.h>
#include <string.h>

#include "stats/dist/dist.h"
#include "stats/gap/gap.h"

#define DF_LEAST 0.1 /* t with fewer has no quantile worth the name */

enum kind { KIND_NPS, KIND_SHARE, KIND_MEAN, KIND_PERCENT };

static const struct {
    const char *name;
    enum kind kind;
} formulas[] = {
    {MG_SCORE_NPS, KIND_NPS},        {MG_SCORE_CSAT_TOP2, KIND_SHARE},    {MG_SCORE_CES_TOP2, KIND_SHARE},
    {MG_SCORE_SHARE, KIND_SHARE},    {MG_SCORE_CSAT_MEAN, KIND_MEAN},     {MG_SCORE_CES_MEAN, KIND_MEAN},
    {MG_SCORE_MEAN, KIND_MEAN},      {MG_SCORE_CSAT_INDEX, KIND_PERCENT}, {MG_SCORE_INDEX, KIND_PERCENT},
    {MG_SCORE_CSAT_TOP, KIND_SHARE}, {MG_SCORE_CES_TOP, KIND_SHARE},
};

static int find_kind(const char *formula, enum kind *ret, struct mg_error *error)
{
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++)
        if (strcmp(formulas[i].name, formula) == 0) {
            *ret = formulas[i].kind;
            return 0;
        }
    return mg_fail(error, MG_E_INVALID, "There is no score formula \"%s\".", formula);
}

static int check_options(double min, double max, double level, struct mg_error *error)
{
    if (!(level > 0 && level < 1))
        return mg_fail(error, MG_E_INVALID, "The confidence level must lie between 0 and 1.");
    if (!(min < max))
        return mg_fail(error, MG_E_INVALID, "The scale's minimum %g is not below its maximum %g.", min, max);
    return 0;
}

/* Of the score's degrees of freedom; infinite where there are hardly any. */
static double critical(const struct mg_score *score, double level)
{
    return score->df > DF_LEAST ? mg_t_quantile(0.5 + level / 2, score->df) : INFINITY;
}

static void mean_interval(struct mg_score *score, double level)
{
    double half = score->se > 0 && score->df > 0 ? critical(score, level) * score->se : NAN;
    score->low = score->value - half;
    score->high = score->value + half;
}

/* As many independent answers as give a normal interval of the width that t's would have. */
static double answers_behind(const struct mg_score *score, double n, double level)
{
    double ratio = mg_normal_quantile(0.5 + level / 2) / critical(score, level);
    return n * ratio * ratio;
}

/* Of independent answers with this spread as many as have the score's SE; where there is none, those of the
 * people behind it. */
static double answers_of_spread(const struct mg_score *score, double spread, double level)
{
    double n = score->m->buckets ? score->df + 1 : score->n_effective;
    if (score->m->buckets && score->se > 0 && spread > 0)
        n = 1e4 * spread / (score->se * score->se); /* Kish's design effect */
    return answers_behind(score, n, level);
}

static void share_interval(struct mg_score *score, double level)
{
    double share = score->value / 100;
    mg_wilson(share, answers_of_spread(score, share * (1 - share), level), level, &score->low, &score->high);
    score->low *= 100;
    score->high *= 100;
}

/* Three people more, one in four of them a promoter, one a detractor; it always holds the score itself. */
static void nps_interval(struct mg_score *score, double level)
{
    double net = score->value / 100, spread = score->promoters + score->detractors - net * net;
    double asked = answers_of_spread(score, spread, level), n = asked + 3,
           up = (score->promoters * asked + 0.75) / n, down = (score->detractors * asked + 0.75) / n;
    double half = mg_normal_quantile(0.5 + level / 2) * sqrt((up + down - (up - down) * (up - down)) / n);
    if (asked < 1) /* nothing is known */
        half = INFINITY;
    score->low = fmax(-100, fmin(score->value, 100 * (up - down - half)));
    score->high = fmin(100, fmax(score->value, 100 * (up - down + half)));
}

/* Shares of those who reach two cuts, one, none: from Σv and Σv² of v = 0, 1, 2. */
static void nps_shares(struct mg_score *score)
{
    const struct mg_moments *m = score->m;
    size_t ii = mg_moments_at(m, score->variable, score->variable);
    double weight = m->weight[ii];
    score->promoters = (m->sq[ii] - m->sum[ii]) / 2 / weight;
    score->passives = (2 * m->sum[ii] - m->sq[ii]) / weight;
    score->detractors = fmax(0, 1 - score->promoters - score->passives);
    score->value = 100 * (score->promoters - score->detractors);
}

static int check_rule(const struct mg_score_rule *rule, enum kind kind, struct mg_error *error)
{
    if (kind == KIND_NPS && (rule->min != 0 || rule->max != 10))
        return mg_fail(error, MG_E_INVALID, "NPS needs answers from 0 to 10, not from %g to %g.", rule->min,
                       rule->max);
    if (kind == KIND_SHARE && strcmp(rule->formula, MG_SCORE_SHARE) != 0 &&
        !(rule->from > rule->min && rule->from <= rule->max))
        return mg_fail(error, MG_E_INVALID, "A top box from %g has no meaning on a scale of %g to %g.",
                       rule->from, rule->min, rule->max);
    return 0;
}

size_t mg_score_cuts(const struct mg_score_rule *rule, double ret_cuts[2])
{
    if (strcmp(rule->formula, MG_SCORE_NPS) == 0) {
        ret_cuts[0] = 7, ret_cuts[1] = 9;
        return 2;
    }
    ret_cuts[0] = rule->from;
    return isnan(rule->from) ? 0 : 1;
}

/* Mean, SE and df of the variable; of one answer, or one person's answers, only the mean. */
static int estimate_mean(const struct mg_moments *m, size_t i, double level, struct mg_gap_stat *ret,
                         struct mg_error *error)
{
    double n = mg_moments_count(m, i, i);
    if (n < 1)
        return mg_fail(error, MG_E_INESTIMABLE, "There are no answers.");
    int rc = n > 1 ? mg_gap_single(m, i, level, ret, error) : MG_E_INESTIMABLE;
    if (rc != MG_E_INESTIMABLE)
        return rc;
    *ret = (struct mg_gap_stat){
        .mean_p = mg_moments_mean(m, i, i), .n = n, .n_effective = 1, .df = m->buckets ? 0 : INFINITY};
    return 0;
}

static struct mg_score begin(const struct mg_score_rule *rule, const struct mg_moments *m, size_t i,
                             const struct mg_gap_stat *mean)
{
    return (struct mg_score){.formula = rule->formula,
                             .scale_min = rule->min,
                             .scale_max = rule->max,
                             .from = rule->from,
                             .n = mean->n,
                             .n_effective = mean->n_effective,
                             .value = mean->mean_p,
                             .se = mean->se,
                             .df = mean->df,
                             .promoters = NAN,
                             .passives = NAN,
                             .detractors = NAN,
                             .m = m,
                             .variable = i};
}

/* What one point of the variable's mean is in the score. */
static double scale_of(const struct mg_score *score, enum kind kind)
{
    if (kind == KIND_MEAN)
        return 1;
    return kind == KIND_PERCENT ? 100 / (score->scale_max - score->scale_min) : 100;
}

/* From the variable's mean to the score: its value, SE and df. A share's SE has divisor n where a mean's has
 * n − 1, and is normal. */
static void finish(struct mg_score *score, enum kind kind)
{
    double origin = kind == KIND_PERCENT ? score->scale_min : 0;
    score->value = (score->value - origin) * scale_of(score, kind);
    score->se *= scale_of(score, kind);
    if (kind == KIND_MEAN || kind == KIND_PERCENT || score->m->buckets)
        return;
    score->se *= sqrt((score->n - 1) / score->n);
    score->df = INFINITY;
}

int mg_score_estimate(const struct mg_score_rule *rule, const struct mg_moments *m, size_t i, double level,
                      struct mg_score *ret, struct mg_error *error)
{
    enum kind kind = KIND_MEAN;
    struct mg_gap_stat mean;
    int rc = find_kind(rule->formula, &kind, error);
    if (!rc)
        rc = check_options(rule->min, rule->max, level, error);
    if (!rc)
        rc = check_rule(rule, kind, error);
    if (!rc)
        rc = estimate_mean(m, i, level, &mean, error);
    if (rc)
        return rc;
    double low = kind == KIND_NPS || kind == KIND_SHARE ? 0 : rule->min;
    double high = kind == KIND_NPS ? 2 : kind == KIND_SHARE ? 1 : rule->max;
    double slack = 1e-9 * (high - low); /* rounding of the mean */
    if (mean.mean_p < low - slack || mean.mean_p > high + slack)
        return mg_fail(error, MG_E_INVALID, "The mean %g lies outside the scale %g to %g.", mean.mean_p, low,
                       high);
    struct mg_score score = begin(rule, m, i, &mean);
    finish(&score, kind);
    if (kind == KIND_NPS) {
        nps_shares(&score);
        nps_interval(&score, level);
    } else if (kind == KIND_SHARE) {
        share_interval(&score, level);
    } else {
        mean_interval(&score, level);
    }
    *ret = score;
    return 0;
}

void mg_wilson(double share, double n, double level, double *ret_low, double *ret_high)
{
    double z2 = pow(mg_normal_quantile(0.5 + level / 2), 2);
    double centre = (n * share + z2 / 2) / (n + z2);
    double half = sqrt(z2 * (n * share * (1 - share) + z2 / 4)) / (n + z2);
    *ret_low = fmax(0, centre - half);
    *ret_high = fmin(1, centre + half);
}

static int check_change(const struct mg_score *before, const struct mg_score *after, struct mg_error *error)
{
    if (strcmp(before->formula, after->formula) != 0)
        return mg_fail(error, MG_E_INVALID, "A change needs one formula, not \"%s\" before and \"%s\" after.",
                       before->formula, after->formula);
    if (before->scale_min != after->scale_min || before->scale_max != after->scale_max)
        return mg_fail(error, MG_E_INVALID,
                       "A change needs one scale, not %g to %g before and %g to %g after.", before->scale_min,
                       before->scale_max, after->scale_min, after->scale_max);
    if (!isnan(before->from) && before->from != after->from)
        return mg_fail(error, MG_E_INVALID,
                       "A change needs one top box, not from %g before and from %g after.", before->from,
                       after->from);
    return 0;
}

/* SE and df of the difference, where people may stand in both. */
static int change_of_buckets(const struct mg_score *before, const struct mg_score *after, double level,
                             struct mg_change *change, struct mg_error *error)
{
    size_t i = before->variable, j = after->variable;
    const struct mg_gap_of was = {.m = before->m, .e = &i, .p = &i, .n = 1},
                           is = {.m = after->m, .e = &j, .p = &j, .n = 1};
    struct mg_gap_change difference;
    int rc = mg_gap_change(&was, &is, MG_GAP_PERCEIVED, level, &difference, error);
    if (rc)
        return rc;
    enum kind kind = KIND_MEAN;
    rc = find_kind(after->formula, &kind, error);
    change->se = difference.se * scale_of(after, kind);
    change->df = difference.df;
    return rc;
}

int mg_score_change(const struct mg_score *before, const struct mg_score *after, double level,
                    struct mg_change *ret, struct mg_error *error)
{
    int rc = check_options(0, 1, level, error);
    if (!rc)
        rc = check_change(before, after, error);
    if (rc)
        return rc;
    double v_b = before->se * before->se, v_a = after->se * after->se, v = v_b + v_a;
    struct mg_change change = {.value = after->value - before->value, .se = sqrt(v)};
    change.df = isinf(before->df) ? INFINITY : v * v / (v_b * v_b / before->df + v_a * v_a / after->df);
    if (before->m->buckets && after->m->buckets)
        rc = change_of_buckets(before, after, level, &change, error);
    if (rc)
        return rc;
    bool has = change.se > 0 && change.df > 0;
    change.statistic = has ? change.value / change.se : NAN;
    change.p = has ? mg_t_two_sided(change.statistic, change.df) : NAN;
    double half = has ? mg_t_quantile(0.5 + level / 2, change.df) * change.se : NAN;
    change.low = change.value - half;
    change.high = change.value + half;
    *ret = change;
    return 0;
}
