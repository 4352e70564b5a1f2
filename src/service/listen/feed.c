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

void mg_feed_rows(struct mg_feed *feed, const struct mg_table_row *rows, size_t n)
{
    const struct mg_columns *columns = &feed->ctx->columns;
    struct mg_error error = {.lang = MG_LANG_EN};
    if (!feed->on || n == 0)
        return;
    const struct mg_table_batch batch = {feed->study->table.names, feed->study->table.n_columns, rows, n};
    if (mg_columns_part_add(columns, feed->import_id, &batch, &error))
        give_up(feed, &error);
}
