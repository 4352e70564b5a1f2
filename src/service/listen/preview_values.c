/* See preview_values.h. */
#include "service/listen/preview_values.h"

#include <string.h>

#include "base/str.h"

#define VALUES_SHOWN 50
#define VALUE_BYTES 200
/* Of all values of a preview, before JSON's escapes. */
#define VALUES_BYTES ((size_t)1 << 20)
#define VALUE_BYTES_MIN 24
#define IRREGULAR_SHOWN 50

static const enum mg_wire_cell_kind kinds[] = {[MG_CELLS_TEXT] = MG_WIRE_CELL_KIND_TEXT,
                                               [MG_CELLS_NUMBER] = MG_WIRE_CELL_KIND_NUMBER,
                                               [MG_CELLS_TIME] = MG_WIRE_CELL_KIND_TIME,
                                               [MG_CELLS_CHOICES] = MG_WIRE_CELL_KIND_CHOICES};
static const enum mg_wire_preview_column_date_order orders[] = {
    [MG_DATE_YMD] = MG_WIRE_PREVIEW_COLUMN_DATE_ORDER_YMD,
    [MG_DATE_DMY] = MG_WIRE_PREVIEW_COLUMN_DATE_ORDER_DMY,
    [MG_DATE_MDY] = MG_WIRE_PREVIEW_COLUMN_DATE_ORDER_MDY,
    [MG_DATE_EXCEL] = MG_WIRE_PREVIEW_COLUMN_DATE_ORDER_EXCEL,
    [MG_DATE_UNIX] = MG_WIRE_PREVIEW_COLUMN_DATE_ORDER_UNIX};

static struct mg_wire_preview_value value_of(const struct mg_reading *reading, const struct mg_cell_count *of)
{
    static const enum mg_wire_preview_value_read reads[] = {
        [MG_READ_MISSING] = MG_WIRE_PREVIEW_VALUE_READ_MISSING,
        [MG_READ_VALUE] = MG_WIRE_PREVIEW_VALUE_READ_VALUE,
        [MG_READ_NOT_UNDERSTOOD] = MG_WIRE_PREVIEW_VALUE_READ_NOT_UNDERSTOOD};
    double number;
    enum mg_cell_read read = mg_cell_read(reading, of->text, strlen(of->text), &number);
    return (struct mg_wire_preview_value){.n = of->n,
                                          .read = reads[read],
                                          .value = number,
                                          .has_value =
                                              read == MG_READ_VALUE && reading->kind == MG_CELLS_NUMBER};
}

static int take_values(const struct mg_ctx *ctx, const struct mg_reading *reading,
                       const struct mg_cell_facts *facts, size_t most, struct mg_wire_preview_column *column,
                       struct mg_error *error)
{
    size_t n = facts->n_values < VALUES_SHOWN ? facts->n_values : VALUES_SHOWN;
    struct mg_wire_preview_value *values = mg_arena_array(ctx->arena, n, sizeof *values);
    if (!values)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        char *text = mg_arena_alloc(ctx->arena, most + 4);
        if (!text)
            return mg_fail_memory(error);
        mg_str_cut(facts->values[i].text, strlen(facts->values[i].text), most, text);
        values[i] = value_of(reading, &facts->values[i]);
        values[i].text = text;
    }
    column->values = values;
    column->n_values = n;
    column->values_complete = facts->values_complete && n == facts->n_values;
    return 0;
}

static int take_reading(const struct mg_ctx *ctx, const struct mg_reading *reading,
                        const struct mg_cell_facts *facts, struct mg_wire_preview_column *column,
                        struct mg_error *error)
{
    column->kind = kinds[reading->kind];
    column->has_kind = true;
    column->flipped = reading->reversed_map;
    column->decimal =
        reading->decimal == ',' ? MG_WIRE_PREVIEW_COLUMN_DECIMAL_COMMA : MG_WIRE_PREVIEW_COLUMN_DECIMAL_POINT;
    column->has_decimal = reading->kind == MG_CELLS_NUMBER;
    column->date_order = orders[reading->order];
    column->has_date_order = reading->kind == MG_CELLS_TIME;
    column->date_order_open = facts->date_order_open;
    column->decimal_open = facts->decimal_open;
    column->family = mg_arena_strdup(ctx->arena, reading->scale_family);
    return reading->scale_family && !column->family ? mg_fail_memory(error) : 0;
}

static int take_irregular(const struct mg_ctx *ctx, const struct mg_exchange *file,
                          struct mg_wire_preview *ret, struct mg_error *error)
{
    size_t n = file->n_bad_listed < IRREGULAR_SHOWN ? file->n_bad_listed : IRREGULAR_SHOWN;
    struct mg_wire_irregular_row *rows = mg_arena_array(ctx->arena, n, sizeof *rows);
    if (!rows)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct mg_wire_irregular_row){file->bad[i].line, (int64_t)file->bad[i].n_cells};
    ret->irregular = file->n_bad;
    ret->irregular_rows = rows;
    ret->n_irregular_rows = n;
    return 0;
}

struct mg_wire_left_out mg_preview_left_out(const struct mg_exchange *file)
{
    return (struct mg_wire_left_out){.unfinished = file->left_out[MG_TOOL_UNFINISHED],
                                     .previews = file->left_out[MG_TOOL_PREVIEW],
                                     .spam = file->left_out[MG_TOOL_SPAM],
                                     .repeats = file->left_out[MG_LEFT_OUT_REPEAT]};
}

static void take_shape(const struct mg_ctx *ctx, const struct mg_exchange *file, struct mg_wire_preview *ret)
{
    ret->title_rows = (int64_t)file->title_rows;
    ret->header_rows = (int64_t)file->header_rows;
    ret->foot_rows = (int64_t)file->foot_rows;
    ret->left_out = mg_preview_left_out(file);
    if (!file->tool)
        return;
    ret->tool = file->tool->code;
    ret->tool_name = mg_text_in(&file->tool->name, ctx->lang, file->tool->code);
}

int mg_preview_values(const struct mg_ctx *ctx, const struct mg_exchange *file,
                      struct mg_wire_preview_column *columns, struct mg_wire_preview *ret,
                      struct mg_error *error)
{
    take_shape(ctx, file, ret);
    int rc = take_irregular(ctx, file, ret, error);
    size_t most = VALUES_BYTES / (file->n_columns * VALUES_SHOWN);
    most = most > VALUE_BYTES ? VALUE_BYTES : most < VALUE_BYTES_MIN ? VALUE_BYTES_MIN : most;
    for (size_t i = 0; i < file->n_columns && !rc; i++) {
        rc = take_reading(ctx, &file->readings[i], &file->facts[i], &columns[i], error);
        if (!rc)
            rc = take_values(ctx, &file->readings[i], &file->facts[i], most, &columns[i], error);
    }
    return rc;
}
