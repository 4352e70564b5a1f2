/* A disk that fills and empties again while the bulk lane works: whatever fails then, the process lives, and
 * with room again the columns equal the record and nothing is left over. */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "bulk_work.h"
#include "column/engine.h"
#include "columns_equal.h"

#define ROUNDS 40

struct filler {
    char path[128];
    unsigned seed;
    atomic_bool stop;
};

static void fill(const char *path)
{
    static const char block[65536];
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (size_t size = sizeof block; size >= 1; size /= 2)
        while (write(fd, block, size) == (ssize_t)size)
            ;
    close(fd);
}

/* Full for some milliseconds, then empty for some. */
static void *fill_and_free(void *user)
{
    struct filler *filler = user;
    unsigned seed = filler->seed;
    while (!atomic_load(&filler->stop)) {
        fill(filler->path);
        usleep((useconds_t)(rand_r(&seed) % 150000));
        unlink(filler->path);
        usleep((useconds_t)(rand_r(&seed) % 150000));
    }
    return NULL;
}

static bool is_for_want_of_room(int rc)
{
    return rc == MG_E_FULL || rc == MG_E_BUSY || rc == MG_E_IO || rc == MG_E_CONFLICT;
}

static int work(struct fixture *f, const char *study)
{
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct mg_wire_response_receipt receipt;
        struct mg_wire_response_create create = {.answers = sent(f, "{\"E1\":6,\"P1\":4}"), .wave = "W1"};
        int rc = bulk_work(f, study);
        if (rc && !is_for_want_of_room(rc))
            fail_msg("%d %s", rc, f->error.message);
        refused += rc != 0;
        usleep(rc ? 20000 : 0); /* rounds for the time with room */
        rc = mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error);
        if (rc && !is_for_want_of_room(rc))
            fail_msg("%d %s", rc, f->error.message);
        refused += rc != 0;
    }
    return refused;
}

static void wait_until_level(struct fixture *f)
{
    int64_t waiting = 1;
    for (int wait = 0; wait < 6000 && waiting; wait++) {
        usleep(10000);
        SUCCEEDS(mg_follower_lag(&f->ctx, &mg_listen_columns, &waiting, &f->error));
    }
    assert_int_equal(waiting, 0);
}

static void a_full_disk_in_bulk_work_costs_nothing(void **state)
{
    struct fixture *f = *state;
    struct filler filler = {.seed = (unsigned)time(NULL)};
    char dir[64], study[27];
    struct mg_column_status status;
    pthread_t thread;
    strcpy(dir, f->dir);
    close_data(f);
    if (mount("tmpfs", dir, "tmpfs", 0, "size=96m") != 0)
        skip();
    open_data(f);
    SUCCEEDS(mg_org_create(&f->ctx, "Beichen", false, f->ctx.caller.org_id, &f->error));
    strcpy(study, add_study(f, small_study));
    write_survey(f, 2000);
    print_message("seed %u\n", filler.seed);
    srand(filler.seed);
    start_followers(f);
    snprintf(filler.path, sizeof filler.path, "%s/fill", dir);
    assert_int_equal(pthread_create(&thread, NULL, fill_and_free, &filler), 0);
    int refused = work(f, study);
    atomic_store(&filler.stop, true);
    pthread_join(thread, NULL);
    SUCCEEDS(mg_column_duckdb.status(f->ctx.columns.column, true, &status, &f->error));
    print_message("%d refused, the columns opened anew %lld times\n", refused, (long long)status.reopened);
    assert_true(refused + status.reopened > 0);
    assert_int_equal(status.set_aside, 0);
    SUCCEEDS(mg_listen_import_sweep(&f->ctx, &f->error));
    wait_until_level(f);
    stop_followers(f);
    for (int opened = 0; opened < 2; opened++) { /* as it is, and as it is on disk */
        assert_columns_equal_record(f, study);
        check_nothing_left(f);
        close_data(f);
        if (!opened)
            open_data(f);
    }
    assert_int_equal(umount2(dir, 0), 0);
}

/* What can't be made for want of room isn't damage, and doesn't take the place of what was set aside. */
static void a_file_begun_on_a_full_disk_is_not_damaged(void **state)
{
    struct fixture *f = *state;
    struct mg_column *column = NULL;
    char dir[80], path[160], filler[160], aside[200];
    snprintf(dir, sizeof dir, "%s/small", f->dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    if (mount("tmpfs", dir, "tmpfs", 0, "size=2m") != 0)
        skip();
    snprintf(path, sizeof path, "%s/columns.duckdb", dir);
    snprintf(filler, sizeof filler, "%s/fill", dir);
    snprintf(aside, sizeof aside, "%s.damaged", path);
    assert_int_equal(mg_file_write_atomic(aside, "old", 3, &f->error), 0);
    for (int spare = 0; spare < 4; spare++) { /* pages */
        struct mg_column_status status;
        struct stat st;
        fill(filler);
        assert_int_equal(stat(filler, &st), 0);
        assert_int_equal(truncate(filler, st.st_size - spare * 4096), 0);
        SUCCEEDS(mg_column_duckdb.open(path, 1, &column, &f->error));
        for (int again = 0; again < 3; again++)
            assert_int_equal(mg_column_duckdb.status(column, true, &status, &f->error), MG_E_FULL);
        unlink(filler);
        SUCCEEDS(mg_column_duckdb.status(column, true, &status, &f->error));
        assert_int_equal(status.set_aside, 0);
        assert_int_equal(stat(aside, &st), 0);
        assert_int_equal(st.st_size, 3);
        mg_column_duckdb.close(column);
        unlink(path);
    }
    assert_int_equal(umount2(dir, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_begun_on_a_full_disk_is_not_damaged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_in_bulk_work_costs_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("service/listen/full", tests, NULL, NULL);
}
