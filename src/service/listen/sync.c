/* From the record to the columns; see sync.h.
 *
 * The engine's watermark is the highest sequence that any of its tables was given. Rows are applied under the
 * old one; then a table that holds nothing else carries the new one. Entries are applied in order, and a call
 * moves the watermark only when everything up to it has been applied; after a crash the part behind it is
 * applied again, to the same effect. Where an entry leaves no row (a removed study) an otherwise empty table
 * carries the watermark. */
#include "service/listen/sync.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "service/listen/fields.h"
#include "service/listen/study.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define ROWS_FEWEST 20 /* of a page, when even few rows fill the memory of a round */
#define PAGE_ROWS                                                                                            \
    ((size_t)20000) /* of an import or a study at once; a tenth as many entries of the outbox                \
                     */
#define ARENA_BYTES ((size_t)512 << 20)
#define MARK_TABLE "sync_mark"
#define COMMON_COLUMNS 5 /* as mg_listen_table_columns puts them first */
#define WAKE_SECONDS 1

struct table {
    const char *name;
    struct mg_fields fields;
    const struct mg_table_column *columns;
    const char **names;
    size_t n_columns;
};

/* One round: an arena of its own, freed at its end. */
struct round {
    struct mg_ctx ctx; /* a copy whose arena is the round's */
    int64_t watermark; /* of the engine, as moved by this round */
    size_t page_rows;
};

static int no_memory(struct mg_error *error)
{
    return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

static int move_mark(struct round *round, int64_t sequence, struct mg_error *error)
{
    const struct mg_columns *columns = &round->ctx.columns;
    int status = columns->engine->table_apply(columns->column, MARK_TABLE, NULL, 0, NULL, 0, sequence, error);
    if (!status)
        round->watermark = sequence;
    return status;
}

/* --- tables --- */

static int describe_table(struct round *round, const char *study_id, const char *document, struct table *ret,
                          struct mg_error *error)
{
    struct mg_arena *arena = round->ctx.arena;
    const struct mg_study *study;
    int status = mg_study_parse(arena, document, strlen(document), &study, error);
    if (!status)
        status = mg_fields_of(arena, study, &ret->fields, error);
    if (status)
        return status;
    ret->name = mg_listen_table_name(arena, study_id);
    ret->columns = mg_listen_table_columns(arena, study, &ret->n_columns);
    ret->names = ret->columns ? mg_arena_array(arena, ret->n_columns, sizeof(char *)) : NULL;
    if (!ret->name || !ret->names)
        return no_memory(error);
    for (size_t i = 0; i < ret->n_columns; i++)
        ret->names[i] = ret->columns[i].name;
    return 0;
}

/* The table of a study as its document has it now. MG_E_NOT_FOUND: the study is gone. */
static int open_table(struct round *round, const char *org_id, const char *study_id, struct table *ret,
                      struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_study_document_row row;
    int status = mg_store_read_begin(round->ctx.store, &db, error);
    if (status)
        return status;
    status = mg_sql_study_document(db, round->ctx.arena, org_id, study_id, &row, error);
    mg_store_read_end(round->ctx.store, db);
    if (!status)
        status = describe_table(round, study_id, row.document, ret, error);
    return status;
}

/* One response as a row of the table. The three queries of responses have the same columns. */
static int make_row(struct round *round, const struct table *table,
                    const struct mg_sql_response_for_columns_row *response, int64_t sequence,
                    struct mg_table_row *ret, struct mg_error *error)
{
    struct mg_arena *arena = round->ctx.arena;
    const char **cells = mg_arena_array(arena, table->n_columns, sizeof(char *));
    char *document = mg_arena_strdup(arena, response->document);
    char *at = mg_arena_alloc(arena, 32), *weight = mg_arena_alloc(arena, 32);
    if (!cells || !document || !at || !weight)
        return no_memory(error);
    mg_time_format(response->at, at);
    mg_format_double(response->weight ? *response->weight : 1, weight);
    cells[0] = response->wave;
    cells[1] = at;
    cells[2] = weight;
    cells[3] = response->customer_id;
    cells[4] = response->import_id;
    *ret = (struct mg_table_row){.id = response->id, .sequence = sequence, .cells = cells};
    return mg_document_cells(arena, &table->fields, document, cells + COMMON_COLUMNS, error);
}

_Static_assert(sizeof(struct mg_sql_response_of_import_row) == sizeof(struct mg_sql_response_for_columns_row),
               "same columns");
_Static_assert(sizeof(struct mg_sql_response_of_study_row) == sizeof(struct mg_sql_response_for_columns_row),
               "same columns");

static int ensure(struct round *round, const struct table *table, struct mg_error *error)
{
    const struct mg_columns *columns = &round->ctx.columns;
    return columns->engine->table_ensure(columns->column, table->name, table->columns, table->n_columns,
                                         error);
}

/* Where the document is newer than the table (its own entry comes later), the first try fails for want of a
 * column. */
static int apply(struct round *round, const struct table *table, const struct mg_table_row *rows, size_t n,
                 struct mg_error *error)
{
    const struct mg_columns *columns = &round->ctx.columns;
    int status = -1;
    for (int tries = 0; tries < 2 && status; tries++) {
        status = tries ? ensure(round, table, error) : 0;
        if (!status)
            status = columns->engine->table_apply(columns->column, table->name, table->names,
                                                  table->n_columns, rows, n, round->watermark, error);
    }
    return status;
}

/* --- pages of an import or of a study --- */

enum pages { PAGES_IMPORT, PAGES_ERASE_IMPORT, PAGES_STUDY };

struct page {
    struct mg_sql_response_for_columns_row *rows; /* of PAGES_ERASE_IMPORT only the ids */
    size_t n;
};

static int read_page(struct round *round, enum pages what, const char *id, const char *after,
                     struct page *ret, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_arena *arena = round->ctx.arena;
    int status = mg_store_read_begin(round->ctx.store, &db, error);
    if (status)
        return status;
    struct mg_sql_response_ids_of_import_row *ids = NULL;
    if (what == PAGES_IMPORT)
        status =
            mg_sql_response_of_import(db, arena, id, after, (int64_t)round->page_rows,
                                      (struct mg_sql_response_of_import_row **)&ret->rows, &ret->n, error);
    else if (what == PAGES_STUDY)
        status = mg_sql_response_of_study(db, arena, id, after, (int64_t)round->page_rows,
                                          (struct mg_sql_response_of_study_row **)&ret->rows, &ret->n, error);
    else
        status = mg_sql_response_ids_of_import(db, arena, id, after, (int64_t)round->page_rows, &ids, &ret->n,
                                               error);
    mg_store_read_end(round->ctx.store, db);
    if (status || what != PAGES_ERASE_IMPORT)
        return status;
    ret->rows = mg_arena_array(arena, ret->n, sizeof *ret->rows);
    if (!ret->rows)
        return no_memory(error);
    for (size_t i = 0; i < ret->n; i++)
        ret->rows[i].id = ids[i].id;
    return 0;
}

/* Applies one page; *after moves to its last id. */
static int apply_page(struct round *round, const struct table *table, enum pages what,
                      const struct page *page, int64_t sequence, char after[27], struct mg_error *error)
{
    struct mg_table_row *rows = mg_arena_array(round->ctx.arena, page->n, sizeof *rows);
    int status = rows ? 0 : no_memory(error);
    for (size_t i = 0; i < page->n && !status; i++) {
        if (what == PAGES_ERASE_IMPORT)
            rows[i] = (struct mg_table_row){.id = page->rows[i].id, .sequence = sequence, .erase = true};
        else
            status = make_row(round, table, &page->rows[i], sequence, &rows[i], error);
    }
    if (!status)
        status = apply(round, table, rows, page->n, error);
    if (!status)
        snprintf(after, 27, "%s", page->rows[page->n - 1].id);
    return status;
}

/* Every row of an import or a study, page by page, each page with memory of its own. The watermark stays. */
static int apply_pages(struct round *round, const struct table *table, enum pages what, const char *id,
                       int64_t sequence, struct mg_error *error)
{
    char after[27] = "";
    size_t n = round->page_rows;
    int status = 0;
    while (!status && n == round->page_rows) {
        struct round inner = *round;
        struct page page = {0};
        inner.ctx.arena = mg_arena_new(ARENA_BYTES);
        status = inner.ctx.arena ? read_page(&inner, what, id, after, &page, error) : no_memory(error);
        n = page.n;
        if (!status && n)
            status = apply_page(&inner, table, what, &page, sequence, after, error);
        mg_arena_free(inner.ctx.arena);
    }
    return status;
}

/* --- entries --- */

typedef struct mg_sql_event_after_row entry;

static bool is_single(const entry *e)
{
    return strcmp(e->kind, "response") == 0 || strcmp(e->kind, "erase") == 0;
}

/* The rows that the single entries of one study among entries[0 … n) make. */
static int collect_rows(struct round *round, struct mg_db *db, const struct table *table,
                        const entry *entries, size_t n, const char *study_id, struct mg_table_row *rows,
                        size_t *ret_n, struct mg_error *error)
{
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        const entry *e = &entries[i];
        if (strcmp(e->stream_id, study_id) != 0)
            continue;
        struct mg_sql_response_for_columns_row response;
        int status = 0;
        if (strcmp(e->kind, "erase") == 0)
            rows[(*ret_n)++] = (struct mg_table_row){.id = e->subject_id, .sequence = e->sequence, .erase = true};
        else if ((status = mg_sql_response_for_columns(db, round->ctx.arena, e->subject_id, &response, error)) ==
                 0)
            status = make_row(round, table, &response, e->sequence, &rows[(*ret_n)++], error);
        if (status && status != MG_E_NOT_FOUND) /* gone meanwhile: its erasure follows */
            return status;
    }
    return 0;
}

static int apply_study_singles(struct round *round, const entry *entries, size_t n, const entry *of,
                               struct mg_error *error)
{
    struct table table;
    struct mg_db *db;
    size_t n_rows = 0;
    int status = open_table(round, of->org_id, of->stream_id, &table, error);
    if (status == MG_E_NOT_FOUND) /* the study is gone: its own entry follows */
        return 0;
    struct mg_table_row *rows = status ? NULL : mg_arena_array(round->ctx.arena, n, sizeof *rows);
    if (!status && !rows)
        status = no_memory(error);
    if (!status)
        status = mg_store_read_begin(round->ctx.store, &db, error);
    if (status)
        return status;
    status = collect_rows(round, db, &table, entries, n, of->stream_id, rows, &n_rows, error);
    mg_store_read_end(round->ctx.store, db);
    return status ? status : apply(round, &table, rows, n_rows, error);
}

static bool seen_before(const entry *entries, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(entries[j].stream_id, entries[i].stream_id) == 0)
            return true;
    return false;
}

/* A run of single entries, study by study; then the watermark moves behind it. */
static int apply_singles(struct round *round, const entry *entries, size_t n, struct mg_error *error)
{
    int status = 0;
    for (size_t i = 0; i < n && !status; i++)
        if (!seen_before(entries, i))
            status = apply_study_singles(round, entries, n, &entries[i], error);
    return status ? status : move_mark(round, entries[n - 1].sequence, error);
}

static int rebuild_table(struct round *round, const entry *e, struct mg_error *error)
{
    struct table table;
    const struct mg_columns *columns = &round->ctx.columns;
    const char *name = mg_listen_table_name(round->ctx.arena, e->stream_id);
    int status = name ? columns->engine->table_drop(columns->column, name, error) : no_memory(error);
    if (!status)
        status = open_table(round, e->org_id, e->stream_id, &table, error);
    if (status == MG_E_NOT_FOUND)
        return 0;
    if (!status)
        status = ensure(round, &table, error);
    return status ? status : apply_pages(round, &table, PAGES_STUDY, e->stream_id, e->sequence, error);
}

static int apply_bulk(struct round *round, const entry *e, struct mg_error *error)
{
    struct table table;
    int status;
    if (strcmp(e->kind, "study") == 0) {
        status = rebuild_table(round, e, error);
    } else {
        enum pages what = strcmp(e->kind, "import") == 0 ? PAGES_IMPORT : PAGES_ERASE_IMPORT;
        status = open_table(round, e->org_id, e->stream_id, &table, error);
        if (!status)
            status = apply_pages(round, &table, what, e->subject_id, e->sequence, error);
        if (status == MG_E_NOT_FOUND)
            status = 0;
    }
    return status ? status : move_mark(round, e->sequence, error);
}

/* Applies what is next in the outbox; *ret_more: there may be more. */
static int run_round(struct round *round, bool *ret_more, struct mg_error *error)
{
    struct mg_db *db;
    entry *entries = NULL;
    size_t n = 0;
    int status = round->ctx.columns.engine->watermark(round->ctx.columns.column, &round->watermark, error);
    if (!status)
        status = mg_store_read_begin(round->ctx.store, &db, error);
    if (status)
        return status;
    size_t most = round->page_rows / 10;
    status = mg_sql_event_after(db, round->ctx.arena, round->watermark, (int64_t)most, &entries, &n, error);
    mg_store_read_end(round->ctx.store, db);
    for (size_t i = 0; i < n && !status;) {
        size_t run = 0;
        while (i + run < n && is_single(&entries[i + run]))
            run++;
        status = run ? apply_singles(round, &entries[i], run, error) : apply_bulk(round, &entries[i], error);
        i += run ? run : 1;
    }
    *ret_more = n == most;
    return status;
}

/* --- rows of undone imports --- */

struct purge {
    const char *id;
    int64_t removed;
};

static int delete_some(struct mg_db *db, void *user, struct mg_error *error)
{
    struct purge *purge = user;
    return mg_sql_import_delete_some(db, purge->id, &purge->removed, error);
}

/* Removes the rows of undone imports from the record, once the columns don't need their ids any more. */
static int purge_undone(struct round *round, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_import_undone_with_rows_row *imports = NULL;
    size_t n = 0;
    int status = mg_store_read_begin(round->ctx.store, &db, error);
    if (status)
        return status;
    status = mg_sql_import_undone_with_rows(db, round->ctx.arena, round->watermark, &imports, &n, error);
    mg_store_read_end(round->ctx.store, db);
    for (size_t i = 0; i < n && !status; i++) {
        struct purge purge = {imports[i].id, 1};
        while (!status && purge.removed > 0)
            status = mg_store_write(round->ctx.store, delete_some, &purge, error);
    }
    return status;
}

int mg_sync_run(const struct mg_ctx *ctx, struct mg_error *error)
{
    bool more = true;
    int status = 0;
    for (size_t rows = PAGE_ROWS; more && !status;) {
        struct round round = {.ctx = *ctx, .page_rows = rows};
        round.ctx.arena = mg_arena_new(ARENA_BYTES);
        status = round.ctx.arena ? run_round(&round, &more, error) : no_memory(error);
        if (!status && !more)
            status = purge_undone(&round, error);
        mg_arena_free(round.ctx.arena);
        if (status == MG_E_NO_MEMORY && rows > ROWS_FEWEST) { /* large answers: again with fewer at once */
            rows /= 10;
            more = true;
            status = 0;
        }
    }
    return status;
}

/* --- rebuild --- */

static int rebuild_all(struct round *round, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_study_all_row *studies = NULL;
    struct mg_sql_event_last_row last = {0};
    const struct mg_columns *columns = &round->ctx.columns;
    size_t n = 0;
    int status = mg_store_read_begin(round->ctx.store, &db, error);
    if (status)
        return status;
    status = mg_sql_study_all(db, round->ctx.arena, &studies, &n, error);
    if (!status)
        status = mg_sql_event_last(db, round->ctx.arena, &last, error);
    mg_store_read_end(round->ctx.store, db);
    /* All tables go first: a crash from here on leaves a watermark of 0, from which the sync starts over. */
    for (size_t i = 0; i < n && !status; i++)
        status = columns->engine->table_drop(columns->column,
                                             mg_listen_table_name(round->ctx.arena, studies[i].id), error);
    if (!status)
        status = columns->engine->table_drop(columns->column, MARK_TABLE, error);
    for (size_t i = 0; i < n && !status; i++) {
        entry e = {.sequence = last.sequence, .org_id = studies[i].org_id, .stream_id = studies[i].id};
        status = rebuild_table(round, &e, error);
    }
    return status ? status : move_mark(round, last.sequence, error);
}

int mg_sync_rebuild(const struct mg_ctx *ctx, struct mg_error *error)
{
    struct round round = {.ctx = *ctx, .page_rows = PAGE_ROWS};
    round.ctx.arena = mg_arena_new(ARENA_BYTES);
    int status = round.ctx.arena ? rebuild_all(&round, error) : no_memory(error);
    mg_arena_free(round.ctx.arena);
    /* What the rebuild had no memory for, the sync does in smaller pieces: the watermark is 0. */
    return status && status != MG_E_NO_MEMORY ? status : mg_sync_run(ctx, error);
}

int mg_sync_lag(const struct mg_ctx *ctx, int64_t *ret_entries, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_event_last_row last;
    int64_t watermark;
    int status = ctx->columns.engine->watermark(ctx->columns.column, &watermark, error);
    if (!status)
        status = mg_store_read_begin(ctx->store, &db, error);
    if (status)
        return status;
    status = mg_sql_event_last(db, ctx->arena, &last, error);
    mg_store_read_end(ctx->store, db);
    if (!status)
        *ret_entries = last.sequence > watermark ? last.sequence - watermark : 0;
    return status;
}

/* --- the thread --- */

struct mg_sync {
    struct mg_ctx ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken, finished;
    bool awake, stopping;
    uint64_t asked, done; /* who waits takes a number; runs that began later than it was taken serve it */
};

/* Waits to be woken, at most a second. false: the end. */
static bool wait_turn(struct mg_sync *sync)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAKE_SECONDS;
    pthread_mutex_lock(&sync->lock);
    while (!sync->awake && !sync->stopping)
        if (pthread_cond_timedwait(&sync->woken, &sync->lock, &until) == ETIMEDOUT)
            break;
    sync->awake = false;
    bool go_on = !sync->stopping;
    pthread_mutex_unlock(&sync->lock);
    return go_on;
}

static void *run_thread(void *user)
{
    struct mg_sync *sync = user;
    int last = 0;
    do {
        struct mg_error error = {0};
        pthread_mutex_lock(&sync->lock);
        uint64_t serves = sync->asked;
        pthread_mutex_unlock(&sync->lock);
        int status = mg_sync_run(&sync->ctx, &error);
        pthread_mutex_lock(&sync->lock);
        sync->done = serves;
        pthread_cond_broadcast(&sync->finished);
        pthread_mutex_unlock(&sync->lock);
        if (status && status != last) /* once, not every second */
            mg_log_write(&sync->ctx.log, MG_LOG_ERROR, "sync.failed", "%s", error.message);
        last = status;
    } while (wait_turn(sync));
    return NULL;
}

int mg_sync_start(const struct mg_ctx *base, struct mg_sync **ret_sync, struct mg_error *error)
{
    struct mg_sync *sync = calloc(1, sizeof *sync);
    if (!sync)
        return no_memory(error);
    sync->ctx = (struct mg_ctx){.store = base->store,
                                .columns = base->columns,
                                .data_dir = base->data_dir,
                                .clock = base->clock,
                                .log = base->log};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&sync->woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_cond_init(&sync->finished, NULL);
    pthread_mutex_init(&sync->lock, NULL);
    if (pthread_create(&sync->thread, NULL, run_thread, sync) != 0) {
        free(sync);
        return mg_fail(error, MG_E_NO_MEMORY, "The thread that feeds the columns can't be started.");
    }
    *ret_sync = sync;
    return 0;
}

void mg_sync_catch_up(struct mg_sync *sync)
{
    if (!sync)
        return;
    pthread_mutex_lock(&sync->lock);
    uint64_t mine = ++sync->asked;
    sync->awake = true;
    pthread_cond_signal(&sync->woken);
    while (sync->done < mine && !sync->stopping)
        pthread_cond_wait(&sync->finished, &sync->lock);
    pthread_mutex_unlock(&sync->lock);
}

void mg_sync_stop(struct mg_sync *sync)
{
    if (!sync)
        return;
    pthread_mutex_lock(&sync->lock);
    sync->stopping = true;
    pthread_cond_signal(&sync->woken);
    pthread_mutex_unlock(&sync->lock);
    pthread_join(sync->thread, NULL);
    pthread_mutex_destroy(&sync->lock);
    pthread_cond_destroy(&sync->woken);
    pthread_cond_destroy(&sync->finished);
    free(sync);
}
