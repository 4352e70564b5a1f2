/* The loop side of the server: libmicrohttpd's callbacks, and starting and stopping.
 *
 * Life of a request (on_request is called once per arrow):
 *
 *   begin → body… → park ─→ (handler thread: mg_dispatch, mg_respond, wake) → send → done
 *     └──────────────┴── refused at once (too large, wrong host, busy) ──────────┘
 *
 * Invariant: a connection is suspended exactly while its request is in a pool; the handler thread's last act
 * is to wake it. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "api/private.h"
#include "api/router.h"
#include "base/str.h"
#include "base/ulid.h"

#define ARENA_MAX ((size_t)512 * 1024 * 1024)
#define CONNECTION_BYTES ((size_t)32 * 1024) /* request line and headers; more is 431 */
#define IDLE_SECONDS 30u
#define BODY_SECONDS 60 /* for a JSON body to come in, however slowly it drips */
#define LOOP_STACK ((size_t)256 * 1024)
#define CACHE_BYTES ((size_t)64 * 1024 * 1024)
#define DRAIN_SECONDS 10
#define DISCARDED_MAX ((int64_t)16 * 1024 * 1024)

const char *mg_request_header(const struct mg_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

/* --- reading a request
 * ------------------------------------------------------------------------------------------- */

/* zh when Chinese comes first among the languages we speak, or ?lang says so. */
static enum mg_lang choose_language(struct mg_request *request)
{
    const char *asked = mg_request_query(request, "lang", 0);
    if (!asked)
        asked = mg_request_header(request, "Accept-Language");
    for (; asked && *asked; asked++) {
        if (strncasecmp(asked, "zh", 2) == 0)
            return MG_LANG_ZH;
        if (strncasecmp(asked, "en", 2) == 0)
            return MG_LANG_EN;
        asked += strcspn(asked, ",");
        asked += strspn(asked, ", ");
        asked--;
    }
    return MG_LANG_EN;
}

static void note_peer(struct mg_request *request)
{
    const char *forwarded = mg_request_header(request, "X-Forwarded-For");
    if (request->api->options.behind_https && forwarded) {
        const char *last = strrchr(forwarded, ',');
        last = last ? last + 1 + strspn(last + 1, " ") : forwarded;
        strncpy(request->peer, last, sizeof request->peer - 1);
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    if (address && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, request->peer,
                  sizeof request->peer);
    else if (address && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, request->peer,
                  sizeof request->peer);
}

static struct mg_request *make_request(struct mg_api *api, struct MHD_Connection *connection,
                                       const char *method, const char *target)
{
    struct mg_request *request = calloc(1, sizeof *request);
    struct mg_arena *arena = mg_arena_new(ARENA_MAX);
    if (!request || !arena) {
        free(request);
        mg_arena_free(arena);
        return NULL;
    }
    request->ctx = api->base;
    request->ctx.arena = arena;
    request->api = api;
    request->connection = connection;
    request->method = method;
    request->target = target;
    request->started = mg_clock_elapsed();
    request->upload_fd = -1;
    mg_ulid_new(mg_now(&api->base.clock), request->id);
    note_peer(request);
    request->ctx.lang = choose_language(request);
    return request;
}

static enum MHD_Result send_reply(struct mg_request *request)
{
    return MHD_queue_response(request->connection, request->reply.status, request->response);
}

/* With a body on its way the answer goes out before it is read, and the connection closes after it; without
 * one, the answer waits for the next call, so that the connection stays. */
static enum MHD_Result refuse(struct mg_request *request, unsigned status, const struct mg_error *error)
{
    const char *length = mg_request_header(request, "Content-Length");
    bool has_body = (length && strcmp(length, "0") != 0) || mg_request_header(request, "Transfer-Encoding");
    mg_reply_problem(request, status, error);
    mg_respond(request);
    if (!request->response)
        return MHD_NO;
    return has_body ? send_reply(request) : MHD_YES;
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

/* Whether there is something here for this method. 0, or the status to refuse with. */
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

/* A body that is little too large is read and thrown away, so that the client is still listening when we
 * answer; one that is far too large is refused at once. Without a length it comes in chunks, counted as they
 * come. */
static unsigned check_length(struct mg_request *request, struct mg_error *error)
{
    const char *header = mg_request_header(request, "Content-Length");
    int64_t length = 0, limit = request->route ? request->route->body_limit : 0;
    if (header && !mg_parse_int(header, &length)) {
        mg_fail(error, MG_E_INVALID, "The Content-Length is no number.");
        return 400;
    }
    if (request->api->options.upload_limit > 0 && request->route &&
        request->route->body_kind == MG_BODY_UPLOAD)
        limit = request->api->options.upload_limit;
    request->too_large = length > limit;
    if (length <= limit + DISCARDED_MAX)
        return 0;
    mg_fail(error, MG_E_LIMIT, "The body is %lld bytes long; at most %lld are allowed here.",
            (long long)length, (long long)limit);
    return 413;
}

/* An upload is let in only from somebody who may upload, so strangers can't fill the disk. */
static int begin_upload(struct mg_request *request, struct mg_error *error)
{
    if (!request->route || request->route->body_kind != MG_BODY_UPLOAD)
        return 0;
    int rc = mg_guard_caller(request, error);
    if (!rc)
        rc = mg_guard_rate(request, error);
    return rc ? rc : mg_upload_begin(request, error);
}

static enum MHD_Result begin(struct mg_api *api, struct MHD_Connection *connection, const char *method,
                             const char *target, void **con_cls)
{
    struct mg_request *request = make_request(api, connection, method, target);
    if (!request)
        return MHD_NO;
    *con_cls = request;
    struct mg_error error = {.lang = request->ctx.lang};
    struct mg_match match;
    find_target(request, &match);
    int rc = mg_guard_host(request, &error);
    if (rc)
        return refuse(request, 421, &error);
    char *decoded = mg_arena_strdup(request->ctx.arena, target);
    if (!decoded || !mg_percent_decode(decoded)) {
        mg_fail(&error, MG_E_INVALID, "The address is not properly percent-encoded UTF-8.");
        return refuse(request, 400, &error);
    }
    unsigned status = check_target(request, &match, &error);
    if (!status)
        status = check_length(request, &error);
    if (status)
        return refuse(request, status, &error);
    rc = begin_upload(request, &error);
    if (rc)
        return refuse(request, mg_problem_status(rc), &error);
    mg_buf_init(&request->body, (size_t)(request->route ? request->route->body_limit : 0));
    return MHD_YES;
}

/* What goes beyond the limit is counted and thrown away, so that the client reads our answer; a flood is cut.
 */
static enum MHD_Result take_body(struct mg_request *request, const char *bytes, size_t *size)
{
    int64_t limit = request->route ? request->route->body_limit : 0;
    bool upload = request->upload_fd >= 0;
    if (upload && request->api->options.upload_limit > 0)
        limit = request->api->options.upload_limit;
    request->received += (int64_t)*size;
    bool too_slow = !upload && mg_clock_elapsed() - request->started > BODY_SECONDS;
    if (request->received > limit + DISCARDED_MAX || too_slow)
        return MHD_NO;
    if (request->received > limit)
        request->too_large = true;
    if (request->too_large)
        mg_buf_reset(&request->body);
    else if (upload)
        mg_upload_add(request, bytes, *size);
    else
        mg_buf_add(&request->body, bytes, *size);
    *size = 0;
    return MHD_YES;
}

/* --- handing over
 * ------------------------------------------------------------------------------------------------ */

static void work(void *item)
{
    struct mg_request *request = item;
    struct MHD_Connection *connection = request->connection;
    mg_dispatch(request);
    mg_respond(request);
    MHD_resume_connection(connection);
}

static enum MHD_Result park(struct mg_request *request)
{
    struct mg_api *api = request->api;
    request->whole = true;
    atomic_fetch_add(&api->in_flight, 1);
    if (request->builtin && request->counter == mg_routes_count + MG_COUNTER_SITE) {
        mg_dispatch(request);
        mg_respond(request);
        return request->response ? send_reply(request) : MHD_NO;
    }
    /* Password hashing is heavy too: its memory is bounded by the number of those threads. */
    enum mg_rate rate = request->route ? request->route->rate : MG_RATE_READ;
    bool heavy = rate == MG_RATE_HEAVY || rate == MG_RATE_LOGIN;
    MHD_suspend_connection(request->connection);
    if (!atomic_load(&api->stopping) && mg_pool_submit(heavy ? api->heavy : api->quick, request))
        return MHD_YES;
    struct mg_error error = {.lang = request->ctx.lang};
    mg_fail(&error, MG_E_BUSY, "The server is busy; please try again in a moment.");
    mg_reply_problem(request, 503, &error);
    mg_respond(request);
    MHD_resume_connection(request->connection);
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *target,
                                  const char *method, const char *version, const char *bytes, size_t *size,
                                  void **con_cls)
{
    (void)version;
    struct mg_request *request = *con_cls;
    if (!request)
        return begin(cls, connection, method, target, con_cls);
    if (request->response)
        return send_reply(request);
    if (*size)
        return take_body(request, bytes, size);
    return park(request);
}

static void note_done(const struct mg_request *request, double seconds)
{
    const struct mg_api *api = request->api;
    mg_metrics_count(api->metrics, request->counter, request->reply.status, seconds);
    mg_log_write(&api->base.log, MG_LOG_INFO, "http", "%s %s %u %.1f ms %s", request->method,
                 request->route ? request->route->path : "-", request->reply.status, seconds * 1e3,
                 request->id);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                         enum MHD_RequestTerminationCode why)
{
    (void)connection, (void)why;
    struct mg_api *api = cls;
    struct mg_request *request = *con_cls;
    if (!request)
        return;
    *con_cls = NULL;
    if (request->response) {
        note_done(request, mg_clock_elapsed() - request->started);
        MHD_destroy_response(request->response);
    }
    if (request->whole)
        atomic_fetch_sub(&api->in_flight, 1);
    mg_upload_end(request);
    mg_buf_done(&request->body);
    mg_buf_done(&request->reply.buf);
    mg_arena_free(request->ctx.arena);
    free(request);
}

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

/* --- start and stop
 * ---------------------------------------------------------------------------------------------- */

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
    if (!options->heavy)
        options->heavy = cores() * 2 > 4 ? cores() * 2 : 4;
    if (!options->connections)
        options->connections = 2048;
}

static int make_parts(struct mg_api *api, struct mg_error *error)
{
    pthread_mutex_init(&api->lock, NULL);
    pthread_cond_init(&api->engines_changed, NULL);
    api->rates = mg_rates_new();
    api->metrics = mg_metrics_new();
    api->cache = mg_cache_new(CACHE_BYTES);
    api->streams = mg_streams_new();
    api->quick = mg_pool_new(api->options.handlers, api->options.connections, work);
    api->heavy = mg_pool_new(api->options.heavy, api->options.heavy * 16, work);
    if (api->rates && api->metrics && api->cache && api->streams && api->quick && api->heavy)
        return 0;
    return mg_fail(error, MG_E_NO_MEMORY, "There is not enough memory to start the server.");
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
        flags, api->options.port, NULL, NULL, on_request, api, MHD_OPTION_EXTERNAL_LOGGER, ignore_log, NULL,
        MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED, on_completed, api,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)api->options.connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
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
        return mg_fail(error, MG_E_NO_MEMORY, "There is not enough memory to start the server.");
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

void mg_api_set_engines(struct mg_api *api, struct mg_columns columns, struct mg_jobs *jobs,
                        const struct mg_error *problem)
{
    pthread_mutex_lock(&api->lock);
    api->columns = columns;
    api->jobs = jobs;
    api->engines_known = true;
    if (problem)
        api->engines_problem = *problem;
    pthread_cond_broadcast(&api->engines_changed);
    pthread_mutex_unlock(&api->lock);
}

int mg_api_wait_engines(struct mg_request *request, struct mg_error *error)
{
    struct mg_api *api = request->api;
    pthread_mutex_lock(&api->lock);
    while (!api->engines_known)
        pthread_cond_wait(&api->engines_changed, &api->lock);
    request->ctx.columns = api->columns;
    request->ctx.jobs = api->jobs;
    struct mg_error problem = api->engines_problem;
    pthread_mutex_unlock(&api->lock);
    if (request->ctx.columns.column)
        return 0;
    return mg_fail(error, MG_E_ENGINE, "The column engine could not be opened: %s", problem.message);
}

bool mg_api_engines_open(struct mg_api *api)
{
    pthread_mutex_lock(&api->lock);
    bool open = api->columns.column != NULL;
    pthread_mutex_unlock(&api->lock);
    return open;
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
    MHD_socket listener = api->daemon ? MHD_quiesce_daemon(api->daemon) : MHD_INVALID_SOCKET;
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
    mg_pool_free(api->quick);
    mg_pool_free(api->heavy);
    if (api->streams)
        mg_streams_close(api->streams);
    drain(api);
    if (api->daemon)
        MHD_stop_daemon(api->daemon);
    mg_streams_free(api->streams);
    mg_cache_free(api->cache);
    mg_metrics_free(api->metrics);
    mg_rates_free(api->rates);
    pthread_cond_destroy(&api->engines_changed);
    pthread_mutex_destroy(&api->lock);
    free(api);
}
