/* Asking long work to end: a flag, a limit in time, and what to interrupt.
 *
 *   the worker   sets the limit, looks at mg_stop_asked between steps, and enters a hook around calls that
 *                can't look by themselves (a query of the column engine)
 *   a watcher    asks (the client has gone, the job is cancelled, the server ends), and ticks now and then:
 *                a tick notices the limit and runs the hooks while the worker is asked to end
 *
 * The first reason stays. Hooks run in the watcher's thread under the lock, so that a hook that was left is
 * never run: they must not block. A tick repeats them, since an interrupt that comes before its query began
 * is lost. Everything but init and done may be called from any thread, and with NULL, which never ends. */
#ifndef MG_BASE_STOP_H
#define MG_BASE_STOP_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum mg_stop_why { MG_STOP_NO, MG_STOP_GONE, MG_STOP_CANCELLED, MG_STOP_LATE, MG_STOP_ENDING };

/* What to interrupt; the worker's, linked in while entered. */
struct mg_stop_hook {
    void (*interrupt)(void *user);
    void *user;
    struct mg_stop_hook *next;
};

struct mg_stop {
    atomic_int why;              /* enum mg_stop_why */
    atomic_int_least64_t due_us; /* monotonic; 0: no limit */
    unsigned seconds;            /* of the limit, for the message */
    pthread_mutex_t lock;        /* of the hooks */
    struct mg_stop_hook *hooks;
};

void mg_stop_init(struct mg_stop *stop);
void mg_stop_done(struct mg_stop *stop); /* no hook is entered any more */

/* The limit, from now on. */
void mg_stop_limit(struct mg_stop *stop, unsigned seconds);
void mg_stop_ask(struct mg_stop *stop, enum mg_stop_why why);
void mg_stop_tick(struct mg_stop *stop);

/* Why to end; MG_STOP_NO: go on. Costs a load, and with a limit a look at the clock. */
enum mg_stop_why mg_stop_asked(const struct mg_stop *stop);
/* 0, or the error that says why the work ended: MG_E_CANCELLED, MG_E_LIMIT, MG_E_BUSY. */
MG_CHECKED int mg_stop_check(const struct mg_stop *stop, struct mg_error *error);

void mg_stop_enter(struct mg_stop *stop, struct mg_stop_hook *hook);
void mg_stop_leave(struct mg_stop *stop, struct mg_stop_hook *hook); /* not entered is fine */

#endif
