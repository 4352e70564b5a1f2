/* From a reply to bytes on the wire: compression, conditional requests, and the headers that keep a browser
 * from doing what it shouldn't. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/door/cache.h"
#include "api/http/accept.h"
#include "api/http/connections.h"
#include "api/http/gzip.h"
#include "api/http/http.h"
#include "api/http/stream.h"
#include "api/private.h"
#include "base/file.h"
#include "base/str.h"
#include "wire.gen.h"

#define GZIP_MIN 1024

/* Scripts and styles only from here. Attributes may carry styles, since charts and menus place themselves by
 * them. */
#define POLICY                                                                                               \
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "              \
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri "    \
    "'none'; "                                                                                               \
    "form-action 'self'; frame-ancestors 'none'"

static const struct mg_header security_headers[] = {
    {"Content-Security-Policy", POLICY},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
};

void mg_reply_header(struct mg_request *request, const char *name, const char *value)
{
    struct mg_reply *reply = &request->reply;
    size_t i = 0;
    while (i < reply->n_headers && strcmp(reply->headers[i].name, name) != 0)
        i++;
    assert(i < MG_REPLY_HEADERS_MAX);
    reply->headers[i] = (struct mg_header){name, value};
    if (i == reply->n_headers)
        reply->n_headers++;
}

void mg_reply_json(struct mg_request *request, unsigned status, const struct mg_wire_type *type,
                   const void *value)
{
    struct mg_reply *reply = &request->reply;
    mg_buf_done(&reply->buf);
    mg_buf_init(&reply->buf, MG_REPLY_BYTES_MAX);
    struct mg_json_writer out = mg_json_writer(&reply->buf);
    mg_wire_write(&out, type, value);
    reply->status = status;
    reply->type = "application/json; charset=utf-8";
}

void mg_reply_bytes(struct mg_request *request, unsigned status, const char *content_type, const void *bytes,
                    size_t n)
{
    request->reply.status = status;
    request->reply.type = content_type;
    request->reply.bytes = bytes;
    request->reply.n_bytes = n;
}

/* __Host- pins the cookie to this host and path, which browsers grant to HTTPS only. */
void mg_reply_session_cookie(struct mg_request *request, const char *token, int64_t seconds)
{
    bool secure = request->api->options.behind_https;
    char *cookie = mg_arena_printf(
        request->ctx.arena, "%smindgap_session=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
        secure ? "__Host-" : "", token, (long long)seconds, secure ? "; Secure" : "");
    if (cookie)
        mg_reply_header(request, "Set-Cookie", cookie);
}

static bool accepts_gzip(const struct mg_request *request)
{
    return mg_accepts(mg_request_header(request, "Accept-Encoding"), "gzip");
}

static void release_cached(void *cached)
{
    mg_cache_release(cached);
}

static struct MHD_Response *empty_response(void)
{
    return MHD_create_response_from_buffer(0, (void *)(size_t) "", MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *cached_response(struct mg_request *request)
{
    const struct mg_cached *cached = request->reply.cached;
    const char *etag = mg_arena_strdup(request->ctx.arena, cached->etag); /* outlives the entry */
    request->reply.cached = NULL;
    mg_reply_header(request, "ETag", etag ? etag : "\"\"");
    mg_reply_header(request, "Cache-Control", "private, no-cache");
    if (mg_request_has_etag(request, cached->etag)) {
        mg_cache_release(cached);
        request->reply.status = 304;
        return empty_response();
    }
    bool gzip = cached->gzip && accepts_gzip(request);
    if (gzip)
        mg_reply_header(request, "Content-Encoding", "gzip");
    return MHD_create_response_from_buffer_with_free_callback_cls(
        gzip ? cached->n_gzip : cached->n_body, (void *)(size_t)(gzip ? cached->gzip : cached->body),
        release_cached, (void *)(size_t)cached);
}

static struct MHD_Response *buffer_response(struct mg_request *request)
{
    size_t n = 0, n_gzip = 0;
    char *bytes = mg_buf_take(&request->reply.buf, &n);
    if (!bytes)
        return NULL;
    char *gzip = n >= GZIP_MIN && accepts_gzip(request) ? mg_gzip(bytes, n, &n_gzip) : NULL;
    if (gzip) {
        free(bytes);
        mg_reply_header(request, "Content-Encoding", "gzip");
        return MHD_create_response_from_buffer(n_gzip, gzip, MHD_RESPMEM_MUST_FREE);
    }
    return MHD_create_response_from_buffer(n, bytes, MHD_RESPMEM_MUST_FREE);
}

int mg_reply_file(struct mg_request *request, const char *path, const char *content_type,
                  struct mg_error *error)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC), why = errno;
    unlink(path);
    if (fd < 0 || fstat(fd, &info) != 0) {
        if (fd >= 0)
            close(fd);
        return mg_file_fail("answer", why, error);
    }
    request->reply.status = 200;
    request->reply.type = content_type;
    request->reply.has_file = true;
    request->reply.fd = fd;
    request->reply.n_bytes = (size_t)info.st_size;
    return 0;
}

static struct MHD_Response *file_response(struct mg_reply *reply)
{
    struct MHD_Response *response = MHD_create_response_from_fd64(reply->n_bytes, reply->fd);
    reply->has_file = response == NULL;
    return response;
}

static struct MHD_Response *make_response(struct mg_request *request)
{
    struct mg_reply *reply = &request->reply;
    if (reply->stream)
        return mg_stream_response(reply->stream);
    if (reply->has_file)
        return file_response(reply);
    if (reply->cached)
        return cached_response(request);
    if (reply->bytes)
        return MHD_create_response_from_buffer(reply->n_bytes, (void *)(size_t)reply->bytes,
                                               MHD_RESPMEM_PERSISTENT);
    return reply->type ? buffer_response(request) : empty_response();
}

static bool has_header(const struct mg_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->n_headers; i++)
        if (strcmp(reply->headers[i].name, name) == 0)
            return true;
    return false;
}

static void add_headers(const struct mg_request *request, struct MHD_Response *response)
{
    const struct mg_reply *reply = &request->reply;
    for (size_t i = 0; i < ARRAY_LEN(security_headers); i++)
        if (!has_header(reply, security_headers[i].name))
            MHD_add_response_header(response, security_headers[i].name, security_headers[i].value);
    for (size_t i = 0; i < reply->n_headers; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    if (reply->type && reply->status != 304)
        MHD_add_response_header(response, "Content-Type", reply->type);
    if (!has_header(reply, "Cache-Control"))
        MHD_add_response_header(response, "Cache-Control", "no-store");
    if (request->api->options.behind_https)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    /* Who sends no more gets no second answer: the library would only find out when the connection has idled.
     */
    if (request->closes || mg_connection_has_ended(request->watched) || atomic_load(&request->api->stopping))
        MHD_add_response_header(response, "Connection", "close");
    MHD_add_response_header(response, "Vary", "Accept-Encoding, Accept-Language");
    MHD_add_response_header(response, "X-Request-Id", request->id);
}

void mg_respond(struct mg_request *request)
{
    struct MHD_Response *response = make_response(request);
    if (!response) { /* memory is out: the shortest answer there is */
        if (request->reply.has_file)
            close(request->reply.fd);
        request->reply = (struct mg_reply){.status = 503};
        response = empty_response();
    }
    if (!response)
        return;
    add_headers(request, response);
    request->response = response;
}
