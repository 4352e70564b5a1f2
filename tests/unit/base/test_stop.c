/* Asking work to end: the first reason stays, the limit is noticed, hooks run while they are entered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/stop.h"

static void count(void *user)
{
    ++*(int *)user;
}

static void nobody_asks(void **state)
{
    (void)state;
    struct mg_stop stop;
    mg_stop_init(&stop);
    mg_stop_tick(&stop);
    assert_int_equal(mg_stop_asked(&stop), MG_STOP_NO);
    assert_int_equal(mg_stop_check(&stop, NULL), 0);
    assert_int_equal(mg_stop_asked(NULL), MG_STOP_NO);
    assert_int_equal(mg_stop_check(NULL, NULL), 0);
    mg_stop_ask(NULL, MG_STOP_GONE);
    mg_stop_tick(NULL);
    mg_stop_done(&stop);
}

static void the_first_reason_stays(void **state)
{
    (void)state;
    struct mg_stop stop;
    struct mg_error error = {0};
    mg_stop_init(&stop);
    mg_stop_ask(&stop, MG_STOP_GONE);
    mg_stop_ask(&stop, MG_STOP_ENDING);
    assert_int_equal(mg_stop_asked(&stop), MG_STOP_GONE);
    assert_int_equal(mg_stop_check(&stop, &error), MG_E_CANCELLED);
    assert_string_equal(error.message, "Whoever asked for this has closed the connection.");
    mg_stop_done(&stop);
}

static void a_cancelled_job_is_called_so(void **state)
{
    (void)state;
    struct mg_stop stop;
    struct mg_error error = {0};
    mg_stop_init(&stop);
    mg_stop_ask(&stop, MG_STOP_CANCELLED);
    assert_int_equal(mg_stop_check(&stop, &error), MG_E_CANCELLED);
    assert_string_equal(error.message, "The job was stopped.");
    mg_stop_done(&stop);
}

static void a_limit_in_the_past_ends_and_says_what_to_do(void **state)
{
    (void)state;
    struct mg_stop stop;
    struct mg_error error = {0};
    mg_stop_init(&stop);
    mg_stop_limit(&stop, 3600);
    assert_int_equal(mg_stop_asked(&stop), MG_STOP_NO);
    atomic_store(&stop.due_us, 1);
    assert_int_equal(mg_stop_check(&stop, &error), MG_E_LIMIT);
    assert_string_equal(error.message, "This took longer than the 3600 seconds allowed and was stopped.");
    assert_true(error.hint[0] != '\0');
    mg_stop_done(&stop);
}

static void hooks_run_only_while_entered(void **state)
{
    (void)state;
    struct mg_stop stop;
    int outer = 0, inner = 0;
    struct mg_stop_hook first = {count, &outer, NULL}, second = {count, &inner, NULL};
    mg_stop_init(&stop);
    mg_stop_enter(&stop, &first);
    mg_stop_enter(&stop, &second);
    mg_stop_tick(&stop);
    assert_int_equal(outer + inner, 0); /* nobody has asked */
    mg_stop_ask(&stop, MG_STOP_GONE);
    mg_stop_tick(&stop);
    assert_int_equal(outer, 2);
    assert_int_equal(inner, 2);
    mg_stop_leave(&stop, &first);
    mg_stop_tick(&stop);
    mg_stop_leave(&stop, &second);
    mg_stop_leave(&stop, &second);
    mg_stop_tick(&stop);
    assert_int_equal(outer, 2);
    assert_int_equal(inner, 3);
    mg_stop_done(&stop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_asks),
        cmocka_unit_test(the_first_reason_stays),
        cmocka_unit_test(a_cancelled_job_is_called_so),
        cmocka_unit_test(a_limit_in_the_past_ends_and_says_what_to_do),
        cmocka_unit_test(hooks_run_only_while_entered),
    };
    return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
