/* Server-sent events. One ticking thread asks every open stream's source what is new and wakes the
 * connections that have something to send, so that neither a loop nor a handler thread ever waits for an
 * event. */
#ifndef MG_API_HTTP_STREAM_H
#define MG_API_HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "service/context.h"

struct MHD_Response;
struct mg_request;
struct mg_stream;
struct mg_streams;

/* Appends events that are new to `out`. False: this was the last. `ctx` has a fresh arena each time; `state`
 * is the stream's own. */
typedef bool mg_stream_source(struct mg_ctx *ctx, void *state, struct mg_buf *out);

struct mg_streams *mg_streams_new(void); /* NULL when memory or threads are out */
/* Ends all streams; their connections are woken. */
void mg_streams_close(struct mg_streams *streams);
void mg_streams_free(struct mg_streams *streams); /* no stream may be open */

/* Answers the request with a stream. `state` (n bytes, at most 256) is copied. MG_E_BUSY beyond the limit of
 * streams, of all or of one organisation. */
MG_CHECKED int mg_reply_stream(struct mg_request *request, mg_stream_source *source, const void *state,
                               size_t n, struct mg_error *error);
/* respond.c: the MHD response that sends it. NULL when memory is out. */
struct MHD_Response *mg_stream_response(struct mg_stream *stream);

#endif
