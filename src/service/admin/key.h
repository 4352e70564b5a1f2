/* API keys: "mgk_" and 256 random bits, shown once and kept as a hash, with scopes, an end and a way to
 * revoke. A key works for as long as who made it may sign in: while that user is disabled it is refused, and
 * with the user it is revoked. The maker's name is kept with the key. */
#ifndef MG_SERVICE_ADMIN_KEY_H
#define MG_SERVICE_ADMIN_KEY_H

#include "service/context.h"
#include "wire/wire.gen.h"

/* The bit of a scope in mg_caller.scopes. */
unsigned mg_scope_bit(enum mg_wire_scope scope);

/* Fills ctx->caller from the key, or fails with MG_E_UNAUTHENTICATED. The role is analyst with scope write,
 * else viewer; what the key may call is for its scopes. */
MG_CHECKED int mg_key_resolve(struct mg_ctx *ctx, const char *key, struct mg_error *error);

MG_CHECKED int mg_key_list(const struct mg_ctx *ctx, struct mg_wire_api_key_list *ret_list,
                           struct mg_error *error);
/* ret_key->secret is the only copy there will ever be. */
MG_CHECKED int mg_key_create(const struct mg_ctx *ctx, const struct mg_wire_api_key_create *create,
                             struct mg_wire_api_key *ret_key, struct mg_error *error);
MG_CHECKED int mg_key_revoke(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

#endif
