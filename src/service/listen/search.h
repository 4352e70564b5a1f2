/* Looking for responses: by when they were given, or by what was answered to one question.
 *
 * By time the record answers, a page at a time along an index. By an answer the columns do: one scan of the
 * column, which keeps no more than a page in memory; so an answer is found once it is in the analyses, a
 * second or so after it is in the record. */
#ifndef MG_SERVICE_LISTEN_SEARCH_H
#define MG_SERVICE_LISTEN_SEARCH_H

#include "service/context.h"
#include "wire/wire.gen.h"

/* `order`: enum mg_wire_search_responses_query_order. NULL: from, below, wave, customer (how
 * its reference begins, in letters of either case), column, value, before (the first page). Those without a
 * time come last, and in no span of time. `before`: id of the last row of the page before. `column` is needed
 * by the orders of answers and by `value`; text is compared as bytes, numbers as numbers. ret->total: of all
 * pages. MG_E_INVALID names what can't be read or isn't in the study; MG_E_LIMIT: an answer of more than
 * 1,000 customers is asked for, whose references begin so; MG_E_NOT_FOUND: no such study, or the last row is
 * gone. */
MG_CHECKED int mg_listen_response_search(const struct mg_ctx *ctx, const char *study_id, int order,
                                         const char *from, const char *below, const char *wave,
                                         const char *customer, const char *column, const char *value,
                                         const char *before, int64_t limit, struct mg_wire_response_list *ret,
                                         struct mg_error *error);

#endif
