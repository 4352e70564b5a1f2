/* What is in an upload, for show; see upload.h. */
#include <string.h>

#include "base/str.h"
#include "column/profile.h"
#include "service/admin/audit.h"
#include "service/listen/last.h"
#include "service/listen/mapping.h"
#include "service/listen/preview_roles.h"
#include "service/listen/preview_values.h"
#include "service/listen/reading.h"
#include "service/listen/upload.h"
#include "service/record/load.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define HEAD_ROWS 20
/* Of a preview, head and samples each, before JSON's escapes; a cell shows at least CELL_BYTES_MIN of it. */
#define SHOWN_BYTES ((size_t)1 << 20)
#define CELL_BYTES_MAX 200
#define CELL_BYTES_MIN 12
#define LABEL_BYTES_MAX 400

struct preview {
    const struct mg_ctx *ctx;
    struct mg_exchange *file;
    struct mg_source_info info;
    struct mg_wire_preview *ret;
};

/* Bytes of each of `n` cells, so that all of them stay near SHOWN_BYTES. */
static size_t cell_bytes(size_t n, size_t most)
{
    size_t bytes = SHOWN_BYTES / (n ? n : 1);
    return bytes < CELL_BYTES_MIN ? CELL_BYTES_MIN : bytes < most ? bytes : most;
}

static enum mg_wire_preview_column_type wire_type(enum mg_column_type type)
{
    switch (type) {
    case MG_TYPE_INTEGER:
        return MG_WIRE_PREVIEW_COLUMN_TYPE_INTEGER;
    case MG_TYPE_NUMBER:
        return MG_WIRE_PREVIEW_COLUMN_TYPE_NUMBER;
    case MG_TYPE_TIME:
        return MG_WIRE_PREVIEW_COLUMN_TYPE_TIME;
    case MG_TYPE_BOOLEAN:
        return MG_WIRE_PREVIEW_COLUMN_TYPE_BOOLEAN;
    default:
        return MG_WIRE_PREVIEW_COLUMN_TYPE_TEXT;
    }
}

static int take_head(struct preview *preview, struct mg_error *error)
{
    const struct mg_ctx *ctx = preview->ctx;
    struct mg_exchange_head found;
    size_t n = preview->info.n_columns;
    struct mg_wire_preview_head_row *head = mg_arena_array(ctx->arena, HEAD_ROWS, sizeof *head);
    if (!head)
        return mg_fail_memory(error);
    int rc = mg_exchange_head(preview->file, ctx->arena, &preview->info, HEAD_ROWS,
                              cell_bytes(n * HEAD_ROWS, CELL_BYTES_MAX), &found, error);
    if (rc)
        return rc;
    for (size_t i = 0; i < found.n_rows; i++)
        head[i] = (struct mg_wire_preview_head_row){found.rows[i], n};
    preview->ret->head = head;
    preview->ret->n_head = found.n_rows;
    preview->ret->cut |= found.cut;
    return 0;
}

/* The column's values for show. */
static int take_samples(struct preview *preview, const struct mg_column_info *info,
                        struct mg_wire_preview_column *column, struct mg_error *error)
{
    size_t most = cell_bytes(preview->info.n_columns * MG_PROFILE_SAMPLES, MG_SAMPLE_BYTES);
    const char **samples = mg_arena_array(preview->ctx->arena, info->n_samples, sizeof *samples);
    if (!samples)
        return mg_fail_memory(error);
    for (size_t i = 0; i < info->n_samples; i++) {
        size_t n = strlen(info->samples[i]);
        char *sample = mg_arena_alloc(preview->ctx->arena, (n < most ? n : most) + 4);
        if (!sample)
            return mg_fail_memory(error);
        bool cut_already = n >= MG_SAMPLE_BYTES && mg_str_ends(info->samples[i], "…");
        preview->ret->cut |= mg_str_cut(info->samples[i], n, most, sample) || cut_already;
        samples[i] = sample;
    }
    column->samples = samples;
    column->n_samples = info->n_samples;
    return 0;
}

static struct mg_wire_file_row *wire_rows(const struct mg_ctx *ctx, const struct mg_exchange_end_row *rows,
                                          size_t n)
{
    struct mg_wire_file_row *wire = mg_arena_array(ctx->arena, n, sizeof *wire);
    for (size_t i = 0; wire && i < n; i++)
        wire[i] = (struct mg_wire_file_row){rows[i].line, rows[i].cells, rows[i].n_cells};
    return wire;
}

static int take_ends(struct preview *preview, struct mg_error *error)
{
    const struct mg_ctx *ctx = preview->ctx;
    struct mg_exchange_ends ends;
    size_t n = preview->info.n_columns * 2 * MG_EXCHANGE_END_ROWS;
    int rc = mg_exchange_ends(preview->file, ctx->arena, cell_bytes(n, CELL_BYTES_MAX), &ends, error);
    if (rc)
        return rc;
    preview->ret->first_rows = wire_rows(ctx, ends.first, ends.n_first);
    preview->ret->n_first_rows = ends.n_first;
    preview->ret->last_rows = wire_rows(ctx, ends.last, ends.n_last);
    preview->ret->n_last_rows = ends.n_last;
    return preview->ret->first_rows && preview->ret->last_rows ? 0 : mg_fail_memory(error);
}

/* What is in the columns, and the first rows. */
static int take_facts(struct preview *preview, struct mg_error *error)
{
    const struct mg_ctx *ctx = preview->ctx;
    int rc = mg_exchange_describe(preview->file, ctx->arena, &preview->info, error);
    if (rc)
        return rc;
    size_t n = preview->info.n_columns;
    struct mg_wire_preview_column *columns = mg_arena_array(ctx->arena, n, sizeof *columns);
    if (!columns)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++) {
        const struct mg_column_info *c = &preview->info.columns[i];
        bool number = c->type == MG_TYPE_INTEGER || c->type == MG_TYPE_NUMBER;
        columns[i] = (struct mg_wire_preview_column){.name = c->name,
                                                     .type = wire_type(c->type),
                                                     .missing = c->n_missing,
                                                     .distinct = c->n_distinct,
                                                     .min = c->min,
                                                     .has_min = number,
                                                     .max = c->max,
                                                     .has_max = number};
        rc = take_samples(preview, c, &columns[i], error);
    }
    if (!rc)
        rc = mg_preview_told(ctx, &preview->info, cell_bytes(n, LABEL_BYTES_MAX), columns, error);
    preview->ret->columns = columns;
    preview->ret->n_columns = n;
    preview->ret->rows = preview->info.rows;
    if (!rc)
        rc = take_head(preview, error);
    return rc ? rc : take_ends(preview, error);
}

/* Of a column that is merely called "wave" nothing is proposed, but where the last import took it. */
static int propose_targets(struct preview *preview, const struct mg_record_study *study, const char **targets,
                           struct mg_error *error)
{
    const bool *taken;
    struct mg_wire_preview_column *columns = (struct mg_wire_preview_column *)preview->ret->columns;
    int rc = mg_last_properties(preview->ctx, study->id, preview->file, &taken, error);
    for (size_t i = 0; i < preview->ret->n_columns && !rc; i++)
        if (targets[i] && (taken[i] || mg_mapping_is_named(&study->fields, targets[i])))
            columns[i].target = targets[i];
    return rc;
}

static int take_mapping(struct preview *preview, const char *study_id, struct mg_error *error)
{
    const struct mg_ctx *ctx = preview->ctx;
    struct mg_wire_preview *ret = preview->ret;
    const struct mg_record_study *study;
    const char **names = mg_arena_array(ctx->arena, ret->n_columns, sizeof *names), **targets = NULL;
    int rc = names ? mg_record_study_load(ctx, study_id, &study, error) : mg_fail_memory(error);
    for (size_t i = 0; i < ret->n_columns && names; i++)
        names[i] = ret->columns[i].name;
    if (!rc)
        rc = mg_mapping_targets(ctx->arena, &study->fields, &ret->targets, &ret->n_targets, error);
    if (!rc)
        rc = mg_mapping_propose(ctx->arena, &study->fields, names, preview->file->given, ret->n_columns,
                                &targets, error);
    return rc ? rc : propose_targets(preview, study, targets, error);
}

/* "data/kiosk 2025.csv" → "kiosk-2025", at most 60 bytes. */
static int take_proposal(struct preview *preview, struct mg_proposal *proposal, struct mg_error *error)
{
    const struct mg_ctx *ctx = preview->ctx;
    const char *code = mg_study_code_of(ctx->arena, preview->ret->upload.name);
    struct mg_wire_preview *ret = preview->ret;
    int rc = mg_record_propose(ctx->arena, code, &preview->info, ctx->lang, proposal, error);
    if (!rc)
        rc = mg_preview_roles(ctx, &preview->info, proposal, (struct mg_wire_preview_column *)ret->columns,
                              ret, error);
    if (rc || proposal->study.n_items == 0)
        return rc;
    struct mg_buf text;
    mg_buf_init(&text, MG_STUDY_BYTES_MAX);
    mg_study_write(&proposal->study, &text);
    preview->ret->proposed_study = text.failed ? NULL : mg_arena_strndup(ctx->arena, text.data, text.len);
    mg_buf_done(&text);
    return preview->ret->proposed_study ? 0 : mg_fail_memory(error);
}

/* What the file's opening and the proposal have to say. */
static int take_notes(struct preview *preview, const struct mg_proposal *proposal, struct mg_error *error)
{
    const struct mg_exchange *file = preview->file;
    size_t n = 0;
    const char **notes =
        mg_arena_array(preview->ctx->arena, file->n_notes + proposal->n_notes + 1, sizeof *notes);
    if (!notes)
        return mg_fail_memory(error);
    for (size_t i = 0; i < file->n_notes; i++)
        notes[n++] =
            mg_arena_strdup(preview->ctx->arena, mg_text_in(&file->notes[i], preview->ctx->lang, ""));
    if (preview->info.rows == 0)
        notes[n++] = mg_tr(preview->ctx->lang, "The file has a header but no rows.");
    for (size_t i = 0; i < proposal->n_notes && preview->info.rows > 0; i++)
        notes[n++] = proposal->notes[i];
    preview->ret->notes = notes;
    preview->ret->n_notes = n;
    return 0;
}

static void take_format(struct preview *preview)
{
    static const enum mg_wire_preview_format formats[] = {
        [MG_FILE_CSV] = MG_WIRE_PREVIEW_FORMAT_CSV,     [MG_FILE_PARQUET] = MG_WIRE_PREVIEW_FORMAT_PARQUET,
        [MG_FILE_JSONL] = MG_WIRE_PREVIEW_FORMAT_JSONL, [MG_FILE_JSON] = MG_WIRE_PREVIEW_FORMAT_JSON,
        [MG_FILE_XLSX] = MG_WIRE_PREVIEW_FORMAT_XLSX,   [MG_FILE_SAV] = MG_WIRE_PREVIEW_FORMAT_SAV,
        [MG_FILE_DTA] = MG_WIRE_PREVIEW_FORMAT_DTA,     [MG_FILE_SAS] = MG_WIRE_PREVIEW_FORMAT_SAS7BDAT,
    };
    const struct mg_exchange *file = preview->file;
    struct mg_wire_preview *ret = preview->ret;
    ret->format = formats[file->format];
    ret->encoding = mg_arena_strdup(preview->ctx->arena, file->encoding);
    if (file->delimiter)
        ret->delimiter = mg_arena_strndup(preview->ctx->arena, &file->delimiter, 1);
}

static int take_sheets(struct preview *preview, struct mg_error *error)
{
    const struct mg_exchange *file = preview->file;
    const char **names = mg_arena_array(preview->ctx->arena, file->n_sheets, sizeof *names);
    for (size_t i = 0; names && i < file->n_sheets; i++)
        if (!(names[i] = mg_arena_strdup(preview->ctx->arena, file->sheets[i])))
            return mg_fail_memory(error);
    if (!names)
        return mg_fail_memory(error);
    preview->ret->sheets = names;
    preview->ret->n_sheets = file->n_sheets;
    preview->ret->sheet = file->n_sheets ? names[file->sheet] : NULL;
    return 0;
}

/* `reading`: NULL, or how the file is to be read. */
static int look(const struct mg_ctx *ctx, const char *id, const char *study_id,
                const struct mg_wire_reading *reading, struct mg_wire_preview *ret, struct mg_error *error)
{
    struct mg_sql_upload_get_row row;
    int rc = mg_listen_upload_get(ctx, id, &row, error);
    if (rc)
        return rc;
    struct mg_wire_preview result = {
        .upload = {row.id, row.file_name, row.bytes, mg_wire_time(ctx->arena, &row.created_at)}};
    struct preview preview = {.ctx = ctx, .ret = &result};
    rc = mg_listen_upload_open(ctx, id, row.file_name, reading, &preview.file, error);
    if (rc)
        return rc;
    take_format(&preview);
    rc = take_sheets(&preview, error);
    if (!rc)
        rc = take_facts(&preview, error);
    if (!rc)
        rc = mg_preview_values(ctx, preview.file, (struct mg_wire_preview_column *)result.columns, &result,
                               error);
    struct mg_proposal proposal = {0};
    if (!rc)
        rc = study_id ? take_mapping(&preview, study_id, error) : take_proposal(&preview, &proposal, error);
    if (!rc)
        rc = take_notes(&preview, &proposal, error);
    if (!rc)
        rc = mg_last_find(ctx, study_id, preview.file, &result.last, error);
    mg_exchange_close(preview.file);
    if (!rc)
        *ret = result;
    return rc;
}

int mg_listen_upload_preview(const struct mg_ctx *ctx, const char *id, const char *study_id,
                             const char *sheet, struct mg_wire_preview *ret, struct mg_error *error)
{
    const struct mg_wire_reading *reading;
    int rc = mg_reading_with_sheet(ctx, NULL, sheet, &reading, error);
    return rc ? rc : look(ctx, id, study_id, reading, ret, error);
}

int mg_listen_upload_preview_reading(const struct mg_ctx *ctx, const char *id,
                                     const struct mg_wire_preview_request *request,
                                     struct mg_wire_preview *ret, struct mg_error *error)
{
    return look(ctx, id, request->study, request->reading, ret, error);
}
