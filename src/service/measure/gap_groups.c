/* The groups of a gap report. Each is estimated from its own moments; what few people of it answered isn't
 * shown, nor what the others would tell about them by subtraction from the whole. */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "service/measure/ceiling.h"
#include "service/measure/gap_report.h"
#include "service/measure/remainder.h"
#include "stats/dist/holm.h"
#include "stats/gap/shrink.h"
#include "wire/say.h"

struct group_sets {
    struct mg_row overall;
    struct mg_row_set items, dimensions, touchpoints;
    bool shown;
};

/* The i-th row of a group, over all its parts; NULL past the end. */
static struct mg_row *row_at(struct group_sets *sets, size_t i)
{
    if (i == 0)
        return &sets->overall;
    i--;
    struct mg_row_set *parts[] = {&sets->items, &sets->dimensions, &sets->touchpoints};
    for (size_t s = 0; s < ARRAY_LEN(parts); s++) {
        if (i < parts[s]->n)
            return &parts[s]->rows[i];
        i -= parts[s]->n;
    }
    return NULL;
}

static struct mg_row_context context_of(const struct mg_gap_report *r, const struct mg_moments *m)
{
    struct mg_row_context c = mg_gap_report_context(r, m);
    c.plan = r->group_plan;
    return c;
}

static int estimate_group(struct mg_gap_report *r, size_t g, const struct mg_ceiling *ceiling,
                          struct mg_moments *work, struct group_sets *ret, struct mg_error *error)
{
    struct mg_row_context c = context_of(r, mg_pass_own(&r->group_pass, g));
    const struct mg_outside outside = mg_pass_outside(&r->group_pass, g, work);
    c.few = mg_measure_k(&r->request->base);
    c.outside = &outside;
    int rc = mg_row_overall(&c, &ret->overall, error);
    if (!rc)
        rc = mg_row_set(&c, r->group_plan->items, r->group_plan->n_items, &ret->items, error);
    if (!rc)
        rc = mg_row_set(&c, r->group_plan->dimensions, r->group_plan->n_dimensions, &ret->dimensions, error);
    if (!rc)
        rc = mg_row_set(&c, r->group_plan->touchpoints, r->group_plan->n_touchpoints, &ret->touchpoints,
                        error);
    ret->shown = rc == 0;
    struct mg_row *row;
    for (size_t i = 0; !rc && (row = row_at(ret, i)); i++)
        mg_ceiling_fill(r->group_plan, ceiling, row, 1);
    return rc;
}

/* The part that row_at tells of. */
static const struct mg_part *part_at(const struct mg_plan *plan, size_t i)
{
    if (i == 0)
        return &plan->overall;
    i--;
    const struct mg_part *parts[] = {plan->items, plan->dimensions, plan->touchpoints};
    const size_t n[] = {plan->n_items, plan->n_dimensions, plan->n_touchpoints};
    for (size_t s = 0; s < ARRAY_LEN(n); s++) {
        if (i < n[s])
            return &parts[s][i];
        i -= n[s];
    }
    return NULL;
}

/* A group that is hidden could be told from the whole and the others: then more is hidden. */
static int hide_remainders(struct mg_gap_report *r, struct group_sets *groups, size_t n,
                           struct mg_error *error)
{
    const struct mg_row_context whole = context_of(r, r->group_pass.m);
    const struct mg_part *part;
    struct mg_row **rows = mg_arena_array(r->ctx->arena, n + 1, sizeof(struct mg_row *));
    int rc = rows ? 0 : mg_fail_memory(error);
    for (size_t i = 0; !rc && (part = part_at(r->group_plan, i)); i++) {
        for (size_t g = 0; g < n; g++)
            rows[g] = groups[g].shown ? row_at(&groups[g], i) : NULL;
        rc = mg_remainder_rows(&whole, part, &r->group_pass, rows, mg_measure_k(&r->request->base), error);
    }
    return rc;
}

/* ---- Each against all others together ---- */

static int compare_row(const struct mg_row_context *rest, const struct mg_row_context *own,
                       const struct mg_part *part, bool whole, struct mg_row *row, struct mg_error *error)
{
    struct mg_row others;
    struct mg_gap_change d;
    int rc = whole ? mg_row_overall(rest, &others, error) : mg_row_estimate(rest, part, &others, error);
    enum mg_gap_side side = row->wire.gap ? MG_GAP_DIFFERENCE : MG_GAP_PERCEIVED;
    if (rc || mg_row_change(rest, &others, own, row, side, &d, NULL))
        return rc;
    row->wire.difference = mg_wire_estimate_new(own->arena, d.value, d.low, d.high, NAN);
    row->wire.p_difference = d.p, row->wire.has_p_difference = isfinite(d.p);
    return 0;
}

static int compare_group(struct mg_gap_report *r, const struct mg_moments_group *group,
                         struct group_sets *sets, struct mg_moments *work, struct mg_error *error)
{
    const struct mg_part *part;
    int rc = 0;
    mg_moments_copy(work, r->group_pass.m);
    mg_moments_subtract(work, group->moments);
    struct mg_row_context rest = context_of(r, work), own = context_of(r, group->moments);
    rest.few = mg_measure_k(&r->request->base);
    for (size_t i = 0; !rc && (part = part_at(r->group_plan, i)); i++)
        rc = compare_row(&rest, &own, part, i == 0, row_at(sets, i), error);
    return rc;
}

/* Holm's correction over the groups of one part; two groups are one comparison. */
static void correct(struct mg_gap_report *r, struct group_sets *groups, size_t n, size_t i, double *p)
{
    size_t tested = 0;
    for (size_t g = 0; g < n; g++) {
        const struct mg_row *row = groups[g].shown ? row_at(&groups[g], i) : NULL;
        p[g] = row && row->wire.has_p_difference ? row->wire.p_difference : NAN;
        tested += isfinite(p[g]);
    }
    if (n == 2 && tested == 2)
        p[2] = p[0], p[3] = p[1];
    else
        mg_holm(p, n, p + n);
    for (size_t g = 0; g < n; g++)
        if (isfinite(p[g])) {
            struct mg_wire_gap_row *w = &row_at(&groups[g], i)->wire;
            w->p_difference_holm = p[n + g], w->has_p_difference_holm = true;
            w->differs = p[n + g] < 1 - mg_measure_level(&r->request->base), w->has_differs = true;
        }
}

static int compare_with_others(struct mg_gap_report *r, struct group_sets *groups, size_t n,
                               struct mg_moments *work, struct mg_error *error)
{
    double *p = mg_arena_array(r->ctx->arena, 2 * n + 1, sizeof *p);
    int rc = 0;
    if (!p)
        return mg_fail_memory(error);
    for (size_t g = 0; n > 1 && g < n && !rc; g++)
        if (groups[g].shown)
            rc = compare_group(r, &r->group_pass.groups[g], &groups[g], work, error);
    for (size_t i = 0; n > 1 && !rc && part_at(r->group_plan, i); i++)
        correct(r, groups, n, i, p);
    return rc;
}

/* Each part's gaps, shrunk towards the mean of the groups. With fewer than three usable groups nothing is
 * shrunk. */
static int shrink_groups(struct mg_gap_report *r, struct group_sets *groups, size_t n, struct mg_error *error)
{
    double *value = mg_arena_array(r->ctx->arena, 2 * n + 1, sizeof *value), *se = value + n;
    struct mg_shrunk *shrunk = mg_arena_array(r->ctx->arena, n + 1, sizeof *shrunk);
    if (!value || !shrunk)
        return mg_fail_memory(error);
    size_t parts = 1 + r->group_plan->n_items + r->group_plan->n_dimensions + r->group_plan->n_touchpoints;
    for (size_t i = 0; i < parts; i++) {
        for (size_t g = 0; g < n; g++) {
            struct mg_row *row = groups[g].shown ? row_at(&groups[g], i) : NULL;
            bool usable = row && row->wire.gap && row->stat.se > 0;
            value[g] = usable ? row->stat.gap : NAN;
            se[g] = usable ? row->stat.se : NAN;
        }
        struct mg_shrink model;
        if (mg_shrink(value, se, n, shrunk, &model, NULL))
            continue;
        for (size_t g = 0; g < n; g++)
            if (isfinite(shrunk[g].value)) {
                struct mg_row *row = row_at(&groups[g], i);
                row->wire.shrunk = shrunk[g].value;
                row->wire.has_shrunk = true;
                row->wire.shrunk_se = shrunk[g].se;
                row->wire.has_shrunk_se = isfinite(shrunk[g].se);
            }
    }
    return 0;
}

static const struct mg_wire_group_key *keys_of(struct mg_gap_report *r, const struct mg_moments_group *group)
{
    struct mg_wire_group_key *keys = mg_arena_array(r->ctx->arena, r->request->n_by, sizeof *keys);
    for (size_t i = 0; keys && i < r->request->n_by; i++)
        keys[i] = (struct mg_wire_group_key){.code = r->request->by[i], .value = group->keys[i]};
    return keys;
}

static int compare_groups(const void *a, const void *b)
{
    const struct mg_wire_gap_group *x = a, *y = b;
    for (size_t i = 0; i < x->n_keys; i++) {
        int order = mg_measure_natural_order(x->keys[i].value, y->keys[i].value);
        if (order)
            return order;
    }
    return 0;
}

const struct mg_wire_score *mg_gap_report_scores(struct mg_arena *arena,
                                                 const struct mg_outcome_score *scores, size_t n)
{
    struct mg_wire_score *wire = mg_arena_array(arena, n + 1, sizeof *wire);
    for (size_t i = 0; wire && i < n; i++)
        wire[i] = scores[i].wire;
    return wire;
}

static void put_group(struct mg_gap_report *r, const struct mg_moments_group *group, struct group_sets *sets,
                      const struct mg_outcome_score *scores, struct mg_wire_gap_group *ret)
{
    struct mg_arena *arena = r->ctx->arena;
    *ret = (struct mg_wire_gap_group){.keys = keys_of(r, group),
                                      .n_keys = r->request->n_by,
                                      .n = (int64_t)group->moments->rows,
                                      .suppressed = !sets->shown,
                                      .has_suppressed = true};
    if (!sets->shown)
        return;
    ret->overall = &sets->overall.wire;
    ret->items = mg_row_worst_first(arena, &sets->items), ret->n_items = sets->items.n;
    ret->dimensions = mg_row_worst_first(arena, &sets->dimensions), ret->n_dimensions = sets->dimensions.n;
    ret->touchpoints = mg_row_worst_first(arena, &sets->touchpoints),
    ret->n_touchpoints = sets->touchpoints.n;
    ret->scores = mg_gap_report_scores(arena, scores, r->study->n_outcomes),
    ret->n_scores = r->study->n_outcomes;
}

/* Groups of which something is hidden for the sake of others. */
static void note_hidden_for_others(struct mg_gap_report *r, struct group_sets *groups, size_t n)
{
    size_t protecting = 0;
    for (size_t g = 0; g < n; g++) {
        const struct mg_row *row;
        bool any = false;
        for (size_t i = 0; groups[g].shown && !any && (row = row_at(&groups[g], i)); i++)
            any = row->wire.suppressed_for_others;
        protecting += any;
    }
    if (protecting)
        mg_gap_report_note(
            r, mg_wire_say(r->ctx->arena, NULL,
                           "In %zu ‹more group|more groups› some numbers aren't shown, so that a few others "
                           "can't be worked out from them.",
                           protecting));
}

int mg_gap_report_groups(struct mg_gap_report *r, struct mg_error *error)
{
    size_t n = r->group_pass.n_groups, n_outcomes = r->study->n_outcomes, hidden = 0;
    struct group_sets *sets = mg_arena_array(r->ctx->arena, n + 1, sizeof *sets);
    struct mg_wire_gap_group *groups = mg_arena_array(r->ctx->arena, n + 1, sizeof *groups);
    struct mg_outcome_score *scores = NULL;
    struct mg_ceiling *ceilings = NULL;
    struct mg_moments *work = mg_moments_new_like(r->ctx->arena, r->group_pass.m);
    if (!sets || !groups || !work)
        return mg_fail_memory(error);
    int rc = mg_ceiling_count(r->ctx, &r->request->base, r->group_plan, &r->group_pass, r->by,
                              r->request->n_by, &ceilings, error);
    if (!rc)
        rc = mg_outcome_scores(r->ctx, &r->request->base, r->group_plan, &r->group_pass, r->request->n_by,
                               true, &scores, error);
    for (size_t g = 0; rc == 0 && g < n; g++) {
        if (mg_people_in(r->group_pass.groups[g].moments) < mg_measure_k(&r->request->base))
            hidden++;
        else
            rc = estimate_group(r, g, &ceilings[g], work, &sets[g], error);
    }
    if (!rc)
        rc = hide_remainders(r, sets, n, error);
    if (!rc)
        rc = compare_with_others(r, sets, n, work, error);
    if (!rc)
        rc = shrink_groups(r, sets, n, error);
    if (rc)
        return rc;
    for (size_t g = 0; g < n; g++)
        put_group(r, &r->group_pass.groups[g], &sets[g], scores + g * n_outcomes, &groups[g]);
    qsort(groups, n, sizeof *groups, compare_groups);
    r->wire->groups = groups;
    r->wire->n_groups = n;
    mg_gap_report_note_groups(r);
    if (hidden)
        mg_gap_report_note(r, mg_wire_say(r->ctx->arena, NULL,
                                          "Groups not shown: %zu, each with fewer than %g respondents.",
                                          hidden, mg_measure_k(&r->request->base)));
    note_hidden_for_others(r, sets, n);
    return 0;
}
