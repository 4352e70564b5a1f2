/* The expected value of every recorded answer, computed rather than simulated.
 *
 * Within a cell (wave, region, type, tenure) and a source of expectation, a latent level is normal with known
 * mean m and spread s, so the mean of the answer (rounded, cut to low…high) is low + Σ_{k=low}^{high−1} Φ((m
 * − k − ½)/s). Cells are then averaged with their population shares; the weights in the data undo unequal
 * answering. Answers go missing with one probability for all items, so a respondent's dimension mean has the
 * expectation of the plain mean over the items asked; which items were asked depends on the touchpoints used:
 * all subsets of the optional touchpoints are summed over. */
#include <math.h>
#include <string.h>

#include "simulate/simulate.h"
#include "simulate/world.h"

/* Careless answers: one of 3…6 throughout, or any of 1…7. */
#define CARELESS_ANSWER (MG_SIM_STRAIGHT * 4.5 + (1 - MG_SIM_STRAIGHT) * 4.0)

static double normal_cdf(double z)
{
    return 0.5 * erfc(-z * 0.70710678118654752440);
}

/* Mean of round(N(mean, spread²)) cut to low…high. */
static double expected_answer(double mean, double spread, int low, int high)
{
    double sum = low;
    for (int k = low; k < high; k++)
        sum += normal_cdf((mean - k - 0.5) / spread);
    return sum;
}

struct cell {
    int wave, region, type, tenure;
};

/* Attentive means of the items in a cell. */
static void item_means(const struct mg_simulation *s, struct cell cell, struct mg_simulation_truth *t)
{
    double shared = MG_SIM_E_PERSON * MG_SIM_E_PERSON + MG_SIM_E_DIMENSION * MG_SIM_E_DIMENSION;
    double spread_e = sqrt(shared + MG_SIM_E_OWN * MG_SIM_E_OWN),
           spread_a = sqrt(shared + MG_SIM_A_OWN * MG_SIM_A_OWN);
    double spread_p = sqrt(MG_SIM_P_PERSON * MG_SIM_P_PERSON + MG_SIM_P_DIMENSION * MG_SIM_P_DIMENSION +
                           MG_SIM_P_OWN * MG_SIM_P_OWN);
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        double level = mg_sim_expected(s, i, cell.type, cell.tenure);
        for (int k = 0; k < MG_SIM_SOURCES; k++) {
            double share = mg_sim_source_share(s, k, cell.wave), m = level + mg_sim_sources[k].lift;
            t->expectation[i] += share * expected_answer(m, spread_e, 1, 7);
            t->adequate[i] += share * expected_answer(m - s->plan->items[i].zone, spread_a, 1, 7);
        }
        double got = mg_sim_perceived(s, i, cell.wave, cell.region, cell.type, cell.tenure);
        t->perception[i] = expected_answer(got, spread_p, 1, 7);
    }
}

/* One subset of the optional touchpoints: its probability and what it makes of a dimension. */
struct usage {
    bool used[MG_SIM_TOUCHPOINTS];
    double probability;
    int asked[MG_SIM_DIMENSIONS], items[MG_SIM_DIMENSIONS];
};

/* The subset with number `pattern`; false when there is none of that number. */
static bool usage_pattern(const struct mg_sim_plan *plan, unsigned pattern, struct usage *ret_usage)
{
    struct usage usage = {.probability = 1};
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
static double enough_answered(int n, int least)
{
    double q = (1 - MG_SIM_MISSING) * (1 - MG_SIM_MISSING), probability = 0;
    for (int k = least; k <= n; k++)
        probability +=
            exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0)) * pow(q, k) * pow(1 - q, n - k);
    return probability;
}

/* Adds a pattern's part to the dimensions; `weight` gathers the probability that there is a score. */
static void add_dimensions(const struct mg_sim_plan *plan, const struct usage *usage,
                           struct mg_simulation_truth *t, double *weight)
{
    double e[MG_SIM_DIMENSIONS] = {0}, p[MG_SIM_DIMENSIONS] = {0};
    for (int i = 0; i < MG_SIM_ITEMS; i++)
        if (usage->used[plan->items[i].touchpoint]) {
            e[plan->items[i].dimension] += t->expectation[i];
            p[plan->items[i].dimension] += t->perception[i];
        }
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
        int least = (int)ceil(MG_SIM_MIN_ANSWERED * usage->items[d]);
        double w = usage->probability * enough_answered(usage->asked[d], least);
        t->dimension_expectation[d] += w * e[d] / usage->asked[d];
        t->dimension_perception[d] += w * p[d] / usage->asked[d];
        weight[d] += w;
    }
}

/* Mean and spread of an outcome's latent level, given the pattern; `gap`: the items' mean latent gaps before
 * the source's lift. */
static double outcome_level(const struct mg_sim_plan *plan, const double *gap,
                            const struct mg_sim_outcome *outcome, const struct usage *usage,
                            double *ret_spread)
{
    double level = outcome->intercept, person = 0, variance = outcome->noise * outcome->noise;
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
        double b = outcome->weight[d];
        person += b * (MG_SIM_P_PERSON - MG_SIM_E_PERSON);
        variance += b * b *
                    (MG_SIM_P_DIMENSION * MG_SIM_P_DIMENSION + MG_SIM_E_DIMENSION * MG_SIM_E_DIMENSION +
                     (MG_SIM_P_OWN * MG_SIM_P_OWN + MG_SIM_E_OWN * MG_SIM_E_OWN) / usage->asked[d]);
    }
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        const struct mg_sim_item *item = &plan->items[i];
        if (usage->used[item->touchpoint])
            level += outcome->weight[item->dimension] / usage->asked[item->dimension] * gap[i];
    }
    *ret_spread = sqrt(variance + person * person);
    return level;
}

static void add_outcomes(const struct mg_simulation *s, int wave, const double *gap,
                         const struct usage *usage, struct mg_simulation_truth *t)
{
    for (int o = 0; o < MG_SIM_OUTCOMES; o++) {
        const struct mg_sim_outcome *outcome = &mg_sim_outcomes[o];
        double spread, total = 0, level = outcome_level(s->plan, gap, outcome, usage, &spread);
        for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
            total += outcome->weight[d];
        for (int k = 0; k < MG_SIM_SOURCES; k++) {
            double m = level - total * mg_sim_sources[k].lift;
            double share = usage->probability * mg_sim_source_share(s, k, wave);
            t->outcome[o] += share * expected_answer(m, spread, outcome->low, outcome->high);
            if (outcome->kind == MG_OUTCOME_NPS)
                t->nps += 100 * share * (normal_cdf((m - 8.5) / spread) - normal_cdf((6.5 - m) / spread));
        }
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
    }
    for (int o = 0; o < MG_SIM_OUTCOMES; o++)
        t->outcome[o] += c * (0.5 * (mg_sim_outcomes[o].low + mg_sim_outcomes[o].high) - t->outcome[o]);
    t->nps += c * (100 * (2.0 / 11 - 7.0 / 11) - t->nps);
}

static void cell_truth(const struct mg_simulation *s, struct cell cell, struct mg_simulation_truth *ret_truth)
{
    struct mg_simulation_truth t = {0};
    struct usage usage;
    double weight[MG_SIM_DIMENSIONS] = {0}, gap[MG_SIM_ITEMS];
    item_means(s, cell, &t);
    for (int i = 0; i < MG_SIM_ITEMS; i++)
        gap[i] = mg_sim_perceived(s, i, cell.wave, cell.region, cell.type, cell.tenure) -
                 mg_sim_expected(s, i, cell.type, cell.tenure);
    for (unsigned pattern = 0; usage_pattern(s->plan, pattern, &usage); pattern++)
        add_outcomes(s, cell.wave, gap, &usage, &t);
    mix_careless(&t);
    for (unsigned pattern = 0; usage_pattern(s->plan, pattern, &usage); pattern++)
        add_dimensions(s->plan, &usage, &t, weight);
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
        t.dimension_expectation[d] /= weight[d];
        t.dimension_perception[d] /= weight[d];
    }
    *ret_truth = t;
}

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

static size_t cell_index(struct cell c)
{
    return (size_t)(((c.wave * MG_SIM_REGIONS + c.region) * MG_SIM_TYPES + c.type) * MG_SIM_TENURES +
                    c.tenure);
}

/* Steps through all cells of the waves; false past the last. */
static bool next_cell(const struct mg_simulation *s, struct cell *c)
{
    if (++c->tenure < MG_SIM_TENURES)
        return true;
    c->tenure = 0;
    if (++c->type < MG_SIM_TYPES)
        return true;
    c->type = 0;
    if (++c->region < MG_SIM_REGIONS)
        return true;
    c->region = 0;
    return ++c->wave < s->waves;
}

const struct mg_simulation_truth *mg_sim_cells_new(struct mg_arena *arena, const struct mg_simulation *s)
{
    size_t n = (size_t)s->waves * MG_SIM_REGIONS * MG_SIM_TYPES * MG_SIM_TENURES;
    struct mg_simulation_truth *cells = mg_arena_array(arena, n, sizeof *cells);
    struct cell cell = {0};
    if (cells)
        do
            cell_truth(s, cell, &cells[cell_index(cell)]);
        while (next_cell(s, &cell));
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
        allocation += mg_sim_dimensions[d].weight;
    }
    t->overall_expectation /= allocation;
    t->overall_perception /= allocation;
}

void mg_simulation_truth(const struct mg_simulation *s, const struct mg_simulation_scope *scope,
                         struct mg_simulation_truth *ret_truth)
{
    struct mg_simulation_truth sum = {0}, mean = {0};
    struct cell c = {0};
    double total = 0;
    do {
        if (!within(scope->wave, c.wave) || !within(scope->region, c.region) ||
            !within(scope->type, c.type) || !within(scope->tenure, c.tenure))
            continue;
        double share = s->plan->regions[c.region].share * s->plan->types[c.type].share *
                       s->plan->tenures[c.tenure].share;
        accumulate(&sum, &s->cells[cell_index(c)], share);
        total += share;
    } while (next_cell(s, &c));
    accumulate(&mean, &sum, 1 / total);
    add_overall(&mean);
    *ret_truth = mean;
}
