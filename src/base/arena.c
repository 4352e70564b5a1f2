/* Arena of linked blocks. Small requests are carved from the current block; large ones get a block of their
 * own. With MG_ARENA_MALLOC (sanitizer builds) every item is its own malloc, so that the address sanitizer
 * sees overruns between neighbours. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)16 * 1024)

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char data[];
};

struct deferred {
    struct deferred *next;
    void (*release)(void *);
    void *object;
};

struct mg_arena {
    struct block *blocks; /* newest first; the head is the one carved from */
    struct deferred *deferred;
    size_t used, limit;
};

struct mg_arena *mg_arena_new(size_t limit)
{
    struct mg_arena *arena = calloc(1, sizeof *arena);
    if (arena)
        arena->limit = limit;
    return arena;
}

void mg_arena_free(struct mg_arena *arena)
{
    if (!arena)
        return;
    for (struct deferred *d = arena->deferred; d; d = d->next)
        d->release(d->object);
    while (arena->blocks) {
        struct block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    free(arena);
}

static struct block *add_block(struct mg_arena *arena, size_t size)
{
#ifndef MG_ARENA_MALLOC
    if (size < BLOCK_SIZE)
        size = BLOCK_SIZE;
#endif
    struct block *block = malloc(sizeof *block + size);
    if (!block)
        return NULL;
    *block = (struct block){.next = arena->blocks, .size = size};
    arena->blocks = block;
    return block;
}

void *mg_arena_alloc(struct mg_arena *arena, size_t size)
{
    if (size > arena->limit - arena->used)
        return NULL;
    size_t rounded = size ? size : 1;
#ifdef MG_ARENA_MALLOC
    struct block *block = NULL;
#else
    rounded = (rounded + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct block *block = arena->blocks;
#endif
    if (!block || block->size - block->used < rounded)
        block = add_block(arena, rounded);
    if (!block)
        return NULL;
    void *item = block->data + block->used;
    block->used += rounded;
    arena->used += size;
    return memset(item, 0, rounded);
}

void *mg_arena_array(struct mg_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return mg_arena_alloc(arena, count * size);
}

char *mg_arena_strndup(struct mg_arena *arena, const char *text, size_t n)
{
    char *copy = mg_arena_alloc(arena, n + 1);
    if (copy)
        memcpy(copy, text, n);
    return copy;
}

char *mg_arena_strdup(struct mg_arena *arena, const char *text)
{
    return text ? mg_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *mg_arena_printf(struct mg_arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int needed = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = needed < 0 ? NULL : mg_arena_alloc(arena, (size_t)needed + 1);
    if (text)
        vsnprintf(text, (size_t)needed + 1, format, again);
    va_end(again);
    return text;
}

int mg_arena_defer(struct mg_arena *arena, void (*release)(void *), void *object)
{
    struct deferred *entry = mg_arena_alloc(arena, sizeof *entry);
    if (!entry) {
        release(object);
        return -1;
    }
    *entry = (struct deferred){.next = arena->deferred, .release = release, .object = object};
    arena->deferred = entry;
    return 0;
}
