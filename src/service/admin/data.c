/* Opens and closes what a command needs of a data folder. */
#include "service/admin/data.h"

#include "store/store.h"

int mg_data_open(struct mg_ctx *ctx, bool create, struct mg_error *error)
{
    const struct mg_store_options options = {.create = create};
    return mg_store_open(ctx->store_engine, ctx->data_dir, &options, &ctx->store, error);
}

bool mg_data_is_served(const struct mg_ctx *ctx)
{
    return mg_store_is_served(ctx->store_engine, ctx->data_dir);
}

void mg_data_close(struct mg_ctx *ctx)
{
    mg_columns_close(&ctx->columns);
    mg_store_close(ctx->store);
    ctx->columns = (struct mg_columns){0};
    ctx->store = NULL;
}
