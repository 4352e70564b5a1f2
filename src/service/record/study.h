/* Studies of the record as people see and change them; load.h has them ready for use.
 *
 * Everything is of ctx->caller.org_id; whether the caller may is for the route table. Wire structs belong to
 * ctx->arena. */
#ifndef MG_SERVICE_RECORD_STUDY_H
#define MG_SERVICE_RECORD_STUDY_H

#include "service/context.h"
#include "wire/wire.gen.h"

struct mg_db;    /* store/db.h */
struct mg_study; /* model/study.h */

MG_CHECKED int mg_record_study_list(const struct mg_ctx *ctx, struct mg_wire_study_list *ret_list,
                                    struct mg_error *error);
MG_CHECKED int mg_record_study_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_study *ret_study,
                                   struct mg_error *error);
/* MG_E_INVALID: the document breaks a rule of studies (line and key in the error); MG_E_TAKEN: the code is
 * taken. */
MG_CHECKED int mg_record_study_create(const struct mg_ctx *ctx, const struct mg_wire_study_edit *edit,
                                      struct mg_wire_study *ret_study, struct mg_error *error);
/* MG_E_CHANGED: since it was read. MG_E_TAKEN: the code is. Answers given before stay; columns that the new
 * document adds are empty for them. */
MG_CHECKED int mg_record_study_update(const struct mg_ctx *ctx, const char *id,
                                      const struct mg_wire_study_edit *edit, struct mg_wire_study *ret_study,
                                      struct mg_error *error);
/* The study that an edit would make, checked as its change is but for the code. In ctx->arena. */
MG_CHECKED int mg_record_study_of_edit(const struct mg_ctx *ctx, const struct mg_wire_study_edit *edit,
                                       const struct mg_study **ret_study, struct mg_error *error);
/* With all its responses and imports. MG_E_CONFLICT while an import into it runs: then nothing is removed.
 * Else it is there no more from the first write on, and no import into it begins; what is left of it when the
 * process ends the sweep removes. */
MG_CHECKED int mg_record_study_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error);
MG_CHECKED int mg_record_study_sweep(const struct mg_ctx *ctx, struct mg_error *error);

/* A study that comes to be with the import that fills it. From _begin on its code is taken, but nobody sees
 * it; the import's last transaction makes it known, an end without one frees the code. Each inside the
 * import's own write. */
struct mg_new_study {
    const char *id, *document; /* as it is kept */
    const struct mg_study *study;
};
/* `id` NULL: a new one; else that of a study that was begun. MG_E_INVALID as in mg_record_study_create. In
 * ctx->arena. */
MG_CHECKED int mg_record_study_plan(const struct mg_ctx *ctx, const char *id, const char *document,
                                    struct mg_new_study *ret, struct mg_error *error);
/* MG_E_TAKEN: the code is. */
MG_CHECKED int mg_record_study_begin(struct mg_db *db, const struct mg_ctx *ctx,
                                     const struct mg_new_study *planned, const char *import_id,
                                     struct mg_error *error);
/* Nothing to do where the import makes none. */
MG_CHECKED int mg_record_study_settle(struct mg_db *db, const struct mg_ctx *ctx, const char *import_id,
                                      const char *id, const char *code, struct mg_error *error);
MG_CHECKED int mg_record_study_give_up(struct mg_db *db, const char *import_id, struct mg_error *error);

/* Adds to the number of responses that the study got one by one; inside the write that adds or removes them,
 * once for all writes of a commit. */
MG_CHECKED int mg_record_study_count(struct mg_db *db, const char *study_id, int64_t n,
                                     struct mg_error *error);

#endif
