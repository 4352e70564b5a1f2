/* Opening what is to be imported; see source.h. */
#include "service/listen/source.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "service/listen/reading.h"
#include "service/listen/upload.h"

int mg_import_at_new_study(int rc, struct mg_error *error)
{
    if (!rc || !error)
        return rc;
    const char *slash = strchr(error->field, '/');
    char where[sizeof error->field];
    snprintf(where, sizeof where, "%s", slash && slash[1] ? slash : "");
    mg_fail_at(error, "/new_study%s", where);
    return rc;
}

void mg_import_source_close(struct mg_import_source *source)
{
    mg_exchange_close(source->file);
    *source = (struct mg_import_source){0};
}

static int open_path(const struct mg_ctx *ctx, const struct mg_import_source_request *request,
                     struct mg_exchange **ret_file, struct mg_error *error)
{
    struct mg_exchange_options options = {.sheet = request->sheet};
    if (request->path_reading)
        options = *request->path_reading;
    options.name = request->name;
    options.stop = ctx->stop;
    options.columns = &ctx->columns;
    options.temp_dir = mg_listen_upload_path(ctx, "");
    int rc = options.temp_dir ? mg_dir_create(options.temp_dir, error) : mg_fail_memory(error);
    return rc ? rc : mg_exchange_open(request->path, &options, ret_file, error);
}

static int open_file(const struct mg_ctx *ctx, const struct mg_import_source_request *request,
                     struct mg_import_source *source, struct mg_error *error)
{
    const struct mg_wire_reading *reading;
    int rc = mg_reading_with_sheet(ctx, request->reading, request->sheet, &reading, error);
    if (!rc)
        rc = request->upload_id ? mg_listen_upload_open(ctx, request->upload_id, request->name, reading,
                                                        &source->file, error)
                                : open_path(ctx, request, &source->file, error);
    if (rc)
        return rc;
    source->columns = source->file->columns;
    source->n_columns = source->file->n_columns;
    source->n_rows = source->file->rows + source->file->n_bad;
    return 0;
}

/* The proposed mapping as if somebody had sent it, of the columns that the study's document names: one that
 * is merely called "weight" isn't read, neither the first time nor later. */
static int propose(const struct mg_ctx *ctx, const struct mg_import_source *source,
                   struct mg_import_source_request *request, struct mg_error *error)
{
    const char **targets;
    int rc = mg_mapping_propose(ctx->arena, &source->study->fields, source->columns, source->file->given,
                                source->n_columns, &targets, error);
    struct mg_wire_mapping *mapping =
        rc ? NULL : mg_arena_array(ctx->arena, source->n_columns, sizeof *mapping);
    if (!rc && !mapping)
        rc = mg_fail_memory(error);
    for (size_t i = 0; i < source->n_columns && !rc; i++)
        if (targets[i] && mg_mapping_is_named(&source->study->fields, targets[i]))
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

/* One wave for all rows, or a column that says each row's. */
static int check_wave(const struct mg_import_source_request *request, const struct mg_import_source *source,
                      struct mg_error *error)
{
    int rc = mg_study_check_wave(request->wave, error);
    for (size_t i = 0; i < source->n_columns && !rc && request->wave; i++) {
        if (!source->targets[i].wave)
            continue;
        rc = mg_fail(error, MG_E_INVALID, "The file's column “%s” says each row's wave already.",
                     source->columns[i]);
        mg_fail_hint(error, "Leave out the wave for all rows, or don't map this column to the wave.");
        mg_fail_at(error, "/wave");
    }
    return rc;
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
    if (!rc)
        rc = check_wave(request, &source, error);
    const struct mg_mapped mapped = {source.targets, source.columns, source.n_columns, request->wave != NULL};
    if (!rc && request->new_study)
        rc = mg_import_at_new_study(mg_mapping_check_all(ctx->arena, &source.study->fields, &mapped, error),
                                    error);
    if (rc)
        mg_import_source_close(&source);
    else
        *ret_source = source;
    return rc;
}
