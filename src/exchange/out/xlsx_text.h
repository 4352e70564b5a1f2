/* Text into a cell of a worksheet, as text: never a formula, never longer than a cell may be. */
#ifndef MG_EXCHANGE_OUT_XLSX_TEXT_H
#define MG_EXCHANGE_OUT_XLSX_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <xlsxwriter.h>

#include "base/err.h"

#define MG_XLSX_CHARACTERS_MAX 32767 /* UTF-16 units of a cell */

/* *ret_cut (NULL: nobody asks) becomes true where the text was longer. `format` NULL: none. */
MG_CHECKED int mg_out_xlsx_text(lxw_worksheet *sheet, uint32_t row, uint16_t column, const char *text,
                                lxw_format *format, bool *ret_cut, struct mg_error *error);

#endif
