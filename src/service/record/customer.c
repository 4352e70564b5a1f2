/* Customers; see customer.h. Erasing one takes the person from the responses and tells the columns of each,
 * some in a write, so that intake isn't held up; the write that takes the last also takes the customer. A
 * crash in between leaves a customer with fewer responses, to be erased again: each response that lost its
 * customer has its entry in the log. */
#include "service/record/customer.h"

#include <stdlib.h>
#include <string.h>

#include "base/ulid.h"
#include "service/admin/audit.h"
#include "service/log/event.h"
#include "service/record/hidden.h"
#include "service/record/stored.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define PREFIX_BYTES_MAX 400
#define HIDDEN_MOST 100000 /* places of a customer in chunks of which something is hidden */
#define ERASED_A_WRITE 1000
#define ERASE_ARENA ((size_t)256 << 20) /* of what is read of chunks, mostly */

static struct mg_wire_customer to_wire(struct mg_arena *arena, const struct mg_sql_customer_row *row)
{
    return (struct mg_wire_customer){
        .id = row->id,
        .reference = row->reference,
        .responses = row->responses,
        .created_at = mg_wire_time(arena, &row->created_at),
        .version = row->version,
    };
}

/* Replaced responses aren't counted. */
static int read_customer(struct mg_db *db, const struct mg_ctx *ctx, const struct mg_sql_customer_row *row,
                         struct mg_wire_customer *ret, struct mg_error *error)
{
    struct mg_sql_hidden_of_customer_row *hidden = NULL;
    size_t n = 0;
    *ret = to_wire(ctx->arena, row);
    int rc = mg_sql_hidden_of_customer(db, ctx->arena, ctx->caller.org_id, row->id, HIDDEN_MOST, &hidden, &n,
                                       error);
    for (size_t i = 0; i < n && !rc; i++) {
        struct mg_hidden_place *places = NULL;
        size_t n_places = 0;
        rc = mg_hidden_read(ctx->arena, hidden[i].places, &places, &n_places, error);
        for (size_t p = 0; p < n_places && !rc; p++)
            ret->responses -= places[p].place == hidden[i].place;
    }
    return rc;
}

/* No text that begins with `start` sorts at or above it followed by the largest code point. */
static const char *behind(struct mg_arena *arena, const char *start)
{
    return mg_arena_printf(arena, "%.*s\xF4\x8F\xBF\xBF", PREFIX_BYTES_MAX, start);
}

/* Capitals sort before small letters: between a beginning in the ones and in the others lies any mixture. */
int mg_record_customer_span(struct mg_arena *arena, const char *start, struct mg_customer_span *ret,
                            struct mg_error *error)
{
    start = start ? start : "";
    char *capitals = mg_arena_strdup(arena, start), *small = mg_arena_strdup(arena, start);
    if (!capitals || !small)
        return mg_fail_memory(error);
    for (size_t i = 0; start[i]; i++) {
        capitals[i] = start[i] >= 'a' && start[i] <= 'z' ? (char)(start[i] - 'a' + 'A') : start[i];
        small[i] = start[i] >= 'A' && start[i] <= 'Z' ? (char)(start[i] - 'A' + 'a') : start[i];
    }
    *ret = (struct mg_customer_span){.from = capitals, .start = small, .end = behind(arena, small)};
    return ret->end ? 0 : mg_fail_memory(error);
}

int mg_record_customer_ids(struct mg_db *db, const struct mg_ctx *ctx, const struct mg_customer_span *span,
                           size_t limit, const char ***ret_ids, size_t *ret_n, struct mg_error *error)
{
    struct mg_sql_customer_ids_row *rows = NULL;
    size_t n = 0;
    int rc = mg_sql_customer_ids(db, ctx->arena, ctx->caller.org_id, span->from, span->start, span->end,
                                 (int64_t)limit, &rows, &n, error);
    const char **ids = rc ? NULL : mg_arena_array(ctx->arena, n + 1, sizeof *ids);
    if (!rc && !ids)
        rc = mg_fail_memory(error);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    *ret_ids = ids;
    *ret_n = n;
    return 0;
}

int mg_record_customer_list(const struct mg_ctx *ctx, const char *start, const char *after, int64_t limit,
                            struct mg_wire_customer_list *ret, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_customer_row *rows = NULL;
    struct mg_sql_customer_count_row count = {0};
    size_t n = 0;
    struct mg_customer_span span;
    int rc = mg_record_customer_span(ctx->arena, start, &span, error);
    if (!rc)
        rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    const char *org = ctx->caller.org_id;
    const struct mg_sql_customer_search_params page = {org,      span.from,          span.start,
                                                       span.end, after ? after : "", limit};
    rc = mg_sql_customer_search(db, ctx->arena, &page, &rows, &n, error);
    if (!rc)
        rc = mg_sql_customer_count(db, ctx->arena, org, span.from, span.start, span.end, &count, error);
    struct mg_wire_customer *customers = rc ? NULL : mg_arena_array(ctx->arena, n, sizeof *customers);
    if (!rc && !customers)
        rc = mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++)
        rc = read_customer(db, ctx, &rows[i], &customers[i], error);
    mg_store_read_end(ctx->store, db);
    if (rc)
        return rc;
    *ret = (struct mg_wire_customer_list){customers, n, count.n};
    return 0;
}

static int read_attributes(struct mg_db *db, const struct mg_ctx *ctx, struct mg_wire_customer *customer,
                           struct mg_error *error)
{
    struct mg_sql_attribute_list_row *rows = NULL;
    size_t n = 0;
    int rc = mg_sql_attribute_list(db, ctx->arena, ctx->caller.org_id, customer->id, &rows, &n, error);
    struct mg_wire_attribute *attributes = rc ? NULL : mg_arena_array(ctx->arena, n, sizeof *attributes);
    if (!rc && !attributes)
        rc = mg_fail_memory(error);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        attributes[i] = (struct mg_wire_attribute){rows[i].name, rows[i].value};
    customer->attributes = attributes;
    customer->n_attributes = n;
    return 0;
}

int mg_record_customer_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_customer *ret,
                           struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_customer_row row;
    struct mg_wire_customer customer;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_sql_customer_get(db, ctx->arena, ctx->caller.org_id, id, &row, error);
    if (rc == MG_E_NOT_FOUND)
        mg_fail(error, MG_E_NOT_FOUND, "There is no such customer.");
    if (!rc) {
        rc = read_customer(db, ctx, &row, &customer, error);
        if (!rc)
            rc = read_attributes(db, ctx, &customer, error);
    }
    mg_store_read_end(ctx->store, db);
    if (!rc)
        *ret = customer;
    return rc;
}

static int find(struct mg_db *db, const struct mg_ctx *ctx, struct mg_arena *arena, const char *reference,
                const char **ret_id, struct mg_error *error)
{
    struct mg_sql_customer_find_row found;
    int rc = mg_sql_customer_find(db, arena, ctx->caller.org_id, reference, &found, error);
    if (!rc)
        *ret_id = found.id;
    return rc;
}

static int make(struct mg_db *db, const struct mg_ctx *ctx, struct mg_arena *arena, const char *reference,
                const char **ret_id, bool *ret_made, struct mg_error *error)
{
    int64_t made = 0, now = mg_now(&ctx->clock);
    char *id = mg_arena_alloc(arena, MG_ULID_SIZE);
    if (!id)
        return mg_fail_memory(error);
    mg_ulid_new(now, id);
    int rc = mg_sql_customer_insert(db, id, ctx->caller.org_id, reference, now, &made, error);
    *ret_made = made > 0;
    *ret_id = id;
    return rc;
}

/* Looking comes first where most are there, making where most are new. */
static int ensure(struct mg_db *db, const struct mg_ctx *ctx, struct mg_arena *arena, const char *reference,
                  bool look_first, const char **ret_id, bool *ret_made, struct mg_error *error)
{
    int rc = look_first ? find(db, ctx, arena, reference, ret_id, error) : MG_E_NOT_FOUND;
    *ret_made = false;
    if (rc == MG_E_NOT_FOUND)
        rc = make(db, ctx, arena, reference, ret_id, ret_made, error);
    else
        return rc;
    return rc || *ret_made ? rc : find(db, ctx, arena, reference, ret_id, error);
}

int mg_record_customer_ensure(struct mg_db *db, const struct mg_ctx *ctx, struct mg_arena *arena,
                              const char *reference, const char **ret_id, bool *ret_made,
                              struct mg_error *error)
{
    bool made = false;
    int rc = ensure(db, ctx, arena, reference, true, ret_id, &made, error);
    if (!rc && ret_made)
        *ret_made = made;
    return rc;
}

static int by_reference(const void *a, const void *b, void *references)
{
    const char *const *list = references;
    return strcmp(list[*(const size_t *)a], list[*(const size_t *)b]);
}

/* In the order of the index, so that each of its pages is touched once; each reference is looked for once. */
static int each(struct mg_db *db, const struct mg_ctx *ctx, const char *const *references, size_t n,
                bool make_them, const char **ret_ids, struct mg_error *error)
{
    size_t *order = mg_arena_array(ctx->arena, n + 1, sizeof *order), n_known = 0;
    bool made = false;
    int rc = order ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++) {
        ret_ids[i] = NULL;
        if (references[i])
            order[n_known++] = i;
    }
    if (n_known)
        qsort_r(order, n_known, sizeof *order, by_reference, (void *)references);
    for (size_t i = 0; i < n_known && !rc; i++) {
        const char *reference = references[order[i]];
        if (i && strcmp(reference, references[order[i - 1]]) == 0)
            ret_ids[order[i]] = ret_ids[order[i - 1]];
        else if (!make_them)
            rc = find(db, ctx, ctx->arena, reference, &ret_ids[order[i]], error);
        else
            rc = ensure(db, ctx, ctx->arena, reference, !made, &ret_ids[order[i]], &made, error);
        rc = rc == MG_E_NOT_FOUND ? 0 : rc;
    }
    return rc;
}

int mg_record_customers_ensure(struct mg_db *db, const struct mg_ctx *ctx, const char *const *references,
                               size_t n, const char **ret_ids, struct mg_error *error)
{
    return each(db, ctx, references, n, true, ret_ids, error);
}

int mg_record_customers_find(struct mg_db *db, const struct mg_ctx *ctx, const char *const *references,
                             size_t n, const char **ret_ids, struct mg_error *error)
{
    return each(db, ctx, references, n, false, ret_ids, error);
}

struct change {
    const struct mg_ctx *ctx;
    const struct mg_wire_customer_edit *edit;
    const char *id;
};

static int write_attributes(struct mg_db *db, const struct change *change, struct mg_error *error)
{
    const struct mg_ctx *ctx = change->ctx;
    int rc = mg_sql_attribute_clear(db, ctx->caller.org_id, change->id, NULL, error);
    for (size_t i = 0; i < change->edit->n_attributes && !rc; i++)
        rc = mg_sql_attribute_insert(db, ctx->caller.org_id, change->id, change->edit->attributes[i].name,
                                     change->edit->attributes[i].value, mg_now(&ctx->clock), NULL, error);
    return rc;
}

/* Whoever read an older version doesn't know what would be lost. */
static int touch(struct mg_db *db, const struct change *change, struct mg_error *error)
{
    const struct mg_ctx *ctx = change->ctx;
    int64_t changes = 0;
    if (!change->edit->has_version) {
        mg_fail(error, MG_E_TAKEN, "There is a customer with this number already.");
        mg_fail_hint(error, "To change it, send the version that was read.");
        mg_fail_at(error, "/reference");
        return MG_E_TAKEN;
    }
    int rc = mg_sql_customer_touch(db, ctx->caller.org_id, change->id, change->edit->version,
                                   mg_now(&ctx->clock), &changes, error);
    return rc || changes
               ? rc
               : mg_fail(error, MG_E_CHANGED, "This was changed by somebody else since it was read.");
}

/* Whoever read a version means that customer, who isn't to come back with what was erased; the write takes
 * back the one it has just made. */
static int fail_gone(struct mg_error *error)
{
    mg_fail(error, MG_E_NOT_FOUND, "There is no such customer.");
    mg_fail_hint(error, "It was erased meanwhile; without a version it is made anew.");
    mg_fail_at(error, "/reference");
    return MG_E_NOT_FOUND;
}

static int upsert(struct mg_db *db, void *user, struct mg_error *error)
{
    struct change *change = user;
    const struct mg_ctx *ctx = change->ctx;
    bool made = false;
    int rc =
        mg_record_customer_ensure(db, ctx, ctx->arena, change->edit->reference, &change->id, &made, error);
    if (!rc && made && change->edit->has_version)
        rc = fail_gone(error);
    if (!rc && !made)
        rc = touch(db, change, error);
    if (!rc)
        rc = write_attributes(db, change, error);
    return rc ? rc
              : mg_audit_add(db, ctx, made ? "create" : "update", "customer", change->id, NULL, NULL, error);
}

int mg_record_customer_upsert(const struct mg_ctx *ctx, const struct mg_wire_customer_edit *edit,
                              struct mg_wire_customer *ret, struct mg_error *error)
{
    struct change change = {.ctx = ctx, .edit = edit};
    int rc = mg_store_write(ctx->store, upsert, &change, error);
    return rc ? rc : mg_record_customer_get(ctx, change.id, ret, error);
}

/* ---- erasing ---- */

struct erasure {
    const struct mg_ctx *ctx;
    struct mg_arena *arena; /* of one write */
    const char *id;
    bool done;
};

static int release(struct mg_db *db, const struct erasure *erasure,
                   const struct mg_sql_customer_responses_row *row, struct mg_error *error)
{
    struct mg_ctx ctx = *erasure->ctx;
    ctx.arena = erasure->arena;
    int rc = mg_sql_customer_release_response(db, ctx.caller.org_id, row->id, NULL, error);
    if (rc == 0 && !row->visible)
        rc = mg_sql_import_refill(db, ctx.caller.org_id, row->id, NULL, error);
    if (rc == 0 && row->visible)
        rc = mg_event_add(db, &ctx, MG_EVENT_RESPONSE, row->study_id, row->id, NULL, error);
    return rc;
}

static int delete_customer(struct mg_db *db, const struct erasure *erasure, struct mg_error *error)
{
    const struct mg_ctx *ctx = erasure->ctx;
    int64_t changes = 0;
    int rc = mg_sql_import_error_blank_customer(db, ctx->caller.org_id, erasure->id, NULL, error);
    if (rc == 0)
        rc = mg_sql_customer_delete(db, ctx->caller.org_id, erasure->id, &changes, error);
    if (rc == 0 && changes == 0)
        rc = mg_fail(error, MG_E_NOT_FOUND, "There is no such customer.");
    return rc ? rc : mg_audit_add(db, ctx, "delete", "customer", erasure->id, NULL, NULL, error);
}

/* Posted ones. */
static int release_posted(struct mg_db *db, const struct erasure *erasure, bool *ret_done,
                          struct mg_error *error)
{
    struct mg_sql_customer_responses_row *rows = NULL;
    size_t n = 0;
    int rc = mg_sql_customer_responses(db, erasure->arena, erasure->ctx->caller.org_id, erasure->id,
                                       ERASED_A_WRITE, &rows, &n, error);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = release(db, erasure, &rows[i], error);
    *ret_done = n < ERASED_A_WRITE;
    return rc;
}

/* Some of the responses; with the last ones the customer. */
static int erase_some(struct mg_db *db, void *user, struct mg_error *error)
{
    struct erasure *erasure = user;
    struct mg_ctx ctx = *erasure->ctx;
    ctx.arena = erasure->arena;
    erasure->done = false;
    int rc = release_posted(db, erasure, &erasure->done, error);
    if (rc == 0 && erasure->done)
        rc = mg_stored_release(&ctx, db, erasure->id, &erasure->done, error);
    if (rc == 0 && erasure->done)
        rc = delete_customer(db, erasure, error);
    return rc;
}

int mg_record_customer_delete(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    struct erasure erasure = {.ctx = ctx, .id = id};
    int rc = 0;
    while (rc == 0 && !erasure.done) {
        erasure.arena = mg_arena_new(ERASE_ARENA);
        rc = erasure.arena ? mg_store_write(ctx->store, erase_some, &erasure, error) : mg_fail_memory(error);
        mg_arena_free(erasure.arena);
    }
    return rc;
}
