/* How many responses a study has, through everything that changes it; `check` finds where that is wrong.
 *
 * The removal that is cut off is this program run again (not forked: engines have threads). */
#include "service/listen/fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ulid.h"

#include "service/admin/backup.h"
#include "store/queries.gen.h"

static const char *answer(struct fixture *f, const char *study)
{
    struct mg_wire_response_receipt receipt;
    struct mg_wire_response_create create = {.answers = sent(f, "{\"E1\":5}")};
    SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error));
    return receipt.id;
}

static struct mg_wire_import import_rows(struct fixture *f, const char *study)
{
    struct mg_wire_import import;
    struct mg_listen_import_file request = {
        .path = write_file(f, "in.csv", "E1,P1\n5,4\n6,3\n7,7\n"), .study_id = study, .again = true};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    return import;
}

/* As lists show it; the count of the other study must stay. */
static int64_t listed(struct fixture *f, const char *study, const char *other)
{
    struct mg_wire_study_list list;
    int64_t n = -1;
    SUCCEEDS(mg_record_study_list(&f->ctx, &list, &f->error));
    for (size_t i = 0; i < list.n_studies; i++) {
        if (strcmp(list.studies[i].id, study) == 0)
            n = list.studies[i].responses;
        if (strcmp(list.studies[i].id, other) == 0)
            assert_int_equal(list.studies[i].responses, 1);
    }
    assert_int_equal(n, count_record(f, study));
    return n;
}

static size_t problems(struct fixture *f)
{
    struct mg_check_report report;
    SUCCEEDS(mg_check(&f->ctx, &report, &f->error));
    return report.n_problems;
}

static void counts_follow_every_change(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    const char *other =
        add_study(f, "{\"study\":\"other\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":"
                     "\"A\",\"expectation\":\"E1\",\"perception\":\"P1\"}]}");
    answer(f, other);
    assert_int_equal(listed(f, study, other), 0);
    const char *first = answer(f, study), *second = answer(f, study);
    assert_int_equal(listed(f, study, other), 2);
    struct mg_wire_import kept = import_rows(f, study), undone = import_rows(f, study);
    assert_int_equal(listed(f, study, other), 8);
    SUCCEEDS(mg_listen_import_undo(&f->ctx, undone.id, &undone, &f->error));
    assert_int_equal(listed(f, study, other), 5);
    SUCCEEDS(mg_listen_response_delete(&f->ctx, first, &f->error));
    assert_int_equal(mg_listen_response_delete(&f->ctx, first, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(listed(f, study, other), 4);
    struct mg_wire_response_list rows;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 10, &rows, &f->error));
    for (size_t i = 0; i < rows.n_responses; i++)
        if (strcmp(rows.responses[i].id, second) != 0) {
            assert_string_equal(rows.responses[i].import_id, kept.id);
            SUCCEEDS(mg_listen_response_delete(&f->ctx, rows.responses[i].id, &f->error));
            break;
        }
    assert_int_equal(listed(f, study, other), 3);
    assert_int_equal(problems(f), 0);
    SUCCEEDS(mg_record_study_delete(&f->ctx, study, &f->error));
    assert_int_equal(problems(f), 0);
}

static int miscount(struct mg_db *db, void *user, struct mg_error *error)
{
    return mg_record_study_count(db, user, 2, error);
}

static void check_finds_a_wrong_count(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    answer(f, study);
    assert_int_equal(problems(f), 0);
    SUCCEEDS(mg_store_write(f->ctx.store, miscount, (void *)(size_t)study, &f->error));
    struct mg_check_report report;
    SUCCEEDS(mg_check(&f->ctx, &report, &f->error));
    assert_int_equal(report.n_problems, 1);
    assert_string_equal(report.problems[0], "Study heat: 3 responses are counted, 1 are there.");
}

/* ---- a removal cut off ---- */

#define MANY 40000 /* several writes of a removal */

struct many {
    struct fixture *f;
    const char *study, *import; /* import NULL: one by one */
};

static int insert_many(struct mg_db *db, void *user, struct mg_error *error)
{
    struct many *m = user;
    int rc = 0;
    for (int i = 0; i < MANY && rc == 0; i++) {
        char id[MG_ULID_SIZE];
        mg_ulid_new(2, id);
        const struct mg_sql_response_insert_params response = {.id = id,
                                                               .org_id = m->f->ctx.caller.org_id,
                                                               .study_id = m->study,
                                                               .import_id = m->import,
                                                               .at = 2,
                                                               .now = 2,
                                                               .document = "{}"};
        rc = mg_sql_response_insert(db, &response, NULL, error);
    }
    if (rc == 0 && m->import) /* below 0 is more */
        rc = mg_sql_import_lose(db, m->import, -MANY, NULL, error);
    return rc || m->import ? rc : mg_record_study_count(db, m->study, MANY, error);
}

static int be_victim(const char *dir, const char *org, const char *study)
{
    struct fixture fixture = {0}, *f = &fixture;
    (void)!nice(19); /* who kills it comes first */
    snprintf(f->dir, sizeof f->dir, "%s", dir);
    struct mg_store_options options = {.create = true};
    f->ctx.arena = mg_arena_new((size_t)64 << 20);
    f->ctx.clock = mg_clock_system();
    strcpy(f->ctx.caller.org_id, org);
    SUCCEEDS(mg_store_open(&mg_store_sqlite, dir, &options, &f->ctx.store, &f->error));
    int rc = mg_record_study_delete(&f->ctx, study, &f->error);
    return rc == MG_E_NOT_FOUND ? mg_record_study_sweep(&f->ctx, &f->error) : rc; /* begun by another */
}

struct counting {
    struct fixture *f;
    const char *study;
    struct mg_sql_response_count_all_row row;
};

static int count_all(struct mg_db *db, void *user, struct mg_error *error)
{
    struct counting *c = user;
    return mg_sql_response_count_all(db, c->f->ctx.arena, c->f->ctx.caller.org_id, c->study, &c->row, error);
}

/* Of a study that nobody sees. */
static int64_t left_of(struct fixture *f, const char *study)
{
    struct counting c = {.f = f, .study = study};
    SUCCEEDS(mg_store_read(f->ctx.store, count_all, &c, &f->error));
    return c.row.n;
}

/* Kills the removal once the study has fewer answers than that. */
static void cut_off(struct fixture *f, const char *study, int64_t below)
{
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "test_study", f->dir, f->ctx.caller.org_id, study, (char *)NULL);
        _exit(5);
    }
    while (left_of(f, study) >= below)
        usleep(500);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status)); /* it had not ended by itself */
}

static void counts_are_right_after_a_removal_was_cut_off(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import import = import_rows(f, study);
    SUCCEEDS(mg_store_write(f->ctx.store, insert_many, &(struct many){f, study, NULL}, &f->error));
    SUCCEEDS(mg_store_write(f->ctx.store, insert_many, &(struct many){f, study, import.id}, &f->error));
    assert_int_equal(count_record(f, study), 2 * MANY + 3);
    assert_int_equal(problems(f), 0);
    cut_off(f, study, 2 * MANY); /* among those that came one by one */
    assert_int_equal(problems(f), 0);
    struct mg_wire_study gone;
    assert_int_equal(mg_record_study_get(&f->ctx, study, &gone, NULL), MG_E_NOT_FOUND);
    cut_off(f, study, MANY); /* among those imported */
    assert_int_equal(problems(f), 0);
    assert_true(left_of(f, study) > 0);
    SUCCEEDS(mg_record_study_sweep(&f->ctx, &f->error));
    assert_int_equal(left_of(f, study), 0);
    assert_int_equal(problems(f), 0);
    add_study(f, small_study); /* its code is free */
}

int main(int argc, char **argv)
{
    if (argc == 4)
        return be_victim(argv[1], argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_follow_every_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_are_right_after_a_removal_was_cut_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(check_finds_a_wrong_count, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
