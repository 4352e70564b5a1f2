/* What the files of this folder share about the running server. */
#ifndef MG_API_PRIVATE_H
#define MG_API_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/api.h"
#include "api/door/cache.h"
#include "api/door/metrics.h"
#include "api/door/rate.h"
#include "api/http/connections.h"
#include "api/http/pool.h"
#include "api/http/request.h"
#include "api/http/stream.h"

struct mg_api {
    struct mg_ctx base;
    struct mg_api_options options;
    struct MHD_Daemon *daemon;
    uint16_t port;
    bool loopback; /* bound to loopback: only loopback names are answered */
    struct mg_connections *connections;
    struct mg_pool *quick, *slow, *login, *disk;
    struct mg_rates *rates;
    struct mg_metrics *metrics;
    struct mg_cache *cache;
    struct mg_streams *streams;
    struct mg_uploads *uploads;
    atomic_size_t in_flight; /* requests that came in whole and aren't answered yet */
    atomic_bool stopping;

    pthread_mutex_t lock; /* of what follows, until it is known: then it stays */
    pthread_cond_t engines_changed;
    atomic_bool engines_known;
    struct mg_columns columns;
    struct mg_jobs *jobs;
    struct mg_error engines_problem;
};

/* dispatch.c: everything between a whole request and its reply; runs in a handler thread. */
enum mg_admitted {
    MG_ADMITTED_DONE, /* the reply is there, or the refusal */
    MG_ADMITTED_WORK, /* the route is for another pool than the quick one: mg_dispatch_work goes on */
    MG_ADMITTED_LATER /* the call goes on by itself; the request is no longer ours */
};

/* Checks, decodes, looks into the cache; calls what is quick. */
enum mg_admitted mg_dispatch_admit(struct mg_request *request);
void mg_dispatch_work(struct mg_request *request);
/* The reply to a call that went on by itself. */
void mg_dispatch_end(struct mg_request *request, int rc, const struct mg_error *error);
/* The reply that says no. */
void mg_dispatch_refuse(struct mg_request *request, int rc, const struct mg_error *error);

/* loop.c: libmicrohttpd's callbacks; their cls is the api. */
enum MHD_Result mg_loop_request(void *cls, struct MHD_Connection *connection, const char *target,
                                const char *method, const char *version, const char *bytes, size_t *size,
                                void **con_cls);
void mg_loop_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                       enum MHD_RequestTerminationCode why);
void mg_loop_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                        enum MHD_ConnectionNotificationCode what);
/* What the pools call with a request. */
void mg_loop_work(void *item);

/* request.c: made from a header, freed when the answer is out. NULL when memory is out. */
struct mg_request *mg_request_new(struct mg_api *api, struct MHD_Connection *connection, const char *method,
                                  const char *target);
void mg_request_free(struct mg_request *request);
/* peer.c: whose address counts as the client's. */
void mg_request_note_peer(struct mg_request *request);
/* What speaks against a header, before a byte of the body is read: 0, or the status to refuse it with. Finds
 * the route or the built-in page. */
unsigned mg_request_check(struct mg_request *request, struct mg_error *error);
/* The most bytes its body may have. */
int64_t mg_request_limit(const struct mg_request *request);

/* guard.c: is it meant for us; who is calling, and may they; not too often? */
int mg_guard_host(struct mg_request *request, struct mg_error *error);
int mg_guard_caller(struct mg_request *request, struct mg_error *error);
int mg_guard_rate(struct mg_request *request, struct mg_error *error);
/* For /metrics: a program on this machine, or a key that may read. */
int mg_guard_operator(struct mg_request *request, struct mg_error *error);

/* respond.c: reply → MHD response with all headers. */
void mg_respond(struct mg_request *request);

/* site.c: the embedded client and the built-in pages. */
typedef int mg_builtin(struct mg_request *request, struct mg_error *error);
/* What answers GET `target`, NULL: nothing. Quick ones wait for nothing and run in the loop. */
mg_builtin *mg_site_find(const char *target, bool *ret_quick);

/* upload.c: the body of an upload goes to a file in the data folder as it comes. All of it in pool threads.
 */
/* Which uploads are on their way. NULL when memory is out. */
struct mg_uploads *mg_uploads_new(void);
void mg_uploads_free(struct mg_uploads *uploads);
/* Who is it, and may they? Is there room for it? Then makes the file; nothing when there is one. So strangers
 * can't fill the disk, nor one organisation the disk of all: it has MG_UPLOADS_PER_ORG on their way and keeps
 * so many (upload.h), and of the disk a twentieth, 1 GiB at most, is left to the record. */
#define MG_UPLOADS_AT_ONCE 64
#define MG_UPLOADS_PER_ORG 16
int mg_upload_open(struct mg_request *request, struct mg_error *error);
/* Writes what is in `body` and empties it. An error is kept in upload_errno. */
void mg_upload_write(struct mg_request *request);
/* The rest, and closes the file. */
int mg_upload_finish(struct mg_request *request, struct mg_error *error);
/* Closes; removes the file unless a service took it (upload_path set to NULL). */
void mg_upload_end(struct mg_request *request);

/* respond.c: conditional answers. */
bool mg_request_has_etag(const struct mg_request *request, const char *etag);

/* query.c */
/* Decodes the query, once, into request->query. False when memory is out. */
bool mg_request_decode_query(struct mg_request *request);
/* The query as a text that differs whenever the parameters do. In the arena; NULL when memory is out. */
const char *mg_request_query_text(struct mg_request *request);
/* Typed query of the route; parameters that it lacks are refused (but for `lang`). */
int mg_request_read_query(struct mg_request *request, void *ret_query, struct mg_error *error);

/* Puts columns and jobs into the request's context, if they are there. */
void mg_api_take_engines(struct mg_request *request);
/* Waits until they are. */
int mg_api_wait_engines(struct mg_request *request, struct mg_error *error);
bool mg_api_engines_open(struct mg_api *api); /* without waiting */

#endif
