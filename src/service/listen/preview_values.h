/* What a preview says of how the file was read: its shape, and what each answer of a column was taken for. */
#ifndef MG_SERVICE_LISTEN_PREVIEW_VALUES_H
#define MG_SERVICE_LISTEN_PREVIEW_VALUES_H

#include "exchange/exchange.h"
#include "service/context.h"
#include "wire.gen.h"

/* After mg_exchange_describe; texts are copied into ctx->arena. */
MG_CHECKED int mg_preview_values(const struct mg_ctx *ctx, const struct mg_exchange *file,
                                 struct mg_wire_preview_column *columns, struct mg_wire_preview *ret,
                                 struct mg_error *error);
/* Rows that are no answers. */
struct mg_wire_left_out mg_preview_left_out(const struct mg_exchange *file);

#endif
