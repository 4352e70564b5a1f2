/* An import as it was asked for, with what it reads: for the import itself, its job and its dry run alike. */
#ifndef MG_SERVICE_LISTEN_IMPORT_OPEN_H
#define MG_SERVICE_LISTEN_IMPORT_OPEN_H

#include "service/listen/import.h"
#include "service/listen/importer.h"
#include "service/listen/source.h"

struct mg_import_asked {
    struct mg_wire_import_create create; /* with the new study's document as it is kept, and the mapping */
    struct mg_new_study made;
    const struct mg_new_study *new_study; /* `made`; NULL: the study is there */
    const char *file_name;
    struct mg_import_source source; /* to be closed */
};

#define MG_IMPORT_ASKED_BYTES_MAX ((size_t)8 << 20) /* of a request as it is kept with its import */

/* A request as it is kept. */
MG_CHECKED int mg_import_read_asked(const struct mg_ctx *ctx, const char *kept,
                                    struct mg_wire_import_create *ret, struct mg_error *error);
/* The wave that it says for all rows; NULL: none, or it can't be read. */
const char *mg_import_asked_wave(const struct mg_ctx *ctx, const char *kept);

/* An upload that an import names. */
MG_CHECKED int mg_import_get_upload(const struct mg_ctx *ctx, const char *id,
                                    struct mg_sql_upload_get_row *ret, struct mg_error *error);

/* Of an upload. `study_id`: of the study that the import makes, where it has one already; else NULL.
 * MG_E_INVALID names what can't be. */
MG_CHECKED int mg_import_open_upload(const struct mg_ctx *ctx, const struct mg_wire_import_create *create,
                                     const char *file_name, const char *study_id, struct mg_import_asked *ret,
                                     struct mg_error *error);
/* Of a file that the command line names, with the mapping that is proposed for it. */
MG_CHECKED int mg_import_open_path(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                                   struct mg_import_asked *ret, struct mg_error *error);

/* Whether its rows are told by ids, so that the same file again does no harm. */
bool mg_import_is_by_id(const struct mg_import_asked *asked);
/* A plan without where it goes. What the study has is looked through; mg_known_free(ret->known). */
MG_CHECKED int mg_import_plan_of(const struct mg_ctx *ctx, const struct mg_import_asked *asked,
                                 struct mg_import_plan *ret, struct mg_error *error);
/* Whether there is something to import. MG_E_INVALID: no row holds. */
MG_CHECKED int mg_import_has_rows(const struct mg_import_counts *counts, struct mg_error *error);

#endif
