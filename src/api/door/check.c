/* Before a byte of the body is read: is the header sound, is it meant for us, is there something at its
 * address, and may the body be as long as it says? */
#include <string.h>
#include <strings.h>

#include "api/door/door.h"
#include "api/door/metrics.h"
#include "api/door/router.h"
#include "api/private.h"
#include "base/percent.h"
#include "base/str.h"

#define DISCARDED_MAX ((int64_t)16 * 1024 * 1024)

static enum MHD_Result count_one(void *user, enum MHD_ValueKind kind, const char *key, const char *value)
{
    (void)kind, (void)value;
    static const char *const names[] = {"Host", "Content-Length", "Transfer-Encoding"};
    unsigned *counts = user;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        counts[i] += strcasecmp(key, names[i]) == 0;
    return MHD_YES;
}

/* Two headers that both say where the body ends, or who is meant, are read differently by different programs
 * on the way; what follows could be smuggled past one of them (RFC 9112, 6.1 to 6.3; 9110, 7.2). */
static unsigned check_framing(struct mg_request *request, struct mg_error *error)
{
    unsigned counts[3] = {0};
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, count_one, counts);
    const char *coding = mg_request_header(request, "Transfer-Encoding");
    if (counts[0] > 1)
        mg_fail(error, MG_E_INVALID, "The request has more than one Host.");
    else if (counts[1] > 1 || counts[2] > 1 || (counts[1] && counts[2]))
        mg_fail(error, MG_E_INVALID, "The request says in more than one way how long its body is.");
    else if (coding && strcasecmp(coding, "chunked") != 0)
        mg_fail(error, MG_E_INVALID, "The transfer encoding “%.40s” isn't understood.", coding);
    else
        return 0;
    request->closes = true;
    return 400;
}

static unsigned check_address(struct mg_request *request, struct mg_error *error)
{
    char *decoded = mg_arena_strdup(request->ctx.arena, request->target);
    if (decoded && mg_percent_decode(decoded))
        return 0;
    mg_fail(error, MG_E_INVALID, "The address is not properly percent-encoded UTF-8.");
    return 400;
}

static void find_target(struct mg_request *request, struct mg_match *match)
{
    *match = (struct mg_match){0};
    if (mg_str_starts(request->target, MG_API_PREFIX "/"))
        *match = mg_router_find(request->method, request->target + strlen(MG_API_PREFIX));
    request->route = match->route;
    request->counter = mg_routes_count + MG_COUNTER_UNKNOWN;
    if (match->route) {
        request->counter = (size_t)(match->route - mg_routes);
    } else if (!match->path_known) {
        bool quick = false;
        request->builtin = mg_site_find(request->target, &quick);
        if (request->builtin)
            request->counter = mg_routes_count + (quick ? MG_COUNTER_SITE : MG_COUNTER_BUILTIN);
    }
}

/* Whether there is something here for this method. */
static unsigned check_target(struct mg_request *request, const struct mg_match *match, struct mg_error *error)
{
    bool reads = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    if (request->route || (request->builtin && reads))
        return 0;
    if (match->path_known || request->builtin) {
        mg_fail(error, MG_E_INVALID, "This address answers %s only.",
                match->path_known ? match->allow : "GET, HEAD");
        char *allow = mg_arena_strdup(request->ctx.arena, match->path_known ? match->allow : "GET, HEAD");
        mg_reply_header(request, "Allow", allow ? allow : "GET");
        return 405;
    }
    mg_fail(error, MG_E_NOT_FOUND, "There is nothing at this address.");
    return 404;
}

int64_t mg_check_limit(const struct mg_request *request)
{
    const struct mg_route *route = request->route;
    if (route && route->body_kind == MG_BODY_UPLOAD && request->api->options.upload_limit > 0)
        return request->api->options.upload_limit;
    return route ? route->body_limit : 0;
}

/* A body that is little too large is read and thrown away, so that the client is still listening when we
 * answer; one that is far too large is refused at once. Without a length it comes in chunks, counted as they
 * come. */
static unsigned check_length(struct mg_request *request, struct mg_error *error)
{
    const char *header = mg_request_header(request, "Content-Length");
    int64_t limit = mg_check_limit(request);
    request->length = mg_request_header(request, "Transfer-Encoding") ? -1 : 0;
    if (header && !mg_parse_int(header, &request->length)) {
        mg_fail(error, MG_E_INVALID, "The Content-Length is no number.");
        return 400;
    }
    request->too_large = request->length > limit;
    if (request->length <= limit + DISCARDED_MAX)
        return 0;
    mg_fail(error, MG_E_LIMIT, "The body is %lld bytes long; at most %lld are allowed here.",
            (long long)request->length, (long long)limit);
    return 413;
}

unsigned mg_check_header(struct mg_request *request, struct mg_error *error)
{
    struct mg_match match;
    unsigned status = check_framing(request, error);
    find_target(request, &match);
    if (!status && mg_guard_host(request, error))
        status = 421;
    if (!status)
        status = check_address(request, error);
    if (!status)
        status = check_target(request, &match, error);
    return status ? status : check_length(request, error);
}
