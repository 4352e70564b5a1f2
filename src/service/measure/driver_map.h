/* The importance–performance map while it is put together:
 *
 *   one pass ──▶ parts, performance ──▶ drivers chosen ──▶ one pass over them and the outcome, by buckets
 *                                                        ├── all: R², LMG, collinear sets, n and why
 *                                                        ├── resampled: intervals, ranks, quadrants
 *                                                        └── said: whether all go with the outcome, what is
 * sure */
#ifndef MG_SERVICE_MEASURE_DRIVER_MAP_H
#define MG_SERVICE_MEASURE_DRIVER_MAP_H

#include "service/measure/row.h"
#include "stats/drivers/drivers.h"

#define MG_DRIVER_CERTAIN 0.8 /* a quadrant of a lower probability is marked uncertain */

struct mg_driver_map {
    struct mg_ctx *ctx;
    const struct mg_driver_request *request;
    const struct mg_study *study;
    struct mg_plan *plan;
    struct mg_pass pass;              /* all parts */
    const struct mg_part *parts;      /* those with perceptions */
    size_t n, hidden;                 /* hidden: of too few people */
    struct mg_people people;          /* of the pass */
    size_t outcome;                   /* of the study; MG_PART_NONE: none */
    size_t y;                         /* its variable */
    const size_t *driver, *x;         /* p: the drivers among the parts, and their variables */
    size_t p;                         /* 0: nothing to derive an importance from */
    struct mg_pass base;              /* the drivers and the outcome, by buckets; empty when p is 0 */
    bool enough;                      /* people for the shares to be shown */
    double *importance, *performance; /* n: the map's axes; NaN where there is none */
    enum mg_quadrant *quadrants;      /* n */
    struct mg_wire_driver_row *rows;  /* n */
    struct mg_wire_driver_report *report;
};

/* Chooses the drivers, sums them by buckets, says how many answers stand behind R² and why no more. */
MG_CHECKED int mg_driver_base(struct mg_driver_map *map, struct mg_error *error);
/* LMG and its companions, or squared correlations with the reason in the report's note; collinear sets. Sets
 * importance_source where it is derived. */
MG_CHECKED int mg_driver_derive(struct mg_driver_map *map, bool *ret_derived, struct mg_error *error);
/* Intervals, ranks and the quadrants' probabilities of what was derived. */
MG_CHECKED int mg_driver_resample(struct mg_driver_map *map, struct mg_error *error);
/* The finding, where all drivers together were tested; which quadrants are uncertain. */
MG_CHECKED int mg_driver_say(struct mg_driver_map *map, struct mg_error *error);

#endif
