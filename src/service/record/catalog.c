/* Dimensions, touchpoints, saved views; see catalog.h. Three lists of the same kind: read, and write
 * with the audit entry in the same transaction. */
#include "service/record/catalog.h"

#include <string.h>

#include "base/str.h"
#include "base/ulid.h"
#include "service/admin/audit.h"
#include "store/queries.gen.h"
#include "store/store.h"

static int no_memory(struct mg_error *error)
{
    return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

/* The result of a write: what 0 changed rows and a doubled key mean. */
static int code_taken(int status, const char *code, struct mg_error *error)
{
    return status == MG_E_CONFLICT ? mg_fail(error, MG_E_CONFLICT, "The code %s is taken.", code) : status;
}

static int need_version(bool has_version, struct mg_error *error)
{
    if (has_version)
        return 0;
    mg_fail(error, MG_E_INVALID, "The version that was read is needed to change this.");
    mg_fail_at(error, "/version");
    return MG_E_INVALID;
}

static int stale(int status, int64_t changes, struct mg_error *error)
{
    if (!status && changes == 0)
        return mg_fail(error, MG_E_CONFLICT, "This was changed by somebody else since it was read.");
    return status;
}

/* {"code": …} or {"name": …}, for the audit. */
static const char *mention(struct mg_arena *arena, const char *key, const char *text)
{
    struct mg_buf buf;
    mg_buf_init(&buf, 8192);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, key, text);
    mg_json_close(&out, '}');
    const char *copy = buf.failed ? NULL : mg_arena_strndup(arena, buf.data, buf.len);
    mg_buf_done(&buf);
    return copy;
}

/* One change on its way to the writer. `edit` is the wire struct of the list in question; NULL: remove. */
struct change {
    const struct mg_ctx *ctx;
    const void *edit;
    const char *id;
    bool create;
};

static int run(const struct mg_ctx *ctx, mg_store_fn *fn, struct change *change, struct mg_error *error)
{
    change->ctx = ctx;
    if (change->create) {
        char *id = mg_arena_alloc(ctx->arena, MG_ULID_SIZE);
        if (!id)
            return no_memory(error);
        mg_ulid_new(mg_now(&ctx->clock), id);
        change->id = id;
    }
    return mg_store_write(ctx->store, fn, change, error);
}

static int note(struct mg_db *db, const struct change *change, const char *entity, const char *key,
                const char *before, const char *after, struct mg_error *error)
{
    const struct mg_ctx *ctx = change->ctx;
    const char *action = change->create ? "create" : change->edit ? "update" : "delete";
    return mg_audit_add(db, ctx, action, entity, change->id, before ? mention(ctx->arena, key, before) : NULL,
                        after ? mention(ctx->arena, key, after) : NULL, error);
}

/* --- dimensions --- */

static const char *const frameworks[] = {[MG_WIRE_FRAMEWORK_SERVQUAL] = "servqual",
                                         [MG_WIRE_FRAMEWORK_COMPONENT] = "component",
                                         [MG_WIRE_FRAMEWORK_LEVEL] = "level",
                                         [MG_WIRE_FRAMEWORK_KIND] = "kind",
                                         [MG_WIRE_FRAMEWORK_OWN] = "own"};

static size_t find_text(const char *const *texts, size_t n, const char *text)
{
    size_t i = 0;
    while (i + 1 < n && strcmp(texts[i], text) != 0)
        i++;
    return i;
}

static struct mg_wire_dimension dimension_to_wire(const struct mg_sql_dimension_row *row)
{
    return (struct mg_wire_dimension){
        .id = row->id,
        .framework = (enum mg_wire_framework)find_text(frameworks, ARRAY_LEN(frameworks), row->framework),
        .code = row->code,
        .label = {row->label_en, row->label_zh},
        .version = row->version,
    };
}

int mg_record_dimension_list(const struct mg_ctx *ctx, struct mg_wire_dimension_list *ret,
                             struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_dimension_row *rows = NULL;
    size_t n = 0;
    int status = mg_store_read_begin(ctx->store, &db, error);
    if (status)
        return status;
    status = mg_sql_dimension_list(db, ctx->arena, ctx->caller.org_id, &rows, &n, error);
    mg_store_read_end(ctx->store, db);
    struct mg_wire_dimension *list = status ? NULL : mg_arena_array(ctx->arena, n, sizeof *list);
    if (!status && !list)
        status = no_memory(error);
    for (size_t i = 0; i < n && !status; i++)
        list[i] = dimension_to_wire(&rows[i]);
    if (!status)
        *ret = (struct mg_wire_dimension_list){list, n};
    return status;
}

static int get_dimension(const struct mg_ctx *ctx, const char *id, struct mg_wire_dimension *ret,
                         struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_dimension_row row;
    int status = mg_store_read_begin(ctx->store, &db, error);
    if (status)
        return status;
    status = mg_sql_dimension_get(db, ctx->arena, ctx->caller.org_id, id, &row, error);
    mg_store_read_end(ctx->store, db);
    if (!status)
        *ret = dimension_to_wire(&row);
    return status;
}

static int change_dimension(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct change *change = user;
    const struct mg_ctx *ctx = change->ctx;
    const struct mg_wire_dimension_edit *edit = change->edit;
    const char *org = ctx->caller.org_id;
    struct mg_sql_dimension_row before = {0};
    int64_t changes = 0;
    int status = change->create ? 0 : mg_sql_dimension_get(db, ctx->arena, org, change->id, &before, error);
    if (status)
        return status == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such dimension.")
                                        : status;
    if (!edit) {
        status = mg_sql_dimension_delete(db, org, change->id, NULL, error);
        return status ? status : note(db, change, "dimension", "code", before.code, NULL, error);
    }
    const char *framework = frameworks[edit->framework];
    if (change->create) {
        struct mg_sql_dimension_insert_params params = {
            change->id, org, framework, edit->code, edit->label.en, edit->label.zh_cn};
        status = code_taken(mg_sql_dimension_insert(db, &params, NULL, error), edit->code, error);
    } else {
        struct mg_sql_dimension_update_params params = {
            org, change->id, edit->version, framework, edit->code, edit->label.en, edit->label.zh_cn};
        status = code_taken(mg_sql_dimension_update(db, &params, &changes, error), edit->code, error);
        status = stale(status, changes, error);
    }
    return status ? status : note(db, change, "dimension", "code", before.code, edit->code, error);
}

int mg_record_dimension_create(const struct mg_ctx *ctx, const struct mg_wire_dimension_edit *edit,
                               struct mg_wire_dimension *ret, struct mg_error *error)
{
    struct change change = {.edit = edit, .create = true};
    int status = run(ctx, change_dimension, &change, error);
    return status ? status : get_dimension(ctx, change.id, ret, error);
}

int mg_record_dimension_update(const struct mg_ctx *ctx, const char *id,
                               const struct mg_wire_dimension_edit *edit, struct mg_wire_dimension *ret,
                               struct mg_error *error)
{
    struct change change = {.edit = edit, .id = id};
    int status = need_version(edit->has_version, error);
    if (!status)
        status = run(ctx, change_dimension, &change, error);
    return status ? status : get_dimension(ctx, id, ret, error);
}

int mg_record_dimension_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct change change = {.id = id};
    return run(ctx, change_dimension, &change, error);
}

/* --- touchpoints --- */

static const char *const stages[] = {
    [MG_WIRE_STAGE_BEFORE] = "before", [MG_WIRE_STAGE_DURING] = "during", [MG_WIRE_STAGE_AFTER] = "after"};

static struct mg_wire_touchpoint touchpoint_to_wire(const struct mg_sql_touchpoint_row *row)
{
    return (struct mg_wire_touchpoint){
        .id = row->id,
        .code = row->code,
        .label = {row->label_en, row->label_zh},
        .stage = (enum mg_wire_stage)find_text(stages, ARRAY_LEN(stages), row->stage),
        .version = row->version,
    };
}

int mg_record_touchpoint_list(const struct mg_ctx *ctx, struct mg_wire_touchpoint_list *ret,
                              struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_touchpoint_row *rows = NULL;
    size_t n = 0;
    int status = mg_store_read_begin(ctx->store, &db, error);
    if (status)
        return status;
    status = mg_sql_touchpoint_list(db, ctx->arena, ctx->caller.org_id, &rows, &n, error);
    mg_store_read_end(ctx->store, db);
    struct mg_wire_touchpoint *list = status ? NULL : mg_arena_array(ctx->arena, n, sizeof *list);
    if (!status && !list)
        status = no_memory(error);
    for (size_t i = 0; i < n && !status; i++)
        list[i] = touchpoint_to_wire(&rows[i]);
    if (!status)
        *ret = (struct mg_wire_touchpoint_list){list, n};
    return status;
}

static int get_touchpoint(const struct mg_ctx *ctx, const char *id, struct mg_wire_touchpoint *ret,
                          struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_touchpoint_row row;
    int status = mg_store_read_begin(ctx->store, &db, error);
    if (status)
        return status;
    status = mg_sql_touchpoint_get(db, ctx->arena, ctx->caller.org_id, id, &row, error);
    mg_store_read_end(ctx->store, db);
    if (!status)
        *ret = touchpoint_to_wire(&row);
    return status;
}

static int change_touchpoint(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct change *change = user;
    const struct mg_ctx *ctx = change->ctx;
    const struct mg_wire_touchpoint_edit *edit = change->edit;
    const char *org = ctx->caller.org_id;
    struct mg_sql_touchpoint_row before = {0};
    int64_t changes = 0;
    int status = change->create ? 0 : mg_sql_touchpoint_get(db, ctx->arena, org, change->id, &before, error);
    if (status)
        return status == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such touchpoint.")
                                        : status;
    if (!edit) {
        status = mg_sql_touchpoint_delete(db, org, change->id, NULL, error);
        return status ? status : note(db, change, "touchpoint", "code", before.code, NULL, error);
    }
    const char *stage = stages[edit->stage];
    if (change->create) {
        struct mg_sql_touchpoint_insert_params params = {
            change->id, org, edit->code, stage, edit->label.en, edit->label.zh_cn};
        status = code_taken(mg_sql_touchpoint_insert(db, &params, NULL, error), edit->code, error);
    } else {
        struct mg_sql_touchpoint_update_params params = {org,   change->id,     edit->version,    edit->code,
                                                         stage, edit->label.en, edit->label.zh_cn};
        status = code_taken(mg_sql_touchpoint_update(db, &params, &changes, error), edit->code, error);
        status = stale(status, changes, error);
    }
    return status ? status : note(db, change, "touchpoint", "code", before.code, edit->code, error);
}

int mg_record_touchpoint_create(const struct mg_ctx *ctx, const struct mg_wire_touchpoint_edit *edit,
                                struct mg_wire_touchpoint *ret, struct mg_error *error)
{
    struct change change = {.edit = edit, .create = true};
    int status = run(ctx, change_touchpoint, &change, error);
    return status ? status : get_touchpoint(ctx, change.id, ret, error);
}

int mg_record_touchpoint_update(const struct mg_ctx *ctx, const char *id,
                                const struct mg_wire_touchpoint_edit *edit, struct mg_wire_touchpoint *ret,
                                struct mg_error *error)
{
    struct change change = {.edit = edit, .id = id};
    int status = need_version(edit->has_version, error);
    if (!status)
        status = run(ctx, change_touchpoint, &change, error);
    return status ? status : get_touchpoint(ctx, id, ret, error);
}

int mg_record_touchpoint_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct change change = {.id = id};
    return run(ctx, change_touchpoint, &change, error);
}

/* --- saved views: the document is the client's path as a JSON string --- */

static const char *quoted(struct mg_arena *arena, const char *text)
{
    struct mg_buf buf;
    mg_buf_init(&buf, 1 << 20);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_json_string(&out, text);
    const char *copy = buf.failed ? NULL : mg_arena_strndup(arena, buf.data, buf.len);
    mg_buf_done(&buf);
    return copy;
}

static const char *unquoted(struct mg_arena *arena, const char *json)
{
    json_t *value = mg_json_parse(json, strlen(json), (size_t)1 << 20, NULL);
    const char *text = mg_arena_strdup(arena, json_is_string(value) ? json_string_value(value) : "");
    json_decref(value);
    return text;
}

static struct mg_wire_view view_to_wire(const struct mg_ctx *ctx, const struct mg_sql_view_row *row)
{
    return (struct mg_wire_view){
        .id = row->id,
        .name = row->name,
        .path = unquoted(ctx->arena, row->document),
        .shared = row->shared != 0,
        .mine = strcmp(row->user_id, ctx->caller.user_id) == 0,
        .created_at = mg_wire_time(ctx->arena, &row->created_at),
        .version = row->version,
    };
}

int mg_record_view_list(const struct mg_ctx *ctx, struct mg_wire_view_list *ret, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_view_row *rows = NULL;
    size_t n = 0;
    int status = mg_store_read_begin(ctx->store, &db, error);
    if (status)
        return status;
    status = mg_sql_view_list(db, ctx->arena, ctx->caller.org_id, ctx->caller.user_id, &rows, &n, error);
    mg_store_read_end(ctx->store, db);
    struct mg_wire_view *list = status ? NULL : mg_arena_array(ctx->arena, n, sizeof *list);
    if (!status && !list)
        status = no_memory(error);
    for (size_t i = 0; i < n && !status; i++)
        list[i] = view_to_wire(ctx, &rows[i]);
    if (!status)
        *ret = (struct mg_wire_view_list){list, n};
    return status;
}

static int get_view(const struct mg_ctx *ctx, const char *id, struct mg_wire_view *ret,
                    struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_view_row row;
    int status = mg_store_read_begin(ctx->store, &db, error);
    if (status)
        return status;
    status = mg_sql_view_get(db, ctx->arena, ctx->caller.org_id, ctx->caller.user_id, id, &row, error);
    mg_store_read_end(ctx->store, db);
    if (!status)
        *ret = view_to_wire(ctx, &row);
    return status;
}

static int change_view(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct change *change = user;
    const struct mg_ctx *ctx = change->ctx;
    const struct mg_wire_view_edit *edit = change->edit;
    const char *org = ctx->caller.org_id, *owner = ctx->caller.user_id;
    struct mg_sql_view_row before = {0};
    int64_t changes = 0;
    int status = change->create ? 0 : mg_sql_view_get(db, ctx->arena, org, owner, change->id, &before, error);
    if (status)
        return status == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such view.") : status;
    if (!edit) {
        status = mg_sql_view_delete(db, org, owner, change->id, NULL, error);
        return status ? status : note(db, change, "saved_view", "name", before.name, NULL, error);
    }
    const char *document = quoted(ctx->arena, edit->path);
    if (!document)
        return no_memory(error);
    if (change->create) {
        struct mg_sql_view_insert_params params = {
            change->id, org, owner, edit->name, document, edit->shared, mg_now(&ctx->clock)};
        status = mg_sql_view_insert(db, &params, NULL, error);
    } else {
        struct mg_sql_view_update_params params = {org,        owner,    change->id,  edit->version,
                                                   edit->name, document, edit->shared};
        status = mg_sql_view_update(db, &params, &changes, error);
        status = stale(status, changes, error);
    }
    return status ? status : note(db, change, "saved_view", "name", before.name, edit->name, error);
}

int mg_record_view_create(const struct mg_ctx *ctx, const struct mg_wire_view_edit *edit,
                          struct mg_wire_view *ret, struct mg_error *error)
{
    struct change change = {.edit = edit, .create = true};
    int status = run(ctx, change_view, &change, error);
    return status ? status : get_view(ctx, change.id, ret, error);
}

int mg_record_view_update(const struct mg_ctx *ctx, const char *id, const struct mg_wire_view_edit *edit,
                          struct mg_wire_view *ret, struct mg_error *error)
{
    struct change change = {.edit = edit, .id = id};
    int status = need_version(edit->has_version, error);
    if (!status)
        status = run(ctx, change_view, &change, error);
    return status ? status : get_view(ctx, id, ret, error);
}

int mg_record_view_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct change change = {.id = id};
    return run(ctx, change_view, &change, error);
}
