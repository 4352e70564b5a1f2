/* Intervals by resampling, on request: BCa bootstrap of rows. Rows must be independent of each other, and at
 * most MG_MEASURE_BOOT_ROWS_MAX; else the plan has buckets and the intervals are the jackknife's (gap.h). */
#ifndef MG_SERVICE_MEASURE_RESAMPLE_H
#define MG_SERVICE_MEASURE_RESAMPLE_H

#include "service/measure/row.h"

/* Replaces the gap intervals (and verdicts) of the rows of `sets` and of `overall`, all estimated from
 * `context`. Rows without a paired gap are left as they are. */
MG_CHECKED int mg_resample_intervals(const struct mg_row_context *context, struct mg_ctx *ctx,
                                     const struct mg_gap_request *request, struct mg_row_set *const *sets,
                                     size_t n_sets, struct mg_row *overall, struct mg_error *error);

#endif
