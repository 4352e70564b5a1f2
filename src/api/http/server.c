/* Starting and stopping: pools, loops, and the engines that come later. loop.c is the way of a request.
 *
 * Stopping, in the order of who hands over to whom: no new connections, the quick pool (it hands over to the
 * others), slow and login, the disk pool, streams; then the loops, and only then is anything freed that a
 * loop may still look at. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/door/cache.h"
#include "api/door/metrics.h"
#include "api/door/rate.h"
#include "api/http/connections.h"
#include "api/http/http.h"
#include "api/http/pool.h"
#include "api/http/stream.h"
#include "api/http/upload.h"
#include "api/private.h"

#define CONNECTION_BYTES ((size_t)32 * 1024) /* request line and headers; more is 431 */
#define IDLE_SECONDS 30u
#define LOOP_STACK ((size_t)256 * 1024)
#define CACHE_BYTES ((size_t)64 * 1024 * 1024)
#define DRAIN_SECONDS 10
#define ENDING_SECONDS 5      /* that work in the slow pool has when the server ends */
#define SLOW_SECONDS 60       /* that work in the slow pool may take */
#define WAITING_PER_THREAD 32 /* requests, in the slow and the login pool */
#define DISK_THREADS 4        /* that write uploads; their loops wait for no disk */
#define FRESH_PER_ADDRESS 64  /* connections without a request yet */
#define SPARE_CONNECTIONS                                                                                    \
    128u /* that the library takes beyond the limit, while one too many is being closed */

/* Escapes are decoded by us, strictly and per segment (router.c), not by the library. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls, (void)connection;
    return strlen(text);
}

static void ignore_log(void *cls, const char *format, va_list args)
{
    (void)cls, (void)format, (void)args;
}

/* Nobody new once the server ends. MHD_quiesce_daemon would do the same, but beside epoll it and a loop may
 * both take the listening socket out of the set, and who comes second aborts the process. */
static enum MHD_Result accept_peer(void *cls, const struct sockaddr *address, socklen_t size)
{
    const struct mg_api *api = cls;
    (void)address, (void)size;
    return atomic_load(&api->stopping) ? MHD_NO : MHD_YES;
}

/* ---- start and stop ---- */

static int read_address(const struct mg_api_options *options, struct sockaddr_storage *ret_address,
                        bool *ret_loopback, struct mg_error *error)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;
    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, options->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(options->port);
        *ret_loopback = ntohl(v4->sin_addr.s_addr) >> 24 == 127;
        return 0;
    }
    if (inet_pton(AF_INET6, options->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(options->port);
        *ret_loopback = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
        return 0;
    }
    return mg_fail(error, MG_E_INVALID, "“%s” is no IPv4 or IPv6 address.", options->address);
}

static size_t cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (size_t)n : 1;
}

static void set_defaults(struct mg_api_options *options)
{
    if (!options->address)
        options->address = "127.0.0.1";
    if (!options->handlers)
        options->handlers = 64;
    if (!options->slow)
        options->slow = cores() * 2 > 4 ? cores() * 2 : 4;
    if (!options->slow_seconds)
        options->slow_seconds = SLOW_SECONDS;
    if (!options->connections)
        options->connections = 2048;
}

/* Half the threads and a quarter of the places to one owner: an organisation of the slow pool, an address of
 * the login pool. The quick and the disk pool's items are short and need no shares. */
static struct mg_pool *make_shared(size_t threads)
{
    const struct mg_pool_limits limits = {.threads = threads,
                                          .capacity = threads * WAITING_PER_THREAD,
                                          .owner_running = (threads + 1) / 2,
                                          .owner_waiting = threads * WAITING_PER_THREAD / 4};
    return mg_pool_new(&limits, mg_loop_work);
}

static struct mg_pool *make_plain(size_t threads, size_t capacity)
{
    return mg_pool_new(&(struct mg_pool_limits){.threads = threads, .capacity = capacity}, mg_loop_work);
}

static int make_parts(struct mg_api *api, struct mg_error *error)
{
    const struct mg_api_options *options = &api->options;
    size_t requests = options->connections + SPARE_CONNECTIONS;
    pthread_mutex_init(&api->lock, NULL);
    pthread_cond_init(&api->engines_changed, NULL);
    api->rates = mg_rates_new();
    api->metrics = mg_metrics_new();
    api->cache = mg_cache_new(CACHE_BYTES);
    api->streams = mg_streams_new();
    api->uploads = mg_uploads_new();
    api->connections = mg_connections_new(options->connections, options->behind_https ? 0 : FRESH_PER_ADDRESS,
                                          MG_SLOW_SECONDS);
    api->quick = make_plain(options->handlers, requests);
    api->slow = make_shared(options->slow);
    api->login = make_shared(cores() > 2 ? cores() : 2);
    api->disk = make_plain(DISK_THREADS, requests);
    if (api->rates && api->metrics && api->cache && api->streams && api->uploads && api->connections &&
        api->quick && api->slow && api->login && api->disk)
        return 0;
    return mg_fail_memory(error);
}

static int listen_on(struct mg_api *api, struct mg_error *error)
{
    struct sockaddr_storage address;
    int rc = read_address(&api->options, &address, &api->loopback, error);
    if (rc)
        return rc;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     (address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    size_t loops = cores() > 4 ? 4 : cores();
    /* Behind a proxy all come from one address. */
    unsigned per_address = api->options.behind_https ? 0 : (unsigned)api->options.connections / 4;
    api->daemon = MHD_start_daemon(
        flags, api->options.port, accept_peer, api, mg_loop_request, api, MHD_OPTION_EXTERNAL_LOGGER,
        ignore_log, NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED, mg_loop_completed, api,
        MHD_OPTION_NOTIFY_CONNECTION, mg_loop_connection, api, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)api->options.connections + SPARE_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        per_address, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        CONNECTION_BYTES, MHD_OPTION_THREAD_STACK_SIZE, LOOP_STACK, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        loops > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (unsigned)loops, MHD_OPTION_END);
    if (!api->daemon)
        return mg_fail(error, MG_E_IO, "Can't listen on %s port %u: %s.", api->options.address,
                       api->options.port, strerror(errno));
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(api->daemon, MHD_DAEMON_INFO_BIND_PORT);
    api->port = info ? info->port : api->options.port;
    return 0;
}

int mg_api_start(const struct mg_ctx *base, const struct mg_api_options *options, struct mg_api **ret_api,
                 struct mg_error *error)
{
    struct mg_api *api = calloc(1, sizeof *api);
    if (!api)
        return mg_fail_memory(error);
    api->base = *base;
    api->options = *options;
    set_defaults(&api->options);
    int rc = make_parts(api, error);
    if (!rc)
        rc = listen_on(api, error);
    if (rc) {
        mg_api_stop(api);
        return rc;
    }
    *ret_api = api;
    return 0;
}

uint16_t mg_api_port(const struct mg_api *api)
{
    return api->port;
}

/* Waits until every request that came in whole is answered, or for DRAIN_SECONDS. */
static void drain(struct mg_api *api)
{
    for (int i = 0; i < DRAIN_SECONDS * 100 && atomic_load(&api->in_flight); i++)
        usleep(10000);
}

void mg_api_stop(struct mg_api *api)
{
    if (!api)
        return;
    atomic_store(&api->stopping, true);
    if (api->connections)
        mg_connections_end(api->connections, ENDING_SECONDS);
    mg_pool_close(api->quick);
    mg_pool_close(api->slow);
    mg_pool_close(api->login);
    mg_pool_close(api->disk);
    if (api->streams)
        mg_streams_close(api->streams);
    drain(api);
    if (api->daemon)
        MHD_stop_daemon(api->daemon);
    mg_pool_free(api->quick);
    mg_pool_free(api->slow);
    mg_pool_free(api->login);
    mg_pool_free(api->disk);
    mg_connections_free(api->connections);
    mg_streams_free(api->streams);
    mg_uploads_free(api->uploads);
    mg_cache_free(api->cache);
    mg_metrics_free(api->metrics);
    mg_rates_free(api->rates);
    pthread_cond_destroy(&api->engines_changed);
    pthread_mutex_destroy(&api->lock);
    free(api);
}
