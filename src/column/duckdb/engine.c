/* Opening DuckDB and translating its errors.
 *
 * The database is opened on first use, so that a server that answers no analysis pays nothing, and locked
 * down at once: no extensions, no files but descriptors that we opened ourselves, no settings changed later.
 * Every call takes its own connection (some 40 µs); DuckDB's threads are shared by all. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "column/duckdb/duck.h"

#define THREADS_MAX 64
#define MEMORY_MB_BASE 256
#define MEMORY_MB_PER_THREAD 128

static const char lock_down[] = "SET allowed_directories = ['/proc/self/fd/'];"
                                "SET enable_external_access = false;"
                                "SET lock_configuration = true;";

static int duck_open(const char *path, int threads, struct mg_column **ret_column, struct mg_error *error)
{
    struct mg_column *column = calloc(1, sizeof(*column));
    if (!column)
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    pthread_mutex_init(&column->lock, NULL);
    pthread_mutex_init(&column->writing, NULL);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    column->threads = threads > 0 ? threads : (int)(cores > 0 ? cores : 1);
    if (column->threads > THREADS_MAX)
        column->threads = THREADS_MAX;
    if (path) {
        column->path = strdup(path);
        if (!column->path) {
            free(column);
            return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
        }
    }
    *ret_column = column;
    return 0;
}

static void duck_close(struct mg_column *column)
{
    if (!column)
        return;
    if (column->opened)
        duckdb_close(&column->database);
    pthread_mutex_destroy(&column->lock);
    pthread_mutex_destroy(&column->writing);
    free(column->path);
    free(column);
}

static bool configure(duckdb_config config, const struct mg_column *column)
{
    char threads[16], memory[32];
    snprintf(threads, sizeof(threads), "%d", column->threads);
    snprintf(memory, sizeof(memory), "%dMB", MEMORY_MB_BASE + MEMORY_MB_PER_THREAD * column->threads);
    const char *const settings[][2] = {
        {"threads", threads},
        {"memory_limit", memory},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"enable_external_file_cache", "false"},
        {"temp_directory", column->path ? NULL : ""}, /* a file's is beside it */
    };
    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        if (settings[i][1] && duckdb_set_config(config, settings[i][0], settings[i][1]) != DuckDBSuccess)
            return false;
    return true;
}

static int open_database(struct mg_column *column, struct mg_error *error)
{
    duckdb_config config = NULL;
    duckdb_connection connection = NULL;
    char *text = NULL;
    int rc;

    if (duckdb_create_config(&config) != DuckDBSuccess || !configure(config, column)) {
        rc = mg_fail(error, MG_E_ENGINE, "The analytics engine refused its settings.");
        goto out;
    }
    if (duckdb_open_ext(column->path, &column->database, config, &text) != DuckDBSuccess) {
        rc = mg_duck_fail(error, column->path ? MG_COLUMN_FILE : "memory", text ? text : "");
        goto out;
    }
    column->opened = true;
    if (duckdb_connect(column->database, &connection) != DuckDBSuccess)
        rc = mg_fail(error, MG_E_ENGINE, "The analytics engine gave no connection.");
    else
        rc = mg_duck_exec(connection, "settings", lock_down, error);
    if (!rc)
        rc = mg_duck_register_moments(column, connection, error);
out:
    duckdb_disconnect(&connection);
    if (rc && column->opened) {
        duckdb_close(&column->database);
        column->opened = false;
    }
    duckdb_free(text);
    duckdb_destroy_config(&config);
    return rc;
}

int mg_duck_connect(struct mg_column *column, duckdb_connection *ret_connection, struct mg_error *error)
{
    pthread_mutex_lock(&column->lock);
    int rc = column->opened ? 0 : open_database(column, error);
    pthread_mutex_unlock(&column->lock);
    if (rc)
        return rc;
    if (duckdb_connect(column->database, ret_connection) != DuckDBSuccess)
        return mg_fail(error, MG_E_ENGINE, "The analytics engine gave no connection.");
    return 0;
}

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
    if (strstr(text, "INTERRUPT"))
        return mg_fail(error, MG_E_CANCELLED, "The analysis was stopped.");
    if (strstr(text, "No space left"))
        return mg_fail(error, MG_E_FULL, "The disk is full.");
    return fail_other(error, label, text);
}

const struct mg_column_engine mg_column_duckdb = {
    .name = "duckdb",
    .open = duck_open,
    .close = duck_close,
    .moments = mg_duck_moments,
    .describe = mg_duck_describe,
    .columns = mg_duck_columns,
    .scan = mg_duck_scan,
    .matrix = mg_duck_matrix,
    .counts = mg_duck_counts,
    .table_ensure = mg_duck_table_ensure,
    .table_apply = mg_duck_table_apply,
    .watermark = mg_duck_watermark,
    .table_drop = mg_duck_table_drop,
};
