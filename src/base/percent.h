/* Percent-encoding (RFC 3986, 2.1). */
#ifndef MG_BASE_PERCENT_H
#define MG_BASE_PERCENT_H

#include <stdbool.h>

/* Decodes in place; "+" stays. False for a broken escape, a NUL, or text that is no UTF-8. */
bool mg_percent_decode(char *text);

#endif
