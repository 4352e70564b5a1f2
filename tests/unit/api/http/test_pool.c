/* The pool of handler threads: everything submitted is done, also at the end; a full queue says so; no owner
 * holds it; nobody gets in once it is closed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

#include "api/http/pool.h"

static atomic_int done;
static sem_t gate;
static char order[64];

static void count(void *item)
{
    (void)item;
    usleep(1000);
    atomic_fetch_add(&done, 1);
}

static void wait_at_gate(void *item)
{
    (void)item;
    sem_wait(&gate);
    atomic_fetch_add(&done, 1);
}

/* Notes which item it was. */
static void note(void *item)
{
    sem_wait(&gate);
    order[atomic_fetch_add(&done, 1)] = *(char *)item;
}

static void wait_until(struct mg_pool *pool, size_t running, size_t waiting)
{
    while (mg_pool_running(pool) != running || mg_pool_waiting(pool) != waiting)
        usleep(200);
}

static void finishes_what_was_submitted(void **state)
{
    (void)state;
    int item = 0;
    atomic_store(&done, 0);
    struct mg_pool *pool = mg_pool_new(&(struct mg_pool_limits){.threads = 4, .capacity = 1000}, count);
    for (int i = 0; i < 200; i++)
        assert_true(mg_pool_submit(pool, "", &item));
    mg_pool_free(pool);
    assert_int_equal(atomic_load(&done), 200);
}

static void refuses_beyond_its_capacity(void **state)
{
    (void)state;
    int item = 0, taken = 0;
    atomic_store(&done, 0);
    sem_init(&gate, 0, 0);
    struct mg_pool *pool = mg_pool_new(&(struct mg_pool_limits){.threads = 2, .capacity = 5}, wait_at_gate);
    for (int i = 0; i < 2; i++)
        taken += mg_pool_submit(pool, "", &item);
    wait_until(pool, 2, 0);
    for (int i = 0; i < 50; i++)
        taken += mg_pool_submit(pool, "", &item);
    assert_int_equal(taken, 7); /* two at work, five waiting */
    for (int i = 0; i < taken; i++)
        sem_post(&gate);
    mg_pool_free(pool);
    assert_int_equal(atomic_load(&done), 7);
}

static void one_owner_cannot_hold_it(void **state)
{
    (void)state;
    int item = 0, taken = 0;
    atomic_store(&done, 0);
    sem_init(&gate, 0, 0);
    const struct mg_pool_limits limits = {
        .threads = 4, .capacity = 20, .owner_running = 2, .owner_waiting = 3};
    struct mg_pool *pool = mg_pool_new(&limits, wait_at_gate);
    for (int i = 0; i < 2; i++)
        taken += mg_pool_submit(pool, "greedy", &item);
    wait_until(pool, 2, 0);
    for (int i = 0; i < 10; i++)
        taken += mg_pool_submit(pool, "greedy", &item);
    assert_int_equal(taken, 5);
    wait_until(pool, 2, 3); /* two threads are free, and stay so for the others */
    assert_true(mg_pool_submit(pool, "modest", &item));
    wait_until(pool, 3, 3);
    for (int i = 0; i < 6; i++)
        sem_post(&gate);
    mg_pool_free(pool);
    assert_int_equal(atomic_load(&done), 6);
}

static void owners_take_turns(void **state)
{
    (void)state;
    char first = 'x', a = 'a', b = 'b', c = 'c';
    atomic_store(&done, 0);
    sem_init(&gate, 0, 0);
    struct mg_pool *pool = mg_pool_new(&(struct mg_pool_limits){.threads = 1, .capacity = 20}, note);
    assert_true(mg_pool_submit(pool, "X", &first));
    wait_until(pool, 1, 0); /* the one thread is taken while the others line up */
    for (int i = 0; i < 4; i++)
        assert_true(mg_pool_submit(pool, "A", &a));
    for (int i = 0; i < 2; i++)
        assert_true(mg_pool_submit(pool, "B", &b));
    assert_true(mg_pool_submit(pool, "C", &c));
    for (int i = 0; i < 8; i++)
        sem_post(&gate);
    mg_pool_free(pool);
    order[8] = '\0';
    assert_string_equal(order, "xabcabaa");
}

/* Notes that it is at work and stays there until four are, ten seconds at most. */
static void work_together(void *item)
{
    atomic_int *together = item;
    atomic_fetch_add(together, 1);
    for (int i = 0; i < 10000 && atomic_load(together) < 4; i++)
        usleep(1000);
    atomic_fetch_add(&done, atomic_load(together) == 4);
}

/* One thread is woken for a burst, and wakes the next: nothing waits while somebody is idle. */
static void a_burst_reaches_all_threads(void **state)
{
    (void)state;
    struct mg_pool *pool = mg_pool_new(&(struct mg_pool_limits){.threads = 4, .capacity = 8}, work_together);
    for (int round = 0; round < 50; round++) {
        atomic_int together = 0;
        atomic_store(&done, 0);
        for (int i = 0; i < 4; i++)
            assert_true(mg_pool_submit(pool, "", &together));
        while (mg_pool_running(pool) || mg_pool_waiting(pool))
            usleep(100);
        assert_int_equal(atomic_load(&done), 4);
    }
    mg_pool_free(pool);
}

struct submitter {
    struct mg_pool *pool;
    atomic_int taken;
    atomic_bool stop;
};

static void *keep_submitting(void *user)
{
    struct submitter *submitter = user;
    static int item;
    while (!atomic_load(&submitter->stop))
        atomic_fetch_add(&submitter->taken, mg_pool_submit(submitter->pool, "late", &item));
    return NULL;
}

/* As when the server ends: loops still hand over while it closes, and after. */
static void closed_it_takes_nothing_more(void **state)
{
    (void)state;
    int item = 0;
    pthread_t thread;
    atomic_store(&done, 0);
    struct submitter submitter = {
        .pool = mg_pool_new(&(struct mg_pool_limits){.threads = 2, .capacity = 8}, count)};
    assert_int_equal(pthread_create(&thread, NULL, keep_submitting, &submitter), 0);
    while (atomic_load(&done) < 5)
        usleep(500);
    mg_pool_close(submitter.pool);
    assert_false(mg_pool_submit(submitter.pool, "", &item));
    assert_int_equal(mg_pool_waiting(submitter.pool), 0);
    atomic_store(&submitter.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&done), atomic_load(&submitter.taken));
    mg_pool_free(submitter.pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finishes_what_was_submitted), cmocka_unit_test(refuses_beyond_its_capacity),
        cmocka_unit_test(one_owner_cannot_hold_it),    cmocka_unit_test(owners_take_turns),
        cmocka_unit_test(a_burst_reaches_all_threads), cmocka_unit_test(closed_it_takes_nothing_more),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
