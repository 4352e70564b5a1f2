/* The expected value of every recorded answer, computed rather than simulated.
 *
 * Within a cell (wave, region, type, tenure), a source of expectation and a value of s (how the customer is
 * lastingly served), a latent level is normal with known mean and spread, so the mean of the answer is a
 * finite sum of normal probabilities (answer.h), tabulated over the mean. Whether an answer is recorded
 * depends on s alone. So every mean is one integral over s, summed at equal steps, which for functions as
 * smooth as these is exact to all digits (Trefethen & Weideman 2014, SIAM Review 56). Given s, answers go
 * missing with one probability for all items, so a respondent's dimension mean has the expectation of the
 * plain mean over the items asked; which were asked depends on the touchpoints used: all subsets of the
 * optional ones are summed over. Cells are averaged with their population shares; the weights in the data
 * undo the segments' unequal answering. */
#include <math.h>
#include <string.h>

#include "simulate/simulate.h"
#include "simulate/truth.h"

/* Careless answers: one of 3…6 throughout, or any of 1…7. */
#define CARELESS_ANSWER (MG_SIM_STRAIGHT * 4.5 + (1 - MG_SIM_STRAIGHT) * 4.0)

#define NODES 17 /* values of s, −6 to 6 */
#define NODE_STEP 0.75

/* What all cells share. */
struct integral {
    const struct mg_simulation *s;
    double lasting[NODES], density[NODES], missing[NODES];
    double enough[NODES][MG_SIM_DIMENSIONS][MG_SIM_ITEMS + 1]; /* with so many asked, there is a score */
    struct mg_sim_curve e, a, p;
    struct mg_sim_usage usages[MG_SIM_PATTERNS];
    size_t n_usages;
    struct mg_sim_sample sample;
};

/* Means of attentive answers in a cell, given s. */
struct means {
    double e[NODES][MG_SIM_ITEMS], a[NODES][MG_SIM_ITEMS], p[NODES][MG_SIM_ITEMS];
};

/* ---- before the cells ---- */

double mg_sim_recorded(const struct mg_simulation *s, int wave, double lasting)
{
    double satisfied = mg_sim_satisfied(lasting);
    double weight = mg_sim_tilted_at(&mg_sim_answers, satisfied);
    if (s->spec.design == MG_SIM_PREPOST)
        weight *= mg_sim_tilted_at(&mg_sim_returns, satisfied);
    if (s->spec.design == MG_SIM_PANEL)
        weight *= pow(mg_sim_tilted_at(&mg_sim_stays, satisfied), wave);
    return weight;
}

/* The subset with number `pattern`; false when there is none of that number. */
static bool usage_pattern(const struct mg_sim_plan *plan, unsigned pattern, struct mg_sim_usage *ret_usage)
{
    struct mg_sim_usage usage = {.probability = 1};
    unsigned bit = 0;
    for (int t = 0; t < MG_SIM_TOUCHPOINTS; t++) {
        double share = plan->touchpoints[t].usage;
        usage.used[t] = share >= 1 || (pattern >> bit & 1);
        if (share < 1) {
            usage.probability *= usage.used[t] ? share : 1 - share;
            bit++;
        }
    }
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        usage.items[plan->items[i].dimension]++;
        usage.asked[plan->items[i].dimension] += usage.used[plan->items[i].touchpoint];
    }
    *ret_usage = usage;
    return pattern >> bit == 0;
}

/* Probability that at least `least` of `n` pairs are complete. */
static double enough_answered(double missing, int n, int least)
{
    double q = (1 - missing) * (1 - missing), probability = 0;
    for (int k = least; k <= n; k++)
        probability +=
            exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0)) * pow(q, k) * pow(1 - q, n - k);
    return probability;
}

static void init_nodes(struct integral *in)
{
    for (int k = 0; k < NODES; k++) {
        in->lasting[k] = (k - NODES / 2) * NODE_STEP;
        in->density[k] = exp(-in->lasting[k] * in->lasting[k] / 2);
        in->missing[k] = mg_sim_tilted_at(&mg_sim_missing, mg_sim_satisfied(in->lasting[k]));
        for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
            int items = in->usages[0].items[d], least = (int)ceil(MG_SIM_MIN_ANSWERED * items);
            for (int n = 0; n <= items; n++)
                in->enough[k][d][n] = enough_answered(in->missing[k], n, least);
        }
    }
}

static void init_integral(struct integral *in, const struct mg_simulation *s)
{
    const struct mg_sim_spread e = mg_sim_spread_e(), a = mg_sim_spread_a(), p = mg_sim_spread_p();
    in->s = s;
    while (in->n_usages < MG_SIM_PATTERNS &&
           usage_pattern(s->plan, (unsigned)in->n_usages, &in->usages[in->n_usages]))
        in->n_usages++;
    init_nodes(in);
    mg_sim_curve_init(&in->e, &e);
    mg_sim_curve_init(&in->a, &a);
    mg_sim_curve_init(&in->p, &p);
    mg_sim_sample_init(&in->sample);
}

/* ---- a cell ---- */

static void item_means(const struct integral *in, struct mg_sim_cell cell, struct means *m)
{
    const struct mg_simulation *s = in->s;
    const struct mg_sim_levels *levels = mg_sim_levels_in(s, cell);
    double share[MG_SIM_SOURCES];
    for (int source = 0; source < MG_SIM_SOURCES; source++)
        share[source] = mg_sim_source_share(s, source, cell.wave);
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        for (int k = 0; k < NODES; k++) {
            m->p[k][i] = mg_sim_curve_at(&in->p, levels->perceived[i] + MG_SIM_P_LASTING * in->lasting[k]);
            for (int source = 0; source < MG_SIM_SOURCES; source++) {
                double shift = mg_sim_lift(source) + mg_sim_lasting_e() * in->lasting[k];
                m->e[k][i] += share[source] * mg_sim_curve_at(&in->e, levels->expected[i] + shift);
                m->a[k][i] += share[source] * mg_sim_curve_at(&in->a, levels->adequate[i] + shift);
            }
        }
    }
}

/* Sum of weight[k] × at[k][i], as a mean. */
static double integrate(const double weight[NODES], const double at[NODES][MG_SIM_ITEMS], int i)
{
    double sum = 0, total = 0;
    for (int k = 0; k < NODES; k++) {
        sum += weight[k] * at[k][i];
        total += weight[k];
    }
    return sum / total;
}

static void add_items(const struct integral *in, const double *recorded, const struct means *m,
                      struct mg_simulation_truth *t)
{
    double pairs[NODES];
    for (int k = 0; k < NODES; k++)
        pairs[k] = recorded[k] * (1 - in->missing[k]) * (1 - in->missing[k]);
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        t->expectation[i] = integrate(pairs, m->e, i);
        t->adequate[i] = integrate(pairs, m->a, i);
        t->perception[i] = integrate(pairs, m->p, i);
        t->gap_of_all[i] = integrate(in->density, m->p, i) - integrate(in->density, m->e, i);
    }
}

/* Both sides' means over the items of a dimension that one use of touchpoints asks about, given s. */
static void dimension_means(const struct mg_sim_plan *plan, const struct mg_sim_usage *usage,
                            const struct means *m, int k, double *ret_e, double *ret_p)
{
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
        ret_e[d] = ret_p[d] = 0;
    for (int i = 0; i < MG_SIM_ITEMS; i++)
        if (usage->used[plan->items[i].touchpoint]) {
            int d = plan->items[i].dimension;
            ret_e[d] += m->e[k][i] / usage->asked[d];
            ret_p[d] += m->p[k][i] / usage->asked[d];
        }
}

static void add_dimensions(const struct integral *in, const double *recorded, const struct means *m,
                           struct mg_simulation_truth *t)
{
    double scores[MG_SIM_DIMENSIONS] = {0}, all = 0, e[MG_SIM_DIMENSIONS], p[MG_SIM_DIMENSIONS];
    for (size_t u = 0; u < in->n_usages; u++)
        for (int k = 0; k < NODES; k++) {
            const struct mg_sim_usage *usage = &in->usages[u];
            double everybody = usage->probability * in->density[k];
            dimension_means(in->s->plan, usage, m, k, e, p);
            for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
                double w = usage->probability * recorded[k] * in->enough[k][d][usage->asked[d]];
                t->dimension_expectation[d] += w * e[d];
                t->dimension_perception[d] += w * p[d];
                t->dimension_gap_of_all[d] += everybody * (p[d] - e[d]);
                scores[d] += w;
            }
            all += everybody;
        }
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
        t->dimension_expectation[d] /= scores[d];
        t->dimension_perception[d] /= scores[d];
        t->dimension_gap_of_all[d] /= all;
    }
}

/* Mixes in the careless, whose answers don't depend on the question. */
static void mix_careless(struct mg_simulation_truth *t)
{
    double c = MG_SIM_CARELESS;
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        t->expectation[i] += c * (CARELESS_ANSWER - t->expectation[i]);
        t->perception[i] += c * (CARELESS_ANSWER - t->perception[i]);
        t->adequate[i] += c * (CARELESS_ANSWER - t->adequate[i]);
        t->gap_of_all[i] *= 1 - c;
    }
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
        t->dimension_expectation[d] += c * (CARELESS_ANSWER - t->dimension_expectation[d]);
        t->dimension_perception[d] += c * (CARELESS_ANSWER - t->dimension_perception[d]);
        t->dimension_gap_of_all[d] *= 1 - c;
    }
    for (int o = 0; o < MG_SIM_OUTCOMES; o++)
        t->outcome[o] += c * (0.5 * (mg_sim_outcomes[o].low + mg_sim_outcomes[o].high) - t->outcome[o]);
    t->nps += c * (100 * (2.0 / 11 - 7.0 / 11) - t->nps);
}

static void cell_truth(const struct integral *in, struct mg_sim_cell cell,
                       struct mg_simulation_truth *ret_truth)
{
    struct mg_simulation_truth t = {0};
    struct means m = {0};
    double recorded[NODES];
    for (int k = 0; k < NODES; k++)
        recorded[k] = in->density[k] * mg_sim_recorded(in->s, cell.wave, in->lasting[k]);
    item_means(in, cell, &m);
    add_items(in, recorded, &m, &t);
    add_dimensions(in, recorded, &m, &t);
    mg_sim_sample_outcomes(in->s, &in->sample, cell, in->usages, in->n_usages, &t);
    mix_careless(&t);
    *ret_truth = t;
}

/* ---- over the cells ---- */

/* The structure is nothing but numbers, so averaging runs over it as over a vector. */
#define TRUTH_NUMBERS (sizeof(struct mg_simulation_truth) / sizeof(double))
_Static_assert(TRUTH_NUMBERS * sizeof(double) == sizeof(struct mg_simulation_truth), "only doubles");

static void accumulate(struct mg_simulation_truth *sum, const struct mg_simulation_truth *part, double share)
{
    double into[TRUTH_NUMBERS], from[TRUTH_NUMBERS];
    memcpy(into, sum, sizeof into);
    memcpy(from, part, sizeof from);
    for (size_t i = 0; i < TRUTH_NUMBERS; i++)
        into[i] += share * from[i];
    memcpy(sum, into, sizeof into);
}

const struct mg_simulation_truth *mg_sim_cells_new(struct mg_arena *arena, const struct mg_simulation *s)
{
    size_t n = (size_t)s->waves * MG_SIM_REGIONS * MG_SIM_TYPES * MG_SIM_TENURES;
    struct mg_simulation_truth *cells = mg_arena_array(arena, n, sizeof *cells);
    struct integral *in = mg_arena_alloc(arena, sizeof *in);
    struct mg_sim_cell cell = {0};
    if (!cells || !in)
        return NULL;
    init_integral(in, s);
    do
        cell_truth(in, cell, &cells[mg_sim_cell_number(cell)]);
    while (mg_sim_cell_next(s, &cell));
    return cells;
}

static bool within(int wanted, int value)
{
    return wanted < 0 || wanted == value;
}

static void add_overall(struct mg_simulation_truth *t)
{
    double allocation = 0;
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
        t->overall_expectation += mg_sim_dimensions[d].weight * t->dimension_expectation[d];
        t->overall_perception += mg_sim_dimensions[d].weight * t->dimension_perception[d];
        t->overall_gap_of_all += mg_sim_dimensions[d].weight * t->dimension_gap_of_all[d];
        allocation += mg_sim_dimensions[d].weight;
    }
    t->overall_expectation /= allocation;
    t->overall_perception /= allocation;
    t->overall_gap_of_all /= allocation;
}

/* Share of the customers that answer in a wave, up to a factor: a panel thins out. */
static double answered_in(const struct mg_simulation *s, int wave)
{
    double sum = 0;
    for (int k = 0; k < NODES; k++) {
        double lasting = (k - NODES / 2) * NODE_STEP;
        sum += exp(-lasting * lasting / 2) * mg_sim_recorded(s, wave, lasting);
    }
    return sum;
}

void mg_simulation_truth(const struct mg_simulation *s, const struct mg_simulation_scope *scope,
                         struct mg_simulation_truth *ret_truth)
{
    struct mg_simulation_truth sum = {0}, mean = {0};
    struct mg_sim_cell c = {0};
    double total = 0, answered[MG_SIM_WAVES_MAX];
    for (int wave = 0; wave < s->waves; wave++)
        answered[wave] = answered_in(s, wave);
    do {
        if (!within(scope->wave, c.wave) || !within(scope->region, c.region) ||
            !within(scope->type, c.type) || !within(scope->tenure, c.tenure))
            continue;
        double share = answered[c.wave] * s->plan->regions[c.region].share * s->plan->types[c.type].share *
                       s->plan->tenures[c.tenure].share;
        accumulate(&sum, &s->cells[mg_sim_cell_number(c)], share);
        total += share;
    } while (mg_sim_cell_next(s, &c));
    accumulate(&mean, &sum, 1 / total);
    add_overall(&mean);
    *ret_truth = mean;
}
