/* A record of the version before lanes: its jobs are kept, and the one that waits runs. */
#include "fixture.h"

#include <sqlite3.h>

#include "base/buf.h"
#include "base/file.h"

static const char *const older[] = {"0001_spine.sql", "0002_log.sql"};

static const char rows[] =
    "INSERT INTO org (id, name, created_at) VALUES ('01J00000000000000000000ORG', 'Beichen', 1);"
    "INSERT INTO job (id, org_id, kind, subject_id, state, spec, lang, created_at) VALUES"
    " ('01J00000000000000000000DON', '01J00000000000000000000ORG', 'import', 'x', 'done', '{}', 'zh-CN', 5),"
    " ('01J00000000000000000000QUE', '01J00000000000000000000ORG', 'steps', NULL, 'queued', '{\"n\":10}', "
    "'en', 6);";

static void execute(sqlite3 *record, const char *sql)
{
    char *problem = NULL;
    if (sqlite3_exec(record, sql, NULL, NULL, &problem) != SQLITE_OK)
        fail_msg("%s", problem);
}

static void make_older_record(struct fixture *f, const char *dir)
{
    sqlite3 *record;
    assert_int_equal(sqlite3_open(mg_arena_printf(f->ctx.arena, "%s/%s", dir, MG_STORE_SQLITE_FILE), &record),
                     SQLITE_OK);
    for (size_t i = 0; i < ARRAY_LEN(older); i++) {
        struct mg_buf text;
        mg_buf_init(&text, 1 << 20);
        SUCCEEDS(mg_file_read(
            mg_arena_printf(f->ctx.arena, "%s/../src/store/schema/%s", getenv("MG_TESTS"), older[i]), &text,
            &f->error));
        execute(record, text.data);
        mg_buf_done(&text);
    }
    execute(record, rows);
    execute(record, "PRAGMA user_version=2; PRAGMA application_id=0x4D474150");
    sqlite3_close(record);
}

static void jobs_of_an_older_record_are_kept_and_run(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_job job;
    const struct mg_store_options options = {.create = false};
    const char *dir = mg_arena_printf(f->ctx.arena, "%s/older", f->dir);
    SUCCEEDS(mg_dir_create(dir, &f->error));
    make_older_record(f, dir);
    mg_store_close(f->ctx.store);
    f->ctx.store = NULL;
    SUCCEEDS(mg_store_open(&mg_store_sqlite, dir, &options, &f->ctx.store, &f->error));
    strcpy(f->ctx.caller.org_id, "01J00000000000000000000ORG");
    start(f, &table);
    wait_state(f, "01J00000000000000000000QUE", MG_WIRE_JOB_STATE_DONE);
    SUCCEEDS(mg_job_get(&f->ctx, "01J00000000000000000000DON", &job, &f->error));
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_DONE);
    assert_string_equal(job.subject_id, "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOB_TEST(jobs_of_an_older_record_are_kept_and_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
