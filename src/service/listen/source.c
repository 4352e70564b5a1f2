/* Opening what is to be imported; see source.h. */
#include "service/listen/source.h"

#include "base/file.h"
#include "service/listen/upload.h"

void mg_import_source_close(struct mg_import_source *source)
{
    mg_exchange_close(source->file);
    *source = (struct mg_import_source){0};
}

/* A Parquet file's columns are known to the engine only. */
static int describe_columns(const struct mg_ctx *ctx, struct mg_import_source *source, struct mg_error *error)
{
    struct mg_source_info info;
    if (!ctx->columns.column)
        return mg_fail(error, MG_E_UNSUPPORTED,
                       "A Parquet file can't be imported without the column engine.");
    struct mg_source parquet;
    int rc = mg_exchange_source(source->file, &parquet, error);
    if (!rc)
        rc = mg_columns_names(&ctx->columns, ctx->arena, &parquet, &info, error);
    const char **names = rc ? NULL : mg_arena_array(ctx->arena, info.n_columns, sizeof *names);
    if (!rc && !names)
        rc = mg_fail_memory(error);
    if (rc)
        return rc;
    for (size_t i = 0; i < info.n_columns; i++)
        names[i] = info.columns[i].name;
    source->columns = names;
    source->n_columns = info.n_columns;
    source->n_rows = info.rows;
    return 0;
}

static int open_path(const struct mg_ctx *ctx, const struct mg_import_source_request *request,
                     struct mg_exchange **ret_file, struct mg_error *error)
{
    struct mg_exchange_options options = {
        .name = request->name, .stop = ctx->stop, .temp_dir = mg_listen_upload_path(ctx, "")};
    int rc = options.temp_dir ? mg_dir_create(options.temp_dir, error) : mg_fail_memory(error);
    return rc ? rc : mg_exchange_open(request->path, &options, ret_file, error);
}

static int open_file(const struct mg_ctx *ctx, const struct mg_import_source_request *request,
                     struct mg_import_source *source, struct mg_error *error)
{
    int rc = request->upload_id
                 ? mg_listen_upload_open(ctx, request->upload_id, request->name, &source->file, error)
                 : open_path(ctx, request, &source->file, error);
    if (rc)
        return rc;
    if (source->file->format == MG_FILE_PARQUET)
        return describe_columns(ctx, source, error);
    source->columns = source->file->columns;
    source->n_columns = source->file->n_columns;
    source->n_rows = source->file->rows + source->file->n_bad;
    return 0;
}

/* The proposed mapping as if somebody had sent it. */
static int propose(const struct mg_ctx *ctx, const struct mg_import_source *source,
                   struct mg_import_source_request *request, struct mg_error *error)
{
    const char **targets;
    int rc = mg_mapping_propose(ctx->arena, &source->study->fields, source->columns, source->n_columns,
                                &targets, error);
    struct mg_wire_mapping *mapping =
        rc ? NULL : mg_arena_array(ctx->arena, source->n_columns, sizeof *mapping);
    if (!rc && !mapping)
        rc = mg_fail_memory(error);
    for (size_t i = 0; i < source->n_columns && !rc; i++)
        if (targets[i])
            mapping[request->n_mapping++] = (struct mg_wire_mapping){source->columns[i], targets[i]};
    request->mapping = mapping;
    return rc;
}

static int find_study(const struct mg_ctx *ctx, const struct mg_import_source_request *request,
                      const struct mg_record_study **ret, struct mg_error *error)
{
    const struct mg_new_study *made = request->new_study;
    if (!made)
        return mg_record_study_load(ctx, request->study_id, ret, error);
    const struct mg_study_document document = {made->id, made->study->code, made->document, 1};
    return mg_record_study_of(ctx, &document, ret, error);
}

int mg_import_source_open(const struct mg_ctx *ctx, struct mg_import_source_request *request,
                          struct mg_import_source *ret_source, struct mg_error *error)
{
    struct mg_import_source source = {0};
    int rc = find_study(ctx, request, &source.study, error);
    if (!rc)
        rc = open_file(ctx, request, &source, error);
    if (!rc && source.n_rows == 0)
        rc = mg_fail(error, MG_E_INVALID, "%s has a header but no rows.", request->name);
    if (!rc && !request->mapping)
        rc = propose(ctx, &source, request, error);
    if (!rc)
        rc = mg_mapping_resolve(ctx->arena, &source.study->fields, request->mapping, request->n_mapping,
                                source.columns, source.n_columns, &source.targets, error);
    if (rc)
        mg_import_source_close(&source);
    else
        *ret_source = source;
    return rc;
}
