/* See world.h. */
#include "simulate/world.h"

#include <math.h>
#include <stdio.h>

#include "base/str.h"

const struct mg_sim_dimension mg_sim_dimensions[MG_SIM_DIMENSIONS] = {
    [MG_SIM_TANGIBLES] = {"tangibles", {"Tangibles", "有形性"}, 11},
    [MG_SIM_RELIABILITY] = {"reliability", {"Reliability", "可靠性"}, 32},
    [MG_SIM_RESPONSIVENESS] = {"responsiveness", {"Responsiveness", "响应性"}, 22},
    [MG_SIM_ASSURANCE] = {"assurance", {"Assurance", "保证性"}, 19},
    [MG_SIM_EMPATHY] = {"empathy", {"Empathy", "移情性"}, 16},
};

const struct mg_sim_source mg_sim_sources[MG_SIM_SOURCES] = {
    {"experience", {"own experience", "亲身经历"}, 0.46, 0.34, 0},
    {"word_of_mouth", {"word of mouth", "口碑"}, 0.16, 0.18, -0.15},
    {"marketing", {"marketing", "宣传"}, 0.08, 0.14, 0.35},
    {"product_information", {"product information", "产品说明"}, 0.08, 0.07, 0.10},
    {"promise", {"promise", "承诺"}, 0.08, 0.15, 0.50},
    {"culture", {"custom", "习惯与文化"}, 0.06, 0.04, 0.05},
    {"competitor", {"others’ service", "别家"}, 0.05, 0.05, 0.25},
    {"technology", {"technology", "技术"}, 0.03, 0.03, 0.30},
};

/* Order: tangibles, reliability, responsiveness, assurance, empathy. */
const struct mg_sim_outcome mg_sim_outcomes[MG_SIM_OUTCOMES] = {
    {"nps",
     {"Likelihood to recommend", "推荐意愿"},
     MG_OUTCOME_NPS,
     0,
     10,
     10.15,
     1.3,
     {0.10, 0.46, 0.36, 0.20, 0.23}},
    {"satisfaction",
     {"Satisfaction", "总体满意度"},
     MG_OUTCOME_CSAT,
     1,
     10,
     9.45,
     0.9,
     {0.10, 0.39, 0.33, 0.20, 0.16}},
    {"ease",
     {"Ease of getting things done", "办事便利度"},
     MG_OUTCOME_CES,
     1,
     7,
     6.4,
     0.8,
     {0.07, 0.13, 0.33, 0.07, 0.16}},
};

const struct mg_sim_tilted mg_sim_answers = {0.25, 0.3}, mg_sim_missing = {0.03, -0.6},
                           mg_sim_returns = {0.75, 0.2}, mg_sim_stays = {0.85, 0.12};

static const struct mg_sim_plan *const plans[] = {&mg_sim_heating, &mg_sim_power, &mg_sim_insurance,
                                                  &mg_sim_retail, &mg_sim_airline};
const char *const mg_simulation_industries[] = {"heating", "power", "insurance", "retail", "airline", NULL};
const char *const mg_simulation_designs[] = {
    [MG_SIM_CROSS] = "cross", [MG_SIM_PREPOST] = "prepost", [MG_SIM_PANEL] = "panel", NULL};
_Static_assert(ARRAY_LEN(mg_simulation_industries) == ARRAY_LEN(plans) + 1, "a name a plan, and the end");

const struct mg_sim_plan *mg_sim_plan_of(const char *industry)
{
    for (size_t i = 0; i < ARRAY_LEN(plans); i++)
        if (mg_str_equal(plans[i]->code, industry))
            return plans[i];
    return NULL;
}

/* Waves follow the plan's months, season after season; the crisis falls in the last wave of its month. */
static void lay_out_waves(struct mg_simulation *s)
{
    int year = s->plan->first_year;
    s->crisis_wave = s->waves - 1;
    for (int wave = 0; wave < s->waves; wave++) {
        s->month[wave] = s->plan->months[wave % s->plan->n_months];
        if (wave > 0 && s->month[wave] <= s->month[wave - 1])
            year++;
        snprintf(s->wave_name[wave], sizeof s->wave_name[wave], "%04d-%02d", year, s->month[wave]);
        if (s->month[wave] == s->plan->crisis_month)
            s->crisis_wave = wave;
    }
    s->improvement_wave = s->waves > 1 ? (s->waves + 1) / 2 : 0;
}

static double mean_answering(const struct mg_simulation *s)
{
    double mean = 0;
    for (int region = 0; region < MG_SIM_REGIONS; region++)
        for (int type = 0; type < MG_SIM_TYPES; type++)
            mean += s->plan->regions[region].share * s->plan->types[type].share *
                    mg_sim_answering(s, region, type);
    return mean;
}

double mg_sim_satisfied(double lasting)
{
    return 2 * mg_sim_normal_cdf(lasting) - 1;
}

double mg_sim_tilted_at(const struct mg_sim_tilted *tilted, double satisfied)
{
    return tilted->mean * (1 + tilted->tilt * satisfied);
}

double mg_sim_learned(int waves_ago)
{
    double share = waves_ago > MG_SIM_MEMORY ? 0 : MG_SIM_LEARNING;
    for (int ago = 1; ago < waves_ago; ago++)
        share *= MG_SIM_FADING;
    return share;
}

double mg_sim_learned_in_all(void)
{
    double sum = 0;
    for (int ago = 1; ago <= MG_SIM_MEMORY; ago++)
        sum += mg_sim_learned(ago);
    return sum;
}

double mg_sim_learned_spread(void)
{
    double sum = 0;
    for (int ago = 1; ago <= MG_SIM_MEMORY; ago++)
        sum += mg_sim_learned(ago) * mg_sim_learned(ago);
    return sqrt(sum);
}

double mg_sim_lasting_e(void)
{
    return mg_sim_learned_in_all() * MG_SIM_P_LASTING;
}

static double length(double a, double b, double c)
{
    return sqrt(a * a + b * b + c * c);
}

/* Person, dimension and what was experienced, which expectation and adequate level share. */
static struct mg_sim_spread spread_before(double own)
{
    double experienced = mg_sim_learned_spread() * MG_SIM_P_DIMENSION;
    return (struct mg_sim_spread){.sd = hypot(length(MG_SIM_E_PERSON, MG_SIM_E_DIMENSION, own), experienced),
                                  .share = MG_SIM_UNCONCERNED,
                                  .drop = MG_SIM_UNCONCERNED_DROP,
                                  .low = 1,
                                  .high = 7};
}

struct mg_sim_spread mg_sim_spread_e(void)
{
    return spread_before(MG_SIM_E_OWN);
}

struct mg_sim_spread mg_sim_spread_a(void)
{
    return spread_before(MG_SIM_A_OWN);
}

struct mg_sim_spread mg_sim_spread_p(void)
{
    return (struct mg_sim_spread){
        .sd = length(MG_SIM_P_PERSON, MG_SIM_P_DIMENSION, MG_SIM_P_OWN), .low = 1, .high = 7};
}

/* The mean level that gives this mean answer among all customers, however they are lastingly served. */
static double level_of(struct mg_sim_spread spread, double lasting, double wanted)
{
    spread.sd = hypot(spread.sd, lasting);
    return mg_sim_level_of(&spread, wanted);
}

static double event_shift(const struct mg_sim_event *event, const struct mg_sim_item *item, int region)
{
    bool hit = item->dimension == event->dimension && item->touchpoint == event->touchpoint &&
               (event->region < 0 || event->region == region);
    return hit ? event->shift : 0;
}

/* What is unusual in a wave: season, crisis, improvement. */
static double news(const struct mg_simulation *s, int item, int wave, int region)
{
    const struct mg_sim_plan *plan = s->plan;
    const struct mg_sim_item *it = &plan->items[item];
    double points = plan->touchpoints[it->touchpoint].season[s->month[wave] - 1];
    if (wave == s->crisis_wave)
        points += event_shift(&plan->crisis, it, region);
    else if (wave == s->crisis_wave + 1)
        points += event_shift(&plan->crisis, it, region) / 3;
    if (s->waves > 1 && wave >= s->improvement_wave)
        points += event_shift(&plan->improvement, it, region);
    return MG_SIM_P_STRETCH * points;
}

static double shift_before(const struct mg_simulation *s, int item, struct mg_sim_cell cell)
{
    double shift =
        MG_SIM_E_STRETCH * (s->plan->types[cell.type].expects + s->plan->tenures[cell.tenure].expects);
    for (int ago = 1; ago <= MG_SIM_MEMORY && ago <= cell.wave; ago++)
        shift += mg_sim_learned(ago) * news(s, item, cell.wave - ago, cell.region);
    return shift;
}

static double shift_after(const struct mg_simulation *s, int item, struct mg_sim_cell cell)
{
    const struct mg_sim_plan *plan = s->plan;
    double points = plan->regions[cell.region].getting + plan->types[cell.type].getting +
                    plan->tenures[cell.tenure].getting;
    return MG_SIM_P_STRETCH * points + news(s, item, cell.wave, cell.region);
}

size_t mg_sim_cell_number(struct mg_sim_cell c)
{
    return (size_t)(((c.wave * MG_SIM_REGIONS + c.region) * MG_SIM_TYPES + c.type) * MG_SIM_TENURES +
                    c.tenure);
}

bool mg_sim_cell_next(const struct mg_simulation *s, struct mg_sim_cell *c)
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

/* Where nothing shifts them: from the plan's mean answers. */
static struct mg_sim_levels usual_levels(const struct mg_sim_plan *plan)
{
    struct mg_sim_levels usual;
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        const struct mg_sim_item *item = &plan->items[i];
        usual.expected[i] = level_of(mg_sim_spread_e(), mg_sim_lasting_e(), item->expected);
        usual.adequate[i] = level_of(mg_sim_spread_a(), mg_sim_lasting_e(), item->expected - item->zone);
        usual.perceived[i] = level_of(mg_sim_spread_p(), MG_SIM_P_LASTING, item->perceived);
    }
    return usual;
}

static const struct mg_sim_levels *levels_new(struct mg_arena *arena, const struct mg_simulation *s)
{
    size_t n = (size_t)s->waves * MG_SIM_REGIONS * MG_SIM_TYPES * MG_SIM_TENURES;
    struct mg_sim_levels *levels = mg_arena_array(arena, n, sizeof *levels);
    const struct mg_sim_levels usual = usual_levels(s->plan);
    struct mg_sim_cell cell = {0};
    if (!levels)
        return NULL;
    do {
        struct mg_sim_levels *l = &levels[mg_sim_cell_number(cell)];
        for (int i = 0; i < MG_SIM_ITEMS; i++) {
            double before = shift_before(s, i, cell);
            l->expected[i] = usual.expected[i] + before;
            l->adequate[i] = usual.adequate[i] + before;
            l->perceived[i] = usual.perceived[i] + shift_after(s, i, cell);
        }
    } while (mg_sim_cell_next(s, &cell));
    return levels;
}

double mg_sim_lift(int source)
{
    return MG_SIM_E_STRETCH * mg_sim_sources[source].lift;
}

double mg_sim_outcome_level(const struct mg_sim_outcome *outcome, const double gap[MG_SIM_DIMENSIONS])
{
    double level = outcome->intercept;
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
        level += outcome->weight[d] * gap[d] * (gap[d] > 0 ? MG_SIM_GAIN : 1);
    return level;
}

double mg_sim_source_share(const struct mg_simulation *s, int source, int wave)
{
    double t = s->waves > 1 ? (double)wave / (s->waves - 1) : 0;
    return mg_sim_sources[source].first * (1 - t) + mg_sim_sources[source].last * t;
}

double mg_sim_answering(const struct mg_simulation *s, int region, int type)
{
    return mg_sim_answers.mean * s->plan->regions[region].answers * s->plan->types[type].answers;
}

bool mg_sim_world_init(struct mg_arena *arena, struct mg_simulation *s)
{
    s->waves = s->spec.waves ? (int)s->spec.waves : s->plan->waves;
    lay_out_waves(s);
    s->mean_answering = mean_answering(s);
    s->levels = levels_new(arena, s);
    return s->levels != NULL;
}
