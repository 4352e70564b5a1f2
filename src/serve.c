/* The server put together: record, HTTP, column engine, followers of the log, jobs, housekeeping; and taken
 * apart in reverse.
 *
 *   main thread        open record → listen → say ready → wait for a signal → stop
 *   background thread  open columns → followers → jobs → hand them to the API
 *
 * The column engine opens beside, since it takes longer than all the rest; requests that need it wait for it.
 * Here all kinds of jobs meet in one table, since jobs/ knows none of them.
 */
#include "serve.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "api/api.h"
#include "base/signals.h"
#include "base/str.h"
#include "service/admin/session.h"
#include "service/jobs/job.h"
#include "service/listen/columns.h"
#include "service/listen/import.h"
#include "service/listen/pack.h"
#include "service/listen/upload.h"
#include "service/record/cache.h"
#include "store/store.h"

#define ALLOCATOR_ARENAS 4 /* more keep memory that nobody uses: handler threads mostly wait */
/* What a request frees the next one takes: giving it back to the kernel in between cost a third of the time
 * spent there. */
#define ALLOCATOR_KEEP (16 * 1024 * 1024)
#define ALLOCATOR_STEP (1024 * 1024)
#define MINUTE_US ((int64_t)60 * 1000000)

struct server {
    const struct mg_column_engine *engine;
    struct mg_ctx ctx;
    struct mg_api *api;
    struct mg_jobs *jobs;
    pthread_t background;
};

/* Who reads the log. */
static const struct mg_follower *const followers[] = {&mg_listen_columns};

/* ---- jobs ---- */

static int sweep_sessions(struct mg_job_run *run, struct mg_error *error)
{
    return mg_session_sweep(&run->ctx, error);
}

static int sweep_uploads(struct mg_job_run *run, struct mg_error *error)
{
    return mg_listen_upload_sweep(&run->ctx, error);
}

static int sweep_imports(struct mg_job_run *run, struct mg_error *error)
{
    return mg_listen_import_sweep(&run->ctx, error);
}

static int sweep_columns(struct mg_job_run *run, struct mg_error *error)
{
    return mg_listen_columns_sweep(&run->ctx, error);
}

static int pack_responses(struct mg_job_run *run, struct mg_error *error)
{
    return mg_listen_pack(&run->ctx, error);
}

static int prune_log(struct mg_job_run *run, struct mg_error *error)
{
    return mg_event_prune(&run->ctx, error);
}

static const struct mg_job_kind sweeps[] = {
    {.name = "sweep_sessions",
     .lane = "quick",
     .every_us = 60 * MINUTE_US,
     .resumable = true,
     .run = sweep_sessions},
    {.name = "sweep_uploads",
     .lane = "quick",
     .every_us = 60 * MINUTE_US,
     .resumable = true,
     .run = sweep_uploads},
    {.name = "sweep_imports",
     .lane = "quick",
     .every_us = MINUTE_US,
     .resumable = true,
     .run = sweep_imports},
    {.name = "sweep_columns",
     .lane = "quick",
     .every_us = 10 * MINUTE_US,
     .resumable = true,
     .run = sweep_columns},
    {.name = "pack_responses",
     .lane = "quick",
     .every_us = 60 * MINUTE_US,
     .resumable = true,
     .run = pack_responses},
    {.name = "prune_log", .lane = "quick", .every_us = 60 * MINUTE_US, .resumable = true, .run = prune_log},
};

static const struct mg_job_kind *const job_kinds[] = {
    &mg_listen_import_job, &sweeps[0], &sweeps[1], &sweeps[2], &sweeps[3], &sweeps[4], &sweeps[5],
};

static const struct mg_job_lane job_lanes[] = {
    {.name = "quick", .threads = 2, .per_org = 1},
    {.name = "import", .threads = 3, .per_org = 2},
};

static const struct mg_job_table job_table = {job_kinds, ARRAY_LEN(job_kinds), job_lanes,
                                              ARRAY_LEN(job_lanes)};

/* ---- starting and stopping ---- */

static int open_engines(struct server *server, struct mg_error *error)
{
    struct mg_arena *arena = mg_arena_new(1 << 16);
    char *path = arena ? mg_arena_printf(arena, "%s/%s", server->ctx.data_dir, MG_COLUMN_FILE) : NULL;
    int rc =
        path ? mg_columns_open(server->engine, path, 0, &server->ctx.columns, error) : mg_fail_memory(error);
    mg_arena_free(arena);
    if (!rc)
        rc = mg_followers_start(&server->ctx, followers, ARRAY_LEN(followers), &server->ctx.followers, error);
    int jobs_rc =
        mg_jobs_new(&server->ctx, &job_table, &server->jobs, rc ? NULL : error); /* sweeps run in any case */
    return rc ? rc : jobs_rc;
}

static void *run_background(void *user)
{
    struct server *server = user;
    struct mg_error error = {0};
    int rc = open_engines(server, &error);
    if (rc)
        mg_log_write(&server->ctx.log, MG_LOG_ERROR, "engine", "%s", error.message);
    mg_api_set_engines(server->api, rc ? (struct mg_columns){0} : server->ctx.columns, server->jobs,
                       rc ? &error : NULL);
    return NULL;
}

/* "127.0.0.1:8080", "[::1]:0", "0.0.0.0" (then the default port). */
static int read_listen(struct mg_arena *arena, const char *text, struct mg_api_options *options,
                       struct mg_error *error)
{
    char *address = mg_arena_strdup(arena, text ? text : "127.0.0.1:8080");
    if (!address)
        return mg_fail_memory(error);
    char *colon = strrchr(address, ':');
    int64_t port = 8080;
    if (address[0] == '[') {
        char *end = strchr(address, ']');
        colon = end && end[1] == ':' ? end + 1 : NULL;
        if (end)
            *end = '\0';
        address++;
    }
    if (colon) {
        *colon = '\0';
        if (!mg_parse_int(colon + 1, &port) || port < 0 || port > 65535)
            return mg_fail(error, MG_E_INVALID, "--listen must be ADDRESS:PORT, not “%s”.", text);
    }
    options->address = strcmp(address, "localhost") == 0 ? "127.0.0.1" : address;
    options->port = (uint16_t)port;
    return 0;
}

static int read_options(struct mg_cli *cli, const struct mg_args *args, struct mg_api_options *options,
                        struct mg_error *error)
{
    static const char *const levels[] = {"debug", "info", "warn", "error", "off"};
    const char *level = mg_args_get(args, "log");
    cli->log.level = MG_LOG_INFO;
    for (size_t i = 0; level && i < ARRAY_LEN(levels); i++)
        if (strcmp(level, levels[i]) == 0)
            cli->log.level = (enum mg_log_level)i;
    const char **hosts = mg_arena_array(cli->arena, MG_ARGS_MAX, sizeof *hosts);
    for (size_t i = 0; hosts && i < args->n_given; i++)
        if (strcmp(args->given[i].option->name, "host") == 0)
            hosts[options->n_hosts++] = args->given[i].value;
    options->hosts = hosts;
    options->behind_https = mg_args_flag(args, "behind-https");
    int64_t workers = 0;
    int rc = mg_args_integer(args, "workers", 1, 1024, 64, &workers, error);
    options->handlers = (size_t)workers;
    int64_t seconds = 0;
    if (!rc)
        rc = mg_args_integer(args, "analysis-limit", 1, 3600, 60, &seconds, error);
    options->slow_seconds = (unsigned)seconds;
    return rc ? rc : read_listen(cli->arena, mg_args_get(args, "listen"), options, error);
}

static int open_record(struct server *server, struct mg_cli *cli, const struct mg_args *args,
                       struct mg_error *error)
{
    const char *folder = mg_args_get(args, "data");
    server->ctx = (struct mg_ctx){.store_engine = cli->store_engine,
                                  .data_dir = folder ? folder : cli->data_dir,
                                  .clock = cli->clock,
                                  .log = cli->log};
    server->ctx.studies = mg_study_cache_new();
    if (!server->ctx.data_dir) {
        mg_fail(error, MG_E_INVALID, "Which data folder?");
        mg_fail_hint(error, "Give --data DIR, or set MINDGAP_DATA.");
        return MG_E_INVALID;
    }
    const struct mg_store_options options = {.create = true, .exclusive = true};
    return mg_store_open(cli->store_engine, server->ctx.data_dir, &options, &server->ctx.store, error);
}

static void say_ready(struct mg_cli *cli, const struct mg_api_options *options, const struct mg_api *api)
{
    bool v6 = strchr(options->address, ':') != NULL;
    fprintf(cli->out, "%s http://%s%s%s:%u\n", mg_tr(cli->lang, "Mindgap is ready at"), v6 ? "[" : "",
            options->address, v6 ? "]" : "", mg_api_port(api));
    fflush(cli->out);
}

/* No new requests, then what writes, then what was written to. */
static void stop(struct server *server, bool background)
{
    if (background)
        pthread_join(server->background, NULL);
    mg_api_stop(server->api);
    mg_jobs_free(server->jobs);
    mg_followers_stop(server->ctx.followers);
    mg_columns_close(&server->ctx.columns);
    mg_store_close(server->ctx.store);
    mg_study_cache_free(server->ctx.studies);
}

int mg_serve(struct mg_cli *cli, const struct mg_args *args)
{
    struct server server = {.engine = cli->engine};
    struct mg_api_options options = {0};
    struct mg_error error = {.lang = cli->lang};
    bool background = false;
    mallopt(M_ARENA_MAX, ALLOCATOR_ARENAS);
    mallopt(M_TRIM_THRESHOLD, ALLOCATOR_KEEP);
    mallopt(M_TOP_PAD, ALLOCATOR_STEP);
    umask(077); /* the column engine makes its files itself: they are the owner's, as all others are */
    signal(SIGPIPE, SIG_IGN);
    mg_signals_take(); /* a second one doesn't break the stop off */
    int rc = read_options(cli, args, &options, &error);
    if (!rc)
        rc = open_record(&server, cli, args, &error);
    if (!rc)
        rc = mg_api_start(&server.ctx, &options, &server.api, &error);
    if (!rc)
        background = pthread_create(&server.background, NULL, run_background, &server) == 0;
    if (!rc && !background)
        rc = mg_fail_memory(&error);
    if (!rc) {
        say_ready(cli, &options, server.api);
        mg_signals_wait(-1);
    }
    stop(&server, background);
    return rc ? mg_cli_report(cli, &error, rc == MG_E_INVALID ? MG_EXIT_USAGE : MG_EXIT_FAILURE) : MG_EXIT_OK;
}
