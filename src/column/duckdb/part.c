/* Parts: tables named mg_part_<name> that no source can name, filled call by call and then made visible at
 * once.
 *
 *   part_begin → part_add … → part_join     rows go over into the table, which may have others
 *                          └→ part_replace  the part takes the table's place under its name
 *
 * Each call is a transaction. A part that nobody claims stays until it is dropped. */
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

int mg_duck_part_drop(struct mg_column *column, const char *part, struct mg_error *error)
{
    struct mg_duck_write write;
    char name[NAME_MAX_BYTES + 16];
    int rc = begin(column, part, name, &write, error);
    return rc ? rc : mg_duck_write_end(&write, mg_duck_write_drop(&write, name, error), error);
}

/* ---- Becoming visible ---- */

/* The rows become those of the entry. */
static int insert_part(struct mg_duck_write *write, const char *name, struct mg_error *error)
{
    struct mg_sql sql;
    mg_sql_init(&sql);
    mg_sql_add(&sql, "INSERT INTO ");
    mg_sql_ident(&sql.text, write->table);
    mg_sql_addf(&sql, " BY NAME SELECT * REPLACE (CAST(%" PRId64 " AS BIGINT) AS _seq) FROM ", write->mark);
    mg_sql_ident(&sql.text, name);
    return mg_duck_write_run(write, &sql, error);
}

int mg_duck_part_join(struct mg_column *column, const char *part, const char *table, int64_t mark,
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
    if (mark > write.old_mark)
        rc = insert_part(&write, name, error);
    if (!rc)
        rc = mg_duck_write_drop(&write, name, error);
    return mg_duck_write_end(&write, rc, error);
}

int mg_duck_part_replace(struct mg_column *column, const char *part, const char *table, int64_t mark,
                         struct mg_error *error)
{
    struct mg_duck_write write;
    struct mg_sql sql;
    char name[NAME_MAX_BYTES + 16];
    int rc = name_of(part, name, error);
    if (!rc)
        rc = mg_duck_write_begin(column, table, &write, error);
    if (rc)
        return rc;
    write.mark = mark;
    if (mark < write.old_mark)
        return mg_duck_write_end(&write, mg_duck_write_drop(&write, name, error), error);
    rc = mg_duck_write_drop(&write, table, error);
    if (!rc) {
        mg_sql_init(&sql);
        mg_sql_add(&sql, "ALTER TABLE ");
        mg_sql_ident(&sql.text, name);
        mg_sql_add(&sql, " RENAME TO ");
        mg_sql_ident(&sql.text, table);
        rc = mg_duck_write_run(&write, &sql, error);
    }
    return mg_duck_write_end(&write, rc, error);
}

/* ---- Looking ---- */

static int ask(struct mg_column *column, struct mg_sql *sql, duckdb_connection *ret_connection,
               duckdb_result *ret_result, struct mg_error *error)
{
    int rc = mg_duck_connect(column, ret_connection, error);
    if (!rc) {
        rc = mg_sql_run(sql, *ret_connection, MG_DUCK_FILE_LABEL, false, ret_result, error);
        if (rc)
            mg_duck_disconnect(column, ret_connection);
    }
    mg_sql_done(sql);
    return rc;
}

static int part_exists(struct mg_column *column, const char *name, bool *ret_exists, struct mg_error *error)
{
    struct mg_sql sql;
    duckdb_connection connection;
    duckdb_result result;
    mg_sql_init(&sql);
    mg_sql_add(&sql,
               "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND table_name = ");
    mg_sql_bind_text(&sql, name);
    int rc = ask(column, &sql, &connection, &result, error);
    if (rc)
        return rc;
    *ret_exists = duckdb_row_count(&result) > 0;
    duckdb_destroy_result(&result);
    mg_duck_disconnect(column, &connection);
    return 0;
}

int mg_duck_part_rows(struct mg_column *column, const char *part, int64_t *ret_rows, struct mg_error *error)
{
    char name[NAME_MAX_BYTES + 16];
    struct mg_sql sql;
    duckdb_connection connection;
    duckdb_result result;
    bool exists = false;
    int rc = name_of(part, name, error);
    if (!rc)
        rc = part_exists(column, name, &exists, error);
    if (!rc && !exists)
        *ret_rows = -1;
    if (rc || !exists)
        return rc;
    mg_sql_init(&sql);
    mg_sql_add(&sql, "SELECT count(*) FROM ");
    mg_sql_ident(&sql.text, name);
    rc = ask(column, &sql, &connection, &result, error);
    if (rc)
        return rc;
    *ret_rows = duckdb_value_int64(&result, 0, 0);
    duckdb_destroy_result(&result);
    mg_duck_disconnect(column, &connection);
    return 0;
}

int mg_duck_part_list(struct mg_column *column, struct mg_arena *arena, const char ***ret_parts,
                      size_t *ret_n, struct mg_error *error)
{
    struct mg_sql sql;
    duckdb_connection connection;
    duckdb_result result;
    mg_sql_init(&sql);
    mg_sql_add(&sql, "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
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
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    *ret_parts = parts;
    *ret_n = n;
    return 0;
}
