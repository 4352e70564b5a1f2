/* What is in a source: one pass for counts, ranges and the most frequent values, a second one for exact
 * distinct counts where they are few enough.
 *
 * Text formats have no types of their own: a column is a number when every present value reads as one, "NA"
 * and the like aside (they count as missing then, as they do in every analysis). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"

#define SAMPLES 12
#define EXACT_MAX 100000

/* What a text column may hold instead of a number without becoming text. */
#define NO_ANSWER "('NA', 'N/A', '#N/A', 'NaN', 'nan', 'NULL', 'null', '-', '.')"

/* Results per column in this order. */
enum field { N, DISTINCT, LOW, HIGH, N_NUMBER, N_INTEGER, N_TIME, N_BOOLEAN, N_NONE, TOP, FIELDS };

static void add_fields(struct mg_sql *sql, const struct mg_duck_column *column)
{
    const char *text = column->text;
    const char *const parts[][3] = {
        {", count(", text, ")"},
        {", approx_count_distinct(", text, ")"},
        {", min(CASE WHEN isfinite(CAST(", column->number, " AS DOUBLE)) THEN "},
        {"CAST(", column->number, " AS DOUBLE) END)"},
        {", max(CASE WHEN isfinite(CAST(", column->number, " AS DOUBLE)) THEN "},
        {"CAST(", column->number, " AS DOUBLE) END)"},
        {", count(", column->number, ")"},
        {", count(CASE WHEN trunc(CAST(", column->number, " AS DOUBLE)) = "},
        {"CAST(", column->number, " AS DOUBLE) THEN 1 END)"},
        {", count(TRY_CAST(", text, " AS TIMESTAMP))"},
        {", count(CASE WHEN lower(", text, ") IN ('true', 'false') THEN 1 END)"},
        {", count(CASE WHEN ", text, " IN " NO_ANSWER " THEN 1 END)"},
        {", approx_top_k(", text, ", 12)"},
    };
    for (size_t p = 0; p < ARRAY_LEN(parts); p++)
        for (size_t i = 0; i < 3; i++)
            mg_sql_add(sql, parts[p][i]);
}

static int64_t whole(duckdb_data_chunk chunk, size_t at)
{
    return ((int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, at)))[0];
}

static double number(duckdb_data_chunk chunk, size_t at)
{
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, at);
    uint64_t *valid = duckdb_vector_get_validity(vector);
    if (valid && !duckdb_validity_row_is_valid(valid, 0))
        return NAN;
    return ((double *)duckdb_vector_get_data(vector))[0];
}

static bool is_no_answer(const char *text)
{
    static const char *const codes[] = {"NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "-", "."};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (mg_str_equal(text, codes[i]))
            return true;
    return false;
}

static void read_samples(struct mg_arena *arena, duckdb_data_chunk chunk, size_t at,
                         struct mg_column_info *info)
{
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, at);
    uint64_t *valid = duckdb_vector_get_validity(vector);
    if (valid && !duckdb_validity_row_is_valid(valid, 0))
        return;
    duckdb_list_entry entry = ((duckdb_list_entry *)duckdb_vector_get_data(vector))[0];
    duckdb_vector child = duckdb_list_vector_get_child(vector);
    const char **samples = mg_arena_array(arena, SAMPLES, sizeof(*samples));
    bool numeric = info->type == MG_TYPE_INTEGER || info->type == MG_TYPE_NUMBER;
    for (uint64_t i = 0; i < entry.length && samples && info->n_samples < SAMPLES; i++) {
        const char *text = mg_duck_text(arena, child, entry.offset + i);
        if (text && !(numeric && is_no_answer(text)))
            samples[info->n_samples++] = text;
    }
    info->samples = samples;
}

/* The type that the values of a text column speak for. */
static enum mg_column_type guess_type(duckdb_data_chunk chunk, size_t at)
{
    int64_t n = whole(chunk, at + N), numbers = whole(chunk, at + N_NUMBER);
    if (n == 0)
        return MG_TYPE_TEXT;
    if (numbers > 0 && numbers + whole(chunk, at + N_NONE) >= n)
        return whole(chunk, at + N_INTEGER) == numbers ? MG_TYPE_INTEGER : MG_TYPE_NUMBER;
    if (whole(chunk, at + N_TIME) == n)
        return MG_TYPE_TIME;
    return whole(chunk, at + N_BOOLEAN) == n ? MG_TYPE_BOOLEAN : MG_TYPE_TEXT;
}

static void read_info(struct mg_arena *arena, duckdb_data_chunk chunk, size_t at,
                      const struct mg_duck_column *column, int64_t rows, struct mg_column_info *info)
{
    *info = (struct mg_column_info){.name = column->name, .type = column->type, .min = NAN, .max = NAN};
    if (column->text_typed || column->type == MG_TYPE_TEXT)
        info->type = guess_type(chunk, at);
    info->n = whole(chunk, at + N);
    info->n_distinct = whole(chunk, at + DISTINCT);
    if (info->n_distinct > info->n)
        info->n_distinct = info->n;
    if (info->type == MG_TYPE_INTEGER || info->type == MG_TYPE_NUMBER) {
        info->n = whole(chunk, at + N_NUMBER);
        info->min = number(chunk, at + LOW);
        info->max = number(chunk, at + HIGH);
    }
    info->n_missing = rows - info->n;
    read_samples(arena, chunk, at + TOP, info);
}

static int first_pass(const struct mg_duck_session *session, struct mg_arena *arena,
                      struct mg_source_info *info, struct mg_column_info *columns, struct mg_error *error)
{
    struct mg_sql sql;
    duckdb_result result;
    size_t used = 0;

    mg_sql_init(&sql);
    mg_sql_add(&sql, "SELECT count(*)");
    for (size_t c = 0; c < session->n_columns; c++)
        if (!session->columns[c].system)
            add_fields(&sql, &session->columns[c]);
    mg_sql_add(&sql, " FROM ");
    mg_sql_add(&sql, session->from);
    int rc = mg_sql_run(&sql, session->connection, session->label, false, &result, error);
    mg_sql_done(&sql);
    if (rc)
        return rc;
    duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
    info->rows = whole(chunk, 0);
    for (size_t c = 0; c < session->n_columns; c++)
        if (!session->columns[c].system) {
            read_info(arena, chunk, 1 + used * FIELDS, &session->columns[c], info->rows, &columns[used]);
            used++;
        }
    info->n_columns = used;
    duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
    return 0;
}

/* Exact distinct counts where the estimate says that they are few. */
static int second_pass(const struct mg_duck_session *session, struct mg_source_info *info,
                       struct mg_column_info *columns, struct mg_error *error)
{
    struct mg_sql sql;
    duckdb_result result;
    size_t at = 0, n = 0;

    mg_sql_init(&sql);
    for (size_t c = 0; c < session->n_columns; c++) {
        const struct mg_duck_column *column = &session->columns[c];
        if (column->system || columns[at++].n_distinct > EXACT_MAX)
            continue;
        bool numeric = columns[at - 1].type == MG_TYPE_INTEGER || columns[at - 1].type == MG_TYPE_NUMBER;
        mg_sql_add(&sql, n++ ? ", count(DISTINCT " : "SELECT count(DISTINCT ");
        mg_sql_add(&sql, numeric ? column->number : column->text);
        mg_sql_add(&sql, ")");
    }
    mg_sql_add(&sql, " FROM ");
    mg_sql_add(&sql, session->from);
    int rc = n ? mg_sql_run(&sql, session->connection, session->label, false, &result, error) : 0;
    mg_sql_done(&sql);
    if (rc || !n)
        return rc;
    duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
    n = 0;
    for (size_t c = 0; c < info->n_columns; c++)
        if (columns[c].n_distinct <= EXACT_MAX)
            columns[c].n_distinct = whole(chunk, n++);
    duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
    return 0;
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
    rc = columns ? first_pass(&session, arena, &info, columns, error)
                 : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    if (!rc)
        rc = second_pass(&session, &info, columns, error);
    mg_duck_session_close(&session);
    if (!rc) {
        info.columns = columns;
        *ret_info = info;
    }
    return rc;
}
