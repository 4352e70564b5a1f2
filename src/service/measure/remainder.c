/* What a total tells of the groups that are hidden.
 *
 * A row has numbers of different people: the two sides, expectations at the top, the zone of tolerance,
 * stated importance. Each is a table of its own; a side takes the whole row with it, the others go alone.
 * Since a row that goes takes its other numbers along, the tables are looked at until none changes; each time
 * one number of one group goes at least, so that it ends. */
#include "service/measure/remainder.h"

#include <math.h>

enum number { EXPECTED, PERCEIVED, AT_TOP, ZONE, IMPORTANCE, NUMBERS };

static bool is_told(enum number number, const struct mg_wire_gap_row *w)
{
    switch (number) {
    case EXPECTED:
        return w->expectation;
    case PERCEIVED:
        return w->perception;
    case AT_TOP:
        return w->has_expectation_at_top;
    case ZONE:
        return w->adequate;
    case IMPORTANCE:
        return w->importance;
    case NUMBERS:
        break;
    }
    return false;
}

static void hide(enum number number, struct mg_row *row, enum mg_lang lang)
{
    struct mg_wire_gap_row *w = &row->wire;
    if (number == EXPECTED || number == PERCEIVED)
        mg_row_hide(row, MG_HIDDEN_FOR_OTHERS, lang);
    else if (number == AT_TOP)
        w->has_expectation_at_top = false, w->expectation_at_top = NAN;
    else if (number == IMPORTANCE)
        w->importance = NULL;
    else
        w->adequate = w->msa = w->mss = NULL, w->has_zone = false;
}

/* The variables that stand behind a part's numbers. */
struct behind {
    size_t pairs[NUMBERS][2];
};

static struct behind behind_of(const struct mg_row_context *whole, const struct mg_part *part)
{
    struct behind b = {{[AT_TOP] = {part->e, part->e},
                        [ZONE] = {part->adequate, part->p},
                        [IMPORTANCE] = {part->importance, part->importance}}};
    mg_row_sides(whole, part, b.pairs + EXPECTED);
    if (part->item == MG_PART_NONE) /* counted by item */
        b.pairs[AT_TOP][0] = MG_PART_NONE;
    return b;
}

static bool hide_number(const struct mg_people_table *table, enum number number, struct mg_row *const *rows,
                        bool *hidden, enum mg_lang lang)
{
    for (size_t g = 0; g < table->n; g++)
        hidden[g] = !rows[g] || !is_told(number, &rows[g]->wire);
    bool any = mg_people_hide_also(table, hidden);
    for (size_t g = 0; g < table->n && any; g++)
        if (hidden[g] && rows[g] && is_told(number, &rows[g]->wire))
            hide(number, rows[g], lang);
    return any;
}

static void hide_part(const struct mg_row_context *whole, const struct mg_part *part,
                      const struct mg_pass *pass, struct mg_row *const *rows, double few, bool *hidden)
{
    const struct behind behind = behind_of(whole, part);
    for (bool again = true; again;) {
        again = false;
        for (enum number k = 0; k < NUMBERS; k++) {
            const size_t *pair = behind.pairs[k];
            const struct mg_people_table table = {pass->groups, pass->n_groups, pair[0], pair[1], few};
            if (pair[0] != MG_PART_NONE && pair[1] != MG_PART_NONE)
                again |= hide_number(&table, k, rows, hidden, whole->lang);
        }
    }
}

int mg_remainder_rows(const struct mg_row_context *whole, const struct mg_part *part,
                      const struct mg_pass *pass, struct mg_row *const *rows, double few,
                      struct mg_error *error)
{
    const struct mg_plan *plan = whole->plan;
    bool *hidden = mg_arena_array(whole->arena, pass->n_groups + 1, sizeof *hidden);
    if (!hidden)
        return mg_fail_memory(error);
    hide_part(whole, part, pass, rows, few, hidden);
    /* The whole of dimensions tells each of them where the others are known. */
    for (size_t d = 0; part == &plan->overall && plan->weighted_overall && d < plan->n_dimensions; d++)
        hide_part(whole, &plan->dimensions[d], pass, rows, few, hidden);
    return 0;
}

static bool score_told(const struct mg_wire_score *w)
{
    return isfinite(w->estimate.value) || w->has_mean || w->has_top || w->has_bottom;
}

int mg_remainder_scores(struct mg_ctx *ctx, const struct mg_pass *pass, size_t variable,
                        struct mg_outcome_score *scores, size_t stride, double few, struct mg_error *error)
{
    const struct mg_people_table table = {pass->groups, pass->n_groups, variable, variable, few};
    bool *hidden = mg_arena_array(ctx->arena, pass->n_groups + 1, sizeof *hidden);
    if (!hidden)
        return mg_fail_memory(error);
    for (size_t g = 0; g < table.n; g++)
        hidden[g] = !score_told(&scores[g * stride].wire);
    if (mg_people_hide_also(&table, hidden))
        for (size_t g = 0; g < table.n; g++)
            if (hidden[g] && score_told(&scores[g * stride].wire))
                mg_outcome_hide(&scores[g * stride], MG_HIDDEN_FOR_OTHERS, ctx->lang);
    return 0;
}
