/* What the files of stored.h share. */
#ifndef MG_SERVICE_RECORD_STORED_PRIVATE_H
#define MG_SERVICE_RECORD_STORED_PRIVATE_H

#include "service/record/stored.h"

#define MG_STORED_ARENA ((size_t)512 << 20) /* of one chunk's rows, unpacked */

/* A chunk unpacked, and its memory. */
struct mg_unpacked_chunk {
    struct mg_arena *arena;
    struct mg_chunk chunk;
};
MG_CHECKED int mg_unpack_chunk(const struct mg_sql_chunk_row *row, struct mg_unpacked_chunk *ret,
                               struct mg_error *error);
/* The same as readers see it: what is hidden counts as erased. */
MG_CHECKED int mg_unpack_seen(struct mg_db *db, const struct mg_sql_chunk_row *row,
                              struct mg_unpacked_chunk *ret, struct mg_error *error);
void mg_unpacked_free(struct mg_unpacked_chunk *unpacked); /* zeroed is fine */

/* One row as readers get it, in ctx->arena. */
MG_CHECKED int mg_chunk_response(const struct mg_ctx *ctx, struct mg_db *db,
                                 const struct mg_sql_chunk_row *row, const struct mg_chunk *chunk,
                                 size_t place, struct mg_sql_response_row *ret, struct mg_error *error);
/* Fills in the documents of posted responses. */
MG_CHECKED int mg_fill_documents(struct mg_arena *arena, struct mg_sql_response_row *rows, size_t n,
                                 struct mg_error *error);
/* Two pages in order become one of at most `limit`; `first(user, a, b)`: whether `a` comes first. */
MG_CHECKED int
mg_merge_responses(const struct mg_ctx *ctx, int64_t limit,
                   bool (*first)(const struct mg_sql_response_row *a, const struct mg_sql_response_row *b),
                   struct mg_sql_response_row **rows, size_t *n, const struct mg_sql_response_row *more,
                   size_t n_more, struct mg_error *error);

#endif
