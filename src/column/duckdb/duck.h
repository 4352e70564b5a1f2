/* What the files of column/duckdb share: the open engine, building SQL, and sessions over a source. Internal.
 *
 * SQL is built only here. Identifiers go through mg_sql_ident, text literals through mg_sql_literal, values
 * from outside through mg_sql_bind_*; a file never appears by name but as /proc/self/fd/N of a descriptor
 * opened by us, so that no name is ever a pattern or an address, and the engine may open nothing else. */
#ifndef MG_COLUMN_DUCKDB_DUCK_H
#define MG_COLUMN_DUCKDB_DUCK_H

#include <duckdb.h>
#include <pthread.h>

#include "base/buf.h"
#include "base/names.h"
#include "base/str.h"
#include "column/column.h"

#define MG_DUCK_SQL_MAX ((size_t)8 << 20)

struct mg_duck_moments; /* a running request: moments.c */

struct mg_column {
    char *path; /* NULL: in memory */
    int threads;
    pthread_mutex_t lock; /* guards opening and `running` */
    duckdb_database database;
    bool opened;
    pthread_mutex_t writing;         /* one writer of tables at a time */
    struct mg_duck_moments *running; /* list of requests in flight */
    uint64_t next_id;
};

/* ---- engine.c ---- */

/* A new connection; opens the database on first use. Disconnect with duckdb_disconnect. */
int mg_duck_connect(struct mg_column *column, duckdb_connection *ret_connection, struct mg_error *error);
/* Turns an error text of the engine into ours. `label`: what was read (a file or table name). */
int mg_duck_fail(struct mg_error *error, const char *label, const char *text);
/* Runs statements without values and results. */
int mg_duck_exec(duckdb_connection connection, const char *label, const char *sql, struct mg_error *error);
/* Registers the aggregate function of moments.c. */
int mg_duck_register_moments(struct mg_column *column, duckdb_connection connection, struct mg_error *error);

/* ---- sql.c ---- */

struct mg_sql_value {
    const char *text; /* NULL: `number`, or `id` when that isn't 0; borrowed */
    double number;
    uint64_t id;
};

struct mg_sql {
    struct mg_buf text;
    struct mg_sql_value *values;
    size_t n_values, cap_values;
};

void mg_sql_init(struct mg_sql *sql);
void mg_sql_done(struct mg_sql *sql);
void mg_sql_add(struct mg_sql *sql, const char *text);
void mg_sql_addf(struct mg_sql *sql, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mg_sql_ident(struct mg_buf *buf, const char *name);   /* "name" */
void mg_sql_literal(struct mg_buf *buf, const char *text); /* 'text' */
/* Append "$n" and remember the value. */
void mg_sql_bind_text(struct mg_sql *sql, const char *text);
void mg_sql_bind_number(struct mg_sql *sql, double number);
void mg_sql_bind_id(struct mg_sql *sql, uint64_t id);
/* Prepares, binds and runs. `stream`: rows come as they are fetched. Destroy ret_result after success. */
int mg_sql_run(struct mg_sql *sql, duckdb_connection connection, const char *label, bool stream,
               duckdb_result *ret_result, struct mg_error *error);

/* ---- source.c, csv.c ---- */

struct mg_duck_column {
    const char *name;
    enum mg_column_type type;
    bool system;        /* _id, _seq of our tables: not shown unless asked for */
    const char *sql;    /* the column in SQL: c<place> */
    const char *text;   /* expression: its value as text */
    const char *number; /* expression: its value as a number, of the type below */
    enum mg_moments_type number_type;
};

/* A connection to the engine with one source at hand. The scope of `from` holds c0, c1, … and nothing else
 * that can be named; other names in a query (k<n>, v<n>, w, m, n, bucket) are ours. */
struct mg_duck_session {
    struct mg_column *column;
    duckdb_connection connection;
    int fd; /* -1: a table */
    const char *label;
    bool parquet, table;
    const char *from;      /* for FROM */
    const char *from_rows; /* the same with a row hash expression available */
    const char *row_hash;  /* expression over from_rows: a hash of the row's number or id */
    struct mg_duck_column *columns;
    struct mg_names names;
    size_t n_columns;
};

int mg_duck_session_open(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                         struct mg_duck_session *ret_session, struct mg_error *error);
void mg_duck_session_close(struct mg_duck_session *session);
/* The code of a query that failed: the engine's own (MG_E_ENGINE) means a damaged file where the source is
 * one, and becomes MG_E_INVALID. Every failure of reading a source goes through it. */
int mg_duck_source_failed(const struct mg_duck_session *session, int rc, struct mg_error *error);
/* mg_sql_run on the session's connection, with mg_duck_source_failed. */
int mg_duck_ask(const struct mg_duck_session *session, struct mg_sql *sql, bool stream,
                duckdb_result *ret_result, struct mg_error *error);
/* What stopped a stream after its last chunk; 0: it has ended. */
int mg_duck_stream_end(const struct mg_duck_session *session, duckdb_result *result, struct mg_error *error);
/* A table keeps a column under its own name, but _id and _seq (in any case, with any number of underscores
 * before) with one underscore more, since these are ours. `scratch`: MG_COLUMN_NAME_MAX + 2 bytes. */
const char *mg_duck_kept_name(const char *name, char *scratch);
const char *mg_duck_shown_name(const char *kept);
/* The column of that name, or MG_E_NOT_FOUND with the nearest names. */
int mg_duck_find(const struct mg_duck_session *session, const char *name,
                 const struct mg_duck_column **ret_column, struct mg_error *error);
/* Appends " WHERE …" (nothing without filters). */
int mg_duck_where(const struct mg_duck_session *session, struct mg_sql *sql, const struct mg_filter *filters,
                  size_t n, struct mg_error *error);

/* Names and dialect of a CSV file. */
struct mg_csv_dialect {
    char delimiter, quote;
    const char **names;
    size_t n_names;
};

/* From the first lines of the file (text, terminated). Names are unique regardless of ASCII case, empty ones
 * become "column<N>". */
int mg_csv_sniff(struct mg_arena *arena, const struct mg_source *source, const char *label, const char *head,
                 struct mg_csv_dialect *ret, struct mg_error *error);

/* ---- vtable functions ---- */

int mg_duck_moments(struct mg_column *column, struct mg_arena *arena,
                    const struct mg_moments_request *request, struct mg_moments_result *ret_result,
                    struct mg_error *error);
int mg_duck_describe(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                     struct mg_source_info *ret_info, struct mg_error *error);
int mg_duck_columns(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                    struct mg_source_info *ret_info, struct mg_error *error);
int mg_duck_scan(struct mg_column *column, const struct mg_source *source, const char *const *columns,
                 size_t n_columns, const struct mg_filter *filters, size_t n_filters, int64_t limit,
                 mg_row_sink *sink, void *user, struct mg_error *error);
int mg_duck_matrix(struct mg_column *column, struct mg_arena *arena, const struct mg_moments_request *request,
                   size_t max_rows, double **ret_values, size_t *ret_rows, struct mg_error *error);
int mg_duck_counts(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                   const char *const *columns, size_t n_columns, const char *weight,
                   const struct mg_filter *filters, size_t n_filters, size_t max,
                   struct mg_count **ret_counts, size_t *ret_n, struct mg_error *error);
int mg_duck_table_ensure(struct mg_column *column, const char *table, const struct mg_table_column *columns,
                         size_t n, struct mg_error *error);
int mg_duck_table_apply(struct mg_column *column, const char *table, const char *const *columns,
                        size_t n_columns, const struct mg_table_row *rows, size_t n_rows, int64_t watermark,
                        struct mg_error *error);
int mg_duck_watermark(struct mg_column *column, int64_t *ret_sequence, struct mg_error *error);
int mg_duck_table_drop(struct mg_column *column, const char *table, struct mg_error *error);

/* The numeric expression of a column into `sql` and its type (positive: text that counts as 1). */
enum mg_moments_type mg_duck_number(struct mg_sql *sql, const struct mg_duck_column *column,
                                    const char *positive);
/* Text of a cell of a VARCHAR vector; NULL where missing. Copied into the arena. */
const char *mg_duck_text(struct mg_arena *arena, duckdb_vector vector, idx_t row);
/* A column of a chunk as the accumulator's input. */
struct mg_moments_input mg_duck_input(duckdb_vector vector, enum mg_moments_type type);

#endif
