/* Users and organisations. Every change is one write: the rule (an owner must remain), the row, the sessions
 * it ends and the audit entry stand or fall together. That an owner remains is a condition of the
 * statements that change a user, not a look before them. */
#include "service/admin/user.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/ulid.h"
#include "service/admin/audit.h"
#include "service/admin/password.h"
#include "service/admin/record.h"
#include "store/queries.gen.h"
#include "store/store.h"

/* ---- words ---- */

_Static_assert((int)MG_ROLE_VIEWER == MG_WIRE_ROLE_VIEWER + 1, "roles stand in the order of the wire");
_Static_assert((int)MG_ROLE_AGENT == MG_WIRE_ROLE_AGENT + 1, "roles stand in the order of the wire");
_Static_assert((int)MG_ROLE_TRAINER == MG_WIRE_ROLE_TRAINER + 1, "roles stand in the order of the wire");
_Static_assert((int)MG_ROLE_ANALYST == MG_WIRE_ROLE_ANALYST + 1, "roles stand in the order of the wire");
_Static_assert((int)MG_ROLE_OWNER == MG_WIRE_ROLE_OWNER + 1, "roles stand in the order of the wire");

enum mg_role mg_role_parse(const char *text)
{
    enum mg_wire_role role;
    return mg_wire_role_parse(text, &role) ? (enum mg_role)(role + 1) : MG_ROLE_NONE;
}

/* Lower case, trimmed by the rules below: something@something.something without blanks. */
int record_email(const char *given, char ret_email[RECORD_EMAIL_SIZE], struct mg_error *error)
{
    size_t n = strlen(given);
    const char *at = strrchr(given, '@');
    bool good =
        n >= 3 && n < RECORD_EMAIL_SIZE && at && at > given && at[1] && at[1] != '.' && given[n - 1] != '.';
    for (size_t i = 0; i < n && good; i++) {
        good = (unsigned char)given[i] > ' ' && given[i] != 0x7F;
        ret_email[i] = (char)(given[i] >= 'A' && given[i] <= 'Z' ? given[i] + 'a' - 'A' : given[i]);
    }
    if (good) {
        ret_email[n] = '\0';
        return 0;
    }
    mg_fail(error, MG_E_INVALID, "This is not an e-mail address.");
    mg_fail_at(error, "/email");
    return MG_E_INVALID;
}

/* ---- rows to the wire ---- */

static enum mg_wire_language language(const char *lang)
{
    return strcmp(lang, "en") == 0 ? MG_WIRE_LANGUAGE_EN : MG_WIRE_LANGUAGE_ZH_CN;
}

static void user_to_wire(struct mg_arena *arena, const struct mg_sql_user_row *row,
                         struct mg_wire_user *ret_user)
{
    *ret_user = (struct mg_wire_user){
        .id = row->id,
        .name = row->name,
        .email = row->email,
        .language = language(row->lang),
        .disabled = row->disabled_at != NULL,
        .created_at = mg_wire_time(arena, &row->created_at),
        .last_seen_at = mg_wire_time(arena, row->last_seen_at),
        .version = row->version,
    };
    mg_wire_role_parse(row->role, &ret_user->role);
}

int record_user(struct mg_db *db, struct mg_arena *arena, const char *org_id, const char *id,
                struct mg_wire_user *ret_user, struct mg_error *error)
{
    struct mg_sql_user_row row;
    int rc = mg_sql_user_get(db, arena, org_id, id, &row, error);
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, MG_E_NOT_FOUND, "There is no such user.");
    if (rc == 0)
        user_to_wire(arena, &row, ret_user);
    return rc;
}

int record_org(struct mg_db *db, struct mg_arena *arena, const char *id, struct mg_wire_organisation *ret_org,
               struct mg_error *error)
{
    struct mg_sql_org_get_row row;
    int rc = mg_sql_org_get(db, arena, id, &row, error);
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, MG_E_NOT_FOUND, "There is no such organisation.");
    if (rc == 0)
        *ret_org = (struct mg_wire_organisation){.id = row.id,
                                                 .name = row.name,
                                                 .simulated = row.simulated != 0,
                                                 .created_at = mg_wire_time(arena, &row.created_at),
                                                 .version = row.version};
    return rc;
}

const char *record_user_json(struct mg_arena *arena, const struct mg_wire_user *user)
{
    struct mg_buf buf;
    mg_buf_init(&buf, 8192);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, "name", user->name);
    mg_json_key_string(&out, "email", user->email);
    mg_json_key_string(&out, "role", mg_wire_role_text(user->role));
    mg_json_key_string(&out, "language", mg_wire_language_text(user->language));
    mg_json_key_bool(&out, "disabled", user->disabled);
    mg_json_close(&out, '}');
    const char *text = buf.failed ? NULL : mg_arena_strdup(arena, buf.data);
    mg_buf_done(&buf);
    return text;
}

static const char *org_json(struct mg_arena *arena, const char *name)
{
    struct mg_buf buf;
    mg_buf_init(&buf, 8192);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, "name", name);
    mg_json_close(&out, '}');
    const char *text = buf.failed ? NULL : mg_arena_strdup(arena, buf.data);
    mg_buf_done(&buf);
    return text;
}

/* ---- organisations ---- */

struct org_change {
    const struct mg_ctx *ctx;
    const struct mg_wire_organisation_update *update;
    struct mg_wire_organisation org;
};

static int read_org(struct mg_db *db, void *user, struct mg_error *error)
{
    struct org_change *c = user;
    return record_org(db, c->ctx->arena, c->ctx->caller.org_id, &c->org, error);
}

int mg_org_get(const struct mg_ctx *ctx, struct mg_wire_organisation *ret_org, struct mg_error *error)
{
    struct org_change c = {.ctx = ctx};
    int rc = mg_store_read(ctx->store, read_org, &c, error);
    if (rc == 0)
        *ret_org = c.org;
    return rc;
}

static int fail_changed(struct mg_error *error)
{
    return mg_fail(error, MG_E_CHANGED, "This was changed by somebody else since it was read.");
}

static int update_org(struct mg_db *db, void *user, struct mg_error *error)
{
    struct org_change *c = user;
    struct mg_arena *arena = c->ctx->arena;
    const char *id = c->ctx->caller.org_id;
    int64_t changes = 0;
    int rc = record_org(db, arena, id, &c->org, error);
    const char *before = rc == 0 ? org_json(arena, c->org.name) : NULL;
    if (rc == 0)
        rc = mg_sql_org_rename(db, id, c->update->version, c->update->name, &changes, error);
    if (rc == 0 && changes == 0)
        rc = fail_changed(error);
    if (rc == 0)
        rc = record_org(db, arena, id, &c->org, error);
    if (rc == 0)
        rc = mg_audit_add(db, c->ctx, "update", "org", id, before, org_json(arena, c->org.name), error);
    return rc;
}

int mg_org_update(const struct mg_ctx *ctx, const struct mg_wire_organisation_update *update,
                  struct mg_wire_organisation *ret_org, struct mg_error *error)
{
    struct org_change c = {.ctx = ctx, .update = update};
    int rc = mg_store_write(ctx->store, update_org, &c, error);
    if (rc == 0)
        *ret_org = c.org;
    return rc;
}

int record_org_insert(struct mg_db *db, const struct mg_ctx *ctx, const char *name, bool simulated,
                      char ret_id[27], struct mg_error *error)
{
    struct mg_ctx as_org = *ctx; /* the entry belongs to the new organisation */
    int64_t now = mg_now(&ctx->clock);
    mg_ulid_new(now, as_org.caller.org_id);
    int rc = mg_sql_org_insert(db, as_org.caller.org_id, name, simulated, now, NULL, error);
    if (rc == 0)
        rc = mg_audit_add(db, &as_org, "create", "org", as_org.caller.org_id, NULL,
                          org_json(ctx->arena, name), error);
    if (rc == 0)
        memcpy(ret_id, as_org.caller.org_id, sizeof as_org.caller.org_id);
    return rc;
}

struct org_making {
    const struct mg_ctx *ctx;
    const char *name;
    bool simulated;
    char id[27];
};

static int insert_org(struct mg_db *db, void *user, struct mg_error *error)
{
    struct org_making *m = user;
    return record_org_insert(db, m->ctx, m->name, m->simulated, m->id, error);
}

int mg_org_create(const struct mg_ctx *ctx, const char *name, bool simulated, char ret_id[27],
                  struct mg_error *error)
{
    struct org_making m = {.ctx = ctx, .name = name, .simulated = simulated};
    if (!*name || mg_utf8_length(name) > 200)
        return mg_fail(error, MG_E_INVALID, "A name must have 1 to 200 characters.");
    int rc = mg_store_write(ctx->store, insert_org, &m, error);
    if (rc == 0)
        memcpy(ret_id, m.id, sizeof m.id);
    return rc;
}

struct org_listing {
    struct mg_arena *arena;
    struct mg_sql_org_list_row *rows;
    size_t n;
};

static int read_orgs(struct mg_db *db, void *user, struct mg_error *error)
{
    struct org_listing *l = user;
    return mg_sql_org_list(db, l->arena, &l->rows, &l->n, error);
}

int mg_org_list(const struct mg_ctx *ctx, struct mg_org_summary **ret_orgs, size_t *ret_n,
                struct mg_error *error)
{
    struct org_listing l = {.arena = ctx->arena};
    int rc = mg_store_read(ctx->store, read_orgs, &l, error);
    if (rc)
        return rc;
    struct mg_org_summary *orgs = mg_arena_array(ctx->arena, l.n, sizeof *orgs);
    if (!orgs)
        return mg_fail_memory(error);
    for (size_t i = 0; i < l.n; i++)
        orgs[i] =
            (struct mg_org_summary){.org = {.id = l.rows[i].id,
                                            .name = l.rows[i].name,
                                            .simulated = l.rows[i].simulated != 0,
                                            .created_at = mg_wire_time(ctx->arena, &l.rows[i].created_at),
                                            .version = l.rows[i].version},
                                    .users = l.rows[i].users};
    *ret_orgs = orgs;
    *ret_n = l.n;
    return 0;
}

/* ---- users ---- */

struct user_listing {
    const struct mg_ctx *ctx;
    struct mg_sql_user_row *rows;
    size_t n;
};

static int read_users(struct mg_db *db, void *user, struct mg_error *error)
{
    struct user_listing *l = user;
    return mg_sql_user_list(db, l->ctx->arena, l->ctx->caller.org_id, &l->rows, &l->n, error);
}

int mg_user_list(const struct mg_ctx *ctx, struct mg_wire_user_list *ret_list, struct mg_error *error)
{
    struct user_listing l = {.ctx = ctx};
    int rc = mg_store_read(ctx->store, read_users, &l, error);
    if (rc)
        return rc;
    struct mg_wire_user *users = mg_arena_array(ctx->arena, l.n, sizeof *users);
    if (!users)
        return mg_fail_memory(error);
    for (size_t i = 0; i < l.n; i++)
        user_to_wire(ctx->arena, &l.rows[i], &users[i]);
    *ret_list = (struct mg_wire_user_list){.users = users, .n_users = l.n};
    return 0;
}

struct user_change {
    const struct mg_ctx *ctx;
    const char *id;
    const struct mg_wire_user_update *update;
    const char *password_hash; /* NULL: stays */
    struct mg_wire_user user;
};

static int read_user(struct mg_db *db, void *user, struct mg_error *error)
{
    struct user_change *c = user;
    return record_user(db, c->ctx->arena, c->ctx->caller.org_id, c->id, &c->user, error);
}

int mg_user_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_user *ret_user,
                struct mg_error *error)
{
    struct user_change c = {.ctx = ctx, .id = id};
    int rc = mg_store_read(ctx->store, read_user, &c, error);
    if (rc == 0)
        *ret_user = c.user;
    return rc;
}

int record_user_insert(struct mg_db *db, const struct mg_ctx *ctx, const struct new_user *add,
                       struct mg_wire_user *ret_user, struct mg_error *error)
{
    char id[MG_ULID_SIZE];
    int64_t now = mg_now(&ctx->clock);
    mg_ulid_new(now, id);
    int rc =
        mg_sql_user_insert(db,
                           &(struct mg_sql_user_insert_params){.id = id,
                                                               .org_id = ctx->caller.org_id,
                                                               .email = add->email,
                                                               .name = add->name,
                                                               .role = mg_wire_role_text(add->role),
                                                               .lang = mg_wire_language_text(add->language),
                                                               .password_hash = add->password_hash,
                                                               .now = now},
                           NULL, error);
    if (rc == MG_E_CONFLICT) {
        rc = mg_fail(error, MG_E_TAKEN, "There is a user with this e-mail address already.");
        mg_fail_at(error, "/email");
    }
    if (rc == 0)
        rc = record_user(db, ctx->arena, ctx->caller.org_id, id, ret_user, error);
    if (rc == 0)
        rc = mg_audit_add(db, ctx, "create", "user", id, NULL, record_user_json(ctx->arena, ret_user), error);
    return rc;
}

struct user_making {
    const struct mg_ctx *ctx;
    struct new_user add;
    struct mg_wire_user user;
};

static int insert_user(struct mg_db *db, void *user, struct mg_error *error)
{
    struct user_making *m = user;
    return record_user_insert(db, m->ctx, &m->add, &m->user, error);
}

int mg_user_create(const struct mg_ctx *ctx, const struct mg_wire_user_create *create,
                   struct mg_wire_user *ret_user, struct mg_error *error)
{
    char email[RECORD_EMAIL_SIZE], hash[MG_PASSWORD_HASH_SIZE];
    struct user_making m = {
        .ctx = ctx,
        .add = {.email = email,
                .name = create->name,
                .password_hash = hash,
                .role = create->role,
                .language = create->has_language ? create->language : MG_WIRE_LANGUAGE_ZH_CN},
    };
    struct mg_wire_organisation org;
    int rc = record_email(create->email, email, error);
    if (rc == 0)
        rc = mg_org_get(ctx, &org, error);
    const struct mg_password_owner owner = {email, create->name, rc == 0 ? org.name : NULL};
    if (rc == 0)
        rc = mg_password_check(create->password, &owner, error);
    if (rc == 0)
        rc = mg_password_hash(create->password, hash, error);
    if (rc == 0)
        rc = mg_store_write(ctx->store, insert_user, &m, error);
    if (rc == 0)
        *ret_user = m.user;
    return rc;
}

static int fail_last_owner(struct mg_error *error)
{
    mg_fail(error, MG_E_CONFLICT, "This is the last owner who can sign in; an organisation needs one.");
    mg_fail_hint(error, "Make somebody else an owner first.");
    return MG_E_CONFLICT;
}

static int write_user(struct mg_db *db, const struct user_change *c, struct mg_error *error)
{
    const char *org_id = c->ctx->caller.org_id;
    int64_t now = mg_now(&c->ctx->clock), changes = 0;
    int rc = mg_sql_user_update(
        db,
        &(struct mg_sql_user_update_params){.org_id = org_id,
                                            .id = c->id,
                                            .version = c->update->version,
                                            .name = c->update->name,
                                            .role = mg_wire_role_text(c->update->role),
                                            .disabled_at = c->update->disabled ? &now : NULL},
        &changes, error);
    if (rc == 0 && changes == 0) /* one of two reasons */
        rc = c->user.version == c->update->version ? fail_last_owner(error) : fail_changed(error);
    if (rc == 0 && c->password_hash)
        rc = mg_sql_user_set_password(db, org_id, c->id, c->password_hash, NULL, error);
    return rc;
}

static int update_user(struct mg_db *db, void *user, struct mg_error *error)
{
    struct user_change *c = user;
    struct mg_arena *arena = c->ctx->arena;
    const char *org_id = c->ctx->caller.org_id;
    int rc = record_user(db, arena, org_id, c->id, &c->user, error);
    if (rc)
        return rc;
    const char *before = record_user_json(arena, &c->user);
    bool ends_sessions = c->update->disabled || c->password_hash || c->update->role != c->user.role;
    rc = write_user(db, c, error);
    if (rc == 0 && ends_sessions)
        rc = mg_sql_session_delete_of_user(db, c->id, c->ctx->caller.session_id, NULL, error);
    if (rc == 0)
        rc = record_user(db, arena, org_id, c->id, &c->user, error);
    if (rc == 0)
        rc = mg_audit_add(db, c->ctx, c->password_hash ? "update_password" : "update", "user", c->id, before,
                          record_user_json(arena, &c->user), error);
    return rc;
}

/* Checks and hashes the new password of a user that is there already. */
static int hash_for(const struct mg_ctx *ctx, const char *id, const struct mg_wire_user_update *update,
                    char ret_hash[MG_PASSWORD_HASH_SIZE], struct mg_error *error)
{
    struct mg_wire_user user;
    struct mg_wire_organisation org;
    int rc = mg_user_get(ctx, id, &user, error);
    if (rc == 0)
        rc = mg_org_get(ctx, &org, error);
    if (rc)
        return rc;
    const struct mg_password_owner owner = {user.email, update->name, org.name};
    rc = mg_password_check(update->password, &owner, error);
    return rc ? rc : mg_password_hash(update->password, ret_hash, error);
}

int mg_user_update(const struct mg_ctx *ctx, const char *id, const struct mg_wire_user_update *update,
                   struct mg_wire_user *ret_user, struct mg_error *error)
{
    char hash[MG_PASSWORD_HASH_SIZE];
    struct user_change c = {.ctx = ctx, .id = id, .update = update};
    int rc = 0;
    if (update->password) {
        rc = hash_for(ctx, id, update, hash, error);
        c.password_hash = hash;
    }
    if (rc == 0)
        rc = mg_store_write(ctx->store, update_user, &c, error);
    if (rc == 0)
        *ret_user = c.user;
    return rc;
}

static int delete_user(struct mg_db *db, void *user, struct mg_error *error)
{
    struct user_change *c = user;
    const char *org_id = c->ctx->caller.org_id;
    int64_t changes = 0;
    int rc = record_user(db, c->ctx->arena, org_id, c->id, &c->user, error);
    if (rc == 0)
        rc = record_keys_revoke(db, c->ctx, c->id, error);
    if (rc == 0) /* before the row goes: the actor may be the same */
        rc = mg_audit_add(db, c->ctx, "delete", "user", c->id, record_user_json(c->ctx->arena, &c->user),
                          NULL, error);
    if (rc == 0)
        rc = mg_sql_user_delete(db, org_id, c->id, &changes, error);
    return rc == 0 && changes == 0 ? fail_last_owner(error) : rc;
}

int mg_user_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct user_change c = {.ctx = ctx, .id = id};
    return mg_store_write(ctx->store, delete_user, &c, error);
}

/* ---- by address ---- */

struct finding {
    struct mg_arena *arena;
    const char *email;
    struct mg_sql_user_login_row row;
};

static int find_user(struct mg_db *db, void *user, struct mg_error *error)
{
    struct finding *f = user;
    return mg_sql_user_login(db, f->arena, f->email, &f->row, error);
}

int mg_user_find(const struct mg_ctx *ctx, const char *email, char ret_org_id[27], char ret_id[27],
                 struct mg_error *error)
{
    char normal[RECORD_EMAIL_SIZE];
    struct finding f = {.arena = ctx->arena, .email = normal};
    int rc = record_email(email, normal, error);
    if (rc == 0)
        rc = mg_store_read(ctx->store, find_user, &f, error);
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, MG_E_NOT_FOUND, "There is no user with the address %s.", email);
    if (rc)
        return rc;
    snprintf(ret_org_id, 27, "%s", f.row.org_id);
    snprintf(ret_id, 27, "%s", f.row.id);
    return 0;
}
