/* Runs a plan on the engine. The total is the sum of the groups' moments, so that groups cost no second pass.
 */
#include "service/measure/pass.h"
#include "base/str.h"
#include "column/file.h"
#include "service/measure/room.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *mg_measure_wave_column(const struct mg_measure_request *request)
{
    return request->wave_column ? request->wave_column : request->study->wave;
}

const char *mg_measure_customer(const struct mg_measure_request *request)
{
    const char *own = request->study->customer;
    return own && request->customer ? request->customer : own;
}

const char *mg_measure_weight(const struct mg_measure_request *request)
{
    return request->weight ? request->weight : request->study->weight;
}

double mg_measure_level(const struct mg_measure_request *request)
{
    return request->level > 0 ? request->level : MG_MEASURE_LEVEL;
}

double mg_measure_k(const struct mg_measure_request *request)
{
    return request->k > 0 ? request->k : MG_MEASURE_K;
}

/* Listwise: an answer counts when it is on its scale and its steps and no missing code. A code that lies on
 * the scale is excluded too: by value where the column has numbers, else as text. */
static size_t add_complete(struct mg_filter *filters, size_t n, const char *column,
                           const struct mg_scale *scale, const char *const *codes, size_t n_codes)
{
    if (!column)
        return n;
    filters[n++] = (struct mg_filter){.column = column,
                                      .op = MG_FILTER_BETWEEN,
                                      .low = scale->min,
                                      .high = scale->max,
                                      .step = scale->step};
    if (n_codes)
        filters[n++] = (struct mg_filter){
            .column = column, .op = MG_FILTER_NOT_IN, .values = codes, .n_values = n_codes};
    return n;
}

static const char *const *code_texts(struct mg_arena *arena, const struct mg_study *study)
{
    const char **texts = mg_arena_array(arena, study->n_missing_codes + 1, sizeof *texts);
    for (size_t i = 0; texts && i < study->n_missing_codes; i++) {
        char text[32];
        mg_format_double(study->missing_codes[i], text);
        texts[i] = mg_arena_strdup(arena, text);
    }
    return texts;
}

int mg_pass_filters(struct mg_arena *arena, const struct mg_measure_request *request,
                    const struct mg_filter **ret_filters, size_t *ret_n, struct mg_error *error)
{
    const struct mg_study *study = request->study;
    struct mg_filter *filters =
        mg_arena_array(arena, request->n_filters + 1 + 4 * study->n_items, sizeof *filters);
    const char **wave = mg_arena_array(arena, 1, sizeof *wave);
    const char *const *codes = code_texts(arena, study);
    if (!filters || !wave || !codes)
        return mg_fail_memory(error);
    size_t n = 0;
    for (size_t i = 0; i < request->n_filters; i++)
        filters[n++] = request->filters[i];
    if (request->wave) {
        const char *column = mg_measure_wave_column(request);
        if (!column)
            return mg_fail(error, MG_E_INVALID, "The study has no wave column, so a wave can't be chosen.");
        wave[0] = request->wave;
        filters[n++] =
            (struct mg_filter){.column = column, .op = MG_FILTER_IN, .values = wave, .n_values = 1};
    }
    for (size_t i = 0; study->missing_rule == MG_MISSING_LISTWISE && i < study->n_items; i++) {
        const struct mg_item *item = &study->items[i];
        n = add_complete(filters, n, item->expectation, mg_item_expectation_scale(item), codes,
                         study->n_missing_codes);
        n = add_complete(filters, n, item->perception, &item->scale, codes, study->n_missing_codes);
    }
    *ret_filters = filters;
    *ret_n = n;
    return 0;
}

struct mg_moments_request mg_pass_request(const struct mg_measure_request *request,
                                          const struct mg_plan *plan, const struct mg_filter *filters,
                                          size_t n_filters)
{
    return (struct mg_moments_request){
        .source = request->source,
        .spec = &plan->spec,
        .columns = plan->columns,
        .positive = plan->positive,
        .weight = mg_measure_weight(request),
        .filters = filters,
        .n_filters = n_filters,
        .max_groups = MG_MEASURE_GROUPS_MAX,
    };
}

struct mg_moments *mg_pass_total(struct mg_arena *arena, const struct mg_moments_result *result, size_t k,
                                 bool weighted, bool squared)
{
    struct mg_moments *total = NULL;
    for (size_t g = 0; g < result->n_groups; g++) {
        const struct mg_moments_group *group = &result->groups[g];
        const struct mg_moments *m = squared ? group->moments_squared : group->moments;
        if (g == 0)
            total = mg_moments_new_like(arena, m);
        if (total)
            mg_moments_merge(total, m);
    }
    return result->n_groups ? total : mg_moments_new(arena, k, weighted);
}

int mg_pass_run(struct mg_ctx *ctx, const struct mg_measure_request *request, const struct mg_plan *plan,
                const char *const *by, size_t n_by, unsigned buckets, struct mg_pass *ret_pass,
                struct mg_error *error)
{
    const struct mg_filter *filters;
    size_t n_filters;
    int rc = mg_pass_filters(ctx->arena, request, &filters, &n_filters, error);
    if (rc)
        return rc;
    struct mg_moments_request moments = mg_pass_request(request, plan, filters, n_filters);
    moments.by = by;
    moments.n_by = n_by;
    moments.buckets = buckets;
    moments.bucket_by = mg_measure_customer(request);
    moments.bucket_each = plan->options & MG_PLAN_EACH;
    moments.count_people = n_by && plan->options & MG_PLAN_BUCKETS && !moments.weight;
    struct mg_moments_result result = {0};
    rc = mg_columns_moments(&ctx->columns, ctx->arena, &moments, &result, error);
    if (rc)
        return rc;
    struct mg_pass pass = {.groups = result.groups, .n_groups = result.n_groups, .people = -1};
    bool weighted = moments.weight != NULL;
    if (n_by == 0 && buckets == 0 && result.n_groups == 1) {
        pass.m = result.groups[0].moments;
        pass.m2 = result.groups[0].moments_squared;
    } else {
        size_t k = mg_plan_variables(plan);
        pass.m = mg_pass_total(ctx->arena, &result, k, weighted, false);
        pass.m2 = weighted ? mg_pass_total(ctx->arena, &result, k, true, true) : NULL;
        if (!pass.m || (weighted && !pass.m2))
            return mg_fail_memory(error);
    }
    *ret_pass = pass;
    return 0;
}

/* Answers to the items that have both sides: of expectations, perceptions, and of both by one person. */
struct answers {
    double e, p, both;
};

static struct answers count_answers(const struct mg_plan *plan, const struct mg_moments *m)
{
    struct answers n = {0};
    for (size_t i = 0; i < plan->n_items; i++) {
        const struct mg_part *item = &plan->items[i];
        if (item->e == MG_PART_NONE || item->p == MG_PART_NONE)
            continue;
        n.both += mg_moments_count(m, item->e, item->p);
        n.e += mg_moments_count(m, item->e, item->e);
        n.p += mg_moments_count(m, item->p, item->p);
    }
    return n;
}

bool mg_pass_overlaps(double e, double p, double both)
{
    return both < fmin(e, p) - both;
}

/* Waves where only one side was asked say nothing about who answered both. */
static enum mg_design design_of(const struct mg_plan *plan, const struct mg_pass *pass, bool by_wave)
{
    struct answers all = {0};
    for (size_t g = 0; by_wave && g < pass->n_groups; g++) {
        struct answers n = count_answers(plan, pass->groups[g].moments);
        if (n.e == 0 || n.p == 0)
            continue;
        all.e += n.e;
        all.p += n.p;
        all.both += n.both;
    }
    if (all.e == 0 && all.p == 0) /* no waves; or each asked one side: then the waves are the samples */
        all = count_answers(plan, pass->m);
    if (!mg_pass_overlaps(all.e, all.p, all.both))
        return MG_DESIGN_PAIRED;
    return all.both > 0 ? MG_DESIGN_OVERLAP : MG_DESIGN_UNPAIRED;
}

/* A side of an item stands alone, or more people answered each alone than both, or few did both: then each
 * side's own people count. */
static bool stands_alone(const struct mg_plan *plan, const struct mg_moments *m, double k)
{
    for (size_t i = 0; i < plan->n_items; i++) {
        const struct mg_part *item = &plan->items[i];
        if (item->e == MG_PART_NONE || item->p == MG_PART_NONE)
            continue;
        double e = mg_moments_count(m, item->e, item->e), p = mg_moments_count(m, item->p, item->p);
        double both = mg_moments_count(m, item->e, item->p);
        bool few = m->buckets && both < k && fmax(e, p) >= k;
        if ((both == 0 && e + p > 0) || few || mg_pass_overlaps(e, p, both))
            return true;
    }
    return false;
}

/* In some group, or in all. */
static bool stands_alone_in(const struct mg_plan *plan, const struct mg_pass *pass, double k)
{
    bool alone = stands_alone(plan, pass->m, k);
    for (size_t g = 0; g < pass->n_groups && !alone; g++)
        alone = stands_alone(plan, pass->groups[g].moments, k);
    return alone;
}

/* The request's filters, and a weight that counts: who has none stands behind no number. */
static int filters_of_counted(struct mg_ctx *ctx, const struct mg_measure_request *request,
                              const struct mg_filter **ret_filters, size_t *ret_n, struct mg_error *error)
{
    const struct mg_filter *chosen;
    size_t n;
    int rc = mg_pass_filters(ctx->arena, request, &chosen, &n, error);
    struct mg_filter *filters = rc ? NULL : mg_arena_array(ctx->arena, n + 1, sizeof *filters);
    if (rc || !filters)
        return rc ? rc : mg_fail_memory(error);
    for (size_t i = 0; i < n; i++)
        filters[i] = chosen[i];
    const char *weight = mg_measure_weight(request);
    if (weight)
        filters[n++] = (struct mg_filter){
            .column = weight, .op = MG_FILTER_BETWEEN, .low = DBL_TRUE_MIN, .high = MG_WEIGHT_MAX};
    *ret_filters = filters;
    *ret_n = n;
    return 0;
}

static int count_distinct(struct mg_ctx *ctx, const struct mg_measure_request *request,
                          struct mg_distinct *ret, struct mg_error *error)
{
    const char *customer = mg_measure_customer(request);
    const struct mg_filter *filters = NULL;
    size_t n = 0;
    int rc = filters_of_counted(ctx, request, &filters, &n, error);
    return rc ? rc
              : mg_columns_distinct(&ctx->columns, ctx->arena, &request->source,
                                    customer ? customer : mg_measure_weight(request), filters, n, ret, error);
}

static int64_t count_people(const struct mg_distinct *n, const char *customer)
{
    return customer ? n->distinct + n->rows - n->present : n->rows;
}

/* Whether all people of the study have room in a bucket each: not only those of a filter, so that a wave has
 * the same buckets, and intervals, wherever it is shown. */
static int are_few(struct mg_ctx *ctx, const struct mg_measure_request *request, bool *ret_few,
                   struct mg_error *error)
{
    struct mg_measure_request all = *request;
    struct mg_distinct n;
    all.wave = NULL;
    all.n_filters = 0;
    int rc = count_distinct(ctx, &all, &n, error);
    *ret_few = !rc && count_people(&n, mg_measure_customer(request)) <= MG_MOMENTS_BUCKETS_MAX;
    return rc;
}

int mg_pass_buckets(struct mg_ctx *ctx, const struct mg_measure_request *request, unsigned *ret_options,
                    struct mg_distinct *ret_people, struct mg_error *error)
{
    const char *customer = mg_measure_customer(request), *weight = mg_measure_weight(request);
    struct mg_distinct n;
    *ret_people = (struct mg_distinct){0};
    *ret_options = 0;
    if (!customer && !weight)
        return 0;
    int rc = count_distinct(ctx, request, &n, error);
    if (rc)
        return rc;
    if (customer)
        *ret_people = n;
    if (!weight && n.distinct == n.present)
        return 0;
    bool few = count_people(&n, customer) <= MG_MOMENTS_BUCKETS_MAX;
    if (few && (request->n_filters || request->wave))
        rc = are_few(ctx, request, &few, error);
    *ret_options = MG_PLAN_BUCKETS | (weight ? MG_PLAN_WEIGHTED : 0) | (few ? MG_PLAN_EACH : 0);
    return rc;
}

static int plan_and_run(struct mg_ctx *ctx, const struct mg_measure_request *request, unsigned options,
                        const char *const *by, size_t n_by, struct mg_plan **ret_plan,
                        struct mg_pass *ret_pass, struct mg_error *error)
{
    int rc = mg_plan_new(ctx->arena, request->study, options, ret_plan, error);
    if (!rc)
        rc = mg_room_make(ctx, request, *ret_plan, by, n_by, error);
    return rc ? rc : mg_pass_run(ctx, request, *ret_plan, by, n_by, 0, ret_pass, error);
}

static int find_own(struct mg_arena *arena, const struct mg_measure_request *request, size_t n_by,
                    struct mg_pass *pass, struct mg_error *error)
{
    if (!pass->repeated || n_by == 0 || mg_measure_weight(request))
        return 0;
    pass->own = mg_arena_array(arena, pass->n_groups + 1, sizeof *pass->own);
    if (!pass->own)
        return mg_fail_memory(error);
    for (size_t g = 0; g < pass->n_groups; g++) {
        const struct mg_moments_group *group = &pass->groups[g];
        pass->own[g] = *group->moments;
        if (group->people == group->named)
            pass->own[g].buckets = NULL;
    }
    return 0;
}

const struct mg_moments *mg_pass_own(const struct mg_pass *pass, size_t g)
{
    return pass->own ? &pass->own[g] : pass->groups[g].moments;
}

/* The design is that of the waves, whatever else the report is split by: where its groups aren't waves, these
 * have a pass of their own. */
static int judge(struct mg_ctx *ctx, const struct mg_measure_request *request, const char *wave,
                 const struct mg_plan *plan, const struct mg_pass *pass, const char *const *by, size_t n_by,
                 enum mg_design *ret, struct mg_error *error)
{
    bool by_wave = wave && n_by == 1 && strcmp(by[0], wave) == 0;
    struct mg_plan *own;
    struct mg_pass waves;
    if (by_wave || !wave || n_by == 0) {
        *ret = design_of(plan, pass, by_wave);
        return 0;
    }
    int rc = plan_and_run(ctx, request, 0, &wave, 1, &own, &waves, error);
    if (rc == MG_E_LIMIT) { /* no room for so many waves: all together */
        *ret = design_of(plan, pass, false);
        return 0;
    }
    if (!rc)
        *ret = design_of(own, &waves, true);
    return rc;
}

int mg_pass_plan(struct mg_ctx *ctx, const struct mg_measure_request *request, unsigned options,
                 const char *const *by, size_t n_by, struct mg_plan **ret_plan, struct mg_pass *ret_pass,
                 struct mg_error *error)
{
    const char *wave = mg_measure_wave_column(request);
    struct mg_distinct people;
    unsigned buckets;
    int rc = mg_pass_buckets(ctx, request, &buckets, &people, error);
    options |= buckets;
    bool waves = wave && !request->wave, by_wave = n_by == 0 && waves; /* waves differ in what they asked */
    if (by_wave)
        by = &wave, n_by = 1;
    if (!rc)
        rc = plan_and_run(ctx, request, options, by, n_by, ret_plan, ret_pass, error);
    if (rc == MG_E_LIMIT && by_wave) /* there is no room for so many */
        rc = plan_and_run(ctx, request, options, NULL, n_by = 0, ret_plan, ret_pass, error);
    enum mg_design design = MG_DESIGN_PAIRED;
    if (!rc && request->study->missing_rule != MG_MISSING_LISTWISE)
        rc = judge(ctx, request, waves ? wave : NULL, *ret_plan, ret_pass, by, n_by, &design, error);
    if (rc)
        return rc;
    bool alone = design == MG_DESIGN_PAIRED && stands_alone_in(*ret_plan, ret_pass, mg_measure_k(request));
    if (design != MG_DESIGN_PAIRED || alone) {
        options |= (design != MG_DESIGN_PAIRED ? MG_PLAN_UNPAIRED : 0) | (alone ? MG_PLAN_ALONE : 0);
        rc = plan_and_run(ctx, request, options, by, n_by, ret_plan, ret_pass, error);
    }
    ret_pass->design = design;
    ret_pass->people = request->study->customer ? people.distinct + people.rows - people.present : -1;
    ret_pass->repeated = people.distinct < people.present;
    if (!rc)
        rc = find_own(ctx->arena, request, n_by, ret_pass, error);
    return rc;
}
