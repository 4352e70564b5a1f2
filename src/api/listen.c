/* What of listening does more than forward: an answer that waits for the disk, an upload, a list as a file.
 */
#include "api/http/request.h"
#include "routes.gen.h"
#include "service/listen/import.h"
#include "service/listen/response.h"
#include "service/listen/upload.h"

#define ERROR_LIST_MAX ((size_t)32 * 1024 * 1024)

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

int mg_api_list_import_errors(struct mg_request *request, const char *id, struct mg_error *error)
{
    struct mg_buf *out = &request->reply.buf;
    mg_buf_init(out, ERROR_LIST_MAX);
    int rc = mg_listen_import_errors(&request->ctx, id, out, error);
    if (rc)
        return rc;
    char *name = mg_arena_printf(request->ctx.arena, "attachment; filename=\"import-errors-%s.csv\"", id);
    mg_reply_header(request, "Content-Disposition", name ? name : "attachment");
    request->reply.status = 200;
    request->reply.type = "text/csv; charset=utf-8";
    return 0;
}
