/* Which of a plan's variables are looked at together: the sets of pairs that its pass sums. */
#ifndef MG_SERVICE_MEASURE_TOGETHER_H
#define MG_SERVICE_MEASURE_TOGETHER_H

#include "service/measure/plan.h"

/* Fills the sets of the plan's spec, from its parts and options. */
MG_CHECKED int mg_plan_put_together(struct mg_plan *plan, struct mg_arena *arena, struct mg_error *error);

#endif
