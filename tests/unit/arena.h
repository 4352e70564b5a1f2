/* An arena for each test that needs nothing else. */
#ifndef TEST_ARENA_H
#define TEST_ARENA_H

#include "base/arena.h"

static struct mg_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = mg_arena_new((size_t)64 << 20);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    mg_arena_free(arena);
    return 0;
}

#endif
