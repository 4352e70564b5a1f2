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
    struct mg_reading *readings; /* the file's, but codes for no answer are the numbers that they are */
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

/* Under the reading of its column: how everything else reads the file. */
static enum mg_cell_read read_cell(const struct conversion *c, size_t column, const char *text, double *ret)
{
    return mg_cell_read(&c->readings[column], text, strlen(text), ret);
}

static bool is_of_type(const struct conversion *c, size_t column, const char *text)
{
    double number;
    enum mg_column_type type = c->columns[column].type;
    if (type == MG_TYPE_BOOLEAN)
        return true;
    return read_cell(c, column, text, &number) != MG_READ_NOT_UNDERSTOOD &&
           (type == MG_TYPE_TIME || !is_more_than_number(text));
}

static void look_at(struct conversion *c, size_t column, const char *cell)
{
    struct mg_out_column *out = &c->columns[column];
    char scratch[SHORT_BYTES];
    if (out->type != MG_TYPE_TEXT && !mg_answer_is_blank(cell) &&
        !is_of_type(c, column, mg_cell_trim(cell, scratch, sizeof scratch)))
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

/* Words and units are what the cells say: as numbers they would be gone. */
static bool is_more_in_words(const struct mg_exchange *x, size_t i)
{
    const struct mg_reading *reading = &x->readings[i];
    bool told = i < x->n_told && x->told[i].number;
    return reading->kind == MG_CELLS_NUMBER && !told && (reading->n_labels || reading->dressed);
}

/* What the format says of the column stands above what its cells look like. */
static struct mg_out_column column_of(const struct mg_exchange *x, size_t i,
                                      const struct mg_column_info *info)
{
    struct mg_out_column column = {.name = info->name, .type = info->type};
    if (is_more_in_words(x, i) && info->type != MG_TYPE_BOOLEAN)
        column.type = MG_TYPE_TEXT;
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
    int rc = mg_exchange_describe(c->exchange, arena, &info, error);
    if (rc)
        return rc;
    c->n = info.n_columns;
    c->columns = mg_arena_array(arena, c->n, sizeof *c->columns);
    c->cells = mg_arena_array(arena, c->n, sizeof *c->cells);
    c->n_blank = mg_arena_array(arena, c->n, sizeof *c->n_blank);
    c->blank = mg_arena_array(arena, c->n, sizeof *c->blank);
    c->readings = mg_arena_array(arena, c->n, sizeof *c->readings);
    if (!c->columns || !c->cells || !c->n_blank || !c->blank || !c->readings)
        return mg_fail_memory(error);
    for (size_t i = 0; i < c->n; i++) {
        c->columns[i] = column_of(c->exchange, i, &info.columns[i]);
        c->readings[i] = c->exchange->readings[i];
        c->readings[i].n_codes = 0;
        c->readings[i].missing_low = c->readings[i].missing_high = 0;
    }
    return mg_exchange_each(c->exchange, look_at_row, c, error);
}

/* ---- rows ---- */

static struct mg_out_cell cell_of(struct conversion *c, size_t column, const char *text)
{
    enum mg_column_type type = c->columns[column].type;
    struct mg_out_cell cell = {.kind = MG_OUT_TEXT, .text = text};
    char scratch[SHORT_BYTES];
    int64_t us;
    if (!text || !*text)
        return (struct mg_out_cell){.kind = MG_OUT_MISSING};
    if (type == MG_TYPE_TEXT)
        return cell;
    text = mg_cell_trim(text, scratch, sizeof scratch);
    if (type == MG_TYPE_BOOLEAN && !mg_answer_is_blank(text)) {
        cell = (struct mg_out_cell){.kind = MG_OUT_NUMBER, .number = mg_str_equal_nocase(text, "true")};
    } else if (type != MG_TYPE_BOOLEAN && read_cell(c, column, text, &cell.number) == MG_READ_VALUE) {
        cell.kind = type == MG_TYPE_TIME ? MG_OUT_TIME : MG_OUT_NUMBER;
        if (type == MG_TYPE_TIME && mg_time_parse(text, &us))
            cell.text = NULL; /* its order is known here only: written as ISO says */
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
    rc = mg_exchange_each(c->exchange, write_row, c, error);
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
    options.columns = &c->ctx->columns;
    options.words_stay = true;
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
