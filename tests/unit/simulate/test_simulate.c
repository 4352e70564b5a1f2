/* Simulation: same seed, same answers; the computed truth is what answers average to; intervals cover it at
 * the nominal rate.
 *
 * The coverage test runs the program's own estimators (moments, paired gaps, weighted scores) over many
 * seeds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "base/str.h"
#include "simulate/simulate.h"
#include "simulate/world.h"
#include "stats/gap/gap.h"
#include "stats/score/score.h"

static const struct mg_simulation *simulation(const char *industry, int64_t customers, int64_t waves,
                                              uint64_t seed)
{
    struct mg_simulation_spec spec = {industry, customers, waves, seed, MG_LANG_ZH, MG_SIM_CROSS};
    const struct mg_simulation *s = NULL;
    struct mg_error error = {0};
    assert_int_equal(mg_simulation_new(arena, &spec, &s, &error), 0);
    return s;
}

static struct mg_buf responses(const struct mg_simulation *s, int64_t customers)
{
    struct mg_buf out;
    mg_buf_init(&out, (size_t)256 << 20);
    for (int64_t cursor = 0; cursor < customers;)
        mg_simulation_write_responses(s, &cursor, &out);
    assert_false(out.failed);
    return out;
}

static void same_seed_same_bytes(void **state)
{
    (void)state;
    struct mg_buf a = responses(simulation("heating", 500, 3, 7), 500),
                  b = responses(simulation("heating", 500, 3, 7), 500);
    struct mg_buf c = responses(simulation("heating", 500, 3, 8), 500);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    assert_true(a.len != c.len || memcmp(a.data, c.data, a.len) != 0);
    mg_buf_done(&a);
    mg_buf_done(&b);
    mg_buf_done(&c);
}

/* Twice the customers: the first half is unchanged. What a customer answers doesn't depend on the others. */
static void more_customers_keep_the_first_ones(void **state)
{
    (void)state;
    struct mg_buf few = responses(simulation("retail", 300, 2, 1), 300),
                  many = responses(simulation("retail", 600, 2, 1), 600);
    assert_true(many.len > few.len);
    assert_memory_equal(few.data, many.data, few.len);
    mg_buf_done(&few);
    mg_buf_done(&many);
}

static void lines_have_as_many_cells_as_the_header(void **state)
{
    (void)state;
    struct mg_buf out = responses(simulation("airline", 200, 2, 3), 200);
    int cells = 0, lines = 0;
    for (const char *c = out.data; *c; c++) {
        cells += *c == ',';
        if (*c == '\n') {
            assert_int_equal(cells, 9 + 3 * MG_SIM_ITEMS + MG_SIM_OUTCOMES - 1);
            cells = 0;
            lines++;
        }
    }
    assert_true(lines > 50);
    mg_buf_done(&out);
}

static void every_plan_is_sound(void **state)
{
    (void)state;
    for (const char *const *name = mg_simulation_industries; *name; name++) {
        const struct mg_simulation *s = simulation(*name, 1, 0, 1);
        const struct mg_sim_plan *plan = s->plan;
        double regions = 0, types = 0, tenures = 0, sources = 0;
        int optional = 0, always[MG_SIM_DIMENSIONS] = {0};
        for (int i = 0; i < MG_SIM_REGIONS; i++)
            regions += plan->regions[i].share;
        for (int i = 0; i < MG_SIM_TYPES; i++)
            types += plan->types[i].share;
        for (int i = 0; i < MG_SIM_TENURES; i++)
            tenures += plan->tenures[i].share;
        for (int k = 0; k < MG_SIM_SOURCES; k++)
            sources += mg_sim_source_share(s, k, s->waves - 1);
        for (int t = 0; t < MG_SIM_TOUCHPOINTS; t++)
            optional += plan->touchpoints[t].usage < 1;
        for (int i = 0; i < MG_SIM_ITEMS; i++) {
            assert_non_null(plan->items[i].label.en);
            assert_non_null(plan->items[i].label.zh);
            always[plan->items[i].dimension] += plan->touchpoints[plan->items[i].touchpoint].usage >= 1;
        }
        assert_true(fabs(regions - 1) < 1e-9 && fabs(types - 1) < 1e-9 && fabs(tenures - 1) < 1e-9 &&
                    fabs(sources - 1) < 1e-9);
        assert_in_range(optional, 0, MG_SIM_OPTIONAL_MAX);
        for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
            assert_true(always[d] > 0);
        assert_int_equal(s->month[s->crisis_wave], plan->crisis_month);
    }
}

static void the_crisis_and_the_improvement_are_in_the_truth(void **state)
{
    (void)state;
    const struct mg_simulation *s = simulation("heating", 1, 8, 1);
    struct mg_simulation_truth before, during, elsewhere, early, late;
    assert_string_equal(s->wave_name[s->crisis_wave], "2025-12");
    mg_simulation_truth(s, &(struct mg_simulation_scope){s->crisis_wave - 1, 0, -1, -1}, &before);
    mg_simulation_truth(s, &(struct mg_simulation_scope){s->crisis_wave, 0, -1, -1}, &during);
    mg_simulation_truth(s, &(struct mg_simulation_scope){s->crisis_wave, 1, -1, -1}, &elsewhere);
    mg_simulation_truth(s, &(struct mg_simulation_scope){0, -1, -1, -1}, &early);
    mg_simulation_truth(s, &(struct mg_simulation_scope){7, -1, -1, -1}, &late);
    int quick_repair = 9, right_bill = 6;
    assert_true(during.perception[quick_repair] < before.perception[quick_repair] - 1.2);
    assert_true(during.perception[quick_repair] < elsewhere.perception[quick_repair] - 1.2);
    assert_true(during.nps < before.nps);
    assert_true(late.perception[right_bill] > early.perception[right_bill] + 0.3);
    assert_true(late.expectation[right_bill] >
                early.expectation[right_bill]); /* promises and marketing grow */
}

static void wrong_specs_are_refused_with_a_reason(void **state)
{
    (void)state;
    struct mg_simulation_spec wrong[] = {
        {"heating", 0, 1, 1, MG_LANG_EN, MG_SIM_CROSS},
        {"heating", MG_SIM_CUSTOMERS_MAX + 1, 1, 1, MG_LANG_EN, MG_SIM_CROSS},
        {"heating", 1, MG_SIM_WAVES_MAX + 1, 1, MG_LANG_EN, MG_SIM_CROSS},
        {"mining", 1, 1, 1, MG_LANG_EN, MG_SIM_CROSS}};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        const struct mg_simulation *s = NULL;
        struct mg_error error = {0};
        assert_int_equal(mg_simulation_new(arena, &wrong[i], &s, &error), MG_E_INVALID);
        assert_true(*error.message && !s);
    }
}

/* Weighted sums of all pairs, as moments of k variables kept pairwise; buckets of the links beside. A bucket
 * holds whole customers. */
static void add_row(struct mg_moments *m, const double *row, double w, int64_t customer)
{
    m->rows++;
    for (size_t i = 0; i < m->k; i++)
        for (size_t j = 0; j < m->k; j++)
            if (!isnan(row[i]) && !isnan(row[j])) {
                double a = row[i] - m->origin[i], b = row[j] - m->origin[j];
                m->count[i * m->k + j] += 1;
                m->weight[i * m->k + j] += w;
                m->sum[i * m->k + j] += w * a;
                m->sq[i * m->k + j] += w * a * a;
                m->xx[i * m->k + j] += w * a * b;
            }
    struct mg_moments_sums *sums = m->buckets->at[(size_t)customer % MG_MOMENTS_BUCKETS_MAX];
    for (size_t l = 0; l < m->buckets->n_links; l++) {
        double a = row[m->buckets->links[l].a], b = row[m->buckets->links[l].b];
        if (isnan(a) || isnan(b))
            continue;
        sums[l].weight += w;
        sums[l].weight2 += w * w;
        sums[l].a += w * a;
        sums[l].b += w * b;
    }
}

/* A row: E and P of the items, then E and P of the dimensions, then the outcomes. */
enum {
    DIMENSION_E = 2 * MG_SIM_ITEMS,
    DIMENSION_P = DIMENSION_E + MG_SIM_DIMENSIONS,
    OUTCOME = DIMENSION_P + MG_SIM_DIMENSIONS,
    NPS_CUTS = OUTCOME + MG_SIM_OUTCOMES, /* how many of 7 and 9 the first outcome reaches */
    COLUMNS
};

static void row_of(const struct mg_simulation *s, const struct mg_simulation_response *r, double *row)
{
    double e[MG_SIM_DIMENSIONS] = {0}, p[MG_SIM_DIMENSIONS] = {0}, pairs[MG_SIM_DIMENSIONS] = {0},
           items[MG_SIM_DIMENSIONS] = {0};
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        int d = s->plan->items[i].dimension;
        row[i] = r->expectation[i] ? r->expectation[i] : NAN;
        row[MG_SIM_ITEMS + i] = r->perception[i] ? r->perception[i] : NAN;
        items[d]++;
        if (r->expectation[i] && r->perception[i]) {
            e[d] += r->expectation[i];
            p[d] += r->perception[i];
            pairs[d]++;
        }
    }
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
        bool enough = pairs[d] >= MG_SIM_MIN_ANSWERED * items[d];
        row[DIMENSION_E + d] = enough ? e[d] / pairs[d] : NAN;
        row[DIMENSION_P + d] = enough ? p[d] / pairs[d] : NAN;
    }
    for (int o = 0; o < MG_SIM_OUTCOMES; o++)
        row[OUTCOME + o] = r->outcome[o] >= 0 ? r->outcome[o] : NAN;
    row[NPS_CUTS] = r->outcome[0] >= 0 ? (double)((r->outcome[0] >= 7) + (r->outcome[0] >= 9)) : NAN;
}

static struct mg_moments_link links[2 * COLUMNS];

/* Each variable alone, and the two sides of items and dimensions. */
static struct mg_moments *sample_moments(void)
{
    struct mg_moments *m = mg_moments_new(arena, COLUMNS, true);
    struct mg_moments_buckets *buckets = m ? mg_arena_alloc(arena, sizeof *buckets) : NULL;
    assert_non_null(buckets);
    *buckets = (struct mg_moments_buckets){.links = links, .n = MG_MOMENTS_BUCKETS_MAX};
    for (uint16_t i = 0; i < COLUMNS; i++)
        links[buckets->n_links++] = (struct mg_moments_link){i, i};
    for (uint16_t i = 0; i < MG_SIM_ITEMS; i++)
        links[buckets->n_links++] = (struct mg_moments_link){i, (uint16_t)(MG_SIM_ITEMS + i)};
    for (uint16_t d = 0; d < MG_SIM_DIMENSIONS; d++)
        links[buckets->n_links++] =
            (struct mg_moments_link){(uint16_t)(DIMENSION_E + d), (uint16_t)(DIMENSION_P + d)};
    for (size_t g = 0; g < MG_MOMENTS_BUCKETS_MAX; g++) {
        buckets->at[g] = mg_arena_array(arena, buckets->n_links, sizeof(struct mg_moments_sums));
        assert_non_null(buckets->at[g]);
    }
    m->buckets = buckets;
    return m;
}

struct sample {
    struct mg_moments *m;
};

/* Answers of the waves from … to−1. */
static struct sample draw_sample(const struct mg_simulation *s, int from, int to)
{
    struct sample sample = {.m = sample_moments()};
    double row[COLUMNS];
    for (int64_t c = 0; c < s->spec.customers; c++) {
        struct mg_simulation_customer customer;
        struct mg_simulation_response r;
        mg_simulation_draw_customer(s, c, &customer);
        double w = mg_simulation_weight(s, &customer);
        for (int wave = from; wave < to; wave++) {
            if (!mg_simulation_draw_response(s, &customer, wave, &r))
                continue;
            row_of(s, &r, row);
            add_row(sample.m, row, w, c);
        }
    }
    return sample;
}

struct tally {
    int intervals, covered;
};

static void count(struct tally *tally, double low, double high, double truth)
{
    tally->intervals++;
    tally->covered += low <= truth && truth <= high;
}

static void cover_gap(struct tally *tally, const struct sample *sample, size_t e, size_t p, double truth)
{
    struct mg_gap_stat stat;
    assert_int_equal(mg_gap_paired(sample->m, e, p, 0.95, &stat, NULL), 0);
    count(tally, stat.low, stat.high, truth);
}

static void cover_nps(struct tally *tally, const struct sample *sample, double truth)
{
    const struct mg_score_rule rule = {MG_SCORE_NPS, 0, 10, NAN};
    struct mg_score score;
    assert_int_equal(mg_score_estimate(&rule, sample->m, NPS_CUTS, 0.95, &score, NULL), 0);
    count(tally, score.low, score.high, truth);
}

static void in_band(const struct tally *tally, const char *what)
{
    double rate = (double)tally->covered / tally->intervals;
    print_message("%s: %d of %d intervals cover the truth (%.2f %%)\n", what, tally->covered,
                  tally->intervals, 100 * rate);
    assert_true(rate >= 0.93 && rate <= 0.97);
}

/* 60 seeds for each of the five industries; the crisis wave, where most is going on. */
static void intervals_cover_the_truth(void **state)
{
    (void)state;
    struct tally items = {0}, dimensions = {0}, outcomes = {0}, nps = {0};
    for (const char *const *name = mg_simulation_industries; *name; name++)
        for (uint64_t seed = 1; seed <= 60; seed++) {
            const struct mg_simulation *s = simulation(*name, 1200, 2, seed * 104729);
            struct mg_simulation_truth t;
            mg_simulation_truth(s, &(struct mg_simulation_scope){s->crisis_wave, -1, -1, -1}, &t);
            struct sample sample = draw_sample(s, s->crisis_wave, s->crisis_wave + 1);
            for (size_t i = 0; i < MG_SIM_ITEMS; i++)
                cover_gap(&items, &sample, i, MG_SIM_ITEMS + i, t.perception[i] - t.expectation[i]);
            for (size_t d = 0; d < MG_SIM_DIMENSIONS; d++)
                cover_gap(&dimensions, &sample, DIMENSION_E + d, DIMENSION_P + d,
                          t.dimension_perception[d] - t.dimension_expectation[d]);
            for (size_t o = 0; o < MG_SIM_OUTCOMES; o++) {
                struct mg_gap_stat stat;
                assert_int_equal(mg_gap_single(sample.m, OUTCOME + o, 0.95, &stat, NULL), 0);
                count(&outcomes, stat.low_p, stat.high_p, t.outcome[o]);
            }
            cover_nps(&nps, &sample, t.nps);
            mg_arena_free(arena);
            arena = mg_arena_new((size_t)64 << 20);
        }
    in_band(&items, "items");
    in_band(&dimensions, "dimensions");
    in_band(&outcomes, "outcomes");
    assert_true(nps.covered >= 0.91 * nps.intervals && nps.covered <= 0.99 * nps.intervals);
    assert_true(items.intervals + dimensions.intervals + outcomes.intervals >= 2000);
}

/* Eight waves pooled, where many customers answered more than once: their answers count as one person's. As
 * single rows 82 to 88 of 100 intervals held the truth. */
static void pooled_waves_cover_the_truth(void **state)
{
    (void)state;
    struct tally dimensions = {0};
    static const char *const industries[] = {"heating", "retail"};
    for (size_t i = 0; i < ARRAY_LEN(industries); i++)
        for (uint64_t seed = 1; seed <= 50; seed++) {
            const struct mg_simulation *s = simulation(industries[i], 300, 8, seed * 15485863);
            struct mg_simulation_truth t;
            mg_simulation_truth(s, &(struct mg_simulation_scope){-1, -1, -1, -1}, &t);
            struct sample sample = draw_sample(s, 0, s->waves);
            for (size_t d = 0; d < MG_SIM_DIMENSIONS; d++)
                cover_gap(&dimensions, &sample, DIMENSION_E + d, DIMENSION_P + d,
                          t.dimension_perception[d] - t.dimension_expectation[d]);
            mg_arena_free(arena);
            arena = mg_arena_new((size_t)64 << 20);
        }
    in_band(&dimensions, "dimensions of pooled waves");
}

/* A large sample pins the truth down far tighter than the coverage test can: within four standard errors
 * everywhere. */
static void a_large_sample_meets_the_truth(void **state)
{
    (void)state;
    const struct mg_simulation *s = simulation("power", 150000, 1, 99);
    struct sample sample = draw_sample(s, 0, 1);
    struct mg_simulation_truth t;
    mg_simulation_truth(s, &(struct mg_simulation_scope){-1, -1, -1, -1}, &t);
    for (size_t i = 0; i < NPS_CUTS; i++) {
        struct mg_gap_stat stat;
        double truth = i < MG_SIM_ITEMS      ? t.expectation[i]
                       : i < DIMENSION_E     ? t.perception[i - MG_SIM_ITEMS]
                       : i < DIMENSION_P     ? t.dimension_expectation[i - DIMENSION_E]
                       : i < (size_t)OUTCOME ? t.dimension_perception[i - DIMENSION_P]
                                             : t.outcome[i - OUTCOME];
        assert_int_equal(mg_gap_single(sample.m, i, 0.95, &stat, NULL), 0);
        assert_true(stat.se < 0.03);
        assert_true(fabs(stat.mean_p - truth) < 4 * stat.se);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(same_seed_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_customers_keep_the_first_ones, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_have_as_many_cells_as_the_header, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_plan_is_sound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_crisis_and_the_improvement_are_in_the_truth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_specs_are_refused_with_a_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_large_sample_meets_the_truth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(intervals_cover_the_truth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pooled_waves_cover_the_truth, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
