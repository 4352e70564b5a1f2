/* See signals.h. sem_post is all that the handler does: it is safe there, and it counts. */
#include "base/signals.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>

#include "base/str.h"

static const int numbers[] = {SIGINT, SIGTERM};
static sem_t arrived;
static bool taken[ARRAY_LEN(numbers)];
static struct sigaction before[ARRAY_LEN(numbers)];

static void note(int number)
{
    int kept = errno;
    (void)number;
    sem_post(&arrived);
    errno = kept;
}

static void set_mask(int how)
{
    sigset_t signals;
    sigemptyset(&signals);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (taken[i])
            sigaddset(&signals, numbers[i]);
    pthread_sigmask(how, &signals, NULL);
}

void mg_signals_take(void)
{
    const struct sigaction noting = {.sa_handler = note, .sa_flags = SA_RESTART};
    sem_init(&arrived, 0, 0);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        taken[i] = sigaction(numbers[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN &&
                   sigaction(numbers[i], &noting, NULL) == 0;
    }
    set_mask(SIG_BLOCK);
}

bool mg_signals_wait(long ms)
{
    struct timespec until;
    int rc;
    set_mask(SIG_UNBLOCK);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    do
        rc = ms < 0 ? sem_wait(&arrived) : sem_clockwait(&arrived, CLOCK_MONOTONIC, &until);
    while (rc && errno == EINTR);
    return rc == 0;
}

void mg_signals_release(void)
{
    set_mask(SIG_UNBLOCK);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (taken[i])
            sigaction(numbers[i], &before[i], NULL);
}
