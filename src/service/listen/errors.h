/* The list of what was wrong in an import, summed up. */
#ifndef MG_SERVICE_LISTEN_ERRORS_H
#define MG_SERVICE_LISTEN_ERRORS_H

#include "service/context.h"
#include "store/queries.gen.h"
#include "wire/wire.gen.h"

#define MG_IMPORT_ERROR_KINDS_MAX 20

/* By column and reason, most frequent first; reasons that differ in numbers alone are one. Of the errors that
 * are listed. */
MG_CHECKED int mg_import_error_kinds(const struct mg_ctx *ctx, const char *import_id,
                                     const struct mg_wire_import_error_kind **ret, size_t *ret_n,
                                     struct mg_error *error);
/* The same of rows that are at hand, which are put in another order. */
MG_CHECKED int mg_import_error_kinds_of(const struct mg_ctx *ctx, struct mg_sql_import_error_list_row *rows,
                                        size_t n_rows, const struct mg_wire_import_error_kind **ret,
                                        size_t *ret_n, struct mg_error *error);

#endif
