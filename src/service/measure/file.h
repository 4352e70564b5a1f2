/* A survey file opened for analysis: any format and encoding that exchange/ reads, as a source of the column
 * engine. */
#ifndef MG_SERVICE_MEASURE_FILE_H
#define MG_SERVICE_MEASURE_FILE_H

#include "column/file.h"
#include "exchange/exchange.h"
#include "service/context.h"

struct mg_measure_file {
    struct mg_source source;
    struct mg_exchange *exchange;
    const struct mg_text *notes; /* what was found, guessed or changed */
    size_t n_notes;
    int64_t n_bad;    /* irregular rows, left out */
    int64_t bad_line; /* line of the first of them; 0: none */
};

/* The file stays open (and its temporary copy in place) until ctx->arena is freed. `options` may be NULL. */
MG_CHECKED int mg_measure_open_file(struct mg_ctx *ctx, const char *path,
                                    const struct mg_exchange_options *options,
                                    struct mg_measure_file *ret_file, struct mg_error *error);
/* What is in its columns; in ctx->arena. */
MG_CHECKED int mg_measure_describe_file(const struct mg_ctx *ctx, const struct mg_measure_file *file,
                                        struct mg_source_info *ret_info, struct mg_error *error);
/* Its first rows, cells cut to `cell_bytes`; `info` of the description. */
MG_CHECKED int mg_measure_file_head(const struct mg_ctx *ctx, const struct mg_measure_file *file,
                                    const struct mg_source_info *info, size_t n_rows, size_t cell_bytes,
                                    struct mg_exchange_head *ret_head, struct mg_error *error);

#endif
