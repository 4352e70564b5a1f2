/* What the request's filters and wave leave out: a pass over it, and where there are several filters one over
 * what each leaves out by itself, so that those who are few within another filter aren't told either; of a
 * wave with several filters also what these leave out of the wave together. What two of three filters leave
 * out between them isn't looked at. A group of a table is a filter too: the others of the table are what it
 * leaves out by itself, and what is left out of it and the table together is at least as many; where there
 * are no others, it is what the filters leave out of the table.
 *
 * People are counted by buckets wherever the study knows customers, also where none of those selected came
 * twice. */
#include "base/str.h"
#include "service/measure/pass.h"

/* One pass over what `except` leaves out of the rows that pass `filters`; place o of every group's list. */
static int add_pass(struct mg_ctx *ctx, const struct mg_moments_request *request, size_t variables, size_t o,
                    struct mg_pass *pass, struct mg_error *error)
{
    struct mg_moments_result result = {0};
    int rc = mg_columns_moments(&ctx->columns, ctx->arena, request, &result, error);
    if (rc)
        return rc;
    for (size_t g = 0; g < pass->n_groups && request->n_by; g++)
        for (size_t h = 0; h < result.n_groups; h++)
            if (mg_str_all_equal(pass->groups[g].keys, result.groups[h].keys, request->n_by))
                pass->outside_groups[g].m[o] = result.groups[h].moments;
    pass->outside->m[o] = mg_pass_total(ctx->arena, &result, variables, request->weight, false);
    if (!request->n_by && pass->n_groups) /* the one group is the whole */
        pass->outside_groups[0].m[o] = pass->outside->m[o];
    return pass->outside->m[o] ? 0 : mg_fail_memory(error);
}

static bool allocate(struct mg_arena *arena, size_t n, struct mg_pass *pass)
{
    pass->outside = mg_arena_alloc(arena, sizeof *pass->outside);
    pass->outside_groups = mg_arena_array(arena, pass->n_groups + 1, sizeof *pass->outside_groups);
    if (!pass->outside || !pass->outside_groups)
        return false;
    for (size_t g = 0; g <= pass->n_groups; g++) {
        struct mg_outside *outside = g < pass->n_groups ? &pass->outside_groups[g] : pass->outside;
        outside->m = mg_arena_array(arena, n, sizeof(struct mg_moments *));
        outside->n = n;
        if (!outside->m)
            return false;
    }
    return true;
}

/* The filters [from, to) of which pass o looks at what they leave out: all the request's own, each by itself,
 * and those within the wave, which comes last. */
static void choose(size_t o, size_t own, size_t *ret_from, size_t *ret_to)
{
    bool one = o > 0 && o <= own;
    *ret_from = one ? o - 1 : 0;
    *ret_to = one ? o : o == 0 ? own : own - 1;
}

int mg_pass_add_outside(struct mg_ctx *ctx, const struct mg_measure_request *request,
                        const struct mg_plan *plan, const char *const *by, size_t n_by, struct mg_pass *pass,
                        struct mg_error *error)
{
    const struct mg_filter *filters;
    struct mg_plan counted = *plan;
    size_t n_filters, own = request->n_filters + (request->wave ? 1 : 0), n = own > 1 ? 1 + own : own;
    int rc = own ? mg_pass_filters(ctx->arena, request, &filters, &n_filters, error) : 0;
    if (rc || !own || mg_people_in(pass->m) < mg_measure_k(request)) /* of so few nothing is shown anyway */
        return rc;
    n += request->wave && request->n_filters > 1;
    struct mg_filter *kept = mg_arena_array(ctx->arena, n_filters, sizeof *kept);
    if (!kept || !allocate(ctx->arena, n, pass))
        return mg_fail_memory(error);
    if (mg_measure_customer(request))
        mg_plan_keep_buckets(&counted);
    for (size_t o = 0; o < n && !rc; o++) {
        size_t n_kept = 0, from, to;
        choose(o, own, &from, &to);
        for (size_t i = 0; i < n_filters; i++)
            if (i < from || i >= to)
                kept[n_kept++] = filters[i];
        struct mg_moments_request moments = mg_pass_request(request, &counted, kept, n_kept);
        moments.except = filters + from;
        moments.n_except = to - from;
        moments.by = by;
        moments.n_by = n_by;
        moments.bucket_by = mg_measure_customer(request);
        rc = add_pass(ctx, &moments, mg_plan_variables(plan), o, pass, error);
    }
    return rc;
}

struct mg_outside mg_pass_outside(const struct mg_pass *pass, size_t g, struct mg_moments *work)
{
    struct mg_outside outside = {0};
    if (pass->outside_groups)
        outside = pass->outside_groups[g];
    mg_moments_copy(work, pass->m);
    mg_moments_subtract(work, pass->groups[g].moments);
    outside.rest = work;
    outside.table = pass->outside;
    return outside;
}
