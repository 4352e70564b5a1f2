/* Puts the pieces together; see system.h. */
#include "service/log/system.h"

#include <sys/statvfs.h>

#include "service/admin/audit.h"
#include "service/admin/public.h"
#include "service/log/follower.h"
#include "store/queries.gen.h"
#include "store/store.h"

struct reading {
    const struct mg_ctx *ctx;
    struct mg_sql_hold_of_org_row *holds;
    struct mg_sql_job_schedule_row *jobs;
    size_t n_holds, n_jobs;
};

static int read_record(struct mg_db *db, void *user, struct mg_error *error)
{
    struct reading *r = user;
    int rc = mg_sql_hold_of_org(db, r->ctx->arena, r->ctx->caller.org_id, &r->holds, &r->n_holds, error);
    return rc ? rc : mg_sql_job_schedule(db, r->ctx->arena, &r->jobs, &r->n_jobs, error);
}

static const char *unless_empty(const char *text)
{
    return text && *text ? text : NULL;
}

static void add_holds(const struct reading *r, struct mg_wire_system_held *held)
{
    for (size_t i = 0; i < r->n_holds; i++) {
        const struct mg_sql_hold_of_org_row *row = &r->holds[i];
        held[i] = (struct mg_wire_system_held){
            .follower = row->follower,
            .study_id = row->stream_id,
            .title = {.en = row->title_en, .zh_cn = row->title_zh},
            .rebuilding = row->rebuild != 0,
            .sequence = row->failed_sequence ? *row->failed_sequence : 0,
            .has_sequence = row->failed_sequence != NULL,
            .kind = row->erasure ? MG_EVENT_ERASE : row->failed_kind,
            .message = mg_public_message(r->ctx, (struct mg_both){row->message_en, row->message_zh}),
            .attempts = row->attempts,
            .retry_at = mg_wire_time(r->ctx->arena, row->retry_at),
            .since = mg_wire_time(r->ctx->arena, &row->since),
        };
        mg_wire_held_state_parse(row->state, &held[i].state);
    }
}

static void add_schedule(const struct reading *r, struct mg_wire_system_schedule *schedule)
{
    for (size_t i = 0; i < r->n_jobs; i++) {
        const struct mg_sql_job_schedule_row *row = &r->jobs[i];
        schedule[i] = (struct mg_wire_system_schedule){
            .kind = row->kind,
            .last_at = mg_wire_time(r->ctx->arena, row->finished_at),
            .next_at = mg_wire_time(r->ctx->arena, row->run_at),
            .message = mg_public_message(r->ctx, (struct mg_both){row->message_en, row->message_zh}),
        };
        mg_wire_job_state_parse(row->state, &schedule[i].state);
    }
}

static void add_followers(const struct mg_ctx *ctx, const struct mg_follower_state *states, size_t n,
                          struct mg_wire_system_follower *followers)
{
    for (size_t i = 0; i < n; i++)
        followers[i] = (struct mg_wire_system_follower){
            .name = states[i].name,
            .waiting = states[i].waiting,
            .held = states[i].held,
            .rebuilding = states[i].rebuilding,
            .set_aside = states[i].set_aside,
            .erasures = states[i].erasures,
            .note = unless_empty(states[i].note),
            .noted_at = mg_wire_time(ctx->arena, states[i].noted_at),
        };
}

/* Looking may open the file, and fail: the screen says why. */
static void add_columns(const struct mg_ctx *ctx, struct mg_wire_system *system)
{
    struct mg_column_status status = {0};
    if (!ctx->columns.column)
        return;
    mg_ignore(mg_columns_status(&ctx->columns, false, &status, NULL));
    system->columns = (struct mg_wire_system_columns){
        .open = status.open,
        .problem = mg_public_text(ctx, unless_empty(mg_arena_strdup(ctx->arena, status.problem))),
        .reopened = status.reopened,
        .set_aside = status.set_aside,
    };
}

static void add_disk(const struct mg_ctx *ctx, struct mg_wire_system *system)
{
    struct statvfs disk;
    struct mg_store_stats stats;
    if (statvfs(ctx->data_dir, &disk) == 0)
        system->disk = (struct mg_wire_system_disk){(int64_t)(disk.f_bavail * disk.f_frsize),
                                                    (int64_t)(disk.f_blocks * disk.f_frsize)};
    mg_store_stats(ctx->store, &stats);
    system->writes = (struct mg_wire_system_writes){stats.writes, stats.failed, (int64_t)stats.waiting};
}

int mg_system_get(const struct mg_ctx *ctx, struct mg_wire_system *ret_system, struct mg_error *error)
{
    struct reading reading = {.ctx = ctx};
    const struct mg_follower_state *states = NULL;
    size_t n = 0;
    int schema = 0;
    int rc = mg_follower_states(ctx, &states, &n, error);
    if (!rc)
        rc = mg_store_read(ctx->store, read_record, &reading, error);
    if (!rc)
        rc = mg_store_schema_of(ctx->store, &schema, error);
    if (rc)
        return rc;
    struct mg_wire_system_follower *followers = mg_arena_array(ctx->arena, n, sizeof *followers);
    struct mg_wire_system_held *held = mg_arena_array(ctx->arena, reading.n_holds, sizeof *held);
    struct mg_wire_system_schedule *schedule = mg_arena_array(ctx->arena, reading.n_jobs, sizeof *schedule);
    if (!followers || !held || !schedule)
        return mg_fail_memory(error);
    add_followers(ctx, states, n, followers);
    add_holds(&reading, held);
    add_schedule(&reading, schedule);
    *ret_system = (struct mg_wire_system){.version = MG_VERSION,
                                          .schema = schema,
                                          .followers = followers,
                                          .n_followers = n,
                                          .held = held,
                                          .n_held = reading.n_holds,
                                          .schedule = schedule,
                                          .n_schedule = reading.n_jobs};
    add_columns(ctx, ret_system);
    add_disk(ctx, ret_system);
    return 0;
}

int mg_system_retry(const struct mg_ctx *ctx, const struct mg_wire_retry_held *retry, struct mg_error *error)
{
    return mg_follower_retry(ctx, retry->follower, retry->study_id, error);
}
