/* The columns as a follower of the log: the rows of each study's table, typed, as the record has them.
 *
 *   response, erase   rows replaced or removed                              (live lane)
 *   import            its rows, filled into a part of their own, join at once
 *   import_undo       its rows go at once, then those of the record, in small writes
 *   study             the table is made anew beside and swapped              (bulk lane)
 *
 * The table's mark (column.h) is the last entry it holds, so that an entry applied again changes nothing. */
#ifndef MG_SERVICE_LISTEN_COLUMNS_H
#define MG_SERVICE_LISTEN_COLUMNS_H

#include "service/log/follower.h"
#include "service/record/load.h"

extern const struct mg_follower mg_listen_columns;

/* MG_E_BUSY: the study's table was lost and isn't made anew yet, so that an analysis would find nothing or a
 * part. */
MG_CHECKED int mg_listen_columns_ready(const struct mg_ctx *ctx, const char *study_id,
                                       struct mg_error *error);

/* Drops parts that nobody will claim. */
MG_CHECKED int mg_listen_columns_sweep(const struct mg_ctx *ctx, struct mg_error *error);

#endif
