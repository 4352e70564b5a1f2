/* One step of a follower's lane. Internal to service/log. */
#ifndef MG_SERVICE_LOG_LANE_H
#define MG_SERVICE_LOG_LANE_H

#include "base/ulid.h"
#include "service/log/follower.h"
#include "store/queries.gen.h"

/* Streams of one organisation that a step of the live lane applies: each costs a commit of the follower,
 * which all others wait for. The bulk lane takes the rest. */
#define MG_LANE_STREAMS_PER_ORG 16

/* Who was served last in the bulk lane, which goes round the organisations. Empty at the beginning. */
struct mg_lane_turn {
    char org_id[MG_ULID_SIZE];
};

/* Does what is next and tells whether there may be more. ctx->arena is the step's own. MG_E_FULL, _IO, _BUSY,
 * _NO_MEMORY, _DAMAGED, _CANCELLED: nothing moved; try again later. */
typedef int mg_lane_step(const struct mg_ctx *ctx, const struct mg_follower *follower,
                         struct mg_lane_turn *turn, bool *ret_more, struct mg_error *error);

mg_lane_step mg_lane_live; /* needs no turn */
mg_lane_step mg_lane_bulk;

/* Whether a list of kinds, ended by NULL, has the kind. */
bool mg_lane_is_in(const char *const *kinds, const char *kind);
/* The hold of a stream among rows sorted by stream, or NULL. */
const struct mg_sql_hold_row *mg_lane_hold(const struct mg_sql_hold_row *holds, size_t n,
                                           const char *stream_id);

#define REBUILD_LOST 2 /* of a hold: what there is isn't to be used before it is made anew */
#define MG_LANE_ARENA ((size_t)512 << 20)

#endif
