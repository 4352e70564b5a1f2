/* Opening, closing and replacing DuckDB's file.
 *
 *                 first use               a write failed                    no user left
 *   CLOSED ────────────────────> OPEN ────────────────────> DOUBTFUL ─────────────────────> CLOSED
 *     │  ^                        │
 *     │  └── new, empty file <────┼─ can't be opened, and not for want of room, rights or memory
 *     └──────── set aside <───────┴─ a block fails its checksum: DAMAGED, no user left
 *
 * After a failed write (a full disk) DuckDB goes on with what it has in memory, and that can be wrong: rows
 * whose strings were lost have been seen, which end the process when they are read, and later writes carry
 * them to the log. So nothing more is read or written after a failure: who has a connection finishes, the
 * next one waits for them, and the file is closed without a checkpoint and opened again, which replays what
 * was committed before.
 *
 * Invariants: a checkpoint is only made by an orderly close or by DuckDB at a commit; no connection is given
 * out unless the state is OPEN; the marks (mark.c) are those of the open file.
 *
 * The database is opened on first use, so that a server that answers no analysis pays nothing, and locked
 * down at once: no extensions, no files but descriptors that we opened ourselves, no settings changed later.
 * Every call takes its own connection (some 40 µs); DuckDB's threads are shared by all. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "column/duckdb/duck.h"

#define THREADS_MAX 64
#define MEMORY_MB_BASE 256
#define MEMORY_MB_PER_THREAD 128
#define DRAIN_SECONDS 30 /* for users of a doubtful file to leave; analyses end by themselves before */
#define ASIDE ".damaged" /* what a file that was set aside is called; the one before it goes */

static const char lock_down[] = "PRAGMA disable_checkpoint_on_shutdown;"
                                "SET allowed_directories = ['/proc/self/fd/'];"
                                "SET enable_external_access = false;"
                                "SET lock_configuration = true;";

int mg_duck_open(const char *path, int threads, struct mg_column **ret_column, struct mg_error *error)
{
    struct mg_column *column = calloc(1, sizeof(*column));
    char *copy = path ? strdup(path) : NULL;
    if (!column || (path && !copy)) {
        free(column);
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
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

static void close_database(struct mg_column *column)
{
    if (column->database)
        duckdb_close(&column->database);
    column->database = NULL;
    column->status.identity[0] = '\0';
    mg_duck_marks_clear(&column->marks);
}

/* An orderly end: the log goes into the file, so that the next start replays nothing. */
static void checkpoint(struct mg_column *column)
{
    duckdb_connection connection;
    if (column->state != MG_DUCK_OPEN || !column->path ||
        duckdb_connect(column->database, &connection) != DuckDBSuccess)
        return;
    mg_duck_exec(connection, "checkpoint", "CHECKPOINT", NULL);
    duckdb_disconnect(&connection);
}

int mg_duck_snapshot(struct mg_column *column, struct mg_column **ret_snapshot, struct mg_error *error)
{
    struct mg_column *snapshot = calloc(1, sizeof(*snapshot));
    if (!snapshot)
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
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
        mg_duck_exec(snapshot->pinned, "snapshot", "ROLLBACK", NULL);
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
    close_database(column);
    mg_duck_marks_done(&column->marks);
    pthread_cond_destroy(&column->left);
    pthread_mutex_destroy(&column->lock);
    free(column->path);
    free(column);
}

/* ---- Opening ---- */

static bool configure(duckdb_config config, const struct mg_column *column)
{
    char threads[16], memory[32];
    snprintf(threads, sizeof(threads), "%d", column->threads);
    snprintf(memory, sizeof(memory), "%dMB", MEMORY_MB_BASE + MEMORY_MB_PER_THREAD * column->threads);
    const char *const settings[][2] = {
        {"threads", threads},
        {"memory_limit", memory},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"enable_external_file_cache", "false"},
        {"temp_directory", column->path ? NULL : ""}, /* a file's is beside it */
    };
    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        if (settings[i][1] && duckdb_set_config(config, settings[i][0], settings[i][1]) != DuckDBSuccess)
            return false;
    return true;
}

/* Settings, the aggregate function, our own tables and their marks. */
static int prepare(struct mg_column *column, struct mg_error *error)
{
    duckdb_connection connection = NULL;
    if (duckdb_connect(column->database, &connection) != DuckDBSuccess)
        return mg_fail(error, MG_E_ENGINE, "The analytics engine gave no connection.");
    int rc = mg_duck_exec(connection, "settings", lock_down, error);
    if (!rc)
        rc = mg_duck_register_moments(column, connection, error);
    if (!rc)
        rc = mg_duck_marks_load(column, connection, error);
    duckdb_disconnect(&connection);
    return rc;
}

int mg_duck_fail_open(struct mg_error *error, const char *text)
{
    if (strstr(text, "lock on file"))
        return mg_fail(error, MG_E_BUSY, "Another program holds the columns of this data folder.");
    if (strstr(text, "No space left") || strstr(text, "Could not write all bytes"))
        return mg_fail(error, MG_E_FULL, "The disk is full.");
    if (strstr(text, "ermission denied") || strstr(text, "Read-only file system"))
        return mg_fail(error, MG_E_IO, "The file of the columns may not be written.");
    if (strstr(text, "Out of Memory"))
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    if (strstr(text, "checksum"))
        return mg_fail(error, MG_E_DAMAGED, "A block of the columns' file isn't what was written.");
    if (strstr(text, "WAL") || strstr(text, "write-ahead"))
        return mg_fail(error, MG_E_DAMAGED, "The log beside the columns' file can't be replayed.");
    return mg_fail(error, MG_E_DAMAGED, "The columns' file makes no sense to the engine.");
}

static int open_database(struct mg_column *column, struct mg_error *error)
{
    duckdb_config config = NULL;
    char *text = NULL;
    int rc;

    if (duckdb_create_config(&config) != DuckDBSuccess || !configure(config, column)) {
        rc = mg_fail(error, MG_E_ENGINE, "The analytics engine refused its settings.");
    } else if (duckdb_open_ext(column->path, &column->database, config, &text) != DuckDBSuccess) {
        rc = mg_duck_fail_open(error, text ? text : "");
    } else {
        rc = prepare(column, error);
        if (rc)
            close_database(column);
    }
    duckdb_free(text);
    duckdb_destroy_config(&config);
    return rc;
}

/* What a file's making leaves on a full disk would be taken for a damaged file at the next try, and take the
 * place of one that was set aside. */
static int open_or_leave_none(struct mg_column *column, struct mg_error *error)
{
    bool is_new = column->path && access(column->path, F_OK) != 0 && errno == ENOENT;
    int rc = open_database(column, error);
    if (is_new && (rc == MG_E_FULL || rc == MG_E_IO || rc == MG_E_NO_MEMORY))
        unlink(column->path);
    return rc;
}

/* ---- Setting aside ---- */

static int join(char target[PATH_MAX], const char *path, const char *tail, struct mg_error *error)
{
    int n = snprintf(target, PATH_MAX, "%s%s", path, tail);
    return n > 0 && n < PATH_MAX
               ? 0
               : mg_fail(error, MG_E_LIMIT, "The path is longer than %d bytes.", PATH_MAX - 1);
}

static int set_aside(struct mg_column *column, const char *why, struct mg_error *error)
{
    static const char *const tails[][2] = {{"", ASIDE}, {".wal", ASIDE ".wal"}};
    char from[PATH_MAX], to[PATH_MAX];
    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        if (join(from, column->path, tails[i][0], error) || join(to, column->path, tails[i][1], error))
            return MG_E_LIMIT;
        unlink(to);
        if (rename(from, to) != 0 && errno != ENOENT)
            return mg_fail(error, MG_E_IO, "The damaged file of the columns can't be set aside: %s.",
                           strerror(errno));
    }
    column->status.set_aside++;
    snprintf(column->status.problem, sizeof(column->status.problem), "%s", why);
    return 0;
}

static int open_or_replace(struct mg_column *column, struct mg_error *error)
{
    struct mg_error problem = {.lang = error ? error->lang : MG_LANG_EN};
    int rc = open_or_leave_none(column, &problem);
    if (column->path && (rc == MG_E_DAMAGED || rc == MG_E_ENGINE)) {
        rc = set_aside(column, problem.message, &problem);
        if (!rc)
            rc = open_or_leave_none(column, &problem);
    }
    if (rc && error)
        *error = problem;
    if (rc)
        snprintf(column->status.problem, sizeof(column->status.problem), "%.230s", problem.message);
    return rc;
}

/* ---- Connections ---- */

/* Closes what is to be closed, sets aside what is damaged, opens what is there. Without the lock, in state
 * OPENING: nobody else has a connection or gets one. */
static int open_anew(struct mg_column *column, enum mg_duck_state before, struct mg_error *error)
{
    char why[sizeof(column->status.problem)];
    int rc = 0;
    if (before != MG_DUCK_CLOSED)
        close_database(column);
    column->status.reopened += before == MG_DUCK_DOUBTFUL;
    if (before == MG_DUCK_DAMAGED) {
        snprintf(why, sizeof(why), "%s", column->status.problem);
        rc = set_aside(column, why, error);
    }
    return rc ? rc : open_or_replace(column, error);
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
            int rc = open_anew(column, before, error);
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
