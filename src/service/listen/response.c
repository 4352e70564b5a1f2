/* Responses one by one; see response.h. The entry of the log is written in the same transaction as the
 * response, so that the columns learn of exactly what is in the record. */
#include "service/listen/response.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/ulid.h"
#include "service/admin/audit.h"
#include "service/log/event.h"
#include "service/record/customer.h"
#include "service/record/load.h"
#include "service/record/stored.h"
#include "service/record/study.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define DOCUMENT_BYTES_MAX ((size_t)256 * 1024)
#define COMPARED_BYTES_MAX ((size_t)16 << 20)
#define NO_DOCUMENT "{}" /* the answers are kept as bytes */

struct intake {
    const struct mg_ctx *ctx;
    const struct mg_wire_response_create *create;
    const char *study_id;
    const struct mg_record_study *study;
    const struct mg_fields *fields; /* its */
    struct mg_datum *answers;       /* one a field */
    struct mg_buf bytes;            /* the same as they are kept */
    struct mg_blob columns;         /* the fields' names, and what they are known by */
    int64_t shape;
    int64_t at;
    char id[MG_ULID_SIZE];      /* of a new response */
    char kept_id[MG_ULID_SIZE]; /* of the one in the record: an earlier one where the request is a repeat */
    const char **warnings;
    size_t n_warnings;
    struct mg_wire_response_receipt *ret; /* of a later answer */
    mg_listen_response_done *done;
    void *user;
};

static int at_answer(struct mg_error *error, const char *column)
{
    mg_fail_at(error, "/answers/%s", column);
    return MG_E_INVALID;
}

/* What is off the scale or its steps stays in the record as it was sent and counts as no answer. */
static int warn_stray(struct intake *intake, const struct mg_field *field, double number,
                      struct mg_error *error)
{
    struct mg_cell_problem problem;
    if (mg_field_read_number(field, number, &problem) != MG_CELL_BAD)
        return 0;
    char text[200];
    mg_cell_explain(&problem, intake->ctx->lang, text, sizeof text);
    const char *warning = mg_arena_printf(intake->ctx->arena, "%s: %s", field->column, text);
    if (!warning)
        return mg_fail_memory(error);
    intake->warnings[intake->n_warnings++] = warning;
    return 0;
}

static int add_answer(struct intake *intake, size_t at, const json_t *value, struct mg_error *error)
{
    const struct mg_field *field = &intake->fields->fields[at];
    struct mg_datum *answer = &intake->answers[at];
    if (json_is_null(value) || (json_is_string(value) && mg_answer_is_blank(json_string_value(value))))
        return 0;
    if (field->type != MG_TYPE_TEXT) {
        if (!json_is_number(value))
            return mg_fail(error, MG_E_INVALID, "The answer to this must be a number or null."),
                   at_answer(error, field->column);
        *answer = mg_datum_number(json_number_value(value));
        return warn_stray(intake, field, json_number_value(value), error);
    }
    if (json_is_number(value)) {
        *answer = mg_datum_number(json_number_value(value));
        return 0;
    }
    if (!json_is_string(value) || json_string_length(value) > MG_FIELD_TEXT_MAX)
        return mg_fail(error, MG_E_INVALID,
                       "The answer to this must be a text of at most 1000 bytes, or null."),
               at_answer(error, field->column);
    *answer = mg_datum_text(json_string_value(value));
    return 0;
}

/* As bytes, and of which columns. */
static int keep_answers(struct intake *intake, struct mg_error *error)
{
    const struct mg_record_study *study = intake->study;
    const struct mg_layout layout = {study->table.names + MG_RECORD_COMMON_COLUMNS, study->fields.n};
    mg_answers_write(&intake->bytes, intake->answers, layout.n);
    if (intake->bytes.failed)
        return mg_fail(error, MG_E_LIMIT, "The answers are larger than %zu bytes.", DOCUMENT_BYTES_MAX);
    return mg_layout_write(intake->ctx->arena, &layout, &intake->columns, &intake->shape, error);
}

/* Texts stay those of the request. */
static int take_answers(struct intake *intake, struct mg_error *error)
{
    json_t *answers = (json_t *)intake->create->answers, *value; /* the macro below takes no const */
    const char *key;
    size_t guess = 0;
    if (!json_is_object(answers) || json_object_size(answers) == 0)
        return mg_fail(error, MG_E_INVALID, "A response needs at least one answer.");
    intake->warnings = mg_arena_array(intake->ctx->arena, json_object_size(answers), sizeof(char *));
    intake->answers = mg_arena_array(intake->ctx->arena, intake->fields->n + 1, sizeof *intake->answers);
    if (!intake->warnings || !intake->answers)
        return mg_fail_memory(error);
    json_object_foreach(answers, key, value)
    {
        size_t at = mg_fields_find(intake->fields, key, strlen(key), guess);
        if (at == SIZE_MAX)
            return mg_fail(error, MG_E_INVALID, "The study has no such column."), at_answer(error, key);
        int rc = add_answer(intake, at, value, error);
        if (rc)
            return rc;
        guess = at + 1;
    }
    return keep_answers(intake, error);
}

static int take_create(struct intake *intake, struct mg_error *error)
{
    const char *at = intake->create->at;
    intake->at = mg_now(&intake->ctx->clock);
    if (at && mg_time_parse(at, &intake->at) != 0)
        return mg_fail(error, MG_E_INVALID, "The time of the response can't be read.");
    int rc = mg_study_check_wave(intake->create->wave, error);
    return rc ? rc : take_answers(intake, error);
}

/* Whether the answers are the same, in whatever order the study had its columns then, or as whatever they
 * were kept then. MG_E_CONFLICT: they aren't. */
static int compare_answers(const struct intake *intake, const struct mg_sql_response_by_key_row *earlier,
                           struct mg_error *error)
{
    struct mg_arena *arena = intake->ctx->arena;
    const struct mg_layout layout = {intake->study->table.names + MG_RECORD_COMMON_COLUMNS,
                                     intake->fields->n};
    const char *now = mg_answers_document(arena, &layout, intake->answers), *then;
    int rc =
        now ? mg_stored_document(arena, earlier->document, earlier->columns, earlier->answers, &then, error)
            : mg_fail_memory(error);
    if (rc)
        return rc;
    json_t *first = mg_json_parse(now, strlen(now), COMPARED_BYTES_MAX, NULL);
    json_t *second = mg_json_parse(then, strlen(then), COMPARED_BYTES_MAX, NULL);
    bool same = first && second && json_equal(first, second);
    json_decref(first);
    json_decref(second);
    return same ? 0 : MG_E_CONFLICT;
}

/* A time that wasn't given is that of each request, and tells nothing. */
static bool is_repeat(const struct intake *intake, const char *customer_id,
                      const struct mg_sql_response_by_key_row *earlier)
{
    const struct mg_wire_response_create *create = intake->create;
    bool same_weight =
        create->has_weight ? earlier->weight && *earlier->weight == create->weight : !earlier->weight;
    return same_weight && (!create->at || intake->at == earlier->at) &&
           mg_str_equal(customer_id, earlier->customer_id) && mg_str_equal(create->wave, earlier->wave) &&
           mg_str_equal(create->channel, earlier->channel);
}

/* Of a response that wasn't taken in. Its key has come before: the same request has its answer, another one
 * is refused. Or its study went meanwhile. */
static int answer_repeat(struct mg_db *db, struct intake *intake, const char *customer_id,
                         struct mg_error *error)
{
    const struct mg_ctx *ctx = intake->ctx;
    struct mg_sql_response_by_key_row earlier;
    const char *key = intake->create->idempotency_key;
    int rc = key ? mg_sql_response_by_key(db, ctx->arena, ctx->caller.org_id, intake->study_id, key, &earlier,
                                          error)
                 : MG_E_NOT_FOUND;
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, MG_E_NOT_FOUND, "There is no such study.");
    if (rc)
        return rc;
    rc = is_repeat(intake, customer_id, &earlier) ? compare_answers(intake, &earlier, error) : MG_E_CONFLICT;
    if (!rc) {
        memcpy(intake->kept_id, earlier.id, MG_ULID_SIZE);
        return 0;
    }
    if (rc != MG_E_CONFLICT)
        return rc;
    mg_fail(error, MG_E_CONFLICT, "This idempotency key came with another response before.");
    mg_fail_at(error, "/idempotency_key");
    mg_fail_hint(error, "Give each response a key of its own, and repeat a request unchanged.");
    return MG_E_CONFLICT;
}

/* Whether the key is new is for the record's index to say, so that no two requests at once both find it new.
 */
static int insert_response(struct mg_db *db, void *user, struct mg_error *error)
{
    struct intake *intake = user;
    const struct mg_ctx *ctx = intake->ctx;
    const struct mg_wire_response_create *create = intake->create;
    const char *customer = NULL;
    int64_t inserted = 0;
    int rc = 0;
    if (create->customer && *create->customer)
        rc = mg_record_customer_ensure(db, ctx, ctx->arena, create->customer, &customer, NULL, error);
    struct mg_sql_response_insert_params params = {
        .id = intake->id,
        .org_id = ctx->caller.org_id,
        .study_id = intake->study_id,
        .customer_id = customer,
        .idempotency_key = create->idempotency_key,
        .wave = create->wave,
        .weight = create->has_weight ? &create->weight : NULL,
        .channel = create->channel,
        .at = intake->at,
        .now = mg_now(&ctx->clock),
        .document = NO_DOCUMENT,
        .shape = &intake->shape,
        .answers = {intake->bytes.data, intake->bytes.len},
    };
    if (!rc)
        rc = mg_sql_layout_insert(db, intake->study_id, intake->shape, params.org_id, intake->columns, NULL,
                                  error);
    if (!rc)
        rc = mg_sql_response_insert(db, &params, &inserted, error);
    if (!rc && !inserted)
        return answer_repeat(db, intake, customer, error);
    memcpy(intake->kept_id, intake->id, MG_ULID_SIZE);
    if (!rc)
        rc = mg_event_add(db, ctx, MG_EVENT_RESPONSE, intake->study_id, intake->id, NULL, error);
    return rc ? rc : mg_record_study_count(db, intake->study_id, 1, error);
}

static void done_bytes(void *bytes)
{
    mg_buf_done(bytes);
}

/* All that needs no lock: what insert_response writes, in the request's memory. */
static int prepare(const struct mg_ctx *ctx, const char *study_id,
                   const struct mg_wire_response_create *create, struct intake **ret_intake,
                   struct mg_error *error)
{
    const struct mg_record_study *study = NULL;
    struct intake *intake = mg_arena_alloc(ctx->arena, sizeof *intake);
    if (!intake)
        return mg_fail_memory(error);
    *intake = (struct intake){.ctx = ctx, .create = create, .study_id = study_id};
    mg_buf_init(&intake->bytes, DOCUMENT_BYTES_MAX);
    if (mg_arena_defer(ctx->arena, done_bytes, &intake->bytes))
        return mg_fail_memory(error);
    mg_ulid_new(mg_now(&ctx->clock), intake->id);
    int rc = mg_record_study_load(ctx, study_id, &study, error);
    if (rc)
        return rc;
    intake->study = study;
    intake->fields = &study->fields;
    rc = take_create(intake, error);
    if (!rc)
        *ret_intake = intake;
    return rc;
}

static struct mg_wire_response_receipt receipt_of(const struct intake *intake)
{
    return (struct mg_wire_response_receipt){intake->kept_id, intake->n_warnings ? intake->warnings : NULL,
                                             intake->n_warnings};
}

int mg_listen_response_create(const struct mg_ctx *ctx, const char *study_id,
                              const struct mg_wire_response_create *create,
                              struct mg_wire_response_receipt *ret, struct mg_error *error)
{
    struct intake *intake = NULL;
    int rc = prepare(ctx, study_id, create, &intake, error);
    if (!rc)
        rc = mg_store_write(ctx->store, insert_response, intake, error);
    if (!rc)
        *ret = receipt_of(intake);
    return rc;
}

static void created(void *user, int rc, const struct mg_error *error)
{
    struct intake *intake = user;
    if (!rc)
        *intake->ret = receipt_of(intake);
    intake->done(intake->user, rc, error);
}

int mg_listen_response_create_later(const struct mg_ctx *ctx, const char *study_id,
                                    const struct mg_wire_response_create *create,
                                    struct mg_wire_response_receipt *ret, mg_listen_response_done *done,
                                    void *user, struct mg_error *error)
{
    struct intake *intake = NULL;
    int rc = prepare(ctx, study_id, create, &intake, error);
    if (rc)
        return rc;
    intake->ret = ret;
    intake->done = done;
    intake->user = user;
    return mg_store_write_async(ctx->store, insert_response, intake, created, error);
}

/* --- reading --- */

static struct mg_wire_response to_wire(struct mg_arena *arena, const struct mg_sql_response_row *row)
{
    return (struct mg_wire_response){
        .id = row->id,
        .study_id = row->study_id,
        .import_id = row->import_id,
        .customer = row->customer,
        .respondent = row->respondent,
        .wave = row->wave,
        .weight = row->weight ? *row->weight : 0,
        .has_weight = row->weight && isfinite(*row->weight),
        .channel = row->channel,
        .at = row->at == MG_NO_TIME ? NULL : mg_wire_time(arena, &row->at),
        .answers = row->document,
    };
}

int mg_listen_responses_to_wire(const struct mg_ctx *ctx, const struct mg_sql_response_row *rows, size_t n,
                                int64_t total, struct mg_wire_response_list *ret, struct mg_error *error)
{
    struct mg_wire_response *responses = mg_arena_array(ctx->arena, n, sizeof *responses);
    if (!responses)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++)
        responses[i] = to_wire(ctx->arena, &rows[i]);
    *ret = (struct mg_wire_response_list){responses, n, total};
    return 0;
}

int mg_listen_response_list(const struct mg_ctx *ctx, const char *study_id, const char *before, int64_t limit,
                            struct mg_wire_response_list *ret, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_study_row study;
    struct mg_sql_response_row *rows = NULL;
    size_t n = 0;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_sql_study_get(db, ctx->arena, ctx->caller.org_id, study_id, &study, error);
    if (!rc)
        rc = mg_stored_list(ctx, db, study_id, before, limit, &rows, &n, error);
    mg_store_read_end(ctx->store, db);
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, MG_E_NOT_FOUND, "There is no such study.");
    return rc ? rc : mg_listen_responses_to_wire(ctx, rows, n, study.imported + study.single, ret, error);
}

int mg_listen_response_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_response *ret,
                           struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_response_row row;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_stored_get(ctx, db, id, &row, error);
    mg_store_read_end(ctx->store, db);
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, MG_E_NOT_FOUND, "There is no such response.");
    if (!rc)
        *ret = to_wire(ctx->arena, &row);
    return rc;
}

/* --- erasing --- */

struct erasure {
    const struct mg_ctx *ctx;
    const char *id;
};

static int erase_response(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct erasure *erasure = user;
    const struct mg_ctx *ctx = erasure->ctx;
    struct mg_stored_erased of;
    int rc = mg_stored_erase(ctx, db, erasure->id, &of, error);
    if (!rc)
        rc = of.import_id ? mg_sql_import_lose(db, of.import_id, 1, NULL, error)
                          : mg_record_study_count(db, of.study_id, -1, error);
    if (!rc)
        rc = mg_event_add(db, ctx, MG_EVENT_ERASE, of.study_id, erasure->id, NULL, error);
    if (!rc)
        rc = mg_audit_add(db, ctx, "delete", "response", erasure->id, NULL, NULL, error);
    return rc;
}

int mg_listen_response_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct erasure erasure = {ctx, id};
    return mg_store_write(ctx->store, erase_response, &erasure, error);
}
