/* See reading.h. */
#include "service/listen/reading.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char all_marks[] = {
    [MG_WIRE_READING_DECIMAL_POINT] = '.', [MG_WIRE_READING_DECIMAL_COMMA] = ','};
static const enum mg_date_order all_orders[] = {[MG_WIRE_READING_DATE_ORDER_YMD] = MG_DATE_YMD,
                                                [MG_WIRE_READING_DATE_ORDER_DMY] = MG_DATE_DMY,
                                                [MG_WIRE_READING_DATE_ORDER_MDY] = MG_DATE_MDY};
static const char marks[] = {
    [MG_WIRE_READING_COLUMN_DECIMAL_POINT] = '.', [MG_WIRE_READING_COLUMN_DECIMAL_COMMA] = ','};
static const enum mg_date_order orders[] = {[MG_WIRE_READING_COLUMN_DATE_ORDER_YMD] = MG_DATE_YMD,
                                            [MG_WIRE_READING_COLUMN_DATE_ORDER_DMY] = MG_DATE_DMY,
                                            [MG_WIRE_READING_COLUMN_DATE_ORDER_MDY] = MG_DATE_MDY};
static const enum mg_cell_kind kinds[] = {[MG_WIRE_CELL_KIND_TEXT] = MG_CELLS_TEXT,
                                          [MG_WIRE_CELL_KIND_NUMBER] = MG_CELLS_NUMBER,
                                          [MG_WIRE_CELL_KIND_TIME] = MG_CELLS_TIME,
                                          [MG_WIRE_CELL_KIND_CHOICES] = MG_CELLS_CHOICES};

int mg_reading_with_sheet(const struct mg_ctx *ctx, const struct mg_wire_reading *reading, const char *sheet,
                          const struct mg_wire_reading **ret_reading, struct mg_error *error)
{
    *ret_reading = reading;
    if (!sheet || (reading && reading->sheet))
        return 0;
    struct mg_wire_reading *named = mg_arena_alloc(ctx->arena, sizeof *named);
    if (!named)
        return mg_fail_memory(error);
    *named = reading ? *reading : (struct mg_wire_reading){0};
    named->sheet = sheet;
    *ret_reading = named;
    return 0;
}

static int take_labels(const struct mg_ctx *ctx, const struct mg_wire_reading_column *from,
                       struct mg_exchange_correction *to, struct mg_error *error)
{
    struct mg_cell_label *labels = mg_arena_array(ctx->arena, from->n_labels, sizeof *labels);
    if (!labels)
        return mg_fail_memory(error);
    for (size_t i = 0; i < from->n_labels; i++)
        labels[i] = (struct mg_cell_label){from->labels[i].text, from->labels[i].value};
    to->labels = labels;
    to->n_labels = from->n_labels;
    return 0;
}

static int take_columns(const struct mg_ctx *ctx, const struct mg_wire_reading *reading,
                        struct mg_exchange_options *options, struct mg_error *error)
{
    struct mg_exchange_correction *told = mg_arena_array(ctx->arena, reading->n_columns, sizeof *told);
    int rc = told ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < reading->n_columns && !rc; i++) {
        const struct mg_wire_reading_column *from = &reading->columns[i];
        told[i] = (struct mg_exchange_correction){
            .column = from->column,
            .kind_told = from->has_kind,
            .kind = from->has_kind ? kinds[from->kind] : MG_CELLS_TEXT,
            .flipped = from->flipped,
            .decimal = marks[from->decimal],
            .order_told = from->date_order != MG_WIRE_READING_COLUMN_DATE_ORDER_FOUND,
            .order = orders[from->date_order],
        };
        rc = take_labels(ctx, from, &told[i], error);
    }
    options->corrections = told;
    options->n_corrections = reading->n_columns;
    return rc;
}

static int check_delimiter(const struct mg_wire_reading *reading, struct mg_error *error)
{
    const char *mark = reading->delimiter;
    if (!mark || (!(*mark & 0x80) && !strchr("\"\r\n", *mark)))
        return 0;
    mg_fail(error, MG_E_INVALID, "“%s” can't part cells.", mark);
    mg_fail_at(error, "delimiter");
    return MG_E_INVALID;
}

/* "columns/0" → "/reading/columns/0". */
static int at_reading(int rc, struct mg_error *error)
{
    if (rc && error &&
        (strncmp(error->field, "columns/", 8) == 0 || strcmp(error->field, "delimiter") == 0)) {
        char where[sizeof error->field];
        snprintf(where, sizeof where, "%s", error->field);
        mg_fail_at(error, "/reading/%s", where);
    }
    return rc;
}

int mg_reading_options(const struct mg_ctx *ctx, const struct mg_wire_reading *reading,
                       struct mg_exchange_options *options, struct mg_error *error)
{
    options->encoding = reading->encoding;
    options->delimiter = '\0';
    if (reading->delimiter)
        options->delimiter = *reading->delimiter;
    options->sheet = reading->sheet;
    options->keep_all = reading->all_rows;
    options->decimal = all_marks[reading->decimal];
    options->order_told = reading->date_order != MG_WIRE_READING_DATE_ORDER_FOUND;
    options->order = all_orders[reading->date_order];
    options->shape = (struct mg_shape_options){.titles_told = reading->has_title_rows,
                                               .title_rows = (size_t)reading->title_rows,
                                               .headers_told = reading->has_header_rows,
                                               .header_rows = (size_t)reading->header_rows,
                                               .foot_told = reading->has_foot_rows,
                                               .foot_rows = (size_t)reading->foot_rows};
    int rc = check_delimiter(reading, error);
    if (!rc)
        rc = take_columns(ctx, reading, options, error);
    return rc;
}

int mg_reading_open(const struct mg_ctx *ctx, const char *path, const struct mg_wire_reading *reading,
                    struct mg_exchange_options *options, struct mg_exchange **ret_file,
                    struct mg_error *error)
{
    int rc = mg_reading_options(ctx, reading, options, error);
    if (!rc)
        rc = mg_exchange_open(path, options, ret_file, error);
    return at_reading(rc, error);
}
