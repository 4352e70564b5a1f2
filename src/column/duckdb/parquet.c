/* A CSV text of ours copied into a Parquet file, typed. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "column/duckdb/duck.h"

#define LINE_MIN ((size_t)2 << 20) /* what the engine reads in any case */
#define GROUP_CELLS 4000000        /* of a row group, which is in memory as a whole */
#define GROUP_MOST 122880
#define GROUP_LEAST 2048

static const char *type_name(enum mg_parquet_type type)
{
    switch (type) {
    case MG_PARQUET_TEXT:
        return "VARCHAR";
    case MG_PARQUET_INTEGER:
        return "BIGINT";
    case MG_PARQUET_NUMBER:
        return "DOUBLE";
    case MG_PARQUET_BOOLEAN:
        return "BOOLEAN";
    case MG_PARQUET_DAY:
    case MG_PARQUET_TIME:
        break;
    }
    return "TIMESTAMP";
}

static void write_select(const struct mg_parquet *request, int from, struct mg_buf *buf)
{
    for (size_t c = 0; c < request->n_columns; c++) {
        bool day = request->columns[c].type == MG_PARQUET_DAY;
        mg_buf_printf(buf, day ? "%sCAST(c%zu AS DATE) AS " : "%sc%zu AS ", c ? ", " : "SELECT ", c);
        mg_duck_sql_ident(buf, request->columns[c].name);
    }
    size_t line = request->longest + 2 > LINE_MIN ? request->longest + 2 : LINE_MIN;
    mg_buf_printf(
        buf,
        " FROM read_csv('/proc/self/fd/%d', auto_detect = false, strict_mode = true, header = false, "
        "compression = 'none', delim = ',', quote = '\"', escape = '\"', nullstr = '', "
        "max_line_size = %zu, columns = {",
        from, line);
    for (size_t c = 0; c < request->n_columns; c++)
        mg_buf_printf(buf, "%s'c%zu': '%s'", c ? ", " : "", c, type_name(request->columns[c].type));
    mg_buf_puts(buf, "})");
}

static size_t group_rows(size_t n_columns)
{
    size_t rows = GROUP_CELLS / n_columns;
    return rows > GROUP_MOST ? GROUP_MOST : rows < GROUP_LEAST ? GROUP_LEAST : rows;
}

static int run_copy(duckdb_connection connection, const struct mg_parquet *request, int from, int to,
                    struct mg_error *error)
{
    struct mg_buf sql;
    mg_buf_init(&sql, MG_DUCK_SQL_MAX);
    mg_buf_puts(&sql, "COPY (");
    write_select(request, from, &sql);
    mg_buf_printf(&sql,
                  ") TO '/proc/self/fd/%d' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, "
                  "ROW_GROUP_SIZE %zu)",
                  to, group_rows(request->n_columns));
    int rc = sql.failed ? mg_fail_memory(error) : mg_duck_exec(connection, "Parquet", sql.data, error);
    mg_buf_done(&sql);
    return rc;
}

static void interrupt(void *user)
{
    duckdb_interrupt(*(duckdb_connection *)user);
}

static int copy_between(struct mg_column *column, const struct mg_parquet *request, int from, int to,
                        struct mg_error *error)
{
    duckdb_connection connection;
    int rc = mg_duck_connect(column, &connection, error);
    if (rc)
        return rc;
    struct mg_stop_hook hook = {.interrupt = interrupt, .user = &connection};
    mg_stop_enter(request->stop, &hook);
    rc = run_copy(connection, request, from, to, error);
    mg_stop_leave(request->stop, &hook);
    mg_duck_disconnect(column, &connection);
    if (rc == MG_E_CANCELLED && request->stop) {
        int why = mg_stop_check(request->stop, error);
        return why ? why : rc;
    }
    return rc;
}

int mg_duck_parquet(struct mg_column *column, const struct mg_parquet *request, struct mg_error *error)
{
    int from = open(request->csv, O_RDONLY | O_CLOEXEC);
    int to = from < 0 ? -1 : open(request->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int rc = to < 0 ? mg_file_fail(from < 0 ? request->csv : request->path, errno, error)
                    : copy_between(column, request, from, to, error);
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    return rc;
}
