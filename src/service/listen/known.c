/* See known.h. Open addressing; the responses of an id lie one behind the other, in the order of their ids.
 */
#include "service/listen/known.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ulid.h"
#include "service/record/answers.h"
#include "service/record/hidden.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define CHUNKS_A_PAGE 16
#define PAGE_ARENA ((size_t)512 << 20)

enum { MET = 1, REPLACED = 2 };
enum { EXPECTED = 1, PERCEIVED = 2 };

struct entry {
    uint64_t id, content; /* id 0: an empty place */
    uint32_t chunk;       /* which of `chunks` */
    uint16_t place;
    uint8_t sides, flags;
};

_Static_assert(sizeof(struct entry) == MG_KNOWN_BYTES, "what a response takes");

struct mg_known {
    const struct mg_record_study *study;
    struct entry *table;
    size_t size, n;
    int64_t *chunks; /* their numbers */
    size_t n_chunks, room;
};

size_t mg_known_size(const struct mg_known *known)
{
    return known->n;
}

void mg_known_free(struct mg_known *known)
{
    if (!known)
        return;
    free(known->table);
    free(known->chunks);
    free(known);
}

/* ---- what a row says ---- */

/* Small whole numbers are reals that differ in their highest bits alone. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    uint64_t x = hash ^ word;
    x = (x ^ x >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return x ^ x >> 32;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    uint64_t word = 0;
    size_t n = 0;
    for (; text[n]; n++) {
        word = word << 8 | (unsigned char)text[n];
        if (n % 8 == 7)
            hash = mix(hash, word);
    }
    return mix(mix(hash, word), n);
}

static uint64_t mix_number(uint64_t hash, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return mix(hash, bits);
}

uint64_t mg_known_content(const struct mg_fields *fields, const struct mg_chunk_row *row,
                          const char *customer)
{
    uint64_t hash = mix(1, (uint64_t)row->at);
    hash = isnan(row->weight) ? mix(hash, 2) : mix_number(hash, row->weight);
    hash = customer ? mix_text(hash, customer) : mix(hash, 3);
    for (size_t i = 0; i < fields->n; i++) {
        const struct mg_datum *answer = &row->answers[i];
        if (answer->kind == MG_DATUM_NUMBER && !isnan(answer->number))
            hash = mix_number(mix(hash, 2 * i), answer->number);
        else if (answer->kind == MG_DATUM_TEXT && answer->text)
            hash = mix_text(mix(hash, 2 * i + 1), answer->text);
    }
    return hash;
}

/* Which sides of its pairs a row has. */
static uint8_t sides_of(const struct mg_fields *fields, const struct mg_chunk_row *row)
{
    unsigned sides = 0;
    for (size_t i = 0; i < fields->n && sides != (EXPECTED | PERCEIVED); i++) {
        const struct mg_datum *answer = &row->answers[i];
        bool there = answer->kind == MG_DATUM_NUMBER ? !isnan(answer->number) : answer->kind == MG_DATUM_TEXT;
        enum mg_wire_target_role role = fields->fields[i].role;
        if (there && (role == MG_WIRE_TARGET_ROLE_EXPECTATION || role == MG_WIRE_TARGET_ROLE_ADEQUATE))
            sides |= EXPECTED;
        if (there && role == MG_WIRE_TARGET_ROLE_PERCEPTION)
            sides |= PERCEIVED;
    }
    return (uint8_t)sides;
}

static bool are_halves(uint8_t a, uint8_t b)
{
    return a && b && !(a & b);
}

static uint64_t id_of(const struct mg_chunk_row *row)
{
    uint64_t id = mg_hidden_identity(row->respondent, row->wave);
    return id ? id : 1;
}

/* ---- meeting ---- */

static size_t next(const struct mg_known *known, size_t at)
{
    return at + 1 == known->size ? 0 : at + 1;
}

static size_t first(const struct mg_known *known, uint64_t id)
{
    return (size_t)(id % known->size);
}

/* The response that the row is to be compared with; NULL: it is new. */
static struct entry *find(struct mg_known *known, uint64_t id, uint64_t content, uint8_t sides, bool met_too)
{
    struct entry *open = NULL;
    for (size_t at = first(known, id); known->table[at].id; at = next(known, at)) {
        struct entry *entry = &known->table[at];
        if (entry->id != id || are_halves(entry->sides, sides) || (!met_too && entry->flags & MET))
            continue;
        if (entry->content == content)
            return entry;
        open = open ? open : entry;
    }
    return open;
}

enum mg_fate mg_known_meet(struct mg_known *known, const struct mg_chunk_row *row, const char *customer,
                           bool only_new)
{
    if (!row->respondent || known->n == 0)
        return MG_ROW_ADDED;
    const struct mg_fields *fields = &known->study->fields;
    uint64_t content = mg_known_content(fields, row, customer);
    struct entry *entry = find(known, id_of(row), content, sides_of(fields, row), only_new);
    if (!entry)
        return MG_ROW_ADDED;
    entry->flags |= MET;
    if (only_new || entry->content == content)
        return MG_ROW_LEFT;
    entry->flags |= REPLACED;
    return MG_ROW_REPLACED;
}

/* ---- looking through ---- */

struct loading {
    const struct mg_ctx *ctx;
    struct mg_known *known;
    struct mg_datum *answers, *cells; /* of a row: as they lie in the chunk, and by field */
    size_t *places;
};

/* What very many responses have is the number of a shop, not of a respondent; and each of them would be gone
 * through for each of them. */
static int fail_no_id(struct mg_error *error)
{
    mg_fail(error, MG_E_INVALID, "More than %d responses of a wave have the same id: the id column is none.",
            MG_KNOWN_ALIKE);
    mg_fail_hint(error,
                 "Name another id column in the study, or import with “add”: all rows are added then.");
    return MG_E_INVALID;
}

static int remember(struct mg_known *known, const struct mg_chunk_row *row, size_t place,
                    struct mg_error *error)
{
    const struct mg_fields *fields = &known->study->fields;
    uint64_t id = id_of(row);
    size_t at = first(known, id);
    for (int alike = 0; known->table[at].id; at = next(known, at)) {
        alike += known->table[at].id == id;
        if (alike == MG_KNOWN_ALIKE)
            return fail_no_id(error);
    }
    known->table[at] = (struct entry){.id = id,
                                      .content = mg_known_content(fields, row, row->customer_id),
                                      .chunk = (uint32_t)(known->n_chunks - 1),
                                      .place = (uint16_t)place,
                                      .sides = sides_of(fields, row)};
    known->n++;
    return 0;
}

static int look_at_rows(struct loading *l, struct mg_arena *arena, const struct mg_chunk *chunk,
                        struct mg_error *error)
{
    struct mg_known *known = l->known;
    const struct mg_fields *fields = &known->study->fields;
    int rc = 0;
    /* the table has room for all that the record counts: more than that isn't looked at */
    for (size_t place = 0; place < chunk->n_rows && !rc && 5 * (known->n + 1) <= 4 * known->size; place++) {
        struct mg_chunk_row row;
        if (mg_chunk_is_erased(chunk, place))
            continue;
        rc = mg_chunk_row(chunk, arena, place, l->answers, &row, error);
        if (rc || !row.respondent)
            continue;
        for (size_t i = 0; i < fields->n; i++)
            l->cells[i] = l->places[i] == SIZE_MAX ? (struct mg_datum){0} : l->answers[l->places[i]];
        row.answers = l->cells;
        rc = remember(known, &row, place, error);
    }
    return rc;
}

static int add_chunk(struct mg_known *known, int64_t number, struct mg_error *error)
{
    if (known->n_chunks == known->room) {
        size_t room = 2 * known->room + 64;
        int64_t *chunks = realloc(known->chunks, room * sizeof *chunks);
        if (!chunks)
            return mg_fail_memory(error);
        known->chunks = chunks;
        known->room = room;
    }
    known->chunks[known->n_chunks++] = number;
    return 0;
}

static int look_at_chunk(struct loading *l, struct mg_db *db, struct mg_arena *arena,
                         const struct mg_sql_chunk_row *row, struct mg_error *error)
{
    const struct mg_fields *fields = &l->known->study->fields;
    struct mg_chunk chunk;
    int rc = mg_chunk_read_head(arena, row->head.data, row->head.size, &chunk, error);
    if (!rc)
        rc = mg_chunk_read_data(arena, row->data.data, row->data.size, &chunk, error);
    if (rc || !chunk.respondents.low)
        return rc;
    rc = mg_hidden_mask(db, arena, row->number, &chunk, error);
    if (!rc)
        rc = add_chunk(l->known, row->number, error);
    if (rc)
        return rc;
    l->answers = mg_arena_array(arena, chunk.n_columns + 1, sizeof *l->answers);
    l->cells = mg_arena_array(arena, fields->n + 1, sizeof *l->cells);
    l->places = mg_arena_array(arena, fields->n + 1, sizeof *l->places);
    if (!l->answers || !l->cells || !l->places)
        return mg_fail_memory(error);
    mg_answers_places(fields, &(struct mg_layout){chunk.columns, chunk.n_columns}, l->places);
    return look_at_rows(l, arena, &chunk, error);
}

static int look_at_page(struct loading *l, struct mg_db *db, struct mg_arena *arena, char after[MG_ULID_SIZE],
                        size_t *ret_n, struct mg_error *error)
{
    struct mg_sql_chunk_row *rows = NULL;
    int rc = mg_stop_check(l->ctx->stop, error);
    if (!rc)
        rc = mg_sql_chunk_of_study(db, arena, l->known->study->id, after, CHUNKS_A_PAGE, &rows, ret_n, error);
    for (size_t i = 0; i < *ret_n && !rc; i++)
        rc = look_at_chunk(l, db, arena, &rows[i], error);
    if (!rc && *ret_n)
        memcpy(after, rows[*ret_n - 1].id, MG_ULID_SIZE);
    return rc;
}

static int make_table(struct mg_known *known, int64_t most, struct mg_error *error)
{
    if (most > MG_KNOWN_MAX) {
        mg_fail(error, MG_E_LIMIT, "The study has more than %lld responses; they can't be compared by id.",
                (long long)MG_KNOWN_MAX);
        mg_fail_hint(error, "Import with “add”: all rows are added then.");
        return MG_E_LIMIT;
    }
    known->size = (size_t)most + (size_t)most / 4 + 8;
    known->table = calloc(known->size, sizeof *known->table);
    return known->table ? 0 : mg_fail_memory(error);
}

static int look_through(struct mg_db *db, void *user, struct mg_error *error)
{
    struct loading *l = user;
    const struct mg_ctx *ctx = l->ctx;
    const char *org = ctx->caller.org_id, *study = l->known->study->id;
    struct mg_sql_chunk_total_row total;
    char after[MG_ULID_SIZE] = "";
    size_t n = CHUNKS_A_PAGE;
    int rc = mg_sql_chunk_total(db, ctx->arena, org, study, &total, error);
    if (!rc)
        rc = make_table(l->known, total.n, error);
    while (!rc && n == CHUNKS_A_PAGE) {
        struct mg_arena *arena = mg_arena_new(PAGE_ARENA);
        rc = arena ? look_at_page(l, db, arena, after, &n, error) : mg_fail_memory(error);
        mg_arena_free(arena);
    }
    return rc;
}

int mg_known_load(const struct mg_ctx *ctx, const struct mg_record_study *study, struct mg_known **ret_known,
                  struct mg_error *error)
{
    struct loading l = {.ctx = ctx, .known = calloc(1, sizeof *l.known)};
    if (!l.known)
        return mg_fail_memory(error);
    l.known->study = study;
    int rc = mg_store_read(ctx->store, look_through, &l, error);
    if (rc)
        mg_known_free(l.known);
    else
        *ret_known = l.known;
    return rc;
}

/* ---- hiding ---- */

static int by_place(const void *a, const void *b)
{
    const struct entry *x = *(const struct entry *const *)a, *y = *(const struct entry *const *)b;
    return x->chunk != y->chunk ? (x->chunk > y->chunk) - (x->chunk < y->chunk)
                                : (x->place > y->place) - (x->place < y->place);
}

/* What the file's rows were compared with: what it replaces, and what it left since it is there. */
static const struct entry **met(const struct mg_known *known, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < known->size; i++)
        n += known->table[i].id && known->table[i].flags & MET;
    const struct entry **list = malloc((n + 1) * sizeof(struct entry *));
    *ret_n = 0;
    for (size_t i = 0; i < known->size && list; i++)
        if (known->table[i].id && known->table[i].flags & MET)
            list[(*ret_n)++] = &known->table[i];
    if (list && n)
        qsort(list, n, sizeof(struct entry *), by_place);
    return list;
}

struct hiding {
    const struct mg_known *known;
    struct mg_db *db;
    const struct mg_ctx *ctx;
    const char *import_id;
};

static int fail_undone(struct mg_error *error)
{
    mg_fail(error, MG_E_CONFLICT,
            "What this import was compared with was undone, or replaced, while it ran.");
    mg_fail_hint(error, "Start it again: its rows are then compared with what is there now.");
    return MG_E_CONFLICT;
}

/* Those to be replaced that weren't erased meanwhile; all have to be there still. */
static int choose(const struct hiding *h, struct mg_arena *arena, const struct mg_chunk *chunk,
                  int64_t number, const struct entry *const *list, size_t n, struct mg_error *error)
{
    struct mg_hidden_place *places = mg_arena_array(arena, n, sizeof *places);
    struct mg_chunk seen = *chunk;
    size_t kept = 0;
    int rc = places ? mg_hidden_mask(h->db, arena, number, &seen, error) : mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++) {
        if (list[i]->place >= chunk->n_rows || mg_chunk_is_erased(chunk, list[i]->place))
            continue;
        if (mg_chunk_is_erased(&seen, list[i]->place))
            return fail_undone(error);
        if (list[i]->flags & REPLACED)
            places[kept++] = (struct mg_hidden_place){list[i]->place, mg_hidden_mark(list[i]->id)};
    }
    return rc || !kept ? rc : mg_hidden_add(h->db, arena, h->import_id, number, places, kept, error);
}

static int hide_in_chunk(const struct hiding *h, struct mg_arena *arena, const struct entry *const *list,
                         size_t n, struct mg_error *error)
{
    struct mg_sql_chunk_head_row row;
    struct mg_chunk chunk;
    int64_t number = h->known->chunks[list[0]->chunk];
    int rc = mg_sql_chunk_head(h->db, arena, h->ctx->caller.org_id, h->known->study->id, number, &row, error);
    if (rc == MG_E_NOT_FOUND)
        return fail_undone(error);
    if (!rc)
        rc = mg_chunk_read_head(arena, row.head.data, row.head.size, &chunk, error);
    return rc ? rc : choose(h, arena, &chunk, number, list, n, error);
}

static int hide_all(const struct hiding *h, const struct entry *const *list, size_t n, struct mg_error *error)
{
    int rc = 0;
    for (size_t at = 0, end; at < n && !rc; at = end) {
        struct mg_arena *arena = mg_arena_new(PAGE_ARENA);
        for (end = at; end < n && list[end]->chunk == list[at]->chunk;)
            end++;
        rc = arena ? hide_in_chunk(h, arena, list + at, end - at, error) : mg_fail_memory(error);
        mg_arena_free(arena);
    }
    return rc;
}

int mg_known_hide(const struct mg_known *known, struct mg_db *db, const struct mg_ctx *ctx,
                  const char *import_id, struct mg_error *error)
{
    const struct hiding h = {known, db, ctx, import_id};
    size_t n = 0;
    const struct entry **list = met(known, &n);
    int rc = list ? hide_all(&h, list, n, error) : mg_fail_memory(error);
    if (!rc)
        rc = mg_sql_hidden_count(db, import_id, 1, NULL, error);
    free(list);
    return rc;
}
