/* How many expectations are at the top of their scale. Where most are, a perception can't exceed them: the
 * gap says less than it seems, and the report says so. */
#ifndef MG_SERVICE_MEASURE_CEILING_H
#define MG_SERVICE_MEASURE_CEILING_H

#include "service/measure/row.h"

#define MG_CEILING_MUCH 0.5 /* share from which it is said */

/* Of one group: weights, or answers, at the top and altogether; an item of the plan each. */
struct mg_ceiling {
    double *top, *all;
};

/* One query for all items and groups; `by` as in the pass. *ret: one a group of the pass (without `by` one),
 * in its order. */
MG_CHECKED int mg_ceiling_count(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                const struct mg_plan *plan, const struct mg_pass *pass, const char *const *by,
                                size_t n_by, struct mg_ceiling **ret, struct mg_error *error);

/* Sets expectation_at_top of rows that show an expectation: of an item, or of all answers to a part's items.
 */
void mg_ceiling_fill(const struct mg_plan *plan, const struct mg_ceiling *ceiling, struct mg_row *rows,
                     size_t n);

/* The sentence on the items where it is half or more; false: there are none. */
bool mg_ceiling_note(struct mg_arena *arena, const struct mg_row_set *items, struct mg_wire_text *ret);

#endif
