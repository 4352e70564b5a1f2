/* See feed.h. */
#include "service/listen/feed.h"
#include "column/table.h"

static void give_up(struct mg_feed *feed, const struct mg_error *why)
{
    const struct mg_columns *columns = &feed->ctx->columns;
    feed->on = false;
    mg_log_write(&feed->ctx->log, MG_LOG_WARN, "feed", "%s: %s", feed->import_id, why->message);
    mg_ignore(mg_columns_part_drop(columns, feed->import_id, NULL));
}

void mg_feed_begin(struct mg_feed *feed, const struct mg_ctx *ctx, const struct mg_record_study *study,
                   const char *import_id)
{
    const struct mg_columns *columns = &ctx->columns;
    struct mg_error error = {.lang = MG_LANG_EN};
    *feed = (struct mg_feed){.ctx = ctx, .import_id = import_id, .study = study};
    if (!ctx->followers || !columns->column)
        return;
    int rc = mg_columns_part_begin(columns, import_id, study->table.columns, study->table.n_columns, &error);
    feed->on = rc == 0;
    if (rc)
        mg_log_write(&ctx->log, MG_LOG_WARN, "feed", "%s: %s", import_id, error.message);
}

void mg_feed_rows(struct mg_feed *feed, struct mg_arena *arena, const struct mg_listen_row *rows, size_t n)
{
    const struct mg_columns *columns = &feed->ctx->columns;
    struct mg_error error = {.lang = MG_LANG_EN};
    if (!feed->on || n == 0)
        return;
    struct mg_table_row *out = mg_arena_array(arena, n, sizeof *out);
    int rc = out ? 0 : mg_fail_memory(&error);
    for (size_t i = 0; i < n && !rc; i++)
        rc = mg_listen_table_row(arena, feed->study, &rows[i], feed->study->table.shape, &out[i], &error);
    const struct mg_table_batch batch = {feed->study->table.names, feed->study->table.n_columns, out, n};
    if (!rc)
        rc = mg_columns_part_add(columns, feed->import_id, &batch, &error);
    if (rc)
        give_up(feed, &error);
}
