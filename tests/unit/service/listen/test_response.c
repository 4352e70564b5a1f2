/* Responses whose maker doesn't wait: answered once, when they are in the record or with what went wrong;
 * nothing is touched by then but by the one who answers. */
#include "fixture.h"

#include <semaphore.h>

#include "store/queries.gen.h"

struct answer {
    sem_t come;
    int times, rc;
    char message[sizeof(((struct mg_error *)0)->message)];
};

static void note(void *user, int rc, const struct mg_error *error)
{
    struct answer *answer = user;
    answer->times++;
    answer->rc = rc;
    if (rc)
        snprintf(answer->message, sizeof answer->message, "%s", error->message);
    sem_post(&answer->come);
}

static void it_is_in_the_record_when_told(void **state)
{
    struct fixture *f = *state;
    struct answer answer = {0};
    struct mg_wire_response_receipt receipt = {0};
    struct mg_wire_response kept;
    const struct mg_wire_response_create create = {.answers = "{\"E1\":5,\"P1\":9}", .wave = "W1"};
    sem_init(&answer.come, 0, 0);
    SUCCEEDS(mg_listen_response_create_later(&f->ctx, add_study(f, small_study), &create, &receipt, note,
                                             &answer, &f->error));
    sem_wait(&answer.come);
    assert_int_equal(answer.rc, 0);
    assert_int_equal(receipt.n_warnings, 1);
    SUCCEEDS(mg_listen_response_get(&f->ctx, receipt.id, &kept, &f->error));
    assert_string_equal(kept.answers, "{\"E1\":5,\"P1\":9}");
    assert_int_equal(answer.times, 1);
}

static void what_is_wrong_at_once_is_said_at_once(void **state)
{
    struct fixture *f = *state;
    struct answer answer = {0};
    struct mg_wire_response_receipt receipt;
    const struct mg_wire_response_create create = {.answers = "{\"E9\":5}"};
    assert_int_equal(mg_listen_response_create_later(&f->ctx, add_study(f, small_study), &create, &receipt,
                                                     note, &answer, &f->error),
                     MG_E_INVALID);
    assert_string_equal(f->error.field, "/answers/E9");
    assert_int_equal(answer.times, 0);
}

struct removal {
    struct fixture *f;
    const char *study;
    sem_t go;
};

static int remove_study(struct mg_db *db, void *user, struct mg_error *error)
{
    struct removal *removal = user;
    sem_wait(&removal->go);
    return mg_sql_study_delete(db, removal->f->ctx.caller.org_id, removal->study, NULL, error);
}

static void nothing_more(void *user, int rc, const struct mg_error *error)
{
    (void)user, (void)error;
    assert_int_equal(rc, 0);
}

/* The study goes between the check and the write. */
static void what_fails_later_is_told(void **state)
{
    struct fixture *f = *state;
    struct removal removal = {f, add_study(f, small_study), .go = {{0}}};
    struct answer answer = {0};
    struct mg_wire_response_receipt receipt = {.id = "untouched"};
    const struct mg_wire_response_create create = {.answers = "{\"E1\":5}"};
    sem_init(&removal.go, 0, 0);
    sem_init(&answer.come, 0, 0);
    SUCCEEDS(mg_store_write_async(f->ctx.store, remove_study, &removal, nothing_more, &f->error));
    SUCCEEDS(
        mg_listen_response_create_later(&f->ctx, removal.study, &create, &receipt, note, &answer, &f->error));
    sem_post(&removal.go);
    sem_wait(&answer.come);
    assert_int_equal(answer.rc, MG_E_CONFLICT);
    assert_non_null(strstr(answer.message, "refers to a record that does not exist"));
    assert_string_equal(receipt.id, "untouched");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_in_the_record_when_told),
        TEST(what_is_wrong_at_once_is_said_at_once),
        TEST(what_fails_later_is_told),
    };
    return cmocka_run_group_tests_name("service/listen/response", tests, NULL, NULL);
}
