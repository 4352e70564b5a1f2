/* A key is looked up by its hash, so a wrong one costs one index lookup and tells nothing. When it was used
 * is noted at most once a minute, without waiting for the disk. */
#include "service/admin/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/ulid.h"
#include "service/admin/audit.h"
#include "service/admin/caller.h"
#include "service/admin/record.h"
#include "service/admin/token.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define KEY_MARK "mgk_"
#define PREFIX_LETTERS 10
#define NOTE_EVERY_US ((int64_t)60 * 1000000)

unsigned mg_scope_bit(enum mg_wire_scope scope)
{
    static const unsigned bits[] = {
        [MG_WIRE_SCOPE_READ] = 1, [MG_WIRE_SCOPE_WRITE] = 2, [MG_WIRE_SCOPE_INTAKE] = 4};
    return bits[scope];
}

/* ---- who is calling ---- */

struct lookup {
    struct mg_arena *arena;
    uint8_t hash[MG_HASH_BYTES];
    int64_t now;
    struct mg_sql_key_by_hash_row row;
};

static int find_key(struct mg_db *db, void *user, struct mg_error *error)
{
    struct lookup *l = user;
    return mg_sql_key_by_hash(db, l->arena, (struct mg_blob){l->hash, sizeof l->hash}, l->now, &l->row,
                              error);
}

struct note {
    char id[MG_ULID_SIZE];
    int64_t now;
};

static int note_use(struct mg_db *db, void *user, struct mg_error *error)
{
    struct note *note = user;
    return mg_sql_key_used(db, note->id, note->now, NULL, error);
}

static void note_done(void *user, int rc, const struct mg_error *error)
{
    (void)rc; /* when a key was last used is worth no error */
    (void)error;
    free(user);
}

static void note_use_later(const struct mg_ctx *ctx, const char *id, int64_t now)
{
    struct note *note = calloc(1, sizeof *note);
    if (!note)
        return;
    snprintf(note->id, sizeof note->id, "%s", id);
    note->now = now;
    if (mg_store_write_async(ctx->store, note_use, note, note_done, NULL))
        free(note);
}

int mg_key_resolve(struct mg_ctx *ctx, const char *key, struct mg_error *error)
{
    struct lookup l = {.arena = ctx->arena, .now = mg_now(&ctx->clock)};
    int rc = MG_E_NOT_FOUND;
    if (mg_str_starts(key, KEY_MARK)) {
        mg_token_hash(key, l.hash);
        rc = mg_store_read(ctx->store, find_key, &l, error);
    }
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(
            error, MG_E_UNAUTHENTICATED,
            "This API key is not valid: it is unknown, revoked or expired, or who made it is disabled.");
    if (rc)
        return rc;
    struct mg_caller caller = {.scopes = (unsigned)l.row.scopes};
    caller.role = caller.scopes & mg_scope_bit(MG_WIRE_SCOPE_WRITE) ? MG_ROLE_ANALYST : MG_ROLE_VIEWER;
    snprintf(caller.org_id, sizeof caller.org_id, "%s", l.row.org_id);
    snprintf(caller.api_key_id, sizeof caller.api_key_id, "%s", l.row.id);
    mg_caller_set(ctx, &caller);
    if (!l.row.last_used_at || l.now - *l.row.last_used_at > NOTE_EVERY_US)
        note_use_later(ctx, l.row.id, l.now);
    return 0;
}

/* ---- keeping keys ---- */

static const enum mg_wire_scope *scopes_of(struct mg_arena *arena, int64_t bits, size_t *ret_n)
{
    static const enum mg_wire_scope all[] = {MG_WIRE_SCOPE_READ, MG_WIRE_SCOPE_WRITE, MG_WIRE_SCOPE_INTAKE};
    enum mg_wire_scope *scopes = mg_arena_array(arena, ARRAY_LEN(all), sizeof *scopes);
    *ret_n = 0;
    for (size_t i = 0; scopes && i < ARRAY_LEN(all); i++)
        if (bits & mg_scope_bit(all[i]))
            scopes[(*ret_n)++] = all[i];
    return scopes;
}

struct keys {
    const struct mg_ctx *ctx;
    struct mg_sql_key_list_row *rows;
    size_t n;
};

static int read_keys(struct mg_db *db, void *user, struct mg_error *error)
{
    struct keys *k = user;
    return mg_sql_key_list(db, k->ctx->arena, k->ctx->caller.org_id, &k->rows, &k->n, error);
}

int mg_key_list(const struct mg_ctx *ctx, struct mg_wire_api_key_list *ret_list, struct mg_error *error)
{
    struct keys k = {.ctx = ctx};
    int rc = mg_store_read(ctx->store, read_keys, &k, error);
    if (rc)
        return rc;
    struct mg_wire_api_key *keys = mg_arena_array(ctx->arena, k.n, sizeof *keys);
    if (!keys)
        return mg_fail_memory(error);
    for (size_t i = 0; i < k.n; i++) {
        keys[i] = (struct mg_wire_api_key){
            .id = k.rows[i].id,
            .name = k.rows[i].name,
            .prefix = k.rows[i].prefix,
            .made_by = *k.rows[i].made_by ? k.rows[i].made_by : NULL,
            .paused = k.rows[i].paused != 0,
            .has_paused = true,
            .created_at = mg_wire_time(ctx->arena, &k.rows[i].created_at),
            .expires_at = mg_wire_time(ctx->arena, k.rows[i].expires_at),
            .last_used_at = mg_wire_time(ctx->arena, k.rows[i].last_used_at),
        };
        keys[i].scopes = scopes_of(ctx->arena, k.rows[i].scopes, &keys[i].n_scopes);
    }
    *ret_list = (struct mg_wire_api_key_list){.keys = keys, .n_keys = k.n};
    return 0;
}

struct making {
    const struct mg_ctx *ctx;
    const char *name;
    char id[MG_ULID_SIZE], secret[sizeof KEY_MARK + MG_TOKEN_SIZE], prefix[PREFIX_LETTERS + 1];
    const char *made_by;
    int64_t scopes, now, expires_at;
    bool expires;
};

static int insert_key(struct mg_db *db, void *user, struct mg_error *error)
{
    struct making *m = user;
    uint8_t hash[MG_HASH_BYTES];
    mg_token_hash(m->secret, hash);
    const struct mg_caller *caller = &m->ctx->caller;
    int rc = mg_sql_key_insert(db,
                               &(struct mg_sql_key_insert_params){
                                   .id = m->id,
                                   .org_id = caller->org_id,
                                   .user_id = *caller->user_id ? caller->user_id : NULL,
                                   .name = m->name,
                                   .prefix = m->prefix,
                                   .key_hash = {hash, sizeof hash},
                                   .scopes = m->scopes,
                                   .now = m->now,
                                   .expires_at = m->expires ? &m->expires_at : NULL,
                               },
                               NULL, error);
    struct mg_sql_key_get_row row;
    if (rc == 0)
        rc = mg_sql_key_get(db, m->ctx->arena, caller->org_id, m->id, &row, error);
    if (rc)
        return rc;
    m->made_by = row.made_by;
    struct mg_buf after;
    mg_buf_init(&after, 4096);
    struct mg_json_writer out = mg_json_writer(&after);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, "name", m->name);
    mg_json_key_string(&out, "prefix", m->prefix);
    mg_json_key_int(&out, "scopes", m->scopes);
    mg_json_close(&out, '}');
    rc = mg_audit_add(db, m->ctx, "create", "api_key", m->id, NULL, after.data, error);
    mg_buf_done(&after);
    return rc;
}

static int read_expiry(struct making *m, const char *text, struct mg_error *error)
{
    m->expires = text;
    if (!text)
        return 0;
    int rc = mg_time_parse(text, &m->expires_at);
    if (rc == 0 && m->expires_at > m->now)
        return 0;
    rc = mg_fail(error, MG_E_INVALID, "The key must expire at a time in the future.");
    mg_fail_at(error, "/expires_at");
    return rc;
}

int mg_key_create(const struct mg_ctx *ctx, const struct mg_wire_api_key_create *create,
                  struct mg_wire_api_key *ret_key, struct mg_error *error)
{
    struct making m = {.ctx = ctx, .name = create->name, .now = mg_now(&ctx->clock)};
    for (size_t i = 0; i < create->n_scopes; i++)
        m.scopes |= mg_scope_bit(create->scopes[i]);
    int rc = read_expiry(&m, create->expires_at, error);
    if (rc)
        return rc;
    char token[MG_TOKEN_SIZE];
    mg_token_new(token);
    snprintf(m.secret, sizeof m.secret, "%s%s", KEY_MARK, token);
    snprintf(m.prefix, sizeof m.prefix, "%.*s", PREFIX_LETTERS, m.secret);
    mg_ulid_new(m.now, m.id);
    rc = mg_store_write(ctx->store, insert_key, &m, error);
    if (rc)
        return rc;
    *ret_key = (struct mg_wire_api_key){
        .id = mg_arena_strdup(ctx->arena, m.id),
        .name = create->name,
        .prefix = mg_arena_strdup(ctx->arena, m.prefix),
        .secret = mg_arena_strdup(ctx->arena, m.secret),
        .made_by = *m.made_by ? m.made_by : NULL,
        .created_at = mg_wire_time(ctx->arena, &m.now),
        .expires_at = mg_wire_time(ctx->arena, m.expires ? &m.expires_at : NULL),
    };
    ret_key->scopes = scopes_of(ctx->arena, m.scopes, &ret_key->n_scopes);
    return 0;
}

struct revoking {
    const struct mg_ctx *ctx;
    const char *id;
};

static int revoke_key(struct mg_db *db, void *user, struct mg_error *error)
{
    struct revoking *r = user;
    int64_t changes = 0;
    int rc = mg_sql_key_revoke(db, r->ctx->caller.org_id, r->id, mg_now(&r->ctx->clock), &changes, error);
    if (rc == 0 && changes == 0)
        rc = mg_fail(error, MG_E_NOT_FOUND, "There is no such API key.");
    if (rc == 0)
        rc = mg_audit_add(db, r->ctx, "revoke", "api_key", r->id, NULL, NULL, error);
    return rc;
}

int mg_key_revoke(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct revoking r = {.ctx = ctx, .id = id};
    return mg_store_write(ctx->store, revoke_key, &r, error);
}

int record_keys_revoke(struct mg_db *db, const struct mg_ctx *ctx, const char *user_id,
                       struct mg_error *error)
{
    const char *org_id = ctx->caller.org_id;
    struct mg_sql_key_of_user_row *keys;
    int64_t now = mg_now(&ctx->clock);
    size_t n;
    int rc;
    do { /* a page at a time: those revoked are no longer among them */
        keys = NULL;
        n = 0;
        rc = mg_sql_key_of_user(db, ctx->arena, org_id, user_id, &keys, &n, error);
        for (size_t i = 0; i < n && rc == 0; i++) {
            rc = mg_sql_key_revoke(db, org_id, keys[i].id, now, NULL, error);
            if (rc == 0)
                rc = mg_audit_add(db, ctx, "revoke", "api_key", keys[i].id, NULL, NULL, error);
        }
    } while (rc == 0 && n > 0);
    return rc;
}
