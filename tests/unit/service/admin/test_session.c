/* Set-up, signing in, throttling, sessions, CSRF, one's own password. */
#include "fixture.h"

#include "service/admin/audit.h"
#include "service/admin/token.h"

static int sign_in(struct fixture *f, const char *email, const char *password, struct mg_login *ret_login)
{
    struct mg_wire_login_request request = {.email = email, .password = password};
    return mg_login(&f->ctx, &request, "192.0.2.7", ret_login, &f->error);
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
        {"nonsense", "correct horse battery", "/email"},
        {"a b@example.com", "correct horse battery", "/email"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mg_wire_setup_request request = {
            .organisation = "O", .name = "N", .email = cases[i].email, .password = cases[i].password};
        struct mg_login login;
        assert_int_equal(mg_setup(&f->ctx, &request, &login, &f->error), MG_E_INVALID);
        assert_string_equal(f->error.field, cases[i].field);
    }
    assert_int_equal(mg_password_check("十个汉字也可以作密码", NULL, &f->error), 0);
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

static void a_new_password_ends_other_sessions(void **state)
{
    struct fixture *f = *state;
    struct mg_login here, there, login;
    set_up_owner(f, &here);
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &there), 0);
    struct mg_wire_password_change change = {.current = "not this one", .password = "staple for a horse"};
    assert_int_equal(mg_password_change(&f->ctx, &change, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "/current");
    change.current = "correct horse battery";
    SUCCEEDS(mg_password_change(&f->ctx, &change, &f->error));
    assert_int_equal(mg_session_resolve(&f->ctx, there.token, &f->error), MG_E_UNAUTHENTICATED);
    SUCCEEDS(mg_session_resolve(&f->ctx, here.token, &f->error));
    assert_int_equal(sign_in(f, "owner@example.com", "correct horse battery", &login), MG_E_UNAUTHENTICATED);
    assert_int_equal(sign_in(f, "owner@example.com", "staple for a horse", &login), 0);
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
        TEST(sessions_end_when_idle_and_at_last),
        TEST(a_new_password_ends_other_sessions),
        TEST(preferences_change_and_leave_a_trail),
        TEST(messages_come_in_the_callers_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
