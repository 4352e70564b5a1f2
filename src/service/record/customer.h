/* Customers: the organisation's own numbers, with attributes. Nothing here says who a customer is.
 *
 * Everything is of ctx->caller.org_id; wire structs belong to ctx->arena. */
#ifndef MG_SERVICE_RECORD_CUSTOMER_H
#define MG_SERVICE_RECORD_CUSTOMER_H

#include <stdbool.h>

#include "service/context.h"
#include "wire/wire.gen.h"

struct mg_db;

/* References that begin with `start`, in letters of either case (of A to Z). In the order of the index they
 * lie from `from` up to, not including, `below`; among those, by letters without their case, from `start` up
 * to `end`. */
struct mg_customer_span {
    const char *from, *below, *start, *end;
};
/* `start` NULL: all. In `arena`. */
MG_CHECKED int mg_record_customer_span(struct mg_arena *arena, const char *start,
                                       struct mg_customer_span *ret, struct mg_error *error);
/* Their ids, `limit` at most. */
MG_CHECKED int mg_record_customer_ids(struct mg_db *db, const struct mg_ctx *ctx,
                                      const struct mg_customer_span *span, size_t limit,
                                      const char ***ret_ids, size_t *ret_n, struct mg_error *error);

/* Those whose reference begins with `start`, in letters of either case (NULL: all), in order of reference,
 * after the customer with id `after` (NULL: from the first), at most `limit`. Attributes are left to
 * mg_record_customer_get. */
MG_CHECKED int mg_record_customer_list(const struct mg_ctx *ctx, const char *start, const char *after,
                                       int64_t limit, struct mg_wire_customer_list *ret,
                                       struct mg_error *error);
MG_CHECKED int mg_record_customer_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_customer *ret,
                                      struct mg_error *error);
/* Inside a write: the id of the customer with this reference, in `arena`, who is made where there is none.
 * Who is made elsewhere at the same moment is found. ret_made (may be NULL): whether this made it. */
MG_CHECKED int mg_record_customer_ensure(struct mg_db *db, const struct mg_ctx *ctx, struct mg_arena *arena,
                                         const char *reference, const char **ret_id, bool *ret_made,
                                         struct mg_error *error);
/* The same of many at once, a NULL among the references being none; *ret_ids in ctx->arena. */
MG_CHECKED int mg_record_customers_ensure(struct mg_db *db, const struct mg_ctx *ctx,
                                          const char *const *references, size_t n, const char **ret_ids,
                                          struct mg_error *error);
/* The ids of those that are there; NULL for the others. In ctx->arena. */
MG_CHECKED int mg_record_customers_find(struct mg_db *db, const struct mg_ctx *ctx,
                                        const char *const *references, size_t n, const char **ret_ids,
                                        struct mg_error *error);
/* Creates the customer with this reference or replaces its attributes, where edit->version is the one that
 * was read: else MG_E_CHANGED, or without one MG_E_TAKEN. */
MG_CHECKED int mg_record_customer_upsert(const struct mg_ctx *ctx, const struct mg_wire_customer_edit *edit,
                                         struct mg_wire_customer *ret, struct mg_error *error);
/* Erases the customer; the answers stay, without the person, in the record and the columns. Returns 0 when
 * all of it is on disk; after another result some responses may have lost the customer already, and a
 * repeated call goes on. */
MG_CHECKED int mg_record_customer_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

#endif
