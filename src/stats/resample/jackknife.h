/* Delete-a-group jackknife of linear combinations of means, from the buckets of moments (Kott
 * 2001, J. Official Stat. 17). Nothing allocates. */
#ifndef MG_STATS_RESAMPLE_JACKKNIFE_H
#define MG_STATS_RESAMPLE_JACKKNIFE_H

#include "base/err.h"
#include "stats/moments/moments.h"

/* A sum of means with and without each bucket. */
struct mg_jackknife_sum {
    double estimate;                         /* relative to the origins */
    double left_out[MG_MOMENTS_BUCKETS_MAX]; /* the same without bucket g */
    bool there[MG_MOMENTS_BUCKETS_MAX];      /* bucket g has a row of one of the means */
    double size;                             /* Σ |coefficient × mean|: what rounding is measured against */
    double df;                               /* smallest n_eff − 1 of the buckets' weights */
};

void mg_jackknife_begin(struct mg_jackknife_sum *sum);
/* Adds coefficient × mean of variable i over the rows that have j too. MG_E_INVALID: the moments have no such
 * link. MG_E_INESTIMABLE: fewer than two buckets have rows. */
MG_CHECKED int mg_jackknife_add(struct mg_jackknife_sum *sum, const struct mg_moments *m, size_t i, size_t j,
                                double coefficient, struct mg_error *error);
/* √((G − 1)/G Σ(θ₍g₎ − θ̄)²) over the G buckets that are there; what is below rounding is 0. */
double mg_jackknife_se(const struct mg_jackknife_sum *sum);
double mg_jackknife_groups(const struct mg_jackknife_sum *sum);

#endif
