/* Running a follower to the end, looking at it, trying again by hand, and cutting off the log. */
#include <string.h>

#include "service/admin/audit.h"
#include "service/log/lane.h"
#include "service/log/reach.h"
#include "store/queries.gen.h"
#include "store/store.h"

/* Steps of a lane, each with memory of its own, until there is no more. */
static int run_lane(const struct mg_ctx *ctx, const struct mg_follower *follower, mg_lane_step *step,
                    struct mg_lane_turn *turn, bool *ret_did, struct mg_error *error)
{
    bool more = true;
    int rc = 0;
    while (more && !rc) {
        struct mg_ctx inner = *ctx;
        inner.arena = mg_arena_new(MG_LANE_ARENA);
        rc = inner.arena ? step(&inner, follower, turn, &more, error) : mg_fail_memory(error);
        mg_arena_free(inner.arena);
        *ret_did |= more && !rc;
    }
    return rc;
}

int mg_follower_run(const struct mg_ctx *ctx, const struct mg_follower *follower, struct mg_error *error)
{
    struct mg_lane_turn turn = {0};
    bool did = true;
    int rc = mg_reach_check(ctx, follower, error);
    while (did && !rc) { /* what the one lane does, the other may have to follow up */
        did = false;
        rc = run_lane(ctx, follower, mg_lane_live, &turn, &did, error);
        if (!rc)
            rc = run_lane(ctx, follower, mg_lane_bulk, &turn, &did, error);
    }
    return rc;
}

struct lagging {
    const struct mg_ctx *ctx;
    const struct mg_follower *follower;
    int64_t entries;
};

static int read_lag(struct mg_db *db, void *user, struct mg_error *error)
{
    struct lagging *l = user;
    struct mg_sql_follower_lag_row row;
    int rc = mg_sql_follower_lag(db, l->ctx->arena, l->follower->name, &row, error);
    if (!rc)
        l->entries = row.entries;
    return rc;
}

int mg_follower_lag(const struct mg_ctx *ctx, const struct mg_follower *follower, int64_t *ret_entries,
                    struct mg_error *error)
{
    struct lagging lagging = {.ctx = ctx, .follower = follower};
    int rc = mg_store_read(ctx->store, read_lag, &lagging, error);
    if (!rc)
        *ret_entries = lagging.entries;
    return rc;
}

struct listing {
    const struct mg_ctx *ctx;
    struct mg_sql_follower_list_row *rows;
    size_t n;
};

static int read_list(struct mg_db *db, void *user, struct mg_error *error)
{
    struct listing *l = user;
    return mg_sql_follower_list(db, l->ctx->arena, &l->rows, &l->n, error);
}

int mg_follower_states(const struct mg_ctx *ctx, const struct mg_follower_state **ret_states, size_t *ret_n,
                       struct mg_error *error)
{
    struct listing listing = {.ctx = ctx};
    int rc = mg_store_read(ctx->store, read_list, &listing, error);
    struct mg_follower_state *states = rc ? NULL : mg_arena_array(ctx->arena, listing.n, sizeof *states);
    if (!rc && !states)
        rc = mg_fail_memory(error);
    if (rc)
        return rc;
    for (size_t i = 0; i < listing.n; i++) {
        const struct mg_sql_follower_list_row *r = &listing.rows[i];
        states[i] = (struct mg_follower_state){.name = r->name,
                                               .note = r->note,
                                               .identity = r->identity,
                                               .watermark = r->watermark,
                                               .last = r->last,
                                               .waiting = r->waiting,
                                               .held = r->held,
                                               .rebuilding = r->rebuilding,
                                               .set_aside = r->set_aside,
                                               .erasures = r->erasures,
                                               .noted_at = r->noted_at};
    }
    *ret_states = states;
    *ret_n = listing.n;
    return 0;
}

/* ---- by hand ---- */

struct retrying {
    const struct mg_ctx *ctx;
    const char *follower, *stream_id;
};

static int write_retry(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct retrying *r = user;
    int64_t changes = 0;
    int rc = mg_sql_hold_retry(db, r->follower, r->stream_id, r->ctx->caller.org_id, &changes, error);
    if (!rc && changes == 0)
        return mg_fail(error, MG_E_NOT_FOUND, "Nothing of this was set aside.");
    return rc ? rc : mg_audit_add(db, r->ctx, "retry", "follower", r->stream_id, NULL, NULL, error);
}

int mg_follower_retry(const struct mg_ctx *ctx, const char *follower, const char *stream_id,
                      struct mg_error *error)
{
    struct retrying r = {ctx, follower, stream_id};
    int rc = mg_store_write(ctx->store, write_retry, &r, error);
    if (!rc)
        mg_followers_wake(ctx->followers);
    return rc;
}

/* ---- cutting off ---- */

struct pruning {
    const struct mg_ctx *ctx;
    int64_t up_to, removed;
};

static int read_needless(struct mg_db *db, void *user, struct mg_error *error)
{
    struct pruning *p = user;
    struct mg_sql_event_needed_by_nobody_row row;
    int rc = mg_sql_event_needed_by_nobody(db, p->ctx->arena, &row, error);
    if (!rc)
        p->up_to = row.sequence;
    return rc;
}

/* What is needed is asked again in the write: a hold may have come in between. */
static int prune_some(struct mg_db *db, void *user, struct mg_error *error)
{
    struct pruning *p = user;
    int rc = read_needless(db, p, error);
    if (!rc)
        rc = mg_sql_event_set_pruned(db, p->up_to, NULL, error);
    return rc ? rc : mg_sql_event_prune(db, p->up_to, &p->removed, error);
}

int mg_event_prune(const struct mg_ctx *ctx, struct mg_error *error)
{
    struct pruning pruning = {.ctx = ctx};
    int rc = mg_store_read(ctx->store, read_needless, &pruning, error);
    if (rc || pruning.up_to <= 0)
        return rc;
    do {
        rc = mg_stop_check(ctx->stop, error);
        if (!rc)
            rc = mg_store_write(ctx->store, prune_some, &pruning, error);
    } while (!rc && pruning.removed > 0);
    return rc;
}
