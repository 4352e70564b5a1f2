/* Between a whole request and its reply: check, decode, call, encode. Runs in a handler thread. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "api/private.h"
#include "api/router.h"
#include "base/str.h"
#include "service/listen/study.h"

/* A step that failed with a status of its own, not its code's usual one. */
static int with_status(struct mg_request *request, unsigned status, int rc)
{
    request->reply.status = status;
    return rc;
}

static int check_body(struct mg_request *request, struct mg_error *error)
{
    if (request->upload_errno == ENOSPC || request->upload_errno == EDQUOT)
        return mg_fail(error, MG_E_FULL, "The disk of the server is full; nothing was kept.");
    if (request->upload_errno)
        return mg_fail(error, MG_E_IO, "%s: %s.", request->upload_path, strerror(request->upload_errno));
    if (!request->too_large && !request->body.failed)
        return 0;
    mg_fail(error, MG_E_LIMIT, "The body is larger than the %lld bytes allowed here.",
            (long long)request->route->body_limit);
    return with_status(request, 413, MG_E_LIMIT);
}

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
    int rc = mg_wire_read(request->ctx.arena, request->route->body, json, ret_body, error);
    json_decref(json);
    return rc;
}

/* Zeroed room for a value of the type; NULL without a type. */
static int make_room(struct mg_request *request, const struct mg_wire_type *type, void **ret_room,
                     struct mg_error *error)
{
    *ret_room = type ? mg_arena_alloc(request->ctx.arena, type->size) : NULL;
    return !type || *ret_room
               ? 0
               : mg_fail(error, MG_E_NO_MEMORY, "There is not enough memory for this request.");
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

/* Answers of analyses hold as long as the study's data do: "org version language path?query". NULL: not to be
 * kept. */
static const char *cache_key(struct mg_request *request)
{
    bool analysis = request->route->rate == MG_RATE_HEAVY && request->route->result &&
                    mg_str_starts(request->route->path, "/studies/{id}/") &&
                    strcmp(request->route->method, "GET") == 0;
    int64_t version = 0;
    if (!analysis || mg_listen_data_version(&request->ctx, request->path[0], &version, NULL))
        return NULL;
    const char *query = mg_request_query_text(request);
    return query ? mg_arena_printf(request->ctx.arena, "%s %lld %d %s?%s", request->ctx.caller.org_id,
                                   (long long)version, request->ctx.lang, request->target, query)
                 : NULL;
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
        return mg_fail(error, MG_E_LIMIT, "The answer would be too large; please ask for less.");
    size_t n = 0;
    char *body = key ? mg_buf_take(&request->reply.buf, &n) : NULL;
    if (body)
        request->reply.cached = mg_cache_put(request->api->cache, key, body, n);
    return !key || request->reply.cached
               ? 0
               : mg_fail(error, MG_E_NO_MEMORY, "There is not enough memory for this request.");
}

/* Analyses read the columns, changes may start or stop a job; taking in responses and signing in needs
 * neither. */
static bool needs_engines(const struct mg_route *route)
{
    return route->rate == MG_RATE_HEAVY || route->rate == MG_RATE_WRITE;
}

static int call_route(struct mg_request *request, struct mg_error *error)
{
    struct mg_call call = {0};
    int rc = mg_guard_caller(request, error);
    if (!rc)
        rc = mg_guard_rate(request, error);
    if (!rc)
        rc = check_body(request, error);
    if (!rc)
        rc = decode(request, &call, error);
    if (!rc && needs_engines(request->route))
        rc = mg_api_wait_engines(request, error);
    if (rc)
        return rc;
    const char *key = cache_key(request);
    request->reply.cached = key ? mg_cache_find(request->api->cache, key) : NULL;
    if (request->reply.cached) {
        request->reply.status = request->route->status;
        request->reply.type = "application/json; charset=utf-8";
        return 0;
    }
    rc = request->route->call(request, &call, error);
    return rc ? rc : encode(request, key, call.ret, error);
}

void mg_dispatch(struct mg_request *request)
{
    struct mg_error error = {.lang = request->ctx.lang};
    int rc = request->builtin ? request->builtin(request, &error) : call_route(request, &error);
    if (!rc)
        return;
    unsigned status = request->reply.status >= 400 ? request->reply.status : mg_problem_status(rc);
    mg_reply_problem(request, status, &error);
}
