/* Handler threads around one bounded queue. Stacks are 1 MiB of address space each, of which only touched
 * pages count: deep enough for the column engine's planner, small enough for many threads. */
#include "api/pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/queue.h"

#define STACK_BYTES ((size_t)1024 * 1024)

struct mg_pool {
    struct mg_queue *queue;
    void (*work)(void *item);
    size_t n;
    pthread_t threads[];
};

static void *run(void *user)
{
    struct mg_pool *pool = user;
    void *item;
    while (mg_queue_pop(pool->queue, &item, 1))
        pool->work(item);
    return NULL;
}

struct mg_pool *mg_pool_new(size_t threads, size_t capacity, void (*work)(void *item))
{
    struct mg_pool *pool = calloc(1, sizeof *pool + threads * sizeof(pthread_t));
    if (!pool)
        return NULL;
    pool->work = work;
    pool->queue = mg_queue_new(capacity);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    while (pool->queue && pool->n < threads &&
           !pthread_create(&pool->threads[pool->n], &attributes, run, pool))
        pool->n++;
    pthread_attr_destroy(&attributes);
    if (pool->n == threads)
        return pool;
    mg_pool_free(pool);
    return NULL;
}

bool mg_pool_submit(struct mg_pool *pool, void *item)
{
    return mg_queue_try_push(pool->queue, item);
}

size_t mg_pool_waiting(struct mg_pool *pool)
{
    return mg_queue_length(pool->queue);
}

void mg_pool_free(struct mg_pool *pool)
{
    if (!pool)
        return;
    if (pool->queue)
        mg_queue_close(pool->queue);
    for (size_t i = 0; i < pool->n; i++)
        pthread_join(pool->threads[i], NULL);
    mg_queue_free(pool->queue);
    free(pool);
}
