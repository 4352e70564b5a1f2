/* Outcome scores. NPS, CSAT and CES need how often each answer was given; the engine counts them, by group
 * and, with weights, by weight, so that Σw and Σw² of every answer are exact. Where there are too many
 * different weights for that, the answers' Σw² are taken in proportion to their Σw, and the note says so. */
#include "service/measure/outcome.h"

#include <math.h>
#include <string.h>

#include "base/str.h"
#include "column/file.h"
#include "model/answer.h"
#include "service/measure/row.h"
#include "service/measure/score_words.h"

#define CELLS_MAX 128     /* different answers of one outcome; a scale has at most 101 points */
#define COUNTS_MAX 200000 /* rows of one joint count */
#define KEYS_MAX 16

/* The answers of one outcome in one group. */
struct cells {
    double value[CELLS_MAX], count[CELLS_MAX], weight[CELLS_MAX], weight2[CELLS_MAX];
    size_t n;
    bool full; /* there were more answers than there is room for */
};

static bool needs_cells(enum mg_outcome_kind kind)
{
    return kind == MG_OUTCOME_NPS || kind == MG_OUTCOME_CSAT || kind == MG_OUTCOME_CES;
}

static void add_answer(struct cells *cells, double value, double count, double weight, double weight2)
{
    size_t i = 0;
    while (i < cells->n && cells->value[i] != value)
        i++;
    cells->full = cells->full || i == CELLS_MAX;
    if (cells->full)
        return;
    if (i == cells->n) {
        cells->value[i] = value;
        cells->count[i] = cells->weight[i] = cells->weight2[i] = 0;
        cells->n++;
    }
    cells->count[i] += count;
    cells->weight[i] += weight;
    cells->weight2[i] += weight2;
}

struct counter {
    struct mg_ctx *ctx;
    const struct mg_measure_request *request;
    const struct mg_plan *plan;
    const struct mg_pass *pass;
    const char *const *by;
    size_t n_by;
    const struct mg_filter *filters;
    size_t n_filters;
};

/* Fills one struct cells a group. `by_weight`: the weight column is counted along, as the last key. */
static int count_answers(const struct counter *c, const struct mg_outcome *outcome, bool by_weight,
                         struct cells *ret_cells, struct mg_error *error)
{
    const char *columns[KEYS_MAX];
    const char *weight = mg_measure_weight(c->request);
    size_t n = 0;
    for (; n < c->n_by; n++)
        columns[n] = c->by[n];
    columns[n++] = outcome->column;
    if (by_weight)
        columns[n++] = weight;
    const struct mg_answer_rule rule = mg_answer_rule_of_outcome(c->plan->study, outcome);
    struct mg_count *counts;
    size_t n_counts;
    int rc = mg_columns_counts(&c->ctx->columns, c->ctx->arena, &c->request->source, columns, n, weight,
                               c->filters, c->n_filters, COUNTS_MAX, &counts, &n_counts, error);
    for (size_t i = 0; rc == 0 && i < n_counts; i++) {
        double value, w = 1;
        if (mg_answer_of_text(&rule, counts[i].keys[c->n_by], &value) != MG_ANSWER_GIVEN)
            continue;
        if (by_weight && (!counts[i].keys[n - 1] || !mg_parse_double(counts[i].keys[n - 1], &w) || w <= 0))
            continue;
        size_t g = 0;
        while (g < c->pass->n_groups && !mg_str_all_equal(c->pass->groups[g].keys, counts[i].keys, c->n_by))
            g++;
        if (g < c->pass->n_groups)
            add_answer(&ret_cells[g], value, (double)counts[i].n, counts[i].weight,
                       w * w * (double)counts[i].n);
    }
    return rc;
}

/* Σw² of each answer from the variable's total, in proportion to Σw. */
static void spread_squares(struct cells *cells, const struct mg_moments *m, const struct mg_moments *m2,
                           size_t i)
{
    double w = mg_moments_weight(m, i, i), w2 = mg_moments_weight(m2, i, i);
    for (size_t c = 0; c < cells->n; c++)
        cells->weight2[c] = w > 0 ? cells->weight[c] * w2 / w : 0;
}

static int score_of_cells(const struct mg_outcome *outcome, const struct mg_cells *cells, double level,
                          struct mg_score *ret, struct mg_score *ret_top, struct mg_error *error)
{
    const struct mg_scale *scale = &outcome->scale;
    if (outcome->kind == MG_OUTCOME_NPS)
        return mg_score_nps(cells, level, ret, error);
    static const char *const names[2][2] = {{MG_SCORE_CES_TOP, MG_SCORE_CES_TOP2},
                                            {MG_SCORE_CSAT_TOP, MG_SCORE_CSAT_TOP2}};
    bool csat = outcome->kind == MG_OUTCOME_CSAT;
    double from;
    enum mg_top_box box = mg_outcome_top_box(outcome, &from);
    bool has = box != MG_TOP_BOX_UNKNOWN && !outcome->effort;
    int rc = has ? mg_score_top(names[csat][box == MG_TOP_BOX_TWO], cells, scale->min, scale->max, from,
                                level, ret_top, error)
                 : 0;
    if (!rc && csat && has)
        *ret = *ret_top;
    else if (!rc)
        rc = mg_score_mean(csat ? MG_SCORE_CSAT_MEAN : MG_SCORE_CES_MEAN, cells, scale->min, scale->max,
                           level, ret, error);
    return rc;
}

static enum mg_wire_score_kind wire_kind(enum mg_outcome_kind kind)
{
    static const enum mg_wire_score_kind kinds[] = {
        [MG_OUTCOME_NPS] = MG_WIRE_SCORE_KIND_NPS,       [MG_OUTCOME_CSAT] = MG_WIRE_SCORE_KIND_CSAT,
        [MG_OUTCOME_CES] = MG_WIRE_SCORE_KIND_CES,       [MG_OUTCOME_INDEX] = MG_WIRE_SCORE_KIND_INDEX,
        [MG_OUTCOME_BINARY] = MG_WIRE_SCORE_KIND_BINARY,
    };
    return kinds[kind];
}

static void fill_wire(struct mg_outcome_score *score, const struct mg_score *top, double mean)
{
    const struct mg_score *s = &score->stat;
    struct mg_wire_score *w = &score->wire;
    w->n = (int64_t)s->n;
    w->estimate = (struct mg_wire_estimate){.value = s->value, .low = s->low, .high = s->high};
    w->mean = mean;
    w->has_mean = isfinite(mean);
    if (isfinite(s->promoters) && strcmp(s->formula, MG_SCORE_NPS) == 0) {
        w->top = s->promoters, w->has_top = true;
        w->bottom = s->detractors, w->has_bottom = true;
    } else if (top->formula) {
        w->top = top->value / 100, w->has_top = true;
    }
}

/* The score of one outcome in one group. */
static int estimate(const struct counter *c, size_t o, size_t g, const struct cells *cells,
                    struct mg_outcome_score *ret, struct mg_error *error)
{
    const struct mg_outcome *outcome = &c->plan->study->outcomes[o];
    const struct mg_moments *m = c->n_by ? c->pass->groups[g].moments : c->pass->m;
    const struct mg_moments *m2 = c->n_by ? c->pass->groups[g].moments_squared : c->pass->m2;
    size_t variable = c->plan->outcomes[o];
    double level = mg_measure_level(c->request);
    struct mg_score top = {0};
    struct mg_error why = {.lang = c->ctx->lang};
    int rc;
    *ret = (struct mg_outcome_score){0};
    ret->wire.code = outcome->code;
    ret->wire.label = mg_wire_text_of(&outcome->label, outcome->code);
    ret->wire.kind = wire_kind(outcome->kind);
    mg_score_describe(c->ctx->arena, outcome, &ret->wire);
    if (needs_cells(outcome->kind) && cells->full) {
        rc = mg_fail(&why, MG_E_INESTIMABLE,
                     "There are more than %d different answers, too many for this score.", CELLS_MAX);
    } else if (needs_cells(outcome->kind)) {
        struct mg_cells view = {cells->value, cells->count, m2 ? cells->weight : NULL,
                                m2 ? cells->weight2 : NULL, cells->n};
        rc = score_of_cells(outcome, &view, level, &ret->stat, &top, &why);
    } else {
        const char *formula = outcome->kind == MG_OUTCOME_BINARY ? MG_SCORE_SHARE : MG_SCORE_INDEX;
        rc = mg_score_from_moments(formula, m, variable, outcome->scale.min, outcome->scale.max, level,
                                   &ret->stat, &why);
    }
    if (rc == MG_E_INESTIMABLE || rc == MG_E_INVALID) { /* invalid: answers that the score can't be made of */
        ret->wire.n = (int64_t)mg_moments_count(m, variable, variable);
        ret->wire.estimate = (struct mg_wire_estimate){.value = NAN, .low = NAN, .high = NAN};
        ret->wire.note = mg_arena_strdup(c->ctx->arena, why.message);
        return 0;
    }
    if (rc) {
        *error = why;
        return rc;
    }
    fill_wire(ret, &top, mg_moments_mean(m, variable, variable));
    if (strcmp(ret->wire.formula, MG_SCORE_CSAT_MEAN) == 0)
        ret->wire.note =
            mg_tr(c->ctx->lang, "The mean, because on this scale the study has to say which answers "
                                "count as satisfied (“top”).");
    return 0;
}

/* What fewer than k of a group said isn't shown, as with the parts. */
static void hide(struct mg_outcome_score *score, enum mg_lang lang)
{
    struct mg_wire_score w = score->wire;
    w.estimate = (struct mg_wire_estimate){.value = NAN, .low = NAN, .high = NAN};
    w.has_mean = w.has_top = w.has_bottom = false;
    w.note = mg_tr(lang, "too few respondents to show");
    *score = (struct mg_outcome_score){.wire = w};
}

/* Of one outcome, in every group; also where the other groups, or what the filters leave out, would tell. */
static void hide_few(const struct counter *c, size_t o, struct mg_outcome_score *scores)
{
    double k = mg_measure_k(c->request),
           *people = mg_arena_array(c->ctx->arena, c->pass->n_groups + 1, sizeof *people);
    size_t n_outcomes = c->plan->study->n_outcomes, variable = c->plan->outcomes[o], n = c->pass->n_groups;
    for (size_t g = 0; g < n; g++) {
        struct mg_outcome_score *score = &scores[g * n_outcomes + o];
        const struct mg_people who = {.m = c->n_by ? c->pass->groups[g].moments : c->pass->m,
                                      .outside = c->n_by ? mg_pass_outside(c->pass, g) : c->pass->outside,
                                      .few = k};
        if (people)
            people[g] = mg_people_with(who.m, variable, variable);
        if (!mg_people_enough(&who, variable, variable))
            hide(score, c->ctx->lang);
    }
    size_t more = people && c->n_by ? mg_people_hide_also(people, n, k) : SIZE_MAX;
    if (more != SIZE_MAX)
        hide(&scores[more * n_outcomes + o], c->ctx->lang);
}

static int count_with_weights(const struct counter *c, size_t o, struct cells *cells, bool *ret_spread,
                              struct mg_error *error)
{
    const struct mg_outcome *outcome = &c->plan->study->outcomes[o];
    bool weighted = c->pass->m2 != NULL;
    size_t n = c->pass->n_groups;
    int rc = count_answers(c, outcome, weighted, cells, error);
    *ret_spread = weighted && rc == MG_E_LIMIT;
    if (!*ret_spread)
        return rc;
    memset(cells, 0, n * sizeof *cells);
    rc = count_answers(c, outcome, false, cells, error);
    for (size_t g = 0; rc == 0 && g < n; g++) {
        const struct mg_moments_group *group = &c->pass->groups[g];
        spread_squares(&cells[g], group->moments, group->moments_squared, c->plan->outcomes[o]);
    }
    return rc;
}

int mg_outcome_scores(struct mg_ctx *ctx, const struct mg_measure_request *request,
                      const struct mg_plan *plan, const struct mg_pass *pass, const char *const *by,
                      size_t n_by, struct mg_outcome_score **ret_scores, struct mg_error *error)
{
    struct counter c = {.ctx = ctx, .request = request, .plan = plan, .pass = pass, .by = by, .n_by = n_by};
    size_t n_outcomes = plan->study->n_outcomes, n = pass->n_groups;
    bool groups = n_by > 0 || request->n_filters > 0 || request->wave; /* filters make groups too */
    if (n_by + 2 > KEYS_MAX)
        return mg_fail(error, MG_E_LIMIT, "At most %d columns can be crossed.", KEYS_MAX - 2);
    int rc = mg_pass_filters(ctx->arena, request, &c.filters, &c.n_filters, error);
    if (rc)
        return rc;
    struct mg_outcome_score *scores = mg_arena_array(ctx->arena, n * n_outcomes + 1, sizeof *scores);
    struct cells *cells = mg_arena_array(ctx->arena, n + 1, sizeof *cells);
    if (!scores || !cells)
        return mg_fail_memory(error);
    for (size_t o = 0; o < n_outcomes; o++) {
        bool spread = false;
        memset(cells, 0, n * sizeof *cells);
        rc =
            needs_cells(plan->study->outcomes[o].kind) ? count_with_weights(&c, o, cells, &spread, error) : 0;
        for (size_t g = 0; rc == 0 && g < n; g++) {
            struct mg_outcome_score *score = &scores[g * n_outcomes + o];
            rc = estimate(&c, o, g, &cells[g], score, error);
            if (spread && !score->wire.note)
                score->wire.note = mg_tr(ctx->lang, "Interval approximate: too many different weights.");
        }
        if (rc)
            return rc;
        if (groups)
            hide_few(&c, o, scores);
    }
    *ret_scores = scores;
    return 0;
}
