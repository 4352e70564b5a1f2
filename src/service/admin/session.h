/* Who is calling: set-up, signing in and out, sessions.
 *
 * A session's token is 256 random bits; the record keeps only its BLAKE2b hash. The CSRF token is derived
 * from the session's token, so that it needs no place of its own. Wire structs returned belong to ctx->arena.
 */
#ifndef MG_SERVICE_ADMIN_SESSION_H
#define MG_SERVICE_ADMIN_SESSION_H

#include <stdbool.h>

#include "service/admin/token.h"
#include "service/context.h"
#include "wire/wire.gen.h"

#define MG_SESSION_IDLE_US ((int64_t)12 * 3600 * 1000000)
#define MG_SESSION_LIFE_US ((int64_t)7 * 24 * 3600 * 1000000)

struct mg_login {
    char token[MG_TOKEN_SIZE]; /* for the cookie */
    struct mg_wire_session session;
};

MG_CHECKED int mg_setup_state(const struct mg_ctx *ctx, struct mg_wire_setup_state *ret_state,
                              struct mg_error *error);
/* Creates organisation and owner and signs the owner in. MG_E_CONFLICT once there is any organisation. */
MG_CHECKED int mg_setup(const struct mg_ctx *ctx, const struct mg_wire_setup_request *request,
                        struct mg_login *ret_login, struct mg_error *error);

/* MG_E_UNAUTHENTICATED takes the same time and says the same whether address or password is wrong.
 * MG_E_THROTTLED: too many failures (service/admin/throttle.h); *ret_wait_s is then how long to wait, else it
 * stays. `address`: the client's, as text. */
MG_CHECKED int mg_login(const struct mg_ctx *ctx, const struct mg_wire_login_request *request,
                        const char *address, struct mg_login *ret_login, int64_t *ret_wait_s,
                        struct mg_error *error);

/* Fills ctx->caller from a cookie's token, or fails with MG_E_UNAUTHENTICATED. */
MG_CHECKED int mg_session_resolve(struct mg_ctx *ctx, const char *token, struct mg_error *error);
/* The session of ctx->caller. `token`: the cookie's, for the CSRF token; NULL for API keys. */
MG_CHECKED int mg_session_get(const struct mg_ctx *ctx, const char *token,
                              struct mg_wire_session *ret_session, struct mg_error *error);
MG_CHECKED int mg_logout(const struct mg_ctx *ctx, struct mg_error *error);

/* Compares in constant time. `given` may be NULL. */
bool mg_csrf_valid(const char *token, const char *given);

/* One's own password; a changed one ends one's other sessions. Guesses at the current one are slowed down as
 * those of mg_login are, together with them. */
MG_CHECKED int mg_password_change(const struct mg_ctx *ctx, const struct mg_wire_password_change *change,
                                  const char *address, int64_t *ret_wait_s, struct mg_error *error);
MG_CHECKED int mg_preferences_set(const struct mg_ctx *ctx, const char *token,
                                  const struct mg_wire_preferences *preferences,
                                  struct mg_wire_session *ret_session, struct mg_error *error);

/* Removes what has expired: sessions, counts of failures. Call it at start and then hourly; ends early when
 * ctx->stop asks. */
MG_CHECKED int mg_session_sweep(const struct mg_ctx *ctx, struct mg_error *error);

#endif
