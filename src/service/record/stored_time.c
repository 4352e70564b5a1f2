/* Responses in the order in which they were given; see stored.h.
 *
 * Posted ones come along an index. Of chunks the heads are looked at, in the order of the newest (oldest)
 * response that each may hold; `page` keeps the first `limit` places seen so far, and once no head that is
 * left can hold a place before the last of them, it is the page. The importer puts
 * rows in order of time as far as it sees them at once, so that this takes few heads. Only chunks of that
 * page are unpacked. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "service/record/hidden.h"
#include "service/record/stored_private.h"

#define HEADS_A_PAGE 64
#define HEAD_ARENA ((size_t)64 << 20)
#define PLACES_A_PAGE 20000
#define BEHIND_ALL "8" /* ULIDs begin with 0 to 7 */

/* A place in a chunk, and what it is ordered by. */
struct hit {
    int64_t at, number;
    size_t place;
    char chunk_id[MG_ULID_SIZE];
};

/* Which places of which chunks are of the customers looked for, in order. */
struct wanted {
    struct {
        int64_t chunk;
        size_t place;
    } * places;
    size_t n, room;
};

struct search {
    const struct mg_ctx *ctx;
    struct mg_db *db;
    const struct mg_sql_response_newest_params *params;
    bool down;
    const struct wanted *wanted; /* NULL: whosever */
    struct hit *hits;            /* room for limit + 1; NULL: only counted */
    size_t n;
    int64_t total;
};

/* ---- customers ---- */

static int by_place(const void *a, const void *b)
{
    const int64_t *x = a, *y = b; /* the chunk's number, and the place */
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

_Static_assert(sizeof(size_t) == sizeof(int64_t), "a place is compared as a number of 64 bits");

static bool grow(struct wanted *wanted, size_t more)
{
    if (wanted->n + more <= wanted->room)
        return true;
    size_t room = 2 * (wanted->n + more);
    void *places = realloc(wanted->places, room * sizeof *wanted->places);
    if (!places)
        return false;
    wanted->places = places;
    wanted->room = room;
    return true;
}

static int find_page(const struct search *s, struct mg_arena *arena, struct wanted *wanted,
                     struct mg_sql_chunk_places_of_span_params *page, size_t *ret_n, struct mg_error *error)
{
    struct mg_sql_chunk_places_of_span_row *found = NULL;
    int rc = mg_sql_chunk_places_of_span(s->db, arena, page, &found, ret_n, error);
    if (!rc && !grow(wanted, *ret_n))
        rc = mg_fail_memory(error);
    for (size_t i = 0; i < *ret_n && !rc; i++) {
        wanted->places[wanted->n].chunk = found[i].chunk;
        wanted->places[wanted->n++].place = (size_t)found[i].place;
    }
    if (rc || *ret_n == 0)
        return rc;
    const struct mg_sql_chunk_places_of_span_row *last = &found[*ret_n - 1];
    page->after = mg_arena_strdup(s->ctx->arena, last->reference);
    page->chunk = last->chunk;
    page->place = last->place;
    return page->after ? 0 : mg_fail_memory(error);
}

/* References from `customer` in small letters up to `customer_end`; in the index capitals come first. */
static int find_wanted(const struct search *s, struct wanted *wanted, struct mg_error *error)
{
    const struct mg_sql_response_newest_params *p = s->params;
    char *from = mg_arena_strdup(s->ctx->arena, p->customer);
    struct mg_sql_chunk_places_of_span_params page = {p->org_id, from, p->customer, p->customer_end,
                                                      "",        -1,   -1,          PLACES_A_PAGE};
    size_t n = PLACES_A_PAGE;
    int rc = from ? 0 : mg_fail_memory(error);
    for (char *c = from; !rc && *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    while (!rc && n == PLACES_A_PAGE) {
        struct mg_arena *arena = mg_arena_new(HEAD_ARENA);
        rc = arena ? find_page(s, arena, wanted, &page, &n, error) : mg_fail_memory(error);
        mg_arena_free(arena);
    }
    if (!rc && wanted->n)
        qsort(wanted->places, wanted->n, sizeof *wanted->places, by_place);
    return rc;
}

static bool is_wanted(const struct wanted *wanted, int64_t chunk, size_t place)
{
    const int64_t key[2] = {chunk, (int64_t)place};
    return !wanted ||
           (wanted->n && bsearch(key, wanted->places, wanted->n, sizeof *wanted->places, by_place));
}

/* ---- places ---- */

/* Below 0: `a` was given before `b`, or at the same time and has the lower id. */
static int compare(const struct hit *a, const struct hit *b)
{
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    int order = strcmp(a->chunk_id, b->chunk_id);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static int compare_in_order(const struct search *s, const struct hit *a, const struct hit *b)
{
    return s->down ? compare(b, a) : compare(a, b);
}

static void keep(struct search *s, const struct hit *hit)
{
    size_t low = 0, high = s->n, most = (size_t)s->params->limit;
    if (most == 0 || (s->n == most && compare_in_order(s, hit, &s->hits[most - 1]) > 0))
        return;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_in_order(s, hit, &s->hits[middle]) < 0)
            high = middle;
        else
            low = middle + 1;
    }
    memmove(&s->hits[low + 1], &s->hits[low], (s->n - low) * sizeof *hit);
    s->hits[low] = *hit;
    s->n += s->n < most;
}

/* Whether the page may begin with it: it is behind the last one of the page before. */
static bool is_behind(const struct search *s, const struct hit *hit)
{
    const struct mg_sql_response_newest_params *p = s->params;
    char id[MG_ULID_SIZE];
    if (hit->at != p->last_at)
        return s->down ? hit->at < p->last_at : hit->at > p->last_at;
    mg_stored_id(hit->chunk_id, hit->place, id);
    return s->down ? strcmp(id, p->last_id) < 0 : strcmp(id, p->last_id) > 0;
}

static void look_at(struct search *s, const struct mg_sql_chunk_head_row *row, const struct mg_chunk *chunk)
{
    const struct mg_sql_response_newest_params *p = s->params;
    struct hit hit = {.number = row->number};
    memcpy(hit.chunk_id, row->id, MG_ULID_SIZE);
    for (hit.place = 0; hit.place < chunk->n_rows; hit.place++) {
        hit.at = mg_chunk_at(chunk, hit.place);
        if (hit.at < p->from_at || hit.at >= p->below_at || mg_chunk_is_erased(chunk, hit.place) ||
            (*p->wave && !mg_str_equal(p->wave, mg_chunk_wave(chunk, hit.place))) ||
            !is_wanted(s->wanted, row->number, hit.place))
            continue;
        s->total++;
        if (s->hits && is_behind(s, &hit))
            keep(s, &hit);
    }
}

static int look_at_head(struct search *s, struct mg_arena *arena, const struct mg_sql_chunk_head_row *row,
                        struct mg_error *error)
{
    struct mg_chunk chunk;
    int rc = mg_chunk_read_head(arena, row->head.data, row->head.size, &chunk, error);
    if (!rc)
        rc = mg_hidden_mask(s->db, arena, row->number, &chunk, error);
    if (!rc)
        look_at(s, row, &chunk);
    return rc;
}

/* ---- heads ---- */

/* Of the chunks that hold what is wanted alone. */
static int look_at_wanted(struct search *s, struct mg_error *error)
{
    const struct mg_sql_response_newest_params *p = s->params;
    int rc = 0;
    for (size_t i = 0; i < s->wanted->n && !rc; i++) {
        struct mg_sql_chunk_head_row row;
        int64_t chunk = s->wanted->places[i].chunk;
        if (i && s->wanted->places[i - 1].chunk == chunk)
            continue;
        struct mg_arena *arena = mg_arena_new(HEAD_ARENA);
        rc = arena ? mg_sql_chunk_head(s->db, arena, p->org_id, p->study_id, chunk, &row, error)
                   : mg_fail_memory(error);
        rc = rc == MG_E_NOT_FOUND ? 0 : rc ? rc : look_at_head(s, arena, &row, error);
        mg_arena_free(arena);
    }
    return rc;
}

/* Whether a chunk that comes next, and all after it, hold nothing for the page any more. */
static bool is_full(const struct search *s, const struct mg_sql_chunk_head_row *row)
{
    if (s->n < (size_t)s->params->limit)
        return false;
    struct hit best = {.at = s->down ? row->high_at : row->low_at};
    memcpy(best.chunk_id, row->id, MG_ULID_SIZE);
    best.place = s->down ? MG_CHUNK_ROWS : 0;
    return s->n == 0 || compare_in_order(s, &best, &s->hits[s->n - 1]) > 0;
}

static int next_heads(const struct search *s, struct mg_arena *arena, int64_t last_at, const char *last_id,
                      struct mg_sql_chunk_head_row **ret_rows, size_t *ret_n, struct mg_error *error)
{
    const struct mg_sql_response_newest_params *p = s->params;
    const struct mg_sql_chunk_newest_params down = {
        p->org_id, p->study_id, p->from_at, p->below_at, p->last_at, p->wave, last_at, last_id, HEADS_A_PAGE};
    const struct mg_sql_chunk_oldest_params up = {p->org_id, p->study_id, p->from_at, p->below_at, p->last_at,
                                                  p->wave,   last_at,     last_id,    HEADS_A_PAGE};
    return s->down ? mg_sql_chunk_newest(s->db, arena, &down, ret_rows, ret_n, error)
                   : mg_sql_chunk_oldest(s->db, arena, &up, ret_rows, ret_n, error);
}

static int look_at_some(struct search *s, struct mg_arena *arena, int64_t *last_at,
                        char last_id[MG_ULID_SIZE], bool *ret_full, struct mg_error *error)
{
    struct mg_sql_chunk_head_row *rows = NULL;
    size_t n = 0;
    int rc = next_heads(s, arena, *last_at, last_id, &rows, &n, error);
    *ret_full = n < HEADS_A_PAGE;
    for (size_t i = 0; i < n && !rc; i++) {
        if (is_full(s, &rows[i])) {
            *ret_full = true;
            break;
        }
        rc = look_at_head(s, arena, &rows[i], error);
    }
    if (!rc && n) {
        *last_at = s->down ? rows[n - 1].high_at : rows[n - 1].low_at;
        memcpy(last_id, rows[n - 1].id, MG_ULID_SIZE);
    }
    return rc;
}

static int look_in_order(struct search *s, struct mg_error *error)
{
    int64_t last_at = s->down ? INT64_MAX : INT64_MIN;
    char last_id[MG_ULID_SIZE] = "";
    bool full = false;
    int rc = 0;
    if (s->down)
        memcpy(last_id, BEHIND_ALL, sizeof BEHIND_ALL);
    while (!rc && !full) {
        struct mg_arena *arena = mg_arena_new(HEAD_ARENA);
        rc = arena ? look_at_some(s, arena, &last_at, last_id, &full, error) : mg_fail_memory(error);
        mg_arena_free(arena);
    }
    return rc;
}

/* ---- a page ---- */

struct filling {
    const struct search *search;
    size_t *order; /* of the hits, by chunk */
    struct mg_sql_response_row *rows;
};

static int compare_chunks(const void *a, const void *b, void *user)
{
    const struct hit *hits = user, *x = &hits[*(const size_t *)a], *y = &hits[*(const size_t *)b];
    return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                  : (x->place > y->place) - (x->place < y->place);
}

/* The hits from order[at] on that are of one chunk; *ret_next: behind them. */
static int fill_from_chunk(struct filling *f, size_t at, size_t *ret_next, struct mg_error *error)
{
    const struct search *s = f->search;
    const struct hit *hits = s->hits;
    struct mg_sql_chunk_row row;
    struct mg_unpacked_chunk unpacked = {0};
    int64_t number = hits[f->order[at]].number;
    int rc = mg_sql_chunk_get(s->db, s->ctx->arena, number, &row, error);
    if (!rc)
        rc = mg_unpack_chunk(&row, &unpacked, error);
    for (; at < s->n && hits[f->order[at]].number == number && !rc; at++)
        rc = mg_chunk_response(s->ctx, s->db, &row, &unpacked.chunk, hits[f->order[at]].place,
                               &f->rows[f->order[at]], error);
    mg_unpacked_free(&unpacked);
    *ret_next = at;
    return rc;
}

static int fill(const struct search *s, struct mg_sql_response_row *rows, struct mg_error *error)
{
    struct filling f = {s, mg_arena_array(s->ctx->arena, s->n + 1, sizeof *f.order), rows};
    int rc = f.order ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < s->n && !rc; i++)
        f.order[i] = i;
    if (!rc)
        qsort_r(f.order, s->n, sizeof *f.order, compare_chunks, s->hits);
    for (size_t at = 0; at < s->n && !rc;)
        rc = fill_from_chunk(&f, at, &at, error);
    return rc;
}

static int look(struct search *s, struct mg_error *error)
{
    struct wanted wanted = {0};
    int rc = 0;
    if (*s->params->customer) {
        s->wanted = &wanted;
        rc = find_wanted(s, &wanted, error);
        if (!rc)
            rc = look_at_wanted(s, error);
    } else {
        rc = look_in_order(s, error);
    }
    s->wanted = NULL;
    free(wanted.places);
    return rc;
}

static bool is_newer(const struct mg_sql_response_row *a, const struct mg_sql_response_row *b)
{
    return a->at != b->at ? a->at > b->at : strcmp(a->id, b->id) > 0;
}

static bool is_older(const struct mg_sql_response_row *a, const struct mg_sql_response_row *b)
{
    return a->at != b->at ? a->at < b->at : strcmp(a->id, b->id) < 0;
}

/* What was imported joins the posted ones of the page. */
static int add_imported(struct search *s, struct mg_sql_response_row **rows, size_t *n,
                        struct mg_error *error)
{
    const struct mg_ctx *ctx = s->ctx;
    size_t limit = (size_t)s->params->limit;
    s->hits = mg_arena_array(ctx->arena, limit + 1, sizeof *s->hits);
    struct mg_sql_response_row *more = mg_arena_array(ctx->arena, limit + 1, sizeof *more);
    int rc = s->hits && more ? mg_fill_documents(ctx->arena, *rows, *n, error) : mg_fail_memory(error);
    if (!rc)
        rc = look(s, error);
    if (!rc)
        rc = fill(s, more, error);
    return rc ? rc
              : mg_merge_responses(ctx, s->params->limit, s->down ? is_newer : is_older, rows, n, more, s->n,
                                   error);
}

int mg_stored_newest(const struct mg_ctx *ctx, struct mg_db *db,
                     const struct mg_sql_response_newest_params *params,
                     struct mg_sql_response_row **ret_rows, size_t *ret_n, struct mg_error *error)
{
    struct search s = {.ctx = ctx, .db = db, .params = params, .down = true};
    int rc = mg_sql_response_newest(db, ctx->arena, params, ret_rows, ret_n, error);
    return rc ? rc : add_imported(&s, ret_rows, ret_n, error);
}

int mg_stored_oldest(const struct mg_ctx *ctx, struct mg_db *db,
                     const struct mg_sql_response_newest_params *params,
                     struct mg_sql_response_row **ret_rows, size_t *ret_n, struct mg_error *error)
{
    const struct mg_sql_response_newest_params *p = params;
    const struct mg_sql_response_oldest_params up = {p->org_id,  p->study_id, p->from_at,      p->below_at,
                                                     p->wave,    p->customer, p->customer_end, p->last_at,
                                                     p->last_id, p->limit};
    struct search s = {.ctx = ctx, .db = db, .params = params};
    int rc = mg_sql_response_oldest(db, ctx->arena, &up, ret_rows, ret_n, error);
    return rc ? rc : add_imported(&s, ret_rows, ret_n, error);
}

/* ---- how many ---- */

/* Chunks that are whole within the span are counted by what the record says of them. */
static int count_partial(struct search *s, struct mg_error *error)
{
    const struct mg_sql_response_newest_params *p = s->params;
    char after[MG_ULID_SIZE] = "";
    size_t n = HEADS_A_PAGE;
    int rc = 0;
    while (!rc && n == HEADS_A_PAGE) {
        struct mg_sql_chunk_head_row *rows = NULL;
        struct mg_arena *arena = mg_arena_new(HEAD_ARENA);
        const struct mg_sql_chunk_partial_params page = {p->org_id, p->study_id, p->from_at,  p->below_at,
                                                         p->wave,   after,       HEADS_A_PAGE};
        rc = arena ? mg_sql_chunk_partial(s->db, arena, &page, &rows, &n, error) : mg_fail_memory(error);
        for (size_t i = 0; i < n && !rc; i++)
            rc = look_at_head(s, arena, &rows[i], error);
        if (!rc && n)
            memcpy(after, rows[n - 1].id, MG_ULID_SIZE);
        mg_arena_free(arena);
    }
    return rc;
}

/* Whosever and whenever: the record keeps count of those. */
static bool is_all(const struct mg_sql_response_newest_params *p)
{
    return p->from_at == INT64_MIN && p->below_at == INT64_MAX && !*p->wave && !*p->customer;
}

static int count_all(const struct mg_ctx *ctx, struct mg_db *db,
                     const struct mg_sql_response_newest_params *p, int64_t *ret_n, struct mg_error *error)
{
    struct mg_sql_response_count_all_row row;
    int rc = mg_sql_response_count_all(db, ctx->arena, p->org_id, p->study_id, &row, error);
    if (!rc)
        *ret_n = row.n;
    return rc;
}

int mg_stored_count(const struct mg_ctx *ctx, struct mg_db *db,
                    const struct mg_sql_response_newest_params *params, int64_t *ret_n,
                    struct mg_error *error)
{
    const struct mg_sql_response_newest_params *p = params;
    struct search s = {.ctx = ctx, .db = db, .params = params, .down = true};
    struct mg_sql_response_count_between_row posted;
    struct mg_sql_chunk_count_whole_row whole = {0};
    const struct mg_sql_response_count_between_params all = {
        p->org_id, p->study_id, p->from_at, p->below_at, p->wave, p->customer, p->customer_end};
    if (is_all(p))
        return count_all(ctx, db, p, ret_n, error);
    int rc = mg_sql_response_count_between(db, ctx->arena, &all, &posted, error);
    if (!rc && *p->customer)
        rc = look(&s, error);
    else if (!rc)
        rc = mg_sql_chunk_count_whole(db, ctx->arena, p->org_id, p->study_id, p->from_at, p->below_at,
                                      p->wave, &whole, error);
    if (!rc && !*p->customer)
        rc = count_partial(&s, error);
    if (!rc)
        *ret_n = posted.n + whole.n + s.total;
    return rc;
}
