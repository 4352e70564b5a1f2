/* The rows of a file become rows of the record, in batches: one being written while the next is being read.
 */
#ifndef MG_SERVICE_LISTEN_IMPORTER_H
#define MG_SERVICE_LISTEN_IMPORTER_H

#include "service/context.h"
#include "service/listen/known.h"
#include "service/listen/source.h"
#include "store/queries.gen.h"

#define MG_IMPORT_ERRORS_STORED 10000 /* bad cells and rows listed; all are counted */

/* What a dry run keeps of it: in the memory of the plan's context, what would be listed. */
struct mg_import_dry {
    struct mg_sql_import_error_list_row *errors;
    size_t n;
};

/* What to do; borrowed during mg_importer_run. */
struct mg_import_plan {
    const struct mg_ctx *ctx;
    const char *import_id;
    const struct mg_import_source *source;
    const char *wave; /* of all rows; NULL: from a column */
    bool skip_bad_rows;
    struct mg_known *known;    /* to compare ids with; NULL: all rows are added */
    bool only_new;             /* rows of ids that are there are left */
    struct mg_import_dry *dry; /* nothing is written; NULL: an import */
    int (*progress)(void *user, int64_t rows, double share,
                    struct mg_error *error); /* non-zero stops; NULL: none */
    void *user;
};

struct mg_import_counts {
    int64_t read, kept, refused, errors;
    int64_t added, replaced, left;        /* of those kept */
    int64_t repeated_ids, repeated_alike; /* in the file */
    int64_t same_content;                 /* the rest only of a dry run */
    int64_t customers_known, customers_new, customers_none;
};

/* The file's column that the study names for ids; SIZE_MAX: none. */
size_t mg_import_ids_of(const struct mg_import_source *source);

/* Sets an import's counts in the record; *ret_changed 0: it was stopped. */
MG_CHECKED int mg_import_count(struct mg_db *db, const char *import_id, const struct mg_import_counts *counts,
                               int64_t *ret_changed, struct mg_error *error);

/* Writes responses and listed errors, all still invisible, and the import's counts; a dry run reads the same
 * rows by the same rules and counts. On failure what was written stays for the caller to remove. */
MG_CHECKED int mg_importer_run(const struct mg_import_plan *plan, struct mg_import_counts *ret_counts,
                               struct mg_error *error);

#endif
