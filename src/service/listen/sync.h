/* The way from the record to the columns: carries the outbox, in order, to the column engine.
 *
 * Each entry becomes rows stamped with its sequence; a later sequence of the same response replaces an
 * earlier one, so that applying an entry twice changes nothing. The engine stores the watermark with the
 * rows. After a crash the sync goes on behind the watermark. */
#ifndef MG_SERVICE_LISTEN_SYNC_H
#define MG_SERVICE_LISTEN_SYNC_H

#include "service/context.h"

struct mg_sync;

/* Applies everything in the outbox; returns when the columns are level with the record as it was at the call
 * or later. */
int mg_sync_run(const struct mg_ctx *ctx, struct mg_error *error);

/* Drops every study's table and makes it anew from the record (`mindgap column rebuild`). */
int mg_sync_rebuild(const struct mg_ctx *ctx, struct mg_error *error);

/* A thread that runs the sync every second, and when it is asked to catch up. store, columns, data_dir, clock
 * and log are copied from `base`, whose other members aren't used. */
int mg_sync_start(const struct mg_ctx *base, struct mg_sync **ret_sync, struct mg_error *error);
/* Wakes it and waits until it has run: what was written before is in the columns then, unless the run failed.
 * NULL is fine. No caller may be inside when the sync is stopped. */
void mg_sync_catch_up(struct mg_sync *sync);
/* Finishes the batch in hand and ends the thread. NULL is fine. */
void mg_sync_stop(struct mg_sync *sync);

/* Outbox entries not yet in the columns, for metrics and /readyz. */
int mg_sync_lag(const struct mg_ctx *ctx, int64_t *ret_entries, struct mg_error *error);

#endif
