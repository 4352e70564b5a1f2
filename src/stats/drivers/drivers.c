/* Regression and importance from one correlation matrix.
 *
 * The drivers' block is inverted by Gauss–Jordan steps in the order given, each step looking at its pivot
 * first: the pivot is the share of that driver's variance which the earlier ones don't explain, so a pivot of
 * next to nothing is a collinear driver, and the column of the half-swept matrix says on which others it
 * depends. The swept matrix holds the inverse, the standardised coefficients and 1 − R². LMG is in lmg.c;
 * Johnson's weights need the symmetric root of the drivers' correlations, hence the eigenvectors, which give
 * the condition number too. */
#include "stats/drivers/drivers.h"

#include <lapacke.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stats/dist/dist.h"
#include "stats/drivers/collinear.h"
#include "stats/drivers/lmg.h"

_Static_assert(MG_DRIVERS_MAX <= MG_LMG_MAX, "lmg.c keeps arrays of its own maximum");

struct problem {
    const struct mg_moments *m;
    const struct mg_drivers_spec *spec;
    size_t p, side; /* side = p + 1 */
    double n;
    double *r;                /* side²: correlations, outcome last */
    double *inverse;          /* side²: r with all drivers swept */
    double *vectors, *values; /* eigenvectors (columns, p²) and eigenvalues of the drivers' block */
    double *work;
    size_t n_work;
};

/* Index into the moments of variable i; i = p is the outcome. */
static size_t variable(const struct problem *all, size_t i)
{
    return i < all->p ? all->spec->x[i] : all->spec->y;
}

static void name_variable(const struct problem *all, size_t i, size_t size, char *ret)
{
    if (i == all->p)
        snprintf(ret, size, "outcome");
    else if (all->spec->names)
        snprintf(ret, size, "%s", all->spec->names[i]);
    else
        snprintf(ret, size, "driver %zu", i + 1);
}

static int fail_at(const struct problem *all, size_t i, int rc, struct mg_error *error)
{
    char name[128];
    name_variable(all, i, sizeof name, name);
    mg_fail_at(error, "%s", name);
    return rc;
}

static int check_spec(const struct mg_drivers_spec *spec, struct mg_error *error)
{
    if (spec->p < 1 || spec->p > MG_DRIVERS_MAX)
        return mg_fail(error, MG_E_INVALID, "A driver analysis takes 1 to %d drivers, not %zu.",
                       MG_DRIVERS_MAX, spec->p);
    if (spec->exact_max > MG_DRIVERS_EXACT_MAX)
        return mg_fail(error, MG_E_INVALID, "Exact shares are computed for at most %d drivers.",
                       MG_DRIVERS_EXACT_MAX);
    if (spec->p > spec->exact_max && spec->permutations < 2)
        return mg_fail(error, MG_E_INVALID, "Sampled shares need at least two permutations.");
    return 0;
}

static int allocate(struct mg_arena *arena, struct problem *all, struct mg_error *error)
{
    size_t p = all->p, square = all->side * all->side;
    all->n_work = mg_lmg_work(p) + 34 * p; /* LMG; or 34p for dsyev, of which 3p − 1 is the least */
    all->r = mg_arena_array(arena, square, sizeof(double));
    all->inverse = mg_arena_array(arena, square, sizeof(double));
    all->vectors = mg_arena_array(arena, p * p, sizeof(double));
    all->values = mg_arena_array(arena, p, sizeof(double));
    all->work = mg_arena_array(arena, all->n_work, sizeof(double));
    if (!all->r || !all->inverse || !all->vectors || !all->values || !all->work)
        return mg_fail_memory(error);
    return 0;
}

/* Effective rows behind one correlation. */
static double effective_rows(const struct problem *all, size_t i, size_t j)
{
    double n = mg_moments_count(all->m, i, j);
    if (!all->spec->m2 || !(n > 0))
        return n;
    double w = mg_moments_weight(all->m, i, j);
    return w * w / mg_moments_weight(all->spec->m2, i, j);
}

static int correlate(struct problem *all, struct mg_error *error)
{
    all->n = INFINITY;
    for (size_t i = 0; i < all->side; i++) {
        size_t v = variable(all, i);
        if (mg_moments_count(all->m, v, v) >= 2 && !(mg_moments_var(all->m, v, v) > 0))
            return fail_at(
                all, i,
                mg_fail(error, MG_E_INESTIMABLE,
                        "Every answer in this column is the same, so it can neither drive nor be driven."),
                error);
        for (size_t j = 0; j <= i; j++) {
            size_t w = variable(all, j);
            double r = i == j ? 1 : mg_moments_cor(all->m, v, w);
            all->n = fmin(all->n, effective_rows(all, v, w));
            all->r[i * all->side + j] = all->r[j * all->side + i] = r;
        }
    }
    if (all->n <= (double)all->side)
        return mg_fail(error, MG_E_INESTIMABLE,
                       "Complete rows: %.0f. For %zu drivers more than %zu are needed.", all->n, all->p,
                       all->side);
    for (size_t i = 0; i < all->side * all->side; i++)
        if (isnan(all->r[i]))
            return fail_at(all, i / all->side,
                           mg_fail(error, MG_E_INESTIMABLE,
                                   "This column doesn't vary over the rows that have another one too."),
                           error);
    return 0;
}

/* Driver k is a sum of earlier ones: names it and them in `field`. */
static int fail_collinear(const struct problem *all, size_t k, struct mg_error *error)
{
    char list[160], name[128];
    name_variable(all, k, sizeof name, name);
    int used = snprintf(list, sizeof list, "%s", name);
    for (size_t j = 0; j < k && used < (int)sizeof list; j++) {
        if (fabs(all->inverse[j * all->side + k]) < 1e-6)
            continue;
        name_variable(all, j, sizeof name, name);
        used += snprintf(list + used, sizeof list - (size_t)used, ", %s", name);
    }
    mg_fail(error, MG_E_INESTIMABLE,
            "These drivers are collinear: the first follows from the others, so their effects can't be told "
            "apart.");
    mg_fail_at(error, "%s", list);
    mg_fail_hint(error, "Leave one of them out, or combine them into one score.");
    return MG_E_INESTIMABLE;
}

static int impossible(struct mg_error *error)
{
    return mg_fail(error, MG_E_INESTIMABLE,
                   "The pairwise correlations contradict each other, because different people "
                   "answered different questions; use complete rows.");
}

static int invert(struct problem *all, struct mg_error *error)
{
    double *a = memcpy(all->inverse, all->r, all->side * all->side * sizeof *a);
    for (size_t k = 0; k < all->p; k++) {
        double pivot = a[k * all->side + k];
        if (pivot < -MG_COLLINEAR_EXACT)
            return impossible(error);
        if (pivot < MG_COLLINEAR_EXACT)
            return fail_collinear(all, k, error);
        mg_collinear_sweep(a, all->side, k);
    }
    double unexplained = a[all->side * all->side - 1];
    return unexplained < -MG_COLLINEAR_EXACT ? impossible(error) : 0;
}

static int decompose(struct problem *all, struct mg_error *error)
{
    size_t p = all->p;
    for (size_t i = 0; i < p; i++)
        memcpy(all->vectors + i * p, all->r + i * all->side, p * sizeof(double));
    /* The matrix is symmetric, so column-major serves; then eigenvector k is row k of `vectors`. */
    lapack_int rc = LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'U', (lapack_int)p, all->vectors, (lapack_int)p,
                                       all->values, all->work, (lapack_int)all->n_work);
    if (rc)
        return mg_fail(error, MG_E_INESTIMABLE,
                       "The eigenvalues of the drivers' correlations couldn't be found.");
    return all->values[0] > 0 ? 0 : impossible(error);
}

/* Johnson: Λ = V D½ V', β = Λ⁻¹ r, weight_j = Σ_k Λ_jk² β_k². work: p² + p. */
static void johnson(const struct problem *all, struct mg_driver *drivers)
{
    size_t p = all->p;
    double *root = all->work, *beta = all->work + p * p;
    memset(root, 0, (p * p + p) * sizeof *root);
    for (size_t k = 0; k < p; k++) {
        const double *v = all->vectors + k * p;
        double scale = sqrt(all->values[k]), projected = 0;
        for (size_t i = 0; i < p; i++)
            projected += v[i] * all->r[i * all->side + p];
        for (size_t i = 0; i < p; i++) {
            beta[i] += v[i] * projected / scale;
            for (size_t j = 0; j < p; j++)
                root[i * p + j] += v[i] * scale * v[j];
        }
    }
    for (size_t i = 0; i < p; i++) {
        drivers[i].johnson = 0;
        for (size_t j = 0; j < p; j++)
            drivers[i].johnson += root[i * p + j] * root[i * p + j] * beta[j] * beta[j];
    }
}

static struct mg_driver describe(const struct problem *all, size_t i, double unexplained, double df)
{
    const double *a = all->inverse;
    size_t x = all->spec->x[i], y = all->spec->y, side = all->side;
    double beta = a[i * side + all->p], own = a[i * side + i]; /* own: VIF */
    double scale = sqrt(mg_moments_var(all->m, y, y) / mg_moments_var(all->m, x, x));
    struct mg_driver driver = {
        .mean = mg_moments_mean(all->m, x, x),
        .sd = sqrt(mg_moments_var(all->m, x, x)),
        .r = all->r[i * side + all->p],
        .beta = beta,
        .se_beta = sqrt(unexplained * own / df),
        .vif = own,
        .last = beta * beta / own,
    };
    driver.b = beta * scale;
    driver.se = driver.se_beta * scale;
    driver.t = driver.se > 0 ? driver.b / driver.se : NAN;
    driver.p_value = mg_t_two_sided(driver.t, df);
    return driver;
}

static void summarise(const struct problem *all, struct mg_drivers *result)
{
    double p = (double)all->p, unexplained = fmax(0, all->inverse[all->side * all->side - 1]);
    double sd_y = sqrt(mg_moments_var(all->m, all->spec->y, all->spec->y));
    result->p = all->p;
    result->n = all->n;
    result->df = all->n - p - 1;
    result->r2 = 1 - unexplained;
    result->r2_adjusted = 1 - unexplained * (all->n - 1) / result->df;
    result->f = unexplained > 0 ? result->r2 / p / (unexplained / result->df) : INFINITY;
    result->p_value = mg_f_upper(result->f, p, result->df);
    result->sigma = sd_y * sqrt(unexplained * (all->n - 1) / result->df);
    result->condition = sqrt(all->values[all->p - 1] / all->values[0]);
    result->intercept = mg_moments_mean(all->m, all->spec->y, all->spec->y);
    for (size_t i = 0; i < all->p; i++) {
        result->drivers[i] = describe(all, i, unexplained, result->df);
        result->intercept -= result->drivers[i].b * result->drivers[i].mean;
    }
}

static int share_r2(struct mg_arena *arena, const struct problem *all, struct mg_drivers *result,
                    struct mg_error *error)
{
    const struct mg_drivers_spec *spec = all->spec;
    double *lmg = mg_arena_array(arena, 2 * all->p, sizeof *lmg);
    if (!lmg)
        return mg_fail_memory(error);
    if (all->p <= spec->exact_max) {
        mg_lmg_exact(all->r, all->p, all->work, lmg);
    } else {
        mg_lmg_sample(all->r, all->p, spec->permutations, spec->seed, all->work, lmg, lmg + all->p);
        result->permutations = spec->permutations;
    }
    for (size_t i = 0; i < all->p; i++) {
        result->drivers[i].lmg = lmg[i];
        result->drivers[i].lmg_se = lmg[all->p + i];
    }
    return 0;
}

int mg_drivers_estimate(struct mg_arena *arena, const struct mg_moments *m,
                        const struct mg_drivers_spec *spec, struct mg_drivers *ret, struct mg_error *error)
{
    struct problem all = {.m = m, .spec = spec, .p = spec->p, .side = spec->p + 1};
    struct mg_drivers result = {0};
    int rc = check_spec(spec, error);
    if (!rc)
        rc = allocate(arena, &all, error);
    if (!rc)
        rc = correlate(&all, error);
    if (!rc)
        rc = invert(&all, error);
    if (!rc)
        rc = decompose(&all, error);
    if (rc)
        return rc;
    result.drivers = mg_arena_array(arena, spec->p, sizeof *result.drivers);
    if (!result.drivers)
        return mg_fail_memory(error);
    summarise(&all, &result);
    rc = share_r2(arena, &all, &result, error);
    if (rc)
        return rc;
    johnson(&all, result.drivers);
    *ret = result;
    return 0;
}

int mg_drivers_collinear(struct mg_arena *arena, const struct mg_moments *m,
                         const struct mg_drivers_spec *spec, struct mg_collinear *ret, struct mg_error *error)
{
    struct problem all = {.m = m, .spec = spec, .p = spec->p, .side = spec->p + 1};
    int rc = check_spec(spec, error);
    if (!rc)
        rc = allocate(arena, &all, error);
    if (!rc)
        rc = correlate(&all, error);
    if (rc)
        return rc;
    struct mg_collinear found = {.set = mg_arena_array(arena, all.p, sizeof *found.set),
                                 .exact = mg_arena_array(arena, all.p, sizeof *found.exact)};
    if (!found.set || !found.exact)
        return mg_fail_memory(error);
    mg_collinear_find(all.r, all.p, all.side, all.inverse, &found);
    *ret = found;
    return 0;
}
