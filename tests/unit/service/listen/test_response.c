/* Responses one by one: what a key says, and which come first. Those whose maker doesn't wait: answered once,
 * when they are in the record or with what went wrong; nothing is touched by then but by the one who answers.
 */
#include "fixture.h"

#include <semaphore.h>

#include "service/record/customer.h"
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
    const struct mg_wire_response_create create = {.answers = sent(f, "{\"E1\":5,\"P1\":9}"), .wave = "W1"};
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
    const struct mg_wire_response_create create = {.answers = sent(f, "{\"E9\":5}")};
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
    return mg_sql_study_hide(db, removal->f->ctx.caller.org_id, removal->study, NULL, error);
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
    const struct mg_wire_response_create create = {.answers = sent(f, "{\"E1\":5}")};
    f->ctx.store->engine = &mg_store_sqlite; /* one run of each: the removal waits for what comes after it */
    sem_init(&removal.go, 0, 0);
    sem_init(&answer.come, 0, 0);
    SUCCEEDS(mg_store_write_async(f->ctx.store, remove_study, &removal, nothing_more, &f->error));
    SUCCEEDS(
        mg_listen_response_create_later(&f->ctx, removal.study, &create, &receipt, note, &answer, &f->error));
    sem_post(&removal.go);
    sem_wait(&answer.come);
    assert_int_equal(answer.rc, MG_E_NOT_FOUND);
    assert_string_equal(answer.message, "There is no such study.");
    assert_string_equal(receipt.id, "untouched");
}

/* --- keys --- */

#define ANSWERS "{\"E1\":5,\"P1\":6}"

static int create(struct fixture *f, const char *study, struct mg_wire_response_create request,
                  struct mg_wire_response_receipt *ret)
{
    request.idempotency_key = "key-of-one";
    return mg_listen_response_create(&f->ctx, study, &request, ret, &f->error);
}

static void a_repeated_request_has_the_first_answer(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_response_receipt first, again;
    const struct mg_wire_response_create whole = {.answers = sent(f, ANSWERS),
                                                  .customer = "C-1",
                                                  .wave = "W1",
                                                  .channel = "till",
                                                  .at = "2026-01-18T13:40:00Z",
                                                  .weight = 2,
                                                  .has_weight = true};
    SUCCEEDS(create(f, study, whole, &first));
    SUCCEEDS(create(f, study, whole, &again));
    assert_string_equal(first.id, again.id);
    assert_int_equal(count_record(f, study), 1);
}

/* The time of a request that gives none is another one each time; columns may have changed places. */
static void what_the_sender_did_not_say_makes_no_difference(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_response_receipt first, again;
    SUCCEEDS(create(f, study, (struct mg_wire_response_create){.answers = sent(f, ANSWERS)}, &first));
    SUCCEEDS(create(f, study,
                    (struct mg_wire_response_create){.answers = sent(f, "{\"P1\":6,\"E1\":5,\"nps\":null}"),
                                                     .customer = ""},
                    &again));
    assert_string_equal(first.id, again.id);
    assert_int_equal(count_record(f, study), 1);
}

static void another_request_with_the_same_key_is_refused(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study), *other = NULL;
    const struct mg_wire_response_create others[] = {
        {.answers = sent(f, "{\"E1\":5,\"P1\":7}")},
        {.answers = sent(f, "{\"E1\":5}")},
        {.answers = sent(f, ANSWERS), .customer = "C-9"},
        {.answers = sent(f, ANSWERS), .wave = "W1"},
        {.answers = sent(f, ANSWERS), .channel = "till"},
        {.answers = sent(f, ANSWERS), .weight = 2, .has_weight = true},
        {.answers = sent(f, ANSWERS), .at = "2026-01-18T13:40:00Z"},
    };
    struct mg_wire_response_receipt first, receipt = {.id = "untouched"};
    struct mg_wire_customer_list customers;
    SUCCEEDS(create(f, study, (struct mg_wire_response_create){.answers = sent(f, ANSWERS)}, &first));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (create(f, study, others[i], &receipt) != MG_E_CONFLICT)
            fail_msg("%zu", i);
        assert_string_equal(f->error.field, "/idempotency_key");
        assert_string_equal(receipt.id, "untouched");
    }
    assert_int_equal(count_record(f, study), 1);
    SUCCEEDS(mg_record_customer_list(&f->ctx, NULL, NULL, 10, &customers, &f->error));
    assert_int_equal(customers.total, 0); /* nothing of what was refused is left */
    other = add_study(f, "{\"study\":\"water\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\","
                         "\"expectation\":\"E1\",\"perception\":\"P1\"}]}");
    SUCCEEDS(create(f, other, others[0], &receipt)); /* a key is one study's */
}

static void the_newest_come_first_and_then_those_before(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_response_create request = {.answers = sent(f, ANSWERS)};
    struct mg_wire_response_receipt receipts[3];
    struct mg_wire_response_list list;
    for (int i = 0; i < 3; i++)
        SUCCEEDS(mg_listen_response_create(&f->ctx, study, &request, &receipts[i], &f->error));
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 1, &list, &f->error));
    const char *newest = list.responses[0].id;
    for (int i = 0; i < 3; i++)
        assert_true(strcmp(receipts[i].id, newest) <= 0);
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, newest, 10, &list, &f->error));
    assert_int_equal(list.n_responses, 2);
    assert_true(strcmp(list.responses[1].id, list.responses[0].id) < 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_in_the_record_when_told),
        TEST(what_is_wrong_at_once_is_said_at_once),
        TEST(what_fails_later_is_told),
        TEST(a_repeated_request_has_the_first_answer),
        TEST(what_the_sender_did_not_say_makes_no_difference),
        TEST(another_request_with_the_same_key_is_refused),
        TEST(the_newest_come_first_and_then_those_before),
    };
    return cmocka_run_group_tests_name("service/listen/response", tests, NULL, NULL);
}
