/* A locked file says that its holder is alive: the kernel lets go of the lock when the process ends, however
 * it ends. Locks belong to the open file, so they hold between threads of one process too (Linux:
 * F_OFD_SETLK). */
#ifndef MG_BASE_LOCK_H
#define MG_BASE_LOCK_H

#include <stdbool.h>

#include "base/err.h"

/* Makes the file if it isn't there (mode 0600) and locks it without waiting. MG_E_BUSY: somebody holds it;
 * MG_E_FULL: no room for it. Let go with mg_lock_drop; the file stays. */
MG_CHECKED int mg_lock_take(const char *path, int *ret_lock, struct mg_error *error);
void mg_lock_drop(int lock); /* below 0 is fine */

/* Whether somebody holds the file's lock now. Takes nothing itself, so that looking disturbs nobody. */
bool mg_lock_is_held(const char *path);

#endif
