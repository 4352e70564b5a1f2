/* Wishes to stop reach what runs and what cleans; a stop of the server in good order counts as no crash, and
 * a job that can't be begun waits. */
#include "fixture.h"

#include <sys/resource.h>

static struct rlimit files_before;
static atomic_int interrupts, clean_tries;
static atomic_bool clean_waits;

static void count_interrupt(void *user)
{
    (void)user;
    atomic_fetch_add(&interrupts, 1);
}

/* Work that reports nothing, as the unpacking of a file. */
static int run_silent(struct mg_job_run *run, struct mg_error *error)
{
    struct mg_stop_hook hook = {count_interrupt, NULL, NULL};
    int rc = 0;
    atomic_fetch_add(&runs, 1);
    atomic_fetch_add(&resumed_runs, run->resumed);
    mg_stop_enter(run->ctx.stop, &hook);
    for (int i = 0; i < WAIT_MS && rc == 0 && !atomic_load(&gate_open); i++) {
        usleep(1000);
        rc = mg_stop_check(run->ctx.stop, error);
    }
    mg_stop_leave(run->ctx.stop, &hook);
    return rc;
}

/* Work that ends only when it has been interrupted twice: the first came before its query. */
static int run_deaf(struct mg_job_run *run, struct mg_error *error)
{
    struct mg_stop_hook hook = {count_interrupt, NULL, NULL};
    atomic_fetch_add(&runs, 1);
    mg_stop_enter(run->ctx.stop, &hook);
    for (int i = 0; i < WAIT_MS && atomic_load(&interrupts) < 2; i++)
        usleep(1000);
    mg_stop_leave(run->ctx.stop, &hook);
    return mg_fail(error, MG_E_CANCELLED, "The analysis was stopped.");
}

/* Takes back in many steps. */
static int clean_long(struct mg_job_run *run, enum mg_wire_job_state state, const struct mg_error *why,
                      struct mg_error *error)
{
    int rc = 0;
    atomic_fetch_add(&clean_tries, 1);
    for (int i = 0; i < WAIT_MS && rc == 0 && (i == 0 || atomic_load(&clean_waits)); i++) {
        usleep(1000);
        rc = mg_stop_check(run->ctx.stop, error);
    }
    return rc ? rc : count_clean(run, state, why, error);
}

static const struct mg_job_kind silent = {
    .name = "silent", .lane = "long", .run = run_silent, .clean = clean_long, .resumable = true};
static const struct mg_job_kind deaf = {
    .name = "deaf", .lane = "long", .run = run_deaf, .clean = count_clean, .resumable = true};
static const struct mg_job_kind *const stop_kinds[] = {&steps, &silent, &deaf, &resumable};
static const struct mg_job_table stop_table = {stop_kinds, ARRAY_LEN(stop_kinds), lanes, ARRAY_LEN(lanes)};

static const char *start_running(struct fixture *f, const struct mg_job_kind *kind)
{
    interrupts = clean_tries = 0;
    clean_waits = false;
    start(f, &stop_table);
    const char *id = add(f, kind);
    wait_count(&runs, 1);
    return id;
}

static void what_reports_nothing_can_be_cancelled(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job;
    const char *id = start_running(f, &silent);
    SUCCEEDS(mg_job_cancel(&f->ctx, id, &job, &f->error));
    job = wait_state(f, id, MG_WIRE_JOB_STATE_CANCELLED);
    assert_string_equal(job.message, "The job was stopped.");
    assert_true(interrupts >= 1);
    assert_int_equal(cleaned, 1); /* the wish ends the run, not the cleaning */
}

/* Its own words for it don't matter. */
static void an_interrupt_that_came_too_early_is_repeated(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job;
    const char *id = start_running(f, &deaf);
    SUCCEEDS(mg_job_cancel(&f->ctx, id, &job, &f->error));
    job = wait_state(f, id, MG_WIRE_JOB_STATE_CANCELLED);
    assert_string_equal(job.message, "The job was stopped.");
}

static void what_reports_nothing_ends_with_the_server_and_goes_on(void **state)
{
    struct fixture *f = *state;
    const char *id = start_running(f, &silent);
    stop(f);
    assert_true(interrupts >= 1);
    struct mg_wire_job job = get(f, id);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_QUEUED);
    atomic_store(&gate_open, true);
    start(f, &stop_table);
    wait_state(f, id, MG_WIRE_JOB_STATE_DONE);
    assert_int_equal(resumed_runs, 1);
    assert_int_equal(clean_tries, 0);
}

static void the_servers_end_repeats_its_interrupts(void **state)
{
    struct fixture *f = *state;
    const char *id = start_running(f, &deaf);
    stop(f);
    assert_true(interrupts >= 2);
    struct mg_wire_job job = get(f, id);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_QUEUED);
}

static void cleaning_ends_with_the_server_and_goes_on(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job;
    const char *id = start_running(f, &silent);
    clean_waits = true;
    SUCCEEDS(mg_job_cancel(&f->ctx, id, &job, &f->error));
    wait_count(&clean_tries, 1);
    stop(f);
    assert_int_equal(cleaned, 0);
    clean_waits = false;
    start(f, &stop_table);
    wait_state(f, id, MG_WIRE_JOB_STATE_CANCELLED);
    assert_int_equal(cleaned, 1);
    assert_int_equal(runs, 1);
}

static void restarts_in_good_order_are_no_crashes(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    const char *id = add(f, &resumable);
    for (int i = 1; i <= 2 * MG_JOB_ATTEMPTS_MAX; i++) {
        wait_count(&runs, i);
        stop(f);
        start(f, &table);
    }
    atomic_store(&gate_open, true);
    wait_state(f, id, MG_WIRE_JOB_STATE_DONE);
    assert_int_equal(resumed_runs, 2 * MG_JOB_ATTEMPTS_MAX);
    assert_int_equal(cleaned, 0);
}

/* No reader is free, and no file more may be opened for another one. */
static void a_job_that_cannot_be_asked_about_waits(void **state)
{
    struct fixture *f = *state;
    struct mg_db *readers[64];
    size_t n = 0;
    const char *id = add(f, &steps);
    getrlimit(RLIMIT_NOFILE, &files_before);
    struct rlimit now = {0, files_before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &now);
    while (n < ARRAY_LEN(readers) && mg_store_read_begin(f->ctx.store, &readers[n], NULL) == 0)
        n++;
    start(f, &table);
    stays(&runs, 0);
    setrlimit(RLIMIT_NOFILE, &files_before);
    for (size_t i = 0; i < n; i++)
        mg_store_read_end(f->ctx.store, readers[i]);
    wait_state(f, id, MG_WIRE_JOB_STATE_DONE);
    assert_int_equal(runs, 1);
    assert_int_equal(cleaned, 0);
}

/* A test that failed leaves the limit. */
static int allow_and_tear_down(void **state)
{
    if (files_before.rlim_max)
        setrlimit(RLIMIT_NOFILE, &files_before);
    return tear_down_jobs(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOB_TEST(what_reports_nothing_can_be_cancelled),
        JOB_TEST(an_interrupt_that_came_too_early_is_repeated),
        JOB_TEST(what_reports_nothing_ends_with_the_server_and_goes_on),
        JOB_TEST(the_servers_end_repeats_its_interrupts),
        JOB_TEST(cleaning_ends_with_the_server_and_goes_on),
        JOB_TEST(restarts_in_good_order_are_no_crashes),
        cmocka_unit_test_setup_teardown(a_job_that_cannot_be_asked_about_waits, set_up_jobs,
                                        allow_and_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
