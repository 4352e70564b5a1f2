/* Arena: memory that lives as long as one request, job or command.
 *
 * Everything allocated is owned by the arena and released by mg_arena_free, after the deferred functions ran
 * in reverse order. Not safe for use from two threads at once. */
#ifndef MG_BASE_ARENA_H
#define MG_BASE_ARENA_H

#include <stddef.h>

struct mg_arena;

/* `limit`: most bytes it may hand out in all. NULL when memory is out. */
struct mg_arena *mg_arena_new(size_t limit);
void mg_arena_free(struct mg_arena *arena);

/* Zeroed, aligned for any type; NULL beyond the limit or when memory is out. */
void *mg_arena_alloc(struct mg_arena *arena, size_t size);
/* count × size with overflow check. */
void *mg_arena_array(struct mg_arena *arena, size_t count, size_t size);
char *mg_arena_strdup(struct mg_arena *arena, const char *text);            /* NULL stays NULL */
char *mg_arena_strndup(struct mg_arena *arena, const char *text, size_t n); /* always terminated */
char *mg_arena_printf(struct mg_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Calls release(object) when the arena is freed. When it can't be noted, releases at once and returns -1. */
int mg_arena_defer(struct mg_arena *arena, void (*release)(void *), void *object);

#endif
