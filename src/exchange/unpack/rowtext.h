/* Writing the CSV text of ours into which a file is unpacked: cell by cell, through one buffer.
 *
 * A failure (disk, limit) stays: what follows is dropped, and mg_rowtext_close says it. Every row has its
 * own line, blank ones too; a row of one empty cell is "". */
#ifndef MG_EXCHANGE_UNPACK_ROWTEXT_H
#define MG_EXCHANGE_UNPACK_ROWTEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

struct mg_rowtext {
    FILE *file;
    char *bytes;
    size_t n;               /* in the buffer */
    int64_t written, most;  /* bytes that went to the file, and may */
    size_t cells, row_from; /* cells of the row, and bytes that went before it */
    int64_t lines;
    int why; /* errno of what failed; 0: nothing did */
    bool full;
};

/* `most`: bytes that may be written. */
MG_CHECKED int mg_rowtext_open(struct mg_rowtext *rows, const char *path, int64_t most,
                               struct mg_error *error);
/* Closes it, also after a failure `rc`, which it then returns; `name` is what the file is called that was
 * read. What was never opened (zeroed) is fine. */
MG_CHECKED int mg_rowtext_close(struct mg_rowtext *rows, const char *name, int rc, struct mg_error *error);
static inline bool mg_rowtext_failed(const struct mg_rowtext *rows)
{
    return rows->why || rows->full;
}

void mg_rowtext_text(struct mg_rowtext *rows, const char *text, size_t n);
/* The shortest text that reads back as the same number; empty where it isn't finite. */
void mg_rowtext_number(struct mg_rowtext *rows, double value);
void mg_rowtext_empty(struct mg_rowtext *rows);
void mg_rowtext_end_row(struct mg_rowtext *rows);
/* A line without cells: a row that isn't there. */
void mg_rowtext_blank(struct mg_rowtext *rows);

/* The same text of a finite number; returns its bytes, at most 32 with the terminator. */
size_t mg_rowtext_format(double value, char ret_text[32]);

#endif
