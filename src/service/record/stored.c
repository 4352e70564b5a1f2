/* Reading responses; see stored.h. */
#include "service/record/stored.h"

#include <math.h>
#include <string.h>

#include "service/record/chunk_format.h"
#include "service/record/hidden.h"
#include "service/record/stored_private.h"

#define DIGITS 3
#define CHANNEL "import"

/* ---- ids ---- */

static size_t digits_of(const char *id)
{
    size_t value = 0;
    for (size_t i = MG_ULID_SIZE - 1 - DIGITS; i < MG_ULID_SIZE - 1; i++) {
        const char *letter = id[i] ? strchr(ULID_LETTERS, id[i]) : NULL;
        if (!letter)
            return SIZE_MAX;
        value = value * 32 + (size_t)(letter - ULID_LETTERS);
    }
    return value;
}

void mg_stored_id(const char *chunk_id, size_t place, char ret_id[MG_ULID_SIZE])
{
    memcpy(ret_id, chunk_id, MG_ULID_SIZE);
    size_t value = digits_of(chunk_id) + place;
    for (size_t i = 0; i < DIGITS; i++, value /= 32)
        ret_id[MG_ULID_SIZE - 2 - i] = ULID_LETTERS[value % 32];
}

size_t mg_stored_place(const char *chunk_id, size_t n_rows, const char *id)
{
    if (strlen(id) != MG_ULID_SIZE - 1 || memcmp(id, chunk_id, MG_ULID_SIZE - 1 - DIGITS) != 0)
        return SIZE_MAX;
    size_t first = digits_of(chunk_id), value = digits_of(id);
    return value == SIZE_MAX || value < first || value - first >= n_rows ? SIZE_MAX : value - first;
}

/* ---- chunks ---- */

int mg_unpack_chunk(const struct mg_sql_chunk_row *row, struct mg_unpacked_chunk *ret, struct mg_error *error)
{
    *ret = (struct mg_unpacked_chunk){.arena = mg_arena_new(MG_STORED_ARENA)};
    if (!ret->arena)
        return mg_fail_memory(error);
    int rc = mg_chunk_read_head(ret->arena, row->head.data, row->head.size, &ret->chunk, error);
    if (!rc)
        rc = mg_chunk_read_data(ret->arena, row->data.data, row->data.size, &ret->chunk, error);
    if (rc)
        mg_unpacked_free(ret);
    return rc;
}

int mg_unpack_seen(struct mg_db *db, const struct mg_sql_chunk_row *row, struct mg_unpacked_chunk *ret,
                   struct mg_error *error)
{
    int rc = mg_unpack_chunk(row, ret, error);
    if (rc)
        return rc;
    rc = mg_hidden_mask(db, ret->arena, row->number, &ret->chunk, error);
    if (rc)
        mg_unpacked_free(ret);
    return rc;
}

void mg_unpacked_free(struct mg_unpacked_chunk *unpacked)
{
    mg_arena_free(unpacked->arena);
    unpacked->arena = NULL;
}

static int reference_of(const struct mg_ctx *ctx, struct mg_db *db, const char *customer_id,
                        const char **ret_reference, struct mg_error *error)
{
    struct mg_sql_customer_reference_row row;
    *ret_reference = NULL;
    if (!customer_id)
        return 0;
    int rc = mg_sql_customer_reference(db, ctx->arena, ctx->caller.org_id, customer_id, &row, error);
    if (!rc)
        *ret_reference = row.reference;
    return rc == MG_E_NOT_FOUND ? 0 : rc;
}

/* The texts go over into memory that outlives the chunk's. */
static int copy_row(const struct mg_ctx *ctx, const struct mg_sql_chunk_row *row,
                    const struct mg_chunk *chunk, size_t place, const struct mg_chunk_row *read,
                    struct mg_sql_response_row *ret, struct mg_error *error)
{
    struct mg_arena *arena = ctx->arena;
    const struct mg_layout layout = {chunk->columns, chunk->n_columns};
    char *id = mg_arena_alloc(arena, MG_ULID_SIZE);
    double *weight = mg_arena_alloc(arena, sizeof *weight);
    const char *document = mg_answers_document(arena, &layout, read->answers);
    char *wave = mg_arena_strdup(arena, read->wave);
    char *respondent = mg_arena_strdup(arena, read->respondent);
    if (!id || !weight || !document || (read->wave && !wave) || (read->respondent && !respondent))
        return mg_fail_memory(error);
    mg_stored_id(row->id, place, id);
    *weight = read->weight;
    *ret = (struct mg_sql_response_row){.id = id,
                                        .study_id = mg_arena_strdup(arena, row->study_id),
                                        .import_id = mg_arena_strdup(arena, row->import_id),
                                        .respondent = respondent,
                                        .wave = wave,
                                        .weight = isnan(read->weight) ? NULL : weight,
                                        .channel = CHANNEL,
                                        .at = read->at,
                                        .document = document};
    return ret->study_id && ret->import_id ? 0 : mg_fail_memory(error);
}

int mg_chunk_response(const struct mg_ctx *ctx, struct mg_db *db, const struct mg_sql_chunk_row *row,
                      const struct mg_chunk *chunk, size_t place, struct mg_sql_response_row *ret,
                      struct mg_error *error)
{
    struct mg_chunk_row read;
    struct mg_datum *answers = mg_arena_array(ctx->arena, chunk->n_columns + 1, sizeof *answers);
    const char *reference = NULL;
    int rc = answers ? mg_chunk_row(chunk, ctx->arena, place, answers, &read, error) : mg_fail_memory(error);
    if (!rc)
        rc = reference_of(ctx, db, read.customer_id, &reference, error);
    if (!rc)
        rc = copy_row(ctx, row, chunk, place, &read, ret, error);
    if (!rc)
        ret->customer = reference;
    return rc;
}

/* ---- posted ones ---- */

static int write_document(struct mg_arena *arena, const struct mg_layout *layout, struct mg_blob bytes,
                          const char **ret_document, struct mg_error *error)
{
    struct mg_datum *answers = mg_arena_array(arena, layout->n + 1, sizeof *answers);
    int rc = answers ? mg_answers_read(bytes, answers, layout->n, error) : mg_fail_memory(error);
    const char *document = rc ? NULL : mg_answers_document(arena, layout, answers);
    if (!rc && !document)
        rc = mg_fail_memory(error);
    if (!rc)
        *ret_document = document;
    return rc;
}

int mg_stored_document(struct mg_arena *arena, const char *document, struct mg_blob columns,
                       struct mg_blob answers, const char **ret_document, struct mg_error *error)
{
    struct mg_layout layout;
    *ret_document = document;
    if (!answers.data)
        return 0;
    int rc = mg_layout_read(arena, columns, &layout, error);
    return rc ? rc : write_document(arena, &layout, answers, ret_document, error);
}

int mg_fill_documents(struct mg_arena *arena, struct mg_sql_response_row *rows, size_t n,
                      struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++)
        rc = mg_stored_document(arena, rows[i].document, rows[i].columns, rows[i].answers, &rows[i].document,
                                error);
    return rc;
}

/* ---- one ---- */

/* The place where a response with this id lies; MG_E_NOT_FOUND. */
static int find_place(const struct mg_ctx *ctx, struct mg_db *db, const char *id,
                      struct mg_sql_chunk_row *ret_row, size_t *ret_place, struct mg_error *error)
{
    int rc = mg_sql_chunk_around(db, ctx->arena, id, ret_row, error);
    *ret_place = rc ? SIZE_MAX : mg_stored_place(ret_row->id, (size_t)ret_row->n_rows, id);
    bool seen = !rc && ret_row->visible && strcmp(ret_row->org_id, ctx->caller.org_id) == 0;
    return rc || (*ret_place != SIZE_MAX && seen)
               ? rc
               : mg_fail(error, MG_E_NOT_FOUND, "There is no such response.");
}

int mg_stored_get(const struct mg_ctx *ctx, struct mg_db *db, const char *id,
                  struct mg_sql_response_row *ret_row, struct mg_error *error)
{
    struct mg_sql_chunk_row row;
    struct mg_unpacked_chunk unpacked = {0};
    size_t place = 0;
    int rc = mg_sql_response_get(db, ctx->arena, ctx->caller.org_id, id, ret_row, error);
    if (rc != MG_E_NOT_FOUND)
        return rc ? rc : mg_fill_documents(ctx->arena, ret_row, 1, error);
    rc = find_place(ctx, db, id, &row, &place, error);
    if (!rc)
        rc = mg_unpack_seen(db, &row, &unpacked, error);
    if (!rc && (place >= unpacked.chunk.n_rows || mg_chunk_is_erased(&unpacked.chunk, place)))
        rc = mg_fail(error, MG_E_NOT_FOUND, "There is no such response.");
    if (!rc)
        rc = mg_chunk_response(ctx, db, &row, &unpacked.chunk, place, ret_row, error);
    mg_unpacked_free(&unpacked);
    return rc;
}

/* ---- a page ---- */

int mg_merge_responses(const struct mg_ctx *ctx, int64_t limit,
                       bool (*first)(const struct mg_sql_response_row *a,
                                     const struct mg_sql_response_row *b),
                       struct mg_sql_response_row **rows, size_t *n, const struct mg_sql_response_row *more,
                       size_t n_more, struct mg_error *error)
{
    if (n_more == 0)
        return 0;
    size_t all = *n + n_more, from = 0, from_more = 0, count = all < (size_t)limit ? all : (size_t)limit;
    struct mg_sql_response_row *merged = mg_arena_array(ctx->arena, count, sizeof *merged);
    if (!merged)
        return mg_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        bool one = from_more == n_more || (from < *n && first(&(*rows)[from], &more[from_more]));
        merged[i] = one ? (*rows)[from++] : more[from_more++];
    }
    *rows = merged;
    *n = count;
    return 0;
}

/* Rows of a chunk with ids below `before`, downwards, at most as many as there is room for. */
static int take_below(const struct mg_ctx *ctx, struct mg_db *db, const struct mg_sql_chunk_row *row,
                      const char *before, struct mg_sql_response_row *rows, size_t most, size_t *n,
                      struct mg_error *error)
{
    struct mg_unpacked_chunk unpacked;
    int rc = mg_unpack_seen(db, row, &unpacked, error);
    if (rc)
        return rc;
    size_t from = mg_stored_place(row->id, unpacked.chunk.n_rows, before);
    from = from == SIZE_MAX ? unpacked.chunk.n_rows : from;
    for (size_t i = from; i-- > 0 && *n < most && !rc;)
        if (!mg_chunk_is_erased(&unpacked.chunk, i))
            rc = mg_chunk_response(ctx, db, row, &unpacked.chunk, i, &rows[(*n)++], error);
    mg_unpacked_free(&unpacked);
    return rc;
}

static bool is_later_id(const struct mg_sql_response_row *a, const struct mg_sql_response_row *b)
{
    return strcmp(a->id, b->id) > 0;
}

#define BEHIND_ALL "8" /* ULIDs begin with 0 to 7 */

int mg_stored_list(const struct mg_ctx *ctx, struct mg_db *db, const char *study_id, const char *before,
                   int64_t limit, struct mg_sql_response_row **ret_rows, size_t *ret_n,
                   struct mg_error *error)
{
    const char *org = ctx->caller.org_id, *below = before ? before : BEHIND_ALL;
    struct mg_sql_response_row *more = mg_arena_array(ctx->arena, (size_t)limit + 1, sizeof *more);
    size_t n_more = 0;
    int rc = more ? mg_sql_response_list(db, ctx->arena, org, study_id, before, limit, ret_rows, ret_n, error)
                  : mg_fail_memory(error);
    if (!rc)
        rc = mg_fill_documents(ctx->arena, *ret_rows, *ret_n, error);
    for (size_t found = 1; found && n_more < (size_t)limit && !rc;) {
        struct mg_sql_chunk_row *row;
        rc = mg_sql_chunk_before(db, ctx->arena, org, study_id, below, 1, &row, &found, error);
        if (!rc && found)
            rc = take_below(ctx, db, row, below, more, (size_t)limit, &n_more, error);
        below = !rc && found ? row->id : below;
    }
    return rc ? rc : mg_merge_responses(ctx, limit, is_later_id, ret_rows, ret_n, more, n_more, error);
}
