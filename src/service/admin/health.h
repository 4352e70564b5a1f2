/* How the server fares, for /readyz and /metrics. */
#ifndef MG_SERVICE_ADMIN_HEALTH_H
#define MG_SERVICE_ADMIN_HEALTH_H

#include <stddef.h>
#include <stdint.h>

#include "service/context.h"

struct mg_health {
    int64_t writes, writes_failed, commits; /* since the record was opened */
    size_t writes_waiting;
    int64_t jobs_queued;
};

/* Fails when the record can't be read. */
MG_CHECKED int mg_health_get(const struct mg_ctx *ctx, struct mg_health *ret_health, struct mg_error *error);

#endif
