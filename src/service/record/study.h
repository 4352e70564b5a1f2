/* Studies of the record: their documents, and where their responses lie in the columns.
 *
 * Everything is of ctx->caller.org_id; whether the caller may is for the route table. Wire structs belong to
 * ctx->arena. */
#ifndef MG_SERVICE_RECORD_STUDY_H
#define MG_SERVICE_RECORD_STUDY_H

#include "column/file.h"
#include "model/study.h"
#include "service/context.h"
#include "wire/wire.gen.h"

struct mg_db; /* store/db.h */

/* Columns of a study's table beside its own ("_wave" text, "_at" time, "_weight" number, 1 where none was
 * given, "_customer" and
 * "_import" ids). */
#define MG_RECORD_WAVE "_wave"
#define MG_RECORD_AT "_at"
#define MG_RECORD_WEIGHT "_weight"
#define MG_RECORD_CUSTOMER "_customer"
#define MG_RECORD_IMPORT "_import"

MG_CHECKED int mg_record_study_list(const struct mg_ctx *ctx, struct mg_wire_study_list *ret_list,
                                    struct mg_error *error);
MG_CHECKED int mg_record_study_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_study *ret_study,
                                   struct mg_error *error);
/* MG_E_INVALID: the document breaks a rule of studies (line and key in the error); MG_E_CONFLICT: the code is
 * taken. */
MG_CHECKED int mg_record_study_create(const struct mg_ctx *ctx, const struct mg_wire_study_edit *edit,
                                      struct mg_wire_study *ret_study, struct mg_error *error);
/* MG_E_CONFLICT: changed since it was read. Answers given before stay; columns that the new document adds are
 * empty for them. */
MG_CHECKED int mg_record_study_update(const struct mg_ctx *ctx, const char *id,
                                      const struct mg_wire_study_edit *edit, struct mg_wire_study *ret_study,
                                      struct mg_error *error);
/* With all its responses and imports. MG_E_CONFLICT while an import into it runs. */
MG_CHECKED int mg_record_study_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

/* Adds to the number of responses that the study got one by one; inside the write that adds or removes them,
 * once for all writes of a commit. */
MG_CHECKED int mg_record_study_count(struct mg_db *db, const char *study_id, int64_t n,
                                     struct mg_error *error);

/* A study ready for analysis. */
struct mg_record_study {
    const char *id;
    const struct mg_study *study;
    struct mg_source source;   /* its table in the columns */
    const char *wave_column;   /* MG_RECORD_WAVE */
    const char *weight_column; /* MG_RECORD_WEIGHT where the study has weights, else NULL */
    int64_t version;           /* of the document */
};
MG_CHECKED int mg_record_study_load(const struct mg_ctx *ctx, const char *id,
                                    struct mg_record_study *ret_study, struct mg_error *error);
MG_CHECKED int mg_record_study_by_code(const struct mg_ctx *ctx, const char *code,
                                       struct mg_record_study *ret_study, struct mg_error *error);

/* What an analysis of this study is computed from: the file of the columns, the mark of its table, the
 * version of its document. Results of the same version are the same. In the arena; NULL: not known now, or
 * there is nothing yet. Never waits for the columns. */
const char *mg_record_data_version(const struct mg_ctx *ctx, const char *id);

/* The columns of a study's table, in the arena; `ret_n` of them. The first five are those above. */
const struct mg_table_column *mg_record_table_columns(struct mg_arena *arena, const struct mg_study *study,
                                                      size_t *ret_n);
/* "response_<id>", id in lower case; in the arena. */
const char *mg_record_table_name(struct mg_arena *arena, const char *study_id);

#endif
