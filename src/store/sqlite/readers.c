/* Idle connections are a stack, so that the warm one is used again; new ones are opened up to the limit;
 * beyond it callers wait. Where a snapshot should be taken at once it begins with a read of its own, because
 * SQLite's BEGIN alone takes none: that comes with the first query. */
#include "store/sqlite/readers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WAIT_SECONDS 10

struct readers {
    pthread_mutex_t lock;
    pthread_cond_t given;
    char *path;
    size_t most, open, n_idle;
    struct connection *idle[];
};

int readers_new(const char *path, size_t most, struct readers **ret_readers, struct mg_error *error)
{
    struct readers *readers = calloc(1, sizeof *readers + most * sizeof(struct connection *));
    char *copy = strdup(path);
    if (!readers || !copy) {
        free(readers);
        free(copy);
        return mg_fail_memory(error);
    }
    readers->path = copy;
    readers->most = most;
    pthread_mutex_init(&readers->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&readers->given, &monotonic);
    pthread_condattr_destroy(&monotonic);
    *ret_readers = readers;
    return 0;
}

void readers_free(struct readers *readers)
{
    if (!readers)
        return;
    for (size_t i = 0; i < readers->n_idle; i++)
        connection_close(readers->idle[i]);
    pthread_mutex_destroy(&readers->lock);
    pthread_cond_destroy(&readers->given);
    free(readers->path);
    free(readers);
}

/* An idle connection; NULL with *ret_may_open set when a new one may be opened; NULL alone after the wait. */
static struct connection *wait_idle(struct readers *readers, bool *ret_may_open)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_SECONDS;
    struct connection *found = NULL;
    *ret_may_open = false;
    pthread_mutex_lock(&readers->lock);
    while (readers->n_idle == 0 && readers->open == readers->most)
        if (pthread_cond_timedwait(&readers->given, &readers->lock, &until) != 0)
            break;
    if (readers->n_idle > 0) {
        found = readers->idle[--readers->n_idle];
    } else if (readers->open < readers->most) {
        readers->open++;
        *ret_may_open = true;
    }
    pthread_mutex_unlock(&readers->lock);
    return found;
}

static void forget_one(struct readers *readers)
{
    pthread_mutex_lock(&readers->lock);
    readers->open--;
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}

int readers_take(struct readers *readers, bool now, struct connection **ret_connection,
                 struct mg_error *error)
{
    bool may_open;
    struct connection *connection = wait_idle(readers, &may_open);
    if (!connection && !may_open)
        return mg_fail(error, MG_E_BUSY, "Too many readers at once; try again.");
    int rc = connection ? 0 : connection_open(readers->path, false, &connection, error);
    if (rc == 0)
        rc = connection_control(connection, CONTROL_BEGIN, error);
    if (rc == 0 && now)
        rc = connection_control(connection, CONTROL_SNAPSHOT, error);
    if (rc) {
        connection_close(connection);
        forget_one(readers);
        return rc;
    }
    *ret_connection = connection;
    return 0;
}

void readers_give(struct readers *readers, struct connection *connection)
{
    mg_ignore(connection_control(connection, CONTROL_ROLLBACK, NULL));
    pthread_mutex_lock(&readers->lock);
    readers->idle[readers->n_idle++] = connection;
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}
