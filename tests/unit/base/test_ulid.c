/* ULIDs: shape, order by time, no repeats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ulid.h"

static void has_the_specified_shape(void **state)
{
    (void)state;
    char id[MG_ULID_SIZE];
    mg_ulid_new(1469922850259 * INT64_C(1000), id); /* the time of the specification's example */
    assert_int_equal(strlen(id), 26);
    assert_memory_equal(id, "01ARZ3NDEK", 10);
    assert_true(mg_ulid_valid(id));
    mg_ulid_new(0, id);
    assert_memory_equal(id, "0000000000", 10);
}

static void sorts_by_time(void **state)
{
    (void)state;
    char before[MG_ULID_SIZE], after[MG_ULID_SIZE];
    for (int64_t ms = 1; ms < INT64_C(1) << 47; ms = ms * 3 + 1) {
        mg_ulid_new(ms * 1000, before);
        mg_ulid_new((ms + 1) * 1000, after);
        assert_true(strcmp(before, after) < 0);
    }
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void does_not_repeat_within_a_millisecond(void **state)
{
    (void)state;
    enum { N = 5000 };
    static char ids[N][MG_ULID_SIZE];
    for (int i = 0; i < N; i++)
        mg_ulid_new(1768743600000000, ids[i]);
    qsort(ids, N, sizeof *ids, compare);
    for (int i = 1; i < N; i++)
        assert_string_not_equal(ids[i - 1], ids[i]);
}

static void refuses_what_is_none(void **state)
{
    (void)state;
    assert_true(mg_ulid_valid("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    assert_true(mg_ulid_valid("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
    assert_false(mg_ulid_valid("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")); /* more than 128 bits */
    assert_false(mg_ulid_valid("01ARZ3NDEKTSV4RRFFQ69G5FA"));
    assert_false(mg_ulid_valid("01ARZ3NDEKTSV4RRFFQ69G5FAVX"));
    assert_false(mg_ulid_valid("01ARZ3NDEKTSV4RRFFQ69G5FAU")); /* U is not in the alphabet */
    assert_false(mg_ulid_valid("01arz3ndektsv4rrffq69g5fav"));
    assert_false(mg_ulid_valid(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_specified_shape),
        cmocka_unit_test(sorts_by_time),
        cmocka_unit_test(does_not_repeat_within_a_millisecond),
        cmocka_unit_test(refuses_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
