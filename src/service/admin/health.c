/* Counters of the store, and the length of the queue of jobs: reading that also proves that the record
 * answers. */
#include "service/admin/health.h"

#include "store/queries.gen.h"
#include "store/store.h"

int mg_health_get(const struct mg_ctx *ctx, struct mg_health *ret_health, struct mg_error *error)
{
    struct mg_db *db = NULL;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    struct mg_sql_job_count_queued_row queued = {0};
    rc = mg_sql_job_count_queued(db, ctx->arena, &queued, error);
    mg_store_read_end(ctx->store, db);
    if (rc)
        return rc;
    struct mg_store_stats stats;
    mg_store_stats(ctx->store, &stats);
    *ret_health = (struct mg_health){
        .writes = stats.writes,
        .writes_failed = stats.failed,
        .commits = stats.commits,
        .writes_waiting = stats.waiting,
        .jobs_queued = queued.n,
    };
    return 0;
}
