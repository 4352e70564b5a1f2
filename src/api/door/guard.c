/* The door: is the request meant for this host, who is calling, may they, and not too often.
 *
 * A browser proves itself by its session cookie and, where it changes something, by the session's CSRF token;
 * a page of another site can neither read that token nor set the header. A program proves itself by a key and
 * needs no token, since browsers don't send keys by themselves. */
#include <string.h>
#include <strings.h>

#include "api/door/door.h"
#include "api/door/rate.h"
#include "api/private.h"
#include "base/str.h"
#include "service/admin/key.h"
#include "service/admin/session.h"

#define LOOPBACK_NAMES "localhost", "127.0.0.1", "[::1]"

/* Length of the host without its port: "[::1]:8080", "a.example:8080". */
static size_t host_length(const char *host)
{
    const char *bracket = host[0] == '[' ? strchr(host, ']') : NULL;
    return bracket ? (size_t)(bracket - host) + 1 : strcspn(host, ":");
}

static bool is_host(const char *host, const char *name)
{
    size_t n = host_length(host);
    return strlen(name) == n && strncasecmp(host, name, n) == 0;
}

/* A page that rebinds its own name to this machine (DNS rebinding) still sends its own name as Host. */
int mg_guard_host(struct mg_request *request, struct mg_error *error)
{
    static const char *const loopback[] = {LOOPBACK_NAMES};
    const struct mg_api_options *options = &request->api->options;
    const char *host = mg_request_header(request, "Host");
    if (!request->api->loopback && options->n_hosts == 0)
        return 0;
    for (size_t i = 0; host && i < ARRAY_LEN(loopback); i++)
        if (is_host(host, loopback[i]))
            return 0;
    for (size_t i = 0; host && i < options->n_hosts; i++)
        if (is_host(host, options->hosts[i]))
            return 0;
    mg_fail(error, MG_E_INVALID, "This server isn't known by the name “%.100s”.", host ? host : "");
    mg_fail_hint(error, "Start it with --host NAME for each name it is reached by.");
    return MG_E_INVALID;
}

static bool changes_something(const struct mg_request *request)
{
    return strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0;
}

/* "https://a.example:8080" against "a.example:8080". */
static bool same_origin(const char *origin, const char *host)
{
    const char *at = strstr(origin, "://");
    return at && host && mg_str_equal_nocase(at + 3, host);
}

/* What browsers say about where a request comes from; programs say nothing. */
static int check_origin(struct mg_request *request, struct mg_error *error)
{
    const char *origin = mg_request_header(request, "Origin");
    const char *site = mg_request_header(request, "Sec-Fetch-Site");
    bool foreign = (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) ||
                   (origin && !same_origin(origin, mg_request_header(request, "Host")));
    if (!foreign || !changes_something(request))
        return 0;
    return mg_fail(error, MG_E_FORBIDDEN, "This request comes from another site.");
}

static const char *session_cookie(const struct mg_request *request)
{
    const char *name = request->api->options.behind_https ? "__Host-mindgap_session" : "mindgap_session";
    return MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, name);
}

static int by_key(struct mg_request *request, const char *header, struct mg_error *error)
{
    if (strncasecmp(header, "Bearer ", 7) != 0)
        return mg_fail(error, MG_E_UNAUTHENTICATED,
                       "The Authorization header must be “Bearer” and an API key.");
    return mg_key_resolve(&request->ctx, header + 7, error);
}

static int by_cookie(struct mg_request *request, struct mg_error *error)
{
    request->token = session_cookie(request);
    if (!request->token)
        return mg_fail(error, MG_E_UNAUTHENTICATED, "You are not signed in, or your session has ended.");
    int rc = mg_session_resolve(&request->ctx, request->token, error);
    if (rc || !changes_something(request))
        return rc;
    if (mg_csrf_valid(request->token, mg_request_header(request, "X-CSRF-Token")))
        return 0;
    return mg_fail(error, MG_E_FORBIDDEN,
                   "The X-CSRF-Token header is missing or not the one of this session.");
}

static int check_role(const struct mg_request *request, struct mg_error *error)
{
    const struct mg_route *route = request->route;
    const struct mg_caller *caller = &request->ctx.caller;
    if (caller->api_key_id[0]) {
        if (route->scope == MG_KEY_REFUSED)
            return mg_fail(error, MG_E_FORBIDDEN, "An API key can't do this; sign in.");
        /* The three scopes stand in the same order on the wire. */
        if (caller->scopes & mg_scope_bit((enum mg_wire_scope)(route->scope - MG_KEY_READ)))
            return 0;
        return mg_fail(error, MG_E_FORBIDDEN, "The API key lacks the scope that this needs.");
    }
    if (route->roles & 1u << caller->role)
        return 0;
    return mg_fail(error, MG_E_FORBIDDEN, "Your role doesn't allow this.");
}

int mg_guard_caller(struct mg_request *request, struct mg_error *error)
{
    if (request->guarded)
        return 0;
    request->guarded = true;
    int rc = check_origin(request, error);
    if (rc || request->route->roles & 1u << MG_ROLE_NONE)
        return rc;
    const char *authorization = mg_request_header(request, "Authorization");
    rc = authorization ? by_key(request, authorization, error) : by_cookie(request, error);
    return rc ? rc : check_role(request, error);
}

int mg_guard_rate(struct mg_request *request, struct mg_error *error)
{
    if (request->rated)
        return 0;
    request->rated = true;
    const struct mg_caller *caller = &request->ctx.caller;
    const char *who = caller->api_key_id[0] ? caller->api_key_id
                      : caller->user_id[0]  ? caller->user_id
                                            : request->network;
    unsigned wait = 0;
    if (mg_rates_take(request->api->rates, who, request->route->rate, mg_clock_elapsed(), &wait))
        return 0;
    char *seconds = mg_arena_printf(request->ctx.arena, "%u", wait);
    mg_reply_header(request, "Retry-After", seconds ? seconds : "1");
    return mg_fail(error, MG_E_THROTTLED, "Too many requests; wait %u s.", wait);
}

int mg_guard_operator(struct mg_request *request, struct mg_error *error)
{
    bool local = strcmp(request->peer, "127.0.0.1") == 0 || strcmp(request->peer, "::1") == 0;
    if (local && !mg_request_header(request, "X-Forwarded-For"))
        return 0;
    const char *authorization = mg_request_header(request, "Authorization");
    if (!authorization)
        return mg_fail(error, MG_E_UNAUTHENTICATED,
                       "Metrics are for programs on this machine, or with an API key.");
    int rc = by_key(request, authorization, error);
    if (rc || request->ctx.caller.scopes & mg_scope_bit(MG_WIRE_SCOPE_READ))
        return rc;
    return mg_fail(error, MG_E_FORBIDDEN, "The API key lacks the scope that this needs.");
}
