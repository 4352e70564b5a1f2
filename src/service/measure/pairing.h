/* Files in which a customer's expectation and perception stand in different rows (asked before, asked after):
 * the rows are put together by the rule of model/pair.h before anything is measured.
 *
 *   cust  at   E1  P1  nps                   cust  at   E1  P1  nps
 *   a     1/3  6                 ──────>     a     1/9  6   4   9
 *   a     1/9      4   9                     b     1/3  7
 *   b     1/3  7
 *
 * The perception's row leads: its empty cells are filled from its expectation's row, which is gone then. Rows
 * that have both sides or no partner stay as they are. A cell is an answer by the rule of model/answer.h. */
#ifndef MG_SERVICE_MEASURE_PAIRING_H
#define MG_SERVICE_MEASURE_PAIRING_H

#include "model/pair.h"
#include "service/measure/measure.h"

#define MG_PAIRING_ROWS_MAX ((size_t)2000000)
#define MG_PAIRING_BYTES_MAX ((size_t)1 << 30) /* keys of the halves, and the cells of those that go */

struct mg_pairing {
    struct mg_pair_counts counts;
    size_t untimed; /* halves without a time that can be read */
};

/* Looks for such rows where the study has both sides and the file has the column of its customers or of its
 * episodes (the study's, or one that is called so). Where there are some, the request's source becomes the
 * table of merged rows, in ctx->columns, and its `pairing` says what was done. Everything else leaves the
 * request as it was. MG_E_LIMIT beyond MG_PAIRING_ROWS_MAX rows, and where they take more memory than the
 * request or the engine allows. */
MG_CHECKED int mg_measure_pair_rows(struct mg_ctx *ctx, struct mg_measure_request *request,
                                    struct mg_error *error);

#endif
