/* See check.h. */
#include "service/listen/check.h"

#include "service/admin/token.h"
#include "service/listen/errors.h"
#include "service/listen/import_open.h"
#include "service/listen/preview_values.h"
#include "service/listen/upload.h"
#include "store/queries.gen.h"
#include "store/store.h"

struct checking {
    const struct mg_ctx *ctx;
    const struct mg_import_asked *asked;
    struct mg_blob checksum;
    const char *same_file;
};

static int find_same_file(struct mg_db *db, void *user, struct mg_error *error)
{
    struct checking *c = user;
    const struct mg_ctx *ctx = c->ctx;
    struct mg_sql_import_that_brought_row row;
    if (!c->asked->create.study_id)
        return 0;
    int rc = mg_sql_import_that_brought(db, ctx->arena, ctx->caller.org_id, c->asked->create.study_id,
                                        c->checksum, &row, error);
    if (!rc)
        c->same_file = row.id;
    return rc == MG_E_NOT_FOUND ? 0 : rc;
}

static void put_counts(const struct mg_import_counts *counts, const struct mg_exchange *file,
                       struct mg_wire_import_check *ret)
{
    *ret = (struct mg_wire_import_check){.rows = counts->read,
                                         .kept = counts->kept,
                                         .skipped = counts->refused,
                                         .errors = counts->errors,
                                         .left_out = mg_preview_left_out(file),
                                         .irregular = file->n_bad,
                                         .added = counts->added,
                                         .replaced = counts->replaced,
                                         .left = counts->left,
                                         .repeated_ids = counts->repeated_ids,
                                         .repeated_alike = counts->repeated_alike,
                                         .same_content = counts->same_content,
                                         .customers_known = counts->customers_known,
                                         .customers_new = counts->customers_new,
                                         .customers_none = counts->customers_none};
}

/* Why the import would fail, in the reader's language. */
static const char *objection(const struct checking *c, const struct mg_import_counts *counts)
{
    struct mg_error why = {.lang = c->ctx->lang};
    const struct mg_import_asked *asked = c->asked;
    int rc = mg_import_has_rows(counts, &why);
    if (!rc && c->same_file && !asked->create.again && !mg_import_is_by_id(asked))
        rc = mg_fail(&why, MG_E_CONFLICT, "This very file was imported into this study already.");
    return rc ? mg_arena_strdup(c->ctx->arena, why.message) : NULL;
}

static int count(const struct checking *c, const struct mg_listen_import_file *request,
                 int (*progress)(void *, int64_t, double, struct mg_error *),
                 struct mg_import_counts *ret_counts, struct mg_import_dry *dry, struct mg_error *error)
{
    struct mg_import_plan plan;
    int rc = mg_import_plan_of(c->ctx, c->asked, &plan, error);
    if (rc)
        return rc;
    plan.dry = dry;
    plan.progress = progress;
    plan.user = (void *)request;
    rc = mg_importer_run(&plan, ret_counts, error);
    mg_known_free(plan.known);
    return rc;
}

static int stop_if_asked(void *user, int64_t rows, double share, struct mg_error *error)
{
    const struct mg_listen_import_file *request = user;
    if (request && request->progress && request->progress(request->user, rows, share) != 0)
        return mg_fail(error, MG_E_CANCELLED, "The import was stopped.");
    return 0;
}

static int check(struct checking *c, const struct mg_listen_import_file *request,
                 struct mg_wire_import_check *ret, struct mg_error *error)
{
    struct mg_import_counts counts;
    struct mg_import_dry dry = {0};
    int rc = mg_store_read(c->ctx->store, find_same_file, c, error);
    if (!rc)
        rc = count(c, request, stop_if_asked, &counts, &dry, error);
    if (rc)
        return rc;
    put_counts(&counts, c->asked->source.file, ret);
    ret->same_file = c->same_file;
    ret->message = objection(c, &counts);
    return mg_import_error_kinds_of(c->ctx, dry.errors, dry.n, &ret->error_kinds, &ret->n_error_kinds, error);
}

int mg_listen_import_check(const struct mg_ctx *ctx, const struct mg_wire_import_create *create,
                           struct mg_wire_import_check *ret, struct mg_error *error)
{
    struct mg_sql_upload_get_row upload;
    struct mg_import_asked asked;
    struct checking c = {.ctx = ctx, .asked = &asked};
    int rc = mg_import_get_upload(ctx, create->upload_id, &upload, error);
    if (!rc)
        rc = mg_import_open_upload(ctx, create, upload.file_name, NULL, &asked, error);
    if (rc)
        return rc;
    c.checksum = upload.checksum;
    rc = check(&c, NULL, ret, error);
    mg_import_source_close(&asked.source);
    return rc;
}

int mg_listen_import_check_file(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                                struct mg_wire_import_check *ret, struct mg_error *error)
{
    struct mg_import_asked asked;
    uint8_t hash[MG_HASH_BYTES];
    struct checking c = {.ctx = ctx, .asked = &asked, .checksum = {hash, sizeof hash}};
    int rc = mg_import_open_path(ctx, request, &asked, error);
    if (rc)
        return rc;
    rc = mg_file_hash(request->path, hash, error);
    if (!rc)
        rc = check(&c, request, ret, error);
    mg_import_source_close(&asked.source);
    return rc;
}
