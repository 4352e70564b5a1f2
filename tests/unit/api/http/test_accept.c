/* Accept-Encoding as clients write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/http/accept.h"
#include "base/str.h"

static void weights_and_spaces_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool gzip, br;
    } cases[] = {
        {"gzip", true, false},
        {"gzip, deflate, br", true, true},
        {"gzip;q=0", false, false},
        {"gzip; q=0", false, false},
        {"gzip ;q=0", false, false},
        {"gzip ; Q=0.000 , br", false, true},
        {"gzip;q=0.001", true, false},
        {"gzip;q=1.0,br;q=0.0", true, false},
        {"GZIP", true, false},
        {"x-gzip", false, false},
        {"gzipped, brotli", false, false},
        {"*", true, true},
        {"*;q=0", false, false},
        {"gzip;q=0, *", false, true},
        {"*;q=0, gzip", true, false},
        {"identity", false, false},
        {"", false, false},
        {",,; ;q=0,gzip", true, false},
        {NULL, false, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (mg_accepts(cases[i].header, "gzip") != cases[i].gzip ||
            mg_accepts(cases[i].header, "br") != cases[i].br)
            fail_msg("“%s” is misread", cases[i].header ? cases[i].header : "no header");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(weights_and_spaces_are_understood)};
    return cmocka_run_group_tests_name("accept", tests, NULL, NULL);
}
