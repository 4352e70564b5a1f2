/* Distributions: tail probabilities and quantiles of the normal, t, F and χ², computed by GSL.
 *
 * Arguments outside the domain (df ≤ 0, probability outside [0, 1], NaN) give NaN; infinite t, z, F and χ²
 * are fine, and df = INFINITY makes t the normal. The first call turns off GSL's error handler for the whole
 * process (once, thread safe), because the handler would abort on a mere underflow; nothing else in the
 * program sets it. */
#ifndef MG_STATS_DIST_DIST_H
#define MG_STATS_DIST_DIST_H

double mg_normal_cdf(double z);      /* P(Z ≤ z) */
double mg_normal_quantile(double p); /* ∓INFINITY at 0 and 1 */
double mg_t_cdf(double t, double df);
double mg_t_quantile(double p, double df);
double mg_t_two_sided(double t, double df);          /* P(|T| ≥ |t|) */
double mg_f_upper(double f, double df1, double df2); /* P(F ≥ f) */
double mg_f_quantile(double p, double df1, double df2);

#endif
