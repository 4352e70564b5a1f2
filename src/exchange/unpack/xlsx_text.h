/* Texts of a workbook: what stands in <t>, in runs or not, and the table of those that cells share. */
#ifndef MG_EXCHANGE_UNPACK_XLSX_TEXT_H
#define MG_EXCHANGE_UNPACK_XLSX_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "exchange/unpack/xlsx_xml.h"

#define MG_XLSX_STRINGS_BYTES_MAX ((size_t)128 << 20) /* of all shared texts */
#define MG_XLSX_STRINGS_MAX ((size_t)8 << 20)

/* Collects the text inside <si> or <is>: of all its runs, without readings in small letters (<rPh>). */
struct mg_xlsx_text {
    struct mg_buf *to;
    bool inside;  /* <t> */
    bool reading; /* <rPh> */
};
void mg_xlsx_text_start(struct mg_xlsx_text *text, const char *name);
void mg_xlsx_text_end(struct mg_xlsx_text *text, const char *name);
void mg_xlsx_text_add(struct mg_xlsx_text *text, const char *bytes, size_t n);
/* Turns "_x000D_" into what it stands for, in place; returns the bytes that are left. */
size_t mg_xlsx_text_unescape(char *text, size_t n);

struct mg_xlsx_strings {
    struct mg_buf bytes;
    uint32_t *ends; /* n of them */
    size_t n, room;
};

/* An entry of −1 leaves the table empty. mg_xlsx_strings_done is fine after a failure, and for zeroes. */
MG_CHECKED int mg_xlsx_strings_read(struct mg_xlsx_strings *strings, const struct mg_zip *zip, int64_t entry,
                                    struct mg_stop *stop, struct mg_error *error);
void mg_xlsx_strings_done(struct mg_xlsx_strings *strings);
/* NULL: there is none of that number. */
const char *mg_xlsx_string(const struct mg_xlsx_strings *strings, size_t number, size_t *ret_n);

#endif
