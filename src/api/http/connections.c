/* One list under one lock: a few thousand at most, looked through four times a second, and when one more
 * comes than there should be. Nothing under the lock waits: polls return at once, an interim answer that
 * doesn't fit is dropped. */
#include "api/http/connections.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/str.h"

#define TICK_NS 250000000L
#define CAME_SECONDS 1 /* before that it is about to send its request */

struct mg_connection {
    struct mg_connection *before, *after;
    int fd;
    uint8_t address[16]; /* of IPv6 the network: the first half */
    enum mg_connection_state state;
    double since; /* in this state */
    bool shut;
    struct mg_stop *stop; /* NULL: not watched */
    bool interim, asked;  /* it may be asked whether it is there, and was */
};

struct mg_connections {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t watcher;
    struct mg_connection *first;
    size_t n, most, fresh_per_address;
    double slow_seconds, ending_at; /* ending_at 0: not ending */
    bool closing;
};

static void shut_down(struct mg_connection *connection)
{
    connection->shut = true;
    shutdown(connection->fd, SHUT_RDWR);
}

/* ---- making room ---- */

/* Who goes first. */
enum rank { WAITS, SLOW, STAYS };

static enum rank rank_of(const struct mg_connections *connections, const struct mg_connection *connection,
                         double now)
{
    double age = now - connection->since;
    if (connection->shut || connection->state == MG_CONNECTION_BUSY)
        return STAYS;
    if (connection->state == MG_CONNECTION_IDLE)
        return WAITS;
    if (connection->state == MG_CONNECTION_FRESH)
        return age > CAME_SECONDS ? WAITS : STAYS;
    return age > connections->slow_seconds ? SLOW : STAYS;
}

/* Those that were shut down leave by themselves. Also called by the watcher: where nobody could go when the
 * last one came, and the library takes no more, somebody may later. */
static void make_room(struct mg_connections *connections, double now)
{
    struct mg_connection *first = NULL;
    enum rank best = STAYS;
    size_t open = 0;
    for (struct mg_connection *c = connections->first; c; c = c->after) {
        enum rank rank = rank_of(connections, c, now);
        open += !c->shut;
        if (rank < best || (rank == best && first && c->since < first->since)) {
            first = c;
            best = rank;
        }
    }
    if (first && open > connections->most)
        shut_down(first);
}

static void bound_fresh(struct mg_connections *connections, const uint8_t address[16])
{
    struct mg_connection *oldest = NULL;
    size_t n = 0;
    for (struct mg_connection *c = connections->first; c; c = c->after) {
        if (c->shut || c->state != MG_CONNECTION_FRESH || memcmp(c->address, address, sizeof c->address) != 0)
            continue;
        n++;
        if (!oldest || c->since < oldest->since)
            oldest = c;
    }
    if (n > connections->fresh_per_address)
        shut_down(oldest);
}

/* ---- watching ---- */

static bool too_late(const struct mg_connection *connection, double now)
{
    static const double most[] = {[MG_CONNECTION_FRESH] = MG_HEADER_SECONDS,
                                  [MG_CONNECTION_IDLE] = MG_KEPT_SECONDS,
                                  [MG_CONNECTION_READING] = MG_BODY_SECONDS};
    return !connection->shut && connection->state < ARRAY_LEN(most) &&
           now - connection->since > most[connection->state];
}

/* Whether nobody reads any more what we would send. */
static bool has_gone(struct mg_connection *connection)
{
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct pollfd look = {.fd = connection->fd, .events = POLLRDHUP};
    if (poll(&look, 1, 0) <= 0)
        return false;
    if (look.revents & (POLLERR | POLLHUP))
        return true;
    if ((look.revents & POLLRDHUP) && connection->interim && !connection->asked) {
        connection->asked = true;
        send(connection->fd, interim, sizeof interim - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    return false;
}

static void look_at(struct mg_connections *connections, struct mg_connection *connection, double now)
{
    if (too_late(connection, now))
        shut_down(connection);
    if (!connection->stop)
        return;
    if (has_gone(connection))
        mg_stop_ask(connection->stop, MG_STOP_GONE);
    else if (connections->ending_at > 0 && now > connections->ending_at)
        mg_stop_ask(connection->stop, MG_STOP_ENDING);
    else
        mg_stop_tick(connection->stop);
}

static void wait_for_tick(struct mg_connections *connections)
{
    struct timespec until;
    if (!connections->first) {
        pthread_cond_wait(&connections->changed, &connections->lock);
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_NS;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&connections->changed, &connections->lock, &until);
}

static void *watch(void *user)
{
    struct mg_connections *connections = user;
    pthread_mutex_lock(&connections->lock);
    while (!connections->closing) {
        double now = mg_clock_elapsed();
        for (struct mg_connection *c = connections->first; c; c = c->after)
            look_at(connections, c, now);
        for (size_t i = connections->most; i < connections->n; i++)
            make_room(connections, now);
        wait_for_tick(connections);
    }
    pthread_mutex_unlock(&connections->lock);
    return NULL;
}

/* ---- the list ---- */

struct mg_connections *mg_connections_new(size_t most, size_t fresh_per_address, double slow_seconds)
{
    struct mg_connections *connections = calloc(1, sizeof *connections);
    if (!connections)
        return NULL;
    connections->most = most;
    connections->fresh_per_address = fresh_per_address;
    connections->slow_seconds = slow_seconds;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&connections->lock, NULL);
    pthread_cond_init(&connections->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&connections->watcher, NULL, watch, connections) == 0)
        return connections;
    pthread_cond_destroy(&connections->changed);
    pthread_mutex_destroy(&connections->lock);
    free(connections);
    return NULL;
}

void mg_connections_end(struct mg_connections *connections, double seconds)
{
    pthread_mutex_lock(&connections->lock);
    connections->ending_at = mg_clock_elapsed() + seconds;
    pthread_mutex_unlock(&connections->lock);
}

void mg_connections_free(struct mg_connections *connections)
{
    if (!connections)
        return;
    pthread_mutex_lock(&connections->lock);
    connections->closing = true;
    pthread_cond_signal(&connections->changed);
    pthread_mutex_unlock(&connections->lock);
    pthread_join(connections->watcher, NULL);
    pthread_cond_destroy(&connections->changed);
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}

static void take_address(const struct sockaddr *peer, uint8_t ret_address[16])
{
    if (peer && peer->sa_family == AF_INET)
        memcpy(ret_address, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, 4);
    else if (peer && peer->sa_family == AF_INET6)
        memcpy(ret_address, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, 8);
}

struct mg_connection *mg_connection_open(struct mg_connections *connections, int fd,
                                         const struct sockaddr *peer)
{
    struct mg_connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    *connection = (struct mg_connection){.fd = fd, .since = mg_clock_elapsed()};
    take_address(peer, connection->address);
    pthread_mutex_lock(&connections->lock);
    connection->after = connections->first;
    if (connections->first)
        connections->first->before = connection;
    connections->first = connection;
    if (++connections->n == 1)
        pthread_cond_signal(&connections->changed);
    if (connections->fresh_per_address && connections->n > connections->fresh_per_address)
        bound_fresh(connections, connection->address);
    if (connections->n > connections->most)
        make_room(connections, connection->since);
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void mg_connection_close(struct mg_connections *connections, struct mg_connection *connection)
{
    if (!connection)
        return;
    pthread_mutex_lock(&connections->lock);
    *(connection->before ? &connection->before->after : &connections->first) = connection->after;
    if (connection->after)
        connection->after->before = connection->before;
    connections->n--;
    pthread_mutex_unlock(&connections->lock);
    free(connection);
}

void mg_connection_is(struct mg_connections *connections, struct mg_connection *connection,
                      enum mg_connection_state state)
{
    if (!connection)
        return;
    pthread_mutex_lock(&connections->lock);
    connection->state = state;
    connection->since = mg_clock_elapsed();
    pthread_mutex_unlock(&connections->lock);
}

bool mg_connection_has_ended(const struct mg_connection *connection)
{
    struct pollfd look = {.fd = connection ? connection->fd : -1, .events = POLLRDHUP};
    return connection && poll(&look, 1, 0) > 0;
}

void mg_connection_watch(struct mg_connections *connections, struct mg_connection *connection,
                         struct mg_stop *stop, bool interim)
{
    if (!connection)
        return;
    pthread_mutex_lock(&connections->lock);
    connection->stop = stop;
    connection->interim = interim;
    connection->asked = false;
    pthread_mutex_unlock(&connections->lock);
}
