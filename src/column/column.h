/* The analytics engine: tables of responses, and files read in place, behind one const vtable.
 *
 * A source is a file (plain CSV in UTF-8, or Parquet; exchange/ makes such of everything else) or a table of
 * the data folder. Names are quoted and values bound by the engine; callers never build SQL. Nothing that a
 * column is called can meet a name of ours: inside the engine the columns of a source have numbers. A damaged
 * file is MG_E_INVALID. Results belong to the arena passed in. Every call may be made from any thread. */
#ifndef MG_COLUMN_COLUMN_H
#define MG_COLUMN_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/stop.h"
#include "stats/moments/moments.h"

#define MG_COLUMN_COLUMNS_MAX 4096 /* columns of a source; more is MG_E_LIMIT */
#define MG_COLUMN_NAME_MAX 4000    /* bytes of a column's name in a file; more is MG_E_LIMIT */
#define MG_COLUMN_CELL_MAX                                                                                   \
    ((size_t)1 << 20)       /* bytes of a cell; more is MG_E_LIMIT where cells are read as text */
#define MG_SAMPLE_BYTES 120 /* of a value in struct mg_column_info: longer ones end in "…" */
#define MG_SAMPLE_SIZE (MG_SAMPLE_BYTES + 4)

/* The columns' file in the data folder. */
#define MG_COLUMN_FILE "columns.duckdb"

struct mg_column; /* an open engine */

enum mg_file_format { MG_FILE_CSV, MG_FILE_PARQUET, MG_FILE_JSONL };

enum mg_column_type { MG_TYPE_TEXT, MG_TYPE_INTEGER, MG_TYPE_NUMBER, MG_TYPE_TIME, MG_TYPE_BOOLEAN };

/* A column of a table. */
struct mg_table_column {
    const char *name;
    enum mg_column_type type;
};

struct mg_source {
    const char *table;       /* a table of the engine; NULL: the file below */
    const char *path, *name; /* `name`: what messages call the file; NULL: its path */
    /* Of a table: what it should have. A table that isn't there is an empty one with these columns, and a
     * column that it lacks is missing in every row. NULL: as it is, or MG_E_NOT_FOUND. */
    const struct mg_table_column *columns;
    size_t n_columns;
    struct mg_stop *stop; /* ends whatever reads this source with MG_E_CANCELLED; NULL: nobody asks */
    enum mg_file_format format;
    char delimiter, quote; /* CSV; '\0' finds out */
    bool no_header;
};

/* A user's filter as a checked list; all must hold. Column names must exist in the source. IN and NOT_IN
 * compare text as text and typed numbers by value ("1" finds 1.0); NOT_IN keeps rows in which the column is
 * missing. */
enum mg_filter_op { MG_FILTER_IN, MG_FILTER_NOT_IN, MG_FILTER_BETWEEN, MG_FILTER_MISSING, MG_FILTER_PRESENT };

struct mg_filter {
    const char *column;
    enum mg_filter_op op;
    const char *const *values; /* IN, NOT_IN: compared as text */
    size_t n_values;
    double low, high; /* BETWEEN, inclusive; ∓INFINITY for open ends */
};

/* Moments, one pass. */
struct mg_moments_request {
    struct mg_source source;
    const struct mg_moments_spec *spec;
    const char *const *columns; /* spec->n_columns names; text that is no number counts as missing */
    const char *const
        *positive; /* NULL, or per column: the text that counts as 1, any other text as 0 (NULL: numeric) */
    const char
        *weight; /* column of weights; NULL: unweighted. Rows with weight ≤ 0 or missing are left out */
    const struct mg_filter *filters;
    size_t n_filters;
    const char *const *by; /* grouping columns */
    size_t n_by;
    unsigned buckets;  /* 0, or a power of two: split the rows by a hash of their content's row number into
                          that many */
    size_t max_groups; /* more is MG_E_LIMIT */
};

struct mg_moments_group {
    const char *const *keys; /* n_by texts; NULL for missing */
    unsigned bucket;
    struct mg_moments *moments;         /* weights w */
    struct mg_moments *moments_squared; /* weights w²; NULL when unweighted */
};

struct mg_moments_result {
    const struct mg_moments_group *groups; /* sorted by keys (numbers by value), then bucket */
    size_t n_groups;
};

/* What is in a source. */
struct mg_column_info {
    const char *name;
    enum mg_column_type type;
    int64_t n, n_missing, n_distinct; /* n_distinct may be an estimate where there are many: profile.h */
    double min, max;                  /* numbers; NaN otherwise */
    /* up to 12 values as text, those most frequent in the first 100 000 rows first, cut to MG_SAMPLE_BYTES
     * and "…" */
    const char *const *samples;
    size_t n_samples;
};

struct mg_source_info {
    int64_t rows;
    const struct mg_column_info *columns;
    size_t n_columns;
};

/* Rows as they are, as text: for previews and imports. */
struct mg_row_batch {
    size_t n_rows, n_columns;
    const char *const *cells; /* n_rows × n_columns, row-major; NULL: missing */
    int64_t first_row;        /* 0-based row of the source */
};

/* Called per batch in row order; a non-zero return stops the scan and is returned. */
typedef int mg_row_sink(void *user, const struct mg_row_batch *batch, struct mg_error *error);

/* Value counts of one column within groups. */
struct mg_count {
    const char *const *keys; /* n_columns texts */
    int64_t n;
    double weight;
};

/* One row to write: `sequence` orders versions, a later one replaces an earlier one of the same id; `erase`
 * removes it. */
struct mg_table_row {
    const char *id;
    int64_t sequence;
    bool erase;
    const char *const *cells; /* per table column, as text; NULL: missing */
};

/* Rows as they are written: names of the columns, and the rows. */
struct mg_table_batch {
    const char *const *columns;
    size_t n_columns;
    const struct mg_table_row *rows;
    size_t n_rows;
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

struct mg_column_engine {
    const char *name;
    /* `path`: database file; NULL: in memory. threads 0: all cores. */
    int (*open)(const char *path, int threads, struct mg_column **ret_column, struct mg_error *error);
    void (*close)(struct mg_column *column);
    /* The tables as they are at its first use, whatever is written meanwhile, until it is closed. For one
     * thread and one query at a time, and for reading: moments, describe, scan, matrix, counts, table_mark.
     */
    int (*snapshot)(struct mg_column *column, struct mg_column **ret_snapshot, struct mg_error *error);

    int (*moments)(struct mg_column *column, struct mg_arena *arena, const struct mg_moments_request *request,
                   struct mg_moments_result *ret_result, struct mg_error *error);
    /* Columns are read a batch of 256 at a time, so that memory doesn't grow with their number: at most 64
     * MiB beside the engine's own limit. A CSV file is read once a batch; mg_exchange_describe reads it once
     * in all. */
    int (*describe)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                    struct mg_source_info *ret_info, struct mg_error *error);
    /* Names and own types of the columns and the number of rows; nothing else is looked at. */
    int (*columns)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                   struct mg_source_info *ret_info, struct mg_error *error);
    /* n_columns 0: all. limit 0: all rows. */
    int (*scan)(struct mg_column *column, const struct mg_source *source, const char *const *columns,
                size_t n_columns, const struct mg_filter *filters, size_t n_filters, int64_t limit,
                mg_row_sink *sink, void *user, struct mg_error *error);
    /* Numeric matrix, column-major, NaN for missing, after range, missing codes and reversal, in row order;
     * with request->weight the weights as they are follow as a last column. Groups, buckets and scores of the
     * request are not looked at. MG_E_LIMIT beyond max_rows. */
    int (*matrix)(struct mg_column *column, struct mg_arena *arena, const struct mg_moments_request *request,
                  size_t max_rows, double **ret_values, size_t *ret_rows, struct mg_error *error);
    /* Joint counts of the given columns (as text), with weights if `weight` is not NULL (rows without a
     * positive one are left out then); sorted by the columns, numbers by value. More than `max` is
     * MG_E_LIMIT. */
    int (*counts)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                  const char *const *columns, size_t n_columns, const char *weight,
                  const struct mg_filter *filters, size_t n_filters, size_t max, struct mg_count **ret_counts,
                  size_t *ret_n, struct mg_error *error);

    /* Tables. Each has a mark: the sequence of the last entry of the log that it holds. What isn't beyond the
     * mark is there already, so a call whose `mark` isn't changes nothing, and rows whose sequence isn't are
     * left out: applying an entry again is harmless. A call is one transaction: a reader sees all of it or
     * nothing, and after a crash it has happened or not. Calls on different tables don't wait for each other.
     *
     * ensure: makes the table with mark 0, or adds missing columns; existing ones keep their type. */
    int (*table_ensure)(struct mg_column *column, const char *table, const struct mg_table_column *columns,
                        size_t n, struct mg_error *error);
    int (*table_apply)(struct mg_column *column, const char *table, const struct mg_table_batch *batch,
                       int64_t mark, struct mg_error *error);
    /* Removes the rows whose text column `name` holds `value`. */
    int (*table_remove)(struct mg_column *column, const char *table, const char *name, const char *value,
                        int64_t mark, struct mg_error *error);
    int (*table_drop)(struct mg_column *column, const char *table,
                      struct mg_error *error); /* absent is fine */
    /* −1: there is no such table. Reads no disk once the file is open. `wait` false: MG_E_BUSY where it
     * isn't. */
    int (*table_mark)(struct mg_column *column, const char *table, bool wait, int64_t *ret_mark,
                      struct mg_error *error);

    /* Parts: rows that nobody sees until they join a table or take its place. A part is filled by one thread,
     * call by call, its ids new; it survives a crash as far as it was filled.
     * begin: an empty part, whatever there was. join, replace: see above; the part is gone then. A join gives
     * the rows the mark as their sequence; a table is also replaced at the mark it has. */
    int (*part_begin)(struct mg_column *column, const char *part, const struct mg_table_column *columns,
                      size_t n, struct mg_error *error);
    int (*part_add)(struct mg_column *column, const char *part, const struct mg_table_batch *batch,
                    struct mg_error *error);
    /* Of the rows that were written with that sequence; −1: there is no such part. */
    int (*part_rows)(struct mg_column *column, const char *part, int64_t sequence, int64_t *ret_rows,
                     struct mg_error *error);
    int (*part_join)(struct mg_column *column, const char *part, const char *table, int64_t mark,
                     struct mg_error *error);
    int (*part_replace)(struct mg_column *column, const char *part, const char *table, int64_t mark,
                        struct mg_error *error);
    int (*part_drop)(struct mg_column *column, const char *part, struct mg_error *error);
    /* Names of all parts, in the arena. */
    int (*part_list)(struct mg_column *column, struct mg_arena *arena, const char ***ret_parts, size_t *ret_n,
                     struct mg_error *error);

    /* How the file stands. `wait`: opens it if it isn't open, and fails where it can't be; else it is told as
     * it is. */
    int (*status)(struct mg_column *column, bool wait, struct mg_column_status *ret_status,
                  struct mg_error *error);
    /* Bytes of the pool that the engine keeps blocks and intermediate results in; it has a limit of its own.
     */
    int (*memory)(struct mg_column *column, int64_t *ret_bytes, struct mg_error *error);
    /* Reads a file that nobody has open, every block of it, and changes nothing. *ret_problem: what is wrong,
     * in the arena; NULL: it is sound. MG_E_BUSY: another program has it. */
    int (*examine)(const char *path, struct mg_arena *arena, const char **ret_problem,
                   struct mg_error *error);
};

extern const struct mg_column_engine mg_column_duckdb;

/* An engine and what it opened, passed around together. */
struct mg_columns {
    const struct mg_column_engine *engine;
    struct mg_column *column;
};

#endif
