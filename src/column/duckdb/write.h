/* Transactions on a table or a part, shared by table.c and part.c. Internal.
 *
 *   mg_duck_write_begin → statements → mg_duck_write_end (commits, or rolls back and marks the file doubtful)
 *
 * Between them nobody else writes that table. */
#ifndef MG_COLUMN_DUCKDB_WRITE_H
#define MG_COLUMN_DUCKDB_WRITE_H

#include "column/duckdb/duck.h"

struct mg_duck_write {
    struct mg_column *column;
    const char *table;
    duckdb_connection connection;
    int64_t old_mark;           /* before; −1: there is no such table */
    int64_t mark;               /* after; not beyond old_mark: stays */
    bool drop;                  /* the table goes, and its mark */
    struct mg_duck_write *next; /* in the column's list; the structure stays where it is meanwhile */
    bool touched;               /* something was written: a failure from now on leaves the file doubtful */
};

MG_CHECKED int mg_duck_write_begin(struct mg_column *column, const char *table, struct mg_duck_write *ret,
                                   struct mg_error *error);
/* `rc`: of the statements so far. Returns what the whole came to. */
MG_CHECKED int mg_duck_write_end(struct mg_duck_write *write, int rc, struct mg_error *error);
/* Runs and frees the statement. */
MG_CHECKED int mg_duck_write_run(struct mg_duck_write *write, struct mg_duck_sql *sql,
                                 struct mg_error *error);
MG_CHECKED int mg_duck_write_create(struct mg_duck_write *write, const char *table,
                                    const struct mg_table_column *columns, size_t n, struct mg_error *error);
/* Rows whose text column `name` holds `value`. */
MG_CHECKED int mg_duck_delete_where(struct mg_duck_write *write, const char *name, const char *value,
                                    struct mg_error *error);
MG_CHECKED int mg_duck_write_drop(struct mg_duck_write *write, const char *table, struct mg_error *error);

#endif
