/* Writing, changing and removing chunks; see stored.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "service/log/event.h"
#include "service/record/hidden.h"
#include "service/record/stored_private.h"

#define RELEASED_CHUNKS 16 /* written anew in one write */
#define RELEASED_PLACES 1000
#define HIDDEN_A_PAGE 256 /* chunks */
#define FEW_RESPONSES 50  /* of an import: a mean of them changes visibly with one */

/* What the record says of a chunk's rows beside them. */
struct summary {
    int64_t n_kept, n_customers, low, high;
    const char *wave;
    bool mixed;
};

static struct summary sum_up(const struct mg_chunk_rows *rows)
{
    struct summary s = {.low = INT64_MAX, .high = INT64_MIN};
    for (size_t i = 0; i < rows->n_rows; i++) {
        const struct mg_chunk_row *row = &rows->rows[i];
        if (row->erased)
            continue;
        s.mixed |= s.n_kept > 0 && !mg_str_equal(s.wave, row->wave);
        s.wave = row->wave;
        s.low = row->at < s.low ? row->at : s.low;
        s.high = row->at > s.high ? row->at : s.high;
        s.n_kept++;
        s.n_customers += row->customer_id != NULL;
    }
    s.mixed |= s.n_kept > 0 && !s.wave;
    s.wave = s.mixed ? NULL : s.wave;
    return s;
}

static int begin_parts(const struct mg_chunk_rows *rows, struct mg_buf *head, struct mg_buf *data,
                       struct mg_error *error)
{
    mg_buf_init(head, MG_CHUNK_BYTES_MAX);
    mg_buf_init(data, 2 * MG_CHUNK_BYTES_MAX);
    return mg_chunk_write(rows, head, data, error);
}

/* ---- adding ---- */

struct place {
    const char *customer_id;
    size_t place;
};

static int by_customer(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = strcmp(x->customer_id, y->customer_id);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* In the order of the index, which then grows at its end where customers are new. */
static int add_customers(struct mg_db *db, const struct mg_chunk_rows *rows, int64_t number,
                         struct mg_error *error)
{
    struct place *places = malloc(rows->n_rows * sizeof *places);
    size_t n = 0;
    int rc = places ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < rows->n_rows && !rc; i++)
        if (!rows->rows[i].erased && rows->rows[i].customer_id)
            places[n++] = (struct place){rows->rows[i].customer_id, i};
    if (!rc)
        qsort(places, n, sizeof *places, by_customer);
    for (size_t i = 0; i < n && !rc; i++)
        rc = mg_sql_chunk_customer_insert(db, places[i].customer_id, number, (int64_t)places[i].place, NULL,
                                          error);
    free(places);
    return rc;
}

static int insert(const struct mg_ctx *ctx, struct mg_db *db, const struct mg_stored_chunk *chunk,
                  const struct mg_buf *head, const struct mg_buf *data, struct mg_error *error)
{
    const struct summary s = sum_up(chunk->rows);
    struct mg_sql_chunk_insert_row made;
    const struct mg_sql_chunk_insert_params params = {.id = chunk->id,
                                                      .org_id = ctx->caller.org_id,
                                                      .study_id = chunk->study_id,
                                                      .import_id = chunk->import_id,
                                                      .n_rows = (int64_t)chunk->rows->n_rows,
                                                      .n_kept = s.n_kept,
                                                      .n_customers = s.n_customers,
                                                      .low_at = s.low,
                                                      .high_at = s.high,
                                                      .wave = s.wave,
                                                      .mixed_waves = s.mixed,
                                                      .now = chunk->now,
                                                      .head = {head->data, head->len},
                                                      .data = {data->data, data->len}};
    int rc = mg_sql_chunk_insert(db, ctx->arena, &params, &made, error);
    return rc || !s.n_customers ? rc : add_customers(db, chunk->rows, made.number, error);
}

int mg_stored_add(const struct mg_ctx *ctx, struct mg_db *db, const struct mg_stored_chunk *chunk,
                  struct mg_error *error)
{
    struct mg_buf head, data;
    int rc = begin_parts(chunk->rows, &head, &data, error);
    if (!rc)
        rc = insert(ctx, db, chunk, &head, &data, error);
    mg_buf_done(&head);
    mg_buf_done(&data);
    return rc;
}

/* ---- changing ---- */

/* A chunk as rows that may be changed, and written again. */
struct opened {
    struct mg_unpacked_chunk unpacked;
    struct mg_chunk_row *rows;
    int64_t number;
};

static int open_rows(const struct mg_sql_chunk_row *row, struct opened *ret, struct mg_error *error)
{
    *ret = (struct opened){.number = row->number};
    int rc = mg_unpack_chunk(row, &ret->unpacked, error);
    if (rc)
        return rc;
    const struct mg_chunk *chunk = &ret->unpacked.chunk;
    struct mg_arena *arena = ret->unpacked.arena;
    ret->rows = mg_arena_array(arena, chunk->n_rows, sizeof *ret->rows);
    rc = ret->rows ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < chunk->n_rows && !rc; i++) {
        struct mg_datum *answers = mg_arena_array(arena, chunk->n_columns + 1, sizeof *answers);
        rc = answers ? mg_chunk_row(chunk, arena, i, answers, &ret->rows[i], error) : mg_fail_memory(error);
    }
    return rc;
}

static int write_again(struct mg_db *db, const struct opened *opened, struct mg_error *error)
{
    const struct mg_chunk *chunk = &opened->unpacked.chunk;
    const struct mg_chunk_rows rows = {chunk->columns, chunk->n_columns, opened->rows, chunk->n_rows};
    const struct summary s = sum_up(&rows);
    struct mg_buf head, data;
    int rc = begin_parts(&rows, &head, &data, error);
    const struct mg_sql_chunk_update_params params = {.number = opened->number,
                                                      .n_kept = s.n_kept,
                                                      .n_customers = s.n_customers,
                                                      .low_at = s.low,
                                                      .high_at = s.high,
                                                      .wave = s.wave,
                                                      .mixed_waves = s.mixed,
                                                      .head = {head.data, head.len},
                                                      .data = {data.data, data.len}};
    if (!rc)
        rc = mg_sql_chunk_update(db, &params, NULL, error);
    mg_buf_done(&head);
    mg_buf_done(&data);
    return rc;
}

/* ---- erasing one ---- */

/* Whose a response was, and imports whose hidden responses of the same are to go. */
struct erasing {
    const struct mg_ctx *ctx;
    struct mg_db *db;
    const char *respondent, *wave; /* respondent NULL: not known */
    uint32_t mark;
    const char **imports; /* n of them, `room` */
    size_t n, room;
};

/* Its list of errors says no more what stood in the cells. */
static int add_import(struct erasing *e, const char *import_id, struct mg_error *error)
{
    for (size_t i = 0; i < e->n; i++)
        if (strcmp(e->imports[i], import_id) == 0)
            return 0;
    if (e->n == e->room) {
        const char **more = mg_arena_array(e->ctx->arena, 2 * e->room + 8, sizeof *more);
        if (!more)
            return mg_fail_memory(error);
        if (e->n)
            memcpy(more, e->imports, e->n * sizeof *more);
        e->imports = more;
        e->room = 2 * e->room + 8;
    }
    e->imports[e->n++] = import_id;
    return mg_sql_import_error_blank(e->db, import_id, NULL, error);
}

static int erase_at(struct mg_db *db, const struct opened *opened, size_t place, struct mg_error *error)
{
    const char *customer = opened->rows[place].customer_id;
    opened->rows[place].erased = true;
    return customer ? mg_sql_chunk_customer_delete(db, customer, opened->number, (int64_t)place, NULL, error)
                    : 0;
}

/* Whether it is seen; then it is erased, and whose it was is known. */
static int erase_seen(struct erasing *e, const struct opened *opened, size_t place, struct mg_error *error)
{
    struct mg_chunk seen = opened->unpacked.chunk;
    int rc = mg_hidden_mask(e->db, opened->unpacked.arena, opened->number, &seen, error);
    if (!rc && (place >= seen.n_rows || mg_chunk_is_erased(&seen, place)))
        rc = mg_fail(error, MG_E_NOT_FOUND, "There is no such response.");
    if (rc)
        return rc;
    const struct mg_chunk_row *row = &opened->rows[place];
    if (row->respondent) {
        e->respondent = mg_arena_strdup(e->ctx->arena, row->respondent);
        e->wave = row->wave ? mg_arena_strdup(e->ctx->arena, row->wave) : NULL;
        if (!e->respondent || (row->wave && !e->wave))
            return mg_fail_memory(error);
        e->mark = mg_hidden_mark(mg_hidden_identity(e->respondent, e->wave));
    }
    return erase_at(e->db, opened, place, error);
}

static int erase_place(struct erasing *e, const struct mg_sql_chunk_row *row, const char *id,
                       struct mg_error *error)
{
    struct opened opened;
    int rc = open_rows(row, &opened, error);
    if (!rc)
        rc = erase_seen(e, &opened, mg_stored_place(row->id, (size_t)row->n_rows, id), error);
    if (!rc)
        rc = write_again(e->db, &opened, error);
    mg_unpacked_free(&opened.unpacked);
    return rc;
}

/* Those of one hidden list that are the same one's; *ret_left: how many stay in the list, or SIZE_MAX: none
 * of it was. */
static int erase_same(struct erasing *e, const struct opened *opened, const char *import_id,
                      struct mg_hidden_place *places, size_t n, size_t *ret_left, struct mg_error *error)
{
    size_t left = 0;
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        bool there = places[i].mark == e->mark && places[i].place < opened->unpacked.chunk.n_rows;
        const struct mg_chunk_row *row = there ? &opened->rows[places[i].place] : NULL;
        bool same = row && !row->erased && mg_str_equal(row->respondent, e->respondent) &&
                    mg_str_equal(row->wave, e->wave);
        if (!same)
            places[left++] = places[i];
        else
            rc = erase_at(e->db, opened, places[i].place, error);
        if (same && !rc)
            rc = mg_sql_hidden_lose(e->db, import_id, NULL, error);
    }
    *ret_left = left == n ? SIZE_MAX : left;
    return rc;
}

static int erase_in_chunk(struct erasing *e, const char *import_id, int64_t number,
                          struct mg_hidden_place *places, size_t n, struct mg_error *error)
{
    struct mg_arena *arena = e->ctx->arena;
    struct mg_sql_chunk_row row;
    struct opened opened;
    size_t left = SIZE_MAX;
    int rc = mg_sql_chunk_get(e->db, arena, number, &row, error);
    if (!rc)
        rc = open_rows(&row, &opened, error);
    if (rc)
        return rc;
    rc = erase_same(e, &opened, row.import_id, places, n, &left, error);
    if (!rc && left != SIZE_MAX) {
        rc = write_again(e->db, &opened, error);
        if (!rc)
            rc = mg_hidden_change(e->db, arena, import_id, number, places, left, error);
        if (!rc)
            rc = add_import(e, row.import_id, error);
    }
    mg_unpacked_free(&opened.unpacked);
    return rc;
}

/* What an import hid of this one; the lists are read, and chunks that may have it. */
static int erase_hidden_by(struct erasing *e, const char *import_id, struct mg_error *error)
{
    struct mg_arena *arena = e->ctx->arena;
    size_t n_rows = HIDDEN_A_PAGE;
    int64_t after = 0;
    int rc = 0;
    while (!rc && n_rows == HIDDEN_A_PAGE) {
        struct mg_sql_hidden_of_import_row *rows = NULL;
        rc = mg_sql_hidden_of_import(e->db, arena, import_id, after, HIDDEN_A_PAGE, &rows, &n_rows, error);
        for (size_t r = 0; r < n_rows && !rc; r++) {
            struct mg_hidden_place *places = NULL;
            size_t n = 0, at = 0;
            after = rows[r].chunk;
            rc = mg_hidden_read(arena, rows[r].places, &places, &n, error);
            while (!rc && at < n && places[at].mark != e->mark)
                at++;
            if (!rc && at < n)
                rc = erase_in_chunk(e, import_id, rows[r].chunk, places, n, error);
        }
    }
    return rc;
}

/* A response of an import, and what it replaced, and what that had replaced. */
static int erase_imported(struct erasing *e, const struct mg_sql_chunk_row *row, const char *id,
                          struct mg_error *error)
{
    int rc = erase_place(e, row, id, error);
    if (!rc)
        rc = add_import(e, row->import_id, error);
    for (size_t i = 0; i < e->n && e->respondent && !rc; i++)
        rc = erase_hidden_by(e, e->imports[i], error);
    for (size_t i = 0; i < e->n && !rc; i++)
        rc = mg_sql_import_profile_forget(e->db, e->imports[i], FEW_RESPONSES, NULL, error);
    return rc;
}

int mg_stored_erase(const struct mg_ctx *ctx, struct mg_db *db, const char *id, struct mg_stored_erased *ret,
                    struct mg_error *error)
{
    const char *org = ctx->caller.org_id;
    struct mg_sql_response_row single;
    struct mg_sql_chunk_row row;
    int rc = mg_sql_response_get(db, ctx->arena, org, id, &single, error);
    if (!rc) {
        *ret = (struct mg_stored_erased){single.study_id, single.import_id};
        rc = single.import_id ? mg_sql_import_error_blank(db, single.import_id, NULL, error) : 0;
        return rc ? rc : mg_sql_response_delete(db, org, id, NULL, error);
    }
    if (rc == MG_E_NOT_FOUND)
        rc = mg_sql_chunk_around(db, ctx->arena, id, &row, error);
    if (rc == MG_E_NOT_FOUND || (!rc && (!row.visible || strcmp(row.org_id, org) != 0)))
        return mg_fail(error, MG_E_NOT_FOUND, "There is no such response.");
    if (!rc)
        rc = erase_imported(&(struct erasing){.ctx = ctx, .db = db}, &row, id, error);
    if (!rc)
        *ret = (struct mg_stored_erased){row.study_id, row.import_id};
    return rc;
}

/* ---- releasing a customer's ---- */

/* What the columns have to learn of a place. */
static int tell(const struct mg_ctx *ctx, struct mg_db *db, const struct mg_sql_chunk_row *row, size_t place,
                struct mg_error *error)
{
    char id[MG_ULID_SIZE];
    mg_stored_id(row->id, place, id);
    return row->visible ? mg_event_add(db, ctx, MG_EVENT_RESPONSE, row->study_id, id, NULL, error)
                        : mg_sql_chunk_refill(db, row->import_id, NULL, error);
}

/* Who a respondent was, in the file's own numbers, goes with the customer. */
static int release_places(const struct mg_ctx *ctx, struct mg_db *db, const char *customer_id,
                          const struct mg_sql_chunk_row *row,
                          const struct mg_sql_chunk_places_of_customer_row *places, size_t n,
                          struct mg_error *error)
{
    struct opened opened;
    int rc = open_rows(row, &opened, error);
    for (size_t i = 0; i < n && !rc; i++) {
        size_t place = (size_t)places[i].place;
        if (place < opened.unpacked.chunk.n_rows) {
            opened.rows[place].customer_id = opened.rows[place].respondent = NULL;
            rc = mg_hidden_forget(db, opened.unpacked.arena, row->number, place, error);
            if (!rc)
                rc = tell(ctx, db, row, place, error);
        }
        if (!rc)
            rc = mg_sql_chunk_customer_delete(db, customer_id, row->number, places[i].place, NULL, error);
    }
    if (!rc)
        rc = write_again(db, &opened, error);
    if (!rc)
        rc = mg_sql_import_error_blank(db, row->import_id, NULL, error);
    mg_unpacked_free(&opened.unpacked);
    return rc;
}

int mg_stored_release(const struct mg_ctx *ctx, struct mg_db *db, const char *customer_id, bool *ret_done,
                      struct mg_error *error)
{
    struct mg_sql_chunk_places_of_customer_row *places = NULL;
    size_t n = 0, at = 0;
    int rc = mg_sql_chunk_places_of_customer(db, ctx->arena, ctx->caller.org_id, customer_id, RELEASED_PLACES,
                                             &places, &n, error);
    for (int chunks = 0; at < n && chunks < RELEASED_CHUNKS && !rc; chunks++) {
        struct mg_sql_chunk_row row;
        size_t end = at;
        while (end < n && places[end].chunk == places[at].chunk)
            end++;
        rc = mg_sql_chunk_get(db, ctx->arena, places[at].chunk, &row, error);
        if (rc == MG_E_NOT_FOUND)
            rc = mg_sql_chunk_customers_forget(db, places[at].chunk, NULL, error);
        else if (!rc)
            rc = release_places(ctx, db, customer_id, &row, places + at, end - at, error);
        at = end;
    }
    *ret_done = at == n && n < RELEASED_PLACES;
    return rc;
}

/* ---- dropping ---- */

/* A chunk that can't be read is dropped like any other; its customers then take a look through all. */
static int drop_customers(struct mg_db *db, const struct mg_sql_chunk_row *row, bool unused,
                          struct mg_error *error)
{
    struct mg_unpacked_chunk unpacked = {0};
    char id[MG_CHUNK_CUSTOMER_SIZE];
    int rc = mg_unpack_chunk(row, &unpacked, error);
    if (rc)
        return rc == MG_E_ENGINE ? mg_sql_chunk_customers_forget(db, row->number, NULL, error) : rc;
    for (size_t i = 0; i < unpacked.chunk.n_rows && unpacked.chunk.customers && !rc; i++) {
        if (!mg_chunk_customer(&unpacked.chunk, i, id))
            continue;
        rc = mg_sql_chunk_customer_delete(db, id, row->number, (int64_t)i, NULL, error);
        if (!rc && unused)
            rc = mg_sql_customer_delete_unused(db, id, row->import_id, NULL, error);
    }
    mg_unpacked_free(&unpacked);
    return rc;
}

int mg_stored_drop(struct mg_db *db, const struct mg_sql_chunk_row *chunks, size_t n, bool with_customers,
                   int64_t *ret_rows, struct mg_error *error)
{
    int64_t rows = 0;
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        if (chunks[i].n_customers > 0)
            rc = drop_customers(db, &chunks[i], with_customers, error);
        if (!rc)
            rc = mg_sql_hidden_delete_of_chunk(db, chunks[i].number, NULL, error);
        if (!rc)
            rc = mg_sql_chunk_delete(db, chunks[i].number, NULL, error);
        rows += chunks[i].n_kept;
    }
    *ret_rows = rows;
    return rc;
}
