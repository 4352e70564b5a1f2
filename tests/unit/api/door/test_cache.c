/* The cache of encoded answers: found by key, replaced, pushed out by age, alive while somebody still sends
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "api/door/cache.h"

static void put(struct mg_cache *cache, const char *key, char fill, size_t n)
{
    char *body = malloc(n);
    assert_non_null(body);
    memset(body, fill, n);
    mg_cache_release(mg_cache_put(cache, key, body, n));
}

static bool has(struct mg_cache *cache, const char *key)
{
    const struct mg_cached *found = mg_cache_find(cache, key);
    mg_cache_release(found);
    return found != NULL;
}

static void finds_what_was_put_and_replaces_it(void **state)
{
    (void)state;
    struct mg_cache *cache = mg_cache_new(1 << 20);
    put(cache, "a", 'x', 10);
    const struct mg_cached *first = mg_cache_find(cache, "a");
    assert_memory_equal(first->body, "xxxxxxxxxx", 10);
    put(cache, "a", 'y', 10);
    const struct mg_cached *second = mg_cache_find(cache, "a");
    assert_memory_equal(second->body, "yyyyyyyyyy", 10);
    assert_string_not_equal(first->etag, second->etag);
    assert_memory_equal(first->body, "xxxxxxxxxx", 10); /* still held */
    mg_cache_release(first);
    mg_cache_release(second);
    assert_false(has(cache, "b"));
    mg_cache_free(cache);
}

static void the_least_recently_used_goes_first(void **state)
{
    (void)state;
    struct mg_cache *cache = mg_cache_new(3000);
    put(cache, "a", 'x', 900);
    put(cache, "b", 'x', 900);
    assert_true(has(cache, "a"));
    put(cache, "c", 'x', 900);
    assert_true(has(cache, "a"));
    assert_false(has(cache, "b"));
    assert_true(has(cache, "c"));
    mg_cache_free(cache);
}

static void a_reference_outlives_the_cache(void **state)
{
    (void)state;
    struct mg_cache *cache = mg_cache_new(1 << 20);
    put(cache, "a", 'z', 5000);
    const struct mg_cached *held = mg_cache_find(cache, "a");
    assert_non_null(held->gzip);
    assert_true(held->n_gzip < 200);
    mg_cache_free(cache);
    assert_int_equal(held->body[4999], 'z');
    mg_cache_release(held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_put_and_replaces_it),
        cmocka_unit_test(the_least_recently_used_goes_first),
        cmocka_unit_test(a_reference_outlives_the_cache),
    };
    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
