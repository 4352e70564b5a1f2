/* Nothing is half seen, nothing dies: readers beside imports, changes of studies and rebuilds; a study that
 * can't be read; a full disk; a damaged file. */
#include "fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "column/engine.h"
#include "service/log/follower.h"

#define ROWS 60000

static const char *answer(struct fixture *f, const char *study, const char *answers, int *ret_rc)
{
    struct mg_wire_response_receipt receipt = {0};
    struct mg_wire_response_create create = {.answers = sent(f, answers), .wave = "W1"};
    int rc = mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error);
    if (ret_rc)
        *ret_rc = rc;
    else if (rc)
        fail_msg("%s", f->error.message);
    return receipt.id;
}

static struct mg_wire_import import_rows(struct fixture *f, const char *study, int n)
{
    struct mg_buf text;
    struct mg_wire_import import;
    mg_buf_init(&text, 1 << 24);
    mg_buf_puts(&text, "E1,P1,district,customer\n");
    for (int i = 0; i < n; i++)
        mg_buf_printf(&text, "%d,%d,d%d,c%d\n", i % 7 + 1, i % 5 + 1, i % 9, i % 100);
    struct mg_listen_import_file request = {
        .path = write_file(f, "in.csv", text.data), .study_id = study, .again = true};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    mg_buf_done(&text);
    return import;
}

/* --- readers beside --- */

struct reader {
    struct fixture *f;
    char study[27];
    atomic_bool stop;
    _Atomic int64_t newest;
    int64_t seen[64]; /* counts, each once, as they first came */
    size_t n;
};

static void *read_on(void *user)
{
    struct reader *r = user;
    while (!atomic_load(&r->stop)) {
        struct mg_arena *arena = mg_arena_new(1 << 24);
        struct mg_source_info info = {0};
        struct mg_source source = {.table = mg_record_table_name(arena, r->study)};
        if (mg_column_duckdb.describe(r->f->ctx.columns.column, arena, &source, &info, NULL) == 0) {
            if ((r->n == 0 || r->seen[r->n - 1] != info.rows) && r->n < 64)
                r->seen[r->n++] = info.rows;
            atomic_store(&r->newest, info.rows);
        }
        mg_arena_free(arena);
    }
    return NULL;
}

static void start_reading(struct reader *r, struct fixture *f, const char *study, pthread_t *ret_thread)
{
    *r = (struct reader){.f = f};
    strcpy(r->study, study);
    assert_int_equal(pthread_create(ret_thread, NULL, read_on, r), 0);
}

/* Not before it has seen the last state. */
static void stop_reading(struct reader *r, pthread_t thread)
{
    int64_t last = count_columns(r->f, r->study);
    for (int i = 0; i < 3000 && atomic_load(&r->newest) != last; i++)
        usleep(10000);
    atomic_store(&r->stop, true);
    pthread_join(thread, NULL);
}

static void an_import_is_seen_whole_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    struct reader reader;
    pthread_t thread;
    const char *study = add_study(f, small_study);
    start_followers(f);
    answer(f, study, "{\"E1\":5}", NULL);
    mg_followers_catch_up(&f->ctx, study, 60);
    start_reading(&reader, f, study, &thread);
    struct mg_wire_import import = import_rows(f, study, ROWS);
    mg_followers_catch_up(&f->ctx, study, 60);
    assert_int_equal(count_columns(f, study), ROWS + 1);
    SUCCEEDS(mg_listen_import_undo(&f->ctx, import.id, &import, &f->error));
    mg_followers_catch_up(&f->ctx, study, 60);
    assert_int_equal(count_columns(f, study), 1);
    stop_reading(&reader, thread);
    stop_followers(f);
    assert_int_equal(reader.n, 3);
    assert_int_equal(reader.seen[0], 1);
    assert_int_equal(reader.seen[1], ROWS + 1);
    assert_int_equal(reader.seen[2], 1);
    assert_int_equal(count_record(f, study), 1);
}

/* A changed study has its table made anew beside: its answers never go away meanwhile. */
static void a_changed_study_and_a_rebuild_are_swapped_in(void **state)
{
    struct fixture *f = *state;
    struct reader reader;
    pthread_t thread;
    const char *study = add_study(f, small_study);
    start_followers(f);
    import_rows(f, study, ROWS);
    mg_followers_catch_up(&f->ctx, study, 60);
    start_reading(&reader, f, study, &thread);
    const char *wider = mg_arena_printf(f->ctx.arena, "%s", small_study);
    char *groups = strstr(wider, "\"groups\":[{\"column\":\"district\"}]");
    assert_non_null(groups);
    char *changed = mg_arena_printf(
        f->ctx.arena, "%.*s\"groups\":[{\"column\":\"district\"},{\"column\":\"age\"}]%s",
        (int)(groups - wider), wider, groups + strlen("\"groups\":[{\"column\":\"district\"}]"));
    struct mg_wire_study made;
    struct mg_wire_study_edit edit = {.document = changed, .version = 1, .has_version = true};
    SUCCEEDS(mg_record_study_update(&f->ctx, study, &edit, &made, &f->error));
    mg_followers_catch_up(&f->ctx, study, 60);
    SUCCEEDS(mg_follower_rebuild(&f->ctx, &mg_listen_columns, &f->error));
    mg_followers_catch_up(&f->ctx, study, 60);
    answer(f, study, "{\"E1\":5,\"age\":\"old\"}", NULL);
    mg_followers_catch_up(&f->ctx, study, 60);
    stop_reading(&reader, thread);
    stop_followers(f);
    assert_int_equal(reader.n, 2);
    assert_int_equal(reader.seen[0], ROWS);
    assert_int_equal(reader.seen[1], ROWS + 1);
}

/* Between an import's end and its entry's turn, answers of other studies go on; those of its own wait their
 * turn. */
static void other_studies_go_on(void **state)
{
    struct fixture *f = *state;
    const char *big = add_study(f, small_study);
    const char *document =
        mg_arena_printf(f->ctx.arena, "{\"study\":\"other\",\"scale\":{\"min\":1,\"max\":7},\"items\":"
                                      "[{\"code\":\"A\",\"perception\":\"P\"}]}");
    const char *other = add_study(f, document);
    import_rows(f, big, ROWS); /* no followers yet: nothing is fed */
    answer(f, big, "{\"E1\":5}", NULL);
    answer(f, other, "{\"P\":5}", NULL);
    start_followers(f);
    mg_followers_catch_up(&f->ctx, other, 60);
    assert_int_equal(count_columns(f, other), 1);
    mg_followers_catch_up(&f->ctx, big, 60);
    assert_int_equal(count_columns(f, big), ROWS + 1);
    stop_followers(f);
}

static void parts_that_nobody_claims_are_swept(void **state)
{
    struct fixture *f = *state;
    const struct mg_column_engine *engine = &mg_column_duckdb;
    static const struct mg_table_column columns[] = {{"x", MG_TYPE_INTEGER}};
    const char **parts;
    size_t n;
    const char *study = add_study(f, small_study);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    struct mg_wire_import import = import_rows(f, study, 10);
    const char *rebuild = mg_arena_printf(f->ctx.arena, "rebuild_%s", study);
    SUCCEEDS(engine->part_begin(f->ctx.columns.column, import.id, columns, 1,
                                &f->error)); /* done, not yet joined */
    SUCCEEDS(engine->part_begin(f->ctx.columns.column, "01AAAAAAAAAAAAAAAAAAAAAAAA", columns, 1, &f->error));
    SUCCEEDS(engine->part_begin(f->ctx.columns.column, rebuild, columns, 1, &f->error));
    SUCCEEDS(mg_listen_columns_sweep(&f->ctx, &f->error));
    SUCCEEDS(engine->part_list(f->ctx.columns.column, f->ctx.arena, &parts, &n, &f->error));
    assert_int_equal(n, 1);
    assert_string_equal(parts[0], import.id);
    SUCCEEDS(
        mg_follower_run(&f->ctx, &mg_listen_columns, &f->error)); /* a part of the wrong size isn't taken */
    assert_int_equal(count_columns(f, study), 10);
    SUCCEEDS(engine->part_list(f->ctx.columns.column, f->ctx.arena, &parts, &n, &f->error));
    assert_int_equal(n, 0);
}

/* --- a study that can't be read --- */

static void break_document(struct fixture *f, const char *study, const char *document)
{
    char path[128];
    sqlite3 *db;
    sqlite3_stmt *statement;
    snprintf(path, sizeof path, "%s/" MG_STORE_SQLITE_FILE, f->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    assert_int_equal(
        sqlite3_prepare_v2(db, "UPDATE study SET document = ? WHERE id = ?", -1, &statement, NULL),
        SQLITE_OK);
    sqlite3_bind_text(statement, 1, document, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, study, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void a_study_that_cannot_be_read_stops_nobody_else(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    const char *other = add_study(f, "{\"study\":\"other\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{"
                                     "\"code\":\"A\",\"perception\":\"P\"}]}");
    const struct mg_follower_state *states;
    size_t n;
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    answer(f, study, "{\"E1\":5}", NULL);
    break_document(f, study, "{}");
    answer(f, other, "{\"P\":5}", NULL);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, other), 1);
    SUCCEEDS(mg_follower_states(&f->ctx, &states, &n, &f->error));
    assert_int_equal(n, 1);
    assert_int_equal(states[0].set_aside, 1);
    break_document(f, study, small_study);
    SUCCEEDS(mg_follower_retry(&f->ctx, "columns", study, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, study), 1);
}

/* --- a full disk --- */

struct texts {
    struct mg_arena *arena;
    int64_t rows, wrong;
};

/* Each row says its own length. */
static int check_texts(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct texts *t = user;
    (void)error;
    for (size_t i = 0; i < batch->n_rows; i++) {
        const char *text = batch->cells[i];
        t->rows++;
        t->wrong += !text || (size_t)atoi(text) != strlen(text);
    }
    return 0;
}

static struct texts read_texts(struct fixture *f, const char *study)
{
    struct texts texts = {0};
    static const char *const columns[] = {"district"};
    struct mg_source source = {.table = mg_record_table_name(f->ctx.arena, study)};
    SUCCEEDS(mg_column_duckdb.scan(f->ctx.columns.column, &source, columns, 1, NULL, 0, 0, check_texts,
                                   &texts, &f->error));
    return texts;
}

static const char *text_answer(struct fixture *f, int i)
{
    char text[300];
    int length = 20 + i * 7 % 200;
    memset(text, 'x', sizeof text);
    text[snprintf(text, sizeof text, "%d", length)] = '-';
    text[length] = '\0';
    return mg_arena_printf(f->ctx.arena, "{\"E1\":%d,\"district\":\"%s\"}", i % 7 + 1, text);
}

static void fill_disk(const char *dir, bool fill)
{
    char path[128], block[4096] = {0};
    snprintf(path, sizeof path, "%s/fill", dir);
    if (!fill) {
        unlink(path);
        return;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (size_t size = sizeof block; size >= 1; size /= 2)
        while (write(fd, block, size) == (ssize_t)size)
            ;
    close(fd);
}

/* Intake, full, intake, read, free, again: what was acknowledged is in the record and then in the columns,
 * letter by letter, and the process lives. */
static void a_full_disk_costs_nothing_that_was_acknowledged(void **state)
{
    struct fixture *f = *state;
    char dir[64];
    strcpy(dir, f->dir);
    close_data(f);
    if (mount("tmpfs", dir, "tmpfs", 0, "size=24m") != 0)
        skip();
    open_data(f);
    SUCCEEDS(mg_org_create(&f->ctx, "Beichen", false, f->ctx.caller.org_id, &f->error));
    char study[27];
    strcpy(study, add_study(f, small_study));
    start_followers(f);
    int64_t kept = 0;
    for (int round = 0; round < 5; round++) {
        int refused = 0, rc;
        for (int i = 0; i < 200; i++)
            kept += answer(f, study, text_answer(f, i), &rc) && rc == 0;
        mg_followers_catch_up(&f->ctx, study, 30);
        fill_disk(dir, true);
        for (int i = 0; i < 200; i++) {
            answer(f, study, text_answer(f, i), &rc);
            assert_true(rc == 0 || rc == MG_E_FULL);
            kept += rc == 0;
            refused += rc != 0;
        }
        assert_true(refused > 0);
        usleep(400000);
        assert_int_equal(read_texts(f, study).wrong, 0);
        fill_disk(dir, false);
        mg_followers_catch_up(&f->ctx, study, 30);
        for (int i = 0; i < 200; i++) /* what comes after a failure is as good */
            kept += answer(f, study, text_answer(f, i), &rc) && rc == 0;
        mg_followers_catch_up(&f->ctx, study, 30);
        struct texts texts = read_texts(f, study);
        assert_int_equal(texts.wrong, 0);
        assert_int_equal(texts.rows, kept);
    }
    struct mg_column_status status;
    SUCCEEDS(mg_column_duckdb.status(f->ctx.columns.column, true, &status, &f->error));
    assert_true(status.reopened > 0);
    assert_int_equal(status.set_aside, 0);
    stop_followers(f);
    close_data(f);
    open_data(f); /* and on disk as well */
    assert_int_equal(read_texts(f, study).rows, kept);
    assert_int_equal(read_texts(f, study).wrong, 0);
    close_data(f);
    assert_int_equal(umount2(dir, 0), 0);
}

/* --- a damaged file --- */

enum damage { GARBAGE, TRUNCATED, EMPTY, FLIPPED, DAMAGES };

static void damage(const char *path, enum damage how)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    int fd = open(path, O_RDWR);
    unsigned char byte, block[4096];
    memset(block, 0xA5, sizeof block);
    switch (how) {
    case GARBAGE:
        for (off_t at = 0; at < st.st_size; at += (off_t)sizeof block)
            assert_true(pwrite(fd, block, sizeof block, at) > 0);
        break;
    case TRUNCATED:
        assert_int_equal(ftruncate(fd, st.st_size / 3), 0);
        break;
    case EMPTY:
        assert_int_equal(ftruncate(fd, 0), 0);
        break;
    default: /* one bit in each block of data; the headers stay */
        for (off_t at = 12288 + 5000; at < st.st_size; at += 40000) {
            assert_int_equal(pread(fd, &byte, 1, at), 1);
            byte ^= 0x10;
            assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        }
    }
    close(fd);
}

static void a_damaged_file_is_set_aside_and_made_anew(void **state)
{
    struct fixture *f = *state;
    char study[27], path[128], aside[160];
    const char *problem;
    strcpy(study, add_study(f, small_study));
    import_rows(f, study, 30000);
    answer(f, study, "{\"E1\":5,\"district\":\"north\"}", NULL);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, study), 30001);
    snprintf(path, sizeof path, "%s/columns.duckdb", f->dir);
    snprintf(aside, sizeof aside, "%s.damaged", path);
    for (int how = 0; how < DAMAGES; how++) {
        close_data(f);
        damage(path, (enum damage)how);
        open_data(f);
        problem = NULL;
        SUCCEEDS(mg_column_duckdb.examine(path, f->ctx.arena, &problem, &f->error));
        assert_true(problem || how == EMPTY); /* an empty file is a new one */
        unlink(aside);
        SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
        if (how == FLIPPED) { /* what opens well is found when it is read */
            struct mg_source source = {.table = mg_record_table_name(f->ctx.arena, study)};
            struct mg_source_info info;
            int rc =
                mg_column_duckdb.describe(f->ctx.columns.column, f->ctx.arena, &source, &info, &f->error);
            assert_true(rc == MG_E_DAMAGED || rc == 0);
            SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
        }
        assert_int_equal(count_columns(f, study), 30001);
        assert_true(how == EMPTY || access(aside, F_OK) == 0);
        close_data(f);
        open_data(f);
        problem = NULL;
        SUCCEEDS(mg_column_duckdb.examine(path, f->ctx.arena, &problem, &f->error));
        assert_null(problem);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_import_is_seen_whole_or_not_at_all),
        TEST(a_changed_study_and_a_rebuild_are_swapped_in),
        TEST(other_studies_go_on),
        TEST(parts_that_nobody_claims_are_swept),
        TEST(a_study_that_cannot_be_read_stops_nobody_else),
        TEST(a_full_disk_costs_nothing_that_was_acknowledged),
        TEST(a_damaged_file_is_set_aside_and_made_anew),
    };
    return cmocka_run_group_tests_name("service/listen/whole", tests, NULL, NULL);
}
