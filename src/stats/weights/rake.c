/* Raking. Each pass goes through the margins and adds to the log factor of every category what its total
 * lacks: λ += log(target / total). Weights are always made anew from the design weights and all factors, so
 * errors don't pile up over passes and no product of many small factors is ever formed.
 *
 * The residuals of the mean's SE are found the same way: sweeping out category means, margin after margin
 * (the Gauss–Seidel solution of the additive fit), until nothing moves. */
#include "stats/weights/rake.h"

#include <math.h>

#define PASSES 10000
#define STILL 1e-13 /* relative to the size of y */

static double base_weight(const double *design, size_t row)
{
    return design ? design[row] : 1;
}

static void locate(const struct mg_margin *margin, size_t position, size_t category, struct mg_error *error)
{
    if (margin->name)
        mg_fail_at(error, "%s, category %zu", margin->name, category + 1);
    else
        mg_fail_at(error, "margin %zu, category %zu", position + 1, category + 1);
}

static int check_rows(const double *design, size_t rows, const struct mg_margin *margin,
                      struct mg_error *error)
{
    for (size_t row = 0; row < rows; row++) {
        int rc = 0;
        double weight = base_weight(design, row);
        if (!(weight > 0 && weight < INFINITY))
            rc = mg_fail(error, MG_E_INVALID, "A design weight is %g; it must be a number above 0.", weight);
        else if (margin->category[row] >= margin->n)
            rc = mg_fail(error, MG_E_INVALID,
                         "A row has no category of the margin; give every row one, or leave it out.");
        if (rc) {
            mg_fail_at(error, "row %zu%s%s", row + 1, margin->name ? ", " : "",
                       margin->name ? margin->name : "");
            return rc;
        }
    }
    return 0;
}

/* Adds up values (NULL: 1) × base weights by category. */
static void total_by_category(const double *design, const double *values, size_t rows,
                              const struct mg_margin *margin, double *totals)
{
    for (size_t c = 0; c < margin->n; c++)
        totals[c] = 0;
    for (size_t row = 0; row < rows; row++)
        totals[margin->category[row]] += base_weight(design, row) * (values ? values[row] : 1);
}

/* No empty cell, every target above 0, and the same sum as the first margin. */
static int check_targets(const struct mg_margin *margin, size_t position, double *sum, struct mg_error *error)
{
    double total = 0;
    for (size_t c = 0; c < margin->n; c++) {
        int rc = 0;
        if (!(margin->target[c] > 0 && margin->target[c] < INFINITY))
            rc = mg_fail(error, MG_E_INVALID, "A population total is %g; it must be a number above 0.",
                         margin->target[c]);
        else if (!(margin->work[c] > 0))
            rc = mg_fail(
                error, MG_E_INESTIMABLE,
                "Nobody in the sample is in this category, so no weight can reach its population total.");
        if (rc) {
            locate(margin, position, c, error);
            if (rc == MG_E_INESTIMABLE)
                mg_fail_hint(error, "Merge the category with a similar one.");
            return rc;
        }
        total += margin->target[c];
    }
    if (position > 0 && fabs(total - *sum) > 1e-6 * *sum)
        return mg_fail(error, MG_E_INVALID, "The margins add up to different populations: %.6g and %.6g.",
                       *sum, total);
    *sum = position > 0 ? *sum : total;
    return 0;
}

static int check(const double *design, size_t rows, const struct mg_margin *margins, size_t n_margins,
                 struct mg_error *error)
{
    double sum = 0;
    int rc = 0;
    if (n_margins < 1 || n_margins > MG_RAKE_MARGINS_MAX)
        return mg_fail(error, MG_E_INVALID, "Raking takes 1 to %d margins, not %zu.", MG_RAKE_MARGINS_MAX,
                       n_margins);
    for (size_t k = 0; k < n_margins && !rc; k++) {
        rc = check_rows(design, rows, &margins[k], error);
        if (!rc)
            total_by_category(design, NULL, rows, &margins[k], margins[k].work);
        if (!rc)
            rc = check_targets(&margins[k], k, &sum, error);
    }
    return rc;
}

static void make_weights(const double *design, size_t rows, const struct mg_margin *margins, size_t n_margins,
                         double *ret_weights)
{
    for (size_t row = 0; row < rows; row++) {
        double log_weight = log(base_weight(design, row));
        for (size_t k = 0; k < n_margins; k++)
            log_weight += margins[k].log_factor[margins[k].category[row]];
        ret_weights[row] = exp(log_weight);
    }
}

static double adjust(size_t rows, const struct mg_margin *margin, const double *weights)
{
    double largest = 0;
    total_by_category(NULL, weights, rows, margin, margin->work);
    for (size_t c = 0; c < margin->n; c++) {
        largest = fmax(largest, fabs(margin->work[c] / margin->target[c] - 1));
        margin->log_factor[c] += log(margin->target[c] / margin->work[c]);
    }
    return largest;
}

static void describe(const double *design, const double *weights, size_t rows, struct mg_rake *result)
{
    double sum = 0, squares = 0;
    result->ratio_min = INFINITY;
    for (size_t row = 0; row < rows; row++) {
        double ratio = weights[row] / base_weight(design, row);
        sum += weights[row];
        squares += weights[row] * weights[row];
        result->ratio_min = fmin(result->ratio_min, ratio);
        result->ratio_max = fmax(result->ratio_max, ratio);
    }
    result->n_effective = sum * sum / squares;
    result->design_effect = (double)rows / result->n_effective;
}

int mg_rake(const double *design, size_t rows, const struct mg_margin *margins, size_t n_margins,
            double tolerance, size_t iterations, double *ret_weights, struct mg_rake *ret,
            struct mg_error *error)
{
    struct mg_rake result = {.largest_error = INFINITY};
    int rc = check(design, rows, margins, n_margins, error);
    if (rc)
        return rc;
    for (size_t k = 0; k < n_margins; k++)
        for (size_t c = 0; c < margins[k].n; c++)
            margins[k].log_factor[c] = 0;
    make_weights(design, rows, margins, n_margins, ret_weights);
    while (result.largest_error > tolerance && result.iterations < iterations) {
        /* The error of a pass is what its margins lacked when their turn came. */
        result.largest_error = 0;
        result.iterations++;
        for (size_t k = 0; k < n_margins; k++) {
            result.largest_error = fmax(result.largest_error, adjust(rows, &margins[k], ret_weights));
            make_weights(design, rows, margins, n_margins, ret_weights);
        }
    }
    if (result.largest_error > tolerance)
        return mg_fail(error, MG_E_INESTIMABLE,
                       "Raking didn't settle in %zu passes: the margins are still off by %.2g (relative).",
                       iterations, result.largest_error);
    describe(design, ret_weights, rows, &result);
    *ret = result;
    return 0;
}

/* Takes the category means out of z; returns the largest of them. */
static double sweep_margin(const double *design, size_t rows, const struct mg_margin *margin, double *z)
{
    double *totals = margin->work, *weights = margin->work + margin->n, largest = 0;
    total_by_category(design, z, rows, margin, totals);
    total_by_category(design, NULL, rows, margin, weights);
    for (size_t c = 0; c < margin->n; c++) {
        totals[c] = weights[c] > 0 ? totals[c] / weights[c] : 0;
        largest = fmax(largest, fabs(totals[c]));
    }
    for (size_t row = 0; row < rows; row++)
        z[row] -= totals[margin->category[row]];
    return largest;
}

static int residualise(const double *design, size_t rows, const struct mg_margin *margins, size_t n_margins,
                       double size, double *z, struct mg_error *error)
{
    for (int pass = 0; pass < PASSES; pass++) {
        double moved = 0;
        for (size_t k = 0; k < n_margins; k++)
            moved = fmax(moved, sweep_margin(design, rows, &margins[k], z));
        if (moved <= STILL * size)
            return 0;
    }
    return mg_fail(error, MG_E_INESTIMABLE, "The standard error under raking didn't settle in %d passes.",
                   PASSES);
}

int mg_raked_mean(const double *y, const double *weights, const double *design, size_t rows,
                  const struct mg_margin *margins, size_t n_margins, double fraction, double *work,
                  struct mg_raked_mean *ret, struct mg_error *error)
{
    struct mg_raked_mean result = {0};
    double total = 0, size = 0, squares = 0, n = (double)rows;
    for (size_t row = 0; row < rows; row++) {
        if (isnan(y[row]))
            continue;
        result.n++;
        total += weights[row];
        result.mean += weights[row] * y[row];
    }
    if (result.n < 2)
        return mg_fail(error, MG_E_INESTIMABLE,
                       "Rows with an answer: %.0f. A mean with an interval needs at least two.", result.n);
    result.mean /= total;
    for (size_t row = 0; row < rows; row++) {
        work[row] = isnan(y[row]) ? 0 : y[row] - result.mean;
        size = fmax(size, fabs(work[row]));
    }
    int rc = residualise(design, rows, margins, n_margins, size, work, error);
    if (rc)
        return rc;
    double mean = 0;
    for (size_t row = 0; row < rows; row++)
        mean += weights[row] * work[row] / n;
    for (size_t row = 0; row < rows; row++)
        squares += pow(weights[row] * work[row] - mean, 2);
    result.se = sqrt(n / (n - 1) * squares * (1 - fraction)) / total;
    *ret = result;
    return 0;
}
