/* kill -9 in the middle of intake, imports and what follows them in bulk (an import joins, is taken back, the
 * study changes, all is made anew), at many random moments: every acknowledged response is there, no half
 * import is visible, the columns catch up and equal the record, and nothing is left over.
 *
 * The victim is this program run again (not forked: engines have threads). It imports files and takes in
 * single responses, and tells each acknowledged id through a pipe. */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "bulk_work.h"
#include "columns_equal.h"
#include "service/listen/upload.h"

#define KILLS 60
#define IMPORT_ROWS 9000
#define ID_BYTES 26

/* --- the victim --- */

static void *take_in(void *user)
{
    struct fixture *f = user;
    struct mg_ctx ctx = f->ctx;
    const char *study = getenv("CRASH_STUDY");
    for (;;) {
        struct mg_error error = {0};
        struct mg_wire_response_receipt receipt;
        struct mg_wire_response_create create = {
            .answers = sent(f, "{\"E1\":6,\"P1\":4}"), .customer = "c9", .wave = "W1"};
        ctx.arena = mg_arena_new((size_t)64 << 20);
        if (mg_listen_response_create(&ctx, study, &create, &receipt, &error) != 0 ||
            write(STDOUT_FILENO, receipt.id, ID_BYTES) != ID_BYTES)
            _exit(3);
        mg_arena_free(ctx.arena);
    }
    return NULL;
}

/* As the browser does: upload, mapping, job. */
static int import_by_job(struct fixture *f, const char *study)
{
    static const struct mg_wire_mapping mapping[] = {
        {"E1", "E1"}, {"P1", "P1"}, {"wave", "wave"}, {"customer", "customer"}};
    const char *part = mg_arena_printf(f->ctx.arena, "%s/uploads/part", f->dir);
    struct mg_buf text;
    struct mg_wire_upload upload;
    struct mg_wire_import import;
    mg_buf_init(&text, 1 << 20);
    int rc = mg_file_read(mg_arena_printf(f->ctx.arena, "%s/in.csv", f->dir), &text, &f->error);
    if (!rc)
        rc = mg_dir_create(mg_arena_printf(f->ctx.arena, "%s/uploads", f->dir), &f->error);
    if (!rc)
        rc = mg_file_write_atomic(part, text.data, text.len, &f->error);
    mg_buf_done(&text);
    if (!rc)
        rc = mg_listen_upload_store(&f->ctx, part, "in.csv", &upload, &f->error);
    struct mg_wire_import_create create = {
        .upload_id = upload.id, .study_id = study, .mapping = mapping, .n_mapping = 4, .again = true};
    if (!rc)
        rc = mg_listen_import_create(&f->ctx, &create, &import, &f->error);
    while (!rc && import.state == MG_WIRE_IMPORT_STATE_RUNNING) {
        usleep(2000);
        rc = mg_listen_import_get(&f->ctx, import.id, &import, &f->error);
    }
    return rc;
}

/* `how`: --intake, --import, --job or --bulk. */
static int be_victim(const char *how, const char *dir, const char *org)
{
    struct fixture fixture = {0}, *f = &fixture;
    const char *study = getenv("CRASH_STUDY");
    snprintf(f->dir, sizeof f->dir, "%s", dir);
    open_data(f);
    strcpy(f->ctx.caller.org_id, org);
    start_followers(f);
    if (strcmp(how, "--job") == 0)
        SUCCEEDS(mg_jobs_new(&f->ctx, &import_jobs, &f->ctx.jobs, &f->error));
    pthread_t thread;
    pthread_create(&thread, NULL, take_in, f);
    srand((unsigned)getpid());
    while (strcmp(how, "--bulk") == 0)
        if (bulk_work(f, study)) {
            fprintf(stderr, "%s: %s\n", how, f->error.message);
            _exit(6);
        }
    while (strcmp(how, "--intake") == 0)
        pause();
    for (;;) {
        int rc = f->ctx.jobs ? import_by_job(f, study) : import_directly(f, study);
        if (rc) {
            fprintf(stderr, "%s: %s\n", how, f->error.message);
            _exit(4);
        }
        mg_followers_catch_up(&f->ctx, study, 60);
    }
}

/* --- the test --- */

struct acknowledged {
    char (*ids)[ID_BYTES + 1];
    size_t n, size;
};

static void read_ids(int fd, struct acknowledged *all)
{
    char id[ID_BYTES + 1] = "";
    size_t have = 0;
    ssize_t n;
    while ((n = read(fd, id + have, ID_BYTES - have)) > 0) {
        have += (size_t)n;
        if (have < ID_BYTES)
            continue;
        if (all->n == all->size) {
            all->size = all->size ? all->size * 2 : 1024;
            all->ids = realloc(all->ids, all->size * sizeof *all->ids);
            assert_non_null(all->ids);
        }
        memcpy(all->ids[all->n++], id, sizeof id);
        have = 0;
    }
}

static void run_and_kill(struct fixture *f, struct acknowledged *all, const char *how, unsigned delay_ms)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "test_crash", how, f->dir, f->ctx.caller.org_id, (char *)NULL);
        _exit(5);
    }
    close(ends[1]);
    usleep(delay_ms * 1000);
    kill(child, SIGKILL);
    read_ids(ends[0], all);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status)); /* not ended by a failure of its own */
}

/* What a server does when it starts: imports without a job are ended here, those with one by the pool. A job
 * that had not begun runs now. */
static void start_again(struct fixture *f)
{
    SUCCEEDS(mg_listen_import_sweep(&f->ctx, &f->error));
    SUCCEEDS(mg_jobs_new(&f->ctx, &import_jobs, &f->ctx.jobs, &f->error));
    struct mg_wire_job_list jobs;
    bool busy = true;
    for (int wait = 0; busy && wait < 3000; wait++) {
        usleep(10000);
        busy = false;
        SUCCEEDS(mg_job_list(&f->ctx, 1000, &jobs, &f->error));
        for (size_t i = 0; i < jobs.n_jobs; i++)
            busy |= jobs.jobs[i].state == MG_WIRE_JOB_STATE_QUEUED ||
                    jobs.jobs[i].state == MG_WIRE_JOB_STATE_RUNNING;
    }
    assert_false(busy);
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
}

/* Singles and imports as the record shows them, and the columns the same. */
static void check(struct fixture *f, const char *study, const struct acknowledged *all)
{
    struct mg_wire_import_list imports;
    start_again(f);
    SUCCEEDS(mg_listen_import_list(&f->ctx, 1000, &imports, &f->error));
    int64_t imported = 0;
    for (size_t i = 0; i < imports.n_imports; i++) {
        const struct mg_wire_import *import = &imports.imports[i];
        assert_int_not_equal(import->state, MG_WIRE_IMPORT_STATE_RUNNING);
        if (import->state == MG_WIRE_IMPORT_STATE_DONE) {
            assert_int_equal(import->imported, IMPORT_ROWS);
            imported += IMPORT_ROWS;
        }
    }
    for (size_t i = 0; i < all->n; i++) {
        struct mg_wire_response response;
        SUCCEEDS(mg_listen_response_get(&f->ctx, all->ids[i], &response, &f->error));
    }
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    int64_t in_record = count_record(f, study), in_columns = count_columns(f, study);
    assert_int_equal(in_record, in_columns);
    assert_columns_equal_record(f, study);
    check_nothing_left(f);
    assert_true(in_record - imported >= (int64_t)all->n);
    /* At most one response a run was on disk and not yet acknowledged. */
    assert_true(in_record - imported <= (int64_t)all->n + KILLS);
}

static void killed_at_random_moments(void **state)
{
    struct fixture *f = *state;
    char study[27];
    strcpy(study, add_study(f, small_study));
    write_survey(f, IMPORT_ROWS);
    setenv("CRASH_STUDY", study, 1);
    struct acknowledged all = {0};
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    close_data(f);
    static const char *const modes[] = {"--intake", "--import", "--job", "--bulk", "--bulk"};
    for (int i = 0; i < KILLS; i++) {
        run_and_kill(f, &all, modes[i % 5], (unsigned)(rand() % 400));
        if (i % 10 != 9 && i != KILLS - 1)
            continue; /* the next victim recovers nothing: leftovers of several crashes add up */
        open_data(f);
        check(f, study, &all);
        print_message("%d kills, %zu acknowledged responses, %lld in record and columns\n", i + 1, all.n,
                      (long long)count_record(f, study));
        close_data(f);
    }
    assert_true(all.n > KILLS);
    free(all.ids);
}

int main(int argc, char **argv)
{
    if (argc == 4)
        return be_victim(argv[1], argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_at_random_moments, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("service/listen/crash", tests, NULL, NULL);
}
