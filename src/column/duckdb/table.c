/* Tables of the data folder: typed columns, rows replaced by id, all or nothing.
 *
 * A table has _id and _seq beside its own columns; one row an id. A batch is applied in one transaction:
 *   1. the batch's newest version of each id goes to a narrow temporary table (row, id, sequence, erase);
 *   2. ids whose table row or tombstone is as new or newer are struck from it: applying twice changes
 * nothing;
 *   3. older table rows of the remaining ids are deleted, and tombstones of erased ids are written
 * (mg_erased), so that an older version that arrives late stays out;
 *   4. the remaining versions are appended straight from memory, typed, a data chunk at a time;
 *   5. the watermark moves.
 * DuckDB's write-ahead log makes the commit durable; before it nothing is visible. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "column/duckdb/duck.h"

static const char meta[] =
    "CREATE TABLE IF NOT EXISTS mg_watermark (tbl VARCHAR NOT NULL, seq BIGINT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS mg_erased (tbl VARCHAR NOT NULL, id VARCHAR NOT NULL, seq BIGINT NOT NULL);";

static const char *const type_names[] = {
    [MG_TYPE_TEXT] = "VARCHAR",   [MG_TYPE_INTEGER] = "BIGINT",  [MG_TYPE_NUMBER] = "DOUBLE",
    [MG_TYPE_TIME] = "TIMESTAMP", [MG_TYPE_BOOLEAN] = "BOOLEAN",
};

static int run(duckdb_connection connection, const char *label, struct mg_sql *sql, struct mg_error *error)
{
    duckdb_result result;
    int rc = mg_sql_run(sql, connection, label, false, &result, error);
    mg_sql_done(sql);
    if (!rc)
        duckdb_destroy_result(&result);
    return rc;
}

/* Takes the writer's lock and a connection; `finish` gives both back. */
static int begin(struct mg_column *column, duckdb_connection *ret_connection, struct mg_error *error)
{
    int rc = mg_duck_connect(column, ret_connection, error);
    if (rc)
        return rc;
    pthread_mutex_lock(&column->writing);
    rc = mg_duck_exec(*ret_connection, "tables", meta, error);
    if (!rc)
        rc = mg_duck_exec(*ret_connection, "tables", "BEGIN", error);
    if (rc) {
        pthread_mutex_unlock(&column->writing);
        duckdb_disconnect(ret_connection);
    }
    return rc;
}

static int finish(struct mg_column *column, duckdb_connection *connection, int rc, struct mg_error *error)
{
    if (!rc)
        rc = mg_duck_exec(*connection, "tables", "COMMIT", error);
    else
        mg_duck_exec(*connection, "tables", "ROLLBACK", NULL);
    pthread_mutex_unlock(&column->writing);
    duckdb_disconnect(connection);
    return rc;
}

static int check_table_name(const char *table, struct mg_error *error)
{
    if (!table || !*table || mg_str_equal(table, "mg_watermark") || mg_str_equal(table, "mg_erased"))
        return mg_fail(error, MG_E_INVALID, "\"%s\" can't be the name of a table.", table ? table : "");
    return 0;
}

int mg_duck_table_ensure(struct mg_column *column, const char *table, const struct mg_table_column *columns,
                         size_t n, struct mg_error *error)
{
    duckdb_connection connection;
    struct mg_sql sql;
    char kept[MG_COLUMN_NAME_MAX + 2];
    int rc = check_table_name(table, error);
    if (!rc)
        rc = begin(column, &connection, error);
    if (rc)
        return rc;
    mg_sql_init(&sql);
    mg_sql_add(&sql, "CREATE TABLE IF NOT EXISTS ");
    mg_sql_ident(&sql.text, table);
    mg_sql_add(&sql, " (_id VARCHAR NOT NULL, _seq BIGINT NOT NULL)");
    rc = run(connection, table, &sql, error);
    for (size_t c = 0; c < n && !rc; c++) {
        mg_sql_init(&sql);
        mg_sql_add(&sql, "ALTER TABLE ");
        mg_sql_ident(&sql.text, table);
        mg_sql_add(&sql, " ADD COLUMN IF NOT EXISTS ");
        mg_sql_ident(&sql.text, mg_duck_kept_name(columns[c].name, kept));
        mg_sql_addf(&sql, " %s", type_names[columns[c].type]);
        rc = run(connection, table, &sql, error);
    }
    return finish(column, &connection, rc, error);
}

/* ---- Cells ---- */

/* A whole number in plain digits: nearly every cell. Everything else goes through mg_parse_double. */
static bool parse_digits(const char *text, int64_t *ret)
{
    bool negative = *text == '-';
    const char *p = text + negative;
    int64_t value = 0;
    if (!*p)
        return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (p - text > 17)
            return false;
        value = value * 10 + (*p - '0');
    }
    *ret = negative ? -value : value;
    return !*p;
}

static bool put_integer(void *data, idx_t row, const char *text)
{
    int64_t value;
    double number;
    if (!parse_digits(text, &value)) {
        if (!mg_parse_double(text, &number) || !(number > -9e18 && number < 9e18) ||
            number != (double)(int64_t)number)
            return false;
        value = (int64_t)number;
    }
    ((int64_t *)data)[row] = value;
    return true;
}

static bool put_number(void *data, idx_t row, const char *text)
{
    int64_t value;
    if (!parse_digits(text, &value))
        return mg_parse_double(text, &((double *)data)[row]);
    ((double *)data)[row] = (double)value;
    return true;
}

static bool put_time(void *data, idx_t row, const char *text)
{
    return mg_time_parse(text, &((int64_t *)data)[row]) == 0;
}

static bool put_boolean(void *data, idx_t row, const char *text)
{
    bool yes = mg_str_equal_nocase(text, "true") || mg_str_equal(text, "1");
    bool no = mg_str_equal_nocase(text, "false") || mg_str_equal(text, "0");
    ((bool *)data)[row] = yes;
    return yes || no;
}

/* What a cell of this type can't hold is missing, as it would be in a file. */
static void put_cell(duckdb_vector vector, duckdb_type type, idx_t row, const char *text)
{
    void *data = duckdb_vector_get_data(vector);
    bool fits = text;
    if (text)
        switch (type) {
        case DUCKDB_TYPE_BIGINT:
            fits = put_integer(data, row, text);
            break;
        case DUCKDB_TYPE_DOUBLE:
            fits = put_number(data, row, text);
            break;
        case DUCKDB_TYPE_TIMESTAMP:
            fits = put_time(data, row, text);
            break;
        case DUCKDB_TYPE_BOOLEAN:
            fits = put_boolean(data, row, text);
            break;
        default:
            duckdb_vector_assign_string_element(vector, row, text);
        }
    if (!fits) {
        duckdb_vector_ensure_validity_writable(vector);
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
    }
}

/* ---- Appending ---- */

struct target {
    const char *table;
    duckdb_appender appender;
    duckdb_data_chunk chunk;
    duckdb_type *types;
    size_t n_columns; /* with _id and _seq */
};

static int flush_chunk(struct target *target, size_t rows, struct mg_error *error)
{
    duckdb_data_chunk_set_size(target->chunk, rows);
    if (duckdb_append_data_chunk(target->appender, target->chunk) != DuckDBSuccess)
        return mg_duck_fail(error, target->table, duckdb_appender_error(target->appender));
    duckdb_data_chunk_reset(target->chunk);
    return 0;
}

static void put_row(struct target *target, idx_t at, const struct mg_table_row *row)
{
    put_cell(duckdb_data_chunk_get_vector(target->chunk, 0), DUCKDB_TYPE_VARCHAR, at, row->id);
    ((int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(target->chunk, 1)))[at] = row->sequence;
    for (size_t c = 2; c < target->n_columns; c++)
        put_cell(duckdb_data_chunk_get_vector(target->chunk, c), target->types[c], at, row->cells[c - 2]);
}

static int open_target(duckdb_connection connection, const char *table, const char *const *columns, size_t n,
                       struct target *ret, struct mg_error *error)
{
    char kept[MG_COLUMN_NAME_MAX + 2];
    duckdb_state state = duckdb_appender_create(connection, NULL, table, &ret->appender);
    ret->table = table;
    ret->n_columns = n + 2;
    if (state == DuckDBSuccess)
        state = duckdb_appender_add_column(ret->appender, "_id");
    if (state == DuckDBSuccess)
        state = duckdb_appender_add_column(ret->appender, "_seq");
    for (size_t c = 0; c < n && state == DuckDBSuccess; c++)
        state = duckdb_appender_add_column(ret->appender, mg_duck_kept_name(columns[c], kept));
    if (state != DuckDBSuccess)
        return mg_duck_fail(error, table, duckdb_appender_error(ret->appender));
    duckdb_logical_type *logical = calloc(n + 2, sizeof(*logical));
    ret->types = calloc(n + 2, sizeof(*ret->types));
    for (size_t c = 0; c < n + 2 && logical && ret->types; c++) {
        logical[c] = duckdb_appender_column_type(ret->appender, c);
        ret->types[c] = duckdb_get_type_id(logical[c]);
    }
    if (logical && ret->types)
        ret->chunk = duckdb_create_data_chunk(logical, n + 2);
    for (size_t c = 0; c < n + 2 && logical; c++)
        duckdb_destroy_logical_type(&logical[c]);
    free(logical);
    return ret->chunk ? 0 : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

static int close_target(struct target *target, int rc, struct mg_error *error)
{
    if (!rc && duckdb_appender_flush(target->appender) != DuckDBSuccess)
        rc = mg_duck_fail(error, target->table, duckdb_appender_error(target->appender));
    duckdb_destroy_data_chunk(&target->chunk);
    duckdb_appender_destroy(&target->appender);
    free(target->types);
    return rc;
}

/* ---- One batch ---- */

/* The newest version of each id: marks in `newest` the rows that count. Open addressing over the row numbers.
 */
static int mark_newest(const struct mg_table_row *rows, size_t n, bool *newest, struct mg_error *error)
{
    size_t size = 16;
    while (size < n * 2)
        size *= 2;
    size_t *slots = calloc(size, sizeof(*slots)); /* row + 1 */
    if (!slots)
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    for (size_t r = 0; r < n; r++) {
        uint64_t hash = 14695981039346656037u;
        for (const char *p = rows[r].id; *p; p++)
            hash = (hash ^ (unsigned char)*p) * 1099511628211u;
        size_t at = hash & (size - 1);
        while (slots[at] && strcmp(rows[slots[at] - 1].id, rows[r].id) != 0)
            at = (at + 1) & (size - 1);
        if (slots[at] && rows[slots[at] - 1].sequence > rows[r].sequence)
            continue;
        if (slots[at])
            newest[slots[at] - 1] = false;
        slots[at] = r + 1;
        newest[r] = true;
    }
    free(slots);
    return 0;
}

static int stage(duckdb_connection connection, const struct mg_table_row *rows, size_t n, const bool *newest,
                 struct mg_error *error)
{
    duckdb_appender appender = NULL;
    int rc = mg_duck_exec(
        connection, "tables",
        "CREATE OR REPLACE TEMP TABLE mg_stage (row BIGINT, id VARCHAR, seq BIGINT, erase BOOLEAN)", error);
    if (rc)
        return rc;
    duckdb_state state = duckdb_appender_create_ext(connection, "temp", "main", "mg_stage", &appender);
    for (size_t r = 0; r < n && state == DuckDBSuccess; r++) {
        if (!newest[r])
            continue;
        duckdb_append_int64(appender, (int64_t)r);
        duckdb_append_varchar(appender, rows[r].id);
        duckdb_append_int64(appender, rows[r].sequence);
        duckdb_append_bool(appender, rows[r].erase);
        state = duckdb_appender_end_row(appender);
    }
    if (state == DuckDBSuccess)
        state = duckdb_appender_flush(appender);
    if (state != DuckDBSuccess)
        rc = mg_duck_fail(error, "tables", duckdb_appender_error(appender));
    duckdb_appender_destroy(&appender);
    return rc;
}

/* Steps 2 and 3. */
static int make_room(duckdb_connection connection, const char *table, struct mg_error *error)
{
    static const char *const steps[] = {
        "DELETE FROM mg_stage USING %t t WHERE t._id = mg_stage.id AND t._seq >= mg_stage.seq",
        ("DELETE FROM mg_stage USING mg_erased e WHERE e.tbl = %n AND e.id = mg_stage.id AND e.seq >= "
         "mg_stage.seq"),
        "DELETE FROM %t USING mg_stage s WHERE %t._id = s.id",
        "DELETE FROM mg_erased USING mg_stage s WHERE mg_erased.tbl = %n AND mg_erased.id = s.id",
        "INSERT INTO mg_erased SELECT %n, id, seq FROM mg_stage WHERE erase",
    };
    struct mg_sql sql;
    int rc = 0;
    for (size_t i = 0; i < ARRAY_LEN(steps) && !rc; i++) {
        mg_sql_init(&sql);
        for (const char *p = steps[i]; *p; p++) {
            if (*p != '%')
                mg_buf_putc(&sql.text, *p);
            else if (*++p == 't')
                mg_sql_ident(&sql.text, table);
            else
                mg_sql_literal(&sql.text, table);
        }
        rc = run(connection, table, &sql, error);
    }
    return rc;
}

/* Step 4: the staged rows that are not erased, in the order of the batch. */
static int append_staged(duckdb_connection connection, struct target *target, const struct mg_table_row *rows,
                         struct mg_error *error)
{
    struct mg_sql sql;
    duckdb_result result;
    duckdb_data_chunk chunk;
    size_t filled = 0, capacity = duckdb_vector_size();

    mg_sql_init(&sql);
    mg_sql_add(&sql, "SELECT row FROM mg_stage WHERE NOT erase ORDER BY row");
    int rc = mg_sql_run(&sql, connection, target->table, false, &result, error);
    mg_sql_done(&sql);
    if (rc)
        return rc;
    while (!rc && (chunk = duckdb_fetch_chunk(result))) {
        int64_t *at = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
        for (idx_t r = 0; r < duckdb_data_chunk_get_size(chunk) && !rc; r++) {
            put_row(target, filled++, &rows[at[r]]);
            if (filled < capacity)
                continue;
            rc = flush_chunk(target, filled, error);
            filled = 0;
        }
        duckdb_destroy_data_chunk(&chunk);
    }
    if (!rc && filled)
        rc = flush_chunk(target, filled, error);
    duckdb_destroy_result(&result);
    return rc;
}

static int move_watermark(duckdb_connection connection, const char *table, int64_t watermark,
                          struct mg_error *error)
{
    struct mg_sql sql;
    mg_sql_init(&sql);
    mg_sql_add(&sql, "UPDATE mg_watermark SET seq = greatest(seq, ");
    mg_sql_addf(&sql, "%" PRId64 ") WHERE tbl = ", watermark);
    mg_sql_bind_text(&sql, table);
    int rc = run(connection, table, &sql, error);
    if (rc)
        return rc;
    mg_sql_init(&sql);
    mg_sql_addf(&sql, "INSERT INTO mg_watermark SELECT t, %" PRId64 " FROM (SELECT CAST(", watermark);
    mg_sql_bind_text(&sql, table);
    mg_sql_add(&sql, " AS VARCHAR) AS t) WHERE t NOT IN (SELECT tbl FROM mg_watermark)");
    return run(connection, table, &sql, error);
}

static int apply(duckdb_connection connection, const char *table, const char *const *columns,
                 size_t n_columns, const struct mg_table_row *rows, size_t n_rows, int64_t watermark,
                 struct mg_error *error)
{
    struct target target = {0};
    bool *newest = calloc(n_rows + 1, sizeof(*newest));
    int rc =
        newest ? mark_newest(rows, n_rows, newest, error) : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    if (!rc)
        rc = open_target(connection, table, columns, n_columns, &target, error);
    if (!rc)
        rc = stage(connection, rows, n_rows, newest, error);
    if (!rc)
        rc = make_room(connection, table, error);
    if (!rc)
        rc = append_staged(connection, &target, rows, error);
    rc = close_target(&target, rc, error);
    if (!rc)
        rc = move_watermark(connection, table, watermark, error);
    free(newest);
    return rc;
}

int mg_duck_table_apply(struct mg_column *column, const char *table, const char *const *columns,
                        size_t n_columns, const struct mg_table_row *rows, size_t n_rows, int64_t watermark,
                        struct mg_error *error)
{
    duckdb_connection connection;
    int rc = check_table_name(table, error);
    if (!rc)
        rc = begin(column, &connection, error);
    if (rc)
        return rc;
    if (n_rows)
        rc = apply(connection, table, columns, n_columns, rows, n_rows, watermark, error);
    else
        rc = move_watermark(connection, table, watermark, error);
    return finish(column, &connection, rc, error);
}

int mg_duck_watermark(struct mg_column *column, int64_t *ret_sequence, struct mg_error *error)
{
    duckdb_connection connection;
    duckdb_result result;
    struct mg_sql sql;
    int rc = begin(column, &connection, error);
    if (rc)
        return rc;
    mg_sql_init(&sql);
    mg_sql_add(&sql, "SELECT coalesce(max(seq), 0) FROM mg_watermark");
    rc = mg_sql_run(&sql, connection, "mg_watermark", false, &result, error);
    mg_sql_done(&sql);
    if (!rc) {
        *ret_sequence = duckdb_value_int64(&result, 0, 0);
        duckdb_destroy_result(&result);
    }
    return finish(column, &connection, rc, error);
}

int mg_duck_table_drop(struct mg_column *column, const char *table, struct mg_error *error)
{
    static const char *const steps[] = {"DELETE FROM mg_watermark WHERE tbl = ",
                                        "DELETE FROM mg_erased WHERE tbl = "};
    duckdb_connection connection;
    struct mg_sql sql;
    int rc = check_table_name(table, error);
    if (!rc)
        rc = begin(column, &connection, error);
    if (rc)
        return rc;
    mg_sql_init(&sql);
    mg_sql_add(&sql, "DROP TABLE IF EXISTS ");
    mg_sql_ident(&sql.text, table);
    rc = run(connection, table, &sql, error);
    for (size_t i = 0; i < ARRAY_LEN(steps) && !rc; i++) {
        mg_sql_init(&sql);
        mg_sql_add(&sql, steps[i]);
        mg_sql_bind_text(&sql, table);
        rc = run(connection, table, &sql, error);
    }
    return finish(column, &connection, rc, error);
}
