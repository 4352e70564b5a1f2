/* What is hidden of chunks; see hidden.h. */
#include "service/record/hidden.h"

#include <string.h>

#include "base/hash.h"
#include "store/queries.gen.h"

#define PLACE_BYTES 6

/* FNV's low bits of short texts are near each other. */
uint64_t mg_hidden_identity(const char *respondent, const char *wave)
{
    uint64_t x = mg_hash_text(MG_HASH_START, respondent);
    if (wave)
        x = mg_hash_text(mg_hash_word(x, 0x100), wave);
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    return x ^ x >> 27;
}

uint32_t mg_hidden_mark(uint64_t identity)
{
    uint32_t mark = (uint32_t)(identity >> 32);
    return mark ? mark : 1;
}

static void put_number(uint8_t *bytes, uint32_t value, size_t n)
{
    for (size_t i = 0; i < n; i++, value >>= 8)
        bytes[i] = (uint8_t)value;
}

static uint32_t number_at(const uint8_t *bytes, size_t n)
{
    uint32_t value = 0;
    while (n-- > 0)
        value = value << 8 | bytes[n];
    return value;
}

int mg_hidden_read(struct mg_arena *arena, struct mg_blob bytes, struct mg_hidden_place **ret, size_t *ret_n,
                   struct mg_error *error)
{
    size_t n = bytes.size / PLACE_BYTES;
    struct mg_hidden_place *places = mg_arena_array(arena, n + 1, sizeof *places);
    bool bad = bytes.size % PLACE_BYTES != 0 || n > MG_CHUNK_ROWS;
    if (!places)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n && !bad; i++) {
        const uint8_t *at = (const uint8_t *)bytes.data + i * PLACE_BYTES;
        places[i] = (struct mg_hidden_place){(uint16_t)number_at(at, 2), number_at(at + 2, 4)};
        bad = places[i].place >= MG_CHUNK_ROWS || (i && places[i].place <= places[i - 1].place);
    }
    if (bad) {
        mg_fail(error, MG_E_ENGINE, "A list of replaced responses is damaged in the record.");
        mg_fail_hint(error, "Run `mindgap check`, and restore a backup with `mindgap restore`.");
        return MG_E_ENGINE;
    }
    *ret = places;
    *ret_n = n;
    return 0;
}

static int write_places(struct mg_arena *arena, const struct mg_hidden_place *places, size_t n,
                        struct mg_blob *ret, struct mg_error *error)
{
    uint8_t *bytes = mg_arena_alloc(arena, n * PLACE_BYTES + 1);
    if (!bytes)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        put_number(bytes + i * PLACE_BYTES, places[i].place, 2);
        put_number(bytes + i * PLACE_BYTES + 2, places[i].mark, 4);
    }
    *ret = (struct mg_blob){bytes, n * PLACE_BYTES};
    return 0;
}

int mg_hidden_add(struct mg_db *db, struct mg_arena *arena, const char *import_id, int64_t chunk,
                  const struct mg_hidden_place *places, size_t n, struct mg_error *error)
{
    struct mg_blob bytes;
    int rc = n ? write_places(arena, places, n, &bytes, error) : 0;
    return rc || !n ? rc : mg_sql_hidden_insert(db, chunk, import_id, (int64_t)n, bytes, NULL, error);
}

int mg_hidden_change(struct mg_db *db, struct mg_arena *arena, const char *import_id, int64_t chunk,
                     const struct mg_hidden_place *places, size_t n, struct mg_error *error)
{
    struct mg_blob bytes;
    if (n == 0)
        return mg_sql_hidden_delete(db, chunk, import_id, NULL, error);
    int rc = write_places(arena, places, n, &bytes, error);
    return rc ? rc : mg_sql_hidden_update(db, chunk, import_id, (int64_t)n, bytes, NULL, error);
}

/* The erased ones and these. */
static int mask(struct mg_arena *arena, struct mg_blob bytes, struct mg_chunk *chunk, struct mg_error *error)
{
    struct mg_hidden_place *places = NULL;
    size_t n = 0, size = (chunk->n_rows + 7) / 8;
    uint8_t *erased = mg_arena_alloc(arena, size);
    int rc = erased ? mg_hidden_read(arena, bytes, &places, &n, error) : mg_fail_memory(error);
    if (rc)
        return rc;
    memset(erased, 0, size);
    if (chunk->erased)
        memcpy(erased, chunk->erased, size);
    for (size_t i = 0; i < n && places[i].place < chunk->n_rows; i++)
        erased[places[i].place / 8] |= (uint8_t)(1u << places[i].place % 8);
    chunk->erased = erased;
    return 0;
}

int mg_hidden_mask(struct mg_db *db, struct mg_arena *arena, int64_t number, struct mg_chunk *chunk,
                   struct mg_error *error)
{
    struct mg_sql_hidden_row *rows = NULL;
    size_t n = 0;
    int rc = mg_sql_hidden_of_chunk(db, arena, number, &rows, &n, error);
    for (size_t i = 0; i < n && !rc; i++)
        rc = mask(arena, rows[i].places, chunk, error);
    return rc;
}

int mg_hidden_forget(struct mg_db *db, struct mg_arena *arena, int64_t number, size_t place,
                     struct mg_error *error)
{
    struct mg_sql_hidden_row *rows = NULL;
    size_t n_rows = 0;
    int rc = mg_sql_hidden_all_of_chunk(db, arena, number, &rows, &n_rows, error);
    for (size_t r = 0; r < n_rows && !rc; r++) {
        struct mg_hidden_place *places = NULL;
        size_t n = 0;
        bool found = false;
        rc = mg_hidden_read(arena, rows[r].places, &places, &n, error);
        for (size_t i = 0; i < n && !rc; i++)
            if (places[i].place == place) {
                found = true;
                places[i].mark = 0;
            }
        if (!rc && found)
            rc = mg_hidden_change(db, arena, rows[r].import_id, number, places, n, error);
    }
    return rc;
}
