/* Few, large entries: a doubly linked list in order of use, searched by the key's hash. Entries are counted
 * references, since an answer may still be on its way when its entry is pushed out. */
#include "api/door/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/http/gzip.h"
#include "base/hash.h"

#define GZIP_MIN 1024

struct entry {
    struct mg_cached public;
    atomic_uint references;
    struct entry *newer, *older;
    uint64_t hash;
    char *key;
};

struct mg_cache {
    pthread_mutex_t lock;
    size_t limit, used;
    struct entry *newest, *oldest;
};

struct mg_cache *mg_cache_new(size_t bytes)
{
    struct mg_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    cache->limit = bytes;
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static size_t weight(const struct entry *entry)
{
    return sizeof *entry + strlen(entry->key) + entry->public.n_body + entry->public.n_gzip;
}

void mg_cache_release(const struct mg_cached *cached)
{
    struct entry *entry = (struct entry *)(uintptr_t)cached;
    if (!entry || atomic_fetch_sub(&entry->references, 1) != 1)
        return;
    free((char *)(uintptr_t)entry->public.body);
    free((char *)(uintptr_t)entry->public.gzip);
    free(entry->key);
    free(entry);
}

static void unlink_entry(struct mg_cache *cache, struct entry *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
    entry->newer = entry->older = NULL;
}

static void link_newest(struct mg_cache *cache, struct entry *entry)
{
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void evict(struct mg_cache *cache, struct entry *entry)
{
    unlink_entry(cache, entry);
    cache->used -= weight(entry);
    mg_cache_release(&entry->public);
}

void mg_cache_free(struct mg_cache *cache)
{
    if (!cache)
        return;
    while (cache->oldest)
        evict(cache, cache->oldest);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static struct entry *find(struct mg_cache *cache, const char *key, uint64_t h)
{
    struct entry *entry = cache->newest;
    while (entry && (entry->hash != h || strcmp(entry->key, key) != 0))
        entry = entry->older;
    return entry;
}

const struct mg_cached *mg_cache_find(struct mg_cache *cache, const char *key)
{
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = find(cache, key, mg_hash_text(MG_HASH_START, key));
    if (entry) {
        unlink_entry(cache, entry);
        link_newest(cache, entry);
        atomic_fetch_add(&entry->references, 1);
    }
    pthread_mutex_unlock(&cache->lock);
    return entry ? &entry->public : NULL;
}

/* A tag need only differ when the body does: two 64-bit hashes of different seeds. */
static void set_etag(struct mg_cached *cached)
{
    uint64_t a = mg_hash_bytes(MG_HASH_START, cached->body, cached->n_body), b = 0x9E3779B97F4A7C15ull;
    for (size_t i = 0; i < cached->n_body; i++) {
        b = (b + (unsigned char)cached->body[i]) * 0xBF58476D1CE4E5B9ull;
        b ^= b >> 29;
    }
    snprintf(cached->etag, sizeof cached->etag, "\"%016llx%016llx\"", (unsigned long long)a,
             (unsigned long long)b);
}

static struct entry *make(const char *key, char *body, size_t n)
{
    struct entry *entry = calloc(1, sizeof *entry);
    char *copy = strdup(key);
    if (!entry || !copy) {
        free(entry);
        free(copy);
        free(body);
        return NULL;
    }
    entry->key = copy;
    entry->hash = mg_hash_text(MG_HASH_START, key);
    entry->public.body = body;
    entry->public.n_body = n;
    atomic_init(&entry->references, 2); /* the cache's and the caller's */
    if (n >= GZIP_MIN)
        entry->public.gzip = mg_gzip(body, n, &entry->public.n_gzip);
    set_etag(&entry->public);
    return entry;
}

const struct mg_cached *mg_cache_put(struct mg_cache *cache, const char *key, char *body, size_t n)
{
    struct entry *entry = make(key, body, n);
    if (!entry)
        return NULL;
    pthread_mutex_lock(&cache->lock);
    struct entry *old = find(cache, key, entry->hash);
    if (old)
        evict(cache, old);
    link_newest(cache, entry);
    cache->used += weight(entry);
    while (cache->used > cache->limit && cache->oldest != entry)
        evict(cache, cache->oldest);
    pthread_mutex_unlock(&cache->lock);
    return &entry->public;
}
