/* The responses of a study as a file, as the record has them: one row each, newest first, the columns
 * labelled from the study.
 *
 * Columns: response_id, then time, wave, weight, customer as the study calls them (at, wave, weight, customer
 * where it doesn't), channel, then the study's own. Read a page at a time, so that nothing waits for it and
 * memory doesn't grow; responses that come while it runs aren't in it. The audit log says who took what. */
#ifndef MG_SERVICE_LISTEN_EXPORT_H
#define MG_SERVICE_LISTEN_EXPORT_H

#include "exchange/out/out.h"
#include "service/context.h"

struct mg_export_request {
    const char *study_id;
    const char *to;
    const char *format; /* as in convert.h; NULL: by what `to` ends in */
};

/* Writes `to`, whole or not at all. ctx->columns: an engine, in memory or not, for Parquet. */
MG_CHECKED int mg_listen_export(const struct mg_ctx *ctx, const struct mg_export_request *request,
                                struct mg_out_report *ret_report, struct mg_error *error);

#endif
