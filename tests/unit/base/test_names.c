/* The index of names: places, case, doubles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"
#include "base/names.h"

static void names_have_places(void **state)
{
    (void)state;
    struct mg_names names;
    assert_true(mg_names_init(&names, arena, 4, false));
    assert_true(mg_names_find(&names, "a") == SIZE_MAX);
    mg_names_add(&names, "a");
    mg_names_add(&names, "A");
    mg_names_add(&names, "");
    mg_names_add(&names, "a");
    assert_int_equal(mg_names_find(&names, "a"), 0);
    assert_int_equal(mg_names_find(&names, "A"), 1);
    assert_int_equal(mg_names_find(&names, ""), 2);
    assert_true(mg_names_find(&names, "b") == SIZE_MAX);
    assert_string_equal(names.names[3], "a");
}

static void case_may_not_matter(void **state)
{
    (void)state;
    struct mg_names names;
    assert_true(mg_names_init(&names, arena, 2, true));
    mg_names_add(&names, "Größe 期望");
    assert_int_equal(mg_names_find(&names, "gRöSSE 期望"), SIZE_MAX);
    assert_int_equal(mg_names_find(&names, "gRöße 期望"), 0);
}

static void thousands_are_all_found(void **state)
{
    (void)state;
    struct mg_names names;
    assert_true(mg_names_init(&names, arena, 4096, true));
    for (size_t i = 0; i < 4096; i++)
        mg_names_add(&names, mg_arena_printf(arena, "q%zu", i));
    for (size_t i = 0; i < 4096; i++)
        assert_int_equal(mg_names_find(&names, mg_arena_printf(arena, "Q%zu", i)), i);
}

static void memory_may_be_out(void **state)
{
    (void)state;
    struct mg_names names;
    struct mg_arena *small = mg_arena_new(64);
    assert_false(mg_names_init(&names, small, 100, true));
    mg_arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_places),
        cmocka_unit_test(case_may_not_matter),
        cmocka_unit_test(thousands_are_all_found),
        cmocka_unit_test(memory_may_be_out),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
