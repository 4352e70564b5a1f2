/* Jobs: progress, failure and clean-up, cancelling, restarts. */
#include "fixture.h"

#include <sqlite3.h>

static void a_job_runs_and_is_done(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    struct mg_wire_job job = wait_state(f, add(f, &steps), MG_WIRE_JOB_STATE_DONE);
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
    assert_int_equal(mg_job_cancel(&other, job.id, &job, &f->error), MG_E_NOT_FOUND);
}

static void a_failed_job_is_cleaned_and_says_why(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    struct mg_wire_job job = wait_state(f, add(f, &broken), MG_WIRE_JOB_STATE_FAILED);
    assert_non_null(strstr(job.message, "line 7"));
    assert_int_equal(cleaned, 1);
    job = wait_state(f, add(f, &unheard_of), MG_WIRE_JOB_STATE_FAILED);
    assert_non_null(strstr(job.message, "unheard-of"));
}

static void a_running_job_can_be_cancelled(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    struct mg_wire_job job = wait_state(f, add(f, &gate), MG_WIRE_JOB_STATE_RUNNING);
    assert_string_equal(job.message, "waiting");
    SUCCEEDS(mg_job_cancel(&f->ctx, job.id, &job, &f->error));
    wait_state(f, job.id, MG_WIRE_JOB_STATE_CANCELLED);
    assert_int_equal(cleaned, 1);
}

static void a_waiting_job_can_be_cancelled(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    for (int i = 0; i < 2; i++) /* both threads of the lane are busy */
        wait_state(f, add(f, &gate), MG_WIRE_JOB_STATE_RUNNING);
    const char *third = add(f, &gate);
    struct mg_wire_job job;
    SUCCEEDS(mg_job_cancel(&f->ctx, third, &job, &f->error));
    atomic_store(&gate_open, true);
    wait_state(f, third, MG_WIRE_JOB_STATE_CANCELLED);
    assert_int_equal(runs, 2);
}

/* The command line writes rows and has no pool. */
static void another_process_queues_and_cancels(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    struct mg_ctx other = f->ctx;
    struct mg_wire_job job;
    other.jobs = NULL;
    struct inserting i = {.ctx = &other, .kind = &gate};
    SUCCEEDS(mg_store_write(other.store, insert, &i, &f->error));
    wait_state(f, i.id, MG_WIRE_JOB_STATE_RUNNING);
    SUCCEEDS(mg_job_cancel(&other, i.id, &job, &f->error));
    wait_state(f, i.id, MG_WIRE_JOB_STATE_CANCELLED);
}

static void a_resumable_job_goes_on_after_a_restart(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    const char *id = add(f, &resumable);
    wait_state(f, id, MG_WIRE_JOB_STATE_RUNNING);
    stop(f);
    start(f, &table);
    assert_int_equal(cleaned, 0);
    atomic_store(&gate_open, true);
    wait_state(f, id, MG_WIRE_JOB_STATE_DONE);
    assert_int_equal(runs, 2);
    assert_int_equal(resumed_runs, 1);
}

static void other_jobs_fail_cleanly_after_a_restart(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    const char *id = add(f, &gate);
    wait_state(f, id, MG_WIRE_JOB_STATE_RUNNING);
    stop(f);
    start(f, &table);
    wait_state(f, id, MG_WIRE_JOB_STATE_FAILED);
    assert_int_equal(runs, 1);
    assert_int_equal(cleaned, 1);
}

static void write_as_running(struct fixture *f)
{
    sqlite3 *record;
    const char *path = mg_arena_printf(f->ctx.arena, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    assert_int_equal(sqlite3_open(path, &record), SQLITE_OK);
    sqlite3_busy_timeout(record, WAIT_MS);
    const char *sql = "UPDATE job SET state = 'running', attempts = attempts + 1 WHERE state = 'queued'";
    assert_int_equal(sqlite3_exec(record, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(record);
}

/* The row is left as a process leaves it that was killed. */
static void a_job_that_always_crashes_is_given_up(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    const char *id = add(f, &resumable);
    for (int i = 0; i < MG_JOB_ATTEMPTS_MAX; i++) {
        wait_state(f, id, MG_WIRE_JOB_STATE_RUNNING);
        stop(f);
        write_as_running(f);
        start(f, &table);
    }
    wait_state(f, id, MG_WIRE_JOB_STATE_FAILED);
    assert_int_equal(cleaned, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOB_TEST(a_job_runs_and_is_done),
        JOB_TEST(a_failed_job_is_cleaned_and_says_why),
        JOB_TEST(a_running_job_can_be_cancelled),
        JOB_TEST(a_waiting_job_can_be_cancelled),
        JOB_TEST(another_process_queues_and_cancels),
        JOB_TEST(a_resumable_job_goes_on_after_a_restart),
        JOB_TEST(other_jobs_fail_cleanly_after_a_restart),
        JOB_TEST(a_job_that_always_crashes_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
