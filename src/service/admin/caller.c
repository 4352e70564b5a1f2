#include "service/admin/caller.h"

void mg_caller_set(struct mg_ctx *ctx, const struct mg_caller *caller)
{
    ctx->caller = *caller;
    ctx->scope = (struct mg_scope){0};
}
