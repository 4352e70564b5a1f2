/* A pool of two lanes over a data folder of its own, jobs that wait at a gate, and a clock that the test sets
 * while the pool runs. */
#ifndef TESTS_SERVICE_JOBS_FIXTURE_H
#define TESTS_SERVICE_JOBS_FIXTURE_H

#include "../admin/fixture.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/str.h"
#include "service/admin/user.h"
#include "service/jobs/job.h"

#define WAIT_MS 20000 /* for what must come */
#define LULL_MS 1200  /* for what must not: the keeper looks twice meanwhile */

static atomic_llong now_us;
static atomic_int runs, cleaned, resumed_runs, ticks;
static atomic_bool gate_open;

#define ORDER_MAX 64
static char order[ORDER_MAX][27]; /* whose gates ran, in order */

static int64_t settable_now(const struct mg_clock *clock)
{
    (void)clock;
    return atomic_load(&now_us);
}

/* ---- kinds ---- */

static inline int run_gate(struct mg_job_run *run, struct mg_error *error)
{
    int at = atomic_fetch_add(&runs, 1);
    strcpy(order[at % ORDER_MAX], run->ctx.caller.org_id);
    atomic_fetch_add(&resumed_runs, run->resumed);
    while (!atomic_load(&gate_open)) {
        int rc = mg_job_progress(run, 0.25, error, "waiting");
        if (rc)
            return rc;
        usleep(1000);
    }
    return 0;
}

static inline int run_steps(struct mg_job_run *run, struct mg_error *error)
{
    atomic_fetch_add(&runs, 1);
    for (int i = 1; i <= 10; i++) {
        int rc = mg_job_progress(run, i / 10.0, error, "counting");
        if (rc)
            return rc;
    }
    return strcmp(run->spec, "{\"n\":10}") == 0 ? 0 : MG_E_INVALID;
}

static inline int run_broken(struct mg_job_run *run, struct mg_error *error)
{
    mg_ignore(mg_job_progress(run, 0.5, error, "half"));
    mg_fail(error, MG_E_INVALID, "There is no such record.");
    mg_fail_at(error, "line 7");
    return MG_E_INVALID;
}

static inline int run_tick(struct mg_job_run *run, struct mg_error *error)
{
    (void)error;
    atomic_fetch_add(&ticks, *run->ctx.caller.org_id == '\0'); /* the server's own, of no organisation */
    return 0;
}

static inline int count_clean(struct mg_job_run *run, enum mg_wire_job_state state,
                              const struct mg_error *why, struct mg_error *error)
{
    (void)state;
    (void)error;
    atomic_fetch_add(&cleaned, run->id && *why->message);
    return 0;
}

static const struct mg_job_kind steps = {
    .name = "steps", .lane = "quick", .run = run_steps, .clean = count_clean};
static const struct mg_job_kind broken = {
    .name = "broken", .lane = "quick", .run = run_broken, .clean = count_clean};
static const struct mg_job_kind gate = {
    .name = "gate", .lane = "long", .run = run_gate, .clean = count_clean};
static const struct mg_job_kind resumable = {
    .name = "resumable", .lane = "long", .run = run_gate, .clean = count_clean, .resumable = true};
static const struct mg_job_kind unheard_of = {.name = "unheard-of", .lane = "quick", .run = run_steps};

static const struct mg_job_kind *const kinds[] = {&steps, &broken, &gate, &resumable};
static const struct mg_job_lane lanes[] = {{"quick", 2, 2}, {"long", 2, 2}};
static const struct mg_job_table table = {kinds, ARRAY_LEN(kinds), lanes, ARRAY_LEN(lanes)};

/* ---- the pool ---- */

static int set_up_jobs(void **state)
{
    int rc = set_up(state);
    struct fixture *f = *state;
    runs = cleaned = resumed_runs = ticks = 0;
    gate_open = false;
    now_us = START_US;
    f->ctx.clock = (struct mg_clock){.now_us = settable_now};
    SUCCEEDS(mg_org_create(&f->ctx, "Beichen", false, f->ctx.caller.org_id, &f->error));
    return rc;
}

static int tear_down_jobs(void **state)
{
    struct fixture *f = *state;
    mg_jobs_free(f->ctx.jobs);
    return tear_down(state);
}

static inline void stop(struct fixture *f)
{
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
}

static inline void start(struct fixture *f, const struct mg_job_table *jobs)
{
    SUCCEEDS(mg_jobs_new(&f->ctx, jobs, &f->ctx.jobs, &f->error));
}

/* ---- jobs ---- */

struct inserting {
    const struct mg_ctx *ctx;
    const struct mg_job_kind *kind;
    int64_t run_at;
    char id[27];
};

static int insert(struct mg_db *db, void *user, struct mg_error *error)
{
    struct inserting *i = user;
    return mg_job_insert(db, i->ctx, i->kind, "subject", "{\"n\":10}", i->run_at, i->id, error);
}

static inline int try_add(struct fixture *f, const struct mg_job_kind *kind, int64_t run_at,
                          const char **ret_id)
{
    struct inserting i = {.ctx = &f->ctx, .kind = kind, .run_at = run_at};
    int rc = mg_store_write(f->ctx.store, insert, &i, &f->error);
    mg_jobs_wake(f->ctx.jobs);
    *ret_id = mg_arena_strdup(f->ctx.arena, i.id);
    return rc;
}

static inline const char *add(struct fixture *f, const struct mg_job_kind *kind)
{
    const char *id;
    SUCCEEDS(try_add(f, kind, 0, &id));
    return id;
}

static inline struct mg_wire_job get(struct fixture *f, const char *id)
{
    struct mg_wire_job job;
    SUCCEEDS(mg_job_get(&f->ctx, id, &job, &f->error));
    return job;
}

static inline struct mg_wire_job wait_state(struct fixture *f, const char *id, enum mg_wire_job_state wanted)
{
    for (int i = 0; i < WAIT_MS / 2; i++) {
        struct mg_wire_job job = get(f, id);
        if (job.state == wanted && (wanted != MG_WIRE_JOB_STATE_RUNNING || job.progress > 0))
            return job;
        usleep(2000);
    }
    struct mg_wire_job job = get(f, id);
    fail_msg("the job is %s: %s", mg_wire_job_state_text(job.state), job.message);
    return job;
}

static inline void wait_count(atomic_int *count, int wanted)
{
    for (int i = 0; i < WAIT_MS && atomic_load(count) < wanted; i++)
        usleep(1000);
    assert_int_equal(atomic_load(count), wanted);
}

static inline void stays(atomic_int *count, int wanted)
{
    usleep(LULL_MS * 1000);
    assert_int_equal(atomic_load(count), wanted);
}

/* Another organisation, as whom ctx then acts. */
static inline void become_other(struct fixture *f, const char *name)
{
    SUCCEEDS(mg_org_create(&f->ctx, name, false, f->ctx.caller.org_id, &f->error));
}

#define JOB_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_jobs, tear_down_jobs)

#endif
