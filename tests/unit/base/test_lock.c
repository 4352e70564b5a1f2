/* Locked files: held once, seen without being taken, free when the holder ends, however. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/lock.h"

static char dir[] = "/tmp/mg-lock-XXXXXX", path[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/mg-lock-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/it", dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(dir);
}

static void a_lock_is_held_once(void **state)
{
    (void)state;
    int first = -1, second = -1;
    struct stat info;
    struct mg_error error = {0};
    assert_false(mg_lock_is_held(path));
    assert_int_equal(mg_lock_take(path, &first, &error), 0);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_true(mg_lock_is_held(path));
    assert_int_equal(mg_lock_take(path, &second, &error), MG_E_BUSY);
    assert_int_equal(second, -1);
    assert_true(mg_lock_is_held(path)); /* neither looking nor a failed try lets go of it */
    mg_lock_drop(first);
    assert_false(mg_lock_is_held(path));
    assert_int_equal(mg_lock_take(path, &second, &error), 0);
    mg_lock_drop(second);
    mg_lock_drop(-1);
}

static atomic_bool look_on;

static void *look(void *unused)
{
    while (atomic_load(&look_on))
        mg_lock_is_held(path);
    return unused;
}

static void who_looks_is_never_in_the_way(void **state)
{
    (void)state;
    pthread_t looker;
    atomic_store(&look_on, true);
    assert_int_equal(pthread_create(&looker, NULL, look, NULL), 0);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
        int lock = -1;
        refused += mg_lock_take(path, &lock, NULL) != 0;
        mg_lock_drop(lock);
    }
    atomic_store(&look_on, false);
    pthread_join(looker, NULL);
    assert_int_equal(refused, 0);
}

static void the_kernel_lets_go_of_a_killed_holder(void **state)
{
    (void)state;
    int ends[2], lock;
    char byte;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(mg_lock_take(path, &lock, NULL) != 0 || write(ends[1], "x", 1) != 1 || pause());
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_true(mg_lock_is_held(path));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_false(mg_lock_is_held(path));
    close(ends[0]);
    close(ends[1]);
}

static void a_folder_that_is_not_there(void **state)
{
    (void)state;
    int lock = -1;
    struct mg_error error = {0};
    assert_int_equal(mg_lock_take("/nowhere/at/all", &lock, &error), MG_E_IO);
    assert_non_null(strstr(error.message, "/nowhere"));
    assert_false(mg_lock_is_held("/nowhere/at/all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lock_is_held_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_looks_is_never_in_the_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_kernel_lets_go_of_a_killed_holder, set_up, tear_down),
        cmocka_unit_test(a_folder_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
