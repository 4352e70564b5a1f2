/* Opens a survey file; the arena closes it. */
#include "service/measure/file.h"
#include "column/file.h"

static void close_file(void *exchange)
{
    mg_exchange_close(exchange);
}

int mg_measure_open_file(struct mg_ctx *ctx, const char *path, const struct mg_exchange_options *options,
                         struct mg_measure_file *ret_file, struct mg_error *error)
{
    struct mg_exchange *exchange;
    struct mg_source source;
    struct mg_exchange_options with_engine = {0};
    if (options)
        with_engine = *options;
    with_engine.columns = &ctx->columns;
    int rc = mg_exchange_open(path, &with_engine, &exchange, error);
    if (rc)
        return rc;
    if (mg_arena_defer(ctx->arena, close_file, exchange))
        return mg_fail_memory(error);
    rc = mg_exchange_source(exchange, &source, error);
    if (rc)
        return rc;
    *ret_file = (struct mg_measure_file){
        .source = source,
        .exchange = exchange,
        .notes = exchange->notes,
        .n_notes = exchange->n_notes,
        .n_bad = exchange->n_bad,
        .bad_line = exchange->n_bad_listed ? exchange->bad[0].line : 0,
    };
    return 0;
}

int mg_measure_describe_file(const struct mg_ctx *ctx, const struct mg_measure_file *file,
                             struct mg_source_info *ret_info, struct mg_error *error)
{
    return mg_exchange_describe(file->exchange, ctx->arena, ret_info, error);
}

int mg_measure_file_head(const struct mg_ctx *ctx, const struct mg_measure_file *file,
                         const struct mg_source_info *info, size_t n_rows, size_t cell_bytes,
                         struct mg_exchange_head *ret_head, struct mg_error *error)
{
    return mg_exchange_head(file->exchange, ctx->arena, info, n_rows, cell_bytes, ret_head, error);
}
