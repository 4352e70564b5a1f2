/* Between a whole request and its reply: check, decode, call, encode. Runs in handler threads, in two steps:
 *
 *   admit (quick pool)           who, how often, body and query, the cache; the call itself where the route
 *                                is quick
 *   work (slow or login pool)    the call, with a limit in time
 *   end  (the record's writer)   the answer to a call that didn't wait for the disk: intake
 *
 * so that what is refused or kept is answered whatever the slow pool is doing, and that pool knows whose a
 * request is. */
#include <string.h>
#include <strings.h>

#include "api/door/cache.h"
#include "api/door/door.h"
#include "api/door/router.h"
#include "api/http/upload.h"
#include "api/private.h"
#include "base/str.h"
#include "service/record/load.h"

/* A step that failed with a status of its own, not its code's usual one. */
static int with_status(struct mg_request *request, unsigned status, int rc)
{
    request->reply.status = status;
    return rc;
}

static int check_body(struct mg_request *request, struct mg_error *error)
{
    if (!request->too_large && !request->body.failed)
        return 0;
    mg_fail(error, MG_E_LIMIT, "The body is larger than the %lld bytes allowed here.",
            (long long)mg_check_limit(request));
    return with_status(request, 413, MG_E_LIMIT);
}

static void free_json(void *json)
{
    json_decref(json);
}

/* The parsed body lives as long as the request: what is lent of it is looked at later. */
static int read_body(struct mg_request *request, void *ret_body, struct mg_error *error)
{
    const char *type = mg_request_header(request, "Content-Type");
    if (!type || strncasecmp(type, "application/json", 16) != 0)
        return with_status(
            request, 415,
            mg_fail(error, MG_E_INVALID, "The body must be JSON (Content-Type: application/json)."));
    const struct mg_buf *body = &request->body;
    json_t *json = mg_json_parse(body->data ? body->data : "", body->len, body->limit, error);
    if (!json)
        return with_status(request, 400, MG_E_INVALID);
    if (mg_arena_defer(request->ctx.arena, free_json, json))
        return mg_fail_memory(error);
    return mg_wire_read(request->ctx.arena, request->route->body, json, ret_body, error);
}

/* Zeroed room for a value of the type; NULL without a type. */
static int make_room(struct mg_request *request, const struct mg_wire_type *type, void **ret_room,
                     struct mg_error *error)
{
    *ret_room = type ? mg_arena_alloc(request->ctx.arena, type->size) : NULL;
    return !type || *ret_room ? 0 : mg_fail_memory(error);
}

static int decode(struct mg_request *request, struct mg_call *call, struct mg_error *error)
{
    const struct mg_route *route = request->route;
    void *query = NULL, *body = NULL;
    if (!mg_router_parameters(request->ctx.arena, route, request->target + strlen(MG_API_PREFIX),
                              request->path))
        return mg_fail(error, MG_E_NOT_FOUND, "There is nothing at this address.");
    call->path = request->path;
    int rc = make_room(request, route->query, &query, error);
    if (!rc)
        rc = mg_request_read_query(request, query, error);
    if (!rc)
        rc = make_room(request, route->body, &body, error);
    if (!rc && body)
        rc = read_body(request, body, error);
    call->query = query;
    call->body = body;
    return rc ? rc : make_room(request, route->result, &call->ret, error);
}

/* The units that the caller sees, as a text; "" for all of them. NULL when memory is out. */
static const char *scope_text(struct mg_arena *arena, const struct mg_scope *scope)
{
    const char *text = "";
    for (size_t i = 0; text && i < scope->n_units; i++)
        text = mg_arena_printf(arena, "%s+%s", text, scope->units[i]);
    return text;
}

/* Under what an answer is kept: "org units version language path?query". NULL: it isn't. */
static const char *cache_key(struct mg_request *request)
{
    struct mg_arena *arena = request->ctx.arena;
    bool known = request->route->cached && request->ctx.columns.column;
    const char *version = known ? mg_record_data_version(&request->ctx, request->path[0]) : NULL;
    const char *query = version ? mg_request_query_text(request) : NULL;
    const char *scope = query ? scope_text(arena, &request->ctx.scope) : NULL;
    return scope ? mg_arena_printf(arena, "%s %s %s %d %s?%s", request->ctx.caller.org_id, scope, version,
                                   request->ctx.lang, request->target, query)
                 : NULL;
}

static bool answer_from_cache(struct mg_request *request)
{
    const char *key = cache_key(request);
    request->reply.cached = key ? mg_cache_find(request->api->cache, key) : NULL;
    if (!request->reply.cached)
        return false;
    request->reply.status = request->route->status;
    request->reply.type = "application/json; charset=utf-8";
    return true;
}

static int keep(struct mg_request *request, const char *key, struct mg_error *error)
{
    if (!key)
        return 0;
    size_t n = 0;
    char *body = mg_buf_take(&request->reply.buf, &n);
    if (body)
        request->reply.cached = mg_cache_put(request->api->cache, key, body, n);
    return request->reply.cached ? 0 : mg_fail_memory(error);
}

static int encode(struct mg_request *request, const char *key, const void *value, struct mg_error *error)
{
    const struct mg_route *route = request->route;
    if (request->reply.type || request->reply.stream || request->reply.bytes)
        return 0; /* the handler answered by itself */
    request->reply.status = route->status;
    if (!route->result)
        return 0;
    mg_reply_json(request, route->status, route->result, value);
    if (request->reply.buf.failed)
        return mg_fail(error, MG_E_LIMIT, "The answer would be too large; ask for less.");
    return keep(request, key, error);
}

/* An analysis reads the columns as they are at one moment: all its queries see the same, and the version that
 * its answer is kept under is that of what it saw. */
static int call_in_snapshot(struct mg_request *request, struct mg_error *error)
{
    struct mg_columns *columns = &request->ctx.columns, whole = *columns;
    int rc = mg_columns_snapshot(&whole, columns, error);
    if (rc)
        return rc;
    const char *key = cache_key(request);
    rc = request->route->call(request, &request->call, error);
    if (!rc)
        rc = encode(request, key, request->call.ret, error);
    mg_columns_close(columns);
    *columns = whole;
    return rc;
}

static int call_route(struct mg_request *request, struct mg_error *error)
{
    bool snapshot = request->route->cached && request->ctx.columns.column;
    int rc =
        snapshot ? call_in_snapshot(request, error) : request->route->call(request, &request->call, error);
    if (rc == MG_LATER)
        return rc;
    int stopped = rc ? mg_stop_check(request->ctx.stop, error) : 0;
    if (stopped)
        return stopped; /* whatever it said on its way out */
    return rc || snapshot ? rc : encode(request, NULL, request->call.ret, error);
}

void mg_dispatch_refuse(struct mg_request *request, int rc, const struct mg_error *error)
{
    unsigned status = request->reply.status >= 400 ? request->reply.status : mg_problem_status(rc);
    mg_reply_problem(request, status, error);
}

static int admit(struct mg_request *request, struct mg_error *error)
{
    int rc = mg_guard_caller(request, error);
    if (!rc)
        rc = mg_guard_rate(request, error);
    if (!rc)
        rc = check_body(request, error);
    return rc ? rc : decode(request, &request->call, error);
}

enum mg_admitted mg_dispatch_admit(struct mg_request *request)
{
    struct mg_error error = {.lang = request->ctx.lang};
    const struct mg_route *route = request->route;
    mg_api_take_engines(request);
    int rc = request->builtin ? request->builtin(request, &error) : admit(request, &error);
    if (!rc && !request->builtin && !answer_from_cache(request)) {
        bool opening = route->needs_engine && !atomic_load(&request->api->engines_known);
        if (route->pool != MG_POOL_QUICK || opening)
            return MG_ADMITTED_WORK;
        rc = call_route(request, &error);
        if (rc == MG_LATER)
            return MG_ADMITTED_LATER;
    }
    if (rc)
        mg_dispatch_refuse(request, rc, &error);
    return MG_ADMITTED_DONE;
}

void mg_dispatch_end(struct mg_request *request, int rc, const struct mg_error *error)
{
    struct mg_error own = {.lang = request->ctx.lang};
    if (!rc) {
        rc = encode(request, NULL, request->call.ret, &own);
        error = &own;
    }
    if (rc)
        mg_dispatch_refuse(request, rc, error);
}

void mg_dispatch_work(struct mg_request *request)
{
    struct mg_error error = {.lang = request->ctx.lang};
    const struct mg_route *route = request->route;
    int rc = mg_stop_check(&request->stop, &error); /* it may have gone while it waited */
    mg_stop_limit(&request->stop, request->api->options.slow_seconds);
    if (!rc && route->needs_engine)
        rc = mg_api_wait_engines(request, &error);
    if (!rc && route->body_kind == MG_BODY_UPLOAD)
        rc = mg_upload_finish(request, &error);
    if (!rc)
        rc = call_route(request, &error);
    mg_upload_end(request);
    if (rc)
        mg_dispatch_refuse(request, rc, &error);
}
