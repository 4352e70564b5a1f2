/* What an organisation names for itself: dimensions, touchpoints, saved views. Plain lists that
 * people edit.
 *
 * Everything is of ctx->caller.org_id; wire structs belong to ctx->arena. Update and delete: MG_E_NOT_FOUND;
 * MG_E_CHANGED where the row changed since it was read, MG_E_TAKEN where its code is. */
#ifndef MG_SERVICE_RECORD_CATALOG_H
#define MG_SERVICE_RECORD_CATALOG_H

#include "service/context.h"
#include "wire/wire.gen.h"

MG_CHECKED int mg_record_dimension_list(const struct mg_ctx *ctx, struct mg_wire_dimension_list *ret,
                                        struct mg_error *error);
MG_CHECKED int mg_record_dimension_create(const struct mg_ctx *ctx, const struct mg_wire_dimension_edit *edit,
                                          struct mg_wire_dimension *ret, struct mg_error *error);
MG_CHECKED int mg_record_dimension_update(const struct mg_ctx *ctx, const char *id,
                                          const struct mg_wire_dimension_edit *edit,
                                          struct mg_wire_dimension *ret, struct mg_error *error);
MG_CHECKED int mg_record_dimension_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

/* In order of the service: before, during, after. */
MG_CHECKED int mg_record_touchpoint_list(const struct mg_ctx *ctx, struct mg_wire_touchpoint_list *ret,
                                         struct mg_error *error);
MG_CHECKED int mg_record_touchpoint_create(const struct mg_ctx *ctx,
                                           const struct mg_wire_touchpoint_edit *edit,
                                           struct mg_wire_touchpoint *ret, struct mg_error *error);
MG_CHECKED int mg_record_touchpoint_update(const struct mg_ctx *ctx, const char *id,
                                           const struct mg_wire_touchpoint_edit *edit,
                                           struct mg_wire_touchpoint *ret, struct mg_error *error);
MG_CHECKED int mg_record_touchpoint_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

/* A view belongs to the user who saved it; shared ones can be seen, but not changed, by the others. */
MG_CHECKED int mg_record_view_list(const struct mg_ctx *ctx, struct mg_wire_view_list *ret,
                                   struct mg_error *error);
MG_CHECKED int mg_record_view_create(const struct mg_ctx *ctx, const struct mg_wire_view_edit *edit,
                                     struct mg_wire_view *ret, struct mg_error *error);
MG_CHECKED int mg_record_view_update(const struct mg_ctx *ctx, const char *id,
                                     const struct mg_wire_view_edit *edit, struct mg_wire_view *ret,
                                     struct mg_error *error);
MG_CHECKED int mg_record_view_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

#endif
