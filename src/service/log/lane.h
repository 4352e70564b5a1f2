/* One step of a follower's lane. Internal to service/log. */
#ifndef MG_SERVICE_LOG_LANE_H
#define MG_SERVICE_LOG_LANE_H

#include "service/log/follower.h"
#include "store/queries.gen.h"

/* Each does what is next and tells whether there may be more. ctx->arena is the step's own. MG_E_FULL, _IO,
 * _BUSY, _NO_MEMORY, _DAMAGED, _CANCELLED: nothing moved; try again later. */
int mg_lane_live(const struct mg_ctx *ctx, const struct mg_follower *follower, bool *ret_more,
                 struct mg_error *error);
int mg_lane_bulk(const struct mg_ctx *ctx, const struct mg_follower *follower, bool *ret_more,
                 struct mg_error *error);

/* Whether a list of kinds, ended by NULL, has the kind. */
bool mg_lane_is_in(const char *const *kinds, const char *kind);
/* The hold of a stream among rows sorted by stream, or NULL. */
const struct mg_sql_hold_list_row *mg_lane_hold(const struct mg_sql_hold_list_row *holds, size_t n,
                                                const char *stream_id);

#define MG_LANE_ARENA ((size_t)512 << 20)

#endif
