/* What a workbook says about itself: its sheets, where its parts are, which cells are times. */
#ifndef MG_EXCHANGE_UNPACK_XLSX_BOOK_H
#define MG_EXCHANGE_UNPACK_XLSX_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "exchange/unpack/xlsx_time.h"
#include "exchange/unpack/xlsx_xml.h"

#define MG_XLSX_SHEETS_MAX 1000
#define MG_XLSX_STYLES_MAX 65536

struct mg_xlsx_sheet_info {
    const char *name, *id; /* id: of the relation that leads to its part */
    int64_t entry;         /* its part; −1: it has no cells (a chart) or is missing */
    bool hidden;
};

struct mg_xlsx_book {
    const struct mg_zip *zip;
    struct mg_arena *arena;
    const char *part; /* "xl/workbook.xml" */
    bool from_1904;
    struct mg_xlsx_sheet_info *sheets;
    size_t n_sheets;
    int64_t strings, styles; /* entries; −1: there are none */
    unsigned char *shown;    /* of MG_XLSX_STYLES_MAX cell styles: enum mg_xlsx_shown */
    size_t n_styles;
};

/* Everything reachable from it belongs to the arena. */
MG_CHECKED int mg_xlsx_book_read(struct mg_xlsx_book *book, const struct mg_zip *zip, struct mg_arena *arena,
                                 struct mg_stop *stop, struct mg_error *error);

#endif
