/* Readings of the file, the later ones only where they are needed: whether rows have one side only; whose
 * rows these are (an mg_pair_answer each); the merged rows (merge.h). */
#include "service/measure/pairing.h"

#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "model/answer.h"
#include "model/words.h"
#include "service/measure/merge.h"
#include "service/measure/plan.h"
#include "words.gen.h"

#define TABLE "paired"
#define KEYS 3 /* columns before the items': episode, customer, time */

/* Everything that is being put together. `arena` is thrown away afterwards. */
struct pairing {
    struct mg_ctx *ctx;
    const struct mg_study *study;
    struct mg_source source;
    struct mg_arena *arena;
    const struct mg_source_info *info; /* the file's columns */
    const char *key[KEYS];             /* NULL: there is none */
    struct mg_answer_rule *rules;      /* of each item column */
    const char **columns;              /* the columns that are there: keys, expectations, perceptions */
    size_t n_keys, n_expectations, n_perceptions;
    struct mg_pair_answer *answers; /* a row each */
    size_t n_rows;
    size_t *partner;
};

/* ---- which columns ---- */

static const char *find_column(const struct mg_source_info *info, const char *name)
{
    for (size_t i = 0; name && i < info->n_columns; i++)
        if (mg_str_equal_nocase(info->columns[i].name, name))
            return info->columns[i].name;
    return NULL;
}

static const char *column_so_called(const struct mg_source_info *info, const struct mg_words *words)
{
    for (size_t i = 0; i < info->n_columns; i++)
        if (mg_words_is(words, info->columns[i].name))
            return info->columns[i].name;
    return NULL;
}

static void find_keys(struct pairing *p)
{
    const struct mg_study *study = p->study;
    const char *episode =
        study->episode ? find_column(p->info, study->episode) : column_so_called(p->info, &mg_words_episode);
    const char *const keys[KEYS] = {episode, find_column(p->info, study->customer),
                                    find_column(p->info, study->time)};
    memcpy(p->key, keys, sizeof keys);
    for (size_t k = 0; k < KEYS; k++)
        if (keys[k])
            p->columns[p->n_keys++] = keys[k];
}

/* Columns of one side that the file has; how many. */
static size_t list_side(struct pairing *p, bool perception, size_t n)
{
    size_t before = n;
    for (size_t i = 0; i < p->study->n_items; i++) {
        const struct mg_item *item = &p->study->items[i];
        const char *name = find_column(p->info, perception ? item->perception : item->expectation);
        if (!name)
            continue;
        p->rules[n] = mg_answer_rule_of_item(
            p->study, perception ? &item->scale : mg_item_expectation_scale(item), false);
        p->columns[p->n_keys + n++] = name;
    }
    return n - before;
}

static int list_columns(struct pairing *p, struct mg_error *error)
{
    size_t most = 2 * p->study->n_items;
    p->columns = mg_arena_array(p->arena, KEYS + most, sizeof *p->columns);
    p->rules = mg_arena_array(p->arena, most, sizeof *p->rules);
    if (!p->columns || !p->rules)
        return mg_fail_memory(error);
    find_keys(p);
    p->n_expectations = list_side(p, false, 0);
    p->n_perceptions = list_side(p, true, p->n_expectations);
    return 0;
}

/* ---- are there halves? ---- */

/* Two variables: whether a row has any expectation, any perception. */
static struct mg_moments_spec sides_spec(struct pairing *p, struct mg_moments_column *columns,
                                         uint16_t *numbers, struct mg_moments_score *scores,
                                         struct mg_moments_set *set)
{
    size_t n = p->n_expectations + p->n_perceptions;
    for (size_t c = 0; c < n; c++) {
        columns[c] = mg_plan_column(&p->rules[c]);
        numbers[c] = (uint16_t)c;
    }
    numbers[n] = (uint16_t)n;
    numbers[n + 1] = (uint16_t)(n + 1);
    scores[0] = (struct mg_moments_score){numbers, NULL, p->n_expectations, 1};
    scores[1] = (struct mg_moments_score){numbers + p->n_expectations, NULL, p->n_perceptions, 1};
    *set = (struct mg_moments_set){.variables = numbers + n, .n = 2};
    return (struct mg_moments_spec){
        .columns = columns, .n_columns = n, .scores = scores, .n_scores = 2, .sets = set, .n_sets = 1};
}

/* Whether some rows have expectations only and others perceptions only. */
static int has_halves(struct pairing *p, bool *ret_halves, struct mg_error *error)
{
    size_t n = p->n_expectations + p->n_perceptions;
    struct mg_moments_column *columns = mg_arena_array(p->arena, n, sizeof *columns);
    uint16_t *numbers = mg_arena_array(p->arena, n + 2, sizeof *numbers);
    struct mg_moments_score scores[2];
    struct mg_moments_set set;
    if (!columns || !numbers)
        return mg_fail_memory(error);
    const struct mg_moments_spec spec = sides_spec(p, columns, numbers, scores, &set);
    const struct mg_moments_request request = {
        .source = p->source, .spec = &spec, .columns = p->columns + p->n_keys, .max_groups = 1};
    struct mg_moments_result result;
    int rc = mg_columns_moments(&p->ctx->columns, p->arena, &request, &result, error);
    if (rc || result.n_groups == 0)
        return rc;
    const struct mg_moments *m = result.groups[0].moments;
    double both = mg_moments_count(m, n, n + 1);
    p->n_rows = (size_t)m->rows;
    *ret_halves = mg_moments_count(m, n, n) > both && mg_moments_count(m, n + 1, n + 1) > both;
    return 0;
}

/* ---- whose are they? ---- */

static bool any_answered(const struct pairing *p, const char *const *cells, size_t from, size_t n)
{
    double number;
    for (size_t i = from; i < from + n; i++)
        if (mg_answer_of_text(&p->rules[i], cells[i], &number) == MG_ANSWER_GIVEN)
            return true;
    return false;
}

/* A key's text, in the arena, stays NULL where it says nothing; false: memory is out. */
static bool take_key(struct pairing *p, const char *cell, const char **ret)
{
    if (!cell || mg_answer_is_blank(cell))
        return true;
    *ret = mg_arena_strdup(p->arena, cell);
    return *ret != NULL;
}

static bool take_row(struct pairing *p, const char *const *cells, struct mg_pair_answer *answer)
{
    const char *keys[KEYS] = {0}, *const *items = cells + p->n_keys;
    for (size_t k = 0; k < KEYS; k++)
        keys[k] = p->key[k] ? *cells++ : NULL;
    *answer =
        (struct mg_pair_answer){.at_us = MG_PAIR_NO_TIME,
                                .expectation = any_answered(p, items, 0, p->n_expectations),
                                .perception = any_answered(p, items, p->n_expectations, p->n_perceptions)};
    if (answer->expectation == answer->perception)
        return true;
    if (keys[2] && mg_time_parse(keys[2], &answer->at_us))
        answer->at_us = MG_PAIR_NO_TIME;
    return take_key(p, keys[0], &answer->episode) && take_key(p, keys[1], &answer->customer);
}

static int take_rows(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct pairing *p = user;
    for (size_t r = 0; r < batch->n_rows; r++) {
        size_t row = (size_t)batch->first_row + r;
        if (row < p->n_rows && !take_row(p, batch->cells + r * batch->n_columns, &p->answers[row]))
            return mg_fail_memory(error);
    }
    return 0;
}

static int find_pairs(struct pairing *p, struct mg_pairing *ret, struct mg_error *error)
{
    if (p->n_rows > MG_PAIRING_ROWS_MAX)
        return mg_fail(
            error, MG_E_LIMIT,
            "Expectations and perceptions stand in different rows; at most %zu rows can be paired.",
            MG_PAIRING_ROWS_MAX);
    p->answers = mg_arena_array(p->arena, p->n_rows, sizeof *p->answers);
    p->partner = mg_arena_array(p->arena, p->n_rows, sizeof *p->partner);
    if (!p->answers || !p->partner)
        return mg_fail_memory(error);
    int rc =
        mg_columns_scan(&p->ctx->columns, &p->source, p->columns,
                        p->n_keys + p->n_expectations + p->n_perceptions, NULL, 0, 0, take_rows, p, error);
    if (!rc)
        rc = mg_pair_find(p->arena, p->answers, p->n_rows, mg_study_window(p->study), p->partner,
                          &ret->counts, error);
    for (size_t i = 0; i < p->n_rows && !rc; i++)
        ret->untimed +=
            p->answers[i].expectation != p->answers[i].perception && p->answers[i].at_us == MG_PAIR_NO_TIME;
    return rc;
}

/* Of an item's column; NULL: of any other. */
static const struct mg_answer_rule *rule_of(const struct pairing *p, const char *column)
{
    for (size_t i = 0; i < p->n_expectations + p->n_perceptions; i++)
        if (mg_str_equal(p->columns[p->n_keys + i], column))
            return &p->rules[i];
    return NULL;
}

/* Whose expectation goes into which perception's row. */
static int merge(struct pairing *p, struct mg_error *error)
{
    size_t *into = mg_arena_array(p->arena, p->n_rows, sizeof *into);
    const struct mg_answer_rule **rules =
        mg_arena_array(p->arena, p->info->n_columns + 1, sizeof(struct mg_answer_rule *));
    if (!into || !rules)
        return mg_fail_memory(error);
    for (size_t c = 0; c < p->info->n_columns; c++)
        rules[c] = rule_of(p, p->info->columns[c].name);
    for (size_t i = 0; i < p->n_rows; i++)
        into[i] = p->answers[i].expectation ? p->partner[i] : MG_MERGE_STAYS;
    const struct mg_merge merge = {.source = p->source,
                                   .columns = p->info->columns,
                                   .n_columns = p->info->n_columns,
                                   .rules = rules,
                                   .into = into,
                                   .n_rows = p->n_rows,
                                   .table = TABLE};
    return mg_measure_merge(&p->ctx->columns, p->arena, &merge, error);
}

/* ---- the whole ---- */

static int pair_rows(struct pairing *p, struct mg_pairing *ret, bool *ret_looked, struct mg_error *error)
{
    struct mg_source_info info;
    int rc = mg_columns_names(&p->ctx->columns, p->arena, &p->source, &info, error);
    if (rc)
        return rc;
    p->info = &info;
    rc = list_columns(p, error);
    if (rc || (!p->key[0] && !p->key[1]) || p->n_expectations == 0 || p->n_perceptions == 0)
        return rc;
    rc = has_halves(p, ret_looked, error);
    if (rc || !*ret_looked)
        return rc;
    rc = find_pairs(p, ret, error);
    return rc || ret->counts.by_episode + ret->counts.by_customer == 0 ? rc : merge(p, error);
}

static int fail_room(struct mg_error *error)
{
    mg_fail(error, MG_E_LIMIT,
            "Expectations and perceptions stand in different rows, and putting them together needs more "
            "memory than "
            "allowed.");
    mg_fail_hint(
        error, "Leave out columns that the study doesn't use, or shorten the ids of customers and episodes.");
    return MG_E_LIMIT;
}

int mg_measure_pair_rows(struct mg_ctx *ctx, struct mg_measure_request *request, struct mg_error *error)
{
    struct mg_pairing *pairing = mg_arena_alloc(ctx->arena, sizeof *pairing);
    struct pairing p = {
        .ctx = ctx,
        .study = request->study,
        .source = request->source,
        .arena = mg_arena_new(request->pairing_bytes ? request->pairing_bytes : MG_PAIRING_BYTES_MAX)};
    bool looked = false;
    int rc = pairing && p.arena ? pair_rows(&p, pairing, &looked, error) : mg_fail_memory(error);
    mg_arena_free(p.arena);
    if (rc == MG_E_NO_MEMORY && looked)
        return fail_room(error);
    if (rc || !looked)
        return rc;
    request->pairing = pairing;
    if (pairing->counts.by_episode + pairing->counts.by_customer)
        request->source = (struct mg_source){.table = TABLE};
    return 0;
}
