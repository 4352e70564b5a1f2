/* A survey file into another format; see convert.h. Three passes: what is in the columns, whether their
 * numbers are more than numbers, and writing. */
#include "service/listen/convert.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "exchange/out/target.h"
#include "model/answer.h"
#include "service/record/fields.h"

#define EXACT_DIGITS 15 /* that a number of any program keeps */
#define SHORT_BYTES 128 /* of a number or a time */

struct conversion {
    const struct mg_ctx *ctx;
    struct mg_exchange *exchange;
    struct mg_out_column *columns;
    size_t n;
    int64_t *n_blank;   /* words for no answer, by column */
    const char **blank; /* the first of them */
    struct mg_out_cell *cells;
    struct mg_out *out;
};

/* ---- what the columns are ---- */

/* Leading zeros, a plus, more digits than a number keeps: a phone, an account, a code. */
static bool is_more_than_number(const char *text)
{
    const char *at = text + strspn(text, " \t");
    at += *at == '-';
    if (*at == '+' || (*at == '0' && isdigit((unsigned char)at[1])))
        return true;
    size_t digits = 0;
    for (; isdigit((unsigned char)*at); at++)
        digits++;
    return digits > EXACT_DIGITS;
}

static bool is_of_type(enum mg_column_type type, const char *text)
{
    double number;
    int64_t us;
    if (type == MG_TYPE_TIME)
        return mg_time_parse(text, &us) == 0;
    return type == MG_TYPE_BOOLEAN || (mg_parse_double(text, &number) && !is_more_than_number(text));
}

static void look_at(struct conversion *c, size_t column, const char *cell)
{
    struct mg_out_column *out = &c->columns[column];
    char scratch[SHORT_BYTES];
    if (out->type != MG_TYPE_TEXT && !mg_answer_is_blank(cell) &&
        !is_of_type(out->type, mg_cell_trim(cell, scratch, sizeof scratch)))
        out->type = MG_TYPE_TEXT;
}

static int look_at_row(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    struct conversion *c = user;
    (void)error;
    for (size_t i = 0; i < row->n_cells && !row->bad; i++)
        look_at(c, i, row->cells[i]);
    return 0;
}

static int look_at_batch(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct conversion *c = user;
    (void)error;
    for (size_t i = 0; i < batch->n_rows * batch->n_columns; i++)
        if (batch->cells[i])
            look_at(c, i % batch->n_columns, batch->cells[i]);
    return 0;
}

static bool is_parquet(const struct conversion *c)
{
    return c->exchange->format == MG_FILE_PARQUET;
}

/* Every row, as text or as the engine has it. */
static int walk(struct conversion *c, mg_exchange_sink *sink, mg_row_sink *batch_sink, struct mg_error *error)
{
    struct mg_source source;
    if (!is_parquet(c))
        return mg_exchange_each(c->exchange, sink, c, error);
    int rc = mg_exchange_source(c->exchange, &source, error);
    return rc ? rc : mg_columns_scan(&c->ctx->columns, &source, NULL, 0, NULL, 0, 0, batch_sink, c, error);
}

/* Text by what it holds, Parquet by its own types. */
static int describe(struct conversion *c, struct mg_source_info *ret_info, struct mg_error *error)
{
    struct mg_source source;
    if (!is_parquet(c))
        return mg_exchange_describe(c->exchange, &c->ctx->columns, c->ctx->arena, ret_info, error);
    int rc = mg_exchange_source(c->exchange, &source, error);
    return rc ? rc : mg_columns_names(&c->ctx->columns, c->ctx->arena, &source, ret_info, error);
}

/* What the format says of the column stands above what its cells look like. */
static struct mg_out_column column_of(const struct mg_exchange *x, size_t i,
                                      const struct mg_column_info *info)
{
    struct mg_out_column column = {.name = info->name, .type = info->type};
    if (i >= x->n_told)
        return column;
    const struct mg_told *told = &x->told[i];
    column.label = (struct mg_text){.en = told->label};
    column.labels = told->labels;
    column.n_labels = told->n_labels;
    column.codes = told->codes;
    column.n_codes = told->n_codes;
    column.missing_low = told->missing_low;
    column.missing_high = told->missing_high;
    if (!told->number && !told->time)
        column.type = MG_TYPE_TEXT;
    else if (told->number && info->type == MG_TYPE_TEXT && info->n == info->n_missing)
        column.type = MG_TYPE_NUMBER; /* nothing in it to tell */
    return column;
}

static int find_columns(struct conversion *c, struct mg_error *error)
{
    struct mg_arena *arena = c->ctx->arena;
    struct mg_source_info info;
    int rc = describe(c, &info, error);
    if (rc)
        return rc;
    c->n = info.n_columns;
    c->columns = mg_arena_array(arena, c->n, sizeof *c->columns);
    c->cells = mg_arena_array(arena, c->n, sizeof *c->cells);
    c->n_blank = mg_arena_array(arena, c->n, sizeof *c->n_blank);
    c->blank = mg_arena_array(arena, c->n, sizeof *c->blank);
    if (!c->columns || !c->cells || !c->n_blank || !c->blank)
        return mg_fail_memory(error);
    for (size_t i = 0; i < c->n; i++)
        c->columns[i] = column_of(c->exchange, i, &info.columns[i]);
    return walk(c, look_at_row, look_at_batch, error);
}

/* ---- rows ---- */

static struct mg_out_cell cell_of(struct conversion *c, size_t column, const char *text)
{
    enum mg_column_type type = c->columns[column].type;
    struct mg_out_cell cell = {.kind = MG_OUT_TEXT, .text = text};
    int64_t us;
    char scratch[SHORT_BYTES];
    if (!text || !*text)
        return (struct mg_out_cell){.kind = MG_OUT_MISSING};
    if (type == MG_TYPE_TEXT)
        return cell;
    text = mg_cell_trim(text, scratch, sizeof scratch);
    if (type == MG_TYPE_TIME && mg_time_parse(text, &us) == 0) {
        cell = (struct mg_out_cell){.kind = MG_OUT_TIME, .number = (double)us, .text = cell.text};
    } else if (type == MG_TYPE_BOOLEAN && !mg_answer_is_blank(text)) {
        cell = (struct mg_out_cell){.kind = MG_OUT_NUMBER, .number = mg_str_equal_nocase(text, "true")};
    } else if (mg_parse_double(text, &cell.number)) {
        cell.kind = MG_OUT_NUMBER;
    } else {
        c->blank[column] = c->n_blank[column]++ ? c->blank[column] : mg_arena_strdup(c->ctx->arena, text);
        cell.kind = MG_OUT_MISSING;
    }
    return cell;
}

static int write_row(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    struct conversion *c = user;
    if (row->bad)
        return 0;
    for (size_t i = 0; i < c->n; i++)
        c->cells[i] = cell_of(c, i, row->cells[i]);
    return mg_out_row(c->out, c->cells, error);
}

static int write_batch(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct conversion *c = user;
    int rc = 0;
    for (size_t r = 0; r < batch->n_rows && rc == 0; r++) {
        for (size_t i = 0; i < c->n; i++)
            c->cells[i] = cell_of(c, i, batch->cells[r * batch->n_columns + i]);
        rc = mg_out_row(c->out, c->cells, error);
    }
    return rc;
}

static void say_blanks(struct conversion *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->n_blank[i])
            mg_out_lose(c->out,
                        MG_TEXT("“%.80s”: %lld ‹word|words› for no answer, such as “%.40s”, became empty."),
                        c->columns[i].name, (long long)c->n_blank[i], c->blank[i] ? c->blank[i] : "");
}

static int write_file(struct conversion *c, enum mg_out_format format, const char *path,
                      struct mg_out_report *ret_report, struct mg_error *error)
{
    struct mg_out_options options = {.lang = c->ctx->lang, .columns = &c->ctx->columns, .stop = c->ctx->stop};
    int rc = mg_out_open(c->ctx->arena, format, path, c->columns, c->n, &options, &c->out, error);
    if (rc)
        return rc;
    rc = walk(c, write_row, write_batch, error);
    if (rc) {
        mg_out_drop(c->out);
        return rc;
    }
    say_blanks(c);
    return mg_out_close(c->out, ret_report, error);
}

/* ---- the whole ---- */

static void close_exchange(void *exchange)
{
    mg_exchange_close(exchange);
}

static int convert(struct conversion *c, const struct mg_convert_request *request, enum mg_out_format format,
                   const char *path, struct mg_convert_report *ret_report, struct mg_error *error)
{
    struct mg_exchange_options options = {0};
    if (request->reading)
        options = *request->reading;
    options.stop = c->ctx->stop;
    int rc = mg_exchange_open(request->from, &options, &c->exchange, error);
    if (rc == 0 && mg_arena_defer(c->ctx->arena, close_exchange, c->exchange))
        rc = mg_fail_memory(error);
    if (rc == 0)
        rc = find_columns(c, error);
    if (rc == 0)
        rc = write_file(c, format, path, &ret_report->out, error);
    if (rc)
        return rc;
    const struct mg_exchange *x = c->exchange;
    ret_report->file = x;
    ret_report->notes = x->notes;
    ret_report->n_notes = x->n_notes;
    ret_report->n_bad = x->n_bad;
    ret_report->bad_line = x->n_bad_listed ? x->bad[0].line : 0;
    return 0;
}

int mg_listen_convert(const struct mg_ctx *ctx, const struct mg_convert_request *request,
                      struct mg_convert_report *ret_report, struct mg_error *error)
{
    struct conversion c = {.ctx = ctx};
    struct mg_out_target target;
    *ret_report = (struct mg_convert_report){0};
    int rc = mg_out_target_open(request->to, request->format, &request->from, 1, &target, error);
    if (rc)
        return rc;
    rc = convert(&c, request, target.format, target.draft.path, ret_report, error);
    return mg_out_target_close(&target, rc, error);
}
