/* Gaps from moments.
 *
 * Everything here is a mean of a contrast c_e·E + c_p·P over the rows that have both: E is (1, 0), P is (0,
 * 1) and the gap is (−1, 1). Its squared SE needs only Σw²(d−d̄)², which is the sum of squares about the
 * origin, corrected by the mean: Q − 2cS + c²W with Q, S and W taken from the moments of w² (or of w = 1).
 * For small whole answers Q, S and W are exact integers, so a constant difference gives an exact zero; for
 * scores, what is below ROUNDING of the sum of squares is zero. */
#include "stats/gap/gap.h"

#include <math.h>

#include "stats/dist/dist.h"

#define ROUNDING 1e-13

/* What is known of the mean of one contrast. */
struct estimate {
    double n, n_effective, mean, sd, se;
};

struct contrast {
    double e, p;
};

static const struct contrast EXPECTED = {1, 0}, PERCEIVED = {0, 1}, GAP = {-1, 1};

static int check(const struct mg_moments *m, const struct mg_moments *m2, double level,
                 struct mg_error *error)
{
    if (!(level > 0 && level < 1))
        return mg_fail(error, MG_E_INVALID, "The confidence level must lie between 0 and 1.");
    if (m->weight != m->count && !m2)
        return mg_fail(error, MG_E_INVALID, "Weighted data also need the sums of the squared weights.");
    return 0;
}

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

static struct estimate estimate_mean(const struct mg_moments *m, const struct mg_moments *m2, size_t e,
                                     size_t p, struct contrast c)
{
    struct sums s = contrast_sums(m, e, p, c), s2 = m2 ? contrast_sums(m2, e, p, c) : s;
    double n = mg_moments_count(m, e, p), bessel = n / (n - 1), centre = s.total / s.weight;
    return (struct estimate){
        .n = n,
        .n_effective = s.weight * s.weight / s2.weight,
        .mean = centre + c.e * m->origin[e] + c.p * m->origin[p],
        .sd = sqrt(bessel * squares_about(s, centre) / s.weight),
        .se = sqrt(bessel * squares_about(s2, centre)) / s.weight,
    };
}

static void interval(double mean, double se, double df, double level, double *ret_low, double *ret_high)
{
    double half = se > 0 ? mg_t_quantile(0.5 + level / 2, df) * se : NAN;
    *ret_low = mean - half;
    *ret_high = mean + half;
}

static void set_expected(struct mg_gap_stat *stat, const struct estimate *e, double df, double level)
{
    stat->mean_e = e->mean;
    stat->sd_e = e->sd;
    stat->df_e = df;
    interval(e->mean, e->se, df, level, &stat->low_e, &stat->high_e);
}

static void set_perceived(struct mg_gap_stat *stat, const struct estimate *p, double df, double level)
{
    stat->mean_p = p->mean;
    stat->sd_p = p->sd;
    stat->df_p = df;
    interval(p->mean, p->se, df, level, &stat->low_p, &stat->high_p);
}

static void set_gap(struct mg_gap_stat *stat, double gap, double se, double df, double level)
{
    stat->gap = gap;
    stat->se = se;
    stat->df = df;
    interval(gap, se, df, level, &stat->low, &stat->high);
    stat->t = se > 0 ? gap / se : NAN;
    stat->p = mg_t_two_sided(stat->t, df);
    if (!(se > 0))
        stat->flags |= MG_GAP_CONSTANT;
}

/* All numbers NaN, so that what a function doesn't set is never taken for a result. */
static struct mg_gap_stat blank(unsigned flags, const struct mg_moments *m2)
{
    return (struct mg_gap_stat){
        .flags = flags | (m2 ? MG_GAP_WEIGHTED : 0),
        .n = NAN,
        .n_effective = NAN,
        .mean_e = NAN,
        .sd_e = NAN,
        .low_e = NAN,
        .high_e = NAN,
        .df_e = NAN,
        .mean_p = NAN,
        .sd_p = NAN,
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

int mg_gap_paired(const struct mg_moments *m, const struct mg_moments *m2, size_t e, size_t p, double level,
                  struct mg_gap_stat *ret, struct mg_error *error)
{
    int rc = check(m, m2, level, error);
    if (rc)
        return rc;
    double n = mg_moments_count(m, e, p);
    if (n < 2)
        return mg_fail(error, MG_E_INESTIMABLE,
                       "Rows that answer both expectation and perception: %.0f. A gap needs at least two.",
                       n);
    struct estimate expected = estimate_mean(m, m2, e, p, EXPECTED);
    struct estimate perceived = estimate_mean(m, m2, e, p, PERCEIVED);
    struct estimate gap = estimate_mean(m, m2, e, p, GAP);
    struct mg_gap_stat stat = blank(0, m2);
    stat.n = n;
    stat.n_effective = gap.n_effective;
    set_expected(&stat, &expected, n - 1, level);
    set_perceived(&stat, &perceived, n - 1, level);
    set_gap(&stat, gap.mean, gap.se, n - 1, level);
    stat.sd = gap.sd;
    stat.d_z = gap.sd > 0 ? gap.mean / gap.sd : NAN;
    stat.r_ep = expected.sd > 0 && perceived.sd > 0 ? mg_moments_cor(m, e, p) : NAN;
    *ret = stat;
    return 0;
}

static int too_few(double n, struct mg_error *error)
{
    return mg_fail(error, MG_E_INESTIMABLE,
                   "Rows with an answer: %.0f. A mean with an interval needs at least two.", n);
}

int mg_gap_single(const struct mg_moments *m, const struct mg_moments *m2, size_t i, double level,
                  struct mg_gap_stat *ret, struct mg_error *error)
{
    int rc = check(m, m2, level, error);
    if (rc)
        return rc;
    double n = mg_moments_count(m, i, i);
    if (n < 2)
        return too_few(n, error);
    struct estimate mean = estimate_mean(m, m2, i, i, PERCEIVED);
    struct mg_gap_stat stat = blank(MG_GAP_SINGLE, m2);
    stat.n = n;
    stat.n_effective = mean.n_effective;
    stat.df = n - 1;
    stat.se = mean.se;
    set_perceived(&stat, &mean, n - 1, level);
    if (!(mean.se > 0))
        stat.flags |= MG_GAP_CONSTANT;
    *ret = stat;
    return 0;
}

/* Two means that don't depend on each other, and their difference (Welch). */
static struct mg_gap_stat two_samples(unsigned flags, const struct mg_moments *m2,
                                      const struct estimate *expected, const struct estimate *perceived,
                                      double level)
{
    double v_e = expected->se * expected->se, v_p = perceived->se * perceived->se, v = v_e + v_p;
    double df_e = expected->n - 1, df_p = perceived->n - 1;
    struct mg_gap_stat stat = blank(flags, m2);
    stat.n = expected->n + perceived->n;
    stat.n_effective = expected->n_effective + perceived->n_effective;
    set_expected(&stat, expected, df_e, level);
    set_perceived(&stat, perceived, df_p, level);
    set_gap(&stat, perceived->mean - expected->mean, sqrt(v), v * v / (v_e * v_e / df_e + v_p * v_p / df_p),
            level);
    return stat;
}

int mg_gap_welch(const struct mg_moments *me, const struct mg_moments *me2, size_t e,
                 const struct mg_moments *mp, const struct mg_moments *mp2, size_t p, double level,
                 struct mg_gap_stat *ret, struct mg_error *error)
{
    int rc = check(me, me2, level, error);
    if (!rc)
        rc = check(mp, mp2, level, error);
    if (rc)
        return rc;
    double n_e = mg_moments_count(me, e, e), n_p = mg_moments_count(mp, p, p);
    if (n_e < 2 || n_p < 2)
        return too_few(fmin(n_e, n_p), error);
    struct estimate expected =
        estimate_mean(me, me2, e, e, PERCEIVED); /* one variable: either contrast would do */
    struct estimate perceived = estimate_mean(mp, mp2, p, p, PERCEIVED);
    *ret = two_samples(MG_GAP_UNPAIRED, me2 ? me2 : mp2, &expected, &perceived, level);
    return 0;
}

/* Σ(xᵢ − aᵢ)(xⱼ − aⱼ) over rows that have i and j, times their weights. */
static double cross_about(const struct mg_moments *m, size_t i, size_t j, double a_i, double a_j)
{
    size_t ij = mg_moments_at(m, i, j), ji = mg_moments_at(m, j, i);
    double d_i = a_i - m->origin[i], d_j = a_j - m->origin[j];
    return m->xx[ij] - d_j * m->sum[ij] - d_i * m->sum[ji] + d_i * d_j * m->weight[ij];
}

/* The gaps of one combination, by their indices, with normed weights. */
struct combination {
    const struct mg_moments *m, *m2; /* m2 = m without weights */
    const size_t *e, *p;
    const double *weight; /* NULL: equal */
    double weight_sum;
    size_t n;
};

static double share(const struct combination *all, size_t k)
{
    return (all->weight ? all->weight[k] : 1) / all->weight_sum;
}

/* Covariance of the mean contrasts of k and l ≠ k. */
static double mean_covariance(const struct combination *all, size_t k, size_t l, struct contrast c)
{
    const struct mg_moments *m = all->m, *m2 = all->m2;
    size_t e_k = all->e[k], p_k = all->p[k], e_l = all->e[l], p_l = all->p[l];
    double n = mg_moments_count(m, p_k, p_l);
    if (n < 2)
        return 0; /* nobody answered both: independent */
    double ae_k = mg_moments_mean(m, e_k, p_k), ap_k = mg_moments_mean(m, p_k, e_k);
    double ae_l = mg_moments_mean(m, e_l, p_l), ap_l = mg_moments_mean(m, p_l, e_l);
    double cross = c.p * c.p * cross_about(m2, p_k, p_l, ap_k, ap_l) +
                   c.e * c.e * cross_about(m2, e_k, e_l, ae_k, ae_l) +
                   c.e * c.p * cross_about(m2, p_k, e_l, ap_k, ae_l) +
                   c.e * c.p * cross_about(m2, e_k, p_l, ae_k, ap_l);
    return n / (n - 1) * cross / mg_moments_weight(m, e_k, p_k) / mg_moments_weight(m, e_l, p_l);
}

/* Mean and SE of the weighted sum of one contrast over all gaps; se NaN when the pairwise covariances
 * contradict each other. */
static struct estimate combine_contrast(const struct combination *all, struct contrast c)
{
    struct estimate total = {.n = INFINITY, .n_effective = INFINITY};
    double variance = 0, diagonal = 0;
    for (size_t k = 0; k < all->n; k++) {
        struct estimate one = estimate_mean(all->m, all->m2, all->e[k], all->p[k], c);
        total.n = fmin(total.n, one.n);
        total.n_effective = fmin(total.n_effective, one.n_effective);
        total.mean += share(all, k) * one.mean;
        diagonal += share(all, k) * share(all, k) * one.se * one.se;
        for (size_t l = 0; l < k && one.se > 0; l++) /* a constant has no covariance but rounding */
            variance += 2 * share(all, k) * share(all, l) * mean_covariance(all, k, l, c);
    }
    variance += diagonal;
    total.sd = NAN;
    total.se = fabs(variance) > ROUNDING * diagonal ? sqrt(variance) : 0;
    return total;
}

static int check_combination(struct combination *all, struct mg_error *error)
{
    for (size_t k = 0; k < all->n; k++) {
        double weight = all->weight ? all->weight[k] : 1, n = mg_moments_count(all->m, all->e[k], all->p[k]);
        if (!(weight >= 0 && weight < INFINITY))
            return mg_fail(error, MG_E_INVALID, "Weights of dimensions must be numbers of 0 or more.");
        if (n < 2)
            return mg_fail(
                error, MG_E_INESTIMABLE,
                "Rows that answer both expectation and perception: %.0f. A gap needs at least two.", n);
        all->weight_sum += weight;
    }
    if (!(all->weight_sum > 0))
        return mg_fail(error, MG_E_INVALID, "The weights of the dimensions add up to 0.");
    return 0;
}

int mg_gap_combine(const struct mg_moments *m, const struct mg_moments *m2, const size_t *e, const size_t *p,
                   const double *weight, size_t n, double level, struct mg_gap_stat *ret,
                   struct mg_error *error)
{
    struct combination all = {.m = m, .m2 = m2 ? m2 : m, .e = e, .p = p, .weight = weight, .n = n};
    int rc = check(m, m2, level, error);
    if (!rc)
        rc = check_combination(&all, error);
    if (rc)
        return rc;
    struct estimate expected = combine_contrast(&all, EXPECTED),
                    perceived = combine_contrast(&all, PERCEIVED);
    struct estimate gap = combine_contrast(&all, GAP);
    if (isnan(gap.se))
        return mg_fail(
            error, MG_E_INESTIMABLE,
            "Too few people answered all the dimensions for the overall gap to have a standard error.");
    struct mg_gap_stat stat = blank(MG_GAP_COMBINED, m2);
    stat.n = gap.n;
    stat.n_effective = gap.n_effective;
    set_expected(&stat, &expected, gap.n - 1, level);
    set_perceived(&stat, &perceived, gap.n - 1, level);
    set_gap(&stat, gap.mean, gap.se, gap.n - 1, level);
    *ret = stat;
    return 0;
}

int mg_gap_combine_welch(const struct mg_moments *m, const struct mg_moments *m2, const size_t *e,
                         const size_t *p, const double *weight, size_t n, double level,
                         struct mg_gap_stat *ret, struct mg_error *error)
{
    const struct mg_moments *squared = m2 ? m2 : m;
    struct combination sides[] = {{.m = m, .m2 = squared, .e = e, .p = e, .weight = weight, .n = n},
                                  {.m = m, .m2 = squared, .e = p, .p = p, .weight = weight, .n = n}};
    struct estimate means[2];
    int rc = check(m, m2, level, error);
    for (size_t i = 0; rc == 0 && i < 2; i++) {
        rc = check_combination(&sides[i], error);
        if (!rc)
            means[i] = combine_contrast(&sides[i], PERCEIVED); /* one variable: either contrast would do */
    }
    if (rc)
        return rc;
    if (isnan(means[0].se) || isnan(means[1].se))
        return mg_fail(
            error, MG_E_INESTIMABLE,
            "Too few people answered all the dimensions for the overall gap to have a standard error.");
    *ret = two_samples(MG_GAP_UNPAIRED | MG_GAP_COMBINED, m2, &means[0], &means[1], level);
    return 0;
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
        return mg_tr(lang, "Expectation and perception come from different people (Welch).");
    return "";
}
