/* Applying entries to the columns; see columns.h.
 *
 * A rebuild reads the whole study in one snapshot of the record, so that it holds exactly what the log says
 * up to the snapshot's last entry, which becomes the table's mark. Pages have memory of their own. */
#include "service/listen/columns.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/ulid.h"
#include "column/table.h"
#include "service/listen/purge.h"
#include "service/record/stored.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define PAGE_ROWS 20000
#define PAGE_ROWS_FEWEST 20 /* when few rows fill the memory of a page */
#define STUDIES_A_PAGE 10000
#define PAGE_ARENA ((size_t)512 << 20)
#define REBUILD_PREFIX "rebuild_"
#define GONE_PREFIX "gone_" /* ids of what an import replaced */
#define BACK_PREFIX "back_" /* what comes back with its undoing */

/* --- tables and rows --- */

static struct mg_table_batch batch_of(const struct mg_study_table *table, const struct mg_table_row *rows,
                                      size_t n)
{
    return (struct mg_table_batch){table->names, table->n_columns, rows, n};
}

/* --- single entries --- */

struct singles {
    const struct mg_ctx *ctx;
    const struct mg_follower_entry *entries;
    size_t n, n_rows;
    const struct mg_record_study *study;
    struct mg_table_row *rows;
};

static int read_single(struct mg_db *db, struct singles *s, const struct mg_follower_entry *e,
                       struct mg_error *error)
{
    struct mg_arena *arena = s->ctx->arena;
    if (strcmp(e->kind, MG_EVENT_ERASE) == 0) {
        s->rows[s->n_rows++] =
            (struct mg_table_row){.id = e->subject_id, .sequence = e->sequence, .erase = true};
        return 0;
    }
    int rc = mg_stored_table_row(arena, db, s->study, e->subject_id, e->sequence, &s->rows[s->n_rows], error);
    if (rc == MG_E_NOT_FOUND) /* gone meanwhile: its erasure follows */
        return 0;
    s->n_rows += !rc;
    return rc;
}

static int read_singles(struct mg_db *db, void *user, struct mg_error *error)
{
    struct singles *s = user;
    int rc =
        mg_record_study_read(s->ctx, db, s->entries[0].org_id, s->entries[0].stream_id, &s->study, error);
    for (size_t i = 0; i < s->n && !rc; i++)
        rc = read_single(db, s, &s->entries[i], error);
    return rc;
}

/* The first try fails where there is no table yet, or the document has columns that the table lacks (the
 * entry that tells of it comes later). */
static int apply_rows(const struct mg_columns *columns, const struct mg_study_table *table,
                      const struct mg_table_row *rows, size_t n, int64_t mark, struct mg_error *error)
{
    const struct mg_table_batch batch = batch_of(table, rows, n);
    int64_t old = -1;
    int rc = mg_columns_table_mark(columns, table->name, true, &old, error);
    if (!rc && old >= 0 && mg_columns_table_apply(columns, table->name, &batch, mark, error) == 0)
        return 0;
    if (!rc)
        rc = mg_columns_table_ensure(columns, table->name, table->columns, table->n_columns, error);
    return rc ? rc : mg_columns_table_apply(columns, table->name, &batch, mark, error);
}

static int apply_singles(const struct mg_ctx *ctx, const struct mg_follower_entry *entries, size_t n,
                         struct mg_error *error)
{
    struct singles s = {
        .ctx = ctx, .entries = entries, .n = n, .rows = mg_arena_array(ctx->arena, n, sizeof *s.rows)};
    int rc = s.rows ? mg_store_read(ctx->store, read_singles, &s, error) : mg_fail_memory(error);
    if (rc == MG_E_NOT_FOUND) /* the study is gone: its own entry follows */
        return 0;
    return rc ? rc
              : apply_rows(&ctx->columns, &s.study->table, s.rows, s.n_rows, entries[n - 1].sequence, error);
}

/* --- parts filled from the record --- */

struct filling {
    const struct mg_ctx *ctx;
    const char *part;
    struct mg_stored_walk walk;
    struct mg_stored_replaced replaced; /* instead, where it has an import */
};

static const struct mg_study_table *table_of(const struct filling *f)
{
    return f->replaced.import_id ? &f->replaced.study->table : &f->walk.study->table;
}

/* What has come so far is in the part only if the page is: a page that failed is read again. */
static int fill_page(struct filling *f, struct mg_arena *arena, int64_t limit, size_t *ret_n,
                     struct mg_error *error)
{
    const struct mg_columns *columns = &f->ctx->columns;
    struct mg_stored_walk walk = f->walk;
    struct mg_stored_replaced replaced = f->replaced;
    struct mg_table_row *rows = NULL;
    size_t n = 0;
    int rc = replaced.import_id ? mg_stored_replaced_next(&replaced, arena, limit, &rows, &n, error)
                                : mg_stored_walk_next(&walk, arena, limit, &rows, &n, error);
    const struct mg_table_batch batch = batch_of(table_of(f), rows, n);
    if (!rc && n)
        rc = mg_columns_part_add(columns, f->part, &batch, error);
    if (rc)
        return rc;
    f->walk = walk;
    f->replaced = replaced;
    *ret_n = n;
    return 0;
}

/* Page by page; smaller ones where large answers fill the memory. */
static int fill_part(struct filling *f, struct mg_error *error)
{
    const struct mg_columns *columns = &f->ctx->columns;
    const struct mg_study_table *table = table_of(f);
    int64_t limit = PAGE_ROWS;
    size_t n = 1;
    int rc = mg_columns_part_begin(columns, f->part, table->columns, table->n_columns, error);
    while (!rc && n > 0) {
        struct mg_arena *arena = mg_arena_new(PAGE_ARENA);
        if (mg_followers_stopping(f->ctx->followers))
            rc = mg_fail(error, MG_E_CANCELLED, "The server stops.");
        else
            rc = arena ? fill_page(f, arena, limit, &n, error) : mg_fail_memory(error);
        mg_arena_free(arena);
        if (rc == MG_E_NO_MEMORY && limit > PAGE_ROWS_FEWEST) {
            limit /= 10;
            rc = 0;
        }
    }
    return rc;
}

/* --- imports --- */

struct importing {
    const struct mg_ctx *ctx;
    const struct mg_follower_entry *entry;
    const struct mg_record_study *study;
    struct mg_sql_import_extent_row extent;
    int64_t in_part;
    const char *part; /* of what it replaced; NULL: nothing */
    bool back;        /* that comes back */
};

static int read_import(struct mg_db *db, void *user, struct mg_error *error)
{
    struct importing *i = user;
    int rc = mg_record_study_read(i->ctx, db, i->entry->org_id, i->entry->stream_id, &i->study, error);
    return rc ? rc : mg_sql_import_extent(db, i->ctx->arena, i->entry->subject_id, &i->extent, error);
}

/* In one snapshot: what was erased from the import since is not in it, and the erasure that follows finds
 * nothing. */
static int fill_from_record(struct mg_db *db, void *user, struct mg_error *error)
{
    struct importing *i = user;
    struct filling f = {
        .ctx = i->ctx,
        .part = i->entry->subject_id,
        .walk = {
            .db = db, .study = i->study, .import_id = i->entry->subject_id, .sequence = i->entry->sequence}};
    return fill_part(&f, error);
}

/* The importer has filled the part already, as a rule; not with these columns where the study has changed
 * meanwhile. */
static int ensure_part(struct importing *i, struct mg_error *error)
{
    const struct mg_columns *columns = &i->ctx->columns;
    int rc = mg_columns_part_rows(columns, i->entry->subject_id, i->study->table.shape, &i->in_part, error);
    if (rc || (i->in_part == i->extent.rows_kept && !i->extent.refill))
        return rc;
    return mg_store_read(i->ctx->store, fill_from_record, i, error);
}

/* What the import replaced, as rows that come back, or their ids. */
static int fill_replaced(struct mg_db *db, void *user, struct mg_error *error)
{
    struct importing *i = user;
    struct filling f = {.ctx = i->ctx,
                        .part = i->part,
                        .replaced = {.db = db,
                                     .study = i->study,
                                     .import_id = i->entry->subject_id,
                                     .sequence = i->entry->sequence,
                                     .ids = !i->back}};
    return fill_part(&f, error);
}

static int ensure_replaced(struct importing *i, const char *prefix, struct mg_error *error)
{
    if (i->extent.rows_replaced == 0)
        return 0;
    i->part = mg_arena_printf(i->ctx->arena, "%s%s", prefix, i->entry->subject_id);
    return i->part ? mg_store_read(i->ctx->store, fill_replaced, i, error) : mg_fail_memory(error);
}

static int join_import(const struct importing *i, struct mg_error *error)
{
    const struct mg_table_leaving leaving = {.part = i->part};
    return mg_columns_part_join(&i->ctx->columns, i->entry->subject_id, i->study->table.name,
                                i->part ? &leaving : NULL, i->entry->sequence, error);
}

static int apply_import(const struct mg_ctx *ctx, const struct mg_follower_entry *entry,
                        struct mg_error *error)
{
    const struct mg_columns *columns = &ctx->columns;
    struct importing i = {.ctx = ctx, .entry = entry};
    int64_t old = -1;
    int rc = mg_store_read(ctx->store, read_import, &i, error);
    if (rc == MG_E_NOT_FOUND) /* gone with its study */
        return 0;
    bool done = !rc && strcmp(i.extent.state, "done") ==
                           0; /* else it was taken back meanwhile, as an entry will say */
    if (!rc && !done)
        return apply_rows(columns, &i.study->table, NULL, 0, entry->sequence, error);
    if (!rc)
        rc = mg_columns_table_mark(columns, i.study->table.name, true, &old, error);
    if (!rc && old >= entry->sequence)
        return mg_columns_part_drop(columns, entry->subject_id, error);
    if (!rc)
        rc = mg_columns_table_ensure(columns, i.study->table.name, i.study->table.columns,
                                     i.study->table.n_columns, error);
    if (!rc)
        rc = ensure_part(&i, error);
    if (!rc)
        rc = ensure_replaced(&i, GONE_PREFIX, error);
    return rc ? rc : join_import(&i, error);
}

/* The study only where something comes back; all may be gone with it. */
static int read_undone(struct mg_db *db, void *user, struct mg_error *error)
{
    struct importing *i = user;
    i->extent = (struct mg_sql_import_extent_row){0};
    int rc = mg_sql_import_extent(db, i->ctx->arena, i->entry->subject_id, &i->extent, error);
    if (!rc && i->extent.rows_replaced > 0)
        rc = mg_record_study_read(i->ctx, db, i->entry->org_id, i->entry->stream_id, &i->study, error);
    if (rc == MG_E_NOT_FOUND)
        i->extent.rows_replaced = 0;
    return rc == MG_E_NOT_FOUND ? 0 : rc;
}

/* What it brought leaves at the moment at which what it replaced comes back. */
static int join_back(struct importing *i, const char *name, struct mg_error *error)
{
    const struct mg_follower_entry *entry = i->entry;
    const struct mg_columns *columns = &i->ctx->columns;
    const struct mg_table_leaving leaving = {MG_RECORD_IMPORT, entry->subject_id, NULL, true};
    int rc = ensure_replaced(i, BACK_PREFIX, error);
    if (!rc && i->part)
        rc =
            mg_columns_table_ensure(columns, name, i->study->table.columns, i->study->table.n_columns, error);
    if (rc)
        return rc;
    return i->part ? mg_columns_part_join(columns, i->part, name, &leaving, entry->sequence, error)
                   : mg_columns_table_remove(columns, name, MG_RECORD_IMPORT, entry->subject_id,
                                             entry->sequence, error);
}

static int forget_some(struct mg_db *db, void *user, struct mg_error *error)
{
    struct importing *i = user;
    return mg_sql_hidden_delete_some(db, i->entry->subject_id, &i->in_part, error);
}

/* Once the columns have what it replaced, nobody asks for that any more. */
static int forget_replaced(struct importing *i, struct mg_error *error)
{
    int rc = 0;
    i->in_part = i->part ? 1 : 0;
    while (!rc && i->in_part > 0)
        rc = mg_store_write(i->ctx->store, forget_some, i, error);
    return rc;
}

static int apply_undo(const struct mg_ctx *ctx, const struct mg_follower_entry *entry, struct mg_error *error)
{
    const struct mg_columns *columns = &ctx->columns;
    const char *name = mg_record_table_name(ctx->arena, entry->stream_id);
    struct importing i = {.ctx = ctx, .entry = entry, .back = true};
    int64_t old = -1;
    int rc = name ? mg_columns_table_mark(columns, name, true, &old, error) : mg_fail_memory(error);
    if (!rc)
        rc = mg_store_read(ctx->store, read_undone, &i, error);
    if (!rc && old >= 0)
        rc = join_back(&i, name, error);
    if (!rc)
        rc = forget_replaced(&i, error);
    if (!rc)
        rc = mg_columns_part_drop(columns, entry->subject_id, error);
    return rc ? rc : mg_listen_import_purge(ctx, entry->subject_id, error);
}

/* --- whole studies --- */

struct rebuilding {
    const struct mg_ctx *ctx;
    const char *org_id, *study_id, *part;
    const struct mg_record_study *study;
    int64_t last;
    bool gone;
};

static int rebuild_part(struct mg_db *db, void *user, struct mg_error *error)
{
    struct rebuilding *r = user;
    struct mg_sql_event_last_row last;
    int rc = mg_sql_event_last(db, r->ctx->arena, &last, error);
    if (!rc)
        rc = mg_record_study_read(r->ctx, db, r->org_id, r->study_id, &r->study, error);
    r->last = last.sequence;
    r->gone = rc == MG_E_NOT_FOUND;
    if (rc)
        return r->gone ? 0 : rc;
    struct filling f = {
        .ctx = r->ctx, .part = r->part, .walk = {.db = db, .study = r->study, .sequence = last.sequence}};
    return fill_part(&f, error);
}

static int rebuild(const struct mg_ctx *ctx, const char *org_id, const char *stream_id, int64_t *ret_sequence,
                   struct mg_error *error)
{
    const struct mg_columns *columns = &ctx->columns;
    struct rebuilding r = {.ctx = ctx,
                           .org_id = org_id,
                           .study_id = stream_id,
                           .part = mg_arena_printf(ctx->arena, REBUILD_PREFIX "%s", stream_id)};
    const char *name = mg_record_table_name(ctx->arena, stream_id);
    int rc = r.part && name ? mg_store_read(ctx->store, rebuild_part, &r, error) : mg_fail_memory(error);
    if (!rc && r.gone)
        rc = mg_columns_table_drop(columns, name, error);
    else if (!rc)
        rc = mg_columns_part_replace(columns, r.part, name, r.last, error);
    if (!rc)
        *ret_sequence = r.last;
    return rc;
}

/* Nothing to do where the table holds a later state already: an earlier rebuild has seen this change. */
static int apply_study(const struct mg_ctx *ctx, const struct mg_follower_entry *entry,
                       struct mg_error *error)
{
    const struct mg_columns *columns = &ctx->columns;
    const char *name = mg_record_table_name(ctx->arena, entry->stream_id);
    int64_t old = -1, covered;
    int rc = name ? mg_columns_table_mark(columns, name, true, &old, error) : mg_fail_memory(error);
    if (rc || old >= entry->sequence)
        return rc;
    return rebuild(ctx, entry->org_id, entry->stream_id, &covered, error);
}

/* --- the follower --- */

static int apply(const struct mg_ctx *ctx, const struct mg_follower_entry *entries, size_t n,
                 struct mg_error *error)
{
    if (strcmp(entries->kind, MG_EVENT_IMPORT) == 0)
        return apply_import(ctx, entries, error);
    if (strcmp(entries->kind, MG_EVENT_IMPORT_UNDO) == 0)
        return apply_undo(ctx, entries, error);
    if (strcmp(entries->kind, MG_EVENT_STUDY) == 0)
        return apply_study(ctx, entries, error);
    return apply_singles(ctx, entries, n, error);
}

static int identity(const struct mg_ctx *ctx, char ret_identity[MG_FOLLOWER_IDENTITY], struct mg_error *error)
{
    struct mg_column_status status;
    int rc = mg_columns_status(&ctx->columns, true, &status, error);
    if (!rc)
        snprintf(ret_identity, MG_FOLLOWER_IDENTITY, "%s", status.identity);
    return rc;
}

static int reaches(const struct mg_ctx *ctx, const char *stream_id, int64_t *ret_sequence,
                   struct mg_error *error)
{
    const struct mg_columns *columns = &ctx->columns;
    const char *name = mg_record_table_name(ctx->arena, stream_id);
    return name ? mg_columns_table_mark(columns, name, true, ret_sequence, error) : mg_fail_memory(error);
}

static int streams(struct mg_db *db, const struct mg_ctx *ctx,
                   int (*each)(void *user, const char *org_id, const char *stream_id, struct mg_error *error),
                   void *user, struct mg_error *error)
{
    struct mg_sql_study_all_row *studies = NULL;
    const char *after = "";
    size_t n = STUDIES_A_PAGE;
    int rc = 0;
    while (!rc && n == STUDIES_A_PAGE) {
        rc = mg_sql_study_all(db, ctx->arena, after, STUDIES_A_PAGE, &studies, &n, error);
        for (size_t i = 0; i < n && !rc; i++)
            rc = each(user, studies[i].org_id, studies[i].id, error);
        after = !rc && n ? studies[n - 1].id : after;
    }
    return rc;
}

const struct mg_follower mg_listen_columns = {
    .name = "columns",
    .kinds = {MG_EVENT_RESPONSE, MG_EVENT_ERASE, MG_EVENT_IMPORT, MG_EVENT_IMPORT_UNDO, MG_EVENT_STUDY},
    .bulk = {MG_EVENT_IMPORT, MG_EVENT_IMPORT_UNDO, MG_EVENT_STUDY},
    .apply = apply,
    .identity = identity,
    .reaches = reaches,
    .rebuild = rebuild,
    .streams = streams,
};

struct asking {
    const struct mg_ctx *ctx;
    const char *study_id, *identity;
    bool has_table;
    bool ready;
};

/* The record's watermark speaks of this file, and the study isn't one that was lost and isn't made anew yet.
 * One that is made anew on request serves as it is. */
static int read_readiness(struct mg_db *db, void *user, struct mg_error *error)
{
    struct asking *a = user;
    struct mg_arena *arena = a->ctx->arena;
    struct mg_sql_follower_get_row row;
    struct mg_sql_hold_get_row hold;
    int rc = mg_sql_follower_get(db, arena, mg_listen_columns.name, &row, error);
    if (rc)
        return rc == MG_E_NOT_FOUND ? 0 : rc;
    a->ready = strcmp(row.identity, a->identity) == 0;
    rc = mg_sql_hold_get(db, arena, mg_listen_columns.name, a->study_id, &hold, error);
    if (!rc)
        a->ready &= !hold.rebuild || (a->has_table && hold.rebuild == 1);
    return rc == MG_E_NOT_FOUND ? 0 : rc;
}

int mg_listen_columns_ready(const struct mg_ctx *ctx, const char *study_id, struct mg_error *error)
{
    const struct mg_columns *columns = &ctx->columns;
    const char *name = mg_record_table_name(ctx->arena, study_id);
    struct mg_column_status status;
    struct asking asking = {ctx, study_id, status.identity, false, false};
    int64_t mark = -1;
    int rc = name ? mg_columns_table_mark(columns, name, true, &mark, error) : mg_fail_memory(error);
    if (!rc)
        rc = mg_columns_status(columns, true, &status, error);
    asking.has_table = mark >= 0;
    if (!rc)
        rc = mg_store_read(ctx->store, read_readiness, &asking, error);
    if (rc || asking.ready)
        return rc;
    mg_fail(error, MG_E_BUSY, "The answers of this study are being made ready for analysis.");
    mg_fail_hint(error, "Nothing is lost; try again in a moment.");
    return MG_E_BUSY;
}

/* --- leftovers --- */

struct claiming {
    const struct mg_ctx *ctx;
    const char *part;
    bool claimed;
};

/* What comes back is claimed while it is known what an import replaced: until it is there. */
static int read_claim_back(struct mg_db *db, struct claiming *c, struct mg_error *error)
{
    struct mg_sql_hidden_of_import_row *rows = NULL;
    size_t n = 0;
    int rc =
        mg_sql_hidden_of_import(db, c->ctx->arena, c->part + strlen(BACK_PREFIX), 0, 1, &rows, &n, error);
    c->claimed = n > 0;
    return rc;
}

/* An import's part, and that of what it replaced, is claimed until the import has ended and, where it is
 * done, has joined; a rebuild's while its stream is held. */
static int read_claim(struct mg_db *db, void *user, struct mg_error *error)
{
    struct claiming *c = user;
    struct mg_sql_import_extent_row extent;
    struct mg_sql_hold_of_stream_row *holds = NULL;
    size_t n = 0;
    if (mg_str_starts(c->part, REBUILD_PREFIX)) {
        int rc =
            mg_sql_hold_of_stream(db, c->ctx->arena, c->part + strlen(REBUILD_PREFIX), &holds, &n, error);
        c->claimed = n > 0;
        return rc;
    }
    if (mg_str_starts(c->part, BACK_PREFIX))
        return read_claim_back(db, c, error);
    const char *import_id = c->part + (mg_str_starts(c->part, GONE_PREFIX) ? strlen(GONE_PREFIX) : 0);
    int rc = mg_sql_import_extent(db, c->ctx->arena, import_id, &extent, error);
    if (rc)
        return rc == MG_E_NOT_FOUND ? 0 : rc;
    c->claimed = strcmp(extent.state, "queued") == 0 || strcmp(extent.state, "running") == 0;
    if (strcmp(extent.state, "done") == 0) {
        const struct mg_columns *columns = &c->ctx->columns;
        const char *table = mg_record_table_name(c->ctx->arena, extent.study_id);
        int64_t mark = -1;
        rc = table ? mg_columns_table_mark(columns, table, true, &mark, error) : mg_fail_memory(error);
        c->claimed = extent.told > mark;
    }
    return rc;
}

int mg_listen_columns_sweep(const struct mg_ctx *ctx, struct mg_error *error)
{
    const struct mg_columns *columns = &ctx->columns;
    const char **parts = NULL;
    size_t n = 0;
    int rc = columns->column ? mg_columns_part_list(columns, ctx->arena, &parts, &n, error) : 0;
    for (size_t i = 0; i < n && !rc; i++) {
        struct claiming claiming = {ctx, parts[i], false};
        rc = mg_store_read(ctx->store, read_claim, &claiming, error);
        if (!rc && !claiming.claimed)
            rc = mg_columns_part_drop(columns, parts[i], error);
    }
    return rc;
}
