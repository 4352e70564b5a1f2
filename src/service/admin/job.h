/* Jobs: work that takes longer than a request may. A job is a row of the record; the rows are the queue, so
 * that a crash forgets none.
 *
 *              claim                 run returns 0
 *   queued ─────────────> running ─────────────────> done
 *      ^                  │  │  │  run fails, or three crashes: clean ──> failed
 *      └── crash, restart ┘  │  └─ cancel asked:              clean ──> cancelled
 *
 * Invariants: every job ends in exactly one of done, failed, cancelled; whenever it doesn't end in done,
 * `clean` of its kind ran first and has taken back what it did. */
#ifndef MG_SERVICE_ADMIN_JOB_H
#define MG_SERVICE_ADMIN_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "service/context.h"
#include "wire/wire.gen.h"

struct mg_db;

#define MG_JOBS_QUEUED_MAX 1000
#define MG_JOB_ATTEMPTS_MAX 3
#define MG_JOB_ARENA_BYTES ((size_t)1 << 30)

/* One job being run. ctx: its own arena, the caller who started it, that caller's language. */
struct mg_job_run {
    struct mg_ctx ctx;
    const char *id, *subject_id, *spec; /* spec: JSON text */
    bool resumed;             /* an earlier attempt was cut off by a crash or a stop of the server */
    struct mg_job_slot *slot; /* the pool's */
};

/* A kind of job. `run` calls mg_job_progress often and returns at once what that returns if not 0. When
 * `resumable` is false, a job that was cut off isn't run again: it is cleaned and fails. `clean` (NULL:
 * nothing to do) undoes an unfinished job; it may be called for a job whose run never began, and more than
 * once after crashes. */
struct mg_job_kind {
    const char *name;
    bool resumable;
    int (*run)(struct mg_job_run *run, struct mg_error *error);
    void (*clean)(struct mg_job_run *run, enum mg_wire_job_state state, const struct mg_error *why);
};

/* Starts `threads` workers and takes up what a crash left. `base`: store, columns, data_dir, clock and log
 * are copied from it. `kinds` must outlive the pool. */
int mg_jobs_new(const struct mg_ctx *base, const struct mg_job_kind *kinds, size_t n_kinds, size_t threads,
                struct mg_jobs **ret_jobs, struct mg_error *error);
/* Asks running jobs to stop and waits for them; they are taken up again by the next mg_jobs_new. NULL is
 * fine. */
void mg_jobs_free(struct mg_jobs *jobs);

/* Called, from any thread, whenever some job changed; at most one observer. Must be quick and must not call
 * the pool. */
void mg_jobs_observe(struct mg_jobs *jobs, void (*changed)(void *user), void *user);

/* Adds a job to the queue; the short form when nothing else is to be written with it. `subject_id`: what it
 * works on, may be NULL. MG_E_BUSY when MG_JOBS_QUEUED_MAX wait. */
int mg_job_start(const struct mg_ctx *ctx, const char *kind, const char *subject_id, const char *spec,
                 struct mg_wire_job *ret_job, struct mg_error *error);
/* The long form: mg_job_insert inside a write, together with the rows it belongs to; after that write,
 * mg_jobs_wake. */
int mg_job_insert(struct mg_db *db, const struct mg_ctx *ctx, const char *kind, const char *subject_id,
                  const char *spec, char ret_id[27], struct mg_error *error);
void mg_jobs_wake(struct mg_jobs *jobs);

/* For `run`: tells how far it is (0 to 1) and what it is doing, in the job's language. Cheap; call it per
 * batch. MG_E_CANCELLED: stop now. */
int mg_job_progress(struct mg_job_run *run, double progress, const char *message, struct mg_error *error);

int mg_job_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_job *ret_job, struct mg_error *error);
int mg_job_list(const struct mg_ctx *ctx, int64_t limit, struct mg_wire_job_list *ret_list,
                struct mg_error *error);
/* Asks it to stop; a job that has ended stays as it is. */
int mg_job_cancel(const struct mg_ctx *ctx, const char *id, struct mg_wire_job *ret_job,
                  struct mg_error *error);

/* Waits until any job changed since *revision (0: doesn't wait), at most timeout_ms, and moves *revision on.
 * The job may be the same as before: compare. */
int mg_job_wait(const struct mg_ctx *ctx, const char *id, int64_t *revision, int timeout_ms,
                struct mg_wire_job *ret_job, struct mg_error *error);

#endif
