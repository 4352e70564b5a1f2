/* What a report can't compare, and why: one side that wasn't asked or not answered, no rows at all. */
#ifndef MG_SERVICE_MEASURE_SIDES_H
#define MG_SERVICE_MEASURE_SIDES_H

#include "service/measure/pass.h"

/* A sentence on the side that is missing from every item; false: gaps can be had. */
bool mg_sides_note(struct mg_arena *arena, const struct mg_plan *plan, const struct mg_moments *m,
                   struct mg_wire_text *ret);

/* MG_E_INESTIMABLE with why not one row is there: none in the source, none with a weight, none past the
 * filters. */
MG_CHECKED int mg_sides_fail_empty(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                   struct mg_error *error);

#endif
