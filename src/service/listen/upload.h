/* Files that came in, kept under <data>/uploads/<id> for MG_UPLOAD_LIFE_US, and what is in them.
 *
 * Everything is of ctx->caller.org_id; wire structs belong to ctx->arena. */
#ifndef MG_SERVICE_LISTEN_UPLOAD_H
#define MG_SERVICE_LISTEN_UPLOAD_H

#include "exchange/exchange.h"
#include "service/context.h"
#include "wire/wire.gen.h"

#define MG_UPLOAD_LIFE_US ((int64_t)7 * 24 * 3600 * 1000000)
/* What one organisation may keep at a time. */
#define MG_UPLOADS_ORG_MAX 1000
#define MG_UPLOADS_ORG_BYTES ((int64_t)32 << 30)

/* Whether the organisation has room for another file of that size. MG_E_LIMIT: it hasn't. */
MG_CHECKED int mg_listen_upload_room(const struct mg_ctx *ctx, int64_t bytes, struct mg_error *error);

/* Takes over the whole file, if there is room for it at `path` (moved into the uploads folder; it must be on
 * the same file system) under the client's `name`, of which only the last part without control characters is
 * kept. On failure the file stays where it is. */
MG_CHECKED int mg_listen_upload_store(const struct mg_ctx *ctx, const char *path, const char *name,
                                      struct mg_wire_upload *ret, struct mg_error *error);

struct mg_sql_upload_get_row;
/* What the record knows of it. MG_E_NOT_FOUND. */
MG_CHECKED int mg_listen_upload_get(const struct mg_ctx *ctx, const char *id,
                                    struct mg_sql_upload_get_row *ret, struct mg_error *error);

/* Opens the file, called `name` in messages, read as `reading` says; NULL: as exchange.h finds out. It is
 * searched the first time only: its profile stands beside it afterwards, and those of up to eight readings,
 * of 4 MiB each at most. The caller closes it. */
MG_CHECKED int mg_listen_upload_open(const struct mg_ctx *ctx, const char *id, const char *name,
                                     const struct mg_wire_reading *reading, struct mg_exchange **ret_file,
                                     struct mg_error *error);

/* The upload for the column engine, open till ctx->arena is freed. */
MG_CHECKED int mg_listen_upload_source(const struct mg_ctx *ctx, const char *id,
                                       const struct mg_wire_reading *reading, struct mg_source *ret_source,
                                       struct mg_error *error);

/* Format, encoding, columns with types, the first 20 rows, notes; and where study_id is given what the study
 * wants with a proposed column for each, else a proposed study. */
MG_CHECKED int mg_listen_upload_preview(const struct mg_ctx *ctx, const char *id, const char *study_id,
                                        const char *sheet, struct mg_wire_preview *ret,
                                        struct mg_error *error);

MG_CHECKED int mg_listen_upload_preview_reading(const struct mg_ctx *ctx, const char *id,
                                                const struct mg_wire_preview_request *request,
                                                struct mg_wire_preview *ret, struct mg_error *error);

/* Removes it before its time, whosever it is: for who has made or looked at it. */
MG_CHECKED int mg_listen_upload_drop(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

/* Removes expired uploads, up to 1,000, and files that a crash left without their row. Call it at start and
 * then hourly; ends early when ctx->stop asks. */
MG_CHECKED int mg_listen_upload_sweep(const struct mg_ctx *ctx, struct mg_error *error);

/* <data>/uploads/<id>, in the arena. */
const char *mg_listen_upload_path(const struct mg_ctx *ctx, const char *id);

#endif
