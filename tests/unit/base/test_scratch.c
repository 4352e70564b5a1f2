/* What a signal that ends the program leaves, and what it doesn't. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/scratch.h"

static char folder[] = "/tmp/mg-scratch-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static const char *make(const char *name, char path[64])
{
    snprintf(path, 64, "%s/%s-XXXXXX", folder, name);
    int fd = mg_scratch_make(path);
    assert_true(fd >= 0);
    close(fd);
    return path;
}

static int n_files(void)
{
    char command[80];
    int n = -1;
    snprintf(command, sizeof command, "ls %s | wc -l", folder);
    FILE *pipe = popen(command, "r");
    assert_int_equal(fscanf(pipe, "%d", &n), 1);
    pclose(pipe);
    return n;
}

/* How a child ends that does this and has the signal sent. */
static int end_of(void (*what)(void), int number)
{
    int status = 0;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        what();
        kill(getpid(), number);
        _exit(7);
    }
    waitpid(child, &status, 0);
    return status;
}

static void make_some(void)
{
    char path[64];
    mg_scratch_guard();
    for (int i = 0; i < 5; i++)
        make("a", path);
}

static void keep_one(void)
{
    char path[64], kept[64];
    mg_scratch_guard();
    mg_scratch_remove(make("gone", path));
    snprintf(kept, sizeof kept, "%s/kept", folder);
    rename(make("kept", path), kept);
    mg_scratch_forget(path);
    FILE *other = fopen(path, "w"); /* somebody else's by now */
    fclose(other);
    make("last", path);
}

static void go_on_through_many(void)
{
    char path[64];
    mg_scratch_guard();
    for (int i = 0; i < 10 * MG_SCRATCH_MAX; i++)
        mg_scratch_remove(make("b", path)); /* each place is had again */
    make("c", path);
}

static void *make_and_remove(void *unused)
{
    char path[64];
    for (int i = 0; i < 500; i++)
        mg_scratch_remove(make("t", path));
    return unused;
}

static void make_by_threads(void)
{
    pthread_t threads[4];
    char path[64];
    mg_scratch_guard();
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, make_and_remove, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < MG_SCRATCH_MAX; i++) /* all places are free again */
        make("u", path);
}

static void ignore(void)
{
    signal(SIGHUP, SIG_IGN);
    make_some();
}

static void each_signal_removes_what_is_there(void **state)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        int status = end_of(make_some, numbers[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), numbers[i]);
        assert_int_equal(n_files(), 0);
    }
}

static void what_became_something_else_stays(void **state)
{
    (void)state;
    assert_true(WIFSIGNALED(end_of(keep_one, SIGTERM)));
    assert_int_equal(n_files(), 2);
    assert_int_equal(remove_folder(NULL), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static void places_are_had_again(void **state)
{
    (void)state;
    assert_true(WIFSIGNALED(end_of(go_on_through_many, SIGINT)));
    assert_int_equal(n_files(), 0);
    assert_true(WIFSIGNALED(end_of(make_by_threads, SIGINT)));
    assert_int_equal(n_files(), 0);
}

static void what_was_ignored_stays_ignored(void **state)
{
    (void)state;
    int status = end_of(ignore, SIGHUP);
    assert_true(WIFEXITED(status));
    assert_int_equal(n_files(), 5);
    assert_int_equal(remove_folder(NULL), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    char path[] = "/tmp/mg-scratch-nowhere/x-XXXXXX";
    (void)state;
    assert_int_equal(mg_scratch_make(path), -1);
    assert_int_equal(errno, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_signal_removes_what_is_there),
        cmocka_unit_test(what_became_something_else_stays),
        cmocka_unit_test(places_are_had_again),
        cmocka_unit_test(what_was_ignored_stays_ignored),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
