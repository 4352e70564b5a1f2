/* An industry's plan: the constants of a simulation. One file an industry (simulate_<industry>.c). To add
 * one: write its file, declare it here, add it to the table in simulate.c and to the command's choices.
 *
 * Levels are on the 1–7 answer scale; months are 1–12. Every dimension must have an item at a touchpoint that
 * everybody uses, and at most MG_SIM_OPTIONAL_MAX touchpoints may be used by some only. */
#ifndef MG_SIMULATE_PLAN_H
#define MG_SIMULATE_PLAN_H

#include "simulate/simulate.h"

#define MG_SIM_OPTIONAL_MAX 4

enum { MG_SIM_TANGIBLES, MG_SIM_RELIABILITY, MG_SIM_RESPONSIVENESS, MG_SIM_ASSURANCE, MG_SIM_EMPATHY };

struct mg_sim_touchpoint {
    const char *code;
    struct mg_text label;
    enum mg_stage stage;
    double usage;      /* share of customers who used it within a wave */
    double season[12]; /* what the month adds to perception, January first */
};

struct mg_sim_item {
    uint8_t dimension, touchpoint;
    double expected, perceived, zone; /* zone: desired − adequate */
    struct mg_text label;
};

struct mg_sim_segment {
    struct mg_text label;
    double share;            /* of the customers; a list sums to 1 */
    double answers;          /* factor on the probability of answering */
    double expects, getting; /* added to expectation, to perception */
};

/* Something that happened: added to perception of the items at (dimension, touchpoint). */
struct mg_sim_event {
    struct mg_text label;
    uint8_t dimension, touchpoint;
    int region;   /* −1: everywhere */
    double shift; /* in the month it happens */
};

struct mg_sim_plan {
    const char *code;
    struct mg_text title, organisation;
    int first_year, n_months, waves;
    int months[12]; /* calendar months that are surveyed, in the order of a season */
    struct mg_sim_touchpoint touchpoints[MG_SIM_TOUCHPOINTS];
    struct mg_sim_item items[MG_SIM_ITEMS];
    struct mg_sim_segment regions[MG_SIM_REGIONS], types[MG_SIM_TYPES], tenures[MG_SIM_TENURES];
    struct mg_text type_label; /* what the customer types are called */
    int crisis_month; /* the crisis is in the last wave of that month, and a third of it lasts one wave more
                       */
    struct mg_sim_event crisis;
    struct mg_sim_event improvement; /* from the middle of the waves on */
};

extern const struct mg_sim_plan mg_sim_heating, mg_sim_power, mg_sim_insurance, mg_sim_retail, mg_sim_airline;

/* What all industries share (simulate.c). */
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
/* Belongs to the arena; NULL when it is full. */
const struct mg_simulation_truth *mg_sim_cells_new(struct mg_arena *arena, const struct mg_simulation *s);

#endif
