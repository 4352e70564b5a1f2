/* See resource.h. */
#include "service/record/resource.h"

#include "base/ulid.h"
#include "service/admin/audit.h"
#include "store/store.h"

#define MENTION_MAX 8192

/* ---- Reading ---- */

struct listing {
    void *rows;
    size_t n;
};

static int read_rows(const struct mg_ctx *ctx, const struct mg_resource *resource, struct listing *ret,
                     struct mg_error *error)
{
    struct mg_db *db;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = resource->list(db, ctx, &ret->rows, &ret->n, error);
    mg_store_read_end(ctx->store, db);
    return rc;
}

int mg_resource_list(const struct mg_ctx *ctx, const struct mg_resource *resource, void **ret_items,
                     size_t *ret_n, struct mg_error *error)
{
    struct listing found = {0};
    int rc = read_rows(ctx, resource, &found, error);
    char *items = rc ? NULL : mg_arena_array(ctx->arena, found.n, resource->wire_size);
    if (!rc && !items)
        rc = mg_fail_memory(error);
    for (size_t i = 0; i < found.n && !rc; i++)
        resource->to_wire(ctx, (const char *)found.rows + i * resource->row_size,
                          items + i * resource->wire_size);
    if (rc)
        return rc;
    *ret_items = items;
    *ret_n = found.n;
    return 0;
}

static int get_row(struct mg_db *db, const struct mg_ctx *ctx, const struct mg_resource *resource,
                   const char *id, void *ret_row, struct mg_error *error)
{
    int rc = resource->get(db, ctx, id, ret_row, error);
    return rc == MG_E_NOT_FOUND ? mg_fail_text(error, MG_E_NOT_FOUND, resource->unknown) : rc;
}

int mg_resource_get(const struct mg_ctx *ctx, const struct mg_resource *resource, const char *id,
                    void *ret_wire, struct mg_error *error)
{
    struct mg_db *db;
    void *row = mg_arena_alloc(ctx->arena, resource->row_size);
    int rc = row ? mg_store_read_begin(ctx->store, &db, error) : mg_fail_memory(error);
    if (rc)
        return rc;
    rc = get_row(db, ctx, resource, id, row, error);
    mg_store_read_end(ctx->store, db);
    if (!rc)
        resource->to_wire(ctx, row, ret_wire);
    return rc;
}

/* ---- Changing ---- */

/* One change on its way to the writer. */
struct change {
    const struct mg_ctx *ctx;
    const struct mg_resource *resource;
    const char *id;
    const void *edit; /* NULL: remove */
    bool create;
    void *row; /* before the change; afterwards as it is now, but for a removal */
};

/* {"code": …} or {"name": …}. */
static const char *mention(const struct change *change, const char *name)
{
    struct mg_buf buf;
    if (!name)
        return NULL;
    mg_buf_init(&buf, MENTION_MAX);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, change->resource->key, name);
    mg_json_close(&out, '}');
    const char *copy = buf.failed ? NULL : mg_arena_strndup(change->ctx->arena, buf.data, buf.len);
    mg_buf_done(&buf);
    return copy;
}

static int note(struct mg_db *db, const struct change *change, const char *before, struct mg_error *error)
{
    const char *action = change->create ? "create" : change->edit ? "update" : "delete";
    const char *after = change->edit ? change->resource->name_of_edit(change->edit) : NULL;
    return mg_audit_add(db, change->ctx, action, change->resource->entity, change->id,
                        mention(change, before), mention(change, after), error);
}

static int get(struct mg_db *db, const struct change *change, struct mg_error *error)
{
    return get_row(db, change->ctx, change->resource, change->id, change->row, error);
}

static int save(struct mg_db *db, const struct change *change, struct mg_error *error)
{
    const struct mg_resource *resource = change->resource;
    int64_t changes = 1;
    int rc = change->create ? resource->insert(db, change->ctx, change->id, change->edit, error)
                            : resource->update(db, change->ctx, change->id, change->edit, &changes, error);
    if (rc == MG_E_CONFLICT) {
        mg_fail(error, MG_E_TAKEN, "The code %s is taken.", resource->name_of_edit(change->edit));
        mg_fail_at(error, "/%s", resource->key);
        return MG_E_TAKEN;
    }
    if (!rc && changes == 0)
        return mg_fail(error, MG_E_CHANGED, "This was changed by somebody else since it was read.");
    return rc;
}

/* A store function; it may run again from its start. */
static int apply(struct mg_db *db, void *user, struct mg_error *error)
{
    struct change *change = user;
    const struct mg_resource *resource = change->resource;
    int rc = change->create ? 0 : get(db, change, error);
    const char *before = rc || change->create ? NULL : resource->name_of_row(change->row);
    if (!rc)
        rc = change->edit ? save(db, change, error) : resource->remove(db, change->ctx, change->id, error);
    if (!rc)
        rc = note(db, change, before, error);
    return rc || !change->edit ? rc : get(db, change, error);
}

static int run(struct change *change, void *ret_wire, struct mg_error *error)
{
    const struct mg_ctx *ctx = change->ctx;
    change->row = mg_arena_alloc(ctx->arena, change->resource->row_size);
    int rc = change->row ? mg_store_write(ctx->store, apply, change, error) : mg_fail_memory(error);
    if (!rc && ret_wire)
        change->resource->to_wire(ctx, change->row, ret_wire);
    return rc;
}

int mg_resource_create(const struct mg_ctx *ctx, const struct mg_resource *resource, const void *edit,
                       void *ret_wire, struct mg_error *error)
{
    char *id = mg_arena_alloc(ctx->arena, MG_ULID_SIZE);
    if (!id)
        return mg_fail_memory(error);
    mg_ulid_new(mg_now(&ctx->clock), id);
    struct change change = {.ctx = ctx, .resource = resource, .id = id, .edit = edit, .create = true};
    return run(&change, ret_wire, error);
}

int mg_resource_update(const struct mg_ctx *ctx, const struct mg_resource *resource, const char *id,
                       const void *edit, bool has_version, void *ret_wire, struct mg_error *error)
{
    struct change change = {.ctx = ctx, .resource = resource, .id = id, .edit = edit};
    if (has_version)
        return run(&change, ret_wire, error);
    mg_fail(error, MG_E_INVALID, "The version that was read is needed to change this.");
    mg_fail_at(error, "/version");
    return MG_E_INVALID;
}

int mg_resource_delete(const struct mg_ctx *ctx, const struct mg_resource *resource, const char *id,
                       struct mg_error *error)
{
    struct change change = {.ctx = ctx, .resource = resource, .id = id};
    return run(&change, NULL, error);
}
