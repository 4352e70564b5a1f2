/* Dimensions, touchpoints, customers, studies, responses, uploads, imports, saved views. */
#include "api/private.h"
#include "routes.gen.h"
#include "service/listen/import.h"
#include "service/listen/response.h"
#include "service/listen/upload.h"
#include "service/record/catalog.h"
#include "service/record/customer.h"
#include "service/record/study.h"

#define ERROR_LIST_MAX ((size_t)32 * 1024 * 1024)

int mg_api_list_dimensions(struct mg_request *request, struct mg_wire_dimension_list *ret,
                           struct mg_error *error)
{
    return mg_record_dimension_list(&request->ctx, ret, error);
}

int mg_api_create_dimension(struct mg_request *request, const struct mg_wire_dimension_edit *body,
                            struct mg_wire_dimension *ret, struct mg_error *error)
{
    return mg_record_dimension_create(&request->ctx, body, ret, error);
}

int mg_api_update_dimension(struct mg_request *request, const char *id,
                            const struct mg_wire_dimension_edit *body, struct mg_wire_dimension *ret,
                            struct mg_error *error)
{
    return mg_record_dimension_update(&request->ctx, id, body, ret, error);
}

int mg_api_delete_dimension(struct mg_request *request, const char *id, struct mg_error *error)
{
    return mg_record_dimension_delete(&request->ctx, id, error);
}

int mg_api_list_touchpoints(struct mg_request *request, struct mg_wire_touchpoint_list *ret,
                            struct mg_error *error)
{
    return mg_record_touchpoint_list(&request->ctx, ret, error);
}

int mg_api_create_touchpoint(struct mg_request *request, const struct mg_wire_touchpoint_edit *body,
                             struct mg_wire_touchpoint *ret, struct mg_error *error)
{
    return mg_record_touchpoint_create(&request->ctx, body, ret, error);
}

int mg_api_update_touchpoint(struct mg_request *request, const char *id,
                             const struct mg_wire_touchpoint_edit *body, struct mg_wire_touchpoint *ret,
                             struct mg_error *error)
{
    return mg_record_touchpoint_update(&request->ctx, id, body, ret, error);
}

int mg_api_delete_touchpoint(struct mg_request *request, const char *id, struct mg_error *error)
{
    return mg_record_touchpoint_delete(&request->ctx, id, error);
}

int mg_api_list_customers(struct mg_request *request, const struct mg_wire_list_customers_query *query,
                          struct mg_wire_customer_list *ret, struct mg_error *error)
{
    return mg_record_customer_list(&request->ctx, query->q, query->after, query->limit, ret, error);
}

int mg_api_upsert_customer(struct mg_request *request, const struct mg_wire_customer_edit *body,
                           struct mg_wire_customer *ret, struct mg_error *error)
{
    return mg_record_customer_upsert(&request->ctx, body, ret, error);
}

int mg_api_get_customer(struct mg_request *request, const char *id, struct mg_wire_customer *ret,
                        struct mg_error *error)
{
    return mg_record_customer_get(&request->ctx, id, ret, error);
}

int mg_api_delete_customer(struct mg_request *request, const char *id, struct mg_error *error)
{
    return mg_record_customer_delete(&request->ctx, id, error);
}

int mg_api_list_studies(struct mg_request *request, struct mg_wire_study_list *ret, struct mg_error *error)
{
    return mg_record_study_list(&request->ctx, ret, error);
}

int mg_api_create_study(struct mg_request *request, const struct mg_wire_study_edit *body,
                        struct mg_wire_study *ret, struct mg_error *error)
{
    return mg_record_study_create(&request->ctx, body, ret, error);
}

int mg_api_get_study(struct mg_request *request, const char *id, struct mg_wire_study *ret,
                     struct mg_error *error)
{
    return mg_record_study_get(&request->ctx, id, ret, error);
}

int mg_api_update_study(struct mg_request *request, const char *id, const struct mg_wire_study_edit *body,
                        struct mg_wire_study *ret, struct mg_error *error)
{
    return mg_record_study_update(&request->ctx, id, body, ret, error);
}

int mg_api_delete_study(struct mg_request *request, const char *id, struct mg_error *error)
{
    return mg_record_study_delete(&request->ctx, id, error);
}

int mg_api_list_responses(struct mg_request *request, const char *id,
                          const struct mg_wire_list_responses_query *query, struct mg_wire_response_list *ret,
                          struct mg_error *error)
{
    return mg_listen_response_list(&request->ctx, id, query->before, query->limit, ret, error);
}

int mg_api_create_response(struct mg_request *request, const char *id,
                           const struct mg_wire_response_create *body, struct mg_wire_response_receipt *ret,
                           struct mg_error *error)
{
    int rc = mg_listen_response_create_later(&request->ctx, id, body, ret, mg_request_later, request, error);
    return rc ? rc : MG_LATER;
}

int mg_api_get_response(struct mg_request *request, const char *id, struct mg_wire_response *ret,
                        struct mg_error *error)
{
    return mg_listen_response_get(&request->ctx, id, ret, error);
}

int mg_api_delete_response(struct mg_request *request, const char *id, struct mg_error *error)
{
    return mg_listen_response_delete(&request->ctx, id, error);
}

int mg_api_create_upload(struct mg_request *request, const struct mg_wire_create_upload_query *query,
                         struct mg_wire_upload *ret, struct mg_error *error)
{
    int rc = mg_listen_upload_store(&request->ctx, request->upload_path, query->name, ret, error);
    if (!rc)
        request->upload_path = NULL;
    return rc;
}

int mg_api_preview_upload(struct mg_request *request, const char *id,
                          const struct mg_wire_preview_upload_query *query, struct mg_wire_preview *ret,
                          struct mg_error *error)
{
    return mg_listen_upload_preview(&request->ctx, id, query->study, ret, error);
}

int mg_api_list_imports(struct mg_request *request, const struct mg_wire_list_imports_query *query,
                        struct mg_wire_import_list *ret, struct mg_error *error)
{
    return mg_listen_import_list(&request->ctx, query->limit, ret, error);
}

int mg_api_create_import(struct mg_request *request, const struct mg_wire_import_create *body,
                         struct mg_wire_import *ret, struct mg_error *error)
{
    return mg_listen_import_create(&request->ctx, body, ret, error);
}

int mg_api_get_import(struct mg_request *request, const char *id, struct mg_wire_import *ret,
                      struct mg_error *error)
{
    return mg_listen_import_get(&request->ctx, id, ret, error);
}

int mg_api_undo_import(struct mg_request *request, const char *id, struct mg_wire_import *ret,
                       struct mg_error *error)
{
    return mg_listen_import_undo(&request->ctx, id, ret, error);
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

int mg_api_list_views(struct mg_request *request, struct mg_wire_view_list *ret, struct mg_error *error)
{
    return mg_record_view_list(&request->ctx, ret, error);
}

int mg_api_create_view(struct mg_request *request, const struct mg_wire_view_edit *body,
                       struct mg_wire_view *ret, struct mg_error *error)
{
    return mg_record_view_create(&request->ctx, body, ret, error);
}

int mg_api_update_view(struct mg_request *request, const char *id, const struct mg_wire_view_edit *body,
                       struct mg_wire_view *ret, struct mg_error *error)
{
    return mg_record_view_update(&request->ctx, id, body, ret, error);
}

int mg_api_delete_view(struct mg_request *request, const char *id, struct mg_error *error)
{
    return mg_record_view_delete(&request->ctx, id, error);
}
