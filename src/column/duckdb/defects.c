/* What is wrong in a source, one query each: values with their first row, weights that don't count, ids that
 * come more than once. Rows are numbered from 1 as the source has them; a table's have no number. */
#include <stdio.h>

#include "column/duckdb/duck.h"
#include "model/answer.h"

/* The row's number in the scope of `from_rows`; −1 in a table. */
static const char *row_number(const struct mg_duck_session *session)
{
    return session->table ? "-1" : session->parquet ? "file_row_number + 1" : "row_number";
}

static int64_t integer(duckdb_data_chunk chunk, idx_t c, idx_t r)
{
    return ((int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, c)))[r];
}

/* ---- Values ---- */

static int ask_values(struct mg_duck_session *session, const char *name, const struct mg_filter *filters,
                      size_t n_filters, size_t max, duckdb_result *ret_result, struct mg_error *error)
{
    const struct mg_duck_column *column;
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    int rc = mg_duck_find(session, name, &column, error);
    if (rc)
        return mg_duck_ask_last(session, &sql, rc, ret_result, error);
    mg_duck_sql_add(&sql, "SELECT ");
    mg_duck_sql_add(&sql, column->text);
    mg_duck_sql_addf(&sql, " AS k, count(*) AS n, CAST(min(%s) AS BIGINT) AS r FROM ", row_number(session));
    mg_duck_sql_add(&sql, session->from_rows);
    rc = mg_duck_where(session, &sql, filters, n_filters, error);
    mg_duck_sql_addf(&sql, " GROUP BY k ORDER BY n DESC, r, k LIMIT %zu", max);
    return mg_duck_ask_last(session, &sql, rc, ret_result, error);
}

static int read_values(struct mg_arena *arena, duckdb_result *result, struct mg_column_value **ret,
                       size_t *ret_n, struct mg_error *error)
{
    duckdb_data_chunk chunk;
    size_t at = 0;
    struct mg_column_value *values = mg_arena_array(arena, duckdb_row_count(result) + 1, sizeof(*values));
    if (!values)
        return mg_fail_memory(error);
    while ((chunk = duckdb_fetch_chunk(*result))) {
        for (idx_t r = 0; r < duckdb_data_chunk_get_size(chunk); r++)
            values[at++] = (struct mg_column_value){
                .text = mg_duck_text(arena, duckdb_data_chunk_get_vector(chunk, 0), r),
                .n = integer(chunk, 1, r),
                .row = integer(chunk, 2, r)};
        duckdb_destroy_data_chunk(&chunk);
    }
    *ret = values;
    *ret_n = at;
    return 0;
}

int mg_duck_values(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                   const char *name, const struct mg_filter *filters, size_t n_filters, size_t max,
                   struct mg_column_value **ret_values, size_t *ret_n, struct mg_error *error)
{
    struct mg_duck_session session;
    duckdb_result result;
    int rc = mg_duck_session_open(column, arena, source, &session, error);
    if (rc)
        return rc;
    rc = ask_values(&session, name, filters, n_filters, max, &result, error);
    if (rc)
        return rc;
    rc = read_values(arena, &result, ret_values, ret_n, error);
    duckdb_destroy_result(&result);
    return rc;
}

/* ---- Weights ---- */

static int ask_weights(struct mg_duck_session *session, const char *name, const struct mg_filter *filters,
                       size_t n_filters, duckdb_result *ret_result, struct mg_error *error)
{
    const struct mg_duck_column *column;
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    int rc = mg_duck_find(session, name, &column, error);
    if (rc)
        return mg_duck_ask_last(session, &sql, rc, ret_result, error);
    mg_duck_sql_add(
        &sql,
        "SELECT count(*), count(*) FILTER (WHERE w IS NULL OR isnan(w)), count(*) FILTER (WHERE w = 0), "
        "count(*) FILTER (WHERE w < 0), count(*) FILTER (WHERE ");
    mg_duck_sql_addf(&sql, "w > %.17g AND NOT isnan(w)) FROM (SELECT *, CAST(", MG_WEIGHT_MAX);
    mg_duck_sql_add(&sql, column->number);
    mg_duck_sql_add(&sql, " AS DOUBLE) AS w FROM ");
    mg_duck_sql_add(&sql, session->from);
    rc = mg_duck_where(session, &sql, filters, n_filters, error);
    mg_duck_sql_add(&sql, ")");
    return mg_duck_ask_last(session, &sql, rc, ret_result, error);
}

int mg_duck_weights(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                    const char *name, const struct mg_filter *filters, size_t n_filters,
                    struct mg_weight_counts *ret_counts, struct mg_error *error)
{
    struct mg_duck_session session;
    duckdb_result result;
    int rc = mg_duck_session_open(column, arena, source, &session, error);
    if (rc)
        return rc;
    rc = ask_weights(&session, name, filters, n_filters, &result, error);
    if (rc)
        return rc;
    *ret_counts = (struct mg_weight_counts){.rows = duckdb_value_int64(&result, 0, 0),
                                            .missing = duckdb_value_int64(&result, 1, 0),
                                            .zero = duckdb_value_int64(&result, 2, 0),
                                            .negative = duckdb_value_int64(&result, 3, 0),
                                            .no_number = duckdb_value_int64(&result, 4, 0)};
    duckdb_destroy_result(&result);
    return 0;
}

/* ---- Repeated ids ---- */

/* A hash of the row's cells tells rows that are alike from rows that only share the id. */
static void add_hash(const struct mg_duck_session *session, struct mg_duck_sql *sql)
{
    mg_duck_sql_add(sql, ", hash(");
    for (size_t c = 0; c < session->n_columns; c++) {
        mg_duck_sql_add(sql, c ? ", " : "");
        mg_duck_sql_add(sql, session->columns[c].sql);
    }
    mg_duck_sql_add(sql, ") AS h FROM ");
}

static int ask_repeats(struct mg_duck_session *session, const char *name, size_t max,
                       duckdb_result *ret_result, struct mg_error *error)
{
    const struct mg_duck_column *column;
    struct mg_duck_sql sql;
    mg_duck_sql_init(&sql);
    int rc = mg_duck_find(session, name, &column, error);
    if (rc)
        return mg_duck_ask_last(session, &sql, rc, ret_result, error);
    mg_duck_sql_add(
        &sql, "SELECT *, count(*) OVER () AS ids, CAST(sum(n) OVER () AS BIGINT) AS rows, "
              "CAST(sum(n - d) OVER () AS BIGINT) AS alike FROM (SELECT k, count(*) AS n, "
              "array_to_string(min(r, 3), ', ') AS first, min(r) AS m, count(DISTINCT h) AS d FROM (SELECT ");
    mg_duck_sql_add(&sql, column->text);
    mg_duck_sql_addf(&sql, " AS k, CAST(%s AS BIGINT) AS r", row_number(session));
    add_hash(session, &sql);
    mg_duck_sql_add(&sql, session->from_rows);
    mg_duck_sql_add(&sql,
                    ") WHERE mg_number(k) IS NOT NULL GROUP BY k HAVING count(*) > 1)"); /* blank: NULL */
    mg_duck_sql_addf(&sql, " ORDER BY m LIMIT %zu", max);
    return mg_duck_ask_last(session, &sql, 0, ret_result, error);
}

static int read_repeats(struct mg_arena *arena, duckdb_result *result, struct mg_repeats *ret,
                        struct mg_error *error)
{
    duckdb_data_chunk chunk;
    struct mg_repeats found = {0};
    struct mg_repeat *first = mg_arena_array(arena, duckdb_row_count(result) + 1, sizeof(*first));
    if (!first)
        return mg_fail_memory(error);
    while ((chunk = duckdb_fetch_chunk(*result))) {
        for (idx_t r = 0; r < duckdb_data_chunk_get_size(chunk); r++) {
            first[found.n_first++] =
                (struct mg_repeat){.id = mg_duck_text(arena, duckdb_data_chunk_get_vector(chunk, 0), r),
                                   .n = integer(chunk, 1, r),
                                   .rows = mg_duck_text(arena, duckdb_data_chunk_get_vector(chunk, 2), r)};
            found.ids = integer(chunk, 5, r);
            found.rows = integer(chunk, 6, r);
            found.alike = integer(chunk, 7, r);
        }
        duckdb_destroy_data_chunk(&chunk);
    }
    found.first = first;
    *ret = found;
    return 0;
}

int mg_duck_repeats(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                    const char *name, size_t max, struct mg_repeats *ret_repeats, struct mg_error *error)
{
    struct mg_duck_session session;
    duckdb_result result;
    int rc = mg_duck_session_open(column, arena, source, &session, error);
    if (rc)
        return rc;
    rc = ask_repeats(&session, name, max, &result, error);
    if (rc)
        return rc;
    rc = read_repeats(arena, &result, ret_repeats, error);
    duckdb_destroy_result(&result);
    return rc;
}
