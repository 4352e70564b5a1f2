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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(percent_decoding_is_strict)};
    return cmocka_run_group_tests_name("percent", tests, NULL, NULL);
}
