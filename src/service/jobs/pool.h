/* What the files of jobs/ share: the pool and its slots.
 *
 *   keeper (one thread)     every LOOK_EVERY_MS and when woken: which lanes have a job that may run now? who
 *                           is to be cancelled?  ──> wakes those lanes, asks those slots to stop
 *   slots (a thread each)   claim ──> run ──> clean, end; once more until nothing is claimed, then sleep
 *
 * When the pool stops, the keeper asks all slots to until each has ended: an interrupt may come too early.
 * A slot's id, progress and message change under the pool's lock; its own thread may read them without. */
#ifndef MG_SERVICE_JOBS_POOL_H
#define MG_SERVICE_JOBS_POOL_H

#include <pthread.h>

#include "base/stop.h"
#include "base/ulid.h"
#include "service/jobs/job.h"
#include "store/queries.gen.h"

struct lane {
    const struct mg_job_lane *is;
    pthread_cond_t woken;
    int64_t wakes;
};

struct mg_job_slot {
    struct mg_jobs *jobs;
    struct lane *lane;
    pthread_t thread;
    struct mg_stop stop;   /* what runs: cancelled, or the server ends; made anew for each job */
    char id[MG_ULID_SIZE]; /* empty: idle */
    double progress;
    char message[2][MG_MESSAGE_SIZE]; /* by enum mg_lang */
    int64_t saved_at;
};

struct mg_jobs {
    struct mg_ctx base;
    const struct mg_job_table *table;
    pthread_mutex_t lock;
    pthread_cond_t asked; /* for the keeper: look now, or stop */
    pthread_cond_t ended; /* the pool stops, for slots that wait to try again */
    int64_t asks;
    bool stopping, closed; /* closed: no slot runs any more */
    struct mg_stop ending; /* what cleans: nothing but the end of the server */
    pthread_t keeper;
    bool has_keeper;
    struct lane lanes[MG_JOB_LANES_MAX];
    size_t n_lanes, n_slots;
    struct mg_job_slot slots[MG_JOB_THREADS_MAX];
};

/* NULL: no such kind. */
const struct mg_job_kind *mg_jobs_find_kind(const struct mg_jobs *jobs, const char *name);
bool mg_jobs_stopping(struct mg_jobs *jobs);
/* Waits that long; true at once when the pool stops. */
bool mg_jobs_pause(struct mg_jobs *jobs, int64_t ms);
/* Waits on a condition of the pool, its lock held, at most that long. */
void mg_jobs_wait(struct mg_jobs *jobs, pthread_cond_t *condition, int64_t ms);

/* The keeper's look at the record, and what it does at the start. */
void mg_jobs_look(struct mg_jobs *jobs);
MG_CHECKED int mg_jobs_begin(struct mg_jobs *jobs, struct mg_error *error);

/* Claims a job of the slot's lane, runs it and writes its end. False: nothing may run, or the record can't be
 * written now. */
bool mg_jobs_run_next(struct mg_job_slot *slot);

#endif
