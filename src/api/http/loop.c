/* The loop side of the server: libmicrohttpd's callbacks, and handing over. A loop moves bytes; it never
 * reads the record, touches the disk or waits for a lock that is held over either.
 *
 * Life of a request (mg_loop_request is called once per arrow from the left):
 *
 *   begin ─┬─ body… ─── settle ─ park ─▶ (quick: ADMIT) ─┬─▶ (slow or login: WORK) ─▶ send ─ done
 *          │   │                                         └─ kept, or of the record ─────▲
 *          │   └ an upload's parts ◀─▶ (disk: WRITE)
 *          ├ a long upload ◀─▶ (quick: OPEN)
 *          └ refused at once (framing, host, address, too large)
 *
 * A call that goes on by itself (MG_LATER) leaves the quick pool; the thread that ends it sends the answer.
 *
 * Invariants: a connection is suspended exactly while a pool, or such a call, has its request; the last act
 * of the thread that has it is to wake it (MG_STEP_FREE has no connection any more). The loop doesn't look
 * into `body` while `writing`.
 *
 * Settling: libmicrohttpd reads from a connection that was resumed before it asks for the answer, and where
 * the client has closed its sending side it gives the request up. A request that is whole is therefore let
 * through once more before it is parked: by then the library no longer waits for anything to read, and keeps
 * it so. */
#include <stdlib.h>
#include <string.h>

#include "api/door/door.h"
#include "api/door/metrics.h"
#include "api/http/connections.h"
#include "api/http/http.h"
#include "api/http/pool.h"
#include "api/http/upload.h"
#include "api/private.h"
#include "base/str.h"

#define DISCARDED_MAX ((int64_t)16 * 1024 * 1024)
#define PART_BYTES ((size_t)128 * 1024) /* of an upload, gathered before it is written */
#define PART_MAX (PART_BYTES + (size_t)64 * 1024)

static void now_is(const struct mg_request *request, enum mg_connection_state state)
{
    mg_connection_is(request->api->connections, request->watched, state);
}

/* ---- answering ---- */

static enum MHD_Result send_reply(struct mg_request *request)
{
    if (!request->reply.stream)
        now_is(request, MG_CONNECTION_SENDING);
    return MHD_queue_response(request->connection, request->reply.status, request->response);
}

/* With a body on its way the answer goes out before it is read, and the connection closes after it; without
 * one, the answer waits for the next call, so that the connection stays. */
static enum MHD_Result refuse(struct mg_request *request, unsigned status, const struct mg_error *error)
{
    mg_reply_problem(request, status, error);
    mg_respond(request);
    if (!request->response)
        return MHD_NO;
    return request->length != 0 || request->closes ? send_reply(request) : MHD_YES;
}

/* ---- handing over ---- */

/* The pool and, in it, the owner that a step of this request is for. */
static struct mg_pool *pool_of(const struct mg_request *request, const char **ret_owner)
{
    const struct mg_api *api = request->api;
    bool slow = request->route && request->route->pool == MG_POOL_SLOW;
    bool opening = request->route && request->route->needs_engine && !atomic_load(&api->engines_known);
    *ret_owner = "";
    if (request->step == MG_STEP_WRITE || request->step == MG_STEP_FREE)
        return api->disk;
    if (request->step != MG_STEP_WORK)
        return api->quick;
    *ret_owner = slow || opening ? request->ctx.caller.org_id : request->network;
    return slow || opening ? api->slow : api->login;
}

static bool hand_over(struct mg_request *request, enum mg_step step)
{
    const char *owner;
    request->step = step;
    struct mg_pool *pool = pool_of(request, &owner);
    return mg_pool_submit(pool, owner, request);
}

static void answer_busy(struct mg_request *request)
{
    struct mg_error error = {.lang = request->ctx.lang};
    mg_fail(&error, MG_E_BUSY, "The server is busy; try again in a moment.");
    mg_reply_problem(request, 503, &error);
}

/* The pool thread's last act. */
static void wake(struct mg_request *request)
{
    struct MHD_Connection *connection = request->connection;
    mg_connection_watch(request->api->connections, request->watched, NULL, false);
    mg_respond(request);
    MHD_resume_connection(connection);
}

/* ---- in pool threads ---- */

static void open_upload(struct mg_request *request)
{
    struct MHD_Connection *connection = request->connection;
    struct mg_error error = {.lang = request->ctx.lang};
    int rc = mg_upload_open(request, &error);
    if (rc) {
        mg_dispatch_refuse(request, rc, &error);
        mg_respond(request);
    } else {
        now_is(request, MG_CONNECTION_UPLOADING); /* somebody known: it may take its time */
    }
    MHD_resume_connection(connection);
}

static void write_upload(struct mg_request *request)
{
    struct MHD_Connection *connection = request->connection;
    struct mg_error error = {.lang = request->ctx.lang};
    int rc = mg_upload_open(request, &error);
    if (rc) {
        mg_dispatch_refuse(request, rc, &error);
        mg_respond(request);
    } else {
        mg_upload_write(request);
        now_is(request, MG_CONNECTION_UPLOADING);
    }
    atomic_store(&request->writing, false);
    MHD_resume_connection(connection);
}

static void admit(struct mg_request *request)
{
    enum mg_admitted admitted = mg_dispatch_admit(request);
    if (admitted == MG_ADMITTED_DONE)
        wake(request);
    if (admitted != MG_ADMITTED_WORK)
        return;
    request->ctx.stop = &request->stop;
    mg_connection_watch(request->api->connections, request->watched, &request->stop, request->interim);
    if (hand_over(request, MG_STEP_WORK))
        return;
    answer_busy(request);
    wake(request);
}

/* Here, not in a pool: its threads would be woken for every answer of a commit, which costs more than to make
 * them. */
void mg_request_later(void *request, int rc, const struct mg_error *error)
{
    mg_dispatch_end(request, rc, error);
    wake(request);
}

void mg_loop_work(void *item)
{
    struct mg_request *request = item;
    switch (request->step) {
    case MG_STEP_OPEN:
        open_upload(request);
        break;
    case MG_STEP_WRITE:
        write_upload(request);
        break;
    case MG_STEP_ADMIT:
        admit(request);
        break;
    case MG_STEP_WORK:
        mg_dispatch_work(request);
        wake(request);
        break;
    case MG_STEP_FREE:
        mg_request_free(request);
        break;
    }
}

/* ---- in the loop ---- */

/* Suspends and hands over; where the pool takes no more it is answered so, and the connection goes on at
 * once. */
static enum MHD_Result park_for(struct mg_request *request, enum mg_step step)
{
    MHD_suspend_connection(request->connection);
    if (!atomic_load(&request->api->stopping) && hand_over(request, step))
        return MHD_YES;
    atomic_store(&request->writing, false);
    answer_busy(request);
    mg_respond(request);
    MHD_resume_connection(request->connection);
    return request->response ? MHD_YES : MHD_NO;
}

/* A long upload is looked at before its body comes, so that a stranger's is refused before it is sent. A
 * short one, or one in chunks, is when its first part is written. */
static enum MHD_Result begin_body(struct mg_request *request)
{
    bool upload = request->route && request->route->body_kind == MG_BODY_UPLOAD;
    mg_buf_init(&request->body, upload ? PART_MAX : (size_t)mg_check_limit(request));
    now_is(request, request->length ? MG_CONNECTION_READING : MG_CONNECTION_BUSY);
    if (!upload || request->length <= (int64_t)PART_BYTES)
        return MHD_YES;
    request->opening = true;
    return park_for(request, MG_STEP_OPEN);
}

static enum MHD_Result begin(struct mg_api *api, struct MHD_Connection *connection, const char *method,
                             const char *target, const char *version, void **con_cls)
{
    struct mg_request *request = mg_request_new(api, connection, method, target);
    if (!request)
        return MHD_NO;
    *con_cls = request;
    request->interim = strcmp(version, "HTTP/1.1") == 0;
    struct mg_error error = {.lang = request->ctx.lang};
    unsigned status = mg_check_header(request, &error);
    if (!status)
        return begin_body(request);
    now_is(request, MG_CONNECTION_BUSY);
    return refuse(request, status, &error);
}

/* Gathers a part; full, it goes to the disk, and nothing more is read meanwhile. The last part is left to the
 * end. */
static enum MHD_Result take_part(struct mg_request *request, const char *bytes, size_t n)
{
    mg_buf_add(&request->body, bytes, n);
    if (request->body.len < PART_BYTES || request->received == request->length)
        return MHD_YES;
    atomic_store(&request->writing, true);
    return park_for(request, MG_STEP_WRITE);
}

/* What goes beyond the limit is counted and thrown away, so that the client reads our answer; a flood is cut.
 */
static enum MHD_Result take_body(struct mg_request *request, const char *bytes, size_t *size)
{
    bool upload = request->route && request->route->body_kind == MG_BODY_UPLOAD;
    int64_t limit = request->response ? 0 : mg_check_limit(request);
    if (atomic_load(&request->writing))
        return MHD_YES; /* left where it is until the part is written */
    size_t n = *size;
    *size = 0;
    request->received += (int64_t)n;
    if (request->received > limit + DISCARDED_MAX)
        return MHD_NO;
    if (request->received > limit)
        request->too_large = true;
    if (request->too_large || request->response || request->upload_errno)
        mg_buf_reset(&request->body);
    else if (upload)
        return take_part(request, bytes, n);
    else
        mg_buf_add(&request->body, bytes, n);
    return MHD_YES;
}

static enum MHD_Result park(struct mg_request *request)
{
    struct mg_api *api = request->api;
    request->whole = true;
    atomic_fetch_add(&api->in_flight, 1);
    now_is(request, MG_CONNECTION_BUSY);
    if (!request->builtin || request->counter != mg_routes_count + MG_COUNTER_SITE)
        return park_for(request, MG_STEP_ADMIT);
    mg_dispatch_admit(request);
    mg_respond(request);
    return request->response ? send_reply(request) : MHD_NO;
}

enum MHD_Result mg_loop_request(void *cls, struct MHD_Connection *connection, const char *target,
                                const char *method, const char *version, const char *bytes, size_t *size,
                                void **con_cls)
{
    struct mg_request *request = *con_cls;
    if (!request)
        return begin(cls, connection, method, target, version, con_cls);
    if (*size)
        return take_body(request, bytes, size);
    if (request->response)
        return send_reply(request);
    if (request->opening) { /* its header was looked at: now its body */
        request->opening = false;
        return MHD_YES;
    }
    if (!request->settled) {
        request->settled = true;
        return MHD_YES;
    }
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

void mg_loop_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                       enum MHD_RequestTerminationCode why)
{
    (void)connection, (void)why;
    struct mg_api *api = cls;
    struct mg_request *request = *con_cls;
    if (!request)
        return;
    *con_cls = NULL;
    now_is(request, MG_CONNECTION_IDLE);
    if (request->response) {
        note_done(request, mg_clock_elapsed() - request->started);
        MHD_destroy_response(request->response);
    }
    if (request->whole)
        atomic_fetch_sub(&api->in_flight, 1);
    if (!request->upload_path || !hand_over(request, MG_STEP_FREE))
        mg_request_free(request);
}

void mg_loop_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                        enum MHD_ConnectionNotificationCode what)
{
    struct mg_api *api = cls;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        mg_connection_close(api->connections, *socket_context);
        return;
    }
    int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    *socket_context = mg_connection_open(api->connections, fd, peer ? peer->client_addr : NULL);
}
