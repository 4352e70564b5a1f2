/* α of expectations, perceptions and differences, and the reliability of the difference score, for each
 * dimension and the whole. */
#include "service/measure/reliability.h"

#include <math.h>

#include "stats/reliability/alpha.h"

/* The part's items that have both sides (or perceptions only), as variables. */
struct members {
    size_t e[MG_STUDY_ITEMS_MAX], p[MG_STUDY_ITEMS_MAX], difference[MG_STUDY_ITEMS_MAX];
    size_t item[MG_STUDY_ITEMS_MAX];
    size_t n;
    bool pairs, differences; /* differences: of every item */
};

static void collect(const struct mg_plan *plan, const struct mg_part *part, bool pairs, struct members *ret)
{
    ret->n = 0;
    ret->pairs = ret->differences = pairs;
    for (size_t i = 0; i < plan->n_items; i++) {
        const struct mg_part *item = &plan->items[i];
        bool inside = part->dimension == MG_PART_NONE || item->dimension == part->dimension;
        if (!inside || item->p == MG_PART_NONE || (pairs && item->e == MG_PART_NONE))
            continue;
        ret->e[ret->n] = item->e;
        ret->p[ret->n] = item->p;
        ret->difference[ret->n] = item->difference;
        ret->differences = ret->differences && item->difference != MG_PART_NONE;
        ret->item[ret->n++] = i;
    }
}

static void name_reversed(const struct mg_row_context *c, const struct members *members,
                          const struct mg_alpha_item *items, struct mg_wire_reliability *row)
{
    const char **names = mg_arena_array(c->arena, members->n + 1, sizeof *names);
    if (!names)
        return;
    row->n_reversed = 0;
    for (size_t i = 0; i < members->n; i++)
        if (items[i].reversed)
            names[row->n_reversed++] = c->plan->items[members->item[i]].code;
    row->reversed = row->n_reversed ? names : NULL;
}

/* Rows behind the numbers, as equally weighted ones of different people: the worst of the items' design
 * effects. */
static double effective(const struct mg_row_context *c, const struct members *members, double n)
{
    double worst = 1;
    struct mg_gap_stat one;
    for (size_t i = 0; i < members->n; i++)
        if ((members->pairs ? mg_gap_paired(c->m, members->e[i], members->p[i], c->level, &one, NULL)
                            : mg_gap_single(c->m, members->p[i], c->level, &one, NULL)) == 0)
            worst = fmin(worst, one.n_effective / one.n);
    return n * worst * c->people_share;
}

struct alpha {
    struct mg_alpha found;
    const struct mg_wire_estimate *wire; /* NULL: not to be estimated or not shown */
};

static bool one_alpha(const struct mg_row_context *c, const struct members *members, const size_t *variables,
                      struct mg_alpha_item *items, struct alpha *ret, struct mg_error *why)
{
    double low, high;
    ret->wire = NULL;
    const struct mg_people people = mg_row_people(c);
    if (mg_alpha(c->m, variables, members->n, items, &ret->found, why) ||
        !mg_people_enough_all(&people, variables, members->n))
        return false;
    if (mg_alpha_interval(&ret->found, effective(c, members, ret->found.n_min), c->level, &low, &high, NULL))
        low = high = NAN;
    ret->wire = mg_wire_estimate_new(c->arena, ret->found.raw, low, high, NAN);
    return true;
}

static void estimate_pairs(const struct mg_row_context *c, const struct mg_part *part,
                           const struct members *members, double alpha_p, struct mg_wire_reliability *row)
{
    struct mg_error why = {.lang = c->lang};
    struct alpha e, d;
    const struct mg_people people = mg_row_people(c);
    bool has_e = one_alpha(c, members, members->e, NULL, &e, &why);
    if (has_e) {
        row->alpha_expectation = e.found.raw, row->has_alpha_expectation = true;
        row->interval_expectation = e.wire;
        row->n_expectation = (int64_t)e.found.n_min, row->has_n_expectation = true;
    }
    if (members->differences && one_alpha(c, members, members->difference, NULL, &d, &why)) {
        row->alpha_difference = d.found.raw, row->has_alpha_difference = true;
        row->interval_difference = d.wire;
        row->n_difference = (int64_t)d.found.n_min, row->has_n_difference = true;
    }
    if (has_e && mg_people_enough(&people, part->e, part->p) &&
        mg_difference_reliability(c->m, part->e, part->p, e.found.raw, alpha_p, &row->r_difference, &why) ==
            0)
        row->has_r_difference = true;
    if (why.code)
        row->note = mg_arena_strdup(c->arena, why.message);
}

static void estimate(const struct mg_row_context *c, const struct mg_part *part,
                     const struct members *members, struct mg_wire_reliability *row)
{
    struct mg_error why = {.lang = c->lang};
    struct mg_alpha_item items[MG_STUDY_ITEMS_MAX];
    struct alpha p = {0};
    row->items = (int64_t)members->n;
    bool shown = one_alpha(c, members, members->p, items, &p, &why);
    if (why.code) {
        row->note = mg_arena_strdup(c->arena, why.message);
        return;
    }
    row->n = (int64_t)p.found.n_min;
    if (!shown) {
        row->note = mg_tr(c->lang, "too few respondents to show");
        return;
    }
    row->alpha_perception = p.found.raw, row->has_alpha_perception = true;
    row->interval_perception = p.wire;
    name_reversed(c, members, items, row);
    if (members->pairs)
        estimate_pairs(c, part, members, p.found.raw, row);
}

static bool add_row(const struct mg_row_context *c, const struct mg_part *part,
                    struct mg_wire_reliability *row)
{
    struct members members;
    collect(c->plan, part, true, &members);
    if (members.n < 2)
        collect(c->plan, part, false, &members);
    if (members.n < 2 || part->mixed_scales)
        return false;
    *row =
        (struct mg_wire_reliability){.code = part->code, .label = mg_wire_text_of(&part->label, part->code)};
    estimate(c, part, &members, row);
    return true;
}

int mg_reliability_rows(const struct mg_row_context *context, const struct mg_wire_reliability **ret_rows,
                        size_t *ret_n, struct mg_error *error)
{
    const struct mg_plan *plan = context->plan;
    struct mg_wire_reliability *rows = mg_arena_array(context->arena, plan->n_dimensions + 1, sizeof *rows);
    if (!rows)
        return mg_fail_memory(error);
    size_t n = add_row(context, &plan->overall, &rows[0]) ? 1 : 0;
    for (size_t d = 0; d < plan->n_dimensions; d++)
        n += add_row(context, &plan->dimensions[d], &rows[n]) ? 1 : 0;
    *ret_rows = rows;
    *ret_n = n;
    return 0;
}
