/* Raking: the California schools sample (shared/design/methods.md; its SE is R survey's with the finite
 * population correction of 200 in 6194), then properties. */
#include "stats/fixture.h"

#include <string.h>

#include "stats/csv.h"
#include "stats/weights/rake.h"

#define TOLERANCE 1e-13

static void california_schools(void **state)
{
    (void)state;
    struct csv *csv = csv_read("control/apisrs.csv");
    struct mg_arena *arena = fresh_arena();
    size_t n = csv->rows;
    char **stype = csv_text(csv, "stype"), **wide = csv_text(csv, "sch.wide");
    uint32_t *type = mg_arena_array(arena, n, sizeof *type), *met = mg_arena_array(arena, n, sizeof *met);
    double *weights = mg_arena_array(arena, n, sizeof *weights),
           *work = mg_arena_array(arena, n, sizeof *work);
    for (size_t r = 0; r < n; r++) {
        type[r] = *stype[r] == 'E' ? 0 : *stype[r] == 'H' ? 1 : 2;
        met[r] = *wide[r] == 'Y';
    }
    double factors[2][3], space[2][6];
    const double types[] = {4421, 755, 1018}, targets[] = {1072, 5122}, *design = csv_column(csv, "pw");
    const struct mg_margin margins[] = {{"stype", type, types, factors[0], space[0], 3},
                                        {"sch.wide", met, targets, factors[1], space[1], 2}};
    struct mg_rake rake;
    assert_int_equal(mg_rake(design, n, margins, 2, TOLERANCE, 200, weights, &rake, NULL), 0);
    const double published[3][2] = {{28.91076830, 31.39636595}, {29.00310268, NAN}, {NAN, 31.52924414}};
    for (size_t r = 0; r < n; r++)
        if (!isnan(published[type[r]][met[r]]))
            NEAR(weights[r], published[type[r]][met[r]], 5e-9);
    struct mg_raked_mean mean;
    const double *api00 = csv_column(csv, "api00");
    assert_int_equal(mg_raked_mean(api00, weights, design, n, margins, 2, 200. / 6194, work, &mean, NULL), 0);
    NEAR(mean.mean, 657.7915463, 5e-8);
    NEAR(mean.se, 8.825678544, 5e-10);
    assert_int_equal(mg_raked_mean(api00, weights, design, n, margins, 2, 0, work, &mean, NULL), 0);
    NEAR(mean.se, 8.971712258, 5e-10);
    mg_arena_free(arena);
    csv_free(csv);
}

#define ROWS 600
struct survey {
    uint32_t a[ROWS], b[ROWS], c[ROWS];
    double design[ROWS], weights[ROWS], y[ROWS], work[ROWS], factors[3][4], space[3][8];
    struct mg_margin margins[3];
};

static const double target_a[] = {300, 400, 300}, target_b[] = {520, 480}, target_c[] = {100, 200, 300, 400};

static void simulate(struct survey *s, uint64_t seed)
{
    struct mg_rng rng = mg_rng_init(seed, 0);
    for (size_t r = 0; r < ROWS; r++) {
        s->a[r] = (uint32_t)mg_rng_below(&rng, 3);
        s->b[r] = (uint32_t)(mg_rng_below(&rng, 3) > 0);
        s->c[r] = (uint32_t)mg_rng_below(&rng, 4);
        s->design[r] = 0.5 + mg_rng_uniform(&rng);
        s->y[r] = 50 + 3 * s->a[r] - 2 * s->b[r] + mg_rng_normal(&rng);
    }
    s->margins[0] = (struct mg_margin){"age", s->a, target_a, s->factors[0], s->space[0], 3};
    s->margins[1] = (struct mg_margin){"sex", s->b, target_b, s->factors[1], s->space[1], 2};
    s->margins[2] = (struct mg_margin){NULL, s->c, target_c, s->factors[2], s->space[2], 4};
}

static void margins_hold_and_design_weights_are_kept(void **state)
{
    (void)state;
    static struct survey s;
    struct mg_rake rake;
    double totals[4] = {0}, sum = 0, squares = 0;
    simulate(&s, 1);
    assert_int_equal(mg_rake(s.design, ROWS, s.margins, 3, TOLERANCE, 200, s.weights, &rake, NULL), 0);
    for (size_t r = 0; r < ROWS; r++) {
        totals[s.c[r]] += s.weights[r];
        sum += s.weights[r];
        squares += s.weights[r] * s.weights[r];
        /* The factor depends on the row's categories only. */
        double factor = s.factors[0][s.a[r]] + s.factors[1][s.b[r]] + s.factors[2][s.c[r]];
        NEAR(log(s.weights[r] / s.design[r]), factor, 1e-12);
    }
    for (size_t c = 0; c < 4; c++)
        NEAR(totals[c], target_c[c], 1e-9);
    NEAR(rake.n_effective, sum * sum / squares, 1e-9);
    NEAR(rake.design_effect, ROWS / rake.n_effective, 1e-9);
    assert_true(rake.largest_error <= TOLERANCE && rake.ratio_min < rake.ratio_max);
}

static void agreeing_margins_change_nothing(void **state)
{
    (void)state;
    static struct survey s;
    double totals[2] = {0};
    struct mg_rake rake;
    simulate(&s, 2);
    for (size_t r = 0; r < ROWS; r++)
        totals[s.b[r]] += s.design[r];
    s.margins[1].target = totals;
    assert_int_equal(mg_rake(s.design, ROWS, s.margins + 1, 1, 1e-12, 5, s.weights, &rake, NULL), 0);
    for (size_t r = 0; r < ROWS; r++)
        NEAR(s.weights[r], s.design[r], 1e-12);
    NEAR(rake.ratio_max, 1, 1e-12);
}

/* One margin is post-stratification: the SE is that of a stratified mean with the weights wᵢ. */
static void one_margin_is_post_stratification(void **state)
{
    (void)state;
    static struct survey s;
    double means[2] = {0}, counts[2] = {0}, squares = 0, total = 0;
    struct mg_rake rake;
    struct mg_raked_mean mean;
    simulate(&s, 3);
    assert_int_equal(mg_rake(NULL, ROWS, s.margins + 1, 1, TOLERANCE, 9, s.weights, &rake, NULL), 0);
    assert_int_equal(mg_raked_mean(s.y, s.weights, NULL, ROWS, s.margins + 1, 1, 0, s.work, &mean, NULL), 0);
    for (size_t r = 0; r < ROWS; r++) {
        means[s.b[r]] += s.y[r];
        counts[s.b[r]]++;
        total += s.weights[r];
    }
    for (size_t r = 0; r < ROWS; r++)
        squares += pow(s.weights[r] * (s.y[r] - means[s.b[r]] / counts[s.b[r]]), 2);
    NEAR(mean.mean, .52 * means[0] / counts[0] + .48 * means[1] / counts[1], 1e-10);
    NEAR(mean.se, sqrt(ROWS / (ROWS - 1.) * squares) / total, 1e-10);
}

static void missing_answers_make_a_domain(void **state)
{
    (void)state;
    static struct survey s;
    struct mg_rake rake;
    struct mg_raked_mean mean;
    double total = 0, sum = 0;
    simulate(&s, 4);
    assert_int_equal(mg_rake(s.design, ROWS, s.margins, 3, TOLERANCE, 200, s.weights, &rake, NULL), 0);
    for (size_t r = 0; r < ROWS; r++) {
        s.y[r] = r % 4 == 0 ? NAN : s.y[r];
        total += r % 4 == 0 ? 0 : s.weights[r];
        sum += r % 4 == 0 ? 0 : s.weights[r] * s.y[r];
    }
    assert_int_equal(mg_raked_mean(s.y, s.weights, s.design, ROWS, s.margins, 3, 0, s.work, &mean, NULL), 0);
    NEAR(mean.mean, sum / total, 1e-10);
    NEAR(mean.n, 450, 0);
    assert_true(mean.se > 0.03 && mean.se < 0.2);
}

static void says_what_is_wrong_and_where(void **state)
{
    (void)state;
    static struct survey s;
    struct mg_rake rake;
    struct mg_raked_mean mean;
    struct mg_error error = {0};
    simulate(&s, 5);
    const double five[] = {100, 200, 300, 200, 200}, zero[] = {1000, 0}, other[] = {500, 480};
    double factors[5], space[10];
    const struct mg_margin empty = {"region", s.c, five, factors, space, 5};
    assert_int_equal(mg_rake(s.design, ROWS, &empty, 1, TOLERANCE, 50, s.weights, &rake, &error),
                     MG_E_INESTIMABLE);
    assert_string_equal(error.field, "region, category 5");
    assert_string_not_equal(error.hint, "");
    s.margins[1].target = zero;
    assert_int_equal(mg_rake(s.design, ROWS, s.margins, 2, TOLERANCE, 50, s.weights, &rake, &error),
                     MG_E_INVALID);
    assert_string_equal(error.field, "sex, category 2");
    s.margins[1].target = other;
    assert_int_equal(mg_rake(s.design, ROWS, s.margins, 2, TOLERANCE, 50, s.weights, &rake, &error),
                     MG_E_INVALID);
    assert_non_null(strstr(error.message, "different populations"));
    s.margins[1].target = target_b;
    s.b[7] = 2;
    assert_int_equal(mg_rake(s.design, ROWS, s.margins, 2, TOLERANCE, 50, s.weights, &rake, &error),
                     MG_E_INVALID);
    assert_string_equal(error.field, "row 8, sex");
    s.b[7] = 1;
    s.design[3] = 0;
    assert_int_equal(mg_rake(s.design, ROWS, s.margins, 2, TOLERANCE, 50, s.weights, &rake, &error),
                     MG_E_INVALID);
    assert_int_equal(mg_rake(NULL, ROWS, s.margins, 0, TOLERANCE, 50, s.weights, &rake, &error),
                     MG_E_INVALID);
    assert_int_equal(mg_rake(NULL, ROWS, s.margins, 3, TOLERANCE, 2, s.weights, &rake, &error),
                     MG_E_INESTIMABLE);
    for (size_t r = 0; r < ROWS; r++)
        s.y[r] = NAN;
    assert_int_equal(mg_raked_mean(s.y, s.weights, NULL, ROWS, s.margins, 3, 0, s.work, &mean, &error),
                     MG_E_INESTIMABLE);
    assert_int_equal(mg_rake(NULL, 0, s.margins, 3, TOLERANCE, 50, s.weights, &rake, &error),
                     MG_E_INESTIMABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(california_schools),
        cmocka_unit_test(margins_hold_and_design_weights_are_kept),
        cmocka_unit_test(agreeing_margins_change_nothing),
        cmocka_unit_test(one_margin_is_post_stratification),
        cmocka_unit_test(missing_answers_make_a_domain),
        cmocka_unit_test(says_what_is_wrong_and_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
