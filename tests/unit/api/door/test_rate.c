/* Token buckets: a burst is let through, then as many as the class allows a second; callers don't share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "api/door/rate.h"

static int let_through(struct mg_rates *rates, const char *caller, enum mg_rate rate, double now, int tries)
{
    int n = 0;
    unsigned wait = 0;
    for (int i = 0; i < tries; i++)
        n += mg_rates_take(rates, caller, rate, now, &wait);
    return n;
}

static void a_burst_then_the_rate(void **state)
{
    (void)state;
    struct mg_rates *rates = mg_rates_new();
    unsigned wait = 0;
    assert_int_equal(let_through(rates, "a", MG_RATE_LOGIN, 100, 1000), 40);
    assert_false(mg_rates_take(rates, "a", MG_RATE_LOGIN, 100, &wait));
    assert_int_equal(wait, 1);
    assert_int_equal(let_through(rates, "a", MG_RATE_LOGIN, 101, 1000), 2);
    assert_int_equal(let_through(rates, "a", MG_RATE_LOGIN, 10000, 1000), 40);
    mg_rates_free(rates);
}

static void callers_and_classes_do_not_share(void **state)
{
    (void)state;
    struct mg_rates *rates = mg_rates_new();
    let_through(rates, "a", MG_RATE_LOGIN, 1, 1000);
    assert_int_equal(let_through(rates, "b", MG_RATE_LOGIN, 1, 1000), 40);
    assert_true(let_through(rates, "a", MG_RATE_READ, 1, 1000) > 40);
    assert_int_equal(let_through(rates, "a", MG_RATE_INTAKE, 1, 1000), 1000);
    mg_rates_free(rates);
}

static void many_callers_keep_the_table_bounded(void **state)
{
    (void)state;
    struct mg_rates *rates = mg_rates_new();
    char name[32];
    for (int i = 0; i < 200000; i++) {
        snprintf(name, sizeof name, "caller-%d", i);
        assert_int_equal(let_through(rates, name, MG_RATE_LOGIN, 1 + i * 1e-6, 1), 1);
    }
    mg_rates_free(rates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_the_rate),
        cmocka_unit_test(callers_and_classes_do_not_share),
        cmocka_unit_test(many_callers_keep_the_table_bounded),
    };
    return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
