/* Studies ready for use; see load.h. */
#include "service/record/load.h"

#include <ctype.h>
#include <string.h>

#include "base/hash.h"
#include "column/table.h"
#include "service/record/cache.h"
#include "store/db.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define STUDY_ARENA_BYTES ((size_t)32 << 20)

static int not_found(int rc, struct mg_error *error)
{
    return rc == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such study.") : rc;
}

/* --- tables --- */

const char *mg_record_table_name(struct mg_arena *arena, const char *study_id)
{
    char *name = mg_arena_printf(arena, "response_%s", study_id);
    for (char *p = name; p && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return name;
}

/* A hash of names and types. */
static int64_t shape_of(const struct mg_table_column *columns, size_t n)
{
    uint64_t hash = MG_HASH_START;
    for (size_t i = 0; i < n; i++)
        hash = mg_hash_word(mg_hash_text(hash, columns[i].name), (uint64_t)columns[i].type);
    return (int64_t)(hash >> 1);
}

int mg_study_table_of(struct mg_arena *arena, const char *study_id, const struct mg_fields *fields,
                      struct mg_study_table *ret_table, struct mg_error *error)
{
    static const struct mg_table_column common[MG_RECORD_COMMON_COLUMNS] = {
        {MG_RECORD_WAVE, MG_TYPE_TEXT},
        {MG_RECORD_AT, MG_TYPE_TIME},
        {MG_RECORD_WEIGHT, MG_TYPE_NUMBER},
        {MG_RECORD_CUSTOMER, MG_TYPE_TEXT},
        {MG_RECORD_IMPORT, MG_TYPE_TEXT}};
    size_t n = MG_RECORD_COMMON_COLUMNS + fields->n;
    struct mg_table_column *columns = mg_arena_array(arena, n, sizeof *columns);
    const char **names = mg_arena_array(arena, n, sizeof *names),
               *name = mg_record_table_name(arena, study_id);
    if (!columns || !names || !name)
        return mg_fail_memory(error);
    memcpy(columns, common, sizeof common);
    for (size_t i = 0; i < fields->n; i++)
        columns[MG_RECORD_COMMON_COLUMNS + i] =
            (struct mg_table_column){fields->fields[i].column, fields->fields[i].type};
    for (size_t i = 0; i < n; i++)
        names[i] = columns[i].name;
    *ret_table = (struct mg_study_table){name, columns, names, n, shape_of(columns, n)};
    return 0;
}

struct mg_source mg_record_source(const struct mg_record_study *study)
{
    return (struct mg_source){
        .table = study->table.name, .columns = study->table.columns, .n_columns = study->table.n_columns};
}

/* --- loading --- */

/* Fills `kept`, whose arena is there. */
static int fill(struct mg_kept_study *kept, const struct mg_study_document *from, struct mg_error *error)
{
    struct mg_record_study *study = &kept->study;
    study->id = mg_arena_strdup(kept->arena, from->id);
    study->code = mg_arena_strdup(kept->arena, from->code);
    study->version = from->version;
    if (!study->id || !study->code)
        return mg_fail_memory(error);
    int rc = mg_study_parse(kept->arena, from->document, strlen(from->document), &study->study, error);
    if (!rc)
        rc = mg_fields_of(kept->arena, study->study, &study->fields, error);
    return rc ? rc : mg_study_table_of(kept->arena, from->id, &study->fields, &study->table, error);
}

static int parse(const struct mg_study_document *from, struct mg_kept_study **ret_kept,
                 struct mg_error *error)
{
    struct mg_arena *arena = mg_arena_new(STUDY_ARENA_BYTES);
    struct mg_kept_study *kept = arena ? mg_arena_alloc(arena, sizeof *kept) : NULL;
    if (kept)
        *kept = (struct mg_kept_study){.arena = arena, .holders = 1};
    int rc = kept ? fill(kept, from, error) : mg_fail_memory(error);
    if (rc)
        mg_arena_free(arena);
    else
        *ret_kept = kept;
    return rc;
}

static void let_go(void *kept)
{
    mg_study_let_go(kept);
}

/* Passes the hold on to ctx->arena. */
static int hold(const struct mg_ctx *ctx, struct mg_kept_study *kept,
                const struct mg_record_study **ret_study, struct mg_error *error)
{
    if (mg_arena_defer(ctx->arena, let_go, kept))
        return mg_fail_memory(error);
    *ret_study = &kept->study;
    return 0;
}

static struct mg_kept_study *find(const struct mg_ctx *ctx, const char *id, int64_t version)
{
    return ctx->studies ? mg_study_cache_find(ctx->studies, id, version) : NULL;
}

int mg_record_study_of(const struct mg_ctx *ctx, const struct mg_study_document *document,
                       const struct mg_record_study **ret_study, struct mg_error *error)
{
    struct mg_kept_study *kept = find(ctx, document->id, document->version);
    int rc = kept ? 0 : parse(document, &kept, error);
    return rc ? rc : hold(ctx, kept, ret_study, error);
}

/* Reads the document of a study that the cache lacks. Inside a write it isn't kept: another write of the same
 * commit may have changed it, and the number of its version goes to another document if that is undone. */
static int read_document(const struct mg_ctx *ctx, struct mg_db *db, const char *org_id, const char *id,
                         struct mg_kept_study **ret_kept, struct mg_error *error)
{
    struct mg_sql_study_document_row row;
    int rc = mg_sql_study_document(db, ctx->arena, org_id, id, &row, error);
    if (rc)
        return not_found(rc, error);
    const struct mg_study_document document = {id, row.code, row.document, row.version};
    rc = parse(&document, ret_kept, error);
    if (!rc && ctx->studies && !db->write)
        mg_study_cache_add(ctx->studies, *ret_kept);
    return rc;
}

int mg_record_study_read(const struct mg_ctx *ctx, struct mg_db *db, const char *org_id, const char *id,
                         const struct mg_record_study **ret_study, struct mg_error *error)
{
    struct mg_sql_study_version_row row;
    int rc = mg_sql_study_version(db, ctx->arena, org_id, id, &row, error);
    if (rc)
        return not_found(rc, error);
    struct mg_kept_study *kept = find(ctx, id, row.version);
    if (!kept)
        rc = read_document(ctx, db, org_id, id, &kept, error);
    return rc ? rc : hold(ctx, kept, ret_study, error);
}

struct asking {
    const struct mg_ctx *ctx;
    const char *id, *code;
    const struct mg_record_study *study;
    int64_t version;
};

static int read_study(struct mg_db *db, void *user, struct mg_error *error)
{
    struct asking *a = user;
    return mg_record_study_read(a->ctx, db, a->ctx->caller.org_id, a->id, &a->study, error);
}

int mg_record_study_load(const struct mg_ctx *ctx, const char *id, const struct mg_record_study **ret_study,
                         struct mg_error *error)
{
    struct asking asking = {.ctx = ctx, .id = id};
    int rc = mg_store_read(ctx->store, read_study, &asking, error);
    if (!rc)
        *ret_study = asking.study;
    return rc;
}

static int read_by_code(struct mg_db *db, void *user, struct mg_error *error)
{
    struct asking *a = user;
    struct mg_sql_study_by_code_row row;
    int rc = mg_sql_study_by_code(db, a->ctx->arena, a->ctx->caller.org_id, a->code, &row, error);
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, MG_E_NOT_FOUND, "There is no study with the code %s.", a->code);
    a->id = row.id;
    return rc ? rc : read_study(db, a, error);
}

int mg_record_study_by_code(const struct mg_ctx *ctx, const char *code,
                            const struct mg_record_study **ret_study, struct mg_error *error)
{
    struct asking asking = {.ctx = ctx, .code = code};
    int rc = mg_store_read(ctx->store, read_by_code, &asking, error);
    if (!rc)
        *ret_study = asking.study;
    return rc;
}

/* --- versions --- */

static int read_version(struct mg_db *db, void *user, struct mg_error *error)
{
    struct asking *a = user;
    struct mg_sql_study_version_row row;
    int rc = mg_sql_study_version(db, a->ctx->arena, a->ctx->caller.org_id, a->id, &row, error);
    a->version = row.version;
    return rc;
}

const char *mg_record_data_version(const struct mg_ctx *ctx, const char *id)
{
    const struct mg_columns *columns = &ctx->columns;
    const char *name = mg_record_table_name(ctx->arena, id);
    struct asking asking = {.ctx = ctx, .id = id};
    struct mg_column_status status;
    int64_t mark = -1;
    if (!name || mg_columns_status(columns, false, &status, NULL) || !status.open ||
        mg_columns_table_mark(columns, name, false, &mark, NULL) || mark < 0 ||
        mg_store_read(ctx->store, read_version, &asking, NULL))
        return NULL;
    return mg_arena_printf(ctx->arena, "%s.%lld.%lld", status.identity, (long long)mark,
                           (long long)asking.version);
}
