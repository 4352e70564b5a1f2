/* See nonresponse.h. Without a scale that all items share there is no mean of perceptions; then only outcomes
 * are compared in. */
#include <string.h>

#include "base/str.h"
#include "service/measure/nonresponse.h"

struct builder {
    struct mg_arena *arena;
    const struct mg_study *study;
    struct mg_moments_column *columns;
    const char **names, **positive;
    size_t n_columns;
    struct mg_moments_score *scores;
    size_t n_scores;
    struct mg_moments_set *sets;
    uint16_t *variables; /* of the sets, one after another */
    size_t n_sets, n_variables;
    struct mg_nonresponse_pair *pairs;
    struct mg_moments_link *links; /* two a pair */
    size_t n_pairs;
    bool common_scale;
};

static size_t add_column(struct builder *b, const char *name, const struct mg_answer_rule *rule,
                         const char *positive)
{
    b->columns[b->n_columns] = mg_plan_column(rule);
    b->names[b->n_columns] = name;
    b->positive[b->n_columns] = positive;
    return b->n_columns++;
}

static const char *column_of(const struct mg_item *item)
{
    return item->perception ? item->perception : item->expectation;
}

/* The mean of the items' answers, but of item `but`; SIZE_MAX: of all. MG_PART_NONE where there are none. */
static size_t add_mean(struct builder *b, size_t but)
{
    uint16_t *columns = mg_arena_array(b->arena, b->study->n_items + 1, sizeof *columns);
    size_t n = 0;
    for (size_t i = 0; i < b->study->n_items && columns && b->common_scale; i++)
        if (i != but)
            columns[n++] = (uint16_t)i;
    if (n == 0)
        return MG_PART_NONE;
    b->scores[b->n_scores] =
        (struct mg_moments_score){.columns = columns, .n = n, .min_answered = mg_study_least(b->study, n)};
    return b->n_columns + b->n_scores++;
}

static void add_pair(struct builder *b, const struct mg_nonresponse_pair *pair)
{
    b->sets[b->n_sets++] = (struct mg_moments_set){.variables = b->variables + b->n_variables, .n = 2};
    b->variables[b->n_variables++] = (uint16_t)pair->x;
    b->variables[b->n_variables++] = (uint16_t)pair->y;
    b->links[2 * b->n_pairs] = (struct mg_moments_link){(uint16_t)pair->y, (uint16_t)pair->y};
    b->links[2 * b->n_pairs + 1] = (struct mg_moments_link){(uint16_t)pair->y, (uint16_t)pair->x};
    b->pairs[b->n_pairs++] = *pair;
}

/* By whether x was answered: the mean, then the outcomes. */
static void add_pairs(struct builder *b, struct mg_nonresponse_pair pair, size_t mean)
{
    pair.y = mean;
    if (mean != MG_PART_NONE)
        add_pair(b, &pair);
    for (size_t o = 0; o < b->study->n_outcomes && o < MG_NONRESPONSE_OUTCOMES; o++) {
        pair.y = b->study->n_items + o;
        pair.criterion = b->study->outcomes[o].code;
        pair.criterion_label = b->study->outcomes[o].label;
        if (pair.y != pair.x && strcmp(b->names[pair.y], b->names[pair.x]) != 0)
            add_pair(b, &pair);
    }
}

static void add_all(struct builder *b)
{
    const struct mg_study *study = b->study;
    for (size_t i = 0; i < study->n_items; i++) {
        const struct mg_item *item = &study->items[i];
        const struct mg_answer_rule rule = item->perception
                                               ? mg_answer_rule_of_item(study, &item->scale, item->reverse)
                                               : mg_answer_rule_of_expectation(study, item, item->reverse);
        add_column(b, column_of(item), &rule, NULL);
    }
    for (size_t o = 0; o < study->n_outcomes; o++) {
        const struct mg_answer_rule rule = mg_answer_rule_of_outcome(study, &study->outcomes[o]);
        add_column(b, study->outcomes[o].column, &rule, study->outcomes[o].positive);
    }
    for (size_t i = 0; i < study->n_items; i++)
        add_pairs(b,
                  (struct mg_nonresponse_pair){
                      .x = i, .code = study->items[i].code, .label = study->items[i].label},
                  add_mean(b, i));
    size_t mean = study->n_outcomes ? add_mean(b, SIZE_MAX) : MG_PART_NONE;
    for (size_t o = 0; o < study->n_outcomes; o++)
        add_pairs(b,
                  (struct mg_nonresponse_pair){.x = study->n_items + o,
                                               .code = study->outcomes[o].code,
                                               .label = study->outcomes[o].label,
                                               .outcome = true},
                  mean);
}

static bool has_common_scale(const struct mg_study *study)
{
    for (size_t i = 1; i < study->n_items; i++)
        if (study->items[i].scale.min != study->items[0].scale.min ||
            study->items[i].scale.max != study->items[0].scale.max)
            return false;
    return true;
}

static bool allocate(struct builder *b)
{
    size_t columns = b->study->n_items + b->study->n_outcomes;
    size_t pairs = columns * (1 + MG_NONRESPONSE_OUTCOMES);
    b->columns = mg_arena_array(b->arena, columns, sizeof *b->columns);
    b->names = mg_arena_array(b->arena, columns, sizeof *b->names);
    b->positive = mg_arena_array(b->arena, columns, sizeof *b->positive);
    b->scores = mg_arena_array(b->arena, b->study->n_items + 1, sizeof *b->scores);
    b->sets = mg_arena_array(b->arena, pairs + 1, sizeof *b->sets);
    b->variables = mg_arena_array(b->arena, 2 * pairs + 1, sizeof *b->variables);
    b->pairs = mg_arena_array(b->arena, pairs + 1, sizeof *b->pairs);
    b->links = mg_arena_array(b->arena, 2 * pairs + 1, sizeof *b->links);
    return b->links && b->columns && b->names && b->positive && b->scores && b->sets && b->variables &&
           b->pairs;
}

_Static_assert(MG_STUDY_ITEMS_MAX + 1 <= MG_MOMENTS_SCORES_MAX, "a mean for each item and one of all");
_Static_assert(MG_STUDY_ITEMS_MAX + MG_STUDY_PARTS_MAX <= MG_MOMENTS_COLUMNS_MAX, "all of them in one pass");

int mg_nonresponse_plan(struct mg_arena *arena, const struct mg_study *study, unsigned buckets,
                        struct mg_nonresponse_plan *ret, struct mg_error *error)
{
    struct builder b = {.arena = arena, .study = study, .common_scale = has_common_scale(study)};
    if (!allocate(&b))
        return mg_fail_memory(error);
    add_all(&b);
    *ret = (struct mg_nonresponse_plan){.pairs = b.pairs, .n_pairs = b.n_pairs};
    ret->pass = (struct mg_plan){.study = study,
                                 .options = buckets,
                                 .columns = b.names,
                                 .positive = b.positive,
                                 .links = b.links,
                                 .n_links = 2 * b.n_pairs,
                                 .spec = {.columns = b.columns,
                                          .n_columns = b.n_columns,
                                          .scores = b.scores,
                                          .n_scores = b.n_scores,
                                          .sets = b.sets,
                                          .n_sets = b.n_sets}};
    if (buckets)
        mg_plan_keep_buckets(&ret->pass);
    return 0;
}
