/* Writing the CSV text of ours into which a file is unpacked: cell by cell, through one buffer.
 *
 * A failure (disk, limit) stays: what follows is dropped, and mg_made_sheet_close says it. Every row has its
 * own line, blank ones too; a row of one empty cell is "". */
#ifndef MG_EXCHANGE_UNPACK_SHEET_H
#define MG_EXCHANGE_UNPACK_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

struct mg_made_sheet {
    FILE *file;
    char *bytes;
    size_t n;               /* in the buffer */
    int64_t written, most;  /* bytes that went to the file, and may */
    size_t cells, row_from; /* cells of the row, and bytes that went before it */
    int64_t rows;
    int why; /* errno of what failed; 0: nothing did */
    bool full;
};

/* `most`: bytes that may be written. */
MG_CHECKED int mg_made_sheet_open(struct mg_made_sheet *sheet, const char *path, int64_t most, struct mg_error *error);
/* Closes it, also after a failure `rc`, which it then returns; `name` is what the file is called that was
 * read. A sheet that was never opened (zeroed) is fine. */
MG_CHECKED int mg_made_sheet_close(struct mg_made_sheet *sheet, const char *name, int rc, struct mg_error *error);
static inline bool mg_made_sheet_failed(const struct mg_made_sheet *sheet)
{
    return sheet->why || sheet->full;
}

void mg_made_sheet_text(struct mg_made_sheet *sheet, const char *text, size_t n);
/* The shortest text that reads back as the same number; empty where it isn't finite. */
void mg_made_sheet_number(struct mg_made_sheet *sheet, double value);
void mg_made_sheet_empty(struct mg_made_sheet *sheet);
void mg_made_sheet_end_row(struct mg_made_sheet *sheet);
/* A line without cells: a row that isn't there. */
void mg_made_sheet_blank(struct mg_made_sheet *sheet);

/* The same text of a finite number; returns its bytes, at most 32 with the terminator. */
size_t mg_made_sheet_format(double value, char ret_text[32]);

#endif
