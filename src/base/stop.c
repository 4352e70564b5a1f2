/* The reason is one atomic word, so that looking costs nothing; the lock is for hooks alone. */
#include "base/stop.h"

#include "base/clock.h"

static int64_t now_us(void)
{
    return (int64_t)(mg_clock_elapsed() * 1e6);
}

void mg_stop_init(struct mg_stop *stop)
{
    atomic_init(&stop->why, MG_STOP_NO);
    atomic_init(&stop->due_us, 0);
    stop->seconds = 0;
    stop->hooks = NULL;
    pthread_mutex_init(&stop->lock, NULL);
}

void mg_stop_done(struct mg_stop *stop)
{
    pthread_mutex_destroy(&stop->lock);
}

void mg_stop_limit(struct mg_stop *stop, unsigned seconds)
{
    stop->seconds = seconds;
    atomic_store(&stop->due_us, now_us() + (int64_t)seconds * 1000000);
}

static void run_hooks(struct mg_stop *stop)
{
    pthread_mutex_lock(&stop->lock);
    for (struct mg_stop_hook *hook = stop->hooks; hook; hook = hook->next)
        hook->interrupt(hook->user);
    pthread_mutex_unlock(&stop->lock);
}

void mg_stop_ask(struct mg_stop *stop, enum mg_stop_why why)
{
    if (!stop)
        return;
    int none = MG_STOP_NO;
    atomic_compare_exchange_strong(&stop->why, &none, why);
    run_hooks(stop);
}

void mg_stop_tick(struct mg_stop *stop)
{
    enum mg_stop_why why = mg_stop_asked(stop);
    if (why != MG_STOP_NO)
        mg_stop_ask(stop, why);
}

enum mg_stop_why mg_stop_asked(const struct mg_stop *stop)
{
    if (!stop)
        return MG_STOP_NO;
    int why = atomic_load_explicit(&stop->why, memory_order_relaxed);
    int64_t due = atomic_load_explicit(&stop->due_us, memory_order_relaxed);
    if (why == MG_STOP_NO && due && now_us() > due)
        why = MG_STOP_LATE;
    return (enum mg_stop_why)why;
}

int mg_stop_check(const struct mg_stop *stop, struct mg_error *error)
{
    switch (mg_stop_asked(stop)) {
    case MG_STOP_GONE:
        return mg_fail(error, MG_E_CANCELLED, "Whoever asked for this has closed the connection.");
    case MG_STOP_CANCELLED:
        return mg_fail(error, MG_E_CANCELLED, "The job was stopped.");
    case MG_STOP_LATE:
        mg_fail(error, MG_E_LIMIT, "This took longer than the %u seconds allowed and was stopped.",
                stop->seconds);
        mg_fail_hint(error, "Ask for less at once: fewer rows, columns, groups or replicates.");
        return MG_E_LIMIT;
    case MG_STOP_ENDING:
        return mg_fail(error, MG_E_BUSY, "The server is ending; ask again when it is back.");
    default:
        return 0;
    }
}

void mg_stop_enter(struct mg_stop *stop, struct mg_stop_hook *hook)
{
    if (!stop)
        return;
    pthread_mutex_lock(&stop->lock);
    hook->next = stop->hooks;
    stop->hooks = hook;
    pthread_mutex_unlock(&stop->lock);
}

void mg_stop_leave(struct mg_stop *stop, struct mg_stop_hook *hook)
{
    if (!stop)
        return;
    pthread_mutex_lock(&stop->lock);
    struct mg_stop_hook **at = &stop->hooks;
    while (*at && *at != hook)
        at = &(*at)->next;
    if (*at)
        *at = hook->next;
    pthread_mutex_unlock(&stop->lock);
}
