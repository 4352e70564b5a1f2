/* Counting different values by a sketch: within four standard errors, whatever comes twice, and merged. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/str.h"
#include "model/sketch.h"

static void fill(struct mg_sketch *sketch, uint64_t seed, size_t n)
{
    struct mg_rng rng = mg_rng_init(seed, 5);
    for (size_t i = 0; i < n; i++)
        mg_sketch_add(sketch, mg_rng_u64(&rng));
}

static void counts_are_close(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 10, 300, 1000, 20000, 1000000};
    for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
        struct mg_sketch sketch = {0};
        fill(&sketch, s + 1, sizes[s]);
        fill(&sketch, s + 1, sizes[s]); /* the same again */
        double n = (double)sizes[s];
        assert_true(fabs(mg_sketch_count(&sketch) - n) <= 4 * 0.046 * n);
    }
}

static void merging_is_adding(void **state)
{
    (void)state;
    struct mg_sketch whole = {0}, a = {0}, b = {0};
    fill(&whole, 1, 5000);
    fill(&whole, 2, 5000);
    fill(&a, 1, 5000);
    fill(&b, 2, 5000);
    mg_sketch_merge(&a, &b);
    assert_memory_equal(&a, &whole, sizeof whole);
}

static void every_hash_has_a_place(void **state)
{
    (void)state;
    struct mg_sketch sketch = {0};
    mg_sketch_add(&sketch, 0);
    mg_sketch_add(&sketch, UINT64_MAX);
    assert_int_equal(sketch.registers[0], 56);
    assert_int_equal(sketch.registers[MG_SKETCH_REGISTERS - 1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_close),
        cmocka_unit_test(merging_is_adding),
        cmocka_unit_test(every_hash_has_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
