/* What is wrong with the answers that a report stands on: said in the report, fatal to none.
 *
 *   strays    answers that are none by the rule of model/answer.h, by column with the most frequent values
 *   weights   rows without a weight that counts
 *   repeats   ids that a file has more than once (every row counts, and that is said)
 *
 * Strays are counted by the pass itself and cost one query a column that has any; weights one where the
 * report is weighted; repeats one where the study names an id column and the source is a file. */
#ifndef MG_SERVICE_MEASURE_DEFECTS_H
#define MG_SERVICE_MEASURE_DEFECTS_H

#include "service/measure/pass.h"

#define MG_DEFECTS_COLUMNS_MAX 200 /* columns whose strays are listed; of more only how many they are */
#define MG_DEFECTS_EXAMPLES 5      /* of a column, and of repeated ids */
#define MG_DEFECTS_SUSPICIOUS 0.2  /* share of strays from which the scale is probably declared wrong, */
#define MG_DEFECTS_SUSPICIOUS_N 5  /* and their number */

struct mg_defects {
    double out_of_range; /* all strays */
    const struct mg_wire_stray *strays;
    size_t n_strays;
    const struct mg_wire_weights_left_out *weights; /* NULL: every row counts, or nothing is weighted */
    const struct mg_wire_repeats *repeats;          /* NULL: none */
    const struct mg_wire_text *notes;               /* the same in sentences */
    size_t n_notes;
};

/* Of the request's rows; ids of all rows of the file. `pass` is the request's with `plan`. */
MG_CHECKED int mg_defects_find(struct mg_ctx *ctx, const struct mg_measure_request *request,
                               const struct mg_plan *plan, const struct mg_pass *pass, struct mg_defects *ret,
                               struct mg_error *error);
/* Rows of the request without a weight that counts, and the sentence; *ret NULL: none, or nothing is
 * weighted. */
MG_CHECKED int mg_defects_weights(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                  const struct mg_wire_weights_left_out **ret, struct mg_wire_text *ret_note,
                                  struct mg_error *error);
/* The same, the sentence put behind what a report says of its basis. */
MG_CHECKED int mg_defects_add_weights(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                      struct mg_wire_text *basis, const struct mg_wire_weights_left_out **ret,
                                      struct mg_error *error);
/* Only the columns of which so much doesn't fit that the scale is probably declared wrong, in sentences: from
 * moments of the request's rows, without a query. */
MG_CHECKED int mg_defects_warnings(struct mg_arena *arena, const struct mg_plan *plan,
                                   const struct mg_moments *m, const struct mg_wire_text **ret, size_t *ret_n,
                                   struct mg_error *error);
/* All of it without a report: all that the study asks of the source. */
MG_CHECKED int mg_defects_check(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                struct mg_defects *ret, struct mg_error *error);

#endif
