/* What is in a source: its values, streamed through profiles (../profile.h), a batch of columns after the
 * other, so that neither the engine's vectors nor the profiles grow with the number of columns. Numbers come
 * as they are, all else as text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"
#include "column/profile.h"

#define BATCH_COLUMNS 256

/* The columns of one batch and their profiles. */
struct batch {
    const struct mg_duck_column *columns[BATCH_COLUMNS];
    size_t n;
    struct mg_profile *profile;
    int64_t rows;
};

static bool is_number(const struct mg_duck_column *column)
{
    return column->type == MG_TYPE_INTEGER || column->type == MG_TYPE_NUMBER;
}

static int64_t whole(const void *data, enum mg_moments_type type, size_t row)
{
    switch (type) {
    case MG_MOMENTS_INT8:
        return ((const int8_t *)data)[row];
    case MG_MOMENTS_INT16:
        return ((const int16_t *)data)[row];
    case MG_MOMENTS_INT32:
        return ((const int32_t *)data)[row];
    default:
        return ((const int64_t *)data)[row];
    }
}

static void add_value(struct batch *batch, size_t c, duckdb_vector vector, size_t row)
{
    const struct mg_duck_column *column = batch->columns[c];
    void *data = duckdb_vector_get_data(vector);
    if (!is_number(column)) {
        duckdb_string_t *text = &((duckdb_string_t *)data)[row];
        mg_profile_text(batch->profile, c, duckdb_string_t_data(text), duckdb_string_t_length(*text));
    } else if (column->number_type == MG_MOMENTS_DOUBLE) {
        mg_profile_number(batch->profile, c, ((const double *)data)[row]);
    } else {
        mg_profile_integer(batch->profile, c, whole(data, column->number_type, row));
    }
}

static void add_chunk(struct batch *batch, duckdb_data_chunk chunk)
{
    size_t rows = duckdb_data_chunk_get_size(chunk);
    for (size_t c = 0; c < batch->n; c++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, c);
        uint64_t *valid = duckdb_vector_get_validity(vector);
        for (size_t r = 0; r < rows; r++) {
            if (!valid || duckdb_validity_row_is_valid(valid, r))
                add_value(batch, c, vector, r);
            else
                mg_profile_missing(batch->profile, c);
        }
    }
    batch->rows += (int64_t)rows;
}

static int read_batch(const struct mg_duck_session *session, struct batch *batch, struct mg_error *error)
{
    struct mg_duck_sql sql;
    duckdb_result result;
    duckdb_data_chunk chunk;

    mg_duck_sql_init(&sql);
    for (size_t c = 0; c < batch->n; c++) {
        const struct mg_duck_column *column = batch->columns[c];
        mg_duck_sql_add(&sql, c ? ", " : "SELECT ");
        mg_duck_sql_add(&sql, is_number(column) ? column->number : column->text);
    }
    mg_duck_sql_add(&sql, " FROM ");
    mg_duck_sql_add(&sql, session->from);
    int rc = mg_duck_ask(session, &sql, true, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    while ((chunk = duckdb_fetch_chunk(result))) {
        add_chunk(batch, chunk);
        duckdb_destroy_data_chunk(&chunk);
    }
    rc = mg_duck_stream_end(session, &result, error);
    duckdb_destroy_result(&result);
    return rc;
}

/* Columns from `at` on into `info`; *at moves behind the batch. */
static int describe_batch(const struct mg_duck_session *session, struct mg_arena *arena, size_t *at,
                          struct mg_source_info *info, struct mg_column_info *columns, struct mg_error *error)
{
    struct batch batch = {0};
    for (; *at < session->n_columns && batch.n < BATCH_COLUMNS; ++*at)
        if (!session->columns[*at].system)
            batch.columns[batch.n++] = &session->columns[*at];
    if (batch.n == 0)
        return 0;
    batch.profile = mg_profile_new(batch.n);
    int rc = batch.profile ? read_batch(session, &batch, error) : mg_fail_memory(error);
    for (size_t c = 0; c < batch.n && !rc; c++)
        rc = mg_profile_finish(batch.profile, c, arena, batch.columns[c]->name, batch.columns[c]->type,
                               &columns[info->n_columns++], error);
    mg_profile_free(batch.profile);
    info->rows = batch.rows;
    return rc;
}

int mg_duck_describe(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                     struct mg_source_info *ret_info, struct mg_error *error)
{
    struct mg_duck_session session;
    struct mg_source_info info = {0};
    int rc = mg_duck_session_open(column, arena, source, &session, error);
    if (rc)
        return rc;
    struct mg_column_info *columns = mg_arena_array(arena, session.n_columns + 1, sizeof(*columns));
    if (!columns)
        rc = mg_fail_memory(error);
    for (size_t at = 0; at < session.n_columns && !rc;)
        rc = describe_batch(&session, arena, &at, &info, columns, error);
    mg_duck_session_close(&session);
    if (!rc) {
        info.columns = columns;
        *ret_info = info;
    }
    return rc;
}

int mg_duck_count_rows(const struct mg_duck_session *session, int64_t *ret_rows, struct mg_error *error)
{
    struct mg_duck_sql sql;
    duckdb_result result;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "SELECT count(*) FROM ");
    mg_duck_sql_add(&sql, session->from);
    int rc = mg_duck_ask(session, &sql, false, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    *ret_rows = duckdb_value_int64(&result, 0, 0);
    duckdb_destroy_result(&result);
    return 0;
}

int mg_duck_names(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                  struct mg_source_info *ret_info, struct mg_error *error)
{
    struct mg_duck_session session;
    struct mg_source_info info = {0};
    int rc = mg_duck_session_open(column, arena, source, &session, error);
    if (rc)
        return rc;
    struct mg_column_info *columns = mg_arena_array(arena, session.n_columns + 1, sizeof(*columns));
    rc = columns ? mg_duck_count_rows(&session, &info.rows, error) : mg_fail_memory(error);
    for (size_t c = 0; c < session.n_columns && !rc; c++)
        if (!session.columns[c].system)
            columns[info.n_columns++] = (struct mg_column_info){
                .name = session.columns[c].name, .type = session.columns[c].type, .min = NAN, .max = NAN};
    mg_duck_session_close(&session);
    if (!rc) {
        info.columns = columns;
        *ret_info = info;
    }
    return rc;
}
