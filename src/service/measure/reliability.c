/* α of expectations, perceptions and differences, and the reliability of the difference score, for each
 * dimension and the whole. */
#include "service/measure/reliability.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
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

enum number { ALPHA_E, ALPHA_P, ALPHA_DIFFERENCE, R_DIFFERENCE, NUMBERS };

/* Why numbers are blank; empty: they aren't. */
struct reasons {
    struct mg_error why[NUMBERS];
};

struct alpha {
    struct mg_alpha found;
    const struct mg_wire_estimate *wire; /* NULL: not to be estimated */
};

static int too_few(struct mg_error *why)
{
    return mg_fail(why, MG_E_INESTIMABLE, "too few respondents to show");
}

/* The item that can't be used, by its code: the estimator knows its position. */
static void name_item(const struct mg_row_context *c, const struct members *members, struct mg_error *why)
{
    size_t at;
    if (sscanf(why->field, "item %zu", &at) == 1 && at >= 1 && at <= members->n)
        mg_fail_at(why, "%s", c->plan->items[members->item[at - 1]].code);
}

/* False, with the reason: it isn't to be estimated, or not to be shown. */
static bool one_alpha(const struct mg_row_context *c, const struct members *members, const size_t *variables,
                      struct mg_alpha_item *items, struct alpha *ret, struct mg_error *why)
{
    double low, high;
    const struct mg_people who = mg_row_people(c);
    int rc = mg_alpha(c->m, variables, members->n, items, &ret->found, why);
    name_item(c, members, why);
    if (!rc && !mg_people_enough_all(&who, variables, members->n))
        rc = too_few(why);
    double people = rc ? 0 : effective(c, members, ret->found.n_min);
    if (!rc)
        rc = mg_alpha_enough(members->n, people, why);
    if (!rc)
        rc = mg_alpha_interval(&ret->found, people, c->level, &low, &high, why);
    ret->wire = rc ? NULL : mg_wire_estimate_new(c->arena, ret->found.raw, low, high, NAN);
    return rc == 0;
}

static void estimate_r(const struct mg_row_context *c, const struct mg_part *part,
                       const struct members *members, const struct alpha *e, const struct alpha *p,
                       struct mg_wire_reliability *row, struct mg_error *why)
{
    const struct mg_people who = mg_row_people(c);
    double both = mg_moments_count(c->m, part->e, part->p);
    row->n_r_difference = (int64_t)both, row->has_n_r_difference = true;
    int rc = both > 0 && !mg_people_enough(&who, part->e, part->p) ? too_few(why) : 0;
    if (!rc && both > 0)
        rc = mg_alpha_enough(members->n, effective(c, members, both), why);
    if (!rc)
        rc = mg_difference_reliability(c->m, part->e, part->p, e->wire ? e->found.raw : NAN,
                                       p->wire ? p->found.raw : NAN, &row->r_difference, why);
    row->has_r_difference = rc == 0;
}

static void estimate_pairs(const struct mg_row_context *c, const struct mg_part *part,
                           const struct members *members, const struct alpha *p,
                           struct mg_wire_reliability *row, struct reasons *reasons)
{
    struct alpha e = {0}, d = {0};
    if (one_alpha(c, members, members->e, NULL, &e, &reasons->why[ALPHA_E])) {
        row->alpha_expectation = e.found.raw, row->has_alpha_expectation = true;
        row->interval_expectation = e.wire;
        row->n_expectation = (int64_t)e.found.n_min, row->has_n_expectation = true;
    }
    if (members->differences &&
        one_alpha(c, members, members->difference, NULL, &d, &reasons->why[ALPHA_DIFFERENCE])) {
        row->alpha_difference = d.found.raw, row->has_alpha_difference = true;
        row->interval_difference = d.wire;
        row->n_difference = (int64_t)d.found.n_min, row->has_n_difference = true;
    }
    if (!members->differences)
        mg_fail_text(&reasons->why[ALPHA_DIFFERENCE], MG_E_INESTIMABLE,
                     c->plan->options & MG_PLAN_UNPAIRED
                         ? MG_TEXT("Expectations and perceptions come from different people.")
                         : MG_TEXT("The study has too many columns for each person's differences."));
    estimate_r(c, part, members, &e, p, row, &reasons->why[R_DIFFERENCE]);
}

/* "α E, α P (item): the reason." for each reason, once. */
static const char *tell(const struct mg_row_context *c, const struct reasons *reasons)
{
    static const char *const names[] = {"α E", "α P", "α P−E", "r_D"};
    bool told[NUMBERS] = {false};
    struct mg_buf out;
    mg_buf_init(&out, 8192);
    for (size_t i = 0; i < NUMBERS; i++) {
        const struct mg_error *why = &reasons->why[i];
        if (!why->code || told[i])
            continue;
        mg_buf_printf(&out, "%s%s", out.len ? " " : "", names[i]);
        for (size_t j = i + 1; j < NUMBERS; j++)
            if (reasons->why[j].code && !told[j] && strcmp(reasons->why[j].message, why->message) == 0 &&
                strcmp(reasons->why[j].field, why->field) == 0) {
                mg_buf_printf(&out, "%s%s", mg_tr(c->lang, ", "), names[j]);
                told[j] = true;
            }
        if (*why->field)
            mg_buf_printf(&out, " (%s)", why->field);
        mg_buf_printf(&out, "%s%s", mg_tr(c->lang, ": "), why->message);
    }
    const char *text = out.len ? mg_arena_strndup(c->arena, out.data, out.len) : NULL;
    mg_buf_done(&out);
    return text;
}

static int64_t answers_of(const struct mg_row_context *c, const struct mg_part *part)
{
    return part->p != MG_PART_NONE ? (int64_t)mg_moments_count(c->m, part->p, part->p) : 0;
}

static void estimate(const struct mg_row_context *c, const struct mg_part *part,
                     const struct members *members, struct mg_wire_reliability *row)
{
    struct reasons reasons;
    struct mg_alpha_item items[MG_STUDY_ITEMS_MAX];
    struct alpha p = {0};
    for (size_t i = 0; i < NUMBERS; i++)
        reasons.why[i] = (struct mg_error){.lang = c->lang};
    if (one_alpha(c, members, members->p, items, &p, &reasons.why[ALPHA_P])) {
        row->alpha_perception = p.found.raw, row->has_alpha_perception = true;
        row->interval_perception = p.wire;
        name_reversed(c, members, items, row);
    }
    row->n = p.found.n_min > 0 ? (int64_t)p.found.n_min : answers_of(c, part);
    if (members->pairs)
        estimate_pairs(c, part, members, &p, row, &reasons);
    row->note = tell(c, &reasons);
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
    *row = (struct mg_wire_reliability){
        .code = part->code, .label = mg_wire_text_of(&part->label, part->code), .items = (int64_t)members.n};
    if (mg_row_is_few(c, part, mg_people_of_part(c->plan, c->m, part))) {
        row->n = answers_of(c, part);
        bool few = mg_people_of_part(c->plan, c->m, part) < c->few;
        row->note = mg_people_hidden(few ? MG_HIDDEN_FEW : MG_HIDDEN_FOR_OTHERS, c->lang);
    } else {
        estimate(c, part, &members, row);
    }
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
