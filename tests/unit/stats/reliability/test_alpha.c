/* Reliability: the mobile phone survey's numbers (shared/design/methods.md), psych::alpha on the same data
 * and on the bfi's agreeableness items (missing answers, one reversed), differences formed by hand, and how
 * often Feldt's interval holds the truth. */
#include "stats/fixture.h"

#include <stdio.h>
#include <string.h>

#include "stats/csv.h"
#include "stats/reliability/alpha.h"

#define MOST 48

static double *columns_of(const struct csv *csv, struct mg_arena *arena, const char *format, size_t n)
{
    double *values = mg_arena_array(arena, csv->rows * n, sizeof *values);
    for (size_t i = 0; i < n; i++) {
        char name[16];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(name, sizeof name, format, (int)i + 1);
#pragma GCC diagnostic pop
        memcpy(values + i * csv->rows, csv_column(csv, name), csv->rows * sizeof *values);
    }
    return values;
}

static const size_t in_order[MOST] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                      16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                      32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47};

static void mobi_quality(void **state)
{
    (void)state;
    static const double dropped[] = {0.849120980312, 0.871814693546, 0.851204089207, 0.850133762294,
                                     0.854587706695, 0.849602797913, 0.853047877759};
    static const double rest[] = {0.707172481284, 0.535616673008, 0.673594913964, 0.681215216921,
                                  0.655743754854, 0.686019280298, 0.661699572564};
    struct csv *csv = csv_read("path-models/ecsi_mobi.csv");
    struct mg_arena *arena = fresh_arena();
    struct mg_moments *m = moments_of(arena, columns_of(csv, arena, "PERQ%d", 7), csv->rows, 7, NULL, 1, 5);
    struct mg_alpha alpha;
    struct mg_alpha_item items[7];
    assert_int_equal(mg_alpha(m, in_order, 7, items, &alpha, NULL), 0);
    NEAR(alpha.raw, .8724063714, 5e-11);
    NEAR(alpha.standardised, .8770102452, 5e-11);
    NEAR(alpha.mean_r, 0.5046267349672, 1e-12);
    NEAR(alpha.n_min, 250, 0);
    assert_int_equal(alpha.n_reversed, 0);
    for (size_t i = 0; i < 7; i++) {
        NEAR(items[i].alpha_if_dropped, dropped[i], 1e-12);
        NEAR(items[i].item_rest_r, rest[i], 1e-12);
    }
    mg_arena_free(arena);
    csv_free(csv);
}

static void bfi_with_missing_answers_names_the_reversed_item(void **state)
{
    (void)state;
    struct csv *csv = csv_read("path-models/psych_bfi.csv");
    struct mg_arena *arena = fresh_arena();
    struct mg_moments *m = moments_of(arena, columns_of(csv, arena, "A%d", 5), csv->rows, 5, NULL, 1, 3);
    struct mg_alpha alpha;
    struct mg_alpha_item items[5];
    assert_int_equal(mg_alpha(m, in_order, 5, items, &alpha, NULL), 0);
    NEAR(alpha.raw, 0.4314561052813, 1e-12);
    NEAR(alpha.standardised, 0.4598190918623, 1e-12);
    NEAR(alpha.n_min, 2751, 0);
    NEAR(alpha.n_max, 2784, 0);
    assert_int_equal(alpha.n_reversed, 1);
    assert_true(items[0].reversed && !items[1].reversed);
    NEAR(items[0].alpha_if_dropped, 0.718517357027, 1e-11);
    NEAR(items[3].alpha_if_dropped, 0.253437677862, 1e-11);
    NEAR(items[0].item_rest_r, -0.308417739522,
         1e-2); /* psych takes raw scores over all rows; ours is pairwise */
    mg_arena_free(arena);
    csv_free(csv);
}

/* Columns 0–23 P, 24–47 E, 48–71 P − E, 72 mean P, 73 mean E. */
static double *kiosk(const struct csv *csv, struct mg_arena *arena)
{
    size_t rows = csv->rows;
    double *values = mg_arena_array(arena, rows * 74, sizeof *values);
    memcpy(values, columns_of(csv, arena, "P%02d", 24), 24 * rows * sizeof *values);
    memcpy(values + 24 * rows, columns_of(csv, arena, "E%02d", 24), 24 * rows * sizeof *values);
    for (size_t i = 0; i < 24 * rows; i++) {
        values[48 * rows + i] = values[i] - values[24 * rows + i];
        values[72 * rows + i % rows] += values[i] / 24;
        values[73 * rows + i % rows] += values[24 * rows + i] / 24;
    }
    return values;
}

static void kiosk_levels_and_differences(void **state)
{
    (void)state;
    struct csv *csv = csv_read("service-quality/kiosk_servqual_kano_ipa.csv");
    struct mg_arena *arena = fresh_arena();
    struct mg_moments *m = moments_of(arena, kiosk(csv, arena), csv->rows, 74, NULL, 1, 4);
    struct mg_alpha perceived, expected, formed;
    struct mg_alpha_item items[24];
    size_t difference[24];
    double r_d;
    for (size_t i = 0; i < 24; i++)
        difference[i] = 48 + i;
    assert_int_equal(mg_alpha(m, in_order, 24, NULL, &perceived, NULL), 0);
    NEAR(perceived.raw, 0.906517370378, 1e-11);
    NEAR(perceived.standardised, 0.907322504890, 1e-11);
    assert_int_equal(mg_alpha(m, in_order + 24, 24, NULL, &expected, NULL), 0);
    NEAR(expected.raw, 0.878815804621, 1e-11);
    assert_int_equal(mg_alpha(m, difference, 24, items, &formed, NULL), 0);
    NEAR(formed.raw, 0.889999826138, 1e-11);
    NEAR(formed.standardised, 0.890260938875, 1e-11);
    NEAR(items[0].alpha_if_dropped, 0.887121002437, 1e-11);
    NEAR(items[1].item_rest_r, 0.310708885418, 1e-11);
    assert_int_equal(mg_difference_reliability(m, 73, 72, expected.raw, perceived.raw, &r_d, NULL), 0);
    NEAR(r_d, 0.843372404779, 1e-11);
    mg_arena_free(arena);
    csv_free(csv);
}

static void scale_and_order_do_not_matter(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    double values[4 * 100], scaled[4 * 100];
    struct mg_rng rng = mg_rng_init(9, 0);
    for (size_t r = 0; r < 100; r++) {
        double person = mg_rng_normal(&rng);
        for (size_t i = 0; i < 4; i++) {
            values[i * 100 + r] = person + mg_rng_normal(&rng);
            scaled[(3 - i) * 100 + r] = 10 - 3 * values[i * 100 + r];
        }
    }
    struct mg_alpha plain, other;
    struct mg_alpha_item a[4], b[4];
    assert_int_equal(mg_alpha(moments_of(arena, values, 100, 4, NULL, 1, 0), in_order, 4, a, &plain, NULL),
                     0);
    assert_int_equal(mg_alpha(moments_of(arena, scaled, 100, 4, NULL, 1, 10), in_order, 4, b, &other, NULL),
                     0);
    NEAR(plain.raw, other.raw, 1e-12);
    NEAR(plain.standardised, other.standardised, 1e-12);
    for (size_t i = 0; i < 4; i++)
        NEAR(a[i].alpha_if_dropped, b[3 - i].alpha_if_dropped, 1e-12);
    mg_arena_free(arena);
}

static void whole_weights_are_repeats(void **state)
{
    (void)state;
    enum { N = 50 };
    struct mg_arena *arena = fresh_arena();
    double values[3 * N], weights[N], repeated[3 * 3 * N];
    struct mg_rng rng = mg_rng_init(10, 0);
    size_t n = 0, at[3 * N];
    for (size_t r = 0; r < N; r++) {
        double person = mg_rng_normal(&rng);
        weights[r] = (double)(1 + r % 3);
        for (size_t i = 0; i < 3; i++)
            values[i * N + r] = answer(&rng, 4 + person, 1);
        for (size_t i = 0; i < 1 + r % 3; i++)
            at[n++] = r;
    }
    for (size_t k = 0; k < 3 * n; k++)
        repeated[k] = values[k / n * N + at[k % n]];
    struct mg_alpha weighted, plain;
    struct mg_alpha_item a[3], b[3];
    assert_int_equal(
        mg_alpha(moments_of(arena, values, N, 3, weights, 1, 4), in_order, 3, a, &weighted, NULL), 0);
    assert_int_equal(mg_alpha(moments_of(arena, repeated, n, 3, NULL, 1, 4), in_order, 3, b, &plain, NULL),
                     0);
    NEAR(weighted.raw, plain.raw, 1e-13);
    NEAR(weighted.standardised, plain.standardised, 1e-13);
    NEAR(a[1].item_rest_r, b[1].item_rest_r, 1e-13);
    NEAR(a[2].mean, b[2].mean, 1e-13);
    mg_arena_free(arena);
}

/* Parallel items with loading 1 and noise 1: α = k/(k+1). */
static void recovers_a_known_reliability(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    static double values[8 * 20000];
    struct mg_rng rng = mg_rng_init(11, 0);
    for (size_t r = 0; r < 20000; r++) {
        double person = mg_rng_normal(&rng);
        for (size_t i = 0; i < 8; i++)
            values[i * 20000 + r] = person + mg_rng_normal(&rng);
    }
    struct mg_alpha alpha;
    assert_int_equal(
        mg_alpha(moments_of(arena, values, 20000, 8, NULL, 1, 0), in_order, 8, NULL, &alpha, NULL), 0);
    NEAR(alpha.raw, 8. / 9, 0.004);
    mg_arena_free(arena);
}

/* Parallel items: Feldt's interval is exact. 1 − (1 − .8) F of .975 and .025 with 9 and 27 degrees of
 * freedom, whose printed values are 2.631 and 0.2790 (1/3.584, F of 27 and 9 between those of 24 and 30). */
static void feldts_interval(void **state)
{
    (void)state;
    const struct mg_alpha alpha = {.n_items = 4, .raw = 0.8};
    double low, high;
    struct mg_error error = {0};
    assert_int_equal(mg_alpha_interval(&alpha, 10, 0.95, &low, &high, NULL), 0);
    NEAR(low, 1 - 0.2 * 2.631, 2e-4);
    NEAR(high, 1 - 0.2 / 3.584, 2e-4);
    assert_int_equal(mg_alpha_interval(&alpha, 1, 0.95, &low, &high, &error), MG_E_INESTIMABLE);
    assert_int_equal(mg_alpha_interval(&alpha, 10, 95, &low, &high, &error), MG_E_INVALID);
}

static void the_interval_holds_the_truth(void **state)
{
    (void)state;
    enum { N = 40, K = 5, SETS = 1000 };
    int covered = 0;
    for (uint64_t seed = 1; seed <= SETS; seed++) {
        struct mg_arena *arena = fresh_arena();
        double values[K * N], low, high;
        struct mg_rng rng = mg_rng_init(seed, 3);
        struct mg_alpha alpha;
        for (size_t r = 0; r < N; r++) {
            double person = mg_rng_normal(&rng);
            for (size_t i = 0; i < K; i++)
                values[i * N + r] = person + mg_rng_normal(&rng);
        }
        assert_int_equal(
            mg_alpha(moments_of(arena, values, N, K, NULL, 1, 0), in_order, K, NULL, &alpha, NULL), 0);
        assert_int_equal(mg_alpha_interval(&alpha, N, 0.95, &low, &high, NULL), 0);
        covered += low <= 5. / 6 && 5. / 6 <= high;
        mg_arena_free(arena);
    }
    assert_in_range(covered, SETS * 935 / 1000, SETS * 965 / 1000);
}

/* The same correlations from twelve people and from sixty: only many make an item reversed for certain. */
static void few_people_reverse_nothing(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    double values[3 * 60];
    struct mg_alpha alpha;
    struct mg_alpha_item items[3];
    for (size_t n = 12; n <= 60; n += 48) {
        for (size_t r = 0; r < n; r++) {
            values[r] = (double)(r % 6);
            values[n + r] = (double)((r + r / 6 % 2) % 6);
            values[2 * n + r] = 5 - (double)(r % 6);
        }
        assert_int_equal(
            mg_alpha(moments_of(arena, values, n, 3, NULL, 1, 0), in_order, 3, items, &alpha, NULL), 0);
        assert_true(items[2].item_rest_r < -0.5);
        assert_int_equal(items[2].reversed, n >= MG_ALPHA_REVERSED_MIN);
    }
    mg_arena_free(arena);
}

static void says_why_there_is_no_alpha(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const double values[] = {1, 2, 3, 4, /**/ 5, 5, 5, 5, /**/ NAN, NAN, NAN, 2, /**/ 4, 3, 2, 1};
    struct mg_moments *m = moments_of(arena, values, 4, 4, NULL, 1, 0);
    struct mg_alpha alpha = {.raw = 99};
    struct mg_error error = {0};
    double r_d = 99;
    assert_int_equal(mg_alpha(m, in_order, 1, NULL, &alpha, &error), MG_E_INVALID);
    assert_int_equal(mg_alpha(m, in_order, 2, NULL, &alpha, &error), MG_E_INESTIMABLE);
    assert_string_equal(error.field, "item 2");
    assert_non_null(strstr(error.message, "the same"));
    const size_t sparse[] = {0, 2}, opposite[] = {0, 3};
    assert_int_equal(mg_alpha(m, sparse, 2, NULL, &alpha, &error), MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "fewer than two"));
    assert_int_equal(mg_alpha(m, opposite, 2, NULL, &alpha, &error), MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "cancel out"));
    NEAR(alpha.raw, 99, 0);
    const size_t apart[] = {0, 1};
    const double halves[] = {1, 2, NAN, NAN, /**/ NAN, NAN, 3, 4};
    struct mg_moments *two = moments_of(arena, halves, 4, 2, NULL, 1, 0);
    assert_int_equal(mg_alpha(two, apart, 2, NULL, &alpha, &error), MG_E_INESTIMABLE);
    assert_int_equal(mg_difference_reliability(two, 0, 1, NAN, .8, &r_d, &error), MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "Nobody answered both"));
    assert_int_equal(mg_difference_reliability(m, 0, 0, .8, .8, &r_d, &error), MG_E_INESTIMABLE);
    assert_int_equal(mg_difference_reliability(m, 0, 3, NAN, .8, &r_d, &error), MG_E_INESTIMABLE);
    NEAR(r_d, 99, 0);
    mg_arena_free(arena);
}

/* Ten people at least, and more than items. */
static void how_many_people_are_enough(void **state)
{
    (void)state;
    struct mg_error error = {0};
    assert_int_equal(mg_alpha_enough(2, 10, NULL), 0);
    assert_int_equal(mg_alpha_enough(2, 9.9, &error), MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "as much as 9.9 people's"));
    assert_int_equal(mg_alpha_enough(24, 24, NULL), MG_E_INESTIMABLE);
    assert_int_equal(mg_alpha_enough(24, 25, NULL), 0);
}

/* x and y hardly ever answered together, but then at their extremes: a covariance above both variances. */
static void covariances_that_no_data_could_have(void **state)
{
    (void)state;
    enum { N = 20 };
    double values[2 * N];
    for (size_t i = 0; i < N; i++) {
        bool both = i < 3, x = i % 2;
        values[i] = both ? 1 + 3 * (double)i : x ? 4 : NAN;
        values[N + i] = both ? 1 + 3 * (double)i : x ? NAN : 4;
    }
    struct mg_arena *arena = fresh_arena();
    struct mg_alpha alpha;
    struct mg_error error = {0};
    assert_int_equal(mg_alpha(moments_of(arena, values, N, 2, NULL, 1, 0), in_order, 2, NULL, &alpha, &error),
                     MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "contradict each other"));
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_many_people_are_enough),
        cmocka_unit_test(covariances_that_no_data_could_have),
        cmocka_unit_test(mobi_quality),
        cmocka_unit_test(bfi_with_missing_answers_names_the_reversed_item),
        cmocka_unit_test(kiosk_levels_and_differences),
        cmocka_unit_test(scale_and_order_do_not_matter),
        cmocka_unit_test(whole_weights_are_repeats),
        cmocka_unit_test(recovers_a_known_reliability),
        cmocka_unit_test(feldts_interval),
        cmocka_unit_test(the_interval_holds_the_truth),
        cmocka_unit_test(few_people_reverse_nothing),
        cmocka_unit_test(says_why_there_is_no_alpha),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
