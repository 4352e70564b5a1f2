/* See reading.h. */
#include "service/listen/reading.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

/* The place of what is told among `n`; those that stand for "as found" come first. */
static size_t place_of(const char *list, size_t n, char told)
{
    const char *place = told ? memchr(list, told, n) : NULL;
    return place ? (size_t)(place - list) : 0;
}

static int tell_column(const struct mg_ctx *ctx, const struct mg_exchange_correction *from,
                       struct mg_wire_reading_column *to, struct mg_error *error)
{
    struct mg_wire_reading_label *labels = mg_arena_array(ctx->arena, from->n_labels, sizeof *labels);
    if (!labels)
        return mg_fail_memory(error);
    for (size_t i = 0; i < from->n_labels; i++)
        labels[i] = (struct mg_wire_reading_label){from->labels[i].text, from->labels[i].value};
    *to = (struct mg_wire_reading_column){.column = from->column,
                                          .has_kind = from->kind_told,
                                          .flipped = from->flipped,
                                          .labels = labels,
                                          .n_labels = from->n_labels};
    to->decimal = (enum mg_wire_reading_column_decimal)place_of(marks, sizeof marks, from->decimal);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && from->kind_told; i++)
        if (kinds[i] == from->kind)
            to->kind = (enum mg_wire_cell_kind)i;
    for (size_t i = MG_WIRE_READING_COLUMN_DATE_ORDER_FOUND + 1;
         i < sizeof orders / sizeof *orders && from->order_told; i++)
        if (orders[i] == from->order)
            to->date_order = (enum mg_wire_reading_column_date_order)i;
    return 0;
}

int mg_reading_of_options(const struct mg_ctx *ctx, const struct mg_exchange_options *options,
                          const struct mg_wire_reading **ret_reading, struct mg_error *error)
{
    const struct mg_shape_options *shape = &options->shape;
    struct mg_wire_reading *reading = mg_arena_alloc(ctx->arena, sizeof *reading);
    struct mg_wire_reading_column *columns =
        mg_arena_array(ctx->arena, options->n_corrections, sizeof *columns);
    char *delimiter = mg_arena_strndup(ctx->arena, &options->delimiter, 1);
    int rc = reading && columns && delimiter ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < options->n_corrections && !rc; i++)
        rc = tell_column(ctx, &options->corrections[i], &columns[i], error);
    if (rc)
        return rc;
    *reading = (struct mg_wire_reading){.encoding = options->encoding,
                                        .delimiter = *delimiter ? delimiter : NULL,
                                        .sheet = options->sheet,
                                        .title_rows = (int64_t)shape->title_rows,
                                        .has_title_rows = shape->titles_told,
                                        .header_rows = (int64_t)shape->header_rows,
                                        .has_header_rows = shape->headers_told,
                                        .foot_rows = (int64_t)shape->foot_rows,
                                        .has_foot_rows = shape->foot_told,
                                        .all_rows = options->keep_all,
                                        .columns = columns,
                                        .n_columns = options->n_corrections};
    *ret_reading = reading;
    return 0;
}

int mg_reading_open(const struct mg_ctx *ctx, const char *path, const struct mg_wire_reading *reading,
                    struct mg_exchange_options *options, struct mg_exchange **ret_file,
                    struct mg_error *error)
{
    options->encoding = reading->encoding;
    options->delimiter = '\0';
    if (reading->delimiter)
        options->delimiter = *reading->delimiter;
    options->sheet = reading->sheet;
    options->keep_all = reading->all_rows;
    options->shape = (struct mg_shape_options){.titles_told = reading->has_title_rows,
                                               .title_rows = (size_t)reading->title_rows,
                                               .headers_told = reading->has_header_rows,
                                               .header_rows = (size_t)reading->header_rows,
                                               .foot_told = reading->has_foot_rows,
                                               .foot_rows = (size_t)reading->foot_rows};
    int rc = check_delimiter(reading, error);
    if (!rc)
        rc = take_columns(ctx, reading, options, error);
    if (!rc)
        rc = mg_exchange_open(path, options, ret_file, error);
    return at_reading(rc, error);
}
