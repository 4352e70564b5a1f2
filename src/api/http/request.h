/* One request and its answer, as the handlers see it. It owns its arena; all it points to dies with it. */
#ifndef MG_API_HTTP_REQUEST_H
#define MG_API_HTTP_REQUEST_H

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/door/route.h"
#include "base/buf.h"

#define MG_REPLY_HEADERS_MAX 12
#define MG_REPLY_BYTES_MAX ((size_t)256 * 1024 * 1024)

#define MG_QUERY_PARAMETERS_MAX 64

struct mg_cached;
struct mg_connection;
struct mg_stream;

struct mg_header {
    const char *name, *value;
};

/* What is answered. Exactly one of: buf (owned bytes), cached (a reference), bytes (static), stream, file. */
struct mg_reply {
    unsigned status;
    const char *type; /* Content-Type; NULL: no body */
    struct mg_buf buf;
    const struct mg_cached *cached;
    const void *bytes;
    size_t n_bytes;
    struct mg_stream *stream;
    bool has_file; /* fd, n_bytes: owned until the response has it */
    int fd;
    struct mg_header headers[MG_REPLY_HEADERS_MAX];
    size_t n_headers;
};

/* A query parameter, decoded once; name and value are never NULL. */
struct mg_parameter {
    const char *name, *value;
};

/* What the pool thread that gets the request does with it. */
enum mg_step {
    MG_STEP_OPEN,  /* an upload's header is in: whose is it? Makes its file. */
    MG_STEP_WRITE, /* a part of an upload is in: writes it */
    MG_STEP_ADMIT, /* the request is whole: checks, decodes, looks into the cache, answers what is quick */
    MG_STEP_WORK,  /* answers what is not */
    MG_STEP_FREE   /* over; there is something on the disk to remove */
};

struct mg_request {
    struct mg_ctx ctx; /* what the services get */
    struct mg_api *api;
    struct MHD_Connection *connection;
    struct mg_connection *watched; /* the same in connections.h; NULL: not in the list */
    struct mg_stop stop;           /* of work in the slow pool */
    enum mg_step step;
    const char *method, *target; /* target: the raw path */
    const struct mg_route *route;
    int (*builtin)(struct mg_request *request, struct mg_error *error); /* instead of a route: /metrics, … */
    size_t counter;                                                     /* row of the metrics */
    char id[27];
    char peer[64];    /* address of the client, for throttling; never logged */
    char network[64]; /* the same as it counts for shares and limits */
    double started;
    const char *token;                        /* the session cookie's, NULL for API keys */
    const char *path[MG_PATH_PARAMETERS_MAX]; /* decoded path parameters */
    const struct mg_parameter *query;         /* in their order */
    size_t n_query;
    const char *broken;  /* the query parameter that can't be decoded, or stands beyond the limit */
    struct mg_call call; /* decoded arguments, between ADMIT and WORK */

    struct mg_buf body; /* JSON; of an upload what isn't written yet */
    int64_t length;     /* of the body; −1: it comes in chunks */
    int64_t received;   /* bytes of the body so far */
    bool too_large;
    bool interim;        /* an interim answer may be sent: HTTP/1.1 */
    bool opening;        /* an upload whose header was handed over */
    bool settled;        /* whole, and its loop has stopped reading from the connection */
    bool whole;          /* all of it has come; it will be answered even when the server stops */
    bool closes;         /* the connection ends with the answer */
    int upload_fd;       /* −1: none */
    int upload_errno;    /* of a write that failed */
    int upload_place;    /* among those on their way, from 1; 0: none */
    char *upload_path;   /* NULL once a service has taken the file */
    atomic_bool writing; /* a pool thread has `body` */
    bool guarded, rated; /* the caller was checked already */

    struct mg_reply reply;
    struct MHD_Response *response; /* made by the handler thread, sent by the loop */
};

/* What a handler of quick work returns whose call goes on by itself; mg_request_later is called when it is
 * done, from whatever thread. Until then, and after it, nobody else touches the request: it may be gone
 * already. */
#define MG_LATER 1
void mg_request_later(void *request, int rc, const struct mg_error *error);

/* A request header, or NULL. */
const char *mg_request_header(const struct mg_request *request, const char *name);
/* Whether the client has the answer of this entity tag (If-None-Match). */
bool mg_request_has_etag(const struct mg_request *request, const char *etag);
/* A decoded query parameter's i-th value, or NULL. */
const char *mg_request_query(const struct mg_request *request, const char *name, size_t i);
/* The query as a text that differs whenever the parameters do. In the arena; NULL when memory is out. */
const char *mg_request_query_text(struct mg_request *request);
/* Typed query of the route; parameters that it lacks are refused (but for `lang`). */
MG_CHECKED int mg_request_read_query(struct mg_request *request, void *ret_query, struct mg_error *error);

/* Sets a header of the answer; another value of the same name goes. Name and value are borrowed until the
 * request ends. At most MG_REPLY_HEADERS_MAX names. */
void mg_reply_header(struct mg_request *request, const char *name, const char *value);
/* For handlers without a typed result: the value as JSON, in the format of `type`. */
void mg_reply_json(struct mg_request *request, unsigned status, const struct mg_wire_type *type,
                   const void *value);
/* Static bytes. */
void mg_reply_bytes(struct mg_request *request, unsigned status, const char *content_type, const void *bytes,
                    size_t n);
/* The file at `path`, as large as it is; its name goes at once, its bytes once they are sent. */
MG_CHECKED int mg_reply_file(struct mg_request *request, const char *path, const char *content_type,
                             struct mg_error *error);
/* An error as RFC 9457 problem document, in the request's language. */
void mg_reply_problem(struct mg_request *request, unsigned status, const struct mg_error *error);
/* HTTP status that an error code maps to. */
unsigned mg_problem_status(int code);

/* Sets the session cookie for `seconds`; 0 and "" clear it. */
void mg_reply_session_cookie(struct mg_request *request, const char *token, int64_t seconds);

#endif
