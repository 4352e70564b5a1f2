/* Dimensions, touchpoints, saved views; see catalog.h. Each is a row of resource.h, and the calls that name
 * it. */
#include "service/record/catalog.h"

#include <string.h>

#include "base/str.h"
#include "service/admin/audit.h"
#include "service/record/resource.h"
#include "store/queries.gen.h"

/* ---- Dimensions ---- */

static int list_dimensions(struct mg_db *db, const struct mg_ctx *ctx, void **ret_rows, size_t *ret_n,
                           struct mg_error *error)
{
    struct mg_sql_dimension_row *rows = NULL;
    int rc = mg_sql_dimension_list(db, ctx->arena, ctx->caller.org_id, &rows, ret_n, error);
    *ret_rows = rows;
    return rc;
}

static int get_dimension(struct mg_db *db, const struct mg_ctx *ctx, const char *id, void *ret_row,
                         struct mg_error *error)
{
    return mg_sql_dimension_get(db, ctx->arena, ctx->caller.org_id, id, ret_row, error);
}

static int insert_dimension(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                            struct mg_error *error)
{
    const struct mg_wire_dimension_edit *e = edit;
    const struct mg_sql_dimension_insert_params params = {
        .id = id,
        .org_id = ctx->caller.org_id,
        .framework = mg_wire_enum_framework.texts[e->framework],
        .code = e->code,
        .label_en = e->label.en,
        .label_zh = e->label.zh_cn,
    };
    return mg_sql_dimension_insert(db, &params, NULL, error);
}

static int update_dimension(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                            int64_t *ret_changes, struct mg_error *error)
{
    const struct mg_wire_dimension_edit *e = edit;
    const struct mg_sql_dimension_update_params params = {
        .org_id = ctx->caller.org_id,
        .id = id,
        .version = e->version,
        .framework = mg_wire_enum_framework.texts[e->framework],
        .code = e->code,
        .label_en = e->label.en,
        .label_zh = e->label.zh_cn,
    };
    return mg_sql_dimension_update(db, &params, ret_changes, error);
}

static int remove_dimension(struct mg_db *db, const struct mg_ctx *ctx, const char *id,
                            struct mg_error *error)
{
    return mg_sql_dimension_delete(db, ctx->caller.org_id, id, NULL, error);
}

static void dimension_to_wire(const struct mg_ctx *ctx, const void *row, void *ret_wire)
{
    const struct mg_sql_dimension_row *r = row;
    (void)ctx;
    *(struct mg_wire_dimension *)ret_wire = (struct mg_wire_dimension){
        .id = r->id,
        .framework = (enum mg_wire_framework)mg_wire_enum_find(&mg_wire_enum_framework, r->framework),
        .code = r->code,
        .label = {r->label_en, r->label_zh},
        .version = r->version,
    };
}

static const char *code_of_dimension(const void *row)
{
    return ((const struct mg_sql_dimension_row *)row)->code;
}

static const char *code_of_dimension_edit(const void *edit)
{
    return ((const struct mg_wire_dimension_edit *)edit)->code;
}

static const struct mg_resource dimensions = {
    .entity = "dimension",
    .unknown = MG_TEXT("There is no such dimension."),
    .row_size = sizeof(struct mg_sql_dimension_row),
    .wire_size = sizeof(struct mg_wire_dimension),
    .list = list_dimensions,
    .get = get_dimension,
    .insert = insert_dimension,
    .update = update_dimension,
    .remove = remove_dimension,
    .to_wire = dimension_to_wire,
    .key = "code",
    .name_of_row = code_of_dimension,
    .name_of_edit = code_of_dimension_edit,
};

int mg_record_dimension_list(const struct mg_ctx *ctx, struct mg_wire_dimension_list *ret,
                             struct mg_error *error)
{
    void *items;
    size_t n;
    int rc = mg_resource_list(ctx, &dimensions, &items, &n, error);
    if (!rc)
        *ret = (struct mg_wire_dimension_list){items, n};
    return rc;
}

int mg_record_dimension_create(const struct mg_ctx *ctx, const struct mg_wire_dimension_edit *edit,
                               struct mg_wire_dimension *ret, struct mg_error *error)
{
    return mg_resource_create(ctx, &dimensions, edit, ret, error);
}

int mg_record_dimension_update(const struct mg_ctx *ctx, const char *id,
                               const struct mg_wire_dimension_edit *edit, struct mg_wire_dimension *ret,
                               struct mg_error *error)
{
    return mg_resource_update(ctx, &dimensions, id, edit, edit->has_version, ret, error);
}

int mg_record_dimension_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    return mg_resource_delete(ctx, &dimensions, id, error);
}

/* ---- Touchpoints ---- */

static int list_touchpoints(struct mg_db *db, const struct mg_ctx *ctx, void **ret_rows, size_t *ret_n,
                            struct mg_error *error)
{
    struct mg_sql_touchpoint_row *rows = NULL;
    int rc = mg_sql_touchpoint_list(db, ctx->arena, ctx->caller.org_id, &rows, ret_n, error);
    *ret_rows = rows;
    return rc;
}

static int get_touchpoint(struct mg_db *db, const struct mg_ctx *ctx, const char *id, void *ret_row,
                          struct mg_error *error)
{
    return mg_sql_touchpoint_get(db, ctx->arena, ctx->caller.org_id, id, ret_row, error);
}

static int insert_touchpoint(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                             struct mg_error *error)
{
    const struct mg_wire_touchpoint_edit *e = edit;
    const struct mg_sql_touchpoint_insert_params params = {
        .id = id,
        .org_id = ctx->caller.org_id,
        .code = e->code,
        .stage = mg_wire_enum_stage.texts[e->stage],
        .label_en = e->label.en,
        .label_zh = e->label.zh_cn,
    };
    return mg_sql_touchpoint_insert(db, &params, NULL, error);
}

static int update_touchpoint(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                             int64_t *ret_changes, struct mg_error *error)
{
    const struct mg_wire_touchpoint_edit *e = edit;
    const struct mg_sql_touchpoint_update_params params = {
        .org_id = ctx->caller.org_id,
        .id = id,
        .version = e->version,
        .code = e->code,
        .stage = mg_wire_enum_stage.texts[e->stage],
        .label_en = e->label.en,
        .label_zh = e->label.zh_cn,
    };
    return mg_sql_touchpoint_update(db, &params, ret_changes, error);
}

static int remove_touchpoint(struct mg_db *db, const struct mg_ctx *ctx, const char *id,
                             struct mg_error *error)
{
    return mg_sql_touchpoint_delete(db, ctx->caller.org_id, id, NULL, error);
}

static void touchpoint_to_wire(const struct mg_ctx *ctx, const void *row, void *ret_wire)
{
    const struct mg_sql_touchpoint_row *r = row;
    (void)ctx;
    *(struct mg_wire_touchpoint *)ret_wire = (struct mg_wire_touchpoint){
        .id = r->id,
        .code = r->code,
        .label = {r->label_en, r->label_zh},
        .stage = (enum mg_wire_stage)mg_wire_enum_find(&mg_wire_enum_stage, r->stage),
        .version = r->version,
    };
}

static const char *code_of_touchpoint(const void *row)
{
    return ((const struct mg_sql_touchpoint_row *)row)->code;
}

static const char *code_of_touchpoint_edit(const void *edit)
{
    return ((const struct mg_wire_touchpoint_edit *)edit)->code;
}

static const struct mg_resource touchpoints = {
    .entity = "touchpoint",
    .unknown = MG_TEXT("There is no such touchpoint."),
    .row_size = sizeof(struct mg_sql_touchpoint_row),
    .wire_size = sizeof(struct mg_wire_touchpoint),
    .list = list_touchpoints,
    .get = get_touchpoint,
    .insert = insert_touchpoint,
    .update = update_touchpoint,
    .remove = remove_touchpoint,
    .to_wire = touchpoint_to_wire,
    .key = "code",
    .name_of_row = code_of_touchpoint,
    .name_of_edit = code_of_touchpoint_edit,
};

int mg_record_touchpoint_list(const struct mg_ctx *ctx, struct mg_wire_touchpoint_list *ret,
                              struct mg_error *error)
{
    void *items;
    size_t n;
    int rc = mg_resource_list(ctx, &touchpoints, &items, &n, error);
    if (!rc)
        *ret = (struct mg_wire_touchpoint_list){items, n};
    return rc;
}

int mg_record_touchpoint_create(const struct mg_ctx *ctx, const struct mg_wire_touchpoint_edit *edit,
                                struct mg_wire_touchpoint *ret, struct mg_error *error)
{
    return mg_resource_create(ctx, &touchpoints, edit, ret, error);
}

int mg_record_touchpoint_update(const struct mg_ctx *ctx, const char *id,
                                const struct mg_wire_touchpoint_edit *edit, struct mg_wire_touchpoint *ret,
                                struct mg_error *error)
{
    return mg_resource_update(ctx, &touchpoints, id, edit, edit->has_version, ret, error);
}

int mg_record_touchpoint_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    return mg_resource_delete(ctx, &touchpoints, id, error);
}

/* ---- Saved views: the document is the client's path as a JSON string ---- */

#define PATH_MAX_BYTES ((size_t)1 << 20)

static const char *quoted(struct mg_arena *arena, const char *text)
{
    struct mg_buf buf;
    mg_buf_init(&buf, PATH_MAX_BYTES);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_json_string(&out, text);
    const char *copy = buf.failed ? NULL : mg_arena_strndup(arena, buf.data, buf.len);
    mg_buf_done(&buf);
    return copy;
}

static const char *unquoted(struct mg_arena *arena, const char *json)
{
    json_t *value = mg_json_parse(json, strlen(json), PATH_MAX_BYTES, NULL);
    const char *text = mg_arena_strdup(arena, json_is_string(value) ? json_string_value(value) : "");
    json_decref(value);
    return text;
}

static int list_views(struct mg_db *db, const struct mg_ctx *ctx, void **ret_rows, size_t *ret_n,
                      struct mg_error *error)
{
    struct mg_sql_view_row *rows = NULL;
    int rc = mg_sql_view_list(db, ctx->arena, ctx->caller.org_id, ctx->caller.user_id, &rows, ret_n, error);
    *ret_rows = rows;
    return rc;
}

static int get_view(struct mg_db *db, const struct mg_ctx *ctx, const char *id, void *ret_row,
                    struct mg_error *error)
{
    return mg_sql_view_get(db, ctx->arena, ctx->caller.org_id, ctx->caller.user_id, id, ret_row, error);
}

static int insert_view(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                       struct mg_error *error)
{
    const struct mg_wire_view_edit *e = edit;
    const struct mg_sql_view_insert_params params = {
        .id = id,
        .org_id = ctx->caller.org_id,
        .user_id = ctx->caller.user_id,
        .name = e->name,
        .document = quoted(ctx->arena, e->path),
        .shared = e->shared,
        .now = mg_now(&ctx->clock),
    };
    return params.document ? mg_sql_view_insert(db, &params, NULL, error) : mg_fail_memory(error);
}

static int update_view(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                       int64_t *ret_changes, struct mg_error *error)
{
    const struct mg_wire_view_edit *e = edit;
    const struct mg_sql_view_update_params params = {
        .org_id = ctx->caller.org_id,
        .user_id = ctx->caller.user_id,
        .id = id,
        .version = e->version,
        .name = e->name,
        .document = quoted(ctx->arena, e->path),
        .shared = e->shared,
    };
    return params.document ? mg_sql_view_update(db, &params, ret_changes, error) : mg_fail_memory(error);
}

static int remove_view(struct mg_db *db, const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    return mg_sql_view_delete(db, ctx->caller.org_id, ctx->caller.user_id, id, NULL, error);
}

static void view_to_wire(const struct mg_ctx *ctx, const void *row, void *ret_wire)
{
    const struct mg_sql_view_row *r = row;
    *(struct mg_wire_view *)ret_wire = (struct mg_wire_view){
        .id = r->id,
        .name = r->name,
        .path = unquoted(ctx->arena, r->document),
        .shared = r->shared != 0,
        .mine = strcmp(r->user_id, ctx->caller.user_id) == 0,
        .created_at = mg_wire_time(ctx->arena, &r->created_at),
        .version = r->version,
    };
}

static const char *name_of_view(const void *row)
{
    return ((const struct mg_sql_view_row *)row)->name;
}

static const char *name_of_view_edit(const void *edit)
{
    return ((const struct mg_wire_view_edit *)edit)->name;
}

static const struct mg_resource views = {
    .entity = "saved_view",
    .unknown = MG_TEXT("There is no such view."),
    .row_size = sizeof(struct mg_sql_view_row),
    .wire_size = sizeof(struct mg_wire_view),
    .list = list_views,
    .get = get_view,
    .insert = insert_view,
    .update = update_view,
    .remove = remove_view,
    .to_wire = view_to_wire,
    .key = "name",
    .name_of_row = name_of_view,
    .name_of_edit = name_of_view_edit,
};

int mg_record_view_list(const struct mg_ctx *ctx, struct mg_wire_view_list *ret, struct mg_error *error)
{
    void *items;
    size_t n;
    int rc = mg_resource_list(ctx, &views, &items, &n, error);
    if (!rc)
        *ret = (struct mg_wire_view_list){items, n};
    return rc;
}

int mg_record_view_create(const struct mg_ctx *ctx, const struct mg_wire_view_edit *edit,
                          struct mg_wire_view *ret, struct mg_error *error)
{
    return mg_resource_create(ctx, &views, edit, ret, error);
}

int mg_record_view_update(const struct mg_ctx *ctx, const char *id, const struct mg_wire_view_edit *edit,
                          struct mg_wire_view *ret, struct mg_error *error)
{
    return mg_resource_update(ctx, &views, id, edit, edit->has_version, ret, error);
}

int mg_record_view_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    return mg_resource_delete(ctx, &views, id, error);
}
