/* Workbooks of tables and charts; see book.h. */
#include "exchange/out/book.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "exchange/out/package.h"
#include "exchange/out/private.h"
#include "exchange/out/xlsx_text.h"

#define CHART_WIDTH 1100 /* pixels; a default row has 20 */
#define CHART_HEIGHT 520
#define PAPER_A4 9
#define MARK_SIZE 9
#define END_SIZE 5

struct mg_book {
    const char *path;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *bold, *bold_right, *decimals;
    lxw_row_t row;
    lxw_col_t column;
    int rc; /* of what failed first */
    struct mg_error error;
};

int mg_book_open(const char *path, struct mg_book **ret_book, struct mg_error *error)
{
    struct mg_book *book = calloc(1, sizeof *book);
    if (!book)
        return mg_fail_memory(error);
    book->path = path;
    book->book = workbook_new(path);
    book->bold = book->book ? workbook_add_format(book->book) : NULL;
    book->bold_right = book->book ? workbook_add_format(book->book) : NULL;
    book->decimals = book->book ? workbook_add_format(book->book) : NULL;
    if (!book->bold || !book->bold_right || !book->decimals) {
        lxw_workbook_free(book->book);
        free(book);
        return mg_fail_memory(error);
    }
    format_set_bold(book->bold);
    format_set_bold(book->bold_right);
    format_set_align(book->bold_right, LXW_ALIGN_RIGHT);
    format_set_num_format(book->decimals, "0.00");
    book->error.lang = error ? error->lang : MG_LANG_EN;
    *ret_book = book;
    return 0;
}

static void note(struct mg_book *book, int rc)
{
    book->rc = book->rc ? book->rc : rc;
}

void mg_book_sheet(struct mg_book *book, const char *name, size_t heads)
{
    book->sheet = workbook_add_worksheet(book->book, name);
    book->row = 0;
    book->column = 0;
    if (!book->sheet) {
        note(book, mg_fail_memory(&book->error));
        return;
    }
    worksheet_set_paper(book->sheet, PAPER_A4);
    worksheet_set_landscape(book->sheet);
    if (!heads)
        return;
    worksheet_freeze_panes(book->sheet, (lxw_row_t)heads, 0);
    worksheet_fit_to_pages(book->sheet, 1, 0);
    worksheet_repeat_rows(book->sheet, 0, (lxw_row_t)heads - 1);
}

void mg_book_width(struct mg_book *book, size_t column, double characters)
{
    if (book->sheet)
        worksheet_set_column(book->sheet, (lxw_col_t)column, (lxw_col_t)column, characters, NULL);
}

static void put_text(struct mg_book *book, const char *text, lxw_format *format)
{
    if (text && *text && !book->rc)
        note(book, mg_out_xlsx_text(book->sheet, book->row, book->column, text, format, NULL, &book->error));
    book->column++;
}

void mg_book_head(struct mg_book *book, const char *text, bool numbers)
{
    put_text(book, text, numbers ? book->bold_right : book->bold);
}

void mg_book_text(struct mg_book *book, const char *text)
{
    put_text(book, text, NULL);
}

static void put_number(struct mg_book *book, double value, lxw_format *format)
{
    if (isfinite(value) && !book->rc &&
        worksheet_write_number(book->sheet, book->row, book->column, value, format) != LXW_NO_ERROR)
        note(book, mg_fail_memory(&book->error));
    book->column++;
}

void mg_book_number(struct mg_book *book, double value)
{
    put_number(book, value, NULL);
}

void mg_book_estimate(struct mg_book *book, double value)
{
    put_number(book, value, book->decimals);
}

void mg_book_end_row(struct mg_book *book)
{
    book->row++;
    book->column = 0;
}

size_t mg_book_row(const struct mg_book *book)
{
    return book->row;
}

static void add_series(lxw_chart *drawn, const struct mg_book_chart *chart, const struct mg_book_series *from)
{
    const char *sheet = chart->of;
    lxw_row_t first = (lxw_row_t)chart->first, last = (lxw_row_t)chart->last, head = (lxw_row_t)chart->head;
    lxw_col_t labels = (lxw_col_t)chart->labels, column = (lxw_col_t)from->column;
    lxw_chart_line none = {.none = LXW_TRUE}, edge = {.color = from->colour};
    lxw_chart_fill fill = {.color = from->colour};
    lxw_chart_series *series = chart_add_series(drawn, NULL, NULL);
    if (!series)
        return;
    chart_series_set_categories(series, sheet, first, labels, last, labels);
    chart_series_set_values(series, sheet, first, column, last, column);
    chart_series_set_name_range(series, sheet, head, column);
    chart_series_set_line(series, &none);
    chart_series_set_marker_type(series, from->mark ? LXW_CHART_MARKER_CIRCLE : LXW_CHART_MARKER_SHORT_DASH);
    chart_series_set_marker_size(series, from->mark ? MARK_SIZE : END_SIZE);
    chart_series_set_marker_fill(series, &fill);
    chart_series_set_marker_line(series, &edge);
}

void mg_book_chart(struct mg_book *book, const struct mg_book_chart *chart)
{
    lxw_chart *drawn = book->sheet ? workbook_add_chart(book->book, LXW_CHART_LINE) : NULL;
    lxw_chart_line joined = {.color = 0x9AA0A6, .width = 2}, grid = {.color = 0xE3E5E8, .width = 0.75};
    lxw_chart_options size = {.x_scale = CHART_WIDTH / 480.0, .y_scale = CHART_HEIGHT / 288.0};
    if (!drawn) {
        note(book, mg_fail_memory(&book->error));
        return;
    }
    for (size_t i = 0; i < chart->n_series; i++)
        add_series(drawn, chart, &chart->series[i]);
    chart_title_set_name(drawn, chart->title);
    chart_axis_set_name(drawn->y_axis, chart->axis);
    chart_axis_set_num_format(drawn->y_axis, "0.0");
    chart_axis_major_gridlines_set_line(drawn->y_axis, &grid);
    if (isfinite(chart->low) && isfinite(chart->high)) {
        chart_axis_set_min(drawn->y_axis, chart->low);
        chart_axis_set_max(drawn->y_axis, chart->high);
    }
    chart_axis_set_label_position(drawn->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_set_high_low_lines(drawn, &joined);
    chart_legend_set_position(drawn, LXW_CHART_LEGEND_BOTTOM);
    worksheet_insert_chart_opt(book->sheet, (lxw_row_t)chart->at_row, 0, drawn, &size);
    worksheet_fit_to_pages(book->sheet, 1, 1);
}

int mg_book_close(struct mg_book *book, struct mg_error *error)
{
    int rc = book->rc;
    if (rc) {
        lxw_workbook_free(book->book);
        if (error)
            *error = book->error;
    } else {
        errno = 0;
        if (workbook_close(book->book) != LXW_NO_ERROR)
            rc = mg_out_failed(errno, error);
        if (!rc)
            rc = mg_out_package_check(book->path, 0, error);
    }
    free(book);
    return rc;
}
