/* Locked files of running imports; see hold.h. */
#include "service/listen/hold.h"

#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"

static const char *path_of(const struct mg_ctx *ctx, const char *id)
{
    return mg_arena_printf(ctx->arena, "%s/running/%s", ctx->data_dir, id);
}

int mg_import_hold(const struct mg_ctx *ctx, const char *id, int *ret_hold, struct mg_error *error)
{
    const char *folder = mg_arena_printf(ctx->arena, "%s/running", ctx->data_dir), *path = path_of(ctx, id);
    if (!folder || !path)
        return mg_fail_memory(error);
    int rc = mg_dir_create(folder, error);
    return rc ? rc : mg_lock_take(path, ret_hold, error);
}

void mg_import_let_go(const struct mg_ctx *ctx, const char *id, int hold)
{
    const char *path = path_of(ctx, id);
    if (path)
        unlink(path); /* it may not be there */
    mg_lock_drop(hold);
}

bool mg_import_is_held(const struct mg_ctx *ctx, const char *id)
{
    const char *path = path_of(ctx, id);
    return path && mg_lock_is_held(path);
}
