/* Organisations and their users. Everything is of ctx->caller.org_id; whether the caller may is for the route
 * table. Wire structs belong to ctx->arena. */
#ifndef MG_SERVICE_ADMIN_USER_H
#define MG_SERVICE_ADMIN_USER_H

#include "service/context.h"
#include "wire/wire.gen.h"

MG_CHECKED int mg_org_get(const struct mg_ctx *ctx, struct mg_wire_organisation *ret_org,
                          struct mg_error *error);
MG_CHECKED int mg_org_update(const struct mg_ctx *ctx, const struct mg_wire_organisation_update *update,
                             struct mg_wire_organisation *ret_org, struct mg_error *error);
/* For the command line, which sees all organisations. */
MG_CHECKED int mg_org_create(const struct mg_ctx *ctx, const char *name, bool simulated, char ret_id[27],
                             struct mg_error *error);
struct mg_org_summary {
    struct mg_wire_organisation org;
    int64_t users;
};
MG_CHECKED int mg_org_list(const struct mg_ctx *ctx, struct mg_org_summary **ret_orgs, size_t *ret_n,
                           struct mg_error *error);

MG_CHECKED int mg_user_list(const struct mg_ctx *ctx, struct mg_wire_user_list *ret_list,
                            struct mg_error *error);
MG_CHECKED int mg_user_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_user *ret_user,
                           struct mg_error *error);
MG_CHECKED int mg_user_create(const struct mg_ctx *ctx, const struct mg_wire_user_create *create,
                              struct mg_wire_user *ret_user, struct mg_error *error);
/* MG_E_CHANGED: since it was read. MG_E_CONFLICT: the organisation would be left without an owner who can
 * sign in. A changed role or password, or being disabled, ends the user's sessions; while disabled, the
 * user's API keys are refused. */
MG_CHECKED int mg_user_update(const struct mg_ctx *ctx, const char *id,
                              const struct mg_wire_user_update *update, struct mg_wire_user *ret_user,
                              struct mg_error *error);
/* Revokes the API keys that the user made. MG_E_CONFLICT: the last owner. */
MG_CHECKED int mg_user_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error);

/* For the command line: the user with this address in whatever organisation. MG_E_NOT_FOUND names the
 * address. */
MG_CHECKED int mg_user_find(const struct mg_ctx *ctx, const char *email, char ret_org_id[27], char ret_id[27],
                            struct mg_error *error);

/* Of "owner" …; MG_ROLE_NONE for other text. */
enum mg_role mg_role_parse(const char *text);

#endif
