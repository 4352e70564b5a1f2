/* Responses of before there were chunks, whose answers are JSON, become what new ones are. */
#ifndef MG_SERVICE_LISTEN_PACK_H
#define MG_SERVICE_LISTEN_PACK_H

#include "service/context.h"

/* Those of finished imports go into chunks, posted ones become rows of typed answers; ids stay, and readers
 * see no difference. In small writes, all of which may happen again: what is left is done the next time. Ends
 * early when ctx->stop asks. What can't be read stays as it is. */
MG_CHECKED int mg_listen_pack(const struct mg_ctx *ctx, struct mg_error *error);

#endif
