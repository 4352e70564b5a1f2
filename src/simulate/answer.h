/* From latent levels to answers: a level is rounded and cut to the scale's ends. All means here are exact
 * sums of normal probabilities. Internal. */
#ifndef MG_SIMULATE_ANSWER_H
#define MG_SIMULATE_ANSWER_H

#include <stddef.h>

#include "base/arena.h"

/* The answer to a question from low to high. */
int mg_sim_answer(double level, int low, int high);

/* Φ. */
double mg_sim_normal_cdf(double z);

/* How levels spread around their mean, and the scale they end on. Some answers (`share`) drop by `drop`. */
struct mg_sim_spread {
    double sd, share, drop;
    int low, high;
};

/* Mean answer of levels with this mean. */
double mg_sim_mean_answer(const struct mg_sim_spread *spread, double mean);
/* The mean of levels whose answers have the mean `wanted`, which lies inside the scale. */
double mg_sim_level_of(const struct mg_sim_spread *spread, double wanted);

/* A smooth function of a level, tabulated: cubic between its points, the end values beyond. Off by less than
 * 1e-6 for functions as smooth as mean answers. */
#define MG_SIM_CURVE_LOW (-16.0)
#define MG_SIM_CURVE_STEP 0.0625
#define MG_SIM_CURVE_POINTS 640 /* up to 24 */

struct mg_sim_curve {
    double at[MG_SIM_CURVE_POINTS];
};

double mg_sim_curve_at(const struct mg_sim_curve *curve, double level);
/* Of mean answers. */
void mg_sim_curve_init(struct mg_sim_curve *curve, const struct mg_sim_spread *spread);

#endif
