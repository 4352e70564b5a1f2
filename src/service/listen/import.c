/* Imports; see import.h for the states and what may be seen when. */
#include "service/listen/import.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/format.h"
#include "base/str.h"
#include "base/ulid.h"
#include "service/admin/audit.h"
#include "service/admin/public.h"
#include "service/admin/token.h"
#include "service/listen/errors.h"
#include "service/listen/handover.h"
#include "service/listen/hold.h"
#include "service/listen/import_open.h"
#include "service/listen/importer.h"
#include "service/listen/last.h"
#include "service/listen/purge.h"
#include "service/listen/turn.h"
#include "service/listen/upload.h"
#include "service/log/event.h"
#include "service/log/follower.h"
#include "service/record/study.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define CUT_OFF MG_TEXT("The import was cut off. Nothing of it was kept; start it again.")
#define CATCH_UP_SECONDS 600 /* for the columns to take an import in; it is done meanwhile in any case */

static struct mg_wire_import to_wire(const struct mg_ctx *ctx, const struct mg_sql_import_row *row)
{
    enum mg_wire_import_state state = MG_WIRE_IMPORT_STATE_RUNNING; /* what is queued too */
    mg_wire_import_state_parse(row->state, &state);
    return (struct mg_wire_import){
        .id = row->id,
        .study_id = row->study_id,
        .job_id = row->job_id,
        .upload_id = row->upload_id,
        .name = row->file_name,
        .state = state,
        .rows = row->rows_read,
        .imported = row->rows_kept,
        .added = row->rows_added,
        .replaced = row->rows_replaced,
        .left = row->rows_left,
        .skipped = row->rows_refused,
        .errors = row->errors,
        .message = mg_public_message(ctx, (struct mg_both){row->message_en, row->message_zh}),
        .created_at = mg_wire_time(ctx->arena, &row->created_at),
        .finished_at = mg_wire_time(ctx->arena, row->finished_at),
    };
}

static int get_row(const struct mg_ctx *ctx, const char *id, struct mg_sql_import_row *ret,
                   struct mg_error *error)
{
    struct mg_db *db;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_sql_import_get(db, ctx->arena, ctx->caller.org_id, id, ret, error);
    mg_store_read_end(ctx->store, db);
    return rc == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such import.") : rc;
}

int mg_listen_import_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_import *ret,
                         struct mg_error *error)
{
    struct mg_sql_import_row row;
    int rc = get_row(ctx, id, &row, error);
    if (rc)
        return rc;
    struct mg_wire_import import = to_wire(ctx, &row);
    import.wave = mg_import_asked_wave(ctx, row.mapping);
    if (import.state != MG_WIRE_IMPORT_STATE_RUNNING && import.errors > 0)
        rc = mg_import_error_kinds(ctx, id, &import.error_kinds, &import.n_error_kinds, error);
    if (!rc)
        *ret = import;
    return rc;
}

int mg_listen_import_list(const struct mg_ctx *ctx, int64_t limit, struct mg_wire_import_list *ret,
                          struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_import_row *rows = NULL;
    size_t n = 0;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_sql_import_list(db, ctx->arena, ctx->caller.org_id, limit, &rows, &n, error);
    mg_store_read_end(ctx->store, db);
    struct mg_wire_import *imports = rc ? NULL : mg_arena_array(ctx->arena, n, sizeof *imports);
    if (!rc && !imports)
        rc = mg_fail_memory(error);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        imports[i] = to_wire(ctx, &rows[i]);
    *ret = (struct mg_wire_import_list){imports, n};
    return 0;
}

/* --- beginning --- */

struct begin {
    const struct mg_ctx *ctx;
    struct mg_import_asked asked;
    const char *mapping;
    struct mg_blob checksum;
    bool with_job;
    int hold; /* without a job: proves that the import is alive */
    char id[MG_ULID_SIZE];
};

/* Says which import has the file already; or the study was removed since the file was opened for it. */
static int refuse_repeat(struct mg_db *db, const struct begin *begin, struct mg_error *error)
{
    const struct mg_ctx *ctx = begin->ctx;
    struct mg_sql_import_same_file_row same;
    struct mg_sql_study_version_row study;
    int rc =
        mg_sql_study_version(db, ctx->arena, ctx->caller.org_id, begin->asked.create.study_id, &study, error);
    if (rc)
        return rc == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such study.") : rc;
    rc = mg_sql_import_same_file(db, ctx->arena, ctx->caller.org_id, begin->asked.create.study_id,
                                 begin->checksum, &same, error);
    if (rc)
        return rc;
    char at[32];
    mg_time_format(same.created_at, at);
    mg_fail(error, MG_E_CONFLICT, "This very file was imported into this study already (%.10s %.5s UTC).", at,
            at + 11);
    mg_fail_hint(error, "Undo that import, or ask to import the file again.");
    return MG_E_CONFLICT;
}

static int insert_row(struct mg_db *db, const struct begin *begin, struct mg_error *error)
{
    const struct mg_ctx *ctx = begin->ctx;
    const struct mg_import_asked *asked = &begin->asked;
    const struct mg_wire_import_create *create = &asked->create;
    int64_t inserted = 0;
    struct mg_sql_import_insert_params params = {.id = begin->id,
                                                 .org_id = ctx->caller.org_id,
                                                 .study_id = asked->new_study ? asked->new_study->id
                                                                              : create->study_id,
                                                 .upload_id = create->upload_id,
                                                 .user_id = *ctx->caller.user_id ? ctx->caller.user_id : NULL,
                                                 .file_name = asked->file_name,
                                                 .mapping = begin->mapping,
                                                 .checksum = begin->checksum,
                                                 .again = create->again || mg_import_is_by_id(asked),
                                                 .now = mg_now(&ctx->clock)};
    int rc = mg_sql_import_insert(db, &params, &inserted, error);
    return rc || inserted ? rc : refuse_repeat(db, begin, error);
}

static int insert_import(struct mg_db *db, void *user, struct mg_error *error)
{
    struct begin *begin = user;
    const struct mg_ctx *ctx = begin->ctx;
    char job_id[27];
    int rc =
        begin->asked.new_study ? mg_record_study_begin(db, ctx, begin->asked.new_study, begin->id, error) : 0;
    if (!rc)
        rc = insert_row(db, begin, error);
    if (!rc && begin->with_job)
        rc = mg_job_insert(db, ctx, &mg_listen_import_job, begin->id, "{}", 0, job_id, error);
    if (!rc && begin->with_job)
        rc = mg_sql_import_set_job(db, ctx->caller.org_id, begin->id, job_id, NULL, error);
    if (!rc)
        rc = mg_audit_add(db, ctx, "create", "import", begin->id, NULL, NULL, error);
    return rc;
}

static int write_begin(const struct mg_ctx *ctx, struct begin *begin, struct mg_error *error)
{
    struct mg_buf text;
    mg_buf_init(&text, MG_IMPORT_ASKED_BYTES_MAX);
    struct mg_json_writer out = mg_json_writer(&text);
    mg_wire_write_import_create(&out, &begin->asked.create);
    begin->ctx = ctx;
    begin->mapping = text.failed ? NULL : mg_arena_strndup(ctx->arena, text.data, text.len);
    mg_buf_done(&text);
    if (!begin->mapping)
        return mg_fail_memory(error);
    mg_ulid_new(mg_now(&ctx->clock), begin->id);
    int rc = begin->with_job ? 0 : mg_import_hold(ctx, begin->id, &begin->hold, error);
    return rc ? rc : mg_store_write(ctx->store, insert_import, begin, error);
}

int mg_listen_import_create(const struct mg_ctx *ctx, const struct mg_wire_import_create *create,
                            struct mg_wire_import *ret, struct mg_error *error)
{
    struct mg_sql_upload_get_row upload;
    struct begin begin = {.with_job = true};
    int rc = mg_import_get_upload(ctx, create->upload_id, &upload, error);
    if (!rc)
        rc = mg_import_open_upload(ctx, create, upload.file_name, NULL, &begin.asked, error);
    if (rc)
        return rc;
    begin.checksum = upload.checksum;
    rc = write_begin(ctx, &begin, error);
    mg_import_source_close(&begin.asked.source);
    if (rc)
        return rc;
    mg_jobs_wake(ctx->jobs);
    return mg_listen_import_get(ctx, begin.id, ret, error);
}

/* --- running and ending --- */

struct end {
    const struct mg_ctx *ctx;
    const char *id, *study_id, *study_code, *state;
    struct mg_both message;
    struct mg_import_counts counts;
    const struct mg_known *known; /* what the study had; NULL: nothing is replaced */
    const char *profile;          /* how the file was read, to be kept; NULL: nothing is */
};

/* The moment at which the import's responses become visible, those that they replace hidden, and the study
 * there that it makes. */
static int finish_import(struct mg_db *db, void *user, struct mg_error *error)
{
    struct end *end = user;
    const struct mg_ctx *ctx = end->ctx;
    int64_t changed = 0, now = mg_now(&ctx->clock);
    int rc = mg_import_count(db, end->id, &end->counts, NULL, error);
    if (!rc && end->known)
        rc = mg_known_hide(end->known, db, ctx, end->id, error);
    if (!rc)
        rc = mg_sql_import_finish(db, end->id, "done", "", "", now, &changed, error);
    if (!rc && changed == 0)
        rc = mg_fail(error, MG_E_CANCELLED, "The import was stopped.");
    if (!rc)
        rc = mg_record_study_settle(db, ctx, end->id, end->study_id, end->study_code, error);
    if (!rc)
        rc = mg_last_keep(db, ctx, end->id, end->study_id, end->profile, error);
    if (!rc)
        rc = mg_event_add(db, ctx, MG_EVENT_IMPORT, end->study_id, end->id, NULL, error);
    if (!rc)
        rc = mg_audit_add(db, ctx, "finish", "import", end->id, NULL, NULL, error);
    return rc;
}

struct waiting {
    int (*progress)(void *, int64_t, double, struct mg_error *);
    void *user;
};

static int go_on_waiting(void *user, struct mg_error *error)
{
    struct waiting *waiting = user;
    return waiting->progress(waiting->user, 0, 0, error);
}

/* What is offered to the next file isn't worth an import that has gone well: without it nothing is kept. */
static int keep_profile(const struct mg_ctx *ctx, const struct mg_import_asked *asked, const char **ret_text,
                        struct mg_error *error)
{
    int rc = mg_last_text(ctx, &asked->source, asked->create.reading, ret_text, NULL);
    return rc ? mg_stop_check(ctx->stop, error) : 0;
}

static int run_import(const struct mg_ctx *ctx, const char *id, const struct mg_import_asked *asked,
                      int (*progress)(void *, int64_t, double, struct mg_error *), void *user,
                      struct mg_error *error)
{
    const struct mg_record_study *study = asked->source.study;
    struct mg_import_plan plan;
    struct end end = {.ctx = ctx, .id = id, .study_id = study->id, .study_code = study->code};
    struct waiting waiting = {progress, user};
    int rc = 0;
    if (mg_import_is_by_id(asked))
        rc = mg_import_take_turn(ctx, study->id, id, go_on_waiting, &waiting, error);
    if (!rc)
        rc = mg_import_plan_of(ctx, asked, &plan, error);
    if (rc)
        return rc;
    plan.import_id = id;
    plan.progress = progress;
    plan.user = user;
    rc = mg_importer_run(&plan, &end.counts, error);
    end.known = plan.known;
    if (!rc)
        rc = keep_profile(ctx, asked, &end.profile, error);
    if (!rc)
        rc = mg_import_has_rows(&end.counts, error);
    if (!rc)
        rc = mg_store_write(ctx->store, finish_import, &end, error);
    mg_known_free(plan.known);
    return rc;
}

static int end_import(struct mg_db *db, void *user, struct mg_error *error)
{
    struct end *end = user;
    int rc = mg_sql_import_finish(db, end->id, end->state, end->message.en, end->message.zh,
                                  mg_now(&end->ctx->clock), NULL, error);
    return rc ? rc : mg_record_study_give_up(db, end->id, error);
}

/* Ends an import that isn't to be, and removes what it wrote; leaves one that is done already, whose study no
 * longer waits for it. Safe to repeat. */
static int abandon(const struct mg_ctx *ctx, const char *id, const char *state, struct mg_both message,
                   struct mg_error *error)
{
    struct end end = {.ctx = ctx, .id = id, .state = state, .message = message};
    int rc = mg_store_write(ctx->store, end_import, &end, error);
    return rc ? rc : mg_listen_import_purge(ctx, id, error);
}

/* --- the job --- */

struct reading {
    struct mg_job_run *run;
    int64_t n_rows; /* of the file */
};

static int job_progress(void *user, int64_t rows, double share, struct mg_error *error)
{
    struct reading *reading = user;
    char read[MG_NUMBER_BYTES], all[MG_NUMBER_BYTES];
    mg_format_count(rows, read);
    mg_format_count(reading->n_rows, all);
    return mg_job_progress(reading->run, share, error, "%s of %s rows read", read, all);
}

/* Who sees the job done also sees its answers in the analyses. The import is done meanwhile: a wish to stop,
 * or columns that take too long, only end the waiting. */
static void wait_for_columns(struct mg_job_run *run, const char *study_id)
{
    for (int seconds = 0; seconds < CATCH_UP_SECONDS; seconds++)
        if (mg_followers_catch_up(&run->ctx, study_id, 1) ||
            mg_job_progress(run, 1, NULL, "Taken in; on the way to the analyses"))
            return;
}

/* What the import was asked for, and its file, opened. */
static int open_job(const struct mg_ctx *ctx, const struct mg_sql_import_row *row,
                    struct mg_import_asked *ret_asked, struct mg_error *error)
{
    struct mg_wire_import_create create;
    int rc = mg_import_read_asked(ctx, row->mapping, &create, error);
    return rc ? rc : mg_import_open_upload(ctx, &create, row->file_name, row->study_id, ret_asked, error);
}

static int run_job(struct mg_job_run *run, struct mg_error *error)
{
    const struct mg_ctx *ctx = &run->ctx;
    struct mg_sql_import_row row;
    struct mg_import_asked asked;
    int rc = get_row(ctx, run->subject_id, &row, error);
    if (rc || strcmp(row.state, "done") == 0)
        return rc; /* done: a crash kept only the job from ending */
    if (run->resumed)
        return mg_fail_text(error, MG_E_IO, CUT_OFF);
    rc = mg_job_progress(run, 0, error, "Opening the file");
    if (!rc)
        rc = open_job(ctx, &row, &asked, error);
    if (rc)
        return rc;
    struct reading reading = {run, asked.source.n_rows};
    rc = job_progress(&reading, 0, 0, error);
    if (!rc)
        rc = run_import(ctx, row.id, &asked, job_progress, &reading, error);
    mg_import_source_close(&asked.source);
    if (!rc)
        wait_for_columns(run, row.study_id);
    return rc;
}

static int clean_job(struct mg_job_run *run, enum mg_wire_job_state state, const struct mg_error *why,
                     struct mg_error *error)
{
    bool cancelled = state == MG_WIRE_JOB_STATE_CANCELLED;
    struct mg_both message = mg_tr_both(CUT_OFF);
    if (cancelled || (why && *why->message))
        message = why && *why->message ? mg_error_both(why) : (struct mg_both){"", ""};
    return abandon(&run->ctx, run->subject_id, cancelled ? "cancelled" : "failed", message, error);
}

/* resumable: a second run only looks whether the import had ended */
const struct mg_job_kind mg_listen_import_job = {
    .name = "import", .lane = "import", .resumable = true, .run = run_job, .clean = clean_job};

/* --- without a job --- */

static int file_progress(void *user, int64_t rows, double share, struct mg_error *error)
{
    const struct mg_listen_import_file *request = user;
    if (request->progress && request->progress(request->user, rows, share) != 0)
        return mg_fail(error, MG_E_CANCELLED, "The import was stopped.");
    return 0;
}

int mg_listen_import_file(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                          struct mg_wire_import *ret, struct mg_error *error)
{
    uint8_t hash[MG_HASH_BYTES];
    struct begin begin = {.checksum = {hash, sizeof hash}, .hold = -1};
    int rc = mg_listen_import_sweep(ctx, error); /* of one that was killed, which holds a study's code */
    if (!rc)
        rc = mg_import_open_path(ctx, request, &begin.asked, error);
    if (rc)
        return rc;
    rc = mg_file_hash(request->path, hash, error);
    if (!rc)
        rc = write_begin(ctx, &begin, error);
    if (!rc) {
        rc = run_import(ctx, begin.id, &begin.asked, file_progress, (void *)request, error);
        if (rc)
            mg_ignore(abandon(ctx, begin.id, rc == MG_E_CANCELLED ? "cancelled" : "failed",
                              error ? mg_error_both(error) : (struct mg_both){"", ""}, NULL));
    }
    mg_import_let_go(ctx, begin.id, begin.hold);
    mg_import_source_close(&begin.asked.source);
    return rc ? rc : mg_listen_import_get(ctx, begin.id, ret, error);
}

int mg_listen_import_hand_over(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                               struct mg_wire_import *ret, struct mg_error *error)
{
    struct mg_wire_upload copy;
    struct mg_sql_upload_get_row upload;
    struct begin begin = {.with_job = true, .hold = -1};
    int rc = mg_import_open_path(ctx, request, &begin.asked, error);
    if (rc)
        return rc;
    rc = mg_listen_upload_copy(ctx, request->path, begin.asked.file_name, &copy, error);
    if (!rc) {
        begin.asked.create.upload_id = copy.id;
        rc = mg_import_get_upload(ctx, copy.id, &upload, error);
        begin.checksum = upload.checksum;
        if (!rc)
            rc = write_begin(ctx, &begin, error);
        if (rc)
            mg_ignore(mg_listen_upload_drop(ctx, copy.id, NULL)); /* else it expires like any other */
    }
    mg_import_source_close(&begin.asked.source);
    return rc ? rc : mg_listen_import_get(ctx, begin.id, ret, error);
}

/* --- taking back, and after a crash --- */

/* What another import replaced of this one is that one's to bring back. */
static int refuse_if_replaced(struct mg_db *db, const struct end *end, struct mg_error *error)
{
    struct mg_sql_hidden_by_row by;
    char at[32];
    int rc = mg_sql_hidden_by(db, end->ctx->arena, end->id, &by, error);
    if (rc)
        return rc == MG_E_NOT_FOUND ? 0 : rc;
    mg_time_format(by.finished_at, at);
    mg_fail(error, MG_E_CONFLICT, "The import of %s (%.10s %.5s UTC) replaced responses of this one.",
            by.file_name, at, at + 11);
    mg_fail_hint(error, "Undo that import first: it brings them back.");
    return MG_E_CONFLICT;
}

/* What it brought is gone, and what it replaced is there again, at the same moment. */
static int undo_import(struct mg_db *db, void *user, struct mg_error *error)
{
    struct end *end = user;
    const struct mg_ctx *ctx = end->ctx;
    int64_t changed = 0, now = mg_now(&ctx->clock);
    int rc = refuse_if_replaced(db, end, error);
    if (!rc)
        rc = mg_sql_import_undo(db, ctx->caller.org_id, end->id, now, &changed, error);
    if (!rc && changed == 0)
        rc = mg_fail(error, MG_E_CONFLICT, "Only a finished import can be undone.");
    if (!rc)
        rc = mg_sql_hidden_count(db, end->id, -1, NULL, error);
    if (!rc)
        rc = mg_last_drop(db, ctx, end->id, error);
    if (!rc)
        rc = mg_sql_import_error_blank(db, end->id, NULL, error);
    if (!rc)
        rc = mg_event_add(db, ctx, MG_EVENT_IMPORT_UNDO, end->study_id, end->id, NULL, error);
    if (!rc)
        rc = mg_audit_add(db, ctx, "undo", "import", end->id, NULL, NULL, error);
    return rc;
}

int mg_listen_import_undo(const struct mg_ctx *ctx, const char *id, struct mg_wire_import *ret,
                          struct mg_error *error)
{
    struct mg_sql_import_row row;
    int rc = get_row(ctx, id, &row, error);
    if (rc)
        return rc;
    struct end end = {.ctx = ctx, .id = id, .study_id = row.study_id};
    rc = mg_store_write(ctx->store, undo_import, &end, error);
    return rc ? rc : mg_listen_import_get(ctx, id, ret, error);
}

int mg_listen_import_sweep(const struct mg_ctx *ctx, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_import_unfinished_row *unfinished = NULL;
    struct mg_sql_import_with_leftovers_row *leftovers = NULL;
    size_t n_unfinished = 0, n_leftovers = 0;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_sql_import_unfinished(db, ctx->arena, &unfinished, &n_unfinished, error);
    if (!rc)
        rc = mg_sql_import_with_leftovers(db, ctx->arena, &leftovers, &n_leftovers, error);
    mg_store_read_end(ctx->store, db);
    for (size_t i = 0; i < n_unfinished && !rc; i++) {
        if (mg_import_is_held(ctx, unfinished[i].id))
            continue;
        rc = abandon(ctx, unfinished[i].id, "failed", mg_tr_both(CUT_OFF), error);
        if (!rc)
            mg_import_let_go(ctx, unfinished[i].id, -1);
    }
    for (size_t i = 0; i < n_leftovers && !rc; i++)
        rc = mg_listen_import_purge(ctx, leftovers[i].id, error);
    return rc ? rc : mg_record_study_sweep(ctx, error);
}
