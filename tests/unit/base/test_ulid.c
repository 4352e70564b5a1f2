/* ULIDs: shape, order by time and as they were made, no repeats. */
#include <pthread.h>
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

enum { THREADS = 4, EACH = 20000 };

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* By their ends alone: what is left then is each id's own. */
static void cut(char *id)
{
    id[MG_ULID_SIZE - 1 - MG_ULID_FREE] = '\0';
}

static void those_of_a_millisecond_are_ordered_as_they_were_made(void **state)
{
    (void)state;
    char before[MG_ULID_SIZE], after[MG_ULID_SIZE];
    mg_ulid_new(1768743600000000, before);
    for (int i = 0; i < 100000; i++) { /* carries over several digits, whatever was drawn */
        mg_ulid_new(1768743600000000 + i % 1000, after);
        assert_true(mg_ulid_valid(after));
        assert_memory_equal(after, before, 10);
        cut(before);
        assert_true(strncmp(before, after, strlen(before)) < 0);
        memcpy(before, after, sizeof after);
    }
}

static void a_clock_that_is_put_back_a_little_keeps_the_order(void **state)
{
    (void)state;
    const int64_t now = 1868743600000000;
    char first[MG_ULID_SIZE], behind[MG_ULID_SIZE], far[MG_ULID_SIZE];
    mg_ulid_new(now, first);
    mg_ulid_new(now - MG_ULID_BACK_MS * 1000, behind);
    assert_true(strcmp(first, behind) < 0);
    mg_ulid_new(now - (MG_ULID_BACK_MS + 1) * 1000, far); /* a clock that was wrong: its ids tell the time */
    assert_true(strcmp(far, first) < 0);
}

static void the_free_end_is_drawn_each_time(void **state)
{
    (void)state;
    char ids[64][MG_ULID_SIZE];
    int same = 0;
    for (int i = 0; i < 64; i++)
        mg_ulid_new(1968743600000000, ids[i]);
    for (int i = 1; i < 64; i++)
        same += strcmp(ids[0] + 26 - MG_ULID_FREE, ids[i] + 26 - MG_ULID_FREE) == 0;
    assert_true(same < 3); /* each one with odds of 1 to 32,768 */
}

static void *make_many(void *ids)
{
    char(*made)[MG_ULID_SIZE] = ids;
    for (int i = 0; i < EACH; i++)
        mg_ulid_new(2068743600000000, made[i]);
    return NULL;
}

/* Each thread's own are in order, and no two of any share what stands before the free end. */
static void threads_share_one_order(void **state)
{
    (void)state;
    static char ids[THREADS][EACH][MG_ULID_SIZE];
    pthread_t threads[THREADS];
    for (int t = 0; t < THREADS; t++)
        assert_int_equal(pthread_create(&threads[t], NULL, make_many, ids[t]), 0);
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    for (int t = 0; t < THREADS; t++)
        for (int i = 1; i < EACH; i++)
            assert_true(strcmp(ids[t][i - 1], ids[t][i]) < 0);
    for (int i = 0; i < THREADS * EACH; i++)
        cut(ids[0][i]);
    qsort(ids, (size_t)THREADS * EACH, MG_ULID_SIZE, compare);
    for (int i = 1; i < THREADS * EACH; i++)
        assert_string_not_equal(ids[0][i - 1], ids[0][i]);
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
        cmocka_unit_test(those_of_a_millisecond_are_ordered_as_they_were_made),
        cmocka_unit_test(a_clock_that_is_put_back_a_little_keeps_the_order),
        cmocka_unit_test(the_free_end_is_drawn_each_time),
        cmocka_unit_test(threads_share_one_order),
        cmocka_unit_test(refuses_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
