/* What the columns had and lost without knowing: an older file in place of theirs, the tail of their own log
 * torn or damaged. The record knows what was applied, so nothing stays lost. */
#include "fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "column/engine.h"
#include "columns_equal.h"
#include "service/log/lane.h"

static void answer(struct fixture *f, const char *study, int value)
{
    struct mg_wire_response_receipt receipt = {0};
    struct mg_wire_response_create create = {
        .answers =
            sent(f, mg_arena_printf(f->ctx.arena, "{\"E1\":%d,\"district\":\"d%d\"}", value % 7 + 1, value)),
        .wave = "W1"};
    SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error));
}

static void follow(struct fixture *f)
{
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
}

/* In the data folder. */
static void run(struct fixture *f, const char *words)
{
    char command[400];
    snprintf(command, sizeof command, "cd %s && %s", f->dir, words);
    assert_int_equal(system(command), 0);
}

static void import_rows(struct fixture *f, const char *study, int n)
{
    struct mg_wire_import import;
    struct mg_buf text;
    mg_buf_init(&text, 1 << 24);
    mg_buf_puts(&text, "E1,P1\n");
    for (int i = 0; i < n; i++)
        mg_buf_printf(&text, "%d,%d\n", i % 7 + 1, i % 5 + 1);
    struct mg_listen_import_file request = {
        .path = write_file(f, "in.csv", text.data), .study_id = study, .again = true};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    mg_buf_done(&text);
}

/* The file as it was before ten more answers were applied; the log has been cut off behind them. */
static void lose_ten(struct fixture *f, const char *study)
{
    for (int i = 0; i < 30; i++)
        answer(f, study, i);
    follow(f);
    close_data(f);
    run(f, "cp columns.duckdb older");
    open_data(f);
    for (int i = 0; i < 10; i++)
        answer(f, study, i);
    follow(f);
    SUCCEEDS(mg_event_prune(&f->ctx, &f->error));
    close_data(f);
    run(f, "mv older columns.duckdb");
    open_data(f);
    assert_int_equal(count_columns(f, study), 30);
}

static void an_older_file_is_noticed_at_the_start(void **state)
{
    struct fixture *f = *state;
    char study[27];
    strcpy(study, add_study(f, small_study));
    lose_ten(f, study);
    follow(f);
    assert_int_equal(count_columns(f, study), 40);
    assert_columns_equal_record(f, study);
}

static void the_servers_threads_notice_it_too(void **state)
{
    struct fixture *f = *state;
    char study[27];
    strcpy(study, add_study(f, small_study));
    lose_ten(f, study);
    start_followers(f);
    for (int wait = 0; wait < 1000 && count_columns(f, study) != 40; wait++)
        usleep(10000);
    stop_followers(f);
    assert_columns_equal_record(f, study);
}

/* Where the file is lost while the server runs, the next entry tells, whichever lane applies it. */
static void lose_and_go_on(struct fixture *f, void (*go_on)(struct fixture *, const char *, int))
{
    char study[27];
    struct mg_lane_turn turn = {0};
    bool more = true;
    strcpy(study, add_study(f, small_study));
    lose_ten(f, study);
    go_on(f, study, 5);
    while (more)
        SUCCEEDS(mg_lane_live(&f->ctx, &mg_listen_columns, &turn, &more, &f->error));
    for (more = true; more;)
        SUCCEEDS(mg_lane_bulk(&f->ctx, &mg_listen_columns, &turn, &more, &f->error));
    assert_columns_equal_record(f, study);
    SUCCEEDS(mg_column_duckdb.table_drop(f->ctx.columns.column, mg_record_table_name(f->ctx.arena, study),
                                         &f->error)); /* even a table */
    follow(f);
    assert_columns_equal_record(f, study);
}

static void the_next_answer_does_not_hide_it(void **state)
{
    lose_and_go_on(*state, answer);
}

static void nor_does_an_import(void **state)
{
    lose_and_go_on(*state, import_rows);
}

/* --- bits --- */

#define ROUNDS 50

/* Its log isn't written into the file, as after a kill. */
static int be_victim(const char *dir, const char *org, const char *study)
{
    struct fixture fixture = {0}, *f = &fixture;
    snprintf(f->dir, sizeof f->dir, "%s", dir);
    open_data(f);
    strcpy(f->ctx.caller.org_id, org);
    for (int i = 0; i < 30; i++) {
        for (int k = 0; k < 3; k++)
            answer(f, study, i * 3 + k);
        follow(f);
    }
    _exit(0);
}

static void run_victim(struct fixture *f, const char *study)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "test_lost", f->dir, f->ctx.caller.org_id, study, (char *)NULL);
        _exit(5);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void flip_bits(const char *path, int bits)
{
    struct stat st;
    unsigned char byte;
    int fd = open(path, O_RDWR);
    assert_int_equal(fstat(fd, &st), 0);
    for (int i = 0; i < bits; i++) {
        off_t at = rand() % st.st_size;
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= (unsigned char)(1 << rand() % 8);
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    }
    close(fd);
}

/* The end of the engine's log is cut or a bit in it is turned over, wherever: it opens, and all of the record
 * is there. */
static void a_damaged_log_of_the_engine_loses_nothing(void **state)
{
    struct fixture *f = *state;
    char study[27], wal[128];
    struct stat st;
    strcpy(study, add_study(f, small_study));
    import_rows(f, study, 500);
    follow(f);
    close_data(f);
    run_victim(f, study);
    run(f, "mkdir kept && cp columns.duckdb* kept/");
    snprintf(wal, sizeof wal, "%s/columns.duckdb.wal", f->dir);
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int i = 0; i < ROUNDS; i++) {
        run(f, "rm -f columns.duckdb* && cp kept/* ./");
        assert_int_equal(stat(wal, &st), 0);
        if (i % 2)
            flip_bits(wal, 1 + i % 3);
        else
            assert_int_equal(truncate(wal, rand() % st.st_size), 0);
        open_data(f);
        follow(f);
        assert_int_equal(count_columns(f, study), 590);
        assert_columns_equal_record(f, study);
        close_data(f);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    if (argc == 4)
        return be_victim(argv[1], argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        TEST(an_older_file_is_noticed_at_the_start),     TEST(the_servers_threads_notice_it_too),
        TEST(the_next_answer_does_not_hide_it),          TEST(nor_does_an_import),
        TEST(a_damaged_log_of_the_engine_loses_nothing),
    };
    return cmocka_run_group_tests_name("service/listen/lost", tests, NULL, NULL);
}
