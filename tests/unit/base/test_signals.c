/* Signals are noted wherever they arrive. */
#include "base/signals.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void *sleep_long(void *unused)
{
    (void)unused;
    while (true)
        pause();
    return NULL;
}

/* A library's thread, started before anybody thought of masks, lets them through. */
static void a_foreign_thread_does_not_end_the_program(void **state)
{
    pthread_t foreign;
    (void)state;
    assert_int_equal(pthread_create(&foreign, NULL, sleep_long, NULL), 0);
    mg_signals_take();
    for (int i = 0; i < 50; i++) {
        assert_int_equal(kill(getpid(), i % 2 ? SIGTERM : SIGINT), 0);
        assert_true(mg_signals_wait(5000));
    }
    assert_false(mg_signals_wait(1));
    kill(getpid(), SIGTERM); /* each counts, also without anybody waiting */
    kill(getpid(), SIGINT);
    assert_true(mg_signals_wait(5000));
    assert_true(mg_signals_wait(-1));
    mg_signals_release();
    pthread_cancel(foreign);
    pthread_join(foreign, NULL);
}

static int end_of(void (*what)(void))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        what();
        _exit(7);
    }
    waitpid(child, &status, 0);
    return status;
}

static void be_killed(void)
{
    mg_signals_take();
    kill(getpid(), SIGTERM);
    mg_signals_wait(5000);
    mg_signals_release();
    kill(getpid(), SIGTERM);
    sleep(5);
}

static void ignore(void)
{
    signal(SIGINT, SIG_IGN);
    mg_signals_take();
    kill(getpid(), SIGINT);
    if (mg_signals_wait(20))
        _exit(1);
}

static void released_they_end_the_program_again(void **state)
{
    (void)state;
    int rc = end_of(be_killed);
    assert_true(WIFSIGNALED(rc));
    assert_int_equal(WTERMSIG(rc), SIGTERM);
}

static void what_was_ignored_stays_so(void **state)
{
    (void)state;
    int status = end_of(ignore);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_foreign_thread_does_not_end_the_program),
        cmocka_unit_test(released_they_end_the_program_again),
        cmocka_unit_test(what_was_ignored_stays_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
