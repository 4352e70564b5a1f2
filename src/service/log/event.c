/* Writing to the log. */
#include "service/log/event.h"

#include "store/queries.gen.h"

int mg_event_add(struct mg_db *db, const struct mg_ctx *ctx, const char *kind, const char *stream_id,
                 const char *subject_id, int64_t *ret_sequence, struct mg_error *error)
{
    struct mg_sql_event_add_row row;
    int rc = mg_sql_event_add(db, ctx->arena, ctx->caller.org_id, kind, stream_id, subject_id,
                              mg_now(&ctx->clock), &row, error);
    if (!rc && ret_sequence)
        *ret_sequence = row.sequence;
    return rc;
}
