/* Lanes: long jobs hold up only their like, one organisation holds up nobody, nobody fills the queue. */
#include "fixture.h"

#include <sqlite3.h>

#include "store/queries.gen.h"

/* Room for others is left in the lane of long jobs. */
static const struct mg_job_lane fair_lanes[] = {{"quick", 1, 1}, {"long", 3, 2}};
static const struct mg_job_table fair_table = {kinds, ARRAY_LEN(kinds), fair_lanes, ARRAY_LEN(fair_lanes)};
static const struct mg_job_lane narrow_lanes[] = {{"quick", 1, 1}, {"long", 1, 1}};
static const struct mg_job_table narrow_table = {kinds, ARRAY_LEN(kinds), narrow_lanes,
                                                 ARRAY_LEN(narrow_lanes)};

static void a_long_job_holds_up_no_other_lane(void **state)
{
    struct fixture *f = *state;
    start(f, &table);
    for (int i = 0; i < 6; i++) {
        become_other(f, "Another");
        add(f, &gate);
    }
    wait_count(&runs, 2);
    wait_state(f, add(f, &steps), MG_WIRE_JOB_STATE_DONE);
}

static void one_organisation_does_not_take_all_threads(void **state)
{
    struct fixture *f = *state;
    start(f, &fair_table);
    for (int i = 0; i < 6; i++)
        add(f, &gate);
    wait_count(&runs, 2);
    stays(&runs, 2); /* the third thread is free and left so */
    become_other(f, "Nanfang");
    wait_state(f, add(f, &gate), MG_WIRE_JOB_STATE_RUNNING);
    atomic_store(&gate_open, true);
    wait_count(&runs, 7);
}

/* One thread: whoever queued last comes second, not twenty-first. */
static void turns_go_round(void **state)
{
    struct fixture *f = *state;
    char first[27];
    atomic_store(&gate_open, true);
    for (int i = 0; i < 20; i++) {
        add(f, &gate);
        now_us += 1000; /* ids of one millisecond have no order */
    }
    memcpy(first, f->ctx.caller.org_id, sizeof first);
    become_other(f, "Nanfang");
    now_us += 1000; /* ids of one millisecond have no order */
    add(f, &gate);
    start(f, &narrow_table);
    wait_count(&runs, 21);
    assert_string_equal(order[0], first);
    assert_string_equal(order[1], f->ctx.caller.org_id);
    assert_string_equal(order[2], first);
}

static void the_queue_is_bounded_for_each_organisation_and_for_all(void **state)
{
    struct fixture *f = *state;
    const char *id;
    for (int i = 0; i < MG_JOBS_QUEUED_ORG_MAX; i++)
        SUCCEEDS(try_add(f, &gate, 0, &id));
    assert_int_equal(try_add(f, &gate, 0, &id), MG_E_BUSY);
    assert_non_null(strstr(f->error.message, "organisation"));
    int total = MG_JOBS_QUEUED_ORG_MAX;
    int rc = 0;
    for (int org = 0; rc == 0 && org < 100; org++) {
        become_other(f, "Another");
        for (int i = 0; i < MG_JOBS_QUEUED_ORG_MAX && rc == 0; i++, total += rc == 0)
            rc = try_add(f, &gate, 0, &id);
    }
    assert_int_equal(rc, MG_E_BUSY);
    assert_int_equal(total, MG_JOBS_QUEUED_MAX);
}

/* A job was queued by a program in which its kind had another lane. */
static void a_kind_may_change_its_lane(void **state)
{
    struct fixture *f = *state;
    const struct mg_job_kind before = {.name = "steps", .lane = "gone", .run = run_steps};
    const char *id = add(f, &before);
    start(f, &table);
    wait_state(f, id, MG_WIRE_JOB_STATE_DONE);
}

static const char *text_of(const char *name)
{
    for (const struct mg_query *query = mg_queries; query->name; query++)
        if (strcmp(query->name, name) == 0)
            return query->sqlite;
    fail_msg("no query %s", name);
    return NULL;
}

/* Jobs that have ended are kept and grow in number: what is asked all the time must not walk through them. */
static void the_queues_queries_look_at_the_queue_alone(void **state)
{
    static const char *const names[] = {"job_next", "job_claim", "job_to_cancel", "job_count_queued",
                                        "job_count_queued_of_org"};
    struct fixture *f = *state;
    sqlite3 *record;
    const char *path = mg_arena_printf(f->ctx.arena, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    assert_int_equal(sqlite3_open_v2(path, &record, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        sqlite3_stmt *statement;
        const char *sql = mg_arena_printf(f->ctx.arena, "EXPLAIN QUERY PLAN %s", text_of(names[i]));
        assert_int_equal(sqlite3_prepare_v2(record, sql, -1, &statement, NULL), SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(statement, 3);
            bool of_queue = mg_str_starts(step, "SEARCH j ") || mg_str_starts(step, "SEARCH r ");
            if (mg_str_starts(step, "SCAN") || (of_queue && !strstr(step, "job_by_state")))
                fail_msg("%s: %s", names[i], step);
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOB_TEST(a_long_job_holds_up_no_other_lane),
        JOB_TEST(one_organisation_does_not_take_all_threads),
        JOB_TEST(turns_go_round),
        JOB_TEST(the_queue_is_bounded_for_each_organisation_and_for_all),
        JOB_TEST(a_kind_may_change_its_lane),
        JOB_TEST(the_queues_queries_look_at_the_queue_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
