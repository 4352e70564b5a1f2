/* An industry's plan: the constants of a simulation. One file an industry (<industry>.c). To add
 * one: write its file, declare it here, add it to the two tables in world.c.
 *
 * Expected and perceived are mean answers on the scale from 1 to 7, shifts are points of it; months are 1–12.
 * Every dimension must have an item at a touchpoint that everybody uses, and at most MG_SIM_OPTIONAL_MAX
 * touchpoints may be used by some only. */
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
    double expected, perceived, zone; /* mean answers; zone: desired − adequate */
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

#endif
