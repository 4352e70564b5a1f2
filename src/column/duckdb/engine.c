/* The engine's table of functions, and the translation of its errors. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"

int mg_duck_exec(duckdb_connection connection, const char *label, const char *sql, struct mg_error *error)
{
    duckdb_result result = {0};
    int rc = 0;
    if (duckdb_query(connection, sql, &result) != DuckDBSuccess)
        rc = mg_duck_fail(error, label, duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return rc;
}

/* ---- Errors ---- */

static long number_after(const char *text, const char *mark)
{
    const char *at = strstr(text, mark);
    return at ? strtol(at + strlen(mark), NULL, 10) : 0;
}

static int fail_csv(struct mg_error *error, const char *label, const char *text)
{
    long line = number_after(text, "CSV Error on Line:");
    long expected = number_after(text, "Expected Number of Columns:"), found = number_after(text, "Found:");

    if (strstr(text, "Expected Number of Columns:"))
        mg_fail(error, MG_E_INVALID, "Line %ld has %ld cells where the header has %ld.", line, found,
                expected);
    else if (strstr(text, "nterminated quote"))
        mg_fail(error, MG_E_INVALID, "The quoted cell on line %ld is never closed.", line);
    else if (strstr(text, "nvalid unicode") || strstr(text, "not utf-8"))
        mg_fail(error, MG_E_INVALID, "Line %ld is not UTF-8 text.", line);
    else if (strstr(text, "Maximum line size"))
        mg_fail(error, MG_E_LIMIT, "Line %ld is longer than the 2 MB allowed.", line);
    else
        mg_fail(error, MG_E_INVALID, "Line %ld can't be read as CSV.", line);
    mg_fail_at(error, "%s:%ld", label, line);
    mg_fail_hint(error, "Check the delimiter and the quotes on that line.");
    return error ? error->code : MG_E_INVALID;
}

/* Paths of this machine become "…": they are nobody's business but the operator's, who knows them. */
static void hide_paths(char *line)
{
    for (char *p = line; (p = strchr(p, '/'));) {
        size_t n = strcspn(p, " \"'\n");
        if ((p > line && !strchr(" \"'(", p[-1])) || n < 3) {
            p += n;
            continue;
        }
        memcpy(p, "…", 3);
        memmove(p + 3, p + n, strlen(p + n) + 1);
        p += 3;
    }
}

/* The engine's own first line, without its kind. */
static int fail_other(struct mg_error *error, const char *label, const char *text)
{
    char line[240];
    const char *colon = strstr(text, "Error: ");
    snprintf(line, sizeof(line), "%s", colon ? colon + 7 : text);
    line[strcspn(line, "\n")] = '\0';
    hide_paths(line);
    mg_fail(error, MG_E_ENGINE, "The analytics engine could not read %s: %s", label, line);
    return MG_E_ENGINE;
}

int mg_duck_fail(struct mg_error *error, const char *label, const char *text)
{
    text = text ? text : "";
    if (strstr(text, "CSV Error on Line:"))
        return fail_csv(error, label, text);
    if (strstr(text, "Out of Memory Error"))
        return mg_fail(error, MG_E_NO_MEMORY, "The analysis of %s needs more memory than allowed.", label);
    if (strstr(text, "Corrupt database") || strstr(text, "checksum"))
        return mg_fail(error, MG_E_DAMAGED, "The file of the columns is damaged; it is being made anew.");
    if (strstr(text, "INTERRUPT"))
        return mg_fail(error, MG_E_CANCELLED, "The analysis was stopped.");
    if (strstr(text, "Disk quota exceeded") || strstr(text, "No space left") ||
        strstr(text, "Could not write all bytes"))
        return mg_fail(error, MG_E_FULL, "The disk is full.");
    if (strstr(text, "has been invalidated") || strstr(text, "Could not write") ||
        strstr(text, "Could not sync"))
        return mg_fail(error, MG_E_IO, "The file of the columns could not be written.");
    return fail_other(error, label, text);
}

int mg_duck_memory(struct mg_column *column, int64_t *ret_bytes, struct mg_error *error)
{
    duckdb_connection connection;
    duckdb_result result;
    int rc = mg_duck_connect(column, &connection, error);
    if (rc)
        return rc;
    if (duckdb_query(connection, "SELECT sum(memory_usage_bytes) FROM duckdb_memory()", &result) ==
        DuckDBSuccess)
        *ret_bytes = duckdb_value_int64(&result, 0, 0);
    else
        rc = mg_duck_fail(error, MG_DUCK_FILE_LABEL, duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    mg_duck_disconnect(column, &connection);
    return rc;
}

const struct mg_column_engine mg_column_duckdb = {
    .name = "duckdb",
    .open = mg_duck_open,
    .close = mg_duck_close,
    .snapshot = mg_duck_snapshot,
    .parquet = mg_duck_parquet,
    .parquet_read = mg_duck_parquet_read,
    .moments = mg_duck_moments,
    .describe = mg_duck_describe,
    .distinct = mg_duck_distinct,
    .names = mg_duck_names,
    .scan = mg_duck_scan,
    .matrix = mg_duck_matrix,
    .counts = mg_duck_counts,
    .values = mg_duck_values,
    .hits = mg_duck_hits,
    .weights = mg_duck_weights,
    .repeats = mg_duck_repeats,
    .table_ensure = mg_duck_table_ensure,
    .table_apply = mg_duck_table_apply,
    .table_remove = mg_duck_table_remove,
    .table_drop = mg_duck_table_drop,
    .table_mark = mg_duck_mark,
    .part_begin = mg_duck_part_begin,
    .part_add = mg_duck_part_add,
    .part_open = mg_duck_part_open,
    .part_put = mg_duck_part_put,
    .part_close = mg_duck_part_close,
    .part_rows = mg_duck_part_rows,
    .part_join = mg_duck_part_join,
    .part_replace = mg_duck_part_replace,
    .part_drop = mg_duck_part_drop,
    .part_list = mg_duck_part_list,
    .status = mg_duck_status,
    .memory = mg_duck_memory,
    .examine = mg_duck_examine,
};
