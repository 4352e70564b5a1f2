/* A strict CSV reader (RFC 4180) over a stretch of a file: streaming, bounded, with line numbers.
 *
 * Cells may be quoted with '"' (doubled inside); lines end in LF, CRLF or CR; blank lines are skipped. Inside
 * an unquoted cell a quote is an ordinary character. Input is UTF-8.
 *
 * Many readers may read one file at the same time: each reads by position, from a descriptor that stays the
 * caller's. */
#ifndef MG_EXCHANGE_CSV_READER_H
#define MG_EXCHANGE_CSV_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "column/file.h"

#define MG_CSV_FIELD_MAX ((size_t)1 << 20)
#define MG_CSV_LINE_MAX ((size_t)16 << 20)
#define MG_CSV_COLUMNS_MAX MG_COLUMN_COLUMNS_MAX

struct mg_csv_reader;

/* What to read: the rows that begin at `from` or later, and before `to`. */
struct mg_csv_range {
    int fd;
    const char *name; /* shown in messages; outlives the reader */
    char delimiter;
    bool records; /* lines are counted by record, for text of which each is one line of something else */
    int64_t from, to, end; /* bytes; end: of the file, where a row may still end that began before `to` */
    int64_t line;          /* on which `from` is */
};

struct mg_csv_row {
    int64_t line;   /* on which it begins, from 1 */
    int64_t offset; /* of its first byte in the file */
    bool malformed; /* text follows a closing quote */
    size_t n;
    char *const *cells;  /* terminated; valid until the next call */
    const size_t *sizes; /* bytes of each */
};

/* NULL when memory is out. */
struct mg_csv_reader *mg_csv_reader_new(const struct mg_csv_range *range);
/* Of a text in memory, which is copied. */
struct mg_csv_reader *mg_csv_reader_of_text(const char *text, size_t n, char delimiter);
void mg_csv_reader_free(struct mg_csv_reader *reader);

/* 1: a row; 0: the end; negative: an error that names the line (a limit, a NUL byte, a quote never closed, a
 * file that has become shorter). */
MG_CHECKED int mg_csv_reader_next(struct mg_csv_reader *reader, struct mg_csv_row *ret_row,
                                  struct mg_error *error);

/* Where the next row may begin: behind the line end of the last one; and the line that is. */
int64_t mg_csv_reader_offset(const struct mg_csv_reader *reader);
int64_t mg_csv_reader_line(const struct mg_csv_reader *reader);

#endif
