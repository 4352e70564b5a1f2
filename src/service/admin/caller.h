/* The one place in which a context learns who calls, and with that what of the organisation they see. */
#ifndef MG_SERVICE_ADMIN_CALLER_H
#define MG_SERVICE_ADMIN_CALLER_H

#include "service/context.h"

/* Sets ctx->caller and ctx->scope; the scope is the whole organisation. */
void mg_caller_set(struct mg_ctx *ctx, const struct mg_caller *caller);

#endif
