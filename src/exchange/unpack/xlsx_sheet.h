/* The cells of one sheet as rows of text. */
#ifndef MG_EXCHANGE_UNPACK_XLSX_SHEET_H
#define MG_EXCHANGE_UNPACK_XLSX_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange/unpack/rowtext.h"
#include "exchange/unpack/xlsx_book.h"
#include "exchange/unpack/xlsx_text.h"

#define MG_XLSX_ROWS_MAX 1048576
#define MG_XLSX_HEADER_ROWS 12  /* in which merged cells may be those of a header */
#define MG_XLSX_MERGED_MAX 1024 /* of merged cells in them */

struct mg_xlsx_merged {
    uint32_t row, column, last_row, last_column; /* from 0 */
};

/* What a sheet has, known once it was read. */
struct mg_xlsx_shape {
    size_t width;                       /* columns up to the last that has a value */
    int64_t rows;                       /* rows that have one */
    int64_t errors;                     /* cells with an error of a formula, which are left empty */
    bool ragged;                        /* rows were written narrower than that */
    size_t filled[MG_XLSX_HEADER_ROWS]; /* cells with a value in the first rows */
    struct mg_xlsx_merged merged[MG_XLSX_MERGED_MAX]; /* in a header */
    size_t n_merged;
};

/* Writes the sheet: row r of it is line r of the text. Rows are as wide as the widest so far, `known` (NULL:
 * nothing is), and what the sheet says of its size. With `known`, values of merged cells in a header are
 * repeated. */
MG_CHECKED int mg_xlsx_sheet_read(const struct mg_xlsx_book *book, const struct mg_xlsx_strings *strings,
                                  int64_t entry, const struct mg_xlsx_shape *known, struct mg_rowtext *to,
                                  struct mg_stop *stop, struct mg_xlsx_shape *ret_shape,
                                  struct mg_error *error);

#endif
