/* Empirical Bayes for the normal–normal model. REML's τ² solves a fixed-point equation in the weights 1/(se²
 * + τ²); it is iterated from the method-of-moments value (DerSimonian & Laird 1986), which is close, and
 * converges linearly. */
#include "stats/gap/shrink.h"

#include <math.h>

#define ITERATIONS 10000
#define TOLERANCE 1e-12

static int usable(double value, double se)
{
    return isfinite(value) && isfinite(se);
}

struct fit {
    double mu, weight; /* Σ 1/(se² + τ²) */
    double weight2;    /* Σ of the squared weights */
    double q;          /* Σ w (y − μ)² */
};

static struct fit fit_mean(const double *value, const double *se, size_t n, double tau2)
{
    struct fit fit = {0};
    for (size_t i = 0; i < n; i++) {
        if (!usable(value[i], se[i]))
            continue;
        double w = 1 / (se[i] * se[i] + tau2);
        fit.weight += w;
        fit.weight2 += w * w;
        fit.mu += w * value[i];
    }
    fit.mu /= fit.weight;
    for (size_t i = 0; i < n; i++)
        if (usable(value[i], se[i]))
            fit.q += (value[i] - fit.mu) * (value[i] - fit.mu) / (se[i] * se[i] + tau2);
    return fit;
}

/* Σ w²((y − μ)² − se²)/Σ w² + 1/Σ w, not below 0. */
static double reml_step(const double *value, const double *se, size_t n, double tau2)
{
    struct fit fit = fit_mean(value, se, n, tau2);
    double excess = 0;
    for (size_t i = 0; i < n; i++) {
        if (!usable(value[i], se[i]))
            continue;
        double v = se[i] * se[i], w = 1 / (v + tau2), d = value[i] - fit.mu;
        excess += w * w * (d * d - v);
    }
    return fmax(0, excess / fit.weight2 + 1 / fit.weight);
}

static int check(const double *value, const double *se, size_t n, size_t *ret_used, struct mg_error *error)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!usable(value[i], se[i]))
            continue;
        if (!(se[i] > 0))
            return mg_fail(error, MG_E_INVALID,
                           "A segment's standard error is %g; shrinkage needs it above 0.", se[i]);
        used++;
    }
    if (used < 3)
        return mg_fail(error, MG_E_INESTIMABLE,
                       "Segments with an estimate: %zu. Shrinkage needs at least three.", used);
    *ret_used = used;
    return 0;
}

/* `start`: the fit at τ² = 0. */
static int estimate_tau2(const double *value, const double *se, size_t n, size_t used, struct fit start,
                         double *ret, struct mg_error *error)
{
    double df = (double)(used - 1),
           tau2 = fmax(0, (start.q - df) / (start.weight - start.weight2 / start.weight));
    for (int i = 0; i < ITERATIONS; i++) {
        double next = reml_step(value, se, n, tau2);
        double change = fabs(next - tau2);
        tau2 = next;
        if (change <= TOLERANCE * (tau2 + df / start.weight)) {
            *ret = tau2;
            return 0;
        }
    }
    return mg_fail(error, MG_E_INESTIMABLE, "The variance between segments didn't settle in %d steps.",
                   ITERATIONS);
}

static struct mg_shrunk shrink_one(double value, double se, const struct mg_shrink *all)
{
    if (!usable(value, se))
        return (struct mg_shrunk){NAN, NAN};
    double pull = se * se / (se * se + all->tau2);
    return (struct mg_shrunk){
        .value = value + pull * (all->mu - value),
        .se = sqrt((1 - pull) * se * se + pull * pull * all->se_mu * all->se_mu),
    };
}

int mg_shrink(const double *value, const double *se, size_t n, struct mg_shrunk *ret_each,
              struct mg_shrink *ret, struct mg_error *error)
{
    struct mg_shrink all = {0};
    int rc = check(value, se, n, &all.n, error);
    if (rc)
        return rc;
    struct fit start = fit_mean(value, se, n, 0);
    rc = estimate_tau2(value, se, n, all.n, start, &all.tau2, error);
    if (rc)
        return rc;
    struct fit fit = fit_mean(value, se, n, all.tau2);
    all.mu = fit.mu;
    all.se_mu = 1 / sqrt(fit.weight);
    all.q = start.q;
    for (size_t i = 0; i < n; i++)
        ret_each[i] = shrink_one(value[i], se[i], &all);
    *ret = all;
    return 0;
}
