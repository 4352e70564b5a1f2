/* The running server, for the files of this folder. What http shares is in http/http.h, what the door shares
 * in door/door.h; how the two go together stands there. */
#ifndef MG_API_PRIVATE_H
#define MG_API_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/api.h"

struct MHD_Daemon;
struct mg_request;

struct mg_api {
    struct mg_ctx base;
    struct mg_api_options options;
    struct MHD_Daemon *daemon;
    uint16_t port;
    bool loopback;                      /* bound to loopback: only loopback names are answered */
    struct mg_connections *connections; /* http/connections.h */
    struct mg_pool *quick, *slow, *login, *disk;
    struct mg_streams *streams; /* http/stream.h */
    struct mg_uploads *uploads; /* http/upload.h */
    struct mg_rates *rates;     /* door/rate.h */
    struct mg_metrics *metrics; /* door/metrics.h */
    struct mg_cache *cache;     /* door/cache.h */
    atomic_size_t in_flight;    /* requests that came in whole and aren't answered yet */
    atomic_bool stopping;

    pthread_mutex_t lock; /* of what follows, until it is known: then it stays */
    pthread_cond_t engines_changed;
    atomic_bool engines_known;
    struct mg_columns columns;
    struct mg_jobs *jobs;
    struct mg_error engines_problem;
};

/* engines.c: puts columns and jobs into the request's context, if they are there. */
void mg_api_take_engines(struct mg_request *request);
/* Waits until they are. MG_E_ENGINE: the columns could not be opened. */
MG_CHECKED int mg_api_wait_engines(struct mg_request *request, struct mg_error *error);
bool mg_api_engines_open(struct mg_api *api); /* without waiting */

#endif
