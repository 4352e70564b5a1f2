/* What the files of column/duckdb share: the open engine, building SQL, and sessions over a source. Internal.
 *
 * SQL is built only here. Identifiers go through mg_duck_sql_ident, text literals through
 * mg_duck_sql_literal, values from outside through mg_duck_sql_bind_*; a file never appears by name but as
 * /proc/self/fd/N of a descriptor opened by us, so that no name is ever a pattern or an address, and the
 * engine may open nothing else. */
#ifndef MG_COLUMN_DUCKDB_DUCK_H
#define MG_COLUMN_DUCKDB_DUCK_H

#include <duckdb.h>
#include <pthread.h>

#include "base/buf.h"
#include "base/names.h"
#include "base/str.h"
#include "column/engine.h"

#define MG_DUCK_SQL_MAX ((size_t)8 << 20)

struct mg_duck_moments; /* a running request: moments.c */
struct mg_duck_write;   /* a transaction on a table: write.h */

#define MG_DUCK_FILE_LABEL MG_COLUMN_FILE /* what errors call the engine's own file */

/* What the tables hold of the log: mark.c. */
struct mg_duck_mark_row {
    char *table;
    int64_t mark;
};

struct mg_duck_marks {
    struct mg_duck_mark_row *rows; /* sorted by table */
    size_t n, cap;
};

enum mg_duck_state { MG_DUCK_CLOSED, MG_DUCK_OPENING, MG_DUCK_OPEN, MG_DUCK_DOUBTFUL, MG_DUCK_DAMAGED };

struct mg_column {
    struct mg_column
        *parent; /* of a snapshot, which has nothing else but the next; NULL: the engine itself */
    duckdb_connection pinned; /* a snapshot's transaction */
    char *path;               /* NULL: in memory */
    int threads;
    pthread_mutex_t lock; /* of what follows, down to `running` */
    pthread_cond_t left;  /* somebody disconnected, opened, or ended a write */
    duckdb_database database;
    enum mg_duck_state state; /* diagram in open.c */
    size_t users;             /* connections given out */
    struct mg_duck_marks marks;
    struct mg_column_status status;
    struct mg_duck_moments *running; /* list of requests in flight */
    uint64_t next_id;
    struct mg_duck_write *writes; /* under way, one a table: table.c */
};

/* ---- open.c ---- */

/* DuckDB's name of a type. */
const char *mg_duck_type_name(enum mg_column_type type);
/* Why a file can't be opened, from DuckDB's words: MG_E_BUSY others have it, MG_E_FULL, _IO, _NO_MEMORY the
 * machine lacks something, MG_E_DAMAGED else. */
MG_CHECKED int mg_duck_fail_open(struct mg_error *error, const char *text);
/* Closes what is to be closed, sets aside what is damaged, opens what is there. In state OPENING, `before` is
 * the one before: nobody else has a connection or gets one. */
MG_CHECKED int mg_duck_open_anew(struct mg_column *column, enum mg_duck_state before, struct mg_error *error);
void mg_duck_close_database(struct mg_column *column);

/* ---- connect.c ---- */

MG_CHECKED int mg_duck_open(const char *path, int threads, struct mg_column **ret_column,
                            struct mg_error *error);
void mg_duck_close(struct mg_column *column);
MG_CHECKED int mg_duck_snapshot(struct mg_column *column, struct mg_column **ret_snapshot,
                                struct mg_error *error);
/* A new connection; opens the database on first use, and again after a failed write. Of a snapshot: its own.
 */
MG_CHECKED int mg_duck_connect(struct mg_column *column, duckdb_connection *ret_connection,
                               struct mg_error *error);
/* Ends it; a NULL connection is fine. */
void mg_duck_disconnect(struct mg_column *column, duckdb_connection *connection);
/* A write failed: nobody gets a connection before the file was opened again. */
void mg_duck_doubt(struct mg_column *column);
/* The file is damaged: it is set aside and a new one begun before anybody gets a connection. */
void mg_duck_note_damage(struct mg_column *column, const char *text);
MG_CHECKED int mg_duck_status(struct mg_column *column, bool wait, struct mg_column_status *ret_status,
                              struct mg_error *error);
/* examine.c */
MG_CHECKED int mg_duck_examine(const char *path, struct mg_arena *arena, const char **ret_problem,
                               struct mg_error *error);

/* ---- mark.c ---- */

void mg_duck_marks_init(struct mg_duck_marks *marks);
void mg_duck_marks_clear(struct mg_duck_marks *marks);
void mg_duck_marks_done(struct mg_duck_marks *marks);
int64_t mg_duck_marks_get(const struct mg_duck_marks *marks, const char *table); /* −1: no such table */
MG_CHECKED int mg_duck_marks_set(struct mg_duck_marks *marks, const char *table, int64_t mark,
                                 struct mg_error *error);
void mg_duck_marks_remove(struct mg_duck_marks *marks, const char *table);
/* Makes our own tables where they aren't there; fills marks and identity. */
MG_CHECKED int mg_duck_marks_load(struct mg_column *column, duckdb_connection connection,
                                  struct mg_error *error);
/* The mark as the connection's transaction sees it. */
MG_CHECKED int mg_duck_mark_read(duckdb_connection connection, const char *table, int64_t *ret_mark,
                                 struct mg_error *error);
/* In the transaction of the connection; −1 removes it. */
MG_CHECKED int mg_duck_mark_write(duckdb_connection connection, const char *table, int64_t mark,
                                  struct mg_error *error);

/* ---- engine.c ---- */

/* Turns an error text of the engine into ours. `label`: what was read (a file or table name). */
MG_CHECKED int mg_duck_fail(struct mg_error *error, const char *label, const char *text);
/* Runs statements without values and results. */
MG_CHECKED int mg_duck_exec(duckdb_connection connection, const char *label, const char *sql,
                            struct mg_error *error);
MG_CHECKED int mg_duck_memory(struct mg_column *column, int64_t *ret_bytes, struct mg_error *error);
/* Registers the function of answer.c. */
MG_CHECKED int mg_duck_register_answers(duckdb_connection connection, struct mg_error *error);
/* Registers the function of sheet.c. */
MG_CHECKED int mg_duck_register_sheets(duckdb_connection connection, struct mg_error *error);
/* Registers the aggregate function of moments.c. */
MG_CHECKED int mg_duck_register_moments(struct mg_column *column, duckdb_connection connection,
                                        struct mg_error *error);

/* ---- sql.c ---- */

struct mg_duck_sql_value {
    const char *text; /* NULL: `number`, or `id` when that isn't 0; borrowed */
    double number;
    uint64_t id;
};

struct mg_duck_sql {
    struct mg_buf text;
    struct mg_duck_sql_value *values;
    size_t n_values, cap_values;
};

void mg_duck_sql_init(struct mg_duck_sql *sql);
void mg_duck_sql_done(struct mg_duck_sql *sql);
void mg_duck_sql_add(struct mg_duck_sql *sql, const char *text);
void mg_duck_sql_addf(struct mg_duck_sql *sql, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mg_duck_sql_ident(struct mg_buf *buf, const char *name);   /* "name" */
void mg_duck_sql_literal(struct mg_buf *buf, const char *text); /* 'text' */
/* Append "$n" and remember the value. */
void mg_duck_sql_bind_text(struct mg_duck_sql *sql, const char *text);
void mg_duck_sql_bind_number(struct mg_duck_sql *sql, double number);
void mg_duck_sql_bind_id(struct mg_duck_sql *sql, uint64_t id);
/* Prepares, binds and runs. `stream`: rows come as they are fetched. Destroy ret_result after success. */
MG_CHECKED int mg_duck_sql_run(struct mg_duck_sql *sql, duckdb_connection connection, const char *label,
                               bool stream, duckdb_result *ret_result, struct mg_error *error);

/* ---- source.c, sheet.c ---- */

/* A sheet that a session reads. */
struct mg_duck_sheet {
    const struct mg_sheet *sheet;
    enum mg_lang lang;    /* of what goes wrong */
    pthread_mutex_t lock; /* of what follows */
    int failed;           /* of a reading: why says it; 0: none has */
    struct mg_error why;
};

struct mg_duck_column {
    const char *name;
    enum mg_column_type type;
    bool system;      /* _id, _seq of our tables: not shown unless asked for */
    const char *sql;  /* the column in SQL: c<place> */
    const char *text; /* expression: its value as text */
    const char
        *number; /* expression: its value as a number, of the type below; of text that is none: infinity */
    enum mg_moments_type number_type;
};

/* A connection to the engine with one source at hand. The scope of `from` holds c0, c1, … and nothing else
 * that can be named; other names in a query (k<n>, v<n>, w, m, n, bucket, place) are ours. */
struct mg_duck_session {
    struct mg_column *handle; /* what was asked */
    struct mg_column *column; /* the engine: of a snapshot its parent */
    duckdb_connection connection;
    struct mg_stop *stop;
    struct mg_stop_hook *hook; /* interrupts the connection; in the arena, since sessions are copied */
    int fd;                    /* of a Parquet file; −1: none */
    const char *label;
    bool parquet, table;
    struct mg_duck_sheet *sheet; /* in the arena, since sessions are copied; NULL: none is read */
    const char *from;            /* for FROM */
    const char *from_ordered;    /* the same, in the order of the rows */
    const char *from_rows;       /* the same with a row hash expression available */
    const char *row_hash;        /* expression over from_rows: a hash of the row's number or id */
    struct mg_duck_column *columns;
    struct mg_names names;
    size_t n_columns;
};

/* What errors call the source. */
static inline const char *mg_duck_label(const struct mg_source *source)
{
    if (source->table)
        return source->table;
    return source->name ? source->name : source->path;
}

MG_CHECKED int mg_duck_session_open(struct mg_column *column, struct mg_arena *arena,
                                    const struct mg_source *source, struct mg_duck_session *ret_session,
                                    struct mg_error *error);
void mg_duck_session_close(struct mg_duck_session *session);
/* The code of a query that failed: the engine's own (MG_E_ENGINE) means a damaged file where the source is
 * one, and becomes MG_E_INVALID. Every failure of reading a source goes through it. */
MG_CHECKED int mg_duck_source_failed(const struct mg_duck_session *session, int rc, struct mg_error *error);
/* mg_duck_sql_run on the session's connection, with mg_duck_source_failed. */
MG_CHECKED int mg_duck_ask(const struct mg_duck_session *session, struct mg_duck_sql *sql, bool stream,
                           duckdb_result *ret_result, struct mg_error *error);
/* The last query of a session: runs it unless `rc` says that it couldn't be built, and ends `sql` and session
 * in any case. Returns rc, or the query's; destroy ret_result after success. */
MG_CHECKED int mg_duck_ask_last(struct mg_duck_session *session, struct mg_duck_sql *sql, int rc,
                                duckdb_result *ret_result, struct mg_error *error);
/* Rows of the session's source. */
MG_CHECKED int mg_duck_count_rows(const struct mg_duck_session *session, int64_t *ret_rows,
                                  struct mg_error *error);
/* What stopped a stream after its last chunk; 0: it has ended. */
MG_CHECKED int mg_duck_stream_end(const struct mg_duck_session *session, duckdb_result *result,
                                  struct mg_error *error);
/* A table keeps a column under its own name, but _id and _seq (in any case, with any number of underscores
 * before) with one underscore more, since these are ours. `scratch`: MG_COLUMN_NAME_MAX + 2 bytes. */
const char *mg_duck_kept_name(const char *name, char *scratch);
const char *mg_duck_shown_name(const char *kept);
/* The column of that name, or MG_E_NOT_FOUND with the nearest names. */
MG_CHECKED int mg_duck_find(const struct mg_duck_session *session, const char *name,
                            const struct mg_duck_column **ret_column, struct mg_error *error);
/* Appends " WHERE …" (nothing without filters). */
MG_CHECKED int mg_duck_where(const struct mg_duck_session *session, struct mg_duck_sql *sql,
                             const struct mg_filter *filters, size_t n, struct mg_error *error);
/* After mg_duck_where with n_before filters: " AND NOT (…)" or " WHERE NOT (…)"; nothing for none. */
MG_CHECKED int mg_duck_where_not(const struct mg_duck_session *session, struct mg_duck_sql *sql,
                                 size_t n_before, const struct mg_filter *except, size_t n,
                                 struct mg_error *error);

/* ---- vtable functions ---- */

MG_CHECKED int mg_duck_parquet(struct mg_column *column, const struct mg_parquet *request,
                               struct mg_error *error);
MG_CHECKED int mg_duck_parquet_read(struct mg_column *column, const struct mg_source *source,
                                    const struct mg_parquet_reader *reader, struct mg_error *error);

MG_CHECKED int mg_duck_moments(struct mg_column *column, struct mg_arena *arena,
                               const struct mg_moments_request *request, struct mg_moments_result *ret_result,
                               struct mg_error *error);
MG_CHECKED int mg_duck_describe(struct mg_column *column, struct mg_arena *arena,
                                const struct mg_source *source, struct mg_source_info *ret_info,
                                struct mg_error *error);
MG_CHECKED int mg_duck_distinct(struct mg_column *column, struct mg_arena *arena,
                                const struct mg_source *source, const char *name,
                                const struct mg_filter *filters, size_t n_filters, struct mg_distinct *ret,
                                struct mg_error *error);
MG_CHECKED int mg_duck_names(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                             struct mg_source_info *ret_info, struct mg_error *error);
MG_CHECKED int mg_duck_scan(struct mg_column *column, const struct mg_source *source,
                            const char *const *columns, size_t n_columns, const struct mg_filter *filters,
                            size_t n_filters, int64_t limit, mg_row_sink *sink, void *user,
                            struct mg_error *error);
MG_CHECKED int mg_duck_matrix(struct mg_column *column, struct mg_arena *arena,
                              const struct mg_moments_request *request, size_t max_rows, double **ret_values,
                              size_t *ret_rows, struct mg_error *error);
MG_CHECKED int mg_duck_counts(struct mg_column *column, struct mg_arena *arena,
                              const struct mg_source *source, const char *const *columns, size_t n_columns,
                              const char *weight, const struct mg_filter *filters, size_t n_filters,
                              size_t max, struct mg_count **ret_counts, size_t *ret_n,
                              struct mg_error *error);
MG_CHECKED int mg_duck_values(struct mg_column *column, struct mg_arena *arena,
                              const struct mg_source *source, const char *name,
                              const struct mg_filter *filters, size_t n_filters, size_t max,
                              struct mg_column_value **ret_values, size_t *ret_n, struct mg_error *error);
MG_CHECKED int mg_duck_weights(struct mg_column *column, struct mg_arena *arena,
                               const struct mg_source *source, const char *name,
                               const struct mg_filter *filters, size_t n_filters,
                               struct mg_weight_counts *ret_counts, struct mg_error *error);
MG_CHECKED int mg_duck_repeats(struct mg_column *column, struct mg_arena *arena,
                               const struct mg_source *source, const char *name, size_t max,
                               struct mg_repeats *ret_repeats, struct mg_error *error);
MG_CHECKED int mg_duck_hits(struct mg_column *column, struct mg_arena *arena,
                            const struct mg_moments_request *request, const double *values,
                            struct mg_hits **ret_hits, size_t *ret_n, struct mg_error *error);
MG_CHECKED int mg_duck_table_ensure(struct mg_column *column, const char *table,
                                    const struct mg_table_column *columns, size_t n, struct mg_error *error);
MG_CHECKED int mg_duck_table_apply(struct mg_column *column, const char *table,
                                   const struct mg_table_batch *batch, int64_t mark, struct mg_error *error);
MG_CHECKED int mg_duck_table_remove(struct mg_column *column, const char *table, const char *name,
                                    const char *value, int64_t mark, struct mg_error *error);
MG_CHECKED int mg_duck_table_drop(struct mg_column *column, const char *table, struct mg_error *error);
MG_CHECKED int mg_duck_mark(struct mg_column *column, const char *table, bool wait, int64_t *ret_mark,
                            struct mg_error *error);
MG_CHECKED int mg_duck_part_begin(struct mg_column *column, const char *part,
                                  const struct mg_table_column *columns, size_t n, struct mg_error *error);
MG_CHECKED int mg_duck_part_add(struct mg_column *column, const char *part,
                                const struct mg_table_batch *batch, struct mg_error *error);
MG_CHECKED int mg_duck_part_open(struct mg_column *column, const char *part,
                                 struct mg_part_writer **ret_writer, struct mg_error *error);
MG_CHECKED int mg_duck_part_put(struct mg_part_writer *writer, const struct mg_table_batch *batch,
                                struct mg_error *error);
MG_CHECKED int mg_duck_part_close(struct mg_part_writer *writer, int rc, struct mg_error *error);
MG_CHECKED int mg_duck_part_rows(struct mg_column *column, const char *part, int64_t sequence,
                                 int64_t *ret_rows, struct mg_error *error);
MG_CHECKED int mg_duck_part_join(struct mg_column *column, const char *part, const char *table,
                                 const struct mg_table_leaving *leaving, int64_t mark,
                                 struct mg_error *error);
MG_CHECKED int mg_duck_part_replace(struct mg_column *column, const char *part, const char *table,
                                    int64_t mark, struct mg_error *error);
MG_CHECKED int mg_duck_part_drop(struct mg_column *column, const char *part, struct mg_error *error);
MG_CHECKED int mg_duck_part_list(struct mg_column *column, struct mg_arena *arena, const char ***ret_parts,
                                 size_t *ret_n, struct mg_error *error);

/* ---- append.c ---- */

/* Rows into a table within the connection's transaction. Opening changes nothing; it fails where the table
 * lacks a column. rows: batch->rows[order[0 … n)], or with `order` NULL the first n. flush: hands what has
 * been appended so far to the transaction. close: flushes unless rc is set; frees. */
struct mg_duck_target;
MG_CHECKED int mg_duck_append_open(duckdb_connection connection, const char *table,
                                   const struct mg_table_batch *batch, struct mg_duck_target **ret_target,
                                   struct mg_error *error);
MG_CHECKED int mg_duck_append_rows(struct mg_duck_target *target, const struct mg_table_batch *batch,
                                   const size_t *order, size_t n, struct mg_error *error);
MG_CHECKED int mg_duck_append_flush(struct mg_duck_target *target, struct mg_error *error);
MG_CHECKED int mg_duck_append_close(struct mg_duck_target *target, int rc, struct mg_error *error);

/* The numeric expression of a column into `sql` and its type (positive: text that counts as 1; `scale` has
 * the codes that are missing). */
enum mg_moments_type mg_duck_number(struct mg_duck_sql *sql, const struct mg_duck_column *column,
                                    const char *positive, const struct mg_moments_column *scale);
/* A column's weight as a DOUBLE; NULL where it is none (model/answer.h). */
void mg_duck_weight(struct mg_duck_sql *sql, const struct mg_duck_column *column);
/* Text of a cell of a VARCHAR vector; NULL where missing. Copied into the arena. */
const char *mg_duck_text(struct mg_arena *arena, duckdb_vector vector, idx_t row);
/* A column of a chunk as the accumulator's input. */
struct mg_moments_input mg_duck_input(duckdb_vector vector, enum mg_moments_type type);

#endif
