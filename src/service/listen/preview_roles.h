/* What a preview says of the proposal: each column's role, and what to look at. */
#ifndef MG_SERVICE_LISTEN_PREVIEW_ROLES_H
#define MG_SERVICE_LISTEN_PREVIEW_ROLES_H

#include "service/context.h"
#include "service/record/propose.h"
#include "wire.gen.h"

/* Fills the columns' label and cells that weren't understood; of texts at most `most` bytes. */
MG_CHECKED int mg_preview_told(const struct mg_ctx *ctx, const struct mg_source_info *info, size_t most,
                               struct mg_wire_preview_column *columns, struct mg_error *error);
/* Fills the columns' roles and the preview's warnings. */
MG_CHECKED int mg_preview_roles(const struct mg_ctx *ctx, const struct mg_source_info *info,
                                const struct mg_proposal *proposal, struct mg_wire_preview_column *columns,
                                struct mg_wire_preview *ret, struct mg_error *error);

#endif
