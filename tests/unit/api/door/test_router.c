/* From method and path to a route; strict decoding of what a stranger sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/door/router.h"

#define ID "01ARZ3NDEKTSV4RRFFQ69G5FAV"

static void finds_routes_by_method_and_template(void **state)
{
    (void)state;
    assert_string_equal(mg_router_find("GET", "/users").route->id, "listUsers");
    assert_string_equal(mg_router_find("HEAD", "/users").route->id, "listUsers");
    assert_string_equal(mg_router_find("DELETE", "/users/" ID).route->id, "deleteUser");
    assert_string_equal(mg_router_find("GET", "/studies/" ID "/items/a/distribution").route->id,
                        "getDistribution");
}

static void tells_a_wrong_method_from_a_wrong_path(void **state)
{
    (void)state;
    struct mg_match match = mg_router_find("PATCH", "/users");
    assert_null(match.route);
    assert_true(match.path_known);
    assert_string_equal(match.allow, "GET, HEAD, POST");
    const char *unknown[] = {
        "", "/", "/user", "/users/", "/users//", "//users", "users", "/studies//overview", "/users/a/b"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_false(mg_router_find("GET", unknown[i]).path_known);
}

static bool parameters_of(const char *path, const char *ret_first[MG_PATH_PARAMETERS_MAX],
                          struct mg_arena *arena)
{
    struct mg_match match = mg_router_find("GET", path);
    assert_non_null(match.route);
    return mg_router_parameters(arena, match.route, path, ret_first);
}

static void decodes_parameters_and_checks_ids(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1 << 16);
    const char *parameters[MG_PATH_PARAMETERS_MAX] = {NULL};
    assert_true(parameters_of("/studies/" ID "/items/%E6%8A%A2%2F1/distribution", parameters, arena));
    assert_string_equal(parameters[0], ID);
    assert_string_equal(parameters[1], "抢/1");
    assert_false(parameters_of("/studies/not-an-id/items/a/distribution", parameters, arena));
    assert_false(parameters_of("/studies/" ID "/items/%ff/distribution", parameters, arena));
    assert_false(parameters_of("/studies/" ID "/items/a%00b/distribution", parameters, arena));
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_routes_by_method_and_template),
        cmocka_unit_test(tells_a_wrong_method_from_a_wrong_path),
        cmocka_unit_test(decodes_parameters_and_checks_ids),
    };
    return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
