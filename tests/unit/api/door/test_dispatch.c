/* From a whole request to its reply, without a socket: what is refused with which status, what is answered at
 * once, and what goes to another pool. */
#include "../../service/admin/fixture.h"
#include "../headers.h"

#include "api/door/door.h"
#include "api/door/rate.h"
#include "api/door/router.h"
#include "api/private.h"

#define ID "01ARZ3NDEKTSV4RRFFQ69G5FAV"

struct door {
    struct mg_api api;
    struct mg_login login;
    struct mg_request request;
};

/* The owner's request; its answer is in d->request.reply. */
static enum mg_admitted call(struct door *d, struct fixture *f, const char *method, const char *path,
                             const char *body)
{
    mg_buf_done(&d->request.body);
    mg_buf_done(&d->request.reply.buf);
    d->request = (struct mg_request){.api = &d->api, .method = method, .ctx = f->ctx, .upload_fd = -1};
    d->request.target = mg_arena_printf(f->ctx.arena, "/api/v1%s", path);
    d->request.route = mg_router_find(method, path).route;
    mg_buf_init(&d->request.body, 1 << 16);
    mg_buf_puts(&d->request.body, body);
    return mg_dispatch_admit(&d->request);
}

static void begin(struct door *d, struct fixture *f, const char *type)
{
    set_up_owner(f, &d->login);
    d->api.rates = mg_rates_new();
    GIVEN({"mindgap_session", d->login.token}, {"X-CSRF-Token", d->login.session.csrf_token},
          {"Content-Type", type});
}

static void end(struct door *d)
{
    mg_buf_done(&d->request.body);
    mg_buf_done(&d->request.reply.buf);
    mg_rates_free(d->api.rates);
}

static void a_quick_route_is_answered_at_once(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    begin(&d, f, "application/json");
    assert_int_equal(call(&d, f, "GET", "/organisation", ""), MG_ADMITTED_DONE);
    assert_int_equal(d.request.reply.status, 200);
    assert_non_null(strstr(d.request.reply.buf.data, "北辰热力"));
    assert_int_equal(call(&d, f, "PUT", "/organisation", "{\"name\":\"New\",\"version\":1}"),
                     MG_ADMITTED_DONE);
    assert_int_equal(d.request.reply.status, 200);
    assert_non_null(strstr(d.request.reply.buf.data, "\"New\""));
    end(&d);
}

static void each_fault_has_its_status(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    begin(&d, f, "application/json; charset=utf-8");
    static const struct {
        const char *method, *path, *body;
        unsigned status;
    } cases[] = {{"PUT", "/organisation", "{", 400},
                 {"PUT", "/organisation", "{\"name\":\"\",\"version\":1}", 422},
                 {"PUT", "/organisation", "{\"name\":\"A\",\"version\":9}", 409},
                 {"GET", "/studies/" ID, "", 404},
                 {"GET", "/studies/not-an-id", "", 404}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(call(&d, f, cases[i].method, cases[i].path, cases[i].body), MG_ADMITTED_DONE);
        assert_int_equal(d.request.reply.status, cases[i].status);
        assert_string_equal(d.request.reply.type, "application/problem+json; charset=utf-8");
    }
    GIVEN({"mindgap_session", d.login.token}, {"X-CSRF-Token", d.login.session.csrf_token},
          {"Content-Type", "text/plain"});
    call(&d, f, "PUT", "/organisation", "{\"name\":\"A\",\"version\":1}");
    assert_int_equal(d.request.reply.status, 415);
    GIVEN({NULL, NULL});
    call(&d, f, "GET", "/organisation", "");
    assert_int_equal(d.request.reply.status, 401);
    end(&d);
}

/* Analyses, and what hashes a password; and what needs the engine, until it is known whether it opens. */
static void long_work_is_handed_over(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    begin(&d, f, "application/json");
    assert_int_equal(call(&d, f, "GET", "/studies/" ID "/gaps", ""), MG_ADMITTED_WORK);
    assert_int_equal(
        call(&d, f, "POST", "/users",
             "{\"name\":\"A\",\"email\":\"a@b.example\",\"role\":\"viewer\",\"password\":\"long enough\"}"),
        MG_ADMITTED_WORK);
    assert_int_equal(call(&d, f, "DELETE", "/jobs/" ID, ""), MG_ADMITTED_WORK);
    atomic_store(&d.api.engines_known, true);
    assert_int_equal(call(&d, f, "DELETE", "/jobs/" ID, ""), MG_ADMITTED_DONE);
    assert_int_equal(d.request.reply.status, 404);
    end(&d);
}

/* What is refused never reaches another pool. */
static void a_refusal_is_quick_on_every_route(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    begin(&d, f, "application/json");
    assert_int_equal(call(&d, f, "POST", "/users", "{}"), MG_ADMITTED_DONE);
    assert_int_equal(d.request.reply.status, 422);
    GIVEN({NULL, NULL});
    assert_int_equal(call(&d, f, "GET", "/studies/" ID "/gaps", ""), MG_ADMITTED_DONE);
    assert_int_equal(d.request.reply.status, 401);
    end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_quick_route_is_answered_at_once),
                                       TEST(each_fault_has_its_status), TEST(long_work_is_handed_over),
                                       TEST(a_refusal_is_quick_on_every_route)};
    return cmocka_run_group_tests_name("dispatch", tests, NULL, NULL);
}
