/* Gaps: the kiosk survey's published numbers (shared/design/methods.md; R 4.2 t.test for the rest), the
 * weighted formulas against a naive loop, invariances, edges. */
#include "stats/fixture.h"

#include <stdio.h>
#include <string.h>

#include "stats/csv.h"
#include "stats/dist/holm.h"
#include "stats/gap/gap.h"

#define ITEMS 24
#define LEVEL 0.95

/* Columns 0–23 E, 24–47 P, 48 mean E, 49 mean P; people without answers are missing throughout. */
static double *kiosk_columns(const struct csv *csv, struct mg_arena *arena)
{
    double *values = mg_arena_array(arena, csv->rows * (2 * ITEMS + 2), sizeof *values);
    for (size_t i = 0; i < 2 * ITEMS; i++) {
        char name[16];
        snprintf(name, sizeof name, "%c%02zu", i < ITEMS ? 'E' : 'P', i % ITEMS + 1);
        const double *column = csv_column(csv, name);
        memcpy(values + i * csv->rows, column, csv->rows * sizeof *values);
        for (size_t r = 0; r < csv->rows; r++)
            values[(2 * ITEMS + i / ITEMS) * csv->rows + r] += column[r] / ITEMS;
    }
    return values;
}

static int combine(const struct mg_moments *m, const size_t *e, const size_t *p, const double *weight,
                   size_t n, struct mg_gap_stat *ret, struct mg_error *error)
{
    const struct mg_gap_of of = {.m = m, .e = e, .p = p, .weight = weight, .n = n, .paired = true};
    return mg_gap_estimate(&of, LEVEL, ret, error);
}

static void kiosk_item_gaps(void **state)
{
    (void)state;
    static const double published[ITEMS] = {-0.545894, -0.391304, -0.951691, 0.280193,  0.009662,  -0.130435,
                                            -1.719807, -1.062802, -0.729469, -1.502415, -1.328502, -1.768116,
                                            -1.231884, -0.908213, -1.942029, -1.850242, -1.415459, -0.874396,
                                            -1.685990, -1.821256, -1.623188, -0.217391, -1.980676, -1.057971};
    struct csv *csv = csv_read("service-quality/kiosk_servqual_kano_ipa.csv");
    struct mg_arena *arena = fresh_arena();
    struct mg_moments *m = moments_of(arena, kiosk_columns(csv, arena), csv->rows, 50, NULL, 1, 4);
    struct mg_gap_stat stat;
    double p[ITEMS], adjusted[ITEMS];
    for (size_t i = 0; i < ITEMS; i++) {
        assert_int_equal(mg_gap_paired(m, i, ITEMS + i, LEVEL, &stat, NULL), 0);
        NEAR(stat.gap, published[i], 5e-7);
        NEAR(stat.n, 207, 0);
        p[i] = stat.p;
    }
    mg_holm(p, ITEMS, adjusted);
    NEAR(adjusted[0] / 5.67721921103e-11, 1, 1e-9);
    NEAR(adjusted[3], 0.0252690462443, 1e-12);
    NEAR(adjusted[4], 0.924484669096, 1e-11);
    NEAR(adjusted[5], 0.36499918305, 1e-11);
    NEAR(adjusted[21], 0.219446233560, 1e-11);
    NEAR(adjusted[19] / 1.92965939960e-37, 1, 1e-9);
    mg_arena_free(arena);
    csv_free(csv);
}

static void kiosk_one_item_in_full(void **state)
{
    (void)state;
    struct csv *csv = csv_read("service-quality/kiosk_servqual_kano_ipa.csv");
    struct mg_arena *arena = fresh_arena();
    struct mg_moments *m = moments_of(arena, kiosk_columns(csv, arena), csv->rows, 50, NULL, 1, 4);
    struct mg_gap_stat stat;
    assert_int_equal(mg_gap_paired(m, 0, ITEMS, LEVEL, &stat, NULL), 0);
    NEAR(stat.se, 0.0755378770277, 1e-12);
    NEAR(stat.t, -7.22675485845, 1e-10);
    NEAR(stat.df, 206, 0);
    NEAR(stat.p / 9.46203201838e-12, 1, 1e-9);
    NEAR(stat.low, -0.694820169678, 1e-11);
    NEAR(stat.high, -0.396967269936, 1e-11);
    NEAR(stat.r_ep, 0.451813857142, 1e-11);
    NEAR(stat.sd_p, 1.12771931613, 1e-11);
    NEAR(stat.sd_e, 0.920609158768, 1e-11);
    NEAR(stat.sd, 1.08680079556, 1e-11);
    NEAR(stat.d_z, stat.gap / 1.08680079556, 1e-11);
    double *apart =
        mg_arena_array(arena, 4 * csv->rows, sizeof *apart); /* as if different people had said it */
    for (size_t r = 0; r < csv->rows; r++) {
        apart[r] = csv_column(csv, "E01")[r];
        apart[csv->rows + r] = apart[2 * csv->rows + r] = NAN;
        apart[3 * csv->rows + r] = csv_column(csv, "P01")[r];
    }
    assert_int_equal(
        mg_gap_overlap(moments_of(arena, apart, 2 * csv->rows, 2, NULL, 1, 4), 0, 1, LEVEL, &stat, NULL), 0);
    NEAR(stat.t, -5.39510513851, 1e-10);
    NEAR(stat.df, 396.126859513, 1e-8);
    NEAR(stat.p / 1.18086246259e-07, 1, 1e-9);
    NEAR(stat.low, -0.744816821233, 1e-11);
    NEAR(stat.high, -0.346970618380, 1e-11);
    NEAR(stat.se, 0.101183147648, 1e-11);
    assert_true(stat.flags & MG_GAP_UNPAIRED);
    mg_arena_free(arena);
    csv_free(csv);
}

static void kiosk_overall_per_person(void **state)
{
    (void)state;
    struct csv *csv = csv_read("service-quality/kiosk_servqual_kano_ipa.csv");
    struct mg_arena *arena = fresh_arena();
    struct mg_moments *m = moments_of(arena, kiosk_columns(csv, arena), csv->rows, 50, NULL, 1, 4);
    struct mg_gap_stat person, combined;
    size_t e[ITEMS], p[ITEMS];
    assert_int_equal(mg_gap_paired(m, 48, 49, LEVEL, &person, NULL), 0);
    NEAR(person.mean_e, 5.973832528, 5e-10);
    NEAR(person.mean_p, 4.871779388, 5e-10);
    NEAR(person.gap, -1.10205314, 5e-9);
    NEAR(person.t, -18.95858969, 5e-9);
    NEAR(person.low, -1.2166581414752, 1e-10);
    /* With complete answers the combination of the items is the test of the per-person means. */
    for (size_t i = 0; i < ITEMS; i++) {
        e[i] = i;
        p[i] = ITEMS + i;
    }
    assert_int_equal(combine(m, e, p, NULL, ITEMS, &combined, NULL), 0);
    NEAR(combined.t, person.t, 1e-10);
    NEAR(combined.low, person.low, 1e-11);
    NEAR(combined.low_e, person.low_e, 1e-11);
    NEAR(combined.high_p, person.high_p, 1e-11);
    mg_arena_free(arena);
    csv_free(csv);
}

/* Three E/P pairs of simulated answers, some missing in pairs; weights from .2 to 3. */
#define ROWS 400
static void simulate(uint64_t seed, double values[6 * ROWS], double weights[ROWS])
{
    struct mg_rng rng = mg_rng_init(seed, 0);
    for (size_t r = 0; r < ROWS; r++) {
        double person = mg_rng_normal(&rng);
        weights[r] = 0.2 + 2.8 * mg_rng_uniform(&rng);
        for (size_t k = 0; k < 3; k++) {
            int missing = mg_rng_below(&rng, 10) == 0;
            values[2 * k * ROWS + r] = missing ? NAN : answer(&rng, 5.5 + person, 1);
            values[(2 * k + 1) * ROWS + r] = missing ? NAN : answer(&rng, 4.5 + person, 1.2);
        }
    }
}

/* The mean difference without bucket g; all: g beyond them. */
static double gap_without(const double *values, const double *weights, size_t g, double *ret_weight)
{
    double total = 0, w = 0;
    for (size_t r = 0; r < ROWS; r++) {
        double d = values[ROWS + r] - values[r];
        if (isnan(d) || r % MG_MOMENTS_BUCKETS_MAX == g)
            continue;
        w += weights[r];
        total += weights[r] * d;
    }
    *ret_weight = w;
    return total / w;
}

static void weighted_formulas_match_a_naive_loop(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    double values[6 * ROWS], weights[ROWS], n = 0, w2 = 0, spread = 0;
    double left[MG_MOMENTS_BUCKETS_MAX], all, w, mean = 0, squares = 0, bucket_squares = 0;
    simulate(1, values, weights);
    double gap = gap_without(values, weights, SIZE_MAX, &all);
    for (size_t r = 0; r < ROWS; r++) {
        double d = values[ROWS + r] - values[r] - gap;
        n += !isnan(d);
        w2 += isnan(d) ? 0 : weights[r] * weights[r];
        spread += isnan(d) ? 0 : weights[r] * d * d;
    }
    size_t groups = 0;
    for (size_t g = 0; g < MG_MOMENTS_BUCKETS_MAX; g++) {
        double theta = gap_without(values, weights, g, &w);
        if (w == all)
            continue;
        left[groups++] = theta;
        mean += theta;
        bucket_squares += (all - w) * (all - w);
    }
    for (size_t g = 0; g < groups; g++)
        squares += pow(left[g] - mean / (double)groups, 2);
    struct mg_gap_stat stat;
    struct mg_moments *m = moments_of(arena, values, ROWS, 6, weights, 1, 4);
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &stat, NULL), 0);
    NEAR(stat.gap, gap, 1e-12);
    NEAR(stat.se, sqrt((double)(groups - 1) / (double)groups * squares), 1e-12);
    NEAR(stat.sd, sqrt(n / (n - 1) * spread / all), 1e-12);
    NEAR(stat.n_effective, all * all / w2, 1e-9);
    NEAR(stat.df, all * all / bucket_squares - 1, 1e-9);
    NEAR(stat.n_buckets, (double)groups, 0);
    assert_true(stat.flags & MG_GAP_WEIGHTED);
    assert_true(stat.flags & MG_GAP_JACKKNIFE);
    mg_arena_free(arena);
}

/* Each in a bucket of its own, without weights: the jackknife of a mean is its usual standard error. */
static void jackknife_of_rows_is_the_t_test(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    double values[6 * ROWS], weights[ROWS];
    simulate(5, values, weights);
    struct mg_moments *m = moments_of(arena, values, 200, 2, NULL, 1, 4);
    struct mg_gap_stat plain, jackknife;
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &plain, NULL), 0);
    add_buckets(arena, m, values, 200, NULL, NULL);
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &jackknife, NULL), 0);
    NEAR(jackknife.se, plain.se, 1e-13);
    NEAR(jackknife.se_e, plain.se_e, 1e-13);
    NEAR(jackknife.df, plain.df, 1e-9);
    NEAR(jackknife.low, plain.low, 1e-12);
    NEAR(jackknife.n_effective, plain.n_effective, 1e-9);
    mg_arena_free(arena);
}

/* Everybody says everything four times: as many opinions as people, not as rows. */
static void what_one_person_repeats_is_one_opinion(void **state)
{
    (void)state;
    enum { PEOPLE = 50, TIMES = 4 };
    struct mg_arena *arena = fresh_arena();
    double once[2 * PEOPLE], often[2 * PEOPLE * TIMES];
    uint8_t person[PEOPLE * TIMES];
    struct mg_rng rng = mg_rng_init(6, 0);
    for (size_t r = 0; r < PEOPLE * TIMES; r++) {
        person[r] = (uint8_t)(r / TIMES);
        if (r % TIMES == 0) {
            once[r / TIMES] = answer(&rng, 6, 1);
            once[PEOPLE + r / TIMES] = answer(&rng, 5, 1);
        }
        often[r] = once[r / TIMES];
        often[PEOPLE * TIMES + r] = once[PEOPLE + r / TIMES];
    }
    struct mg_moments *m = moments_of(arena, often, PEOPLE * TIMES, 2, NULL, 1, 4);
    struct mg_gap_stat plain, clustered, rows;
    assert_int_equal(mg_gap_paired(moments_of(arena, once, PEOPLE, 2, NULL, 1, 4), 0, 1, LEVEL, &plain, NULL),
                     0);
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &rows, NULL), 0);
    add_buckets(arena, m, often, PEOPLE * TIMES, NULL, person);
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &clustered, NULL), 0);
    NEAR(clustered.n, PEOPLE * TIMES, 0);
    NEAR(clustered.n_buckets, PEOPLE, 0);
    NEAR(clustered.low, plain.low, 1e-12);
    NEAR(clustered.p, plain.p, 1e-12);
    assert_true(rows.se < 0.6 * plain.se);
    mg_arena_free(arena);
}

/* The same people before and after: the change has the SE of their differences. */
static void a_change_of_the_same_people_is_paired(void **state)
{
    (void)state;
    enum { PEOPLE = 60 };
    struct mg_arena *arena = fresh_arena();
    double before[2 * PEOPLE], after[2 * PEOPLE], changes[PEOPLE];
    struct mg_rng rng = mg_rng_init(7, 0);
    for (size_t r = 0; r < PEOPLE; r++) {
        before[r] = answer(&rng, 6, 1);
        before[PEOPLE + r] = answer(&rng, 4.5, 1.5);
        after[r] = before[r];
        after[PEOPLE + r] = fmin(7, before[PEOPLE + r] + (double)mg_rng_below(&rng, 2));
        changes[r] = after[PEOPLE + r] - before[PEOPLE + r];
    }
    struct mg_moments *m[] = {moments_of(arena, before, PEOPLE, 2, NULL, 1, 4),
                              moments_of(arena, after, PEOPLE, 2, NULL, 1, 4)};
    const size_t e = 0, p = 1;
    const struct mg_gap_of was = {.m = m[0], .e = &e, .p = &p, .n = 1, .paired = true};
    const struct mg_gap_of is = {.m = m[1], .e = &e, .p = &p, .n = 1, .paired = true};
    struct mg_gap_stat difference, x, y;
    struct mg_gap_change change;
    assert_int_equal(mg_gap_paired(m[0], 0, 1, LEVEL, &x, NULL), 0);
    assert_int_equal(mg_gap_paired(m[1], 0, 1, LEVEL, &y, NULL), 0);
    assert_int_equal(mg_gap_change(&was, &is, MG_GAP_DIFFERENCE, LEVEL, &change, NULL), 0);
    NEAR(change.value, y.gap - x.gap, 1e-12);
    NEAR(change.se, hypot(x.se, y.se), 1e-12); /* nothing says that they are the same */
    add_buckets(arena, m[0], before, PEOPLE, NULL, NULL);
    add_buckets(arena, m[1], after, PEOPLE, NULL, NULL);
    assert_int_equal(mg_gap_change(&was, &is, MG_GAP_DIFFERENCE, LEVEL, &change, NULL), 0);
    assert_int_equal(
        mg_gap_single(moments_of(arena, changes, PEOPLE, 1, NULL, 1, 0), 0, LEVEL, &difference, NULL), 0);
    NEAR(change.value, difference.mean_p, 1e-12);
    NEAR(change.se, difference.se, 1e-12);
    NEAR(change.df, difference.df, 1e-9);
    NEAR(change.low, difference.low_p, 1e-12);
    mg_arena_free(arena);
}

static void weighted_combination_matches_the_weighted_person_score(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    static double values[8 * ROWS];
    double weights[ROWS], importance[] = {50, 30, 20};
    const size_t e[] = {0, 2, 4}, p[] = {1, 3, 5};
    simulate(2, values, weights);
    for (size_t r = 0; r < ROWS; r++) /* complete answers, so that a person's score exists */
        for (size_t k = 0; k < 6; k++) {
            double *cell = &values[k * ROWS + r];
            *cell = isnan(*cell) ? 4 : *cell;
            values[(6 + k % 2) * ROWS + r] += importance[k / 2] / 100 * *cell;
        }
    struct mg_moments *m = moments_of(arena, values, ROWS, 8, weights, 1, 0);
    struct mg_gap_stat person, combined;
    assert_int_equal(mg_gap_paired(m, 6, 7, LEVEL, &person, NULL), 0);
    assert_int_equal(combine(m, e, p, importance, 3, &combined, NULL), 0);
    NEAR(combined.gap, person.gap, 1e-12);
    NEAR(combined.se, person.se, 1e-12);
    NEAR(combined.low_e, person.low_e, 1e-11);
    mg_arena_free(arena);
}

static void compare(const struct mg_gap_stat *a, const struct mg_gap_stat *b, double tolerance)
{
    NEAR(a->gap, b->gap, tolerance);
    NEAR(a->se, b->se, tolerance);
    NEAR(a->p, b->p, tolerance);
    NEAR(a->r_ep, b->r_ep, tolerance);
    NEAR(a->sd_e, b->sd_e, tolerance);
    NEAR(a->low_p, b->low_p, tolerance);
}

static void nothing_depends_on_row_order_origin_or_weight_scale(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    static double values[6 * ROWS], backwards[6 * ROWS];
    double weights[ROWS], tripled[ROWS];
    struct mg_gap_stat plain, other;
    simulate(3, values, weights);
    for (size_t r = 0; r < ROWS; r++) {
        tripled[r] = 3 * weights[r];
        for (size_t k = 0; k < 6; k++)
            backwards[k * ROWS + ROWS - 1 - r] = values[k * ROWS + r];
    }
    assert_int_equal(
        0, mg_gap_paired(moments_of(arena, values, ROWS, 6, NULL, 1, 4), 2, 3, LEVEL, &plain, NULL));
    assert_int_equal(
        0, mg_gap_paired(moments_of(arena, backwards, ROWS, 6, NULL, 1, 4), 2, 3, LEVEL, &other, NULL));
    compare(&plain, &other, 0);
    assert_int_equal(
        0, mg_gap_paired(moments_of(arena, values, ROWS, 6, NULL, 1, -50), 2, 3, LEVEL, &other, NULL));
    compare(&plain, &other, 1e-11);
    assert_int_equal(
        0, mg_gap_paired(moments_of(arena, values, ROWS, 6, weights, 1, 4), 2, 3, LEVEL, &plain, NULL));
    assert_int_equal(
        0, mg_gap_paired(moments_of(arena, values, ROWS, 6, tripled, 1, 4), 2, 3, LEVEL, &other, NULL));
    compare(&plain, &other, 1e-12);
    mg_arena_free(arena);
}

static void whole_weights_are_repeats_in_every_mean(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const double values[] = {7, 6, 5, 6, 4, 6, 4, 3}, repeats[] = {1, 3, 2, 1};
    const double repeated[] = {7, 6, 6, 6, 5, 5, 6, 4, 6, 6, 6, 4, 4, 3};
    struct mg_moments *m = moments_of(arena, values, 4, 2, repeats, 1, 4);
    struct mg_gap_stat weighted, plain;
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &weighted, NULL), 0);
    assert_int_equal(mg_gap_paired(moments_of(arena, repeated, 7, 2, NULL, 1, 4), 0, 1, LEVEL, &plain, NULL),
                     0);
    NEAR(weighted.gap, plain.gap, 1e-14);
    NEAR(weighted.mean_e, plain.mean_e, 1e-14);
    NEAR(weighted.r_ep, plain.r_ep, 1e-14);
    mg_arena_free(arena);
}

/* Welch's df of the two sides, from the buckets: (v₁ + v₂)²/(v₁²/df₁ + v₂²/df₂). Of n, each side has its
 * effective number; whoever answered both counts once. */
static void partial_overlap_with_buckets(void **state)
{
    (void)state;
    enum { N = 90 };
    struct mg_arena *arena = fresh_arena();
    struct mg_rng rng = mg_rng_init(3, 0);
    double values[2 * N], weights[N], ones[N];
    double w[2] = {0}, w2[2] = {0};
    for (size_t r = 0; r < N; r++) { /* 40 expectations, 60 perceptions, 10 both */
        values[r] = r < 40 ? answer(&rng, 5.5, 1) : NAN;
        values[N + r] = r >= 30 ? answer(&rng, 4.5, 1.5) : NAN;
        weights[r] = 0.5 + mg_rng_uniform(&rng) * 2;
        ones[r] = 1;
        for (size_t i = 0; i < 2; i++) {
            w[i] += isnan(values[i * N + r]) ? 0 : weights[r];
            w2[i] += isnan(values[i * N + r]) ? 0 : weights[r] * weights[r];
        }
    }
    struct mg_gap_stat stat;
    assert_int_equal(mg_gap_overlap(moments_of(arena, values, N, 2, weights, 1, 4), 0, 1, LEVEL, &stat, NULL),
                     0);
    assert_true(stat.flags & MG_GAP_OVERLAP && stat.flags & MG_GAP_JACKKNIFE);
    NEAR(stat.df_e, w[0] * w[0] / w2[0] - 1, 1e-9);
    NEAR(stat.df_p, w[1] * w[1] / w2[1] - 1, 1e-9);
    double v_e = stat.se_e * stat.se_e, v_p = stat.se_p * stat.se_p;
    NEAR(stat.df, pow(v_e + v_p, 2) / (v_e * v_e / stat.df_e + v_p * v_p / stat.df_p), 1e-9);
    assert_true(stat.df > 40 && stat.df < stat.df_e + stat.df_p);
    NEAR(stat.n, 90, 0);
    NEAR(stat.n_effective, 0.9 * (w[0] * w[0] / w2[0] + w[1] * w[1] / w2[1]), 1e-9);
    /* Weights that are all alike take nothing away. */
    assert_int_equal(mg_gap_overlap(moments_of(arena, values, N, 2, ones, 1, 4), 0, 1, LEVEL, &stat, NULL),
                     0);
    NEAR(stat.n_effective, 90, 1e-9);
    mg_arena_free(arena);
}

static void too_few_rows_are_refused(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const double one[] = {5, NAN, NAN, 4, 6, 3}; /* E: 5 – –; P: 4 6 3 */
    struct mg_moments *m = moments_of(arena, one, 3, 2, NULL, 1, 0);
    struct mg_gap_stat stat = {.gap = 99};
    struct mg_error error = {0};
    const size_t e[] = {0}, p[] = {1};
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &stat, &error), MG_E_INESTIMABLE);
    assert_string_equal(error.message,
                        "Rows that answer both expectation and perception: 1. A gap needs at least two.");
    NEAR(stat.gap, 99, 0);
    assert_int_equal(mg_gap_single(m, 0, LEVEL, &stat, NULL), MG_E_INESTIMABLE);
    assert_int_equal(mg_gap_overlap(m, 0, 1, LEVEL, &stat, NULL), MG_E_INESTIMABLE);
    assert_int_equal(combine(m, e, p, NULL, 1, &stat, NULL), MG_E_INESTIMABLE);
    m = moments_of(arena, one, 0, 2, NULL, 1, 0);
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &stat, NULL), MG_E_INESTIMABLE);
    struct mg_error chinese = {.lang = MG_LANG_ZH};
    assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &stat, &chinese), MG_E_INESTIMABLE);
    assert_non_null(strstr(chinese.message, "至少需要两行"));
    mg_arena_free(arena);
}

static void constant_differences_have_no_test(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    double values[40];
    struct mg_gap_stat stat;
    for (int constant = 0; constant < 2; constant++) {
        for (size_t r = 0; r < 20; r++) {
            values[r] = constant ? 7.1 : 1 + 0.1 * (double)(r % 5);
            values[20 + r] = values[r] - 0.3;
        }
        struct mg_moments *m = moments_of(arena, values, 20, 2, NULL, 1, 4);
        assert_int_equal(mg_gap_paired(m, 0, 1, LEVEL, &stat, NULL), 0);
        assert_true(stat.flags & MG_GAP_CONSTANT);
        NEAR(stat.gap, -0.3, 1e-14);
        NEAR(stat.sd, 0, 0);
        NEAR(stat.t, NAN, 0);
        NEAR(stat.p, NAN, 0);
        NEAR(stat.d_z, NAN, 0);
        NEAR(stat.low, NAN, 0);
        assert_true(isnan(stat.r_ep) == (constant == 1));
        assert_true(isnan(stat.low_e) == (constant == 1));
        assert_string_not_equal(mg_gap_note(&stat, MG_LANG_EN), "");
        assert_string_not_equal(mg_gap_note(&stat, MG_LANG_ZH), mg_gap_note(&stat, MG_LANG_EN));
        const size_t e[] = {0, 0}, p[] = {1, 1};
        assert_int_equal(combine(m, e, p, NULL, 2, &stat, NULL), 0);
        NEAR(stat.se, 0, 0);
        NEAR(stat.p, NAN, 0);
    }
    mg_arena_free(arena);
}

static void one_side_only_has_a_mean_and_no_gap(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const double values[] = {3, 5, NAN, 4, 7};
    struct mg_gap_stat stat;
    assert_int_equal(mg_gap_single(moments_of(arena, values, 5, 1, NULL, 1, 4), 0, LEVEL, &stat, NULL), 0);
    NEAR(stat.mean_p, 4.75, 1e-15);
    NEAR(stat.sd_p, 1.707825127659933, 1e-14);
    NEAR(stat.low_p, 2.03246911620, 1e-10); /* R: t.test(c(3,5,4,7))$conf.int */
    NEAR(stat.gap, NAN, 0);
    NEAR(stat.mean_e, NAN, 0);
    assert_int_equal(stat.flags, MG_GAP_SINGLE);
    mg_arena_free(arena);
}

static void wrong_arguments_are_named(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const double values[] = {3, 5, 2, 4, 7, 1}, weights[] = {1, 2, 3}, bad[] = {-1}, zero[] = {0};
    const size_t e[] = {0}, p[] = {1};
    struct mg_moments *m = moments_of(arena, values, 3, 2, NULL, 1, 4);
    struct mg_moments *weighted = moments_of(arena, values, 3, 2, weights, 1, 4);
    struct mg_gap_stat stat;
    struct mg_error error = {0};
    assert_int_equal(mg_gap_paired(m, 0, 1, 1, &stat, &error), MG_E_INVALID);
    assert_int_equal(mg_gap_paired(m, 0, 1, NAN, &stat, &error), MG_E_INVALID);
    weighted->buckets = NULL;
    assert_int_equal(mg_gap_paired(weighted, 0, 1, LEVEL, &stat, &error), MG_E_INVALID);
    assert_int_equal(combine(m, e, p, bad, 1, &stat, &error), MG_E_INVALID);
    assert_int_equal(combine(m, e, p, zero, 1, &stat, &error), MG_E_INVALID);
    assert_int_equal(combine(m, e, p, NULL, 0, &stat, &error), MG_E_INVALID);
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kiosk_item_gaps),
        cmocka_unit_test(kiosk_one_item_in_full),
        cmocka_unit_test(kiosk_overall_per_person),
        cmocka_unit_test(weighted_formulas_match_a_naive_loop),
        cmocka_unit_test(jackknife_of_rows_is_the_t_test),
        cmocka_unit_test(what_one_person_repeats_is_one_opinion),
        cmocka_unit_test(a_change_of_the_same_people_is_paired),
        cmocka_unit_test(weighted_combination_matches_the_weighted_person_score),
        cmocka_unit_test(nothing_depends_on_row_order_origin_or_weight_scale),
        cmocka_unit_test(whole_weights_are_repeats_in_every_mean),
        cmocka_unit_test(partial_overlap_with_buckets),
        cmocka_unit_test(too_few_rows_are_refused),
        cmocka_unit_test(constant_differences_have_no_test),
        cmocka_unit_test(one_side_only_has_a_mean_and_no_gap),
        cmocka_unit_test(wrong_arguments_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
