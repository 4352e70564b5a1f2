/* Reliability of the scores: Cronbach's α of both sides and of their difference, r_D (Johns 1981), items that
 * seem reversed. A number is blank, and the row's note says why, where it can't be estimated, comes from too
 * few people to tell anything (mg_alpha_enough) or isn't to be shown; of a part whose gap is hidden none is
 * told. r_D has no interval: it is made of two α and a correlation, whose errors go together; α P−E, which
 * answers the same question from one set of rows, has one. */
#ifndef MG_SERVICE_MEASURE_RELIABILITY_H
#define MG_SERVICE_MEASURE_RELIABILITY_H

#include "service/measure/row.h"

/* The whole first, then each dimension with two items or more. */
MG_CHECKED int mg_reliability_rows(const struct mg_row_context *context,
                                   const struct mg_wire_reliability **ret_rows, size_t *ret_n,
                                   struct mg_error *error);

#endif
