/* Rows straight from memory into a table, typed, a data chunk at a time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "column/duckdb/duck.h"

/* ---- Cells ---- */

/* A whole number in plain digits: nearly every cell. Everything else goes through mg_parse_double. */
static bool parse_digits(const char *text, int64_t *ret)
{
    bool negative = *text == '-';
    const char *p = text + negative;
    int64_t value = 0;
    if (!*p)
        return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (p - text > 17)
            return false;
        value = value * 10 + (*p - '0');
    }
    *ret = negative ? -value : value;
    return !*p;
}

static bool put_integer(void *data, idx_t row, const char *text)
{
    int64_t value;
    double number;
    if (!parse_digits(text, &value)) {
        if (!mg_parse_double(text, &number) || !(number > -9e18 && number < 9e18) ||
            number != (double)(int64_t)number)
            return false;
        value = (int64_t)number;
    }
    ((int64_t *)data)[row] = value;
    return true;
}

/* "inf": what the record keeps of a weight that is text, and what text reads as in a file. */
static bool put_number(void *data, idx_t row, const char *text)
{
    int64_t value;
    if (strcmp(text, "inf") == 0) {
        ((double *)data)[row] = INFINITY;
        return true;
    }
    if (!parse_digits(text, &value))
        return mg_parse_double(text, &((double *)data)[row]);
    ((double *)data)[row] = (double)value;
    return true;
}

static bool put_time(void *data, idx_t row, const char *text)
{
    return mg_time_parse(text, &((int64_t *)data)[row]) == 0;
}

static bool put_boolean(void *data, idx_t row, const char *text)
{
    bool yes = mg_str_equal_nocase(text, "true") || mg_str_equal(text, "1");
    bool no = mg_str_equal_nocase(text, "false") || mg_str_equal(text, "0");
    ((bool *)data)[row] = yes;
    return yes || no;
}

static bool put_text(duckdb_vector vector, duckdb_type type, idx_t row, const char *text)
{
    void *data = duckdb_vector_get_data(vector);
    switch (type) {
    case DUCKDB_TYPE_BIGINT:
        return put_integer(data, row, text);
    case DUCKDB_TYPE_DOUBLE:
        return put_number(data, row, text);
    case DUCKDB_TYPE_TIMESTAMP:
        return put_time(data, row, text);
    case DUCKDB_TYPE_BOOLEAN:
        return put_boolean(data, row, text);
    default:
        duckdb_vector_assign_string_element(vector, row, text);
        return true;
    }
}

static bool put_value(duckdb_vector vector, duckdb_type type, idx_t row, const struct mg_datum *value)
{
    void *data = duckdb_vector_get_data(vector);
    double number = value->number;
    if (value->kind == MG_DATUM_TEXT)
        return put_text(vector, type, row, value->text);
    if (value->kind == MG_DATUM_TIME && type == DUCKDB_TYPE_TIMESTAMP) {
        ((int64_t *)data)[row] = value->time;
        return true;
    }
    if (value->kind != MG_DATUM_NUMBER)
        return false;
    if (type == DUCKDB_TYPE_DOUBLE) {
        ((double *)data)[row] = number;
        return true;
    }
    if (type != DUCKDB_TYPE_BIGINT || !(number > -9e18 && number < 9e18) || number != (double)(int64_t)number)
        return false;
    ((int64_t *)data)[row] = (int64_t)number;
    return true;
}

/* What a column of this type can't hold is missing, as it would be in a file. */
static void put_cell(duckdb_vector vector, duckdb_type type, idx_t at, const struct mg_table_row *row,
                     size_t c)
{
    const char *text = row->values ? NULL : row->cells[c];
    bool fits =
        row->values ? put_value(vector, type, at, &row->values[c]) : text && put_text(vector, type, at, text);
    if (fits)
        return;
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), at);
}

/* ---- Appending ---- */

struct mg_duck_target {
    const char *table;
    duckdb_appender appender;
    duckdb_data_chunk chunk;
    duckdb_vector *vectors; /* of the chunk */
    duckdb_type *types;
    size_t n_columns; /* with _id and _seq */
};

static int flush_chunk(struct mg_duck_target *target, size_t rows, struct mg_error *error)
{
    duckdb_data_chunk_set_size(target->chunk, rows);
    if (duckdb_append_data_chunk(target->appender, target->chunk) != DuckDBSuccess)
        return mg_duck_fail(error, target->table, duckdb_appender_error(target->appender));
    duckdb_data_chunk_reset(target->chunk);
    return 0;
}

static void put_row(struct mg_duck_target *target, idx_t at, const struct mg_table_row *row)
{
    duckdb_vector_assign_string_element(target->vectors[0], at, row->id);
    ((int64_t *)duckdb_vector_get_data(target->vectors[1]))[at] = row->sequence;
    for (size_t c = 2; c < target->n_columns; c++)
        put_cell(target->vectors[c], target->types[c], at, row, c - 2);
}

static int init_target(duckdb_connection connection, const struct mg_table_batch *batch,
                       struct mg_duck_target *target, struct mg_error *error)
{
    size_t n = target->n_columns = batch->n_columns + 2;
    char kept[MG_COLUMN_NAME_MAX + 2];
    duckdb_state state = duckdb_appender_create(connection, NULL, target->table, &target->appender);
    for (size_t c = 0; c < n && state == DuckDBSuccess; c++)
        state = duckdb_appender_add_column(target->appender,
                                           c == 0   ? "_id"
                                           : c == 1 ? "_seq"
                                                    : mg_duck_kept_name(batch->columns[c - 2], kept));
    if (state != DuckDBSuccess)
        return mg_duck_fail(error, target->table, duckdb_appender_error(target->appender));
    duckdb_logical_type *logical = calloc(n, sizeof(*logical));
    target->types = calloc(n, sizeof(*target->types));
    target->vectors = calloc(n, sizeof(*target->vectors));
    for (size_t c = 0; c < n && logical && target->types; c++) {
        logical[c] = duckdb_appender_column_type(target->appender, c);
        target->types[c] = duckdb_get_type_id(logical[c]);
    }
    if (logical && target->types && target->vectors)
        target->chunk = duckdb_create_data_chunk(logical, n);
    for (size_t c = 0; c < n && target->chunk; c++)
        target->vectors[c] = duckdb_data_chunk_get_vector(target->chunk, c);
    for (size_t c = 0; c < n && logical; c++)
        duckdb_destroy_logical_type(&logical[c]);
    free(logical);
    return target->chunk ? 0 : mg_fail_memory(error);
}

static void free_target(struct mg_duck_target *target)
{
    duckdb_destroy_data_chunk(&target->chunk);
    duckdb_appender_destroy(&target->appender);
    free(target->types);
    free(target->vectors);
    free(target);
}

int mg_duck_append_open(duckdb_connection connection, const char *table, const struct mg_table_batch *batch,
                        struct mg_duck_target **ret_target, struct mg_error *error)
{
    struct mg_duck_target *target = calloc(1, sizeof(*target));
    if (!target)
        return mg_fail_memory(error);
    target->table = table;
    int rc = init_target(connection, batch, target, error);
    if (rc)
        free_target(target);
    else
        *ret_target = target;
    return rc;
}

int mg_duck_append_rows(struct mg_duck_target *target, const struct mg_table_batch *batch,
                        const size_t *order, size_t n, struct mg_error *error)
{
    size_t filled = 0, capacity = duckdb_vector_size();
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        put_row(target, filled++, &batch->rows[order ? order[i] : i]);
        if (filled < capacity && i + 1 < n)
            continue;
        rc = flush_chunk(target, filled, error);
        filled = 0;
    }
    return rc;
}

int mg_duck_append_flush(struct mg_duck_target *target, struct mg_error *error)
{
    if (duckdb_appender_flush(target->appender) == DuckDBSuccess)
        return 0;
    return mg_duck_fail(error, target->table, duckdb_appender_error(target->appender));
}

int mg_duck_append_close(struct mg_duck_target *target, int rc, struct mg_error *error)
{
    if (!target)
        return rc;
    if (!rc)
        rc = mg_duck_append_flush(target, error);
    free_target(target);
    return rc;
}
