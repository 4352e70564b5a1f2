/* Reading, checking and writing the rows of an import; see importer.h.
 *
 * The calling thread reads and checks rows into one batch while the store's writer thread writes the other. A
 * batch is one write, so a commit of its own; that is safe because an import's rows are visible to nobody
 * before its last transaction. What is written is fed to the columns while the next batch is being written.
 */
#include "service/listen/importer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/str.h"
#include "base/ulid.h"
#include "column/file.h"
#include "service/listen/feed.h"
#include "service/listen/ids.h"
#include "service/record/customer.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define BATCH_ROWS 4000
#define BATCH_BYTES ((size_t)6 << 20) /* of documents; below what the store puts into one commit */
#define BATCH_ERRORS 2000
#define ARENA_BYTES ((size_t)256 << 20)
#define DOCUMENTS_MAX ((size_t)64 << 20)
#define VALUE_SHOWN 200 /* bytes of a bad cell that are listed */
#define WAVE_MAX 64     /* characters, as in what is posted */
#define CUSTOMER_MAX 100

struct row {
    char id[MG_ULID_SIZE];
    size_t document; /* offset in the batch's documents */
    const char *wave, *customer;
    const char *customer_id; /* once it is written; NULL: none */
    double weight;
    bool has_weight;
    int64_t at;
};

struct listed {
    int64_t number, line;
    const char *column, *value;
    struct mg_both reason;
};

struct importer;

struct batch {
    struct importer *importer;
    struct mg_arena *arena;
    struct mg_buf documents;
    struct row *rows;
    struct listed *listed;
    size_t n_rows, n_listed;
    struct mg_import_counts counts; /* as of the end of this batch */
    char base_id[MG_ULID_SIZE];     /* ids of the batch count up from this one */
    bool writing;                   /* by the writer thread; under the importer's lock */
};

struct importer {
    const struct mg_import_plan *plan;
    struct batch batches[2];
    struct batch *filling;
    struct mg_feed feed;
    struct mg_import_counts counts;
    int64_t now;
    size_t row_problems; /* of the row being read */
    size_t id_at;        /* the file's column that the study names for ids; SIZE_MAX: none */
    struct mg_ids ids;
    pthread_mutex_t lock;
    pthread_cond_t written;
    int failed; /* of a write */
    struct mg_error failure;
};

/* --- writing, in the store's thread --- */

static int write_row(struct mg_db *db, struct batch *batch, struct row *row, struct mg_error *error)
{
    const struct mg_import_plan *plan = batch->importer->plan;
    const char *customer = NULL;
    int rc = row->customer ? mg_record_customer_ensure(db, plan->ctx, batch->arena, row->customer, &customer,
                                                       NULL, error)
                           : 0;
    if (rc)
        return rc;
    row->customer_id = customer;
    struct mg_sql_response_insert_params params = {
        .id = row->id,
        .org_id = plan->ctx->caller.org_id,
        .study_id = plan->source->study->id,
        .import_id = plan->import_id,
        .customer_id = customer,
        .wave = row->wave,
        .weight = row->has_weight ? &row->weight : NULL,
        .channel = "import",
        .at = row->at,
        .now = batch->importer->now,
        .document = batch->documents.data + row->document,
    };
    return mg_sql_response_insert(db, &params, NULL, error);
}

static int write_batch(struct mg_db *db, void *user, struct mg_error *error)
{
    struct batch *batch = user;
    const struct mg_import_plan *plan = batch->importer->plan;
    int rc = 0;
    for (size_t i = 0; i < batch->n_rows && !rc; i++)
        rc = write_row(db, batch, &batch->rows[i], error);
    for (size_t i = 0; i < batch->n_listed && !rc; i++) {
        const struct listed *l = &batch->listed[i];
        struct mg_sql_import_error_insert_params params = {.org_id = plan->ctx->caller.org_id,
                                                           .import_id = plan->import_id,
                                                           .number = l->number,
                                                           .line = l->line,
                                                           .column_name = l->column,
                                                           .value = l->value,
                                                           .reason_en = l->reason.en,
                                                           .reason_zh = l->reason.zh};
        rc = mg_sql_import_error_insert(db, &params, NULL, error);
    }
    int64_t changed = 0;
    const struct mg_import_counts *c = &batch->counts;
    if (!rc)
        rc = mg_sql_import_progress(db, plan->import_id, c->read, c->kept, c->refused, c->errors, &changed,
                                    error);
    if (!rc && changed == 0)
        rc = mg_fail(error, MG_E_CANCELLED, "The import was stopped.");
    return rc;
}

static void batch_written(void *user, int rc, const struct mg_error *error)
{
    struct batch *batch = user;
    struct importer *importer = batch->importer;
    pthread_mutex_lock(&importer->lock);
    if (rc && !importer->failed) {
        importer->failed = rc;
        importer->failure = *error;
    }
    batch->writing = false;
    pthread_cond_signal(&importer->written);
    pthread_mutex_unlock(&importer->lock);
}

/* --- batches --- */

static int wait_written(struct importer *importer, struct batch *batch, struct mg_error *error)
{
    pthread_mutex_lock(&importer->lock);
    while (batch->writing)
        pthread_cond_wait(&importer->written, &importer->lock);
    int failed = importer->failed;
    if (failed && error)
        *error = importer->failure;
    pthread_mutex_unlock(&importer->lock);
    return failed;
}

/* What is in the record goes to the columns' part. */
static void feed_columns(struct importer *importer, const struct batch *batch)
{
    if (!importer->feed.on || batch->n_rows == 0)
        return;
    struct mg_listen_row *rows = mg_arena_array(batch->arena, batch->n_rows, sizeof *rows);
    for (size_t i = 0; rows && i < batch->n_rows; i++) {
        const struct row *row = &batch->rows[i];
        rows[i] = (struct mg_listen_row){.id = row->id,
                                         .wave = row->wave,
                                         .customer_id = row->customer_id,
                                         .import_id = importer->plan->import_id,
                                         .document = batch->documents.data + row->document,
                                         .weight = row->has_weight ? &row->weight : NULL,
                                         .at = row->at};
    }
    mg_feed_rows(&importer->feed, batch->arena, rows, rows ? batch->n_rows : 0);
}

static int batch_clear(struct batch *batch, struct mg_error *error)
{
    mg_arena_free(batch->arena);
    mg_buf_reset(&batch->documents);
    batch->n_rows = batch->n_listed = 0;
    mg_ulid_new(mg_now(&batch->importer->plan->ctx->clock), batch->base_id);
    batch->arena = mg_arena_new(ARENA_BYTES);
    batch->rows = batch->arena ? mg_arena_array(batch->arena, BATCH_ROWS, sizeof *batch->rows) : NULL;
    batch->listed = batch->arena ? mg_arena_array(batch->arena, BATCH_ERRORS, sizeof *batch->listed) : NULL;
    return batch->rows && batch->listed ? 0 : mg_fail_memory(error);
}

/* Hands the filled batch to the writer and goes on with the other one. */
static int submit(struct importer *importer, struct mg_error *error)
{
    struct batch *batch = importer->filling, *other = &importer->batches[batch == &importer->batches[0]];
    const struct mg_import_plan *plan = importer->plan;
    if (batch->documents.failed)
        return mg_fail_memory(error);
    batch->counts = importer->counts;
    batch->writing = true;
    int rc;
    while ((rc = mg_store_write_async(plan->ctx->store, write_batch, batch, batch_written, error)) ==
           MG_E_BUSY)
        usleep(5000);
    if (rc) {
        batch->writing = false;
        return rc;
    }
    rc = wait_written(importer, other, error);
    if (!rc) {
        feed_columns(importer, other);
        rc = batch_clear(other, error);
    }
    importer->filling = other;
    double share =
        plan->source->n_rows > 0 ? (double)importer->counts.read / (double)plan->source->n_rows : 0;
    if (!rc && plan->progress)
        rc = plan->progress(plan->user, importer->counts.read, share < 1 ? share : 1, error);
    return rc;
}

/* --- reading --- */

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

static int take_answer(struct importer *importer, size_t at, int64_t line, const char *cell, size_t *answers,
                       struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    const struct mg_field *field = &plan->source->study->fields.fields[plan->source->targets[at].field];
    struct mg_cell_problem problem;
    double number;
    enum mg_cell kind = mg_field_read(field, cell, &number, &problem);
    if (kind == MG_CELL_BAD)
        return list_problem(importer, line, plan->source->columns[at], cell, &problem, error);
    if (kind == MG_CELL_MISSING)
        return 0;
    if (field->type == MG_TYPE_TEXT)
        mg_document_add_text(&importer->filling->documents, field, cell);
    else
        mg_document_add_number(&importer->filling->documents, field, number);
    ++*answers;
    return 0;
}

/* The response's own properties. */
static int take_property(struct importer *importer, size_t at, int64_t line, const char *cell,
                         struct row *row, struct mg_error *error)
{
    const struct mg_target *target = &importer->plan->source->targets[at];
    struct mg_arena *arena = importer->filling->arena;
    struct mg_cell_problem problem = {0};
    if (target->weight || target->time ? mg_answer_is_blank(cell) : !*cell)
        return 0;
    if (target->weight) {
        row->has_weight = true; /* as it is given: reports tell the kinds apart */
        if (!mg_parse_double(cell, &row->weight))
            row->weight = MG_WEIGHT_NO_NUMBER;
        problem.reason = mg_weight_holds(row->weight)
                             ? NULL
                             : MG_TEXT("A weight is a number above 0 and at most 1000000000.");
    } else if (target->time) {
        problem.reason =
            mg_time_parse(cell, &row->at) == 0 ? NULL : MG_TEXT("It is not a time such as 2026-01-18 13:40.");
    } else if (mg_utf8_length(cell) > (target->wave ? WAVE_MAX : CUSTOMER_MAX)) {
        problem.reason = MG_TEXT("The text is too long.");
    } else if (target->wave && !mg_study_wave_fits(cell)) {
        problem.reason = MG_TEXT("A wave can't be called so.");
    } else if (target->wave) {
        row->wave = mg_arena_strdup(arena, cell);
    } else {
        row->customer = mg_arena_strdup(arena, cell);
    }
    if (!problem.reason)
        return 0;
    size_t problems = importer->row_problems + !target->weight; /* without its weight the row still holds */
    int rc = list_problem(importer, line, importer->plan->source->columns[at], cell, &problem, error);
    importer->row_problems = problems;
    return rc;
}

static int take_cell(struct importer *importer, size_t at, int64_t line, const char *cell, struct row *row,
                     size_t *answers, struct mg_error *error)
{
    const struct mg_target *target = &importer->plan->source->targets[at];
    bool property = target->wave || target->weight || target->customer || target->time;
    char scratch[MG_FIELD_TEXT_MAX + 2];
    int rc = 0;
    cell = mg_cell_trim(cell, scratch, sizeof scratch);
    if (property)
        rc = take_property(importer, at, line, cell, row, error);
    if (!rc && target->field != SIZE_MAX)
        rc = take_answer(importer, at, line, cell, answers, error);
    return rc;
}

/* Ids that ascend: the indices then grow at their ends, where random ids would touch a page each. The last 15
 * bits are the row's number in its batch, the other 65 stay random. */
static void next_id(const struct batch *batch, char ret_id[MG_ULID_SIZE])
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    memcpy(ret_id, batch->base_id, MG_ULID_SIZE);
    for (size_t i = 0, rest = batch->n_rows; i < 3; i++, rest /= 32)
        ret_id[MG_ULID_SIZE - 2 - i] = digits[rest % 32];
}

_Static_assert(BATCH_ROWS <= 32 * 32 * 32, "three digits number the rows of a batch");

/* Keeps or drops the row whose document begins at `start`. */
static int end_row(struct importer *importer, int64_t line, size_t answers, size_t start,
                   struct mg_error *error)
{
    struct batch *batch = importer->filling;
    bool skipped = importer->plan->skip_bad_rows && importer->row_problems > 0;
    int rc = 0;
    if (answers == 0 && importer->row_problems == 0)
        rc = list_error(importer, line, "", NULL, mg_tr_both(MG_TEXT("The row has no answer to this study.")),
                        error);
    if (answers == 0 || skipped) {
        importer->counts.refused++;
        batch->documents.len = start;
        return rc;
    }
    mg_document_close(&batch->documents);
    mg_buf_putc(&batch->documents, '\0');
    importer->counts.kept++;
    batch->n_rows++;
    return 0;
}

/* --- ids --- */

static size_t find_ids(const struct mg_import_source *source)
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

/* A row whose id came before is kept like any other, and listed. */
static int compare_id(struct importer *importer, int64_t line, const char *const *cells,
                      struct mg_error *error)
{
    const struct mg_import_source *source = importer->plan->source;
    const char *id = importer->id_at == SIZE_MAX ? NULL : cells[importer->id_at];
    struct mg_error why = {0};
    int64_t first = 0;
    bool was_full = importer->ids.full;
    enum mg_met met =
        id ? mg_ids_meet(&importer->ids, id, hash_row(cells, source->n_columns), line, &first) : MG_ID_NEW;
    if (met == MG_ID_NO_MEMORY)
        return mg_fail_memory(error);
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
    return list_error(importer, line, source->columns[importer->id_at], id, mg_error_both(&why), error);
}

static int take_row(struct importer *importer, int64_t line, const char *const *cells, struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    struct batch *batch = importer->filling;
    struct row *row = &batch->rows[batch->n_rows];
    size_t answers = 0;
    *row = (struct row){.document = batch->documents.len, .at = MG_NO_TIME, .wave = plan->wave};
    next_id(batch, row->id);
    mg_document_open(&batch->documents);
    int rc = 0;
    for (size_t i = 0; i < plan->source->n_columns && !rc; i++) {
        const struct mg_target *target = &plan->source->targets[i];
        bool used =
            target->field != SIZE_MAX || target->wave || target->weight || target->customer || target->time;
        if (used && cells[i])
            rc = take_cell(importer, i, line, cells[i], row, &answers, error);
    }
    int64_t kept = importer->counts.kept;
    if (!rc)
        rc = end_row(importer, line, answers, row->document, error);
    return rc || importer->counts.kept == kept ? rc : compare_id(importer, line, cells, error);
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
    if (!rc && (batch->n_rows == BATCH_ROWS || batch->documents.len >= BATCH_BYTES ||
                batch->n_listed > BATCH_ERRORS / 2))
        rc = submit(importer, error);
    return rc;
}

static int row_of_text(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    return next_row(user, row->line, row->cells, row->bad ? row : NULL, error);
}

static int rows_of_engine(void *user, const struct mg_row_batch *rows, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < rows->n_rows && !rc; i++)
        rc = next_row(user, rows->first_row + (int64_t)i + 1, rows->cells + i * rows->n_columns, NULL, error);
    return rc;
}

static int read_all(struct importer *importer, struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    if (plan->source->file->format != MG_FILE_PARQUET)
        return mg_exchange_each(plan->source->file, row_of_text, importer, error);
    const struct mg_import_source *from = plan->source;
    struct mg_source parquet;
    int rc = mg_exchange_source(from->file, &parquet, error);
    return rc ? rc
              : mg_columns_scan(&plan->ctx->columns, &parquet, from->columns, from->n_columns, NULL, 0, 0,
                                rows_of_engine, importer, error);
}

int mg_importer_run(const struct mg_import_plan *plan, struct mg_import_counts *ret_counts,
                    struct mg_error *error)
{
    struct importer importer = {.plan = plan, .now = mg_now(&plan->ctx->clock)};
    importer.failure.lang = plan->ctx->lang;
    importer.id_at = find_ids(plan->source);
    pthread_mutex_init(&importer.lock, NULL);
    pthread_cond_init(&importer.written, NULL);
    importer.filling = &importer.batches[0];
    int rc = 0;
    for (size_t i = 0; i < ARRAY_LEN(importer.batches); i++) {
        importer.batches[i].importer = &importer;
        mg_buf_init(&importer.batches[i].documents, DOCUMENTS_MAX);
        if (!rc)
            rc = batch_clear(&importer.batches[i], error);
    }
    mg_feed_begin(&importer.feed, plan->ctx, plan->source->study, plan->import_id);
    if (!rc)
        rc = read_all(&importer, error);
    if (!rc)
        rc = submit(&importer, error);
    for (size_t i = 0; i < ARRAY_LEN(importer.batches); i++) {
        int failed = wait_written(&importer, &importer.batches[i], rc ? NULL : error);
        rc = rc ? rc : failed;
        if (!rc)
            feed_columns(&importer, &importer.batches[i]);
        mg_arena_free(importer.batches[i].arena);
        mg_buf_done(&importer.batches[i].documents);
    }
    mg_ids_done(&importer.ids);
    pthread_cond_destroy(&importer.written);
    pthread_mutex_destroy(&importer.lock);
    if (!rc)
        *ret_counts = importer.counts;
    return rc;
}
