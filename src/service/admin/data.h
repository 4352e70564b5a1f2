/* A data folder opened outside a server, for the command line. */
#ifndef MG_SERVICE_ADMIN_DATA_H
#define MG_SERVICE_ADMIN_DATA_H

#include <stdbool.h>

#include "service/context.h"

/* Opens the record of ctx->data_dir into ctx->store; safe beside a running server. create: makes what isn't
 * there. */
MG_CHECKED int mg_data_open(struct mg_ctx *ctx, bool create, struct mg_error *error);
/* Whether a server works in ctx->data_dir now. */
bool mg_data_is_served(const struct mg_ctx *ctx);
void mg_data_close(struct mg_ctx *ctx);

#endif
