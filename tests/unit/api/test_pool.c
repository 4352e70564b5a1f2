/* The pool of handler threads: everything submitted is done, also at the end; a full queue says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

#include "api/pool.h"

static atomic_int done;
static sem_t gate;

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

static void finishes_what_was_submitted(void **state)
{
    (void)state;
    int item = 0;
    atomic_store(&done, 0);
    struct mg_pool *pool = mg_pool_new(4, 1000, count);
    for (int i = 0; i < 200; i++)
        assert_true(mg_pool_submit(pool, &item));
    mg_pool_free(pool);
    assert_int_equal(atomic_load(&done), 200);
}

static void refuses_beyond_its_capacity(void **state)
{
    (void)state;
    int item = 0, taken = 0;
    atomic_store(&done, 0);
    sem_init(&gate, 0, 0);
    struct mg_pool *pool = mg_pool_new(2, 5, wait_at_gate);
    for (int i = 0; i < 50; i++) {
        taken += mg_pool_submit(pool, &item);
        usleep(200);
    }
    assert_int_equal(taken, 7); /* two at work, five waiting */
    assert_int_equal(mg_pool_waiting(pool), 5);
    for (int i = 0; i < taken; i++)
        sem_post(&gate);
    mg_pool_free(pool);
    assert_int_equal(atomic_load(&done), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finishes_what_was_submitted),
        cmocka_unit_test(refuses_beyond_its_capacity),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
