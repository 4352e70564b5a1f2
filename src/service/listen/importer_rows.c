/* The rows of an import, read and checked one by one into the batch that is being filled; see importer.h. */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/str.h"
#include "column/file.h"
#include "service/listen/importer_private.h"
#include "service/record/hidden.h"

#define VALUE_SHOWN 200 /* bytes of a bad cell that are listed */
#define WAVE_MAX 64     /* characters, as in what is posted */
#define CUSTOMER_MAX 100

/* Notes a bad cell or row; `value` NULL for a row. */
static int list_error(struct importer *importer, int64_t line, const char *column, const char *value,
                      struct mg_both reason, struct mg_error *error)
{
    struct batch *batch = importer->filling;
    importer->counts.errors++;
    importer->row_problems++;
    if (importer->counts.errors > MG_IMPORT_ERRORS_STORED)
        return 0;
    if (batch->n_listed == BATCH_ERRORS)
        return mg_fail(error, MG_E_LIMIT, "Line %lld has more than %d bad cells.", (long long)line,
                       BATCH_ERRORS);
    value = value ? value : "";
    char *shown = mg_arena_strndup(batch->arena, value, mg_utf8_cut(value, strlen(value), VALUE_SHOWN));
    const struct mg_both why = {mg_arena_strdup(batch->arena, reason.en),
                                mg_arena_strdup(batch->arena, reason.zh)};
    if (!shown || !why.en || !why.zh)
        return mg_fail_memory(error);
    batch->listed[batch->n_listed++] = (struct listed){importer->counts.errors, line, column, shown, why};
    return 0;
}

static int list_problem(struct importer *importer, int64_t line, const char *column, const char *value,
                        const struct mg_cell_problem *problem, struct mg_error *error)
{
    char en[200], zh[200];
    mg_cell_explain(problem, MG_LANG_EN, en, sizeof en);
    mg_cell_explain(problem, MG_LANG_ZH, zh, sizeof zh);
    return list_error(importer, line, column, value, (struct mg_both){en, zh}, error);
}

/* A text that stays as long as the batch. */
static int take_text(struct batch *batch, const char *text, const char **ret, struct mg_error *error)
{
    size_t n = strlen(text);
    *ret = mg_arena_strndup(batch->arena, text, n);
    batch->text_bytes += n + 1;
    return *ret ? 0 : mg_fail_memory(error);
}

/* How the file's column is read; NULL: plainly. */
static const struct mg_reading *reading_of(const struct importer *importer, size_t at, enum mg_cell_kind kind)
{
    const struct mg_reading *reading = &importer->plan->source->file->readings[at];
    return reading->kind == kind ? reading : NULL;
}

static enum mg_cell read_answer(const struct importer *importer, size_t at, const struct mg_field *field,
                                const char *cell, double *ret_number, struct mg_cell_problem *ret_problem)
{
    const struct mg_reading *reading = reading_of(importer, at, MG_CELLS_NUMBER);
    if (!reading || field->type == MG_TYPE_TEXT)
        return mg_field_read(field, cell, ret_number, ret_problem);
    switch (mg_cell_read(reading, cell, strlen(cell), ret_number)) {
    case MG_READ_MISSING:
        return MG_CELL_MISSING;
    case MG_READ_VALUE:
        return mg_field_read_number(field, *ret_number, ret_problem);
    default:
        *ret_problem = (struct mg_cell_problem){.reason = mg_answer_reason(MG_ANSWER_NO_NUMBER)};
        return MG_CELL_BAD;
    }
}

static bool is_property(const struct mg_target *target)
{
    return target->wave || target->weight || target->customer || target->time;
}

static void know_digits(const struct importer *importer, size_t at, struct digits *ret)
{
    const struct mg_import_source *source = importer->plan->source;
    const struct mg_target *target = &source->targets[at];
    const struct mg_field *field =
        target->field != SIZE_MAX ? &source->study->fields.fields[target->field] : NULL;
    struct mg_cell_problem problem;
    ret->known = field && field->type != MG_TYPE_TEXT && !is_property(target);
    for (int digit = 0; digit < 10 && ret->known; digit++) {
        const char cell[2] = {(char)('0' + digit)};
        ret->kinds[digit] = read_answer(importer, at, field, cell, &ret->numbers[digit], &problem);
    }
}

static bool read_weight(const struct importer *importer, size_t at, const char *cell, double *ret_weight)
{
    const struct mg_reading *reading = reading_of(importer, at, MG_CELLS_NUMBER);
    return reading ? mg_cell_read(reading, cell, strlen(cell), ret_weight) == MG_READ_VALUE
                   : mg_parse_double(cell, ret_weight);
}

static bool read_time(const struct importer *importer, size_t at, const char *cell, int64_t *ret_time)
{
    const struct mg_reading *reading = reading_of(importer, at, MG_CELLS_TIME);
    double time;
    if (!reading)
        return mg_time_parse(cell, ret_time) == 0;
    if (mg_cell_read(reading, cell, strlen(cell), &time) != MG_READ_VALUE)
        return false;
    *ret_time = (int64_t)time;
    return true;
}

static int take_answer(struct importer *importer, size_t at, int64_t line, const char *cell, size_t *answers,
                       struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    struct batch *batch = importer->filling;
    size_t number_of_field = plan->source->targets[at].field;
    const struct mg_field *field = &plan->source->study->fields.fields[number_of_field];
    struct mg_datum *out =
        &batch->cells[batch->n_rows * importer->n_cells + MG_RECORD_COMMON_COLUMNS + number_of_field];
    struct mg_cell_problem problem;
    double number;
    enum mg_cell kind = read_answer(importer, at, field, cell, &number, &problem);
    if (kind == MG_CELL_BAD)
        return list_problem(importer, line, plan->source->columns[at], cell, &problem, error);
    if (kind == MG_CELL_MISSING)
        return 0;
    ++*answers;
    *out = mg_datum_number(number);
    if (field->type != MG_TYPE_TEXT)
        return 0;
    *out = mg_datum_text("");
    return take_text(batch, cell, &out->text, error);
}

/* The response's own properties. */
static int take_property(struct importer *importer, size_t at, int64_t line, const char *cell,
                         struct mg_chunk_row *row, struct mg_error *error)
{
    const struct mg_target *target = &importer->plan->source->targets[at];
    struct batch *batch = importer->filling;
    int rc = 0;
    struct mg_cell_problem problem = {0};
    if (target->weight || target->time ? mg_answer_is_blank(cell) : !*cell)
        return 0;
    if (target->weight) {
        /* as it is given: reports tell the kinds apart */
        if (!read_weight(importer, at, cell, &row->weight))
            row->weight = MG_WEIGHT_NO_NUMBER;
        problem.reason = mg_weight_holds(row->weight)
                             ? NULL
                             : MG_TEXT("A weight is a number above 0 and at most 1000000000.");
    } else if (target->time) {
        problem.reason = read_time(importer, at, cell, &row->at)
                             ? NULL
                             : MG_TEXT("It is not a time such as 2026-01-18 13:40.");
    } else if (mg_utf8_length(cell) > (target->wave ? WAVE_MAX : CUSTOMER_MAX)) {
        problem.reason = MG_TEXT("The text is too long.");
    } else if (target->wave && !mg_study_wave_fits(cell)) {
        problem.reason = MG_TEXT("A wave can't be called so.");
    } else if (target->wave) {
        rc = take_text(batch, cell, &row->wave, error);
    } else {
        rc = take_text(batch, cell, &batch->references[batch->n_rows], error);
    }
    if (!problem.reason || rc)
        return rc;
    size_t problems = importer->row_problems + !target->weight; /* without its weight the row still holds */
    rc = list_problem(importer, line, importer->plan->source->columns[at], cell, &problem, error);
    importer->row_problems = problems;
    return rc;
}

static int take_cell(struct importer *importer, size_t at, int64_t line, const char *cell,
                     struct mg_chunk_row *row, size_t *answers, struct mg_error *error)
{
    const struct mg_target *target = &importer->plan->source->targets[at];
    char scratch[MG_FIELD_TEXT_MAX + 2];
    int rc = 0;
    cell = mg_cell_trim(cell, scratch, sizeof scratch);
    if (is_property(target))
        rc = take_property(importer, at, line, cell, row, error);
    if (!rc && target->field != SIZE_MAX)
        rc = take_answer(importer, at, line, cell, answers, error);
    return rc;
}

/* Takes the cell where it is one of the digits that are known. */
static bool take_digit(const struct importer *importer, size_t at, const char *cell,
                       struct mg_datum *answered, size_t *answers)
{
    const struct digits *digits = &importer->digits[at];
    unsigned digit = (unsigned)(unsigned char)cell[0] - '0';
    if (!digits->known || digit > 9 || cell[1] || digits->kinds[digit] == MG_CELL_BAD)
        return false;
    if (digits->kinds[digit] == MG_CELL_GOOD) {
        answered[MG_RECORD_COMMON_COLUMNS + importer->plan->source->targets[at].field] =
            mg_datum_number(digits->numbers[digit]);
        ++*answers;
    }
    return true;
}

/* What the columns have of a row besides its answers. */
static void end_cells(struct importer *importer, const struct mg_chunk_row *row)
{
    struct batch *batch = importer->filling;
    struct mg_datum *cells = &batch->cells[batch->n_rows * importer->n_cells];
    cells[MG_RECORD_WAVE_AT] = mg_datum_text(row->wave);
    if (row->at != MG_NO_TIME)
        cells[MG_RECORD_AT_AT] = mg_datum_time(row->at);
    if (!isnan(row->weight))
        cells[MG_RECORD_WEIGHT_AT] = mg_datum_number(row->weight);
    cells[MG_RECORD_IMPORT_AT] = mg_datum_text(importer->plan->import_id);
}

/* Keeps or drops the row. */
static int end_row(struct importer *importer, int64_t line, size_t answers, struct mg_error *error)
{
    struct batch *batch = importer->filling;
    bool skipped = importer->plan->skip_bad_rows && importer->row_problems > 0;
    int rc = 0;
    if (answers == 0 && importer->row_problems == 0)
        rc = list_error(importer, line, "", NULL, mg_tr_both(MG_TEXT("The row has no answer to this study.")),
                        error);
    if (answers == 0 || skipped) {
        importer->counts.refused++;
        return rc;
    }
    end_cells(importer, &batch->rows[batch->n_rows]);
    importer->counts.kept++;
    batch->n_rows++;
    return 0;
}

/* --- ids --- */

size_t mg_import_ids_of(const struct mg_import_source *source)
{
    const char *name = source->study->study->id;
    for (size_t i = 0; name && i < source->n_columns; i++)
        if (strcmp(source->columns[i], name) == 0)
            return i;
    return SIZE_MAX;
}

static uint64_t hash_row(const char *const *cells, size_t n)
{
    uint64_t hash = MG_HASH_START;
    for (size_t i = 0; i < n; i++)
        hash = mg_hash_word(mg_hash_text(hash, cells[i] ? cells[i] : ""), 0x100);
    return hash;
}

/* A row whose id came before in its wave is kept like any other, and listed. */
static int compare_id(struct importer *importer, int64_t line, const char *const *cells,
                      const struct mg_chunk_row *row, struct mg_error *error)
{
    const struct mg_import_source *source = importer->plan->source;
    struct mg_error why = {0};
    int64_t first = 0;
    bool was_full = importer->ids.full;
    enum mg_met met = MG_ID_NEW;
    if (row->respondent)
        met = mg_ids_meet(&importer->ids, mg_hidden_identity(row->respondent, row->wave),
                          hash_row(cells, source->n_columns), line, &first);
    if (met == MG_ID_NO_MEMORY)
        return mg_fail_memory(error);
    importer->counts.repeated_ids += met != MG_ID_NEW;
    importer->counts.repeated_alike += met == MG_ID_SAME_ROW;
    if (met == MG_ID_REPEATED)
        mg_fail(&why, MG_E_CONFLICT, "The id came before, on line %lld; this row counts as well.",
                (long long)first);
    else if (met == MG_ID_SAME_ROW)
        mg_fail(&why, MG_E_CONFLICT, "The row is like that of line %lld in every cell; it counts again.",
                (long long)first);
    else if (importer->ids.full && !was_full)
        mg_fail(&why, MG_E_LIMIT, "There are more than %zu ids; from here on they are not compared.",
                MG_IDS_MAX);
    else
        return 0;
    return list_error(importer, line, source->columns[importer->id_at], row->respondent, mg_error_both(&why),
                      error);
}

/* The respondent's id in the file, where the study names a column for it. */
static int take_id(struct importer *importer, const char *const *cells, struct mg_chunk_row *row,
                   struct mg_error *error)
{
    const char *id = importer->id_at == SIZE_MAX ? NULL : cells[importer->id_at];
    if (!id || mg_answer_is_blank(id) || strlen(id) > MG_FIELD_TEXT_MAX)
        return 0;
    return take_text(importer->filling, id, &row->respondent, error);
}

static int take_row(struct importer *importer, int64_t line, const char *const *cells, struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    struct batch *batch = importer->filling;
    struct mg_chunk_row *row = &batch->rows[batch->n_rows];
    struct mg_datum *answered = &batch->cells[batch->n_rows * importer->n_cells];
    size_t answers = 0;
    memset(answered, 0, importer->n_cells * sizeof *answered);
    batch->references[batch->n_rows] = NULL;
    *row = (struct mg_chunk_row){
        .at = MG_NO_TIME, .weight = NAN, .wave = plan->wave, .answers = answered + MG_RECORD_COMMON_COLUMNS};
    int rc = take_id(importer, cells, row, error);
    for (size_t i = 0; i < plan->source->n_columns && !rc; i++) {
        const struct mg_target *target = &plan->source->targets[i];
        if (!cells[i] || take_digit(importer, i, cells[i], answered, &answers))
            continue;
        if (target->field != SIZE_MAX || is_property(target))
            rc = take_cell(importer, i, line, cells[i], row, &answers, error);
    }
    int64_t kept = importer->counts.kept;
    if (!rc)
        rc = end_row(importer, line, answers, error);
    return rc || importer->counts.kept == kept ? rc : compare_id(importer, line, cells, row, error);
}

static int take_bad_row(struct importer *importer, const struct mg_exchange_row *row, struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    struct mg_error why = {0};
    importer->counts.refused++;
    if (plan->source->file->format == MG_FILE_JSON)
        mg_fail(&why, MG_E_INVALID, "The record is no JSON object.");
    else if (plan->source->file->format == MG_FILE_JSONL)
        mg_fail(&why, MG_E_INVALID, "The line is no JSON object.");
    else
        mg_fail(&why, MG_E_INVALID, "The row has %zu cells where the header has %zu, or a broken quote.",
                row->n_cells, plan->source->n_columns);
    return list_error(importer, row->line, "", NULL, mg_error_both(&why), error);
}

static int next_row(struct importer *importer, int64_t line, const char *const *cells,
                    const struct mg_exchange_row *bad, struct mg_error *error)
{
    importer->counts.read++;
    importer->row_problems = 0;
    int rc = bad ? take_bad_row(importer, bad, error) : take_row(importer, line, cells, error);
    const struct batch *batch = importer->filling;
    if (!rc && (batch->n_rows == importer->rows_a_batch || batch->text_bytes >= BATCH_BYTES ||
                batch->n_listed > BATCH_ERRORS / 2))
        rc = mg_importer_submit(importer, error);
    return rc;
}

static int row_of_text(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    return next_row(user, row->line, row->cells, row->bad ? row : NULL, error);
}

int mg_importer_read(struct importer *importer, struct mg_error *error)
{
    return mg_exchange_each(importer->plan->source->file, row_of_text, importer, error);
}

int mg_importer_prepare_rows(struct importer *importer, struct mg_error *error)
{
    const struct mg_import_source *source = importer->plan->source;
    importer->id_at = mg_import_ids_of(source);
    importer->digits =
        mg_arena_array(importer->plan->ctx->arena, source->n_columns, sizeof *importer->digits);
    if (!importer->digits)
        return mg_fail_memory(error);
    for (size_t i = 0; i < source->n_columns; i++) {
        know_digits(importer, i, &importer->digits[i]);
        importer->has_customers |= source->targets[i].customer;
    }
    return 0;
}
