/* Times: known instants, round trips over the calendar, everything that is no time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/str.h"

static void knows_instants(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* by Python's datetime */
    } known[] = {{"2026-01-18T13:40:00Z", 1768743600},
                 {"1969-12-31T23:59:59Z", -1},
                 {"2000-02-29T12:00:00Z", 951825600},
                 {"0001-01-01T00:00:00Z", -62135596800},
                 {"9999-12-31T23:59:59Z", 253402300799},
                 {"1900-03-01T00:00:00Z", -2203891200},
                 {"1970-01-01T00:00:00Z", 0}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        int64_t us;
        char text[32];
        assert_int_equal(mg_time_parse(known[i].text, &us), 0);
        assert_int_equal(us, known[i].seconds * 1000000);
        mg_time_format(us, text);
        assert_string_equal(text, known[i].text);
    }
}

static void every_day_round_trips(void **state)
{
    (void)state;
    for (int64_t day = -700000; day < 2900000; day += 37) {
        int64_t us = (day * 86400 + (day & 0xFFFF)) * 1000000, back;
        char text[32];
        mg_time_format(us, text);
        assert_int_equal(mg_time_parse(text, &back), 0);
        assert_int_equal(back, us);
    }
}

static void reads_the_other_spellings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } spellings[] = {{"2026-01-18", 1768694400000000},
                     {"2026-01-18 13:40", 1768743600000000},
                     {"2026-01-18 13:40:01", 1768743601000000},
                     {"2026-01-18 13:40:01.25", 1768743601250000},
                     {"2026-01-18t13:40:01.000001z", 1768743601000001},
                     {"2026-01-18T13:40:00.1234567Z", 1768743600123456},
                     {"2026-01-18T21:40:00+08:00", 1768743600000000},
                     {"2026-01-18T21:40:00+0800", 1768743600000000},
                     {"2026-01-18T08:10-05:30", 1768743600000000},
                     {"2026-01-19T00:00:00+10:20", 1768743600000000}};
    for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
        int64_t us = 0;
        assert_int_equal(mg_time_parse(spellings[i].text, &us), 0);
        assert_int_equal(us, spellings[i].us);
    }
}

static void refuses_what_is_no_time(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-13-01",
                                      "2026-00-10",
                                      "2026-02-29",
                                      "1900-02-29",
                                      "2026-04-31",
                                      "2026-1-18",
                                      "26-01-18",
                                      "2026/01/18",
                                      "2026-01-18T",
                                      "2026-01-18T24:00",
                                      "2026-01-18T12:60",
                                      "2026-01-18T12:00:61",
                                      "2026-01-18 12",
                                      "2026-01-18T12:00Zx",
                                      "2026-01-18T12:00+25:00",
                                      "2026-01-18T12:00+08:",
                                      " 2026-01-18",
                                      "2026-01-18 "};
    int64_t us = 42;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(mg_time_parse(bad[i], &us), -1);
    assert_int_equal(us, 42);
}

static void clocks_are_handed_in(void **state)
{
    (void)state;
    struct mg_clock fixed = mg_clock_fixed(1768743600000000), system = mg_clock_system();
    assert_int_equal(mg_now(&fixed), 1768743600000000);
    assert_int_equal(mg_now(&fixed), 1768743600000000);
    assert_true(mg_now(&system) > 1700000000000000);
    double before = mg_clock_elapsed();
    assert_true(mg_clock_elapsed() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_instants),
        cmocka_unit_test(every_day_round_trips),
        cmocka_unit_test(reads_the_other_spellings),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(clocks_are_handed_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
