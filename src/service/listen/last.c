/* See last.h. */
#include "service/listen/last.h"

#include <string.h>

#include "service/admin/audit.h"
#include "service/listen/import_open.h"
#include "service/listen/last_compare.h"
#include "service/listen/reading.h"
#include "store/queries.gen.h"
#include "store/store.h"

/* A profile, parsed, for the time of a look at it: some twenty times its text. */
#define SCRATCH_BYTES ((size_t)64 << 20)

/* --- keeping --- */

int mg_last_text(const struct mg_ctx *ctx, const struct mg_import_source *source,
                 const struct mg_wire_reading *reading, const char **ret_text, struct mg_error *error)
{
    struct mg_source_info info;
    struct mg_last_profile profile;
    struct mg_buf text;
    *ret_text = NULL;
    int rc = source->file->facts ? 0 : mg_exchange_describe(source->file, ctx->arena, &info, error);
    if (!rc)
        rc = mg_last_profile_of(ctx->arena, source, mg_reading_tells(reading) ? reading : NULL, &profile,
                                error);
    if (rc)
        return rc;
    mg_buf_init(&text, MG_LAST_BYTES_MAX);
    mg_last_profile_write(&profile, &text);
    if (!text.failed && !(*ret_text = mg_arena_strndup(ctx->arena, text.data, text.len)))
        rc = mg_fail_memory(error);
    mg_buf_done(&text);
    return rc;
}

int mg_last_keep(struct mg_db *db, const struct mg_ctx *ctx, const char *import_id, const char *study_id,
                 const char *text, struct mg_error *error)
{
    return text ? mg_sql_import_profile_insert(db, import_id, ctx->caller.org_id, study_id, text, NULL, error)
                : 0;
}

int mg_last_drop(struct mg_db *db, const struct mg_ctx *ctx, const char *import_id, struct mg_error *error)
{
    return mg_sql_import_profile_delete(db, ctx->caller.org_id, import_id, NULL, error);
}

/* --- finding --- */

struct asking {
    const struct mg_ctx *ctx;
    struct mg_arena *arena;
    const char *study_id, *import_id;
    struct mg_sql_import_last_list_row *rows;
    size_t n;
    struct mg_sql_import_profile_get_row profile;
};

static int read_list(struct mg_db *db, void *user, struct mg_error *error)
{
    struct asking *a = user;
    return mg_sql_import_last_list(db, a->arena, a->ctx->caller.org_id, a->study_id ? a->study_id : "",
                                   &a->rows, &a->n, error);
}

static int read_profile(struct mg_db *db, void *user, struct mg_error *error)
{
    struct asking *a = user;
    return mg_sql_import_profile_get(db, a->arena, a->ctx->caller.org_id, a->import_id, &a->profile, error);
}

/* Whether there is nothing to go by: the import was undone meanwhile, or what is kept of it can't be read, as
 * by another version. */
static bool is_gone(int rc)
{
    return rc == MG_E_NOT_FOUND || rc == MG_E_INVALID;
}

/* MG_E_NOT_FOUND, MG_E_INVALID: is_gone. *ret_asked: what the import was asked for, as it is kept. */
static int load(const struct mg_ctx *ctx, struct mg_arena *arena, const char *import_id,
                struct mg_last_profile *ret, const char **ret_asked, struct mg_error *error)
{
    struct asking asking = {.ctx = ctx, .arena = arena, .import_id = import_id};
    int rc = mg_store_read(ctx->store, read_profile, &asking, error);
    *ret_asked = rc ? NULL : asking.profile.mapping;
    return rc ? rc : mg_last_profile_parse(arena, asking.profile.profile, ret, error);
}

/* Among imports of several studies. */
struct choice {
    const struct mg_sql_import_last_list_row *row; /* NULL: none is like the file */
    size_t found, columns;
};

static bool is_better(const struct choice *now, size_t found, size_t columns)
{
    return found >= MG_LAST_LEAST && (double)found >= MG_LAST_SHARE * (double)columns && found > now->found;
}

/* One that can't be read is passed over. */
static int choose(const struct mg_ctx *ctx, const struct asking *all, const struct mg_exchange *file,
                  struct choice *ret, struct mg_error *error)
{
    *ret = (struct choice){0};
    for (size_t i = 0; i < all->n; i++) {
        struct mg_arena *arena = mg_arena_new(SCRATCH_BYTES);
        struct mg_last_profile last;
        size_t found, *places;
        const char *asked;
        if (!arena)
            return mg_fail_memory(error);
        if (load(ctx, arena, all->rows[i].import_id, &last, &asked, NULL) == 0 &&
            mg_last_match(arena, file, &last, &places, &found, NULL) == 0 &&
            is_better(ret, found, last.n_columns))
            *ret = (struct choice){&all->rows[i], found, last.n_columns};
        mg_arena_free(arena);
        int rc = mg_stop_check(ctx->stop, error);
        if (rc)
            return rc;
    }
    return 0;
}

/* --- beside the file --- */

static const char *sure_of(const struct mg_ctx *ctx, const struct mg_wire_last_wave *last, bool named)
{
    const char *format =
        named ? MG_TEXT("Columns of the last import that are in this file: %lld of %lld.")
        : last->found == last->columns
            ? MG_TEXT("Sure: all columns that the last import took are in this file (%lld of %lld).")
            : MG_TEXT("Fairly sure: most columns that the last import took are in this file (%lld of %lld).");
    return mg_arena_printf(ctx->arena, mg_tr(ctx->lang, format), (long long)last->found,
                           (long long)last->columns);
}

/* As it was told then, of the columns that this file has, by the names that they have here. */
static int reading_for(const struct mg_ctx *ctx, const struct mg_exchange *file,
                       const struct mg_last_profile *last, struct mg_wire_last_wave *ret,
                       struct mg_error *error)
{
    size_t *places, found;
    if (!last->reading)
        return 0;
    struct mg_wire_reading *reading = mg_arena_alloc(ctx->arena, sizeof *reading);
    struct mg_wire_reading_column *columns =
        mg_arena_array(ctx->arena, last->reading->n_columns, sizeof *columns);
    int rc = reading && columns ? mg_last_match(ctx->arena, file, last, &places, &found, error)
                                : mg_fail_memory(error);
    if (rc)
        return rc;
    *reading = *last->reading;
    reading->columns = columns;
    reading->n_columns = 0;
    for (size_t i = 0; i < last->reading->n_columns; i++)
        for (size_t c = 0; c < last->n_columns; c++)
            if (places[c] != SIZE_MAX &&
                strcmp(last->reading->columns[i].column, last->columns[c].name) == 0) {
                columns[reading->n_columns] = last->reading->columns[i];
                columns[reading->n_columns].column = mg_arena_strdup(ctx->arena, file->columns[places[c]]);
                if (!columns[reading->n_columns++].column)
                    return mg_fail_memory(error);
            }
    ret->reading = reading;
    return 0;
}

static int compare(const struct mg_ctx *ctx, const struct mg_sql_import_last_list_row *row, bool named,
                   const struct mg_exchange *file, const struct mg_wire_last_wave **ret,
                   struct mg_error *error)
{
    const struct mg_record_study *study;
    struct mg_last_profile last;
    const char *asked;
    struct mg_wire_last_wave *wave = mg_arena_alloc(ctx->arena, sizeof *wave);
    int rc = wave ? mg_record_study_load(ctx, row->study_id, &study, error) : mg_fail_memory(error);
    if (!rc)
        rc = load(ctx, ctx->arena, row->import_id, &last, &asked, error);
    if (is_gone(rc))
        return 0;
    if (rc)
        return rc;
    *wave = (struct mg_wire_last_wave){.study = {row->study_id, row->code, {row->title_en, row->title_zh}},
                                       .import_id = row->import_id,
                                       .name = row->file_name,
                                       .finished_at = mg_wire_time(ctx->arena, row->finished_at),
                                       .wave = mg_import_asked_wave(ctx, asked)};
    rc = mg_last_compare(ctx->arena, ctx->lang, &study->fields, file, &last, wave, error);
    if (!rc)
        rc = reading_for(ctx, file, &last, wave, error);
    if (!rc && !(wave->sure = sure_of(ctx, wave, named)))
        rc = mg_fail_memory(error);
    if (!rc)
        *ret = wave;
    return rc;
}

int mg_last_find(const struct mg_ctx *ctx, const char *study_id, const struct mg_exchange *file,
                 const struct mg_wire_last_wave **ret, struct mg_error *error)
{
    struct asking all = {.ctx = ctx, .arena = ctx->arena, .study_id = study_id};
    struct choice choice = {0};
    *ret = NULL;
    int rc = mg_store_read(ctx->store, read_list, &all, error);
    if (!rc && study_id)
        choice.row = all.n ? &all.rows[0] : NULL;
    else if (!rc)
        rc = choose(ctx, &all, file, &choice, error);
    return rc || !choice.row ? rc : compare(ctx, choice.row, study_id != NULL, file, ret, error);
}

int mg_last_of_study(const struct mg_ctx *ctx, const char *study_id, struct mg_last_profile *ret,
                     struct mg_error *error)
{
    struct asking all = {.ctx = ctx, .arena = ctx->arena, .study_id = study_id};
    const char *asked;
    *ret = (struct mg_last_profile){0};
    int rc = mg_store_read(ctx->store, read_list, &all, error);
    if (!rc && all.n)
        rc = load(ctx, ctx->arena, all.rows[0].import_id, ret, &asked, error);
    if (!is_gone(rc))
        return rc;
    *ret = (struct mg_last_profile){0};
    return 0;
}

/* A column that was taken and feeds no field is a property of the response. */
static int find_properties(struct mg_arena *arena, const struct mg_exchange *file,
                           const struct mg_last_profile *last, bool *found, struct mg_error *error)
{
    size_t *places, n;
    int rc = mg_last_match(arena, file, last, &places, &n, error);
    for (size_t i = 0; i < last->n_columns && !rc; i++)
        if (places[i] != SIZE_MAX && !last->columns[i].target)
            found[places[i]] = true;
    return rc;
}

int mg_last_properties(const struct mg_ctx *ctx, const char *study_id, const struct mg_exchange *file,
                       const bool **ret, struct mg_error *error)
{
    struct mg_last_profile last;
    bool *found = mg_arena_array(ctx->arena, file->n_columns, sizeof *found);
    int rc = found ? mg_last_of_study(ctx, study_id, &last, error) : mg_fail_memory(error);
    if (!rc && last.n_columns)
        rc = find_properties(ctx->arena, file, &last, found, error);
    if (!rc)
        *ret = found;
    return rc;
}

int mg_last_reading(const struct mg_ctx *ctx, const char *study_id, const struct mg_wire_reading **ret,
                    struct mg_error *error)
{
    struct asking all = {.ctx = ctx, .arena = ctx->arena, .study_id = study_id};
    struct mg_last_profile last;
    const char *asked;
    int rc = mg_store_read(ctx->store, read_list, &all, error);
    if (!rc)
        rc = all.n ? load(ctx, ctx->arena, all.rows[0].import_id, &last, &asked, error) : MG_E_NOT_FOUND;
    if (is_gone(rc)) {
        mg_fail(error, MG_E_NOT_FOUND, "The study has no import whose reading could be taken over.");
        mg_fail_hint(error, "Import this file without it; the next one can be read like it.");
        return MG_E_NOT_FOUND;
    }
    if (!rc)
        *ret = last.reading;
    return rc;
}
