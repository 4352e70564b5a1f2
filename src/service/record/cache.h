/* Loaded studies kept between requests.
 *
 * An entry is a study at one version of its document; a changed study is another entry. It is freed when it
 * is out of the cache and nobody holds it. Safe from any thread. Only load.c uses it; others make and free
 * it. */
#ifndef MG_SERVICE_RECORD_CACHE_H
#define MG_SERVICE_RECORD_CACHE_H

#include "service/record/load.h"

#define MG_STUDY_CACHE_MAX 64 /* studies */

struct mg_study_cache *mg_study_cache_new(void); /* NULL when memory is out */
/* Goes with its last holder; nobody may ask it for more. NULL is fine. */
void mg_study_cache_free(struct mg_study_cache *cache);

/* A loaded study and all its memory. */
struct mg_kept_study {
    struct mg_record_study study;
    struct mg_arena *arena;       /* of itself too */
    struct mg_study_cache *cache; /* NULL: its holder's own */
    size_t holders;               /* this and the next two under the cache's lock */
    bool dropped;                 /* no longer in the cache: freed by its last holder */
    uint64_t used;                /* the cache's tick when last asked for */
};

/* The entry, held once more; NULL: there is none. */
struct mg_kept_study *mg_study_cache_find(struct mg_study_cache *cache, const char *id, int64_t version);
/* Takes in a study that its caller holds. */
void mg_study_cache_add(struct mg_study_cache *cache, struct mg_kept_study *kept);
/* Ends one hold. */
void mg_study_let_go(struct mg_kept_study *kept);

#endif
