/* How often one caller may call: a token bucket per (caller, rate class). */
#ifndef MG_API_DOOR_RATE_H
#define MG_API_DOOR_RATE_H

#include <stdbool.h>

#include "api/door/route.h"

struct mg_rates;

struct mg_rates *mg_rates_new(void); /* NULL when memory is out */
void mg_rates_free(struct mg_rates *rates);

/* Takes one token. False when there is none; then *ret_wait is the seconds until there is one. `caller` is
 * any stable text: a user's id, a key's id, an address. `now` in seconds, monotonic. Safe from any thread. */
bool mg_rates_take(struct mg_rates *rates, const char *caller, enum mg_rate rate, double now,
                   unsigned *ret_wait);

#endif
