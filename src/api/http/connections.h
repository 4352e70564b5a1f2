/* Every open connection, and a watcher over them: what libmicrohttpd's own timeout can't do, since each byte
 * that drips in restarts it.
 *
 *   fresh ──▶ reading ──▶ busy ──▶ sending ──▶ idle ──▶ busy …
 *                 └──▶ uploading ──┘
 *
 * fresh      no request yet: its header must come within MG_HEADER_SECONDS, however it drips
 * reading    its body must come within MG_BODY_SECONDS
 * uploading  the body of somebody known; counted from its last part
 * busy       ours to answer, or a stream of events
 * sending    our answer is on its way, as fast as the client takes it
 * idle       kept for another request: MG_KEPT_SECONDS
 *
 * One address has at most `fresh_per_address` fresh connections: the oldest goes when another comes. Beyond
 * `most` connections one goes: the one that has waited longest without a request, but for those that came
 * within the last second; else the one that has been reading, sending or uploading longest, if that is more
 * than `slow_seconds`; else the next to whom that applies. So those who wait or are slow shut nobody out. A
 * connection goes by shutting its socket down; its loop then closes it.
 *
 * While a request is in the slow pool its connection is watched: who closes it has the work stopped. A client
 * that closed only its sending side looks the same (both send FIN), so it is sent an interim answer (100
 * Continue, which every HTTP/1.1 client skips): one that is there lets it pass, one that has gone answers by
 * a reset.
 *
 * All calls from any thread. A connection is in the list from its loop's notice until the next, so its socket
 * is open whenever the watcher looks at it. */
#ifndef MG_API_HTTP_CONNECTIONS_H
#define MG_API_HTTP_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/stop.h"

#define MG_HEADER_SECONDS 10
#define MG_BODY_SECONDS 60 /* of JSON; uploads have no limit in time once it is known whose they are */
#define MG_KEPT_SECONDS 40 /* silent ones are closed after 30 by the loops */
#define MG_SLOW_SECONDS 10 /* what has taken so long may be cut when there is no room */

enum mg_connection_state {
    MG_CONNECTION_FRESH,
    MG_CONNECTION_IDLE,
    MG_CONNECTION_READING,
    MG_CONNECTION_SENDING,
    MG_CONNECTION_UPLOADING,
    MG_CONNECTION_BUSY
};

struct mg_connections;
struct mg_connection;

/* fresh_per_address 0: any number, as behind a proxy. NULL when memory or threads are out. */
struct mg_connections *mg_connections_new(size_t most, size_t fresh_per_address, double slow_seconds);
/* Stops the work of all that are watched with MG_STOP_ENDING, `seconds` from now. */
void mg_connections_end(struct mg_connections *connections, double seconds);
/* No connection may be open. NULL is fine. */
void mg_connections_free(struct mg_connections *connections);

/* NULL when memory is out: such a connection is not watched, and all calls take it. */
struct mg_connection *mg_connection_open(struct mg_connections *connections, int fd,
                                         const struct sockaddr *peer);
void mg_connection_close(struct mg_connections *connections, struct mg_connection *connection);
void mg_connection_is(struct mg_connections *connections, struct mg_connection *connection,
                      enum mg_connection_state state);
/* Whether the peer has closed its sending side, or all of it. */
bool mg_connection_has_ended(const struct mg_connection *connection);
/* Stops `stop` when the peer goes, and ticks it; NULL ends that, after which `stop` is not used. `interim`:
 * the client may be sent an interim answer (HTTP/1.1). */
void mg_connection_watch(struct mg_connections *connections, struct mg_connection *connection,
                         struct mg_stop *stop, bool interim);

#endif
