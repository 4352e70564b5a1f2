/* Whether a file of columns is sound: opened for reading only, then each table is read whole, which checks
 * the sums that DuckDB keeps of its blocks. */
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"

static int open_read_only(const char *path, duckdb_database *ret_database, struct mg_error *error)
{
    duckdb_config config = NULL;
    char *text = NULL;
    int rc = 0;
    if (duckdb_create_config(&config) != DuckDBSuccess ||
        duckdb_set_config(config, "access_mode", "READ_ONLY") != DuckDBSuccess ||
        duckdb_set_config(config, "threads", "1") != DuckDBSuccess)
        rc = mg_fail(error, MG_E_ENGINE, "The analytics engine refused its settings.");
    else if (duckdb_open_ext(path, ret_database, config, &text) != DuckDBSuccess)
        rc = mg_duck_fail_open(error, text ? text : "");
    duckdb_free(text);
    duckdb_destroy_config(&config);
    return rc;
}

static int read_table(duckdb_connection connection, const char *table, struct mg_error *error)
{
    duckdb_result result;
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "SELECT bit_xor(hash(t)) FROM ");
    mg_duck_sql_ident(&sql.text, table);
    mg_duck_sql_add(&sql, " t");
    int rc = mg_duck_sql_run(&sql, connection, MG_DUCK_FILE_LABEL, false, &result, error);
    mg_duck_sql_done(&sql);
    if (!rc)
        duckdb_destroy_result(&result);
    return rc;
}

static int read_all(duckdb_connection connection, struct mg_error *error)
{
    duckdb_result result = {0};
    int rc = 0;
    if (duckdb_query(connection, "SELECT table_name FROM duckdb_tables() WHERE NOT temporary", &result) !=
        DuckDBSuccess)
        rc = mg_duck_fail(error, MG_DUCK_FILE_LABEL, duckdb_result_error(&result));
    for (idx_t r = 0; !rc && r < duckdb_row_count(&result); r++) {
        char *table = duckdb_value_varchar(&result, 0, r);
        rc = table ? read_table(connection, table, error) : mg_fail_memory(error);
        duckdb_free(table);
    }
    duckdb_destroy_result(&result);
    return rc;
}

int mg_duck_examine(const char *path, struct mg_arena *arena, const char **ret_problem,
                    struct mg_error *error)
{
    duckdb_database database = NULL;
    duckdb_connection connection = NULL;
    struct mg_error problem = {.lang = error ? error->lang : MG_LANG_EN};
    int rc = open_read_only(path, &database, &problem);
    if (!rc && duckdb_connect(database, &connection) != DuckDBSuccess)
        rc = mg_fail(&problem, MG_E_ENGINE, "The analytics engine gave no connection.");
    if (!rc)
        rc = read_all(connection, &problem);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    bool damaged = rc == MG_E_DAMAGED || rc == MG_E_ENGINE || rc == MG_E_INVALID;
    const char *text = damaged ? mg_arena_strdup(arena, problem.message) : NULL;
    if (rc && !damaged && error)
        *error = problem;
    if (damaged && !text)
        return mg_fail_memory(error);
    if (rc && !damaged)
        return rc;
    *ret_problem = text;
    return 0;
}
