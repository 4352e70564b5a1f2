/* Parsed studies kept between requests: intake needs one for every response, and parsing takes longer than
 * storing.
 *
 * An entry is a study at one version of its document; a changed study is another entry. Safe from any thread.
 * A context without a cache (ctx->studies NULL) parses each time. */
#ifndef MG_SERVICE_RECORD_CACHE_H
#define MG_SERVICE_RECORD_CACHE_H

#include "service/context.h"
#include "service/record/fields.h"

#define MG_STUDY_CACHE_MAX 64 /* studies */

struct mg_study_cache *mg_study_cache_new(void);        /* NULL when memory is out */
void mg_study_cache_free(struct mg_study_cache *cache); /* no thread may be inside; NULL is fine */

struct mg_cached_study;

/* The fields of a study of ctx->caller's organisation as it is now. They are valid until mg_study_release. */
MG_CHECKED int mg_study_acquire(const struct mg_ctx *ctx, const char *id, struct mg_cached_study **ret_study,
                                const struct mg_fields **ret_fields, struct mg_error *error);
void mg_study_release(const struct mg_ctx *ctx, struct mg_cached_study *study); /* NULL is fine */

#endif
