/* Reading, checking and writing the rows of an import; see importer.h.
 *
 * A few batches go round: the calling thread reads and checks rows into one, the store's writer thread writes
 * another, as chunks, and a thread of the import feeds the columns with what is written, from the same cells.
 *
 *   FREE ──filled, submitted──▶ WRITING ──committed, or failed──▶ WRITTEN ──fed──▶ FREE
 *
 * A batch is one write, so a commit of its own; that is safe because an import's rows are visible to nobody
 * before its last transaction. At most two are on their way to the writer.
 *
 * A batch's cells lie as the table of the columns has them: the common columns, then the study's fields. Its
 * rows are put in order of time before they get their ids. */
#include "service/listen/importer.h"

#include <math.h>
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
#include "service/record/stored.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define BATCH_ROWS ((size_t)4096)
#define BATCH_BYTES ((size_t)6 << 20) /* of texts; below what the store puts into one commit */
#define BATCH_ERRORS 2000
#define BATCHES 4
#define ARENA_BYTES ((size_t)256 << 20)
#define VALUE_SHOWN 200 /* bytes of a bad cell that are listed */
#define WAVE_MAX 64     /* characters, as in what is posted */
#define CUSTOMER_MAX 100

_Static_assert(BATCH_ROWS <= MG_STORED_PLACES, "the ids of a batch count up from one");

struct listed {
    int64_t number, line;
    const char *column, *value;
    struct mg_both reason;
};

struct importer;

enum batch_state { FREE, WRITING, WRITTEN };

struct batch {
    struct importer *importer;
    struct mg_arena *arena;
    struct mg_datum *cells; /* a row of them a row */
    struct mg_chunk_row *rows;
    const char **references; /* of the rows' customers; NULL: none */
    char (*ids)[MG_ULID_SIZE];
    struct listed *listed;
    size_t n_rows, n_listed, text_bytes;
    struct mg_import_counts counts; /* as of the end of this batch */
    enum batch_state state;         /* under the importer's lock */
};

/* What a column's cells of one digit are, which nearly all cells of answers have; BAD: to be looked at like
 * any other cell. */
struct digits {
    bool known; /* the column is nothing but a field of numbers */
    enum mg_cell kinds[10];
    double numbers[10];
};

struct importer {
    const struct mg_import_plan *plan;
    struct batch batches[BATCHES]; /* filled, written and fed in turn */
    struct batch *filling;
    struct digits *digits; /* by column of the file */
    struct mg_feed feed;
    struct mg_import_counts counts;
    int64_t now;
    size_t n_cells; /* of a row */
    size_t rows_a_batch;
    const char *const *names; /* of the study's fields */
    size_t row_problems;      /* of the row being read */
    size_t id_at;             /* the file's column that the study names for ids; SIZE_MAX: none */
    struct mg_ids ids;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* a batch's state, or `over` */
    bool over;            /* no more batches come */
    int failed;           /* of a write */
    struct mg_error failure;
};

/* --- writing, in the store's thread --- */

/* All of a row's cells, wherever the row has gone. */
static struct mg_datum *cells_of(const struct batch *batch, size_t row)
{
    return batch->cells + (batch->rows[row].answers - batch->cells) - MG_RECORD_COMMON_COLUMNS;
}

/* Who the rows are of, which only the record knows. */
static int find_customers(struct mg_db *db, const struct mg_ctx *ctx, struct batch *batch,
                          struct mg_error *error)
{
    const char **ids = mg_arena_array(batch->arena, batch->n_rows + 1, sizeof *ids);
    int rc = ids ? mg_record_customers_ensure(db, ctx, batch->references, batch->n_rows, ids, error)
                 : mg_fail_memory(error);
    for (size_t i = 0; i < batch->n_rows && !rc; i++) {
        batch->rows[i].customer_id = ids[i];
        cells_of(batch, i)[MG_RECORD_CUSTOMER_AT] = mg_datum_text(ids[i]);
    }
    return rc;
}

static int write_chunks(struct mg_db *db, const struct mg_ctx *ctx, const struct batch *batch,
                        struct mg_error *error)
{
    const struct importer *importer = batch->importer;
    int rc = 0;
    for (size_t at = 0; at < batch->n_rows && !rc; at += MG_STORED_CHUNK_ROWS) {
        size_t left = batch->n_rows - at;
        const struct mg_chunk_rows rows = {importer->names, importer->plan->source->study->fields.n,
                                           batch->rows + at,
                                           left < MG_STORED_CHUNK_ROWS ? left : MG_STORED_CHUNK_ROWS};
        const struct mg_stored_chunk chunk = {.id = batch->ids[at],
                                              .study_id = importer->plan->source->study->id,
                                              .import_id = importer->plan->import_id,
                                              .rows = &rows,
                                              .now = importer->now};
        rc = mg_stored_add(ctx, db, &chunk, error);
    }
    return rc;
}

static int write_errors(struct mg_db *db, const struct batch *batch, struct mg_error *error)
{
    const struct mg_import_plan *plan = batch->importer->plan;
    int rc = 0;
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
    return rc;
}

static int write_batch(struct mg_db *db, void *user, struct mg_error *error)
{
    struct batch *batch = user;
    const struct mg_import_plan *plan = batch->importer->plan;
    struct mg_ctx ctx = *plan->ctx;
    ctx.arena = batch->arena;
    int rc = find_customers(db, &ctx, batch, error);
    if (!rc)
        rc = write_chunks(db, &ctx, batch, error);
    if (!rc)
        rc = write_errors(db, batch, error);
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
    batch->state = WRITTEN;
    pthread_cond_broadcast(&importer->moved);
    pthread_mutex_unlock(&importer->lock);
}

/* --- feeding, in a thread of the import --- */

/* Waits for the batch to be written; false: none comes any more. */
static bool take_written(struct importer *importer, const struct batch *batch, bool *ret_failed)
{
    pthread_mutex_lock(&importer->lock);
    while (batch->state == WRITING || (batch->state == FREE && !importer->over))
        pthread_cond_wait(&importer->moved, &importer->lock);
    bool comes = batch->state == WRITTEN;
    *ret_failed = importer->failed != 0;
    pthread_mutex_unlock(&importer->lock);
    return comes;
}

static void set_state(struct importer *importer, struct batch *batch, enum batch_state state)
{
    pthread_mutex_lock(&importer->lock);
    batch->state = state;
    pthread_cond_broadcast(&importer->moved);
    pthread_mutex_unlock(&importer->lock);
}

/* What is in the record goes to the columns' part. */
static void feed_columns(struct importer *importer, const struct batch *batch)
{
    if (!importer->feed.writer || batch->n_rows == 0)
        return;
    struct mg_table_row *rows = mg_arena_array(batch->arena, batch->n_rows, sizeof *rows);
    for (size_t i = 0; rows && i < batch->n_rows; i++)
        rows[i] = (struct mg_table_row){.id = batch->ids[i],
                                        .sequence = importer->plan->source->study->table.shape,
                                        .values = cells_of(batch, i)};
    mg_feed_rows(&importer->feed, rows, rows ? batch->n_rows : 0);
}

static void *feed_all(void *user)
{
    struct importer *importer = user;
    bool failed = false;
    for (size_t i = 0; take_written(importer, &importer->batches[i], &failed); i = (i + 1) % BATCHES) {
        if (!failed)
            feed_columns(importer, &importer->batches[i]);
        set_state(importer, &importer->batches[i], FREE);
    }
    mg_feed_end(&importer->feed);
    return NULL;
}

/* --- batches --- */

/* Until it is free, or written at least. */
static int wait_for(struct importer *importer, const struct batch *batch, bool written,
                    struct mg_error *error)
{
    pthread_mutex_lock(&importer->lock);
    while (batch->state == WRITING || (!written && batch->state == WRITTEN))
        pthread_cond_wait(&importer->moved, &importer->lock);
    int failed = importer->failed;
    if (failed && error)
        *error = importer->failure;
    pthread_mutex_unlock(&importer->lock);
    return failed;
}

/* Whether every answer that an import keeps fits the columns as it is; else they are filled from the record,
 * which leaves out what doesn't. */
static bool all_fit(const struct mg_fields *fields)
{
    for (size_t i = 0; i < fields->n; i++) {
        const struct mg_field *field = &fields->fields[i];
        if (field->type == MG_TYPE_INTEGER &&
            (field->rule.scale.max > MG_FIELD_WHOLE_MAX || field->rule.scale.min < -MG_FIELD_WHOLE_MAX))
            return false;
    }
    return true;
}

/* Ids that ascend: the indices then grow at their ends, where random ids would touch a page each. */
static void number_rows(struct batch *batch)
{
    char base[MG_ULID_SIZE];
    mg_ulid_new(mg_now(&batch->importer->plan->ctx->clock), base);
    memcpy(base + MG_ULID_SIZE - 4, "000", 3);
    for (size_t i = 0; i < batch->importer->rows_a_batch; i++)
        mg_stored_id(base, i, batch->ids[i]);
}

static int batch_clear(struct batch *batch, struct mg_error *error)
{
    mg_arena_free(batch->arena);
    batch->n_rows = batch->n_listed = batch->text_bytes = 0;
    batch->arena = mg_arena_new(ARENA_BYTES);
    if (!batch->arena)
        return mg_fail_memory(error);
    number_rows(batch);
    return 0;
}

static int batch_new(struct importer *importer, struct batch *batch, struct mg_error *error)
{
    size_t n = importer->rows_a_batch;
    batch->importer = importer;
    batch->cells = calloc(n * importer->n_cells, sizeof *batch->cells);
    batch->rows = calloc(n, sizeof *batch->rows);
    batch->references = calloc(n, sizeof *batch->references);
    batch->ids = calloc(n, sizeof *batch->ids);
    batch->listed = calloc(BATCH_ERRORS, sizeof *batch->listed);
    if (!batch->cells || !batch->rows || !batch->references || !batch->ids || !batch->listed)
        return mg_fail_memory(error);
    return batch_clear(batch, error);
}

static void batch_done(struct batch *batch)
{
    mg_arena_free(batch->arena);
    free(batch->cells);
    free(batch->rows);
    free(batch->references);
    free(batch->ids);
    free(batch->listed);
}

/* A row and whose it is, on their way to another place. */
struct moved {
    struct mg_chunk_row row;
    const char *reference;
    size_t line; /* in the batch: rows of the same time stay as they came */
};

static int by_time(const void *a, const void *b)
{
    const struct moved *x = a, *y = b;
    if (x->row.at != y->row.at)
        return x->row.at < y->row.at ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static bool is_in_order(const struct batch *batch)
{
    for (size_t i = 1; i < batch->n_rows; i++)
        if (batch->rows[i].at < batch->rows[i - 1].at)
            return false;
    return true;
}

/* Chunks then hold a short span of time each, so that a page in order of time looks at few of them. */
static int put_in_order(struct batch *batch, struct mg_error *error)
{
    if (is_in_order(batch))
        return 0;
    struct moved *moved = malloc(batch->n_rows * sizeof *moved);
    if (!moved)
        return mg_fail_memory(error);
    for (size_t i = 0; i < batch->n_rows; i++)
        moved[i] = (struct moved){batch->rows[i], batch->references[i], i};
    qsort(moved, batch->n_rows, sizeof *moved, by_time);
    for (size_t i = 0; i < batch->n_rows; i++) {
        batch->rows[i] = moved[i].row;
        batch->references[i] = moved[i].reference;
    }
    free(moved);
    return 0;
}

/* The batch `step` places behind or before the one being filled. */
static struct batch *neighbour(struct importer *importer, size_t step)
{
    return &importer->batches[((size_t)(importer->filling - importer->batches) + step) % BATCHES];
}

/* Hands the filled batch to the writer and goes on with the next one, once that is free. */
static int submit(struct importer *importer, struct mg_error *error)
{
    struct batch *batch = importer->filling, *next = neighbour(importer, 1);
    const struct mg_import_plan *plan = importer->plan;
    int rc = put_in_order(batch, error);
    if (rc)
        return rc;
    batch->counts = importer->counts;
    set_state(importer, batch, WRITING);
    while ((rc = mg_store_write_async(plan->ctx->store, write_batch, batch, batch_written, error)) ==
           MG_E_BUSY)
        usleep(5000);
    if (rc) {
        set_state(importer, batch, FREE);
        return rc;
    }
    rc = wait_for(importer, neighbour(importer, BATCHES - 1), true, error);
    if (!rc)
        rc = wait_for(importer, next, false, error);
    if (!rc)
        rc = batch_clear(next, error);
    importer->filling = next;
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
    const struct mg_reading *readings = importer->plan->source->file->readings;
    return readings && readings[at].kind == kind ? &readings[at] : NULL;
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
    if (!rc && (batch->n_rows == importer->rows_a_batch || batch->text_bytes >= BATCH_BYTES ||
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

/* What all batches share. The more columns, the fewer rows a batch. */
static int prepare(struct importer *importer, struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    const struct mg_record_study *study = plan->source->study;
    importer->failure.lang = plan->ctx->lang;
    importer->id_at = find_ids(plan->source);
    importer->n_cells = study->table.n_columns;
    size_t fit = MG_CHUNK_CELLS / importer->n_cells;
    importer->rows_a_batch = fit > BATCH_ROWS ? BATCH_ROWS : fit ? fit : 1;
    importer->names = study->table.names + MG_RECORD_COMMON_COLUMNS;
    importer->filling = &importer->batches[0];
    importer->digits = mg_arena_array(plan->ctx->arena, plan->source->n_columns, sizeof *importer->digits);
    int rc = importer->digits ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < plan->source->n_columns && !rc; i++)
        know_digits(importer, i, &importer->digits[i]);
    for (size_t i = 0; i < ARRAY_LEN(importer->batches) && !rc; i++)
        rc = batch_new(importer, &importer->batches[i], error);
    return rc;
}

/* Reads and writes all; what is written is fed meanwhile. */
static int run(struct importer *importer, struct mg_error *error)
{
    pthread_t feeder;
    if (pthread_create(&feeder, NULL, feed_all, importer) != 0) {
        mg_feed_end(&importer->feed);
        return mg_fail_memory(error);
    }
    int rc = read_all(importer, error);
    if (!rc)
        rc = submit(importer, error);
    pthread_mutex_lock(&importer->lock);
    importer->over = true;
    pthread_cond_broadcast(&importer->moved);
    pthread_mutex_unlock(&importer->lock);
    pthread_join(feeder, NULL);
    if (!rc && importer->failed && error)
        *error = importer->failure;
    return rc ? rc : importer->failed;
}

int mg_importer_run(const struct mg_import_plan *plan, struct mg_import_counts *ret_counts,
                    struct mg_error *error)
{
    struct importer importer = {.plan = plan, .now = mg_now(&plan->ctx->clock)};
    pthread_mutex_init(&importer.lock, NULL);
    pthread_cond_init(&importer.moved, NULL);
    int rc = prepare(&importer, error);
    if (!rc && all_fit(&plan->source->study->fields))
        mg_feed_begin(&importer.feed, plan->ctx, plan->source->study, plan->import_id);
    if (!rc)
        rc = run(&importer, error);
    for (size_t i = 0; i < BATCHES; i++)
        batch_done(&importer.batches[i]);
    mg_ids_done(&importer.ids);
    pthread_cond_destroy(&importer.moved);
    pthread_mutex_destroy(&importer.lock);
    if (!rc)
        *ret_counts = importer.counts;
    return rc;
}
