/* What was acknowledged survives: kill -9 at fifty random moments, a disk that fills up, files that may not
 * grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "base/ulid.h"
#include "store/queries.gen.h"
#include "store/sqlite/sqlite.h"

#define ROUNDS 50
#define WRITERS 8

struct intake {
    struct mg_store *store;
    int acknowledged; /* pipe */
};

struct entry {
    char id[MG_ULID_SIZE];
    const char *name;
};

/* Two rows that must come together. */
static int add_entry(struct mg_db *db, void *user, struct mg_error *error)
{
    struct entry *entry = user;
    struct mg_sql_event_add_row row;
    mg_ulid_new(1, entry->id);
    struct mg_arena *arena = mg_arena_new(1000);
    int rc = mg_sql_org_insert(db, entry->id, entry->name, 0, 1, NULL, error);
    if (rc == 0)
        rc = mg_sql_event_add(db, arena, entry->id, "response", entry->id, entry->id, 1, &row, error);
    mg_arena_free(arena);
    return rc;
}

static void *take_in(void *argument)
{
    struct intake *intake = argument;
    for (;;) {
        struct entry entry = {.name = "one of many"};
        if (mg_store_write(intake->store, add_entry, &entry, NULL) == 0 &&
            write(intake->acknowledged, entry.id, MG_ULID_SIZE) != MG_ULID_SIZE)
            return NULL;
    }
}

static void run_server(const char *dir, int acknowledged)
{
    struct mg_store_options options = {.create = true};
    struct intake intake = {.acknowledged = acknowledged};
    if (mg_store_open(&mg_store_sqlite, dir, &options, &intake.store, NULL))
        _exit(1);
    pthread_t threads[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        pthread_create(&threads[i], NULL, take_in, &intake);
    for (;;)
        pause();
}

/* Counts what was read of the pipe that the record lacks. */
static size_t count_lost(struct mg_db *db, struct mg_arena *arena, FILE *acknowledged, size_t *ret_total)
{
    char id[MG_ULID_SIZE];
    size_t lost = 0;
    *ret_total = 0;
    while (fread(id, MG_ULID_SIZE, 1, acknowledged) == 1) {
        struct mg_sql_org_get_row row;
        lost += mg_sql_org_get(db, arena, id, &row, NULL) != 0;
        (*ret_total)++;
    }
    return lost;
}

/* One life of the server; returns how many writes it acknowledged. */
static size_t live_and_die(const char *dir, unsigned delay_us)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        run_server(dir, ends[1]);
    }
    close(ends[1]);
    usleep(delay_us);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);

    struct mg_store *store;
    struct mg_store_options options = {.create = true};
    struct mg_error error = {0};
    struct mg_arena *arena = mg_arena_new((size_t)256 << 20);
    if (mg_store_open(&mg_store_sqlite, dir, &options, &store, &error))
        fail_msg("%s", error.message);
    struct mg_db *db;
    assert_int_equal(mg_store_read_begin(store, &db, &error), 0);
    FILE *acknowledged = fdopen(ends[0], "rb");
    size_t total;
    assert_int_equal(count_lost(db, arena, acknowledged, &total), 0);
    fclose(acknowledged);
    struct mg_sql_org_count_row orgs;
    struct mg_sql_event_last_row last;
    assert_int_equal(mg_sql_org_count(db, arena, &orgs, &error), 0);
    assert_int_equal(mg_sql_event_last(db, arena, &last, &error), 0);
    assert_int_equal(orgs.n, last.sequence); /* both rows of a write, or neither */
    mg_store_read_end(store, db);
    mg_store_close(store);
    mg_arena_free(arena);
    return total;
}

static void remove_dir(const char *dir)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
}

static void acknowledged_writes_survive_kill_at_any_moment(void **state)
{
    (void)state;
    char dir[] = "/tmp/mg-crash-XXXXXX";
    assert_non_null(mkdtemp(dir));
    struct mg_rng rng = mg_rng_init((uint64_t)getpid(), 1);
    size_t total = 0;
    for (int round = 0; round < ROUNDS; round++)
        total += live_and_die(dir, (unsigned)(2000 + mg_rng_below(&rng, 40000)));
    print_message("%zu writes acknowledged over %d kills\n", total, ROUNDS);
    assert_true(total > ROUNDS);
    remove_dir(dir);
}

/* ---- a disk that is full ---- */

/* Writes until it fails; returns what it failed with. */
static int fill(struct mg_store *store, int64_t *written, struct mg_error *error)
{
    char name[201]; /* many rows of the longest name allowed */
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (int i = 0; i < 20000; i++) {
        struct entry entry = {.name = name};
        int rc = mg_store_write(store, add_entry, &entry, error);
        if (rc)
            return rc;
        (*written)++;
    }
    return 0;
}

static int64_t count_entries(struct mg_store *store)
{
    struct mg_arena *arena = mg_arena_new(10000);
    struct mg_db *db;
    struct mg_sql_org_count_row row = {-1};
    assert_int_equal(mg_store_read_begin(store, &db, NULL), 0);
    assert_int_equal(mg_sql_org_count(db, arena, &row, NULL), 0);
    mg_store_read_end(store, db);
    mg_arena_free(arena);
    return row.n;
}

static void files_that_may_not_grow_fail_writes_and_nothing_else(void **state)
{
    (void)state;
    char dir[] = "/tmp/mg-limit-XXXXXX";
    assert_non_null(mkdtemp(dir));
    struct mg_store *store;
    struct mg_store_options options = {.create = true};
    struct mg_error error = {0};
    assert_int_equal(mg_store_open(&mg_store_sqlite, dir, &options, &store, &error), 0);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 1200000;
    int64_t written = 0;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int rc = fill(store, &written, &error);
    int again = fill(store, &written, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(rc, MG_E_IO);
    assert_int_equal(again, MG_E_IO);
    assert_true(*error.message && *error.hint);
    assert_int_equal(count_entries(store), written);
    struct entry entry = {.name = "room again"};
    assert_int_equal(mg_store_write(store, add_entry, &entry, &error), 0);
    assert_int_equal(count_entries(store), written + 1);
    mg_store_close(store);
    remove_dir(dir);
}

static void a_full_disk_fails_writes_and_nothing_else(void **state)
{
    (void)state;
    char dir[] = "/tmp/mg-full-XXXXXX", ballast[64];
    assert_non_null(mkdtemp(dir));
    if (mount("tmpfs", dir, "tmpfs", 0, "size=3m") != 0) {
        rmdir(dir);
        skip();
    }
    struct mg_store *store;
    struct mg_store_options options = {.create = true};
    struct mg_error error = {0};
    snprintf(ballast, sizeof ballast, "%s/ballast", dir);
    FILE *file = fopen(ballast, "wb");
    for (int i = 0; i < 1000000; i++)
        fputc('x', file);
    fclose(file);
    int64_t written = 0;
    assert_int_equal(mg_store_open(&mg_store_sqlite, dir, &options, &store, &error), 0);
    assert_int_equal(fill(store, &written, &error), MG_E_FULL);
    assert_non_null(strstr(error.message, "full"));
    assert_int_equal(count_entries(store), written);
    assert_int_equal(unlink(ballast), 0);
    struct entry entry = {.name = "room again"};
    assert_int_equal(mg_store_write(store, add_entry, &entry, &error), 0);
    assert_int_equal(count_entries(store), written + 1);
    mg_store_close(store);
    umount(dir);
    rmdir(dir);
}

/* Not even the log's index has room: SQLite calls that an I/O error. */
static void a_record_that_finds_no_room_to_open_says_so(void **state)
{
    (void)state;
    char dir[] = "/tmp/mg-full-XXXXXX", ballast[64];
    assert_non_null(mkdtemp(dir));
    if (mount("tmpfs", dir, "tmpfs", 0, "size=3m") != 0) {
        rmdir(dir);
        skip();
    }
    struct mg_store *store;
    struct mg_store_options options = {.create = true};
    struct mg_error error = {0};
    assert_int_equal(mg_store_open(&mg_store_sqlite, dir, &options, &store, &error), 0);
    mg_store_close(store);
    snprintf(ballast, sizeof ballast, "%s/ballast", dir);
    FILE *file = fopen(ballast, "wb");
    for (int i = 0; i < 4000000; i++)
        fputc('x', file);
    fclose(file);
    assert_int_equal(mg_store_open(&mg_store_sqlite, dir, &options, &store, &error), MG_E_FULL);
    assert_true(*error.hint);
    assert_int_equal(unlink(ballast), 0);
    assert_int_equal(mg_store_open(&mg_store_sqlite, dir, &options, &store, &error), 0);
    mg_store_close(store);
    umount(dir);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acknowledged_writes_survive_kill_at_any_moment),
        cmocka_unit_test(files_that_may_not_grow_fail_writes_and_nothing_else),
        cmocka_unit_test(a_full_disk_fails_writes_and_nothing_else),
        cmocka_unit_test(a_record_that_finds_no_room_to_open_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
