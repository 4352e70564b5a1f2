/* The waits, and what is counted against what. Signing in itself is tested in test_session.c. */
#include "fixture.h"

#include "base/str.h"
#include "service/admin/throttle.h"

static void waits_double_up_to_their_cap(void **state)
{
    (void)state;
    static const struct {
        enum mg_throttle_count count;
        int64_t failures, wait_s;
    } cases[] = {
        {MG_THROTTLE_PAIR, 0, 0},         {MG_THROTTLE_PAIR, 4, 0},      {MG_THROTTLE_PAIR, 5, 2},
        {MG_THROTTLE_PAIR, 6, 4},         {MG_THROTTLE_PAIR, 13, 512},   {MG_THROTTLE_PAIR, 14, 900},
        {MG_THROTTLE_PAIR, 1000000, 900}, {MG_THROTTLE_ACCOUNT, 19, 0},  {MG_THROTTLE_ACCOUNT, 20, 2},
        {MG_THROTTLE_ACCOUNT, 24, 32},    {MG_THROTTLE_ACCOUNT, 25, 60}, {MG_THROTTLE_ACCOUNT, 1000000, 60},
        {MG_THROTTLE_ADDRESS, 99, 0},     {MG_THROTTLE_ADDRESS, 100, 2}, {MG_THROTTLE_ADDRESS, 109, 900},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(mg_throttle_wait(cases[i].count, cases[i].failures), cases[i].wait_s);
}

static int try(struct fixture *f, const char *account, const char *address, int64_t *ret_wait_s)
{
    struct mg_throttle attempt;
    return mg_throttle_enter(&f->ctx, account, address, &attempt, ret_wait_s, &f->error);
}

static int write_success(struct mg_db *db, void *user, struct mg_error *error)
{
    return mg_throttle_succeed(db, user, error);
}

static void succeed(struct fixture *f, const char *account, const char *address)
{
    struct mg_throttle attempt;
    int64_t wait_s;
    SUCCEEDS(mg_throttle_enter(&f->ctx, account, address, &attempt, &wait_s, &f->error));
    SUCCEEDS(mg_store_write(f->ctx.store, write_success, &attempt, &f->error));
}

static void refusals_are_not_counted(void **state)
{
    struct fixture *f = *state;
    int64_t wait_s = 0;
    for (int i = 0; i < 5; i++)
        SUCCEEDS(try(f, "a", "1", &wait_s));
    for (int i = 0; i < 30; i++) {
        assert_int_equal(try(f, "a", "1", &wait_s), MG_E_THROTTLED);
        assert_int_equal(wait_s, 2);
    }
    pass_time(f, 2 * SECOND_US);
    SUCCEEDS(try(f, "a", "1", &wait_s));
    assert_int_equal(try(f, "a", "1", &wait_s), MG_E_THROTTLED);
    assert_int_equal(wait_s, 4);
}

static void success_forgives_its_own_failures_only(void **state)
{
    struct fixture *f = *state;
    int64_t wait_s = 0;
    for (int i = 0; i < 19; i++) { /* of one account from 19 addresses: one short of the limit */
        char address[8];
        snprintf(address, sizeof address, "%d", i);
        SUCCEEDS(try(f, "a", address, &wait_s));
    }
    succeed(f, "a", "home"); /* counted as the 20th until it proved right */
    SUCCEEDS(try(f, "a", "elsewhere", &wait_s));
    assert_int_equal(try(f, "a", "elsewhere", &wait_s), MG_E_THROTTLED);
    for (int i = 0; i < 5; i++) /* at home the account's own count doesn't matter */
        SUCCEEDS(try(f, "a", "home", &wait_s));
    assert_int_equal(try(f, "a", "home", &wait_s), MG_E_THROTTLED);
    SUCCEEDS(try(f, "b", "elsewhere", &wait_s)); /* nor does it concern others */
}

static void an_address_is_known_for_a_month(void **state)
{
    struct fixture *f = *state;
    int64_t wait_s = 0, day = 24 * 3600 * SECOND_US;
    succeed(f, "a", "home");
    for (int round = 0; round < 2; round++) {
        pass_time(f, round ? 2 * day : 29 * day);
        for (int i = 0; i < 20; i++) {
            char address[16];
            snprintf(address, sizeof address, "%d.%d", round, i);
            SUCCEEDS(try(f, "a", address, &wait_s));
        }
        assert_int_equal(try(f, "a", "home", &wait_s), round ? MG_E_THROTTLED : 0);
    }
}

static void a_network_of_ipv6_counts_as_one_address(void **state)
{
    struct fixture *f = *state;
    int64_t wait_s = 0;
    for (int i = 0; i < 5; i++) {
        char address[48];
        snprintf(address, sizeof address, "2001:db8:0:1::%x", i + 1);
        SUCCEEDS(try(f, "a", address, &wait_s));
    }
    assert_int_equal(try(f, "a", "2001:0db8:0000:0001:ffff::9", &wait_s), MG_E_THROTTLED);
    SUCCEEDS(try(f, "a", "2001:db8:0:2::1", &wait_s));
    for (int i = 0; i < 5; i++) {
        char address[48];
        snprintf(address, sizeof address, "::ffff:192.0.2.%d", i + 1);
        SUCCEEDS(try(f, "b", address, &wait_s));
    }
    SUCCEEDS(try(f, "b", "::ffff:192.0.2.9", &wait_s));
}

static int write_sweep(struct mg_db *db, void *user, struct mg_error *error)
{
    int64_t removed = -1;
    int rc = mg_throttle_sweep(db, *(int64_t *)user, &removed, error);
    assert_int_equal(removed, 0);
    return rc;
}

static void sweeping_keeps_what_counts(void **state)
{
    struct fixture *f = *state;
    int64_t wait_s = 0;
    for (int i = 0; i < 5; i++)
        SUCCEEDS(try(f, "a", "1", &wait_s));
    SUCCEEDS(mg_store_write(f->ctx.store, write_sweep, &f->ctx.clock.fixed_us, &f->error));
    assert_int_equal(try(f, "a", "1", &wait_s), MG_E_THROTTLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_up_to_their_cap), TEST(refusals_are_not_counted),
        TEST(success_forgives_its_own_failures_only),   TEST(an_address_is_known_for_a_month),
        TEST(a_network_of_ipv6_counts_as_one_address),  TEST(sweeping_keeps_what_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
