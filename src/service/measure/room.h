/* What a pass by groups takes of memory, decided before it is run.
 *
 *     a group    pairs that are summed, twice (while they are, and when they are done), the square of the
 *                columns, and a bucket's sums of every link as often as there are buckets
 *
 * Where all groups together take more than MG_ROOM_BYTES (and each thread at work as much again, in the worst
 * case), there are fewer buckets, down to MG_ROOM_BUCKETS_LEAST; beyond, the pass isn't run. */
#ifndef MG_SERVICE_MEASURE_ROOM_H
#define MG_SERVICE_MEASURE_ROOM_H

#include "service/measure/measure.h"
#include "service/measure/plan.h"

#define MG_ROOM_BYTES ((size_t)512 << 20)      /* of one pass */
#define MG_ROOM_DONE_BYTES ((size_t)384 << 20) /* of what is kept of all passes of one report */
#define MG_ROOM_BUCKETS_LEAST 32

/* Buckets with which so many groups have room, a power of two: the plan's own where that is enough (0: it has
 * none); SIZE_MAX: there is no room. passes: how many are kept. */
size_t mg_room_buckets(const struct mg_plan *plan, size_t groups, size_t passes);

/* Sets the plan's buckets so that the request's groups have room. MG_E_LIMIT: they have none, or are more
 * than MG_MEASURE_GROUPS_MAX. */
MG_CHECKED int mg_room_make(struct mg_ctx *ctx, const struct mg_measure_request *request,
                            struct mg_plan *plan, const char *const *by, size_t n_by, struct mg_error *error);

#endif
