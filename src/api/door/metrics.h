/* Counters for /metrics (Prometheus text format 0.0.4). Safe from any thread. */
#ifndef MG_API_DOOR_METRICS_H
#define MG_API_DOOR_METRICS_H

#include <stddef.h>

#include "base/buf.h"

struct mg_metrics;

/* Rows beside those of the route table. */
enum mg_counter { MG_COUNTER_SITE, MG_COUNTER_BUILTIN, MG_COUNTER_UNKNOWN, MG_COUNTERS };

struct mg_metrics *mg_metrics_new(void); /* NULL when memory is out */
void mg_metrics_free(struct mg_metrics *metrics);

/* `row`: index of the route, or mg_routes_count + enum mg_counter. */
void mg_metrics_count(struct mg_metrics *metrics, size_t row, unsigned status, double seconds);
void mg_metrics_write(const struct mg_metrics *metrics, struct mg_buf *out);

#endif
