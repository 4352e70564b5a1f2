/* How somebody says that a file is to be read, made fit for exchange/. */
#ifndef MG_SERVICE_LISTEN_READING_H
#define MG_SERVICE_LISTEN_READING_H

#include "exchange/exchange.h"
#include "service/context.h"
#include "wire/wire.gen.h"

/* A reading that names the sheet of a workbook, where only that was asked for; NULL: neither was. */
MG_CHECKED int mg_reading_with_sheet(const struct mg_ctx *ctx, const struct mg_wire_reading *reading,
                                     const char *sheet, const struct mg_wire_reading **ret_reading,
                                     struct mg_error *error);

/* The same reading as somebody would send it. */
MG_CHECKED int mg_reading_of_options(const struct mg_ctx *ctx, const struct mg_exchange_options *options,
                                     const struct mg_wire_reading **ret_reading, struct mg_error *error);

/* Opens the file at `path`; `options` are filled in. MG_E_INVALID names the part of the reading that can't
 * be: "/reading/columns/0". */
MG_CHECKED int mg_reading_open(const struct mg_ctx *ctx, const char *path,
                               const struct mg_wire_reading *reading, struct mg_exchange_options *options,
                               struct mg_exchange **ret_file, struct mg_error *error);

#endif
