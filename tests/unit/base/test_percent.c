/* Strict decoding of what a stranger sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/percent.h"

static void percent_decoding_is_strict(void **state)
{
    (void)state;
    char good[] = "a%20b%C3%A9+";
    assert_true(mg_percent_decode(good));
    assert_string_equal(good, "a bé+");
    const char *bad[] = {"%", "%4", "%zz", "a%00", "%C3", "%ED%A0%80", "%u0041"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[16];
        strcpy(text, bad[i]);
        assert_false(mg_percent_decode(text));
    }
}

static void what_is_encoded_decodes(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1000);
    const char *encoded = mg_percent_encode(arena, "a-1._~ é,%\r\n\"");
    assert_string_equal(encoded, "a-1._~%20%C3%A9%2C%25%0D%0A%22");
    char copy[40];
    strcpy(copy, encoded);
    assert_true(mg_percent_decode(copy));
    assert_string_equal(copy, "a-1._~ é,%\r\n\"");
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(percent_decoding_is_strict),
                                       cmocka_unit_test(what_is_encoded_decodes)};
    return cmocka_run_group_tests_name("percent", tests, NULL, NULL);
}
