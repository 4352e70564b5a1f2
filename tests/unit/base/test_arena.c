/* The arena: alignment, zeroing, its limit, deferred functions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdalign.h>

#include "base/arena.h"

static void hands_out_zeroed_aligned_memory(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    unsigned char *last = NULL;
    for (size_t size = 0; size < 300; size++) {
        unsigned char *item = mg_arena_alloc(arena, size);
        assert_non_null(item);
        assert_int_equal((uintptr_t)item % alignof(max_align_t), 0);
        assert_ptr_not_equal(item, last);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(item[i], 0);
        memset(item, 0xAA, size); /* must not show in the next one */
        last = item;
    }
    mg_arena_free(arena);
}

static void large_items_get_a_block_of_their_own(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    char *small = mg_arena_strdup(arena, "small"), *large = mg_arena_alloc(arena, 200000);
    char *after = mg_arena_strdup(arena, "after");
    memset(large, 'x', 200000);
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    mg_arena_free(arena);
}

static void the_limit_holds(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1000);
    assert_non_null(mg_arena_alloc(arena, 600));
    assert_null(mg_arena_alloc(arena, 401));
    assert_non_null(mg_arena_alloc(arena, 400));
    assert_null(mg_arena_alloc(arena, 1));
    assert_null(mg_arena_strdup(arena, "x"));
    assert_null(mg_arena_printf(arena, "%d", 12));
    mg_arena_free(arena);
}

static void array_sizes_do_not_overflow(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(SIZE_MAX);
    assert_null(mg_arena_array(arena, SIZE_MAX / 2, 3));
    assert_null(mg_arena_array(arena, SIZE_MAX / 8 + 2, 8));
    assert_non_null(mg_arena_array(arena, 10, 8));
    assert_non_null(mg_arena_array(arena, 0, 8));
    mg_arena_free(arena);
}

static void copies_text(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1000);
    assert_null(mg_arena_strdup(arena, NULL));
    assert_string_equal(mg_arena_strndup(arena, "expectation", 6), "expect");
    assert_string_equal(mg_arena_printf(arena, "%s %d", "gap", -1), "gap -1");
    assert_string_equal(mg_arena_printf(arena, "%s", ""), "");
    mg_arena_free(arena);
}

static char order[8];
static size_t released;

static void note(void *object)
{
    order[released++] = *(char *)object;
}

static void deferred_functions_run_last_first(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1000);
    char a = 'a', b = 'b', c = 'c';
    released = 0;
    assert_int_equal(mg_arena_defer(arena, note, &a), 0);
    assert_int_equal(mg_arena_defer(arena, note, &b), 0);
    assert_int_equal(released, 0);
    mg_arena_free(arena);
    assert_memory_equal(order, "ba", 2);
    struct mg_arena *full = mg_arena_new(0);
    assert_int_equal(mg_arena_defer(full, note, &c), -1); /* released at once, so nothing leaks */
    assert_int_equal(released, 3);
    mg_arena_free(full);
    assert_int_equal(released, 3);
    mg_arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_out_zeroed_aligned_memory),
        cmocka_unit_test(large_items_get_a_block_of_their_own),
        cmocka_unit_test(the_limit_holds),
        cmocka_unit_test(array_sizes_do_not_overflow),
        cmocka_unit_test(copies_text),
        cmocka_unit_test(deferred_functions_run_last_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
