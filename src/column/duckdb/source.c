/* Sessions: a connection with a source at hand, its columns typed, and filters over them.
 *
 * Text formats are read as text throughout (CSV and JSONL: every column VARCHAR), so that one odd value never
 * fails a whole file; numbers come from TRY_CAST. Parquet files and tables keep their types. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "column/duckdb/duck.h"

#define HEAD_LINES 200
#define HEAD_BYTES ((size_t)4 << 20)

/* ---- Files ---- */

static int open_file(const char *path, bool *ret_gzip, int *ret_fd, struct mg_error *error)
{
    unsigned char magic[2] = {0};
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mg_fail(error, errno == ENOENT ? MG_E_NOT_FOUND : MG_E_IO, "%s: %s.", path, strerror(errno));
    if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
        close(fd);
        return mg_fail(error, MG_E_INVALID, "%s is not a regular file.", path);
    }
    if (st.st_size == 0) {
        close(fd);
        return mg_fail(error, MG_E_INVALID, "%s is empty.", path);
    }
    *ret_gzip = pread(fd, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    *ret_fd = fd;
    return 0;
}

/* The first lines of a CSV file, compressed or not, read by the engine itself. */
static int read_head(struct mg_duck_session *session, bool gzip, struct mg_buf *ret_head,
                     struct mg_error *error)
{
    struct mg_sql sql;
    duckdb_result result;
    duckdb_data_chunk chunk;

    mg_sql_init(&sql);
    mg_sql_addf(
        &sql,
        "SELECT line FROM read_csv('/proc/self/fd/%d', auto_detect = false, header = false, delim = '\x1f', "
        "quote = '', escape = '', columns = {'line': 'VARCHAR'}, compression = '%s') LIMIT %d",
        session->fd, gzip ? "gzip" : "none", HEAD_LINES);
    int rc = mg_sql_run(&sql, session->connection, session->label, true, &result, error);
    mg_sql_done(&sql);
    if (rc)
        return rc;
    while ((chunk = duckdb_fetch_chunk(result))) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, 0);
        duckdb_string_t *lines = duckdb_vector_get_data(vector);
        uint64_t *valid = duckdb_vector_get_validity(vector);
        for (idx_t r = 0; r < duckdb_data_chunk_get_size(chunk); r++) {
            if (!valid || duckdb_validity_row_is_valid(valid, r))
                mg_buf_add(ret_head, duckdb_string_t_data(&lines[r]), duckdb_string_t_length(lines[r]));
            mg_buf_putc(ret_head, '\n');
        }
        duckdb_destroy_data_chunk(&chunk);
    }
    if (duckdb_result_error(&result) && *duckdb_result_error(&result))
        rc = mg_duck_fail(error, session->label, duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return rc;
}

static const char *finish_sql(struct mg_arena *arena, struct mg_buf *buf)
{
    const char *text = buf->failed || !buf->data ? NULL : mg_arena_strdup(arena, buf->data);
    mg_buf_done(buf);
    return text;
}

static int plan_csv(struct mg_duck_session *session, struct mg_arena *arena, const struct mg_source *source,
                    bool gzip, struct mg_error *error)
{
    struct mg_csv_dialect dialect = {0};
    struct mg_buf buf;
    char mark[2] = {0};

    mg_buf_init(&buf, HEAD_BYTES);
    int rc = read_head(session, gzip, &buf, error);
    if (!rc)
        rc = mg_csv_sniff(arena, source, buf.data ? buf.data : "", &dialect, error);
    mg_buf_done(&buf);
    if (rc)
        return rc;
    session->columns = mg_arena_array(arena, dialect.n_names, sizeof(*session->columns));
    if (!session->columns)
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    session->n_columns = dialect.n_names;

    mg_buf_init(&buf, MG_DUCK_SQL_MAX);
    mg_buf_printf(&buf,
                  "read_csv('/proc/self/fd/%d', auto_detect = false, strict_mode = true, header = %s, "
                  "compression = '%s', delim = ",
                  session->fd, source->no_header ? "false" : "true", gzip ? "gzip" : "none");
    mark[0] = dialect.delimiter;
    mg_sql_literal(&buf, mark);
    mark[0] = dialect.quote;
    mg_buf_puts(&buf, ", quote = ");
    mg_sql_literal(&buf, mark);
    mg_buf_puts(&buf, ", escape = ");
    mg_sql_literal(&buf, mark);
    mg_buf_puts(&buf, ", columns = {");
    for (size_t c = 0; c < dialect.n_names; c++) {
        mg_buf_printf(&buf, "%s'c%zu': 'VARCHAR'", c ? ", " : "", c);
        session->columns[c] = (struct mg_duck_column){.name = dialect.names[c],
                                                      .type = MG_TYPE_TEXT,
                                                      .text_typed = true,
                                                      .sql = mg_arena_printf(arena, "c%zu", c)};
    }
    mg_buf_puts(&buf, "})");
    session->from = finish_sql(arena, &buf);
    return session->from ? 0 : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

/* ---- Typed sources ---- */

static const char *ident(struct mg_arena *arena, const char *name)
{
    struct mg_buf buf;
    mg_buf_init(&buf, 1 << 16);
    mg_sql_ident(&buf, name);
    return finish_sql(arena, &buf);
}

struct type_row {
    duckdb_type engine;
    enum mg_column_type type;
    enum mg_moments_type number;
    const char *cast; /* to get there; NULL: as it is */
};

static const struct type_row types[] = {
    {DUCKDB_TYPE_TINYINT, MG_TYPE_INTEGER, MG_MOMENTS_INT8, NULL},
    {DUCKDB_TYPE_SMALLINT, MG_TYPE_INTEGER, MG_MOMENTS_INT16, NULL},
    {DUCKDB_TYPE_INTEGER, MG_TYPE_INTEGER, MG_MOMENTS_INT32, NULL},
    {DUCKDB_TYPE_BIGINT, MG_TYPE_INTEGER, MG_MOMENTS_INT64, NULL},
    {DUCKDB_TYPE_UTINYINT, MG_TYPE_INTEGER, MG_MOMENTS_INT16, "SMALLINT"},
    {DUCKDB_TYPE_USMALLINT, MG_TYPE_INTEGER, MG_MOMENTS_INT32, "INTEGER"},
    {DUCKDB_TYPE_UINTEGER, MG_TYPE_INTEGER, MG_MOMENTS_INT64, "BIGINT"},
    {DUCKDB_TYPE_UBIGINT, MG_TYPE_INTEGER, MG_MOMENTS_DOUBLE, "DOUBLE"},
    {DUCKDB_TYPE_HUGEINT, MG_TYPE_INTEGER, MG_MOMENTS_DOUBLE, "DOUBLE"},
    {DUCKDB_TYPE_FLOAT, MG_TYPE_NUMBER, MG_MOMENTS_DOUBLE, "DOUBLE"},
    {DUCKDB_TYPE_DOUBLE, MG_TYPE_NUMBER, MG_MOMENTS_DOUBLE, NULL},
    {DUCKDB_TYPE_DECIMAL, MG_TYPE_NUMBER, MG_MOMENTS_DOUBLE, "DOUBLE"},
    {DUCKDB_TYPE_BOOLEAN, MG_TYPE_BOOLEAN, MG_MOMENTS_INT8, "TINYINT"},
};

static bool is_time(duckdb_type type)
{
    return type == DUCKDB_TYPE_TIMESTAMP || type == DUCKDB_TYPE_DATE || type == DUCKDB_TYPE_TIMESTAMP_TZ ||
           type == DUCKDB_TYPE_TIMESTAMP_S || type == DUCKDB_TYPE_TIMESTAMP_MS ||
           type == DUCKDB_TYPE_TIMESTAMP_NS;
}

/* Expressions of a column as text and as number. Whole doubles are written without ".0", as everybody else
 * does. */
static void plan_column(struct mg_arena *arena, struct mg_duck_column *column, duckdb_type type)
{
    const char *sql = column->sql;
    if (!sql)
        return;
    column->type = is_time(type) ? MG_TYPE_TIME : MG_TYPE_TEXT;
    column->number_type = MG_MOMENTS_DOUBLE;
    column->text = type == DUCKDB_TYPE_VARCHAR ? sql : mg_arena_printf(arena, "CAST(%s AS VARCHAR)", sql);
    column->number = column->text ? mg_arena_printf(arena, "TRY_CAST(%s AS DOUBLE)", column->text) : NULL;
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (types[i].engine != type)
            continue;
        column->type = types[i].type;
        column->number_type = types[i].number;
        column->number = types[i].cast ? mg_arena_printf(arena, "CAST(%s AS %s)", sql, types[i].cast) : sql;
    }
    if (type == DUCKDB_TYPE_DOUBLE || type == DUCKDB_TYPE_FLOAT)
        column->text =
            mg_arena_printf(arena,
                            "CASE WHEN %s = trunc(%s) AND abs(%s) < 1e15 THEN CAST(CAST(%s AS BIGINT) AS "
                            "VARCHAR) ELSE CAST(%s AS VARCHAR) END",
                            sql, sql, sql, sql, sql);
}

/* Columns and types as the engine sees them. */
static int read_columns(struct mg_duck_session *session, struct mg_arena *arena, const char *from,
                        struct mg_error *error)
{
    struct mg_sql sql;
    duckdb_result result;

    mg_sql_init(&sql);
    mg_sql_add(&sql, "SELECT * FROM ");
    mg_sql_add(&sql, from);
    mg_sql_add(&sql, " LIMIT 0");
    int rc = mg_sql_run(&sql, session->connection, session->label, false, &result, error);
    mg_sql_done(&sql);
    if (rc)
        return rc;
    session->n_columns = duckdb_column_count(&result);
    session->columns = mg_arena_array(arena, session->n_columns, sizeof(*session->columns));
    for (size_t c = 0; c < session->n_columns && session->columns; c++) {
        struct mg_duck_column *column = &session->columns[c];
        column->name = mg_arena_strdup(arena, duckdb_column_name(&result, c));
        column->sql = column->name ? ident(arena, column->name) : NULL;
        plan_column(arena, column, duckdb_column_type(&result, c));
    }
    duckdb_destroy_result(&result);
    return session->columns ? 0 : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

static int plan_jsonl(struct mg_duck_session *session, struct mg_arena *arena, bool gzip,
                      struct mg_error *error)
{
    const char *options = gzip ? ", compression = 'gzip'" : "";
    struct mg_buf buf;
    const char *from =
        mg_arena_printf(arena,
                        "read_json('/proc/self/fd/%d', format = 'newline_delimited', maximum_depth = 1, "
                        "sample_size = -1, map_inference_threshold = -1%s)",
                        session->fd, options);
    int rc =
        from ? read_columns(session, arena, from, error) : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    if (rc)
        return rc;
    mg_buf_init(&buf, MG_DUCK_SQL_MAX);
    mg_buf_printf(&buf, "read_json('/proc/self/fd/%d', format = 'newline_delimited'%s, columns = {",
                  session->fd, options);
    for (size_t c = 0; c < session->n_columns; c++) {
        mg_buf_puts(&buf, c ? ", " : "");
        mg_sql_literal(&buf, session->columns[c].name);
        mg_buf_puts(&buf, ": 'VARCHAR'");
        session->columns[c].text_typed = true;
    }
    mg_buf_puts(&buf, "})");
    session->from = finish_sql(arena, &buf);
    return session->from ? 0 : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

static int plan_parquet(struct mg_duck_session *session, struct mg_arena *arena, struct mg_error *error)
{
    session->parquet = true;
    session->from = mg_arena_printf(arena, "read_parquet('/proc/self/fd/%d')", session->fd);
    return session->from ? read_columns(session, arena, session->from, error)
                         : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

static int table_exists(struct mg_duck_session *session, const char *table, struct mg_error *error)
{
    struct mg_sql sql;
    duckdb_result result;

    mg_sql_init(&sql);
    mg_sql_add(
        &sql,
        "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'main' "
        "AND table_name = ");
    mg_sql_bind_text(&sql, table);
    int rc = mg_sql_run(&sql, session->connection, table, false, &result, error);
    mg_sql_done(&sql);
    if (rc)
        return rc;
    bool found = duckdb_row_count(&result) > 0;
    duckdb_destroy_result(&result);
    return found ? 0 : mg_fail(error, MG_E_NOT_FOUND, "There is no table %s.", table);
}

static int plan_table(struct mg_duck_session *session, struct mg_arena *arena, const char *table,
                      struct mg_error *error)
{
    int rc = table_exists(session, table, error);
    if (rc)
        return rc;
    session->from = ident(arena, table);
    rc = session->from ? read_columns(session, arena, session->from, error)
                       : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    for (size_t c = 0; c < session->n_columns && !rc; c++) {
        struct mg_duck_column *column = &session->columns[c];
        column->system = mg_str_equal(column->name, "_id") || mg_str_equal(column->name, "_seq");
    }
    return rc;
}

/* Where a hash of each row's number comes from. Only Parquet and tables have one that needs no ordered scan.
 */
static int plan_row_hash(struct mg_duck_session *session, struct mg_arena *arena,
                         const struct mg_source *source, struct mg_error *error)
{
    session->from_rows = session->from;
    if (source->table) {
        session->row_hash = "hash(_id)";
    } else if (source->format == MG_FILE_PARQUET) {
        session->from_rows =
            mg_arena_printf(arena, "read_parquet('/proc/self/fd/%d', file_row_number = true)", session->fd);
        session->row_hash = "hash(file_row_number)";
    } else {
        session->from_rows =
            mg_arena_printf(arena, "(SELECT *, row_number() OVER () AS \"#row\" FROM %s)", session->from);
        session->row_hash = "hash(\"#row\")";
    }
    return session->from_rows ? 0 : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

static int plan_source(struct mg_duck_session *session, struct mg_arena *arena,
                       const struct mg_source *source, struct mg_error *error)
{
    bool gzip = false;
    if (source->table)
        return plan_table(session, arena, source->table, error);
    int rc = open_file(source->path, &gzip, &session->fd, error);
    if (rc)
        return rc;
    switch (source->format) {
    case MG_FILE_CSV:
        return plan_csv(session, arena, source, gzip, error);
    case MG_FILE_JSONL:
        return plan_jsonl(session, arena, gzip, error);
    case MG_FILE_PARQUET:
        return plan_parquet(session, arena, error);
    }
    return mg_fail(error, MG_E_INVALID, "%s has an unknown format.", source->path);
}

int mg_duck_session_open(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                         struct mg_duck_session *ret_session, struct mg_error *error)
{
    struct mg_duck_session session = {
        .column = column, .fd = -1, .label = source->table ? source->table : source->path};
    if (!session.label)
        return mg_fail(error, MG_E_INVALID, "Neither a table nor a file is given.");
    int rc = mg_duck_connect(column, &session.connection, error);
    if (!rc)
        rc = plan_source(&session, arena, source, error);
    if (!rc)
        rc = plan_row_hash(&session, arena, source, error);
    for (size_t c = 0; c < session.n_columns && !rc; c++) {
        if (session.columns[c].text_typed)
            plan_column(arena, &session.columns[c], DUCKDB_TYPE_VARCHAR);
        if (!session.columns[c].name || !session.columns[c].text || !session.columns[c].number)
            rc = mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    }
    if (rc)
        mg_duck_session_close(&session);
    else
        *ret_session = session;
    return rc;
}

void mg_duck_session_close(struct mg_duck_session *session)
{
    mg_duck_disconnect(session->column, &session->connection);
    if (session->fd >= 0)
        close(session->fd);
    session->fd = -1;
}
