/* The threads: a live and a bulk lane for each follower, which look every tick and when they are woken.
 * Whoever waits for a stream to catch up sleeps on `progressed`, which every step signals.
 *
 * A lane that fails says so once, not every time, and waits before it tries again. */
#include "service/log/follower.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "service/log/lane.h"
#include "service/log/reach.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define TICK_MS 100 /* an answer is in the columns after this and the time to write it */
#define BULK_TICK_MS 100
#define FAILED_MS 1000

struct lane {
    struct mg_followers *followers;
    const struct mg_follower *follower;
    mg_lane_step *step;
    struct mg_lane_turn turn;
    int tick_ms;
    bool checked; /* that the state reaches what was applied */
    pthread_t thread;
};

struct mg_followers {
    struct mg_ctx ctx;
    pthread_mutex_t lock;
    pthread_cond_t woken, progressed;
    uint64_t wakes; /* grows with each wish to look now */
    bool stopping;
    size_t n_lanes; /* started */
    struct lane lanes[];
};

bool mg_followers_stopping(struct mg_followers *followers)
{
    if (!followers)
        return false;
    pthread_mutex_lock(&followers->lock);
    bool stopping = followers->stopping;
    pthread_mutex_unlock(&followers->lock);
    return stopping;
}

static struct timespec after(int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)(ms % 1000) * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    return until;
}

/* Waits until somebody wants a look, or for the time. False: the end. */
static bool wait_turn(struct mg_followers *followers, uint64_t *seen, int ms)
{
    struct timespec until = after(ms);
    pthread_mutex_lock(&followers->lock);
    while (followers->wakes == *seen && !followers->stopping)
        if (pthread_cond_timedwait(&followers->woken, &followers->lock, &until) == ETIMEDOUT)
            break;
    *seen = followers->wakes;
    bool go_on = !followers->stopping;
    pthread_mutex_unlock(&followers->lock);
    return go_on;
}

/* One step with memory of its own. */
static int step(struct lane *lane, bool *ret_more, struct mg_error *error)
{
    struct mg_ctx ctx = lane->followers->ctx;
    ctx.arena = mg_arena_new(MG_LANE_ARENA);
    int rc = ctx.arena ? 0 : mg_fail_memory(error);
    if (!rc && !lane->checked)
        rc = mg_reach_check(&ctx, lane->follower, error);
    lane->checked |= !rc;
    if (!rc)
        rc = lane->step(&ctx, lane->follower, &lane->turn, ret_more, error);
    mg_arena_free(ctx.arena);
    return rc;
}

static void progressed(struct mg_followers *followers)
{
    pthread_mutex_lock(&followers->lock);
    pthread_cond_broadcast(&followers->progressed);
    pthread_mutex_unlock(&followers->lock);
}

static void *run_lane(void *user)
{
    struct lane *lane = user;
    struct mg_followers *followers = lane->followers;
    uint64_t seen = 0;
    int rc, last = 0;
    do {
        bool more = true;
        struct mg_error error = {.lang = MG_LANG_EN};
        for (rc = 0; more && !rc && !mg_followers_stopping(followers);)
            rc = step(lane, &more, &error);
        if (rc && rc != last && rc != MG_E_CANCELLED)
            mg_log_write(&followers->ctx.log, MG_LOG_ERROR, "follower.failed", "%s: %s", lane->follower->name,
                         error.message);
        last = rc;
        progressed(followers);
    } while (wait_turn(followers, &seen, rc ? FAILED_MS : lane->tick_ms));
    return NULL;
}

static void init_sync(struct mg_followers *followers)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&followers->woken, &monotonic);
    pthread_cond_init(&followers->progressed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&followers->lock, NULL);
}

/* A row of a follower that is no more would hold up the cutting of the log. */
struct forgetting {
    const struct mg_ctx *ctx;
    const struct mg_follower *const *table;
    size_t n;
};

static int forget_others(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct forgetting *f = user;
    struct mg_sql_follower_list_row *rows = NULL;
    size_t n = 0;
    int rc = mg_sql_follower_list(db, f->ctx->arena, &rows, &n, error);
    for (size_t i = 0; i < n && !rc; i++) {
        bool known = false;
        for (size_t j = 0; j < f->n; j++)
            known |= strcmp(f->table[j]->name, rows[i].name) == 0;
        if (!known)
            rc = mg_sql_follower_delete(db, rows[i].name, NULL, error);
    }
    return rc;
}

static int forget(const struct mg_ctx *base, const struct mg_follower *const *table, size_t n,
                  struct mg_error *error)
{
    struct mg_ctx ctx = {.arena = mg_arena_new(MG_LANE_ARENA)};
    struct forgetting forgetting = {&ctx, table, n};
    int rc =
        ctx.arena ? mg_store_write(base->store, forget_others, &forgetting, error) : mg_fail_memory(error);
    mg_arena_free(ctx.arena);
    return rc;
}

int mg_followers_start(const struct mg_ctx *base, const struct mg_follower *const *table, size_t n,
                       struct mg_followers **ret_followers, struct mg_error *error)
{
    int rc = forget(base, table, n, error);
    if (rc)
        return rc;
    struct mg_followers *followers = calloc(1, sizeof *followers + 2 * n * sizeof(struct lane));
    if (!followers)
        return mg_fail_memory(error);
    followers->ctx = (struct mg_ctx){.store = base->store,
                                     .columns = base->columns,
                                     .studies = base->studies,
                                     .data_dir = base->data_dir,
                                     .clock = base->clock,
                                     .log = base->log,
                                     .followers = followers};
    init_sync(followers);
    for (size_t i = 0; i < 2 * n; i++) {
        struct lane *lane = &followers->lanes[i];
        *lane = (struct lane){.followers = followers,
                              .follower = table[i / 2],
                              .step = i % 2 ? mg_lane_bulk : mg_lane_live,
                              .tick_ms = i % 2 ? BULK_TICK_MS : TICK_MS,
                              .checked = i % 2};
        if (pthread_create(&lane->thread, NULL, run_lane, lane) != 0) {
            mg_followers_stop(followers);
            return mg_fail(error, MG_E_NO_MEMORY, "The threads that follow the log can't be started.");
        }
        followers->n_lanes++;
    }
    *ret_followers = followers;
    return 0;
}

void mg_followers_stop(struct mg_followers *followers)
{
    if (!followers)
        return;
    pthread_mutex_lock(&followers->lock);
    followers->stopping = true;
    pthread_cond_broadcast(&followers->woken);
    pthread_cond_broadcast(&followers->progressed);
    pthread_mutex_unlock(&followers->lock);
    for (size_t i = 0; i < followers->n_lanes; i++)
        pthread_join(followers->lanes[i].thread, NULL);
    pthread_mutex_destroy(&followers->lock);
    pthread_cond_destroy(&followers->woken);
    pthread_cond_destroy(&followers->progressed);
    free(followers);
}

void mg_followers_wake(struct mg_followers *followers)
{
    if (!followers)
        return;
    pthread_mutex_lock(&followers->lock);
    followers->wakes++;
    pthread_cond_broadcast(&followers->woken);
    pthread_mutex_unlock(&followers->lock);
}

/* ---- waiting for a stream ---- */

struct looking {
    const struct mg_ctx *ctx;
    const char *stream_id;
    int64_t sequence; /* to be reached; 0: not known yet */
    bool behind;
};

static int look_at(struct mg_db *db, struct looking *l, const char *follower, struct mg_error *error)
{
    struct mg_arena *arena = l->ctx->arena;
    struct mg_sql_follower_get_row row;
    struct mg_sql_follower_behind_row behind;
    int rc = mg_sql_follower_get(db, arena, follower, &row, error);
    bool unknown = rc == MG_E_NOT_FOUND; /* it hasn't begun yet */
    if (!rc)
        rc = mg_sql_follower_behind(db, arena, follower, l->stream_id, l->sequence, &behind, error);
    if (!rc || unknown)
        l->behind |= unknown || behind.n > 0;
    return unknown ? 0 : rc;
}

static int look(struct mg_db *db, void *user, struct mg_error *error)
{
    struct looking *l = user;
    const struct mg_followers *followers = l->ctx->followers;
    struct mg_sql_event_last_of_stream_row last;
    int rc = l->sequence ? 0 : mg_sql_event_last_of_stream(db, l->ctx->arena, l->stream_id, &last, error);
    if (!rc && !l->sequence)
        l->sequence = last.sequence;
    l->behind = false;
    for (size_t i = 0; i < followers->n_lanes && !rc; i += 2)
        rc = look_at(db, l, followers->lanes[i].follower->name, error);
    return rc;
}

bool mg_followers_catch_up(const struct mg_ctx *ctx, const char *stream_id, int seconds)
{
    struct mg_followers *followers = ctx->followers;
    struct looking looking = {.ctx = ctx, .stream_id = stream_id, .behind = true};
    if (!followers)
        return true;
    struct timespec end = after(seconds * 1000), now;
    do {
        mg_followers_wake(followers);
        if (mg_store_read(ctx->store, look, &looking, NULL) == 0 && !looking.behind)
            return true;
        struct timespec until = after(TICK_MS);
        pthread_mutex_lock(&followers->lock);
        if (!followers->stopping)
            pthread_cond_timedwait(&followers->progressed, &followers->lock, &until);
        pthread_mutex_unlock(&followers->lock);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (!mg_followers_stopping(followers) && now.tv_sec < end.tv_sec);
    return mg_followers_stopping(followers);
}
