/* See ids.h. Open addressing, at most half full. */
#include "service/listen/ids.h"

#include <stdlib.h>

#define SIZE_MIN ((size_t)1 << 12)

static size_t place_of(const struct mg_ids *ids, uint64_t hash)
{
    size_t at = (size_t)(hash >> 20) & (ids->size - 1);
    while (ids->table[at].id && ids->table[at].id != hash)
        at = (at + 1) & (ids->size - 1);
    return at;
}

static bool grow(struct mg_ids *ids)
{
    struct mg_ids larger = {.size = ids->size ? 2 * ids->size : SIZE_MIN};
    larger.table = calloc(larger.size, sizeof *larger.table);
    if (!larger.table)
        return false;
    for (size_t i = 0; i < ids->size; i++)
        if (ids->table[i].id)
            larger.table[place_of(&larger, ids->table[i].id)] = ids->table[i];
    free(ids->table);
    ids->table = larger.table;
    ids->size = larger.size;
    return true;
}

/* FNV's low bits of short texts are near each other. */
static uint64_t mixed(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    return x ? x : 1;
}

enum mg_met mg_ids_meet(struct mg_ids *ids, uint64_t hash, uint64_t row, int64_t line, int64_t *ret_line)
{
    if (2 * (ids->n + 1) > ids->size && ids->n < MG_IDS_MAX && !grow(ids))
        return MG_ID_NO_MEMORY;
    hash = mixed(hash);
    struct mg_id *place = &ids->table[place_of(ids, hash)];
    if (place->id) {
        *ret_line = place->line;
        return place->row == (uint32_t)(row >> 32) ? MG_ID_SAME_ROW : MG_ID_REPEATED;
    }
    if (ids->n == MG_IDS_MAX) {
        ids->full = true;
        return MG_ID_NEW;
    }
    *place = (struct mg_id){hash, (uint32_t)(row >> 32), (uint32_t)line};
    ids->n++;
    return MG_ID_NEW;
}

void mg_ids_done(struct mg_ids *ids)
{
    free(ids->table);
    *ids = (struct mg_ids){0};
}
