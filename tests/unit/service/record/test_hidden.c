/* What is hidden of a chunk: places with whose they are, as bytes that are checked, over what is erased. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/record/hidden.h"

static void whose_an_answer_is(void **state)
{
    (void)state;
    uint64_t one = mg_hidden_identity("17", NULL);
    assert_true(one == mg_hidden_identity("17", NULL));
    assert_true(one != mg_hidden_identity("18", NULL));
    assert_true(one != mg_hidden_identity("17", ""));
    assert_true(mg_hidden_identity("17", "2025") != mg_hidden_identity("17", "2026"));
    assert_true(mg_hidden_identity("1", "72025") != mg_hidden_identity("17", "2025"));
    assert_true(mg_hidden_mark(0) != 0);
    assert_true(mg_hidden_mark(mg_hidden_identity("17", "2025")) != mg_hidden_mark(one));
}

/* Places that ascend within a chunk, six bytes each; anything else is damage. */
static void bytes_are_checked(void **state)
{
    (void)state;
    static const uint8_t good[] = {3, 0, 1, 2, 3, 4, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF};
    static const uint8_t twice[] = {3, 0, 1, 2, 3, 4, 3, 0, 1, 2, 3, 4};
    static const uint8_t far[] = {0, 0x10, 1, 2, 3, 4};
    struct mg_arena *arena = mg_arena_new(1 << 20);
    struct mg_hidden_place *places = NULL;
    size_t n = 0;
    assert_int_equal(mg_hidden_read(arena, (struct mg_blob){good, sizeof good}, &places, &n, NULL), 0);
    assert_int_equal(n, 2);
    assert_true(places[0].place == 3 && places[0].mark == 0x04030201);
    assert_true(places[1].place == MG_CHUNK_ROWS - 1 && places[1].mark == UINT32_MAX);
    for (size_t size = 1; size < sizeof good; size++) {
        int rc = mg_hidden_read(arena, (struct mg_blob){good, size}, &places, &n, NULL);
        assert_int_equal(rc, size % 6 ? MG_E_ENGINE : 0);
    }
    struct mg_error error = {0};
    assert_int_equal(mg_hidden_read(arena, (struct mg_blob){twice, sizeof twice}, &places, &n, &error),
                     MG_E_ENGINE);
    assert_true(*error.message && *error.hint);
    assert_int_equal(mg_hidden_read(arena, (struct mg_blob){far, sizeof far}, &places, &n, NULL),
                     MG_E_ENGINE);
    assert_int_equal(mg_hidden_read(arena, (struct mg_blob){NULL, 0}, &places, &n, NULL), 0);
    assert_int_equal(n, 0);
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_an_answer_is),
        cmocka_unit_test(bytes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
