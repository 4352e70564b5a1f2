/* Outcomes have a kink (losses weigh more than gains), so their means have no closed form. They are averaged
 * over points spread evenly in the space of all that decides them: a sequence of Roberts (the powers of the
 * generalised golden ratio, modulo 1), made normal by Box and Muller. Given a point, the mean over the
 * outcome's own noise is a curve's value. A cell takes 512 points of 8,192, its neighbours the next, so that
 * what is left of error averages out over cells: about 0.005 for a wave. */
#include <math.h>

#include "simulate/truth.h"

#define AXES 10

/* x of xⁿ⁺¹ = x + 1, n = AXES. */
static double golden_ratio(void)
{
    double x = 1;
    for (int i = 0; i < 50; i++)
        x = pow(1 + x, 1.0 / (AXES + 1));
    return x;
}

/* Two standard normals out of two even numbers in 0 … 1. */
static void pair_of_normals(double a, double b, double *ret_first, double *ret_second)
{
    double length = sqrt(-2 * log(1 - a)), angle = 6.283185307179586476925 * b;
    *ret_first = length * cos(angle);
    *ret_second = length * sin(angle);
}

static struct mg_sim_point point_of(const double *at)
{
    struct mg_sim_point p = {.source = at[8], .usage = at[9]};
    double spare;
    pair_of_normals(at[0], at[1], &p.lasting, &p.person);
    pair_of_normals(at[2], at[3], &p.own[0], &p.own[1]);
    pair_of_normals(at[4], at[5], &p.own[2], &p.own[3]);
    pair_of_normals(at[6], at[7], &p.own[4], &spare);
    p.missing = mg_sim_tilted_at(&mg_sim_missing, mg_sim_satisfied(p.lasting));
    return p;
}
_Static_assert(MG_SIM_DIMENSIONS == 5, "point_of fills as many");

static void init_curves(struct mg_sim_outcome_curves *curves)
{
    for (int o = 0; o < MG_SIM_OUTCOMES; o++) {
        const struct mg_sim_outcome *outcome = &mg_sim_outcomes[o];
        const struct mg_sim_spread noise = {.sd = outcome->noise, .low = outcome->low, .high = outcome->high};
        mg_sim_curve_init(&curves->outcome[o], &noise);
        for (int i = 0; i < MG_SIM_CURVE_POINTS && outcome->kind == MG_OUTCOME_NPS; i++) {
            double level = MG_SIM_CURVE_LOW + i * MG_SIM_CURVE_STEP;
            curves->nps.at[i] = 100 * (mg_sim_normal_cdf((level - 8.5) / outcome->noise) -
                                       mg_sim_normal_cdf((6.5 - level) / outcome->noise));
        }
    }
}

void mg_sim_sample_init(struct mg_sim_sample *sample)
{
    double at[AXES], step[AXES], ratio = golden_ratio();
    for (int a = 0; a < AXES; a++) {
        at[a] = 0.5;
        step[a] = pow(ratio, -(a + 1));
    }
    for (size_t i = 0; i < MG_SIM_POINTS; i++) {
        sample->points[i] = point_of(at);
        for (int a = 0; a < AXES; a++)
            at[a] = fmod(at[a] + step[a], 1);
    }
    init_curves(&sample->curves);
}

static int source_at(const struct mg_simulation *s, int wave, double target)
{
    for (int k = 0; k + 1 < MG_SIM_SOURCES; k++) {
        target -= mg_sim_source_share(s, k, wave);
        if (target < 0)
            return k;
    }
    return MG_SIM_SOURCES - 1;
}

static size_t usage_at(const struct mg_sim_usage *usages, size_t n, double target)
{
    for (size_t i = 0; i + 1 < n; i++) {
        target -= usages[i].probability;
        if (target < 0)
            return i;
    }
    return n - 1;
}

/* The dimensions' mean gaps for one use of touchpoints, before the source's lift and all that is personal,
 * and the spread of what is personal to the dimension. */
struct gaps {
    double mean[MG_SIM_DIMENSIONS], sd[MG_SIM_DIMENSIONS];
};

static struct gaps gaps_of(const struct mg_simulation *s, const double *item_gap,
                           const struct mg_sim_usage *usage)
{
    struct gaps gaps = {0};
    double learned = mg_sim_learned_spread() * MG_SIM_P_DIMENSION,
           shared = MG_SIM_P_DIMENSION * MG_SIM_P_DIMENSION + MG_SIM_E_DIMENSION * MG_SIM_E_DIMENSION +
                    learned * learned,
           own = MG_SIM_P_OWN * MG_SIM_P_OWN + MG_SIM_E_OWN * MG_SIM_E_OWN -
                 2 * MG_SIM_OWN_SHARED * MG_SIM_P_OWN * MG_SIM_E_OWN;
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        const struct mg_sim_item *item = &s->plan->items[i];
        if (usage->used[item->touchpoint])
            gaps.mean[item->dimension] += item_gap[i] / usage->asked[item->dimension];
    }
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
        gaps.sd[d] = sqrt(shared + own / usage->asked[d]);
    return gaps;
}

static void add_point(const struct mg_sim_sample *sample, const struct mg_sim_point *point,
                      const struct gaps *gaps, double lift, double weight, struct mg_simulation_truth *truth)
{
    double gap[MG_SIM_DIMENSIONS];
    double personal = (MG_SIM_P_PERSON - MG_SIM_E_PERSON) * point->person +
                      (MG_SIM_P_LASTING - mg_sim_lasting_e()) * point->lasting - lift;
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
        gap[d] = gaps->mean[d] + personal + gaps->sd[d] * point->own[d];
    for (int o = 0; o < MG_SIM_OUTCOMES; o++) {
        double level = mg_sim_outcome_level(&mg_sim_outcomes[o], gap);
        truth->outcome[o] += weight * mg_sim_curve_at(&sample->curves.outcome[o], level);
        if (mg_sim_outcomes[o].kind == MG_OUTCOME_NPS)
            truth->nps += weight * mg_sim_curve_at(&sample->curves.nps, level);
    }
}

void mg_sim_sample_outcomes(const struct mg_simulation *s, const struct mg_sim_sample *sample,
                            struct mg_sim_cell cell, const struct mg_sim_usage *usages, size_t n_usages,
                            struct mg_simulation_truth *truth)
{
    const struct mg_sim_levels *levels = mg_sim_levels_in(s, cell);
    size_t first = mg_sim_cell_number(cell) * MG_SIM_CELL_POINTS;
    double item_gap[MG_SIM_ITEMS], total = 0;
    struct gaps gaps[MG_SIM_PATTERNS];
    struct mg_simulation_truth sum = {0};
    for (int i = 0; i < MG_SIM_ITEMS; i++)
        item_gap[i] = levels->perceived[i] - levels->expected[i];
    for (size_t u = 0; u < n_usages; u++)
        gaps[u] = gaps_of(s, item_gap, &usages[u]);
    for (size_t i = 0; i < MG_SIM_CELL_POINTS; i++) {
        const struct mg_sim_point *point = &sample->points[(first + i) % MG_SIM_POINTS];
        double weight = mg_sim_recorded(s, cell.wave, point->lasting) * (1 - point->missing);
        add_point(sample, point, &gaps[usage_at(usages, n_usages, point->usage)],
                  mg_sim_lift(source_at(s, cell.wave, point->source)), weight, &sum);
        total += weight;
    }
    for (int o = 0; o < MG_SIM_OUTCOMES; o++)
        truth->outcome[o] = sum.outcome[o] / total;
    truth->nps = sum.nps / total;
}
