/* Ends that can't be written are tried again until they can: here no file of this process may be written to
 * for a while. */
#include "fixture.h"

#include <signal.h>
#include <sys/resource.h>

static struct rlimit before;
static atomic_int refused_cleans;

static void forbid_writing(void)
{
    struct rlimit now;
    getrlimit(RLIMIT_FSIZE, &now);
    if (now.rlim_cur != 1)
        before = now;
    now.rlim_cur = 1;
    setrlimit(RLIMIT_FSIZE, &now);
}

static void allow_writing(void)
{
    setrlimit(RLIMIT_FSIZE, &before);
}

static int run_into_full(struct mg_job_run *run, struct mg_error *error)
{
    mg_ignore(mg_job_progress(run, 0.5, error, "half"));
    forbid_writing();
    /* Progress that can't be written is no reason to fail. */
    atomic_fetch_add(&now_us, 10 * SECOND_US);
    int rc = mg_job_progress(run, 0.75, error, "more");
    atomic_fetch_add(&runs, 1);
    return rc;
}

static int run_into_failure(struct mg_job_run *run, struct mg_error *error)
{
    run_into_full(run, error);
    return mg_fail(error, MG_E_INVALID, "There is no such record.");
}

/* The first three tries of cleaning fail. */
static int clean_at_last(struct mg_job_run *run, enum mg_wire_job_state state, const struct mg_error *why,
                         struct mg_error *error)
{
    (void)run;
    if (atomic_fetch_add(&refused_cleans, 1) < 3)
        return mg_fail(error, MG_E_IO, "There is no such job.");
    return count_clean(run, state, why, error);
}

static int run_failing(struct mg_job_run *run, struct mg_error *error)
{
    (void)run;
    return mg_fail(error, MG_E_INVALID, "There is no such record.");
}

static const struct mg_job_kind full = {
    .name = "full", .lane = "quick", .run = run_into_full, .clean = count_clean};
static const struct mg_job_kind failing = {
    .name = "failing", .lane = "quick", .run = run_into_failure, .clean = count_clean};
static const struct mg_job_kind unclean = {
    .name = "unclean", .lane = "quick", .run = run_failing, .clean = clean_at_last};
static const struct mg_job_kind repeating = {
    .name = "repeating", .lane = "quick", .every_us = 3600 * SECOND_US, .run = run_into_full};
static const struct mg_job_kind *const end_kinds[] = {&full, &failing, &unclean};
static const struct mg_job_table end_table = {end_kinds, ARRAY_LEN(end_kinds), lanes, ARRAY_LEN(lanes)};
static const struct mg_job_kind *const repeat_kinds[] = {&repeating};
static const struct mg_job_table repeat_table = {repeat_kinds, 1, lanes, ARRAY_LEN(lanes)};

/* Until the job says why it can't be ended. */
static void wait_trouble(struct fixture *f, const char *id)
{
    for (int i = 0; i < WAIT_MS; i++) {
        struct mg_wire_job job = get(f, id);
        if (strstr(job.message, "record could not be"))
            return;
        usleep(1000);
    }
    fail_msg("the end was written, or nothing is said");
}

static void a_done_job_is_done_when_the_disk_has_room(void **state)
{
    struct fixture *f = *state;
    start(f, &end_table);
    const char *id = add(f, &full);
    wait_trouble(f, id);
    struct mg_wire_job job = get(f, id);
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_RUNNING);
    allow_writing();
    job = wait_state(f, id, MG_WIRE_JOB_STATE_DONE);
    assert_string_equal(job.message, "more");
    assert_int_equal(cleaned, 0);
}

static void a_failed_job_keeps_its_reason(void **state)
{
    struct fixture *f = *state;
    start(f, &end_table);
    const char *id = add(f, &failing);
    wait_trouble(f, id);
    allow_writing();
    struct mg_wire_job job = wait_state(f, id, MG_WIRE_JOB_STATE_FAILED);
    assert_string_equal(job.message, "There is no such record.");
    f->ctx.lang = MG_LANG_ZH; /* whoever looks reads it in their own */
    assert_string_equal(get(f, id).message, "没有这条记录。");
    f->ctx.lang = MG_LANG_EN;
    assert_int_equal(cleaned, 1); /* what was cleaned isn't cleaned again */
}

static void a_clean_that_fails_is_tried_again_before_the_end(void **state)
{
    struct fixture *f = *state;
    refused_cleans = 0;
    start(f, &end_table);
    wait_state(f, add(f, &unclean), MG_WIRE_JOB_STATE_FAILED);
    assert_int_equal(refused_cleans, 4);
    assert_int_equal(cleaned, 1);
}

/* The server is stopped while the end can't be written: the next start ends the job. */
static void stopping_does_not_wait_for_room(void **state)
{
    struct fixture *f = *state;
    start(f, &end_table);
    const char *id = add(f, &full);
    wait_trouble(f, id);
    stop(f);
    allow_writing();
    start(f, &end_table);
    wait_state(f, id, MG_WIRE_JOB_STATE_FAILED);
    assert_int_equal(runs, 1);
}

static void what_repeats_is_armed_when_the_disk_has_room(void **state)
{
    struct fixture *f = *state;
    start(f, &repeat_table);
    wait_count(&runs, 1);
    usleep(LULL_MS * 1000);
    allow_writing();
    usleep(LULL_MS * 1000);
    assert_int_equal(runs, 1);
    for (int i = 0; i < WAIT_MS && runs < 2; i++) {
        usleep(1000);
        atomic_fetch_add(&now_us, 60 * SECOND_US);
    }
    allow_writing();
    assert_true(runs >= 2);
}

/* A test that failed leaves writing forbidden. */
static int allow_and_tear_down(void **state)
{
    if (before.rlim_max)
        allow_writing();
    return tear_down_jobs(state);
}

#define END_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_jobs, allow_and_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        END_TEST(a_done_job_is_done_when_the_disk_has_room),        END_TEST(a_failed_job_keeps_its_reason),
        END_TEST(a_clean_that_fails_is_tried_again_before_the_end), JOB_TEST(stopping_does_not_wait_for_room),
        END_TEST(what_repeats_is_armed_when_the_disk_has_room),
    };
    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
