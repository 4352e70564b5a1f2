/* Bounded queue of pointers between threads. The queue never owns what the pointers point to. */
#ifndef MG_BASE_QUEUE_H
#define MG_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct mg_queue;

struct mg_queue *mg_queue_new(size_t capacity); /* NULL when memory is out */
void mg_queue_free(struct mg_queue *queue);     /* empty or not; no thread may be inside */

/* False when full or closed: the caller answers "busy". Never blocks. */
bool mg_queue_try_push(struct mg_queue *queue, void *item);
/* Takes up to `most` items, waiting for the first. 0 once the queue is closed and empty. */
size_t mg_queue_pop(struct mg_queue *queue, void **ret_items, size_t most);
/* Wakes all; no more pushes; pops drain what is left. */
void mg_queue_close(struct mg_queue *queue);
size_t mg_queue_length(struct mg_queue *queue);

#endif
