/* Runs generated queries on any engine: binds the values, steps, and copies each row into its structure as
 * the query's field table says. Arrays of rows double in the arena, so a result of n rows costs at most about
 * 3n places. */
#include "store/db.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define FIRST_ROWS ((size_t)16)

struct mg_value mg_value_text(const char *text)
{
    if (!text)
        return (struct mg_value){.type = MG_VALUE_NULL};
    return (struct mg_value){.type = MG_VALUE_TEXT, .bytes = {text, strlen(text)}};
}

struct mg_value mg_value_int(int64_t value)
{
    return (struct mg_value){.type = MG_VALUE_INT, .integer = value};
}

struct mg_value mg_value_int_or_null(const int64_t *value)
{
    return value ? mg_value_int(*value) : (struct mg_value){.type = MG_VALUE_NULL};
}

struct mg_value mg_value_real(double value)
{
    if (isnan(value))
        return (struct mg_value){.type = MG_VALUE_NULL};
    return (struct mg_value){.type = MG_VALUE_REAL, .real = value};
}

struct mg_value mg_value_real_or_null(const double *value)
{
    return value ? mg_value_real(*value) : (struct mg_value){.type = MG_VALUE_NULL};
}

struct mg_value mg_value_blob(struct mg_blob blob)
{
    if (!blob.data)
        return (struct mg_value){.type = MG_VALUE_NULL};
    return (struct mg_value){.type = MG_VALUE_BLOB, .bytes = blob};
}

static int no_memory(struct mg_error *error)
{
    return mg_fail(error, MG_E_NO_MEMORY,
                   "The result of this query does not fit in the memory allowed for one request.");
}

/* Copies `size` bytes to the arena and stores their address at `target`. */
static int store_pointer(struct mg_arena *arena, const void *bytes, size_t size, void *target,
                         struct mg_error *error)
{
    void *copy = mg_arena_alloc(arena, size);
    if (!copy)
        return no_memory(error);
    memcpy(copy, bytes, size);
    memcpy(target, &copy, sizeof copy);
    return 0;
}

static int store_text(struct mg_arena *arena, const struct mg_value *value, char *target,
                      struct mg_error *error)
{
    char *text =
        value->type == MG_VALUE_NULL ? NULL : mg_arena_strndup(arena, value->bytes.data, value->bytes.size);
    if (!text && value->type != MG_VALUE_NULL)
        return no_memory(error);
    memcpy(target, &text, sizeof text);
    return 0;
}

static int store_blob(struct mg_arena *arena, const struct mg_value *value, char *target,
                      struct mg_error *error)
{
    struct mg_blob blob = {NULL, 0};
    if (value->type == MG_VALUE_BLOB) {
        blob.size = value->bytes.size;
        char *copy = mg_arena_alloc(arena, blob.size);
        if (!copy)
            return no_memory(error);
        if (blob.size)
            memcpy(copy, value->bytes.data, blob.size);
        blob.data = copy;
    }
    memcpy(target, &blob, sizeof blob);
    return 0;
}

/* `target` is where the field lies in the row; rows come zeroed, so NULL numbers keep their NULL pointer. */
static int store_field(struct mg_arena *arena, unsigned type, const struct mg_value *value, char *target,
                       struct mg_error *error)
{
    bool nullable = type & MG_VALUE_NULLABLE;
    type &= ~(unsigned)MG_VALUE_NULLABLE;
    if (!nullable && value->type == MG_VALUE_NULL)
        return mg_fail(error, MG_E_ENGINE, "The record holds an empty value where there must be one.");
    if (type == MG_VALUE_TEXT)
        return store_text(arena, value, target, error);
    if (type == MG_VALUE_BLOB)
        return store_blob(arena, value, target, error);
    if (value->type == MG_VALUE_NULL)
        return 0;
    double real = value->type == MG_VALUE_INT ? (double)value->integer : value->real;
    int64_t integer = value->type == MG_VALUE_REAL ? (int64_t)value->real : value->integer;
    const void *bytes = type == MG_VALUE_INT ? (const void *)&integer : (const void *)&real;
    if (nullable)
        return store_pointer(arena, bytes, sizeof(int64_t), target, error);
    memcpy(target, bytes, sizeof(int64_t));
    return 0;
}

static int store_row(struct mg_db *db, struct mg_arena *arena, const struct mg_query *query, char *row,
                     struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < query->n_fields && rc == 0; i++) {
        struct mg_value value;
        db->engine->column(db, i, &value);
        rc = store_field(arena, query->fields[i].type, &value, row + query->fields[i].offset, error);
        if (rc == MG_E_ENGINE)
            mg_fail_at(error, "%s, column %zu", query->name, i + 1);
    }
    return rc;
}

static int start(struct mg_db *db, const struct mg_query *query, const struct mg_value *values,
                 struct mg_error *error)
{
    int rc = db->engine->start(db, query, error);
    for (size_t i = 0; i < query->n_params && rc == 0; i++)
        rc = db->engine->bind(db, i + 1, &values[i], error);
    return rc;
}

int mg_db_tally(struct mg_db *db, mg_tally_fn *add, const char *key, int64_t n, struct mg_error *error)
{
    return db->engine->tally(db, add, key, n, error);
}

int mg_query_one(struct mg_db *db, struct mg_arena *arena, const struct mg_query *query,
                 const struct mg_value *values, void *ret_row, struct mg_error *error)
{
    int rc = start(db, query, values, error);
    if (rc == 0)
        rc = db->engine->step(db, error);
    if (rc == 0) {
        rc = mg_fail(error, MG_E_NOT_FOUND, "There is no such record.");
    } else if (rc > 0) {
        char *row = mg_arena_alloc(arena, query->row_size);
        rc = row ? store_row(db, arena, query, row, error) : no_memory(error);
        if (rc == 0)
            rc = db->engine->step(db, error); /* to its end: INSERT … RETURNING is done only then */
        if (rc >= 0) {
            memcpy(ret_row, row, query->row_size);
            rc = 0;
        }
    }
    db->engine->finish(db);
    return rc;
}

/* Room for one more row, zeroed. */
static char *next_row(struct mg_arena *arena, const struct mg_query *query, char **rows, size_t n,
                      size_t *capacity)
{
    if (n == *capacity) {
        size_t wider = *capacity ? *capacity * 2 : FIRST_ROWS;
        char *copy = mg_arena_array(arena, wider, query->row_size);
        if (!copy)
            return NULL;
        if (n)
            memcpy(copy, *rows, n * query->row_size);
        *rows = copy;
        *capacity = wider;
    }
    return *rows + n * query->row_size;
}

int mg_query_many(struct mg_db *db, struct mg_arena *arena, const struct mg_query *query,
                  const struct mg_value *values, void **ret_rows, size_t *ret_n, struct mg_error *error)
{
    char *rows = NULL;
    size_t n = 0, capacity = 0;
    int rc = start(db, query, values, error);
    while (rc == 0 && (rc = db->engine->step(db, error)) > 0) {
        if (n == MG_QUERY_ROWS_MAX) {
            rc = mg_fail(error, MG_E_LIMIT, "A query returned more than %zu rows.", MG_QUERY_ROWS_MAX);
            break;
        }
        char *row = next_row(arena, query, &rows, n++, &capacity);
        rc = row ? store_row(db, arena, query, row, error) : no_memory(error);
    }
    db->engine->finish(db);
    if (rc < 0)
        return rc;
    *ret_rows = rows;
    *ret_n = n;
    return 0;
}

int mg_query_exec(struct mg_db *db, const struct mg_query *query, const struct mg_value *values,
                  int64_t *ret_changes, struct mg_error *error)
{
    int rc = start(db, query, values, error);
    while (rc == 0 && (rc = db->engine->step(db, error)) > 0)
        rc = 0;
    if (rc == 0 && ret_changes)
        *ret_changes = db->engine->changes(db);
    db->engine->finish(db);
    return rc;
}
