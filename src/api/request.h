/* One request and its answer, as the handlers see it. It owns its arena; all it points to dies with it. */
#ifndef MG_API_REQUEST_H
#define MG_API_REQUEST_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/route.h"
#include "base/buf.h"

#define MG_REPLY_HEADERS_MAX 12
#define MG_REPLY_BYTES_MAX ((size_t)256 * 1024 * 1024)

struct mg_cached;
struct mg_stream;

struct mg_header {
    const char *name, *value;
};

/* What is answered. Exactly one of: buf (owned bytes), cached (a reference), bytes (static), stream. */
struct mg_reply {
    unsigned status;
    const char *type; /* Content-Type; NULL: no body */
    struct mg_buf buf;
    const struct mg_cached *cached;
    const void *bytes;
    size_t n_bytes;
    struct mg_stream *stream;
    struct mg_header headers[MG_REPLY_HEADERS_MAX];
    size_t n_headers;
};

struct mg_request {
    struct mg_ctx ctx; /* what the services get */
    struct mg_api *api;
    struct MHD_Connection *connection;
    const char *method, *target; /* target: the raw path */
    const struct mg_route *route;
    int (*builtin)(struct mg_request *request, struct mg_error *error); /* instead of a route: /metrics, … */
    size_t counter;                                                     /* row of the metrics */
    char id[27];
    char peer[64]; /* address of the client, for throttling; never logged */
    double started;
    const char *token;                        /* the session cookie's, NULL for API keys */
    const char *path[MG_PATH_PARAMETERS_MAX]; /* decoded path parameters */

    struct mg_buf body; /* JSON */
    int64_t received;   /* bytes of the body so far */
    bool too_large;
    bool whole;          /* all of it has come; it will be answered even when the server stops */
    int upload_fd;       /* −1: none */
    int upload_errno;    /* of a write that failed */
    char *upload_path;   /* NULL once a service has taken the file */
    bool guarded, rated; /* the caller was checked already */

    struct mg_reply reply;
    struct MHD_Response *response; /* made by the handler thread, sent by the loop */
};

/* A request header, or NULL. */
const char *mg_request_header(const struct mg_request *request, const char *name);
/* A decoded query parameter's i-th value, or NULL. */
const char *mg_request_query(struct mg_request *request, const char *name, size_t i);

/* For handlers without a typed result. Names and values are borrowed until the request ends. */
void mg_reply_header(struct mg_request *request, const char *name, const char *value);
/* The value as JSON, in the format of `type`. */
void mg_reply_json(struct mg_request *request, unsigned status, const struct mg_wire_type *type,
                   const void *value);
/* Static bytes. */
void mg_reply_bytes(struct mg_request *request, unsigned status, const char *content_type, const void *bytes,
                    size_t n);
/* An error as RFC 9457 problem document, in the request's language. */
void mg_reply_problem(struct mg_request *request, unsigned status, const struct mg_error *error);
/* HTTP status that an error code maps to. */
unsigned mg_problem_status(int code);

/* Sets the session cookie for `seconds`; 0 and "" clear it. */
void mg_reply_session_cookie(struct mg_request *request, const char *token, int64_t seconds);

#endif
