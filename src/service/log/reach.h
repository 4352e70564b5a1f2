/* How far a follower's state outside the record reaches, held against the log. Internal to service/log.
 *
 * An engine can lose what it had committed, and not know: the tail of its own log was torn or damaged, or an
 * older file was put in its place. The state then stands before an entry that the record takes for applied.
 * The last entry of each stream is never cut off the log, so this shows. */
#ifndef MG_SERVICE_LOG_REACH_H
#define MG_SERVICE_LOG_REACH_H

#include "service/log/follower.h"

/* Whether the stream's state lacks entries up to `sequence`, which were applied. Never, where the follower
 * can't tell. */
MG_CHECKED int mg_reach_is_short(const struct mg_ctx *ctx, const struct mg_follower *follower,
                                 const char *stream_id, int64_t sequence, bool *ret_short,
                                 struct mg_error *error);
/* All streams, at a start: those that fall short are to be made anew. */
MG_CHECKED int mg_reach_check(const struct mg_ctx *ctx, const struct mg_follower *follower,
                              struct mg_error *error);

#endif
