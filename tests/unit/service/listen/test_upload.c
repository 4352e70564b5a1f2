/* What is kept of uploads: their names, how many, and what a crash leaves. */
#include "fixture.h"

#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "service/listen/upload.h"
#include "store/queries.gen.h"

#define DAY_S 86400

static int store(struct fixture *f, const char *name, struct mg_wire_upload *ret)
{
    return mg_listen_upload_store(&f->ctx, write_file(f, "part", "a,b\n1,2\n"), name, ret, &f->error);
}

static void names_do_not_steer_who_reads_them(void **state)
{
    struct fixture *f = *state;
    static const char *const names[][2] = {
        {"a.csv", "a.csv"},
        {"../../etc/passwd", "passwd"},
        {"C:\\files\\x.csv", "x.csv"},
        {"满意度 2025.csv", "满意度 2025.csv"},
        {"\x1b[31mred\x07.csv", "[31mred.csv"},
        {"\xc2\x9b"
         "31m.csv",
         "31m.csv"},
        {"\xe2\x80\xaevsc.exe", "vsc.exe"},
        {"\xe2\x81\xa6"
         "a\xe2\x80\xa8"
         "b",
         "ab"},
        {"\xff\xfe", "upload"},
        {"\n", "upload"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct mg_wire_upload upload;
        SUCCEEDS(store(f, names[i][0], &upload));
        assert_string_equal(upload.name, names[i][1]);
    }
}

struct inserting {
    struct fixture *f;
    int64_t bytes;
};

static int insert_large(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct inserting *i = user;
    static const uint8_t hash[32];
    const struct mg_sql_upload_insert_params params = {.id = "01HZZZZZZZZZZZZZZZZZZZZZZZ",
                                                       .org_id = i->f->ctx.caller.org_id,
                                                       .file_name = "large.csv",
                                                       .bytes = i->bytes,
                                                       .checksum = {hash, sizeof hash},
                                                       .expires_at = INT64_MAX};
    return mg_sql_upload_insert(db, &params, NULL, error);
}

static void an_organisation_keeps_so_many(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_upload upload;
    struct inserting inserting = {f, MG_UPLOADS_ORG_BYTES - 10};
    SUCCEEDS(mg_store_write(f->ctx.store, insert_large, &inserting, &f->error));
    SUCCEEDS(mg_listen_upload_room(&f->ctx, 10, &f->error));
    assert_int_equal(mg_listen_upload_room(&f->ctx, 11, &f->error), MG_E_LIMIT);
    SUCCEEDS(store(f, "first.csv", &upload));
    assert_int_equal(store(f, "second.csv", &upload), MG_E_LIMIT);
    SUCCEEDS(mg_org_create(&f->ctx, "Others", false, f->ctx.caller.org_id, &f->error));
    SUCCEEDS(store(f, "second.csv", &upload));
}

static const char *leave(struct fixture *f, const char *name, int64_t seconds_ago)
{
    const char *path = write_file(f, mg_arena_printf(f->ctx.arena, "uploads/%s", name), "x");
    int64_t at = mg_now(&f->ctx.clock) / 1000000 - seconds_ago;
    assert_int_equal(utime(path, &(struct utimbuf){at, at}), 0);
    return path;
}

static void what_a_crash_leaves_goes(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_upload upload;
    SUCCEEDS(store(f, "kept.csv", &upload));
    const char *kept = leave(f, upload.id, 2 * DAY_S);
    const char *orphan = leave(f, "01HZZZZZZZZZZZZZZZZZZZZZZZ", 2 * DAY_S);
    const char *profile = leave(f, "01HZZZZZZZZZZZZZZZZZZZZZZZ.profile", 2 * DAY_S);
    const char *half = leave(f, "01HZZZZZZZZZZZZZZZZZZZZZZZ.profile.tmpaBcDeF", 2 * DAY_S);
    const char *part = leave(f, "01HYYYYYYYYYYYYYYYYYYYYYYY.part", 2 * DAY_S);
    const char *young = leave(f, "01HXXXXXXXXXXXXXXXXXXXXXXX", 60);
    const char *others = leave(f, "notes.txt", 2 * DAY_S);
    SUCCEEDS(mg_listen_upload_sweep(&f->ctx, &f->error));
    assert_int_equal(access(kept, F_OK), 0);
    assert_int_equal(access(young, F_OK), 0); /* its row may be on its way */
    assert_int_equal(access(others, F_OK), 0);
    assert_int_not_equal(access(orphan, F_OK), 0);
    assert_int_not_equal(access(profile, F_OK), 0);
    assert_int_not_equal(access(half, F_OK), 0);
    assert_int_not_equal(access(part, F_OK), 0);
}

static void open_once(struct fixture *f, const char *id, bool searched)
{
    struct mg_exchange *file;
    SUCCEEDS(mg_listen_upload_open(&f->ctx, id, "a.csv", NULL, &file, &f->error));
    assert_int_equal(file->searched, searched);
    assert_int_equal(file->rows, 1);
    mg_exchange_close(file);
}

static void a_profile_that_does_not_fit_is_made_anew(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_upload upload;
    SUCCEEDS(store(f, "a.csv", &upload));
    open_once(f, upload.id, true);
    open_once(f, upload.id, false);
    leave(f, mg_arena_printf(f->ctx.arena, "%s.profile", upload.id), 0);
    open_once(f, upload.id, true);
    open_once(f, upload.id, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static bool is_searched(struct fixture *f, const char *id, const struct mg_wire_reading *reading)
{
    struct mg_exchange *file;
    SUCCEEDS(mg_listen_upload_open(&f->ctx, id, "a.csv", reading, &file, &f->error));
    bool searched = file->searched;
    if (reading && reading->n_columns && reading->columns->has_kind)
        assert_int_equal(file->readings[0].kind, MG_CELLS_TEXT);
    mg_exchange_close(file);
    return searched;
}

/* Preview and gaps of the same reading are one search; the next reading doesn't take it for its own. */
static void each_reading_is_searched_once(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_upload upload;
    const struct mg_wire_reading_column column = {
        .column = "a", .kind = MG_WIRE_CELL_KIND_TEXT, .has_kind = true};
    const struct mg_wire_reading text = {.columns = &column, .n_columns = 1}, nothing = {0};
    SUCCEEDS(store(f, "a.csv", &upload));
    assert_true(is_searched(f, upload.id, NULL));
    assert_false(is_searched(f, upload.id, &nothing)); /* says nothing: as it was found */
    assert_true(is_searched(f, upload.id, &text));
    assert_false(is_searched(f, upload.id, &text));
    assert_false(is_searched(f, upload.id, NULL));
    for (int64_t rows = 1; rows <= 100; rows++) { /* more than there are places for */
        const struct mg_wire_reading other = {.columns = &column,
                                              .n_columns = 1,
                                              .foot_rows = 0,
                                              .has_foot_rows = true,
                                              .encoding = rows % 2 ? "UTF-8" : "windows-1252",
                                              .sheet = mg_arena_printf(f->ctx.arena, "%d", (int)rows)};
        assert_true(is_searched(f, upload.id, &other));
        assert_false(is_searched(f, upload.id, &other));
    }
    const char *folder = mg_arena_printf(f->ctx.arena, "ls %s/uploads | wc -l | grep -qx 10", f->dir);
    assert_int_equal(system(folder), 0); /* the file, its profile, and eight of readings */
    SUCCEEDS(mg_listen_upload_drop(&f->ctx, upload.id, &f->error));
    folder = mg_arena_printf(f->ctx.arena, "test -z \"$(ls %s/uploads)\"", f->dir);
    assert_int_equal(system(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(names_do_not_steer_who_reads_them),
                                       TEST(an_organisation_keeps_so_many), TEST(what_a_crash_leaves_goes),
                                       TEST(a_profile_that_does_not_fit_is_made_anew),
                                       TEST(each_reading_is_searched_once)};
    return cmocka_run_group_tests_name("service/listen/upload", tests, NULL, NULL);
}
