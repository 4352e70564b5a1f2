/* Entries are written inside the change's own transaction; the actor's name is looked up there and kept,
 * since the trail outlives users and keys. */
#include "service/admin/audit.h"

#include "base/ulid.h"
#include "store/queries.gen.h"
#include "store/store.h"

static const char *id_or_null(const char *id)
{
    return *id ? id : NULL;
}

int mg_audit_add(struct mg_db *db, const struct mg_ctx *ctx, const char *action, const char *entity,
                 const char *entity_id, const char *before, const char *after, struct mg_error *error)
{
    char id[MG_ULID_SIZE];
    int64_t now = mg_now(&ctx->clock);
    mg_ulid_new(now, id);
    return mg_sql_audit_insert(db,
                               &(struct mg_sql_audit_insert_params){
                                   .id = id,
                                   .org_id = ctx->caller.org_id,
                                   .now = now,
                                   .user_id = id_or_null(ctx->caller.user_id),
                                   .api_key_id = id_or_null(ctx->caller.api_key_id),
                                   .action = action,
                                   .entity = entity,
                                   .entity_id = entity_id,
                                   .before = before,
                                   .after = after,
                               },
                               NULL, error);
}

const char *mg_wire_time(struct mg_arena *arena, const int64_t *us)
{
    char text[32];
    if (!us)
        return NULL;
    mg_time_format(*us, text);
    return mg_arena_strdup(arena, text);
}

struct listing {
    const struct mg_ctx *ctx;
    const char *before;
    int64_t limit;
    struct mg_sql_audit_list_row *rows;
    size_t n;
};

static int read_entries(struct mg_db *db, void *user, struct mg_error *error)
{
    struct listing *l = user;
    return mg_sql_audit_list(db, l->ctx->arena, l->ctx->caller.org_id, l->before, l->limit, &l->rows, &l->n,
                             error);
}

/* Its label, else its name or code in both languages; NULL: it has none, or is gone. */
static int name_of(struct mg_arena *arena, const struct mg_sql_audit_list_row *row,
                   const struct mg_wire_text **ret_name, struct mg_error *error)
{
    bool labelled = row->name_en || row->name_zh;
    if (!labelled && !row->name)
        return 0;
    struct mg_wire_text *name = mg_arena_array(arena, 1, sizeof *name);
    if (!name)
        return mg_fail_memory(error);
    *name = (struct mg_wire_text){.en = labelled ? row->name_en : row->name,
                                  .zh_cn = labelled ? row->name_zh : row->name};
    *ret_name = name;
    return 0;
}

int mg_audit_list(const struct mg_ctx *ctx, const char *before, int64_t limit,
                  struct mg_wire_audit_list *ret_list, struct mg_error *error)
{
    struct listing l = {.ctx = ctx, .before = before, .limit = limit};
    int rc = mg_store_read(ctx->store, read_entries, &l, error);
    if (rc)
        return rc;
    struct mg_wire_audit_entry *entries = mg_arena_array(ctx->arena, l.n, sizeof *entries);
    if (!entries)
        return mg_fail_memory(error);
    for (size_t i = 0; rc == 0 && i < l.n; i++) {
        entries[i] = (struct mg_wire_audit_entry){
            .id = l.rows[i].id,
            .at = mg_wire_time(ctx->arena, &l.rows[i].at),
            .actor = l.rows[i].actor,
            .action = l.rows[i].action,
            .entity = l.rows[i].entity,
            .entity_id = l.rows[i].entity_id,
            .before = l.rows[i].before,
            .after = l.rows[i].after,
        };
        rc = name_of(ctx->arena, &l.rows[i], &entries[i].name, error);
    }
    if (rc)
        return rc;
    *ret_list = (struct mg_wire_audit_list){.entries = entries, .n_entries = l.n};
    return 0;
}
