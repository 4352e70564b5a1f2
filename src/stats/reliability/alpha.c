/* Cronbach's α from pairwise covariances. One pass over the covariance matrix, which is never stored: each
 * item needs its variance and the sum of its row; the sum of all, less what an item contributes, gives the
 * total without it. */
#include "stats/reliability/alpha.h"

#include <math.h>

#include "stats/dist/dist.h"

struct items {
    const struct mg_moments *m;
    const size_t *x;
    size_t n;
};

static double count(const struct items *all, size_t i, size_t j)
{
    return mg_moments_count(all->m, all->x[i], all->x[j]);
}

/* Variance of the difference x − e over rows that have both. */
static double difference_variance(const struct mg_moments *m, size_t x, size_t e)
{
    double v_x = mg_moments_var(m, x, e), v_e = mg_moments_var(m, e, x),
           v = v_x + v_e - 2 * mg_moments_cov(m, x, e);
    return v > 1e-12 * (v_x + v_e) ? v : 0; /* less is rounding */
}

static double covariance(const struct items *all, size_t i, size_t j)
{
    return mg_moments_cov(all->m, all->x[i], all->x[j]);
}

static double mean(const struct items *all, size_t i)
{
    return mg_moments_mean(all->m, all->x[i], all->x[i]);
}

static int check_item(const struct items *all, size_t i, struct mg_error *error)
{
    int rc = 0;
    if (count(all, i, i) < 2)
        rc = mg_fail(error, MG_E_INESTIMABLE,
                     "An item has fewer than two answers, so reliability can't be estimated.");
    else if (!(covariance(all, i, i) > 0))
        rc = mg_fail(error, MG_E_INESTIMABLE,
                     "Every answer to an item is the same, so reliability can't be estimated.");
    for (size_t j = 0; j < i && !rc; j++)
        if (count(all, i, j) < 2)
            rc = mg_fail(
                error, MG_E_INESTIMABLE,
                "Two items were hardly ever answered by the same person, so reliability can't be estimated.");
    if (rc)
        mg_fail_at(error, "item %zu", i + 1);
    return rc;
}

/* Raw α of k items from the trace and the sum of their covariance matrix; NaN for fewer than two. */
static double raw_alpha(double k, double trace, double sum)
{
    return k >= 2 && sum > 0 ? k / (k - 1) * (1 - trace / sum) : NAN;
}

static double row_sum(const struct items *all, size_t i)
{
    double sum = 0;
    for (size_t j = 0; j < all->n; j++)
        sum += covariance(all, i, j);
    return sum;
}

static double fewest_rows(const struct items *all, size_t i)
{
    double n = count(all, i, i);
    for (size_t j = 0; j < all->n; j++)
        n = fmin(n, count(all, i, j));
    return n;
}

/* Below zero for certain: with the whole of Fisher's 95 % interval. */
static bool is_reversed(double r, double n)
{
    return n >= MG_ALPHA_REVERSED_MIN && atanh(r) + mg_normal_quantile(0.975) / sqrt(n - 3) < 0;
}

static struct mg_alpha_item describe_item(const struct items *all, size_t i, double trace, double sum)
{
    double variance = covariance(all, i, i), row = row_sum(all, i);
    double rest = sum - 2 * row + variance; /* variance of the sum of the others */
    double r = rest > 0 ? (row - variance) / sqrt(variance * rest) : NAN;
    return (struct mg_alpha_item){
        .n = count(all, i, i),
        .mean = mean(all, i),
        .sd = sqrt(variance),
        .item_rest_r = r,
        .alpha_if_dropped = raw_alpha((double)all->n - 1, trace - variance, rest),
        .reversed = is_reversed(r, fewest_rows(all, i)),
    };
}

static void pair_sums(const struct items *all, struct mg_alpha *ret, double *ret_trace, double *ret_sum)
{
    double r_sum = 0, trace = 0, off = 0;
    ret->n_min = ret->n_max = count(all, 0, 0);
    for (size_t i = 0; i < all->n; i++) {
        double variance = covariance(all, i, i);
        trace += variance;
        for (size_t j = 0; j <= i; j++) {
            ret->n_min = fmin(ret->n_min, count(all, i, j));
            ret->n_max = fmax(ret->n_max, count(all, i, j));
            if (j == i)
                break;
            double cov = covariance(all, i, j);
            off += cov;
            r_sum += cov / sqrt(variance * covariance(all, j, j));
        }
    }
    double k = (double)all->n;
    ret->mean_r = 2 * r_sum / (k * (k - 1));
    *ret_trace = trace;
    *ret_sum = trace + 2 * off;
}

static int estimate(const struct items *all, struct mg_alpha_item *ret_items, struct mg_alpha *ret,
                    struct mg_error *error)
{
    if (all->n < 2)
        return mg_fail(error, MG_E_INVALID, "Reliability needs at least two items.");
    for (size_t i = 0; i < all->n; i++) {
        int rc = check_item(all, i, error);
        if (rc)
            return rc;
    }
    struct mg_alpha alpha = {.n_items = all->n};
    double trace, sum, k = (double)all->n;
    pair_sums(all, &alpha, &trace, &sum);
    if (!(sum > 1e-12 * trace))
        return mg_fail(error, MG_E_INESTIMABLE, "The items cancel out: their sum has no variance.");
    if (sum > k * trace * (1 + 1e-9))
        return mg_fail(error, MG_E_INESTIMABLE,
                       "The items' covariances contradict each other, because different people stand behind "
                       "them.");
    alpha.raw = raw_alpha(k, trace, sum);
    alpha.standardised = k * alpha.mean_r / (1 + (k - 1) * alpha.mean_r);
    for (size_t i = 0; i < all->n; i++) {
        struct mg_alpha_item item = describe_item(all, i, trace, sum);
        alpha.n_reversed += item.reversed;
        if (ret_items)
            ret_items[i] = item;
    }
    *ret = alpha;
    return 0;
}

int mg_alpha(const struct mg_moments *m, const size_t *index, size_t n, struct mg_alpha_item *ret_items,
             struct mg_alpha *ret, struct mg_error *error)
{
    return estimate(&(struct items){.m = m, .x = index, .n = n}, ret_items, ret, error);
}

int mg_alpha_enough(size_t n_items, double people, struct mg_error *error)
{
    if (people >= MG_ALPHA_PEOPLE_MIN && people > (double)n_items)
        return 0;
    return mg_fail(
        error, MG_E_INESTIMABLE,
        "Reliability takes %d people at least, and more than items (%zu); these answers tell as much "
        "as %.3g people's.",
        MG_ALPHA_PEOPLE_MIN, n_items, people);
}

int mg_alpha_interval(const struct mg_alpha *alpha, double n, double level, double *ret_low, double *ret_high,
                      struct mg_error *error)
{
    double k = (double)alpha->n_items, df1 = n - 1, df2 = (n - 1) * (k - 1);
    if (!(level > 0 && level < 1))
        return mg_fail(error, MG_E_INVALID, "The confidence level must lie between 0 and 1.");
    if (!(n > 1))
        return mg_fail(error, MG_E_INESTIMABLE,
                       "An item has fewer than two answers, so reliability can't be estimated.");
    *ret_low = 1 - (1 - alpha->raw) * mg_f_quantile(0.5 + level / 2, df1, df2);
    *ret_high = 1 - (1 - alpha->raw) * mg_f_quantile(0.5 - level / 2, df1, df2);
    return 0;
}

int mg_difference_reliability(const struct mg_moments *m, size_t e, size_t p, double rel_e, double rel_p,
                              double *ret, struct mg_error *error)
{
    if (!(mg_moments_count(m, e, p) > 0))
        return mg_fail(error, MG_E_INESTIMABLE,
                       "Nobody answered both sides, so that there is no difference of one person.");
    if (isnan(rel_e) || isnan(rel_p))
        return mg_fail(error, MG_E_INESTIMABLE,
                       "The reliability of P − E needs the reliabilities of expectation and of perception.");
    if (mg_moments_count(m, e, p) < 2 || !(difference_variance(m, p, e) > 0))
        return mg_fail(error, MG_E_INESTIMABLE,
                       "The difference P − E doesn't vary, so its reliability can't be estimated.");
    double v_p = mg_moments_var(m, p, e), v_e = mg_moments_var(m, e, p), twice = 2 * mg_moments_cov(m, e, p);
    *ret = (v_p * rel_p + v_e * rel_e - twice) / (v_p + v_e - twice);
    return 0;
}
