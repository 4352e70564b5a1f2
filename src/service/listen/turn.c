/* See turn.h. Looking and marking are one write, so two that look at the same time can't both begin. A
 * process that died leaves its import marked until the sweep has ended it. */
#include "service/listen/turn.h"

#include <unistd.h>

#include "store/queries.gen.h"
#include "store/store.h"

#define LOOK_EVERY_US 100000

struct turn {
    const struct mg_ctx *ctx;
    const char *study_id, *import_id;
    bool mine;
};

static int take(struct mg_db *db, void *user, struct mg_error *error)
{
    struct turn *turn = user;
    const struct mg_ctx *ctx = turn->ctx;
    struct mg_sql_import_others_row others;
    int64_t changed = 0;
    turn->mine = false;
    int rc = mg_sql_import_others(db, ctx->arena, ctx->caller.org_id, turn->study_id, turn->import_id,
                                  &others, error);
    if (rc || others.n > 0)
        return rc;
    rc = mg_sql_import_begin(db, turn->import_id, &changed, error);
    if (!rc && changed == 0)
        rc = mg_fail(error, MG_E_CANCELLED, "The import was stopped.");
    turn->mine = rc == 0;
    return rc;
}

int mg_import_take_turn(const struct mg_ctx *ctx, const char *study_id, const char *import_id,
                        int (*wait)(void *user, struct mg_error *error), void *user, struct mg_error *error)
{
    struct turn turn = {.ctx = ctx, .study_id = study_id, .import_id = import_id};
    int rc = mg_store_write(ctx->store, take, &turn, error);
    while (!rc && !turn.mine) {
        rc = wait(user, error);
        if (!rc)
            rc = mg_stop_check(ctx->stop, error);
        usleep(LOOK_EVERY_US);
        if (!rc)
            rc = mg_store_write(ctx->store, take, &turn, error);
    }
    return rc;
}
