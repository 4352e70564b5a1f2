/* Files as answers. */
#ifndef MG_API_EXPORT_H
#define MG_API_EXPORT_H

#include "api/http/request.h"
#include "service/listen/export.h"

/* Answers with the file at `path`, which goes as soon as it is sent. It is called `name` and what its format
 * ends in; headers say its rows and losses. */
MG_CHECKED int mg_reply_export(struct mg_request *request, const char *path, enum mg_out_format format,
                               const char *name, const struct mg_out_report *report, struct mg_error *error);

#endif
