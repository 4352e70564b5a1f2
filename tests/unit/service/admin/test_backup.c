/* Backup, restore, check; passwords' cost. */
#include "fixture.h"

#include "service/admin/backup.h"

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
        TEST(a_changed_backup_is_refused),
        TEST(check_reports_a_sound_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
