/* Scores are means of an answer recoded: NPS of −1, 0, 1, a top-2 share of 0, 1, an index of the answer moved
 * to 0–100. So there is one tally of (Σw, Σwy, Σw²(y−ȳ)²), a table that says how each formula recodes, and
 * one place for each kind of interval. The multinomial variance of NPS is that of the −1/0/1 answers with
 * divisor n. */
#include "stats/score/score.h"

#include <math.h>
#include <string.h>

#include "stats/dist/dist.h"
#include "stats/gap/gap.h"

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

static int wrong_formula(const char *formula, struct mg_error *error)
{
    return mg_fail(error, MG_E_INVALID, "The formula \"%s\" can't be computed this way.", formula);
}

static int check_options(double min, double max, double level, struct mg_error *error)
{
    if (!(level > 0 && level < 1))
        return mg_fail(error, MG_E_INVALID, "The confidence level must lie between 0 and 1.");
    if (!(min < max))
        return mg_fail(error, MG_E_INVALID, "The scale's minimum %g is not below its maximum %g.", min, max);
    return 0;
}

static double recode(enum kind kind, double answer, double from)
{
    if (kind == KIND_NPS)
        return (answer >= 9) - (answer <= 6);
    if (kind == KIND_SHARE)
        return answer >= from;
    return answer;
}

static int check_cells(const struct mg_cells *cells, enum kind kind, double min, double max,
                       struct mg_error *error)
{
    if (!cells->weight != !cells->weight2)
        return mg_fail(error, MG_E_INVALID, "Weighted data also need the sums of the squared weights.");
    for (size_t i = 0; i < cells->n; i++) {
        double answer = cells->value[i];
        if (!(cells->count[i] > 0))
            continue;
        if (!(answer >= min && answer <= max))
            return mg_fail(error, MG_E_INVALID, "The answer %g lies outside the scale %g to %g.", answer, min,
                           max);
        if (kind == KIND_NPS && answer != floor(answer))
            return mg_fail(error, MG_E_INVALID, "NPS needs whole answers from 0 to 10; %g is none.", answer);
    }
    return 0;
}

struct tally {
    double n, w, w2, mean;
    double spread; /* Σw²(y−ȳ)²/(Σw)² */
};

static double cell_weight(const struct mg_cells *cells, size_t i)
{
    return cells->weight ? cells->weight[i] : cells->count[i];
}

/* from: of a share's top box. */
static struct tally tally_cells(const struct mg_cells *cells, enum kind kind, double from)
{
    struct tally t = {0};
    for (size_t i = 0; i < cells->n; i++) {
        if (!(cells->count[i] > 0))
            continue;
        t.n += cells->count[i];
        t.w += cell_weight(cells, i);
        t.w2 += cells->weight2 ? cells->weight2[i] : cells->count[i];
        t.mean += cell_weight(cells, i) * recode(kind, cells->value[i], from);
    }
    t.mean /= t.w;
    for (size_t i = 0; i < cells->n; i++) {
        double d = recode(kind, cells->value[i], from) - t.mean;
        if (cells->count[i] > 0)
            t.spread += (cells->weight2 ? cells->weight2[i] : cells->count[i]) * d * d;
    }
    t.spread /= t.w * t.w;
    return t;
}

static int too_few(double n, double least, struct mg_error *error)
{
    return mg_fail(error, MG_E_INESTIMABLE, "Answers: %.0f. This score needs at least %.0f.", n, least);
}

static void mean_interval(struct mg_score *score, double level)
{
    double half = score->se > 0 ? mg_t_quantile(0.5 + level / 2, score->df) * score->se : NAN;
    score->low = score->value - half;
    score->high = score->value + half;
}

/* A mean on the answers' scale becomes a percentage of the scale. */
static void to_percent(struct mg_score *score)
{
    double factor = 100 / (score->scale_max - score->scale_min);
    score->value = (score->value - score->scale_min) * factor;
    score->se *= factor;
}

static void share_interval(struct mg_score *score, double share, double level)
{
    mg_wilson(share, score->n_effective, level, &score->low, &score->high);
    score->low *= 100;
    score->high *= 100;
    score->df = INFINITY;
}

static struct mg_score begin(const char *formula, double n, double n_effective, double min, double max)
{
    return (struct mg_score){.formula = formula,
                             .n = n,
                             .n_effective = n_effective,
                             .scale_min = min,
                             .scale_max = max,
                             .from = NAN,
                             .promoters = NAN,
                             .passives = NAN,
                             .detractors = NAN};
}

static double cell_share(const struct mg_cells *cells, double low, double high, double total)
{
    double sum = 0;
    for (size_t i = 0; i < cells->n; i++)
        if (cells->count[i] > 0 && cells->value[i] >= low && cells->value[i] <= high)
            sum += cell_weight(cells, i);
    return sum / total;
}

/* Everybody is of one kind: three people more, one in four of them a promoter, one a detractor. */
static void agreed_interval(struct mg_score *score, double level)
{
    double n = score->n_effective + 3, up = (score->promoters * score->n_effective + 0.75) / n,
           down = (score->detractors * score->n_effective + 0.75) / n, net = up - down;
    double half = mg_normal_quantile(0.5 + level / 2) * sqrt((up + down - net * net) / n);
    score->low = fmin(score->value, 100 * (net - half)); /* of one answer it would miss what was answered */
    score->high = fmax(score->value, 100 * (net + half));
}

int mg_score_nps(const struct mg_cells *cells, double level, struct mg_score *ret, struct mg_error *error)
{
    int rc = check_options(0, 10, level, error);
    if (!rc)
        rc = check_cells(cells, KIND_NPS, 0, 10, error);
    if (rc)
        return rc;
    struct tally t = tally_cells(cells, KIND_NPS, NAN);
    if (t.n < 1)
        return too_few(t.n, 1, error);
    struct mg_score score = begin(MG_SCORE_NPS, t.n, t.w * t.w / t.w2, 0, 10);
    score.promoters = cell_share(cells, 9, 10, t.w);
    score.passives = cell_share(cells, 7, 8, t.w);
    score.detractors = cell_share(cells, 0, 6, t.w);
    score.value = 100 * (score.promoters - score.detractors);
    score.se = 100 * sqrt(t.spread);
    score.df = INFINITY;
    if (score.se > 0)
        mean_interval(&score, level);
    else
        agreed_interval(&score, level);
    score.low = fmax(-100, score.low);
    score.high = fmin(100, score.high);
    *ret = score;
    return 0;
}

static int check_box(double min, double max, double from, struct mg_error *error)
{
    if (from > min && from <= max)
        return 0;
    return mg_fail(error, MG_E_INVALID, "A top box from %g has no meaning on a scale of %g to %g.", from, min,
                   max);
}

int mg_score_top(const char *formula, const struct mg_cells *cells, double min, double max, double from,
                 double level, struct mg_score *ret, struct mg_error *error)
{
    enum kind kind = KIND_MEAN;
    int rc = find_kind(formula, &kind, error);
    if (!rc && (kind != KIND_SHARE || strcmp(formula, MG_SCORE_SHARE) == 0))
        rc = wrong_formula(formula, error);
    if (!rc)
        rc = check_options(min, max, level, error);
    if (!rc)
        rc = check_box(min, max, from, error);
    if (!rc)
        rc = check_cells(cells, KIND_SHARE, min, max, error);
    if (rc)
        return rc;
    struct tally t = tally_cells(cells, KIND_SHARE, from);
    if (t.n < 1)
        return too_few(t.n, 1, error);
    struct mg_score score = begin(formula, t.n, t.w * t.w / t.w2, min, max);
    score.from = from;
    score.value = 100 * t.mean;
    score.se = 100 * sqrt(t.spread);
    share_interval(&score, t.mean, level);
    *ret = score;
    return 0;
}

int mg_score_mean(const char *formula, const struct mg_cells *cells, double min, double max, double level,
                  struct mg_score *ret, struct mg_error *error)
{
    enum kind kind = KIND_MEAN;
    int rc = find_kind(formula, &kind, error);
    if (!rc && kind != KIND_MEAN && kind != KIND_PERCENT)
        rc = wrong_formula(formula, error);
    if (!rc)
        rc = check_options(min, max, level, error);
    if (!rc)
        rc = check_cells(cells, kind, min, max, error);
    if (rc)
        return rc;
    struct tally t = tally_cells(cells, kind, NAN);
    if (t.n < 2)
        return too_few(t.n, 2, error);
    struct mg_score score = begin(formula, t.n, t.w * t.w / t.w2, min, max);
    score.value = t.mean;
    score.se = sqrt(t.spread * t.n / (t.n - 1));
    score.df = t.n - 1;
    if (kind == KIND_PERCENT)
        to_percent(&score);
    mean_interval(&score, level);
    *ret = score;
    return 0;
}

/* A share's SE has divisor n where a mean's has n − 1. */
static void finish_share(struct mg_score *score, bool jackknife, double level)
{
    double share = score->value;
    score->value *= 100;
    if (jackknife && score->se > 0 && share > 0 && share < 1)
        score->n_effective = share * (1 - share) / (score->se * score->se); /* Kish's design effect */
    score->se *= 100 * (jackknife ? 1 : sqrt((score->n - 1) / score->n));
    share_interval(score, share, level);
}

int mg_score_from_moments(const char *formula, const struct mg_moments *m, size_t i, double min, double max,
                          double level, struct mg_score *ret, struct mg_error *error)
{
    enum kind kind = KIND_MEAN;
    struct mg_gap_stat mean;
    int rc = find_kind(formula, &kind, error);
    if (!rc && (kind == KIND_NPS || (kind == KIND_SHARE && strcmp(formula, MG_SCORE_SHARE) != 0)))
        rc = wrong_formula(formula, error);
    if (!rc)
        rc = check_options(min, max, level, error);
    if (!rc)
        rc = mg_gap_single(m, i, level, &mean, error);
    if (rc)
        return rc;
    if (kind == KIND_SHARE) {
        min = 0;
        max = 1;
    }
    double slack = 1e-9 * (max - min); /* rounding of the mean */
    if (mean.mean_p < min - slack || mean.mean_p > max + slack)
        return mg_fail(error, MG_E_INVALID, "The mean %g lies outside the scale %g to %g.", mean.mean_p, min,
                       max);
    struct mg_score score = begin(formula, mean.n, mean.n_effective, min, max);
    score.value = mean.mean_p;
    score.se = mean.se;
    score.df = mean.df;
    if (kind == KIND_SHARE) {
        finish_share(&score, mean.flags & MG_GAP_JACKKNIFE, level);
    } else {
        if (kind == KIND_PERCENT)
            to_percent(&score);
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

int mg_score_change(const struct mg_score *before, const struct mg_score *after, double level,
                    struct mg_change *ret, struct mg_error *error)
{
    int rc = check_options(0, 1, level, error);
    if (rc)
        return rc;
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
    double v_b = before->se * before->se, v_a = after->se * after->se, v = v_b + v_a;
    struct mg_change change = {.value = after->value - before->value, .se = sqrt(v)};
    change.df = isinf(before->df) ? INFINITY : v * v / (v_b * v_b / before->df + v_a * v_a / after->df);
    change.statistic = v > 0 ? change.value / change.se : NAN;
    change.p = mg_t_two_sided(change.statistic, change.df);
    double half = v > 0 ? mg_t_quantile(0.5 + level / 2, change.df) * change.se : NAN;
    change.low = change.value - half;
    change.high = change.value + half;
    *ret = change;
    return 0;
}
