/* Days on which an organisation serves nobody. The code of one is its day, as in 2026-02-17.
 *
 * Everything is of ctx->caller.org_id; wire structs belong to ctx->arena. Get, update and delete:
 * MG_E_NOT_FOUND; MG_E_CHANGED where it changed since it was read; MG_E_TAKEN where its day is. */
#ifndef MG_SERVICE_RECORD_HOLIDAY_H
#define MG_SERVICE_RECORD_HOLIDAY_H

#include "service/context.h"
#include "wire/wire.gen.h"

MG_CHECKED int mg_record_holiday_list(const struct mg_ctx *ctx, struct mg_wire_holiday_list *ret,
                                      struct mg_error *error);
MG_CHECKED int mg_record_holiday_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_holiday *ret,
                                     struct mg_error *error);
MG_CHECKED int mg_record_holiday_create(const struct mg_ctx *ctx, const struct mg_wire_holiday_edit *edit,
                                        struct mg_wire_holiday *ret, struct mg_error *error);
MG_CHECKED int mg_record_holiday_update(const struct mg_ctx *ctx, const char *id,
                                        const struct mg_wire_holiday_edit *edit, struct mg_wire_holiday *ret,
                                        struct mg_error *error);
MG_CHECKED int mg_record_holiday_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

#endif
