/* The pool. Workers claim the oldest queued row in a write, so two never get the same; what is running also
 * has a slot in memory, which holds the newest progress (the row gets it once a second) and the wish to
 * cancel. `revision` counts changes of any job; waiters and the observer hang on it. The diagram of states is
 * in job.h. */
#include "service/admin/job.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/ulid.h"
#include "service/admin/audit.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define SAVE_EVERY_US ((int64_t)1000000)
#define TELL_EVERY_US ((int64_t)100000)
#define MESSAGE_SIZE 480
#define LOOK_EVERY_SECONDS 30 /* for rows that another process queued */

struct mg_job_slot {
    struct mg_jobs *jobs;
    pthread_t thread;
    atomic_bool cancel;
    char id[MG_ULID_SIZE]; /* empty: idle. This and the next two under jobs->lock */
    double progress;
    char message[MESSAGE_SIZE];
    int64_t saved_at, told_at;
};

struct mg_jobs {
    struct mg_ctx base;
    const struct mg_job_kind *kinds;
    size_t n_kinds, n_slots;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* some job changed, or the pool stops: for waiters */
    pthread_cond_t queued;  /* some job was queued, or the pool stops: for workers */
    int64_t revision, wakes;
    bool stopping;
    void (*observer)(void *user);
    void *observer_user;
    struct mg_job_slot slots[];
};

/* ---- telling ---- */

static void announce(struct mg_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->revision++;
    void (*observer)(void *) = jobs->observer;
    void *user = jobs->observer_user;
    pthread_cond_broadcast(&jobs->changed);
    pthread_mutex_unlock(&jobs->lock);
    if (observer)
        observer(user);
}

void mg_jobs_wake(struct mg_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->wakes++;
    pthread_cond_broadcast(&jobs->queued);
    pthread_mutex_unlock(&jobs->lock);
    announce(jobs);
}

void mg_jobs_observe(struct mg_jobs *jobs, void (*changed)(void *user), void *user)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->observer = changed;
    jobs->observer_user = user;
    pthread_mutex_unlock(&jobs->lock);
}

static bool is_stopping(struct mg_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    bool stopping = jobs->stopping;
    pthread_mutex_unlock(&jobs->lock);
    return stopping;
}

struct saving {
    const char *id, *message;
    double progress;
};

static int save_progress(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct saving *s = user;
    return mg_sql_job_progress(db, s->id, s->progress, s->message, NULL, error);
}

int mg_job_progress(struct mg_job_run *run, double progress, const char *message, struct mg_error *error)
{
    struct mg_job_slot *slot = run->slot;
    struct mg_jobs *jobs = slot->jobs;
    int64_t now = mg_now(&run->ctx.clock);
    progress = progress >= 0 ? progress <= 1 ? progress : 1 : 0;
    pthread_mutex_lock(&jobs->lock);
    bool stop = jobs->stopping || atomic_load(&slot->cancel);
    bool save = now - slot->saved_at >= SAVE_EVERY_US, tell = now - slot->told_at >= TELL_EVERY_US;
    slot->progress = progress;
    snprintf(slot->message, sizeof slot->message, "%s", message ? message : "");
    if (save)
        slot->saved_at = now;
    if (tell)
        slot->told_at = now;
    pthread_mutex_unlock(&jobs->lock);
    if (tell)
        announce(jobs);
    if (stop)
        return mg_fail(error, MG_E_CANCELLED, "The job was cancelled.");
    struct saving s = {run->id, slot->message, progress}; /* only this thread writes the message */
    return save ? mg_store_write(run->ctx.store, save_progress, &s, error) : 0;
}

/* ---- running ---- */

struct claiming {
    struct mg_arena *arena;
    int64_t now;
    struct mg_sql_job_claim_row row;
};

static int claim(struct mg_db *db, void *user, struct mg_error *error)
{
    struct claiming *c = user;
    return mg_sql_job_claim(db, c->arena, c->now, &c->row, error);
}

struct ending {
    const char *id, *message;
    enum mg_wire_job_state state;
    double progress;
    int64_t now;
};

static int write_end(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct ending *e = user;
    return mg_sql_job_finish(db, e->id, mg_wire_job_state_text(e->state), e->progress, e->message, e->now,
                             NULL, error);
}

static const struct mg_job_kind *find_kind(const struct mg_jobs *jobs, const char *name)
{
    for (size_t i = 0; i < jobs->n_kinds; i++)
        if (strcmp(jobs->kinds[i].name, name) == 0)
            return &jobs->kinds[i];
    return NULL;
}

struct asking {
    const struct mg_job_run *run;
    struct mg_sql_job_cancel_asked_row row;
};

static int read_cancel_asked(struct mg_db *db, void *user, struct mg_error *error)
{
    struct asking *a = user;
    return mg_sql_job_cancel_asked(db, a->run->ctx.arena, a->run->id, &a->row, error);
}

/* Runs the kind's function unless the job was cancelled, or cut off too often, before. The row is asked after
 * the slot was occupied, mg_job_cancel writes it before it looks for the slot: one of them sees the other. */
static int run_kind(const struct mg_job_kind *kind, struct mg_job_run *run,
                    const struct mg_sql_job_claim_row *row, struct mg_error *error)
{
    struct asking asking = {.run = run};
    int rc = mg_store_read(run->ctx.store, read_cancel_asked, &asking, error);
    if (rc)
        return rc;
    if (asking.row.cancel_asked)
        atomic_store(&run->slot->cancel, true);
    if (!kind)
        return mg_fail(error, MG_E_UNSUPPORTED, "There is no kind of job called %s.", row->kind);
    if (atomic_load(&run->slot->cancel))
        return mg_fail(error, MG_E_CANCELLED, "The job was cancelled.");
    if (run->resumed && (!kind->resumable || row->attempts > MG_JOB_ATTEMPTS_MAX))
        return mg_fail(error, MG_E_IO, "The server stopped while this job ran; start it again.");
    return kind->run(run, error);
}

static void end_job(struct mg_job_slot *slot, const struct mg_job_kind *kind, struct mg_job_run *run, int rc,
                    const struct mg_error *why)
{
    struct ending end = {
        .id = run->id, .message = slot->message, .state = MG_WIRE_JOB_STATE_DONE, .progress = 1};
    char text[sizeof why->message + sizeof why->field + 8];
    if (rc) {
        end.state = rc == MG_E_CANCELLED ? MG_WIRE_JOB_STATE_CANCELLED : MG_WIRE_JOB_STATE_FAILED;
        end.progress = slot->progress;
        end.message = text;
        snprintf(text, sizeof text, *why->field ? "%s (%s)" : "%s", why->message, why->field);
        if (kind && kind->clean)
            kind->clean(run, end.state, why);
    }
    end.now = mg_now(&run->ctx.clock);
    struct mg_error error = {0};
    if (mg_store_write(run->ctx.store, write_end, &end, &error))
        mg_log_write(&run->ctx.log, MG_LOG_ERROR, "job.end", "%s: %s", run->id, error.message);
    else
        mg_log_write(&run->ctx.log, MG_LOG_INFO, "job.end", "%s %s", run->id,
                     mg_wire_job_state_text(end.state));
}

static void occupy(struct mg_job_slot *slot, const char *id)
{
    pthread_mutex_lock(&slot->jobs->lock);
    snprintf(slot->id, sizeof slot->id, "%s", id);
    slot->progress = 0;
    slot->message[0] = '\0';
    slot->saved_at = slot->told_at = 0;
    atomic_store(&slot->cancel, false);
    pthread_mutex_unlock(&slot->jobs->lock);
}

static void run_claimed(struct mg_job_slot *slot, struct mg_arena *arena,
                        const struct mg_sql_job_claim_row *row)
{
    struct mg_jobs *jobs = slot->jobs;
    struct mg_job_run run = {.ctx = jobs->base,
                             .id = row->id,
                             .subject_id = row->subject_id,
                             .spec = row->spec,
                             .resumed = row->attempts > 1,
                             .slot = slot};
    run.ctx.arena = arena;
    run.ctx.jobs = jobs;
    run.ctx.lang = strcmp(row->lang, "en") == 0 ? MG_LANG_EN : MG_LANG_ZH;
    run.ctx.caller = (struct mg_caller){.role = MG_ROLE_NONE};
    snprintf(run.ctx.caller.org_id, sizeof run.ctx.caller.org_id, "%s", row->org_id);
    snprintf(run.ctx.caller.user_id, sizeof run.ctx.caller.user_id, "%s", row->user_id ? row->user_id : "");
    occupy(slot, row->id);
    announce(jobs);
    struct mg_error error = {.lang = run.ctx.lang};
    const struct mg_job_kind *kind = find_kind(jobs, row->kind);
    int rc = run_kind(kind, &run, row, &error);
    bool cut_off = rc == MG_E_CANCELLED && is_stopping(jobs) && !atomic_load(&slot->cancel);
    if (!cut_off) /* else the row stays "running" and the next start takes it up */
        end_job(slot, kind, &run, rc, &error);
    occupy(slot, "");
    announce(jobs);
}

/* False: nothing waits, or the record can't be written now. */
static bool run_next(struct mg_job_slot *slot)
{
    struct mg_jobs *jobs = slot->jobs;
    struct mg_arena *arena = mg_arena_new(MG_JOB_ARENA_BYTES);
    struct claiming c = {.arena = arena, .now = mg_now(&jobs->base.clock)};
    bool got = arena && mg_store_write(jobs->base.store, claim, &c, NULL) == 0;
    if (got)
        run_claimed(slot, arena, &c.row);
    mg_arena_free(arena);
    return got;
}

static void *work(void *argument)
{
    struct mg_job_slot *slot = argument;
    struct mg_jobs *jobs = slot->jobs;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->stopping) {
        int64_t seen = jobs->wakes;
        pthread_mutex_unlock(&jobs->lock);
        bool got = run_next(slot);
        pthread_mutex_lock(&jobs->lock);
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += LOOK_EVERY_SECONDS;
        while (!got && !jobs->stopping && jobs->wakes == seen)
            if (pthread_cond_timedwait(&jobs->queued, &jobs->lock, &until) != 0)
                break;
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

static int requeue(struct mg_db *db, void *user, struct mg_error *error)
{
    (void)user;
    return mg_sql_job_requeue(db, NULL, error);
}

int mg_jobs_new(const struct mg_ctx *base, const struct mg_job_kind *kinds, size_t n_kinds, size_t threads,
                struct mg_jobs **ret_jobs, struct mg_error *error)
{
    int rc = mg_store_write(base->store, requeue, NULL, error);
    if (rc)
        return rc;
    struct mg_jobs *jobs = calloc(1, sizeof *jobs + threads * sizeof(struct mg_job_slot));
    if (!jobs)
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    jobs->base = *base;
    jobs->kinds = kinds;
    jobs->n_kinds = n_kinds;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&jobs->changed, &monotonic);
    pthread_cond_init(&jobs->queued, &monotonic);
    jobs->revision = 1; /* 0 is a waiter that has seen nothing */
    pthread_condattr_destroy(&monotonic);
    for (size_t i = 0; i < threads; i++) {
        jobs->slots[i].jobs = jobs;
        if (pthread_create(&jobs->slots[i].thread, NULL, work, &jobs->slots[i]) != 0) {
            mg_jobs_free(jobs);
            return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
        }
        jobs->n_slots++;
    }
    *ret_jobs = jobs;
    return 0;
}

void mg_jobs_free(struct mg_jobs *jobs)
{
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->stopping = true;
    pthread_cond_broadcast(&jobs->changed);
    pthread_cond_broadcast(&jobs->queued);
    pthread_mutex_unlock(&jobs->lock);
    for (size_t i = 0; i < jobs->n_slots; i++)
        pthread_join(jobs->slots[i].thread, NULL);
    pthread_mutex_destroy(&jobs->lock);
    pthread_cond_destroy(&jobs->changed);
    pthread_cond_destroy(&jobs->queued);
    free(jobs);
}

/* ---- starting ---- */

int mg_job_insert(struct mg_db *db, const struct mg_ctx *ctx, const char *kind, const char *subject_id,
                  const char *spec, char ret_id[27], struct mg_error *error)
{
    struct mg_sql_job_count_queued_row queued;
    int rc = mg_sql_job_count_queued(db, ctx->arena, &queued, error);
    if (rc == 0 && queued.n >= MG_JOBS_QUEUED_MAX) {
        rc = mg_fail(error, MG_E_BUSY, "The queue of jobs is full.");
        mg_fail_hint(error, "Try again in a moment.");
    }
    if (rc)
        return rc;
    int64_t now = mg_now(&ctx->clock);
    mg_ulid_new(now, ret_id);
    return mg_sql_job_insert(db,
                             &(struct mg_sql_job_insert_params){
                                 .id = ret_id,
                                 .org_id = ctx->caller.org_id,
                                 .user_id = *ctx->caller.user_id ? ctx->caller.user_id : NULL,
                                 .kind = kind,
                                 .subject_id = subject_id,
                                 .spec = spec,
                                 .lang = ctx->lang == MG_LANG_ZH ? "zh-CN" : "en",
                                 .now = now,
                             },
                             NULL, error);
}

struct starting {
    const struct mg_ctx *ctx;
    const char *kind, *subject_id, *spec;
    char id[MG_ULID_SIZE];
};

static int insert_job(struct mg_db *db, void *user, struct mg_error *error)
{
    struct starting *s = user;
    return mg_job_insert(db, s->ctx, s->kind, s->subject_id, s->spec, s->id, error);
}

int mg_job_start(const struct mg_ctx *ctx, const char *kind, const char *subject_id, const char *spec,
                 struct mg_wire_job *ret_job, struct mg_error *error)
{
    struct starting s = {.ctx = ctx, .kind = kind, .subject_id = subject_id, .spec = spec};
    int rc = mg_store_write(ctx->store, insert_job, &s, error);
    if (rc)
        return rc;
    mg_jobs_wake(ctx->jobs);
    return mg_job_get(ctx, s.id, ret_job, error);
}

/* ---- looking ---- */

static void to_wire(struct mg_arena *arena, const struct mg_sql_job_get_row *row, struct mg_wire_job *ret_job)
{
    *ret_job = (struct mg_wire_job){
        .id = row->id,
        .kind = row->kind,
        .progress = row->progress,
        .message = row->message,
        .subject_id = row->subject_id,
        .created_at = mg_wire_time(arena, &row->created_at),
        .finished_at = mg_wire_time(arena, row->finished_at),
    };
    mg_wire_job_state_parse(row->state, &ret_job->state);
}

/* What the slot knows is newer than the row. */
static void take_newest(struct mg_jobs *jobs, struct mg_arena *arena, struct mg_wire_job *job)
{
    if (!jobs || job->state != MG_WIRE_JOB_STATE_RUNNING)
        return;
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < jobs->n_slots; i++) {
        const struct mg_job_slot *slot = &jobs->slots[i];
        if (strcmp(slot->id, job->id) != 0)
            continue;
        char *message = mg_arena_strdup(arena, slot->message);
        job->progress = slot->progress;
        job->message = message ? message : job->message;
    }
    pthread_mutex_unlock(&jobs->lock);
}

struct job_reading {
    const struct mg_ctx *ctx;
    const char *id;
    int64_t limit;
    struct mg_sql_job_get_row row;
    struct mg_sql_job_list_row *rows;
    size_t n;
};

static int read_job(struct mg_db *db, void *user, struct mg_error *error)
{
    struct job_reading *r = user;
    int rc = mg_sql_job_get(db, r->ctx->arena, r->ctx->caller.org_id, r->id, &r->row, error);
    return rc == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such job.") : rc;
}

int mg_job_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_job *ret_job, struct mg_error *error)
{
    struct job_reading r = {.ctx = ctx, .id = id};
    int rc = mg_store_read(ctx->store, read_job, &r, error);
    if (rc)
        return rc;
    to_wire(ctx->arena, &r.row, ret_job);
    take_newest(ctx->jobs, ctx->arena, ret_job);
    return 0;
}

static int read_jobs(struct mg_db *db, void *user, struct mg_error *error)
{
    struct job_reading *r = user;
    return mg_sql_job_list(db, r->ctx->arena, r->ctx->caller.org_id, r->limit, &r->rows, &r->n, error);
}

int mg_job_list(const struct mg_ctx *ctx, int64_t limit, struct mg_wire_job_list *ret_list,
                struct mg_error *error)
{
    struct job_reading r = {.ctx = ctx, .limit = limit};
    int rc = mg_store_read(ctx->store, read_jobs, &r, error);
    if (rc)
        return rc;
    struct mg_wire_job *jobs = mg_arena_array(ctx->arena, r.n, sizeof *jobs);
    if (!jobs)
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    for (size_t i = 0; i < r.n; i++) {
        const struct mg_sql_job_list_row *row = &r.rows[i];
        struct mg_sql_job_get_row same = {.id = row->id,
                                          .kind = row->kind,
                                          .subject_id = row->subject_id,
                                          .state = row->state,
                                          .progress = row->progress,
                                          .message = row->message,
                                          .created_at = row->created_at,
                                          .finished_at = row->finished_at};
        to_wire(ctx->arena, &same, &jobs[i]);
        take_newest(ctx->jobs, ctx->arena, &jobs[i]);
    }
    *ret_list = (struct mg_wire_job_list){.jobs = jobs, .n_jobs = r.n};
    return 0;
}

int mg_job_wait(const struct mg_ctx *ctx, const char *id, int64_t *revision, int timeout_ms,
                struct mg_wire_job *ret_job, struct mg_error *error)
{
    struct mg_jobs *jobs = ctx->jobs;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)(timeout_ms % 1000) * 1000000;
    until.tv_sec += timeout_ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&jobs->lock);
    while (*revision && jobs->revision == *revision && !jobs->stopping)
        if (pthread_cond_timedwait(&jobs->changed, &jobs->lock, &until) != 0)
            break;
    *revision = jobs->revision;
    pthread_mutex_unlock(&jobs->lock);
    return mg_job_get(ctx, id, ret_job, error);
}

/* ---- cancelling ---- */

static int ask_cancel(struct mg_db *db, void *user, struct mg_error *error)
{
    struct job_reading *r = user;
    int64_t changes = 0;
    int rc = mg_sql_job_ask_cancel(db, r->ctx->caller.org_id, r->id, &changes, error);
    if (rc == 0)
        rc = read_job(db, r, error);
    if (rc == 0 && changes > 0)
        rc = mg_audit_add(db, r->ctx, "cancel", "job", r->id, NULL, NULL, error);
    return rc;
}

int mg_job_cancel(const struct mg_ctx *ctx, const char *id, struct mg_wire_job *ret_job,
                  struct mg_error *error)
{
    struct job_reading r = {.ctx = ctx, .id = id};
    struct mg_jobs *jobs = ctx->jobs;
    int rc = mg_store_write(ctx->store, ask_cancel, &r, error);
    if (rc)
        return rc;
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < jobs->n_slots; i++)
        if (strcmp(jobs->slots[i].id, id) == 0)
            atomic_store(&jobs->slots[i].cancel, true);
    pthread_mutex_unlock(&jobs->lock);
    announce(jobs);
    return mg_job_get(ctx, id, ret_job, error);
}
