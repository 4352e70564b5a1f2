/* See scratch.h. Threads take turns by a lock, which a handler can't; it takes slots that are there for good,
 * and no path of those is written any more. */
#include "base/scratch.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"

enum state { FREE, THERE, TAKEN };

static struct slot {
    atomic_int state;
    char path[MG_FILE_PATH_MAX];
} slots[MG_SCRATCH_MAX];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* From THERE alone. */
static bool move_on(struct slot *slot, enum state to)
{
    int expected = THERE;
    return atomic_compare_exchange_strong(&slot->state, &expected, (int)to);
}

static void know(const char *path)
{
    size_t n = strlen(path) + 1, i = 0;
    pthread_mutex_lock(&lock);
    while (i < MG_SCRATCH_MAX && atomic_load(&slots[i].state) != FREE)
        i++;
    if (i < MG_SCRATCH_MAX && n <= sizeof slots->path) {
        memcpy(slots[i].path, path, n);
        atomic_store(&slots[i].state, THERE);
    }
    pthread_mutex_unlock(&lock);
}

void mg_scratch_forget(const char *path)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < MG_SCRATCH_MAX; i++)
        if (atomic_load(&slots[i].state) == THERE && strcmp(slots[i].path, path) == 0)
            move_on(&slots[i], FREE);
    pthread_mutex_unlock(&lock);
}

int mg_scratch_make(char *path)
{
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        know(path);
    return fd;
}

void mg_scratch_remove(const char *path)
{
    unlink(path);
    mg_scratch_forget(path);
}

/* Only what is safe in a handler. */
static void clear_and_end(int number)
{
    for (size_t i = 0; i < MG_SCRATCH_MAX; i++)
        if (move_on(&slots[i], TAKEN))
            unlink(slots[i].path);
    raise(number); /* whose handler was reset: it ends the program once this one returns */
}

void mg_scratch_guard(void)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
    const struct sigaction clearing = {.sa_handler = clear_and_end, .sa_flags = (int)SA_RESETHAND};
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        struct sigaction before;
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(numbers[i], &clearing, NULL);
    }
}
