/* What the files of http share: how bytes become a request, and a reply bytes.
 *
 *   - server.c: start and stop
 *   - loop.c: the library's callbacks, and handing over to pools
 *   - request.c: a request's two ends; reading headers and query
 *   - peer.c: whose address it comes from
 *   - upload.c: the body of an upload
 *   - respond.c, problem.c, stream.c: replies
 *
 * Handlers and the door see request.h. What http asks of the door is in door/door.h, which says how the two
 * use each other. */
#ifndef MG_API_HTTP_HTTP_H
#define MG_API_HTTP_HTTP_H

#include "api/http/request.h"

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

/* request.c: made from a header, with its query decoded; freed when the answer is out. NULL when memory is
 * out. */
struct mg_request *mg_request_new(struct mg_api *api, struct MHD_Connection *connection, const char *method,
                                  const char *target);
void mg_request_free(struct mg_request *request);
/* peer.c: whose address counts as the client's. */
void mg_request_note_peer(struct mg_request *request);

/* respond.c: reply → MHD response with all headers. */
void mg_respond(struct mg_request *request);

#endif
