/* Jobs: work that takes longer than a request may, and work that repeats. A job is a row of the record; the
 * rows are the queue, so that a crash forgets none.
 *
 *              claim                 run returns 0
 *   queued ─────────────> running ─────────────────> done
 *    ^  ^                 │  │  │  run fails, or three crashes: clean ──> failed
 *    │  └─ crash, restart ┘  │  └─ cancel asked:              clean ──> cancelled
 *    └── the kind repeats: queued again, for a later time, however it ended
 *
 * Invariants: every job that doesn't repeat ends in exactly one of done, failed, cancelled; whenever a run
 * isn't done, `clean` of its kind ran first and has taken back what it did. Neither is given up for a full
 * disk: both are tried again until they can be written. A kind that repeats is one row; what was missed while
 * no server ran is done once.
 *
 * A lane is a name with threads of its own, so that long jobs hold up only their like. In a lane an
 * organisation has at most `per_org` threads, and turns go round. */
#ifndef MG_SERVICE_JOBS_JOB_H
#define MG_SERVICE_JOBS_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service/context.h"
#include "wire/wire.gen.h"

struct mg_db;

#define MG_JOBS_QUEUED_MAX 1000
#define MG_JOBS_QUEUED_ORG_MAX 100 /* of one organisation */
#define MG_JOB_ATTEMPTS_MAX 3
#define MG_JOB_LANES_MAX 8
#define MG_JOB_THREADS_MAX 64 /* of all lanes */
#define MG_JOB_ARENA_BYTES ((size_t)1 << 30)

/* One job being run. ctx: its own arena, the caller who started it (none, when the kind repeats), that
 * caller's language; ctx.stop asks `run` to end when the job is cancelled or the server ends, `clean` when
 * the server ends. */
struct mg_job_run {
    struct mg_ctx ctx;
    const char *id, *subject_id, *spec; /* spec: JSON text */
    bool resumed;             /* an earlier attempt was cut off by a crash or a stop of the server */
    struct mg_job_slot *slot; /* the pool's */
};

/* A kind of job. `run` calls mg_job_progress or mg_stop_check often and returns at once what that returns if
 * not 0. When `resumable` is false, a job that was cut off isn't run again: it is cleaned and fails. `clean`
 * (NULL: nothing to do) undoes an unfinished job; it may be called for a job whose run never began, and more
 * than once: after crashes, and until it returns 0. */
struct mg_job_kind {
    const char *name, *lane;
    int64_t every_us; /* repeats by itself, this long after it last ended; 0: runs when it is inserted */
    bool resumable;
    int (*run)(struct mg_job_run *run, struct mg_error *error);
    int (*clean)(struct mg_job_run *run, enum mg_wire_job_state state, const struct mg_error *why,
                 struct mg_error *error);
};

/* Less than `threads`, `per_org` leaves room for other organisations. */
struct mg_job_lane {
    const char *name;
    size_t threads, per_org;
};

/* What a pool runs: put together where all kinds are known. Every kind's lane is among the lanes. */
struct mg_job_table {
    const struct mg_job_kind *const *kinds;
    size_t n_kinds;
    const struct mg_job_lane *lanes;
    size_t n_lanes;
};

/* Starts the lanes, takes up what a crash left and arms the kinds that repeat. `base`: store, columns,
 * data_dir, clock and log are copied from it. `table` must outlive the pool. One pool a record. */
MG_CHECKED int mg_jobs_new(const struct mg_ctx *base, const struct mg_job_table *table,
                           struct mg_jobs **ret_jobs, struct mg_error *error);
/* Asks running jobs to stop and waits for them; they are taken up again by the next mg_jobs_new, and that
 * they were cut off doesn't count as a crash. NULL is fine. */
void mg_jobs_free(struct mg_jobs *jobs);

/* Adds a job to the queue, inside a write together with the rows it belongs to; after that write,
 * mg_jobs_wake. `subject_id`: what it works on, may be NULL. `run_at`: not before that time; 0: as soon as
 * there is room. MG_E_BUSY when MG_JOBS_QUEUED_MAX wait, or MG_JOBS_QUEUED_ORG_MAX of the caller's
 * organisation. */
MG_CHECKED int mg_job_insert(struct mg_db *db, const struct mg_ctx *ctx, const struct mg_job_kind *kind,
                             const char *subject_id, const char *spec, int64_t run_at, char ret_id[27],
                             struct mg_error *error);
/* Makes the pool look at the queue now. NULL (the command line): the server's pool looks twice a second. */
void mg_jobs_wake(struct mg_jobs *jobs);

/* For `run`: tells how far it is (0 to 1) and what it is doing, a message as for mg_fail. Cheap; call it per
 * batch. MG_E_CANCELLED, and nothing else: stop now. */
MG_CHECKED int mg_job_progress(struct mg_job_run *run, double progress, struct mg_error *error,
                               const char *format, ...) __attribute__((format(printf, 4, 5)));

MG_CHECKED int mg_job_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_job *ret_job,
                          struct mg_error *error);
MG_CHECKED int mg_job_list(const struct mg_ctx *ctx, int64_t limit, struct mg_wire_job_list *ret_list,
                           struct mg_error *error);
/* Asks it to stop; a job that has ended stays as it is. */
MG_CHECKED int mg_job_cancel(const struct mg_ctx *ctx, const char *id, struct mg_wire_job *ret_job,
                             struct mg_error *error);

#endif
