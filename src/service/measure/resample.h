/* Intervals by resampling, on request: BCa bootstrap of rows up to MG_MEASURE_BOOT_ROWS_MAX rows,
 * delete-group jackknife over 256 hash buckets of rows beyond. */
#ifndef MG_SERVICE_MEASURE_RESAMPLE_H
#define MG_SERVICE_MEASURE_RESAMPLE_H

#include "service/measure/row.h"

enum mg_resample_kind { MG_RESAMPLE_BCA, MG_RESAMPLE_JACKKNIFE };

/* Replaces the gap intervals (and verdicts) of the rows of `sets` and of `overall`, all estimated from
 * `plan`. Rows without a paired gap are left as they are. `rows_seen` (from the pass) decides which method.
 */
MG_CHECKED int mg_resample_intervals(struct mg_ctx *ctx, const struct mg_gap_request *request,
                                     const struct mg_plan *plan, double rows_seen,
                                     struct mg_row_set *const *sets, size_t n_sets, struct mg_row *overall,
                                     enum mg_resample_kind *ret_kind, struct mg_error *error);

#endif
