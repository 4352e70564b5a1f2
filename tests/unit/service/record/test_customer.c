/* Erasing a customer with more answers than one write takes, cut off in the middle and begun again.
 *
 * The one that is cut off is this program run again (not forked: engines have threads). */
#include "service/listen/fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "base/ulid.h"
#include "service/record/customer.h"
#include "store/queries.gen.h"

#define ANSWERS 100300 /* more than 100,000, which were once the most that the columns learned of */

struct answers {
    struct fixture *f;
    const char *study;
    char customer[MG_ULID_SIZE];
};

static int insert_answers(struct mg_db *db, void *user, struct mg_error *error)
{
    struct answers *a = user;
    const char *org = a->f->ctx.caller.org_id;
    mg_ulid_new(1, a->customer);
    int rc = mg_sql_customer_insert(db, a->customer, org, "C-1", 1, NULL, error);
    for (int i = 0; i < ANSWERS && rc == 0; i++) {
        char id[MG_ULID_SIZE];
        mg_ulid_new(2, id);
        const struct mg_sql_response_insert_params response = {.id = id,
                                                               .org_id = org,
                                                               .study_id = a->study,
                                                               .customer_id = a->customer,
                                                               .at = 2,
                                                               .now = 2,
                                                               .document = "{\"E1\":5}"};
        rc = mg_sql_response_insert(db, &response, NULL, error);
    }
    return rc ? rc : mg_record_study_count(db, a->study, ANSWERS, error);
}

static int64_t answers_of(struct fixture *f, const char *customer)
{
    struct mg_wire_customer found;
    int rc = mg_record_customer_get(&f->ctx, customer, &found, &f->error);
    assert_true(rc == 0 || rc == MG_E_NOT_FOUND);
    return rc ? 0 : found.responses;
}

/* Entries of the log that tell of a response of the study. */
static int64_t told_of(struct fixture *f, const char *study)
{
    struct mg_db *db;
    struct mg_sql_log_entry_row *rows = NULL;
    size_t n = 0;
    int64_t told = 0;
    SUCCEEDS(mg_store_read_begin(f->ctx.store, &db, &f->error));
    SUCCEEDS(mg_sql_event_after(db, f->ctx.arena, 0, 1000000, &rows, &n, &f->error));
    mg_store_read_end(f->ctx.store, db);
    for (size_t i = 0; i < n; i++)
        told += strcmp(rows[i].kind, "response") == 0 && strcmp(rows[i].stream_id, study) == 0;
    return told;
}

static int be_victim(const char *dir, const char *org, const char *customer)
{
    struct fixture fixture = {0}, *f = &fixture;
    (void)!nice(19); /* who kills it comes first */
    snprintf(f->dir, sizeof f->dir, "%s", dir);
    struct mg_store_options options = {.create = true};
    f->ctx.arena = mg_arena_new((size_t)64 << 20);
    f->ctx.clock = mg_clock_system();
    strcpy(f->ctx.caller.org_id, org);
    SUCCEEDS(mg_store_open(&mg_store_sqlite, dir, &options, &f->ctx.store, &f->error));
    return mg_record_customer_delete(&f->ctx, customer, &f->error);
}

/* Kills the erasure once it has begun. */
static void cut_off(struct fixture *f, const char *customer)
{
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "test_customer", f->dir, f->ctx.caller.org_id, customer, (char *)NULL);
        _exit(5);
    }
    while (answers_of(f, customer) == ANSWERS)
        usleep(500);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status)); /* it had not ended by itself */
}

static void an_erasure_reaches_every_answer_and_goes_on_after_a_crash(void **state)
{
    struct fixture *f = *state;
    struct answers a = {.f = f, .study = add_study(f, small_study)};
    SUCCEEDS(mg_store_write(f->ctx.store, insert_answers, &a, &f->error));
    assert_int_equal(answers_of(f, a.customer), ANSWERS);
    cut_off(f, a.customer);
    int64_t left = answers_of(f, a.customer);
    assert_in_range(left, 1, ANSWERS - 1);
    assert_int_equal(told_of(f, a.study), ANSWERS - left);
    SUCCEEDS(mg_record_customer_delete(&f->ctx, a.customer, &f->error));
    assert_int_equal(told_of(f, a.study), ANSWERS);
    assert_int_equal(count_record(f, a.study), ANSWERS);
    struct mg_wire_customer gone;
    assert_int_equal(mg_record_customer_get(&f->ctx, a.customer, &gone, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_record_customer_delete(&f->ctx, a.customer, &f->error), MG_E_NOT_FOUND);
}

struct twice {
    struct fixture *f;
    const char *first, *second;
    bool made_first, made_second;
};

static int ensure_twice(struct mg_db *db, void *user, struct mg_error *error)
{
    struct twice *t = user;
    const struct mg_ctx *ctx = &t->f->ctx;
    int64_t changes = 9;
    int rc = mg_record_customer_ensure(db, ctx, ctx->arena, "C-7", &t->first, &t->made_first, error);
    if (rc == 0)
        rc = mg_record_customer_ensure(db, ctx, ctx->arena, "C-7", &t->second, &t->made_second, error);
    if (rc == 0) /* as another writer would, between looking and making */
        rc = mg_sql_customer_insert(db, "0123456789ABCDEFGHJKMNPQRS", ctx->caller.org_id, "C-7", 1, &changes,
                                    error);
    assert_int_equal(changes, 0);
    return rc;
}

static void a_reference_is_one_customer(void **state)
{
    struct fixture *f = *state;
    struct twice t = {.f = f};
    struct mg_wire_customer found;
    SUCCEEDS(mg_store_write(f->ctx.store, ensure_twice, &t, &f->error));
    assert_true(t.made_first && !t.made_second);
    assert_string_equal(t.first, t.second);
    SUCCEEDS(mg_record_customer_get(&f->ctx, t.first, &found, &f->error));
    assert_string_equal(found.reference, "C-7");
}

/* A beginning is found whatever the case of its letters, in pages of the order of the index. */
static void a_beginning_is_found_in_either_case(void **state)
{
    struct fixture *f = *state;
    static const char *const made[] = {"C-10", "c-1", "C-1", "C-2", "D-1", "客-1"};
    static const struct {
        const char *start, *found;
    } cases[] = {{"c-1", "C-1 C-10 c-1 "},
                 {"C-1", "C-1 C-10 c-1 "},
                 {"C-2", "C-2 "},
                 {"客", "客-1 "},
                 {"1", ""},
                 {"", "C-1 C-10 C-2 D-1 c-1 客-1 "}};
    struct mg_wire_customer_list list;
    for (size_t i = 0; i < ARRAY_LEN(made); i++) {
        const struct mg_wire_customer_edit edit = {.reference = made[i]};
        struct mg_wire_customer customer;
        SUCCEEDS(mg_record_customer_upsert(&f->ctx, &edit, &customer, &f->error));
    }
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char found[200] = "";
        int n = 0;
        const char *after = NULL;
        do {
            SUCCEEDS(mg_record_customer_list(&f->ctx, cases[i].start, after, 2, &list, &f->error));
            for (size_t c = 0; c < list.n_customers; c++, n++) {
                strcat(strcat(found, list.customers[c].reference), " ");
                after = list.customers[c].id;
            }
        } while (list.n_customers == 2);
        assert_string_equal(found, cases[i].found);
        assert_int_equal(list.total, n);
    }
}

int main(int argc, char **argv)
{
    if (argc == 4)
        return be_victim(argv[1], argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_erasure_reaches_every_answer_and_goes_on_after_a_crash, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_reference_is_one_customer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_beginning_is_found_in_either_case, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
