/* The simulated world: what all industries share, the waves of a simulation, and the formulas of its latent
 * levels. Drawing (simulate.c) and adding up the truth (truth.c) both start from here, so that they can't
 * disagree. Internal. */
#ifndef MG_SIMULATE_WORLD_H
#define MG_SIMULATE_WORLD_H

#include "simulate/answer.h"
#include "simulate/plan.h"

/* What all industries share. */
struct mg_sim_source {
    const char *code;
    struct mg_text label;
    double first, last; /* share in the first and in the last wave */
    double lift;        /* added to expectation */
};

struct mg_sim_outcome {
    const char *code;
    struct mg_text label;
    enum mg_outcome_kind kind;
    int low, high;
    double intercept, noise;
    double weight[MG_SIM_DIMENSIONS]; /* per point of mean latent gap below 0 */
};

struct mg_sim_dimension {
    const char *code;
    struct mg_text label;
    double weight; /* 100-point allocation */
};

extern const struct mg_sim_source mg_sim_sources[MG_SIM_SOURCES];
extern const struct mg_sim_outcome mg_sim_outcomes[MG_SIM_OUTCOMES];
extern const struct mg_sim_dimension mg_sim_dimensions[MG_SIM_DIMENSIONS];

/* Spread of the latent levels: loadings on the person, on how the person is lastingly served, on the person's
 * dimension, and the answer's own part. Chosen so that answers look like those of the kiosk survey
 * (docs/methods/simulation.md has both beside each other). */
#define MG_SIM_E_PERSON 0.60
#define MG_SIM_E_DIMENSION 0.85
#define MG_SIM_E_OWN 0.65
#define MG_SIM_A_OWN 0.60
#define MG_SIM_P_PERSON 0.78
#define MG_SIM_P_LASTING 0.70
#define MG_SIM_P_DIMENSION 0.85
#define MG_SIM_P_OWN 1.55
#define MG_SIM_OWN_SHARED 0.80 /* correlation of an item's own parts of E and P … */
#define MG_SIM_OWN_REST 0.60   /* … and √(1 − that²) */

/* Some expectations are low whatever is felt: the matter doesn't concern the respondent. */
#define MG_SIM_UNCONCERNED 0.08
#define MG_SIM_UNCONCERNED_DROP 4.0

/* A plan's shifts are in points of the mean answer. Where so many answers stand at an end of the scale, the
 * level must move further than that. */
#define MG_SIM_E_STRETCH 1.6
#define MG_SIM_P_STRETCH 1.4

/* Expectation follows experience (Boulding et al. 1993): of what was better or worse than usual in the last
 * waves it takes over so much, less the longer ago. */
#define MG_SIM_LEARNING 0.2
#define MG_SIM_FADING 0.6
#define MG_SIM_MEMORY 3 /* waves */

#define MG_SIM_GAIN 0.5 /* what goes beyond counts so much of what falls short (Tversky & Kahneman 1991) */

/* A probability that depends on how satisfied the customer lastingly is: mean × (1 + tilt × satisfied), where
 * satisfied is even between −1 and 1. */
struct mg_sim_tilted {
    double mean, tilt;
};

extern const struct mg_sim_tilted mg_sim_answers; /* answering in a wave, before the segments' factors */
extern const struct mg_sim_tilted mg_sim_missing; /* an answer is missing */
extern const struct mg_sim_tilted mg_sim_returns; /* prepost: the second questionnaire comes back */
extern const struct mg_sim_tilted mg_sim_stays;   /* panel: taking part in the next wave too */

double mg_sim_tilted_at(const struct mg_sim_tilted *tilted, double satisfied);
/* −1 … 1, of the standard normal `lasting`. */
double mg_sim_satisfied(double lasting);

#define MG_SIM_CARELESS 0.02    /* share of customers who answer carelessly */
#define MG_SIM_STRAIGHT 0.6     /* of those, share who give one answer throughout: 3, 4, 5 or 6 */
#define MG_SIM_MIN_ANSWERED 0.5 /* share of a dimension's items below which it has no score */

/* Wave, region, type and tenure: within one, only what is personal differs. */
struct mg_sim_cell {
    int wave, region, type, tenure;
};

/* Mean levels in a cell, before the source's lift. */
struct mg_sim_levels {
    double expected[MG_SIM_ITEMS], adequate[MG_SIM_ITEMS], perceived[MG_SIM_ITEMS];
};

struct mg_simulation {
    const struct mg_sim_plan *plan;
    struct mg_simulation_spec spec;
    int waves, crisis_wave, improvement_wave;
    int month[MG_SIM_WAVES_MAX];
    char wave_name[MG_SIM_WAVES_MAX][24]; /* "2025-12" */
    double mean_answering;                /* over the population */
    const struct mg_sim_levels *levels;   /* of each cell */
    const struct mg_study *study;
    const struct mg_simulation_truth *cells; /* wave × region × type × tenure; without `overall` */
};

/* Spreads of the three kinds of level, in a cell and given how a customer is lastingly served. */
struct mg_sim_spread mg_sim_spread_e(void);
struct mg_sim_spread mg_sim_spread_a(void);
struct mg_sim_spread mg_sim_spread_p(void);

/* What experience of the wave before, the one before that, … adds to expectation, per point of level. */
double mg_sim_learned(int waves_ago);
/* All waves together, and the root of the sum of squares. */
double mg_sim_learned_in_all(void);
double mg_sim_learned_spread(void);
/* What one standard deviation of being lastingly better served adds to expectation. */
double mg_sim_lasting_e(void);

size_t mg_sim_cell_number(struct mg_sim_cell cell);
/* Steps through all cells of the waves; false past the last. */
bool mg_sim_cell_next(const struct mg_simulation *s, struct mg_sim_cell *cell);
static inline const struct mg_sim_levels *mg_sim_levels_in(const struct mg_simulation *s,
                                                           struct mg_sim_cell cell)
{
    return &s->levels[mg_sim_cell_number(cell)];
}

double mg_sim_lift(int source);
/* An outcome's mean level, given the dimensions' mean latent gaps: losses weigh more than gains. */
double mg_sim_outcome_level(const struct mg_sim_outcome *outcome, const double gap[MG_SIM_DIMENSIONS]);
double mg_sim_source_share(const struct mg_simulation *s, int source, int wave);
/* Of a customer of average satisfaction. */
double mg_sim_answering(const struct mg_simulation *s, int region, int type);

/* The plan of that industry; NULL: there is none. */
const struct mg_sim_plan *mg_sim_plan_of(const char *industry);
/* Fills waves, mean_answering and levels from plan and spec; false: the arena is full. */
bool mg_sim_world_init(struct mg_arena *arena, struct mg_simulation *s);

/* truth.c. Belongs to the arena; NULL when it is full. */
const struct mg_simulation_truth *mg_sim_cells_new(struct mg_arena *arena, const struct mg_simulation *s);

#endif
