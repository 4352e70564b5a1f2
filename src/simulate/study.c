/* The study that describes a simulated survey: what any survey's owner would have to state, made from the
 * plan. */
#include "simulate/simulate.h"
#include "simulate/world.h"

static const struct mg_scale seven = {1, 7, 1};

static bool fill_items(struct mg_arena *arena, const struct mg_simulation *s,
                       const struct mg_simulation_truth *truth, struct mg_item *items)
{
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        const struct mg_sim_item *from = &s->plan->items[i];
        items[i] = (struct mg_item){
            .code = mg_arena_printf(arena, "q%02d", i + 1),
            .label = from->label,
            .dimension = from->dimension,
            .touchpoint = from->touchpoint,
            .expectation = mg_arena_printf(arena, "E%02d", i + 1),
            .perception = mg_arena_printf(arena, "P%02d", i + 1),
            .adequate = mg_arena_printf(arena, "A%02d", i + 1),
            .scale = seven,
            .importance_scale = seven,
            .truth = truth->perception[i] - truth->expectation[i],
        };
        if (!items[i].code || !items[i].expectation || !items[i].perception || !items[i].adequate)
            return false;
    }
    return true;
}

static void fill_parts(const struct mg_simulation *s, const struct mg_simulation_truth *truth,
                       struct mg_dimension *dimensions, struct mg_touchpoint *touchpoints,
                       struct mg_outcome *outcomes, struct mg_grouping *groups)
{
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
        dimensions[d] = (struct mg_dimension){
            mg_sim_dimensions[d].code, mg_sim_dimensions[d].label, mg_sim_dimensions[d].weight,
            truth->dimension_perception[d] - truth->dimension_expectation[d]};
    for (int t = 0; t < MG_SIM_TOUCHPOINTS; t++) {
        const struct mg_sim_touchpoint *from = &s->plan->touchpoints[t];
        touchpoints[t] = (struct mg_touchpoint){from->code, from->label, from->stage};
    }
    for (int o = 0; o < MG_SIM_OUTCOMES; o++) {
        const struct mg_sim_outcome *from = &mg_sim_outcomes[o];
        outcomes[o] = (struct mg_outcome){.code = from->code,
                                          .label = from->label,
                                          .kind = from->kind,
                                          .column = from->code,
                                          .scale = {from->low, from->high, 1},
                                          .has_top = from->kind == MG_OUTCOME_CSAT,
                                          .top = from->high - 1};
    }
    groups[0] = (struct mg_grouping){"region", {"Region", "区域"}, "region"};
    groups[1] = (struct mg_grouping){"customer_type", s->plan->type_label, "customer_type"};
    groups[2] = (struct mg_grouping){"tenure", {"Tenure", "客龄"}, "tenure"};
    groups[3] = (struct mg_grouping){"source", {"Source of expectation", "期望来源"}, "source"};
}

static size_t fill_events(const struct mg_simulation *s, struct mg_study_event *events)
{
    events[0] = (struct mg_study_event){s->wave_name[s->crisis_wave], s->plan->crisis.label};
    events[1] = (struct mg_study_event){s->wave_name[s->improvement_wave], s->plan->improvement.label};
    return s->waves > 1 ? 2 : 1;
}

const struct mg_study *mg_simulation_study_of(struct mg_arena *arena, const struct mg_simulation *s,
                                              const struct mg_simulation_scope *scope)
{
    struct mg_simulation_truth truth;
    mg_simulation_truth(s, scope, &truth);
    struct mg_study *study = mg_arena_alloc(arena, sizeof *study);
    struct mg_item *items = mg_arena_array(arena, MG_SIM_ITEMS, sizeof *items);
    struct mg_dimension *dimensions = mg_arena_array(arena, MG_SIM_DIMENSIONS, sizeof *dimensions);
    struct mg_touchpoint *touchpoints = mg_arena_array(arena, MG_SIM_TOUCHPOINTS, sizeof *touchpoints);
    struct mg_outcome *outcomes = mg_arena_array(arena, MG_SIM_OUTCOMES, sizeof *outcomes);
    struct mg_grouping *groups = mg_arena_array(arena, 4, sizeof *groups);
    struct mg_study_event *events = mg_arena_array(arena, 2, sizeof *events);
    if (!study || !events || !items || !dimensions || !touchpoints || !outcomes || !groups ||
        !fill_items(arena, s, &truth, items))
        return NULL;
    fill_parts(s, &truth, dimensions, touchpoints, outcomes, groups);
    *study = (struct mg_study){
        .code = s->plan->code,
        .title = s->plan->title,
        .simulated = true,
        .scale = seven,
        .expectation_kind = MG_EXPECT_DESIRED,
        .missing_rule = MG_MISSING_PAIRWISE,
        .min_answered = MG_SIM_MIN_ANSWERED,
        .margin = MG_STUDY_MARGIN,
        .dimensions = dimensions,
        .n_dimensions = MG_SIM_DIMENSIONS,
        .touchpoints = touchpoints,
        .n_touchpoints = MG_SIM_TOUCHPOINTS,
        .items = items,
        .n_items = MG_SIM_ITEMS,
        .outcomes = outcomes,
        .n_outcomes = MG_SIM_OUTCOMES,
        .groups = groups,
        .n_groups = 4,
        .events = events,
        .n_events = fill_events(s, events),
        .wave = "wave",
        .weight = "weight",
        .customer = "customer_id",
        .episode = s->spec.design == MG_SIM_PREPOST ? "episode" : NULL,
        .time = "answered_at",
        .id = "response_id",
    };
    return study;
}
