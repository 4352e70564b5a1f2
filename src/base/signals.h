/* SIGINT and SIGTERM as something to wait for, by one thread of a program.
 *
 * A mask alone can't keep them from ending the program: libraries start threads before main (OpenBLAS does),
 * and a signal goes to any thread that lets it through. So a handler notes them, wherever they arrive. State
 * of the process, as signals are: taken and released by one thread, once at a time. */
#ifndef MG_BASE_SIGNALS_H
#define MG_BASE_SIGNALS_H

#include <stdbool.h>

/* From now on both are noted, unless the program was started with them ignored. Threads that the caller
 * starts from here on are left alone by them. */
void mg_signals_take(void);
/* Waits until one came, or did already; each counts once. `ms` < 0: for ever; else false after that time. */
bool mg_signals_wait(long ms);
/* They do again what they did before: end the program. What came and nobody waited for is forgotten. */
void mg_signals_release(void);

#endif
