/* The bounded queue: order, bound, closing, and many threads at both ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/queue.h"

static void keeps_order_and_its_bound(void **state)
{
    (void)state;
    int numbers[10];
    void *items[10];
    struct mg_queue *queue = mg_queue_new(3);
    for (int round = 0; round < 5; round++) { /* the ring wraps */
        for (int i = 0; i < 3; i++)
            assert_true(mg_queue_try_push(queue, &numbers[i]));
        assert_false(mg_queue_try_push(queue, &numbers[3]));
        assert_int_equal(mg_queue_length(queue), 3);
        assert_int_equal(mg_queue_pop(queue, items, 2), 2);
        assert_ptr_equal(items[0], &numbers[0]);
        assert_ptr_equal(items[1], &numbers[1]);
        assert_int_equal(mg_queue_pop(queue, items, 10), 1);
        assert_ptr_equal(items[0], &numbers[2]);
    }
    mg_queue_free(queue);
    mg_queue_free(NULL);
}

static void closing_drains_and_then_ends(void **state)
{
    (void)state;
    int a, b;
    void *items[4];
    struct mg_queue *queue = mg_queue_new(4);
    mg_queue_try_push(queue, &a);
    mg_queue_close(queue);
    assert_false(mg_queue_try_push(queue, &b));
    assert_int_equal(mg_queue_pop(queue, items, 4), 1);
    assert_int_equal(mg_queue_pop(queue, items, 4), 0);
    assert_int_equal(mg_queue_pop(queue, items, 4), 0);
    mg_queue_free(queue);
}

#define THREADS 4
#define EACH 20000

struct shared {
    struct mg_queue *queue;
    atomic_uchar seen[THREADS * EACH];
    atomic_size_t popped;
};

struct producer {
    struct shared *shared;
    size_t first;
};

static void *produce(void *argument)
{
    struct producer *me = argument;
    for (size_t i = 0; i < EACH; i++)
        while (!mg_queue_try_push(me->shared->queue, (void *)(me->first + i + 1)))
            sched_yield();
    return NULL;
}

static void *consume(void *argument)
{
    struct shared *shared = argument;
    void *items[7];
    for (size_t n; (n = mg_queue_pop(shared->queue, items, 7)) > 0;)
        for (size_t i = 0; i < n; i++) {
            atomic_fetch_add(&shared->seen[(uintptr_t)items[i] - 1], 1);
            atomic_fetch_add(&shared->popped, 1);
        }
    return NULL;
}

static void nothing_is_lost_or_doubled_between_threads(void **state)
{
    (void)state;
    static struct shared shared;
    struct producer producers[THREADS];
    pthread_t in[THREADS], out[THREADS];
    shared.queue = mg_queue_new(64);
    for (size_t t = 0; t < THREADS; t++) {
        producers[t] = (struct producer){&shared, t * EACH};
        pthread_create(&out[t], NULL, consume, &shared);
        pthread_create(&in[t], NULL, produce, &producers[t]);
    }
    for (size_t t = 0; t < THREADS; t++)
        pthread_join(in[t], NULL);
    mg_queue_close(shared.queue); /* wakes those that wait */
    for (size_t t = 0; t < THREADS; t++)
        pthread_join(out[t], NULL);
    assert_int_equal(shared.popped, THREADS * EACH);
    for (size_t i = 0; i < THREADS * EACH; i++)
        assert_int_equal(shared.seen[i], 1);
    mg_queue_free(shared.queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_order_and_its_bound),
        cmocka_unit_test(closing_drains_and_then_ends),
        cmocka_unit_test(nothing_is_lost_or_doubled_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
