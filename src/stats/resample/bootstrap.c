/* Bootstrap.
 *
 * A replicate is a vector of counts (how often each row was drawn), so one draw of rows serves all pairs of
 * columns, and a mean is Σ c·w·d / Σ c·w. Sums run over rows in order: the same seed gives the same bytes
 * however the replicates are split.
 *
 * BCa: z0 from the share of replicates below the estimate (ties count half: means of whole answers tie), the
 * acceleration from the jackknife θ₍i₎ = (S − wᵢdᵢ)/(W − wᵢ). */
#include "stats/resample/bootstrap.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/rng.h"
#include "stats/dist/dist.h"
#include "stats/dist/order.h"

/* The row's difference and weight; false where the pair isn't complete or the weight isn't above 0. */
static bool read_row(const struct mg_matrix *data, const struct mg_pair *pair, size_t row, double *ret_d,
                     double *ret_w)
{
    double p = data->value[pair->p * data->rows + row];
    *ret_d = pair->e == SIZE_MAX ? p : p - data->value[pair->e * data->rows + row];
    *ret_w = data->weight ? data->weight[row] : 1;
    return !isnan(*ret_d) && *ret_w > 0;
}

/* Four running sums a quantity: independent of each other, so that they fill the processor's pipes and
 * vectors, and always the same four, so that the result is too. */
#define LANES 4

struct lanes {
    double total[LANES], weights[LANES];
};

/* Adds n ≤ LANES rows without a branch on the data: what doesn't count is added as 0. */
static inline void add_lanes(struct lanes *sums, const double *p, const double *e, const double *weight,
                             const uint32_t *counts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double d = e ? p[i] - e[i] : p[i], times = (double)(int32_t)counts[i];
        if (weight)
            times *= weight[i] > 0 ? weight[i] : 0;
        bool present = d == d; /* not NaN */
        sums->total[i] += times * (present ? d : 0);
        sums->weights[i] += present ? times : 0;
    }
}

static double resampled_mean(const struct mg_matrix *data, const struct mg_pair *pair, const uint32_t *counts)
{
    struct lanes sums = {0};
    size_t row = 0, rows = data->rows;
    const double *p = data->value + pair->p * rows, *weight = data->weight;
    const double *e = pair->e == SIZE_MAX ? NULL : data->value + pair->e * rows;
    for (; row + LANES <= rows; row += LANES)
        add_lanes(&sums, p + row, e ? e + row : NULL, weight ? weight + row : NULL, counts + row, LANES);
    add_lanes(&sums, p + row, e ? e + row : NULL, weight ? weight + row : NULL, counts + row, rows - row);
    double total = (sums.total[0] + sums.total[1]) + (sums.total[2] + sums.total[3]);
    double weights = (sums.weights[0] + sums.weights[1]) + (sums.weights[2] + sums.weights[3]);
    return weights > 0 ? total / weights : NAN;
}

void mg_bootstrap_gaps(const struct mg_matrix *data, const struct mg_pair *pairs, size_t n_pairs,
                       uint64_t seed, uint64_t from, uint64_t to, uint32_t *work, double *ret_values)
{
    for (uint64_t r = from; r < to; r++) {
        struct mg_rng rng = mg_rng_init(seed, r);
        memset(work, 0, data->rows * sizeof *work);
        for (size_t draw = 0; draw < data->rows; draw++)
            work[mg_rng_below(&rng, data->rows)]++;
        for (size_t k = 0; k < n_pairs; k++)
            ret_values[(r - from) * n_pairs + k] = resampled_mean(data, &pairs[k], work);
    }
}

struct sample {
    double n, total, weights, weights2;
};

static struct sample sum_sample(const struct mg_matrix *data, const struct mg_pair *pair)
{
    struct sample s = {0};
    double d, w;
    for (size_t row = 0; row < data->rows; row++) {
        if (!read_row(data, pair, row, &d, &w))
            continue;
        s.n++;
        s.total += w * d;
        s.weights += w;
        s.weights2 += w * w;
    }
    return s;
}

/* Σu³ / 6 (Σu²)^1.5 with u the centred jackknife values, taken as distances from the estimate: estimate −
 * θ₍i₎ = wᵢ(dᵢ − estimate)/(W − wᵢ). NaN without spread. */
static double acceleration(const struct mg_matrix *data, const struct mg_pair *pair, struct sample s)
{
    double estimate = s.total / s.weights, centre = 0, square = 0, cube = 0, scale = 0, d, w;
    for (size_t row = 0; row < data->rows; row++)
        if (read_row(data, pair, row, &d, &w))
            centre += w * (d - estimate) / (s.weights - w) / s.n;
    for (size_t row = 0; row < data->rows; row++) {
        if (!read_row(data, pair, row, &d, &w))
            continue;
        double u = w * (d - estimate) / (s.weights - w) - centre;
        square += u * u;
        cube += u * u * u;
        scale += pow(w * d / (s.weights - w), 2);
    }
    return square > 1e-24 * scale ? cube / (6 * pow(square, 1.5)) : NAN; /* less is rounding */
}

/* How far out the upper end for the nominal `p` lies, in standard errors of the replicates: as far as t says,
 * not the normal, and further by what resampling n values underestimates their spread (Hesterberg 2015,
 * "expanded percentiles"). Without it intervals of fifteen answers are too short by a tenth, and weighted
 * ones by more. */
static double expanded_quantile(double p, double n_effective)
{
    double df = n_effective - 1;
    return df > 0 ? sqrt(n_effective / df) * mg_t_quantile(p, df) : INFINITY;
}

/* The probability whose quantile is the BCa end for the nominal quantile. */
static double bca_probability(double nominal, double z0, double a)
{
    double z = z0 + nominal, bent = 1 - a * z;
    return bent > 0 ? mg_normal_cdf(z0 + z / bent) : z > 0 ? 1 : 0;
}

static double bias_correction(const double *sorted, size_t n, double estimate)
{
    double below = 0;
    for (size_t i = 0; i < n; i++)
        below += sorted[i] < estimate ? 1 : sorted[i] == estimate ? 0.5 : 0;
    /* Keep z0 finite when every replicate lies on one side. */
    double share = fmin(fmax(below / (double)n, 0.5 / (double)n), 1 - 0.5 / (double)n);
    return mg_normal_quantile(share);
}

static void describe(const double *sorted, size_t n, struct mg_bootstrap *result)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++)
        mean += sorted[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        square += (sorted[i] - mean) * (sorted[i] - mean);
    result->se = sqrt(square / (double)(n - 1));
}

static int check_sample(struct sample s, size_t replicates, double level, struct mg_error *error)
{
    if (!(level > 0 && level < 1))
        return mg_fail(error, MG_E_INVALID, "The confidence level must lie between 0 and 1.");
    if (replicates < MG_BOOTSTRAP_REPLICATES_MIN)
        return mg_fail(error, MG_E_INVALID, "%zu bootstrap replicates are too few; take at least %d.",
                       replicates, MG_BOOTSTRAP_REPLICATES_MIN);
    if (s.n < 2)
        return mg_fail(error, MG_E_INESTIMABLE,
                       "Rows with an answer: %.0f. A mean with an interval needs at least two.", s.n);
    return 0;
}

int mg_bootstrap_bca(const struct mg_matrix *data, const struct mg_pair *pair, const double *values, size_t n,
                     size_t stride, double level, double *sorted, struct mg_bootstrap *ret,
                     struct mg_error *error)
{
    struct sample s = sum_sample(data, pair);
    int rc = check_sample(s, n, level, error);
    if (rc)
        return rc;
    struct mg_bootstrap result = {.estimate = s.total / s.weights,
                                  .acceleration = acceleration(data, pair, s)};
    for (size_t r = 0; r < n; r++)
        if (!isnan(values[r * stride]))
            sorted[result.replicates++] = values[r * stride];
    result.failed = n - result.replicates;
    if (isnan(result.acceleration) || result.replicates < MG_BOOTSTRAP_REPLICATES_MIN)
        return mg_fail(error, MG_E_INESTIMABLE, "The answers don't vary, so there is nothing to resample.");
    mg_order(sorted, result.replicates);
    describe(sorted, result.replicates, &result);
    result.z0 = bias_correction(sorted, result.replicates, result.estimate);
    double end = expanded_quantile((1 + level) / 2, s.weights * s.weights / s.weights2);
    result.low =
        mg_order_quantile(sorted, result.replicates, bca_probability(-end, result.z0, result.acceleration));
    result.high =
        mg_order_quantile(sorted, result.replicates, bca_probability(end, result.z0, result.acceleration));
    *ret = result;
    return 0;
}
