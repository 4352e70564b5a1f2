/* The rows of a file become rows of the record, in batches: one being written while the next is being read.
 */
#ifndef MG_SERVICE_LISTEN_IMPORTER_H
#define MG_SERVICE_LISTEN_IMPORTER_H

#include "service/context.h"
#include "service/listen/source.h"

#define MG_IMPORT_ERRORS_STORED 10000 /* bad cells and rows listed; all are counted */

/* What to do; borrowed during mg_importer_run. */
struct mg_import_plan {
    const struct mg_ctx *ctx;
    const char *import_id;
    const struct mg_import_source *source;
    const char *wave; /* of all rows; NULL: from a column */
    bool skip_bad_rows;
    int (*progress)(void *user, int64_t rows, double share,
                    struct mg_error *error); /* non-zero stops; NULL: none */
    void *user;
};

struct mg_import_counts {
    int64_t read, kept, refused, errors;
};

/* Writes responses and listed errors, all still invisible, and the import's counts. On failure what was
 * written stays for the caller to remove. */
MG_CHECKED int mg_importer_run(const struct mg_import_plan *plan, struct mg_import_counts *ret_counts,
                               struct mg_error *error);

#endif
