/* Times: not before run_at; what repeats runs once an interval, whatever the clock and the server do. */
#include "fixture.h"

#include <sqlite3.h>

#define HOUR_US (3600 * SECOND_US)

static int run_failing_tick(struct mg_job_run *run, struct mg_error *error)
{
    (void)run;
    atomic_fetch_add(&ticks, 1);
    return mg_fail(error, MG_E_INVALID, "There is no such record.");
}

static const struct mg_job_kind tick = {
    .name = "tick", .lane = "quick", .every_us = HOUR_US, .run = run_tick};
static const struct mg_job_kind *const with_tick[] = {&steps, &tick};
static const struct mg_job_table ticking = {with_tick, ARRAY_LEN(with_tick), lanes, ARRAY_LEN(lanes)};

static void advance(int64_t us)
{
    atomic_fetch_add(&now_us, us);
}

static int64_t count_jobs(struct fixture *f, const char *sql)
{
    sqlite3 *record;
    sqlite3_stmt *statement;
    const char *path = mg_arena_printf(f->ctx.arena, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    assert_int_equal(sqlite3_open_v2(path, &record, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_busy_timeout(record, WAIT_MS);
    assert_int_equal(sqlite3_prepare_v2(record, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(record);
    return n;
}

/* That many have run, and the last has ended: its next time is written. */
static void wait_ticks(struct fixture *f, int wanted)
{
    wait_count(&ticks, wanted);
    for (int i = 0; i < WAIT_MS && count_jobs(f, "SELECT count(*) FROM job WHERE state = 'running'") > 0; i++)
        usleep(1000);
}

static void a_job_does_not_run_before_its_time(void **state)
{
    struct fixture *f = *state;
    const char *id;
    start(f, &table);
    SUCCEEDS(try_add(f, &steps, START_US + HOUR_US, &id));
    stays(&runs, 0);
    advance(HOUR_US - 1);
    stays(&runs, 0);
    advance(1);
    wait_state(f, id, MG_WIRE_JOB_STATE_DONE);
}

static void what_repeats_arms_itself_again(void **state)
{
    struct fixture *f = *state;
    start(f, &ticking);
    wait_ticks(f, 1);
    stays(&ticks, 1);
    for (int i = 2; i <= 4; i++) {
        advance(HOUR_US);
        wait_ticks(f, i);
    }
    stays(&ticks, 4);
}

static void what_repeats_is_one_row_of_no_organisation(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 3; i++) {
        start(f, &ticking);
        stop(f);
    }
    struct mg_wire_job_list list;
    assert_int_equal(count_jobs(f, "SELECT count(*) FROM job"), 1);
    assert_int_equal(count_jobs(f, "SELECT count(*) FROM job WHERE kind = 'tick' AND org_id IS NULL"), 1);
    SUCCEEDS(mg_job_list(&f->ctx, 10, &list, &f->error));
    assert_int_equal(list.n_jobs, 0);
}

static void a_restart_in_between_changes_no_time(void **state)
{
    struct fixture *f = *state;
    start(f, &ticking);
    wait_ticks(f, 1);
    for (int i = 0; i < 3; i++) {
        stop(f);
        advance(HOUR_US / 4);
        start(f, &ticking);
    }
    stays(&ticks, 1);
    advance(HOUR_US / 4);
    wait_ticks(f, 2);
}

static void what_was_missed_is_done_once(void **state)
{
    struct fixture *f = *state;
    start(f, &ticking);
    wait_ticks(f, 1);
    stop(f);
    advance(100 * HOUR_US);
    start(f, &ticking);
    wait_ticks(f, 2);
    stays(&ticks, 2);
}

/* A year ahead and back again: once for each, then every hour as before. */
static void a_clock_that_is_set_neither_stops_nor_floods(void **state)
{
    struct fixture *f = *state;
    start(f, &ticking);
    wait_ticks(f, 1);
    advance(365 * 24 * HOUR_US);
    wait_ticks(f, 2);
    stays(&ticks, 2);
    advance(-365 * 24 * HOUR_US);
    wait_ticks(f, 3);
    stays(&ticks, 3);
    advance(HOUR_US);
    wait_ticks(f, 4);
    advance(-HOUR_US / 2); /* not an interval back: waits that much longer */
    stays(&ticks, 4);
    advance(3 * HOUR_US / 2);
    wait_ticks(f, 5);
}

static void what_fails_is_tried_at_the_next_time(void **state)
{
    struct fixture *f = *state;
    static const struct mg_job_kind failing = {.name = "failing",
                                               .lane = "quick",
                                               .every_us = HOUR_US,
                                               .run = run_failing_tick,
                                               .clean = count_clean};
    static const struct mg_job_kind *const one[] = {&failing};
    static const struct mg_job_table failing_table = {one, 1, lanes, ARRAY_LEN(lanes)};
    start(f, &failing_table);
    wait_ticks(f, 1);
    stays(&ticks, 1);
    advance(HOUR_US);
    wait_ticks(f, 2);
    wait_count(&cleaned, 2);
}

static void a_kind_that_is_gone_runs_no_more_and_may_come_back(void **state)
{
    struct fixture *f = *state;
    start(f, &ticking);
    wait_ticks(f, 1);
    stop(f);
    advance(HOUR_US);
    start(f, &table); /* knows no tick */
    stays(&ticks, 1);
    stop(f);
    start(f, &ticking);
    wait_ticks(f, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOB_TEST(a_job_does_not_run_before_its_time),
        JOB_TEST(what_repeats_arms_itself_again),
        JOB_TEST(what_repeats_is_one_row_of_no_organisation),
        JOB_TEST(a_restart_in_between_changes_no_time),
        JOB_TEST(what_was_missed_is_done_once),
        JOB_TEST(a_clock_that_is_set_neither_stops_nor_floods),
        JOB_TEST(what_fails_is_tried_at_the_next_time),
        JOB_TEST(a_kind_that_is_gone_runs_no_more_and_may_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
