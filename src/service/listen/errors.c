/* What was wrong in an import: the list as a file, and summed up; see errors.h. */
#include "service/listen/errors.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "service/listen/import.h"
#include "service/listen/upload.h"
#include "store/queries.gen.h"
#include "store/store.h"

struct listing {
    const struct mg_ctx *ctx;
    const char *import_id;
    struct mg_sql_import_error_list_row *rows;
    size_t n;
};

static int read_list(struct mg_db *db, void *user, struct mg_error *error)
{
    struct listing *l = user;
    const struct mg_ctx *ctx = l->ctx;
    struct mg_sql_import_row import;
    int rc = mg_sql_import_get(db, ctx->arena, ctx->caller.org_id, l->import_id, &import, error);
    if (rc)
        return rc == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such import.") : rc;
    return mg_sql_import_error_list(db, ctx->arena, ctx->caller.org_id, l->import_id, &l->rows, &l->n, error);
}

static const char *reason_of(const struct listing *l, size_t i)
{
    return l->ctx->lang == MG_LANG_ZH ? l->rows[i].reason_zh : l->rows[i].reason_en;
}

#define LIST_COLUMNS 4

static int write_list(const struct listing *l, struct mg_out *out, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < l->n && rc == 0; i++) {
        const struct mg_out_cell cells[LIST_COLUMNS] = {
            {.kind = MG_OUT_NUMBER, .number = (double)l->rows[i].line},
            {.kind = MG_OUT_TEXT, .text = l->rows[i].column_name},
            {.kind = MG_OUT_TEXT, .text = l->rows[i].value},
            {.kind = MG_OUT_TEXT, .text = reason_of(l, i)}};
        rc = mg_out_row(out, cells, error);
    }
    return rc;
}

int mg_listen_import_errors(const struct mg_ctx *ctx, const char *id, enum mg_out_format format,
                            const char *path, struct mg_out_report *ret_report, struct mg_error *error)
{
    const struct mg_out_column columns[LIST_COLUMNS] = {
        {.name = mg_tr(ctx->lang, "line"), .type = MG_TYPE_INTEGER},
        {.name = mg_tr(ctx->lang, "column")},
        {.name = mg_tr(ctx->lang, "value")},
        {.name = mg_tr(ctx->lang, "reason")}};
    struct listing l = {.ctx = ctx, .import_id = id};
    struct mg_out_options options = {
        .lang = ctx->lang, .temp_dir = mg_listen_upload_path(ctx, ""), .stop = ctx->stop};
    struct mg_out *out = NULL;
    int rc = options.temp_dir ? mg_store_read(ctx->store, read_list, &l, error) : mg_fail_memory(error);
    if (rc == 0)
        rc = mg_dir_create(options.temp_dir, error);
    if (rc == 0)
        rc = mg_out_open(ctx->arena, format, path, columns, LIST_COLUMNS, &options, &out, error);
    if (rc)
        return rc;
    rc = write_list(&l, out, error);
    if (rc == 0)
        return mg_out_close(out, ret_report, error);
    mg_out_drop(out);
    return rc;
}

/* ---- summed up ---- */

/* Order of texts in which all runs of digits are alike. */
static int compare_words(const char *a, const char *b)
{
    while (*a && *b) {
        bool number = isdigit((unsigned char)*a) && isdigit((unsigned char)*b);
        if (!number && *a != *b)
            break;
        for (a++; number && isdigit((unsigned char)*a);)
            a++;
        for (b++; number && isdigit((unsigned char)*b);)
            b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

static int by_kind(const void *a, const void *b)
{
    const struct mg_sql_import_error_list_row *x = a, *y = b;
    int order = strcmp(x->column_name, y->column_name);
    if (!order)
        order = compare_words(x->reason_en, y->reason_en);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static int by_number(const void *a, const void *b)
{
    const struct mg_wire_import_error_kind *x = a, *y = b;
    int order = (x->n < y->n) - (x->n > y->n);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

int mg_import_error_kinds(const struct mg_ctx *ctx, const char *import_id,
                          const struct mg_wire_import_error_kind **ret, size_t *ret_n, struct mg_error *error)
{
    struct listing l = {.ctx = ctx, .import_id = import_id};
    int rc = mg_store_read(ctx->store, read_list, &l, error);
    return rc ? rc : mg_import_error_kinds_of(ctx, l.rows, l.n, ret, ret_n, error);
}

int mg_import_error_kinds_of(const struct mg_ctx *ctx, struct mg_sql_import_error_list_row *rows,
                             size_t n_rows, const struct mg_wire_import_error_kind **ret, size_t *ret_n,
                             struct mg_error *error)
{
    const struct listing l = {.ctx = ctx, .rows = rows, .n = n_rows};
    struct mg_wire_import_error_kind *kinds = mg_arena_array(ctx->arena, l.n + 1, sizeof *kinds);
    if (!kinds)
        return mg_fail_memory(error);
    if (l.n)
        qsort(l.rows, l.n, sizeof *l.rows, by_kind);
    size_t n = 0;
    for (size_t i = 0; i < l.n; i++) {
        const struct mg_sql_import_error_list_row *row = &l.rows[i];
        bool same = i && strcmp(row[-1].column_name, row->column_name) == 0 &&
                    compare_words(row[-1].reason_en, row->reason_en) == 0;
        if (!same)
            kinds[n++] = (struct mg_wire_import_error_kind){
                .column = row->column_name, .reason = reason_of(&l, i), .line = row->line};
        kinds[n - 1].n++;
    }
    if (n)
        qsort(kinds, n, sizeof *kinds, by_number);
    *ret = kinds;
    *ret_n = n < MG_IMPORT_ERROR_KINDS_MAX ? n : MG_IMPORT_ERROR_KINDS_MAX;
    return 0;
}
