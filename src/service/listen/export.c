/* Responses as a file; see export.h. */
#include "service/listen/export.h"

#include <math.h>
#include <string.h>

#include "base/str.h"
#include "exchange/out/target.h"
#include "service/admin/audit.h"
#include "service/listen/last.h"
#include "service/listen/response.h"
#include "service/listen/upload.h"
#include "service/record/load.h"
#include "store/store.h"

#define PAGE_ROWS 500
#define PAGE_BYTES ((size_t)256 << 20)

/* The respondent's id only where the study names a column for it that is none of its others. */
enum own { OWN_ID, OWN_AT, OWN_WAVE, OWN_WEIGHT, OWN_CUSTOMER, OWN_CHANNEL, OWN_RESPONDENT, OWN_MOST };

struct responses {
    const struct mg_ctx *ctx;
    const struct mg_record_study *study;
    struct mg_fields texts; /* the study's, all read as text: nothing is left out as unfit */
    struct mg_out_column *columns;
    struct mg_out_cell *cells;
    const char **values; /* of a row's fields */
    size_t n, n_own;
    struct mg_out *out;
};

/* ---- columns ---- */

/* Our name, or with a number behind it where the study has a column of that name. */
static const char *free_name(const struct responses *r, const char *wanted)
{
    const char *id = r->n_own == OWN_MOST ? r->study->study->id : NULL;
    const char *name = wanted;
    for (int number = 2; name; number++) {
        bool taken = id && wanted != id && mg_str_equal_nocase(id, name);
        for (size_t i = 0; i < r->study->fields.n; i++)
            taken |= mg_str_equal_nocase(r->study->fields.fields[i].column, name);
        if (!taken)
            return name;
        name = mg_arena_printf(r->ctx->arena, "%s_%d", wanted, number);
    }
    return NULL;
}

/* Whether the ids stand in no other column that goes out. */
static bool has_id_column(const struct mg_record_study *record)
{
    const struct mg_study *study = record->study;
    const char *const others[] = {study->time, study->wave, study->weight, study->customer};
    bool there = study->id != NULL;
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        there = there && !mg_str_equal(study->id, others[i]);
    for (size_t i = 0; i < record->fields.n; i++)
        there = there && !mg_str_equal(study->id, record->fields.fields[i].column);
    return there;
}

static int add_own(struct responses *r, struct mg_error *error)
{
    const struct mg_study *study = r->study->study;
    static const enum mg_column_type types[OWN_MOST] = {
        [OWN_AT] = MG_TYPE_TIME, [OWN_WEIGHT] = MG_TYPE_NUMBER};
    const char *const labels[OWN_MOST] = {MG_TEXT("Response"),  MG_TEXT("Given at (UTC)"), MG_TEXT("Wave"),
                                          MG_TEXT("Weight"),    MG_TEXT("Customer"),       MG_TEXT("Channel"),
                                          MG_TEXT("Respondent")};
    const char *const names[OWN_MOST] = {"response_id",
                                         study->time ? study->time : "at",
                                         study->wave ? study->wave : "wave",
                                         study->weight ? study->weight : "weight",
                                         study->customer ? study->customer : "customer",
                                         "channel",
                                         study->id};
    for (size_t i = 0; i < r->n_own; i++) {
        struct mg_both label = mg_tr_both(labels[i]);
        r->columns[i] = (struct mg_out_column){
            .name = free_name(r, names[i]), .label = {label.en, label.zh}, .type = types[i]};
        if (!r->columns[i].name)
            return mg_fail_memory(error);
    }
    return 0;
}

/* The label says which side of an item it is. */
static const char *side_of(enum mg_wire_target_role role)
{
    switch (role) {
    case MG_WIRE_TARGET_ROLE_EXPECTATION:
        return MG_TEXT("Expected: %s");
    case MG_WIRE_TARGET_ROLE_PERCEPTION:
        return MG_TEXT("Perceived: %s");
    case MG_WIRE_TARGET_ROLE_ADEQUATE:
        return MG_TEXT("Adequate: %s");
    case MG_WIRE_TARGET_ROLE_IMPORTANCE:
        return MG_TEXT("Importance: %s");
    default:
        return NULL;
    }
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the literals are in side_of and in po/ */
static struct mg_text label_of(struct mg_arena *arena, const struct mg_field *field)
{
    const char *side = side_of(field->role);
    if (!side)
        return field->label;
    struct mg_both format = mg_tr_both(side);
    return (struct mg_text){field->label.en ? mg_arena_printf(arena, format.en, field->label.en) : NULL,
                            field->label.zh ? mg_arena_printf(arena, format.zh, field->label.zh) : NULL};
}
#pragma GCC diagnostic pop

/* The item whose expectation or adequate level the column holds, where that is rescaled; else NULL. */
static const struct mg_item *rescaled_item(const struct mg_study *study, const char *column)
{
    for (size_t i = 0; i < study->n_items; i++) {
        const struct mg_item *item = &study->items[i];
        if (mg_item_is_rescaled(item) &&
            (mg_str_equal(item->expectation, column) || mg_str_equal(item->adequate, column)))
            return item;
    }
    return NULL;
}

/* Answers go out as they were given; the label says on which scale, and on which they are compared. */
static struct mg_text label_with_scales(struct mg_arena *arena, const struct mg_study *study,
                                        const struct mg_field *field)
{
    const struct mg_item *item = rescaled_item(study, field->column);
    struct mg_text label = label_of(arena, field);
    if (!item)
        return label;
    const struct mg_scale *from = mg_item_expectation_scale(item), *to = &item->scale;
    struct mg_text both = {NULL, NULL};
    const char **to_texts[] = {&both.en, &both.zh};
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++)
        *to_texts[lang] =
            mg_arena_printf(arena, mg_tr(lang, "%s (answered on %g to %g, compared on %g to %g)"),
                            mg_text_in(&label, lang, field->column), from->min, from->max, to->min, to->max);
    return both;
}

static void add_fields(struct responses *r, struct mg_field *texts)
{
    const struct mg_study *study = r->study->study;
    for (size_t i = 0; i < r->study->fields.n; i++) {
        const struct mg_field *field = &r->study->fields.fields[i];
        bool number = field->type != MG_TYPE_TEXT;
        texts[i] = *field;
        texts[i].type = MG_TYPE_TEXT;
        r->columns[r->n_own + i] =
            (struct mg_out_column){.name = field->column,
                                   .label = label_with_scales(r->ctx->arena, study, field),
                                   .type = field->type,
                                   .codes = number ? study->missing_codes : NULL,
                                   .n_codes = number ? study->n_missing_codes : 0};
    }
    r->texts = (struct mg_fields){study, texts, r->study->fields.n};
}

/* What the numbers meant in the file that was imported last: the record keeps the numbers alone. */
static int add_labels(struct responses *r, struct mg_error *error)
{
    struct mg_last_profile last;
    int rc = mg_last_of_study(r->ctx, r->study->id, &last, error);
    for (size_t c = 0; c < last.n_columns && !rc; c++)
        for (size_t i = r->n_own; i < r->n; i++)
            if (r->columns[i].type != MG_TYPE_TEXT &&
                mg_str_equal(r->columns[i].name, last.columns[c].target)) {
                r->columns[i].labels = last.columns[c].labels;
                r->columns[i].n_labels = last.columns[c].n_labels;
            }
    return rc == MG_E_NOT_FOUND || rc == MG_E_INVALID ? 0 : rc; /* undone meanwhile; passed over */
}

static int find_columns(struct responses *r, struct mg_error *error)
{
    struct mg_arena *arena = r->ctx->arena;
    r->n_own = has_id_column(r->study) ? OWN_MOST : OWN_RESPONDENT;
    r->n = r->n_own + r->study->fields.n;
    struct mg_field *texts = mg_arena_array(arena, r->n, sizeof *texts);
    r->columns = mg_arena_array(arena, r->n, sizeof *r->columns);
    r->cells = mg_arena_array(arena, r->n, sizeof *r->cells);
    r->values = mg_arena_array(arena, r->n, sizeof *r->values);
    if (!texts || !r->columns || !r->cells || !r->values)
        return mg_fail_memory(error);
    add_fields(r, texts);
    int rc = add_own(r, error);
    return rc ? rc : add_labels(r, error);
}

/* ---- rows ---- */

static struct mg_out_cell cell_of(const struct mg_out_column *column, const char *text)
{
    struct mg_out_cell cell = {.kind = text ? MG_OUT_TEXT : MG_OUT_MISSING, .text = text};
    int64_t us;
    if (!text || column->type == MG_TYPE_TEXT)
        return cell;
    if (column->type == MG_TYPE_TIME && mg_time_parse(text, &us) == 0)
        return (struct mg_out_cell){.kind = MG_OUT_TIME, .number = (double)us};
    if (column->type != MG_TYPE_TIME && mg_parse_double(text, &cell.number))
        cell.kind = MG_OUT_NUMBER;
    return cell;
}

static int write_response(struct responses *r, struct mg_arena *arena,
                          const struct mg_wire_response *response, struct mg_error *error)
{
    const char *const own[OWN_MOST] = {response->id,       response->at,      response->wave,      NULL,
                                       response->customer, response->channel, response->respondent};
    char *document = mg_arena_strdup(arena, response->answers);
    if (!document)
        return mg_fail_memory(error);
    int rc = mg_document_cells(arena, &r->texts, document, r->values, error);
    for (size_t i = 0; i < r->n_own; i++)
        r->cells[i] = cell_of(&r->columns[i], own[i]);
    if (response->has_weight)
        r->cells[OWN_WEIGHT] = (struct mg_out_cell){.kind = MG_OUT_NUMBER, .number = response->weight};
    for (size_t i = 0; i < r->texts.n && rc == 0; i++)
        r->cells[r->n_own + i] = cell_of(&r->columns[r->n_own + i], r->values[i]);
    return rc ? rc : mg_out_row(r->out, r->cells, error);
}

/* A page; *last becomes the id of its last response, "" where there are no more. */
static int write_page(struct responses *r, char last[27], struct mg_error *error)
{
    struct mg_ctx page = *r->ctx;
    struct mg_wire_response_list list = {0};
    page.arena = mg_arena_new(PAGE_BYTES);
    int rc = page.arena
                 ? mg_listen_response_list(&page, r->study->id, *last ? last : NULL, PAGE_ROWS, &list, error)
                 : mg_fail_memory(error);
    for (size_t i = 0; i < list.n_responses && rc == 0; i++)
        rc = write_response(r, page.arena, &list.responses[i], error);
    snprintf(last, 27, "%s", list.n_responses ? list.responses[list.n_responses - 1].id : "");
    mg_arena_free(page.arena);
    return rc;
}

static int write_all(struct responses *r, struct mg_error *error)
{
    char last[27] = "";
    int rc;
    do
        rc = write_page(r, last, error);
    while (rc == 0 && *last);
    return rc;
}

static int write_file(struct responses *r, const struct mg_out_target *target,
                      struct mg_out_report *ret_report, struct mg_error *error)
{
    const struct mg_ctx *ctx = r->ctx;
    struct mg_out_options options = {.title = mg_text_in(&r->study->study->title, ctx->lang, r->study->code),
                                     .lang = ctx->lang,
                                     .temp_dir = mg_listen_upload_path(ctx, ""),
                                     .columns = &ctx->columns,
                                     .stop = ctx->stop};
    int rc = options.temp_dir ? mg_dir_create(options.temp_dir, error) : mg_fail_memory(error);
    if (rc)
        return rc;
    rc = mg_out_open(ctx->arena, target->format, target->draft.path, r->columns, r->n, &options, &r->out,
                     error);
    if (rc)
        return rc;
    rc = write_all(r, error);
    if (rc == 0)
        return mg_out_close(r->out, ret_report, error);
    mg_out_drop(r->out);
    return rc;
}

/* ---- the log ---- */

struct note {
    const struct mg_ctx *ctx;
    const char *study_id, *after;
};

static int add_note(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct note *note = user;
    return mg_audit_add(db, note->ctx, "export", "study", note->study_id, NULL, note->after, error);
}

static int note_export(const struct mg_ctx *ctx, const char *study_id, enum mg_out_format format,
                       int64_t rows, struct mg_error *error)
{
    struct note note = {ctx, study_id,
                        mg_arena_printf(ctx->arena, "{\"format\":\"%s\",\"rows\":%lld}", mg_out_name(format),
                                        (long long)rows)};
    return note.after ? mg_store_write(ctx->store, add_note, &note, error) : mg_fail_memory(error);
}

int mg_listen_export(const struct mg_ctx *ctx, const struct mg_export_request *request,
                     struct mg_out_report *ret_report, struct mg_error *error)
{
    struct responses r = {.ctx = ctx};
    struct mg_out_target target;
    int rc = mg_record_study_load(ctx, request->study_id, &r.study, error);
    if (rc == 0)
        rc = find_columns(&r, error);
    if (rc == 0)
        rc = mg_out_target_open(request->to, request->format, NULL, 0, &target, error);
    if (rc)
        return rc;
    rc = write_file(&r, &target, ret_report, error);
    if (rc == 0)
        rc = note_export(ctx, request->study_id, target.format, ret_report->rows, error);
    return mg_out_target_close(&target, rc, error);
}
