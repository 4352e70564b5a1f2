/* See holiday.h: a row of resource.h, and the calls that name it. */
#include "service/record/holiday.h"

#include "service/record/resource.h"
#include "store/queries.gen.h"

static int list(struct mg_db *db, const struct mg_ctx *ctx, void **ret_rows, size_t *ret_n,
                struct mg_error *error)
{
    struct mg_sql_holiday_row *rows = NULL;
    int rc = mg_sql_holiday_list(db, ctx->arena, ctx->caller.org_id, &rows, ret_n, error);
    *ret_rows = rows;
    return rc;
}

static int get(struct mg_db *db, const struct mg_ctx *ctx, const char *id, void *ret_row,
               struct mg_error *error)
{
    return mg_sql_holiday_get(db, ctx->arena, ctx->caller.org_id, id, ret_row, error);
}

static int insert(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                  struct mg_error *error)
{
    const struct mg_wire_holiday_edit *e = edit;
    return mg_sql_holiday_insert(db, id, ctx->caller.org_id, e->code, e->label.en, e->label.zh_cn, NULL,
                                 error);
}

static int update(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                  int64_t *ret_changes, struct mg_error *error)
{
    const struct mg_wire_holiday_edit *e = edit;
    const struct mg_sql_holiday_update_params params = {.org_id = ctx->caller.org_id,
                                                        .id = id,
                                                        .version = e->version,
                                                        .code = e->code,
                                                        .label_en = e->label.en,
                                                        .label_zh = e->label.zh_cn};
    return mg_sql_holiday_update(db, &params, ret_changes, error);
}

static int remove_holiday(struct mg_db *db, const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    return mg_sql_holiday_delete(db, ctx->caller.org_id, id, NULL, error);
}

static void to_wire(const struct mg_ctx *ctx, const void *row, void *ret_wire)
{
    const struct mg_sql_holiday_row *r = row;
    (void)ctx;
    *(struct mg_wire_holiday *)ret_wire = (struct mg_wire_holiday){
        .id = r->id, .code = r->code, .label = {r->label_en, r->label_zh}, .version = r->version};
}

static const char *code_of_row(const void *row)
{
    return ((const struct mg_sql_holiday_row *)row)->code;
}

static const char *code_of_edit(const void *edit)
{
    return ((const struct mg_wire_holiday_edit *)edit)->code;
}

static const struct mg_resource holidays = {
    .entity = "holiday",
    .unknown = MG_TEXT("There is no such holiday."),
    .row_size = sizeof(struct mg_sql_holiday_row),
    .wire_size = sizeof(struct mg_wire_holiday),
    .list = list,
    .get = get,
    .insert = insert,
    .update = update,
    .remove = remove_holiday,
    .to_wire = to_wire,
    .key = "code",
    .name_of_row = code_of_row,
    .name_of_edit = code_of_edit,
};

int mg_record_holiday_list(const struct mg_ctx *ctx, struct mg_wire_holiday_list *ret, struct mg_error *error)
{
    void *items;
    size_t n;
    int rc = mg_resource_list(ctx, &holidays, &items, &n, error);
    if (!rc)
        *ret = (struct mg_wire_holiday_list){items, n};
    return rc;
}

int mg_record_holiday_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_holiday *ret,
                          struct mg_error *error)
{
    return mg_resource_get(ctx, &holidays, id, ret, error);
}

int mg_record_holiday_create(const struct mg_ctx *ctx, const struct mg_wire_holiday_edit *edit,
                             struct mg_wire_holiday *ret, struct mg_error *error)
{
    return mg_resource_create(ctx, &holidays, edit, ret, error);
}

int mg_record_holiday_update(const struct mg_ctx *ctx, const char *id,
                             const struct mg_wire_holiday_edit *edit, struct mg_wire_holiday *ret,
                             struct mg_error *error)
{
    return mg_resource_update(ctx, &holidays, id, edit, edit->has_version, ret, error);
}

int mg_record_holiday_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    return mg_resource_delete(ctx, &holidays, id, error);
}
