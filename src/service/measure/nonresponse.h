/* The plan of a comparison of those who answered with those who didn't: which questions, in what.
 *
 *   an item      its perception was answered or not (where only expectations were asked: that);
 *                compared in the mean of the other items' perceptions, and in the outcomes
 *   an outcome   the same; compared in the mean of all items' perceptions, and in the other outcomes
 *
 * Use cases call mg_measure_nonresponse (measure.h). */
#ifndef MG_SERVICE_MEASURE_NONRESPONSE_H
#define MG_SERVICE_MEASURE_NONRESPONSE_H

#include "service/measure/pass.h"

#define MG_NONRESPONSE_OUTCOMES 4 /* the study's first: what is compared in */

struct mg_nonresponse_pair {
    size_t y, x; /* variables: compared in y, by whether x was answered */
    const char *code;
    struct mg_text label;
    bool outcome;          /* x is one */
    const char *criterion; /* code of an outcome; NULL: the perceptions */
    struct mg_text criterion_label;
};

struct mg_nonresponse_plan {
    struct mg_plan pass; /* columns, scores and sets: what mg_pass_run wants */
    struct mg_nonresponse_pair *pairs;
    size_t n_pairs;
};

/* buckets: of mg_pass_buckets. */
MG_CHECKED int mg_nonresponse_plan(struct mg_arena *arena, const struct mg_study *study, unsigned buckets,
                                   struct mg_nonresponse_plan *ret, struct mg_error *error);

#endif
