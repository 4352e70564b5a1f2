/* What the two halves of the truth share: means that are integrated (truth.c) and outcomes that are sampled
 * (outcomes.c). Internal. */
#ifndef MG_SIMULATE_TRUTH_H
#define MG_SIMULATE_TRUTH_H

#include "simulate/answer.h"
#include "simulate/world.h"

#define MG_SIM_PATTERNS (1 << MG_SIM_OPTIONAL_MAX)
#define MG_SIM_POINTS 8192     /* of the sample that outcomes are computed from */
#define MG_SIM_CELL_POINTS 512 /* a cell takes so many of them, one after another */

/* One subset of the optional touchpoints: its probability and what it makes of a dimension. */
struct mg_sim_usage {
    bool used[MG_SIM_TOUCHPOINTS];
    double probability;
    int asked[MG_SIM_DIMENSIONS], items[MG_SIM_DIMENSIONS];
};

/* Somebody with given latent traits. */
struct mg_sim_point {
    double lasting, person, own[MG_SIM_DIMENSIONS]; /* standard normal */
    double source, usage;                           /* even in 0 … 1 */
    double missing;                                 /* probability that an answer is missing */
};

struct mg_sim_outcome_curves {
    struct mg_sim_curve outcome[MG_SIM_OUTCOMES], nps; /* means given the level */
};

struct mg_sim_sample {
    struct mg_sim_outcome_curves curves;
    struct mg_sim_point points[MG_SIM_POINTS];
};

/* How likely somebody's answers of that wave are recorded, against a customer of average satisfaction. */
double mg_sim_recorded(const struct mg_simulation *s, int wave, double lasting);

void mg_sim_sample_init(struct mg_sim_sample *sample);
/* Fills outcome and nps. usages: n_usages of them, their probabilities adding up to 1. */
void mg_sim_sample_outcomes(const struct mg_simulation *s, const struct mg_sim_sample *sample,
                            struct mg_sim_cell cell, const struct mg_sim_usage *usages, size_t n_usages,
                            struct mg_simulation_truth *truth);

#endif
