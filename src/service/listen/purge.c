/* Removing what an import brought; see purge.h. Small writes, so that intake isn't held up. */
#include "service/listen/purge.h"

#include "service/log/follower.h"
#include "store/queries.gen.h"
#include "store/store.h"

struct purge {
    const char *id;
    int64_t removed; /* by the last write */
};

static int delete_some(struct mg_db *db, void *user, struct mg_error *error)
{
    struct purge *purge = user;
    return mg_sql_import_delete_some(db, purge->id, &purge->removed, error);
}

int mg_listen_import_purge(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct purge purge = {id, 1};
    int rc = 0;
    while (!rc && purge.removed > 0) {
        rc = mg_stop_check(ctx->stop, error);
        if (!rc && mg_followers_stopping(ctx->followers))
            rc = mg_fail(error, MG_E_CANCELLED, "The server stops.");
        if (!rc)
            rc = mg_store_write(ctx->store, delete_some, &purge, error);
    }
    return rc;
}
