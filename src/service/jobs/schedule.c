/* When jobs run. A time to run at is compared by the record, not waited for: twice a second the keeper asks
 * which lanes have a job whose time has come, so neither a clock that is set nor a row of another process is
 * missed. */
#include "service/jobs/pool.h"

#include <string.h>

#include "store/store.h"

#define LOOK_ARENA ((size_t)1 << 20)

/* ---- at the start ---- */

static int arm(struct mg_db *db, const struct mg_job_kind *kind, int64_t now, struct mg_error *error)
{
    char id[MG_ULID_SIZE];
    int rc = 0;
    if (kind->every_us) {
        mg_ulid_new(now, id);
        rc = mg_sql_job_arm(db, id, kind->name, kind->lane, kind->every_us, now, NULL, error);
    }
    return rc ? rc : mg_sql_job_move_lane(db, kind->name, kind->lane, NULL, error);
}

static int begin(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct mg_jobs *jobs = user;
    int64_t now = mg_now(&jobs->base.clock);
    int rc = mg_sql_job_requeue(db, NULL, error);
    for (size_t i = 0; i < jobs->table->n_kinds && rc == 0; i++)
        rc = arm(db, jobs->table->kinds[i], now, error);
    return rc;
}

int mg_jobs_begin(struct mg_jobs *jobs, struct mg_error *error)
{
    return mg_store_write(jobs->base.store, begin, jobs, error);
}

/* ---- the keeper ---- */

struct look {
    struct mg_jobs *jobs;
    struct mg_arena *arena;
    bool due[MG_JOB_LANES_MAX];
    struct mg_sql_job_to_cancel_row *cancelled;
    size_t n_cancelled;
};

static int read_queue(struct mg_db *db, void *user, struct mg_error *error)
{
    struct look *look = user;
    const struct mg_jobs *jobs = look->jobs;
    int64_t now = mg_now(&jobs->base.clock);
    int rc = mg_sql_job_to_cancel(db, look->arena, &look->cancelled, &look->n_cancelled, error);
    for (size_t i = 0; i < jobs->n_lanes && rc == 0; i++) {
        const struct mg_job_lane *lane = jobs->lanes[i].is;
        struct mg_sql_job_next_row next;
        rc = mg_sql_job_next(db, look->arena, lane->name, (int64_t)lane->per_org, now, &next, error);
        look->due[i] = rc == 0;
        if (rc == MG_E_NOT_FOUND)
            rc = 0;
    }
    return rc;
}

static void cancel_slots(struct mg_jobs *jobs, const struct look *look)
{
    for (size_t i = 0; i < look->n_cancelled; i++)
        for (size_t k = 0; k < jobs->n_slots; k++)
            if (strcmp(jobs->slots[k].id, look->cancelled[i].id) == 0)
                mg_stop_ask(&jobs->slots[k].stop, MG_STOP_CANCELLED);
}

static void wake_lanes(struct mg_jobs *jobs, const struct look *look)
{
    for (size_t i = 0; i < jobs->n_lanes; i++) {
        jobs->lanes[i].wakes += look->due[i];
        if (look->due[i])
            pthread_cond_broadcast(&jobs->lanes[i].woken);
    }
}

void mg_jobs_look(struct mg_jobs *jobs)
{
    struct look look = {.jobs = jobs, .arena = mg_arena_new(LOOK_ARENA)};
    if (look.arena && mg_store_read(jobs->base.store, read_queue, &look, NULL) == 0) {
        pthread_mutex_lock(&jobs->lock);
        cancel_slots(jobs, &look);
        wake_lanes(jobs, &look);
        pthread_mutex_unlock(&jobs->lock);
    } /* else the next look tries again */
    mg_arena_free(look.arena);
}
