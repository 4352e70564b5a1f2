/* Holm's adjustment: R's p.adjust(p, "holm") on the kiosk items' p-values is in test_gap.c; here its rules.
 */
#include "stats/fixture.h"

#include "stats/dist/holm.h"

static void follows_the_definition(void **state)
{
    (void)state;
    /* Holm 1979 worked through by hand: sorted .005 .01 .03 .04 → ×4 ×3 ×2 ×1 = .02 .03 .06 .04→.06 */
    const double p[] = {.01, .04, .03, .005};
    double adjusted[4];
    mg_holm(p, 4, adjusted);
    NEAR(adjusted[0], .03, 1e-15);
    NEAR(adjusted[1], .06, 1e-15);
    NEAR(adjusted[2], .06, 1e-15);
    NEAR(adjusted[3], .02, 1e-15);
}

static void skips_tests_that_could_not_be_made(void **state)
{
    (void)state;
    const double p[] = {NAN, .02, NAN, .01};
    double adjusted[4];
    mg_holm(p, 4, adjusted);
    NEAR(adjusted[0], NAN, 0);
    NEAR(adjusted[1], .02, 1e-15);
    NEAR(adjusted[3], .02, 1e-15);
}

static void never_exceeds_one_and_gives_ties_the_same(void **state)
{
    (void)state;
    const double p[] = {.4, .4, .9, .4};
    double adjusted[4];
    mg_holm(p, 4, adjusted);
    for (int i = 0; i < 4; i++)
        NEAR(adjusted[i], 1, 0);
    const double tied[] = {.1, .1};
    mg_holm(tied, 2, adjusted);
    NEAR(adjusted[0], .2, 1e-15);
    NEAR(adjusted[1], .2, 1e-15);
    mg_holm(NULL, 0, NULL);
}

static void keeps_the_order_of_any_p(void **state)
{
    (void)state;
    struct mg_rng rng = mg_rng_init(5, 0);
    double p[60], adjusted[60];
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 60; i++)
            p[i] = pow(mg_rng_uniform(&rng), 4);
        mg_holm(p, 60, adjusted);
        for (int i = 0; i < 60; i++) {
            assert_true(adjusted[i] >= p[i] && adjusted[i] <= 60 * p[i] && adjusted[i] <= 1);
            for (int j = 0; j < 60; j++)
                assert_true(p[i] > p[j] || adjusted[i] <= adjusted[j]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_the_definition),
        cmocka_unit_test(skips_tests_that_could_not_be_made),
        cmocka_unit_test(never_exceeds_one_and_gives_ties_the_same),
        cmocka_unit_test(keeps_the_order_of_any_p),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
