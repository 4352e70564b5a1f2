/* What an import would do: the same rows are read by the same rules, and nothing is kept. */
#ifndef MG_SERVICE_LISTEN_CHECK_H
#define MG_SERVICE_LISTEN_CHECK_H

#include "service/context.h"
#include "service/listen/import.h"
#include "wire/wire.gen.h"

/* Fails as mg_listen_import_create does where the mapping or the study can't be; what would make the import
 * itself fail stands in `message`. */
MG_CHECKED int mg_listen_import_check(const struct mg_ctx *ctx, const struct mg_wire_import_create *create,
                                      struct mg_wire_import_check *ret, struct mg_error *error);
/* The same of a file, for the command line, beside a running server too. */
MG_CHECKED int mg_listen_import_check_file(const struct mg_ctx *ctx,
                                           const struct mg_listen_import_file *request,
                                           struct mg_wire_import_check *ret, struct mg_error *error);

#endif
