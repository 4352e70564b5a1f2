/* Responses, one by one.
 *
 * Everything is of ctx->caller.org_id; wire structs belong to ctx->arena. A response can be read once it is
 * in the record, and in the analyses once the follower (listen/columns.h) brought it to the columns. */
#ifndef MG_SERVICE_LISTEN_RESPONSE_H
#define MG_SERVICE_LISTEN_RESPONSE_H

#include "service/context.h"
#include "wire/wire.gen.h"

/* Returns when it is on disk. Every key of `answers` must be a column of the study, and its value of the
 * column's kind; else MG_E_INVALID names the key. A word for no answer (model/answer.h) is
 * one. Answers off the scale or its steps are kept as given and warned of; analyses take them for no answers.
 * The same request with the same idempotency_key again returns the first response's id and stores nothing;
 * another request with that key is MG_E_CONFLICT. MG_E_BUSY: try again. */
MG_CHECKED int mg_listen_response_create(const struct mg_ctx *ctx, const char *study_id,
                                         const struct mg_wire_response_create *create,
                                         struct mg_wire_response_receipt *ret, struct mg_error *error);
/* The same without waiting for the disk: `done` is called once, from the writer's thread, when *ret is filled
 * or with what went wrong; not at all where this fails. What is handed in must stay until then, and from then
 * on nobody but `done` may touch it. */
typedef void mg_listen_response_done(void *user, int rc, const struct mg_error *error);
MG_CHECKED int mg_listen_response_create_later(const struct mg_ctx *ctx, const char *study_id,
                                               const struct mg_wire_response_create *create,
                                               struct mg_wire_response_receipt *ret,
                                               mg_listen_response_done *done, void *user,
                                               struct mg_error *error);
/* Newest first, only those before the id `before` (NULL: from the newest). */
MG_CHECKED int mg_listen_response_list(const struct mg_ctx *ctx, const char *study_id, const char *before,
                                       int64_t limit, struct mg_wire_response_list *ret,
                                       struct mg_error *error);
/* Rows of the record (store/queries.gen.h) as a list; `total`: how many there are in all. */
struct mg_sql_response_row;
MG_CHECKED int mg_listen_responses_to_wire(const struct mg_ctx *ctx, const struct mg_sql_response_row *rows,
                                           size_t n, int64_t total, struct mg_wire_response_list *ret,
                                           struct mg_error *error);
MG_CHECKED int mg_listen_response_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_response *ret,
                                      struct mg_error *error);
/* Erases it from the record, and through the log from the columns. */
MG_CHECKED int mg_listen_response_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

#endif
