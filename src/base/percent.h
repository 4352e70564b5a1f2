/* Percent-encoding (RFC 3986, 2.1). */
#ifndef MG_BASE_PERCENT_H
#define MG_BASE_PERCENT_H

#include <stdbool.h>

#include "base/arena.h"

/* Decodes in place; "+" stays. False for a broken escape, a NUL, or text that is no UTF-8. */
bool mg_percent_decode(char *text);
/* All but letters, digits, "-", ".", "_", "~" of ASCII as escapes; in the arena, NULL when memory is out. */
const char *mg_percent_encode(struct mg_arena *arena, const char *text);

#endif
