/* A file for the server that runs beside: the command line queues its import and watches it. */
#ifndef MG_CLI_HANDOVER_H
#define MG_CLI_HANDOVER_H

#include "cli/cli.h"
#include "service/listen/import.h"

/* Returns when the import, queued by mg_listen_import_hand_over, has ended. request->progress is called
 * meanwhile. A signal cancels the import, a second one stops watching: MG_E_CANCELLED. MG_E_IO: it failed, or
 * the server is gone for 5 s. */
MG_CHECKED int mg_cli_watch(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                            struct mg_wire_import *import, struct mg_error *error);

#endif
