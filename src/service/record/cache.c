/* Loaded studies by id and version; see cache.h. A short array under one mutex: an entry is found in a few
 * comparisons, and the lock is never held while parsing, so that two threads may parse the same study once
 * each and one copy is dropped. */
#include "service/record/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct mg_study_cache {
    pthread_mutex_t lock;
    uint64_t tick;
    size_t holds; /* of all studies that are or were in it */
    bool closed;  /* freed with the last hold */
    struct mg_kept_study *entries[MG_STUDY_CACHE_MAX];
};

struct mg_study_cache *mg_study_cache_new(void)
{
    struct mg_study_cache *cache = calloc(1, sizeof *cache);
    if (cache)
        pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static void free_kept(struct mg_kept_study *kept)
{
    if (kept)
        mg_arena_free(kept->arena);
}

static void destroy(struct mg_study_cache *cache)
{
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

void mg_study_cache_free(struct mg_study_cache *cache)
{
    if (!cache)
        return;
    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < MG_STUDY_CACHE_MAX; i++) {
        struct mg_kept_study *entry = cache->entries[i];
        if (entry && entry->holders)
            entry->dropped = true;
        else
            free_kept(entry);
    }
    cache->closed = true;
    bool last = cache->holds == 0;
    pthread_mutex_unlock(&cache->lock);
    if (last)
        destroy(cache);
}

static bool is_entry(const struct mg_kept_study *entry, const char *id, int64_t version)
{
    return entry && entry->study.version == version && strcmp(entry->study.id, id) == 0;
}

struct mg_kept_study *mg_study_cache_find(struct mg_study_cache *cache, const char *id, int64_t version)
{
    struct mg_kept_study *found = NULL;
    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < MG_STUDY_CACHE_MAX && !found; i++)
        if (is_entry(cache->entries[i], id, version))
            found = cache->entries[i];
    if (found) {
        found->holders++;
        cache->holds++;
        found->used = ++cache->tick;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* The place of an earlier version of the same study, else of nobody, else of what was used longest ago. */
static size_t place_for(const struct mg_study_cache *cache, const char *id)
{
    size_t place = 0;
    uint64_t oldest = UINT64_MAX;
    for (size_t i = 0; i < MG_STUDY_CACHE_MAX; i++) {
        const struct mg_kept_study *entry = cache->entries[i];
        uint64_t used = !entry ? 1 : strcmp(entry->study.id, id) == 0 ? 0 : entry->used + 1;
        if (used < oldest) {
            oldest = used;
            place = i;
        }
    }
    return place;
}

void mg_study_cache_add(struct mg_study_cache *cache, struct mg_kept_study *kept)
{
    pthread_mutex_lock(&cache->lock);
    struct mg_kept_study **place = &cache->entries[place_for(cache, kept->study.id)], *old = *place;
    *place = kept;
    kept->cache = cache;
    cache->holds += kept->holders;
    kept->used = ++cache->tick;
    bool unused = old && old->holders == 0;
    if (old)
        old->dropped = true;
    pthread_mutex_unlock(&cache->lock);
    if (unused)
        free_kept(old);
}

void mg_study_let_go(struct mg_kept_study *kept)
{
    struct mg_study_cache *cache = kept->cache;
    bool last = true, last_of_cache = false;
    if (cache) {
        pthread_mutex_lock(&cache->lock);
        last = --kept->holders == 0 && kept->dropped;
        last_of_cache = --cache->holds == 0 && cache->closed;
        pthread_mutex_unlock(&cache->lock);
    }
    if (last)
        free_kept(kept);
    if (last_of_cache)
        destroy(cache);
}
