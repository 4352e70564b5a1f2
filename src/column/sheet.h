/* A file as a sheet: named columns, and rows of cells as text with their line, in parts that may be read at
 * the same time. exchange/ makes sheets of files and fills in the functions; the column engine scans them.
 *
 * A sheet doesn't change: every reading of a part gives the same rows. It may be read from any thread, a part
 * at a time by each. */
#ifndef MG_COLUMN_SHEET_H
#define MG_COLUMN_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/cell.h"

struct mg_sheet_row {
    int64_t number; /* in the sheet, from 1 */
    int64_t line;   /* of the file, on which it begins; from 1 */
    const char *const
        *cells;          /* n_columns of them, UTF-8, terminated; "" is empty. Valid until the next row */
    const size_t *sizes; /* bytes of each */
};

struct mg_sheet_part; /* being read */

struct mg_sheet {
    const char *const *columns; /* unique regardless of ASCII case, none empty */
    const char *const
        *aliases; /* by column: what it may be called besides, NULL where nothing; NULL: nowhere */
    size_t n_columns;
    const struct mg_reading *readings; /* by column: how its cells are numbers; NULL: plainly */
    const bool *decimal_open; /* by column: whether 1,234 is above a thousand can't be known, such cells
                                 aren't read; NULL: of none */
    int64_t rows;
    size_t n_parts; /* in the order of the file; none where there are no rows */
    const void *file;
    MG_CHECKED int (*open)(const void *file, size_t part, struct mg_sheet_part **ret_part,
                           struct mg_error *error);
    /* 1: a row; 0: the end of the part; negative: an error. */
    MG_CHECKED int (*next)(struct mg_sheet_part *part, struct mg_sheet_row *ret_row, struct mg_error *error);
    void (*close)(struct mg_sheet_part *part);
};

#endif
