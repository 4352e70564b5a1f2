/* Set-up, signing in and out, one's own preferences: what has to do with the cookie. */
#include "service/admin/session.h"
#include "api/http/request.h"
#include "routes.gen.h"

/* Says with a refusal when to come back. */
static int slowed(struct mg_request *request, int rc, int64_t wait_s)
{
    char *seconds =
        rc == MG_E_THROTTLED ? mg_arena_printf(request->ctx.arena, "%lld", (long long)wait_s) : NULL;
    if (seconds)
        mg_reply_header(request, "Retry-After", seconds);
    return rc;
}

/* The token goes into the cookie, where scripts can't read it. */
static int signed_in(struct mg_request *request, int rc, const struct mg_login *login,
                     struct mg_wire_session *ret)
{
    if (rc)
        return rc;
    char *token = mg_arena_strdup(request->ctx.arena, login->token);
    mg_reply_session_cookie(request, token ? token : "", MG_SESSION_LIFE_US / 1000000);
    *ret = login->session;
    return 0;
}

int mg_api_post_setup(struct mg_request *request, const struct mg_wire_setup_request *body,
                      struct mg_wire_session *ret, struct mg_error *error)
{
    struct mg_login login = {0};
    int rc = mg_setup(&request->ctx, body, &login, error);
    return signed_in(request, rc, &login, ret);
}

int mg_api_get_session(struct mg_request *request, struct mg_wire_session *ret, struct mg_error *error)
{
    return mg_session_get(&request->ctx, request->token, ret, error);
}

int mg_api_post_session(struct mg_request *request, const struct mg_wire_login_request *body,
                        struct mg_wire_session *ret, struct mg_error *error)
{
    struct mg_login login = {0};
    int64_t wait_s = 0;
    int rc = mg_login(&request->ctx, body, request->peer, &login, &wait_s, error);
    return slowed(request, signed_in(request, rc, &login, ret), wait_s);
}

int mg_api_delete_session(struct mg_request *request, struct mg_error *error)
{
    int rc = mg_logout(&request->ctx, error);
    if (!rc)
        mg_reply_session_cookie(request, "", 0);
    return rc;
}

int mg_api_put_session_password(struct mg_request *request, const struct mg_wire_password_change *body,
                                struct mg_error *error)
{
    int64_t wait_s = 0;
    int rc = mg_password_change(&request->ctx, body, request->peer, &wait_s, error);
    return slowed(request, rc, wait_s);
}

int mg_api_put_session_preferences(struct mg_request *request, const struct mg_wire_preferences *body,
                                   struct mg_wire_session *ret, struct mg_error *error)
{
    return mg_preferences_set(&request->ctx, request->token, body, ret, error);
}
