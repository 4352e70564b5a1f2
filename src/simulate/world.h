/* The simulated world: what all industries share, the waves of a simulation, and the formulas of its latent
 * levels. Drawing (simulate.c) and adding up the truth (truth.c) both start from here, so that they can't
 * disagree. Internal. */
#ifndef MG_SIMULATE_WORLD_H
#define MG_SIMULATE_WORLD_H

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
    double weight[MG_SIM_DIMENSIONS]; /* per point of mean latent gap */
};

struct mg_sim_dimension {
    const char *code;
    struct mg_text label;
    double weight; /* 100-point allocation */
};

extern const struct mg_sim_source mg_sim_sources[MG_SIM_SOURCES];
extern const struct mg_sim_outcome mg_sim_outcomes[MG_SIM_OUTCOMES];
extern const struct mg_sim_dimension mg_sim_dimensions[MG_SIM_DIMENSIONS];

/* Spread of the latent levels: loading on the person, on the person's dimension, and the answer's own. */
#define MG_SIM_E_PERSON 0.35
#define MG_SIM_E_DIMENSION 0.45
#define MG_SIM_E_OWN 0.65
#define MG_SIM_A_OWN 0.55
#define MG_SIM_P_PERSON 0.50
#define MG_SIM_P_DIMENSION 0.60
#define MG_SIM_P_OWN 0.80

#define MG_SIM_ANSWERING 0.25   /* probability of answering in a wave before the segments' factors */
#define MG_SIM_MISSING 0.03     /* probability that an answer is missing */
#define MG_SIM_CARELESS 0.02    /* share of customers who answer carelessly */
#define MG_SIM_STRAIGHT 0.6     /* of those, share who give one answer throughout: 3, 4, 5 or 6 */
#define MG_SIM_MIN_ANSWERED 0.5 /* share of a dimension's items below which it has no score */

struct mg_simulation {
    const struct mg_sim_plan *plan;
    struct mg_simulation_spec spec;
    int waves, crisis_wave, improvement_wave;
    int month[MG_SIM_WAVES_MAX];
    char wave_name[MG_SIM_WAVES_MAX][24]; /* "2025-12" */
    double mean_answering;                /* over the population */
    const struct mg_study *study;
    const struct mg_simulation_truth *cells; /* wave × region × type × tenure; without `overall` */
};

/* Means of the latent levels in a cell. */
double mg_sim_expected(const struct mg_simulation *s, int item, int type, int tenure);
double mg_sim_perceived(const struct mg_simulation *s, int item, int wave, int region, int type, int tenure);
double mg_sim_source_share(const struct mg_simulation *s, int source, int wave);
double mg_sim_answering(const struct mg_simulation *s, int region, int type);

/* The plan of that industry; NULL: there is none. */
const struct mg_sim_plan *mg_sim_plan_of(const char *industry);
/* Fills waves and mean_answering from plan and spec. */
void mg_sim_world_init(struct mg_simulation *s);

/* truth.c. Belongs to the arena; NULL when it is full. */
const struct mg_simulation_truth *mg_sim_cells_new(struct mg_arena *arena, const struct mg_simulation *s);

#endif
