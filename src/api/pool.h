/* Bounded pool of handler threads: as many small stacks as requests may wait at once, since a handler blocks
 * on the disk or on an analysis. The pool never owns the items. */
#ifndef MG_API_POOL_H
#define MG_API_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct mg_pool;

/* `threads` run work(item); at most `capacity` items wait. NULL when threads or memory are out. */
struct mg_pool *mg_pool_new(size_t threads, size_t capacity, void (*work)(void *item));
/* False when too many wait already. */
bool mg_pool_submit(struct mg_pool *pool, void *item);
size_t mg_pool_waiting(struct mg_pool *pool);
/* Finishes what was submitted, then ends the threads. NULL is fine. */
void mg_pool_free(struct mg_pool *pool);

#endif
