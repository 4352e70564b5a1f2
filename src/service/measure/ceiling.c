/* See ceiling.h. The top is the max of the scale that expectations were answered on, of a reversed item its
 * min as it stands in the data. */
#include "service/measure/ceiling.h"

#include <math.h>
#include <string.h>

#include "base/str.h"
#include "column/file.h"
#include "model/answer.h"
#include "wire/say.h"

#define NAMED 5 /* items named in the sentence */

/* The items whose expectations are counted. */
struct tops {
    struct mg_moments_column *columns; /* only their number matters to the engine */
    const char **names;
    double *values;
    size_t *items; /* of the plan */
    size_t n;
};

static int choose(struct mg_arena *arena, const struct mg_plan *plan, struct tops *ret,
                  struct mg_error *error)
{
    size_t most = plan->n_items + 1;
    *ret = (struct tops){
        mg_arena_array(arena, most, sizeof *ret->columns), mg_arena_array(arena, most, sizeof *ret->names),
        mg_arena_array(arena, most, sizeof *ret->values), mg_arena_array(arena, most, sizeof *ret->items), 0};
    if (!ret->columns || !ret->names || !ret->values || !ret->items)
        return mg_fail_memory(error);
    for (size_t i = 0; i < plan->n_items; i++) {
        const struct mg_item *item = &plan->study->items[plan->items[i].item];
        const struct mg_answer_rule rule = mg_answer_rule_of_expectation(plan->study, item, item->reverse);
        double top = item->reverse ? rule.scale.min : rule.scale.max;
        if (plan->items[i].e == MG_PART_NONE || mg_answer_is_code(&rule, top))
            continue;
        ret->names[ret->n] = item->expectation;
        ret->values[ret->n] = top;
        ret->items[ret->n++] = i;
    }
    return 0;
}

/* Of a group's moments comes what was answered, of the hits what of it is at the top. */
static int fill_group(struct mg_arena *arena, const struct mg_plan *plan, const struct tops *tops,
                      const struct mg_moments *m, const struct mg_hits *hits, struct mg_ceiling *ret,
                      struct mg_error *error)
{
    ret->top = mg_arena_array(arena, plan->n_items + 1, sizeof *ret->top);
    ret->all = mg_arena_array(arena, plan->n_items + 1, sizeof *ret->all);
    if (!ret->top || !ret->all)
        return mg_fail_memory(error);
    for (size_t i = 0; i < tops->n && hits; i++) {
        size_t item = tops->items[i], e = plan->items[item].e;
        ret->top[item] = hits->hits[i];
        ret->all[item] = mg_moments_weight(m, e, e);
    }
    return 0;
}

int mg_ceiling_count(struct mg_ctx *ctx, const struct mg_measure_request *request, const struct mg_plan *plan,
                     const struct mg_pass *pass, const char *const *by, size_t n_by, struct mg_ceiling **ret,
                     struct mg_error *error)
{
    size_t n = n_by ? pass->n_groups : 1, n_filters, n_hits = 0;
    struct mg_ceiling *ceilings = mg_arena_array(ctx->arena, n + 1, sizeof *ceilings);
    const struct mg_filter *filters;
    struct mg_hits *hits = NULL;
    struct tops tops = {0};
    int rc = ceilings ? choose(ctx->arena, plan, &tops, error) : mg_fail_memory(error);
    if (!rc)
        rc = mg_pass_filters(ctx->arena, request, &filters, &n_filters, error);
    if (!rc && tops.n) {
        struct mg_moments_request ask = mg_pass_request(request, plan, filters, n_filters);
        const struct mg_moments_spec spec = {.columns = tops.columns, .n_columns = tops.n};
        ask.spec = &spec;
        ask.columns = tops.names;
        ask.by = by;
        ask.n_by = n_by;
        rc = mg_columns_hits(&ctx->columns, ctx->arena, &ask, tops.values, &hits, &n_hits, error);
    }
    for (size_t g = 0; g < n && !rc; g++) {
        const struct mg_moments_group *group = n_by ? &pass->groups[g] : NULL;
        const struct mg_hits *found = NULL;
        for (size_t h = 0; h < n_hits && !found; h++)
            if (!group || mg_str_all_equal(group->keys, hits[h].keys, n_by))
                found = &hits[h];
        rc =
            fill_group(ctx->arena, plan, &tops, group ? group->moments : pass->m, found, &ceilings[g], error);
    }
    if (!rc)
        *ret = ceilings;
    return rc;
}

static bool belongs(const struct mg_part *item, const struct mg_part *part)
{
    if (part->item != MG_PART_NONE)
        return part->item == item->item;
    return (part->dimension == MG_PART_NONE || part->dimension == item->dimension) &&
           (part->touchpoint == MG_PART_NONE || part->touchpoint == item->touchpoint);
}

void mg_ceiling_fill(const struct mg_plan *plan, const struct mg_ceiling *ceiling, struct mg_row *rows,
                     size_t n)
{
    for (size_t r = 0; r < n; r++) {
        double top = 0, all = 0;
        for (size_t i = 0; i < plan->n_items && rows[r].wire.expectation; i++)
            if (belongs(&plan->items[i], rows[r].part)) {
                top += ceiling->top[i];
                all += ceiling->all[i];
            }
        rows[r].wire.has_expectation_at_top = all > 0;
        rows[r].wire.expectation_at_top = all > 0 ? top / all : NAN;
    }
}

static const char *names_of(struct mg_arena *arena, const struct mg_row_set *items, enum mg_lang lang)
{
    const char *text = "";
    size_t n = 0;
    for (size_t i = 0; i < items->n && text; i++) {
        const struct mg_wire_gap_row *row = &items->rows[i].wire;
        if (!row->has_expectation_at_top || row->expectation_at_top < MG_CEILING_MUCH || n++ >= NAMED)
            continue;
        const char *label = lang == MG_LANG_ZH ? row->label.zh_cn : row->label.en;
        text = mg_arena_printf(arena, "%s%s%s %.0f%%", text, n > 1 ? mg_tr(lang, ", ") : "", label,
                               100 * row->expectation_at_top);
    }
    return n > NAMED && text ? mg_arena_printf(arena, "%s%s", text, mg_tr(lang, ", …")) : text;
}

bool mg_ceiling_note(struct mg_arena *arena, const struct mg_row_set *items, struct mg_wire_text *ret)
{
    const struct mg_wire_text names = {names_of(arena, items, MG_LANG_EN),
                                       names_of(arena, items, MG_LANG_ZH)};
    if (!names.en || !names.zh_cn || !*names.en)
        return false;
    *ret = mg_wire_say(
        arena, &names,
        "Half or more of the expectations are at the top of the scale, where no perception can exceed "
        "them: {}.");
    return true;
}
