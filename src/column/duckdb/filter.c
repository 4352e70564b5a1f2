/* Columns by name, and filters over them as SQL with bound values. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/step.h"
#include "column/duckdb/duck.h"
#include "model/answer.h"

/* The three names nearest to `name`, as "a, b, c". */
static void nearest(const struct mg_duck_session *session, const char *name, char *ret_text, size_t size)
{
    size_t last = 0, last_at = 0;
    bool first = true;
    int used = 0;

    ret_text[0] = '\0';
    for (int k = 0; k < 3; k++) {
        size_t best = SIZE_MAX, at = SIZE_MAX;
        for (size_t c = 0; c < session->n_columns; c++) {
            size_t d = mg_str_distance(name, session->columns[c].name);
            bool later = first || d > last || (d == last && c > last_at);
            if (later && d < best && !session->columns[c].system) {
                best = d;
                at = c;
            }
        }
        if (at == SIZE_MAX)
            return;
        int n = snprintf(ret_text + used, size - (size_t)used, "%s%s", used ? ", " : "",
                         session->columns[at].name);
        if (n < 0 || (size_t)(used + n) >= size) {
            ret_text[used] = '\0';
            return;
        }
        used += n;
        last = best;
        last_at = at;
        first = false;
    }
}

static size_t find_alias(const struct mg_sheet *sheet, const char *name)
{
    for (size_t c = 0; sheet->aliases && c < sheet->n_columns; c++)
        if (sheet->aliases[c] && strcmp(sheet->aliases[c], name) == 0)
            return c;
    return SIZE_MAX;
}

int mg_duck_find(const struct mg_duck_session *session, const char *name,
                 const struct mg_duck_column **ret_column, struct mg_error *error)
{
    char names[180];
    size_t at = mg_names_find(&session->names, name);
    for (size_t c = 0; c < session->n_columns && session->table && at == SIZE_MAX; c++)
        if (session->columns[c].system && mg_str_equal(session->columns[c].name, name))
            at = c;
    if (at == SIZE_MAX && session->sheet)
        at = find_alias(session->sheet->sheet, name);
    if (at != SIZE_MAX) {
        *ret_column = &session->columns[at];
        return 0;
    }
    mg_fail(error, MG_E_NOT_FOUND, "%s has no column \"%s\".", session->label, name);
    mg_fail_at(error, "%s", name);
    nearest(session, name, names, sizeof(names));
    mg_fail_hint(error, "The nearest names are: %s.", names);
    return MG_E_NOT_FOUND;
}

/* Text is compared as text; typed numbers by value, so that "1" finds 1.0. */
static void add_list(struct mg_duck_sql *sql, const struct mg_duck_column *column,
                     const struct mg_filter *filter)
{
    bool numeric = column->type == MG_TYPE_INTEGER || column->type == MG_TYPE_NUMBER;
    mg_duck_sql_add(sql, numeric ? column->number : column->text);
    mg_duck_sql_add(sql, " IN (");
    for (size_t v = 0; v < filter->n_values; v++) {
        mg_duck_sql_add(sql, v ? ", " : "");
        mg_duck_sql_add(sql, numeric ? "TRY_CAST(CAST(" : "CAST(");
        mg_duck_sql_bind_text(sql, filter->values[v]);
        mg_duck_sql_add(sql, numeric ? " AS VARCHAR) AS DOUBLE)" : " AS VARCHAR)");
    }
    mg_duck_sql_add(sql, ")");
}

/* As mg_step_holds has it; like the range with the column once, since every expression over a column of text
 * takes memory of its own. */
static void add_steps(struct mg_duck_sql *sql, const struct mg_duck_column *column,
                      const struct mg_filter *filter)
{
    mg_duck_sql_add(sql, " AND abs(((");
    mg_duck_sql_add(sql, column->number);
    mg_duck_sql_add(sql, " - ");
    mg_duck_sql_bind_number(sql, filter->low);
    mg_duck_sql_add(sql, ") / ");
    mg_duck_sql_bind_number(sql, filter->step);
    mg_duck_sql_addf(sql, " + 0.5) %% 1 - 0.5) <= %g", MG_STEP_SLACK);
}

/* An open end stops short of infinity, which is what text that is no number reads as. */
static void add_between(struct mg_duck_sql *sql, const struct mg_duck_column *column,
                        const struct mg_filter *filter)
{
    mg_duck_sql_add(sql, "(");
    mg_duck_sql_add(sql, column->number);
    mg_duck_sql_add(sql, " BETWEEN ");
    mg_duck_sql_bind_number(sql, fmax(filter->low, -DBL_MAX));
    mg_duck_sql_add(sql, " AND ");
    mg_duck_sql_bind_number(sql, fmin(filter->high, DBL_MAX));
    if (filter->step > 0)
        add_steps(sql, column, filter);
    mg_duck_sql_add(sql, ")");
}

static int add_filter(const struct mg_duck_session *session, struct mg_duck_sql *sql,
                      const struct mg_filter *filter, struct mg_error *error)
{
    const struct mg_duck_column *column;
    int rc = mg_duck_find(session, filter->column, &column, error);
    if (rc)
        return rc;
    switch (filter->op) {
    case MG_FILTER_IN:
        if (filter->n_values == 0)
            mg_duck_sql_add(sql, "false");
        else
            add_list(sql, column, filter);
        return 0;
    case MG_FILTER_NOT_IN:
        mg_duck_sql_add(sql, "(");
        mg_duck_sql_add(sql, column->text);
        mg_duck_sql_add(sql, " IS NULL OR NOT ");
        if (filter->n_values == 0)
            mg_duck_sql_add(sql, "false");
        else
            add_list(sql, column, filter);
        mg_duck_sql_add(sql, ")");
        return 0;
    case MG_FILTER_BETWEEN:
        if (!(filter->low <= filter->high))
            return mg_fail(error, MG_E_INVALID, "The filter on %s runs from %g to %g.", filter->column,
                           filter->low, filter->high);
        add_between(sql, column, filter);
        return 0;
    case MG_FILTER_OUTSIDE:
        mg_duck_sql_add(sql, "NOT "); /* of a missing one: NULL, which keeps no row */
        add_between(sql, column, filter);
        return 0;
    case MG_FILTER_MISSING:
    case MG_FILTER_PRESENT:
        mg_duck_sql_add(sql, column->text);
        mg_duck_sql_add(sql, filter->op == MG_FILTER_MISSING ? " IS NULL" : " IS NOT NULL");
        return 0;
    }
    return mg_fail(error, MG_E_INVALID, "The filter on %s has an unknown operator.", filter->column);
}

int mg_duck_where(const struct mg_duck_session *session, struct mg_duck_sql *sql,
                  const struct mg_filter *filters, size_t n, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        mg_duck_sql_add(sql, i ? " AND " : " WHERE ");
        rc = add_filter(session, sql, &filters[i], error);
    }
    return rc;
}

/* 1 for the positive text, 0 for any other that is an answer. */
static void add_positive(struct mg_duck_sql *sql, const char *text, const char *positive,
                         const struct mg_moments_column *scale)
{
    mg_duck_sql_add(sql, "CAST(CASE WHEN ");
    mg_duck_sql_add(sql, text);
    mg_duck_sql_add(sql, " = CAST(");
    mg_duck_sql_bind_text(sql, positive);
    mg_duck_sql_add(sql, " AS VARCHAR) THEN 1 WHEN mg_number(");
    mg_duck_sql_add(sql, text);
    mg_duck_sql_add(sql, ") NOT IN (CAST('nan' AS DOUBLE)"); /* blank text is NULL */
    for (size_t i = 0; i < scale->n_missing; i++) {
        mg_duck_sql_add(sql, ", ");
        mg_duck_sql_bind_number(sql, scale->missing[i]);
    }
    mg_duck_sql_add(sql, ") THEN 0 END AS TINYINT)");
}

enum mg_moments_type mg_duck_number(struct mg_duck_sql *sql, const struct mg_duck_column *column,
                                    const char *positive, const struct mg_moments_column *scale)
{
    if (positive) {
        add_positive(sql, column->text, positive, scale);
        return MG_MOMENTS_INT8;
    }
    mg_duck_sql_add(sql, column->number);
    return column->number_type;
}

void mg_duck_weight(struct mg_duck_sql *sql, const struct mg_duck_column *column)
{
    mg_duck_sql_add(sql, "CAST(CASE WHEN ");
    mg_duck_sql_add(sql, column->number);
    mg_duck_sql_add(sql, " > 0 AND ");
    mg_duck_sql_add(sql, column->number);
    mg_duck_sql_addf(sql, " <= %.17g THEN ", MG_WEIGHT_MAX);
    mg_duck_sql_add(sql, column->number);
    mg_duck_sql_add(sql, " END AS DOUBLE)");
}

int mg_duck_where_not(const struct mg_duck_session *session, struct mg_duck_sql *sql, size_t n_before,
                      const struct mg_filter *except, size_t n, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        mg_duck_sql_add(sql, i ? " AND " : n_before ? " AND NOT coalesce(" : " WHERE NOT coalesce(");
        rc = add_filter(session, sql, &except[i], error);
    }
    mg_duck_sql_add(sql, n ? ", FALSE)" : "");
    return rc;
}
