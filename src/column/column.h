/* The analytics engine, opened: what file.h and table.h are called with.
 *
 *   file.h    reading a source: a sheet in place, or a table
 *   table.h   tables of responses: their rows, parts, marks
 *   engine.h  what an engine fills in; only the folders here and the composition root look at it
 *
 * Every call may be made from any thread. Results belong to the arena passed in. */
#ifndef MG_COLUMN_COLUMN_H
#define MG_COLUMN_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct mg_column;        /* an open engine */
struct mg_column_engine; /* engine.h */

/* An engine and what it opened, passed around together. */
struct mg_columns {
    const struct mg_column_engine *engine;
    struct mg_column *column; /* NULL: not open */
};

/* The columns' file in the data folder. */
#define MG_COLUMN_FILE "columns.duckdb"

enum mg_column_type { MG_TYPE_TEXT, MG_TYPE_INTEGER, MG_TYPE_NUMBER, MG_TYPE_TIME, MG_TYPE_BOOLEAN };

/* A column of a table. */
struct mg_table_column {
    const char *name;
    enum mg_column_type type;
};

#define MG_COLUMN_IDENTITY 33 /* bytes of an identity, terminated */

/* How the engine's file stands. */
struct mg_column_status {
    char identity[MG_COLUMN_IDENTITY]; /* of the file, made with it; empty: in memory or not open */
    bool open;
    int64_t reopened;  /* times since the start, after a write that failed */
    int64_t set_aside; /* times since the start that a damaged file was set aside */
    char problem[240]; /* why it isn't open, or why a file was set aside; in English; empty: nothing */
};

/* `path`: database file; NULL: in memory. threads 0: all cores. */
MG_CHECKED int mg_columns_open(const struct mg_column_engine *engine, const char *path, int threads,
                               struct mg_columns *ret_columns, struct mg_error *error);
void mg_columns_close(struct mg_columns *columns);
/* The tables as they are at the snapshot's first use, whatever is written meanwhile, until it is closed. For
 * one thread and one query at a time, and for reading: the calls of file.h, and table_mark.
 */
MG_CHECKED int mg_columns_snapshot(const struct mg_columns *columns, struct mg_columns *ret_snapshot,
                                   struct mg_error *error);
/* How the file stands. `wait`: opens it if it isn't open, and fails where it can't be; else it is told as
 * it is. */
MG_CHECKED int mg_columns_status(const struct mg_columns *columns, bool wait,
                                 struct mg_column_status *ret_status, struct mg_error *error);
/* Bytes of the pool that the engine keeps blocks and intermediate results in; it has a limit of its own.
 */
MG_CHECKED int mg_columns_memory(const struct mg_columns *columns, int64_t *ret_bytes,
                                 struct mg_error *error);
/* Reads a file that nobody has open, every block of it, and changes nothing. *ret_problem: what is wrong,
 * in the arena; NULL: it is sound. MG_E_BUSY: another program has it. */
MG_CHECKED int mg_columns_examine(const struct mg_column_engine *engine, const char *path,
                                  struct mg_arena *arena, const char **ret_problem, struct mg_error *error);

#endif
