/* A part of a workbook: XML in a zip archive, handed over element by element.
 *
 * No document type is taken (so there are no entities to expand), no element lies deeper than
 * MG_XML_DEPTH_MAX, and no tag is longer than MG_XML_TAG_MAX bytes. Names come without their prefix. */
#ifndef MG_EXCHANGE_UNPACK_XLSX_XML_H
#define MG_EXCHANGE_UNPACK_XLSX_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/stop.h"
#include "exchange/unpack/zip.h"

#define MG_XML_DEPTH_MAX 100
#define MG_XML_TAG_MAX ((size_t)4 << 20)

/* `attributes`: name, value, …, NULL; names as they are written. A non-zero return ends the part and is what
 * mg_xlsx_read returns (its error is to be told by `user`). */
struct mg_xlsx_handler {
    int (*start)(void *user, const char *name, const char **attributes, struct mg_error *error);
    int (*end)(void *user, const char *name, struct mg_error *error);
    int (*text)(void *user, const char *text, size_t n, struct mg_error *error); /* NULL: none is wanted */
    void *user;
};

MG_CHECKED int mg_xlsx_read(const struct mg_zip *zip, int64_t entry, const struct mg_xlsx_handler *handler,
                            struct mg_stop *stop, struct mg_error *error);

/* The value of the attribute of that name, whatever its prefix; NULL: there is none. */
const char *mg_xlsx_attribute(const char **attributes, const char *name);
/* Without its prefix. */
const char *mg_xlsx_local(const char *name);

/* A part is damaged, says so. */
MG_CHECKED int mg_xlsx_fail(const struct mg_zip *zip, struct mg_error *error);

#endif
