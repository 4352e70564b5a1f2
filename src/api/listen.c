/* What of listening does more than forward: an answer that waits for the disk, an upload, a list as a file.
 */
#include "api/export.h"
#include "api/http/request.h"
#include "routes.gen.h"
#include "service/listen/export.h"
#include "service/listen/import.h"
#include "service/listen/response.h"
#include "service/listen/upload.h"
#include "service/record/load.h"

#define EXPORT_SECONDS 600 /* a million responses with many columns as XLSX take one or two minutes */

int mg_api_create_response(struct mg_request *request, const char *id,
                           const struct mg_wire_response_create *body, struct mg_wire_response_receipt *ret,
                           struct mg_error *error)
{
    int rc = mg_listen_response_create_later(&request->ctx, id, body, ret, mg_request_later, request, error);
    return rc ? rc : MG_LATER;
}

int mg_api_create_upload(struct mg_request *request, const struct mg_wire_create_upload_query *query,
                         struct mg_wire_upload *ret, struct mg_error *error)
{
    int rc = mg_listen_upload_store(&request->ctx, request->upload_path, query->name, ret, error);
    if (!rc)
        request->upload_path = NULL;
    return rc;
}

int mg_api_list_import_errors(struct mg_request *request, const char *id,
                              const struct mg_wire_list_import_errors_query *query, struct mg_error *error)
{
    struct mg_out_report report;
    enum mg_out_format format = MG_OUT_CSV;
    const char *path = mg_reply_path(request, error);
    const char *name = mg_arena_printf(request->ctx.arena, "import-errors-%s", id);
    mg_out_by_name(mg_wire_list_import_errors_query_format_text(query->format), &format);
    if (!path || !name)
        return path ? mg_fail_memory(error) : error->code;
    int rc = mg_listen_import_errors(&request->ctx, id, format, path, &report, error);
    return rc ? rc : mg_reply_export(request, path, format, name, &report, error);
}

int mg_api_export_responses(struct mg_request *request, const char *id,
                            const struct mg_wire_export_responses_query *query, struct mg_error *error)
{
    struct mg_out_report report;
    struct mg_export_request export = {.study_id = id,
                                       .to = mg_reply_path(request, error),
                                       .format = mg_wire_export_responses_query_format_text(query->format)};
    enum mg_out_format format = MG_OUT_CSV;
    const struct mg_record_study *study;
    mg_out_by_name(export.format, &format);
    if (!export.to)
        return error->code;
    mg_stop_limit(&request->stop, EXPORT_SECONDS);
    int rc = mg_record_study_load(&request->ctx, id, &study, error);
    if (rc == 0)
        rc = mg_listen_export(&request->ctx, &export, &report, error);
    return rc ? rc : mg_reply_export(request, export.to, format, study->code, &report, error);
}
