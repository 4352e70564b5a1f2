/* Jobs as others use them: adding, looking, cancelling. None of it needs the pool: the command line has none,
 * and the server's reads the rows. */
#include "service/jobs/job.h"

#include <string.h>

#include "service/admin/audit.h"
#include "service/admin/public.h"
#include "service/jobs/pool.h"
#include "store/store.h"

/* ---- adding ---- */

static int check_room(struct mg_db *db, const struct mg_ctx *ctx, struct mg_error *error)
{
    struct mg_sql_job_count_queued_row queued;
    struct mg_sql_job_count_queued_of_org_row of_org;
    int rc = mg_sql_job_count_queued(db, ctx->arena, &queued, error);
    if (rc == 0)
        rc = mg_sql_job_count_queued_of_org(db, ctx->arena, ctx->caller.org_id, &of_org, error);
    if (rc)
        return rc;
    if (of_org.n >= MG_JOBS_QUEUED_ORG_MAX)
        rc = mg_fail(error, MG_E_BUSY, "%d jobs of the organisation are waiting already.",
                     MG_JOBS_QUEUED_ORG_MAX);
    else if (queued.n >= MG_JOBS_QUEUED_MAX)
        rc = mg_fail(error, MG_E_BUSY, "The queue of jobs is full.");
    if (rc)
        mg_fail_hint(error, "Try again in a moment.");
    return rc;
}

int mg_job_insert(struct mg_db *db, const struct mg_ctx *ctx, const struct mg_job_kind *kind,
                  const char *subject_id, const char *spec, int64_t run_at, char ret_id[27],
                  struct mg_error *error)
{
    int rc = check_room(db, ctx, error);
    if (rc)
        return rc;
    int64_t now = mg_now(&ctx->clock);
    mg_ulid_new(now, ret_id);
    return mg_sql_job_insert(db,
                             &(struct mg_sql_job_insert_params){
                                 .id = ret_id,
                                 .org_id = ctx->caller.org_id,
                                 .user_id = *ctx->caller.user_id ? ctx->caller.user_id : NULL,
                                 .kind = kind->name,
                                 .lane = kind->lane,
                                 .subject_id = subject_id,
                                 .spec = spec,
                                 .lang = ctx->lang == MG_LANG_ZH ? "zh-CN" : "en",
                                 .run_at = run_at ? &run_at : NULL,
                                 .now = now,
                             },
                             NULL, error);
}

/* ---- looking ---- */

static void from_row(const struct mg_ctx *ctx, const struct mg_sql_job_row *row, struct mg_wire_job *ret_job)
{
    *ret_job = (struct mg_wire_job){
        .id = row->id,
        .kind = row->kind,
        .progress = row->progress,
        .message = ctx->lang == MG_LANG_ZH ? row->message_zh : row->message_en,
        .subject_id = row->subject_id,
        .created_at = mg_wire_time(ctx->arena, &row->created_at),
        .finished_at = mg_wire_time(ctx->arena, row->finished_at),
    };
    mg_wire_job_state_parse(row->state, &ret_job->state);
}

/* What the slot knows is newer than the row. */
static void take_newest(const struct mg_ctx *ctx, struct mg_wire_job *job)
{
    struct mg_jobs *jobs = ctx->jobs;
    if (!jobs || job->state != MG_WIRE_JOB_STATE_RUNNING)
        return;
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < jobs->n_slots; i++) {
        const struct mg_job_slot *slot = &jobs->slots[i];
        if (strcmp(slot->id, job->id) != 0)
            continue;
        char *message = mg_arena_strdup(ctx->arena, slot->message[ctx->lang]);
        job->progress = slot->progress;
        job->message = message ? message : job->message;
    }
    pthread_mutex_unlock(&jobs->lock);
}

static void to_wire(const struct mg_ctx *ctx, const struct mg_sql_job_row *row, struct mg_wire_job *ret_job)
{
    from_row(ctx, row, ret_job);
    take_newest(ctx, ret_job);
    if (ret_job->state == MG_WIRE_JOB_STATE_RUNNING && !*ret_job->message) /* it has said nothing yet */
        ret_job->message = mg_tr(ctx->lang, "Starting");
    ret_job->message = mg_public_text(ctx, ret_job->message);
}

struct job_reading {
    const struct mg_ctx *ctx;
    const char *id;
    int64_t limit;
    struct mg_sql_job_row row;
    struct mg_sql_job_row *rows;
    size_t n;
};

static int read_job(struct mg_db *db, void *user, struct mg_error *error)
{
    struct job_reading *r = user;
    int rc = mg_sql_job_get(db, r->ctx->arena, r->ctx->caller.org_id, r->id, &r->row, error);
    return rc == MG_E_NOT_FOUND ? mg_fail(error, MG_E_NOT_FOUND, "There is no such job.") : rc;
}

int mg_job_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_job *ret_job, struct mg_error *error)
{
    struct job_reading r = {.ctx = ctx, .id = id};
    int rc = mg_store_read(ctx->store, read_job, &r, error);
    if (rc)
        return rc;
    to_wire(ctx, &r.row, ret_job);
    return 0;
}

static int read_jobs(struct mg_db *db, void *user, struct mg_error *error)
{
    struct job_reading *r = user;
    return mg_sql_job_list(db, r->ctx->arena, r->ctx->caller.org_id, r->limit, &r->rows, &r->n, error);
}

int mg_job_list(const struct mg_ctx *ctx, int64_t limit, struct mg_wire_job_list *ret_list,
                struct mg_error *error)
{
    struct job_reading r = {.ctx = ctx, .limit = limit};
    int rc = mg_store_read(ctx->store, read_jobs, &r, error);
    if (rc)
        return rc;
    struct mg_wire_job *jobs = mg_arena_array(ctx->arena, r.n, sizeof *jobs);
    if (!jobs)
        return mg_fail_memory(error);
    for (size_t i = 0; i < r.n; i++)
        to_wire(ctx, &r.rows[i], &jobs[i]);
    *ret_list = (struct mg_wire_job_list){.jobs = jobs, .n_jobs = r.n};
    return 0;
}

/* ---- cancelling ---- */

static int ask_cancel(struct mg_db *db, void *user, struct mg_error *error)
{
    struct job_reading *r = user;
    int64_t changes = 0;
    int rc = mg_sql_job_ask_cancel(db, r->ctx->caller.org_id, r->id, &changes, error);
    if (rc == 0)
        rc = read_job(db, r, error);
    if (rc == 0 && changes > 0)
        rc = mg_audit_add(db, r->ctx, "cancel", "job", r->id, NULL, NULL, error);
    return rc;
}

/* A pool in another process sees the row. */
static void mark_slot(struct mg_jobs *jobs, const char *id)
{
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < jobs->n_slots; i++)
        if (strcmp(jobs->slots[i].id, id) == 0)
            mg_stop_ask(&jobs->slots[i].stop, MG_STOP_CANCELLED);
    pthread_mutex_unlock(&jobs->lock);
}

int mg_job_cancel(const struct mg_ctx *ctx, const char *id, struct mg_wire_job *ret_job,
                  struct mg_error *error)
{
    struct job_reading r = {.ctx = ctx, .id = id};
    int rc = mg_store_write(ctx->store, ask_cancel, &r, error);
    if (rc)
        return rc;
    mark_slot(ctx->jobs, id);
    return mg_job_get(ctx, id, ret_job, error);
}
