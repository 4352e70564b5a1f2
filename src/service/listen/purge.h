/* Removing what an import brought: by who ends it, and by who carries its undoing to the columns. */
#ifndef MG_SERVICE_LISTEN_PURGE_H
#define MG_SERVICE_LISTEN_PURGE_H

#include "service/context.h"

/* Removes the responses of an import that isn't to be seen, in small writes, between which ctx->stop is
 * looked at; those of a done one stay. */
MG_CHECKED int mg_listen_import_purge(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

#endif
