/* See import_open.h. */
#include "service/listen/import_open.h"

#include <string.h>

#include "base/json.h"
#include "service/listen/last.h"
#include "service/listen/reading.h"
#include "service/listen/upload.h"
#include "service/record/study.h"

int mg_import_read_asked(const struct mg_ctx *ctx, const char *kept, struct mg_wire_import_create *ret,
                         struct mg_error *error)
{
    json_t *json = mg_json_parse(kept, strlen(kept), MG_IMPORT_ASKED_BYTES_MAX, error);
    int rc = json ? mg_wire_read_import_create(ctx->arena, json, ret, error) : MG_E_INVALID;
    json_decref(json);
    return rc;
}

const char *mg_import_asked_wave(const struct mg_ctx *ctx, const char *kept)
{
    struct mg_wire_import_create asked;
    return mg_import_read_asked(ctx, kept, &asked, NULL) == 0 ? asked.wave : NULL;
}

/* The study that is to be made, if one is, with its document as it is kept: so the job finds it too. */
static int plan_study(const struct mg_ctx *ctx, const char *id, struct mg_import_asked *asked,
                      struct mg_error *error)
{
    asked->new_study = NULL;
    if (!asked->create.new_study)
        return 0;
    int rc = mg_import_at_new_study(
        mg_record_study_plan(ctx, id, asked->create.new_study, &asked->made, error), error);
    asked->create.new_study = asked->made.document;
    asked->new_study = &asked->made;
    return rc;
}

static int check_study(const struct mg_wire_import_create *create, struct mg_error *error)
{
    if (!create->study_id == !create->new_study)
        return mg_fail(error, MG_E_INVALID,
                       "Name the study to import into, or give the document of a new one."),
               mg_fail_at(error, create->study_id ? "/new_study" : "/study_id"), MG_E_INVALID;
    return 0;
}

int mg_import_get_upload(const struct mg_ctx *ctx, const char *id, struct mg_sql_upload_get_row *ret,
                         struct mg_error *error)
{
    int rc = mg_listen_upload_get(ctx, id, ret, error);
    if (rc == MG_E_NOT_FOUND)
        mg_fail_at(error, "/upload_id");
    return rc;
}

int mg_import_open_upload(const struct mg_ctx *ctx, const struct mg_wire_import_create *create,
                          const char *file_name, const char *study_id, struct mg_import_asked *ret,
                          struct mg_error *error)
{
    *ret = (struct mg_import_asked){.create = *create, .file_name = file_name};
    int rc = check_study(create, error);
    if (!rc)
        rc = plan_study(ctx, study_id, ret, error);
    struct mg_import_source_request request = {.upload_id = create->upload_id,
                                               .name = file_name,
                                               .study_id = create->study_id,
                                               .sheet = create->sheet,
                                               .reading = create->reading,
                                               .wave = create->wave,
                                               .new_study = ret->new_study,
                                               .mapping = create->mapping,
                                               .n_mapping = create->n_mapping};
    return rc ? rc : mg_import_source_open(ctx, &request, &ret->source, error);
}

/* How the file is to be read: as the last one, or as is told here. */
static int find_reading(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                        struct mg_wire_import_create *create, struct mg_exchange_options *ret_options,
                        struct mg_error *error)
{
    int rc = 0;
    *ret_options = (struct mg_exchange_options){0};
    if (request->reading) {
        *ret_options = *request->reading;
        rc = mg_reading_of_options(ctx, request->reading, &create->reading, error);
    }
    if (rc || !request->as_last)
        return rc;
    if (mg_reading_tells(create->reading))
        return mg_fail(error, MG_E_INVALID,
                       "A file is read as the last one was, or as is told here, not both.");
    rc = mg_last_reading(ctx, request->study_id ? request->study_id : "", &create->reading, error);
    ret_options->corrections_of_others = true;
    return rc || !create->reading ? rc : mg_reading_options(ctx, create->reading, ret_options, error);
}

/* What is different to the last import; of its reading what this file has stays. */
static int tell_last(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                     const struct mg_exchange *file, struct mg_wire_import_create *create,
                     struct mg_error *error)
{
    const struct mg_wire_last_wave *last = NULL;
    int rc = request->study_id ? mg_last_find(ctx, request->study_id, file, &last, error) : 0;
    if (rc || !last)
        return rc;
    if (request->as_last)
        create->reading = last->reading;
    if (request->last)
        request->last(request->user, last);
    return 0;
}

int mg_import_open_path(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                        struct mg_import_asked *ret, struct mg_error *error)
{
    const char *slash = strrchr(request->path, '/');
    *ret = (struct mg_import_asked){.file_name = request->name ? request->name
                                                 : slash       ? slash + 1
                                                               : request->path,
                                    .create = {.study_id = request->study_id,
                                               .new_study = request->new_study,
                                               .wave = request->wave,
                                               .again = request->again,
                                               .existing = request->existing,
                                               .has_existing = request->has_existing}};
    ret->create.bad_rows =
        request->skip_bad_rows ? MG_WIRE_IMPORT_CREATE_BAD_ROWS_SKIP : MG_WIRE_IMPORT_CREATE_BAD_ROWS_KEEP;
    struct mg_exchange_options reading;
    int rc = plan_study(ctx, NULL, ret, error);
    if (!rc)
        rc = find_reading(ctx, request, &ret->create, &reading, error);
    struct mg_import_source_request source = {.path = request->path,
                                              .name = ret->file_name,
                                              .study_id = request->study_id,
                                              .path_reading = &reading,
                                              .wave = request->wave,
                                              .new_study = ret->new_study};
    if (!rc)
        rc = mg_import_source_open(ctx, &source, &ret->source, error);
    if (rc)
        return rc;
    ret->create.mapping = source.mapping;
    ret->create.n_mapping = source.n_mapping;
    rc = tell_last(ctx, request, ret->source.file, &ret->create, error);
    if (rc)
        mg_import_source_close(&ret->source);
    return rc;
}

bool mg_import_is_by_id(const struct mg_import_asked *asked)
{
    const struct mg_wire_import_create *create = &asked->create;
    bool adds = create->has_existing && create->existing == MG_WIRE_IMPORT_CREATE_EXISTING_ADD;
    return !adds && !asked->new_study && mg_import_ids_of(&asked->source) != SIZE_MAX;
}

int mg_import_plan_of(const struct mg_ctx *ctx, const struct mg_import_asked *asked,
                      struct mg_import_plan *ret, struct mg_error *error)
{
    const struct mg_wire_import_create *create = &asked->create;
    *ret = (struct mg_import_plan){.ctx = ctx,
                                   .source = &asked->source,
                                   .wave = create->wave,
                                   .skip_bad_rows = create->bad_rows == MG_WIRE_IMPORT_CREATE_BAD_ROWS_SKIP,
                                   .only_new = create->has_existing &&
                                               create->existing == MG_WIRE_IMPORT_CREATE_EXISTING_LEAVE};
    return mg_import_is_by_id(asked) ? mg_known_load(ctx, asked->source.study, &ret->known, error) : 0;
}

int mg_import_has_rows(const struct mg_import_counts *counts, struct mg_error *error)
{
    if (counts->kept > 0)
        return 0;
    mg_fail(error, MG_E_INVALID, "Not one of the %lld rows could be imported.", (long long)counts->read);
    mg_fail_hint(error, "See the error list, and check the mapping and the scales of the study.");
    return MG_E_INVALID;
}
