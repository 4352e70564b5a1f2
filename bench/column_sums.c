/* How long DuckDB alone takes to sum every column of numbers of the largest table in a file of columns, on N
 * threads: column_sums FILE N. Prints the seconds, the median of five, and how many columns it summed. */
#include <duckdb.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

#define ROUNDS 5
#define SQL_MAX 65536

/* SELECT sum("a"), … FROM the table with the most rows. */
static const char make_sums[] =
    "SELECT 'SELECT ' || string_agg('sum(\"' || column_name || '\")', ', ') || ' FROM \"' || "
    "any_value(c.table_name) "
    "|| '\"', count(*) FROM duckdb_columns() c WHERE c.table_name = (SELECT table_name FROM duckdb_tables() "
    "ORDER BY "
    "estimated_size DESC LIMIT 1) AND data_type IN ('DOUBLE', 'BIGINT', 'INTEGER', 'SMALLINT', 'TINYINT')";

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int time_sums(duckdb_connection connection, const char *sums, double *ret_seconds)
{
    double seconds[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        duckdb_result result = {0};
        double start = mg_clock_elapsed();
        if (duckdb_query(connection, sums, &result)) {
            fprintf(stderr, "%s\n", duckdb_result_error(&result));
            return 1;
        }
        seconds[i] = mg_clock_elapsed() - start;
        duckdb_destroy_result(&result);
    }
    qsort(seconds, ROUNDS, sizeof seconds[0], compare);
    *ret_seconds = seconds[ROUNDS / 2];
    return 0;
}

int main(int argc, char **argv)
{
    duckdb_database database = NULL;
    duckdb_connection connection = NULL;
    duckdb_config config = NULL;
    duckdb_result result = {0};
    static char sums[SQL_MAX];
    double seconds = 0;
    if (argc != 3) {
        fprintf(stderr, "usage: column_sums FILE THREADS\n");
        return 2;
    }
    int rc = duckdb_create_config(&config) || duckdb_set_config(config, "threads", argv[2]) ||
             duckdb_set_config(config, "access_mode", "READ_ONLY") ||
             duckdb_open_ext(argv[1], &database, config, NULL) || duckdb_connect(database, &connection) ||
             duckdb_query(connection, make_sums, &result);
    if (!rc) {
        char *text = duckdb_value_varchar(&result, 0, 0);
        rc = snprintf(sums, sizeof sums, "%s", text) >= SQL_MAX || time_sums(connection, sums, &seconds);
        duckdb_free(text);
    }
    if (!rc)
        printf("%.6f %d\n", seconds, (int)duckdb_value_int64(&result, 1, 0));
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    duckdb_destroy_config(&config);
    return rc;
}
