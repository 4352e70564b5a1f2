/* What is in a source, in three passes: counts and ranges of all rows; the most frequent values of the first
 * ones and a guess of how many there are; then distinct values, exactly where the first rows showed few of
 * them, else estimated.
 *
 * Text formats have no types of their own: a column is a number when every present value reads as one, "NA"
 * and the like aside (they count as missing then, as they do in every analysis). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"

#define SAMPLES 12
#define FIRST_ROWS 100000
#define FEW_DISTINCT 20000 /* among the first rows: then all are counted exactly */
#define EXACT_ROWS 100000  /* sources of at most so many rows are always counted exactly */

/* What a text column may hold instead of a number without becoming text. */
#define NO_ANSWER "('NA', 'N/A', '#N/A', 'NaN', 'nan', 'NULL', 'null', '-', '.')"

/* Results of the pass over all rows per column, in this order. */
enum field { N, LOW, HIGH, N_NUMBER, N_INTEGER, N_TIME, N_BOOLEAN, N_NONE, FIELDS };

static void add_parts(struct mg_sql *sql, const char *const *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mg_sql_add(sql, parts[i]);
}

static void add_fields(struct mg_sql *sql, const struct mg_duck_column *column)
{
    const char *text = column->text, *number = column->number;
    const char *const all[] = {
        ", count(",
        text,
        ")",
        ", min(CASE WHEN isfinite(CAST(",
        number,
        " AS DOUBLE)) THEN CAST(",
        number,
        " AS DOUBLE) END)",
        ", max(CASE WHEN isfinite(CAST(",
        number,
        " AS DOUBLE)) THEN CAST(",
        number,
        " AS DOUBLE) END)",
        ", count(",
        number,
        ")",
        ", count(CASE WHEN trunc(CAST(",
        number,
        " AS DOUBLE)) = CAST(",
        number,
        " AS DOUBLE) THEN 1 END)",
    };
    const char *const of_text[] = {
        ", count(CASE WHEN ",
        text,
        " LIKE '____-__-__%' THEN TRY_CAST(",
        text,
        " AS TIMESTAMP) END)",
        ", count(CASE WHEN ",
        text,
        " IN ('true', 'false', 'TRUE', 'FALSE', 'True', 'False') THEN 1 END)",
        ", count(CASE WHEN ",
        text,
        " IN " NO_ANSWER " THEN 1 END)",
    };
    add_parts(sql, all, ARRAY_LEN(all));
    if (column->type == MG_TYPE_TEXT)
        add_parts(sql, of_text, ARRAY_LEN(of_text));
    else
        mg_sql_add(sql, ", CAST(0 AS BIGINT), CAST(0 AS BIGINT), CAST(0 AS BIGINT)");
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

static void read_info(duckdb_data_chunk chunk, size_t at, const struct mg_duck_column *column, int64_t rows,
                      struct mg_column_info *info)
{
    *info = (struct mg_column_info){.name = column->name, .type = column->type, .min = NAN, .max = NAN};
    if (column->type == MG_TYPE_TEXT)
        info->type = guess_type(chunk, at);
    info->n = whole(chunk, at + N);
    if (info->type == MG_TYPE_INTEGER || info->type == MG_TYPE_NUMBER) {
        info->n = whole(chunk, at + N_NUMBER);
        info->min = number(chunk, at + LOW);
        info->max = number(chunk, at + HIGH);
    }
    info->n_missing = rows - info->n;
}

/* The result of a query of one row; texts of the chunk live as long as the result. */
struct answer {
    duckdb_result result;
    duckdb_data_chunk chunk;
};

static void answer_done(struct answer *answer)
{
    duckdb_destroy_data_chunk(&answer->chunk);
    duckdb_destroy_result(&answer->result);
}

static int ask(const struct mg_duck_session *session, struct mg_sql *sql, struct answer *ret_answer,
               struct mg_error *error)
{
    int rc = mg_sql_run(sql, session->connection, session->label, false, &ret_answer->result, error);
    mg_sql_done(sql);
    if (rc)
        return rc;
    ret_answer->chunk = duckdb_fetch_chunk(ret_answer->result);
    if (ret_answer->chunk)
        return 0;
    duckdb_destroy_result(&ret_answer->result);
    return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

static int count_all(const struct mg_duck_session *session, struct mg_source_info *info,
                     struct mg_column_info *columns, struct mg_error *error)
{
    struct mg_sql sql;
    struct answer answer;
    size_t used = 0;

    mg_sql_init(&sql);
    mg_sql_add(&sql, "SELECT count(*)");
    for (size_t c = 0; c < session->n_columns; c++)
        if (!session->columns[c].system)
            add_fields(&sql, &session->columns[c]);
    mg_sql_add(&sql, " FROM ");
    mg_sql_add(&sql, session->from);
    int rc = ask(session, &sql, &answer, error);
    if (rc)
        return rc;
    info->rows = whole(answer.chunk, 0);
    for (size_t c = 0; c < session->n_columns; c++)
        if (!session->columns[c].system) {
            read_info(answer.chunk, 1 + used * FIELDS, &session->columns[c], info->rows, &columns[used]);
            used++;
        }
    info->n_columns = used;
    answer_done(&answer);
    return 0;
}

/* The first rows' most frequent values; n_distinct gets their estimated number. */
static int look_at_first(const struct mg_duck_session *session, struct mg_arena *arena,
                         struct mg_column_info *columns, struct mg_error *error)
{
    struct mg_sql sql;
    struct answer answer;
    size_t used = 0;

    mg_sql_init(&sql);
    mg_sql_add(&sql, "SELECT 1");
    for (size_t c = 0; c < session->n_columns; c++) {
        const char *text = session->columns[c].text;
        const char *const parts[] = {", approx_count_distinct(", text, "), approx_top_k(", text, ", 12)"};
        if (!session->columns[c].system)
            add_parts(&sql, parts, ARRAY_LEN(parts));
    }
    mg_sql_add(&sql, " FROM (SELECT * FROM ");
    mg_sql_add(&sql, session->from);
    mg_sql_addf(&sql, " LIMIT %d)", FIRST_ROWS);
    int rc = ask(session, &sql, &answer, error);
    if (rc)
        return rc;
    for (size_t c = 0; c < session->n_columns; c++)
        if (!session->columns[c].system) {
            columns[used].n_distinct = whole(answer.chunk, 1 + 2 * used);
            read_samples(arena, answer.chunk, 2 + 2 * used, &columns[used]);
            used++;
        }
    answer_done(&answer);
    return 0;
}

static int count_distinct(const struct mg_duck_session *session, const struct mg_source_info *info,
                          struct mg_column_info *columns, struct mg_error *error)
{
    struct mg_sql sql;
    struct answer answer;
    size_t at = 0;

    mg_sql_init(&sql);
    mg_sql_add(&sql, "SELECT 1");
    for (size_t c = 0; c < session->n_columns; c++) {
        const struct mg_duck_column *column = &session->columns[c];
        if (column->system)
            continue;
        const struct mg_column_info *is = &columns[at++];
        bool exact = info->rows <= EXACT_ROWS || is->n_distinct <= FEW_DISTINCT;
        bool numeric = is->type == MG_TYPE_INTEGER || is->type == MG_TYPE_NUMBER;
        const char *const parts[] = {exact ? ", count(DISTINCT " : ", approx_count_distinct(",
                                     numeric ? column->number : column->text, ")"};
        add_parts(&sql, parts, ARRAY_LEN(parts));
    }
    mg_sql_add(&sql, " FROM ");
    mg_sql_add(&sql, session->from);
    int rc = ask(session, &sql, &answer, error);
    if (rc)
        return rc;
    for (size_t c = 0; c < info->n_columns; c++) {
        int64_t n = whole(answer.chunk, 1 + c);
        columns[c].n_distinct = n < columns[c].n ? n : columns[c].n; /* an estimate may be too high */
    }
    answer_done(&answer);
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
    rc = columns ? count_all(&session, &info, columns, error)
                 : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    if (!rc)
        rc = look_at_first(&session, arena, columns, error);
    if (!rc)
        rc = count_distinct(&session, &info, columns, error);
    mg_duck_session_close(&session);
    if (!rc) {
        info.columns = columns;
        *ret_info = info;
    }
    return rc;
}
