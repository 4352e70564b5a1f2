/* Simulated customers with a known truth: for demonstrations, for tests of the estimators, for drills.
 *
 * An industry's plan (plan.h) fixes touchpoints, items, segments, a season, one crisis and one
 * improvement. From a seed the simulation then draws customers, and their answers wave by wave. For customer
 * c in wave w with source of expectation s the latent levels of item i (dimension d, touchpoint t) are
 *
 *   E* = e_i + segments + lift_s + learned + .60 u_c + .85 v_cd + .65 ε        what they expect ("should")
 *   A* = a_i + the same but its own .60 ε                                      what they would still accept
 *   P* = p_i + segments + news + .78 u_c + .70 s_c + .85 w_cdw + 1.55 (.8 ε_E + .6 ε)   what they get
 *
 * with standard normal u (how a person uses the scale), s (how the person is lastingly served), v, w, ε; an
 * answer is the level rounded and cut to 1–7. In 8 of 100 expectations the matter doesn't concern the
 * respondent: E* and A* are 4 lower. `news` is what is unusual in a wave (season, crisis, improvement);
 * `learned` is what news and w of the last three waves leave in expectation, .2, .12 and .072 of them
 * (Boulding, Kalra, Staelin & Zeithaml 1993). Likelihood to recommend, satisfaction and ease are linear in
 * the dimensions' mean latent gaps, of which what falls short weighs twice what goes beyond (loss aversion),
 * plus noise, rounded and cut to their scales.
 *
 * Who is lastingly well served answers more often (1 ± .3), leaves out fewer answers (1 ∓ .6), sends the
 * second questionnaire back more often (1 ± .2) and stays longer in a panel (1 ± .12). Perception is asked
 * only about touchpoints the customer used. Customers answer with a probability known per region and customer
 * type; the weight undoes that, and nothing undoes the rest. A known share answers carelessly.
 *
 * Because levels are normal given the cell (wave × segments), the source and s, the expected value of every
 * recorded answer is a finite sum of normal probabilities under one integral over s: mg_simulation_truth
 * gives it without error of simulation, but for outcomes, whose kink leaves an error of about .005.
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

enum mg_simulation_design {
    MG_SIM_CROSS,   /* each wave asks anew; expectation and perception in one questionnaire */
    MG_SIM_PREPOST, /* each wave asks anew; two questionnaires an episode, before and after the service */
    MG_SIM_PANEL,   /* who answered in the first wave is asked again until they leave */
};

struct mg_simulation_spec {
    const char *industry; /* heating, power, insurance, retail, airline */
    int64_t customers;    /* 1 … MG_SIM_CUSTOMERS_MAX */
    int64_t waves;        /* 1 … MG_SIM_WAVES_MAX; 0: the plan's own number */
    uint64_t seed;        /* below 2⁶³ */
    enum mg_lang lang;    /* language of the segments' names in the data */
    enum mg_simulation_design design;
};

struct mg_simulation_customer {
    int64_t number; /* from 0 */
    uint8_t region, type, tenure;
    bool careless, straight_lines; /* careless: one answer throughout, or any answer */
    double u, v[MG_SIM_DIMENSIONS];
    double lasting, satisfied; /* s, and the same between −1 and 1 */
    int panel_waves;           /* of a panel: how many waves the customer takes part in */
};

/* One questionnaire. 0 (−1 for outcomes) is a missing answer. */
struct mg_simulation_response {
    uint8_t source;
    uint8_t expectation[MG_SIM_ITEMS], perception[MG_SIM_ITEMS], adequate[MG_SIM_ITEMS];
    int8_t outcome[MG_SIM_OUTCOMES]; /* nps 0–10, satisfaction 1–10, ease 1–7 */
    bool returned;                   /* prepost: the second questionnaire came back */
    uint8_t day, hour, minute;
};

/* Part of the population: −1 means all of them. */
struct mg_simulation_scope {
    int wave, region, type, tenure;
};

/* Expected values of the recorded answers, careless ones included, in the population (weights applied); over
 * several waves each wave counts as much as it has answers. */
struct mg_simulation_truth {
    /* Where both sides were answered. */
    double expectation[MG_SIM_ITEMS], perception[MG_SIM_ITEMS], adequate[MG_SIM_ITEMS];
    /* Mean of a respondent's answered pairs, where at least half of the dimension's items are answered on
     * both sides. */
    double dimension_expectation[MG_SIM_DIMENSIONS], dimension_perception[MG_SIM_DIMENSIONS];
    double overall_expectation, overall_perception; /* dimensions weighted as in the study */
    double nps;                                     /* percentage points, −100 … 100 */
    double outcome[MG_SIM_OUTCOMES];                /* means; of nps too */
    /* The gaps if everybody had answered everything. */
    double gap_of_all[MG_SIM_ITEMS], dimension_gap_of_all[MG_SIM_DIMENSIONS], overall_gap_of_all;
};

/* Names of the industries, and of the designs in the order of their enum; ended by NULL. */
extern const char *const mg_simulation_industries[];
extern const char *const mg_simulation_designs[];

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
