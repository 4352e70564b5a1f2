/* The headers of an answer, by name: what every answer carries, what a reply may say otherwise, and that each
 * comes once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../headers.h"

#include "api/door/cache.h"
#include "api/http/http.h"
#include "api/http/request.h"
#include "api/private.h"
#include "base/str.h"

static struct mg_api api;

static struct mg_request *request_new(void)
{
    struct mg_request *request = calloc(1, sizeof *request);
    request->ctx.arena = mg_arena_new(1 << 20);
    request->api = &api;
    strcpy(request->id, "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    request->reply.status = 200;
    GIVEN({NULL, NULL});
    return request;
}

static void request_free(struct mg_request *request)
{
    MHD_destroy_response(request->response);
    mg_buf_done(&request->reply.buf);
    mg_arena_free(request->ctx.arena);
    free(request);
}

struct counted {
    const char *name, *value;
    int n;
};

static enum MHD_Result count(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct counted *counted = user;
    (void)kind;
    if (strcasecmp(name, counted->name) == 0) {
        counted->value = value;
        counted->n++;
    }
    return MHD_YES;
}

/* The one value of a header; NULL: there is none. */
static const char *header(const struct mg_request *request, const char *name)
{
    struct counted counted = {.name = name};
    MHD_get_response_headers(request->response, count, &counted);
    if (counted.n > 1)
        fail_msg("%s comes %d times", name, counted.n);
    return counted.value;
}

static void put_json(struct mg_request *request, size_t n)
{
    mg_buf_init(&request->reply.buf, 1 << 20);
    for (size_t i = 0; i < n; i++)
        mg_buf_putc(&request->reply.buf, 'x');
    request->reply.type = "application/json; charset=utf-8";
}

static void every_answer_is_guarded(void **state)
{
    (void)state;
    static const char *const expected[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
        {"Cache-Control", "no-store"},
        {"Vary", "Accept-Encoding, Accept-Language"},
        {"X-Request-Id", "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
        {"Content-Type", "application/json; charset=utf-8"},
    };
    struct mg_request *request = request_new();
    put_json(request, 10);
    mg_respond(request);
    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        assert_string_equal(header(request, expected[i][0]), expected[i][1]);
    const char *policy = header(request, "Content-Security-Policy");
    static const char *const words[] = {"default-src 'self'", "script-src 'self';", "object-src 'none'",
                                        "base-uri 'none'", "frame-ancestors 'none'"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        assert_non_null(strstr(policy, words[i]));
    assert_null(strstr(policy, "unsafe-eval"));
    assert_null(header(request, "Strict-Transport-Security"));
    assert_null(header(request, "Content-Encoding"));
    assert_null(header(request, "Connection"));
    request_free(request);
}

static void a_reply_says_otherwise_by_name(void **state)
{
    (void)state;
    struct mg_request *request = request_new();
    mg_reply_header(request, "Cache-Control", "public, max-age=31536000, immutable");
    mg_reply_header(request, "Content-Security-Policy", "sandbox");
    mg_reply_header(request, "Content-Disposition", "attachment; filename=\"a.csv\"");
    mg_reply_header(request, "Cache-Control", "no-cache"); /* the later one stays */
    mg_respond(request);
    assert_string_equal(header(request, "Cache-Control"), "no-cache");
    assert_string_equal(header(request, "Content-Security-Policy"), "sandbox");
    assert_string_equal(header(request, "Content-Disposition"), "attachment; filename=\"a.csv\"");
    assert_string_equal(header(request, "X-Content-Type-Options"), "nosniff");
    assert_null(header(request, "Content-Type")); /* no body */
    request_free(request);
}

static void large_answers_are_compressed_for_who_takes_it(void **state)
{
    (void)state;
    static const struct {
        size_t bytes;
        const char *accepts, *encoding;
    } cases[] = {
        {5000, "gzip, br", "gzip"}, {5000, NULL, NULL}, {5000, "gzip;q=0", NULL}, {1023, "gzip", NULL}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_request *request = request_new();
        GIVEN({cases[i].accepts ? "Accept-Encoding" : NULL, cases[i].accepts});
        put_json(request, cases[i].bytes);
        mg_respond(request);
        const char *encoding = header(request, "Content-Encoding");
        assert_true(mg_str_equal(encoding, cases[i].encoding));
        request_free(request);
    }
}

static void what_is_kept_has_a_tag_and_isnt_sent_twice(void **state)
{
    (void)state;
    struct mg_cache *cache = mg_cache_new(1 << 20);
    char tag[64];
    for (int again = 0; again < 2; again++) {
        struct mg_request *request = request_new();
        const struct mg_cached *kept =
            again ? mg_cache_find(cache, "key") : mg_cache_put(cache, "key", strdup("{}"), 2);
        if (again)
            GIVEN({"If-None-Match", tag});
        request->reply.cached = kept;
        request->reply.type = "application/json; charset=utf-8";
        mg_respond(request);
        assert_int_equal(request->reply.status, again ? 304 : 200);
        assert_string_equal(header(request, "Cache-Control"), "private, no-cache");
        assert_true(again == !header(request, "Content-Type"));
        snprintf(tag, sizeof tag, "%s", header(request, "ETag"));
        assert_true(tag[0] == '"' && strlen(tag) == 34);
        request_free(request);
    }
    mg_cache_free(cache);
}

static void behind_https(void **state)
{
    (void)state;
    struct mg_request *request = request_new();
    api.options.behind_https = true;
    mg_reply_session_cookie(request, "token", 60);
    mg_respond(request);
    api.options.behind_https = false;
    assert_string_equal(header(request, "Strict-Transport-Security"), "max-age=31536000");
    assert_string_equal(
        header(request, "Set-Cookie"),
        "__Host-mindgap_session=token; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure");
    request_free(request);
    request = request_new();
    mg_reply_session_cookie(request, "", 0);
    mg_respond(request);
    assert_string_equal(header(request, "Set-Cookie"),
                        "mindgap_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    request_free(request);
}

static void a_connection_that_ends_says_so(void **state)
{
    (void)state;
    struct mg_request *request = request_new();
    request->closes = true;
    mg_respond(request);
    assert_string_equal(header(request, "Connection"), "close");
    request_free(request);
    request = request_new();
    atomic_store(&api.stopping, true);
    mg_respond(request);
    atomic_store(&api.stopping, false);
    assert_string_equal(header(request, "Connection"), "close");
    request_free(request);
}

/* A body that found no memory: the shortest answer, guarded like the others. */
static void a_body_that_failed_is_503(void **state)
{
    (void)state;
    struct mg_request *request = request_new();
    mg_buf_init(&request->reply.buf, 4);
    mg_buf_puts(&request->reply.buf, "too long for this");
    request->reply.type = "application/json; charset=utf-8";
    mg_respond(request);
    assert_int_equal(request->reply.status, 503);
    assert_null(header(request, "Content-Type"));
    assert_string_equal(header(request, "X-Content-Type-Options"), "nosniff");
    request_free(request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_is_guarded),
        cmocka_unit_test(a_reply_says_otherwise_by_name),
        cmocka_unit_test(large_answers_are_compressed_for_who_takes_it),
        cmocka_unit_test(what_is_kept_has_a_tag_and_isnt_sent_twice),
        cmocka_unit_test(behind_https),
        cmocka_unit_test(a_connection_that_ends_says_so),
        cmocka_unit_test(a_body_that_failed_is_503),
    };
    return cmocka_run_group_tests_name("respond", tests, NULL, NULL);
}
