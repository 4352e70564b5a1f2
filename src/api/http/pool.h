/* Bounded pools of handler threads, shared out among owners.
 *
 *        submit(owner, item)
 *             │            lane of owner A: ■■■■   2 at work
 *             └──────────▶ lane of owner B: ■      1 at work     ──▶ threads take from the lanes in turn
 *                          lane of owner C: ■■
 *
 * As many small stacks as items may be at work at once, since a handler blocks on the disk or on an analysis.
 * An owner (an organisation, an address) has at most `owner_running` items at work and `owner_waiting`
 * waiting, so that none can hold the pool; lanes take turns, so that one item of B waits for one item of each
 * other owner, not for all of A's. The pool never owns the items. */
#ifndef MG_API_HTTP_POOL_H
#define MG_API_HTTP_POOL_H

#include <stdbool.h>
#include <stddef.h>

#define MG_POOL_OWNER_BYTES 64 /* of an owner's name; longer ones are cut */

struct mg_pool;

struct mg_pool_limits {
    size_t threads;
    size_t capacity;                     /* items waiting, of all owners */
    size_t owner_running, owner_waiting; /* of one owner; 0: only the pool's own limits */
};

/* NULL when threads or memory are out. */
struct mg_pool *mg_pool_new(const struct mg_pool_limits *limits, void (*work)(void *item));
/* False when too many wait already, or the pool is closed. */
bool mg_pool_submit(struct mg_pool *pool, const char *owner, void *item);
size_t mg_pool_waiting(struct mg_pool *pool);
size_t mg_pool_running(struct mg_pool *pool);
/* Finishes what was submitted and ends the threads; whoever submits later is refused. Twice is fine. */
void mg_pool_close(struct mg_pool *pool);
/* Closes; nobody may submit any more. NULL is fine. */
void mg_pool_free(struct mg_pool *pool);

#endif
