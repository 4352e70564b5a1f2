/* Tables of the data folder: typed columns, rows replaced by id, all or nothing.
 *
 * A table has _id and _seq beside its own columns; one row an id; and a mark (mark.c). A batch is applied in
 * one transaction:
 *   1. rows that the mark covers, and all but the newest version of each id, are left out;
 *   2. the ids of the rest go to a temporary table, and rows of the table with those ids are deleted;
 *   3. what isn't an erasure is appended straight from memory;
 *   4. the mark moves.
 * DuckDB's write-ahead log makes the commit durable; before it nothing is visible. A transaction that fails
 * leaves the file doubtful (open.c), unless the failure was found before anything was written. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "column/duckdb/write.h"

const char *mg_duck_type_name(enum mg_column_type type)
{
    static const char *const names[] = {
        [MG_TYPE_TEXT] = "VARCHAR",   [MG_TYPE_INTEGER] = "BIGINT",  [MG_TYPE_NUMBER] = "DOUBLE",
        [MG_TYPE_TIME] = "TIMESTAMP", [MG_TYPE_BOOLEAN] = "BOOLEAN",
    };
    return names[type];
}

/* ---- Transactions ---- */

static bool is_written(const struct mg_column *column, const char *table)
{
    for (const struct mg_duck_write *w = column->writes; w; w = w->next)
        if (mg_str_equal_nocase(w->table, table))
            return true;
    return false;
}

/* One write a table at a time: waits for its turn. */
static void take_turn(struct mg_duck_write *write)
{
    struct mg_column *column = write->column;
    pthread_mutex_lock(&column->lock);
    while (is_written(column, write->table))
        pthread_cond_wait(&column->left, &column->lock);
    write->next = column->writes;
    column->writes = write;
    pthread_mutex_unlock(&column->lock);
}

static void end_turn(struct mg_duck_write *write)
{
    struct mg_column *column = write->column;
    pthread_mutex_lock(&column->lock);
    struct mg_duck_write **at = &column->writes;
    while (*at != write)
        at = &(*at)->next;
    *at = write->next;
    pthread_cond_broadcast(&column->left);
    pthread_mutex_unlock(&column->lock);
}

int mg_duck_write_begin(struct mg_column *column, const char *table, struct mg_duck_write *ret,
                        struct mg_error *error)
{
    *ret = (struct mg_duck_write){.column = column, .table = table, .mark = -1, .old_mark = -1};
    if (!table || !*table || strncmp(table, "mg_", 3) == 0)
        return mg_fail(error, MG_E_INVALID, "\"%s\" can't be the name of a table.", table ? table : "");
    take_turn(ret);
    int rc = mg_duck_connect(column, &ret->connection, error);
    if (!rc)
        rc = mg_duck_exec(ret->connection, table, "BEGIN", error);
    if (rc) {
        mg_duck_disconnect(column, &ret->connection);
        end_turn(ret);
        return rc;
    }
    pthread_mutex_lock(&column->lock);
    ret->old_mark = mg_duck_marks_get(&column->marks, table);
    pthread_mutex_unlock(&column->lock);
    return 0;
}

/* What the memory holds of the mark follows the commit. */
static int keep_mark(struct mg_duck_write *write, struct mg_error *error)
{
    struct mg_column *column = write->column;
    int rc = 0;
    pthread_mutex_lock(&column->lock);
    if (write->drop)
        mg_duck_marks_remove(&column->marks, write->table);
    else if (write->mark > write->old_mark)
        rc = mg_duck_marks_set(&column->marks, write->table, write->mark, error);
    pthread_mutex_unlock(&column->lock);
    return rc;
}

int mg_duck_write_end(struct mg_duck_write *write, int rc, struct mg_error *error)
{
    if (!rc && (write->drop || write->mark > write->old_mark)) {
        write->touched = true;
        rc = mg_duck_mark_write(write->connection, write->table, write->drop ? -1 : write->mark, error);
    }
    if (!rc)
        rc = mg_duck_exec(write->connection, write->table, "COMMIT", error);
    else
        mg_ignore(mg_duck_exec(write->connection, write->table, "ROLLBACK", NULL));
    if (!rc)
        rc = keep_mark(write, error);
    if (rc == MG_E_DAMAGED)
        mg_duck_note_damage(write->column, error ? error->message : "");
    else if (rc && write->touched)
        mg_duck_doubt(write->column);
    mg_duck_disconnect(write->column, &write->connection);
    end_turn(write);
    return rc;
}

int mg_duck_write_run(struct mg_duck_write *write, struct mg_duck_sql *sql, struct mg_error *error)
{
    duckdb_result result;
    write->touched = true;
    int rc = mg_duck_sql_run(sql, write->connection, write->table, false, &result, error);
    mg_duck_sql_done(sql);
    if (!rc)
        duckdb_destroy_result(&result);
    return rc;
}

/* ---- Shape ---- */

int mg_duck_write_create(struct mg_duck_write *write, const char *table,
                         const struct mg_table_column *columns, size_t n, struct mg_error *error)
{
    struct mg_duck_sql sql;
    char kept[MG_COLUMN_NAME_MAX + 2];
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "CREATE TABLE IF NOT EXISTS ");
    mg_duck_sql_ident(&sql.text, table);
    mg_duck_sql_add(&sql, " (_id VARCHAR NOT NULL, _seq BIGINT NOT NULL");
    for (size_t c = 0; c < n; c++) {
        mg_duck_sql_add(&sql, ", ");
        mg_duck_sql_ident(&sql.text, mg_duck_kept_name(columns[c].name, kept));
        mg_duck_sql_addf(&sql, " %s", mg_duck_type_name(columns[c].type));
    }
    mg_duck_sql_add(&sql, ")");
    return mg_duck_write_run(write, &sql, error);
}

static int add_column(struct mg_duck_write *write, const struct mg_table_column *column,
                      struct mg_error *error)
{
    struct mg_duck_sql sql;
    char kept[MG_COLUMN_NAME_MAX + 2];
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "ALTER TABLE ");
    mg_duck_sql_ident(&sql.text, write->table);
    mg_duck_sql_add(&sql, " ADD COLUMN IF NOT EXISTS ");
    mg_duck_sql_ident(&sql.text, mg_duck_kept_name(column->name, kept));
    mg_duck_sql_addf(&sql, " %s", mg_duck_type_name(column->type));
    return mg_duck_write_run(write, &sql, error);
}

int mg_duck_table_ensure(struct mg_column *column, const char *table, const struct mg_table_column *columns,
                         size_t n, struct mg_error *error)
{
    struct mg_duck_write write;
    int rc = mg_duck_write_begin(column, table, &write, error);
    if (rc)
        return rc;
    if (write.old_mark < 0) {
        write.mark = 0;
        rc = mg_duck_write_create(&write, table, columns, n, error);
    }
    for (size_t c = 0; c < n && !rc && write.old_mark >= 0; c++)
        rc = add_column(&write, &columns[c], error);
    return mg_duck_write_end(&write, rc, error);
}

int mg_duck_table_drop(struct mg_column *column, const char *table, struct mg_error *error)
{
    struct mg_duck_write write;
    int rc = mg_duck_write_begin(column, table, &write, error);
    if (rc)
        return rc;
    write.drop = true;
    return mg_duck_write_end(&write, mg_duck_write_drop(&write, table, error), error);
}

int mg_duck_write_drop(struct mg_duck_write *write, const char *table, struct mg_error *error)
{
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "DROP TABLE IF EXISTS ");
    mg_duck_sql_ident(&sql.text, table);
    return mg_duck_write_run(write, &sql, error);
}

/* ---- One batch ---- */

/* The newest version of each id: marks in `newest` the rows that count, beyond `mark`. Open addressing over
 * the row numbers.
 */
static int mark_newest(const struct mg_table_row *rows, size_t n, int64_t mark, bool *newest,
                       struct mg_error *error)
{
    size_t size = 16;
    while (size < n * 2)
        size *= 2;
    size_t *slots = calloc(size, sizeof(*slots)); /* row + 1 */
    if (!slots)
        return mg_fail_memory(error);
    for (size_t r = 0; r < n; r++) {
        if (rows[r].sequence <= mark)
            continue;
        size_t at = mg_hash_text(MG_HASH_START, rows[r].id) & (size - 1);
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

/* Step 2. Without rows in the table there is nothing to make room for. */
static int make_room(struct mg_duck_write *write, const struct mg_table_row *rows, size_t n,
                     const bool *newest, struct mg_error *error)
{
    duckdb_appender appender = NULL;
    struct mg_duck_sql sql;
    write->touched = true;
    int rc = mg_duck_exec(write->connection, write->table,
                          "CREATE OR REPLACE TEMP TABLE mg_stage (id VARCHAR)", error);
    if (rc)
        return rc;
    duckdb_state state = duckdb_appender_create_ext(write->connection, "temp", "main", "mg_stage", &appender);
    for (size_t r = 0; r < n && state == DuckDBSuccess; r++)
        if (newest[r]) {
            duckdb_append_varchar(appender, rows[r].id);
            state = duckdb_appender_end_row(appender);
        }
    if (state == DuckDBSuccess)
        state = duckdb_appender_flush(appender);
    if (state != DuckDBSuccess)
        rc = mg_duck_fail(error, write->table, duckdb_appender_error(appender));
    duckdb_appender_destroy(&appender);
    if (rc)
        return rc;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "DELETE FROM ");
    mg_duck_sql_ident(&sql.text, write->table);
    mg_duck_sql_add(&sql, " WHERE _id IN (SELECT id FROM mg_stage)");
    return mg_duck_write_run(write, &sql, error);
}

static int apply_rows(struct mg_duck_write *write, const struct mg_table_batch *batch, bool *newest,
                      size_t *order, struct mg_error *error)
{
    size_t n = 0, n_kept = 0;
    int rc = mark_newest(batch->rows, batch->n_rows, write->old_mark, newest, error);
    for (size_t r = 0; r < batch->n_rows && !rc; r++) {
        n += newest[r];
        if (newest[r] && !batch->rows[r].erase)
            order[n_kept++] = r;
    }
    struct mg_duck_target *target = NULL;
    if (!rc && n_kept)
        rc = mg_duck_append_open(write->connection, write->table, batch, &target, error);
    if (!rc && n)
        rc = make_room(write, batch->rows, batch->n_rows, newest, error);
    if (!rc && n_kept)
        rc = mg_duck_append_rows(target, batch, order, n_kept, error);
    return mg_duck_append_close(target, rc, error);
}

int mg_duck_table_apply(struct mg_column *column, const char *table, const struct mg_table_batch *batch,
                        int64_t mark, struct mg_error *error)
{
    struct mg_duck_write write;
    bool *newest = calloc(batch->n_rows + 1, sizeof(*newest));
    size_t *order = calloc(batch->n_rows + 1, sizeof(*order));
    int rc = newest && order ? 0 : mg_fail_memory(error);
    if (!rc)
        rc = mg_duck_write_begin(column, table, &write, error);
    if (!rc) {
        write.mark = mark;
        if (mark > write.old_mark)
            rc = apply_rows(&write, batch, newest, order, error);
        rc = mg_duck_write_end(&write, rc, error);
    }
    free(newest);
    free(order);
    return rc;
}

int mg_duck_table_remove(struct mg_column *column, const char *table, const char *name, const char *value,
                         int64_t mark, struct mg_error *error)
{
    struct mg_duck_write write;
    int rc = mg_duck_write_begin(column, table, &write, error);
    if (rc)
        return rc;
    write.mark = mark;
    if (mark > write.old_mark)
        rc = mg_duck_delete_where(&write, name, value, error);
    return mg_duck_write_end(&write, rc, error);
}
