/* Opening, preparing, binding and stepping. A statement is prepared when a connection first needs it and then
 * kept by the query's index, so that the running cost of a query is bind and step alone.
 *
 * Durability: WAL with synchronous=FULL syncs the log at each commit, so a commit that returned is on disk.
 */
#include "store/sqlite/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/queries.gen.h"

#define BUSY_WAIT_MS 10000
#define BUSY_POLL_US 1000 /* SQLite's own would look ten times a second and starve beside a busy server */

static const char *const control_texts[CONTROL_COUNT] = {
    [CONTROL_BEGIN] = "BEGIN",
    [CONTROL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_MARK] = "SAVEPOINT one_write",
    [CONTROL_KEEP] = "RELEASE one_write",
    [CONTROL_UNDO] = "ROLLBACK TO one_write",
    [CONTROL_SNAPSHOT] = "SELECT count(*) FROM (SELECT 1 FROM sqlite_schema LIMIT 1)",
};

static int fail_constraint(struct connection *connection, int code, struct mg_error *error)
{
    const char *text = sqlite3_errmsg(connection->handle);
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
        return mg_fail(error, MG_E_CONFLICT, "There is such a record already (%s).", text);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return mg_fail(error, MG_E_CONFLICT,
                       "It refers to a record that does not exist, or other records still refer to it.");
    default:
        return mg_fail(error, MG_E_INVALID, "A value breaks a rule of the record (%s).", text);
    }
}

/* SQLite says "full" of a short write only; a quota, a log that can't grow its index, a file that can't be
 * made come as I/O errors, whose reason the system knows. */
static bool is_full(struct connection *connection, int code)
{
    int why = sqlite3_system_errno(connection->handle), primary = code & 0xFF;
    return primary == SQLITE_FULL ||
           ((primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) && (why == ENOSPC || why == EDQUOT));
}

static int fail_disk(struct connection *connection, int code, struct mg_error *error)
{
    if (is_full(connection, code)) {
        mg_fail(error, MG_E_FULL, "The disk of the data folder is full; nothing of this change was kept.");
        mg_fail_hint(error, "Make room on that disk and try again; the server goes on meanwhile.");
        return MG_E_FULL;
    }
    mg_fail(error, MG_E_IO, "The file of the record could not be read or written (%s, code %d).",
            sqlite3_errmsg(connection->handle), code);
    mg_fail_hint(error, "Check the disk of the data folder, its free space and the file's permissions.");
    return MG_E_IO;
}

int connection_fail(struct connection *connection, int sqlite_code, struct mg_error *error)
{
    int code = sqlite3_extended_errcode(connection->handle);
    if ((code & 0xFF) != (sqlite_code & 0xFF))
        code = sqlite_code;
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        return fail_constraint(connection, code, error);
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return fail_disk(connection, code, error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return mg_fail(error, MG_E_BUSY, "Another program holds the record's lock; try again.");
    case SQLITE_NOMEM:
        return mg_fail_memory(error);
    case SQLITE_TOOBIG:
        return mg_fail(error, MG_E_LIMIT, "A value is larger than the record can hold.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        mg_fail(error, MG_E_ENGINE, "The file of the record is damaged (%s).",
                sqlite3_errmsg(connection->handle));
        mg_fail_hint(error, "Run `mindgap check`, and restore a backup with `mindgap restore`.");
        return MG_E_ENGINE;
    default:
        return mg_fail(error, MG_E_ENGINE, "The record refused a statement (%s, code %d).",
                       sqlite3_errmsg(connection->handle), code);
    }
}

int connection_execute(struct connection *connection, const char *sql, struct mg_error *error)
{
    int code = sqlite3_exec(connection->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : connection_fail(connection, code, error);
}

int connection_integer(struct connection *connection, const char *sql, int64_t *ret_value,
                       struct mg_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(connection->handle, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    int rc = code == SQLITE_ROW ? 0 : connection_fail(connection, code, error);
    if (rc == 0)
        *ret_value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return rc;
}

int connection_control(struct connection *connection, enum control control, struct mg_error *error)
{
    sqlite3_stmt **statement = &connection->controls[control];
    int code = SQLITE_OK;
    if (!*statement)
        code = sqlite3_prepare_v3(connection->handle, control_texts[control], -1, SQLITE_PREPARE_PERSISTENT,
                                  statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(*statement);
    int rc = code == SQLITE_DONE || code == SQLITE_ROW ? 0 : connection_fail(connection, code, error);
    sqlite3_reset(*statement);
    return rc;
}

static int query_start(struct mg_db *db, const struct mg_query *query, struct mg_error *error)
{
    struct connection *connection = (struct connection *)db;
    sqlite3_stmt **statement = &connection->statements[query->index];
    if (!*statement) {
        int code = sqlite3_prepare_v3(connection->handle, query->sqlite, -1, SQLITE_PREPARE_PERSISTENT,
                                      statement, NULL);
        if (code != SQLITE_OK)
            return connection_fail(connection, code, error);
    }
    connection->current = *statement;
    return 0;
}

static int query_bind(struct mg_db *db, size_t index, const struct mg_value *value, struct mg_error *error)
{
    struct connection *connection = (struct connection *)db;
    sqlite3_stmt *statement = connection->current;
    int at = (int)index, code = SQLITE_OK;
    switch (value->type) {
    case MG_VALUE_TEXT:
        connection->bytes_bound += value->bytes.size;
        code = sqlite3_bind_text64(statement, at, value->bytes.data, value->bytes.size, SQLITE_STATIC,
                                   SQLITE_UTF8);
        break;
    case MG_VALUE_BLOB:
        connection->bytes_bound += value->bytes.size;
        code = sqlite3_bind_blob64(statement, at, value->bytes.data, value->bytes.size, SQLITE_STATIC);
        break;
    case MG_VALUE_INT:
        code = sqlite3_bind_int64(statement, at, value->integer);
        break;
    case MG_VALUE_REAL:
        code = sqlite3_bind_double(statement, at, value->real);
        break;
    default:
        code = sqlite3_bind_null(statement, at);
    }
    return code == SQLITE_OK ? 0 : connection_fail(connection, code, error);
}

static int query_step(struct mg_db *db, struct mg_error *error)
{
    struct connection *connection = (struct connection *)db;
    int code = sqlite3_step(connection->current);
    if (code == SQLITE_ROW)
        return 1;
    return code == SQLITE_DONE ? 0 : connection_fail(connection, code, error);
}

static void query_column(struct mg_db *db, size_t index, struct mg_value *ret_value)
{
    sqlite3_stmt *statement = ((struct connection *)db)->current;
    int at = (int)index;
    *ret_value = (struct mg_value){.type = MG_VALUE_NULL};
    switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER:
        ret_value->type = MG_VALUE_INT;
        ret_value->integer = sqlite3_column_int64(statement, at);
        break;
    case SQLITE_FLOAT:
        ret_value->type = MG_VALUE_REAL;
        ret_value->real = sqlite3_column_double(statement, at);
        break;
    case SQLITE_TEXT:
        ret_value->type = MG_VALUE_TEXT;
        ret_value->bytes.data = sqlite3_column_text(statement, at);
        ret_value->bytes.size = (size_t)sqlite3_column_bytes(statement, at);
        break;
    case SQLITE_BLOB:
        ret_value->type = MG_VALUE_BLOB;
        ret_value->bytes.data = sqlite3_column_blob(statement, at);
        ret_value->bytes.size = (size_t)sqlite3_column_bytes(statement, at);
        break;
    }
}

static int64_t query_changes(struct mg_db *db)
{
    return sqlite3_changes64(((struct connection *)db)->handle);
}

static void query_finish(struct mg_db *db)
{
    struct connection *connection = (struct connection *)db;
    if (!connection->current)
        return;
    sqlite3_reset(connection->current);
    sqlite3_clear_bindings(connection->current); /* values are borrowed: forget them */
    connection->current = NULL;
}

static int query_tally(struct mg_db *db, mg_tally_fn *add, const char *key, int64_t n, struct mg_error *error)
{
    return tally_add(&((struct connection *)db)->tallies, db, add, key, n, error);
}

static const struct mg_db_engine engine_sqlite = {
    .start = query_start,
    .bind = query_bind,
    .step = query_step,
    .column = query_column,
    .changes = query_changes,
    .finish = query_finish,
    .tally = query_tally,
};

static int wait_busy(void *user, int times)
{
    (void)user;
    usleep(BUSY_POLL_US);
    return times < BUSY_WAIT_MS * 1000 / BUSY_POLL_US;
}

static int configure(struct connection *connection, bool write, struct mg_error *error)
{
    sqlite3_extended_result_codes(connection->handle, 1);
    sqlite3_busy_handler(connection->handle, wait_busy, NULL);
    sqlite3_db_config(connection->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!write)
        return connection_execute(connection, "PRAGMA query_only=ON; PRAGMA cache_size=-4000", error);
    return connection_execute(connection,
                              "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                              "PRAGMA cache_size=-16000; PRAGMA journal_size_limit=67108864",
                              error);
}

int connection_open(const char *path, bool write, struct connection **ret_connection, struct mg_error *error)
{
    struct connection *connection = calloc(1, sizeof *connection);
    int rc = 0;
    if (connection)
        connection->statements = calloc(MG_QUERY_COUNT + 1, sizeof(sqlite3_stmt *));
    if (!connection || !connection->statements) {
        rc = mg_fail_memory(error);
        goto out;
    }
    connection->db = (struct mg_db){&engine_sqlite, write};
    int flags =
        SQLITE_OPEN_NOMUTEX | (write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    int code = sqlite3_open_v2(path, &connection->handle, flags, NULL);
    rc = code == SQLITE_OK ? configure(connection, write, error) : connection_fail(connection, code, error);
out:
    if (rc == 0)
        *ret_connection = connection;
    else
        connection_close(connection);
    return rc;
}

void connection_close(struct connection *connection)
{
    if (!connection)
        return;
    for (size_t i = 0; connection->statements && i < MG_QUERY_COUNT; i++)
        sqlite3_finalize(connection->statements[i]);
    for (size_t i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(connection->controls[i]);
    sqlite3_close(connection->handle);
    free(connection->statements);
    free(connection);
}
