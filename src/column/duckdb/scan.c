/* Rows as they are: text batches in row order, numeric matrices, joint counts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"

#define BATCH_BYTES ((size_t)128 << 20) /* most text of one batch of at most 2048 rows */
#define SESSION_BYTES ((size_t)64 << 20)
#define PART_COLUMNS 512 /* of a scan of at most FIRST_ROWS_MAX rows: so many are read at a time */
#define FIRST_ROWS_MAX 100

/* ---- Text ---- */

struct reader {
    mg_row_sink *sink;
    void *user;
    size_t n_columns;
    int64_t row;
};

static size_t cell_size(duckdb_vector vector, idx_t row)
{
    return duckdb_string_t_length(((duckdb_string_t *)duckdb_vector_get_data(vector))[row]);
}

static int hand_batch(struct reader *reader, duckdb_data_chunk chunk, struct mg_error *error)
{
    size_t n = duckdb_data_chunk_get_size(chunk), columns = reader->n_columns;
    struct mg_arena *arena = mg_arena_new(BATCH_BYTES);
    const char **cells = arena ? mg_arena_array(arena, n * columns + 1, sizeof(*cells)) : NULL;
    int rc = cells ? 0 : mg_fail_memory(error);

    for (size_t c = 0; c < columns && !rc; c++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, c);
        uint64_t *valid = duckdb_vector_get_validity(vector);
        for (size_t r = 0; r < n && !rc; r++) {
            if (valid && !duckdb_validity_row_is_valid(valid, r))
                continue;
            if (cell_size(vector, r) <= MG_COLUMN_CELL_MAX)
                cells[r * columns + c] = mg_duck_text(arena, vector, r);
            if (!cells[r * columns + c])
                rc = mg_fail(error, MG_E_LIMIT, "The cells around row %lld are too long.",
                             (long long)reader->row + (long long)r + 1);
        }
    }
    if (!rc && n > 0) {
        struct mg_row_batch batch = {
            .n_rows = n, .n_columns = columns, .cells = cells, .first_row = reader->row};
        rc = reader->sink(reader->user, &batch, error);
        reader->row += (int64_t)n;
    }
    mg_arena_free(arena);
    return rc;
}

static int find_columns(const struct mg_duck_session *session, struct mg_arena *arena,
                        const char *const *names, size_t n, const struct mg_duck_column ***ret_columns,
                        size_t *ret_n, struct mg_error *error)
{
    size_t most = n ? n : session->n_columns, used = 0;
    const struct mg_duck_column *column, **columns = mg_arena_array(arena, most + 1, sizeof(*columns));

    if (!columns)
        return mg_fail_memory(error);
    for (size_t c = 0; c < most; c++) {
        column = &session->columns[c];
        int rc = n ? mg_duck_find(session, names[c], &column, error) : 0;
        if (rc)
            return rc;
        if (n || !column->system)
            columns[used++] = column;
    }
    *ret_columns = columns;
    *ret_n = used;
    return 0;
}

static int read_stream(const struct mg_duck_session *session, duckdb_result *result, struct reader *reader,
                       struct mg_error *error)
{
    duckdb_data_chunk chunk;
    int rc = 0;
    while (!rc && (chunk = duckdb_fetch_chunk(*result))) {
        rc = hand_batch(reader, chunk, error);
        duckdb_destroy_data_chunk(&chunk);
    }
    return rc ? rc : mg_duck_stream_end(session, result, error);
}

/* What to scan, but for its columns. */
struct selection {
    const struct mg_duck_session *session;
    const struct mg_filter *filters;
    size_t n_filters;
    int64_t limit;
};

static int scan_columns(const struct selection *selection, const struct mg_duck_column *const *columns,
                        size_t n, struct reader *reader, struct mg_error *error)
{
    const struct mg_duck_session *session = selection->session;
    struct mg_duck_sql sql;
    duckdb_result result;

    reader->n_columns = n;
    mg_duck_sql_init(&sql);
    for (size_t c = 0; c < n; c++) {
        mg_duck_sql_add(&sql, c ? ", " : "SELECT ");
        mg_duck_sql_add(&sql, columns[c]->text);
    }
    mg_duck_sql_add(&sql, " FROM ");
    mg_duck_sql_add(&sql, session->from_ordered);
    int rc = mg_duck_where(session, &sql, selection->filters, selection->n_filters, error);
    if (selection->limit > 0)
        mg_duck_sql_addf(&sql, " LIMIT %lld", (long long)selection->limit);
    bool stream = selection->limit == 0 || selection->limit > FIRST_ROWS_MAX;
    if (!rc)
        rc = mg_duck_ask(session, &sql, stream, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    rc = read_stream(session, &result, reader, error);
    duckdb_destroy_result(&result);
    return rc;
}

/* ---- The first rows of many columns ---- */

/* Rows gathered from several queries, each of some of the columns. */
struct gathered {
    struct mg_arena *arena;
    const char **cells; /* rows × columns */
    size_t rows, columns, at;
};

static int gather(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct gathered *gathered = user;
    for (size_t r = 0; r < batch->n_rows; r++) {
        const char **row =
            gathered->cells + ((size_t)batch->first_row + r) * gathered->columns + gathered->at;
        for (size_t c = 0; c < batch->n_columns; c++) {
            const char *cell = batch->cells[r * batch->n_columns + c];
            row[c] = mg_arena_strdup(gathered->arena, cell);
            if (cell && !row[c])
                return mg_fail(error, MG_E_LIMIT, "The cells around row %lld are too long.",
                               (long long)batch->first_row + (long long)r + 1);
        }
    }
    gathered->rows = (size_t)batch->first_row + batch->n_rows;
    return 0;
}

/* The engine's vectors are 2,048 rows long however few are asked for: of thousands of columns only a part is
 * read at a time. */
static int scan_first(const struct selection *selection, struct mg_arena *arena,
                      const struct mg_duck_column *const *columns, size_t n, struct reader *reader,
                      struct mg_error *error)
{
    struct gathered all = {.arena = arena, .columns = n};
    int rc = 0;
    all.cells = mg_arena_array(arena, (size_t)selection->limit * n, sizeof(*all.cells));
    if (!all.cells)
        return mg_fail_memory(error);
    for (; all.at < n && !rc; all.at += PART_COLUMNS) {
        struct reader part = {.sink = gather, .user = &all};
        size_t m = n - all.at < PART_COLUMNS ? n - all.at : PART_COLUMNS;
        rc = scan_columns(selection, columns + all.at, m, &part, error);
    }
    if (rc || all.rows == 0)
        return rc;
    struct mg_row_batch batch = {.n_rows = all.rows, .n_columns = n, .cells = all.cells};
    return reader->sink(reader->user, &batch, error);
}

int mg_duck_scan(struct mg_column *column, const struct mg_source *source, const char *const *columns,
                 size_t n_columns, const struct mg_filter *filters, size_t n_filters, int64_t limit,
                 mg_row_sink *sink, void *user, struct mg_error *error)
{
    struct mg_duck_session session;
    struct reader reader = {.sink = sink, .user = user};
    const struct mg_duck_column **found = NULL;
    size_t n = 0;
    struct mg_arena *arena = mg_arena_new(SESSION_BYTES);
    int rc = arena ? mg_duck_session_open(column, arena, source, &session, error) : mg_fail_memory(error);
    if (rc) {
        mg_arena_free(arena);
        return rc;
    }
    struct selection selection = {&session, filters, n_filters, limit};
    rc = find_columns(&session, arena, columns, n_columns, &found, &n, error);
    if (!rc && limit > 0 && limit <= FIRST_ROWS_MAX && n > PART_COLUMNS)
        rc = scan_first(&selection, arena, found, n, &reader, error);
    else if (!rc)
        rc = scan_columns(&selection, found, n, &reader, error);
    mg_duck_session_close(&session);
    mg_arena_free(arena);
    return rc;
}

/* ---- Numbers ---- */

struct matrix {
    double *values; /* grows row-major; turned at the end */
    size_t rows, cap, columns;
};

static int grow(struct matrix *matrix, size_t rows, size_t max_rows, const char *label,
                struct mg_error *error)
{
    if (matrix->rows + rows > max_rows)
        return mg_fail(error, MG_E_LIMIT, "%s has more than the %zu rows allowed here.", label, max_rows);
    if (matrix->rows + rows <= matrix->cap)
        return 0;
    size_t cap = (matrix->rows + rows) * 2;
    double *values = realloc(matrix->values, cap * matrix->columns * sizeof(double));
    if (!values)
        return mg_fail_memory(error);
    matrix->values = values;
    matrix->cap = cap;
    return 0;
}

static void add_values(struct matrix *matrix, duckdb_data_chunk chunk,
                       const struct mg_moments_request *request, const enum mg_moments_type *types)
{
    static const struct mg_moments_column any = {.low = -INFINITY, .high = INFINITY};
    size_t n = duckdb_data_chunk_get_size(chunk);
    for (size_t c = 0; c < matrix->columns; c++) {
        const struct mg_moments_column *column =
            c < request->spec->n_columns ? &request->spec->columns[c] : &any;
        struct mg_moments_input input = mg_duck_input(duckdb_data_chunk_get_vector(chunk, c), types[c]);
        for (size_t r = 0; r < n; r++)
            matrix->values[(matrix->rows + r) * matrix->columns + c] = mg_moments_cell(column, &input, r);
    }
    matrix->rows += n;
}

static int build_matrix(const struct mg_duck_session *session, const struct mg_moments_request *request,
                        struct mg_duck_sql *sql, enum mg_moments_type *types, size_t n,
                        struct mg_error *error)
{
    const struct mg_duck_column *column;
    for (size_t c = 0; c < n; c++) {
        bool weight = c == request->spec->n_columns;
        const char *positive = !weight && request->positive ? request->positive[c] : NULL;
        int rc = mg_duck_find(session, weight ? request->weight : request->columns[c], &column, error);
        if (rc)
            return rc;
        mg_duck_sql_add(sql, c ? ", " : "SELECT ");
        types[c] = mg_duck_number(sql, column, positive, weight ? NULL : &request->spec->columns[c]);
    }
    mg_duck_sql_add(sql, " FROM ");
    mg_duck_sql_add(sql, session->from_ordered);
    return mg_duck_where(session, sql, request->filters, request->n_filters, error);
}

static int run_matrix(const struct mg_duck_session *session, const struct mg_moments_request *request,
                      struct matrix *matrix, size_t max_rows, struct mg_error *error)
{
    enum mg_moments_type types[MG_MOMENTS_COLUMNS_MAX + 1];
    struct mg_duck_sql sql;
    duckdb_result result;
    duckdb_data_chunk chunk;

    mg_duck_sql_init(&sql);
    int rc = build_matrix(session, request, &sql, types, matrix->columns, error);
    if (!rc)
        rc = mg_duck_ask(session, &sql, true, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    while (!rc && (chunk = duckdb_fetch_chunk(result))) {
        rc = grow(matrix, duckdb_data_chunk_get_size(chunk), max_rows, session->label, error);
        if (!rc)
            add_values(matrix, chunk, request, types);
        duckdb_destroy_data_chunk(&chunk);
    }
    if (!rc)
        rc = mg_duck_stream_end(session, &result, error);
    duckdb_destroy_result(&result);
    return rc;
}

int mg_duck_matrix(struct mg_column *column, struct mg_arena *arena, const struct mg_moments_request *request,
                   size_t max_rows, double **ret_values, size_t *ret_rows, struct mg_error *error)
{
    struct mg_duck_session session;
    struct matrix matrix = {.columns = request->spec->n_columns + (request->weight ? 1 : 0)};

    if (request->spec->n_columns == 0 || request->spec->n_columns > MG_MOMENTS_COLUMNS_MAX)
        return mg_fail(error, MG_E_LIMIT, "%zu columns are asked for; 1 to %d are allowed.",
                       request->spec->n_columns, MG_MOMENTS_COLUMNS_MAX);
    int rc = mg_duck_session_open(column, arena, &request->source, &session, error);
    if (rc)
        return rc;
    rc = run_matrix(&session, request, &matrix, max_rows, error);
    mg_duck_session_close(&session);
    double *values = rc ? NULL : mg_arena_array(arena, matrix.rows * matrix.columns + 1, sizeof(double));
    if (!rc && !values)
        rc = mg_fail_memory(error);
    for (size_t r = 0; r < matrix.rows && !rc; r++)
        for (size_t c = 0; c < matrix.columns; c++)
            values[c * matrix.rows + r] = matrix.values[r * matrix.columns + c];
    free(matrix.values);
    if (!rc) {
        *ret_values = values;
        *ret_rows = matrix.rows;
    }
    return rc;
}

/* ---- Counts ---- */

static int build_counts(const struct mg_duck_session *session, struct mg_duck_sql *sql,
                        const char *const *columns, size_t n_columns, const char *weight,
                        const struct mg_filter *filters, size_t n_filters, size_t max, struct mg_error *error)
{
    const struct mg_duck_column *column;
    int rc = 0;

    mg_duck_sql_add(sql, "SELECT ");
    for (size_t c = 0; c < n_columns && !rc; c++) {
        rc = mg_duck_find(session, columns[c], &column, error);
        mg_duck_sql_add(sql, rc ? "" : column->text);
        mg_duck_sql_addf(sql, " AS k%zu, ", c);
    }
    if (!rc && weight)
        rc = mg_duck_find(session, weight, &column, error);
    if (rc)
        return rc;
    mg_duck_sql_add(sql, "count(*) AS n, ");
    mg_duck_sql_add(sql,
                    weight ? "CAST(sum(w) AS DOUBLE) FROM (SELECT *, " : "CAST(count(*) AS DOUBLE) FROM ");
    if (weight) {
        mg_duck_weight(sql, column);
        mg_duck_sql_add(sql, " AS w FROM ");
    }
    mg_duck_sql_add(sql, session->from);
    rc = mg_duck_where(session, sql, filters, n_filters, error);
    if (weight)
        mg_duck_sql_add(sql, ") WHERE w IS NOT NULL");
    for (size_t c = 0; c < n_columns; c++)
        mg_duck_sql_addf(sql, "%s%zu", c ? ", " : " GROUP BY ", c + 1);
    for (size_t c = 0; c < n_columns; c++)
        mg_duck_sql_addf(sql, "%sTRY_CAST(k%zu AS DOUBLE) NULLS LAST, k%zu NULLS LAST",
                         c ? ", " : " ORDER BY ", c, c);
    mg_duck_sql_addf(sql, " LIMIT %zu", max + 1);
    return rc;
}

static int read_counts(struct mg_arena *arena, duckdb_result *result, size_t n_columns,
                       struct mg_count *counts, struct mg_error *error)
{
    duckdb_data_chunk chunk;
    size_t at = 0;
    int rc = 0;

    while (!rc && (chunk = duckdb_fetch_chunk(*result))) {
        int64_t *n = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, n_columns));
        double *weight = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, n_columns + 1));
        for (idx_t r = 0; r < duckdb_data_chunk_get_size(chunk) && !rc; r++, at++) {
            const char **keys = mg_arena_array(arena, n_columns + 1, sizeof(*keys));
            if (!keys)
                rc = mg_fail_memory(error);
            for (size_t c = 0; c < n_columns && keys; c++)
                keys[c] = mg_duck_text(arena, duckdb_data_chunk_get_vector(chunk, c), r);
            counts[at] = (struct mg_count){.keys = keys, .n = n[r], .weight = n[r] ? weight[r] : 0};
        }
        duckdb_destroy_data_chunk(&chunk);
    }
    return rc;
}

int mg_duck_counts(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                   const char *const *columns, size_t n_columns, const char *weight,
                   const struct mg_filter *filters, size_t n_filters, size_t max,
                   struct mg_count **ret_counts, size_t *ret_n, struct mg_error *error)
{
    struct mg_duck_session session;
    struct mg_duck_sql sql;
    duckdb_result result;
    int rc = mg_duck_session_open(column, arena, source, &session, error);
    if (rc)
        return rc;
    mg_duck_sql_init(&sql);
    rc = build_counts(&session, &sql, columns, n_columns, weight, filters, n_filters, max, error);
    rc = mg_duck_ask_last(&session, &sql, rc, &result, error);
    if (rc)
        return rc;
    size_t n = duckdb_row_count(&result);
    struct mg_count *counts = n > max ? NULL : mg_arena_array(arena, n + 1, sizeof(*counts));
    if (n > max)
        rc = mg_fail(error, MG_E_LIMIT, "The columns have more than %zu different values together.", max);
    else
        rc = counts ? read_counts(arena, &result, n_columns, counts, error) : mg_fail_memory(error);
    duckdb_destroy_result(&result);
    if (!rc) {
        *ret_counts = counts;
        *ret_n = n;
    }
    return rc;
}

/* ---- Different values ---- */

int mg_duck_distinct(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                     const char *name, const struct mg_filter *filters, size_t n_filters,
                     struct mg_distinct *ret, struct mg_error *error)
{
    struct mg_duck_session session;
    const struct mg_duck_column *counted;
    struct mg_duck_sql sql;
    duckdb_result result;
    int rc = mg_duck_session_open(column, arena, source, &session, error);
    if (rc)
        return rc;
    mg_duck_sql_init(&sql);
    rc = mg_duck_find(&session, name, &counted, error);
    if (!rc) {
        mg_duck_sql_addf(&sql, "SELECT count(*), count(%s), count(DISTINCT hash(%s)) FROM ", counted->sql,
                         counted->sql);
        mg_duck_sql_add(&sql, session.from);
        rc = mg_duck_where(&session, &sql, filters, n_filters, error);
    }
    rc = mg_duck_ask_last(&session, &sql, rc, &result, error);
    if (rc)
        return rc;
    *ret = (struct mg_distinct){.rows = duckdb_value_int64(&result, 0, 0),
                                .present = duckdb_value_int64(&result, 1, 0),
                                .distinct = duckdb_value_int64(&result, 2, 0)};
    if (ret->present < ret->rows) /* missing ones have a hash too */
        ret->distinct--;
    duckdb_destroy_result(&result);
    return 0;
}
