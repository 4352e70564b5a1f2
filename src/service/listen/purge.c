/* Removing what an import brought, customers too that have nothing else; see purge.h. Small writes, so that
 * intake isn't held up. */
#include "service/listen/purge.h"

#include "service/log/follower.h"
#include "service/record/stored.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define CHUNKS_A_WRITE 16
#define ARENA_BYTES ((size_t)256 << 20)

struct purge {
    const char *id;
    struct mg_arena *arena; /* of one write */
    int64_t removed;        /* by the last write */
};

static int delete_chunks(struct mg_db *db, struct purge *purge, struct mg_error *error)
{
    struct mg_sql_chunk_row *chunks = NULL;
    size_t n = 0;
    int64_t rows = 0;
    int rc = mg_sql_chunk_of_ended(db, purge->arena, purge->id, CHUNKS_A_WRITE, &chunks, &n, error);
    if (!rc)
        rc = mg_stored_drop(db, chunks, n, true, &rows, error);
    purge->removed = (int64_t)n;
    return rc;
}

/* Rows of before there were chunks come after those. */
static int delete_some(struct mg_db *db, void *user, struct mg_error *error)
{
    struct purge *purge = user;
    int rc = delete_chunks(db, purge, error);
    return rc || purge->removed ? rc : mg_sql_import_delete_some(db, purge->id, &purge->removed, error);
}

static int write_some(const struct mg_ctx *ctx, struct purge *purge, struct mg_error *error)
{
    purge->arena = mg_arena_new(ARENA_BYTES);
    int rc = purge->arena ? mg_store_write(ctx->store, delete_some, purge, error) : mg_fail_memory(error);
    mg_arena_free(purge->arena);
    return rc;
}

int mg_listen_import_purge(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct purge purge = {.id = id, .removed = 1};
    int rc = 0;
    while (!rc && purge.removed > 0) {
        rc = mg_stop_check(ctx->stop, error);
        if (!rc && mg_followers_stopping(ctx->followers))
            rc = mg_fail(error, MG_E_CANCELLED, "The server stops.");
        if (!rc)
            rc = write_some(ctx, &purge, error);
    }
    return rc;
}
