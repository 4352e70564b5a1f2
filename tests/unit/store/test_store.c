/* The record: migrations, queries against the schema, writes that stand alone, snapshots, check and backup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ulid.h"
#include "store/queries.gen.h"
#include "store/sqlite/sqlite.h"

struct fixture {
    char dir[64];
    struct mg_store *store;
    struct mg_arena *arena;
    struct mg_error error;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/mg-store-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->arena = mg_arena_new((size_t)64 << 20);
    struct mg_store_options options = {.create = true, .readers = 2};
    if (mg_store_open(&mg_store_sqlite, f->dir, &options, &f->store, &f->error))
        fail_msg("%s %s", f->error.message, f->error.field);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    mg_store_close(f->store);
    mg_arena_free(f->arena);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

/* ---- writes ---- */

struct org {
    char id[MG_ULID_SIZE];
    const char *name;
    bool then_fail, insert_twice;
};

static int add_org(struct mg_db *db, void *user, struct mg_error *error)
{
    struct org *org = user;
    mg_ulid_new(1, org->id);
    int rc = mg_sql_org_insert(db, org->id, org->name, 0, 1, NULL, error);
    if (rc == 0 && org->insert_twice)
        rc = mg_sql_org_insert(db, org->id, org->name, 0, 1, NULL, error);
    if (rc == 0 && org->then_fail)
        rc = mg_fail(error, MG_E_INVALID, "There is no such record.");
    return rc;
}

static int64_t count_orgs(struct fixture *f, struct mg_db *db)
{
    struct mg_sql_org_count_row row;
    assert_int_equal(mg_sql_org_count(db, f->arena, &row, &f->error), 0);
    return row.n;
}

static int64_t count_orgs_now(struct fixture *f)
{
    struct mg_db *db;
    assert_int_equal(mg_store_read_begin(f->store, &db, &f->error), 0);
    int64_t n = count_orgs(f, db);
    mg_store_read_end(f->store, db);
    return n;
}

static void every_query_prepares_and_its_header_tells_the_truth(void **state)
{
    struct fixture *f = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    for (const struct mg_query *query = mg_queries; query->name; query++) {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(handle, query->sqlite, -1, &statement, NULL) != SQLITE_OK)
            fail_msg("%s: %s", query->name, sqlite3_errmsg(handle));
        if ((size_t)sqlite3_column_count(statement) != query->n_fields)
            fail_msg("%s returns %d columns, its header says %zu", query->name,
                     sqlite3_column_count(statement), query->n_fields);
        if ((size_t)sqlite3_bind_parameter_count(statement) != query->n_params)
            fail_msg("%s takes %d parameters, its header says %zu", query->name,
                     sqlite3_bind_parameter_count(statement), query->n_params);
        sqlite3_finalize(statement);
    }
    sqlite3_close(handle);
}

static void a_write_is_seen_after_it_was_answered(void **state)
{
    struct fixture *f = *state;
    struct org org = {.name = "北辰热力"};
    assert_int_equal(mg_store_write(f->store, add_org, &org, &f->error), 0);
    struct mg_db *db;
    struct mg_sql_org_get_row row;
    assert_int_equal(mg_store_read_begin(f->store, &db, &f->error), 0);
    assert_int_equal(mg_sql_org_get(db, f->arena, org.id, &row, &f->error), 0);
    assert_string_equal(row.name, "北辰热力");
    assert_int_equal(row.version, 1);
    assert_int_equal(mg_sql_org_get(db, f->arena, "none", &row, &f->error), MG_E_NOT_FOUND);
    mg_store_read_end(f->store, db);
}

static void a_failed_write_leaves_nothing_and_others_stand(void **state)
{
    struct fixture *f = *state;
    struct org good = {.name = "A"}, undone = {.name = "B", .then_fail = true},
               doubled = {.name = "C", .insert_twice = true}, also_good = {.name = "D"};
    assert_int_equal(mg_store_write(f->store, add_org, &good, &f->error), 0);
    assert_int_equal(mg_store_write(f->store, add_org, &undone, &f->error), MG_E_INVALID);
    assert_int_equal(mg_store_write(f->store, add_org, &doubled, &f->error), MG_E_CONFLICT);
    assert_int_equal(mg_store_write(f->store, add_org, &also_good, &f->error), 0);
    assert_int_equal(count_orgs_now(f), 2);
}

static void a_reader_keeps_its_snapshot(void **state)
{
    struct fixture *f = *state;
    struct org first = {.name = "A"}, second = {.name = "B"};
    assert_int_equal(mg_store_write(f->store, add_org, &first, &f->error), 0);
    struct mg_db *db;
    assert_int_equal(mg_store_read_begin(f->store, &db, &f->error), 0);
    assert_int_equal(mg_store_write(f->store, add_org, &second, &f->error), 0);
    assert_int_equal(count_orgs(f, db), 1);
    mg_store_read_end(f->store, db);
    assert_int_equal(count_orgs_now(f), 2);
}

static int count_around_a_write(struct mg_db *db, void *user, struct mg_error *error)
{
    struct fixture *f = user;
    struct org second = {.name = "B"};
    (void)error;
    assert_int_equal(count_orgs(f, db), 1);
    assert_int_equal(mg_store_write(f->store, add_org, &second, &f->error), 0);
    assert_int_equal(count_orgs(f, db), 1);
    return 0;
}

static void a_function_reads_one_commit(void **state)
{
    struct fixture *f = *state;
    struct org first = {.name = "A"};
    assert_int_equal(mg_store_write(f->store, add_org, &first, &f->error), 0);
    assert_int_equal(mg_store_read(f->store, count_around_a_write, f, &f->error), 0);
    assert_int_equal(count_orgs_now(f), 2);
}

static void a_reader_cannot_write(void **state)
{
    struct fixture *f = *state;
    struct org org = {.name = "A"};
    assert_true(mg_store_read(f->store, add_org, &org, &f->error) < 0);
    assert_int_equal(count_orgs_now(f), 0);
}

static void rules_of_the_schema_hold(void **state)
{
    struct fixture *f = *state;
    struct org empty = {.name = ""};
    assert_int_equal(mg_store_write(f->store, add_org, &empty, &f->error), MG_E_INVALID);
}

/* ---- group commit ---- */

#define THREADS 16
#define PER_THREAD 50

static void *write_many(void *argument)
{
    struct fixture *f = argument;
    intptr_t wrong = 0;
    for (int i = 0; i < PER_THREAD; i++) {
        struct org org = {.name = "one of many", .then_fail = i % 5 == 4};
        struct mg_error error = {0};
        wrong += mg_store_write(f->store, add_org, &org, &error) != (org.then_fail ? MG_E_INVALID : 0);
    }
    return (void *)wrong;
}

static void many_writers_share_commits(void **state)
{
    struct fixture *f = *state;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, f), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_int_equal(count_orgs_now(f), THREADS * PER_THREAD * 4 / 5);
    struct mg_store_stats stats;
    mg_store_stats(f->store, &stats);
    assert_int_equal(stats.writes, THREADS * PER_THREAD);
    assert_int_equal(stats.failed, THREADS * PER_THREAD / 5);
    assert_true(stats.commits < stats.writes);
}

static void a_commit_takes_no_more_bytes_than_allowed(void **state)
{
    struct fixture *f = *state;
    mg_store_close(f->store);
    struct mg_store_options options = {.batch_bytes = 1};
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, &options, &f->store, &f->error), 0);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, f), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    struct mg_store_stats stats;
    mg_store_stats(f->store, &stats);
    assert_int_equal(stats.commits, stats.writes); /* each write alone is more than a byte */
}

struct gate {
    pthread_mutex_t lock;
    int answered;
};

static int wait_at_gate(struct mg_db *db, void *user, struct mg_error *error)
{
    (void)db;
    (void)error;
    struct gate *gate = user;
    pthread_mutex_lock(&gate->lock);
    pthread_mutex_unlock(&gate->lock);
    return 0;
}

static void count_answer(void *user, int rc, const struct mg_error *error)
{
    (void)error;
    struct gate *gate = user;
    gate->answered += rc == 0;
}

static void a_full_queue_says_busy_and_loses_nothing(void **state)
{
    struct fixture *f = *state;
    mg_store_close(f->store);
    struct mg_store_options options = {.queue_max = 4, .batch_max = 1};
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, &options, &f->store, &f->error), 0);
    struct gate gate = {.lock = PTHREAD_MUTEX_INITIALIZER};
    int accepted = 0, rc = 0;
    pthread_mutex_lock(&gate.lock);
    while ((rc = mg_store_write_async(f->store, wait_at_gate, &gate, count_answer, &f->error)) == 0 &&
           accepted < 100)
        accepted++;
    assert_int_equal(rc, MG_E_BUSY);
    assert_in_range(accepted, 4, 5); /* four wait, one may be at the gate */
    pthread_mutex_unlock(&gate.lock);
    mg_store_close(f->store); /* finishes what waits */
    f->store = NULL;
    assert_int_equal(gate.answered, accepted);
}

static void newer_and_foreign_files_are_refused(void **state)
{
    struct fixture *f = *state;
    mg_store_close(f->store);
    f->store = NULL;
    char path[128];
    snprintf(path, sizeof path, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, "PRAGMA user_version=9999", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, NULL, &f->store, &f->error), MG_E_UNSUPPORTED);
    assert_non_null(strstr(f->error.message, "9999"));
    assert_int_equal(sqlite3_exec(handle, "PRAGMA application_id=7", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, NULL, &f->store, &f->error), MG_E_UNSUPPORTED);
    assert_non_null(strstr(f->error.message, "another program"));
    sqlite3_close(handle);
    assert_int_equal(mg_store_open(&mg_store_sqlite, "/tmp/no-such-folder-here", NULL, &f->store, &f->error),
                     MG_E_NOT_FOUND);
}

static void a_folder_serves_one_server_and_any_command(void **state)
{
    struct fixture *f = *state;
    mg_store_close(f->store);
    f->store = NULL;
    const struct mg_store_options server = {.exclusive = true};
    struct mg_store *first = NULL, *second = NULL, *command = NULL;
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, &server, &first, &f->error), 0);
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, &server, &second, &f->error), MG_E_BUSY);
    assert_non_null(strstr(f->error.message, f->dir));
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, NULL, &command, &f->error), 0);
    mg_store_close(command);
    mg_store_close(first);
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, &server, &second, &f->error), 0);
    mg_store_close(second);
}

static void a_backup_opens_as_a_record(void **state)
{
    struct fixture *f = *state;
    struct org org = {.name = "A"};
    assert_int_equal(mg_store_write(f->store, add_org, &org, &f->error), 0);
    char copy_dir[128], copy[160];
    snprintf(copy_dir, sizeof copy_dir, "%s/copy", f->dir);
    snprintf(copy, sizeof copy, "mkdir %s", copy_dir);
    assert_int_equal(system(copy), 0);
    snprintf(copy, sizeof copy, "%s/%s", copy_dir, MG_STORE_SQLITE_FILE);
    assert_int_equal(mg_store_backup(f->store, copy, &f->error), 0);
    assert_int_equal(mg_store_backup(f->store, copy, &f->error), 0); /* again: replaced whole */
    mg_store_close(f->store);
    assert_int_equal(mg_store_open(&mg_store_sqlite, copy_dir, NULL, &f->store, &f->error), 0);
    assert_int_equal(count_orgs_now(f), 1);
}

static void check_finds_a_broken_reference(void **state)
{
    struct fixture *f = *state;
    const char *const *problems;
    size_t n = 99;
    assert_int_equal(mg_store_check(f->store, f->arena, &problems, &n, &f->error), 0);
    assert_int_equal(n, 0);
    char path[128];
    snprintf(path, sizeof path, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle,
                                  "INSERT INTO touchpoint (id, org_id, code, stage) VALUES "
                                  "('01234567890123456789012345', 'nobody', 'x', 'before')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(handle);
    assert_int_equal(mg_store_check(f->store, f->arena, &problems, &n, &f->error), 0);
    assert_int_equal(n, 1);
    assert_non_null(strstr(problems[0], "touchpoint"));
}

/* --- beside another process --- */

struct flood {
    struct fixture *f;
    atomic_int left;
    atomic_bool stop;
};

static int take_long(struct mg_db *db, void *user, struct mg_error *error)
{
    struct mg_sql_event_last_row row;
    struct mg_arena *arena = mg_arena_new(1 << 16);
    (void)user;
    usleep(20000);
    int rc = mg_sql_event_last(db, arena, &row, error);
    mg_arena_free(arena);
    return rc;
}

static void *write_on(void *user)
{
    struct flood *flood = user;
    while (!atomic_load(&flood->stop) && atomic_fetch_sub(&flood->left, 1) > 0)
        mg_ignore(mg_store_write(flood->f->store, take_long, NULL, NULL));
    return NULL;
}

/* Long transactions without a pause between them, as in an import: whoever else writes gets a turn before
 * they end. One write is one transaction, the
 * other threads' wait in the queue. */
static void another_process_gets_its_turn(void **state)
{
    struct fixture *f = *state;
    struct flood flood = {.f = f, .left = 2400};
    struct mg_store *beside = NULL;
    struct mg_store_options one_by_one = {.readers = 2, .batch_max = 1}, options = {.readers = 2};
    pthread_t threads[4];
    mg_store_close(f->store);
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, &one_by_one, &f->store, &f->error), 0);
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, &options, &beside, &f->error), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, write_on, &flood);
    for (int i = 0; i < 12; i++) {
        struct org org = {.name = "Beside"};
        mg_ulid_new(i, org.id);
        if (mg_store_write(beside, add_org, &org, &f->error))
            fail_msg("%d: %s", i, f->error.message);
        assert_true(atomic_load(&flood.left) > 0);
    }
    atomic_store(&flood.stop, true);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    mg_store_close(beside);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_query_prepares_and_its_header_tells_the_truth),
        TEST(a_write_is_seen_after_it_was_answered),
        TEST(a_failed_write_leaves_nothing_and_others_stand),
        TEST(a_reader_keeps_its_snapshot),
        TEST(a_function_reads_one_commit),
        TEST(a_reader_cannot_write),
        TEST(rules_of_the_schema_hold),
        TEST(many_writers_share_commits),
        TEST(a_commit_takes_no_more_bytes_than_allowed),
        TEST(a_full_queue_says_busy_and_loses_nothing),
        TEST(newer_and_foreign_files_are_refused),
        TEST(a_folder_serves_one_server_and_any_command),
        TEST(another_process_gets_its_turn),
        TEST(a_backup_opens_as_a_record),
        TEST(check_finds_a_broken_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
