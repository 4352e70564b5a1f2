/* What the files of this folder share about the running server. */
#ifndef MG_API_PRIVATE_H
#define MG_API_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/api.h"
#include "api/cache.h"
#include "api/metrics.h"
#include "api/pool.h"
#include "api/rate.h"
#include "api/request.h"
#include "api/stream.h"

struct mg_api {
    struct mg_ctx base;
    struct mg_api_options options;
    struct MHD_Daemon *daemon;
    uint16_t port;
    bool loopback; /* bound to loopback: only loopback names are answered */
    struct mg_pool *quick, *heavy;
    struct mg_rates *rates;
    struct mg_metrics *metrics;
    struct mg_cache *cache;
    struct mg_streams *streams;
    atomic_size_t in_flight; /* requests that came in whole and aren't answered yet */
    atomic_bool stopping;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t engines_changed;
    bool engines_known;
    struct mg_columns columns;
    struct mg_jobs *jobs;
    struct mg_error engines_problem;
};

/* dispatch.c: everything between a whole request and its reply; runs in a handler thread. */
void mg_dispatch(struct mg_request *request);

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

/* upload.c: the body of an upload goes to a file in the data folder as it comes. */
int mg_upload_begin(struct mg_request *request, struct mg_error *error);
void mg_upload_add(struct mg_request *request, const char *bytes, size_t n);
/* Closes; removes the file unless a service took it (upload_path set to NULL). */
void mg_upload_end(struct mg_request *request);

/* respond.c: conditional and compressed answers. */
bool mg_request_accepts(const struct mg_request *request, const char *coding);
bool mg_request_has_etag(const struct mg_request *request, const char *etag);

/* query.c */
/* The raw query, parameters in the order they came; "" when there is none. In the arena. */
const char *mg_request_query_text(struct mg_request *request);
/* Typed query of the route; parameters that it lacks are refused (but for `lang`). */
int mg_request_read_query(struct mg_request *request, void *ret_query, struct mg_error *error);

/* Puts columns and jobs into the request's context; waits until they are there. */
int mg_api_wait_engines(struct mg_request *request, struct mg_error *error);
bool mg_api_engines_open(struct mg_api *api); /* without waiting */

#endif
