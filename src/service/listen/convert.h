/* A survey file into another format: whatever opens, out as whatever can be written.
 *
 * A column goes out as numbers, times or truth values where all its cells are such, as text where one isn't,
 * or where a number couldn't be told from its digits again (007, numbers of more than 15 digits). */
#ifndef MG_SERVICE_LISTEN_CONVERT_H
#define MG_SERVICE_LISTEN_CONVERT_H

#include "exchange/exchange.h"
#include "exchange/out/out.h"
#include "service/context.h"

struct mg_convert_report {
    struct mg_out_report out;
    const struct mg_text *notes; /* what was found, guessed or changed while reading */
    size_t n_notes;
    const struct mg_exchange *file; /* as it was read */
    int64_t n_bad, bad_line; /* irregular rows, which have no place in a table and are left out; the first */
};

struct mg_convert_request {
    const char *from, *to;
    const char *format; /* "csv", "xlsx", "sav", "dta", "jsonl", "parquet"; NULL: by what `to` ends in */
    const struct mg_exchange_options *reading; /* how `from` is read; NULL: as is found out */
};

/* Writes `to`, whole or not at all; a file that is there already is replaced, but never the one that is read.
 * ctx->columns: an open engine where either is Parquet. All of the report is in ctx->arena. */
MG_CHECKED int mg_listen_convert(const struct mg_ctx *ctx, const struct mg_convert_request *request,
                                 struct mg_convert_report *ret_report, struct mg_error *error);

#endif
