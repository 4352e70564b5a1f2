/* Imports that didn't end well: a process that is alive is left alone, one that was killed is cleared away,
 * and so is an end for which the disk had no room.
 *
 * The living and the killed is this program run again (not forked: engines have threads); it stops in the
 * middle of an import and waits. */
#include "fixture.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "column/engine.h"
#include "service/listen/purge.h"
#include "service/listen/upload.h"
#include "store/queries.gen.h"

#define ROWS 15000        /* some batches */
#define WRITTEN_ROWS 8000 /* when these are read, the first batch is written */

static const char *many_rows(struct fixture *f)
{
    struct mg_buf text;
    mg_buf_init(&text, 1 << 20);
    mg_buf_puts(&text, "E1,P1\n");
    for (int i = 0; i < ROWS; i++)
        mg_buf_printf(&text, "%d,%d\n", i % 7 + 1, i % 5 + 1);
    const char *path = write_file(f, "many.csv", text.data);
    mg_buf_done(&text);
    return path;
}

/* Rows of any import, seen or not. */
static int64_t count_rows(struct fixture *f)
{
    sqlite3 *record;
    sqlite3_stmt *statement;
    const char *path = mg_arena_printf(f->ctx.arena, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    assert_int_equal(sqlite3_open_v2(path, &record, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    static const char both[] = "SELECT (SELECT count(*) FROM response)"
                               " + coalesce((SELECT sum(n_kept) FROM response_chunk), 0)";
    assert_int_equal(sqlite3_prepare_v2(record, both, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(record);
    return n;
}

static struct mg_wire_import last_import(struct fixture *f)
{
    struct mg_wire_import_list list;
    SUCCEEDS(mg_listen_import_list(&f->ctx, 10, &list, &f->error));
    assert_true(list.n_imports > 0);
    return list.imports[0];
}

/* --- the other process --- */

static int tell_and_wait(void *user, int64_t rows, double share)
{
    (void)user;
    (void)share;
    if (rows < WRITTEN_ROWS)
        return 0;
    if (write(STDOUT_FILENO, "x", 1) != 1)
        _exit(3);
    for (;;)
        pause();
}

static int be_the_other(const char *dir, const char *org, const char *study)
{
    struct fixture fixture = {0}, *f = &fixture;
    struct mg_wire_import import;
    snprintf(f->dir, sizeof f->dir, "%s", dir);
    open_data(f);
    strcpy(f->ctx.caller.org_id, org);
    struct mg_listen_import_file request = {.path = mg_arena_printf(f->ctx.arena, "%s/many.csv", f->dir),
                                            .study_id = study,
                                            .progress = tell_and_wait};
    return mg_listen_import_file(&f->ctx, &request, &import, &f->error) == 0;
}

/* Returns when it is in the middle of its import. The columns are closed meanwhile: it opens them. */
static pid_t start_other(struct fixture *f, const char *study)
{
    int ends[2];
    char byte;
    many_rows(f);
    mg_column_duckdb.close(f->ctx.columns.column);
    f->ctx.columns.column = NULL;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* when the test fails */
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "test_leftovers", f->dir, f->ctx.caller.org_id, study, (char *)NULL);
        _exit(5);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    return child;
}

static void end_other(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* What a server does at its start and every minute. */
static int run_sweep(struct mg_job_run *run, struct mg_error *error)
{
    return mg_listen_import_sweep(&run->ctx, error);
}

static const struct mg_job_kind sweep = {
    .name = "sweep", .lane = "import", .every_us = 100000, .resumable = true, .run = run_sweep};
static const struct mg_job_kind *const server_kinds[] = {&mg_listen_import_job, &sweep};
static const struct mg_job_table server_table = {server_kinds, 2, import_lanes, 1};

static void a_server_that_starts_leaves_a_running_import_alone(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    pid_t other = start_other(f, study);
    const char *held = mg_arena_printf(f->ctx.arena, "%s/running/%s", f->dir, last_import(f).id);
    int64_t rows = count_rows(f);
    assert_true(rows > 0);
    SUCCEEDS(mg_jobs_new(&f->ctx, &server_table, &f->ctx.jobs, &f->error));
    usleep(1200000); /* some sweeps */
    assert_int_equal(last_import(f).state, MG_WIRE_IMPORT_STATE_RUNNING);
    assert_true(count_rows(f) >= rows);
    assert_true(mg_file_exists(held));
    end_other(other);
    for (int i = 0;
         i < 1000 && (mg_file_exists(held) || last_import(f).state == MG_WIRE_IMPORT_STATE_RUNNING); i++)
        usleep(10000);
    assert_int_equal(last_import(f).state, MG_WIRE_IMPORT_STATE_FAILED);
    assert_non_null(strstr(last_import(f).message, "cut off"));
    assert_int_equal(count_rows(f), 0);
    assert_false(mg_file_exists(held));
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
}

static void an_import_that_ends_leaves_no_lock(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = many_rows(f), .study_id = study};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    assert_int_equal(rmdir(mg_arena_printf(f->ctx.arena, "%s/running", f->dir)), 0); /* it is empty */
    SUCCEEDS(mg_listen_import_sweep(&f->ctx, &f->error));
    assert_int_equal(count_record(f, study), ROWS);
}

/* --- a disk without room: no file of this process may be written to --- */

static struct rlimit before;

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

static int fill_disk(void *user, int64_t rows, double share)
{
    (void)user;
    (void)share;
    if (rows >= WRITTEN_ROWS)
        forbid_writing();
    return 0;
}

static void an_end_that_was_not_written_is_swept(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = many_rows(f), .study_id = study, .progress = fill_disk};
    assert_int_not_equal(mg_listen_import_file(&f->ctx, &request, &import, &f->error), 0);
    assert_int_equal(last_import(f).state, MG_WIRE_IMPORT_STATE_RUNNING);
    assert_int_not_equal(mg_listen_import_sweep(&f->ctx, &f->error), 0); /* there is no room yet */
    allow_writing();
    assert_true(count_rows(f) > 0);
    SUCCEEDS(mg_listen_import_sweep(&f->ctx, &f->error));
    assert_int_equal(last_import(f).state, MG_WIRE_IMPORT_STATE_FAILED);
    assert_int_equal(count_rows(f), 0);
}

static atomic_int cleans;

/* The disk fills up when the rows are in. */
static int run_into_full(struct mg_job_run *run, struct mg_error *error)
{
    forbid_writing();
    return mg_listen_import_job.run(run, error);
}

static int clean(struct mg_job_run *run, enum mg_wire_job_state state, const struct mg_error *why,
                 struct mg_error *error)
{
    atomic_fetch_add(&cleans, 1);
    return mg_listen_import_job.clean(run, state, why, error);
}

static void the_end_of_a_jobs_import_is_tried_until_it_is_written(void **state)
{
    struct fixture *f = *state;
    static const struct mg_job_kind full = {
        .name = "import", .lane = "import", .resumable = true, .run = run_into_full, .clean = clean};
    static const struct mg_job_kind *const full_kinds[] = {&full};
    static const struct mg_job_table full_table = {full_kinds, 1, import_lanes, 1};
    static const struct mg_wire_mapping mapping[] = {{"E1", "E1"}, {"P1", "P1"}};
    const char *study = add_study(f, small_study);
    struct mg_wire_upload upload;
    struct mg_wire_import import;
    SUCCEEDS(mg_listen_upload_store(&f->ctx, many_rows(f), "many.csv", &upload, &f->error));
    struct mg_wire_import_create create = {
        .upload_id = upload.id, .study_id = study, .mapping = mapping, .n_mapping = 2};
    SUCCEEDS(mg_listen_import_create(&f->ctx, &create, &import, &f->error));
    SUCCEEDS(mg_jobs_new(&f->ctx, &full_table, &f->ctx.jobs, &f->error));
    for (int i = 0; i < 5000 && cleans < 3; i++)
        usleep(2000);
    assert_true(cleans >= 3);
    assert_int_equal(last_import(f).state, MG_WIRE_IMPORT_STATE_RUNNING);
    allow_writing();
    for (int i = 0; i < 5000 && last_import(f).state == MG_WIRE_IMPORT_STATE_RUNNING; i++)
        usleep(2000);
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
    assert_int_equal(last_import(f).state, MG_WIRE_IMPORT_STATE_FAILED);
    assert_int_equal(count_rows(f), 0);
}

/* --- what an undone import leaves --- */

static const char *import_many(struct fixture *f, const char *study)
{
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = many_rows(f), .study_id = study};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    return import.id;
}

/* No follower may ever come to its entry: the columns may have been made anew meanwhile. */
static void rows_of_an_undone_import_are_swept(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    const char *id = import_many(f, add_study(f, small_study));
    SUCCEEDS(mg_listen_import_undo(&f->ctx, id, &import, &f->error));
    SUCCEEDS(mg_listen_import_sweep(&f->ctx, &f->error));
    assert_int_equal(last_import(f).state, MG_WIRE_IMPORT_STATE_UNDONE);
    assert_int_equal(count_rows(f), 0);
}

static void no_sweep_removes_more_when_the_server_ends(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    struct mg_wire_upload upload;
    struct mg_stop stop;
    const char *id = import_many(f, add_study(f, small_study));
    SUCCEEDS(mg_listen_import_undo(&f->ctx, id, &import, &f->error));
    SUCCEEDS(mg_listen_upload_store(&f->ctx, many_rows(f), "many.csv", &upload, &f->error));
    mg_stop_init(&stop);
    mg_stop_ask(&stop, MG_STOP_ENDING);
    f->ctx.stop = &stop;
    assert_int_equal(mg_listen_import_purge(&f->ctx, id, &f->error), MG_E_BUSY);
    assert_int_equal(mg_listen_import_sweep(&f->ctx, &f->error), MG_E_BUSY);
    assert_int_equal(count_rows(f), ROWS);
    f->ctx.clock = mg_clock_fixed(mg_now(&f->ctx.clock) + 2 * MG_UPLOAD_LIFE_US);
    assert_int_equal(mg_listen_upload_sweep(&f->ctx, &f->error), MG_E_BUSY);
    assert_true(mg_file_exists(mg_listen_upload_path(&f->ctx, upload.id)));
    f->ctx.stop = NULL;
    mg_stop_done(&stop);
    SUCCEEDS(mg_listen_upload_sweep(&f->ctx, &f->error));
    assert_false(mg_file_exists(mg_listen_upload_path(&f->ctx, upload.id)));
}

/* Imports that went well grow in number: what is asked every minute must not walk through them. */
static void the_sweeps_queries_walk_through_no_finished_imports(void **state)
{
    static const char *const names[] = {"import_unfinished", "import_with_leftovers"};
    struct fixture *f = *state;
    sqlite3 *record;
    const char *path = mg_arena_printf(f->ctx.arena, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    assert_int_equal(sqlite3_open_v2(path, &record, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (const struct mg_query *query = mg_queries; query->name; query++) {
        sqlite3_stmt *plan;
        if (strcmp(query->name, names[0]) != 0 && strcmp(query->name, names[1]) != 0)
            continue;
        const char *sql = mg_arena_printf(f->ctx.arena, "EXPLAIN QUERY PLAN %s", query->sqlite);
        assert_int_equal(sqlite3_prepare_v2(record, sql, -1, &plan, NULL), SQLITE_OK);
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(plan, 3);
            if (mg_str_starts(step, "SCAN") && !strstr(step, "import_unfinished") &&
                !strstr(step, "import_unseen"))
                fail_msg("%s: %s", query->name, step);
        }
        sqlite3_finalize(plan);
    }
    sqlite3_close(record);
}

/* --- a wish to stop while the file is being opened --- */

static int run_cancelled(struct mg_job_run *run, struct mg_error *error)
{
    mg_stop_ask(run->ctx.stop, MG_STOP_CANCELLED);
    return mg_listen_import_job.run(run, error);
}

static void an_import_is_cancelled_while_it_unpacks(void **state)
{
    struct fixture *f = *state;
    static const struct mg_job_kind cancelled = {
        .name = "import", .lane = "import", .resumable = true, .run = run_cancelled, .clean = clean};
    static const struct mg_job_kind *const cancelled_kinds[] = {&cancelled};
    static const struct mg_job_table cancelled_table = {cancelled_kinds, 1, import_lanes, 1};
    struct mg_wire_import import;
    const char *path = many_rows(f);
    assert_int_equal(system(mg_arena_printf(f->ctx.arena, "gzip -f %s", path)), 0);
    struct mg_listen_import_file request = {.path = mg_arena_printf(f->ctx.arena, "%s.gz", path),
                                            .study_id = add_study(f, small_study)};
    SUCCEEDS(mg_listen_import_hand_over(&f->ctx, &request, &import, &f->error));
    SUCCEEDS(mg_jobs_new(&f->ctx, &cancelled_table, &f->ctx.jobs, &f->error));
    for (int i = 0; i < 5000 && last_import(f).state == MG_WIRE_IMPORT_STATE_RUNNING; i++)
        usleep(2000);
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
    assert_int_equal(last_import(f).state, MG_WIRE_IMPORT_STATE_CANCELLED);
    assert_int_equal(last_import(f).rows, 0);
    assert_int_equal(count_rows(f), 0);
}

/* --- handing over --- */

static void a_file_handed_over_becomes_upload_import_and_job(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study), *path = many_rows(f);
    struct mg_wire_import import;
    struct mg_wire_job job = {.state = MG_WIRE_JOB_STATE_QUEUED};
    struct mg_listen_import_file request = {.path = path, .study_id = study, .wave = "W3"};
    SUCCEEDS(mg_listen_import_hand_over(&f->ctx, &request, &import, &f->error));
    assert_true(mg_file_exists(path));
    SUCCEEDS(mg_job_get(&f->ctx, import.job_id, &job, &f->error));
    assert_int_equal(job.state, MG_WIRE_JOB_STATE_QUEUED);
    SUCCEEDS(mg_listen_import_sweep(&f->ctx, &f->error)); /* its job will end it */
    SUCCEEDS(mg_jobs_new(&f->ctx, &server_table, &f->ctx.jobs, &f->error));
    for (int i = 0; i < 5000 && job.state != MG_WIRE_JOB_STATE_DONE; i++) {
        usleep(2000);
        SUCCEEDS(mg_job_get(&f->ctx, import.job_id, &job, &f->error));
    }
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
    assert_int_equal(count_record(f, study), ROWS);
    struct mg_wire_response_list list;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 1, &list, &f->error));
    assert_string_equal(list.responses[0].wave, "W3");
    assert_int_equal(mg_listen_import_hand_over(&f->ctx, &request, &import, &f->error), MG_E_CONFLICT);
    const char *count = mg_arena_printf(f->ctx.arena, "test $(ls %s/uploads | wc -l) = 2", f->dir);
    assert_int_equal(system(count),
                     0); /* the file and its profile: the copy of the one that was refused is gone */
}

/* A small disk; the test is skipped where none may be mounted. */
static void mount_small_disk(struct fixture *f)
{
    close_data(f);
    if (mount("tmpfs", f->dir, "tmpfs", 0, "size=4m") != 0)
        skip();
    open_data(f);
    SUCCEEDS(mg_org_create(&f->ctx, "Beichen", false, f->ctx.caller.org_id, &f->error));
}

static void a_file_that_has_no_room_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    mount_small_disk(f);
    char path[] = "/tmp/mg-large-XXXXXX", line[1001];
    FILE *file = fdopen(mkstemp(path), "wb");
    memset(line, '5', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    fputs("E1,P1,district\n", file);
    for (int i = 0; i < 6000; i++)
        fprintf(file, "5,4,%s\n", line);
    fclose(file);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {
        .path = path, .study_id = add_study(f, small_study), .name = "large.csv"};
    int rc = mg_listen_import_hand_over(&f->ctx, &request, &import, &f->error);
    const char *count = mg_arena_printf(f->ctx.arena, "test $(ls %s/uploads | wc -l) = 0", f->dir);
    int left = system(count);
    unlink(path);
    close_data(f);
    umount(f->dir);
    assert_int_equal(rc, MG_E_FULL);
    assert_int_equal(left, 0);
}

/* A test that failed leaves writing forbidden, or a pool. */
static int allow_and_tear_down(void **state)
{
    struct fixture *f = *state;
    if (before.rlim_max)
        allow_writing();
    mg_jobs_free(f->ctx.jobs);
    return tear_down(state);
}

#define LEFTOVER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, allow_and_tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LEFTOVER_TEST(a_server_that_starts_leaves_a_running_import_alone),
        LEFTOVER_TEST(an_import_that_ends_leaves_no_lock),
        LEFTOVER_TEST(an_end_that_was_not_written_is_swept),
        LEFTOVER_TEST(the_end_of_a_jobs_import_is_tried_until_it_is_written),
        LEFTOVER_TEST(rows_of_an_undone_import_are_swept),
        LEFTOVER_TEST(no_sweep_removes_more_when_the_server_ends),
        LEFTOVER_TEST(the_sweeps_queries_walk_through_no_finished_imports),
        LEFTOVER_TEST(an_import_is_cancelled_while_it_unpacks),
        LEFTOVER_TEST(a_file_that_has_no_room_leaves_nothing),
        LEFTOVER_TEST(a_file_handed_over_becomes_upload_import_and_job),
    };
    if (argc == 4)
        return be_the_other(argv[1], argv[2], argv[3]);
    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
