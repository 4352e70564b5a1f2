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
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service/listen/importer_private.h"
#include "service/record/customer.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define BATCH_ROWS ((size_t)4096)
#define ARENA_BYTES ((size_t)256 << 20)

_Static_assert(BATCH_ROWS <= MG_STORED_PLACES, "the ids of a batch count up from one");

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

int mg_import_count(struct mg_db *db, const char *import_id, const struct mg_import_counts *counts,
                    int64_t *ret_changed, struct mg_error *error)
{
    const struct mg_sql_import_progress_params params = {.id = import_id,
                                                         .rows_read = counts->read,
                                                         .rows_added = counts->added,
                                                         .rows_replaced = counts->replaced,
                                                         .rows_left = counts->left,
                                                         .rows_refused = counts->refused,
                                                         .errors = counts->errors};
    return mg_sql_import_progress(db, &params, ret_changed, error);
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
        rc = mg_import_count(db, plan->import_id, c, &changed, error);
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
    memset(base + MG_ULID_SIZE - 1 - MG_ULID_FREE, '0', MG_ULID_FREE); /* no other id has its beginning */
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

static int tell_progress(const struct importer *importer, struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    double share =
        plan->source->n_rows > 0 ? (double)importer->counts.read / (double)plan->source->n_rows : 0;
    return plan->progress ? plan->progress(plan->user, importer->counts.read, share < 1 ? share : 1, error)
                          : 0;
}

/* To the writer, and on to the next one. */
static int hand_on(struct importer *importer, struct mg_error *error)
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
    return rc;
}

int mg_importer_submit(struct importer *importer, struct mg_error *error)
{
    int rc = mg_importer_compare(importer, error);
    if (!rc)
        rc = importer->plan->dry ? batch_clear(importer->filling, error) : hand_on(importer, error);
    return rc ? rc : tell_progress(importer, error);
}

/* --- the whole --- */

/* What all batches share. The more columns, the fewer rows a batch. */
static int prepare(struct importer *importer, struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    const struct mg_record_study *study = plan->source->study;
    importer->failure.lang = plan->ctx->lang;
    importer->n_cells = study->table.n_columns;
    size_t fit = MG_CHUNK_CELLS / importer->n_cells;
    importer->rows_a_batch = fit > BATCH_ROWS ? BATCH_ROWS : fit ? fit : 1;
    importer->names = study->table.names + MG_RECORD_COMMON_COLUMNS;
    importer->filling = &importer->batches[0];
    int rc = mg_importer_prepare_rows(importer, error);
    for (size_t i = 0; i < BATCHES && !rc; i++)
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
    int rc = mg_importer_read(importer, error);
    if (!rc)
        rc = mg_importer_submit(importer, error);
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
    if (!rc && !plan->dry && all_fit(&plan->source->study->fields))
        mg_feed_begin(&importer.feed, plan->ctx, plan->source->study, plan->import_id);
    if (!rc)
        rc = run(&importer, error);
    for (size_t i = 0; i < BATCHES; i++)
        batch_done(&importer.batches[i]);
    mg_ids_done(&importer.ids);
    mg_ids_done(&importer.contents);
    pthread_cond_destroy(&importer.moved);
    pthread_mutex_destroy(&importer.lock);
    if (!rc)
        *ret_counts = importer.counts;
    return rc;
}
