/* Private to this folder: pieces of a write that session.c, user.c and key.c share. All run on an open
 * connection.
 */
#ifndef MG_SERVICE_ADMIN_RECORD_H
#define MG_SERVICE_ADMIN_RECORD_H

#include <stdbool.h>

#include "service/context.h"
#include "store/db.h"
#include "wire/wire.gen.h"

#define RECORD_EMAIL_SIZE 255

struct new_user {
    const char *email, *name, *password_hash;
    enum mg_wire_role role;
    enum mg_wire_language language;
};

MG_CHECKED int record_email(const char *given, char ret_email[RECORD_EMAIL_SIZE], struct mg_error *error);
MG_CHECKED int record_user(struct mg_db *db, struct mg_arena *arena, const char *org_id, const char *id,
                           struct mg_wire_user *ret_user, struct mg_error *error);
/* The user as the audit trail shows it. */
const char *record_user_json(struct mg_arena *arena, const struct mg_wire_user *user);
MG_CHECKED int record_org(struct mg_db *db, struct mg_arena *arena, const char *id,
                          struct mg_wire_organisation *ret_org, struct mg_error *error);
MG_CHECKED int record_org_insert(struct mg_db *db, const struct mg_ctx *ctx, const char *name, bool simulated,
                                 char ret_id[27], struct mg_error *error);
/* Into the organisation of ctx->caller, audit entry included. */
MG_CHECKED int record_user_insert(struct mg_db *db, const struct mg_ctx *ctx, const struct new_user *add,
                                  struct mg_wire_user *ret_user, struct mg_error *error);
/* Revokes all keys that a user made, with an audit entry for each. */
MG_CHECKED int record_keys_revoke(struct mg_db *db, const struct mg_ctx *ctx, const char *user_id,
                                  struct mg_error *error);

#endif
