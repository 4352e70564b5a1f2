/* A file of the command line becomes an upload, as if a browser had sent it. */
#ifndef MG_SERVICE_LISTEN_HANDOVER_H
#define MG_SERVICE_LISTEN_HANDOVER_H

#include "service/context.h"
#include "wire/wire.gen.h"

/* Copies the file into the uploads folder and stores it there; `path` stays as it is. MG_E_FULL: no room, and
 * nothing is kept. */
MG_CHECKED int mg_listen_upload_copy(const struct mg_ctx *ctx, const char *path, const char *name,
                                     struct mg_wire_upload *ret, struct mg_error *error);

#endif
