/* The rows of a batch beside what the study has already, before they are written or, in a dry run, counted;
 * see importer.h. */
#include <string.h>

#include "base/hash.h"
#include "service/listen/importer_private.h"
#include "service/record/customer.h"
#include "store/store.h"

/* ---- whose they are ---- */

struct finding {
    struct mg_ctx ctx; /* with the batch's arena */
    const struct batch *batch;
    const char **ids;
};

static int find_customers(struct mg_db *db, void *user, struct mg_error *error)
{
    struct finding *f = user;
    return mg_record_customers_find(db, &f->ctx, f->batch->references, f->batch->n_rows, f->ids, error);
}

/* As the record knows them by now. */
static int know_customers(struct importer *importer, struct mg_error *error)
{
    struct batch *batch = importer->filling;
    struct finding f = {*importer->plan->ctx, batch, NULL};
    f.ctx.arena = batch->arena;
    f.ids = mg_arena_array(batch->arena, batch->n_rows + 1, sizeof *f.ids);
    int rc = f.ids ? mg_store_read(f.ctx.store, find_customers, &f, error) : mg_fail_memory(error);
    for (size_t i = 0; i < batch->n_rows && !rc; i++)
        batch->rows[i].customer_id = f.ids[i];
    return rc;
}

/* ---- a dry run ---- */

static int meet_content(struct importer *importer, size_t at, struct mg_error *error)
{
    const struct batch *batch = importer->filling;
    const struct mg_chunk_row *row = &batch->rows[at];
    const struct mg_fields *fields = &importer->plan->source->study->fields;
    int64_t line;
    if (row->respondent)
        return 0;
    uint64_t content = mg_known_content(fields, row, batch->references[at]);
    if (row->wave)
        content ^= mg_hash_text(MG_HASH_START, row->wave);
    enum mg_met met = mg_ids_meet(&importer->contents, content, 0, 1, &line);
    importer->counts.same_content += met == MG_ID_SAME_ROW;
    return met == MG_ID_NO_MEMORY ? mg_fail_memory(error) : 0;
}

static int tally(struct importer *importer, size_t at, struct mg_error *error)
{
    const struct batch *batch = importer->filling;
    struct mg_import_counts *counts = &importer->counts;
    if (importer->has_customers && !batch->references[at])
        counts->customers_none++;
    else if (importer->has_customers && batch->rows[at].customer_id)
        counts->customers_known++;
    else if (importer->has_customers)
        counts->customers_new++;
    return meet_content(importer, at, error);
}

/* What would have been listed; its texts go over into memory that outlives the batch. */
static int keep_listed(struct importer *importer, struct mg_error *error)
{
    struct mg_import_dry *dry = importer->plan->dry;
    struct mg_arena *arena = importer->plan->ctx->arena;
    const struct batch *batch = importer->filling;
    if (!dry->errors)
        dry->errors = mg_arena_array(arena, MG_IMPORT_ERRORS_STORED, sizeof *dry->errors);
    if (!dry->errors)
        return mg_fail_memory(error);
    for (size_t i = 0; i < batch->n_listed; i++) {
        const struct listed *l = &batch->listed[i];
        struct mg_sql_import_error_list_row *row = &dry->errors[dry->n];
        *row = (struct mg_sql_import_error_list_row){
            .line = l->line,
            .column_name = mg_arena_strdup(arena, l->column),
            .value = mg_arena_strdup(arena, l->value),
            .reason_en = mg_arena_strdup(arena, l->reason.en),
            .reason_zh = mg_arena_strdup(arena, l->reason.zh),
        };
        if (!row->column_name || !row->value || !row->reason_en || !row->reason_zh)
            return mg_fail_memory(error);
        dry->n++;
    }
    return 0;
}

/* ---- beside what is there ---- */

/* Nobody whom the record knows by now has an empty id: a customer named for the first time is a difference.
 */
static const char *customer_of(const struct batch *batch, size_t at)
{
    const char *id = batch->rows[at].customer_id;
    return !id && batch->references[at] ? "" : id;
}

static enum mg_fate fate_of(const struct importer *importer, size_t at)
{
    const struct mg_import_plan *plan = importer->plan;
    const struct batch *batch = importer->filling;
    return plan->known ? mg_known_meet(plan->known, &batch->rows[at], customer_of(batch, at), plan->only_new)
                       : MG_ROW_ADDED;
}

/* Rows that change nothing leave the batch. */
static int decide(struct importer *importer, struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    struct batch *batch = importer->filling;
    int64_t fates[MG_ROW_FATES] = {0};
    size_t n = 0;
    int rc = 0;
    for (size_t i = 0; i < batch->n_rows && !rc; i++) {
        enum mg_fate fate = fate_of(importer, i);
        fates[fate]++;
        if (plan->dry)
            rc = tally(importer, i, error);
        if (fate == MG_ROW_LEFT)
            continue;
        batch->rows[n] = batch->rows[i];
        batch->references[n++] = batch->references[i];
    }
    batch->n_rows = n;
    importer->counts.added += fates[MG_ROW_ADDED];
    importer->counts.replaced += fates[MG_ROW_REPLACED];
    importer->counts.left += fates[MG_ROW_LEFT];
    return rc;
}

int mg_importer_compare(struct importer *importer, struct mg_error *error)
{
    const struct mg_import_plan *plan = importer->plan;
    bool met = plan->known && mg_known_size(plan->known) > 0;
    int rc = importer->has_customers && (met || plan->dry) ? know_customers(importer, error) : 0;
    if (!rc)
        rc = decide(importer, error);
    return rc || !plan->dry ? rc : keep_listed(importer, error);
}
