#include "service/measure/room.h"

#include "column/file.h"
#include "service/measure/pass.h"

/* Places of the pairs of all sets, at most. */
static size_t places(const struct mg_plan *plan)
{
    size_t n = 1;
    for (size_t s = 0; s < plan->spec.n_sets; s++)
        n += plan->spec.sets[s].n * plan->spec.sets[s].n * (plan->spec.sets[s].squared ? 2 : 1);
    return n;
}

size_t mg_room_buckets(const struct mg_plan *plan, size_t groups, size_t passes)
{
    const struct mg_moments_spec *spec = &plan->spec;
    size_t pairs = 5 * sizeof(double) * places(plan), columns = spec->n_columns * sizeof(double);
    size_t link = sizeof(struct mg_moments_sums) * spec->n_links, n = spec->n_links ? spec->n_buckets : 0;
    size_t each = MG_ROOM_BYTES / (groups ? groups : 1),
           kept = MG_ROOM_DONE_BYTES / passes / (groups ? groups : 1);
    for (;; n /= 2) {
        size_t done = pairs + n * link;
        if (done + pairs + columns * spec->n_columns + n * (link + columns) <= each && done <= kept)
            return n;
        if (n / 2 < MG_ROOM_BUCKETS_LEAST)
            return SIZE_MAX;
    }
}

/* One after another: the rows themselves, perhaps once more for another design, and what is left out. */
static size_t passes_of(const struct mg_measure_request *request)
{
    size_t own = request->n_filters + (request->wave ? 1 : 0);
    return 2 + own + (own > 1);
}

static int count_groups(struct mg_ctx *ctx, const struct mg_measure_request *request, const char *const *by,
                        size_t n_by, size_t *ret_n, struct mg_error *error)
{
    const struct mg_filter *filters;
    struct mg_count *counts;
    size_t n_filters;
    int rc = mg_pass_filters(ctx->arena, request, &filters, &n_filters, error);
    if (rc)
        return rc;
    rc = mg_columns_counts(&ctx->columns, ctx->arena, &request->source, by, n_by, NULL, filters, n_filters,
                           MG_MEASURE_GROUPS_MAX, &counts, ret_n, error);
    if (rc == MG_E_LIMIT)
        mg_fail(error, MG_E_LIMIT,
                "The grouping columns split the rows into more than the %zu groups allowed.",
                (size_t)MG_MEASURE_GROUPS_MAX);
    return rc;
}

int mg_room_make(struct mg_ctx *ctx, const struct mg_measure_request *request, struct mg_plan *plan,
                 const char *const *by, size_t n_by, struct mg_error *error)
{
    size_t passes = passes_of(request), n = n_by ? MG_MEASURE_GROUPS_MAX : 1, own = plan->spec.n_buckets;
    size_t buckets = mg_room_buckets(plan, n, passes);
    bool enough = !plan->spec.n_links || buckets == own;
    if (n_by && (buckets == SIZE_MAX || !enough)) { /* not for the most groups: how many are there? */
        int rc = count_groups(ctx, request, by, n_by, &n, error);
        if (rc)
            return rc;
        buckets = mg_room_buckets(plan, n, passes);
    }
    if (buckets != SIZE_MAX) {
        plan->spec.n_buckets = plan->spec.n_links ? buckets : own;
        return 0;
    }
    mg_fail(error, MG_E_LIMIT, "%zu groups of a study of this size need more memory than a report may take.",
            n);
    mg_fail_hint(error, "Choose a filter, or groups with fewer values.");
    return MG_E_LIMIT;
}
