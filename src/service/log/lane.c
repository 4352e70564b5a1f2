/* The two lanes of a follower; the invariants are in follower.h.
 *
 * Live: reads the next entries behind the watermark, sorts them by stream, passes over held streams, holds
 * streams whose entry belongs to the bulk lane and those beyond their organisation's share, applies the rest
 * stream by stream, and then moves the watermark, together with the holds, in one write. A stream that fails
 * is tried again entry by entry, so that the one that can't be applied is known and set aside.
 *
 * Bulk: goes round the organisations that have a hold that is due, takes of each the stream that is furthest
 * behind, rebuilds it or applies its next entries, and moves the hold. So what one organisation keeps busy
 * with costs another at most one step. */
#include "service/log/lane.h"

#include <stdio.h>
#include <string.h>

#include "service/log/reach.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define ENTRIES_MOST 2000 /* of a step */
#define REBUILD_BESIDE 1  /* what there is serves meanwhile */
#define RETRY_US_FIRST ((int64_t)1000000)
#define RETRY_US_MOST ((int64_t)300000000)
#define RETRY_DOUBLINGS 9

bool mg_lane_is_in(const char *const *kinds, const char *kind)
{
    for (size_t i = 0; i < MG_FOLLOWER_KINDS_MAX && kinds[i]; i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

/* The fault is the machine's, not the entry's. */
static bool is_passing(int rc)
{
    return rc == MG_E_FULL || rc == MG_E_IO || rc == MG_E_BUSY || rc == MG_E_NO_MEMORY ||
           rc == MG_E_DAMAGED || rc == MG_E_CANCELLED;
}

/* --- where it stands --- */

struct position {
    const struct mg_ctx *ctx;
    const struct mg_follower *follower;
    int64_t watermark;
    char identity[MG_FOLLOWER_IDENTITY];
    bool known;                    /* the record knows the follower */
    struct mg_sql_hold_row *holds; /* of the entries' streams */
    size_t n_holds;
    int64_t most;                      /* entries to read */
    struct mg_follower_entry *entries; /* behind the watermark */
    size_t n;
};

/* Rows of the log are what followers read. */
static int take_entries(struct position *p, const struct mg_sql_log_entry_row *rows, size_t n,
                        struct mg_error *error)
{
    struct mg_follower_entry *entries = mg_arena_array(p->ctx->arena, n, sizeof *entries);
    if (!entries)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct mg_follower_entry){.sequence = rows[i].sequence,
                                                .org_id = rows[i].org_id,
                                                .kind = rows[i].kind,
                                                .stream_id = rows[i].stream_id,
                                                .subject_id = rows[i].subject_id};
    p->entries = entries;
    p->n = n;
    return 0;
}

static int read_position(struct mg_db *db, void *user, struct mg_error *error)
{
    struct position *p = user;
    struct mg_sql_log_entry_row *rows = NULL;
    size_t n = 0;
    struct mg_arena *arena = p->ctx->arena;
    struct mg_sql_follower_get_row row = {0};
    int rc = mg_sql_follower_get(db, arena, p->follower->name, &row, error);
    if (rc && rc != MG_E_NOT_FOUND)
        return rc;
    p->known = rc == 0;
    p->watermark = row.watermark;
    snprintf(p->identity, sizeof p->identity, "%s", row.identity ? row.identity : "");
    rc = mg_sql_event_after(db, arena, p->watermark, p->most, &rows, &n, error);
    if (!rc)
        rc = take_entries(p, rows, n, error);
    if (!rc && p->n)
        rc = mg_sql_hold_among(db, arena, p->follower->name, p->watermark, p->most, &p->holds, &p->n_holds,
                               error);
    return rc;
}

/* --- a state that the watermark doesn't speak of --- */

struct anew {
    const struct mg_ctx *ctx;
    const struct mg_follower *follower;
    const char *identity, *note;
    int64_t rebuild; /* REBUILD_BESIDE or REBUILD_LOST */
    struct mg_db *db;
};

static int hold_for_rebuild(void *user, const char *org_id, const char *stream_id, struct mg_error *error)
{
    const struct anew *a = user;
    return mg_sql_hold_rebuild(a->db, a->follower->name, stream_id, org_id, a->rebuild,
                               mg_now(&a->ctx->clock), NULL, error);
}

/* What has effects outside begins at the end of the log; what can't be made anew, at its beginning. */
static int begin_anew(struct mg_db *db, void *user, struct mg_error *error)
{
    struct anew *a = user;
    const struct mg_ctx *ctx = a->ctx;
    const struct mg_follower *follower = a->follower;
    int64_t now = mg_now(&ctx->clock);
    struct mg_sql_follower_get_row row;
    struct mg_sql_event_last_row last;
    a->db = db;
    int rc = mg_sql_event_last(db, ctx->arena, &last, error);
    int64_t from = rc ? 0 : follower->outside || follower->rebuild ? last.sequence : 0;
    if (!rc)
        rc = mg_sql_follower_get(db, ctx->arena, follower->name, &row, error);
    if (rc == MG_E_NOT_FOUND)
        rc = mg_sql_follower_insert(db, follower->name, from, now, NULL, error);
    if (!rc)
        rc = mg_sql_follower_begin_anew(db, follower->name, from, a->identity, a->note, now, NULL, error);
    if (!rc && follower->rebuild)
        rc = follower->streams(db, ctx, hold_for_rebuild, a, error);
    return rc;
}

int mg_follower_rebuild(const struct mg_ctx *ctx, const struct mg_follower *follower, struct mg_error *error)
{
    char identity[MG_FOLLOWER_IDENTITY] = "";
    if (!follower->rebuild)
        return mg_fail(error, MG_E_UNSUPPORTED, "What %s does can't be made anew.", follower->name);
    int rc = follower->identity ? follower->identity(ctx, identity, error) : 0;
    struct anew anew = {ctx, follower, identity, "made anew on request", REBUILD_BESIDE, NULL};
    return rc ? rc : mg_store_write(ctx->store, begin_anew, &anew, error);
}

/* Sees to it that the watermark speaks of the state there is. *ret_anew: it was another one. */
static int check_identity(const struct position *p, bool *ret_anew, struct mg_error *error)
{
    char identity[MG_FOLLOWER_IDENTITY] = "";
    int rc = p->follower->identity ? p->follower->identity(p->ctx, identity, error) : 0;
    *ret_anew = !rc && (!p->known || strcmp(identity, p->identity) != 0);
    if (rc || !*ret_anew)
        return rc;
    struct anew anew = {p->ctx,       p->follower, identity, p->known ? "lost or replaced; made anew" : "",
                        REBUILD_LOST, NULL};
    if (p->known)
        mg_log_write(&p->ctx->log, MG_LOG_WARN, "follower.anew", "%s is made anew from the record",
                     p->follower->name);
    return mg_store_write(p->ctx->store, begin_anew, &anew, error);
}

/* --- one stream --- */

struct failing {
    int rc;                                /* 0: nothing failed */
    const struct mg_follower_entry *entry; /* that can't be applied; NULL: a rebuild */
    int64_t applied;                       /* the last one before it */
    struct mg_error why;
};

/* For what a follower does with a stream: memory of its own, and the stream's organisation as caller. */
static int begin_work(const struct mg_ctx *ctx, const char *org_id, struct mg_ctx *ret_inner,
                      struct mg_error *error)
{
    *ret_inner = *ctx;
    ret_inner->caller = (struct mg_caller){.role = MG_ROLE_NONE};
    snprintf(ret_inner->caller.org_id, sizeof ret_inner->caller.org_id, "%s", org_id);
    ret_inner->arena = mg_arena_new(MG_LANE_ARENA);
    return ret_inner->arena ? 0 : mg_fail_memory(error);
}

static int apply_once(const struct mg_ctx *ctx, const struct mg_follower *follower,
                      const struct mg_follower_entry *entries, size_t n, struct mg_error *error)
{
    struct mg_ctx inner;
    int rc = begin_work(ctx, entries[0].org_id, &inner, error);
    if (!rc)
        rc = follower->apply(&inner, entries, n, error);
    mg_arena_free(inner.arena);
    return rc;
}

/* For state elsewhere: all entries at once; where that fails half of them, and so on, until the failing one
 * is known. A passing failure is returned, since it would strike the next stream too; one entry that has no
 * room in memory wouldn't. */
static int apply_stream(const struct mg_ctx *ctx, const struct mg_follower *follower,
                        const struct mg_follower_entry *entries, size_t n, struct failing *ret_failing,
                        struct mg_error *error)
{
    struct mg_error why = {.lang = MG_LANG_EN};
    size_t done = 0, most = n;
    int rc = 0;
    while (done < n) {
        size_t run = most < n - done ? most : n - done;
        rc = apply_once(ctx, follower, &entries[done], run, &why);
        if (rc && (run == 1 || (is_passing(rc) && rc != MG_E_NO_MEMORY)))
            break;
        if (rc)
            most = run / 2;
        else
            done += run;
    }
    if (!rc)
        return 0;
    if (is_passing(rc) && rc != MG_E_NO_MEMORY) {
        if (error)
            *error = why;
        return rc;
    }
    *ret_failing = (struct failing){rc, &entries[done],
                                    done ? entries[done - 1].sequence : entries[0].sequence - 1, why};
    return 0;
}

/* --- the live lane --- */

struct stream {
    const char *id, *org_id;
    int64_t first; /* the first entry passed over; 0: none */
    struct mg_follower_entry *entries;
    size_t n;
    struct failing failing;
    bool held, rebuild;
    bool erasure; /* among what was passed over */
};

struct live {
    struct position p;
    struct stream *streams;
    size_t n_streams;
    int64_t watermark; /* to move to */
};

const struct mg_sql_hold_row *mg_lane_hold(const struct mg_sql_hold_row *holds, size_t n,
                                           const char *stream_id)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(holds[middle].stream_id, stream_id);
        if (order == 0)
            return &holds[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Whether this step has as many streams of the organisation as are its share. What a follower keeps in the
 * record costs no commit of its own. */
static bool has_its_share(const struct live *live, const char *org_id)
{
    size_t n = 0;
    for (size_t i = 0; i < live->n_streams && n < MG_LANE_STREAMS_PER_ORG; i++)
        n += !live->streams[i].held && strcmp(live->streams[i].org_id, org_id) == 0;
    return live->p.follower->apply && n == MG_LANE_STREAMS_PER_ORG;
}

static struct stream *stream_of(struct live *live, const struct mg_follower_entry *e)
{
    for (size_t i = live->n_streams; i-- > 0;)
        if (strcmp(live->streams[i].id, e->stream_id) == 0)
            return &live->streams[i];
    const struct mg_sql_hold_row *holds = live->p.holds;
    bool held = mg_lane_hold(holds, live->p.n_holds, e->stream_id) || has_its_share(live, e->org_id);
    struct stream *stream = &live->streams[live->n_streams++];
    *stream = (struct stream){.id = e->stream_id, .org_id = e->org_id, .held = held};
    return stream;
}

static bool is_erasure(const struct mg_follower_entry *entry)
{
    return entry && strcmp(entry->kind, MG_EVENT_ERASE) == 0;
}

/* Counts, then fills: entries of a stream lie together. */
static int sort_by_stream(struct live *live, struct mg_error *error)
{
    struct mg_arena *arena = live->p.ctx->arena;
    size_t n = live->p.n, used = 0;
    struct stream **of = mg_arena_array(arena, n, sizeof *of);
    struct mg_follower_entry *places = mg_arena_array(arena, n, sizeof *places);
    live->streams = mg_arena_array(arena, n, sizeof *live->streams);
    if (!of || !places || !live->streams)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        const struct mg_follower_entry *e = &live->p.entries[i];
        of[i] = NULL;
        if (!mg_lane_is_in(live->p.follower->kinds, e->kind))
            continue;
        struct stream *stream = of[i] = stream_of(live, e);
        if (!stream->held && mg_lane_is_in(live->p.follower->bulk, e->kind)) {
            stream->held = true;
            stream->first = e->sequence;
        }
        if (stream->held && !stream->first)
            stream->first = e->sequence;
        stream->erasure |= stream->held && is_erasure(e);
        if (stream->held)
            of[i] = NULL;
        else
            stream->n++;
    }
    for (size_t s = 0; s < live->n_streams; s++) {
        live->streams[s].entries = places + used;
        used += live->streams[s].n;
        live->streams[s].n = 0;
    }
    for (size_t i = 0; i < n; i++)
        if (of[i])
            of[i]->entries[of[i]->n++] = live->p.entries[i];
    return 0;
}

/* Invariant 6: a stream in which an erasure waits, failing itself or behind what fails, is tried again for
 * ever, and made anew where that can be: the record has the erasure already. */
static int waits_for_erasure(struct mg_db *db, const struct mg_ctx *ctx, const char *stream_id,
                             const struct failing *failing, bool *ret_waits, struct mg_error *error)
{
    struct mg_sql_event_erasures_row row;
    int rc = mg_sql_event_erasures(db, ctx->arena, stream_id, failing->applied, &row, error);
    *ret_waits = !rc && row.n > 0;
    return rc;
}

static int fail_hold(struct mg_db *db, const struct mg_ctx *ctx, const struct mg_follower *follower,
                     const char *stream_id, const struct failing *failing, int64_t attempts,
                     struct mg_error *error)
{
    bool erasure = false;
    int rc = waits_for_erasure(db, ctx, stream_id, failing, &erasure, error);
    bool again = is_passing(failing->rc) || erasure;
    int64_t now = mg_now(&ctx->clock),
            wait = RETRY_US_FIRST << (attempts < RETRY_DOUBLINGS ? attempts : RETRY_DOUBLINGS);
    int64_t retry_at = now + (wait < RETRY_US_MOST ? wait : RETRY_US_MOST);
    mg_log_write(&ctx->log, MG_LOG_ERROR, again ? "follower.retry" : "follower.set_aside",
                 "%s: stream %s, entry %lld: %s", follower->name, stream_id,
                 failing->entry ? (long long)failing->entry->sequence : 0LL, failing->why.message);
    return rc ? rc
              : mg_sql_hold_fail(db,
                                 &(struct mg_sql_hold_fail_params){
                                     .follower = follower->name,
                                     .stream_id = stream_id,
                                     .state = again ? "retry" : "set_aside",
                                     .failed_sequence = failing->entry ? &failing->entry->sequence : NULL,
                                     .failed_kind = failing->entry ? failing->entry->kind : NULL,
                                     .message_en = mg_error_both(&failing->why).en,
                                     .message_zh = mg_error_both(&failing->why).zh,
                                     .retry_at = again ? &retry_at : NULL,
                                     .erasure = erasure,
                                     .rebuild = erasure && follower->rebuild && !is_passing(failing->rc),
                                 },
                                 NULL, error);
}

/* For state in the record. */
static int write_entries(struct mg_db *db, const struct position *p, const struct mg_follower_entry *entries,
                         size_t n, struct mg_error *error)
{
    struct mg_ctx inner;
    int rc = begin_work(p->ctx, entries[0].org_id, &inner, error);
    if (!rc)
        rc = p->follower->write(db, &inner, entries, n, error);
    mg_arena_free(inner.arena);
    return rc;
}

static int is_same_state(struct mg_db *db, const struct position *p, bool *ret_same, struct mg_error *error)
{
    struct mg_sql_follower_get_row row;
    int rc = mg_sql_follower_get(db, p->ctx->arena, p->follower->name, &row, error);
    *ret_same = !rc && row.watermark == p->watermark && strcmp(row.identity, p->identity) == 0;
    return rc == MG_E_NOT_FOUND ? 0 : rc;
}

/* Invariant 3: the watermark and the holds of all that was passed over, together. */
static int write_stream(struct mg_db *db, const struct position *p, const struct stream *s,
                        struct mg_error *error)
{
    const struct mg_ctx *ctx = p->ctx;
    const char *name = p->follower->name;
    int64_t now = mg_now(&ctx->clock), added = 0, applied = s->failing.rc ? s->failing.applied : s->first - 1;
    int rc = s->n && p->follower->write && !s->failing.rc ? write_entries(db, p, s->entries, s->n, error) : 0;
    if (rc || (!s->first && !s->failing.rc))
        return rc;
    rc = mg_sql_hold_add(db,
                         &(struct mg_sql_hold_add_params){.follower = name,
                                                          .stream_id = s->id,
                                                          .org_id = s->org_id,
                                                          .sequence = applied,
                                                          .rebuild = s->rebuild ? REBUILD_LOST : 0,
                                                          .now = now},
                         &added, error);
    if (!rc && added && s->failing.rc)
        rc = fail_hold(db, ctx, p->follower, s->id, &s->failing, 0, error);
    if (!rc && s->erasure)
        rc = mg_sql_hold_note_erasure(db, name, s->id, p->follower->rebuild != NULL, now, NULL, error);
    return rc;
}

/* Where the watermark isn't where it was read, or speaks of another state, nothing of this step counts. */
static int write_live(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct live *live = user;
    const struct position *p = &live->p;
    bool same;
    int rc = is_same_state(db, p, &same, error);
    if (rc || !same)
        return rc;
    for (size_t i = 0; i < live->n_streams && !rc; i++)
        rc = write_stream(db, p, &live->streams[i], error);
    return rc ? rc
              : mg_sql_follower_move(db, p->follower->name, live->watermark, mg_now(&p->ctx->clock), NULL,
                                     error);
}

/* For state in the record: where entries fail together, the first half is tried; where one fails alone, it is
 * set aside. */
static int live_step(struct live *live, bool *ret_more, struct mg_error *error);

static int live_failed(struct live *live, int rc, bool *ret_more, struct mg_error *error)
{
    struct position *p = &live->p;
    if (!p->follower->write || is_passing(rc))
        return rc;
    if (p->n > 1) {
        struct live first = {.p = {.ctx = p->ctx, .follower = p->follower, .most = (int64_t)p->n / 2}};
        return live_step(&first, ret_more, error);
    }
    live->streams[0].failing =
        (struct failing){.rc = rc, .entry = p->entries, .applied = p->entries[0].sequence - 1};
    if (error)
        live->streams[0].failing.why = *error;
    return mg_store_write(p->ctx->store, write_live, live, error);
}

/* What falls short of what was applied goes to the bulk lane instead, to be made anew. */
static int apply_live(const struct position *p, struct stream *s, struct mg_error *error)
{
    int rc = mg_reach_is_short(p->ctx, p->follower, s->id, s->entries[0].sequence - 1, &s->rebuild, error);
    if (!rc && s->rebuild)
        s->first = s->entries[0].sequence;
    else if (!rc)
        rc = apply_stream(p->ctx, p->follower, s->entries, s->n, &s->failing, error);
    return rc;
}

static int live_step(struct live *live, bool *ret_more, struct mg_error *error)
{
    struct position *p = &live->p;
    int rc = mg_store_read(p->ctx->store, read_position, p, error);
    *ret_more = false;
    if (!rc)
        rc = check_identity(p, ret_more, error);
    if (rc || *ret_more || p->n == 0)
        return rc;
    *ret_more = (int64_t)p->n == p->most;
    live->watermark = p->entries[p->n - 1].sequence;
    rc = sort_by_stream(live, error);
    for (size_t i = 0; i < live->n_streams && !rc && p->follower->apply; i++)
        if (live->streams[i].n)
            rc = apply_live(p, &live->streams[i], error);
    if (rc)
        return rc;
    rc = mg_store_write(p->ctx->store, write_live, live, error);
    return rc ? live_failed(live, rc, ret_more, error) : 0;
}

int mg_lane_live(const struct mg_ctx *ctx, const struct mg_follower *follower, struct mg_lane_turn *turn,
                 bool *ret_more, struct mg_error *error)
{
    (void)turn;
    struct live live = {.p = {.ctx = ctx, .follower = follower, .most = ENTRIES_MOST}};
    return live_step(&live, ret_more, error);
}

/* --- the bulk lane --- */

struct bulk {
    struct position p;
    const char *served; /* the organisation that had the turn before */
    struct mg_sql_hold_next_row hold;
    int64_t rebuild_read; /* hold.rebuild as it was read */
    bool found;
    struct failing failing;
    int64_t sequence; /* to move to */
};

static int read_hold(struct mg_db *db, void *user, struct mg_error *error)
{
    struct bulk *bulk = user;
    struct position *p = &bulk->p;
    struct mg_arena *arena = p->ctx->arena;
    struct mg_sql_follower_get_row row;
    struct mg_sql_log_entry_row *rows = NULL;
    size_t n = 0;
    int64_t now = mg_now(&p->ctx->clock), latest = now + RETRY_US_MOST;
    int rc = mg_sql_hold_next(db, arena, p->follower->name, bulk->served, now, latest, &bulk->hold, error);
    if (rc == MG_E_NOT_FOUND && *bulk->served) /* round again */
        rc = mg_sql_hold_next(db, arena, p->follower->name, "", now, latest, &bulk->hold, error);
    bulk->found = rc == 0;
    if (rc)
        return rc == MG_E_NOT_FOUND ? 0 : rc;
    bulk->rebuild_read = bulk->hold.rebuild;
    rc = mg_sql_follower_get(db, arena, p->follower->name, &row, error);
    if (!rc)
        snprintf(p->identity, sizeof p->identity, "%s", row.identity);
    if (!rc && !bulk->hold.rebuild)
        rc = mg_sql_event_of_stream(db, arena, bulk->hold.stream_id, bulk->hold.sequence, row.watermark,
                                    ENTRIES_MOST, &rows, &n, error);
    return rc ? rc : take_entries(p, rows, n, error);
}

/* Leaves those of the follower's kinds. */
static size_t keep_own(const struct mg_follower *follower, struct mg_follower_entry *entries, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (mg_lane_is_in(follower->kinds, entries[i].kind))
            entries[kept++] = entries[i];
    return kept;
}

/* How many of the entries go together: small ones do, bulk ones each go by themselves. */
static size_t run_length(const struct mg_follower *follower, const struct mg_follower_entry *entries,
                         size_t n)
{
    size_t run = 0;
    while (run < n && !mg_lane_is_in(follower->bulk, entries[run].kind))
        run++;
    return run ? run : n ? 1 : 0;
}

/* For state elsewhere. */
static int apply_hold(struct bulk *bulk, struct mg_error *error)
{
    const struct position *p = &bulk->p;
    int rc = p->n ? apply_stream(p->ctx, p->follower, p->entries, p->n, &bulk->failing, error) : 0;
    if (bulk->failing.rc)
        bulk->sequence = bulk->failing.applied;
    return rc;
}

/* Whether the hold is as it was read, and of the same state. Else somebody wants the stream anew, and what
 * was done was done to the state before. */
static int is_same_hold(struct mg_db *db, const struct bulk *bulk, bool *ret_same, struct mg_error *error)
{
    const struct position *p = &bulk->p;
    struct mg_sql_hold_get_row now;
    struct mg_sql_follower_get_row follower;
    int rc = mg_sql_hold_get(db, p->ctx->arena, p->follower->name, bulk->hold.stream_id, &now, error);
    if (!rc)
        rc = mg_sql_follower_get(db, p->ctx->arena, p->follower->name, &follower, error);
    *ret_same = !rc && now.sequence == bulk->hold.sequence && now.rebuild == bulk->rebuild_read &&
                strcmp(follower.identity, p->identity) == 0;
    return rc == MG_E_NOT_FOUND ? 0 : rc;
}

static int write_hold(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct bulk *bulk = user;
    const struct position *p = &bulk->p;
    const char *name = p->follower->name, *stream = bulk->hold.stream_id;
    bool same;
    int rc = is_same_hold(db, bulk, &same, error);
    if (rc || !same)
        return rc;
    if (p->n && p->follower->write && !bulk->failing.rc)
        rc = write_entries(db, p, p->entries, p->n, error);
    bool moved = bulk->sequence > bulk->hold.sequence || (bulk->hold.rebuild && !bulk->failing.rc);
    if (!rc && moved)
        rc = mg_sql_hold_move(db, name, stream, bulk->sequence, NULL, error);
    if (!rc && bulk->failing.rc)
        return fail_hold(db, p->ctx, p->follower, stream, &bulk->failing, bulk->hold.attempts, error);
    return rc ? rc : mg_sql_hold_release(db, name, stream, NULL, error);
}

/* A failure of the machine or of one entry makes this stream wait, so that the others go on. */
static int bulk_failed(struct bulk *bulk, int rc, const struct mg_error *why, struct mg_error *error)
{
    bulk->failing = (struct failing){.rc = rc, .applied = bulk->hold.sequence, .why = *why};
    bulk->sequence = bulk->hold.sequence;
    if (bulk->p.n)
        bulk->failing.entry = &bulk->p.entries[0];
    return mg_store_write(bulk->p.ctx->store, write_hold, bulk, error);
}

/* Reads what is next of the hold, and limits it to what goes together. */
static void choose_run(struct bulk *bulk)
{
    struct position *p = &bulk->p;
    int64_t last = p->n ? p->entries[p->n - 1].sequence : bulk->hold.sequence;
    size_t own = keep_own(p->follower, p->entries, p->n);
    p->n = run_length(p->follower, p->entries, own);
    bulk->sequence = p->n < own ? p->entries[p->n - 1].sequence : last;
}

/* Rebuilds the stream, also where it falls short of what was applied, or applies the run. */
static int do_hold(struct bulk *bulk, struct mg_error *error)
{
    const struct position *p = &bulk->p;
    bool falls_short = bulk->hold.rebuild;
    int rc = 0;
    if (!falls_short && p->n)
        rc = mg_reach_is_short(p->ctx, p->follower, bulk->hold.stream_id, p->entries[0].sequence - 1,
                               &falls_short, error);
    if (rc || !falls_short)
        return rc || !p->follower->apply ? rc : apply_hold(bulk, error);
    struct mg_ctx inner;
    bulk->hold.rebuild = REBUILD_LOST;
    bulk->p.n = 0;
    rc = begin_work(p->ctx, bulk->hold.org_id, &inner, error);
    if (!rc)
        rc = p->follower->rebuild(&inner, bulk->hold.org_id, bulk->hold.stream_id, &bulk->sequence, error);
    mg_arena_free(inner.arena);
    return rc;
}

/* For state in the record: half of what fails together, and so on. */
static int write_bulk(struct bulk *bulk, struct mg_error *error)
{
    struct position *p = &bulk->p;
    int rc;
    while ((rc = mg_store_write(p->ctx->store, write_hold, bulk, error)) && p->follower->write &&
           !is_passing(rc) && p->n > 1) {
        p->n /= 2;
        bulk->sequence = p->entries[p->n - 1].sequence;
    }
    return rc;
}

int mg_lane_bulk(const struct mg_ctx *ctx, const struct mg_follower *follower, struct mg_lane_turn *turn,
                 bool *ret_more, struct mg_error *error)
{
    struct bulk bulk = {.p = {.ctx = ctx, .follower = follower}, .served = turn->org_id};
    struct mg_error why = {.lang = MG_LANG_EN};
    int rc = mg_store_read(ctx->store, read_hold, &bulk, error);
    *ret_more = !rc && bulk.found;
    if (rc || !bulk.found)
        return rc;
    snprintf(turn->org_id, sizeof turn->org_id, "%s", bulk.hold.org_id);
    choose_run(&bulk);
    rc = do_hold(&bulk, &why);
    if (!rc)
        rc = write_bulk(&bulk, &why);
    if (rc == MG_E_CANCELLED && error)
        *error = why;
    return rc && rc != MG_E_CANCELLED ? bulk_failed(&bulk, rc, &why, error) : rc;
}
