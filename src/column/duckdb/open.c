/* Opening, closing and replacing DuckDB's file: one at a time, while nobody has a connection.
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
 * Who asks for all this is connect.c. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "column/duckdb/duck.h"

#define MEMORY_MB_BASE 256
#define MEMORY_MB_PER_THREAD 128
/* The log beside the file may grow to this before its rows go over into the file. With DuckDB's own 16 MB an
 * import writes each group of rows four times over; more gains little, and is replayed after a crash. */
#define LOG_SIZE "64MB"
#define ASIDE ".damaged" /* what a file that was set aside is called; the one before it goes */

static const char lock_down[] = "PRAGMA disable_checkpoint_on_shutdown;"
                                "SET allowed_directories = ['/proc/self/fd/'];"
                                "SET enable_external_access = false;"
                                "SET lock_configuration = true;";

void mg_duck_close_database(struct mg_column *column)
{
    if (column->database)
        duckdb_close(&column->database);
    column->database = NULL;
    column->status.identity[0] = '\0';
    mg_duck_marks_clear(&column->marks);
}

static bool configure(duckdb_config config, const struct mg_column *column)
{
    char threads[16], memory[32];
    snprintf(threads, sizeof(threads), "%d", column->threads);
    snprintf(memory, sizeof(memory), "%dMB", MEMORY_MB_BASE + MEMORY_MB_PER_THREAD * column->threads);
    const char *const settings[][2] = {
        {"threads", threads},
        {"memory_limit", memory},
        {"checkpoint_threshold", LOG_SIZE},
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

/* Settings, our functions, our own tables and their marks. */
static int prepare(struct mg_column *column, struct mg_error *error)
{
    duckdb_connection connection = NULL;
    if (duckdb_connect(column->database, &connection) != DuckDBSuccess)
        return mg_fail(error, MG_E_ENGINE, "The analytics engine gave no connection.");
    int rc = mg_duck_exec(connection, "settings", lock_down, error);
    if (!rc)
        rc = mg_duck_register_moments(column, connection, error);
    if (!rc)
        rc = mg_duck_register_answers(connection, error);
    if (!rc)
        rc = mg_duck_register_sheets(connection, error);
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
        return mg_fail_memory(error);
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
            mg_duck_close_database(column);
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

/* Closes what is to be closed, sets aside what is damaged, opens what is there. Without the lock, in state
 * OPENING: nobody else has a connection or gets one. */
int mg_duck_open_anew(struct mg_column *column, enum mg_duck_state before, struct mg_error *error)
{
    char why[sizeof(column->status.problem)];
    int rc = 0;
    if (before != MG_DUCK_CLOSED)
        mg_duck_close_database(column);
    column->status.reopened += before == MG_DUCK_DOUBTFUL;
    if (before == MG_DUCK_DAMAGED) {
        snprintf(why, sizeof(why), "%s", column->status.problem);
        rc = set_aside(column, why, error);
    }
    return rc ? rc : open_or_replace(column, error);
}
