/* mg_sheet(address, ordered): a sheet as a table inside DuckDB's own query.
 *
 * Its columns are c0, c1, … (the cells' text; empty is NULL; times in ISO's way where they are written in
 * another), n0, n1, … (the same cells as numbers, by the model's rule: missing is NULL, what is no number is
 * infinity, which is off every scale and so is counted) and row_number, from 1. Only those that a query names
 * are made. Each of the engine's threads reads a part after the other; ordered, one thread reads all of them.
 * What goes wrong is kept with the sheet's session, since the engine would pass on a text only. */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "column/duckdb/duck.h"
#include "model/cell.h"

#define CHUNK_TEXT ((size_t)16 << 20) /* bytes of text after which a chunk ends early */

/* ---- Binding ---- */

struct bound {
    struct mg_duck_sheet *shared;
    bool ordered;
};

static void *address_of(duckdb_bind_info info)
{
    duckdb_value value = duckdb_bind_get_parameter(info, 0);
    uintptr_t address = duckdb_get_uint64(value);
    duckdb_destroy_value(&value);
    return (void *)address; /* of the session that wrote the query */
}

static bool is_ordered(duckdb_bind_info info)
{
    duckdb_value value = duckdb_bind_get_parameter(info, 1);
    bool ordered = duckdb_get_bool(value);
    duckdb_destroy_value(&value);
    return ordered;
}

static void add_columns(duckdb_bind_info info, const struct mg_sheet *sheet, char letter, duckdb_type type)
{
    char name[24];
    duckdb_logical_type logical = duckdb_create_logical_type(type);
    for (size_t c = 0; c < sheet->n_columns; c++) {
        snprintf(name, sizeof(name), "%c%zu", letter, c);
        duckdb_bind_add_result_column(info, name, logical);
    }
    duckdb_destroy_logical_type(&logical);
}

static void bind(duckdb_bind_info info)
{
    struct bound *bound = malloc(sizeof(*bound));
    if (!bound) {
        duckdb_bind_set_error(info, "Out of Memory Error");
        return;
    }
    *bound = (struct bound){address_of(info), is_ordered(info)};
    const struct mg_sheet *sheet = bound->shared->sheet;
    add_columns(info, sheet, 'c', DUCKDB_TYPE_VARCHAR);
    add_columns(info, sheet, 'n', DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type whole = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_bind_add_result_column(info, "row_number", whole);
    duckdb_destroy_logical_type(&whole);
    duckdb_bind_set_cardinality(info, (idx_t)sheet->rows, true);
    duckdb_bind_set_bind_data(info, bound, free);
}

/* ---- A scan ---- */

/* What one query reads: column i of its chunks is column indices[i] of the sheet's table. */
struct scan {
    struct mg_duck_sheet *shared;
    atomic_size_t next_part;
    size_t n;
    idx_t indices[];
};

/* What one thread of it reads. */
struct reading {
    const struct mg_sheet *sheet;
    struct mg_sheet_part *part; /* NULL: none is open */
};

static void init(duckdb_init_info info)
{
    const struct bound *bound = duckdb_init_get_bind_data(info);
    size_t n = duckdb_init_get_column_count(info);
    struct scan *scan = calloc(1, sizeof(*scan) + n * sizeof(*scan->indices));
    if (!scan) {
        duckdb_init_set_error(info, "Out of Memory Error");
        return;
    }
    scan->shared = bound->shared;
    scan->n = n;
    for (size_t i = 0; i < n; i++)
        scan->indices[i] = duckdb_init_get_column_index(info, i);
    size_t parts = bound->shared->sheet->n_parts;
    duckdb_init_set_max_threads(info, bound->ordered || parts < 1 ? 1 : parts);
    duckdb_init_set_init_data(info, scan, free);
}

static void end_reading(void *data)
{
    struct reading *reading = data;
    if (reading->part)
        reading->sheet->close(reading->part);
    free(reading);
}

static void begin_reading(duckdb_init_info info)
{
    const struct bound *bound = duckdb_init_get_bind_data(info);
    struct reading *reading = calloc(1, sizeof(*reading));
    if (!reading) {
        duckdb_init_set_error(info, "Out of Memory Error");
        return;
    }
    reading->sheet = bound->shared->sheet;
    duckdb_init_set_init_data(info, reading, end_reading);
}

/* The next row of what is left: 1, 0 at the end, or an error. */
static int next_row(struct scan *scan, struct reading *reading, struct mg_sheet_row *ret_row,
                    struct mg_error *error)
{
    const struct mg_sheet *sheet = reading->sheet;
    for (;;) {
        int rc = reading->part ? sheet->next(reading->part, ret_row, error) : 0;
        if (rc)
            return rc;
        if (reading->part)
            sheet->close(reading->part);
        reading->part = NULL;
        size_t part = atomic_fetch_add(&scan->next_part, 1);
        if (part >= sheet->n_parts)
            return 0;
        rc = sheet->open(sheet->file, part, &reading->part, error);
        if (rc)
            return rc;
    }
}

/* ---- Cells ---- */

/* A column of the chunk being filled. */
struct output {
    duckdb_vector vector;
    double *numbers;
    int64_t *wholes;
    uint64_t *valid; /* NULL until a value is missing */
};

static void set_missing(struct output *output, idx_t row)
{
    if (!output->valid) {
        duckdb_vector_ensure_validity_writable(output->vector);
        output->valid = duckdb_vector_get_validity(output->vector);
    }
    duckdb_validity_set_row_invalid(output->valid, row);
}

static bool has_numbers(const struct mg_reading *reading)
{
    return reading && (reading->kind == MG_CELLS_NUMBER || reading->kind == MG_CELLS_TIME);
}

/* By the column's reading; where that sees texts, by the plain one. */
static double number_of(const struct mg_reading *reading, const char *cell, size_t n)
{
    static const struct mg_reading plain = {.kind = MG_CELLS_NUMBER, .decimal = '.'};
    double number = NAN;
    bool bare = !reading ||
                (!reading->n_labels && !reading->n_codes && !(reading->missing_high > reading->missing_low));
    if (n == 1 && cell[0] >= '0' && cell[0] <= '9' && bare) /* most answers are one digit */
        return cell[0] - '0';
    switch (mg_cell_read(has_numbers(reading) ? reading : &plain, cell, n, &number)) {
    case MG_READ_MISSING:
        return NAN;
    case MG_READ_VALUE:
        return number;
    default:
        return INFINITY;
    }
}

/* A time that only the column's reading understands, as everybody does; any other text as it is. */
static const char *text_of(const struct mg_reading *reading, const char *cell, size_t *n, char scratch[32])
{
    int64_t time;
    double us;
    if (!reading || reading->kind != MG_CELLS_TIME || mg_time_parse(cell, &time) == 0 ||
        mg_cell_read(reading, cell, *n, &us) != MG_READ_VALUE)
        return cell;
    mg_time_format((int64_t)us, scratch);
    *n = strlen(scratch);
    return scratch;
}

static size_t put_cell(struct output *output, size_t column, const struct mg_sheet *sheet, idx_t at,
                       const struct mg_sheet_row *row)
{
    if (column >= sheet->n_columns) {
        size_t c = column - sheet->n_columns;
        double number = number_of(sheet->readings ? &sheet->readings[c] : NULL, row->cells[c], row->sizes[c]);
        output->numbers[at] = number;
        if (isnan(number))
            set_missing(output, at);
        return 0;
    }
    size_t n = row->sizes[column];
    char scratch[32];
    const struct mg_reading *reading = sheet->readings ? &sheet->readings[column] : NULL;
    const char *text = text_of(reading, row->cells[column], &n, scratch);
    if (n > 0)
        duckdb_vector_assign_string_element_len(output->vector, at, text, n);
    else
        set_missing(output, at);
    return n;
}

static size_t put_row(const struct scan *scan, struct output *outputs, idx_t at,
                      const struct mg_sheet_row *row)
{
    const struct mg_sheet *sheet = scan->shared->sheet;
    size_t bytes = 0;
    for (size_t i = 0; i < scan->n; i++) {
        size_t column = scan->indices[i];
        if (column < 2 * sheet->n_columns)
            bytes += put_cell(&outputs[i], column, sheet, at, row);
        else if (column == 2 * sheet->n_columns)
            outputs[i].wholes[at] = row->number;
    }
    return bytes;
}

static void note_failure(struct mg_duck_sheet *shared, int rc, const struct mg_error *why)
{
    pthread_mutex_lock(&shared->lock);
    if (!shared->failed) {
        shared->failed = rc;
        shared->why = *why;
    }
    pthread_mutex_unlock(&shared->lock);
}

static void fill(duckdb_function_info info, duckdb_data_chunk chunk)
{
    struct scan *scan = duckdb_function_get_init_data(info);
    struct reading *reading = duckdb_function_get_local_init_data(info);
    struct mg_error why = {.lang = scan->shared->lang};
    struct output outputs[scan->n + 1];
    const idx_t most = duckdb_vector_size();
    struct mg_sheet_row row;
    idx_t n = 0;
    int rc = 0;

    for (size_t i = 0; i < scan->n; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
        void *data = duckdb_vector_get_data(vector);
        outputs[i] = (struct output){.vector = vector, .numbers = data, .wholes = data};
    }
    for (size_t bytes = 0; n < most && bytes < CHUNK_TEXT; n++) {
        rc = next_row(scan, reading, &row, &why);
        if (rc != 1)
            break;
        bytes += put_row(scan, outputs, n, &row);
    }
    duckdb_data_chunk_set_size(chunk, n);
    if (rc >= 0)
        return;
    note_failure(scan->shared, rc, &why);
    duckdb_function_set_error(info, why.message);
}

/* ---- Registering ---- */

int mg_duck_register_sheets(duckdb_connection connection, struct mg_error *error)
{
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_logical_type address = duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT);
    duckdb_logical_type flag = duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);

    duckdb_table_function_set_name(function, "mg_sheet");
    duckdb_table_function_add_parameter(function, address);
    duckdb_table_function_add_parameter(function, flag);
    duckdb_table_function_set_bind(function, bind);
    duckdb_table_function_set_init(function, init);
    duckdb_table_function_set_local_init(function, begin_reading);
    duckdb_table_function_set_function(function, fill);
    duckdb_table_function_supports_projection_pushdown(function, true);
    duckdb_state state = duckdb_register_table_function(connection, function);
    duckdb_destroy_logical_type(&address);
    duckdb_destroy_logical_type(&flag);
    duckdb_destroy_table_function(&function);
    if (state != DuckDBSuccess)
        return mg_fail(error, MG_E_ENGINE, "The analytics engine refused its settings.");
    return 0;
}
