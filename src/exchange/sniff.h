/* Guesses about a file from its first bytes: format, delimiter, header. */
#ifndef MG_EXCHANGE_SNIFF_H
#define MG_EXCHANGE_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define MG_SNIFF_BYTES ((size_t)256 * 1024)

enum mg_sniffed {
    MG_SNIFF_TEXT,
    MG_SNIFF_GZIP,
    MG_SNIFF_ZIP, /* of one file */
    MG_SNIFF_PARQUET,
    MG_SNIFF_XLSX,
    MG_SNIFF_SAV,
    MG_SNIFF_DTA,
    MG_SNIFF_SAS,
};

/* By magic bytes, and by what is in a zip archive. Fails on an empty file, on a cut-off Parquet file, and on
 * formats that must be saved as another first, saying which. */
MG_CHECKED int mg_sniff_format(const char *path, const char *name, enum mg_sniffed *ret_format,
                               struct mg_error *error);

/* The first MG_SNIFF_BYTES of a text, read whole; `text` is terminated. */
struct mg_sniff_text {
    char *text;
    size_t n;
};
MG_CHECKED int mg_sniff_read(const char *path, const char *name, struct mg_sniff_text *ret_text,
                             struct mg_error *error);

/* True when the text opens an object of JSON or a list of such. */
bool mg_sniff_is_json(const struct mg_sniff_text *text);
/* Of comma, semicolon, tab and bar the one that splits most rows into as many cells as the first; a comma
 * when none does. */
char mg_sniff_delimiter(const struct mg_sniff_text *text);
/* A first row is a header unless most of its filled cells are numbers. */
bool mg_sniff_is_header(char *const *cells, size_t n);

#endif
