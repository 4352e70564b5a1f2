/* Internal consistency: Cronbach's α (1951) and what belongs to it, from pairwise covariances; and the
 * reliability of difference scores. Nothing allocates; arrays are the caller's.
 *
 * Items are variables of the moments: levels, or each person's differences P − E as variables of their own.
 * With missing answers each covariance is over the rows that have both (pairwise), as in psych::alpha.
 *
 * MG_E_INVALID: fewer than two items. MG_E_INESTIMABLE: an item with fewer than two answers or none in common
 * with another, an item without variance (its position is in `field`: "item 3", from 1), or a total without
 * variance, or covariances that no data could have (α above 1: pairwise, or few people with large weights).
 */
#ifndef MG_STATS_RELIABILITY_ALPHA_H
#define MG_STATS_RELIABILITY_ALPHA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "stats/moments/moments.h"

/* Fewest rows from which an item is called reversed. Of a sound but weak item (true item–rest r of .2) 15 %
 * of samples of 30 show a negative r, and Fisher's interval, which has to exclude 0 too, isn't good for
 * fewer. */
#define MG_ALPHA_REVERSED_MIN 30

/* Fewest people from whom reliability is told. Feldt's interval of five items whose α is .7 reaches from .31
 * to .91 with ten people, from −.34 to .98 with four: a number that says less than that says nothing. */
#define MG_ALPHA_PEOPLE_MIN 10

struct mg_alpha_item {
    double n, mean, sd;
    double item_rest_r;      /* correlation with the sum of the others */
    double alpha_if_dropped; /* raw α of the others; NaN with two items */
    bool
        reversed; /* item–rest correlation surely below 0: loads the wrong way round. Named, never flipped. */
};

struct mg_alpha {
    size_t n_items, n_reversed;
    double n_min, n_max; /* fewest and most rows behind a covariance */
    double raw;          /* k/(k−1) · (1 − Σ var / var of the sum); may be negative */
    double standardised; /* k r̄ / (1 + (k−1) r̄) */
    double mean_r;       /* r̄: mean correlation between items */
};

/* Whether reliability can be told of `people`, as many as would tell as much if they were different and
 * weighted alike: MG_ALPHA_PEOPLE_MIN at least, and more than there are items, since of as many or fewer the
 * covariances are singular: some sum of the items has no variance, whatever it has among all people.
 * MG_E_INESTIMABLE. */
MG_CHECKED int mg_alpha_enough(size_t n_items, double people, struct mg_error *error);
/* ret_items: n entries, in the order of `index`; may be NULL. */
MG_CHECKED int mg_alpha(const struct mg_moments *m, const size_t *index, size_t n,
                        struct mg_alpha_item *ret_items, struct mg_alpha *ret, struct mg_error *error);
/* Feldt's (1965) interval: (1 − α)/(1 − α̂) is F with n − 1 and (n − 1)(k − 1) degrees of freedom if items are
 * parallel, answers normal and people independent. n: rows behind α, the fewest where covariances are
 * pairwise; with weights the effective number. */
MG_CHECKED int mg_alpha_interval(const struct mg_alpha *alpha, double n, double level, double *ret_low,
                                 double *ret_high, struct mg_error *error);

/* Reliability of P − E (Johns 1981; Peter, Churchill & Brown 1993):
 * r_D = (σ²_P r_PP + σ²_E r_EE − 2 r_PE σ_P σ_E) / (σ²_P + σ²_E − 2 r_PE σ_P σ_E), p and e being the two
 * scores (indices) and rel_p, rel_e their reliabilities. MG_E_INESTIMABLE when nobody answered both, the
 * difference has no variance or a reliability is NaN. May be negative. */
MG_CHECKED int mg_difference_reliability(const struct mg_moments *m, size_t e, size_t p, double rel_e,
                                         double rel_p, double *ret, struct mg_error *error);

#endif
