/* Building and running SQL: quoted names, bound values. */
#include <time.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"

void mg_duck_sql_init(struct mg_duck_sql *sql)
{
    *sql = (struct mg_duck_sql){0};
    mg_buf_init(&sql->text, MG_DUCK_SQL_MAX);
}

void mg_duck_sql_done(struct mg_duck_sql *sql)
{
    mg_buf_done(&sql->text);
    free(sql->values);
    *sql = (struct mg_duck_sql){0};
}

void mg_duck_sql_add(struct mg_duck_sql *sql, const char *text)
{
    mg_buf_puts(&sql->text, text);
}

void mg_duck_sql_addf(struct mg_duck_sql *sql, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof(text))
        sql->text.failed = true;
    else
        mg_buf_puts(&sql->text, text);
}

static void quoted(struct mg_buf *buf, const char *text, char mark)
{
    mg_buf_putc(buf, mark);
    for (; *text; text++) {
        if (*text == mark)
            mg_buf_putc(buf, mark);
        mg_buf_putc(buf, *text);
    }
    mg_buf_putc(buf, mark);
}

void mg_duck_sql_ident(struct mg_buf *buf, const char *name)
{
    quoted(buf, name, '"');
}

void mg_duck_sql_literal(struct mg_buf *buf, const char *text)
{
    quoted(buf, text, '\'');
}

static void bind(struct mg_duck_sql *sql, struct mg_duck_sql_value value)
{
    if (sql->n_values == sql->cap_values) {
        size_t cap = sql->cap_values ? sql->cap_values * 2 : 16;
        struct mg_duck_sql_value *values = realloc(sql->values, cap * sizeof(*values));
        if (!values) {
            sql->text.failed = true;
            return;
        }
        sql->values = values;
        sql->cap_values = cap;
    }
    sql->values[sql->n_values++] = value;
    mg_duck_sql_addf(sql, "$%zu", sql->n_values);
}

void mg_duck_sql_bind_text(struct mg_duck_sql *sql, const char *text)
{
    bind(sql, (struct mg_duck_sql_value){.text = text});
}

void mg_duck_sql_bind_number(struct mg_duck_sql *sql, double number)
{
    bind(sql, (struct mg_duck_sql_value){.number = number});
}

void mg_duck_sql_bind_id(struct mg_duck_sql *sql, uint64_t id)
{
    bind(sql, (struct mg_duck_sql_value){.id = id});
}

static bool bind_all(const struct mg_duck_sql *sql, duckdb_prepared_statement statement)
{
    for (size_t i = 0; i < sql->n_values; i++) {
        const struct mg_duck_sql_value *value = &sql->values[i];
        duckdb_state state = value->text ? duckdb_bind_varchar(statement, i + 1, value->text)
                             : value->id ? duckdb_bind_uint64(statement, i + 1, value->id)
                                         : duckdb_bind_double(statement, i + 1, value->number);
        if (state != DuckDBSuccess)
            return false;
    }
    return true;
}

#define NOTHING_TO_DO_NS 50000

/* Takes part in the work until the result is ready. Where the other threads have all that is left of it, this
 * one sleeps: the engine's own wait would turn in a loop and take a core from them. */
static void help(duckdb_pending_result pending)
{
    static const struct timespec moment = {.tv_nsec = NOTHING_TO_DO_NS};
    duckdb_pending_state state;
    do {
        state = duckdb_pending_execute_task(pending);
        if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE)
            nanosleep(&moment, NULL);
    } while (!duckdb_pending_execution_is_finished(state) && state != DUCKDB_PENDING_ERROR);
}

static int execute(duckdb_prepared_statement statement, const char *label, bool stream,
                   duckdb_result *ret_result, struct mg_error *error)
{
    duckdb_pending_result pending = NULL;
    int rc = 0;

    duckdb_state state = stream ? duckdb_pending_prepared_streaming(statement, &pending)
                                : duckdb_pending_prepared(statement, &pending);
    if (state == DuckDBSuccess)
        help(pending);
    if (state != DuckDBSuccess) {
        rc = mg_duck_fail(error, label, duckdb_pending_error(pending));
    } else if (duckdb_execute_pending(pending, ret_result) != DuckDBSuccess) {
        rc = mg_duck_fail(error, label, duckdb_result_error(ret_result));
        duckdb_destroy_result(ret_result);
    }
    duckdb_destroy_pending(&pending);
    return rc;
}

/* Without values and as a whole: prepared, a scan of a file would be planned twice. */
static int run_at_once(const struct mg_duck_sql *sql, duckdb_connection connection, const char *label,
                       duckdb_result *ret_result, struct mg_error *error)
{
    if (duckdb_query(connection, sql->text.data, ret_result) == DuckDBSuccess)
        return 0;
    int rc = mg_duck_fail(error, label, duckdb_result_error(ret_result));
    duckdb_destroy_result(ret_result);
    return rc;
}

int mg_duck_sql_run(struct mg_duck_sql *sql, duckdb_connection connection, const char *label, bool stream,
                    duckdb_result *ret_result, struct mg_error *error)
{
    duckdb_prepared_statement statement = NULL;
    int rc;

    if (sql->text.failed)
        return mg_fail(error, MG_E_LIMIT, "The request on %s is too long.", label);
    if (!stream && sql->n_values == 0)
        return run_at_once(sql, connection, label, ret_result, error);
    if (duckdb_prepare(connection, sql->text.data, &statement) != DuckDBSuccess)
        rc = mg_duck_fail(error, label, duckdb_prepare_error(statement));
    else if (!bind_all(sql, statement))
        rc = mg_fail(error, MG_E_INVALID, "A filter value of the request on %s is not UTF-8 text.", label);
    else
        rc = execute(statement, label, stream, ret_result, error);
    duckdb_destroy_prepare(&statement);
    return rc;
}

int mg_duck_ask(const struct mg_duck_session *session, struct mg_duck_sql *sql, bool stream,
                duckdb_result *ret_result, struct mg_error *error)
{
    int rc = mg_duck_sql_run(sql, session->connection, session->label, stream, ret_result, error);
    return rc ? mg_duck_source_failed(session, rc, error) : 0;
}

int mg_duck_ask_last(struct mg_duck_session *session, struct mg_duck_sql *sql, int rc,
                     duckdb_result *ret_result, struct mg_error *error)
{
    if (!rc)
        rc = mg_duck_ask(session, sql, false, ret_result, error);
    mg_duck_sql_done(sql);
    mg_duck_session_close(session);
    return rc;
}

int mg_duck_stream_end(const struct mg_duck_session *session, duckdb_result *result, struct mg_error *error)
{
    const char *text = duckdb_result_error(result);
    if (!text || !*text)
        return 0;
    return mg_duck_source_failed(session, mg_duck_fail(error, session->label, text), error);
}

/* One of _id and _seq, whatever the case and the number of underscores. */
static bool is_ours(const char *name)
{
    const char *word = name + strspn(name, "_");
    return word > name && (mg_str_equal_nocase(word, "id") || mg_str_equal_nocase(word, "seq"));
}

const char *mg_duck_kept_name(const char *name, char *scratch)
{
    if (!is_ours(name))
        return name;
    snprintf(scratch, MG_COLUMN_NAME_MAX + 2, "_%s", name);
    return scratch;
}

const char *mg_duck_shown_name(const char *kept)
{
    return is_ours(kept) && kept[1] == '_' ? kept + 1 : kept;
}

const char *mg_duck_text(struct mg_arena *arena, duckdb_vector vector, idx_t row)
{
    uint64_t *valid = duckdb_vector_get_validity(vector);
    if (valid && !duckdb_validity_row_is_valid(valid, row))
        return NULL;
    duckdb_string_t *text = &((duckdb_string_t *)duckdb_vector_get_data(vector))[row];
    return mg_arena_strndup(arena, duckdb_string_t_data(text), duckdb_string_t_length(*text));
}

struct mg_moments_input mg_duck_input(duckdb_vector vector, enum mg_moments_type type)
{
    return (struct mg_moments_input){type, duckdb_vector_get_data(vector),
                                     duckdb_vector_get_validity(vector)};
}
