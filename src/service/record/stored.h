/* Responses of the record, wherever they lie: what was posted is a row, what was imported a place in a chunk
 * (chunk.h), and rows of before have their answers as JSON. Who reads here sees no difference.
 *
 *   id of an imported response = its chunk's id, counted on by its place in the last three digits
 *
 * All run inside a read or a write. Readers see no half import. Rows belong to `ctx->arena`, or to the arena
 * that is passed; a chunk is unpacked in memory of its own. MG_E_ENGINE: what is stored is damaged. */
#ifndef MG_SERVICE_RECORD_STORED_H
#define MG_SERVICE_RECORD_STORED_H

#include "base/ulid.h"
#include "column/table.h"
#include "service/context.h"
#include "service/record/answers.h"
#include "service/record/chunk.h"
#include "service/record/load.h"
#include "store/queries.gen.h"

#define MG_STORED_CHUNK_ROWS ((size_t)256) /* of a chunk that is made: the fewer, the sooner one is read */
#define MG_STORED_PLACES ((size_t)32768)   /* that the last digits of an id tell apart */

/* ---- reading ---- */

/* Of the caller's organisation; MG_E_NOT_FOUND. `document` holds the answers. */
MG_CHECKED int mg_stored_get(const struct mg_ctx *ctx, struct mg_db *db, const char *id,
                             struct mg_sql_response_row *ret_row, struct mg_error *error);
/* Those with ids below `before` (NULL: all), downwards. */
MG_CHECKED int mg_stored_list(const struct mg_ctx *ctx, struct mg_db *db, const char *study_id,
                              const char *before, int64_t limit, struct mg_sql_response_row **ret_rows,
                              size_t *ret_n, struct mg_error *error);
/* By the time they were given, as the queries of these names say, and how many there are. */
MG_CHECKED int mg_stored_newest(const struct mg_ctx *ctx, struct mg_db *db,
                                const struct mg_sql_response_newest_params *params,
                                struct mg_sql_response_row **ret_rows, size_t *ret_n, struct mg_error *error);
MG_CHECKED int mg_stored_oldest(const struct mg_ctx *ctx, struct mg_db *db,
                                const struct mg_sql_response_newest_params *params,
                                struct mg_sql_response_row **ret_rows, size_t *ret_n, struct mg_error *error);
MG_CHECKED int mg_stored_count(const struct mg_ctx *ctx, struct mg_db *db,
                               const struct mg_sql_response_newest_params *params, int64_t *ret_n,
                               struct mg_error *error);
/* The answers of a posted response, of whatever age, as a document in the arena. */
MG_CHECKED int mg_stored_document(struct mg_arena *arena, const char *document, struct mg_blob columns,
                                  struct mg_blob answers, const char **ret_document, struct mg_error *error);

/* ---- as rows of the study's table in the columns ---- */

/* One that is seen; MG_E_NOT_FOUND. */
MG_CHECKED int mg_stored_table_row(struct mg_arena *arena, struct mg_db *db,
                                   const struct mg_record_study *study, const char *id, int64_t sequence,
                                   struct mg_table_row *ret_row, struct mg_error *error);
/* All of an import, whatever its state, or all that is seen of the study (import_id NULL), page by page. */
struct mg_stored_walk {
    struct mg_db *db;
    const struct mg_record_study *study;
    const char *import_id;
    int64_t sequence; /* that rows get */
    bool rows_done;   /* zeroed at first, as the rest */
    char after[MG_ULID_SIZE];
};
/* About `limit` of them, into memory of the page; none: that was the end. A page that failed may be asked for
 * again. */
MG_CHECKED int mg_stored_walk_next(struct mg_stored_walk *walk, struct mg_arena *arena, int64_t limit,
                                   struct mg_table_row **ret_rows, size_t *ret_n, struct mg_error *error);

/* What an import replaced, page by page as above: those that are seen, or of all of them the ids alone, with
 * no values. */
struct mg_stored_replaced {
    struct mg_db *db;
    const struct mg_record_study *study;
    const char *import_id;
    int64_t sequence;
    bool ids;
    int64_t after; /* zeroed at first */
};
MG_CHECKED int mg_stored_replaced_next(struct mg_stored_replaced *walk, struct mg_arena *arena, int64_t limit,
                                       struct mg_table_row **ret_rows, size_t *ret_n, struct mg_error *error);

/* ---- writing ---- */

/* Rows of an import, at most MG_CHUNK_ROWS, that nobody sees yet; with them which customers they are of. */
struct mg_stored_chunk {
    const char *id; /* of the first row */
    const char *study_id, *import_id;
    const struct mg_chunk_rows *rows;
    int64_t now;
};
MG_CHECKED int mg_stored_add(const struct mg_ctx *ctx, struct mg_db *db, const struct mg_stored_chunk *chunk,
                             struct mg_error *error);
/* The id of the row at a place of a chunk; the place of an id, SIZE_MAX: none of this chunk. */
void mg_stored_id(const char *chunk_id, size_t place, char ret_id[MG_ULID_SIZE]);
size_t mg_stored_place(const char *chunk_id, size_t n_rows, const char *id);

/* Removes one response that is seen, with those that it replaced; what it was of. MG_E_NOT_FOUND. */
struct mg_stored_erased {
    const char *study_id, *import_id; /* import_id NULL: it was posted */
};
MG_CHECKED int mg_stored_erase(const struct mg_ctx *ctx, struct mg_db *db, const char *id,
                               struct mg_stored_erased *ret, struct mg_error *error);
/* Takes a customer from some of the imported responses, and tells the columns of each; *ret_done: there are
 * no more. */
MG_CHECKED int mg_stored_release(const struct mg_ctx *ctx, struct mg_db *db, const char *customer_id,
                                 bool *ret_done, struct mg_error *error);
/* Removes chunks with what knows of them. with_customers: also those of their customers that were made since
 * the chunk's import began, and that have nothing else: no other response, no attribute, no change. */
MG_CHECKED int mg_stored_drop(struct mg_db *db, const struct mg_sql_chunk_row *chunks, size_t n,
                              bool with_customers, int64_t *ret_rows, struct mg_error *error);

#endif
