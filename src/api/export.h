/* Files as answers. */
#ifndef MG_API_EXPORT_H
#define MG_API_EXPORT_H

#include "api/http/request.h"
#include "service/listen/export.h"

/* Where a file is made that is to be answered; what a crash leaves there is swept with the uploads. NULL: it
 * can't be, and why. */
const char *mg_reply_path(struct mg_request *request, struct mg_error *error);
/* The answer is to be saved as `name` and `ending`. */
MG_CHECKED int mg_reply_attachment(struct mg_request *request, const char *name, const char *ending,
                                   struct mg_error *error);
/* Answers with the file at `path`, which goes as soon as it is sent. It is called `name` and what its format
 * ends in; headers say its rows and losses. */
MG_CHECKED int mg_reply_export(struct mg_request *request, const char *path, enum mg_out_format format,
                               const char *name, const struct mg_out_report *report, struct mg_error *error);

#endif
