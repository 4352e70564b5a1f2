/* How often columns hold one value each, by group: counts or sums of weights, all of them in one query. */
#include <stdlib.h>

#include "column/duckdb/duck.h"

static int add_keys(const struct mg_duck_session *session, struct mg_duck_sql *sql,
                    const struct mg_moments_request *request, struct mg_error *error)
{
    const struct mg_duck_column *column;
    for (size_t b = 0; b < request->n_by; b++) {
        int rc = mg_duck_find(session, request->by[b], &column, error);
        if (rc)
            return rc;
        mg_duck_sql_add(sql, column->text);
        mg_duck_sql_addf(sql, " AS k%zu, ", b);
    }
    return 0;
}

/* The weight once a row; without weights every row is one. */
static int add_source(const struct mg_duck_session *session, struct mg_duck_sql *sql,
                      const struct mg_moments_request *request, struct mg_error *error)
{
    const struct mg_duck_column *column;
    mg_duck_sql_add(sql, " FROM (SELECT *, ");
    if (request->weight) {
        int rc = mg_duck_find(session, request->weight, &column, error);
        if (rc)
            return rc;
        mg_duck_weight(sql, column);
    } else {
        mg_duck_sql_add(sql, "1.0::DOUBLE");
    }
    mg_duck_sql_add(sql, " AS w FROM ");
    mg_duck_sql_add(sql, session->from);
    int rc = mg_duck_where(session, sql, request->filters, request->n_filters, error);
    mg_duck_sql_add(sql, ")");
    return rc;
}

static int build(const struct mg_duck_session *session, struct mg_duck_sql *sql,
                 const struct mg_moments_request *request, const double *values, struct mg_error *error)
{
    const struct mg_duck_column *column;
    mg_duck_sql_add(sql, "SELECT ");
    int rc = add_keys(session, sql, request, error);
    for (size_t c = 0; c < request->spec->n_columns && !rc; c++) {
        rc = mg_duck_find(session, request->columns[c], &column, error);
        mg_duck_sql_add(sql, c ? ", coalesce(sum(w) FILTER (WHERE " : "coalesce(sum(w) FILTER (WHERE ");
        mg_duck_sql_add(sql, rc ? "" : column->number);
        mg_duck_sql_add(sql, " = ");
        mg_duck_sql_bind_number(sql, values[c]);
        mg_duck_sql_add(sql, "), 0)");
    }
    if (!rc)
        rc = add_source(session, sql, request, error);
    for (size_t b = 0; b < request->n_by; b++)
        mg_duck_sql_addf(sql, "%s%zu", b ? ", " : " GROUP BY ", b + 1);
    return rc;
}

static int read_hits(struct mg_arena *arena, const struct mg_moments_request *request, duckdb_result *result,
                     struct mg_hits **ret, size_t *ret_n, struct mg_error *error)
{
    size_t n_by = request->n_by, n = request->spec->n_columns, at = 0;
    struct mg_hits *hits = mg_arena_array(arena, duckdb_row_count(result) + 1, sizeof(*hits));
    duckdb_data_chunk chunk;
    int rc = hits ? 0 : mg_fail_memory(error);
    while (!rc && (chunk = duckdb_fetch_chunk(*result))) {
        for (idx_t r = 0; r < duckdb_data_chunk_get_size(chunk) && !rc; r++) {
            const char **keys = mg_arena_array(arena, n_by + 1, sizeof(*keys));
            double *found = mg_arena_array(arena, n, sizeof(*found));
            if (!keys || !found) {
                rc = mg_fail_memory(error);
                break;
            }
            for (size_t b = 0; b < n_by; b++)
                keys[b] = mg_duck_text(arena, duckdb_data_chunk_get_vector(chunk, b), r);
            for (size_t c = 0; c < n; c++)
                found[c] =
                    ((double *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, n_by + c)))[r];
            hits[at++] = (struct mg_hits){keys, found};
        }
        duckdb_destroy_data_chunk(&chunk);
    }
    *ret = hits;
    *ret_n = at;
    return rc;
}

int mg_duck_hits(struct mg_column *column, struct mg_arena *arena, const struct mg_moments_request *request,
                 const double *values, struct mg_hits **ret_hits, size_t *ret_n, struct mg_error *error)
{
    struct mg_duck_session session;
    struct mg_duck_sql sql;
    duckdb_result result;
    int rc = mg_duck_session_open(column, arena, &request->source, &session, error);
    if (rc)
        return rc;
    mg_duck_sql_init(&sql);
    rc = build(&session, &sql, request, values, error);
    rc = mg_duck_ask_last(&session, &sql, rc, &result, error);
    if (rc)
        return rc;
    rc = read_hits(arena, request, &result, ret_hits, ret_n, error);
    duckdb_destroy_result(&result);
    return rc;
}
