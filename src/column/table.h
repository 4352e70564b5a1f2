/* Tables of responses: rows replaced by id, all or nothing.
 *
 * Each has a mark: the sequence of the last entry of the log that it holds. What isn't beyond the mark is
 * there already, so a call whose `mark` isn't changes nothing, and rows whose sequence isn't are left out:
 * applying an entry again is harmless. A call is one transaction: a reader sees all of it or nothing, and
 * after a crash it has happened or not. Calls on different tables don't wait for each other. */
#ifndef MG_COLUMN_TABLE_H
#define MG_COLUMN_TABLE_H

#include "column/column.h"
#include "model/datum.h"

/* One row to write, of texts or of typed values: `sequence` orders versions, a later one replaces an earlier
 * one of the same id; `erase` removes it. */
struct mg_table_row {
    const char *id;
    int64_t sequence;
    bool erase;
    const char *const *cells;      /* per table column, as text; NULL: missing */
    const struct mg_datum *values; /* instead of cells: typed */
};

/* Rows as they are written: names of the columns, and the rows. */
struct mg_table_batch {
    const char *const *columns;
    size_t n_columns;
    const struct mg_table_row *rows;
    size_t n_rows;
};

/* Makes the table with mark 0, or adds missing columns; existing ones keep their type. */
MG_CHECKED int mg_columns_table_ensure(const struct mg_columns *columns, const char *table,
                                       const struct mg_table_column *list, size_t n, struct mg_error *error);
MG_CHECKED int mg_columns_table_apply(const struct mg_columns *columns, const char *table,
                                      const struct mg_table_batch *batch, int64_t mark,
                                      struct mg_error *error);
/* Removes the rows whose text column `name` holds `value`. */
MG_CHECKED int mg_columns_table_remove(const struct mg_columns *columns, const char *table, const char *name,
                                       const char *value, int64_t mark, struct mg_error *error);
MG_CHECKED int mg_columns_table_drop(const struct mg_columns *columns, const char *table,
                                     struct mg_error *error); /* absent is fine */
/* −1: there is no such table. Reads no disk once the file is open. `wait` false: MG_E_BUSY where it
 * isn't. */
MG_CHECKED int mg_columns_table_mark(const struct mg_columns *columns, const char *table, bool wait,
                                     int64_t *ret_mark, struct mg_error *error);
/* Parts: rows that nobody sees until they join a table or take its place. A part is filled by one thread,
 * call by call, its ids new; it survives a crash as far as it was filled.
 * begin: an empty part, whatever there was. join, replace: see above; the part is gone then. A join gives
 * the rows the mark as their sequence; a table is also replaced at the mark it has. */
MG_CHECKED int mg_columns_part_begin(const struct mg_columns *columns, const char *part,
                                     const struct mg_table_column *list, size_t n, struct mg_error *error);
MG_CHECKED int mg_columns_part_add(const struct mg_columns *columns, const char *part,
                                   const struct mg_table_batch *batch, struct mg_error *error);
/* The same for many rows, batch after batch of the same columns, all by one thread: quicker, and with less in
 * the file's log. What was put is in the part after `close`, or earlier; after a put that failed only `close`
 * is left, which returns `rc` or what itself came to. While a writer is open, nothing else is done to the
 * part, and nothing asked of other parts or tables waits for it. */
struct mg_part_writer;
MG_CHECKED int mg_columns_part_open(const struct mg_columns *columns, const char *part,
                                    struct mg_part_writer **ret_writer, struct mg_error *error);
MG_CHECKED int mg_columns_part_put(const struct mg_columns *columns, struct mg_part_writer *writer,
                                   const struct mg_table_batch *batch, struct mg_error *error);
MG_CHECKED int mg_columns_part_close(const struct mg_columns *columns, struct mg_part_writer *writer, int rc,
                                     struct mg_error *error);
/* Of the rows that were written with that sequence; −1: there is no such part. */
MG_CHECKED int mg_columns_part_rows(const struct mg_columns *columns, const char *part, int64_t sequence,
                                    int64_t *ret_rows, struct mg_error *error);
/* What leaves the table in the transaction in which a part joins it. */
struct mg_table_leaving {
    const char *name, *value; /* rows whose text column `name` holds `value`; name NULL: none */
    const char *part;         /* rows whose ids are in that part, which goes with them; NULL: none */
    bool own;                 /* rows whose ids are in the part that joins */
};
/* `leaving` NULL: nothing. */
MG_CHECKED int mg_columns_part_join(const struct mg_columns *columns, const char *part, const char *table,
                                    const struct mg_table_leaving *leaving, int64_t mark,
                                    struct mg_error *error);
MG_CHECKED int mg_columns_part_replace(const struct mg_columns *columns, const char *part, const char *table,
                                       int64_t mark, struct mg_error *error);
MG_CHECKED int mg_columns_part_drop(const struct mg_columns *columns, const char *part,
                                    struct mg_error *error);
/* Names of all parts, in the arena. */
MG_CHECKED int mg_columns_part_list(const struct mg_columns *columns, struct mg_arena *arena,
                                    const char ***ret_parts, size_t *ret_n, struct mg_error *error);

#endif
