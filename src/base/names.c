/* Index of names: open addressing over places, FNV-1a, at most half full. */
#include "base/names.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/str.h"

static unsigned char folded(const struct mg_names *names, char c)
{
    return (unsigned char)(names->nocase && c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool same(const struct mg_names *names, const char *a, const char *b)
{
    return names->nocase ? mg_str_equal_nocase(a, b) : strcmp(a, b) == 0;
}

/* The slot of the name, or the empty one where it belongs. */
static size_t slot_of(const struct mg_names *names, const char *name)
{
    uint64_t hash = MG_HASH_START;
    for (const char *p = name; *p; p++)
        hash = mg_hash_word(hash, folded(names, *p));
    size_t at = (size_t)(hash ^ hash >> 32) & names->mask;
    while (names->slots[at] && !same(names, names->names[names->slots[at] - 1], name))
        at = (at + 1) & names->mask;
    return at;
}

bool mg_names_init(struct mg_names *names, struct mg_arena *arena, size_t most, bool nocase)
{
    size_t size = 16;
    while (size < most * 2)
        size *= 2;
    *names = (struct mg_names){.most = most, .nocase = nocase, .mask = size - 1};
    names->names = mg_arena_array(arena, most + 1, sizeof(*names->names));
    names->slots = mg_arena_array(arena, size, sizeof(*names->slots));
    return names->names && names->slots;
}

size_t mg_names_find(const struct mg_names *names, const char *name)
{
    uint32_t place = names->slots[slot_of(names, name)];
    return place ? place - 1 : SIZE_MAX;
}

void mg_names_add(struct mg_names *names, const char *name)
{
    assert(names->n < names->most);
    size_t at = slot_of(names, name);
    names->names[names->n++] = name;
    if (!names->slots[at])
        names->slots[at] = (uint32_t)names->n;
}
