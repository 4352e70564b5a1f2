/* Jobs: progress, failure and clean-up, cancelling, restarts. */
#include "fixture.h"

#include <stdatomic.h>
#include <unistd.h>

#include "service/admin/job.h"

static atomic_int cleaned, runs, resumed_runs;
static atomic_bool gate_open;

static int run_steps(struct mg_job_run *run, struct mg_error *error)
{
    atomic_fetch_add(&runs, 1);
    for (int i = 1; i <= 10; i++) {
        int rc = mg_job_progress(run, i / 10.0, "counting", error);
        if (rc)
            return rc;
    }
    return strcmp(run->spec, "{\"n\":10}") == 0 ? 0 : MG_E_INVALID;
}

static int run_broken(struct mg_job_run *run, struct mg_error *error)
{
    mg_job_progress(run, 0.5, "half", error);
    mg_fail(error, MG_E_INVALID, "There is no such record.");
    mg_fail_at(error, "line 7");
    return MG_E_INVALID;
}

static int run_until_stopped(struct mg_job_run *run, struct mg_error *error)
{
    atomic_fetch_add(&runs, 1);
    atomic_fetch_add(&resumed_runs, run->resumed);
    while (!atomic_load(&gate_open)) {
        int rc = mg_job_progress(run, 0.25, "waiting", error);
        if (rc)
            return rc;
        usleep(1000);
    }
    return 0;
}

static void count_clean(struct mg_job_run *run, enum mg_wire_job_state state, const struct mg_error *why)
{
    (void)state;
    assert_non_null(run->id);
    assert_true(*why->message);
    atomic_fetch_add(&cleaned, 1);
}

static const struct mg_job_kind kinds[] = {
    {.name = "steps", .run = run_steps, .clean = count_clean},
    {.name = "broken", .run = run_broken, .clean = count_clean},
    {.name = "stoppable", .run = run_until_stopped, .clean = count_clean},
    {.name = "resumable", .run = run_until_stopped, .clean = count_clean, .resumable = true},
};

static int set_up_jobs(void **state)
{
    int rc = set_up(state);
    struct fixture *f = *state;
    struct mg_login login;
    cleaned = runs = resumed_runs = 0;
    gate_open = false;
    set_up_owner(f, &login);
    SUCCEEDS(mg_jobs_new(&f->ctx, kinds, 4, 2, &f->ctx.jobs, &f->error));
    return rc;
}

static int tear_down_jobs(void **state)
{
    struct fixture *f = *state;
    mg_jobs_free(f->ctx.jobs);
    return tear_down(state);
}

static void restart(struct fixture *f)
{
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
    SUCCEEDS(mg_jobs_new(&f->ctx, kinds, 4, 2, &f->ctx.jobs, &f->error));
}

static struct mg_wire_job start(struct fixture *f, const char *kind)
{
    struct mg_wire_job job;
    SUCCEEDS(mg_job_start(&f->ctx, kind, "subject", "{\"n\":10}", &job, &f->error));
    return job;
}

static bool has_ended(const struct mg_wire_job *job)
{
    return job->state != MG_WIRE_JOB_STATE_QUEUED && job->state != MG_WIRE_JOB_STATE_RUNNING;
}

/* Waits until it has ended, or runs with some progress. */
static void follow(struct fixture *f, struct mg_wire_job *job, bool until_running)
{
    int64_t revision = 0;
    for (int i = 0; i < 1000; i++) {
        SUCCEEDS(mg_job_wait(&f->ctx, job->id, &revision, 100, job, &f->error));
        if (has_ended(job) || (until_running && job->state == MG_WIRE_JOB_STATE_RUNNING && job->progress > 0))
            return;
    }
    fail_msg("the job did not end");
}

static void a_job_runs_and_is_done(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job = start(f, "steps");
    follow(f, &job, false);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_DONE);
    assert_string_equal(job.subject_id, "subject");
    assert_true(job.progress == 1);
    assert_non_null(job.finished_at);
    assert_int_equal(cleaned, 0);
    struct mg_wire_job_list list;
    SUCCEEDS(mg_job_list(&f->ctx, 10, &list, &f->error));
    assert_int_equal(list.n_jobs, 1);
    struct mg_ctx other = f->ctx;
    strcpy(other.caller.org_id, "another");
    assert_int_equal(mg_job_get(&other, job.id, &job, &f->error), MG_E_NOT_FOUND);
}

static void a_failed_job_is_cleaned_and_says_why(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job = start(f, "broken");
    follow(f, &job, false);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_FAILED);
    assert_non_null(strstr(job.message, "line 7"));
    assert_int_equal(cleaned, 1);
    job = start(f, "unheard-of");
    follow(f, &job, false);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_FAILED);
}

static void a_running_job_can_be_cancelled(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job = start(f, "stoppable");
    follow(f, &job, true);
    assert_string_equal(job.message, "waiting");
    SUCCEEDS(mg_job_cancel(&f->ctx, job.id, &job, &f->error));
    follow(f, &job, false);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_CANCELLED);
    assert_int_equal(cleaned, 1);
}

static void a_waiting_job_can_be_cancelled(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) { /* both workers are busy */
        struct mg_wire_job busy = start(f, "stoppable");
        follow(f, &busy, true);
    }
    struct mg_wire_job third = start(f, "steps");
    SUCCEEDS(mg_job_cancel(&f->ctx, third.id, &third, &f->error));
    atomic_store(&gate_open, true);
    follow(f, &third, false);
    assert_int_equal(third.state, MG_WIRE_JOB_STATE_CANCELLED);
    assert_int_equal(runs, 2);
}

static void a_resumable_job_goes_on_after_a_restart(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job = start(f, "resumable");
    follow(f, &job, true);
    restart(f);
    assert_int_equal(cleaned, 0);
    atomic_store(&gate_open, true);
    follow(f, &job, false);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_DONE);
    assert_int_equal(runs, 2);
    assert_int_equal(resumed_runs, 1);
}

static void other_jobs_fail_cleanly_after_a_restart(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job = start(f, "stoppable");
    follow(f, &job, true);
    restart(f);
    follow(f, &job, false);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_FAILED);
    assert_int_equal(runs, 1);
    assert_int_equal(cleaned, 1);
}

static void a_job_that_always_crashes_is_given_up(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job = start(f, "resumable");
    for (int i = 0; i < MG_JOB_ATTEMPTS_MAX; i++) {
        follow(f, &job, true);
        assert_int_equal(job.state, MG_WIRE_JOB_STATE_RUNNING);
        restart(f);
    }
    follow(f, &job, false);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_FAILED);
    assert_int_equal(cleaned, 1);
}

static void count_change(void *user)
{
    atomic_fetch_add((atomic_int *)user, 1);
}

static void the_observer_hears_of_changes(void **state)
{
    struct fixture *f = *state;
    atomic_int changes = 0;
    mg_jobs_observe(f->ctx.jobs, count_change, &changes);
    struct mg_wire_job job = start(f, "steps");
    follow(f, &job, false);
    restart(f); /* no callback after this: the workers have ended */
    assert_true(changes >= 3);
}

#define JOB_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_jobs, tear_down_jobs)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOB_TEST(a_job_runs_and_is_done),
        JOB_TEST(a_failed_job_is_cleaned_and_says_why),
        JOB_TEST(a_running_job_can_be_cancelled),
        JOB_TEST(a_waiting_job_can_be_cancelled),
        JOB_TEST(a_resumable_job_goes_on_after_a_restart),
        JOB_TEST(other_jobs_fail_cleanly_after_a_restart),
        JOB_TEST(a_job_that_always_crashes_is_given_up),
        JOB_TEST(the_observer_hears_of_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
