/* Reliability of the scores: Cronbach's α of both sides and of their difference, r_D (Johns 1981), items that
 * seem reversed. */
#ifndef MG_SERVICE_MEASURE_RELIABILITY_H
#define MG_SERVICE_MEASURE_RELIABILITY_H

#include "service/measure/row.h"

/* The whole first, then each dimension with two items or more. */
MG_CHECKED int mg_reliability_rows(const struct mg_row_context *context,
                                   const struct mg_wire_reliability **ret_rows, size_t *ret_n,
                                   struct mg_error *error);

#endif
