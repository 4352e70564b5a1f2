/* α of expectations, perceptions and differences, and the reliability of the difference score, for each
 * dimension and the whole. */
#include "service/measure/reliability.h"

#include <math.h>

#include "stats/reliability/alpha.h"

/* The part's items that have both sides (or perceptions only), as variables. */
struct members {
    size_t e[MG_STUDY_ITEMS_MAX], p[MG_STUDY_ITEMS_MAX];
    size_t item[MG_STUDY_ITEMS_MAX];
    size_t n;
    bool pairs;
};

static void collect(const struct mg_plan *plan, const struct mg_part *part, bool pairs, struct members *ret)
{
    ret->n = 0;
    ret->pairs = pairs;
    for (size_t i = 0; i < plan->n_items; i++) {
        const struct mg_part *item = &plan->items[i];
        bool inside = part->dimension == MG_PART_NONE || item->dimension == part->dimension;
        if (!inside || item->p == MG_PART_NONE || (pairs && item->e == MG_PART_NONE))
            continue;
        ret->e[ret->n] = item->e;
        ret->p[ret->n] = item->p;
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

static void estimate(const struct mg_row_context *c, const struct mg_part *part,
                     const struct members *members, struct mg_wire_reliability *row)
{
    struct mg_error why = {.lang = c->lang};
    struct mg_alpha_item items[MG_STUDY_ITEMS_MAX];
    struct mg_alpha e = {0}, p = {0}, d = {0};
    row->items = (int64_t)members->n;
    if (mg_alpha(c->m, members->p, members->n, items, &p, &why)) {
        row->note = mg_arena_strdup(c->arena, why.message);
        return;
    }
    row->n = (int64_t)p.n_min;
    if (p.n_min < c->few) {
        row->note = mg_tr(c->lang, "too few respondents to show");
        return;
    }
    row->alpha_perception = p.raw, row->has_alpha_perception = true;
    name_reversed(c, members, items, row);
    if (!members->pairs)
        return;
    bool has_e = mg_alpha(c->m, members->e, members->n, NULL, &e, &why) == 0 && e.n_min >= c->few;
    if (has_e)
        row->alpha_expectation = e.raw, row->has_alpha_expectation = true;
    if (mg_alpha_difference(c->m, members->e, members->p, members->n, NULL, &d, &why) == 0 &&
        d.n_min >= c->few)
        row->alpha_difference = d.raw, row->has_alpha_difference = true;
    if (has_e && mg_moments_count(c->m, part->e, part->p) >= c->few &&
        mg_difference_reliability(c->m, part->e, part->p, e.raw, p.raw, &row->r_difference, &why) == 0)
        row->has_r_difference = true;
    if (why.code)
        row->note = mg_arena_strdup(c->arena, why.message);
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
