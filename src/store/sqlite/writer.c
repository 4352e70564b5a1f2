/* Group commit. While one commit syncs, writes gather in the queue; the next batch takes all of them, up to
 * the limits, so the number of syncs doesn't grow with the number of writers.
 *
 *   pop ──> BEGIN IMMEDIATE ──> each: SAVEPOINT, fn, RELEASE | ROLLBACK TO ──> sums ──> COMMIT ──> answers
 *                  │                                                            │         │
 *                  └───────────── failed: ROLLBACK, and all of them fail <──────┴─────────┘
 *
 * Invariants: a write is answered exactly once, after COMMIT returned or failed; a write that failed left
 * nothing behind; no write that was answered 0 can be lost. On a full disk or an I/O error SQLite may end the
 * whole transaction in the middle of a batch: then all writes of the batch so far fail, and the rest start a
 * new one.
 *
 * Another process (a command beside the server) gets the lock between two transactions only. Where they
 * follow each other without a pause, as in an import, that is microseconds; so every TURN_MS of such work the
 * writer lets GAP_US pass, in which one who waits looks at least once (BUSY_POLL_US in connection.c). */
#include "store/sqlite/writer.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/queue.h"

#define TURN_MS 200
#define GAP_US 3000

struct write {
    mg_store_fn *fn;
    void *user;
    int rc;
    struct mg_error *error;
    sem_t answered;      /* for the one that waits */
    mg_store_done *done; /* else: called, and the write freed */
    struct mg_error own_error;
};

struct writer {
    struct connection *connection;
    struct mg_queue *queue;
    struct write **batch; /* batch_max */
    size_t batch_max, batch_bytes;
    pthread_t thread;
    int64_t since_ms; /* of the last gap */
    atomic_llong writes, failed, commits;
};

/* Runs one write in its savepoint. False: SQLite ended the transaction. */
static bool run_one(struct connection *connection, struct write *write)
{
    write->rc = connection_control(connection, CONTROL_MARK, write->error);
    if (write->rc)
        return !sqlite3_get_autocommit(connection->handle);
    tallies_mark(&connection->tallies);
    write->rc = write->fn(&connection->db, write->user, write->error);
    if (write->rc == 0)
        write->rc = connection_control(connection, CONTROL_KEEP, write->error);
    if (write->rc) {
        tallies_undo(&connection->tallies);
        mg_ignore(connection_control(connection, CONTROL_UNDO, NULL));
        mg_ignore(connection_control(connection, CONTROL_KEEP, NULL));
    }
    return !sqlite3_get_autocommit(connection->handle);
}

/* Gives every write that had gone well the reason why the batch did not. */
static void fail_all(struct write **batch, size_t n, const struct mg_error *reason)
{
    for (size_t i = 0; i < n; i++) {
        if (batch[i]->rc)
            continue;
        batch[i]->rc = reason->code;
        enum mg_lang lang = batch[i]->error ? batch[i]->error->lang : MG_LANG_EN;
        if (batch[i]->error)
            *batch[i]->error = *reason;
        if (batch[i]->error)
            batch[i]->error->lang = lang;
    }
}

static void answer(struct writer *writer, struct write **batch, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct write *write = batch[i];
        atomic_fetch_add_explicit(&writer->writes, 1, memory_order_relaxed);
        if (write->rc)
            atomic_fetch_add_explicit(&writer->failed, 1, memory_order_relaxed);
        if (write->done) {
            write->done(write->user, write->rc, &write->own_error);
            free(write);
        } else {
            sem_post(&write->answered); /* from here on it belongs to the other thread */
        }
    }
}

/* One transaction over the first writes of `batch`; returns how many it took. */
static size_t run_batch(struct writer *writer, struct write **batch, size_t n)
{
    struct connection *connection = writer->connection;
    struct mg_error reason = {.lang = batch[0]->error ? batch[0]->error->lang : MG_LANG_EN};
    size_t taken = 0;
    connection->bytes_bound = 0;
    tallies_begin(&connection->tallies);
    int rc = connection_control(connection, CONTROL_BEGIN_WRITE, &reason);
    while (rc == 0 && taken < n && connection->bytes_bound < writer->batch_bytes) {
        struct write *write = batch[taken++];
        if (run_one(connection, write))
            continue;
        rc = write->rc ? write->rc : MG_E_IO;
        if (write->error)
            reason = *write->error;
        reason.code = rc;
    }
    if (rc == 0)
        rc = tallies_write(&connection->tallies, &connection->db, &reason);
    if (rc == 0)
        rc = connection_control(connection, CONTROL_COMMIT, &reason);
    else if (taken == 0)
        taken = n; /* BEGIN failed: so it would for the rest */
    if (rc == 0) {
        atomic_fetch_add_explicit(&writer->commits, 1, memory_order_relaxed);
    } else {
        if (!sqlite3_get_autocommit(connection->handle))
            mg_ignore(connection_control(connection, CONTROL_ROLLBACK, NULL));
        fail_all(batch, taken, &reason);
    }
    answer(writer, batch, taken);
    return taken;
}

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void leave_gap(struct writer *writer)
{
    if (monotonic_ms() - writer->since_ms < TURN_MS)
        return;
    usleep(GAP_US);
    writer->since_ms = monotonic_ms();
}

static void *run_writer(void *argument)
{
    struct writer *writer = argument;
    size_t n;
    while ((n = mg_queue_pop(writer->queue, (void **)writer->batch, writer->batch_max)) > 0)
        for (size_t at = 0; at < n; leave_gap(writer))
            at += run_batch(writer, writer->batch + at, n - at);
    return NULL;
}

int writer_new(struct connection *connection, const struct mg_store_options *options,
               struct writer **ret_writer, struct mg_error *error)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return mg_fail_memory(error);
    writer->batch_max = options->batch_max ? options->batch_max : 512;
    writer->batch_bytes = options->batch_bytes ? options->batch_bytes : (size_t)8 << 20;
    writer->queue = mg_queue_new(options->queue_max ? options->queue_max : 4096);
    writer->batch = calloc(writer->batch_max, sizeof(void *));
    writer->connection = connection;
    if (writer->queue && writer->batch && pthread_create(&writer->thread, NULL, run_writer, writer) == 0) {
        *ret_writer = writer;
        return 0;
    }
    mg_queue_free(writer->queue);
    free(writer->batch);
    free(writer);
    return mg_fail_memory(error);
}

void writer_free(struct writer *writer)
{
    if (!writer)
        return;
    mg_queue_close(writer->queue);
    pthread_join(writer->thread, NULL);
    connection_close(writer->connection);
    mg_queue_free(writer->queue);
    free(writer->batch);
    free(writer);
}

static int fail_full(struct mg_error *error)
{
    mg_fail(error, MG_E_BUSY, "Too many changes are waiting to be written.");
    mg_fail_hint(error, "Try again in a moment.");
    return MG_E_BUSY;
}

int writer_run(struct writer *writer, mg_store_fn *fn, void *user, struct mg_error *error)
{
    struct write write = {.fn = fn, .user = user, .error = error};
    sem_init(&write.answered, 0, 0);
    if (mg_queue_try_push(writer->queue, &write)) {
        while (sem_wait(&write.answered) != 0)
            ; /* a signal: go on waiting, the write is under way */
    } else {
        write.rc = fail_full(error);
    }
    sem_destroy(&write.answered);
    return write.rc;
}

int writer_run_async(struct writer *writer, mg_store_fn *fn, void *user, mg_store_done *done,
                     struct mg_error *error)
{
    struct write *write = calloc(1, sizeof *write);
    if (!write)
        return mg_fail_memory(error);
    *write = (struct write){.fn = fn, .user = user, .done = done};
    write->own_error.lang = error ? error->lang : MG_LANG_EN;
    write->error = &write->own_error;
    if (mg_queue_try_push(writer->queue, write))
        return 0;
    free(write);
    return fail_full(error);
}

void writer_stats(struct writer *writer, struct mg_store_stats *ret_stats)
{
    *ret_stats = (struct mg_store_stats){
        .writes = atomic_load_explicit(&writer->writes, memory_order_relaxed),
        .failed = atomic_load_explicit(&writer->failed, memory_order_relaxed),
        .commits = atomic_load_explicit(&writer->commits, memory_order_relaxed),
        .waiting = mg_queue_length(writer->queue),
    };
}
