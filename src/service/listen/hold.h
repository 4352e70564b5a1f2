/* An import that no job runs, the command line's, proves that it is alive by a file that it keeps locked:
 * <data>/running/<import id>. The kernel lets go of the lock when the process ends, however it ends, so a
 * server leaves a live import alone and clears away a dead one. */
#ifndef MG_SERVICE_LISTEN_HOLD_H
#define MG_SERVICE_LISTEN_HOLD_H

#include <stdbool.h>

#include "service/context.h"

/* Before the import's row is written, so that nobody sees one without the other. */
MG_CHECKED int mg_import_hold(const struct mg_ctx *ctx, const char *id, int *ret_hold,
                              struct mg_error *error);
/* After its end was written: removes the file. `hold` below 0: only what a dead one left. */
void mg_import_let_go(const struct mg_ctx *ctx, const char *id, int hold);
bool mg_import_is_held(const struct mg_ctx *ctx, const char *id);

#endif
