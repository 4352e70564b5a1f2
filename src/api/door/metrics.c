/* Relaxed atomic counters: a scrape may be a request off, never torn. */
#include "api/door/metrics.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "api/door/route.h"
#include "base/str.h"

/* Every status that there can be has a counter of its own. */
#define STATUS_LOW 100
#define STATUS_HIGH 599

static const double bounds[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

struct row {
    atomic_ullong by_status[STATUS_HIGH - STATUS_LOW + 1];
    atomic_ullong buckets[ARRAY_LEN(bounds) + 1]; /* the last: slower than all */
    atomic_ullong microseconds;
};

struct mg_metrics {
    size_t n;
    struct row rows[];
};

struct mg_metrics *mg_metrics_new(void)
{
    size_t n = mg_routes_count + MG_COUNTERS;
    struct mg_metrics *metrics = calloc(1, sizeof *metrics + n * sizeof(struct row));
    if (metrics)
        metrics->n = n;
    return metrics;
}

void mg_metrics_free(struct mg_metrics *metrics)
{
    free(metrics);
}

void mg_metrics_count(struct mg_metrics *metrics, size_t row, unsigned status, double seconds)
{
    struct row *r = &metrics->rows[row];
    size_t b = 0;
    assert(status >= STATUS_LOW && status <= STATUS_HIGH);
    while (b < ARRAY_LEN(bounds) && seconds > bounds[b])
        b++;
    atomic_fetch_add_explicit(&r->by_status[status - STATUS_LOW], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->buckets[b], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->microseconds, (unsigned long long)(seconds * 1e6), memory_order_relaxed);
}

static const char *row_name(size_t row)
{
    static const char *const others[MG_COUNTERS] = {"site", "builtin", "unknown"};
    return row < mg_routes_count ? mg_routes[row].id : others[row - mg_routes_count];
}

static unsigned long long load(const atomic_ullong *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void write_statuses(const struct mg_metrics *metrics, struct mg_buf *out)
{
    mg_buf_puts(out, "# HELP mindgap_http_requests_total Requests answered.\n# TYPE "
                     "mindgap_http_requests_total counter\n");
    for (size_t i = 0; i < metrics->n; i++) {
        for (unsigned status = STATUS_LOW; status <= STATUS_HIGH; status++) {
            unsigned long long n = load(&metrics->rows[i].by_status[status - STATUS_LOW]);
            if (n)
                mg_buf_printf(out, "mindgap_http_requests_total{route=\"%s\",status=\"%u\"} %llu\n",
                              row_name(i), status, n);
        }
    }
}

static void write_latency(const struct row *row, const char *name, struct mg_buf *out)
{
    unsigned long long sum = 0, total = 0;
    for (size_t b = 0; b <= ARRAY_LEN(bounds); b++)
        total += load(&row->buckets[b]);
    if (!total)
        return;
    for (size_t b = 0; b < ARRAY_LEN(bounds); b++) {
        sum += load(&row->buckets[b]);
        mg_buf_printf(out, "mindgap_http_request_seconds_bucket{route=\"%s\",le=\"%g\"} %llu\n", name,
                      bounds[b], sum);
    }
    mg_buf_printf(out, "mindgap_http_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %llu\n", name, total);
    mg_buf_printf(out, "mindgap_http_request_seconds_sum{route=\"%s\"} %.6f\n", name,
                  (double)load(&row->microseconds) / 1e6);
    mg_buf_printf(out, "mindgap_http_request_seconds_count{route=\"%s\"} %llu\n", name, total);
}

void mg_metrics_write(const struct mg_metrics *metrics, struct mg_buf *out)
{
    write_statuses(metrics, out);
    mg_buf_puts(out, "# HELP mindgap_http_request_seconds From the whole request to its answer.\n"
                     "# TYPE mindgap_http_request_seconds histogram\n");
    for (size_t i = 0; i < metrics->n; i++)
        write_latency(&metrics->rows[i], row_name(i), out);
}
