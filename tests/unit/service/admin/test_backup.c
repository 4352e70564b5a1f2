/* Backup, restore, check; passwords' cost. */
#include "fixture.h"

#include "base/ulid.h"
#include "service/admin/backup.h"
#include "store/queries.gen.h"

static void a_backup_restores_to_the_same_record(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    char file[128], folder[128];
    snprintf(file, sizeof file, "%s/copy.mgb", f->dir);
    snprintf(folder, sizeof folder, "%s/restored", f->dir);
    struct mg_backup_info made, restored;
    SUCCEEDS(mg_backup(&f->ctx, file, &made, &f->error));
    SUCCEEDS(mg_backup(&f->ctx, file, &made, &f->error));
    SUCCEEDS(mg_restore(&f->ctx, file, folder, &restored, &f->error));
    assert_string_equal(made.checksum, restored.checksum);
    assert_int_equal(mg_restore(&f->ctx, file, folder, &restored, &f->error), MG_E_CONFLICT);

    struct mg_ctx other = f->ctx;
    SUCCEEDS(mg_store_open(&mg_store_sqlite, folder, NULL, &other.store, &f->error));
    assert_int_equal(mg_session_resolve(&other, login.token, &f->error), MG_E_UNAUTHENTICATED);
    struct mg_wire_login_request request = {.email = "owner@example.com",
                                            .password = "correct horse battery"};
    int64_t wait_s;
    SUCCEEDS(mg_login(&other, &request, "192.0.2.7", &login, &wait_s, &f->error));
    mg_store_close(other.store);
}

/* More than one statement of the clean-up takes. */
#define MANY 6000

static int sign_in_often(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct fixture *f = user;
    int rc = 0;
    for (int i = 0; i < MANY && rc == 0; i++) {
        char id[MG_ULID_SIZE], hash[32] = {0};
        mg_ulid_new(1, id);
        memcpy(hash, id, MG_ULID_SIZE);
        const struct mg_sql_session_insert_params params = {
            .id = id,
            .org_id = f->ctx.caller.org_id,
            .user_id = f->ctx.caller.user_id,
            .token_hash = {hash, sizeof hash},
            .now = 1,
            .expires_at = INT64_MAX,
        };
        rc = mg_sql_session_insert(db, &params, NULL, error);
    }
    return rc;
}

static int end_one(struct mg_db *db, void *user, struct mg_error *error)
{
    return mg_sql_session_delete_expired(db, INT64_MAX, 0, user, error);
}

static void a_restored_record_has_no_session_left(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    struct mg_backup_info info;
    struct mg_store *restored;
    int64_t left = -1;
    char file[128], folder[128];
    set_up_owner(f, &login);
    SUCCEEDS(mg_session_resolve(&f->ctx, login.token, &f->error));
    snprintf(file, sizeof file, "%s/many.mgb", f->dir);
    snprintf(folder, sizeof folder, "%s/many", f->dir);
    SUCCEEDS(mg_store_write(f->ctx.store, sign_in_often, f, &f->error));
    SUCCEEDS(mg_backup(&f->ctx, file, &info, &f->error));
    SUCCEEDS(mg_restore(&f->ctx, file, folder, &info, &f->error));
    SUCCEEDS(mg_store_open(&mg_store_sqlite, folder, NULL, &restored, &f->error));
    SUCCEEDS(mg_store_write(restored, end_one, &left, &f->error));
    mg_store_close(restored);
    assert_int_equal(left, 0);
}

static void a_changed_backup_is_refused(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    char path[128], folder[128];
    struct mg_backup_info info;
    snprintf(path, sizeof path, "%s/copy.mgb", f->dir);
    snprintf(folder, sizeof folder, "%s/restored", f->dir);
    SUCCEEDS(mg_backup(&f->ctx, path, &info, &f->error));
    FILE *file = fopen(path, "r+b");
    fseek(file, 5000, SEEK_SET);
    fputc('!', file);
    fclose(file);
    assert_int_equal(mg_restore(&f->ctx, path, folder, &info, &f->error), MG_E_INVALID);
    assert_non_null(strstr(f->error.message, "copy.mgb"));
    snprintf(path, sizeof path, "%s/none.mgb", f->dir);
    assert_int_equal(mg_restore(&f->ctx, path, folder, &info, &f->error), MG_E_NOT_FOUND);
    struct mg_store *store;
    assert_int_equal(mg_store_open(&mg_store_sqlite, folder, NULL, &store, &f->error), MG_E_NOT_FOUND);
}

static void check_reports_a_sound_record(void **state)
{
    struct fixture *f = *state;
    struct mg_check_report report;
    SUCCEEDS(mg_check(&f->ctx, &report, &f->error));
    assert_int_equal(report.n_problems, 0);
    assert_int_equal(report.columns, MG_CHECK_NO_COLUMNS);
    assert_int_equal(report.waiting, 0);
    assert_int_equal(report.set_aside, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_backup_restores_to_the_same_record),
        TEST(a_restored_record_has_no_session_left),
        TEST(a_changed_backup_is_refused),
        TEST(check_reports_a_sound_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
