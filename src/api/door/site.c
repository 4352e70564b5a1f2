/* What is answered outside the API: the embedded client, health, metrics, the API's description and its page.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/door/assets.h"
#include "api/door/door.h"
#include "api/door/metrics.h"
#include "api/http/accept.h"
#include "api/http/pool.h"
#include "api/private.h"
#include "base/str.h"
#include "service/admin/health.h"
#include "service/listen/columns.h"

#define METRICS_MAX ((size_t)4 * 1024 * 1024)

/* ---- embedded files ---- */

static int compare_path(const void *key, const void *asset)
{
    return strcmp(key, ((const struct mg_asset *)asset)->path);
}

static const struct mg_asset *find_asset(const char *path)
{
    return bsearch(path, mg_assets, mg_assets_count, sizeof mg_assets[0], compare_path);
}

/* The client decides what an address without a dot in its last part shows; it starts from /index.html. */
static const struct mg_asset *asset_for(const char *target)
{
    if (strcmp(target, "/docs") == 0)
        return find_asset("/docs/index.html");
    const struct mg_asset *asset = find_asset(target);
    if (asset || mg_str_starts(target, "/api/") || mg_str_starts(target, "/docs/"))
        return asset;
    const char *last = strrchr(target, '/');
    return last && !strchr(last, '.') ? find_asset("/index.html") : NULL;
}

static enum mg_asset_form choose_form(const struct mg_request *request, const struct mg_asset *asset)
{
    const char *codings = mg_request_header(request, "Accept-Encoding");
    if (asset->forms[MG_ASSET_BROTLI].size && mg_accepts(codings, "br"))
        return MG_ASSET_BROTLI;
    if (asset->forms[MG_ASSET_GZIP].size && mg_accepts(codings, "gzip"))
        return MG_ASSET_GZIP;
    return MG_ASSET_PLAIN;
}

static int answer_asset(struct mg_request *request, struct mg_error *error)
{
    static const char *const encodings[] = {NULL, "gzip", "br"};
    const struct mg_asset *asset = asset_for(request->target);
    if (!asset)
        return mg_fail(error, MG_E_NOT_FOUND, "There is nothing at this address.");
    mg_reply_header(request, "Cache-Control",
                    asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    mg_reply_header(request, "ETag", asset->etag);
    if (mg_request_has_etag(request, asset->etag)) {
        request->reply.status = 304;
        return 0;
    }
    enum mg_asset_form form = choose_form(request, asset);
    if (encodings[form])
        mg_reply_header(request, "Content-Encoding", encodings[form]);
    mg_reply_bytes(request, 200, asset->type, mg_assets_bytes + asset->forms[form].at,
                   asset->forms[form].size);
    return 0;
}

/* ---- the rest ---- */

static int answer_openapi(struct mg_request *request, struct mg_error *error)
{
    (void)error;
    mg_reply_header(request, "Cache-Control", "no-cache");
    mg_reply_bytes(request, 200, "application/json; charset=utf-8", mg_openapi_json, mg_openapi_json_size);
    return 0;
}

static int answer_health(struct mg_request *request, struct mg_error *error)
{
    (void)error;
    mg_reply_bytes(request, 200, "text/plain; charset=utf-8", "ok\n", 3);
    return 0;
}

/* Ready: the record can be read, the columns are open and hold what they should. */
static int answer_ready(struct mg_request *request, struct mg_error *error)
{
    struct mg_column_status status;
    const struct mg_follower_state *states = NULL;
    size_t n = 0;
    int rc = mg_follower_states(&request->ctx, &states, &n, error);
    if (rc)
        return rc;
    if (!mg_api_engines_open(request->api))
        return mg_fail(error, MG_E_BUSY, "The column engine is still opening.");
    rc = mg_api_wait_engines(request, error);
    if (!rc)
        rc = mg_columns_status(&request->ctx.columns, false, &status, error);
    if (!rc && !status.open)
        rc = mg_fail(error, MG_E_BUSY, "The columns aren't open now.");
    const struct mg_follower_state *columns = NULL;
    for (size_t i = 0; i < n; i++)
        if (strcmp(states[i].name, mg_listen_columns.name) == 0)
            columns = &states[i];
    if (!rc && (!columns || strcmp(columns->identity, status.identity) != 0))
        rc = mg_fail(error, MG_E_BUSY, "The columns are about to be made from the record.");
    else if (!rc && columns->rebuilding)
        rc = mg_fail(error, MG_E_BUSY, "The columns of %lld studies are still to be made from the record.",
                     (long long)columns->rebuilding);
    if (!rc)
        mg_reply_bytes(request, 200, "text/plain; charset=utf-8", "ready\n", 6);
    return rc;
}

/* Resident memory in bytes, from the kernel. */
static long long resident_bytes(void)
{
    long long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%lld %lld", &pages, &resident) != 2)
        resident = 0;
    if (file)
        fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}

static void write_gauge(struct mg_buf *out, const char *name, const char *kind, const char *help,
                        double value)
{
    mg_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", name, help, name, kind, name, value);
}

static void write_health(const struct mg_health *health, struct mg_buf *out)
{
    write_gauge(out, "mindgap_store_writes_total", "counter", "Writes answered.", (double)health->writes);
    write_gauge(out, "mindgap_store_writes_failed_total", "counter", "Writes answered with an error.",
                (double)health->writes_failed);
    write_gauge(out, "mindgap_store_commits_total", "counter", "Commits on disk.", (double)health->commits);
    write_gauge(out, "mindgap_store_batch_mean", "gauge", "Writes per commit since the start.",
                health->commits ? (double)health->writes / (double)health->commits : 0);
    write_gauge(out, "mindgap_store_waiting", "gauge", "Writes waiting for the writer.",
                (double)health->writes_waiting);
    write_gauge(out, "mindgap_jobs_queued", "gauge", "Jobs waiting.", (double)health->jobs_queued);
}

/* One gauge of all followers, a line each. */
static void write_follower_gauge(const struct mg_follower_state *states, size_t n, const char *name,
                                 const char *help, size_t offset, struct mg_buf *out)
{
    mg_buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
    for (size_t i = 0; i < n; i++) {
        int64_t value;
        memcpy(&value, (const char *)&states[i] + offset, sizeof value);
        mg_buf_printf(out, "%s{follower=\"%s\"} %lld\n", name, states[i].name, (long long)value);
    }
}

static void write_followers(const struct mg_follower_state *states, size_t n, struct mg_buf *out)
{
    static const struct {
        const char *name, *help;
        size_t offset;
    } gauges[] = {
        {"mindgap_follower_waiting", "Entries of the log beyond the follower's watermark.",
         offsetof(struct mg_follower_state, waiting)},
        {"mindgap_follower_held", "Streams behind the watermark.", offsetof(struct mg_follower_state, held)},
        {"mindgap_follower_rebuilding", "Streams to be made anew.",
         offsetof(struct mg_follower_state, rebuilding)},
        {"mindgap_follower_set_aside", "Streams that wait for a person, since an entry can't be applied.",
         offsetof(struct mg_follower_state, set_aside)},
        {"mindgap_follower_erasures_failing", "Streams whose erasure fails and is tried again.",
         offsetof(struct mg_follower_state, erasures)},
    };
    for (size_t g = 0; g < ARRAY_LEN(gauges); g++)
        write_follower_gauge(states, n, gauges[g].name, gauges[g].help, gauges[g].offset, out);
}

/* Nothing while the columns aren't open. */
static void write_columns(struct mg_request *request, struct mg_buf *out)
{
    const struct mg_columns *columns = &request->ctx.columns;
    struct mg_column_status status;
    int64_t bytes = 0;
    if (!mg_api_engines_open(request->api) || mg_api_wait_engines(request, NULL) ||
        mg_columns_status(columns, false, &status, NULL) || !status.open ||
        mg_columns_memory(columns, &bytes, NULL))
        return;
    write_gauge(out, "mindgap_columns_memory_bytes", "gauge",
                "Memory of the columns' blocks and of what is computed from them.", (double)bytes);
}

static void write_pools(struct mg_api *api, struct mg_buf *out)
{
    const struct {
        const char *name;
        struct mg_pool *pool;
    } pools[] = {{"quick", api->quick}, {"slow", api->slow}, {"login", api->login}, {"disk", api->disk}};
    mg_buf_puts(out, "# HELP mindgap_http_waiting Requests waiting for a thread.\n"
                     "# TYPE mindgap_http_waiting gauge\n");
    for (size_t i = 0; i < ARRAY_LEN(pools); i++)
        mg_buf_printf(out, "mindgap_http_waiting{pool=\"%s\"} %zu\n", pools[i].name,
                      mg_pool_waiting(pools[i].pool));
    mg_buf_puts(out, "# HELP mindgap_http_running Requests that a thread is at.\n"
                     "# TYPE mindgap_http_running gauge\n");
    for (size_t i = 0; i < ARRAY_LEN(pools); i++)
        mg_buf_printf(out, "mindgap_http_running{pool=\"%s\"} %zu\n", pools[i].name,
                      mg_pool_running(pools[i].pool));
}

static int answer_metrics(struct mg_request *request, struct mg_error *error)
{
    struct mg_health health;
    const struct mg_follower_state *states = NULL;
    size_t n = 0;
    int rc = mg_guard_operator(request, error);
    if (!rc)
        rc = mg_health_get(&request->ctx, &health, error);
    if (!rc)
        rc = mg_follower_states(&request->ctx, &states, &n, error);
    if (rc)
        return rc;
    struct mg_buf *out = &request->reply.buf;
    mg_buf_init(out, METRICS_MAX);
    mg_metrics_write(request->api->metrics, out);
    write_health(&health, out);
    write_followers(states, n, out);
    write_pools(request->api, out);
    write_columns(request, out);
    write_gauge(out, "process_resident_memory_bytes", "gauge", "Resident memory.", (double)resident_bytes());
    request->reply.status = 200;
    request->reply.type = "text/plain; version=0.0.4; charset=utf-8";
    return 0;
}

mg_builtin *mg_site_find(const char *target, bool *ret_quick)
{
    static const struct {
        const char *target;
        mg_builtin *answer;
        bool quick;
    } pages[] = {
        {"/healthz", answer_health, true},
        {MG_API_PREFIX "/openapi.json", answer_openapi, true},
        {"/readyz", answer_ready, false},
        {"/metrics", answer_metrics, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (strcmp(pages[i].target, target) == 0) {
            *ret_quick = pages[i].quick;
            return pages[i].answer;
        }
    }
    *ret_quick = true;
    return asset_for(target) ? answer_asset : NULL;
}
