/* Studies ready for use: their documents parsed, their fields, their tables in the columns.
 *
 * Here alone is a stored document read. A study is kept between requests (cache.h), as each answer needs one
 * and parsing takes longer than storing; what is asked for stays valid as long as ctx->arena. */
#ifndef MG_SERVICE_RECORD_LOAD_H
#define MG_SERVICE_RECORD_LOAD_H

#include "column/file.h"
#include "service/context.h"
#include "service/record/fields.h"

struct mg_db; /* store/db.h */

/* Columns of a study's table before those of its fields: "_wave" text, "_at" time, "_weight" number (1 where
 * none was given), "_customer" and "_import" ids. */
#define MG_RECORD_WAVE "_wave"
#define MG_RECORD_AT "_at"
#define MG_RECORD_WEIGHT "_weight"
#define MG_RECORD_CUSTOMER "_customer"
#define MG_RECORD_IMPORT "_import"
#define MG_RECORD_COMMON_COLUMNS 5
/* Their places in the table. */
enum { MG_RECORD_WAVE_AT, MG_RECORD_AT_AT, MG_RECORD_WEIGHT_AT, MG_RECORD_CUSTOMER_AT, MG_RECORD_IMPORT_AT };

/* The time of a response whose file has none: it isn't shown, comes after all others in every order, and lies
 * in no span of time. */
#define MG_NO_TIME INT64_MIN

/* A study's table in the columns. */
struct mg_study_table {
    const char *name; /* mg_record_table_name */
    const struct mg_table_column *columns;
    const char *const *names; /* of the columns */
    size_t n_columns;
    int64_t shape; /* the same where names and types are; not below 0 */
};

/* A study at one version of its document. */
struct mg_record_study {
    const char *id, *code;
    int64_t version;
    const struct mg_study *study;
    struct mg_fields fields;
    struct mg_study_table table;
};

/* The study of ctx->caller's organisation as it is now; MG_E_NOT_FOUND. */
MG_CHECKED int mg_record_study_load(const struct mg_ctx *ctx, const char *id,
                                    const struct mg_record_study **ret_study, struct mg_error *error);
MG_CHECKED int mg_record_study_by_code(const struct mg_ctx *ctx, const char *code,
                                       const struct mg_record_study **ret_study, struct mg_error *error);
/* The same inside a read or write, of any organisation. */
MG_CHECKED int mg_record_study_read(const struct mg_ctx *ctx, struct mg_db *db, const char *org_id,
                                    const char *id, const struct mg_record_study **ret_study,
                                    struct mg_error *error);
/* Of a document that was read already. It isn't kept: a list of all studies would turn out those in use. */
struct mg_study_document {
    const char *id, *code, *document;
    int64_t version;
};
MG_CHECKED int mg_record_study_of(const struct mg_ctx *ctx, const struct mg_study_document *document,
                                  const struct mg_record_study **ret_study, struct mg_error *error);

/* The table that a study has or would have; in the arena. MG_E_INVALID: mg_fields_of. */
MG_CHECKED int mg_study_table_of(struct mg_arena *arena, const char *study_id, const struct mg_fields *fields,
                                 struct mg_study_table *ret_table, struct mg_error *error);
/* "response_<id>", id in lower case; in the arena. NULL when memory is out. */
const char *mg_record_table_name(struct mg_arena *arena, const char *study_id);
/* Its rows, for an analysis: a table that isn't there yet has none. */
struct mg_source mg_record_source(const struct mg_record_study *study);

/* What an analysis of this study is computed from: the file of the columns, the mark of its table, the
 * version of its document. Results of the same version are the same. In the arena; NULL: not known now, or
 * there is nothing yet. Never waits for the columns. */
const char *mg_record_data_version(const struct mg_ctx *ctx, const char *id);

#endif
