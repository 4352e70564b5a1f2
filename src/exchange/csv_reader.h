/* A strict CSV reader (RFC 4180): streaming, bounded, with line numbers.
 *
 * Cells may be quoted with '"' (doubled inside); lines end in LF, CRLF or CR; blank lines are skipped. Inside
 * an unquoted cell a quote is an ordinary character. Input is UTF-8. */
#ifndef MG_EXCHANGE_CSV_READER_H
#define MG_EXCHANGE_CSV_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "column/file.h"

#define MG_CSV_FIELD_MAX ((size_t)1 << 20)
#define MG_CSV_LINE_MAX ((size_t)16 << 20)
#define MG_CSV_COLUMNS_MAX 4096 /* MG_COLUMN_COLUMNS_MAX */

struct mg_csv_reader;

struct mg_csv_row {
    int64_t line;   /* on which it begins, from 1 */
    bool malformed; /* text follows a closing quote */
    size_t n;
    char *const *cells;  /* terminated; valid until the next call */
    const size_t *sizes; /* bytes of each */
};

/* Takes over `file` (closed by _free, also when this fails). `name` is shown in messages and must outlive the
 * reader. NULL when memory is out. `records`: lines are counted by record, for text of which each record is
 * one line of something else. */
struct mg_csv_reader *mg_csv_reader_new(FILE *file, const char *name, char delimiter, bool records);
void mg_csv_reader_free(struct mg_csv_reader *reader);

/* 1: a row; 0: the end; negative: an error that names the line (a limit, a NUL byte, a quote never closed).
 */
MG_CHECKED int mg_csv_reader_next(struct mg_csv_reader *reader, struct mg_csv_row *ret_row,
                                  struct mg_error *error);

/* What was met so far that other readers take differently. */
struct mg_csv_traits {
    bool stray_quotes, blank_lines, mixed_line_ends;
};
struct mg_csv_traits mg_csv_reader_traits(const struct mg_csv_reader *reader);

#endif
