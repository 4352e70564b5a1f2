/* XLSX out: a sheet of the data, written row by row and forgotten, and a sheet that says what the columns
 * are.
 *
 * The library puts each sheet into a temporary file and doesn't look whether the disk took it, so that is
 * looked at here: the sheet's stream before the end, and what was packed after it. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/json.h"
#include "base/str.h"
#include "exchange/out/package.h"
#include "exchange/out/private.h"
#include "exchange/out/xlsx_text.h"

#define ROWS_MAX (LXW_ROW_MAX - 1) /* one is the header */
#define EXACT_SCALE 1e4            /* numbers with so many decimals need no closer look */
#define EXACT_MOST 1e15
#define ZIP64_COLUMNS 64 /* a million rows of more may pass 4 GiB before packing */
/* Days since 1970. Before March 1900 programs differ: Excel's 1900 has a 29 February. */
#define FIRST_DAY (-25508.0)
#define LAST_DAY 2932897.0  /* 1 January 10000 */
#define EXCEL_EPOCH 25569.0 /* Excel's number of 1 January 1970 */

struct xlsx {
    lxw_workbook *book;
    lxw_worksheet *data, *codebook;
    lxw_format *bold, *day, *time, *moment;
    off_t bytes; /* of the data sheet, unpacked */
};

static int failed(lxw_error why, int was, struct mg_error *error)
{
    if (why == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return mg_fail_memory(error);
    return mg_out_failed(was, error);
}

static int begin_xlsx(struct mg_out *out, struct mg_error *error)
{
    struct xlsx *xlsx = out->own = mg_arena_alloc(out->arena, sizeof *xlsx);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                    .tmpdir = mg_arena_strdup(out->arena, out->options.temp_dir),
                                    .use_zip64 = out->n > ZIP64_COLUMNS};
    enum mg_lang lang = out->options.lang;
    xlsx->book = xlsx && options.tmpdir ? workbook_new_opt(out->path, &options) : NULL;
    if (!xlsx->book)
        return mg_fail_memory(error);
    xlsx->data = workbook_add_worksheet(xlsx->book, mg_tr(lang, MG_TEXT("Data")));
    xlsx->codebook = workbook_add_worksheet(xlsx->book, mg_tr(lang, MG_TEXT("Codebook")));
    xlsx->bold = workbook_add_format(xlsx->book);
    xlsx->day = workbook_add_format(xlsx->book);
    xlsx->time = workbook_add_format(xlsx->book);
    xlsx->moment = workbook_add_format(xlsx->book);
    if (!xlsx->data || !xlsx->codebook || !xlsx->bold || !xlsx->day || !xlsx->time || !xlsx->moment)
        return mg_out_failed(errno, error);
    format_set_bold(xlsx->bold);
    format_set_num_format(xlsx->day, "yyyy-mm-dd");
    format_set_num_format(xlsx->time, "yyyy-mm-dd hh:mm:ss");
    format_set_num_format(xlsx->moment, "yyyy-mm-dd hh:mm:ss.000");
    worksheet_freeze_panes(xlsx->data, 1, 0);
    for (size_t c = 0; c < out->n; c++) {
        int rc = mg_out_xlsx_text(xlsx->data, 0, (uint16_t)c, out->columns[c].name, xlsx->bold, NULL, error);
        if (rc)
            return rc;
    }
    return 0;
}

/* ---- a row ---- */

/* Whether the 16 figures that are written hold the number. */
static bool is_kept(double number)
{
    double scaled = number * EXACT_SCALE;
    if (fabs(scaled) < EXACT_MOST && rint(scaled) / EXACT_SCALE == number)
        return true;
    char text[40];
    double back;
    snprintf(text, sizeof text, "%.16G", number);
    return mg_parse_double(text, &back) && back == number;
}

/* Times of which Excel has no day stay text. */
static bool is_excel_time(double us)
{
    double days = us / MG_OUT_DAY_US;
    return days >= FIRST_DAY && days < LAST_DAY;
}

static lxw_format *format_of_time(const struct xlsx *xlsx, double us)
{
    if (fmod(us, MG_OUT_DAY_US) == 0)
        return xlsx->day;
    return fmod(us, 1e6) == 0 ? xlsx->time : xlsx->moment;
}

static int put_cell(struct mg_out *out, size_t c, const struct mg_out_cell *cell, struct mg_error *error)
{
    struct xlsx *xlsx = out->own;
    char scratch[MG_OUT_TIME_SIZE];
    lxw_row_t row = (lxw_row_t)out->rows + 1;
    lxw_col_t column = (lxw_col_t)c;
    double number = cell->number;
    lxw_error why = LXW_NO_ERROR;
    bool changed = false;
    if (cell->kind == MG_OUT_NUMBER && isfinite(number)) {
        changed = !is_kept(number);
        why = out->columns[c].type == MG_TYPE_BOOLEAN && (number == 0 || number == 1)
                  ? worksheet_write_boolean(xlsx->data, row, column, (int)number, NULL)
                  : worksheet_write_number(xlsx->data, row, column, number, NULL);
    } else if (cell->kind == MG_OUT_TIME && is_excel_time(number)) {
        why = worksheet_write_number(xlsx->data, row, column, number / MG_OUT_DAY_US + EXCEL_EPOCH,
                                     format_of_time(xlsx, number));
    } else {
        const char *text = mg_out_cell_text(cell, scratch);
        int rc = text ? mg_out_xlsx_text(xlsx->data, row, column, text, NULL, &changed, error) : 0;
        if (rc)
            return rc;
    }
    out->facts[c].n_changed += changed;
    return why ? failed(why, errno, error) : 0;
}

static int row_xlsx(struct mg_out *out, const struct mg_out_cell *cells, struct mg_error *error)
{
    int rc = 0;
    for (size_t c = 0; c < out->n && rc == 0; c++)
        rc = put_cell(out, c, &cells[c], error);
    return rc;
}

/* ---- the codebook ---- */

static const char *type_word(enum mg_column_type type)
{
    switch (type) {
    case MG_TYPE_TEXT:
        return MG_TEXT("text");
    case MG_TYPE_INTEGER:
        return MG_TEXT("whole numbers");
    case MG_TYPE_NUMBER:
        return MG_TEXT("numbers");
    case MG_TYPE_TIME:
        return MG_TEXT("times (UTC)");
    case MG_TYPE_BOOLEAN:
        break;
    }
    return MG_TEXT("yes or no");
}

static void list_values(const struct mg_out_column *column, struct mg_buf *buf)
{
    char number[32];
    for (size_t i = 0; i < column->n_labels; i++) {
        const struct mg_cell_label *label = &column->labels[i];
        mg_buf_puts(buf, i ? "\n" : "");
        if (isfinite(label->value)) {
            mg_format_double(label->value, number);
            mg_buf_printf(buf, "%s = ", number);
        }
        mg_buf_puts(buf, label->text);
    }
    mg_buf_puts(buf, "");
}

static void list_codes(const struct mg_out_column *column, struct mg_buf *buf)
{
    char number[32];
    if (mg_out_has_range(column))
        mg_buf_printf(buf, "%g…%g%s", column->missing_low, column->missing_high, column->n_codes ? ", " : "");
    for (size_t i = 0; i < column->n_codes; i++) {
        mg_format_double(column->codes[i], number);
        mg_buf_printf(buf, "%s%s", i ? ", " : "", number);
    }
    mg_buf_puts(buf, "");
}

#define LIST_BYTES ((size_t)1 << 20)

static int put_list(struct mg_out *out, lxw_row_t row, uint16_t place, const struct mg_out_column *column,
                    void (*list)(const struct mg_out_column *, struct mg_buf *), struct mg_error *error)
{
    struct xlsx *xlsx = out->own;
    struct mg_buf buf;
    bool changed = false;
    mg_buf_init(&buf, LIST_BYTES);
    list(column, &buf);
    int rc = buf.data && *buf.data
                 ? mg_out_xlsx_text(xlsx->codebook, row, place, buf.data, NULL, &changed, error)
                 : 0;
    if (buf.failed || changed)
        mg_out_lose(
            out,
            MG_TEXT(
                "The labels of “%.80s” are too many for one cell of the codebook; some are left out there."),
            column->name);
    mg_buf_done(&buf);
    return rc;
}

static int put_codebook_row(struct mg_out *out, size_t c, struct mg_error *error)
{
    struct xlsx *xlsx = out->own;
    const struct mg_out_column *column = &out->columns[c];
    const struct mg_out_facts *facts = &out->facts[c];
    lxw_row_t row = (lxw_row_t)c + 1;
    const char *texts[] = {column->name, column->label.en, column->label.zh,
                           mg_tr(out->options.lang, type_word(column->type))};
    int rc = 0;
    for (size_t i = 0; i < ARRAY_LEN(texts) && rc == 0; i++)
        if (texts[i])
            rc = mg_out_xlsx_text(xlsx->codebook, row, (uint16_t)i, texts[i], NULL, NULL, error);
    if (rc == 0)
        rc = put_list(out, row, 4, column, list_values, error);
    if (rc == 0)
        rc = put_list(out, row, 5, column, list_codes, error);
    if (rc)
        return rc;
    worksheet_write_number(xlsx->codebook, row, 6, (double)(out->rows - facts->n_missing), NULL);
    worksheet_write_number(xlsx->codebook, row, 7, (double)facts->n_missing, NULL);
    if (facts->n_numbers) {
        worksheet_write_number(xlsx->codebook, row, 8, facts->low, NULL);
        worksheet_write_number(xlsx->codebook, row, 9, facts->high, NULL);
    }
    return 0;
}

static int put_codebook(struct mg_out *out, struct mg_error *error)
{
    static const char *const heads[] = {
        MG_TEXT("Column"), MG_TEXT("Label (English)"), MG_TEXT("Label (Chinese)"), MG_TEXT("Type"),
        MG_TEXT("Values"), MG_TEXT("No answer"),       MG_TEXT("Filled"),          MG_TEXT("Empty"),
        MG_TEXT("Least"),  MG_TEXT("Greatest")};
    struct xlsx *xlsx = out->own;
    int rc = 0;
    worksheet_set_column(xlsx->codebook, 0, 0, 24, NULL);
    worksheet_set_column(xlsx->codebook, 1, 2, 40, NULL);
    worksheet_set_column(xlsx->codebook, 4, 4, 32, NULL);
    worksheet_freeze_panes(xlsx->codebook, 1, 1);
    for (size_t i = 0; i < ARRAY_LEN(heads) && rc == 0; i++)
        rc = mg_out_xlsx_text(xlsx->codebook, 0, (uint16_t)i, mg_tr(out->options.lang, heads[i]), xlsx->bold,
                              NULL, error);
    for (size_t c = 0; c < out->n && rc == 0; c++)
        rc = put_codebook_row(out, c, error);
    return rc;
}

/* ---- the end ---- */

static void say_losses(struct mg_out *out)
{
    for (size_t c = 0; c < out->n; c++) {
        const struct mg_out_facts *facts = &out->facts[c];
        if (facts->n_changed)
            mg_out_lose(
                out,
                MG_TEXT("“%.80s”: %lld ‹cell|cells› went in shorter; a cell of Excel holds 32767 characters "
                        "and numbers 16 figures."),
                out->columns[c].name, (long long)facts->n_changed);
    }
}

/* Failures of the temporary stream are seen here only. */
static int check_stream(FILE *stream, off_t *ret_bytes, struct mg_error *error)
{
    if (!stream)
        return 0;
    if (fflush(stream) != 0 || ferror(stream))
        return mg_out_failed(errno, error);
    *ret_bytes = ftello(stream);
    return 0;
}

static int end_xlsx(struct mg_out *out, struct mg_error *error)
{
    struct xlsx *xlsx = out->own;
    off_t bytes = 0, ignored = 0;
    int rc = put_codebook(out, error);
    if (rc == 0)
        rc = check_stream(xlsx->data->optimize_tmpfile, &bytes, error);
    if (rc == 0)
        rc = check_stream(xlsx->codebook->optimize_tmpfile, &ignored, error);
    if (rc)
        return rc;
    errno = 0;
    lxw_error why = workbook_close(xlsx->book);
    xlsx->book = NULL;
    if (why)
        return failed(why, errno, error);
    say_losses(out);
    return mg_out_package_check(out->path, (uint64_t)bytes, error);
}

static void drop_xlsx(struct mg_out *out)
{
    struct xlsx *xlsx = out->own;
    if (xlsx && xlsx->book)
        lxw_workbook_free(xlsx->book);
}

const struct mg_out_kind_of_file mg_out_xlsx = {
    .name = "xlsx",
    .ending = ".xlsx",
    .media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    .rows_max = ROWS_MAX,
    .begin = begin_xlsx,
    .row = row_xlsx,
    .end = end_xlsx,
    .drop = drop_xlsx};
