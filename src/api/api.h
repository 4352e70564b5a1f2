/* The HTTP server: loops that only move bytes, pools of threads that run handlers, and the embedded client.
 *
 *   - loop thread: reads a request; when it is whole, parks the connection and hands it to the quick pool
 *   - quick pool: identifies the caller, checks, decodes; answers what is kept or quick, or hands over
 *   - slow and login pool: analyses and files, password hashing; they encode and wake the connection
 *   - disk pool: writes the parts of uploads
 *   - loop thread: sends the answer
 *
 * docs/adr/0004-threads.md says why. The server borrows everything in mg_api_options until mg_api_stop. */
#ifndef MG_API_API_H
#define MG_API_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service/context.h"

struct mg_api;

/* Zero means the default in brackets. */
struct mg_api_options {
    const char *address;      /* IPv4 or IPv6 to bind to [127.0.0.1] */
    uint16_t port;            /* 0: any free one, see mg_api_port */
    size_t handlers;          /* threads for ordinary requests [64] */
    size_t slow;              /* threads for analyses and files [2 a core, at least 4] */
    unsigned slow_seconds;    /* most that one of them may take [60] */
    size_t connections;       /* most at once [2048] */
    int64_t upload_limit;     /* bytes of one uploaded file [what the spec says] */
    bool behind_https;        /* a proxy in front speaks HTTPS: cookies are Secure, HSTS is sent */
    const char *const *hosts; /* names it is reached by, besides the loopback ones */
    size_t n_hosts;
};

/* Starts listening. `base`: what every request's context is made from; arena, caller and lang are set per
 * request, columns and jobs by mg_api_set_engines. MG_E_IO when the address can't be bound. */
MG_CHECKED int mg_api_start(const struct mg_ctx *base, const struct mg_api_options *options,
                            struct mg_api **ret_api, struct mg_error *error);
uint16_t mg_api_port(const struct mg_api *api);

/* The column engine and the jobs that use it start beside the server; requests that need them wait for this
 * call. An empty `columns` says that the engine could not be opened: such requests then fail with `problem`.
 */
void mg_api_set_engines(struct mg_api *api, struct mg_columns columns, struct mg_jobs *jobs,
                        const struct mg_error *problem);

/* Stops accepting, answers what came in (analyses that take longer than some seconds are stopped), ends
 * streams, frees everything. NULL is fine. */
void mg_api_stop(struct mg_api *api);

#endif
