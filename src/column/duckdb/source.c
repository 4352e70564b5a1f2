/* Sessions: a connection with a source at hand and its columns typed.
 *
 * Whatever the source, its columns are c0, c1, … to every query: user's names are looked up here and never
 * become SQL, but in the DDL of tables. Of a sheet (sheet.c) every column is there as text and as numbers, so
 * that one odd value never fails a whole file. Parquet files and tables keep their types. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "column/duckdb/duck.h"

#define CHUNK_BYTES_MAX                                                                                      \
    ((int64_t)128 << 20) /* of one column in one row group of a Parquet file, unpacked                       \
                          */

/* ---- Files ---- */

static int open_file(const struct mg_source *source, const char *label, int *ret_fd, struct mg_error *error)
{
    FILE *file;
    struct stat st;
    int rc = mg_file_open(source->path, label, &file, error);
    if (rc)
        return rc;
    *ret_fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    fclose(file);
    if (*ret_fd < 0 || fstat(*ret_fd, &st))
        return mg_fail(error, MG_E_IO, "%s can't be read.", label);
    return st.st_size ? 0 : mg_fail(error, MG_E_INVALID, "%s is empty.", label);
}

static const char *finish_sql(struct mg_arena *arena, struct mg_buf *buf)
{
    const char *text = buf->failed || !buf->data ? NULL : mg_arena_strdup(arena, buf->data);
    mg_buf_done(buf);
    return text;
}

/* ---- Columns ---- */

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

/* Expressions of column c as text and as number. Whole doubles are written without ".0", as everybody else
 * does. */
static void plan_column(struct mg_arena *arena, struct mg_duck_column *column, size_t c, duckdb_type type)
{
    const char *sql = column->sql = mg_arena_printf(arena, "c%zu", c);
    if (!sql)
        return;
    column->type = is_time(type) ? MG_TYPE_TIME : MG_TYPE_TEXT;
    column->number_type = MG_MOMENTS_DOUBLE;
    column->text = type == DUCKDB_TYPE_VARCHAR ? sql : mg_arena_printf(arena, "CAST(%s AS VARCHAR)", sql);
    column->number = column->text ? mg_arena_printf(arena, "mg_number(%s)", column->text) : NULL;
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

/* Names and types as the engine sees them; a table's own columns by the names they are kept under. */
static int take_column(struct mg_duck_session *session, struct mg_arena *arena, const char *name, size_t c,
                       duckdb_type type, struct mg_error *error)
{
    struct mg_duck_column *column = &session->columns[c];
    if (strlen(name) > MG_COLUMN_NAME_MAX) {
        mg_fail(error, MG_E_LIMIT, "The name of column %zu is longer than the %d bytes allowed.", c + 1,
                MG_COLUMN_NAME_MAX);
        mg_fail_hint(error, "Give the column a short name.");
        return MG_E_LIMIT;
    }
    if (session->table) {
        column->system = mg_str_equal(name, "_id") || mg_str_equal(name, "_seq");
        name = column->system ? name : mg_duck_shown_name(name);
    }
    column->name = mg_arena_strdup(arena, name);
    plan_column(arena, column, c, type);
    return 0;
}

static int read_columns(struct mg_duck_session *session, struct mg_arena *arena, const char *from,
                        struct mg_error *error)
{
    struct mg_duck_sql sql;
    duckdb_result result;

    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "SELECT * FROM ");
    mg_duck_sql_add(&sql, from);
    mg_duck_sql_add(&sql, " LIMIT 0");
    int rc = mg_duck_sql_run(&sql, session->connection, session->label, false, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    session->n_columns = duckdb_column_count(&result);
    session->columns = mg_arena_array(arena, session->n_columns, sizeof(*session->columns));
    if (!session->columns)
        rc = mg_fail_memory(error);
    if (session->n_columns > MG_COLUMN_COLUMNS_MAX)
        rc =
            mg_fail(error, MG_E_LIMIT, "%s has more than %d columns.", session->label, MG_COLUMN_COLUMNS_MAX);
    for (size_t c = 0; c < session->n_columns && !rc; c++)
        rc = take_column(session, arena, duckdb_column_name(&result, c), c, duckdb_column_type(&result, c),
                         error);
    duckdb_destroy_result(&result);
    return rc;
}

/* `from` with its columns called c0, c1, … by their places: whatever they are called, the rest of a query
 * can't meet it. */
static int number_columns(struct mg_duck_session *session, struct mg_arena *arena, const char *from,
                          struct mg_error *error)
{
    struct mg_buf buf;
    mg_buf_init(&buf, MG_DUCK_SQL_MAX);
    mg_buf_puts(&buf, from);
    mg_buf_puts(&buf, " AS source(");
    for (size_t c = 0; c < session->n_columns; c++)
        mg_buf_printf(&buf, "%sc%zu", c ? ", " : "", c);
    mg_buf_puts(&buf, ")");
    session->from = finish_sql(arena, &buf);
    return session->from ? 0 : mg_fail_memory(error);
}

/* ---- Sources ---- */

static int plan_sheet_column(struct mg_arena *arena, struct mg_duck_column *column, size_t c,
                             const char *name)
{
    column->name = name;
    column->type = MG_TYPE_TEXT;
    column->number_type = MG_MOMENTS_DOUBLE;
    column->sql = column->text = mg_arena_printf(arena, "c%zu", c);
    column->number = mg_arena_printf(arena, "n%zu", c);
    return column->text && column->number ? 0 : MG_E_NO_MEMORY;
}

static void forget_sheet(void *sheet)
{
    pthread_mutex_destroy(&((struct mg_duck_sheet *)sheet)->lock);
}

static int plan_sheet(struct mg_duck_session *session, struct mg_arena *arena, const struct mg_source *source,
                      struct mg_error *error)
{
    const struct mg_sheet *sheet = source->sheet;
    session->sheet = mg_arena_alloc(arena, sizeof(*session->sheet));
    session->columns = mg_arena_array(arena, sheet->n_columns, sizeof(*session->columns));
    if (!session->sheet || !session->columns)
        return mg_fail_memory(error);
    session->sheet->sheet = sheet;
    session->sheet->lang = error ? error->lang : MG_LANG_EN;
    pthread_mutex_init(&session->sheet->lock, NULL);
    if (mg_arena_defer(arena, forget_sheet, session->sheet))
        return mg_fail_memory(error);
    session->n_columns = sheet->n_columns;
    int rc = 0;
    for (size_t c = 0; c < sheet->n_columns && !rc; c++)
        rc = plan_sheet_column(arena, &session->columns[c], c, sheet->columns[c]);
    const uintmax_t address = (uintptr_t)session->sheet;
    session->from = mg_arena_printf(arena, "mg_sheet(%ju::UBIGINT, false)", address);
    session->from_ordered = mg_arena_printf(arena, "mg_sheet(%ju::UBIGINT, true)", address);
    return rc || !session->from || !session->from_ordered ? mg_fail_memory(error) : 0;
}

/* A chunk of one column is decoded as a whole; one that unpacks to more is refused, whatever is in it. */
static int check_chunks(struct mg_duck_session *session, struct mg_error *error)
{
    struct mg_duck_sql sql;
    duckdb_result result;

    mg_duck_sql_init(&sql);
    mg_duck_sql_addf(
        &sql, "SELECT coalesce(max(total_uncompressed_size), 0) FROM parquet_metadata('/proc/self/fd/%d')",
        session->fd);
    int rc = mg_duck_sql_run(&sql, session->connection, session->label, false, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    int64_t most = duckdb_value_int64(&result, 0, 0);
    duckdb_destroy_result(&result);
    if (most <= CHUNK_BYTES_MAX)
        return 0;
    mg_fail(error, MG_E_LIMIT, "%s holds more than %lld MiB of one column in one row group.", session->label,
            (long long)CHUNK_BYTES_MAX >> 20);
    mg_fail_hint(error, "Write the file again with smaller row groups, without the column of long texts.");
    return MG_E_LIMIT;
}

static int plan_parquet(struct mg_duck_session *session, struct mg_arena *arena, struct mg_error *error)
{
    char from[64];
    session->parquet = true;
    snprintf(from, sizeof(from), "read_parquet('/proc/self/fd/%d')", session->fd);
    int rc = check_chunks(session, error);
    if (!rc)
        rc = read_columns(session, arena, from, error);
    return rc ? rc : number_columns(session, arena, from, error);
}

static int table_exists(struct mg_duck_session *session, const char *table, bool *ret_exists,
                        struct mg_error *error)
{
    struct mg_duck_sql sql;
    duckdb_result result;

    mg_duck_sql_init(&sql);
    mg_duck_sql_add(
        &sql,
        "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'main' "
        "AND table_name = ");
    mg_duck_sql_bind_text(&sql, table);
    int rc = mg_duck_sql_run(&sql, session->connection, table, false, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    *ret_exists = duckdb_row_count(&result) > 0;
    duckdb_destroy_result(&result);
    return 0;
}

static bool has_column(const struct mg_duck_session *session, const char *name)
{
    for (size_t c = 0; c < session->n_columns; c++)
        if (!session->columns[c].system && mg_str_equal_nocase(session->columns[c].name, name))
            return true;
    return false;
}

static void add_empty(struct mg_buf *buf, const char *name, enum mg_column_type type)
{
    mg_buf_printf(buf, ", CAST(NULL AS %s) AS ", mg_duck_type_name(type));
    mg_duck_sql_ident(buf, name);
}

/* The table with the columns that it lacks, or an empty one in place of one that isn't there. NULL: memory is
 * out. */
static const char *complete(const struct mg_duck_session *session, struct mg_arena *arena,
                            const struct mg_source *source, const char *from)
{
    char kept[MG_COLUMN_NAME_MAX + 2];
    struct mg_buf buf;
    size_t added = 0;
    mg_buf_init(&buf, MG_DUCK_SQL_MAX);
    mg_buf_puts(&buf,
                from ? "(SELECT *" : "(SELECT CAST(NULL AS VARCHAR) AS _id, CAST(NULL AS BIGINT) AS _seq");
    for (size_t c = 0; source->columns && c < source->n_columns; c++)
        if (!from || !has_column(session, source->columns[c].name)) {
            add_empty(&buf, mg_duck_kept_name(source->columns[c].name, kept), source->columns[c].type);
            added++;
        }
    if (from)
        mg_buf_printf(&buf, " FROM %s)", from);
    else
        mg_buf_puts(&buf, " WHERE false)");
    const char *text = finish_sql(arena, &buf);
    return from && !added ? from : text;
}

static int plan_table(struct mg_duck_session *session, struct mg_arena *arena, const struct mg_source *source,
                      struct mg_error *error)
{
    struct mg_buf buf;
    bool exists = false;
    int rc = table_exists(session, source->table, &exists, error);
    if (rc || (!exists && !source->columns))
        return rc ? rc : mg_fail(error, MG_E_NOT_FOUND, "There is no table %s.", source->table);
    session->table = true;
    const char *table = NULL, *from = NULL;
    if (exists) {
        mg_buf_init(&buf, MG_DUCK_SQL_MAX);
        mg_duck_sql_ident(&buf, source->table);
        table = finish_sql(arena, &buf);
        rc = table ? read_columns(session, arena, table, error) : mg_fail_memory(error);
    }
    if (!rc) {
        from = complete(session, arena, source, table);
        rc = from ? 0 : mg_fail_memory(error);
    }
    if (!rc && from != table)
        rc = read_columns(session, arena, from, error);
    return rc ? rc : number_columns(session, arena, from, error);
}

/* Where a hash of each row's number or id comes from. All of them have one that needs no ordered scan:
 * file_row_number is there for the asking, and no numbered column can stand before it. */
static int plan_row_hash(struct mg_duck_session *session, struct mg_arena *arena, struct mg_error *error)
{
    session->from_rows = session->from;
    session->from_ordered = session->from_ordered ? session->from_ordered : session->from;
    session->row_hash = session->sheet ? "hash(row_number)" : "hash(file_row_number)";
    if (session->table) {
        size_t id = 0;
        while (id < session->n_columns &&
               !(session->columns[id].system && session->columns[id].name[1] == 'i'))
            id++;
        session->row_hash = mg_arena_printf(arena, "hash(c%zu)", id);
    }
    return session->row_hash ? 0 : mg_fail_memory(error);
}

static int plan_source(struct mg_duck_session *session, struct mg_arena *arena,
                       const struct mg_source *source, struct mg_error *error)
{
    if (source->table)
        return plan_table(session, arena, source, error);
    if (source->sheet)
        return plan_sheet(session, arena, source, error);
    int rc = open_file(source, session->label, &session->fd, error);
    return rc ? rc : plan_parquet(session, arena, error);
}

static void interrupt(void *connection)
{
    duckdb_interrupt(connection);
}

/* From here on the source's stop ends every query of the session, fetching included. */
static int obey_stop(struct mg_duck_session *session, struct mg_arena *arena, struct mg_stop *stop,
                     struct mg_error *error)
{
    if (!stop)
        return 0;
    session->hook = mg_arena_alloc(arena, sizeof(*session->hook));
    if (!session->hook)
        return mg_fail_memory(error);
    *session->hook = (struct mg_stop_hook){.interrupt = interrupt, .user = session->connection};
    session->stop = stop;
    mg_stop_enter(stop, session->hook);
    if (mg_stop_asked(stop))
        return mg_fail(error, MG_E_CANCELLED, "The analysis was stopped.");
    return 0;
}

/* Our own columns are no names that a user's could meet; mg_duck_find looks for them last. */
static int index_columns(struct mg_duck_session *session, struct mg_arena *arena)
{
    if (!mg_names_init(&session->names, arena, session->n_columns, false))
        return MG_E_NO_MEMORY;
    for (size_t c = 0; c < session->n_columns; c++) {
        const struct mg_duck_column *column = &session->columns[c];
        if (!column->name || !column->text || !column->number)
            return MG_E_NO_MEMORY;
        mg_names_add(&session->names, column->system ? "" : column->name);
    }
    return 0;
}

int mg_duck_session_open(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                         struct mg_duck_session *ret_session, struct mg_error *error)
{
    struct mg_duck_session session = {.handle = column,
                                      .column = column->parent ? column->parent : column,
                                      .fd = -1,
                                      .label = mg_duck_label(source)};
    if (!session.label || (!source->table && !source->sheet && !source->path))
        return mg_fail(error, MG_E_INVALID, "Neither a table nor a file is given.");
    int rc = mg_duck_connect(column, &session.connection, error);
    if (!rc)
        rc = obey_stop(&session, arena, source->stop, error);
    if (!rc)
        rc = plan_source(&session, arena, source, error);
    if (!rc && index_columns(&session, arena))
        rc = mg_fail_memory(error);
    if (!rc)
        rc = plan_row_hash(&session, arena, error);
    if (rc) {
        rc = mg_duck_source_failed(&session, rc, error);
        mg_duck_session_close(&session);
    } else {
        *ret_session = session;
    }
    return rc;
}

/* What the engine says of a file that it can't make sense of is the file's fault, not ours. Of our own tables
 * it says that the file of the columns is damaged: it is replaced before the next use. */
int mg_duck_source_failed(const struct mg_duck_session *session, int rc, struct mg_error *error)
{
    if (rc && session->sheet && session->sheet->failed) { /* no query of it runs any more */
        if (error)
            *error = session->sheet->why;
        return session->sheet->failed;
    }
    if (rc == MG_E_DAMAGED && session->fd < 0)
        mg_duck_note_damage(session->column, error ? error->message : "");
    if ((rc != MG_E_ENGINE && rc != MG_E_DAMAGED) || session->fd < 0)
        return rc;
    if (error && strcasestr(error->message, "encrypt")) {
        mg_fail(error, MG_E_UNSUPPORTED, "%s is encrypted.", session->label);
        mg_fail_hint(error, "Write the Parquet file again without encryption.");
        return MG_E_UNSUPPORTED;
    }
    mg_fail(error, MG_E_INVALID, "%s is no Parquet file, or it is damaged.", session->label);
    mg_fail_at(error, "%s", session->label);
    mg_fail_hint(error, "Copy or export the file again.");
    return MG_E_INVALID;
}

void mg_duck_session_close(struct mg_duck_session *session)
{
    mg_stop_leave(session->stop, session->hook);
    mg_duck_disconnect(session->handle, &session->connection);
    if (session->fd >= 0)
        close(session->fd);
    session->fd = -1;
}
