/* Drivers: swiss and the energy supplier's ratings (shared/design/methods.md); coefficients from R 4.2's lm.
 */
#include "stats/fixture.h"

#include <string.h>

#include "stats/csv.h"
#include "stats/drivers/drivers.h"

static const size_t in_order[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
                                  15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29};

static struct mg_drivers_spec spec_of(size_t p)
{
    return (struct mg_drivers_spec){
        .y = p, .x = in_order, .p = p, .exact_max = MG_DRIVERS_EXACT_MAX, .permutations = 100, .seed = 1};
}

static const char *const swiss_names[] = {"Agriculture", "Examination",      "Education",
                                          "Catholic",    "Infant.Mortality", "Fertility"};

/* Drivers first, the outcome last. */
static double *gather(const struct csv *csv, struct mg_arena *arena, const char *const *names, size_t n)
{
    double *values = mg_arena_array(arena, csv->rows * n, sizeof *values);
    for (size_t i = 0; i < n; i++)
        memcpy(values + i * csv->rows, csv_column(csv, names[i]), csv->rows * sizeof *values);
    return values;
}

static void swiss_shares(void **state)
{
    (void)state;
    static const double lmg[] = {.05709122077, .1711730289, .2601346786, .10557015037, .11276592293};
    static const double last[] = {.04286960713, .007387418515, .1619626931, .06237262583, .05694525873};
    static const double johnson[] = {.0484168958, .1547082498, .2719641046, .1146800299, .1169657214};
    static const double lmg_digit[] = {5e-12, 5e-11, 5e-11, 5e-12, 5e-12};
    static const double last_digit[] = {5e-12, 5e-13, 5e-11, 5e-12, 5e-12};
    struct csv *csv = csv_read("drivers/swiss.csv");
    struct mg_arena *arena = fresh_arena();
    double *values = gather(csv, arena, swiss_names, 6);
    struct mg_moments *m = moments_of(arena, values, csv->rows, 6, NULL, 1, 20);
    struct mg_drivers_spec spec = spec_of(5);
    struct mg_drivers found;
    assert_int_equal(mg_drivers_estimate(arena, m, &spec, &found, NULL), 0);
    NEAR(found.r2, .7067350016, 5e-11);
    for (size_t i = 0; i < 5; i++) {
        NEAR(found.drivers[i].lmg, lmg[i], lmg_digit[i]);
        NEAR(found.drivers[i].last, last[i], last_digit[i]);
        NEAR(found.drivers[i].johnson, johnson[i], 5e-11);
        NEAR(found.drivers[i].lmg_se, 0, 0);
    }
    mg_arena_free(arena);
    csv_free(csv);
}

static void swiss_regression(void **state)
{
    (void)state;
    static const double b[] = {-0.172113970941, -0.258008239835, -0.870940062939, 0.104115330744,
                               1.077048140691};
    static const double se[] = {0.0703039231786, 0.2538782008921, 0.1830286015713, 0.0352578525362,
                                0.3817196508581};
    static const double p[] = {0.018727154385176, 0.31546172314373, 2.4306045907379e-05, 0.0051900785451659,
                               0.0073357153206015};
    static const double vif[] = {2.2841293775973, 3.6754195755443, 2.774942781127, 1.9371603802631,
                                 1.107542225557};
    struct csv *csv = csv_read("drivers/swiss.csv");
    struct mg_arena *arena = fresh_arena();
    double *values = gather(csv, arena, swiss_names, 6);
    struct mg_moments *m = moments_of(arena, values, csv->rows, 6, NULL, 1, 20);
    struct mg_drivers_spec spec = spec_of(5);
    struct mg_drivers found;
    assert_int_equal(mg_drivers_estimate(arena, m, &spec, &found, NULL), 0);
    for (size_t i = 0; i < 5; i++) {
        NEAR(found.drivers[i].b, b[i], 1e-11);
        NEAR(found.drivers[i].se, se[i], 1e-11);
        NEAR(found.drivers[i].p_value, p[i], 1e-11);
        NEAR(found.drivers[i].vif, vif[i], 1e-11);
    }
    NEAR(found.intercept, 66.915181678969, 1e-10);
    NEAR(found.f, 19.761059262218, 1e-10);
    NEAR(found.sigma, 7.165368832003, 1e-11);
    NEAR(found.r2_adjusted, 0.670970977397, 1e-11);
    NEAR(found.df, 41, 0);
    NEAR(found.condition, 3.9897171067225, 1e-11);
    mg_arena_free(arena);
    csv_free(csv);
}

/* The published shares are of the NPS class (−100, 0, 100) on the ratings with missing ones replaced by their
 * mean. */
static void energy_supplier_shares(void **state)
{
    (void)state;
    static const char *const names[] = {"price",
                                        "billing",
                                        "payment_options",
                                        "customer_service",
                                        "online_account",
                                        "registration_process",
                                        "services_products",
                                        "smart_tech",
                                        "ltr"};
    static const double lmg[] = {.11349612672, .04922268130, .03036112062, .08500309373,
                                 .04725390385, .05158213986, .03021060045, .02515947269};
    struct csv *csv = csv_read("service-quality/nps_drivers.csv");
    struct mg_arena *arena = fresh_arena();
    size_t n = csv->rows;
    double *values = gather(csv, arena, names, 9);
    for (size_t i = 0; i < 8; i++) {
        double sum = 0, count = 0;
        for (size_t r = 0; r < n; r++)
            if (!isnan(values[i * n + r])) {
                sum += values[i * n + r];
                count++;
            }
        for (size_t r = 0; r < n; r++)
            if (isnan(values[i * n + r]))
                values[i * n + r] = sum / count;
    }
    for (size_t r = 0; r < n; r++)
        values[8 * n + r] = 100 * ((values[8 * n + r] >= 9) - (values[8 * n + r] <= 6));
    struct mg_drivers_spec spec = spec_of(8);
    struct mg_drivers found;
    assert_int_equal(
        mg_drivers_estimate(arena, moments_of(arena, values, n, 9, NULL, 1, 0), &spec, &found, NULL), 0);
    NEAR(found.r2, .4322891392, 5e-11);
    for (size_t i = 0; i < 8; i++)
        NEAR(found.drivers[i].lmg, lmg[i], 5e-12);
    mg_arena_free(arena);
    csv_free(csv);
}

#define ROWS 500
static void simulate(double *values, size_t p, uint64_t seed)
{
    struct mg_rng rng = mg_rng_init(seed, 0);
    for (size_t r = 0; r < ROWS; r++) {
        double y = 0;
        for (size_t i = 0; i < p; i++) {
            values[i * ROWS + r] = answer(&rng, 4, 1.5);
            y += (double)i * 0.1 * values[i * ROWS + r];
        }
        values[p * ROWS + r] = y + mg_rng_normal(&rng);
    }
}

static void nothing_depends_on_scale_or_order(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    static double values[5 * ROWS], changed[5 * ROWS];
    simulate(values, 4, 2);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < 5; i++) /* drivers in reverse order, in other units; rows backwards */
            changed[(i < 4 ? 3 - i : 4) * ROWS + ROWS - 1 - r] = 7 - (double)(i + 1) * values[i * ROWS + r];
    struct mg_drivers_spec spec = spec_of(4);
    struct mg_drivers a, b;
    assert_int_equal(
        mg_drivers_estimate(arena, moments_of(arena, values, ROWS, 5, NULL, 1, 4), &spec, &a, NULL), 0);
    assert_int_equal(
        mg_drivers_estimate(arena, moments_of(arena, changed, ROWS, 5, NULL, 1, 0), &spec, &b, NULL), 0);
    NEAR(a.r2, b.r2, 1e-12);
    for (size_t i = 0; i < 4; i++) {
        NEAR(a.drivers[i].lmg, b.drivers[3 - i].lmg, 1e-12);
        NEAR(a.drivers[i].johnson, b.drivers[3 - i].johnson, 1e-12);
        NEAR(a.drivers[i].beta, b.drivers[3 - i].beta, 1e-12);
        NEAR(a.drivers[i].p_value, b.drivers[3 - i].p_value, 1e-12);
        NEAR(a.drivers[i].b * 5 / (double)(i + 1), b.drivers[3 - i].b, 1e-11);
    }
    mg_arena_free(arena);
}

/* 200 samples: the 95 % interval of a coefficient holds the truth as often as it says. */
static void recovers_coefficients(void **state)
{
    (void)state;
    static double values[5 * ROWS];
    int covered = 0, intervals = 0;
    for (uint64_t seed = 100; seed < 300; seed++) {
        struct mg_arena *arena = fresh_arena();
        struct mg_drivers_spec spec = spec_of(4);
        struct mg_drivers found;
        simulate(values, 4, seed);
        assert_int_equal(
            mg_drivers_estimate(arena, moments_of(arena, values, ROWS, 5, NULL, 1, 4), &spec, &found, NULL),
            0);
        for (size_t i = 0; i < 4; i++, intervals++)
            covered += fabs(found.drivers[i].b - 0.1 * (double)i) < 1.9648 * found.drivers[i].se;
        mg_arena_free(arena);
    }
    assert_in_range(covered, intervals * 93 / 100, intervals * 97 / 100);
}

static void beyond_the_limit_it_samples_and_says_so(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    static double values[7 * ROWS];
    struct mg_drivers_spec spec = spec_of(6);
    struct mg_drivers exact, sampled;
    double total = 0;
    simulate(values, 6, 3);
    struct mg_moments *m = moments_of(arena, values, ROWS, 7, NULL, 1, 4);
    assert_int_equal(mg_drivers_estimate(arena, m, &spec, &exact, NULL), 0);
    spec.exact_max = 5;
    spec.permutations = 2000;
    assert_int_equal(mg_drivers_estimate(arena, m, &spec, &sampled, NULL), 0);
    assert_int_equal(exact.permutations, 0);
    assert_int_equal(sampled.permutations, 2000);
    for (size_t i = 0; i < 6; i++) {
        assert_true(sampled.drivers[i].lmg_se > 0);
        NEAR(sampled.drivers[i].lmg, exact.drivers[i].lmg, 4.5 * sampled.drivers[i].lmg_se);
        total += sampled.drivers[i].lmg;
    }
    NEAR(total, exact.r2, 1e-12);
    mg_arena_free(arena);
}

static void collinear_columns_are_named(void **state)
{
    (void)state;
    static const char *const names[] = {"price", "billing", "service", "total"};
    struct mg_arena *arena = fresh_arena();
    static double values[5 * ROWS];
    struct mg_error error = {0};
    struct mg_drivers found = {.n = 99};
    simulate(values, 4, 4);
    for (size_t r = 0; r < ROWS; r++)
        values[3 * ROWS + r] = 2 * values[r] - values[2 * ROWS + r] + 3;
    struct mg_drivers_spec spec = spec_of(4);
    spec.names = names;
    struct mg_moments *m = moments_of(arena, values, ROWS, 5, NULL, 1, 4);
    assert_int_equal(mg_drivers_estimate(arena, m, &spec, &found, &error), MG_E_INESTIMABLE);
    assert_string_equal(error.field, "total, price, service");
    assert_non_null(strstr(error.message, "collinear"));
    assert_string_not_equal(error.hint, "");
    NEAR(found.n, 99, 0);
    mg_arena_free(arena);
}

static void says_why_it_cannot(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    static double values[5 * ROWS];
    struct mg_error error = {0};
    struct mg_drivers found;
    struct mg_drivers_spec spec = spec_of(4);
    simulate(values, 4, 5);
    struct mg_moments *few = moments_of(arena, values, 5, 5, NULL, 1, 4);
    assert_int_equal(mg_drivers_estimate(arena, few, &spec, &found, &error), MG_E_INESTIMABLE);
    struct mg_moments *none = moments_of(arena, values, 0, 5, NULL, 1, 4);
    assert_int_equal(mg_drivers_estimate(arena, none, &spec, &found, &error), MG_E_INESTIMABLE);
    for (size_t r = 0; r < ROWS; r++)
        values[2 * ROWS + r] = 5;
    struct mg_moments *constant = moments_of(arena, values, ROWS, 5, NULL, 1, 4);
    assert_int_equal(mg_drivers_estimate(arena, constant, &spec, &found, &error), MG_E_INESTIMABLE);
    assert_string_equal(error.field, "driver 3");
    spec.p = 0;
    assert_int_equal(mg_drivers_estimate(arena, constant, &spec, &found, &error), MG_E_INVALID);
    spec.p = 4;
    spec.exact_max = 23;
    assert_int_equal(mg_drivers_estimate(arena, constant, &spec, &found, &error), MG_E_INVALID);
    spec.exact_max = 2;
    spec.permutations = 1;
    assert_int_equal(mg_drivers_estimate(arena, constant, &spec, &found, &error), MG_E_INVALID);
    struct mg_arena *tiny = mg_arena_new(64);
    spec = spec_of(4);
    assert_int_equal(mg_drivers_estimate(tiny, constant, &spec, &found, &error), MG_E_NO_MEMORY);
    mg_arena_free(tiny);
    mg_arena_free(arena);
}

/* x₁ and x₂ agree where both are asked, x₂ and x₃ too, but x₁ and x₃ go opposite ways: no data have such
 * correlations. */
static void contradictory_pairwise_correlations_are_refused(void **state)
{
    (void)state;
    enum { N = 120 };
    struct mg_arena *arena = fresh_arena();
    static double values[4 * N];
    struct mg_rng rng = mg_rng_init(8, 0);
    struct mg_error error = {0};
    struct mg_drivers found;
    for (size_t r = 0; r < N; r++) {
        double x = mg_rng_normal(&rng), noise = 0.3 * mg_rng_normal(&rng);
        size_t third = r % 3;
        values[r] = third == 1 ? NAN : x;
        values[N + r] = third == 2 ? NAN : third == 0 ? x + noise : x;
        values[2 * N + r] = third == 0 ? NAN : third == 1 ? x + noise : -x + noise;
        values[3 * N + r] = mg_rng_normal(&rng);
    }
    struct mg_drivers_spec spec = spec_of(3);
    assert_int_equal(
        mg_drivers_estimate(arena, moments_of(arena, values, N, 4, NULL, 1, 0), &spec, &found, &error),
        MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "contradict"));
    mg_arena_free(arena);
}

/* Shares and coefficients are those of the repeated rows; how sure they are rests on the effective number. */
static void whole_weights_are_repeats(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    static double values[5 * ROWS], weights[ROWS], repeated[5 * 3 * ROWS];
    double sum = 0, squares = 0;
    size_t n = 0, at[3 * ROWS];
    struct mg_drivers_spec spec = spec_of(4);
    struct mg_drivers weighted, plain;
    simulate(values, 4, 6);
    for (size_t r = 0; r < ROWS; r++) {
        weights[r] = (double)(1 + r % 3);
        sum += weights[r];
        squares += weights[r] * weights[r];
        for (size_t i = 0; i < 1 + r % 3; i++)
            at[n++] = r;
    }
    for (size_t k = 0; k < 5 * n; k++)
        repeated[k] = values[k / n * ROWS + at[k % n]];
    assert_int_equal(
        mg_drivers_estimate(arena, moments_of(arena, repeated, n, 5, NULL, 1, 4), &spec, &plain, NULL), 0);
    struct mg_moments *m = moments_of(arena, values, ROWS, 5, weights, 1, 4);
    spec.m2 = moments_of(arena, values, ROWS, 5, weights, 2, 4);
    assert_int_equal(mg_drivers_estimate(arena, m, &spec, &weighted, NULL), 0);
    NEAR(weighted.n, sum * sum / squares, 1e-9);
    NEAR(weighted.r2, plain.r2, 1e-12);
    for (size_t i = 0; i < 4; i++) {
        NEAR(weighted.drivers[i].b, plain.drivers[i].b, 1e-12);
        NEAR(weighted.drivers[i].lmg, plain.drivers[i].lmg, 1e-12);
        assert_true(weighted.drivers[i].se > plain.drivers[i].se);
    }
    mg_arena_free(arena);
}

static void quadrants_by_two_named_rules(void **state)
{
    (void)state;
    const double importance[] = {6, 6, 3, 3, 5, NAN}, performance[] = {6, 3, 3, 6, NAN, 5};
    const double one_to_seven[] = {1, 7}, zero_to_ten[] = {0, 10};
    enum mg_quadrant quadrant[6];
    double cut[2];
    assert_int_equal(mg_importance_performance(importance, performance, 6, MG_CUT_MEANS, one_to_seven,
                                               one_to_seven, quadrant, cut, NULL),
                     0);
    NEAR(cut[0], 4.5, 1e-15);
    NEAR(cut[1], 4.5, 1e-15);
    const enum mg_quadrant expected[] = {MG_QUADRANT_KEEP,     MG_QUADRANT_CONCENTRATE, MG_QUADRANT_LOW,
                                         MG_QUADRANT_OVERKILL, MG_QUADRANT_NONE,        MG_QUADRANT_NONE};
    assert_memory_equal(quadrant, expected, sizeof expected);
    assert_int_equal(mg_importance_performance(importance, performance, 6, MG_CUT_SCALE_MIDDLE, one_to_seven,
                                               zero_to_ten, quadrant, cut, NULL),
                     0);
    NEAR(cut[0], 4, 0);
    NEAR(cut[1], 5, 0);
    struct mg_error error = {0};
    assert_int_equal(mg_importance_performance(importance + 4, performance + 4, 2, MG_CUT_MEANS, one_to_seven,
                                               one_to_seven, quadrant, cut, &error),
                     MG_E_INESTIMABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swiss_shares),
        cmocka_unit_test(swiss_regression),
        cmocka_unit_test(energy_supplier_shares),
        cmocka_unit_test(nothing_depends_on_scale_or_order),
        cmocka_unit_test(recovers_coefficients),
        cmocka_unit_test(beyond_the_limit_it_samples_and_says_so),
        cmocka_unit_test(collinear_columns_are_named),
        cmocka_unit_test(says_why_it_cannot),
        cmocka_unit_test(contradictory_pairwise_correlations_are_refused),
        cmocka_unit_test(whole_weights_are_repeats),
        cmocka_unit_test(quadrants_by_two_named_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
