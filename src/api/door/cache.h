/* Recently encoded answers of analyses: body, its gzip form and entity tag, kept by (caller's organisation,
 * path and query, language, version of the data). Bounded by bytes; the least recently used goes first. Safe
 * from any thread. */
#ifndef MG_API_DOOR_CACHE_H
#define MG_API_DOOR_CACHE_H

#include <stddef.h>

struct mg_cache;

struct mg_cached {
    const char *body, *gzip; /* gzip NULL: not worth it */
    size_t n_body, n_gzip;
    char etag[40]; /* quoted */
};

struct mg_cache *mg_cache_new(size_t bytes); /* NULL when memory is out */
void mg_cache_free(struct mg_cache *cache);

/* A reference, or NULL. Give it back with mg_cache_release, also after the cache is gone. */
const struct mg_cached *mg_cache_find(struct mg_cache *cache, const char *key);
/* Takes the body (malloc) and returns a reference to the entry; NULL when memory is out (the body is freed
 * then). */
const struct mg_cached *mg_cache_put(struct mg_cache *cache, const char *key, char *body, size_t n);
void mg_cache_release(const struct mg_cached *entry);

#endif
