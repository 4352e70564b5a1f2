/* Marks: how much of the log each table holds, in the file (mg_mark, a row a table, written with the rows it
 * speaks of) and the same in memory, so that asking costs no query. Names in memory are sorted. Callers hold
 * the column's lock, or are the one that opens the file. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"

/* Files of earlier programs have no mg_state: their tables are foreign to the log and are made anew. */
static const char meta[] = "CREATE TABLE IF NOT EXISTS mg_state (identity VARCHAR NOT NULL);"
                           "INSERT INTO mg_state SELECT replace(CAST(uuid() AS VARCHAR), '-', '') WHERE NOT "
                           "EXISTS (SELECT 1 FROM mg_state);"
                           "CREATE TABLE IF NOT EXISTS mg_mark (tbl VARCHAR NOT NULL, seq BIGINT NOT NULL);"
                           "DROP TABLE IF EXISTS mg_watermark; DROP TABLE IF EXISTS mg_erased;";

void mg_duck_marks_init(struct mg_duck_marks *marks)
{
    *marks = (struct mg_duck_marks){0};
}

void mg_duck_marks_clear(struct mg_duck_marks *marks)
{
    for (size_t i = 0; i < marks->n; i++)
        free(marks->rows[i].table);
    marks->n = 0;
}

void mg_duck_marks_done(struct mg_duck_marks *marks)
{
    mg_duck_marks_clear(marks);
    free(marks->rows);
    *marks = (struct mg_duck_marks){0};
}

/* Where the table stands or would stand. */
static size_t find(const struct mg_duck_marks *marks, const char *table, bool *ret_found)
{
    size_t low = 0, high = marks->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(marks->rows[middle].table, table) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_found = low < marks->n && strcmp(marks->rows[low].table, table) == 0;
    return low;
}

int64_t mg_duck_marks_get(const struct mg_duck_marks *marks, const char *table)
{
    bool found;
    size_t at = find(marks, table, &found);
    return found ? marks->rows[at].mark : -1;
}

static bool reserve(struct mg_duck_marks *marks)
{
    if (marks->n < marks->cap)
        return true;
    size_t cap = marks->cap ? marks->cap * 2 : 64;
    struct mg_duck_mark_row *rows = realloc(marks->rows, cap * sizeof(*rows));
    if (!rows)
        return false;
    marks->rows = rows;
    marks->cap = cap;
    return true;
}

int mg_duck_marks_set(struct mg_duck_marks *marks, const char *table, int64_t mark, struct mg_error *error)
{
    bool found;
    size_t at = find(marks, table, &found);
    if (found) {
        marks->rows[at].mark = mark;
        return 0;
    }
    char *copy = reserve(marks) ? strdup(table) : NULL;
    if (!copy)
        return mg_fail_memory(error);
    memmove(&marks->rows[at + 1], &marks->rows[at], (marks->n - at) * sizeof(*marks->rows));
    marks->rows[at] = (struct mg_duck_mark_row){copy, mark};
    marks->n++;
    return 0;
}

void mg_duck_marks_remove(struct mg_duck_marks *marks, const char *table)
{
    bool found;
    size_t at = find(marks, table, &found);
    if (!found)
        return;
    free(marks->rows[at].table);
    memmove(&marks->rows[at], &marks->rows[at + 1], (marks->n - at - 1) * sizeof(*marks->rows));
    marks->n--;
}

static int load_rows(struct mg_column *column, duckdb_connection connection, struct mg_error *error)
{
    duckdb_result result = {0};
    int rc = 0;
    if (duckdb_query(connection, "SELECT tbl, max(seq) FROM mg_mark GROUP BY tbl", &result) != DuckDBSuccess)
        rc = mg_duck_fail(error, MG_DUCK_FILE_LABEL, duckdb_result_error(&result));
    for (idx_t r = 0; !rc && r < duckdb_row_count(&result); r++) {
        char *table = duckdb_value_varchar(&result, 0, r);
        rc = table ? mg_duck_marks_set(&column->marks, table, duckdb_value_int64(&result, 1, r), error)
                   : mg_fail_memory(error);
        duckdb_free(table);
    }
    duckdb_destroy_result(&result);
    return rc;
}

static int load_identity(struct mg_column *column, duckdb_connection connection, struct mg_error *error)
{
    duckdb_result result = {0};
    int rc = 0;
    if (duckdb_query(connection, "SELECT identity FROM mg_state LIMIT 1", &result) != DuckDBSuccess)
        rc = mg_duck_fail(error, MG_DUCK_FILE_LABEL, duckdb_result_error(&result));
    char *identity = rc ? NULL : duckdb_value_varchar(&result, 0, 0);
    snprintf(column->status.identity, sizeof(column->status.identity), "%s", identity ? identity : "");
    duckdb_free(identity);
    duckdb_destroy_result(&result);
    return rc;
}

int mg_duck_marks_load(struct mg_column *column, duckdb_connection connection, struct mg_error *error)
{
    int rc = mg_duck_exec(connection, MG_DUCK_FILE_LABEL, meta, error);
    if (!rc)
        rc = load_identity(column, connection, error);
    return rc ? rc : load_rows(column, connection, error);
}

int mg_duck_mark_read(duckdb_connection connection, const char *table, int64_t *ret_mark,
                      struct mg_error *error)
{
    struct mg_duck_sql sql;
    duckdb_result result;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "SELECT coalesce(max(seq), -1) FROM mg_mark WHERE tbl = ");
    mg_duck_sql_bind_text(&sql, table);
    int rc = mg_duck_sql_run(&sql, connection, MG_DUCK_FILE_LABEL, false, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    *ret_mark = duckdb_value_int64(&result, 0, 0);
    duckdb_destroy_result(&result);
    return 0;
}

static int run(duckdb_connection connection, const char *table, struct mg_duck_sql *sql,
               struct mg_error *error)
{
    duckdb_result result;
    int rc = mg_duck_sql_run(sql, connection, table, false, &result, error);
    mg_duck_sql_done(sql);
    if (!rc)
        duckdb_destroy_result(&result);
    return rc;
}

int mg_duck_mark_write(duckdb_connection connection, const char *table, int64_t mark, struct mg_error *error)
{
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "DELETE FROM mg_mark WHERE tbl = ");
    mg_duck_sql_bind_text(&sql, table);
    int rc = run(connection, table, &sql, error);
    if (rc || mark < 0)
        return rc;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "INSERT INTO mg_mark VALUES (");
    mg_duck_sql_bind_text(&sql, table);
    mg_duck_sql_addf(&sql, ", %" PRId64 ")", mark);
    return run(connection, table, &sql, error);
}
