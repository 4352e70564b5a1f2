/* What an import reads: a file, the study it goes into, and which column is which, brought together. */
#ifndef MG_SERVICE_LISTEN_SOURCE_H
#define MG_SERVICE_LISTEN_SOURCE_H

#include "exchange/exchange.h"
#include "service/listen/mapping.h"
#include "service/record/load.h"
#include "service/record/study.h"

struct mg_import_source {
    struct mg_exchange *file;
    const struct mg_record_study *study;
    const char *const *columns; /* of the file */
    size_t n_columns;
    int64_t n_rows;                  /* bad ones too */
    const struct mg_target *targets; /* one per column */
};

/* The file to open (an upload, else one at a path), called `name` in messages; the study, or the one that the
 * import makes; the mapping; NULL: the one that is proposed, which then stands in `mapping`. */
struct mg_import_source_request {
    const char *upload_id, *path, *name, *study_id;
    const char *sheet;                     /* of a workbook; NULL: the first visible one that holds a table */
    const struct mg_wire_reading *reading; /* of an upload; NULL: as it is found out */
    const struct mg_exchange_options *path_reading; /* of a file at a path; NULL: the same */
    const char *wave;                     /* of all rows; NULL: from a column, if one is mapped to it */
    const struct mg_new_study *new_study; /* NULL: study_id is there */
    const struct mg_wire_mapping *mapping;
    size_t n_mapping;
};

/* In ctx->arena but for the file: mg_import_source_close. MG_E_INVALID: no rows, a mapping that doesn't fit
 * (mg_mapping_resolve), or a new study that names columns which the file hasn't (mg_mapping_check_all). */
MG_CHECKED int mg_import_source_open(const struct mg_ctx *ctx, struct mg_import_source_request *request,
                                     struct mg_import_source *ret_source, struct mg_error *error);
/* Passes on `rc`; a place within the new study's document becomes one within what the import was asked for:
 * "line 1, /items/0" → "/new_study/items/0". */
MG_CHECKED int mg_import_at_new_study(int rc, struct mg_error *error);
void mg_import_source_close(struct mg_import_source *source);

#endif
