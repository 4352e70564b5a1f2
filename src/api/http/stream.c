/* States of a stream, all under one lock:
 *
 *          pull: `out` is empty                 release
 *   sending ──────────────────▶ waiting    (from either) ──▶ gone
 *           ◀──────────────────
 *          tick: the source had something, or ended
 *
 *   - sending: the loop reads `out`; once it is empty and the stream `ended`, the response is over
 *   - waiting: the connection is suspended
 *   - gone: the loop freed the response; freed by the ticker if it was just asking the source
 *
 * A stream ends by itself after STREAM_SECONDS, so that a revoked session doesn't listen on; browsers
 * reconnect. */
#include "api/http/stream.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/http/request.h"
#include "api/private.h"

#define STREAMS_MAX 256
#define STREAMS_PER_ORG 64
#define STREAM_SECONDS 900
#define PING_SECONDS 15
#define TICK_NS 300000000L
#define OUT_MAX ((size_t)256 * 1024)
#define ARENA_MAX ((size_t)4 * 1024 * 1024)

struct mg_stream {
    struct mg_streams *owner;
    struct mg_stream *next;
    struct MHD_Connection *connection;
    struct mg_ctx ctx;
    mg_stream_source *source;
    _Alignas(max_align_t) char state[256];
    struct mg_buf out;
    size_t sent;
    double started, last;
    bool waiting, ended;
    bool asking, gone; /* the ticker is in its source; its response was freed meanwhile */
    unsigned round;
};

struct mg_streams {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    struct mg_stream *first;
    size_t n;
    bool closing;
};

static void wake(struct mg_stream *stream)
{
    if (!stream->waiting)
        return;
    stream->waiting = false;
    MHD_resume_connection(stream->connection);
}

/* Asks one source, without the lock, since it reads the record. */
static bool ask(struct mg_stream *stream, struct mg_buf *news)
{
    stream->ctx.arena = mg_arena_new(ARENA_MAX);
    bool more = stream->ctx.arena && stream->source(&stream->ctx, stream->state, news);
    mg_arena_free(stream->ctx.arena);
    stream->ctx.arena = NULL;
    return more;
}

static void take_news(struct mg_stream *stream, const struct mg_buf *news, bool more, double now)
{
    mg_buf_add(&stream->out, news->data, news->len);
    if (news->len)
        stream->last = now;
    if (!news->len && now - stream->last > PING_SECONDS) {
        mg_buf_puts(&stream->out, ": still here\n\n");
        stream->last = now;
    }
    if (!more || now - stream->started > STREAM_SECONDS || stream->out.failed)
        stream->ended = true;
    if (stream->ended || stream->out.len > stream->sent)
        wake(stream);
}

static void free_stream(struct mg_stream *stream)
{
    mg_buf_done(&stream->out);
    free(stream);
}

static void tick(struct mg_streams *streams, struct mg_stream *stream)
{
    struct mg_buf news;
    mg_buf_init(&news, OUT_MAX);
    stream->asking = true;
    pthread_mutex_unlock(&streams->lock);
    bool more = ask(stream, &news);
    pthread_mutex_lock(&streams->lock);
    stream->asking = false;
    if (stream->gone)
        free_stream(stream);
    else
        take_news(stream, &news, more, mg_clock_elapsed());
    mg_buf_done(&news);
}

/* A stream that wasn't asked in this round yet; the list may change while one is asked. */
static struct mg_stream *next_of_round(struct mg_streams *streams, unsigned round)
{
    struct mg_stream *stream = streams->first;
    while (stream && (stream->round == round || stream->ended))
        stream = stream->next;
    if (stream)
        stream->round = round;
    return stream;
}

static void wait_for_tick(struct mg_streams *streams)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_NS;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    if (streams->first)
        pthread_cond_timedwait(&streams->wake, &streams->lock, &until);
    else
        pthread_cond_wait(&streams->wake, &streams->lock);
}

static void *run(void *user)
{
    struct mg_streams *streams = user;
    struct mg_stream *stream;
    pthread_mutex_lock(&streams->lock);
    for (unsigned round = 1; !streams->closing; round++) {
        while (!streams->closing && (stream = next_of_round(streams, round)))
            tick(streams, stream);
        if (!streams->closing)
            wait_for_tick(streams);
    }
    for (stream = streams->first; stream; stream = stream->next) {
        stream->ended = true;
        wake(stream);
    }
    pthread_mutex_unlock(&streams->lock);
    return NULL;
}

struct mg_streams *mg_streams_new(void)
{
    struct mg_streams *streams = calloc(1, sizeof *streams);
    if (!streams)
        return NULL;
    pthread_mutex_init(&streams->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* a clock that is set moves no tick */
    pthread_cond_init(&streams->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&streams->thread, NULL, run, streams) == 0)
        return streams;
    free(streams);
    return NULL;
}

void mg_streams_close(struct mg_streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    bool already = streams->closing;
    streams->closing = true;
    pthread_cond_signal(&streams->wake);
    pthread_mutex_unlock(&streams->lock);
    if (!already)
        pthread_join(streams->thread, NULL);
}

void mg_streams_free(struct mg_streams *streams)
{
    if (!streams)
        return;
    mg_streams_close(streams);
    pthread_cond_destroy(&streams->wake);
    pthread_mutex_destroy(&streams->lock);
    free(streams);
}

/* With the lock held. */
static size_t of_organisation(const struct mg_streams *streams, const char *org_id)
{
    size_t n = 0;
    for (const struct mg_stream *stream = streams->first; stream; stream = stream->next)
        n += strcmp(stream->ctx.caller.org_id, org_id) == 0;
    return n;
}

int mg_reply_stream(struct mg_request *request, mg_stream_source *source, const void *state, size_t n,
                    struct mg_error *error)
{
    struct mg_streams *streams = request->api->streams;
    struct mg_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return mg_fail_memory(error);
    *stream = (struct mg_stream){
        .owner = streams, .connection = request->connection, .ctx = request->ctx, .source = source};
    memcpy(stream->state, state, n);
    mg_buf_init(&stream->out, OUT_MAX);
    stream->started = stream->last = mg_clock_elapsed();
    pthread_mutex_lock(&streams->lock);
    bool room = streams->n < STREAMS_MAX && !streams->closing &&
                of_organisation(streams, request->ctx.caller.org_id) < STREAMS_PER_ORG;
    if (room) {
        stream->next = streams->first;
        streams->first = stream;
        streams->n++;
        pthread_cond_signal(&streams->wake);
    }
    pthread_mutex_unlock(&streams->lock);
    if (!room) {
        free(stream);
        return mg_fail(error, MG_E_BUSY, "Too many event streams are open; try again later.");
    }
    request->reply.status = 200;
    request->reply.type = "text/event-stream; charset=utf-8";
    request->reply.stream = stream;
    return 0;
}

/* MHD asks for bytes (loop thread). */
static ssize_t pull(void *user, uint64_t position, char *to, size_t most)
{
    (void)position;
    struct mg_stream *stream = user;
    ssize_t result = 0;
    pthread_mutex_lock(&stream->owner->lock);
    size_t n = stream->out.len - stream->sent;
    if (n) {
        n = n < most ? n : most;
        memcpy(to, stream->out.data + stream->sent, n);
        stream->sent += n;
        result = (ssize_t)n;
        if (stream->sent == stream->out.len) {
            mg_buf_reset(&stream->out);
            stream->sent = 0;
        }
    } else if (stream->ended) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        stream->waiting = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_mutex_unlock(&stream->owner->lock);
    return result;
}

static void release(void *user)
{
    struct mg_stream *stream = user;
    struct mg_streams *streams = stream->owner;
    pthread_mutex_lock(&streams->lock);
    struct mg_stream **at = &streams->first;
    while (*at && *at != stream)
        at = &(*at)->next;
    if (*at) {
        *at = stream->next;
        streams->n--;
    }
    stream->gone = true;
    bool asking = stream->asking;
    pthread_mutex_unlock(&streams->lock);
    if (!asking)
        free_stream(stream);
}

struct MHD_Response *mg_stream_response(struct mg_stream *stream)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16 * 1024, pull, stream, release);
    if (!response)
        release(stream);
    return response;
}
