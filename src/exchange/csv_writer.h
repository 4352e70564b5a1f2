/* CSV out: RFC 4180 with CRLF line ends, UTF-8, safe against formula injection.
 *
 * A spreadsheet runs a text cell that begins with = + - @ (narrow or full-width), tab, CR or LF as a formula.
 * Such text gets a leading apostrophe, which spreadsheets show as text; plain numbers (−1.5, +3) are left
 * alone. */
#ifndef MG_EXCHANGE_CSV_WRITER_H
#define MG_EXCHANGE_CSV_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct mg_csv_writer {
    struct mg_buf *buf; /* borrowed */
    bool inside;        /* a cell of the current row was written */
};

struct mg_csv_writer mg_csv_writer(struct mg_buf *buf);
/* The byte order mark by which spreadsheets know UTF-8; first thing in a file. */
void mg_csv_write_mark(struct mg_csv_writer *out);
/* Whether mg_csv_write_text puts an apostrophe before the text. */
bool mg_csv_is_formula(const char *text);
void mg_csv_write_text(struct mg_csv_writer *out, const char *text); /* NULL: an empty cell */
void mg_csv_write_number(struct mg_csv_writer *out, double value);   /* not finite: an empty cell */
void mg_csv_end_row(struct mg_csv_writer *out);

/* A cell as it is, only quoted: for files that go back into this program, not to people. */
void mg_csv_write_exact(struct mg_buf *buf, const char *text, size_t n);

#endif
