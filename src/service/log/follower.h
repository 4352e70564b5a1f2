/* Followers of the log: each reads the entries of its kinds, in the order of their stream, and makes
 * something of them.
 *
 *                    ┌─ live lane: small entries of all streams, many at a time
 *   log ── watermark ┤
 *                    └─ bulk lane: held streams, one at a time: imports, rebuilds, what failed before
 *
 *   A stream:   level ──bulk entry──> held (bulk) ──caught up──> level
 *                 │                     │   ^
 *                 │ an entry fails      │   └── retry_at, or by hand
 *                 └────────────> held (retry | set aside)
 *
 * Invariants
 *   1. Every entry up to the watermark is applied, unless its stream is held; of a held stream every entry
 *      up to the hold's sequence is.
 *   2. The live lane passes over held streams; only the bulk lane moves a hold, and it never goes beyond
 *      the watermark.
 *   3. A hold is released in a transaction that sees no entry between it and the watermark; the live lane,
 *      which moves the watermark, puts back in the same transaction the hold of every stream that it
 *      passed over.
 *   4. Entries of one stream are applied in their order, each once or, after a crash, again to no further
 *      effect.
 *   5. Before an entry is applied, the state reaches the entry before it: what was applied and is lost (a
 *      log of the engine's that was torn, an older file put in place) is noticed, at the start for all
 *      streams, and the stream is made anew.
 *   6. What fails for want of something outside (a full disk, memory) is tried again; what can't be applied
 *      is set aside with its stream, nobody else's. An erasure is always tried again.
 *
 * A follower keeps its state in the record (`write`: with the watermark, in one transaction) or elsewhere
 * (`apply`, which must make nothing of what it has applied already; `identity` tells one state from another,
 * and where it is another one, everything is made anew). */
#ifndef MG_SERVICE_LOG_FOLLOWER_H
#define MG_SERVICE_LOG_FOLLOWER_H

#include <stdbool.h>

#include "service/context.h"
#include "service/log/event.h"

struct mg_follower_entry {
    int64_t sequence;
    const char *org_id, *kind, *stream_id, *subject_id;
};

#define MG_FOLLOWER_KINDS_MAX 16
#define MG_FOLLOWER_IDENTITY 40

struct mg_follower {
    const char *name;
    const char *kinds[MG_FOLLOWER_KINDS_MAX]; /* that it reads; NULL ends them */
    const char *bulk[MG_FOLLOWER_KINDS_MAX];  /* those of them that go to the bulk lane */
    bool
        outside; /* its effects are outside (mail, webhooks): begins at the present end, is never made anew */

    /* State elsewhere. Entries of one stream, in order. All of them or none; again is harmless. */
    int (*apply)(const struct mg_ctx *ctx, const struct mg_follower_entry *entries, size_t n,
                 struct mg_error *error);
    int (*identity)(const struct mg_ctx *ctx, char ret_identity[MG_FOLLOWER_IDENTITY],
                    struct mg_error *error);
    /* How far a stream's state reaches: the last entry that it holds; −1: there is none. */
    int (*reaches)(const struct mg_ctx *ctx, const char *stream_id, int64_t *ret_sequence,
                   struct mg_error *error);
    /* State in the record: the same, inside the write that moves the watermark. */
    int (*write)(struct mg_db *db, const struct mg_ctx *ctx, const struct mg_follower_entry *entries,
                 size_t n, struct mg_error *error);

    /* Makes a stream anew, beside what there is. *ret_sequence: what is covered; entries up to it, applied
     * again, must have no effect. */
    int (*rebuild)(const struct mg_ctx *ctx, const char *org_id, const char *stream_id, int64_t *ret_sequence,
                   struct mg_error *error);
    /* Calls `each` for every stream of the record. */
    int (*streams)(struct mg_db *db, const struct mg_ctx *ctx,
                   int (*each)(void *user, const char *org_id, const char *stream_id, struct mg_error *error),
                   void *user, struct mg_error *error);
};

/* ---- Without threads: commands and tests. ctx: store, columns, clock, log ---- */

/* Applies the log until nothing waits but what is set aside or to be retried later. */
MG_CHECKED int mg_follower_run(const struct mg_ctx *ctx, const struct mg_follower *follower,
                               struct mg_error *error);
/* Makes everything anew. Run it afterwards. */
MG_CHECKED int mg_follower_rebuild(const struct mg_ctx *ctx, const struct mg_follower *follower,
                                   struct mg_error *error);
/* Entries not yet applied, those of held streams included. */
MG_CHECKED int mg_follower_lag(const struct mg_ctx *ctx, const struct mg_follower *follower,
                               int64_t *ret_entries, struct mg_error *error);

/* ---- With threads: the server ---- */

struct mg_followers;

/* Two threads a follower. store, columns, data_dir, clock, log and studies are copied from `base`; the table
 * must outlive them. */
MG_CHECKED int mg_followers_start(const struct mg_ctx *base, const struct mg_follower *const *table, size_t n,
                                  struct mg_followers **ret_followers, struct mg_error *error);
/* Finishes what is in hand. NULL is fine. No caller may be inside. */
void mg_followers_stop(struct mg_followers *followers);
/* Look now, not at the next tick. NULL is fine. */
void mg_followers_wake(struct mg_followers *followers);
/* For long steps: stop soon. NULL: no. */
bool mg_followers_stopping(struct mg_followers *followers);
/* Waits until the stream's entries of before the call are applied by every follower, at most `seconds`. True:
 * there is nothing to wait for any more, also where the stream is set aside, the followers stop, or ctx has
 * none. */
bool mg_followers_catch_up(const struct mg_ctx *ctx, const char *stream_id, int seconds);

/* ---- Care ---- */

/* How a follower fares. */
struct mg_follower_state {
    const char *name, *note;             /* note: what happened to it last; may be empty */
    const char *identity;                /* of the state that the watermark speaks of */
    int64_t watermark, last;             /* last: of the log */
    int64_t waiting;                     /* entries beyond the watermark */
    int64_t held, rebuilding, set_aside; /* streams */
    int64_t erasures; /* streams whose erasure fails and is tried again: somebody should look */
    const int64_t *noted_at;
};
/* All that the record knows, in the arena. */
MG_CHECKED int mg_follower_states(const struct mg_ctx *ctx, const struct mg_follower_state **ret_states,
                                  size_t *ret_n, struct mg_error *error);

/* Tries again what was set aside. MG_E_NOT_FOUND: nothing of that stream was. */
MG_CHECKED int mg_follower_retry(const struct mg_ctx *ctx, const char *follower, const char *stream_id,
                                 struct mg_error *error);
/* Cuts off the log behind the slowest follower, in bounded writes; ends early when ctx->stop asks. */
MG_CHECKED int mg_event_prune(const struct mg_ctx *ctx, struct mg_error *error);

#endif
