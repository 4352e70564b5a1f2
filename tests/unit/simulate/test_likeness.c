/* The simulated survey looks like a real one (the kiosk survey of ../shared/data; its figures stand beside
 * each bound), who answers depends on how satisfied they are, and the truth knows both. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "simulate/simulate.h"
#include "simulate/world.h"

static const struct mg_simulation *simulation(const char *industry, int64_t customers, int64_t waves,
                                              enum mg_simulation_design design)
{
    struct mg_simulation_spec spec = {industry, customers, waves, 20, MG_LANG_EN, design};
    const struct mg_simulation *s = NULL;
    struct mg_error error = {0};
    assert_int_equal(mg_simulation_new(arena, &spec, &s, &error), 0);
    return s;
}

static const struct mg_simulation_scope everybody = {-1, -1, -1, -1};

static struct mg_simulation_truth truth_of(const struct mg_simulation *s, struct mg_simulation_scope scope)
{
    struct mg_simulation_truth t;
    mg_simulation_truth(s, &scope, &t);
    return t;
}

/* Sums of one item's two sides. */
struct item_sums {
    double n, e, e2, e3, p, p2, ep, ceiling, floor;
};

static void add_pair(struct item_sums *sums, double e, double p)
{
    sums->n++;
    sums->e += e, sums->e2 += e * e, sums->e3 += e * e * e;
    sums->p += p, sums->p2 += p * p;
    sums->ep += e * p;
    sums->ceiling += e == 7;
    sums->floor += p == 1;
}

static double skewness(const struct item_sums *s)
{
    double m = s->e / s->n, m2 = s->e2 / s->n, m3 = s->e3 / s->n, variance = m2 - m * m;
    return (m3 - 3 * m * m2 + 2 * m * m * m) / pow(variance, 1.5);
}

static double correlation(const struct item_sums *s)
{
    double e = s->e / s->n, p = s->p / s->n;
    return (s->ep / s->n - e * p) / sqrt((s->e2 / s->n - e * e) * (s->p2 / s->n - p * p));
}

static void answers_look_like_the_kiosk_survey(void **state)
{
    (void)state;
    for (const char *const *name = mg_simulation_industries; *name; name++) {
        const struct mg_simulation *s = simulation(*name, 4000, 4, MG_SIM_CROSS);
        struct item_sums items[MG_SIM_ITEMS] = {0};
        struct mg_simulation_customer c;
        struct mg_simulation_response r;
        for (int64_t number = 0; number < 4000; number++) {
            mg_simulation_draw_customer(s, number, &c);
            for (int wave = 0; wave < 4; wave++)
                for (int i = 0; mg_simulation_draw_response(s, &c, wave, &r) && i < MG_SIM_ITEMS; i++)
                    if (r.expectation[i] && r.perception[i])
                        add_pair(&items[i], r.expectation[i], r.perception[i]);
        }
        double ceiling = 0, skew = 0, floor = 0, r_ep = 0;
        for (int i = 0; i < MG_SIM_ITEMS; i++) {
            ceiling += items[i].ceiling / items[i].n / MG_SIM_ITEMS;
            floor += items[i].floor / items[i].n / MG_SIM_ITEMS;
            skew += skewness(&items[i]) / MG_SIM_ITEMS;
            r_ep += correlation(&items[i]) / MG_SIM_ITEMS;
        }
        print_message("%s: ceiling %.3f skew %.2f floor %.3f r %.3f\n", *name, ceiling, skew, floor, r_ep);
        assert_true(ceiling > 0.48 && ceiling < 0.62); /* 0.540 */
        assert_true(skew > -2.15 && skew < -1.7);      /* −1.909 */
        assert_true(floor > 0.025 && floor < 0.055);   /* 0.038 */
        assert_true(r_ep > 0.25 && r_ep < 0.33);       /* 0.287 */
    }
}

/* Half of the customers are lastingly better served than the other. */
static void who_is_satisfied_answers_more_and_leaves_out_less(void **state)
{
    (void)state;
    enum { CUSTOMERS = 30000 };
    const struct mg_simulation *s = simulation("heating", CUSTOMERS, 1, MG_SIM_PREPOST);
    double customers[2] = {0}, answered[2] = {0}, returned[2] = {0}, missing[2] = {0};
    for (int64_t number = 0; number < CUSTOMERS; number++) {
        struct mg_simulation_customer c;
        struct mg_simulation_response r;
        mg_simulation_draw_customer(s, number, &c);
        int better = c.lasting > 0;
        customers[better]++;
        if (!mg_simulation_draw_response(s, &c, 0, &r))
            continue;
        answered[better]++;
        returned[better] += r.returned;
        for (int i = 0; i < MG_SIM_ITEMS; i++)
            missing[better] += !r.expectation[i];
    }
    /* Half of the tilt either way: (1 + .15)/(1 − .15), (1 + .1)/(1 − .1), (1 − .3)/(1 + .3). */
    double answers = answered[1] / customers[1] / (answered[0] / customers[0]),
           returns = returned[1] / answered[1] / (returned[0] / answered[0]),
           omits = missing[1] / answered[1] / (missing[0] / answered[0]);
    assert_true(fabs(answers - 1.353) < 0.08);
    assert_true(fabs(returns - 1.222) < 0.06);
    assert_true(fabs(omits - 0.538) < 0.06);
}

/* Those who answer are better served than all are; the truth says by how much. */
static void the_truth_knows_who_is_missing(void **state)
{
    (void)state;
    const struct mg_simulation *s = simulation("retail", 1, 0, MG_SIM_CROSS);
    struct mg_simulation_truth t = truth_of(s, everybody);
    double gap = t.overall_perception - t.overall_expectation;
    assert_true(gap - t.overall_gap_of_all > 0.04 && gap - t.overall_gap_of_all < 0.2);
    for (int i = 0; i < MG_SIM_ITEMS; i++)
        assert_true(t.perception[i] - t.expectation[i] > t.gap_of_all[i]);
    struct mg_simulation_truth two = truth_of(simulation("retail", 1, 0, MG_SIM_PREPOST), everybody);
    assert_true(two.perception[0] > t.perception[0]); /* and those who answer twice better still */
    assert_true(fabs(two.gap_of_all[0] - t.gap_of_all[0]) < 1e-9);
}

/* A plan's mean answers come out as they stand in it, where nothing shifts them. */
static void levels_give_the_plans_means(void **state)
{
    (void)state;
    struct mg_sim_spread e = mg_sim_spread_e();
    e.sd = hypot(e.sd, mg_sim_lasting_e());
    for (double wanted = 1.5; wanted < 6.9; wanted += 0.3)
        assert_true(fabs(mg_sim_mean_answer(&e, mg_sim_level_of(&e, wanted)) - wanted) < 1e-9);
}

/* The table against what it tabulates. */
static void a_curve_is_as_good_as_the_sum(void **state)
{
    (void)state;
    const struct mg_sim_spread e = mg_sim_spread_e();
    struct mg_sim_curve curve;
    mg_sim_curve_init(&curve, &e);
    for (double level = -6; level < 16; level += 0.0137)
        assert_true(fabs(mg_sim_curve_at(&curve, level) - mg_sim_mean_answer(&e, level)) < 1e-6);
    assert_true(mg_sim_curve_at(&curve, -100) == curve.at[0]);
    assert_true(fabs(mg_sim_curve_at(&curve, 100) - 7) < 1e-6);
}

/* After the crisis its region expects less of what failed, and forgets it. */
static void expectation_follows_experience(void **state)
{
    (void)state;
    const struct mg_simulation *s = simulation("power", 1, 12, MG_SIM_CROSS);
    const struct mg_sim_event *crisis = &s->plan->crisis;
    int hit = -1;
    for (int i = 0; i < MG_SIM_ITEMS; i++)
        if (s->plan->items[i].dimension == crisis->dimension &&
            s->plan->items[i].touchpoint == crisis->touchpoint)
            hit = i;
    assert_true(hit >= 0);
    double lower[6];
    for (int ago = 0; ago < 6; ago++) {
        int wave = s->crisis_wave + ago, other = crisis->region == 0 ? 1 : 0;
        struct mg_simulation_truth here = truth_of(
                                       s, (struct mg_simulation_scope){wave, crisis->region, -1, -1}),
                                   there = truth_of(s, (struct mg_simulation_scope){wave, other, -1, -1});
        lower[ago] = there.expectation[hit] - here.expectation[hit];
    }
    assert_true(fabs(lower[0]) < 1e-9);
    assert_true(lower[1] > 0.06);
    assert_true(lower[2] > lower[3] && lower[3] > 0.01);
    assert_true(fabs(lower[5]) < 1e-9);
}

static void losses_weigh_twice(void **state)
{
    (void)state;
    const struct mg_sim_outcome *nps = &mg_sim_outcomes[0];
    double gap[MG_SIM_DIMENSIONS] = {0};
    double even = mg_sim_outcome_level(nps, gap);
    gap[MG_SIM_RELIABILITY] = -1;
    double loss = even - mg_sim_outcome_level(nps, gap);
    gap[MG_SIM_RELIABILITY] = 1;
    double gain = mg_sim_outcome_level(nps, gap) - even;
    assert_true(loss > 0 && fabs(loss - 2 * gain) < 1e-12);
}

/* Nobody joins later, nobody comes back, and who is badly served leaves sooner. */
static void a_panel_loses_the_dissatisfied(void **state)
{
    (void)state;
    enum { CUSTOMERS = 20000, WAVES = 5 };
    const struct mg_simulation *s = simulation("airline", CUSTOMERS, WAVES, MG_SIM_PANEL);
    double n[WAVES] = {0}, lasting[WAVES] = {0};
    for (int64_t number = 0; number < CUSTOMERS; number++) {
        struct mg_simulation_customer c;
        struct mg_simulation_response r;
        mg_simulation_draw_customer(s, number, &c);
        bool before = true;
        for (int wave = 0; wave < WAVES; wave++) {
            bool takes_part = mg_simulation_draw_response(s, &c, wave, &r);
            assert_true(before || !takes_part);
            before = takes_part;
            n[wave] += takes_part;
            lasting[wave] += takes_part ? c.lasting : 0;
        }
    }
    assert_true(n[0] > CUSTOMERS / 5.0 && fabs(n[1] / n[0] - 0.86) < 0.03);
    assert_true(lasting[4] / n[4] > lasting[0] / n[0] + 0.1);
    struct mg_simulation_truth first = truth_of(s, (struct mg_simulation_scope){0, -1, -1, -1}),
                               last = truth_of(s, (struct mg_simulation_scope){4, -1, -1, -1});
    double bias_first = first.perception[0] - first.expectation[0] - first.gap_of_all[0],
           bias_last = last.perception[0] - last.expectation[0] - last.gap_of_all[0];
    assert_true(bias_last > bias_first + 0.02);
}

/* Means of what the halves of an episode hold, against the truth of pairs: within four standard errors. */
static void pairs_of_two_questionnaires_meet_the_truth(void **state)
{
    (void)state;
    enum { CUSTOMERS = 60000 };
    const struct mg_simulation *s = simulation("insurance", CUSTOMERS, 1, MG_SIM_PREPOST);
    double w = 0, w2 = 0, sum = 0, sum2 = 0;
    for (int64_t number = 0; number < CUSTOMERS; number++) {
        struct mg_simulation_customer c;
        struct mg_simulation_response r;
        mg_simulation_draw_customer(s, number, &c);
        if (!mg_simulation_draw_response(s, &c, 0, &r) || !r.returned || !r.expectation[0] ||
            !r.perception[0])
            continue;
        double weight = mg_simulation_weight(s, &c), gap = r.perception[0] - r.expectation[0];
        w += weight, w2 += weight * weight;
        sum += weight * gap, sum2 += weight * gap * gap;
    }
    struct mg_simulation_truth t = truth_of(s, everybody);
    double mean = sum / w, se = sqrt((sum2 / w - mean * mean) * w2) / w;
    assert_true(se < 0.02);
    assert_true(fabs(mean - (t.perception[0] - t.expectation[0])) < 4 * se);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_look_like_the_kiosk_survey, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_is_satisfied_answers_more_and_leaves_out_less, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_truth_knows_who_is_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(levels_give_the_plans_means, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_curve_is_as_good_as_the_sum, set_up, tear_down),
        cmocka_unit_test_setup_teardown(expectation_follows_experience, set_up, tear_down),
        cmocka_unit_test_setup_teardown(losses_weigh_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_panel_loses_the_dissatisfied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pairs_of_two_questionnaires_meet_the_truth, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
