/* Simulated customers with a known truth: for demonstrations, for tests of the estimators, for drills.
 *
 * An industry's plan (plan.h) fixes touchpoints, items, segments, a season, one crisis and one
 * improvement. From a seed the simulation then draws customers, and their answers wave by wave. For customer
 * c in wave w with source of expectation s the latent levels of item i (dimension d, touchpoint t) are
 *
 *   E* = e_i + segments + lift_s + .35 u_c + .45 v_cd + .65 ε      what they expect ("should")
 *   A* = E*'s mean − zone_i + .35 u_c + .45 v_cd + .55 ε           what they would still accept ("must")
 *   P* = p_i + segments + season_tw + events + .5 u_c + .6 w_cd + .8 ε   what they get
 *
 * with independent standard normal u, v, w, ε; an answer is the level rounded and cut to 1–7. Satisfaction,
 * likelihood to recommend and ease are linear in the dimensions' mean latent gaps plus noise, rounded and cut
 * to their scales. Perception is asked only about touchpoints the customer used. Every answer goes missing
 * with the same probability. Customers answer with a probability known per region and customer type; the
 * weight undoes it. A known share answers carelessly.
 *
 * Because all of that is normal given the cell (wave × segments × source × touchpoints used), the expected
 * value of every recorded answer is a finite sum of normal probabilities: mg_simulation_truth gives it
 * without error of simulation.
 *
 * Everything belongs to the arena given to mg_simulation_new and depends only on the spec: same seed, same
 * bytes. */
#ifndef MG_SIMULATE_SIMULATE_H
#define MG_SIMULATE_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/study.h"

#define MG_SIM_ITEMS 22
#define MG_SIM_DIMENSIONS 5
#define MG_SIM_TOUCHPOINTS 8
#define MG_SIM_REGIONS 5
#define MG_SIM_TYPES 3
#define MG_SIM_TENURES 3
#define MG_SIM_SOURCES 8
#define MG_SIM_OUTCOMES 3
#define MG_SIM_WAVES_MAX 120
#define MG_SIM_CUSTOMERS_MAX 10000000

struct mg_simulation; /* opaque */

struct mg_simulation_spec {
    const char *industry; /* heating, power, insurance, retail, airline */
    int64_t customers;    /* 1 … MG_SIM_CUSTOMERS_MAX */
    int64_t waves;        /* 1 … MG_SIM_WAVES_MAX; 0: the plan's own number */
    uint64_t seed;        /* below 2⁶³ */
    enum mg_lang lang;    /* language of the segments' names in the data */
};

struct mg_simulation_customer {
    int64_t number; /* from 0 */
    uint8_t region, type, tenure;
    bool careless, straight_lines; /* careless: one answer throughout, or any answer */
    double u, v[MG_SIM_DIMENSIONS];
};

/* One questionnaire. 0 (−1 for outcomes) is a missing answer. */
struct mg_simulation_response {
    uint8_t source;
    uint8_t expectation[MG_SIM_ITEMS], perception[MG_SIM_ITEMS], adequate[MG_SIM_ITEMS];
    int8_t outcome[MG_SIM_OUTCOMES]; /* nps 0–10, satisfaction 1–10, ease 1–7 */
    uint8_t day, hour, minute;
};

/* Part of the population: −1 means all of them. */
struct mg_simulation_scope {
    int wave, region, type, tenure;
};

/* Expected values of the recorded answers, careless ones included, in the population (weights applied). */
struct mg_simulation_truth {
    double expectation[MG_SIM_ITEMS], perception[MG_SIM_ITEMS], adequate[MG_SIM_ITEMS];
    /* Mean of a respondent's answered pairs, where at least half of the dimension's items are answered on
     * both sides. */
    double dimension_expectation[MG_SIM_DIMENSIONS], dimension_perception[MG_SIM_DIMENSIONS];
    double overall_expectation, overall_perception; /* dimensions weighted as in the study */
    double nps;                                     /* percentage points, −100 … 100 */
    double outcome[MG_SIM_OUTCOMES];                /* means; of nps too */
};

/* Names of the industries, ended by NULL. */
extern const char *const mg_simulation_industries[];

MG_CHECKED int mg_simulation_new(struct mg_arena *arena, const struct mg_simulation_spec *spec,
                                 const struct mg_simulation **ret_simulation, struct mg_error *error);

/* The survey as a study: columns as the response file names them. Borrowed. */
const struct mg_study *mg_simulation_study(const struct mg_simulation *simulation);
/* The same study with the planted gaps of a part of the population; NULL when the arena is full. */
const struct mg_study *mg_simulation_study_of(struct mg_arena *arena, const struct mg_simulation *simulation,
                                              const struct mg_simulation_scope *scope);
/* Where the crisis is: its wave, and its region or −1. */
struct mg_simulation_scope mg_simulation_crisis(const struct mg_simulation *simulation);
/* The organisation's name in the simulation's language. */
const char *mg_simulation_organisation(const struct mg_simulation *simulation);
int mg_simulation_waves(const struct mg_simulation *simulation);

void mg_simulation_draw_customer(const struct mg_simulation *simulation, int64_t number,
                                 struct mg_simulation_customer *ret_customer);
/* False when the customer didn't answer in that wave. */
bool mg_simulation_draw_response(const struct mg_simulation *simulation,
                                 const struct mg_simulation_customer *customer, int wave,
                                 struct mg_simulation_response *ret_response);
/* Mean 1 over the population; inverse to the probability of answering. */
double mg_simulation_weight(const struct mg_simulation *simulation,
                            const struct mg_simulation_customer *customer);

void mg_simulation_truth(const struct mg_simulation *simulation, const struct mg_simulation_scope *scope,
                         struct mg_simulation_truth *ret_truth);

/* The files. CSV in UTF-8 with a header, "\n" ends a line. Response and customer files are written in pieces:
 * from `*cursor` (0 at the start) as many customers as fit about a megabyte; `*cursor` is the number of
 * customers when done. */
void mg_simulation_write_responses(const struct mg_simulation *simulation, int64_t *cursor,
                                   struct mg_buf *out);
/* Only the wave and region of the crisis. */
void mg_simulation_write_crisis(const struct mg_simulation *simulation, int64_t *cursor, struct mg_buf *out);
void mg_simulation_write_customers(const struct mg_simulation *simulation, int64_t *cursor,
                                   struct mg_buf *out);
/* Truth for the whole, each wave, each segment and each wave × segment, with the coefficients and the planted
 * events. */
void mg_simulation_write_truth(const struct mg_simulation *simulation, struct mg_buf *out);
/* A note for people, in both languages: this is simulated, and what is in which file. */
void mg_simulation_write_readme(const struct mg_simulation *simulation, struct mg_buf *out);

#endif
