/* Problem documents (RFC 9457): which status an error has, and what of it goes out. */
#include <stdio.h>
#include <string.h>

#include "api/http/request.h"
#include "service/admin/public.h"
#include "wire.gen.h"

unsigned mg_problem_status(int code)
{
    switch (code) {
    case MG_E_INVALID:
    case MG_E_LIMIT:
    case MG_E_INESTIMABLE:
    case MG_E_UNSUPPORTED: /* a file, or what is asked of it, is the caller's to change */
        return 422;
    case MG_E_NOT_FOUND:
        return 404;
    case MG_E_CONFLICT:
    case MG_E_CHANGED:
    case MG_E_TAKEN:
    case MG_E_CANCELLED:
        return 409;
    case MG_E_UNAUTHENTICATED:
        return 401;
    case MG_E_FORBIDDEN:
        return 403;
    case MG_E_THROTTLED:
        return 429;
    case MG_E_BUSY:
    case MG_E_NO_MEMORY:
    case MG_E_DAMAGED:
        return 503;
    case MG_E_FULL:
        return 507;
    default:
        return 500;
    }
}

static const char *problem_title(enum mg_lang lang, unsigned status)
{
    switch (status) {
    case 400:
        return mg_tr(lang, "The request can't be understood");
    case 401:
        return mg_tr(lang, "Sign in first");
    case 403:
        return mg_tr(lang, "Not allowed");
    case 404:
        return mg_tr(lang, "Not found");
    case 405:
        return mg_tr(lang, "This method isn't answered here");
    case 409:
        return mg_tr(lang, "In conflict with the present state");
    case 413:
        return mg_tr(lang, "Too large");
    case 415:
        return mg_tr(lang, "This type of body isn't understood");
    case 421:
        return mg_tr(lang, "Not a name of this server");
    case 422:
        return mg_tr(lang, "The input breaks a rule");
    case 429:
        return mg_tr(lang, "Too many requests");
    case 503:
        return mg_tr(lang, "Busy");
    case 507:
        return mg_tr(lang, "The disk is full");
    default:
        return mg_tr(lang, "Something went wrong here");
    }
}

/* What failed inside is for the log; the caller gets the number to ask by. */
static const char *public_detail(struct mg_request *request, unsigned status, const struct mg_error *error)
{
    if (status != 500)
        return mg_public_text(&request->ctx, error->message);
    mg_log_write(&request->ctx.log, MG_LOG_ERROR, "http.error", "%s: %s", request->id, error->message);
    return mg_tr(request->ctx.lang,
                 "The server could not do this. Its log says why, under the request's number.");
}

void mg_reply_problem(struct mg_request *request, unsigned status, const struct mg_error *error)
{
    char type[64];
    snprintf(type, sizeof type, "/docs#problem-%s", mg_err_name(error->code));
    struct mg_wire_problem problem = {
        .type = type,
        .title = problem_title(request->ctx.lang, status),
        .status = status,
        .code = mg_err_name(error->code),
        .detail = public_detail(request, status, error),
        .field = status != 500 && error->field[0] ? mg_public_text(&request->ctx, error->field) : NULL,
        .hint = status != 500 && error->hint[0] ? mg_public_text(&request->ctx, error->hint) : NULL,
        .request_id = request->id,
    };
    mg_reply_json(request, status, &mg_wire_type_problem, &problem);
    request->reply.type = "application/problem+json; charset=utf-8";
    if (status == 401)
        mg_reply_header(request, "WWW-Authenticate", "Bearer realm=\"mindgap\"");
    if (status == 503)
        mg_reply_header(request, "Retry-After", "1");
}
