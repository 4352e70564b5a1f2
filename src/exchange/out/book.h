/* An Excel workbook of tables and charts for people: reports, of at most some thousand rows, which stay in
 * memory.
 *
 * Cells are written one after another, row by row, as CSV is; text is always text. What fails in between is
 * said when it is closed. Charts are native ones and read the cells. */
#ifndef MG_EXCHANGE_OUT_BOOK_H
#define MG_EXCHANGE_OUT_BOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define MG_BOOK_SERIES_MAX 3

struct mg_book;

/* A column of numbers as marks, one above each label; the highest and lowest of a label are joined by a line:
 * with two series a dumbbell, with an estimate between its bounds an interval. */
struct mg_book_series {
    size_t column;   /* its first row is the name */
    unsigned colour; /* 0xRRGGBB */
    bool mark;       /* drawn; else it only ends the line */
};

struct mg_book_chart {
    const char *title, *axis; /* of the values */
    const char *of;           /* sheet of the cells */
    double low, high;         /* ends of the axis; NAN: as the program that draws it finds */
    size_t labels;            /* column */
    size_t head, first, last; /* rows: of the names, and of the values */
    struct mg_book_series series[MG_BOOK_SERIES_MAX];
    size_t n_series;
    size_t at_row; /* where it stands */
};

/* `path` is borrowed until the end. */
MG_CHECKED int mg_book_open(const char *path, struct mg_book **ret_book, struct mg_error *error);
/* Begins a sheet; what follows goes there. `heads` rows stay when it is scrolled, and come on every page; a
 * sheet that has some is printed as wide as a page. */
void mg_book_sheet(struct mg_book *book, const char *name, size_t heads);
void mg_book_width(struct mg_book *book, size_t column, double characters);
/* Above a column of numbers, or of texts. */
void mg_book_head(struct mg_book *book, const char *text, bool numbers);
void mg_book_text(struct mg_book *book, const char *text); /* NULL: an empty cell */
void mg_book_number(struct mg_book *book, double value);   /* not finite: an empty cell */
void mg_book_estimate(struct mg_book *book, double value); /* shown with two decimals */
void mg_book_end_row(struct mg_book *book);
size_t mg_book_row(const struct mg_book *book); /* that is being written, from 0 */
/* How many rows of a sheet a chart covers. */
#define MG_BOOK_CHART_ROWS 27
/* On the present sheet. */
void mg_book_chart(struct mg_book *book, const struct mg_book_chart *chart);
/* Ends the file and frees `book`, also when it fails. MG_E_FULL: the disk of the file is, or that of
 * temporary files. */
MG_CHECKED int mg_book_close(struct mg_book *book, struct mg_error *error);

#endif
