/* One SQLite connection with its prepared statements. Used by one thread at a time. */
#ifndef MG_STORE_SQLITE_CONNECTION_H
#define MG_STORE_SQLITE_CONNECTION_H

#include <sqlite3.h>
#include <stdbool.h>

#include "store/db.h"
#include "store/sqlite/tally.h"
#include "store/store.h"

/* Statements that steer transactions, kept prepared like the queries. */
enum control {
    CONTROL_BEGIN,
    CONTROL_BEGIN_WRITE,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_MARK,
    CONTROL_KEEP,
    CONTROL_UNDO,
    CONTROL_SNAPSHOT,
    CONTROL_COUNT
};

struct connection {
    struct mg_db db; /* first: a struct mg_db * is a struct connection * */
    sqlite3 *handle;
    sqlite3_stmt **statements; /* MG_QUERY_COUNT, prepared when first used */
    sqlite3_stmt *controls[CONTROL_COUNT];
    sqlite3_stmt *current;  /* started and not finished */
    size_t bytes_bound;     /* since it was last set to 0 */
    struct tallies tallies; /* of the commit under way; the writer's only */
};

/* Opens `path`. write: creates the file if needed, WAL, full syncs; else read-only. */
MG_CHECKED int connection_open(const char *path, bool write, struct connection **ret_connection,
                               struct mg_error *error);
void connection_close(struct connection *connection); /* NULL is fine */

MG_CHECKED int connection_control(struct connection *connection, enum control control,
                                  struct mg_error *error);
/* Text of our own with one integer as result. */
MG_CHECKED int connection_integer(struct connection *connection, const char *sql, int64_t *ret_value,
                                  struct mg_error *error);
MG_CHECKED int connection_execute(struct connection *connection, const char *sql, struct mg_error *error);

/* Says in words what SQLite refused; returns the mg_err code. */
MG_CHECKED int connection_fail(struct connection *connection, int sqlite_code, struct mg_error *error);

#endif
