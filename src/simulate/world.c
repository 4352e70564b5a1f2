/* See world.h. */
#include "simulate/world.h"

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
    {"experience", {"own experience", "自身经历"}, 0.46, 0.34, 0},
    {"word_of_mouth", {"word of mouth", "口碑"}, 0.16, 0.18, -0.15},
    {"marketing", {"marketing", "广告宣传"}, 0.08, 0.14, 0.35},
    {"product_information", {"product information", "产品信息"}, 0.08, 0.07, 0.10},
    {"promise", {"promise", "服务承诺"}, 0.08, 0.15, 0.50},
    {"culture", {"culture", "社会习惯"}, 0.06, 0.04, 0.05},
    {"competitor", {"competitor", "同行对比"}, 0.05, 0.05, 0.25},
    {"technology", {"technology", "技术进步"}, 0.03, 0.03, 0.30},
};

/* Order: tangibles, reliability, responsiveness, assurance, empathy. */
const struct mg_sim_outcome mg_sim_outcomes[MG_SIM_OUTCOMES] = {
    {"nps",
     {"Likelihood to recommend", "推荐意愿"},
     MG_OUTCOME_NPS,
     0,
     10,
     9.6,
     1.3,
     {0.15, 0.70, 0.55, 0.30, 0.35}},
    {"satisfaction",
     {"Satisfaction", "总体满意度"},
     MG_OUTCOME_CSAT,
     1,
     10,
     8.9,
     0.9,
     {0.15, 0.60, 0.50, 0.30, 0.25}},
    {"ease",
     {"Ease of getting things done", "办事便利度"},
     MG_OUTCOME_CES,
     1,
     7,
     6.1,
     0.8,
     {0.10, 0.20, 0.50, 0.10, 0.25}},
};

static const struct mg_sim_plan *const plans[] = {&mg_sim_heating, &mg_sim_power, &mg_sim_insurance,
                                                  &mg_sim_retail, &mg_sim_airline};
const char *const mg_simulation_industries[] = {"heating", "power", "insurance", "retail", "airline", NULL};
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

double mg_sim_expected(const struct mg_simulation *s, int item, int type, int tenure)
{
    return s->plan->items[item].expected + s->plan->types[type].expects + s->plan->tenures[tenure].expects;
}

static double event_shift(const struct mg_sim_event *event, const struct mg_sim_item *item, int region)
{
    bool hit = item->dimension == event->dimension && item->touchpoint == event->touchpoint &&
               (event->region < 0 || event->region == region);
    return hit ? event->shift : 0;
}

double mg_sim_perceived(const struct mg_simulation *s, int item, int wave, int region, int type, int tenure)
{
    const struct mg_sim_plan *plan = s->plan;
    const struct mg_sim_item *it = &plan->items[item];
    double level = it->perceived + plan->regions[region].getting + plan->types[type].getting +
                   plan->tenures[tenure].getting +
                   plan->touchpoints[it->touchpoint].season[s->month[wave] - 1];
    if (wave == s->crisis_wave)
        level += event_shift(&plan->crisis, it, region);
    else if (wave == s->crisis_wave + 1)
        level += event_shift(&plan->crisis, it, region) / 3;
    if (s->waves > 1 && wave >= s->improvement_wave)
        level += event_shift(&plan->improvement, it, region);
    return level;
}

double mg_sim_source_share(const struct mg_simulation *s, int source, int wave)
{
    double t = s->waves > 1 ? (double)wave / (s->waves - 1) : 0;
    return mg_sim_sources[source].first * (1 - t) + mg_sim_sources[source].last * t;
}

double mg_sim_answering(const struct mg_simulation *s, int region, int type)
{
    return MG_SIM_ANSWERING * s->plan->regions[region].answers * s->plan->types[type].answers;
}

void mg_sim_world_init(struct mg_simulation *s)
{
    s->waves = s->spec.waves ? (int)s->spec.waves : s->plan->waves;
    lay_out_waves(s);
    s->mean_answering = mean_answering(s);
}
