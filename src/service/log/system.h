/* How the server fares, for the people who run it: its file of columns, its disk, its followers, what of the
 * caller's organisation waits, and the work that repeats. */
#ifndef MG_SERVICE_LOG_SYSTEM_H
#define MG_SERVICE_LOG_SYSTEM_H

#include "service/context.h"
#include "wire/wire.gen.h"

/* Columns that aren't open yet are said to be so; that is no failure. */
MG_CHECKED int mg_system_get(const struct mg_ctx *ctx, struct mg_wire_system *ret_system,
                             struct mg_error *error);
/* MG_E_NOT_FOUND: nothing of that study was set aside, or it is another organisation's. */
MG_CHECKED int mg_system_retry(const struct mg_ctx *ctx, const struct mg_wire_retry_held *retry,
                               struct mg_error *error);

#endif
