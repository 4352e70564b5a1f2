/* Makes a Parquet file of a CSV file, with the types that DuckDB finds: to_parquet FROM.csv TO.parquet */
#include <duckdb.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    duckdb_database database = NULL;
    duckdb_connection connection = NULL;
    duckdb_result result = {0};
    char sql[9000];
    if (argc != 3) {
        fprintf(stderr, "usage: to_parquet FROM.csv TO.parquet\n");
        return 2;
    }
    snprintf(sql, sizeof sql, "COPY (FROM read_csv('%s')) TO '%s' (FORMAT parquet)", argv[1], argv[2]);
    int rc = duckdb_open(NULL, &database) || duckdb_connect(database, &connection) ||
             duckdb_query(connection, sql, &result);
    if (rc)
        fprintf(stderr, "%s\n", duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return rc;
}
