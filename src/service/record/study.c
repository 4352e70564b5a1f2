/* Studies of the record; see study.h. A change to a document that changes the table's columns goes to the
 * log, so that the table is made anew; a change of titles doesn't. */
#include "service/record/study.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/ulid.h"
#include "service/admin/audit.h"
#include "service/log/event.h"
#include "service/record/load.h"
#include "service/record/stored.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define CHUNKS_A_WRITE 16 /* removed */
#define CHUNKS_ARENA ((size_t)256 << 20)

static struct mg_wire_text wire_text(const char *en, const char *zh)
{
    return (struct mg_wire_text){.en = en, .zh_cn = zh};
}

static const char *latest(struct mg_arena *arena, const int64_t *a, const int64_t *b)
{
    const int64_t *later = !a ? b : !b ? a : *a > *b ? a : b;
    return mg_wire_time(arena, later);
}

static int to_wire(const struct mg_ctx *ctx, const struct mg_sql_study_row *row, bool with_document,
                   struct mg_wire_study *ret, struct mg_error *error)
{
    const struct mg_study_document document = {row->id, row->code, row->document, row->version};
    const struct mg_record_study *loaded;
    int rc = mg_record_study_of(ctx, &document, &loaded, error);
    if (rc)
        return rc;
    const struct mg_study *study = loaded->study;
    bool expectation = false, adequate = false;
    for (size_t i = 0; i < study->n_items; i++) {
        expectation |= study->items[i].expectation != NULL;
        adequate |= study->items[i].adequate != NULL;
    }
    *ret = (struct mg_wire_study){
        .id = row->id,
        .code = row->code,
        .title = wire_text(row->title_en, row->title_zh),
        .simulated = row->simulated != 0,
        .responses = row->imported + row->single,
        .items = (int64_t)study->n_items,
        .has_expectation = expectation,
        .has_has_expectation = true,
        .has_adequate = adequate,
        .has_has_adequate = true,
        .last_response_at = row->last_answer && *row->last_answer != MG_NO_TIME
                                ? mg_wire_time(ctx->arena, row->last_answer)
                                : NULL,
        .last_received_at = latest(ctx->arena, row->last_import, row->last_single),
        .document = with_document ? row->document : NULL,
        .created_at = mg_wire_time(ctx->arena, &row->created_at),
        .version = row->version,
    };
    return 0;
}

static int newest_first(const void *a, const void *b)
{
    const struct mg_wire_study *x = a, *y = b;
    int order = strcmp(y->last_received_at ? y->last_received_at : "",
                       x->last_received_at ? x->last_received_at : "");
    return order ? order : strcmp(y->id, x->id);
}

int mg_record_study_list(const struct mg_ctx *ctx, struct mg_wire_study_list *ret_list,
                         struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_study_row *rows = NULL;
    size_t n = 0;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_sql_study_list(db, ctx->arena, ctx->caller.org_id, &rows, &n, error);
    mg_store_read_end(ctx->store, db);
    struct mg_wire_study *studies = rc ? NULL : mg_arena_array(ctx->arena, n, sizeof *studies);
    if (!rc && !studies)
        rc = mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++)
        rc = to_wire(ctx, &rows[i], false, &studies[i], error);
    if (rc)
        return rc;
    if (n)
        qsort(studies, n, sizeof *studies, newest_first);
    *ret_list = (struct mg_wire_study_list){studies, n};
    return 0;
}

int mg_record_study_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_study *ret_study,
                        struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_study_row row;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_sql_study_get(db, ctx->arena, ctx->caller.org_id, id, &row, error);
    mg_store_read_end(ctx->store, db);
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, MG_E_NOT_FOUND, "There is no such study.");
    return rc ? rc : to_wire(ctx, &row, true, ret_study, error);
}

/* --- counts --- */

static int add_to_count(struct mg_db *db, const char *study_id, int64_t n, struct mg_error *error)
{
    return mg_sql_study_count_add(db, study_id, n, NULL, error);
}

int mg_record_study_count(struct mg_db *db, const char *study_id, int64_t n, struct mg_error *error)
{
    return mg_db_tally(db, add_to_count, study_id, n, error);
}

/* --- changes --- */

struct change {
    const struct mg_ctx *ctx;
    const char *id, *document;
    const struct mg_study *study;
    int64_t shape; /* of its table */
    int64_t version;
    int64_t removed; /* responses, by the last of several writes */
};

/* The table has columns of its own, and doesn't tell E1 from e1. */
static int check_columns(const struct mg_fields *fields, struct mg_error *error)
{
    static const char *const reserved[] = {
        "_id", "_seq", MG_RECORD_WAVE, MG_RECORD_AT, MG_RECORD_WEIGHT, MG_RECORD_CUSTOMER, MG_RECORD_IMPORT};
    for (size_t i = 0; i < fields->n; i++)
        for (size_t j = 0; j < ARRAY_LEN(reserved); j++)
            if (mg_str_equal_nocase(fields->fields[i].column, reserved[j]))
                return mg_fail(error, MG_E_INVALID, "A column of a study can't be called %s.", reserved[j]);
    return 0;
}

/* Parses what the caller sent and writes it canonically. */
static int read_edit(const struct mg_ctx *ctx, const struct mg_wire_study_edit *edit, struct change *ret,
                     struct mg_error *error)
{
    struct mg_buf text;
    struct mg_fields fields;
    struct mg_study_table table;
    mg_buf_init(&text, 2 * MG_STUDY_BYTES_MAX);
    *ret = (struct change){.ctx = ctx, .version = edit->version};
    int rc = mg_study_parse(ctx->arena, edit->document, strlen(edit->document), &ret->study, error);
    if (!rc)
        rc = mg_study_accept(ret->study, error);
    if (!rc)
        rc = mg_fields_of(ctx->arena, ret->study, &fields, error);
    if (!rc)
        rc = check_columns(&fields, error);
    if (!rc)
        rc = mg_study_table_of(ctx->arena, "", &fields, &table, error);
    if (rc)
        return rc;
    ret->shape = table.shape;
    mg_study_write(ret->study, &text);
    ret->document = text.failed ? NULL : mg_arena_strndup(ctx->arena, text.data, text.len);
    mg_buf_done(&text);
    return ret->document ? 0 : mg_fail_memory(error);
}

int mg_record_study_of_edit(const struct mg_ctx *ctx, const struct mg_wire_study_edit *edit,
                            const struct mg_study **ret_study, struct mg_error *error)
{
    struct change change;
    int rc = read_edit(ctx, edit, &change, error);
    if (!rc)
        *ret_study = change.study;
    return rc;
}

/* The same for a study that is new, whose code is too. */
static int read_new(const struct mg_ctx *ctx, const struct mg_wire_study_edit *edit, struct change *ret,
                    struct mg_error *error)
{
    int rc = read_edit(ctx, edit, ret, error);
    return rc ? rc : mg_study_check_code(ret->study->code, error);
}

/* For the audit: which study, not all of its document. */
static const char *summary(struct mg_arena *arena, const char *code, int64_t version)
{
    struct mg_buf text;
    mg_buf_init(&text, 4096);
    struct mg_json_writer out = mg_json_writer(&text);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, "code", code);
    mg_json_key_int(&out, "version", version);
    mg_json_close(&out, '}');
    const char *copy = mg_arena_strndup(arena, text.data, text.len);
    mg_buf_done(&text);
    return copy;
}

static int tell_columns(struct mg_db *db, const struct change *change, struct mg_error *error)
{
    return mg_event_add(db, change->ctx, MG_EVENT_STUDY, change->id, change->id, NULL, error);
}

static int code_taken(const struct change *change, int rc, struct mg_error *error)
{
    if (rc != MG_E_CONFLICT)
        return rc;
    mg_fail(error, MG_E_TAKEN, "There is a study with the code %s already.", change->study->code);
    mg_fail_at(error, "/study");
    return MG_E_TAKEN;
}

/* `import_id`: of the import that makes it; NULL: it is there at once. */
static int insert(struct mg_db *db, const struct change *change, const char *import_id,
                  struct mg_error *error)
{
    const struct mg_ctx *ctx = change->ctx;
    const struct mg_study *study = change->study;
    struct mg_sql_study_insert_params params = {.id = change->id,
                                                .org_id = ctx->caller.org_id,
                                                .code = study->code,
                                                .title_en = study->title.en,
                                                .title_zh = study->title.zh,
                                                .document = change->document,
                                                .simulated = study->simulated,
                                                .import_id = import_id,
                                                .now = mg_now(&ctx->clock)};
    int rc = code_taken(change, mg_sql_study_insert(db, &params, NULL, error), error);
    return rc ? rc : mg_sql_study_count_insert(db, change->id, NULL, error);
}

static int note_creation(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const char *code,
                         struct mg_error *error)
{
    return mg_audit_add(db, ctx, "create", "study", id, NULL, summary(ctx->arena, code, 1), error);
}

static int insert_study(struct mg_db *db, void *user, struct mg_error *error)
{
    struct change *change = user;
    int rc = insert(db, change, NULL, error);
    return rc ? rc : note_creation(db, change->ctx, change->id, change->study->code, error);
}

int mg_record_study_create(const struct mg_ctx *ctx, const struct mg_wire_study_edit *edit,
                           struct mg_wire_study *ret_study, struct mg_error *error)
{
    struct change change;
    char id[MG_ULID_SIZE];
    int rc = read_new(ctx, edit, &change, error);
    if (rc)
        return rc;
    mg_ulid_new(mg_now(&ctx->clock), id);
    change.id = id;
    rc = mg_store_write(ctx->store, insert_study, &change, error);
    return rc ? rc : mg_record_study_get(ctx, id, ret_study, error);
}

int mg_record_study_plan(const struct mg_ctx *ctx, const char *id, const char *document,
                         struct mg_new_study *ret, struct mg_error *error)
{
    struct change change;
    char made[MG_ULID_SIZE];
    mg_ulid_new(mg_now(&ctx->clock), made);
    int rc = read_new(ctx, &(struct mg_wire_study_edit){.document = document}, &change, error);
    if (rc)
        return rc;
    *ret = (struct mg_new_study){mg_arena_strdup(ctx->arena, id ? id : made), change.document, change.study};
    return ret->id ? 0 : mg_fail_memory(error);
}

int mg_record_study_begin(struct mg_db *db, const struct mg_ctx *ctx, const struct mg_new_study *planned,
                          const char *import_id, struct mg_error *error)
{
    const struct change change = {
        .ctx = ctx, .id = planned->id, .document = planned->document, .study = planned->study};
    return insert(db, &change, import_id, error);
}

int mg_record_study_settle(struct mg_db *db, const struct mg_ctx *ctx, const char *import_id, const char *id,
                           const char *code, struct mg_error *error)
{
    int64_t made = 0;
    int rc = mg_sql_study_settle(db, ctx->caller.org_id, import_id, mg_now(&ctx->clock), &made, error);
    return rc || made == 0 ? rc : note_creation(db, ctx, id, code, error);
}

int mg_record_study_give_up(struct mg_db *db, const char *import_id, struct mg_error *error)
{
    char code[MG_ULID_SIZE + 2];
    snprintf(code, sizeof code, "\x1f%s", import_id); /* no document can have it: a control character */
    return mg_sql_study_give_up(db, import_id, code, NULL, error);
}

static int update_study(struct mg_db *db, void *user, struct mg_error *error)
{
    struct change *change = user;
    const struct mg_ctx *ctx = change->ctx;
    const struct mg_study *study = change->study;
    const struct mg_record_study *old;
    int64_t changes = 0;
    int rc = mg_record_study_read(ctx, db, ctx->caller.org_id, change->id, &old, error);
    if (!rc && strcmp(old->code, study->code) != 0) /* one of before the rule may stay */
        rc = mg_study_check_code(study->code, error);
    if (rc)
        return rc;
    struct mg_sql_study_update_params params = {.org_id = ctx->caller.org_id,
                                                .id = change->id,
                                                .version = change->version,
                                                .code = study->code,
                                                .title_en = study->title.en,
                                                .title_zh = study->title.zh,
                                                .document = change->document,
                                                .simulated = study->simulated,
                                                .now = mg_now(&ctx->clock)};
    rc = code_taken(change, mg_sql_study_update(db, &params, &changes, error), error);
    if (!rc && changes == 0)
        rc = mg_fail(error, MG_E_CHANGED, "This was changed by somebody else since it was read.");
    if (!rc && old->table.shape != change->shape)
        rc = tell_columns(db, change, error);
    if (!rc)
        rc =
            mg_audit_add(db, ctx, "update", "study", change->id, summary(ctx->arena, old->code, old->version),
                         summary(ctx->arena, study->code, old->version + 1), error);
    return rc;
}

int mg_record_study_update(const struct mg_ctx *ctx, const char *id, const struct mg_wire_study_edit *edit,
                           struct mg_wire_study *ret_study, struct mg_error *error)
{
    struct change change;
    if (!edit->has_version)
        return mg_fail(error, MG_E_INVALID, "The version that was read is needed to change this."),
               mg_fail_at(error, "/version"), MG_E_INVALID;
    int rc = read_edit(ctx, edit, &change, error);
    if (rc)
        return rc;
    change.id = id;
    rc = mg_store_write(ctx->store, update_study, &change, error);
    return rc ? rc : mg_record_study_get(ctx, id, ret_study, error);
}

/* Whether there is such a study and nothing stands against removing it. */
static int check_removable(struct mg_db *db, const struct change *change,
                           struct mg_sql_study_document_row *ret_study, struct mg_error *error)
{
    const struct mg_ctx *ctx = change->ctx;
    const char *org = ctx->caller.org_id;
    struct mg_sql_study_importing_row importing;
    int rc = mg_sql_study_document(db, ctx->arena, org, change->id, ret_study, error);
    if (rc)
        return rc == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such study.") : rc;
    rc = mg_sql_study_importing(db, ctx->arena, org, change->id, &importing, error);
    if (!rc && importing.n)
        rc = mg_fail(error, MG_E_CONFLICT,
                     "An import into this study is running; wait for it or stop it first.");
    return rc;
}

/* Some of the chunks, each with the count of its import. */
static int delete_some_chunks(struct mg_db *db, struct change *change, struct mg_error *error)
{
    struct mg_sql_chunk_row *chunks = NULL;
    struct mg_arena *arena = mg_arena_new(CHUNKS_ARENA);
    size_t n = 0;
    int rc = arena ? mg_sql_chunk_of_removed(db, arena, change->ctx->caller.org_id, change->id,
                                             CHUNKS_A_WRITE, &chunks, &n, error)
                   : mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++) {
        int64_t rows = 0;
        rc = mg_stored_drop(db, &chunks[i], 1, false, &rows, error);
        if (!rc)
            rc = mg_sql_import_lose(db, chunks[i].import_id, rows, NULL, error);
    }
    change->removed = (int64_t)n;
    mg_arena_free(arena);
    return rc;
}

/* Some of the responses of one import of the study, whose count follows. */
static int delete_some_imported(struct mg_db *db, struct change *change, struct mg_error *error)
{
    const struct mg_ctx *ctx = change->ctx;
    const char *org = ctx->caller.org_id;
    struct mg_sql_study_import_with_rows_row import;
    int rc = mg_sql_study_import_with_rows(db, ctx->arena, org, change->id, &import, error);
    if (rc)
        return rc == MG_E_NOT_FOUND ? 0 : rc;
    rc = mg_sql_study_delete_some_imported(db, org, import.id, &change->removed, error);
    return rc ? rc : mg_sql_import_lose(db, import.id, change->removed, NULL, error);
}

/* The answer to whether it can go holds for the whole removal: nobody sees it any more. */
static int hide_study(struct mg_db *db, void *user, struct mg_error *error)
{
    struct change *change = user;
    const struct mg_ctx *ctx = change->ctx;
    struct mg_sql_study_document_row old;
    int rc = check_removable(db, change, &old, error);
    if (!rc)
        rc = mg_sql_study_hide(db, ctx->caller.org_id, change->id, NULL, error);
    if (!rc)
        rc = tell_columns(db, change, error);
    return rc ? rc
              : mg_audit_add(db, ctx, "delete", "study", change->id,
                             summary(ctx->arena, old.code, old.version), NULL, error);
}

static int delete_some(struct mg_db *db, void *user, struct mg_error *error)
{
    struct change *change = user;
    const char *org = change->ctx->caller.org_id;
    change->removed = 0;
    int rc = mg_sql_study_delete_some_singles(db, org, change->id, &change->removed, error);
    if (rc == 0 && change->removed > 0)
        return mg_record_study_count(db, change->id, -change->removed, error);
    if (rc == 0)
        rc = delete_some_chunks(db, change, error);
    return rc || change->removed > 0 ? rc : delete_some_imported(db, change, error);
}

/* A response may have come in beside the first write. */
static int delete_study(struct mg_db *db, void *user, struct mg_error *error)
{
    struct change *change = user;
    const char *org = change->ctx->caller.org_id;
    int rc = mg_sql_study_delete_responses(db, org, change->id, NULL, error);
    if (!rc)
        rc = mg_sql_study_delete_imports(db, org, change->id, NULL, error);
    return rc ? rc : mg_sql_study_delete(db, org, change->id, NULL, error);
}

/* Most responses go in small writes, so that intake into other studies isn't held up; the last write takes
 * the rest with the study. Safe to repeat, and beside another that does the same. */
static int delete_hidden(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct change change = {.ctx = ctx, .id = id, .removed = 1};
    int rc = 0;
    while (!rc && change.removed > 0) {
        rc = mg_stop_check(ctx->stop, error);
        if (!rc)
            rc = mg_store_write(ctx->store, delete_some, &change, error);
    }
    return rc ? rc : mg_store_write(ctx->store, delete_study, &change, error);
}

int mg_record_study_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct change change = {.ctx = ctx, .id = id};
    int rc = mg_store_write(ctx->store, hide_study, &change, error);
    return rc ? rc : delete_hidden(ctx, id, error);
}

struct removed {
    struct mg_arena *arena;
    struct mg_sql_study_removed_row *studies;
    size_t n;
};

static int list_removed(struct mg_db *db, void *user, struct mg_error *error)
{
    struct removed *removed = user;
    return mg_sql_study_removed(db, removed->arena, &removed->studies, &removed->n, error);
}

int mg_record_study_sweep(const struct mg_ctx *ctx, struct mg_error *error)
{
    struct removed removed = {.arena = ctx->arena};
    int rc = mg_store_read(ctx->store, list_removed, &removed, error);
    for (size_t i = 0; i < removed.n && !rc; i++) {
        struct mg_ctx owner = *ctx;
        snprintf(owner.caller.org_id, sizeof owner.caller.org_id, "%s", removed.studies[i].org_id);
        rc = delete_hidden(&owner, removed.studies[i].id, error);
    }
    return rc;
}
