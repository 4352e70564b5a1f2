/* See feed.h. */
#include "service/listen/feed.h"
#include "column/table.h"

static void give_up(struct mg_feed *feed, const struct mg_error *why)
{
    const struct mg_columns *columns = &feed->ctx->columns;
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
    if (!rc)
        rc = mg_columns_part_open(columns, import_id, &feed->writer, &error);
    if (rc)
        mg_log_write(&ctx->log, MG_LOG_WARN, "feed", "%s: %s", import_id, error.message);
}

/* Closes the writer with what its rows came to. */
static void close_writer(struct mg_feed *feed, int rc, struct mg_error *error)
{
    struct mg_part_writer *writer = feed->writer;
    feed->writer = NULL;
    if (mg_columns_part_close(&feed->ctx->columns, writer, rc, error))
        give_up(feed, error);
}

void mg_feed_rows(struct mg_feed *feed, const struct mg_table_row *rows, size_t n)
{
    struct mg_error error = {.lang = MG_LANG_EN};
    if (!feed->writer || n == 0)
        return;
    const struct mg_table_batch batch = {feed->study->table.names, feed->study->table.n_columns, rows, n};
    int rc = mg_columns_part_put(&feed->ctx->columns, feed->writer, &batch, &error);
    if (rc)
        close_writer(feed, rc, &error);
}

void mg_feed_end(struct mg_feed *feed)
{
    struct mg_error error = {.lang = MG_LANG_EN};
    if (feed->writer)
        close_writer(feed, 0, &error);
}
