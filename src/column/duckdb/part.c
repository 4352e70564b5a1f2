/* Parts: tables named mg_part_<name> that no source can name, filled call by call and then made visible at
 * once.
 *
 *   part_begin → part_add … → part_join     rows go over into the table, or, where these are the fewer, the
 * table's │                into the part, which takes its place └→ part_replace  the part takes the table's
 * place under its name
 *
 * Each call is a transaction. A part that nobody claims stays until it is dropped.
 *
 * What is written with mg_duck_part_open is transactions of many batches: of more than one of the engine's
 * row groups, which then go to the file as they are to stay, not to its log first. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/write.h"

#define PREFIX "mg_part_"
#define NAME_MAX_BYTES 100

static int name_of(const char *part, char ret_name[NAME_MAX_BYTES + 16], struct mg_error *error)
{
    int n = snprintf(ret_name, NAME_MAX_BYTES + 16, PREFIX "%s", part);
    return n > 0 && n < NAME_MAX_BYTES + 16 ? 0
                                            : mg_fail(error, MG_E_INVALID, "The name of a part is too long.");
}

/* Like mg_duck_write_begin, for a part alone: its lock is that of a table with the part's plain name. */
static int begin(struct mg_column *column, const char *part, char ret_name[NAME_MAX_BYTES + 16],
                 struct mg_duck_write *ret_write, struct mg_error *error)
{
    int rc = name_of(part, ret_name, error);
    return rc ? rc : mg_duck_write_begin(column, part, ret_write, error);
}

int mg_duck_part_begin(struct mg_column *column, const char *part, const struct mg_table_column *columns,
                       size_t n, struct mg_error *error)
{
    struct mg_duck_write write;
    char name[NAME_MAX_BYTES + 16];
    int rc = begin(column, part, name, &write, error);
    if (rc)
        return rc;
    rc = mg_duck_write_drop(&write, name, error);
    if (!rc)
        rc = mg_duck_write_create(&write, name, columns, n, error);
    return mg_duck_write_end(&write, rc, error);
}

int mg_duck_part_add(struct mg_column *column, const char *part, const struct mg_table_batch *batch,
                     struct mg_error *error)
{
    struct mg_duck_write write;
    char name[NAME_MAX_BYTES + 16];
    int rc = begin(column, part, name, &write, error);
    if (rc)
        return rc;
    struct mg_duck_target *target = NULL;
    rc = mg_duck_append_open(write.connection, name, batch, &target, error);
    write.touched = rc == 0;
    if (!rc)
        rc = mg_duck_append_rows(target, batch, NULL, batch->n_rows, error);
    return mg_duck_write_end(&write, mg_duck_append_close(target, rc, error), error);
}

/* ---- Many rows ---- */

#define ROW_GROUP 122880 /* rows, the engine's */
#define COMMIT_ROWS ((size_t)2 * ROW_GROUP)
#define FLUSH_ROWS ((size_t)16384) /* until then the appender keeps them in memory */

struct mg_part_writer {
    struct mg_column *column;
    char part[NAME_MAX_BYTES + 16], name[NAME_MAX_BYTES + 16]; /* of the part; of its table */
    struct mg_duck_write write;
    struct mg_duck_target *target; /* NULL: no transaction is open */
    size_t n, unflushed;           /* rows of the transaction */
};

int mg_duck_part_open(struct mg_column *column, const char *part, struct mg_part_writer **ret_writer,
                      struct mg_error *error)
{
    struct mg_part_writer *writer = calloc(1, sizeof(*writer));
    if (!writer)
        return mg_fail_memory(error);
    int rc = name_of(part, writer->name, error);
    if (rc) {
        free(writer);
        return rc;
    }
    snprintf(writer->part, sizeof(writer->part), "%s", part);
    writer->column = column;
    *ret_writer = writer;
    return 0;
}

static int commit(struct mg_part_writer *writer, int rc, struct mg_error *error)
{
    rc = mg_duck_append_close(writer->target, rc, error);
    writer->target = NULL;
    writer->n = writer->unflushed = 0;
    return mg_duck_write_end(&writer->write, rc, error);
}

static int begin_many(struct mg_part_writer *writer, const struct mg_table_batch *batch,
                      struct mg_error *error)
{
    int rc = mg_duck_write_begin(writer->column, writer->part, &writer->write, error);
    if (rc)
        return rc;
    rc = mg_duck_append_open(writer->write.connection, writer->name, batch, &writer->target, error);
    writer->write.touched = rc == 0;
    return rc ? mg_duck_write_end(&writer->write, rc, error) : 0;
}

int mg_duck_part_put(struct mg_part_writer *writer, const struct mg_table_batch *batch,
                     struct mg_error *error)
{
    int rc = writer->target ? 0 : begin_many(writer, batch, error);
    if (rc)
        return rc;
    rc = mg_duck_append_rows(writer->target, batch, NULL, batch->n_rows, error);
    writer->n += batch->n_rows;
    writer->unflushed += batch->n_rows;
    if (!rc && writer->unflushed >= FLUSH_ROWS) {
        rc = mg_duck_append_flush(writer->target, error);
        writer->unflushed = 0;
    }
    return rc || writer->n >= COMMIT_ROWS ? commit(writer, rc, error) : 0;
}

int mg_duck_part_close(struct mg_part_writer *writer, int rc, struct mg_error *error)
{
    if (writer && writer->target)
        rc = commit(writer, rc, error);
    free(writer);
    return rc;
}

int mg_duck_part_drop(struct mg_column *column, const char *part, struct mg_error *error)
{
    struct mg_duck_write write;
    char name[NAME_MAX_BYTES + 16];
    int rc = begin(column, part, name, &write, error);
    return rc ? rc : mg_duck_write_end(&write, mg_duck_write_drop(&write, name, error), error);
}

/* ---- Becoming visible ---- */

/* Copies rows into a table that has their columns; `mark`: their sequence from now on, or −1. */
static int copy_rows(struct mg_duck_write *write, const char *from, const char *to, int64_t mark,
                     struct mg_error *error)
{
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "INSERT INTO ");
    mg_duck_sql_ident(&sql.text, to);
    mg_duck_sql_add(&sql, " BY NAME SELECT *");
    if (mark >= 0)
        mg_duck_sql_addf(&sql, " REPLACE (CAST(%" PRId64 " AS BIGINT) AS _seq)", mark);
    mg_duck_sql_add(&sql, " FROM ");
    mg_duck_sql_ident(&sql.text, from);
    return mg_duck_write_run(write, &sql, error);
}

static int set_sequence(struct mg_duck_write *write, const char *table, int64_t mark, struct mg_error *error)
{
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "ALTER TABLE ");
    mg_duck_sql_ident(&sql.text, table);
    mg_duck_sql_addf(&sql, " ALTER _seq SET DATA TYPE BIGINT USING %" PRId64, mark);
    return mg_duck_write_run(write, &sql, error);
}

/* The part takes the table's name, and its place if it is there. */
static int take_place(struct mg_duck_write *write, const char *name, struct mg_error *error)
{
    struct mg_duck_sql sql;
    int rc = mg_duck_write_drop(write, write->table, error);
    if (rc)
        return rc;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "ALTER TABLE ");
    mg_duck_sql_ident(&sql.text, name);
    mg_duck_sql_add(&sql, " RENAME TO ");
    mg_duck_sql_ident(&sql.text, write->table);
    return mg_duck_write_run(write, &sql, error);
}

/* One number. Frees the statement. */
static int ask_number(struct mg_duck_write *write, struct mg_duck_sql *sql, int64_t *ret,
                      struct mg_error *error)
{
    duckdb_result result;
    int rc = mg_duck_sql_run(sql, write->connection, write->table, false, &result, error);
    mg_duck_sql_done(sql);
    if (rc)
        return rc;
    *ret = duckdb_value_int64(&result, 0, 0);
    duckdb_destroy_result(&result);
    return 0;
}

static int count_rows(struct mg_duck_write *write, const char *table, int64_t *ret, struct mg_error *error)
{
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "SELECT count(*) FROM ");
    mg_duck_sql_ident(&sql.text, table);
    return ask_number(write, &sql, ret, error);
}

/* The table's columns that the part lacks, or has with another type. */
static int count_lacking(struct mg_duck_write *write, const char *name, int64_t *ret, struct mg_error *error)
{
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "SELECT count(*) FROM (SELECT lower(column_name), column_type FROM (DESCRIBE ");
    mg_duck_sql_ident(&sql.text, write->table);
    mg_duck_sql_add(&sql, ") EXCEPT SELECT lower(column_name), column_type FROM (DESCRIBE ");
    mg_duck_sql_ident(&sql.text, name);
    mg_duck_sql_add(&sql, "))");
    return ask_number(write, &sql, ret, error);
}

/* The fewer rows go over to the more: a million that join a thousand take no longer than the thousand. */
static int join(struct mg_duck_write *write, const char *name, struct mg_error *error)
{
    int64_t has = 0, comes = 0, lacking = 0;
    int rc = count_rows(write, write->table, &has, error);
    if (!rc)
        rc = count_rows(write, name, &comes, error);
    if (!rc && comes > has)
        rc = count_lacking(write, name, &lacking, error);
    if (rc)
        return rc;
    if (comes <= has || lacking > 0) {
        rc = copy_rows(write, name, write->table, write->mark, error);
        return rc ? rc : mg_duck_write_drop(write, name, error);
    }
    rc = set_sequence(write, name, write->mark, error);
    if (!rc && has)
        rc = copy_rows(write, write->table, name, -1, error);
    return rc ? rc : take_place(write, name, error);
}

/* Rows whose ids are in a part. */
static int delete_ids(struct mg_duck_write *write, const char *from, struct mg_error *error)
{
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "DELETE FROM ");
    mg_duck_sql_ident(&sql.text, write->table);
    mg_duck_sql_add(&sql, " WHERE _id IN (SELECT _id FROM ");
    mg_duck_sql_ident(&sql.text, from);
    mg_duck_sql_add(&sql, ")");
    return mg_duck_write_run(write, &sql, error);
}

int mg_duck_delete_where(struct mg_duck_write *write, const char *name, const char *value,
                         struct mg_error *error)
{
    struct mg_duck_sql sql;
    char kept[MG_COLUMN_NAME_MAX + 2];
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "DELETE FROM ");
    mg_duck_sql_ident(&sql.text, write->table);
    mg_duck_sql_add(&sql, " WHERE ");
    mg_duck_sql_ident(&sql.text, mg_duck_kept_name(name, kept));
    mg_duck_sql_add(&sql, " = ");
    mg_duck_sql_bind_text(&sql, value);
    return mg_duck_write_run(write, &sql, error);
}

static int leave(struct mg_duck_write *write, const char *name, const char *gone,
                 const struct mg_table_leaving *leaving, struct mg_error *error)
{
    int rc = leaving->name ? mg_duck_delete_where(write, leaving->name, leaving->value, error) : 0;
    if (!rc && leaving->part)
        rc = delete_ids(write, gone, error);
    return rc || !leaving->own ? rc : delete_ids(write, name, error);
}

/* The rows go over into the table that others have left. */
static int change_places(struct mg_duck_write *write, const char *name, const char *gone,
                         const struct mg_table_leaving *leaving, struct mg_error *error)
{
    int rc = leave(write, name, gone, leaving, error);
    return rc ? rc : copy_rows(write, name, write->table, write->mark, error);
}

int mg_duck_part_join(struct mg_column *column, const char *part, const char *table,
                      const struct mg_table_leaving *leaving, int64_t mark, struct mg_error *error)
{
    struct mg_duck_write write;
    char name[NAME_MAX_BYTES + 16], gone[NAME_MAX_BYTES + 16] = "";
    int rc = name_of(part, name, error);
    if (!rc && leaving && leaving->part)
        rc = name_of(leaving->part, gone, error);
    if (!rc)
        rc = mg_duck_write_begin(column, table, &write, error);
    if (rc)
        return rc;
    write.mark = mark;
    bool comes = mark > write.old_mark;
    if (comes && !leaving)
        rc = join(&write, name, error);
    else if (comes)
        rc = change_places(&write, name, gone, leaving, error);
    if (!rc && (!comes || leaving))
        rc = mg_duck_write_drop(&write, name, error);
    if (!rc && *gone)
        rc = mg_duck_write_drop(&write, gone, error);
    return mg_duck_write_end(&write, rc, error);
}

int mg_duck_part_replace(struct mg_column *column, const char *part, const char *table, int64_t mark,
                         struct mg_error *error)
{
    struct mg_duck_write write;
    char name[NAME_MAX_BYTES + 16];
    int rc = name_of(part, name, error);
    if (!rc)
        rc = mg_duck_write_begin(column, table, &write, error);
    if (rc)
        return rc;
    write.mark = mark;
    if (mark < write.old_mark)
        return mg_duck_write_end(&write, mg_duck_write_drop(&write, name, error), error);
    return mg_duck_write_end(&write, take_place(&write, name, error), error);
}

/* ---- Looking ---- */

static int ask(struct mg_column *column, struct mg_duck_sql *sql, duckdb_connection *ret_connection,
               duckdb_result *ret_result, struct mg_error *error)
{
    int rc = mg_duck_connect(column, ret_connection, error);
    if (!rc) {
        rc = mg_duck_sql_run(sql, *ret_connection, MG_DUCK_FILE_LABEL, false, ret_result, error);
        if (rc)
            mg_duck_disconnect(column, ret_connection);
    }
    mg_duck_sql_done(sql);
    return rc;
}

/* Asked straight, since looking the part up among all tables takes time with their number. */
int mg_duck_part_rows(struct mg_column *column, const char *part, int64_t sequence, int64_t *ret_rows,
                      struct mg_error *error)
{
    char name[NAME_MAX_BYTES + 16];
    struct mg_buf sql;
    duckdb_connection connection;
    duckdb_result result = {0};
    int rc = name_of(part, name, error);
    if (!rc)
        rc = mg_duck_connect(column, &connection, error);
    if (rc)
        return rc;
    mg_buf_init(&sql, MG_DUCK_SQL_MAX);
    mg_buf_puts(&sql, "SELECT count(*) FROM ");
    mg_duck_sql_ident(&sql, name);
    mg_buf_printf(&sql, " WHERE _seq = %" PRId64, sequence);
    if (sql.failed)
        rc = mg_fail_memory(error);
    else if (duckdb_query(connection, sql.data, &result) == DuckDBSuccess)
        *ret_rows = duckdb_value_int64(&result, 0, 0);
    else if (duckdb_result_error_type(&result) == DUCKDB_ERROR_CATALOG)
        *ret_rows = -1;
    else
        rc = mg_duck_fail(error, MG_DUCK_FILE_LABEL, duckdb_result_error(&result));
    mg_buf_done(&sql);
    duckdb_destroy_result(&result);
    mg_duck_disconnect(column, &connection);
    return rc;
}

int mg_duck_part_list(struct mg_column *column, struct mg_arena *arena, const char ***ret_parts,
                      size_t *ret_n, struct mg_error *error)
{
    struct mg_duck_sql sql;
    duckdb_connection connection;
    duckdb_result result;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
                          "AND starts_with(table_name, '" PREFIX "') ORDER BY table_name");
    int rc = ask(column, &sql, &connection, &result, error);
    if (rc)
        return rc;
    size_t n = duckdb_row_count(&result);
    const char **parts = mg_arena_array(arena, n, sizeof(*parts));
    for (size_t i = 0; i < n && parts; i++) {
        char *name = duckdb_value_varchar(&result, 0, i);
        parts[i] = name ? mg_arena_strdup(arena, name + strlen(PREFIX)) : NULL;
        duckdb_free(name);
        if (!parts[i])
            parts = NULL;
    }
    duckdb_destroy_result(&result);
    mg_duck_disconnect(column, &connection);
    if (!parts)
        return mg_fail_memory(error);
    *ret_parts = parts;
    *ret_n = n;
    return 0;
}
