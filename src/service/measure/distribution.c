/* How the answers to one item are spread, in shares of the weights where there are any: one joint count of
 * its two columns gives both sides and their difference. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "column/file.h"
#include "model/answer.h"
#include "service/measure/remainder.h"

#define COUNTS_MAX 100000
#define VALUES_MAX 512

struct tally {
    double value[VALUES_MAX], n[VALUES_MAX], weight[VALUES_MAX];
    size_t used;
    double total_n, total_weight;
    bool full; /* there were more values than there is room for */
};

static void add(struct tally *tally, double value, const struct mg_count *count)
{
    size_t i = 0;
    while (i < tally->used && fabs(tally->value[i] - value) > 1e-9)
        i++;
    tally->full = tally->full || i == VALUES_MAX;
    if (tally->full)
        return;
    if (i == tally->used) {
        tally->value[i] = value;
        tally->n[i] = tally->weight[i] = 0;
        tally->used++;
    }
    tally->n[i] += (double)count->n;
    tally->weight[i] += count->weight;
    tally->total_n += (double)count->n;
    tally->total_weight += count->weight;
}

static int compare_values(const void *a, const void *b)
{
    double x = ((const struct mg_wire_value_count *)a)->value,
           y = ((const struct mg_wire_value_count *)b)->value;
    return (x > y) - (x < y);
}

static const struct mg_wire_value_count *counts_of(struct mg_arena *arena, const struct tally *tally)
{
    struct mg_wire_value_count *counts = mg_arena_array(arena, tally->used + 1, sizeof *counts);
    for (size_t i = 0; counts && i < tally->used; i++)
        counts[i] = (struct mg_wire_value_count){.value = tally->value[i],
                                                 .n = (int64_t)tally->n[i],
                                                 .share = tally->weight[i] / tally->total_weight};
    if (counts)
        qsort(counts, tally->used, sizeof *counts, compare_values);
    return counts;
}

static int tally_answers(struct mg_ctx *ctx, const struct mg_measure_request *request,
                         const struct mg_item *item, struct tally *e, struct tally *p,
                         struct tally *difference, struct mg_error *error)
{
    const struct mg_filter *filters;
    size_t n_filters, n = 0, n_counts;
    int rc = mg_pass_filters(ctx->arena, request, &filters, &n_filters, error);
    if (rc)
        return rc;
    const struct mg_answer_rule perceived =
        mg_answer_rule_of_item(request->study, &item->scale, item->reverse);
    const struct mg_answer_rule expected = mg_answer_rule_of_expectation(request->study, item, item->reverse);
    const char *columns[2];
    size_t at_e = item->expectation ? n : SIZE_MAX;
    if (item->expectation)
        columns[n++] = item->expectation;
    size_t at_p = item->perception ? n : SIZE_MAX;
    if (item->perception)
        columns[n++] = item->perception;
    struct mg_count *counts;
    rc =
        mg_columns_counts(&ctx->columns, ctx->arena, &request->source, columns, n, mg_measure_weight(request),
                          filters, n_filters, COUNTS_MAX, &counts, &n_counts, error);
    for (size_t i = 0; rc == 0 && i < n_counts; i++) {
        double ve = 0, vp = 0;
        bool has_e =
            at_e != SIZE_MAX && mg_answer_of_text(&expected, counts[i].keys[at_e], &ve) == MG_ANSWER_GIVEN;
        bool has_p =
            at_p != SIZE_MAX && mg_answer_of_text(&perceived, counts[i].keys[at_p], &vp) == MG_ANSWER_GIVEN;
        if (has_e)
            add(e, ve, &counts[i]);
        if (has_p)
            add(p, vp, &counts[i]);
        if (has_e && has_p)
            add(difference, vp - ve, &counts[i]);
    }
    if (rc == 0 && (e->full || p->full || difference->full))
        rc = mg_fail(error, MG_E_LIMIT,
                     "There are more than %d different answers, too many to show how they are spread.",
                     VALUES_MAX);
    return rc;
}

/* ---- the item's row, now and by wave ---- */

static int compare_points(const void *a, const void *b)
{
    return mg_measure_natural_order(((const struct mg_wire_trend_point *)a)->wave,
                                    ((const struct mg_wire_trend_point *)b)->wave);
}

/* The item's row in a pass's rows or one of its groups. */
static int estimate_item(struct mg_ctx *ctx, const struct mg_measure_request *request,
                         const struct mg_plan *plan, size_t item, const struct mg_people *people,
                         struct mg_row *ret_row, struct mg_error *error)
{
    const struct mg_row_context c = {.arena = ctx->arena,
                                     .plan = plan,
                                     .m = people->m,
                                     .outside = people->outside,
                                     .level = mg_measure_level(request),
                                     .few = people->few,
                                     .lang = ctx->lang};
    return mg_row_estimate(&c, &plan->items[item], ret_row, error);
}

/* The item's rows in all groups; NULL where a group tells nothing. Beside the row of all waves together more
 * are hidden where few would be told. */
static int estimate_waves(struct mg_ctx *ctx, const struct mg_measure_request *all, bool whole,
                          const struct mg_plan *plan, const struct mg_pass *pass, size_t item,
                          struct mg_row **rows, struct mg_error *error)
{
    double few = mg_measure_k(all);
    struct mg_row *made = mg_arena_array(ctx->arena, pass->n_groups + 1, sizeof *made);
    struct mg_moments *work = mg_moments_new_like(ctx->arena, pass->m);
    int rc = made && work ? 0 : mg_fail_memory(error);
    for (size_t g = 0; !rc && g < pass->n_groups; g++) {
        const struct mg_outside outside = mg_pass_outside(pass, g, work);
        const struct mg_people people = {.m = mg_pass_own(pass, g), .outside = &outside, .few = few};
        rc = estimate_item(ctx, all, plan, item, &people, &made[g], error);
        rows[g] = pass->groups[g].keys[0] && mg_people_in(people.m) >= few ? &made[g] : NULL;
    }
    const struct mg_row_context c = {.arena = ctx->arena, .plan = plan, .m = pass->m, .lang = ctx->lang};
    return rc || !whole ? rc : mg_remainder_rows(&c, &plan->items[item], pass, rows, few, error);
}

static int put_points(struct mg_ctx *ctx, const struct mg_measure_request *all, bool whole,
                      const struct mg_plan *plan, const struct mg_pass *pass, size_t item,
                      struct mg_wire_distribution *wire, struct mg_error *error)
{
    size_t n = 0;
    struct mg_wire_trend_point *points = mg_arena_array(ctx->arena, pass->n_groups + 1, sizeof *points);
    struct mg_row **rows = mg_arena_array(ctx->arena, pass->n_groups + 1, sizeof(struct mg_row *));
    if (!points || !rows)
        return mg_fail_memory(error);
    int rc = estimate_waves(ctx, all, whole, plan, pass, item, rows, error);
    for (size_t g = 0; !rc && g < pass->n_groups; g++) {
        if (!pass->groups[g].keys[0])
            continue;
        points[n] = (struct mg_wire_trend_point){.wave = pass->groups[g].keys[0],
                                                 .n = (int64_t)pass->groups[g].moments->rows};
        if (rows[g]) {
            points[n].expectation = rows[g]->wire.expectation;
            points[n].perception = rows[g]->wire.perception;
            points[n].gap = rows[g]->wire.gap;
        }
        n++;
    }
    qsort(points, n, sizeof *points, compare_points);
    wire->trend = points;
    wire->n_trend = n;
    return rc;
}

static int put_trend(struct mg_ctx *ctx, const struct mg_measure_request *request, size_t item,
                     struct mg_wire_distribution *wire, struct mg_error *error)
{
    struct mg_measure_request all = *request;
    const char *column = mg_measure_wave_column(request);
    struct mg_plan *plan;
    struct mg_pass pass;
    all.wave = NULL;
    if (!column)
        return 0;
    int rc = mg_pass_plan(ctx, &all, MG_PLAN_IMPORTANCE, &column, 1, &plan, &pass, error);
    if (!rc)
        rc = mg_pass_add_outside(ctx, &all, plan, &column, 1, &pass, error);
    return rc ? rc : put_points(ctx, &all, !request->wave, plan, &pass, item, wire, error);
}

/* ret_shown: whether expectations, perceptions and their differences may be told one by one. */
static int put_row(struct mg_ctx *ctx, const struct mg_measure_request *request, size_t item,
                   struct mg_wire_distribution *wire, bool ret_shown[3], struct mg_error *error)
{
    struct mg_pass pass;
    struct mg_plan *plan;
    struct mg_row row;
    int rc = mg_pass_plan(ctx, request, MG_PLAN_IMPORTANCE, NULL, 0, &plan, &pass, error);
    if (rc)
        return rc;
    if (mg_people_in(pass.m) < mg_measure_k(request))
        return mg_fail(error, MG_E_INESTIMABLE, "There are fewer than %g respondents, too few to show.",
                       mg_measure_k(request));
    rc = mg_pass_add_outside(ctx, request, plan, NULL, 0, &pass, error);
    const struct mg_people people = {.m = pass.m, .outside = pass.outside, .few = mg_measure_k(request)};
    if (!rc)
        rc = estimate_item(ctx, request, plan, item, &people, &row, error);
    if (rc)
        return rc;
    const struct mg_part *part = &plan->items[item];
    bool e = part->e != MG_PART_NONE, p = part->p != MG_PART_NONE;
    ret_shown[0] = e && mg_people_enough(&people, part->e, part->e);
    ret_shown[1] = p && mg_people_enough(&people, part->p, part->p);
    ret_shown[2] = e && p && mg_people_enough(&people, part->e, part->p);
    wire->row = row.wire;
    return 0;
}

int mg_measure_distribution(struct mg_ctx *ctx, const struct mg_measure_request *request, const char *item,
                            struct mg_wire_distribution *ret, struct mg_error *error)
{
    struct mg_wire_distribution wire = {0};
    size_t index = mg_study_find_item(request->study, item);
    if (index == SIZE_MAX)
        return mg_fail(error, MG_E_NOT_FOUND, "The study has no item “%s”.", item);
    struct tally *tallies = mg_arena_array(ctx->arena, 3, sizeof *tallies);
    if (!tallies)
        return mg_fail_memory(error);
    bool shown[3] = {0};
    int rc = put_row(ctx, request, index, &wire, shown, error);
    if (!rc)
        rc = tally_answers(ctx, request, &request->study->items[index], &tallies[0], &tallies[1], &tallies[2],
                           error);
    if (!rc)
        rc = put_trend(ctx, request, index, &wire, error);
    if (rc)
        return rc;
    for (size_t i = 0; i < 3; i++) /* what few answered isn't shown */
        if (!shown[i] || tallies[i].total_n < mg_measure_k(request))
            tallies[i].used = 0;
    const struct mg_scale *scale = &request->study->items[index].scale;
    wire.scale = (struct mg_wire_scale){.min = scale->min, .max = scale->max};
    wire.expectation = counts_of(ctx->arena, &tallies[0]), wire.n_expectation = tallies[0].used;
    wire.perception = counts_of(ctx->arena, &tallies[1]), wire.n_perception = tallies[1].used;
    wire.difference = counts_of(ctx->arena, &tallies[2]), wire.n_difference = tallies[2].used;
    *ret = wire;
    return 0;
}
