/* Study → columns and scores. Columns come first, one per distinct name and use, then scores; a variable's
 * index is its place in that sequence, and is known before the first row is read because all columns are
 * added before any score. */
#include "service/measure/plan.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "service/measure/score_words.h"
#include "service/measure/together.h"

#define ALONE_MAX (MG_MOMENTS_SCORES_MAX / 2) /* scores beyond which parts get none of single sides */

_Static_assert(MG_MOMENTS_COLUMNS_MAX == MG_STUDY_COLUMNS_MAX && MG_MOMENTS_SCORES_MAX == MG_STUDY_SCORES_MAX,
               "what a study may need (mg_study_accept) is what one pass can hold");

struct builder {
    struct mg_arena *arena;
    struct mg_plan *plan;
    struct mg_moments_column *columns;
    struct mg_moments_score *scores;
    size_t n_columns, n_scores;
    struct mg_error *error;
    int rc;
};

static void out_of_memory(struct builder *b)
{
    if (!b->rc)
        b->rc = mg_fail_memory(b->error);
}

static bool same_cuts(const struct mg_moments_column *a, const struct mg_moments_column *b)
{
    bool same = a->n_cuts == b->n_cuts;
    for (size_t i = 0; same && i < a->n_cuts; i++)
        same = a->cuts[i] == b->cuts[i];
    return same;
}

static bool same_use(const struct builder *b, size_t i, const char *name,
                     const struct mg_moments_column *wanted, const char *positive)
{
    const struct mg_moments_column *have = &b->columns[i];
    return strcmp(b->plan->columns[i], name) == 0 && have->low == wanted->low && have->high == wanted->high &&
           have->step == wanted->step && have->reverse == wanted->reverse && have->to_low == wanted->to_low &&
           have->to_high == wanted->to_high && have->n_missing == wanted->n_missing &&
           same_cuts(have, wanted) && mg_str_equal(b->plan->positive[i], positive);
}

/* The variable of a column; MG_PART_NONE for NULL. A column that two uses share is read once. */
static size_t add_variable(struct builder *b, const char *name, struct mg_moments_column column,
                           const char *positive)
{
    if (!name || b->rc)
        return MG_PART_NONE;
    for (size_t i = 0; i < b->n_columns; i++)
        if (same_use(b, i, name, &column, positive))
            return i;
    if (b->n_columns == MG_MOMENTS_COLUMNS_MAX) {
        b->rc = mg_fail(b->error, MG_E_LIMIT, "The study needs more than %d columns at once.",
                        MG_MOMENTS_COLUMNS_MAX);
        return MG_PART_NONE;
    }
    b->columns[b->n_columns] = column;
    b->plan->columns[b->n_columns] = name;
    b->plan->positive[b->n_columns] = positive;
    return b->n_columns++;
}

struct mg_moments_column mg_plan_column(const struct mg_answer_rule *rule)
{
    struct mg_moments_column column = {.low = rule->scale.min,
                                       .high = rule->scale.max,
                                       .step = rule->scale.step,
                                       .reverse = rule->reverse,
                                       .to_low = rule->onto.min,
                                       .to_high = rule->onto.max};
    for (size_t i = 0; i < rule->n_codes && column.n_missing < ARRAY_LEN(column.missing); i++)
        if (mg_answer_is_code(rule, rule->codes[i]))
            column.missing[column.n_missing++] = rule->codes[i];
    return column;
}

static size_t add_column(struct builder *b, const char *name, const struct mg_scale *scale, bool reverse)
{
    struct mg_answer_rule rule = mg_answer_rule_of_item(b->plan->study, scale, reverse);
    return add_variable(b, name, mg_plan_column(&rule), NULL);
}

/* What was expected, as it is on the item's scale. */
static size_t add_expected(struct builder *b, const char *name, const struct mg_item *item, bool reverse)
{
    struct mg_answer_rule rule = mg_answer_rule_of_expectation(b->plan->study, item, reverse);
    return add_variable(b, name, mg_plan_column(&rule), NULL);
}

static size_t add_outcome(struct builder *b, const struct mg_outcome *outcome)
{
    struct mg_answer_rule rule = mg_answer_rule_of_outcome(b->plan->study, outcome);
    return add_variable(b, outcome->column, mg_plan_column(&rule), outcome->positive);
}

static size_t add_top(struct builder *b, const struct mg_outcome *outcome)
{
    const struct mg_score_rule top = mg_score_top_rule(outcome);
    struct mg_answer_rule rule = mg_answer_rule_of_outcome(b->plan->study, outcome);
    struct mg_moments_column column = mg_plan_column(&rule);
    if (!top.formula)
        return MG_PART_NONE;
    column.n_cuts = mg_score_cuts(&top, column.cuts);
    return add_variable(b, outcome->column, column, NULL);
}

static void add_items(struct builder *b)
{
    struct mg_plan *plan = b->plan;
    const struct mg_study *study = plan->study;
    for (size_t i = 0; i < study->n_items; i++) {
        const struct mg_item *item = &study->items[i];
        bool importance = plan->options & MG_PLAN_IMPORTANCE;
        plan->items[i] = (struct mg_part){
            .code = item->code,
            .label = item->label,
            .dimension = item->dimension,
            .touchpoint = item->touchpoint,
            .item = i,
            .n_items = 1,
            .e = add_expected(b, item->expectation, item, item->reverse),
            .p = add_column(b, item->perception, &item->scale, item->reverse),
            .adequate = add_expected(b, item->adequate, item, item->reverse),
            .e_alone = MG_PART_NONE,
            .p_alone = MG_PART_NONE,
            .importance =
                importance ? add_column(b, item->importance, &item->importance_scale, false) : MG_PART_NONE,
            .scale = item->scale,
            .share = NAN,
            .mirror = MG_PART_NONE,
            .difference = MG_PART_NONE,
        };
    }
    plan->n_items = study->n_items;
}

static void add_outcomes(struct builder *b)
{
    const struct mg_study *study = b->plan->study;
    for (size_t i = 0; i < study->n_outcomes; i++) {
        const struct mg_outcome *outcome = &study->outcomes[i];
        bool wanted = b->plan->options & MG_PLAN_OUTCOMES;
        b->plan->outcomes[i] = wanted ? add_outcome(b, outcome) : MG_PART_NONE;
    }
}

static void add_tops(struct builder *b)
{
    for (size_t i = 0; i < b->plan->study->n_outcomes; i++)
        b->plan->tops[i] =
            b->plan->options & MG_PLAN_OUTCOMES ? add_top(b, &b->plan->study->outcomes[i]) : MG_PART_NONE;
}

static bool has_gap(const struct mg_part *part)
{
    return part->e != MG_PART_NONE && part->p != MG_PART_NONE;
}

/* The reliability of differences wants each person's P − E as a variable. Scores are means of columns, so the
 * expectation is read once more, turned round: reliability knows neither halves nor constants. */
static void add_mirrors(struct builder *b)
{
    struct mg_plan *plan = b->plan;
    bool wanted = (plan->options & MG_PLAN_RELIABILITY) && !(plan->options & MG_PLAN_UNPAIRED);
    if (!wanted || b->n_columns + plan->n_items > MG_MOMENTS_COLUMNS_MAX)
        return;
    for (size_t i = 0; i < plan->n_items; i++) {
        const struct mg_item *item = &plan->study->items[plan->items[i].item];
        if (has_gap(&plan->items[i]))
            plan->items[i].mirror = add_expected(b, item->expectation, item, !item->reverse);
    }
}

/* One score: the mean of `from` of the chosen items; `partner` tells what must be answered beside each. */
static size_t add_score_of(struct builder *b, const uint16_t *columns, const uint16_t *partners, size_t n,
                           size_t least)
{
    if (n == 0 || b->rc)
        return MG_PART_NONE;
    if (b->n_scores == MG_MOMENTS_SCORES_MAX) {
        b->rc = MG_E_LIMIT;
        return MG_PART_NONE;
    }
    uint16_t *own = mg_arena_array(b->arena, 2 * n, sizeof *own);
    if (!own) {
        out_of_memory(b);
        return MG_PART_NONE;
    }
    memcpy(own, columns, n * sizeof *own);
    memcpy(own + n, partners, n * sizeof *own);
    b->scores[b->n_scores] =
        (struct mg_moments_score){.columns = own, .partners = own + n, .n = n, .min_answered = least};
    return b->n_columns + b->n_scores++;
}

/* With as many answers as the study asks for. */
static size_t add_score(struct builder *b, const uint16_t *columns, const uint16_t *partners, size_t n)
{
    return add_score_of(b, columns, partners, n, mg_study_least(b->plan->study, n));
}

/* The members of a part: all items (both keys MG_PART_NONE), a dimension's, a touchpoint's, or a cell's. */
static bool belongs(const struct mg_part *item, size_t dimension, size_t touchpoint)
{
    return (dimension == MG_PART_NONE || item->dimension == dimension) &&
           (touchpoint == MG_PART_NONE || item->touchpoint == touchpoint);
}

/* A part of one item is that item: the same variables, so the same numbers, at no cost. Not a dimension: the
 * weighted whole wants all of them over rows with both sides. */
static void be_item(struct builder *b, struct mg_part *part, const struct mg_part *item)
{
    bool alone = item->e != MG_PART_NONE && item->p != MG_PART_NONE && b->plan->options & MG_PLAN_ALONE;
    part->e = item->e;
    part->p = item->p;
    part->adequate = item->p != MG_PART_NONE ? item->adequate : MG_PART_NONE;
    part->e_alone = alone ? item->e : MG_PART_NONE;
    part->p_alone = alone ? item->p : MG_PART_NONE;
}

/* The scale that some items share. */
struct common {
    struct mg_scale scale;
    bool mixed; /* they share none */
    size_t n;
};

static void join(struct common *common, const struct mg_scale *scale)
{
    if (common->n++ == 0)
        common->scale = *scale;
    common->mixed = common->mixed || common->scale.min != scale->min || common->scale.max != scale->max;
}

/* Fills what the part's items have in common and its score variables. Items with both sides make the gap;
 * where no item has both, the perceptions (or else the expectations) stand alone. Only these need a scale in
 * common: halves that wait for a partner on another scale are no part of it. */
static void add_part_scores(struct builder *b, struct mg_part *part, size_t dimension, size_t touchpoint)
{
    const struct mg_plan *plan = b->plan;
    const struct mg_part *only = NULL;
    uint16_t e[MG_STUDY_ITEMS_MAX], p[MG_STUDY_ITEMS_MAX], a[MG_STUDY_ITEMS_MAX], ap[MG_STUDY_ITEMS_MAX];
    uint16_t lone_e[MG_STUDY_ITEMS_MAX], lone_p[MG_STUDY_ITEMS_MAX], nothing[MG_STUDY_ITEMS_MAX];
    size_t pairs = 0, n_a = 0, n_lone_e = 0, n_lone_p = 0;
    struct common of_pairs = {0}, of_e = {0}, of_p = {0}, of_a = {0};
    part->dimension = dimension;
    part->touchpoint = touchpoint;
    part->item = part->importance = part->e = part->p = part->adequate = MG_PART_NONE;
    part->e_alone = part->p_alone = MG_PART_NONE;
    part->share = NAN;
    memset(nothing, 0xFF, sizeof nothing);
    for (size_t i = 0; i < plan->n_items; i++) {
        const struct mg_part *item = &plan->items[i];
        if (!belongs(item, dimension, touchpoint))
            continue;
        only = item;
        part->n_items++;
        if (item->e != MG_PART_NONE && item->p != MG_PART_NONE) {
            join(&of_pairs, &item->scale);
            e[pairs] = (uint16_t)item->e;
            p[pairs++] = (uint16_t)item->p;
        }
        if (item->e != MG_PART_NONE) {
            join(&of_e, &item->scale);
            lone_e[n_lone_e++] = (uint16_t)item->e;
        }
        if (item->p != MG_PART_NONE) {
            join(&of_p, &item->scale);
            lone_p[n_lone_p++] = (uint16_t)item->p;
        }
        if (item->adequate != MG_PART_NONE && item->p != MG_PART_NONE) {
            join(&of_a, &item->scale);
            a[n_a] = (uint16_t)item->adequate;
            ap[n_a++] = (uint16_t)item->p;
        }
    }
    const struct common *common = pairs ? &of_pairs : n_lone_p ? &of_p : &of_e;
    part->scale = common->scale;
    part->mixed_scales = common->mixed;
    if (part->mixed_scales)
        return;
    join(&of_a, &common->scale); /* a zone lies on the part's scale */
    n_a = of_a.mixed ? 0 : n_a;
    bool dimension_alone = dimension != MG_PART_NONE && touchpoint == MG_PART_NONE;
    if (part->n_items == 1 && !dimension_alone) {
        be_item(b, part, only);
        return;
    }
    bool unpaired = plan->options & MG_PLAN_UNPAIRED;
    if (pairs) {
        part->e = add_score(b, e, unpaired ? nothing : p, pairs);
        part->p = add_score(b, p, unpaired ? nothing : e, pairs);
    } else if (n_lone_p) {
        part->p = add_score(b, lone_p, nothing, n_lone_p);
    } else {
        part->e = add_score(b, lone_e, nothing, n_lone_e);
    }
    part->adequate = add_score(b, a, unpaired ? nothing : ap, n_a);
    if (pairs && !unpaired && plan->options & MG_PLAN_ALONE && b->n_scores < ALONE_MAX) {
        part->e_alone = add_score(b, e, nothing, pairs);
        part->p_alone = add_score(b, p, nothing, pairs);
    }
}

/* Last, so that they take no place from others. */
static void add_differences(struct builder *b)
{
    struct mg_plan *plan = b->plan;
    uint16_t nothing[2] = {UINT16_MAX, UINT16_MAX};
    if (b->n_scores + plan->n_items > MG_MOMENTS_SCORES_MAX)
        return;
    for (size_t i = 0; i < plan->n_items; i++) {
        struct mg_part *item = &plan->items[i];
        uint16_t columns[2] = {(uint16_t)item->p, (uint16_t)item->mirror};
        if (item->mirror == MG_PART_NONE)
            continue;
        item->difference = add_score_of(b, columns, nothing, 2, 2);
    }
}

static void add_any_pair(struct builder *b)
{
    uint16_t e[MG_STUDY_ITEMS_MAX], p[MG_STUDY_ITEMS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < b->plan->n_items; i++) {
        const struct mg_part *item = &b->plan->items[i];
        if (item->e == MG_PART_NONE || item->p == MG_PART_NONE)
            continue;
        e[n] = (uint16_t)item->e;
        p[n++] = (uint16_t)item->p;
    }
    b->plan->any_pair = add_score_of(b, p, e, n, 1);
}

static void add_dimensions(struct builder *b)
{
    struct mg_plan *plan = b->plan;
    for (size_t d = 0; d < plan->study->n_dimensions; d++) {
        struct mg_part part = {.code = plan->study->dimensions[d].code,
                               .label = plan->study->dimensions[d].label};
        add_part_scores(b, &part, d, MG_PART_NONE);
        if (part.n_items)
            plan->dimensions[plan->n_dimensions++] = part;
    }
}

static void add_touchpoints(struct builder *b)
{
    struct mg_plan *plan = b->plan;
    for (size_t t = 0; t < plan->study->n_touchpoints; t++) {
        struct mg_part part = {.code = plan->study->touchpoints[t].code,
                               .label = plan->study->touchpoints[t].label};
        add_part_scores(b, &part, MG_PART_NONE, t);
        if (part.n_items)
            plan->touchpoints[plan->n_touchpoints++] = part;
    }
}

static struct mg_text joined(struct builder *b, const struct mg_text *first, const char *first_code,
                             const struct mg_text *second, const char *second_code)
{
    return (struct mg_text){
        .en = mg_arena_printf(b->arena, "%s · %s", mg_text_in(first, MG_LANG_EN, first_code),
                              mg_text_in(second, MG_LANG_EN, second_code)),
        .zh = mg_arena_printf(b->arena, "%s · %s", mg_text_in(first, MG_LANG_ZH, first_code),
                              mg_text_in(second, MG_LANG_ZH, second_code)),
    };
}

static void add_cells(struct builder *b)
{
    struct mg_plan *plan = b->plan;
    const struct mg_study *study = plan->study;
    size_t before = b->n_scores;
    for (size_t t = 0; t < study->n_touchpoints; t++)
        for (size_t d = 0; d < study->n_dimensions && !b->rc; d++) {
            const struct mg_dimension *dimension = &study->dimensions[d];
            const struct mg_touchpoint *touchpoint = &study->touchpoints[t];
            struct mg_part part = {0};
            add_part_scores(b, &part, d, t);
            if (!part.n_items)
                continue;
            part.code = mg_arena_printf(b->arena, "%s/%s", touchpoint->code, dimension->code);
            part.label = joined(b, &touchpoint->label, touchpoint->code, &dimension->label, dimension->code);
            if (!b->rc)
                plan->cells[plan->n_cells++] = part;
        }
    if (b->rc == MG_E_LIMIT) { /* a report without cells is better than none */
        b->rc = 0;
        b->n_scores = before;
        plan->n_cells = 0;
        plan->cells_left_out = true;
    }
}

/* Whether the dimensions, and not the items, make the whole: where the study weighs them or says so, and
 * every item has one. */
static bool made_of_dimensions(const struct mg_plan *plan)
{
    double sum = 0;
    for (size_t i = 0; i < plan->n_items; i++)
        if (plan->items[i].dimension == MG_PART_NONE)
            return false;
    for (size_t d = 0; d < plan->n_dimensions; d++)
        sum += plan->study->dimensions[plan->dimensions[d].dimension].weight;
    return plan->n_dimensions > 0 && (sum > 0 || plan->study->overall == MG_OVERALL_DIMENSIONS);
}

/* A dimension's weight in the whole before the weights are normed. Where there are gaps, dimensions without
 * one have no part in it. */
static double raw_share(const struct mg_plan *plan, const struct mg_part *part)
{
    if (has_gap(&plan->overall) && !has_gap(part))
        return 0;
    if (!plan->weighted_overall) { /* every item with both sides counts the same */
        double n = 0;
        for (size_t i = 0; i < plan->n_items; i++)
            n += plan->items[i].dimension == part->dimension &&
                 (has_gap(&plan->items[i]) || !has_gap(&plan->overall));
        return n;
    }
    double weight = plan->study->dimensions[part->dimension].weight, sum = 0;
    for (size_t d = 0; d < plan->n_dimensions; d++)
        sum += plan->study->dimensions[plan->dimensions[d].dimension].weight;
    return sum > 0 ? weight : 1;
}

static void add_shares(struct mg_plan *plan)
{
    double sum = 0;
    plan->weighted_overall = made_of_dimensions(plan);
    for (size_t d = 0; d < plan->n_dimensions; d++)
        sum += plan->dimensions[d].share = raw_share(plan, &plan->dimensions[d]);
    for (size_t d = 0; d < plan->n_dimensions; d++)
        plan->dimensions[d].share = plan->dimensions[d].share > 0 ? plan->dimensions[d].share / sum : NAN;
}

static int allocate(struct builder *b, size_t most_cells)
{
    struct mg_plan *plan = b->plan;
    const struct mg_study *study = plan->study;
    b->columns = mg_arena_array(b->arena, MG_MOMENTS_COLUMNS_MAX, sizeof *b->columns);
    b->scores = mg_arena_array(b->arena, MG_MOMENTS_SCORES_MAX, sizeof *b->scores);
    plan->columns = mg_arena_array(b->arena, MG_MOMENTS_COLUMNS_MAX, sizeof *plan->columns);
    plan->positive = mg_arena_array(b->arena, MG_MOMENTS_COLUMNS_MAX, sizeof *plan->positive);
    plan->items = mg_arena_array(b->arena, study->n_items, sizeof *plan->items);
    plan->dimensions = mg_arena_array(b->arena, study->n_dimensions + 1, sizeof *plan->dimensions);
    plan->touchpoints = mg_arena_array(b->arena, study->n_touchpoints + 1, sizeof *plan->touchpoints);
    plan->cells = mg_arena_array(b->arena, most_cells + 1, sizeof *plan->cells);
    plan->outcomes = mg_arena_array(b->arena, study->n_outcomes + 1, sizeof *plan->outcomes);
    plan->tops = mg_arena_array(b->arena, study->n_outcomes + 1, sizeof *plan->tops);
    if (!b->columns || !b->scores || !plan->columns || !plan->positive || !plan->items || !plan->dimensions ||
        !plan->touchpoints || !plan->cells || !plan->outcomes || !plan->tops)
        out_of_memory(b);
    return b->rc;
}

int mg_plan_new(struct mg_arena *arena, const struct mg_study *study, unsigned options,
                struct mg_plan **ret_plan, struct mg_error *error)
{
    struct mg_plan *plan = mg_arena_alloc(arena, sizeof *plan);
    if (!plan)
        return mg_fail_memory(error);
    plan->study = study;
    plan->options = options;
    struct builder b = {.arena = arena, .plan = plan, .error = error};
    if (allocate(&b, study->n_items))
        return b.rc;
    add_items(&b);
    add_outcomes(&b);
    plan->n_answers = b.n_columns;
    add_tops(&b);
    add_mirrors(&b);
    if (b.rc)
        return b.rc;
    plan->overall = (struct mg_part){.code = "overall",
                                     .label = {.en = MG_TEXT("Overall"), .zh = mg_tr(MG_LANG_ZH, "Overall")}};
    add_part_scores(&b, &plan->overall, MG_PART_NONE, MG_PART_NONE);
    add_any_pair(&b);
    add_dimensions(&b);
    add_touchpoints(&b);
    if (b.rc == MG_E_LIMIT)
        return mg_fail(error, MG_E_LIMIT, "The study needs more than %d scores at once.",
                       MG_MOMENTS_SCORES_MAX);
    if (!b.rc && (options & MG_PLAN_CELLS))
        add_cells(&b);
    if (!b.rc)
        add_differences(&b);
    if (b.rc)
        return b.rc;
    add_shares(plan);
    plan->spec = (struct mg_moments_spec){
        .columns = b.columns, .n_columns = b.n_columns, .scores = b.scores, .n_scores = b.n_scores};
    int rc = mg_plan_put_together(plan, arena, error);
    if (rc == 0)
        *ret_plan = plan;
    return rc;
}

size_t mg_plan_pairs(const struct mg_plan *plan)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->n_items; i++)
        n += has_gap(&plan->items[i]);
    return n;
}

size_t mg_plan_least(const struct mg_plan *plan)
{
    return mg_study_least(plan->study, mg_plan_pairs(plan));
}

void mg_plan_keep_buckets(struct mg_plan *plan)
{
    plan->spec.links = plan->links;
    plan->spec.n_links = plan->n_links;
    plan->spec.n_buckets = MG_MOMENTS_BUCKETS_MAX;
}

size_t mg_plan_variables(const struct mg_plan *plan)
{
    return plan->spec.n_columns + plan->spec.n_scores;
}

bool mg_plan_is_answers(const struct mg_plan *plan, const struct mg_part *part)
{
    return part->e < plan->spec.n_columns && part->p < plan->spec.n_columns;
}
