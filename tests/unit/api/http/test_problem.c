/* Statuses of errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/http/request.h"

static void codes_have_statuses(void **state)
{
    (void)state;
    assert_int_equal(mg_problem_status(MG_E_FULL), 507);
    assert_int_equal(mg_problem_status(MG_E_BUSY), 503);
    assert_int_equal(mg_problem_status(MG_E_LIMIT), 422);
    assert_int_equal(mg_problem_status(MG_E_UNSUPPORTED), 422);
    assert_int_equal(mg_problem_status(MG_E_IO), 500);
    assert_int_equal(mg_problem_status(-1000), 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(codes_have_statuses)};
    return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
