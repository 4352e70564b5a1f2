/* The Accept-Encoding header (RFC 9110, 12.5.3). */
#ifndef MG_API_HTTP_ACCEPT_H
#define MG_API_HTTP_ACCEPT_H

#include <stdbool.h>

/* Whether the client takes `coding` ("gzip", "br"): it is named, or `*` stands in for it, and its weight
 * isn't 0. A name counts before `*`. Without the header (NULL) nothing but the plain form is taken. */
bool mg_accepts(const char *header, const char *coding);

#endif
