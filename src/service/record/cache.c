/* Parsed studies by id and version; see cache.h. A short array under one mutex: an entry is found in a few
 * comparisons, and the lock is never held while parsing, so that two threads may parse the same study once
 * each and one copy is dropped. */
#include "service/record/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/ulid.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define STUDY_ARENA_BYTES ((size_t)32 << 20)

struct mg_cached_study {
    char id[MG_ULID_SIZE];
    int64_t version;
    size_t users;  /* requests that hold it; under the lock */
    bool dropped;  /* no longer in the cache: freed by its last user */
    uint64_t used; /* the cache's tick when last asked for */
    struct mg_arena *arena;
    struct mg_fields fields;
};

struct mg_study_cache {
    pthread_mutex_t lock;
    uint64_t tick;
    struct mg_cached_study *entries[MG_STUDY_CACHE_MAX];
};

struct mg_study_cache *mg_study_cache_new(void)
{
    struct mg_study_cache *cache = calloc(1, sizeof *cache);
    if (cache)
        pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static void free_study(struct mg_cached_study *study)
{
    if (!study)
        return;
    mg_arena_free(study->arena);
    free(study);
}

void mg_study_cache_free(struct mg_study_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < MG_STUDY_CACHE_MAX; i++)
        free_study(cache->entries[i]);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static int parse(const char *id, const struct mg_sql_study_document_row *row, struct mg_cached_study **ret,
                 struct mg_error *error)
{
    struct mg_cached_study *study = calloc(1, sizeof *study);
    const struct mg_study *parsed;
    if (!study || !(study->arena = mg_arena_new(STUDY_ARENA_BYTES))) {
        free(study);
        return mg_fail_memory(error);
    }
    strncpy(study->id, id, sizeof study->id - 1);
    study->version = row->version;
    study->users = 1;
    int rc = mg_study_parse(study->arena, row->document, strlen(row->document), &parsed, error);
    if (!rc)
        rc = mg_fields_of(study->arena, parsed, &study->fields, error);
    if (rc)
        free_study(study);
    else
        *ret = study;
    return rc;
}

static struct mg_cached_study *look_up(struct mg_study_cache *cache, const char *id, int64_t version)
{
    struct mg_cached_study *found = NULL;
    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < MG_STUDY_CACHE_MAX && !found; i++)
        if (cache->entries[i] && cache->entries[i]->version == version &&
            strcmp(cache->entries[i]->id, id) == 0)
            found = cache->entries[i];
    if (found) {
        found->users++;
        found->used = ++cache->tick;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* Takes the place of an earlier version of the same study, else of nobody, else of what was used longest ago.
 */
static void keep(struct mg_study_cache *cache, struct mg_cached_study *study)
{
    pthread_mutex_lock(&cache->lock);
    size_t place = 0;
    uint64_t oldest = UINT64_MAX;
    for (size_t i = 0; i < MG_STUDY_CACHE_MAX; i++) {
        struct mg_cached_study *entry = cache->entries[i];
        uint64_t used = !entry ? 1 : strcmp(entry->id, study->id) == 0 ? 0 : entry->used + 1;
        if (used < oldest) {
            oldest = used;
            place = i;
        }
    }
    struct mg_cached_study *old = cache->entries[place];
    cache->entries[place] = study;
    study->used = ++cache->tick;
    bool unused = old && old->users == 0;
    if (old)
        old->dropped = true;
    pthread_mutex_unlock(&cache->lock);
    if (unused)
        free_study(old);
}

void mg_study_release(const struct mg_ctx *ctx, struct mg_cached_study *study)
{
    if (!study)
        return;
    bool last = true;
    if (ctx->studies) {
        pthread_mutex_lock(&ctx->studies->lock);
        last = --study->users == 0 && study->dropped;
        pthread_mutex_unlock(&ctx->studies->lock);
    }
    if (last)
        free_study(study);
}

static int read_version(struct mg_db *db, const struct mg_ctx *ctx, const char *id,
                        struct mg_cached_study **ret, struct mg_error *error)
{
    struct mg_sql_study_version_row row;
    int rc = mg_sql_study_version(db, ctx->arena, ctx->caller.org_id, id, &row, error);
    if (!rc && ctx->studies)
        *ret = look_up(ctx->studies, id, row.version);
    return rc;
}

int mg_study_acquire(const struct mg_ctx *ctx, const char *id, struct mg_cached_study **ret_study,
                     const struct mg_fields **ret_fields, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_cached_study *study = NULL;
    struct mg_sql_study_document_row row = {0};
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = read_version(db, ctx, id, &study, error);
    if (!rc && !study)
        rc = mg_sql_study_document(db, ctx->arena, ctx->caller.org_id, id, &row, error);
    mg_store_read_end(ctx->store, db);
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, MG_E_NOT_FOUND, "There is no such study.");
    if (!rc && !study) {
        rc = parse(id, &row, &study, error);
        if (!rc && ctx->studies)
            keep(ctx->studies, study);
    }
    if (rc)
        return rc;
    *ret_study = study;
    *ret_fields = &study->fields;
    return 0;
}
