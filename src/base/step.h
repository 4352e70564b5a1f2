/* Whether a number is on the grid of a scale: at its lower end plus a whole number of steps; and what it is
 * on another scale. One place, so that whatever reads answers draws the line alike, and to the last digit. */
#ifndef MG_BASE_STEP_H
#define MG_BASE_STEP_H

#include <math.h>
#include <stdbool.h>

#define MG_STEP_SLACK 1e-6 /* of a step: decimals such as 0.1 aren't exact in binary */

/* step 0: every number is. */
static inline bool mg_step_holds(double number, double low, double step)
{
    double steps = step > 0 ? (number - low) / step : 0;
    return fabs(steps - round(steps)) <= MG_STEP_SLACK;
}

/* From the scale low … high on to to_low … to_high, linearly: ends become ends. */
static inline double mg_step_carry(double number, double low, double high, double to_low, double to_high)
{
    return to_low + (number - low) * (to_high - to_low) / (high - low);
}

#endif
