/* The pool's threads; pool.h draws them. All that happens with a job is in run.c, all that decides when in
 * schedule.c. */
#include "service/jobs/pool.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_EVERY_MS 500 /* for times that have come, and for rows that another process wrote */

void mg_jobs_wait(struct mg_jobs *jobs, pthread_cond_t *condition, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_cond_timedwait(condition, &jobs->lock, &until);
}

bool mg_jobs_stopping(struct mg_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    bool stopping = jobs->stopping;
    pthread_mutex_unlock(&jobs->lock);
    return stopping;
}

bool mg_jobs_pause(struct mg_jobs *jobs, int64_t ms)
{
    pthread_mutex_lock(&jobs->lock);
    if (!jobs->stopping)
        mg_jobs_wait(jobs, &jobs->ended, ms);
    bool stopping = jobs->stopping;
    pthread_mutex_unlock(&jobs->lock);
    return stopping;
}

const struct mg_job_kind *mg_jobs_find_kind(const struct mg_jobs *jobs, const char *name)
{
    for (size_t i = 0; i < jobs->table->n_kinds; i++)
        if (strcmp(jobs->table->kinds[i]->name, name) == 0)
            return jobs->table->kinds[i];
    return NULL;
}

void mg_jobs_wake(struct mg_jobs *jobs)
{
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->asks++;
    pthread_cond_signal(&jobs->asked);
    pthread_mutex_unlock(&jobs->lock);
}

/* Asks all to stop, again and again: an interrupt that comes before its query is lost. */
static void ask_to_end(struct mg_jobs *jobs)
{
    mg_stop_ask(&jobs->ending, MG_STOP_ENDING);
    for (size_t i = 0; i < jobs->n_slots; i++)
        mg_stop_ask(&jobs->slots[i].stop, MG_STOP_ENDING);
}

static void *keep(void *argument)
{
    struct mg_jobs *jobs = argument;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->stopping) {
        int64_t seen = jobs->asks;
        pthread_mutex_unlock(&jobs->lock);
        mg_jobs_look(jobs);
        pthread_mutex_lock(&jobs->lock);
        if (!jobs->stopping && jobs->asks == seen)
            mg_jobs_wait(jobs, &jobs->asked, LOOK_EVERY_MS);
    }
    while (!jobs->closed) {
        ask_to_end(jobs);
        mg_jobs_wait(jobs, &jobs->asked, LOOK_EVERY_MS);
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

static void *work(void *argument)
{
    struct mg_job_slot *slot = argument;
    struct mg_jobs *jobs = slot->jobs;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->stopping) {
        int64_t seen = slot->lane->wakes;
        pthread_mutex_unlock(&jobs->lock);
        bool ran = mg_jobs_run_next(slot);
        pthread_mutex_lock(&jobs->lock);
        while (!ran && !jobs->stopping && slot->lane->wakes == seen)
            pthread_cond_wait(&slot->lane->woken, &jobs->lock);
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

static void make_parts(struct mg_jobs *jobs)
{
    pthread_condattr_t monotonic;
    pthread_mutex_init(&jobs->lock, NULL);
    mg_stop_init(&jobs->ending);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&jobs->asked, &monotonic);
    pthread_cond_init(&jobs->ended, &monotonic);
    for (size_t i = 0; i < jobs->table->n_lanes; i++) {
        jobs->lanes[i].is = &jobs->table->lanes[i];
        pthread_cond_init(&jobs->lanes[i].woken, &monotonic);
    }
    jobs->n_lanes = jobs->table->n_lanes;
    pthread_condattr_destroy(&monotonic);
}

/* The table is written by hand: what is wrong with it is a mistake of the program. */
static void check_table(const struct mg_job_table *table)
{
    size_t threads = 0;
    assert(table->n_lanes <= MG_JOB_LANES_MAX);
    for (size_t i = 0; i < table->n_lanes; i++)
        threads += table->lanes[i].threads;
    assert(threads <= MG_JOB_THREADS_MAX);
    for (size_t i = 0; i < table->n_kinds; i++) {
        size_t at = 0;
        while (at < table->n_lanes && strcmp(table->lanes[at].name, table->kinds[i]->lane) != 0)
            at++;
        assert(at < table->n_lanes);
    }
}

static int start_threads(struct mg_jobs *jobs, struct mg_error *error)
{
    bool started = pthread_create(&jobs->keeper, NULL, keep, jobs) == 0;
    jobs->has_keeper = started;
    for (size_t i = 0; i < jobs->n_lanes; i++)
        for (size_t k = 0; k < jobs->lanes[i].is->threads && started; k++) {
            struct mg_job_slot *slot = &jobs->slots[jobs->n_slots];
            slot->jobs = jobs;
            slot->lane = &jobs->lanes[i];
            mg_stop_init(&slot->stop);
            started = pthread_create(&slot->thread, NULL, work, slot) == 0;
            pthread_mutex_lock(&jobs->lock);
            jobs->n_slots += started;
            pthread_mutex_unlock(&jobs->lock);
        }
    return started ? 0 : mg_fail_memory(error);
}

int mg_jobs_new(const struct mg_ctx *base, const struct mg_job_table *table, struct mg_jobs **ret_jobs,
                struct mg_error *error)
{
    check_table(table);
    struct mg_jobs *jobs = calloc(1, sizeof *jobs);
    if (!jobs)
        return mg_fail_memory(error);
    jobs->base = *base;
    jobs->table = table;
    make_parts(jobs);
    int rc = mg_jobs_begin(jobs, error);
    if (!rc)
        rc = start_threads(jobs, error);
    if (rc)
        mg_jobs_free(jobs);
    else
        *ret_jobs = jobs;
    return rc;
}

static void close_keeper(struct mg_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->closed = true;
    pthread_cond_signal(&jobs->asked);
    pthread_mutex_unlock(&jobs->lock);
    if (jobs->has_keeper)
        pthread_join(jobs->keeper, NULL);
}

void mg_jobs_free(struct mg_jobs *jobs)
{
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->stopping = true;
    pthread_cond_broadcast(&jobs->asked);
    pthread_cond_broadcast(&jobs->ended);
    for (size_t i = 0; i < jobs->n_lanes; i++)
        pthread_cond_broadcast(&jobs->lanes[i].woken);
    ask_to_end(jobs);
    pthread_mutex_unlock(&jobs->lock);
    for (size_t i = 0; i < jobs->n_slots; i++)
        pthread_join(jobs->slots[i].thread, NULL);
    close_keeper(jobs);
    for (size_t i = 0; i < jobs->n_slots; i++)
        mg_stop_done(&jobs->slots[i].stop);
    mg_stop_done(&jobs->ending);
    for (size_t i = 0; i < jobs->n_lanes; i++)
        pthread_cond_destroy(&jobs->lanes[i].woken);
    pthread_cond_destroy(&jobs->asked);
    pthread_cond_destroy(&jobs->ended);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}
