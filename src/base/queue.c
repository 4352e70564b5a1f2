/* Ring under one mutex: at the rates of a writer that fsyncs per batch, the lock is never the bottleneck. */
#include "base/queue.h"

#include <pthread.h>
#include <stdlib.h>

struct mg_queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    size_t capacity, head, length;
    bool closed;
    void *items[];
};

struct mg_queue *mg_queue_new(size_t capacity)
{
    struct mg_queue *queue = calloc(1, sizeof *queue + capacity * sizeof(void *));
    if (!queue)
        return NULL;
    queue->capacity = capacity;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, NULL);
    return queue;
}

void mg_queue_free(struct mg_queue *queue)
{
    if (!queue)
        return;
    pthread_mutex_destroy(&queue->lock);
    pthread_cond_destroy(&queue->filled);
    free(queue);
}

bool mg_queue_try_push(struct mg_queue *queue, void *item)
{
    pthread_mutex_lock(&queue->lock);
    bool room = !queue->closed && queue->length < queue->capacity;
    if (room) {
        queue->items[(queue->head + queue->length++) % queue->capacity] = item;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return room;
}

size_t mg_queue_pop(struct mg_queue *queue, void **ret_items, size_t most)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->length == 0 && !queue->closed)
        pthread_cond_wait(&queue->filled, &queue->lock);
    size_t n = queue->length < most ? queue->length : most;
    for (size_t i = 0; i < n; i++)
        ret_items[i] = queue->items[(queue->head + i) % queue->capacity];
    queue->head = (queue->head + n) % queue->capacity;
    queue->length -= n;
    pthread_mutex_unlock(&queue->lock);
    return n;
}

void mg_queue_close(struct mg_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

size_t mg_queue_length(struct mg_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t length = queue->length;
    pthread_mutex_unlock(&queue->lock);
    return length;
}
