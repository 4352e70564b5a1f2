/* See reach.h. */
#include "service/log/reach.h"

#include <string.h>

#include "service/log/lane.h"
#include "store/queries.gen.h"
#include "store/store.h"

/* ---- one stream ---- */

struct last {
    const struct mg_ctx *ctx;
    const struct mg_follower *follower;
    const char *stream_id;
    int64_t up_to, sequence; /* the last entry of the follower's kinds; 0: none is known */
};

static int read_last(struct mg_db *db, void *user, struct mg_error *error)
{
    struct last *last = user;
    struct mg_sql_event_of_stream_back_row *rows = NULL;
    size_t n = 0;
    int rc =
        mg_sql_event_of_stream_back(db, last->ctx->arena, last->stream_id, last->up_to, &rows, &n, error);
    for (size_t i = 0; i < n && !rc && !last->sequence; i++)
        if (mg_lane_is_in(last->follower->kinds, rows[i].kind))
            last->sequence = rows[i].sequence;
    return rc;
}

int mg_reach_is_short(const struct mg_ctx *ctx, const struct mg_follower *follower, const char *stream_id,
                      int64_t sequence, bool *ret_short, struct mg_error *error)
{
    struct last last = {ctx, follower, stream_id, sequence, 0};
    int64_t reached = -1;
    *ret_short = false;
    if (!follower->reaches || !follower->rebuild)
        return 0;
    int rc = mg_store_read(ctx->store, read_last, &last, error);
    if (!rc)
        rc = follower->reaches(ctx, stream_id, &reached, error);
    *ret_short = !rc && last.sequence > reached && last.sequence > 0;
    if (*ret_short)
        mg_log_write(&ctx->log, MG_LOG_WARN, "follower.short",
                     "%s: stream %s reaches entry %lld where %lld was applied; it is made anew",
                     follower->name, stream_id, (long long)reached, (long long)last.sequence);
    return rc;
}

/* ---- all of them ---- */

struct stream {
    const char *id, *org_id;
    int64_t up_to;
    bool falls_short;
};

struct checking {
    const struct mg_ctx *ctx;
    const struct mg_follower *follower;
    struct stream *streams;
    size_t n, size;
    struct mg_sql_hold_row *holds;
    size_t n_holds;
    char identity[MG_FOLLOWER_IDENTITY]; /* of the state that there is */
    int64_t watermark;
};

/* A held stream reaches its hold; one that is to be made anew, nothing. */
static int64_t is_to_reach(const struct checking *c, const char *stream_id)
{
    const struct mg_sql_hold_row *hold = mg_lane_hold(c->holds, c->n_holds, stream_id);
    return !hold ? c->watermark : hold->rebuild ? 0 : hold->sequence;
}

static int note_stream(void *user, const char *org_id, const char *stream_id, struct mg_error *error)
{
    struct checking *c = user;
    if (c->n == c->size) {
        size_t size = c->size ? c->size * 2 : 64;
        struct stream *streams = mg_arena_array(c->ctx->arena, size, sizeof *streams);
        if (!streams)
            return mg_fail_memory(error);
        if (c->n)
            memcpy(streams, c->streams, c->n * sizeof *streams);
        c->streams = streams;
        c->size = size;
    }
    struct stream *stream = &c->streams[c->n++];
    *stream = (struct stream){mg_arena_strdup(c->ctx->arena, stream_id),
                              mg_arena_strdup(c->ctx->arena, org_id), is_to_reach(c, stream_id), false};
    return stream->id && stream->org_id ? 0 : mg_fail_memory(error);
}

static int read_streams(struct mg_db *db, void *user, struct mg_error *error)
{
    struct checking *c = user;
    struct mg_sql_follower_get_row row;
    int rc = mg_sql_follower_get(db, c->ctx->arena, c->follower->name, &row, error);
    if (rc == MG_E_NOT_FOUND || (!rc && strcmp(row.identity, c->identity) != 0))
        return 0; /* it hasn't begun yet, or another state is there and all will be made anew */
    c->watermark = rc ? 0 : row.watermark;
    if (!rc)
        rc = mg_sql_hold_list(db, c->ctx->arena, c->follower->name, &c->holds, &c->n_holds, error);
    return rc ? rc : c->follower->streams(db, c->ctx, note_stream, c, error);
}

static int write_holds(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct checking *c = user;
    int rc = 0;
    for (size_t i = 0; i < c->n && !rc; i++)
        if (c->streams[i].falls_short)
            rc = mg_sql_hold_rebuild(db, c->follower->name, c->streams[i].id, c->streams[i].org_id,
                                     REBUILD_LOST, mg_now(&c->ctx->clock), NULL, error);
    return rc;
}

static int check_streams(const struct mg_ctx *ctx, const struct mg_follower *follower, struct mg_error *error)
{
    struct checking checking = {.ctx = ctx, .follower = follower};
    bool any = false;
    int rc = follower->identity ? follower->identity(ctx, checking.identity, error) : 0;
    if (!rc)
        rc = mg_store_read(ctx->store, read_streams, &checking, error);
    for (size_t i = 0; i < checking.n && !rc; i++) {
        struct stream *s = &checking.streams[i];
        rc = mg_reach_is_short(ctx, follower, s->id, s->up_to, &s->falls_short, error);
        any |= s->falls_short;
    }
    return rc || !any ? rc : mg_store_write(ctx->store, write_holds, &checking, error);
}

int mg_reach_check(const struct mg_ctx *ctx, const struct mg_follower *follower, struct mg_error *error)
{
    struct mg_ctx inner = *ctx;
    if (!follower->reaches || !follower->rebuild || !follower->streams)
        return 0;
    inner.arena = mg_arena_new(MG_LANE_ARENA);
    int rc = inner.arena ? check_streams(&inner, follower, error) : mg_fail_memory(error);
    mg_arena_free(inner.arena);
    return rc;
}
