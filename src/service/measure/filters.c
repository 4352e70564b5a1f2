/* Filters as people write them → the checked list that the engine takes. */
#include <string.h>

#include "base/percent.h"
#include "base/str.h"
#include "column/file.h"
#include "service/measure/pass.h"

#define FILTERS_MAX 8 /* each costs a pass over what it leaves out (outside.c) */
#define VALUES_MAX 200

struct filters {
    struct mg_arena *arena;
    const struct mg_measure_request *base;
    bool any_column;
    struct mg_filter *list;
    size_t n;
    struct mg_error *error;
};

static int begin(struct filters *f)
{
    f->list = mg_arena_array(f->arena, FILTERS_MAX, sizeof *f->list);
    return f->list ? 0 : mg_fail_memory(f->error);
}

static const char *column_of(const struct filters *f, const char *name)
{
    const struct mg_grouping *group = mg_study_find_group(f->base->study, name);
    if (group)
        return group->column;
    if (strcmp(name, "wave") == 0 && mg_measure_wave_column(f->base))
        return mg_measure_wave_column(f->base);
    return f->any_column ? name : NULL;
}

/* A filter said twice is one. */
static bool is_there(const struct filters *f, const struct mg_filter *filter)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->list[i].column, filter->column) == 0 && f->list[i].n_values == filter->n_values &&
            mg_str_all_equal(f->list[i].values, filter->values, filter->n_values))
            return true;
    return false;
}

static int add(struct filters *f, const char *name, const char *const *values, size_t n_values)
{
    const char *column = column_of(f, name);
    if (!column) {
        mg_fail(f->error, MG_E_INVALID, "The study has no group “%s” to filter by.", name);
        mg_fail_at(f->error, "filter");
        return MG_E_INVALID;
    }
    const struct mg_filter filter = {
        .column = column, .op = MG_FILTER_IN, .values = values, .n_values = n_values};
    if (is_there(f, &filter))
        return 0;
    if (f->n == FILTERS_MAX) {
        mg_fail(f->error, MG_E_LIMIT, "There are more than %d filters.", FILTERS_MAX);
        mg_fail_at(f->error, "filter");
        return MG_E_LIMIT;
    }
    f->list[f->n++] = filter;
    return 0;
}

static int malformed(struct filters *f, const char *text, bool query)
{
    mg_fail(f->error, MG_E_INVALID, "The filter “%s” can't be read.", text);
    if (query)
        mg_fail_hint(f->error, "Write group:value,value;group:value.");
    else
        mg_fail_hint(f->error, "Write COLUMN=VALUE or COLUMN=VALUE,VALUE; quote a value that holds a comma.");
    mg_fail_at(f->error, "filter");
    return MG_E_INVALID;
}

/* The next of the comma-separated values at *cursor, unquoted ("a ""b""" → a "b"); NULL when a quote isn't
 * closed. */
static char *next_value(struct mg_arena *arena, const char **cursor)
{
    const char *p = *cursor;
    char *value = mg_arena_alloc(arena, strlen(p) + 1), *out = value;
    if (!value)
        return NULL;
    bool quoted = *p == '"';
    for (p += quoted; *p && (quoted || *p != ','); p++) {
        if (quoted && *p == '"' && p[1] != '"')
            break;
        if (quoted && *p == '"')
            p++;
        *out++ = *p;
    }
    if (quoted && (*p++ != '"' || (*p && *p != ',')))
        return NULL;
    *cursor = p;
    return value;
}

static int add_option(struct filters *f, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return malformed(f, text, false);
    const char **values = mg_arena_array(f->arena, VALUES_MAX, sizeof *values);
    const char *name = mg_arena_strndup(f->arena, text, (size_t)(equals - text));
    if (!values || !name)
        return mg_fail_memory(f->error);
    size_t n = 0;
    for (const char *cursor = equals + 1;; cursor++) {
        if (n == VALUES_MAX)
            return mg_fail(f->error, MG_E_LIMIT, "A filter has more than %d values.", VALUES_MAX);
        values[n] = next_value(f->arena, &cursor);
        if (!values[n++])
            return malformed(f, text, false);
        if (!*cursor)
            break;
    }
    return add(f, name, values, n);
}

int mg_measure_filters_of_options(struct mg_arena *arena, const struct mg_measure_request *base,
                                  const char *const *texts, size_t n, const struct mg_filter **ret_filters,
                                  size_t *ret_n, struct mg_error *error)
{
    struct filters f = {.arena = arena, .base = base, .any_column = true, .error = error};
    int rc = begin(&f);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_option(&f, texts[i]);
    if (rc)
        return rc;
    *ret_filters = f.list;
    *ret_n = f.n;
    return 0;
}

/* "group:value,value" (its own copy; is cut up). */
static int add_query_part(struct filters *f, char *part, const char *query)
{
    char *colon = strchr(part, ':');
    const char **values = mg_arena_array(f->arena, VALUES_MAX, sizeof *values);
    if (!values)
        return mg_fail_memory(f->error);
    if (!colon || colon == part || mg_str_has_empty_part(colon + 1, ','))
        return malformed(f, query, true);
    *colon = '\0';
    size_t n = 0;
    char *save = NULL;
    for (char *value = strtok_r(colon + 1, ",", &save); value; value = strtok_r(NULL, ",", &save)) {
        if (n == VALUES_MAX)
            return mg_fail(f->error, MG_E_LIMIT, "A filter has more than %d values.", VALUES_MAX);
        if (!mg_percent_decode(value))
            return malformed(f, query, true);
        values[n++] = value;
    }
    if (!mg_percent_decode(part))
        return malformed(f, query, true);
    return add(f, part, values, n);
}

int mg_measure_filters_of_query(struct mg_arena *arena, const struct mg_measure_request *base,
                                const char *query, const struct mg_filter **ret_filters, size_t *ret_n,
                                struct mg_error *error)
{
    struct filters f = {.arena = arena, .base = base, .error = error};
    int rc = begin(&f);
    char *copy = mg_arena_strdup(arena, query ? query : ""), *save = NULL;
    if (!copy)
        return mg_fail_memory(error);
    if (*copy && mg_str_has_empty_part(copy, ';'))
        return malformed(&f, query, true);
    for (char *part = strtok_r(copy, ";", &save); rc == 0 && part; part = strtok_r(NULL, ";", &save))
        rc = add_query_part(&f, part, query);
    if (rc)
        return rc;
    *ret_filters = f.list;
    *ret_n = f.n;
    return 0;
}
