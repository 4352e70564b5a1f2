/* Draws simulated customers and their answers. The model stands in simulate.h; the constants of an industry
 * in its plan.
 *
 * Random numbers are counter-based and keyed by (seed, customer, wave): a customer's answer in a wave is the
 * same whatever else is drawn, in whatever order. Streams of a customer: 0 own traits, 1 … answers of the
 * waves, from 128 what was experienced in them, beginning MG_SIM_MEMORY waves before the first. */
#include "simulate/simulate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "base/str.h"
#include "simulate/world.h"

static int check_spec(const struct mg_simulation_spec *spec, struct mg_error *error)
{
    if (spec->customers < 1 || spec->customers > MG_SIM_CUSTOMERS_MAX)
        return mg_fail(error, MG_E_INVALID, "The number of customers must be between 1 and %d.",
                       MG_SIM_CUSTOMERS_MAX);
    if (spec->waves < 0 || spec->waves > MG_SIM_WAVES_MAX)
        return mg_fail(error, MG_E_INVALID, "The number of waves must be between 1 and %d.",
                       MG_SIM_WAVES_MAX);
    if (!mg_sim_plan_of(spec->industry))
        return mg_fail(error, MG_E_INVALID, "There is no plan for the industry “%s”.",
                       spec->industry ? spec->industry : "");
    return 0;
}

int mg_simulation_new(struct mg_arena *arena, const struct mg_simulation_spec *spec,
                      const struct mg_simulation **ret_simulation, struct mg_error *error)
{
    int rc = check_spec(spec, error);
    if (rc)
        return rc;
    struct mg_simulation *s = mg_arena_alloc(arena, sizeof *s);
    if (!s)
        return mg_fail_memory(error);
    s->plan = mg_sim_plan_of(spec->industry);
    s->spec = *spec;
    s->spec.industry = s->plan->code;
    if (!mg_sim_world_init(arena, s))
        return mg_fail_memory(error);
    const struct mg_simulation_scope everybody = {-1, -1, -1, -1};
    s->cells = mg_sim_cells_new(arena, s);
    s->study = s->cells ? mg_simulation_study_of(arena, s, &everybody) : NULL;
    if (!s->study)
        return mg_fail_memory(error);
    *ret_simulation = s;
    return 0;
}

const struct mg_study *mg_simulation_study(const struct mg_simulation *s)
{
    return s->study;
}

const char *mg_simulation_organisation(const struct mg_simulation *s)
{
    return mg_text_in(&s->plan->organisation, s->spec.lang, s->plan->code);
}

struct mg_simulation_scope mg_simulation_crisis(const struct mg_simulation *s)
{
    return (struct mg_simulation_scope){s->crisis_wave, s->plan->crisis.region, -1, -1};
}

int mg_simulation_waves(const struct mg_simulation *s)
{
    return s->waves;
}

double mg_simulation_weight(const struct mg_simulation *s, const struct mg_simulation_customer *customer)
{
    return s->mean_answering / mg_sim_answering(s, customer->region, customer->type);
}

#define STREAMS 256
#define FIRST_EXPERIENCE 128
_Static_assert(FIRST_EXPERIENCE > MG_SIM_WAVES_MAX &&
                   FIRST_EXPERIENCE + MG_SIM_MEMORY + MG_SIM_WAVES_MAX <= STREAMS,
               "streams of a customer don't meet");

static struct mg_rng stream(const struct mg_simulation *s, int64_t customer, int number)
{
    return mg_rng_init(s->spec.seed, (uint64_t)customer * STREAMS + (uint64_t)number);
}

static uint8_t pick_segment(struct mg_rng *rng, const struct mg_sim_segment *segments, uint8_t n)
{
    double target = mg_rng_uniform(rng);
    for (uint8_t i = 0; i + 1 < n; i++) {
        target -= segments[i].share;
        if (target < 0)
            return i;
    }
    return n - 1;
}

static double answering(const struct mg_simulation *s, const struct mg_simulation_customer *c)
{
    double tilt = mg_sim_tilted_at(&mg_sim_answers, c->satisfied) / mg_sim_answers.mean;
    return mg_sim_answering(s, c->region, c->type) * tilt;
}

/* Joins at the first wave or never, and then stays wave by wave. */
static int draw_panel_waves(struct mg_rng *rng, const struct mg_simulation *s,
                            const struct mg_simulation_customer *c)
{
    int waves = mg_rng_uniform(rng) < answering(s, c);
    double stays = mg_sim_tilted_at(&mg_sim_stays, c->satisfied);
    while (waves > 0 && waves < s->waves && mg_rng_uniform(rng) < stays)
        waves++;
    return waves;
}

void mg_simulation_draw_customer(const struct mg_simulation *s, int64_t number,
                                 struct mg_simulation_customer *ret_customer)
{
    struct mg_rng rng = stream(s, number, 0);
    struct mg_simulation_customer c = {.number = number};
    c.region = pick_segment(&rng, s->plan->regions, MG_SIM_REGIONS);
    c.type = pick_segment(&rng, s->plan->types, MG_SIM_TYPES);
    c.tenure = pick_segment(&rng, s->plan->tenures, MG_SIM_TENURES);
    c.careless = mg_rng_uniform(&rng) < MG_SIM_CARELESS;
    c.straight_lines = mg_rng_uniform(&rng) < MG_SIM_STRAIGHT;
    c.u = mg_rng_normal(&rng);
    c.lasting = mg_rng_normal(&rng);
    c.satisfied = mg_sim_satisfied(c.lasting);
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
        c.v[d] = mg_rng_normal(&rng);
    if (s->spec.design == MG_SIM_PANEL)
        c.panel_waves = draw_panel_waves(&rng, s, &c);
    *ret_customer = c;
}

static uint8_t pick_source(struct mg_rng *rng, const struct mg_simulation *s, int wave)
{
    double target = mg_rng_uniform(rng);
    for (uint8_t k = 0; k + 1 < MG_SIM_SOURCES; k++) {
        target -= mg_sim_source_share(s, k, wave);
        if (target < 0)
            return k;
    }
    return MG_SIM_SOURCES - 1;
}

/* What a customer brings to the questions of a wave, by dimension: to perceptions (.85 w), and to
 * expectations out of the waves before. */
struct experience {
    double now[MG_SIM_DIMENSIONS], learned[MG_SIM_DIMENSIONS];
};

static struct experience experience_of(const struct mg_simulation *s, const struct mg_simulation_customer *c,
                                       int wave)
{
    struct experience e = {0};
    for (int ago = 0; ago <= MG_SIM_MEMORY; ago++) {
        struct mg_rng rng = stream(s, c->number, FIRST_EXPERIENCE + MG_SIM_MEMORY + wave - ago);
        for (int d = 0; d < MG_SIM_DIMENSIONS; d++) {
            double level = MG_SIM_P_DIMENSION * mg_rng_normal(&rng);
            if (ago == 0)
                e.now[d] = level;
            else
                e.learned[d] += mg_sim_learned(ago) * (level + MG_SIM_P_LASTING * c->lasting);
        }
    }
    return e;
}

/* Levels of one item: what the respondent feels. */
struct levels {
    double expected, adequate, perceived;
};

/* `before`, `after`: what the respondent brings to the questions before and after the service. */
static struct levels draw_levels(struct mg_rng *rng, const struct mg_sim_levels *mean, int item,
                                 double before, double after)
{
    double own = mg_rng_normal(rng);
    return (struct levels){.expected = mean->expected[item] + before + MG_SIM_E_OWN * own,
                           .adequate = mean->adequate[item] + before + MG_SIM_A_OWN * mg_rng_normal(rng),
                           .perceived = mean->perceived[item] + after +
                                        MG_SIM_P_OWN *
                                            (MG_SIM_OWN_SHARED * own + MG_SIM_OWN_REST * mg_rng_normal(rng))};
}

/* Answers of someone who reads the questions. Outcomes follow from the latent gaps of the items they were
 * asked. */
static void answer_attentively(struct mg_rng *rng, const struct mg_simulation *s,
                               const struct mg_simulation_customer *c, int wave, const bool *used,
                               struct mg_simulation_response *r)
{
    double gap[MG_SIM_DIMENSIONS] = {0}, n[MG_SIM_DIMENSIONS] = {0};
    const struct experience experience = experience_of(s, c, wave);
    const struct mg_sim_levels *mean =
        mg_sim_levels_in(s, (struct mg_sim_cell){wave, c->region, c->type, c->tenure});
    double lift = mg_sim_lift(r->source) + MG_SIM_E_PERSON * c->u,
           served = MG_SIM_P_PERSON * c->u + MG_SIM_P_LASTING * c->lasting;
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        const struct mg_sim_item *item = &s->plan->items[i];
        int d = item->dimension;
        const struct levels level =
            draw_levels(rng, mean, i, lift + experience.learned[d] + MG_SIM_E_DIMENSION * c->v[d],
                        served + experience.now[d]);
        double drop = mg_rng_uniform(rng) < MG_SIM_UNCONCERNED ? MG_SIM_UNCONCERNED_DROP : 0;
        r->expectation[i] = (uint8_t)mg_sim_answer(level.expected - drop, 1, 7);
        r->adequate[i] = (uint8_t)mg_sim_answer(level.adequate - drop, 1, 7);
        r->perception[i] = (uint8_t)mg_sim_answer(level.perceived, 1, 7);
        if (used[item->touchpoint]) {
            gap[d] += level.perceived - level.expected;
            n[d] += 1;
        }
    }
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
        gap[d] /= n[d];
    for (int o = 0; o < MG_SIM_OUTCOMES; o++) {
        const struct mg_sim_outcome *outcome = &mg_sim_outcomes[o];
        double level = mg_sim_outcome_level(outcome, gap) + outcome->noise * mg_rng_normal(rng);
        r->outcome[o] = (int8_t)mg_sim_answer(level, outcome->low, outcome->high);
    }
}

static void answer_carelessly(struct mg_rng *rng, bool straight, struct mg_simulation_response *r)
{
    uint8_t same = (uint8_t)(3 + mg_rng_below(rng, 4));
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        r->expectation[i] = straight ? same : (uint8_t)(1 + mg_rng_below(rng, 7));
        r->perception[i] = straight ? same : (uint8_t)(1 + mg_rng_below(rng, 7));
        r->adequate[i] = straight ? same : (uint8_t)(1 + mg_rng_below(rng, 7));
    }
    for (int o = 0; o < MG_SIM_OUTCOMES; o++) {
        int low = mg_sim_outcomes[o].low, high = mg_sim_outcomes[o].high;
        r->outcome[o] = (int8_t)(low + (int)mg_rng_below(rng, (uint64_t)(high - low + 1)));
    }
}

/* What wasn't asked and what wasn't answered. */
static void blank_missing(struct mg_rng *rng, const struct mg_simulation *s, double missing, const bool *used,
                          struct mg_simulation_response *r)
{
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        if (mg_rng_uniform(rng) < missing)
            r->expectation[i] = 0;
        if (mg_rng_uniform(rng) < missing || !used[s->plan->items[i].touchpoint])
            r->perception[i] = 0;
        if (mg_rng_uniform(rng) < missing)
            r->adequate[i] = 0;
    }
    for (int o = 0; o < MG_SIM_OUTCOMES; o++)
        if (mg_rng_uniform(rng) < missing)
            r->outcome[o] = -1;
}

bool mg_simulation_draw_response(const struct mg_simulation *s, const struct mg_simulation_customer *customer,
                                 int wave, struct mg_simulation_response *ret_response)
{
    struct mg_rng rng = stream(s, customer->number, wave + 1);
    bool panel = s->spec.design == MG_SIM_PANEL, answers = mg_rng_uniform(&rng) < answering(s, customer);
    if (panel ? wave >= customer->panel_waves : !answers)
        return false;
    struct mg_simulation_response r = {.source = pick_source(&rng, s, wave)};
    bool used[MG_SIM_TOUCHPOINTS];
    for (int t = 0; t < MG_SIM_TOUCHPOINTS; t++)
        used[t] = mg_rng_uniform(&rng) < s->plan->touchpoints[t].usage;
    if (customer->careless)
        answer_carelessly(&rng, customer->straight_lines, &r);
    else
        answer_attentively(&rng, s, customer, wave, used, &r);
    blank_missing(&rng, s, mg_sim_tilted_at(&mg_sim_missing, customer->satisfied), used, &r);
    r.returned = mg_rng_uniform(&rng) < mg_sim_tilted_at(&mg_sim_returns, customer->satisfied);
    r.day = (uint8_t)(1 + mg_rng_below(&rng, 28));
    r.hour = (uint8_t)(8 + mg_rng_below(&rng, 14));
    r.minute = (uint8_t)mg_rng_below(&rng, 60);
    *ret_response = r;
    return true;
}
