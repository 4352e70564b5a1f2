/* One pass over the source: a plan's moments, in total and by group, under the request's filters, wave,
 * weights and the study's rule for missing answers. */
#ifndef MG_SERVICE_MEASURE_PASS_H
#define MG_SERVICE_MEASURE_PASS_H

#include "column/file.h"
#include "service/measure/measure.h"
#include "service/measure/people.h"
#include "service/measure/plan.h"

/* Who answered the two sides of the items. */
enum mg_design {
    MG_DESIGN_PAIRED,  /* the same people, for the most part */
    MG_DESIGN_OVERLAP, /* on each side more people answered only that side than both */
    MG_DESIGN_UNPAIRED /* nobody did */
};

struct mg_pass {
    const struct mg_moments *m, *m2; /* all rows; m2 NULL: unweighted */
    enum mg_design design;           /* as are people and repeated: of mg_pass_plan */
    int64_t people;                  /* customers in the rows; −1: the study has none */
    bool repeated;                   /* some of them answered more than once */
    /* The same of the rows that the request's filters and wave leave out, in total and group by group; NULL:
     * it has none. */
    struct mg_outside *outside, *outside_groups;
    const struct mg_moments_group *groups;
    size_t n_groups;        /* without `by`: one group without keys */
    struct mg_moments *own; /* of each group, as mg_pass_own has them; NULL: as they are */
};

/* The request's filters, the wave and, under the listwise rule, "every expectation and perception answered".
 */
MG_CHECKED int mg_pass_filters(struct mg_arena *arena, const struct mg_measure_request *request,
                               const struct mg_filter **ret_filters, size_t *ret_n, struct mg_error *error);

/* `by`: columns. buckets: 0, or how many hash buckets (then a group a bucket). */
MG_CHECKED int mg_pass_run(struct mg_ctx *ctx, const struct mg_measure_request *request,
                           const struct mg_plan *plan, const char *const *by, size_t n_by, unsigned buckets,
                           struct mg_pass *ret_pass, struct mg_error *error);

/* Whether rows must be kept together, since some customer has several or they have weights: MG_PLAN_BUCKETS,
 * and MG_PLAN_EACH; else 0. ret_people: the customers in the rows that the request selects and whose weight
 * counts; zeros where the study has none. */
MG_CHECKED int mg_pass_buckets(struct mg_ctx *ctx, const struct mg_measure_request *request,
                               unsigned *ret_options, struct mg_distinct *ret_people, struct mg_error *error);

/* A plan and its pass, by groups only where these have room (room.h, MG_E_LIMIT); without `by`, by wave where
 * they have. Where fewer than half of the people answered both sides of an item the plan is made
 * with MG_PLAN_UNPAIRED. Where people answered more than once, and where rows have weights, it has buckets,
 * of customers if the study knows them. */
MG_CHECKED int mg_pass_plan(struct mg_ctx *ctx, const struct mg_measure_request *request, unsigned options,
                            const char *const *by, size_t n_by, struct mg_plan **ret_plan,
                            struct mg_pass *ret_pass, struct mg_error *error);

/* Adds the moments of what the request's filters and wave leave out, together and each alone (outside.c): who
 * is few there mustn't be told by subtraction. */
MG_CHECKED int mg_pass_add_outside(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                   const struct mg_plan *plan, const char *const *by, size_t n_by,
                                   struct mg_pass *pass, struct mg_error *error);
/* The moments of group g for what is said of it alone: without buckets where rows aren't weighted and nobody
 * in it answered twice, so that a wave has the same intervals whether others are looked at or not.
 * Differences between groups need those of the group itself, whose people may stand in others too. */
const struct mg_moments *mg_pass_own(const struct mg_pass *pass, size_t g);
/* On each side more people answered only that side than both. */
bool mg_pass_overlaps(double e, double p, double both);
/* What is left out of group g of a table: by the filters, and by the group itself, whose moments stand in
 * `work` (of the pass's shape) as long as nothing else is put there. */
struct mg_outside mg_pass_outside(const struct mg_pass *pass, size_t g, struct mg_moments *work);

/* The sum of the groups. Without groups there is nothing to add up: moments of no rows. NULL: memory is out.
 */
struct mg_moments *mg_pass_total(struct mg_arena *arena, const struct mg_moments_result *result, size_t k,
                                 bool weighted, bool squared);

/* The engine's request for a plan, for calls other than moments. */
struct mg_moments_request mg_pass_request(const struct mg_measure_request *request,
                                          const struct mg_plan *plan, const struct mg_filter *filters,
                                          size_t n_filters);

/* Column names that the request decides over the study. */
const char *mg_measure_wave_column(const struct mg_measure_request *request);
const char *mg_measure_weight(const struct mg_measure_request *request);
const char *mg_measure_customer(const struct mg_measure_request *request); /* NULL: none are known */
double mg_measure_level(const struct mg_measure_request *request);
double mg_measure_k(const struct mg_measure_request *request);

#endif
