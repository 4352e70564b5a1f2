/* The last wave beside this one: how a study's last import was read is kept with it (last_profile.h), offered
 * for the next file, and compared with it (last_compare.h). It goes when the import is undone.
 *
 * Where no study is named, it is looked for by columns: that of the last import of which most columns are in
 * the file, at least MG_LAST_SHARE of them and MG_LAST_LEAST in number; of several alike the one imported
 * into last. */
#ifndef MG_SERVICE_LISTEN_LAST_H
#define MG_SERVICE_LISTEN_LAST_H

#include "service/context.h"
#include "service/listen/last_profile.h"
#include "service/listen/source.h"

#define MG_LAST_SHARE 0.8
#define MG_LAST_LEAST 3

struct mg_db;

/* What is to be kept of an import's file, as text in the arena; NULL: there is too much of it. `reading`: as
 * told; NULL: nothing was. Reads the file where its profile doesn't say what is in it. */
MG_CHECKED int mg_last_text(const struct mg_ctx *ctx, const struct mg_import_source *source,
                            const struct mg_wire_reading *reading, const char **ret_text,
                            struct mg_error *error);
/* Keeps it with the import, in the transaction that ends it; NULL: does nothing. And the reverse. */
MG_CHECKED int mg_last_keep(struct mg_db *db, const struct mg_ctx *ctx, const char *import_id,
                            const char *study_id, const char *text, struct mg_error *error);
MG_CHECKED int mg_last_drop(struct mg_db *db, const struct mg_ctx *ctx, const char *import_id,
                            struct mg_error *error);

/* The last import of the study, or of the one that the file's columns speak for where study_id is NULL,
 * beside the file, which is described (mg_exchange_describe). *ret NULL: there is none. */
MG_CHECKED int mg_last_find(const struct mg_ctx *ctx, const char *study_id, const struct mg_exchange *file,
                            const struct mg_wire_last_wave **ret, struct mg_error *error);

/* What is kept of the study's last import; no columns: it has none, or what is kept can't be
 * read. */
MG_CHECKED int mg_last_of_study(const struct mg_ctx *ctx, const char *study_id, struct mg_last_profile *ret,
                                struct mg_error *error);

/* For each of the file's columns whether the study's last import took it as a wave, weight, customer or time.
 * Where there is none, or what is kept of it can't be read: none of them. */
MG_CHECKED int mg_last_properties(const struct mg_ctx *ctx, const char *study_id,
                                  const struct mg_exchange *file, const bool **ret, struct mg_error *error);

/* How the study's last import was told to be read; NULL: nothing was told. MG_E_NOT_FOUND: it has none. */
MG_CHECKED int mg_last_reading(const struct mg_ctx *ctx, const char *study_id,
                               const struct mg_wire_reading **ret, struct mg_error *error);

#endif
