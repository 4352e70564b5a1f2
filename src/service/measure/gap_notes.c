/* Notes of the gap report about parts that don't count as a reader would think, and about groups that differ:
 * sentences with names in them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "column/code_above.h"
#include "column/direction.h"
#include "service/measure/gap_report.h"
#include "wire/say.h"

#define NAMED 5 /* parts or groups in a sentence; the rest are counted */

struct names {
    struct mg_arena *arena;
    const char *en, *zh; /* so far; NULL: the arena is full */
    size_t n;
};

static const char *join(struct mg_arena *arena, const char *list, const char *name, size_t before,
                        enum mg_lang lang)
{
    if (!list || !name || before > NAMED)
        return list;
    if (before == NAMED)
        return mg_arena_printf(arena, "%s%s", list, mg_tr(lang, ", …"));
    return before ? mg_arena_printf(arena, "%s%s%s", list, mg_tr(lang, ", "), name) : name;
}

static void add_name(struct names *names, const char *en, const char *zh)
{
    names->en = join(names->arena, names->en, en, names->n, MG_LANG_EN);
    names->zh = join(names->arena, names->zh, zh, names->n, MG_LANG_ZH);
    names->n++;
}

static struct mg_wire_text text_of(const struct names *names)
{
    return (struct mg_wire_text){.en = names->en, .zh_cn = names->zh};
}

/* ---- parts ---- */

/* Dimensions without a gap, where the weights of dimensions make the whole. */
static void note_dimensions(struct mg_gap_report *r)
{
    struct names names = {.arena = r->ctx->arena, .en = "", .zh = ""};
    for (size_t d = 0; r->plan->weighted_overall && d < r->dimensions.n; d++) {
        const struct mg_part *part = r->dimensions.rows[d].part;
        const struct mg_wire_text *label = &r->dimensions.rows[d].wire.label;
        if (isnan(part->share) && (part->e == MG_PART_NONE || part->p == MG_PART_NONE))
            add_name(&names, label->en, label->zh_cn);
    }
    const struct mg_wire_text of = text_of(&names);
    if (names.n && r->overall.wire.gap)
        mg_gap_report_note(
            r, mg_wire_say(r->ctx->arena, &of,
                           "Not part of the overall figures, for no item there asks both "
                           "expectation and perception: {}. The other dimensions' weights make the "
                           "whole."));
}

/* An item of two samples beside items of pairs, whose people alone make the whole. */
static void note_items(struct mg_gap_report *r)
{
    struct names names = {.arena = r->ctx->arena, .en = "", .zh = ""};
    for (size_t i = 0; r->pass.design == MG_DESIGN_PAIRED && i < r->items.n; i++) {
        const struct mg_row *row = &r->items.rows[i];
        if (row->wire.gap && row->stat.flags & (MG_GAP_OVERLAP | MG_GAP_UNPAIRED))
            add_name(&names, row->wire.label.en, row->wire.label.zh_cn);
    }
    const struct mg_wire_text of = text_of(&names);
    if (names.n)
        mg_gap_report_note(r,
                           mg_wire_say(r->ctx->arena, &of,
                                       "Gaps of two samples, since most people answered one side only; they "
                                       "hardly count in the overall figures, which are of pairs: {}."));
}

/* "Wait (1…5 → 1…7)" */
static const char *rescaled_name(struct mg_arena *arena, const struct mg_item *item, const char *label)
{
    const struct mg_scale *from = mg_item_expectation_scale(item);
    return mg_arena_printf(arena, "%s (%g…%g → %g…%g)", label, from->min, from->max, item->scale.min,
                           item->scale.max);
}

/* In the order of the study. */
static void note_rescaled(struct mg_gap_report *r)
{
    struct mg_arena *arena = r->ctx->arena;
    struct names names = {.arena = arena, .en = "", .zh = ""};
    for (size_t i = 0; i < r->study->n_items; i++) {
        const struct mg_item *item = &r->study->items[i];
        if (!mg_item_is_rescaled(item))
            continue;
        const char *en = mg_text_in(&item->label, MG_LANG_EN, item->code);
        const char *zh = mg_text_in(&item->label, MG_LANG_ZH, item->code);
        add_name(&names, rescaled_name(arena, item, en), rescaled_name(arena, item, zh));
    }
    const struct mg_wire_text of = text_of(&names);
    if (names.n)
        mg_gap_report_note(r, mg_wire_say(arena, &of,
                                          "Expectations of %zu ‹item|items› were answered on another scale "
                                          "and are rescaled linearly, end on end, as the study says: {}.",
                                          names.n));
}

void mg_gap_report_note_parts(struct mg_gap_report *r)
{
    note_rescaled(r);
    note_dimensions(r);
    note_items(r);
}

/* ---- columns ---- */

static bool runs_down(const struct mg_source_info *info, const char *column)
{
    for (size_t i = 0; column && i < info->n_columns; i++)
        if (strcmp(info->columns[i].name, column) == 0)
            return mg_column_direction(&info->columns[i]) == MG_DIRECTION_DOWN;
    return false;
}

static void note_items_down(struct mg_gap_report *r, const struct mg_source_info *info)
{
    struct names names = {.arena = r->ctx->arena, .en = "", .zh = ""};
    for (size_t i = 0; i < r->study->n_items; i++) {
        const struct mg_item *item = &r->study->items[i];
        if (!item->reverse && (runs_down(info, item->perception) || runs_down(info, item->expectation)))
            add_name(&names, mg_text_in(&item->label, MG_LANG_EN, item->code),
                     mg_text_in(&item->label, MG_LANG_ZH, item->code));
    }
    const struct mg_wire_text of = text_of(&names);
    if (names.n)
        mg_gap_report_note(
            r, mg_wire_say(r->ctx->arena, &of,
                           "Items whose words run against their numbers (the lowest number is the highest "
                           "answer), while the study doesn't reverse them: {}. If the lowest number is the "
                           "best answer there, their gaps have the wrong sign: set \"reverse\" to true."));
}

static void note_outcomes_down(struct mg_gap_report *r, const struct mg_source_info *info)
{
    struct names names = {.arena = r->ctx->arena, .en = "", .zh = ""};
    for (size_t i = 0; i < r->study->n_outcomes; i++) {
        const struct mg_outcome *outcome = &r->study->outcomes[i];
        if (outcome->kind != MG_OUTCOME_CES && outcome->kind != MG_OUTCOME_BINARY &&
            runs_down(info, outcome->column))
            add_name(&names, mg_text_in(&outcome->label, MG_LANG_EN, outcome->code),
                     mg_text_in(&outcome->label, MG_LANG_ZH, outcome->code));
    }
    const struct mg_wire_text of = text_of(&names);
    if (names.n)
        mg_gap_report_note(r, mg_wire_say(r->ctx->arena, &of,
                                          "Outcomes whose words run against their numbers, so that their "
                                          "scores are wrong: {}. Turn their answers round in the file."));
}

#define STEPS 32 /* of a scale whose highest answer may be a code */

static int by_value(const void *a, const void *b)
{
    double x = ((const struct mg_value_count *)a)->value, y = ((const struct mg_value_count *)b)->value;
    return (x > y) - (x < y);
}

/* The column's answers on the scale, ascending; 0: they aren't known, or too many. */
static size_t list_answers(const struct mg_column_info *info, const struct mg_scale *scale,
                           struct mg_value_count *ret)
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; info->counts && info->count_numbers && i < info->n_counts; i++) {
        double value = info->count_numbers[i];
        if (!(value >= scale->min && value <= scale->max))
            continue;
        if (n == STEPS)
            return 0;
        ret[n++] = (struct mg_value_count){value, info->counts[i].n};
    }
    qsort(ret, n, sizeof *ret, by_value);
    for (size_t i = 0; i < n; i++)
        if (kept && ret[kept - 1].value == ret[i].value)
            ret[kept - 1].n += ret[i].n;
        else
            ret[kept++] = ret[i];
    return kept;
}

static void add_code_above(struct mg_gap_report *r, const char *column, const struct mg_scale *scale,
                           struct names *names)
{
    const struct mg_source_info *info = r->request->info;
    struct mg_value_count answers[STEPS];
    double end;
    for (size_t i = 0; column && i < info->n_columns; i++) {
        if (strcmp(info->columns[i].name, column) != 0)
            continue;
        size_t n = list_answers(&info->columns[i], scale, answers);
        if (!n || !mg_column_code_above(answers, n, &end))
            return;
        const char *name = mg_arena_printf(r->ctx->arena, "%s (%g)", column, answers[n - 1].value);
        add_name(names, name, name);
        return;
    }
}

static void note_codes_above(struct mg_gap_report *r)
{
    struct names names = {.arena = r->ctx->arena, .en = "", .zh = ""};
    for (size_t i = 0; i < r->study->n_items; i++) {
        const struct mg_item *item = &r->study->items[i];
        add_code_above(r, item->expectation, mg_item_expectation_scale(item), &names);
        add_code_above(r, item->perception, &item->scale, &names);
    }
    const struct mg_wire_text of = text_of(&names);
    if (names.n)
        mg_gap_report_note(
            r,
            mg_wire_say(r->ctx->arena, &of,
                        "The highest answer lies apart from the others and may stand for “don't know”: {}. "
                        "If it does, end the scale below it and list it in the missing codes."));
}

void mg_gap_report_note_columns(struct mg_gap_report *r)
{
    if (!r->request->info)
        return;
    note_items_down(r, r->request->info);
    note_outcomes_down(r, r->request->info);
    note_codes_above(r);
}

/* ---- groups ---- */

static const char *key_of(struct mg_arena *arena, const struct mg_wire_gap_group *group, enum mg_lang lang)
{
    const char *text = "";
    for (size_t i = 0; i < group->n_keys && text; i++)
        text = mg_arena_printf(arena, "%s%s%s", text, i ? " · " : "",
                               group->keys[i].value ? group->keys[i].value : mg_tr(lang, "(missing)"));
    return text;
}

static const struct mg_wire_gap_row *compared(const struct mg_wire_gap_group *group)
{
    return group->overall && group->overall->has_differs && group->overall->difference ? group->overall
                                                                                       : NULL;
}

/* "North −0.41" */
static void add_group(struct names *names, const struct mg_wire_gap_group *group)
{
    struct mg_arena *arena = names->arena;
    const char *en = key_of(arena, group, MG_LANG_EN), *zh = key_of(arena, group, MG_LANG_ZH);
    char by[MG_NUMBER_BYTES];
    mg_format_number(compared(group)->difference->value, 2, true, by);
    if (en && zh)
        add_name(names, mg_arena_printf(arena, "%s %s", en, by), mg_arena_printf(arena, "%s %s", zh, by));
}

/* Two groups are one comparison. */
static void note_two(struct mg_gap_report *r, const struct mg_wire_gap_group *group)
{
    const struct mg_wire_gap_row *row = compared(group);
    struct mg_arena *arena = r->ctx->arena;
    const struct mg_wire_text of = {key_of(arena, group, MG_LANG_EN), key_of(arena, group, MG_LANG_ZH)};
    char by[MG_NUMBER_BYTES], low[MG_NUMBER_BYTES], high[MG_NUMBER_BYTES], p[MG_NUMBER_BYTES];
    mg_format_number(row->difference->value, 2, true, by);
    mg_format_number(row->difference->low, 2, true, low);
    mg_format_number(row->difference->high, 2, true, high);
    mg_format_number(row->p_difference, 3, false, p);
    const char *chance = row->p_difference < 0.001 ? "p < 0.001" : mg_arena_printf(arena, "p = %s", p);
    if (!of.en || !of.zh_cn || !chance)
        return; /* the arena is full: what is made of it next fails */
    mg_gap_report_note(
        r, row->differs
               ? mg_wire_say(arena, &of,
                             "The overall gaps of the two groups differ: “{}” less the other, %s (%s to %s; "
                             "%s).",
                             by, low, high, chance)
               : mg_wire_say(arena, &of,
                             "The overall gaps of the two groups are not seen to differ: “{}” less the "
                             "other, %s (%s to %s; %s).",
                             by, low, high, chance));
}

void mg_gap_report_note_groups(struct mg_gap_report *r)
{
    struct names names = {.arena = r->ctx->arena, .en = "", .zh = ""};
    size_t tested = 0;
    for (size_t g = 0; g < r->wire->n_groups; g++) {
        const struct mg_wire_gap_row *row = compared(&r->wire->groups[g]);
        tested += row != NULL;
        if (row && row->differs)
            add_group(&names, &r->wire->groups[g]);
    }
    const struct mg_wire_text of = text_of(&names);
    if (tested == 2 && r->wire->n_groups == 2)
        note_two(r, &r->wire->groups[0]);
    else if (tested && names.n)
        mg_gap_report_note(r, mg_wire_say(r->ctx->arena, &of,
                                          "Groups whose overall gap differs from that of all others "
                                          "together: {} (%zu of %zu; Holm's correction over the groups).",
                                          names.n, tested));
    else if (tested)
        mg_gap_report_note(r, mg_wire_say(r->ctx->arena, NULL,
                                          "No group's overall gap is seen to differ from that of all others "
                                          "together (%zu compared; Holm's correction over the groups).",
                                          tested));
}
