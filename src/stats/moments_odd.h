/* Unweighted rows of small integers with missing answers, many at a time. Internal to stats/. */
#ifndef MG_STATS_MOMENTS_ODD_H
#define MG_STATS_MOMENTS_ODD_H

#include "stats/moments_plan.h"

struct mg_moments_odd;

struct mg_moments_odd *mg_moments_odd_new(const struct mg_moments_plan *plan); /* NULL when memory is out */
void mg_moments_odd_free(struct mg_moments_odd *odd);
/* Adds n rows of the loaded block, all with MG_ROW_ABSENT and without MG_ROW_WIDE. */
void mg_moments_odd_add(struct mg_moments_odd *odd, struct mg_moments_block *block, const uint16_t *rows,
                        size_t n);
void mg_moments_odd_merge(struct mg_moments_odd *into, const struct mg_moments_odd *from);
/* m += what odd holds. */
void mg_moments_odd_finish(const struct mg_moments_odd *odd, struct mg_moments *m);

#endif
