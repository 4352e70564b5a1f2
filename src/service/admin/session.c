/* Signing in. Order matters: the attempt is counted before the password is looked at, so that many attempts
 * at once can't slip under the limit; and the slow hash runs whether the account exists or not, so that time
 * tells nothing.
 *
 *   address, account ──> mg_throttle_enter ──> argon2id ──> wrong: the count stays
 *                                                       └─> right: forget the count, insert session
 *
 * A session lives MG_SESSION_LIFE_US at most and ends MG_SESSION_IDLE_US after its last use, which is noted
 * at most once a minute without waiting for the disk. */
#include "service/admin/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ulid.h"
#include "service/admin/audit.h"
#include "service/admin/caller.h"
#include "service/admin/key.h"
#include "service/admin/password.h"
#include "service/admin/record.h"
#include "service/admin/throttle.h"
#include "service/admin/user.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define SECOND_US ((int64_t)1000000)
#define TOUCH_EVERY_US (60 * SECOND_US)

/* ---- signing in ---- */

struct signing_in {
    const struct mg_ctx *ctx;
    struct mg_ctx as_user; /* ctx with the caller who comes in */
    const struct mg_throttle *attempt;
    struct mg_login *login;
};

/* Inserts the session of as_user.caller and reads what the client is told. */
static int insert_session(struct mg_db *db, struct signing_in *s, struct mg_error *error)
{
    struct mg_caller *caller = &s->as_user.caller;
    struct mg_wire_session *session = &s->login->session;
    int64_t now = mg_now(&s->ctx->clock), expires_at = now + MG_SESSION_LIFE_US;
    uint8_t hash[MG_HASH_BYTES];
    mg_token_new(s->login->token);
    mg_token_hash(s->login->token, hash);
    mg_ulid_new(now, caller->session_id);
    int rc = mg_sql_session_insert(db,
                                   &(struct mg_sql_session_insert_params){.id = caller->session_id,
                                                                          .org_id = caller->org_id,
                                                                          .user_id = caller->user_id,
                                                                          .token_hash = {hash, sizeof hash},
                                                                          .now = now,
                                                                          .expires_at = expires_at},
                                   NULL, error);
    if (rc == 0)
        rc = mg_sql_user_seen(db, caller->user_id, now, NULL, error);
    if (rc == 0)
        rc = record_user(db, s->ctx->arena, caller->org_id, caller->user_id, &session->user, error);
    if (rc == 0)
        rc = record_org(db, s->ctx->arena, caller->org_id, &session->organisation, error);
    if (rc == 0)
        rc = mg_audit_add(db, &s->as_user, "login", "session", caller->session_id, NULL, NULL, error);
    char csrf[MG_TOKEN_SIZE];
    mg_token_derive(s->login->token, "csrf", csrf);
    session->csrf_token = mg_arena_strdup(s->ctx->arena, csrf);
    session->expires_at = mg_wire_time(s->ctx->arena, &expires_at);
    return rc;
}

static int write_login(struct mg_db *db, void *user, struct mg_error *error)
{
    struct signing_in *s = user;
    int rc = insert_session(db, s, error);
    return rc ? rc : mg_throttle_succeed(db, s->attempt, error);
}

struct account {
    struct mg_arena *arena;
    const char *email;
    struct mg_sql_user_login_row row;
};

static int find_account(struct mg_db *db, void *user, struct mg_error *error)
{
    struct account *account = user;
    return mg_sql_user_login(db, account->arena, account->email, &account->row, error);
}

static void become(struct mg_ctx *ctx, const char *org_id, const char *user_id, const char *session_id,
                   const char *role)
{
    struct mg_caller caller = {.role = mg_role_parse(role)};
    snprintf(caller.org_id, sizeof caller.org_id, "%s", org_id);
    snprintf(caller.user_id, sizeof caller.user_id, "%s", user_id);
    snprintf(caller.session_id, sizeof caller.session_id, "%s", session_id);
    mg_caller_set(ctx, &caller);
}

int mg_login(const struct mg_ctx *ctx, const struct mg_wire_login_request *request, const char *address,
             struct mg_login *ret_login, int64_t *ret_wait_s, struct mg_error *error)
{
    char email[RECORD_EMAIL_SIZE] = "";
    bool possible =
        record_email(request->email, email, NULL) == 0 && strlen(request->password) <= MG_PASSWORD_BYTES_MAX;
    struct mg_throttle attempt;
    int rc = mg_throttle_enter(ctx, possible ? email : "", address, &attempt, ret_wait_s, error);
    if (rc)
        return rc;
    struct account account = {.arena = ctx->arena, .email = email};
    rc = possible ? mg_store_read(ctx->store, find_account, &account, error) : MG_E_NOT_FOUND;
    if (rc && rc != MG_E_NOT_FOUND)
        return rc;
    bool exists = rc == 0 && !account.row.disabled_at;
    if (!mg_password_matches(exists ? account.row.password_hash : NULL, possible ? request->password : ""))
        return mg_fail(error, MG_E_UNAUTHENTICATED, "E-mail address or password is wrong.");
    struct signing_in s = {.ctx = ctx, .as_user = *ctx, .attempt = &attempt, .login = ret_login};
    become(&s.as_user, account.row.org_id, account.row.id, "", account.row.role);
    return mg_store_write(ctx->store, write_login, &s, error);
}

/* ---- set-up ---- */

static int count_orgs(struct mg_db *db, struct mg_arena *arena, int64_t *ret_n, struct mg_error *error)
{
    struct mg_sql_org_count_row row;
    int rc = mg_sql_org_count(db, arena, &row, error);
    if (rc == 0)
        *ret_n = row.n;
    return rc;
}

struct state_reading {
    struct mg_arena *arena;
    int64_t orgs;
};

static int read_state(struct mg_db *db, void *user, struct mg_error *error)
{
    struct state_reading *s = user;
    return count_orgs(db, s->arena, &s->orgs, error);
}

int mg_setup_state(const struct mg_ctx *ctx, struct mg_wire_setup_state *ret_state, struct mg_error *error)
{
    struct state_reading s = {.arena = ctx->arena};
    int rc = mg_store_read(ctx->store, read_state, &s, error);
    if (rc == 0)
        *ret_state = (struct mg_wire_setup_state){.needed = s.orgs == 0, .version = MG_VERSION};
    return rc;
}

struct setting_up {
    struct signing_in in; /* first */
    const struct mg_wire_setup_request *request;
    const char *email, *password_hash;
};

static int write_setup(struct mg_db *db, void *user, struct mg_error *error)
{
    struct setting_up *s = user;
    struct mg_ctx *ctx = &s->in.as_user;
    int64_t orgs = 0;
    ctx->caller = s->in.ctx->caller; /* nobody yet */
    int rc = count_orgs(db, ctx->arena, &orgs, error);
    if (rc == 0 && orgs > 0) {
        rc = mg_fail(error, MG_E_CONFLICT, "This installation is set up already.");
        mg_fail_hint(error, "Sign in, or add organisations with `mindgap org add`.");
    }
    if (rc == 0)
        rc = record_org_insert(db, ctx, s->request->organisation, false, ctx->caller.org_id, error);
    struct mg_wire_user owner;
    struct new_user add = {
        .email = s->email,
        .name = s->request->name,
        .password_hash = s->password_hash,
        .role = MG_WIRE_ROLE_OWNER,
        .language = s->request->has_language ? s->request->language : MG_WIRE_LANGUAGE_ZH_CN,
    };
    if (rc == 0)
        rc = record_user_insert(db, ctx, &add, &owner, error);
    if (rc)
        return rc;
    snprintf(ctx->caller.user_id, sizeof ctx->caller.user_id, "%s", owner.id);
    return insert_session(db, &s->in, error);
}

int mg_setup(const struct mg_ctx *ctx, const struct mg_wire_setup_request *request,
             struct mg_login *ret_login, struct mg_error *error)
{
    char email[RECORD_EMAIL_SIZE], hash[MG_PASSWORD_HASH_SIZE];
    struct setting_up s = {
        .in = {.ctx = ctx, .as_user = *ctx, .login = ret_login},
        .request = request,
        .email = email,
        .password_hash = hash,
    };
    int rc = record_email(request->email, email, error);
    const struct mg_password_owner owner = {email, request->name, request->organisation};
    if (rc == 0)
        rc = mg_password_check(request->password, &owner, error);
    if (rc == 0)
        rc = mg_password_hash(request->password, hash, error);
    if (rc == 0)
        rc = mg_store_write(ctx->store, write_setup, &s, error);
    return rc;
}

/* ---- sessions ---- */

struct touch {
    char id[MG_ULID_SIZE], user_id[MG_ULID_SIZE];
    int64_t now;
};

static int write_touch(struct mg_db *db, void *user, struct mg_error *error)
{
    struct touch *t = user;
    int rc = mg_sql_session_touch(db, t->id, t->now, NULL, error);
    return rc ? rc : mg_sql_user_seen(db, t->user_id, t->now, NULL, error);
}

static void touch_done(void *user, int rc, const struct mg_error *error)
{
    (void)rc; /* an unnoted use only ends the session earlier */
    (void)error;
    free(user);
}

static void touch_later(const struct mg_ctx *ctx, int64_t now)
{
    struct touch *t = calloc(1, sizeof *t);
    if (!t)
        return;
    memcpy(t->id, ctx->caller.session_id, sizeof t->id);
    memcpy(t->user_id, ctx->caller.user_id, sizeof t->user_id);
    t->now = now;
    if (mg_store_write_async(ctx->store, write_touch, t, touch_done, NULL))
        free(t);
}

struct resolving {
    struct mg_arena *arena;
    uint8_t hash[MG_HASH_BYTES];
    struct mg_sql_session_by_token_row row;
};

static int find_session(struct mg_db *db, void *user, struct mg_error *error)
{
    struct resolving *r = user;
    return mg_sql_session_by_token(db, r->arena, (struct mg_blob){r->hash, MG_HASH_BYTES}, &r->row, error);
}

int mg_session_resolve(struct mg_ctx *ctx, const char *token, struct mg_error *error)
{
    struct resolving r = {.arena = ctx->arena};
    int64_t now = mg_now(&ctx->clock);
    mg_token_hash(token, r.hash);
    int rc = mg_store_read(ctx->store, find_session, &r, error);
    if (rc && rc != MG_E_NOT_FOUND)
        return rc;
    if (rc || r.row.expires_at <= now || r.row.last_seen_at + MG_SESSION_IDLE_US <= now)
        return mg_fail(error, MG_E_UNAUTHENTICATED, "The session has ended; sign in again.");
    become(ctx, r.row.org_id, r.row.user_id, r.row.id, r.row.role);
    if (now - r.row.last_seen_at > TOUCH_EVERY_US)
        touch_later(ctx, now);
    return 0;
}

struct session_reading {
    const struct mg_ctx *ctx;
    struct mg_wire_session session;
};

/* A key has no user: it is shown as one, by its name. */
static int read_key_as_user(struct mg_db *db, struct session_reading *s, struct mg_error *error)
{
    const struct mg_caller *caller = &s->ctx->caller;
    struct mg_sql_key_get_row key;
    int rc = mg_sql_key_get(db, s->ctx->arena, caller->org_id, caller->api_key_id, &key, error);
    if (rc)
        return rc;
    s->session.user = (struct mg_wire_user){
        .id = key.id,
        .name = key.name,
        .email = "",
        .role = caller->role == MG_ROLE_ANALYST ? MG_WIRE_ROLE_ANALYST : MG_WIRE_ROLE_VIEWER,
        .language = s->ctx->lang == MG_LANG_ZH ? MG_WIRE_LANGUAGE_ZH_CN : MG_WIRE_LANGUAGE_EN,
        .created_at = mg_wire_time(s->ctx->arena, &key.created_at),
        .version = 1,
    };
    int64_t never = 253402300799 * SECOND_US; /* 9999-12-31T23:59:59Z */
    s->session.expires_at = mg_wire_time(s->ctx->arena, key.expires_at ? key.expires_at : &never);
    return 0;
}

static int read_session(struct mg_db *db, void *user, struct mg_error *error)
{
    struct session_reading *s = user;
    const struct mg_caller *caller = &s->ctx->caller;
    struct mg_arena *arena = s->ctx->arena;
    int rc = record_org(db, arena, caller->org_id, &s->session.organisation, error);
    if (rc)
        return rc;
    if (*caller->api_key_id)
        return read_key_as_user(db, s, error);
    struct mg_sql_session_get_row row;
    rc = mg_sql_session_get(db, arena, caller->org_id, caller->session_id, &row, error);
    if (rc == 0)
        rc = record_user(db, arena, caller->org_id, caller->user_id, &s->session.user, error);
    if (rc == 0)
        s->session.expires_at = mg_wire_time(arena, &row.expires_at);
    return rc;
}

int mg_session_get(const struct mg_ctx *ctx, const char *token, struct mg_wire_session *ret_session,
                   struct mg_error *error)
{
    struct session_reading s = {.ctx = ctx};
    int rc = mg_store_read(ctx->store, read_session, &s, error);
    if (rc)
        return rc;
    char csrf[MG_TOKEN_SIZE] = "";
    if (token && *ctx->caller.session_id)
        mg_token_derive(token, "csrf", csrf);
    s.session.csrf_token = mg_arena_strdup(ctx->arena, csrf);
    *ret_session = s.session;
    return 0;
}

static int delete_session(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct mg_ctx *ctx = user;
    int rc = mg_sql_session_delete(db, ctx->caller.session_id, NULL, error);
    return rc ? rc : mg_audit_add(db, ctx, "logout", "session", ctx->caller.session_id, NULL, NULL, error);
}

int mg_logout(const struct mg_ctx *ctx, struct mg_error *error)
{
    return *ctx->caller.session_id ? mg_store_write(ctx->store, delete_session, (void *)ctx, error) : 0;
}

bool mg_csrf_valid(const char *token, const char *given)
{
    char expected[MG_TOKEN_SIZE];
    mg_token_derive(token, "csrf", expected);
    return given && mg_token_equal(expected, given);
}

/* ---- one's own account ---- */

struct own_change {
    const struct mg_ctx *ctx;
    const char *password_hash;
    const struct mg_throttle *attempt;
    const struct mg_wire_preferences *preferences;
    struct mg_sql_user_password_row row;
};

static int read_own_password(struct mg_db *db, void *user, struct mg_error *error)
{
    struct own_change *c = user;
    return mg_sql_user_password(db, c->ctx->arena, c->ctx->caller.org_id, c->ctx->caller.user_id, &c->row,
                                error);
}

static int write_own_password(struct mg_db *db, void *user, struct mg_error *error)
{
    struct own_change *c = user;
    const struct mg_caller *caller = &c->ctx->caller;
    int rc = mg_sql_user_set_password(db, caller->org_id, caller->user_id, c->password_hash, NULL, error);
    if (rc == 0)
        rc = mg_sql_session_delete_of_user(db, caller->user_id, caller->session_id, NULL, error);
    if (rc == 0)
        rc = mg_throttle_succeed(db, c->attempt, error);
    return rc ? rc : mg_audit_add(db, c->ctx, "update_password", "user", caller->user_id, NULL, NULL, error);
}

int mg_password_change(const struct mg_ctx *ctx, const struct mg_wire_password_change *change,
                       const char *address, int64_t *ret_wait_s, struct mg_error *error)
{
    char hash[MG_PASSWORD_HASH_SIZE];
    struct mg_throttle attempt;
    struct own_change c = {.ctx = ctx, .password_hash = hash, .attempt = &attempt};
    int rc = mg_store_read(ctx->store, read_own_password, &c, error);
    const struct mg_password_owner owner = {c.row.email, c.row.name, c.row.organisation};
    if (rc == 0)
        rc = mg_password_check(change->password, &owner, error);
    if (rc == 0)
        rc = mg_throttle_enter(ctx, c.row.email, address, &attempt, ret_wait_s, error);
    if (rc)
        return rc;
    if (!mg_password_matches(c.row.password_hash, change->current)) {
        mg_fail(error, MG_E_INVALID, "The current password is wrong.");
        mg_fail_at(error, "/current");
        return MG_E_INVALID;
    }
    rc = mg_password_hash(change->password, hash, error);
    return rc ? rc : mg_store_write(ctx->store, write_own_password, &c, error);
}

static int write_preferences(struct mg_db *db, void *user, struct mg_error *error)
{
    struct own_change *c = user;
    const struct mg_caller *caller = &c->ctx->caller;
    struct mg_arena *arena = c->ctx->arena;
    struct mg_wire_user before, after;
    int rc = record_user(db, arena, caller->org_id, caller->user_id, &before, error);
    if (rc == 0)
        rc = mg_sql_user_set_preferences(db, caller->org_id, caller->user_id, c->preferences->name,
                                         mg_wire_language_text(c->preferences->language), NULL, error);
    if (rc == 0)
        rc = record_user(db, arena, caller->org_id, caller->user_id, &after, error);
    return rc ? rc
              : mg_audit_add(db, c->ctx, "update", "user", caller->user_id, record_user_json(arena, &before),
                             record_user_json(arena, &after), error);
}

int mg_preferences_set(const struct mg_ctx *ctx, const char *token,
                       const struct mg_wire_preferences *preferences, struct mg_wire_session *ret_session,
                       struct mg_error *error)
{
    struct own_change c = {.ctx = ctx, .preferences = preferences};
    int rc = mg_store_write(ctx->store, write_preferences, &c, error);
    return rc ? rc : mg_session_get(ctx, token, ret_session, error);
}

struct sweeping {
    int64_t now, removed;
};

static int sweep_some(struct mg_db *db, void *user, struct mg_error *error)
{
    struct sweeping *s = user;
    int64_t sessions = 0, counts = 0;
    int rc = mg_sql_session_delete_expired(db, s->now, s->now - MG_SESSION_IDLE_US, &sessions, error);
    if (rc == 0)
        rc = mg_throttle_sweep(db, s->now, &counts, error);
    s->removed = sessions + counts;
    return rc;
}

int mg_session_sweep(const struct mg_ctx *ctx, struct mg_error *error)
{
    struct sweeping s = {.now = mg_now(&ctx->clock), .removed = 1};
    int rc = 0;
    while (rc == 0 && s.removed > 0) {
        rc = mg_stop_check(ctx->stop, error);
        if (rc == 0)
            rc = mg_store_write(ctx->store, sweep_some, &s, error);
    }
    return rc;
}
