/* Lanes in one list, in the order of their turn: who was served goes to the end. A lane exists while its
 * owner has something waiting or at work, so that there are at most capacity + threads; they and the nodes of
 * the waiting items are made once. Stacks are 1 MiB of address space each, of which only touched pages count:
 * deep enough for the column engine's planner, small enough for many threads. */
#include "api/http/pool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STACK_BYTES ((size_t)1024 * 1024)

struct node {
    void *item;
    struct node *next;
};

struct lane {
    char owner[MG_POOL_OWNER_BYTES];
    size_t running, waiting;
    struct node *first, *last;
    struct lane *before, *after; /* in the order of turns; `after` alone while free */
};

struct mg_pool {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct mg_pool_limits limits;
    void (*work)(void *item);
    struct lane *lanes, *free_lanes, *head, *tail;
    struct node *nodes, *free_nodes;
    size_t waiting, running, n_threads, idle;
    bool calling; /* an idle thread was woken and hasn't come yet */
    bool closed, joined;
    pthread_t threads[];
};

/* ---- lanes, with the lock held ---- */

static void append(struct mg_pool *pool, struct lane *lane)
{
    lane->before = pool->tail;
    lane->after = NULL;
    *(pool->tail ? &pool->tail->after : &pool->head) = lane;
    pool->tail = lane;
}

static void take_out(struct mg_pool *pool, struct lane *lane)
{
    *(lane->before ? &lane->before->after : &pool->head) = lane->after;
    *(lane->after ? &lane->after->before : &pool->tail) = lane->before;
}

static struct lane *lane_of(struct mg_pool *pool, const char *owner)
{
    struct lane *lane = pool->head;
    while (lane && strncmp(lane->owner, owner, sizeof lane->owner - 1) != 0)
        lane = lane->after;
    if (lane || !pool->free_lanes)
        return lane;
    lane = pool->free_lanes;
    pool->free_lanes = lane->after;
    *lane = (struct lane){0};
    snprintf(lane->owner, sizeof lane->owner, "%s", owner);
    append(pool, lane);
    return lane;
}

static void drop_if_empty(struct mg_pool *pool, struct lane *lane)
{
    if (lane->running || lane->waiting)
        return;
    take_out(pool, lane);
    lane->after = pool->free_lanes;
    pool->free_lanes = lane;
}

static bool push(struct mg_pool *pool, const char *owner, void *item)
{
    const struct mg_pool_limits *limits = &pool->limits;
    if (pool->closed || pool->waiting == limits->capacity)
        return false;
    struct lane *lane = lane_of(pool, owner);
    if (!lane || (limits->owner_waiting && lane->waiting == limits->owner_waiting))
        return false;
    struct node *node = pool->free_nodes;
    pool->free_nodes = node->next;
    *node = (struct node){.item = item};
    *(lane->last ? &lane->last->next : &lane->first) = node;
    lane->last = node;
    lane->waiting++;
    pool->waiting++;
    return true;
}

/* The first item of the lane whose turn it is; NULL when none may run. */
static struct lane *pop(struct mg_pool *pool, void **ret_item)
{
    size_t most = pool->limits.owner_running;
    struct lane *lane = pool->head;
    while (lane && (!lane->first || (most && lane->running >= most)))
        lane = lane->after;
    if (!lane)
        return NULL;
    struct node *node = lane->first;
    lane->first = node->next;
    if (!lane->first)
        lane->last = NULL;
    *ret_item = node->item;
    node->next = pool->free_nodes;
    pool->free_nodes = node;
    lane->waiting--;
    lane->running++;
    pool->waiting--;
    pool->running++;
    take_out(pool, lane);
    append(pool, lane);
    return lane;
}

/* ---- threads ---- */

/* Wakes one thread, not one for each item: who comes and finds more wakes the next. Where items are short,
 * few threads do them all, and waking the others would cost more than the items. With the lock held. */
static void call_one(struct mg_pool *pool)
{
    if (!pool->idle || pool->calling)
        return;
    pool->calling = true;
    pthread_cond_signal(&pool->changed);
}

static void wait_for_call(struct mg_pool *pool)
{
    pool->idle++;
    pthread_cond_wait(&pool->changed, &pool->lock);
    pool->idle--;
    pool->calling = false;
}

static void *run(void *user)
{
    struct mg_pool *pool = user;
    void *item;
    pthread_mutex_lock(&pool->lock);
    while (!pool->closed || pool->waiting) {
        struct lane *lane = pop(pool, &item);
        if (!lane) {
            wait_for_call(pool);
            continue;
        }
        if (pool->waiting)
            call_one(pool);
        pthread_mutex_unlock(&pool->lock);
        pool->work(item);
        pthread_mutex_lock(&pool->lock);
        lane->running--;
        pool->running--;
        drop_if_empty(pool, lane);
    }
    pthread_cond_broadcast(&pool->changed); /* the others may end too */
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static bool make_room(struct mg_pool *pool)
{
    size_t n_nodes = pool->limits.capacity, n_lanes = n_nodes + pool->limits.threads;
    pool->nodes = calloc(n_nodes, sizeof *pool->nodes);
    pool->lanes = calloc(n_lanes, sizeof *pool->lanes);
    for (size_t i = 0; i < n_nodes && pool->nodes; i++) {
        pool->nodes[i].next = pool->free_nodes;
        pool->free_nodes = &pool->nodes[i];
    }
    for (size_t i = 0; i < n_lanes && pool->lanes; i++) {
        pool->lanes[i].after = pool->free_lanes;
        pool->free_lanes = &pool->lanes[i];
    }
    return pool->nodes && pool->lanes;
}

struct mg_pool *mg_pool_new(const struct mg_pool_limits *limits, void (*work)(void *item))
{
    struct mg_pool *pool = calloc(1, sizeof *pool + limits->threads * sizeof(pthread_t));
    if (!pool)
        return NULL;
    pool->work = work;
    pool->limits = *limits;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->changed, NULL);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    bool room = make_room(pool);
    while (room && pool->n_threads < limits->threads &&
           !pthread_create(&pool->threads[pool->n_threads], &attributes, run, pool))
        pool->n_threads++;
    pthread_attr_destroy(&attributes);
    if (room && pool->n_threads == limits->threads)
        return pool;
    mg_pool_free(pool);
    return NULL;
}

bool mg_pool_submit(struct mg_pool *pool, const char *owner, void *item)
{
    pthread_mutex_lock(&pool->lock);
    bool taken = push(pool, owner, item);
    if (taken)
        call_one(pool);
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

static size_t look(struct mg_pool *pool, const size_t *number)
{
    pthread_mutex_lock(&pool->lock);
    size_t n = *number;
    pthread_mutex_unlock(&pool->lock);
    return n;
}

size_t mg_pool_waiting(struct mg_pool *pool)
{
    return look(pool, &pool->waiting);
}

size_t mg_pool_running(struct mg_pool *pool)
{
    return look(pool, &pool->running);
}

void mg_pool_close(struct mg_pool *pool)
{
    if (!pool || pool->joined)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->closed = true;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    pool->joined = true;
}

void mg_pool_free(struct mg_pool *pool)
{
    if (!pool)
        return;
    mg_pool_close(pool);
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->lock);
    free(pool->nodes);
    free(pool->lanes);
    free(pool);
}
