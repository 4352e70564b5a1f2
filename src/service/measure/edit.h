/* What a change of a study's document would do to the answers that are there, told before it is saved. */
#ifndef MG_SERVICE_MEASURE_EDIT_H
#define MG_SERVICE_MEASURE_EDIT_H

#include "service/context.h"
#include "wire/wire.gen.h"

#define MG_EDIT_LOSSES_MAX 50 /* columns listed; more are counted */
#define MG_EDIT_VALUES_MAX                                                                                   \
    4096 /* different values of a column that are looked through; else its rows are                          \
          */

/* Compares the document with the one that is kept, column by column: of each whose rule changes or that is
 * named no longer, how many of today's answers would count no longer; columns without any answer; and what
 * changes where another column, or none, holds weight, wave, customer or time: reports are weighted or not,
 * of the others only later imports know. One query a column concerned. Nothing is written. Fails as the
 * change would; MG_E_BUSY: the study's table is being made anew. */
MG_CHECKED int mg_measure_edit_check(const struct mg_ctx *ctx, const char *id,
                                     const struct mg_wire_study_edit *edit, struct mg_wire_study_check *ret,
                                     struct mg_error *error);

#endif
