/* See answer.h. */
#include "simulate/answer.h"

#include <math.h>

int mg_sim_answer(double level, int low, int high)
{
    double rounded = floor(level + 0.5);
    return rounded < low ? low : rounded > high ? high : (int)rounded;
}

double mg_sim_normal_cdf(double z)
{
    return 0.5 * erfc(-z * 0.70710678118654752440);
}

/* Mean of round(N(mean, sd²)) cut to low…high. */
static double mean_of_normal(double mean, double sd, int low, int high)
{
    double sum = low;
    for (int k = low; k < high; k++)
        sum += mg_sim_normal_cdf((mean - k - 0.5) / sd);
    return sum;
}

double mg_sim_mean_answer(const struct mg_sim_spread *spread, double mean)
{
    double usual = mean_of_normal(mean, spread->sd, spread->low, spread->high);
    if (spread->share <= 0)
        return usual;
    double dropped = mean_of_normal(mean - spread->drop, spread->sd, spread->low, spread->high);
    return usual + spread->share * (dropped - usual);
}

/* Bisection: the mean answer grows with the level. */
double mg_sim_level_of(const struct mg_sim_spread *spread, double wanted)
{
    double low = MG_SIM_CURVE_LOW, high = -MG_SIM_CURVE_LOW;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        if (mg_sim_mean_answer(spread, middle) < wanted)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

double mg_sim_curve_at(const struct mg_sim_curve *curve, double level)
{
    double place = (level - MG_SIM_CURVE_LOW) / MG_SIM_CURVE_STEP;
    if (place < 1)
        return curve->at[0];
    if (place >= MG_SIM_CURVE_POINTS - 2)
        return curve->at[MG_SIM_CURVE_POINTS - 1];
    int i = (int)place;
    double t = place - i;
    const double *y = curve->at + i - 1;
    /* Lagrange's polynomial through the four points around. */
    return -t * (t - 1) * (t - 2) / 6 * y[0] + (t + 1) * (t - 1) * (t - 2) / 2 * y[1] -
           (t + 1) * t * (t - 2) / 2 * y[2] + (t + 1) * t * (t - 1) / 6 * y[3];
}

void mg_sim_curve_init(struct mg_sim_curve *curve, const struct mg_sim_spread *spread)
{
    for (int i = 0; i < MG_SIM_CURVE_POINTS; i++)
        curve->at[i] = mg_sim_mean_answer(spread, MG_SIM_CURVE_LOW + i * MG_SIM_CURVE_STEP);
}
