/* The reader and DuckDB's own, in turn, on one CSV file of any columns: files describe|sum FILE ROUNDS
 *
 * describe: opening and describing the file, all of its cells, against DuckDB's read_csv into a table.
 * sum: DuckDB's read_csv and the sums of the columns, alone. Prints seconds, the best of the rounds: ours (0
 * for sum) and DuckDB's. The best, since other work on the machine only adds. */
#include <duckdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "exchange/exchange.h"

#define ARENA_BYTES ((size_t)256 << 20)
#define SQL_MAX ((size_t)1 << 20)

static double least(double a, double b)
{
    return a > 0 && a < b ? a : b;
}

static int describe(const char *path, double *ret_seconds)
{
    struct mg_arena *arena = mg_arena_new(ARENA_BYTES);
    struct mg_exchange *exchange = NULL;
    struct mg_source_info info;
    struct mg_error error = {0};
    double start = mg_clock_elapsed();
    int rc = mg_exchange_open(path, NULL, &exchange, &error);
    if (!rc)
        rc = mg_exchange_describe(exchange, arena, &info, &error);
    *ret_seconds = least(*ret_seconds, mg_clock_elapsed() - start);
    mg_exchange_close(exchange);
    mg_arena_free(arena);
    if (rc)
        fprintf(stderr, "%s\n", error.message);
    return rc;
}

static int ask(const char *sql, double *ret_seconds)
{
    duckdb_database database = NULL;
    duckdb_connection connection = NULL;
    duckdb_result result = {0};
    int rc = duckdb_open(NULL, &database) || duckdb_connect(database, &connection);
    double start = mg_clock_elapsed();
    rc = rc || duckdb_query(connection, sql, &result);
    *ret_seconds = least(*ret_seconds, mg_clock_elapsed() - start);
    if (rc)
        fprintf(stderr, "%s\n", duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return rc;
}

/* The columns' names are those of the header as our reader gives them. */
static int write_sums(const char *path, struct mg_buf *sql)
{
    struct mg_exchange *exchange = NULL;
    struct mg_error error = {0};
    int rc = mg_exchange_open(path, NULL, &exchange, &error);
    for (size_t i = 0; !rc && i < exchange->n_columns; i++)
        mg_buf_printf(sql, "%ssum(\"%s\")", i ? ", " : "SELECT ", exchange->columns[i]);
    mg_buf_printf(sql, " FROM read_csv('%s')", path);
    mg_exchange_close(exchange);
    return rc;
}

int main(int argc, char **argv)
{
    double ours = 0, theirs = 0;
    if (argc != 4) {
        fprintf(stderr, "usage: files describe|sum FILE ROUNDS\n");
        return 2;
    }
    bool describes = strcmp(argv[1], "describe") == 0;
    struct mg_buf sql;
    mg_buf_init(&sql, SQL_MAX);
    if (describes)
        mg_buf_printf(&sql, "CREATE TABLE t AS FROM read_csv('%s')", argv[2]);
    int rc = describes ? 0 : write_sums(argv[2], &sql);
    for (int i = atoi(argv[3]); i > 0 && !rc; i--) {
        rc = describes ? describe(argv[2], &ours) : 0;
        if (!rc)
            rc = ask(sql.data, &theirs);
    }
    mg_buf_done(&sql);
    printf("%.6f %.6f\n", ours, theirs);
    return rc != 0;
}
