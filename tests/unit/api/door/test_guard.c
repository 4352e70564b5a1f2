/* Who gets through the door: hosts, sites, sessions with their token, roles as sets, keys with their scopes.
 */
#include "../../service/admin/fixture.h"
#include "../headers.h"

#include "api/door/door.h"
#include "api/door/rate.h"
#include "api/door/router.h"
#include "api/private.h"
#include "service/admin/key.h"

struct door {
    struct mg_api api;
    struct mg_login login;
    struct mg_route route; /* a copy that a test may change */
    struct mg_request request;
};

/* A request of the owner's browser, fresh. */
static void ask(struct door *d, struct fixture *f, const char *method, const char *path)
{
    d->route = *mg_router_find(method, path).route;
    d->request = (struct mg_request){.api = &d->api, .method = method, .route = &d->route, .ctx = f->ctx};
    d->request.ctx.caller = (struct mg_caller){0};
}

static int caller(struct door *d, struct fixture *f)
{
    f->error = (struct mg_error){0};
    return mg_guard_caller(&d->request, &f->error);
}

static void only_its_own_names_are_answered(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"mind.example"};
    static const struct {
        const char *host;
        bool known;
    } cases[] = {{"127.0.0.1", true},       {"localhost:8080", true},     {"[::1]:8080", true},
                 {"LOCALHOST", true},       {"mind.example:443", true},   {"evil.example", false},
                 {"localhost.evil", false}, {"mind.example.evil", false}, {NULL, false}};
    struct mg_api api = {.loopback = true, .options = {.hosts = names, .n_hosts = 1}};
    struct mg_request request = {.api = &api};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        GIVEN({"Host", cases[i].host});
        assert_int_equal(mg_guard_host(&request, &f->error), cases[i].known ? 0 : MG_E_INVALID);
    }
    api = (struct mg_api){.loopback = false};
    assert_int_equal(mg_guard_host(&request, &f->error), 0); /* no names were given: any */
}

static void what_anybody_may_call_asks_for_nothing(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    GIVEN({NULL, NULL});
    ask(&d, f, "GET", "/setup");
    assert_int_equal(caller(&d, f), 0);
    ask(&d, f, "GET", "/users");
    assert_int_equal(caller(&d, f), MG_E_UNAUTHENTICATED);
}

static void a_browser_brings_its_cookie_and_token(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    set_up_owner(f, &d.login);
    const char *token = d.login.token, *csrf = d.login.session.csrf_token;
    GIVEN({"mindgap_session", token});
    ask(&d, f, "GET", "/users");
    assert_int_equal(caller(&d, f), 0);
    assert_string_equal(d.request.ctx.caller.org_id, f->ctx.caller.org_id);
    assert_int_equal(d.request.ctx.scope.n_units, 0); /* the whole organisation */
    ask(&d, f, "POST", "/users");
    assert_int_equal(caller(&d, f), MG_E_FORBIDDEN);
    GIVEN({"mindgap_session", token}, {"X-CSRF-Token", csrf});
    ask(&d, f, "POST", "/users");
    assert_int_equal(caller(&d, f), 0);
    GIVEN({"mindgap_session", token}, {"X-CSRF-Token", csrf}, {"Sec-Fetch-Site", "cross-site"});
    ask(&d, f, "POST", "/users");
    assert_int_equal(caller(&d, f), MG_E_FORBIDDEN);
    GIVEN({"mindgap_session", token}, {"X-CSRF-Token", csrf}, {"Origin", "http://a.example"},
          {"Host", "b.example"});
    ask(&d, f, "POST", "/users");
    assert_int_equal(caller(&d, f), MG_E_FORBIDDEN);
    GIVEN({"__Host-mindgap_session", token}); /* the name behind HTTPS isn't known here */
    ask(&d, f, "GET", "/users");
    assert_int_equal(caller(&d, f), MG_E_UNAUTHENTICATED);
}

/* Membership, not rank: an owner isn't let in where only trainers are. */
static void roles_are_a_set(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    set_up_owner(f, &d.login);
    GIVEN({"mindgap_session", d.login.token});
    ask(&d, f, "GET", "/users");
    d.route.roles = 1u << MG_ROLE_TRAINER;
    assert_int_equal(caller(&d, f), MG_E_FORBIDDEN);
    ask(&d, f, "GET", "/users");
    d.route.roles = 1u << MG_ROLE_VIEWER | 1u << MG_ROLE_OWNER;
    assert_int_equal(caller(&d, f), 0);
    ask(&d, f, "GET", "/users");
    d.route.roles = 0;
    assert_int_equal(caller(&d, f), MG_E_FORBIDDEN);
}

static void a_key_may_what_its_scope_covers(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    set_up_owner(f, &d.login);
    const enum mg_wire_scope read[] = {MG_WIRE_SCOPE_READ};
    struct mg_wire_api_key_create create = {.name = "reader", .scopes = read, .n_scopes = 1};
    struct mg_wire_api_key key;
    SUCCEEDS(mg_key_create(&f->ctx, &create, &key, &f->error));
    const char *bearer = mg_arena_printf(f->ctx.arena, "Bearer %s", key.secret);
    GIVEN({"Authorization", bearer});
    static const struct {
        const char *method, *path;
        int rc;
    } cases[] = {{"GET", "/studies", 0},
                 {"POST", "/studies", MG_E_FORBIDDEN},
                 {"GET", "/users", MG_E_FORBIDDEN},
                 {"GET", "/customers", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ask(&d, f, cases[i].method, cases[i].path);
        assert_int_equal(caller(&d, f), cases[i].rc);
    }
    GIVEN({"Authorization", "Basic abc"}, {"mindgap_session", d.login.token}); /* no way round it */
    ask(&d, f, "GET", "/studies");
    assert_int_equal(caller(&d, f), MG_E_UNAUTHENTICATED);
}

static void too_many_calls_are_told_when_to_come_back(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    d.api.rates = mg_rates_new();
    int rc = 0;
    for (int i = 0; i < 200 && !rc; i++) {
        ask(&d, f, "POST", "/session");
        strcpy(d.request.network, "192.0.2.1");
        rc = mg_guard_rate(&d.request, &f->error);
    }
    assert_int_equal(rc, MG_E_THROTTLED);
    assert_string_equal(d.request.reply.headers[0].name, "Retry-After");
    ask(&d, f, "POST", "/session");
    strcpy(d.request.network, "192.0.2.2");
    assert_int_equal(mg_guard_rate(&d.request, &f->error), 0);
    mg_rates_free(d.api.rates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_its_own_names_are_answered),       TEST(what_anybody_may_call_asks_for_nothing),
        TEST(a_browser_brings_its_cookie_and_token), TEST(roles_are_a_set),
        TEST(a_key_may_what_its_scope_covers),       TEST(too_many_calls_are_told_when_to_come_back),
    };
    return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
