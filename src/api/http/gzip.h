/* gzip of an answer. */
#ifndef MG_API_HTTP_GZIP_H
#define MG_API_HTTP_GZIP_H

#include <stddef.h>

/* The compressed bytes, which the caller frees; NULL when memory is out or nothing would be saved. */
char *mg_gzip(const char *bytes, size_t n, size_t *ret_n);

#endif
