/* A table gives a number in total and by group: what it keeps back of some groups is the total less the rest.
 * Who is few there is protected by keeping back more (people.h, mg_people_hide_also), number by number: each
 * has people of its own. */
#ifndef MG_SERVICE_MEASURE_REMAINDER_H
#define MG_SERVICE_MEASURE_REMAINDER_H

#include "service/measure/outcome.h"
#include "service/measure/row.h"

/* A part's rows in the groups of a pass; rows[g] NULL: nothing is told of the group. `whole`: what the total
 * is estimated from. */
MG_CHECKED int mg_remainder_rows(const struct mg_row_context *whole, const struct mg_part *part,
                                 const struct mg_pass *pass, struct mg_row *const *rows, double few,
                                 struct mg_error *error);
/* The scores of one outcome, `stride` apart. */
MG_CHECKED int mg_remainder_scores(struct mg_ctx *ctx, const struct mg_pass *pass, size_t variable,
                                   struct mg_outcome_score *scores, size_t stride, double few,
                                   struct mg_error *error);

#endif
