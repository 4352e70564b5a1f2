/* Set-up, signing in, throttling, sessions, CSRF, one's own password. */
#include "fixture.h"

#include "service/admin/audit.h"

static int sign_in_from(struct fixture *f, const char *address, const char *email, const char *password,
                        struct mg_login *ret_login, int64_t *ret_wait_s)
{
    struct mg_wire_login_request request = {.email = email, .password = password};
    return mg_login(&f->ctx, &request, address, ret_login, ret_wait_s, &f->error);
}

static int sign_in(struct fixture *f, const char *email, const char *password, struct mg_login *ret_login)
{
    int64_t wait_s;
    return sign_in_from(f, "192.0.2.7", email, password, ret_login, &wait_s);
}

static void set_up_works_once(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_setup_state needed;
    SUCCEEDS(mg_setup_state(&f->ctx, &needed, &f->error));
    assert_true(needed.needed);
    struct mg_login login, second;
    set_up_owner(f, &login);
    assert_string_equal(login.session.user.email, "owner@example.com");
    assert_int_equal(login.session.user.role, MG_WIRE_ROLE_OWNER);
    assert_string_equal(login.session.organisation.name, "北辰热力");
    assert_int_equal(f->ctx.caller.role, MG_ROLE_OWNER);
    SUCCEEDS(mg_setup_state(&f->ctx, &needed, &f->error));
    assert_false(needed.needed);
    struct mg_wire_setup_request again = {
        .organisation = "Other", .name = "X", .email = "x@example.com", .password = "correct horse battery"};
    assert_int_equal(mg_setup(&f->ctx, &again, &second, &f->error), MG_E_CONFLICT);
}

static void set_up_refuses_bad_passwords_and_addresses(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *email, *password, *field;
    } cases[] = {
        {"a@example.com", "short", "/password"},
        {"a@example.com", "1234567890", "/password"},
        {"a@example.com", "PASSWORD123", "/password"},
        {"alice@example.com", "alice@example.com", "/password"},
        {"alice.smith@example.com", "Alice.Smith", "/password"},
        {"a@example.com", "Ann Elizabeth", "/password"},
        {"a@example.com", "northernheat", "/password"},
        {"a@example.com", "            ", "/password"},
        {"nonsense", "correct horse battery", "/email"},
        {"a b@example.com", "correct horse battery", "/email"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mg_wire_setup_request request = {.organisation = "Northern Heat",
                                                .name = "Ann Elizabeth",
                                                .email = cases[i].email,
                                                .password = cases[i].password};
        struct mg_login login;
        assert_int_equal(mg_setup(&f->ctx, &request, &login, &f->error), MG_E_INVALID);
        assert_string_equal(f->error.field, cases[i].field);
    }
}

static void signing_in_and_out(void **state)
{
    struct fixture *f = *state;
    struct mg_login first, login;
    set_up_owner(f, &first);
    assert_int_equal(sign_in(f, "OWNER@example.COM", "correct horse battery", &login), 0);
    assert_string_not_equal(first.token, login.token);
    SUCCEEDS(mg_session_resolve(&f->ctx, login.token, &f->error));
    struct mg_wire_session session;
    SUCCEEDS(mg_session_get(&f->ctx, login.token, &session, &f->error));
    assert_string_equal(session.csrf_token, login.session.csrf_token);
    assert_true(mg_csrf_valid(login.token, session.csrf_token));
    assert_false(mg_csrf_valid(first.token, session.csrf_token));
    assert_false(mg_csrf_valid(login.token, NULL));
    assert_false(mg_csrf_valid(login.token, ""));
    SUCCEEDS(mg_logout(&f->ctx, &f->error));
    assert_int_equal(mg_session_resolve(&f->ctx, login.token, &f->error), MG_E_UNAUTHENTICATED);
    SUCCEEDS(mg_session_resolve(&f->ctx, first.token, &f->error));
}

static void wrong_password_and_unknown_account_say_the_same(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    assert_int_equal(sign_in(f, "owner@example.com", "wrong horse battery", &login), MG_E_UNAUTHENTICATED);
    struct mg_error wrong = f->error;
    assert_int_equal(sign_in(f, "nobody@example.com", "wrong horse battery", &login), MG_E_UNAUTHENTICATED);
    assert_string_equal(wrong.message, f->error.message);
    assert_int_equal(sign_in(f, "not an address", "", &login), MG_E_UNAUTHENTICATED);
}

static void repeated_failures_are_throttled_and_forgotten_by_success(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    for (int i = 0; i < 5; i++)
        assert_int_equal(sign_in(f, "owner@example.com", "wrong horse battery", &login),
                         MG_E_UNAUTHENTICATED);
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), MG_E_THROTTLED);
    assert_int_equal(sign_in(f, "other@example.com", "whatever it may be", &login), MG_E_UNAUTHENTICATED);
    pass_time(f, 3 * SECOND_US);
    assert_int_equal(sign_in(f, "owner@example.com", "wrong horse battery", &login), MG_E_UNAUTHENTICATED);
    pass_time(f, 3 * SECOND_US);
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), MG_E_THROTTLED);
    pass_time(f, 2 * SECOND_US);
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), 0);
    assert_int_equal(sign_in(f, "owner@example.com", "wrong horse battery", &login), MG_E_UNAUTHENTICATED);
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), 0);
}

static void one_address_cannot_try_all_accounts(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    int rc = 0, tries = 0;
    for (; tries < 150 && rc != MG_E_THROTTLED; tries++) {
        char email[40];
        snprintf(email, sizeof email, "user%d",
                 tries); /* no address: refused without the slow hash of another */
        rc = sign_in(f, email, "", &login);
        pass_time(f, 20 * SECOND_US / 10);
    }
    assert_int_equal(rc, MG_E_THROTTLED);
    assert_true(tries <= 101);
}

/* The same guesses from many addresses: each of them has free tries of its own, the account doesn't. */
static void many_addresses_do_not_buy_many_guesses(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    int evaluated = 0;
    int64_t longest = 0;
    for (int i = 0; i < 120; i++) {
        char address[40];
        int64_t wait_s = 0;
        snprintf(address, sizeof address, "198.51.100.%d", i / 2);
        int rc = sign_in_from(f, address, "owner@example.com", "wrong horse battery", &login, &wait_s);
        evaluated += rc == MG_E_UNAUTHENTICATED;
        longest = wait_s > longest ? wait_s : longest;
    }
    assert_int_equal(evaluated, 20);
    assert_int_equal(longest, 2);
    for (int i = 0; i < 12; i++) { /* patient guessers wait, up to a minute each time */
        char address[40];
        int64_t wait_s = 0;
        snprintf(address, sizeof address, "203.0.113.%d", i);
        assert_int_equal(sign_in_from(f, address, "owner@example.com", "x", &login, &wait_s), MG_E_THROTTLED);
        longest = wait_s;
        pass_time(f, wait_s * SECOND_US);
        assert_int_equal(sign_in_from(f, address, "owner@example.com", "x", &login, &wait_s),
                         MG_E_UNAUTHENTICATED);
    }
    assert_int_equal(longest, 60);
}

static void guessers_elsewhere_do_not_lock_the_owner_out(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    int64_t wait_s = 0;
    set_up_owner(f, &login);
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), 0);
    for (int i = 0; i < 40; i++) {
        char address[40];
        snprintf(address, sizeof address, "198.51.100.%d", i);
        sign_in_from(f, address, "owner@example.com", "wrong horse battery", &login, &wait_s);
    }
    assert_int_equal(sign_in(f, "owner@example.com", "wrong horse battery", &login), MG_E_UNAUTHENTICATED);
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), 0);
    /* From an address that isn't known the wait is short, and then the address is known. */
    assert_int_equal(
        sign_in_from(f, "203.0.113.1", "owner@example.com", "correct horse battery", &login, &wait_s),
        MG_E_THROTTLED);
    assert_true(wait_s <= 60);
    pass_time(f, wait_s * SECOND_US);
    assert_int_equal(
        sign_in_from(f, "203.0.113.1", "owner@example.com", "correct horse battery", &login, &wait_s), 0);
}

static void a_clock_set_back_makes_no_long_wait(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    int64_t wait_s = 0;
    set_up_owner(f, &login);
    pass_time(f, 40 * 24 * 3600 * SECOND_US);
    for (int i = 0; i < 6; i++)
        sign_in(f, "owner@example.com", "wrong horse battery", &login);
    pass_time(f, -40 * 24 * 3600 * SECOND_US);
    assert_int_equal(
        sign_in_from(f, "192.0.2.7", "owner@example.com", "correct horse battery", &login, &wait_s),
        MG_E_THROTTLED);
    assert_int_equal(wait_s, 2);
    pass_time(f, wait_s * SECOND_US); /* and the wait ends although the failures still lie ahead */
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), 0);
}

static void sessions_end_when_idle_and_at_last(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    pass_time(f, MG_SESSION_IDLE_US - SECOND_US);
    SUCCEEDS(mg_session_resolve(&f->ctx, login.token, &f->error)); /* and is noted as used now */
    SUCCEEDS(mg_session_sweep(&f->ctx, &f->error)); /* waits for that note: the writer keeps order */
    pass_time(f, MG_SESSION_IDLE_US - SECOND_US);
    SUCCEEDS(mg_session_resolve(&f->ctx, login.token, &f->error));
    SUCCEEDS(mg_session_sweep(&f->ctx, &f->error));
    pass_time(f, MG_SESSION_IDLE_US + SECOND_US);
    assert_int_equal(mg_session_resolve(&f->ctx, login.token, &f->error), MG_E_UNAUTHENTICATED);
    struct mg_login other;
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &other), 0);
    for (int64_t age = 0; age < MG_SESSION_LIFE_US; age += MG_SESSION_IDLE_US / 2) {
        SUCCEEDS(mg_session_resolve(&f->ctx, other.token, &f->error));
        SUCCEEDS(mg_session_sweep(&f->ctx, &f->error));
        pass_time(f, MG_SESSION_IDLE_US / 2);
    }
    assert_int_equal(mg_session_resolve(&f->ctx, other.token, &f->error), MG_E_UNAUTHENTICATED);
}

static void a_sweep_ends_when_asked(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    struct mg_stop stop;
    set_up_owner(f, &login);
    pass_time(f, 2 * MG_SESSION_LIFE_US);
    mg_stop_init(&stop);
    mg_stop_ask(&stop, MG_STOP_ENDING);
    f->ctx.stop = &stop;
    assert_int_equal(mg_session_sweep(&f->ctx, &f->error), MG_E_BUSY);
    f->ctx.stop = NULL;
    mg_stop_done(&stop);
    SUCCEEDS(mg_session_sweep(&f->ctx, &f->error));
}

static void a_new_password_ends_other_sessions(void **state)
{
    struct fixture *f = *state;
    struct mg_login here, there, login;
    set_up_owner(f, &here);
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &there), 0);
    struct mg_wire_password_change change = {.current = "not this one", .password = "staple for a horse"};
    int64_t wait_s = 0;
    assert_int_equal(mg_password_change(&f->ctx, &change, "192.0.2.7", &wait_s, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "/current");
    change.current = "correct horse battery";
    SUCCEEDS(mg_password_change(&f->ctx, &change, "192.0.2.7", &wait_s, &f->error));
    assert_int_equal(mg_session_resolve(&f->ctx, there.token, &f->error), MG_E_UNAUTHENTICATED);
    SUCCEEDS(mg_session_resolve(&f->ctx, here.token, &f->error));
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), MG_E_UNAUTHENTICATED);
    assert_int_equal(sign_in(f, "owner@example.com", "staple for a horse", &login), 0);
}

static void guessing_the_current_password_is_slowed_down(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    int64_t wait_s = 0;
    set_up_owner(f, &login);
    struct mg_wire_password_change change = {.current = "not this one", .password = "staple for a horse"};
    for (int i = 0; i < 5; i++)
        assert_int_equal(mg_password_change(&f->ctx, &change, "192.0.2.7", &wait_s, &f->error), MG_E_INVALID);
    change.current = "correct horse battery";
    assert_int_equal(mg_password_change(&f->ctx, &change, "192.0.2.7", &wait_s, &f->error), MG_E_THROTTLED);
    assert_int_equal(wait_s, 2);
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), MG_E_THROTTLED);
    pass_time(f, 2 * SECOND_US);
    change.password = "Owner@Example.com";
    assert_int_equal(mg_password_change(&f->ctx, &change, "192.0.2.7", &wait_s, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "/password");
    change.password = "staple for a horse";
    SUCCEEDS(mg_password_change(&f->ctx, &change, "192.0.2.7", &wait_s, &f->error));
}

static void preferences_change_and_leave_a_trail(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    struct mg_wire_preferences preferences = {.name = "王敏", .language = MG_WIRE_LANGUAGE_EN};
    struct mg_wire_session session;
    SUCCEEDS(mg_preferences_set(&f->ctx, login.token, &preferences, &session, &f->error));
    assert_string_equal(session.user.name, "王敏");
    assert_int_equal(session.user.language, MG_WIRE_LANGUAGE_EN);
    struct mg_wire_audit_list list;
    SUCCEEDS(mg_audit_list(&f->ctx, NULL, 100, &list, &f->error));
    assert_int_equal(list.n_entries, 4); /* org, user, login, update */
    bool found = false;
    for (size_t i = 0; i < list.n_entries; i++) {
        if (strcmp(list.entries[i].action, "update") != 0)
            continue;
        found = true;
        assert_non_null(strstr(list.entries[i].before, "Wang Min"));
        assert_non_null(strstr(list.entries[i].after, "王敏"));
        assert_null(strstr(list.entries[i].after, "argon2"));
    }
    assert_true(found);
}

static void messages_come_in_the_callers_language(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    f->error.lang = MG_LANG_ZH;
    assert_int_equal(sign_in(f, "nobody@example.com", "whatever it may be", &login), MG_E_UNAUTHENTICATED);
    assert_non_null(strstr(f->error.message, "密码"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(set_up_works_once),
        TEST(set_up_refuses_bad_passwords_and_addresses),
        TEST(signing_in_and_out),
        TEST(wrong_password_and_unknown_account_say_the_same),
        TEST(repeated_failures_are_throttled_and_forgotten_by_success),
        TEST(one_address_cannot_try_all_accounts),
        TEST(many_addresses_do_not_buy_many_guesses),
        TEST(guessers_elsewhere_do_not_lock_the_owner_out),
        TEST(a_clock_set_back_makes_no_long_wait),
        TEST(sessions_end_when_idle_and_at_last),
        TEST(a_sweep_ends_when_asked),
        TEST(a_new_password_ends_other_sessions),
        TEST(guessing_the_current_password_is_slowed_down),
        TEST(preferences_change_and_leave_a_trail),
        TEST(messages_come_in_the_callers_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
