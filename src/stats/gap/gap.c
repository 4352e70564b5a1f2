/* Gaps from moments.
 *
 * Everything here is a mean of a contrast c_e·E + c_p·P: E is (1, 0), P is (0, 1) and the gap is (−1, 1).
 * Paired, both means are over the rows that have both; its squared SE needs only Σ(d−d̄)², which is the sum of
 * squares about the origin, corrected by the mean: Q − 2cS + c²W. For small whole answers Q, S and W are
 * exact integers, so a constant difference gives an exact zero; for scores, what is below ROUNDING of the sum
 * of squares is zero.
 *
 *   estimate_contrast ──▶ mean, and its SE ── with buckets ── by the jackknife
 *                                        └── without ── of pairs: paired_variance
 *                                                   └── of samples: overlap_variance */
#include "stats/gap/gap.h"

#include <math.h>

#include "stats/dist/dist.h"
#include "stats/resample/jackknife.h"

#define ROUNDING 1e-13

/* What is known of one contrast. */
struct estimate {
    double mean, sd, se, df;
};

struct contrast {
    double e, p;
};

static const struct contrast contrasts[] = {
    [MG_GAP_EXPECTED] = {1, 0}, [MG_GAP_PERCEIVED] = {0, 1}, [MG_GAP_DIFFERENCE] = {-1, 1}};

static int check_level(double level, struct mg_error *error)
{
    return level > 0 && level < 1
               ? 0
               : mg_fail(error, MG_E_INVALID, "The confidence level must lie between 0 and 1.");
}

static int check(const struct mg_moments *m, double level, struct mg_error *error)
{
    if (m->weight != m->count && !m->buckets)
        return mg_fail(error, MG_E_INVALID, "Weighted data also need sums by bucket.");
    return check_level(level, error);
}

/* ---- One pair of variables ---- */

/* Σ d, Σ d² and Σ w (about the origins) of the contrast over rows that have both e and p. */
struct sums {
    double total, squares, weight, scale; /* scale: what rounding is measured against */
};

static struct sums contrast_sums(const struct mg_moments *m, size_t e, size_t p, struct contrast c)
{
    size_t ep = mg_moments_at(m, e, p), pe = mg_moments_at(m, p, e);
    double squares = c.e * c.e * m->sq[ep] + c.p * c.p * m->sq[pe];
    return (struct sums){
        .total = c.e * m->sum[ep] + c.p * m->sum[pe],
        .squares = squares + 2 * c.e * c.p * m->xx[ep],
        .weight = m->weight[ep],
        .scale = squares,
    };
}

static double squares_about(struct sums s, double centre)
{
    double about = s.squares - centre * (2 * s.total - centre * s.weight);
    return about > ROUNDING * s.scale ? about : 0;
}

/* Mean, sd, and the SE of independent rows. */
static struct estimate estimate_rows(const struct mg_moments *m, size_t e, size_t p, struct contrast c)
{
    struct sums s = contrast_sums(m, e, p, c);
    double n = mg_moments_count(m, e, p), bessel = n / (n - 1), centre = s.total / s.weight;
    double squares = bessel * squares_about(s, centre);
    return (struct estimate){
        .mean = centre + c.e * m->origin[e] + c.p * m->origin[p],
        .sd = sqrt(squares / s.weight),
        .se = sqrt(squares) / s.weight,
        .df = n - 1,
    };
}

/* ---- Several pairs ---- */

static double share(const struct mg_gap_of *of, size_t k)
{
    double sum = 0;
    for (size_t l = 0; of->weight && l < of->n; l++)
        sum += of->weight[l];
    return of->weight ? of->weight[k] / sum : 1 / (double)of->n;
}

/* What must be answered beside a side's variable for a row to count in its mean. */
static size_t beside(const struct mg_gap_of *of, size_t k, bool perceived)
{
    if (of->paired)
        return perceived ? of->e[k] : of->p[k];
    return perceived ? of->p[k] : of->e[k];
}

static double side_count(const struct mg_gap_of *of, size_t k, bool perceived)
{
    size_t i = perceived ? of->p[k] : of->e[k];
    return mg_moments_count(of->m, i, of->paired ? beside(of, k, perceived) : i);
}

static double mean_of(const struct mg_gap_of *of, struct contrast c)
{
    double mean = 0;
    for (size_t k = 0; k < of->n; k++) {
        double e = c.e != 0 ? c.e * mg_moments_mean(of->m, of->e[k], beside(of, k, false)) : 0;
        double p = c.p != 0 ? c.p * mg_moments_mean(of->m, of->p[k], beside(of, k, true)) : 0;
        mean += share(of, k) * (e + p);
    }
    return mean;
}

/* Σ(xᵢ − aᵢ)(xⱼ − aⱼ) over rows that have i and j. */
static double cross_about(const struct mg_moments *m, size_t i, size_t j, double a_i, double a_j)
{
    size_t ij = mg_moments_at(m, i, j), ji = mg_moments_at(m, j, i);
    double d_i = a_i - m->origin[i], d_j = a_j - m->origin[j];
    return m->xx[ij] - d_j * m->sum[ij] - d_i * m->sum[ji] + d_i * d_j * m->weight[ij];
}

/* The same over `joint` of them, by weight: all that have two pairs, where more rows have these two. */
static double cross_joint(const struct mg_moments *m, size_t i, size_t j, double a_i, double a_j,
                          double joint)
{
    return cross_about(m, i, j, a_i, a_j) * joint / mg_moments_weight(m, i, j);
}

/* Covariance of the mean contrasts of pairs k and l ≠ k. Rows of one side only (a perception without its
 * minimum) tell how the sides vary together, but have no part in the means. */
static double paired_covariance(const struct mg_gap_of *of, size_t k, size_t l, struct contrast c)
{
    const struct mg_moments *m = of->m;
    size_t e_k = of->e[k], p_k = of->p[k], e_l = of->e[l], p_l = of->p[l];
    double n = fmin(mg_moments_count(m, p_k, p_l), mg_moments_count(m, e_k, e_l));
    double w = fmin(mg_moments_weight(m, p_k, p_l), mg_moments_weight(m, e_k, e_l));
    if (n < 2)
        return 0; /* nobody answered both: independent */
    double ae_k = mg_moments_mean(m, e_k, p_k), ap_k = mg_moments_mean(m, p_k, e_k);
    double ae_l = mg_moments_mean(m, e_l, p_l), ap_l = mg_moments_mean(m, p_l, e_l);
    double cross = c.p * c.p * cross_joint(m, p_k, p_l, ap_k, ap_l, w) +
                   c.e * c.e * cross_joint(m, e_k, e_l, ae_k, ae_l, w) +
                   c.e * c.p * cross_joint(m, p_k, e_l, ap_k, ae_l, w) +
                   c.e * c.p * cross_joint(m, e_k, p_l, ae_k, ap_l, w);
    return n / (n - 1) * cross / mg_moments_weight(m, e_k, p_k) / mg_moments_weight(m, e_l, p_l);
}

/* NaN when the pairwise covariances contradict each other. */
static double paired_se(const struct mg_gap_of *of, struct contrast c)
{
    double variance = 0, diagonal = 0;
    for (size_t k = 0; k < of->n; k++) {
        double se = estimate_rows(of->m, of->e[k], of->p[k], c).se;
        diagonal += share(of, k) * share(of, k) * se * se;
        for (size_t l = 0; l < k && se > 0; l++) /* a constant has no covariance but rounding */
            variance += 2 * share(of, k) * share(of, l) * paired_covariance(of, k, l, c);
    }
    variance += diagonal;
    return fabs(variance) > ROUNDING * diagonal ? sqrt(variance) : 0;
}

/* Covariance of the means of i and j, each over the rows that have it: n_ij/(n_i n_j) r s_i s_j. */
static double sample_covariance(const struct mg_moments *m, size_t i, size_t j)
{
    double n_i = mg_moments_count(m, i, i), n_j = mg_moments_count(m, j, j);
    double v_i = mg_moments_var(m, i, i), v_j = mg_moments_var(m, j, j);
    if (i == j)
        return v_i / n_i;
    double r = mg_moments_cor(m, i, j), both = mg_moments_count(m, i, j);
    return isnan(r) || both < 3 ? 0 : both / (n_i * n_j) * r * sqrt(v_i * v_j);
}

static double overlap_se(const struct mg_gap_of *of, struct contrast c)
{
    double variance = 0, diagonal = 0;
    size_t sides = 2 * of->n; /* even: expectations, odd: perceptions */
    for (size_t a = 0; a < sides; a++) {
        double c_a = share(of, a / 2) * (a % 2 ? c.p : c.e);
        size_t i = a % 2 ? of->p[a / 2] : of->e[a / 2];
        for (size_t b = 0; b <= a; b++) {
            double c_b = share(of, b / 2) * (b % 2 ? c.p : c.e);
            size_t j = b % 2 ? of->p[b / 2] : of->e[b / 2];
            if (c_a == 0 || c_b == 0)
                continue;
            double part = c_a * c_b * sample_covariance(of->m, i, j);
            diagonal += a == b ? part : 0;
            variance += a == b ? part : 2 * part;
        }
    }
    return fabs(variance) > ROUNDING * diagonal ? sqrt(variance) : 0;
}

/* ---- Any contrast ---- */

static int add_terms(struct mg_jackknife_sum *sum, const struct mg_gap_of *of, struct contrast c, double sign,
                     struct mg_error *error)
{
    int rc = 0;
    for (size_t k = 0; k < of->n && !rc; k++) {
        double coefficient = sign * share(of, k);
        if (c.e != 0)
            rc = mg_jackknife_add(sum, of->m, of->e[k], beside(of, k, false), coefficient * c.e, error);
        if (!rc && c.p != 0)
            rc = mg_jackknife_add(sum, of->m, of->p[k], beside(of, k, true), coefficient * c.p, error);
    }
    return rc;
}

static int jackknife(const struct mg_gap_of *of, struct contrast c, struct estimate *estimate,
                     struct mg_error *error)
{
    struct mg_jackknife_sum sum;
    mg_jackknife_begin(&sum);
    int rc = add_terms(&sum, of, c, 1, error);
    if (rc)
        return rc;
    estimate->se = estimate->sd == 0 ? 0 : mg_jackknife_se(&sum);
    estimate->df = sum.df;
    return 0;
}

static double fewest(const struct mg_gap_of *of, bool perceived)
{
    double n = INFINITY;
    for (size_t k = 0; k < of->n; k++)
        n = fmin(n, side_count(of, k, perceived));
    return n;
}

static int estimate_contrast(const struct mg_gap_of *of, enum mg_gap_side side, struct estimate *ret,
                             struct mg_error *error)
{
    struct contrast c = contrasts[side];
    bool one = of->n == 1 && (of->paired || side != MG_GAP_DIFFERENCE);
    size_t i = side == MG_GAP_EXPECTED ? of->e[0] : of->p[0];
    if (one && of->paired)
        *ret = estimate_rows(of->m, of->e[0], of->p[0], c);
    else if (one)
        *ret = estimate_rows(of->m, i, i, contrasts[MG_GAP_PERCEIVED]); /* one variable: either would do */
    else
        *ret = (struct estimate){.mean = mean_of(of, c),
                                 .sd = NAN,
                                 .se = of->m->buckets ? NAN
                                       : of->paired   ? paired_se(of, c)
                                                      : overlap_se(of, c),
                                 .df = fewest(of, side != MG_GAP_EXPECTED) - 1};
    if (of->m->buckets)
        return jackknife(of, c, ret, error);
    return isnan(ret->se) ? mg_fail(error, MG_E_INESTIMABLE,
                                    "Too few people answered all the dimensions for the overall gap to have "
                                    "a standard error.")
                          : 0;
}

static void interval(double mean, double se, double df, double level, double *ret_low, double *ret_high)
{
    double half = se > 0 && df > 0 ? mg_t_quantile(0.5 + level / 2, df) * se : NAN;
    *ret_low = mean - half;
    *ret_high = mean + half;
}

static void set_expected(struct mg_gap_stat *stat, const struct estimate *e, double level)
{
    stat->mean_e = e->mean, stat->sd_e = e->sd, stat->se_e = e->se, stat->df_e = e->df;
    interval(e->mean, e->se, e->df, level, &stat->low_e, &stat->high_e);
}

static void set_perceived(struct mg_gap_stat *stat, const struct estimate *p, double level)
{
    stat->mean_p = p->mean, stat->sd_p = p->sd, stat->se_p = p->se, stat->df_p = p->df;
    interval(p->mean, p->se, p->df, level, &stat->low_p, &stat->high_p);
}

static void set_gap(struct mg_gap_stat *stat, const struct estimate *gap, double level)
{
    stat->gap = gap->mean, stat->sd = gap->sd, stat->se = gap->se, stat->df = gap->df;
    interval(gap->mean, gap->se, gap->df, level, &stat->low, &stat->high);
    stat->t = gap->se > 0 ? gap->mean / gap->se : NAN;
    stat->p = gap->df > 0 ? mg_t_two_sided(stat->t, gap->df) : NAN;
    if (!(gap->se > 0))
        stat->flags |= MG_GAP_CONSTANT;
}

/* All numbers NaN, so that what a function doesn't set is never taken for a result. */
static struct mg_gap_stat blank(unsigned flags, const struct mg_moments *m)
{
    return (struct mg_gap_stat){
        .flags = flags | (m->weight != m->count ? MG_GAP_WEIGHTED : 0) | (m->buckets ? MG_GAP_JACKKNIFE : 0),
        .n = NAN,
        .n_e = NAN,
        .n_p = NAN,
        .n_both = NAN,
        .n_effective = NAN,
        .n_buckets = NAN,
        .mean_e = NAN,
        .sd_e = NAN,
        .se_e = NAN,
        .low_e = NAN,
        .high_e = NAN,
        .df_e = NAN,
        .mean_p = NAN,
        .sd_p = NAN,
        .se_p = NAN,
        .low_p = NAN,
        .high_p = NAN,
        .df_p = NAN,
        .gap = NAN,
        .sd = NAN,
        .se = NAN,
        .low = NAN,
        .high = NAN,
        .t = NAN,
        .df = NAN,
        .p = NAN,
        .d_z = NAN,
        .r_ep = NAN,
    };
}

/* Kish's effective number of the rows that have i and j, and the buckets that hold them. */
static double effective(const struct mg_moments *m, size_t i, size_t j, double *ret_buckets)
{
    size_t link = m->buckets ? mg_moments_link(m, i, j) : SIZE_MAX;
    double weight = 0, squares = 0;
    *ret_buckets = NAN;
    if (link == SIZE_MAX)
        return mg_moments_count(m, i, j);
    *ret_buckets = 0;
    for (size_t g = 0; g < m->buckets->n; g++) {
        struct mg_moments_sums sums = mg_moments_sums(m, g, link);
        weight += sums.weight;
        squares += sums.weight2;
        *ret_buckets += sums.weight > 0;
    }
    return weight > 0 ? weight * weight / squares : 0;
}

/* Numbers of rows and people: of the pair with the fewest. */
static void set_counts(struct mg_gap_stat *stat, const struct mg_gap_of *of)
{
    for (size_t k = 0; k < of->n; k++) {
        double both = mg_moments_count(of->m, of->e[k], of->p[k]), buckets_e, buckets_p;
        double n_e = mg_moments_count(of->m, of->e[k], of->e[k]);
        double n_p = mg_moments_count(of->m, of->p[k], of->p[k]);
        double n = of->paired ? both : n_e + n_p - both;
        if (k > 0 && n >= stat->n)
            continue;
        double n_effective = effective(of->m, of->e[k], beside(of, k, false), &buckets_e);
        if (of->paired)
            buckets_p = buckets_e;
        else
            n_effective = n / (n_e + n_p) * /* the sides' share of it */
                          (n_effective + effective(of->m, of->p[k], beside(of, k, true), &buckets_p));
        stat->n = n, stat->n_e = n_e, stat->n_p = n_p, stat->n_both = both;
        stat->n_effective = n_effective;
        stat->n_buckets = fmin(buckets_e, buckets_p);
    }
}

/* Derrick et al. 2017: between the paired test's degrees of freedom, where all answered both, and Welch's,
 * where nobody did. */
static double overlap_df(const struct mg_gap_stat *stat)
{
    double v_e = stat->se_e * stat->se_e, v_p = stat->se_p * stat->se_p, v = v_e + v_p;
    double welch = v * v / (v_e * v_e / stat->df_e + v_p * v_p / stat->df_p);
    double both = stat->n_both, single = stat->n_e + stat->n_p - 2 * both;
    if (stat->flags & MG_GAP_JACKKNIFE)
        return fmin(welch, stat->df_e + stat->df_p);
    return both - 1 + (welch - both + 1) / (single + 2 * both) * single;
}

static int check_pairs(const struct mg_gap_of *of, struct mg_error *error)
{
    double sum = 0;
    for (size_t k = 0; k < of->n; k++) {
        double weight = of->weight ? of->weight[k] : 1;
        double n_e = side_count(of, k, false), n_p = side_count(of, k, true);
        if (!(weight >= 0 && weight < INFINITY))
            return mg_fail(error, MG_E_INVALID, "Weights of dimensions must be numbers of 0 or more.");
        if (of->paired && n_e < 2)
            return mg_fail(
                error, MG_E_INESTIMABLE,
                "Rows that answer both expectation and perception: %.0f. A gap needs at least two.", n_e);
        if (n_e < 2 || n_p < 2)
            return mg_fail(error, MG_E_INESTIMABLE,
                           "Rows with an answer: %.0f. A mean with an interval needs at least two.",
                           fmin(n_e, n_p));
        sum += weight;
    }
    return sum > 0 ? 0 : mg_fail(error, MG_E_INVALID, "The weights of the dimensions add up to 0.");
}

static unsigned design(const struct mg_gap_of *of)
{
    double both = 0;
    for (size_t k = 0; k < of->n; k++)
        both += mg_moments_count(of->m, of->e[k], of->p[k]);
    unsigned flags = of->n > 1 ? MG_GAP_COMBINED : 0;
    if (of->paired)
        return flags;
    return flags | (both > 0 ? MG_GAP_OVERLAP : MG_GAP_UNPAIRED);
}

int mg_gap_estimate(const struct mg_gap_of *of, double level, struct mg_gap_stat *ret, struct mg_error *error)
{
    struct estimate expected, perceived, gap;
    int rc = check(of->m, level, error);
    if (!rc)
        rc = check_pairs(of, error);
    if (!rc)
        rc = estimate_contrast(of, MG_GAP_EXPECTED, &expected, error);
    if (!rc)
        rc = estimate_contrast(of, MG_GAP_PERCEIVED, &perceived, error);
    if (!rc)
        rc = estimate_contrast(of, MG_GAP_DIFFERENCE, &gap, error);
    if (rc)
        return rc;
    struct mg_gap_stat stat = blank(design(of), of->m);
    set_counts(&stat, of);
    set_expected(&stat, &expected, level);
    set_perceived(&stat, &perceived, level);
    if (!of->paired)
        gap.df = overlap_df(&stat);
    set_gap(&stat, &gap, level);
    if (of->n == 1 && of->paired) {
        stat.d_z = gap.sd > 0 ? gap.mean / gap.sd : NAN;
        stat.r_ep = expected.sd > 0 && perceived.sd > 0 ? mg_moments_cor(of->m, of->e[0], of->p[0]) : NAN;
    }
    *ret = stat;
    return 0;
}

int mg_gap_paired(const struct mg_moments *m, size_t e, size_t p, double level, struct mg_gap_stat *ret,
                  struct mg_error *error)
{
    const struct mg_gap_of of = {.m = m, .e = &e, .p = &p, .n = 1, .paired = true};
    return mg_gap_estimate(&of, level, ret, error);
}

int mg_gap_overlap(const struct mg_moments *m, size_t e, size_t p, double level, struct mg_gap_stat *ret,
                   struct mg_error *error)
{
    const struct mg_gap_of of = {.m = m, .e = &e, .p = &p, .n = 1};
    return mg_gap_estimate(&of, level, ret, error);
}

int mg_gap_single(const struct mg_moments *m, size_t i, double level, struct mg_gap_stat *ret,
                  struct mg_error *error)
{
    const struct mg_gap_of of = {.m = m, .e = &i, .p = &i, .n = 1};
    struct estimate mean;
    int rc = check(m, level, error);
    if (!rc)
        rc = check_pairs(&of, error);
    if (!rc)
        rc = estimate_contrast(&of, MG_GAP_PERCEIVED, &mean, error);
    if (rc)
        return rc;
    struct mg_gap_stat stat = blank(MG_GAP_SINGLE | (mean.se > 0 ? 0 : MG_GAP_CONSTANT), m);
    stat.n = mg_moments_count(m, i, i);
    stat.n_effective = effective(m, i, i, &stat.n_buckets);
    stat.se = mean.se;
    stat.df = mean.df;
    set_perceived(&stat, &mean, level);
    *ret = stat;
    return 0;
}

/* ---- Changes ---- */

/* Of independent samples; infinite where neither has spread. */
static double welch_df(const struct estimate *a, const struct estimate *b)
{
    double v_a = a->se * a->se, v_b = b->se * b->se, v = v_a + v_b;
    return v > 0 ? v * v / ((v_a > 0 ? v_a * v_a / a->df : 0) + (v_b > 0 ? v_b * v_b / b->df : 0)) : INFINITY;
}

static int change_se(const struct mg_gap_of *before, const struct mg_gap_of *after, enum mg_gap_side side,
                     double *ret_se, double *ret_groups, struct mg_error *error)
{
    struct mg_jackknife_sum sum;
    mg_jackknife_begin(&sum);
    int rc = add_terms(&sum, after, contrasts[side], 1, error);
    if (!rc)
        rc = add_terms(&sum, before, contrasts[side], -1, error);
    if (rc)
        return rc;
    *ret_se = mg_jackknife_se(&sum);
    *ret_groups = mg_jackknife_groups(&sum);
    return 0;
}

int mg_gap_change(const struct mg_gap_of *before, const struct mg_gap_of *after, enum mg_gap_side side,
                  double level, struct mg_gap_change *ret, struct mg_error *error)
{
    struct estimate was, is;
    int rc = check(after->m, level, error);
    if (!rc)
        rc = check(before->m, level, error);
    if (!rc)
        rc = check_pairs(before, error);
    if (!rc)
        rc = check_pairs(after, error);
    if (!rc)
        rc = estimate_contrast(before, side, &was, error);
    if (!rc)
        rc = estimate_contrast(after, side, &is, error);
    if (rc)
        return rc;
    struct mg_gap_change change = {
        .value = is.mean - was.mean, .se = hypot(is.se, was.se), .df = welch_df(&is, &was)};
    double groups;
    if (after->m->buckets && before->m->buckets) {
        rc = change_se(before, after, side, &change.se, &groups, error);
        change.df = fmin(change.df, groups - 1);
    }
    if (rc)
        return rc;
    interval(change.value, change.se, change.df, level, &change.low, &change.high);
    change.t = change.se > 0 ? change.value / change.se : NAN;
    change.p = mg_t_two_sided(change.t, change.df);
    *ret = change;
    return 0;
}

double mg_gap_equivalence(double mean, double se, double df, double margin)
{
    if (!(se > 0) || !(margin > 0) || !(df > 0))
        return NAN;
    return mg_t_cdf((fabs(mean) - margin) / se, df);
}

const char *mg_gap_note(const struct mg_gap_stat *stat, enum mg_lang lang)
{
    if (stat->flags & MG_GAP_SINGLE)
        return stat->flags & MG_GAP_CONSTANT
                   ? mg_tr(lang, "Every answer is the same: no interval can be given.")
                   : mg_tr(lang, "Only one side was asked: there is no gap.");
    if (stat->flags & MG_GAP_CONSTANT)
        return mg_tr(lang, "Every difference is the same: no interval and no test can be given.");
    if (stat->flags & MG_GAP_UNPAIRED)
        return stat->flags & MG_GAP_JACKKNIFE
                   ? mg_tr(lang, "Expectation and perception stand in different rows (two samples).")
                   : mg_tr(lang, "Expectation and perception come from different people (Welch).");
    if (stat->flags & MG_GAP_OVERLAP)
        return mg_tr(lang, "Some answered both sides, others one (partially overlapping samples).");
    return "";
}
