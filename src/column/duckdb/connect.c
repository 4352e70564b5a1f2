/* Who has a connection to DuckDB's file, and when the next one gets one. What state the file is in, and how
 * it comes from one to another, stands in open.c; this file keeps the invariant that no connection is given
 * out unless it is OPEN, and that it is only changed while nobody has one.
 *
 * Every call takes its own connection (some 40 µs); DuckDB's threads are shared by all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "column/duckdb/duck.h"

#define THREADS_MAX 64
#define DRAIN_SECONDS 30 /* for users of a doubtful file to leave; analyses end by themselves before */

int mg_duck_open(const char *path, int threads, struct mg_column **ret_column, struct mg_error *error)
{
    struct mg_column *column = calloc(1, sizeof(*column));
    char *copy = path ? strdup(path) : NULL;
    if (!column || (path && !copy)) {
        free(column);
        return mg_fail_memory(error);
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&column->left, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&column->lock, NULL);
    mg_duck_marks_init(&column->marks);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    column->threads = threads > 0 ? threads : (int)(cores > 0 ? cores : 1);
    if (column->threads > THREADS_MAX)
        column->threads = THREADS_MAX;
    column->path = copy;
    *ret_column = column;
    return 0;
}

/* Under the lock; lets go of it while it waits or opens. */
static int ensure_open(struct mg_column *column, struct mg_error *error)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += DRAIN_SECONDS;
    while (column->state != MG_DUCK_OPEN) {
        enum mg_duck_state before = column->state;
        if (column->users == 0 && before != MG_DUCK_OPENING) {
            column->state = MG_DUCK_OPENING;
            pthread_mutex_unlock(&column->lock);
            int rc = mg_duck_open_anew(column, before, error);
            pthread_mutex_lock(&column->lock);
            column->state = rc ? MG_DUCK_CLOSED : MG_DUCK_OPEN;
            pthread_cond_broadcast(&column->left);
            return rc;
        }
        if (pthread_cond_timedwait(&column->left, &column->lock, &until) != 0)
            return mg_fail(error, MG_E_BUSY, "The columns are being opened again; try again in a moment.");
    }
    return 0;
}

int mg_duck_connect(struct mg_column *column, duckdb_connection *ret_connection, struct mg_error *error)
{
    if (column->parent) {
        *ret_connection = column->pinned;
        return 0;
    }
    pthread_mutex_lock(&column->lock);
    int rc = ensure_open(column, error);
    if (!rc && duckdb_connect(column->database, ret_connection) != DuckDBSuccess)
        rc = mg_fail(error, MG_E_ENGINE, "The analytics engine gave no connection.");
    if (!rc)
        column->users++;
    pthread_mutex_unlock(&column->lock);
    return rc;
}

void mg_duck_disconnect(struct mg_column *column, duckdb_connection *connection)
{
    if (!*connection || column->parent)
        return;
    duckdb_disconnect(connection);
    pthread_mutex_lock(&column->lock);
    column->users--;
    pthread_cond_broadcast(&column->left);
    pthread_mutex_unlock(&column->lock);
}

void mg_duck_doubt(struct mg_column *column)
{
    pthread_mutex_lock(&column->lock);
    if (column->path && column->state == MG_DUCK_OPEN)
        column->state = MG_DUCK_DOUBTFUL;
    pthread_mutex_unlock(&column->lock);
}

void mg_duck_note_damage(struct mg_column *column, const char *text)
{
    pthread_mutex_lock(&column->lock);
    if (column->path && (column->state == MG_DUCK_OPEN || column->state == MG_DUCK_DOUBTFUL)) {
        column->state = MG_DUCK_DAMAGED;
        snprintf(column->status.problem, sizeof(column->status.problem), "%s", text);
    }
    pthread_mutex_unlock(&column->lock);
}

int mg_duck_status(struct mg_column *column, bool wait, struct mg_column_status *ret_status,
                   struct mg_error *error)
{
    if (column->parent)
        return mg_duck_status(column->parent, wait, ret_status, error);
    pthread_mutex_lock(&column->lock);
    int rc = wait ? ensure_open(column, error) : 0;
    bool open = column->state == MG_DUCK_OPEN;
    if (column->state == MG_DUCK_OPENING) /* somebody is writing it */
        *ret_status = (struct mg_column_status){0};
    else
        *ret_status = column->status;
    ret_status->open = open;
    pthread_mutex_unlock(&column->lock);
    return rc;
}

int mg_duck_mark(struct mg_column *column, const char *table, bool wait, int64_t *ret_mark,
                 struct mg_error *error)
{
    if (column->parent)
        return mg_duck_mark_read(column->pinned, table, ret_mark, error);
    pthread_mutex_lock(&column->lock);
    int rc = wait                            ? ensure_open(column, error)
             : column->state == MG_DUCK_OPEN ? 0
                                             : mg_fail(error, MG_E_BUSY, "The columns aren't open now.");
    if (!rc)
        *ret_mark = mg_duck_marks_get(&column->marks, table);
    pthread_mutex_unlock(&column->lock);
    return rc;
}

/* An orderly end: the log goes into the file, so that the next start replays nothing. */
static void checkpoint(struct mg_column *column)
{
    duckdb_connection connection;
    if (column->state != MG_DUCK_OPEN || !column->path ||
        duckdb_connect(column->database, &connection) != DuckDBSuccess)
        return;
    mg_ignore(mg_duck_exec(connection, "checkpoint", "CHECKPOINT", NULL));
    duckdb_disconnect(&connection);
}

int mg_duck_snapshot(struct mg_column *column, struct mg_column **ret_snapshot, struct mg_error *error)
{
    struct mg_column *snapshot = calloc(1, sizeof(*snapshot));
    if (!snapshot)
        return mg_fail_memory(error);
    snapshot->parent = column;
    int rc = mg_duck_connect(column, &snapshot->pinned, error);
    if (!rc)
        rc = mg_duck_exec(snapshot->pinned, "snapshot", "BEGIN", error);
    if (rc)
        mg_duck_close(snapshot);
    else
        *ret_snapshot = snapshot;
    return rc;
}

static void close_snapshot(struct mg_column *snapshot)
{
    if (snapshot->pinned)
        mg_ignore(mg_duck_exec(snapshot->pinned, "snapshot", "ROLLBACK", NULL));
    mg_duck_disconnect(snapshot->parent, &snapshot->pinned);
    free(snapshot);
}

void mg_duck_close(struct mg_column *column)
{
    if (!column)
        return;
    if (column->parent) {
        close_snapshot(column);
        return;
    }
    checkpoint(column);
    mg_duck_close_database(column);
    mg_duck_marks_done(&column->marks);
    pthread_cond_destroy(&column->left);
    pthread_mutex_destroy(&column->lock);
    free(column->path);
    free(column);
}
