/* See defects.h. Under the listwise rule the pass has no strays, since its filters leave their rows out: they
 * are counted in a pass of their own. */
#include "service/measure/defects.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "column/file.h"
#include "model/answer.h"
#include "wire/say.h"

#define VALUES_MAX 1000 /* different values of a column that are looked through for strays */
#define NOTES_ALL (2 * MG_DEFECTS_COLUMNS_MAX + 8) /* at most two a column */
#define WARNINGS_MAX 12

struct finder {
    struct mg_ctx *ctx;
    const struct mg_measure_request *request;
    const struct mg_plan *plan;
    const struct mg_moments *m;
    const struct mg_filter *filters;
    size_t n_filters;
    struct mg_wire_stray *strays;
    size_t n_strays, n_more; /* more: columns that aren't listed */
    struct mg_wire_text *notes;
    size_t n_notes;
    struct mg_defects *ret;
};

static void add_note(struct finder *f, struct mg_wire_text note)
{
    if (f->n_notes < NOTES_ALL && note.en && note.zh_cn)
        f->notes[f->n_notes++] = note;
}

/* ---- strays ---- */

/* The rule that made the plan's column of this name; false: none, it is told by its text. */
static bool rule_of(const struct mg_study *study, const char *column, struct mg_answer_rule *ret)
{
    for (size_t i = 0; i < study->n_items; i++) {
        const struct mg_item *item = &study->items[i];
        bool importance = mg_str_equal(item->importance, column);
        if (!importance && !mg_str_equal(item->expectation, column) &&
            !mg_str_equal(item->perception, column) && !mg_str_equal(item->adequate, column))
            continue;
        bool expected = mg_str_equal(item->expectation, column) || mg_str_equal(item->adequate, column);
        const struct mg_scale *scale = importance ? &item->importance_scale
                                       : expected ? mg_item_expectation_scale(item)
                                                  : &item->scale;
        *ret = mg_answer_rule_of_item(study, scale, false);
        return true;
    }
    for (size_t i = 0; i < study->n_outcomes; i++)
        if (mg_str_equal(study->outcomes[i].column, column) && !study->outcomes[i].positive) {
            *ret = mg_answer_rule_of_outcome(study, &study->outcomes[i]);
            return true;
        }
    return false;
}

static struct mg_wire_text reason_of(struct mg_arena *arena, enum mg_answer answer,
                                     const struct mg_scale *scale)
{
    char en[200], zh[200];
    mg_answer_explain(answer, scale, MG_LANG_EN, en, sizeof en);
    mg_answer_explain(answer, scale, MG_LANG_ZH, zh, sizeof zh);
    return (struct mg_wire_text){mg_arena_strdup(arena, en), mg_arena_strdup(arena, zh)};
}

/* The rows that the pass counted strays in: those with a weight, where there are any. */
static size_t choose_rows(const struct finder *f, const char *column, const struct mg_answer_rule *rule,
                          struct mg_filter *ret)
{
    const char *weight = mg_measure_weight(f->request);
    size_t n = 0;
    for (; n < f->n_filters; n++)
        ret[n] = f->filters[n];
    ret[n++] = (struct mg_filter){.column = column,
                                  .op = MG_FILTER_OUTSIDE,
                                  .low = rule->scale.min,
                                  .high = rule->scale.max,
                                  .step = rule->scale.step};
    if (weight)
        ret[n++] = (struct mg_filter){
            .column = weight, .op = MG_FILTER_BETWEEN, .low = DBL_TRUE_MIN, .high = MG_WEIGHT_MAX};
    return n;
}

static int list_examples(struct finder *f, const char *column, const struct mg_answer_rule *rule,
                         struct mg_wire_stray *stray, struct mg_error *error)
{
    struct mg_arena *arena = f->ctx->arena;
    struct mg_filter *filters = mg_arena_array(arena, f->n_filters + 2, sizeof *filters);
    struct mg_wire_stray_value *examples = mg_arena_array(arena, MG_DEFECTS_EXAMPLES, sizeof *examples);
    struct mg_column_value *values;
    size_t n = 0, n_examples = 0;
    if (!filters || !examples)
        return mg_fail_memory(error);
    size_t n_filters = choose_rows(f, column, rule, filters);
    int rc = mg_columns_values(&f->ctx->columns, arena, &f->request->source, column, filters, n_filters,
                               VALUES_MAX, &values, &n, error);
    for (size_t i = 0; i < n && !rc && n_examples < MG_DEFECTS_EXAMPLES; i++) {
        double number;
        enum mg_answer answer = mg_answer_of_text(rule, values[i].text, &number);
        if (mg_answer_is_stray(answer))
            examples[n_examples++] =
                (struct mg_wire_stray_value){.value = values[i].text,
                                             .n = values[i].n,
                                             .row = values[i].row,
                                             .has_row = values[i].row > 0,
                                             .reason = reason_of(arena, answer, &rule->scale)};
    }
    stray->examples = examples;
    stray->n_examples = n_examples;
    return rc;
}

static int compare_strays(const void *a, const void *b)
{
    const struct mg_wire_stray *x = a, *y = b;
    return (x->n < y->n) - (x->n > y->n);
}

static bool is_listed(const struct finder *f, const char *column)
{
    for (size_t i = 0; i < f->n_strays; i++)
        if (mg_str_equal(f->strays[i].column, column))
            return true;
    return false;
}

static int list_strays(struct finder *f, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < f->plan->n_answers && !rc; i++) {
        const char *column = f->plan->columns[i];
        struct mg_answer_rule rule;
        double n = f->m->out_of_range[i], given = mg_moments_count(f->m, i, i);
        f->ret->out_of_range += n;
        if (n == 0 || is_listed(f, column) || !rule_of(f->request->study, column, &rule))
            continue;
        if (f->n_strays == MG_DEFECTS_COLUMNS_MAX) {
            f->n_more++;
            continue;
        }
        struct mg_wire_stray *stray = &f->strays[f->n_strays++];
        *stray = (struct mg_wire_stray){.column = column, .n = (int64_t)n, .share = n / (n + given)};
        rc = list_examples(f, column, &rule, stray, error);
    }
    qsort(f->strays, f->n_strays, sizeof *f->strays, compare_strays);
    f->ret->strays = f->strays;
    f->ret->n_strays = f->n_strays;
    return rc;
}

/* “3.7 × 12, from row 1; x × 1, from row 9” */
static const char *examples_text(struct mg_arena *arena, const struct mg_wire_stray *stray, enum mg_lang lang)
{
    char *text = mg_arena_strdup(arena, "");
    for (size_t i = 0; i < stray->n_examples && text; i++) {
        const struct mg_wire_stray_value *v = &stray->examples[i];
        const char *row =
            v->has_row ? mg_arena_printf(arena, mg_tr(lang, ", from row %lld"), (long long)v->row) : "";
        text = mg_arena_printf(arena, "%s%s%s × %lld%s", text, i ? mg_tr(lang, "; ") : "", v->value,
                               (long long)v->n, row ? row : "");
    }
    return mg_str_plain(text);
}

static bool is_suspicious(double n, double share)
{
    return share >= MG_DEFECTS_SUSPICIOUS && n >= MG_DEFECTS_SUSPICIOUS_N;
}

static struct mg_wire_text say_suspicion(struct mg_arena *arena, const char *column, double share)
{
    return mg_wire_say(arena, NULL,
                       "“%s”: %.0f%% of what was answered doesn't fit the scale; probably the scale is "
                       "declared wrong.",
                       column, 100 * share);
}

int mg_defects_warnings(struct mg_arena *arena, const struct mg_plan *plan, const struct mg_moments *m,
                        const struct mg_wire_text **ret, size_t *ret_n, struct mg_error *error)
{
    struct mg_wire_text *warnings = mg_arena_array(arena, WARNINGS_MAX, sizeof *warnings);
    size_t n = 0;
    if (!warnings)
        return mg_fail_memory(error);
    for (size_t i = 0; i < plan->n_answers && n < WARNINGS_MAX; i++) {
        double strays = m->out_of_range[i], share = strays / (strays + mg_moments_count(m, i, i));
        if (strays > 0 && is_suspicious(strays, share))
            warnings[n++] = say_suspicion(arena, plan->columns[i], share);
    }
    *ret = warnings;
    *ret_n = n;
    return 0;
}

static void say_strays(struct finder *f)
{
    struct mg_arena *arena = f->ctx->arena;
    for (size_t i = 0; i < f->n_strays; i++) {
        const struct mg_wire_stray *stray = &f->strays[i];
        const struct mg_wire_text examples = {examples_text(arena, stray, MG_LANG_EN),
                                              examples_text(arena, stray, MG_LANG_ZH)};
        add_note(f, mg_wire_say(arena, &examples,
                                "“%s”: values that are no answers and count as missing: %lld ({}).",
                                stray->column, (long long)stray->n));
        if (is_suspicious((double)stray->n, stray->share))
            add_note(f, say_suspicion(arena, stray->column, stray->share));
    }
    if (f->n_more)
        add_note(f,
                 mg_wire_say(arena, NULL, "More columns with values that are no answers: %zu.", f->n_more));
}

/* ---- weights ---- */

int mg_defects_weights(struct mg_ctx *ctx, const struct mg_measure_request *request,
                       const struct mg_wire_weights_left_out **ret, struct mg_wire_text *ret_note,
                       struct mg_error *error)
{
    const char *column = mg_measure_weight(request);
    struct mg_weight_counts counts;
    const struct mg_filter *filters;
    size_t n_filters;
    *ret = NULL;
    int rc = column ? mg_pass_filters(ctx->arena, request, &filters, &n_filters, error) : 0;
    if (!rc && column)
        rc = mg_columns_weights(&ctx->columns, ctx->arena, &request->source, column, filters, n_filters,
                                &counts, error);
    if (rc || !column)
        return rc;
    int64_t rows = counts.missing + counts.zero + counts.negative + counts.no_number;
    struct mg_wire_weights_left_out *wire = mg_arena_alloc(ctx->arena, sizeof *wire);
    if (!wire)
        return mg_fail_memory(error);
    bool own = request->source.table && request->study->weight; /* the table calls it by a name of its own */
    *wire = (struct mg_wire_weights_left_out){own ? request->study->weight : column,
                                              rows,
                                              counts.missing,
                                              counts.zero,
                                              counts.negative,
                                              counts.no_number};
    *ret_note = mg_wire_say(
        ctx->arena, NULL,
        "Rows left out for their weight: %lld of %lld (missing %lld, zero %lld, negative %lld, no "
        "number %lld).",
        (long long)rows, (long long)counts.rows, (long long)counts.missing, (long long)counts.zero,
        (long long)counts.negative, (long long)counts.no_number);
    *ret = rows ? wire : NULL;
    return 0;
}

int mg_defects_add_weights(struct mg_ctx *ctx, const struct mg_measure_request *request,
                           struct mg_wire_text *basis, const struct mg_wire_weights_left_out **ret,
                           struct mg_error *error)
{
    struct mg_wire_text note;
    int rc = mg_defects_weights(ctx, request, ret, &note, error);
    if (rc || !*ret)
        return rc;
    basis->en = mg_arena_printf(ctx->arena, "%s · %s", basis->en, note.en);
    basis->zh_cn = mg_arena_printf(ctx->arena, "%s · %s", basis->zh_cn, note.zh_cn);
    return basis->en && basis->zh_cn ? 0 : mg_fail_memory(error);
}

static int find_weights(struct finder *f, struct mg_error *error)
{
    struct mg_wire_text note;
    int rc = mg_defects_weights(f->ctx, f->request, &f->ret->weights, &note, error);
    if (!rc && f->ret->weights)
        add_note(f, note);
    return rc;
}

/* ---- repeated ids ---- */

/* “17 in rows 2, 7; 20 in rows 4, 5, 6” */
static const char *repeats_text(struct mg_arena *arena, const struct mg_wire_repeats *repeats,
                                enum mg_lang lang)
{
    char *text = mg_arena_strdup(arena, "");
    for (size_t i = 0; i < repeats->n_examples && text; i++) {
        const struct mg_wire_repeat *r = &repeats->examples[i];
        const char *one = mg_arena_printf(arena, mg_tr(lang, "%s in rows %s"), r->id, r->rows);
        text = mg_arena_printf(arena, "%s%s%s", text, i ? mg_tr(lang, "; ") : "", one ? one : "");
    }
    return mg_str_plain(text);
}

static void say_repeats(struct finder *f, const struct mg_wire_repeats *repeats)
{
    struct mg_arena *arena = f->ctx->arena;
    const struct mg_wire_text list = {repeats_text(arena, repeats, MG_LANG_EN),
                                      repeats_text(arena, repeats, MG_LANG_ZH)};
    add_note(f, mg_wire_say(arena, &list,
                            "“%s” has ids more than once: %lld, in %lld rows ({}); every row counts.",
                            repeats->column, (long long)repeats->ids, (long long)repeats->rows));
    if (repeats->alike)
        add_note(
            f, mg_wire_say(arena, NULL,
                           "Rows that repeat another with the same id in every cell: %lld; they count again.",
                           (long long)repeats->alike));
}

static int find_repeats(struct finder *f, struct mg_error *error)
{
    const char *column = f->request->study->id;
    struct mg_arena *arena = f->ctx->arena;
    struct mg_repeats found;
    if (!column || f->request->source.table)
        return 0;
    int rc = mg_columns_repeats(&f->ctx->columns, arena, &f->request->source, column, MG_DEFECTS_EXAMPLES,
                                &found, error);
    if (rc || found.ids == 0)
        return rc;
    struct mg_wire_repeats *wire = mg_arena_alloc(arena, sizeof *wire);
    struct mg_wire_repeat *examples = mg_arena_array(arena, found.n_first + 1, sizeof *examples);
    if (!wire || !examples)
        return mg_fail_memory(error);
    for (size_t i = 0; i < found.n_first; i++)
        examples[i] = (struct mg_wire_repeat){found.first[i].id, found.first[i].n, found.first[i].rows};
    *wire = (struct mg_wire_repeats){column, found.ids, found.rows, found.alike, examples, found.n_first};
    f->ret->repeats = wire;
    say_repeats(f, wire);
    return 0;
}

/* ---- the whole ---- */

/* The moments of the rows as they are before the listwise rule chooses among them. */
static int count_before_choice(struct finder *f, struct mg_error *error)
{
    struct mg_study *study = mg_arena_alloc(f->ctx->arena, sizeof *study);
    struct mg_measure_request *request = mg_arena_alloc(f->ctx->arena, sizeof *request);
    struct mg_pass pass;
    if (!study || !request)
        return mg_fail_memory(error);
    *study = *f->request->study;
    study->missing_rule = MG_MISSING_PAIRWISE;
    *request = *f->request;
    request->study = study;
    f->request = request;
    int rc = mg_pass_filters(f->ctx->arena, request, &f->filters, &f->n_filters, error);
    if (!rc && f->plan->study->missing_rule == MG_MISSING_LISTWISE) {
        rc = mg_pass_run(f->ctx, request, f->plan, NULL, 0, 0, &pass, error);
        f->m = rc ? NULL : pass.m;
    }
    return rc;
}

int mg_defects_find(struct mg_ctx *ctx, const struct mg_measure_request *request, const struct mg_plan *plan,
                    const struct mg_pass *pass, struct mg_defects *ret, struct mg_error *error)
{
    struct mg_defects found = {0};
    struct finder f = {.ctx = ctx,
                       .request = request,
                       .plan = plan,
                       .m = pass->m,
                       .strays = mg_arena_array(ctx->arena, MG_DEFECTS_COLUMNS_MAX, sizeof *f.strays),
                       .notes = mg_arena_array(ctx->arena, NOTES_ALL, sizeof *f.notes),
                       .ret = &found};
    int rc = f.strays && f.notes ? count_before_choice(&f, error) : mg_fail_memory(error);
    if (!rc)
        rc = list_strays(&f, error);
    if (!rc)
        say_strays(&f);
    if (!rc)
        rc = find_weights(&f, error);
    if (!rc)
        rc = find_repeats(&f, error);
    found.notes = f.notes;
    found.n_notes = f.n_notes;
    if (!rc)
        *ret = found;
    return rc;
}

int mg_defects_check(struct mg_ctx *ctx, const struct mg_measure_request *request, struct mg_defects *ret,
                     struct mg_error *error)
{
    struct mg_plan *plan;
    struct mg_pass pass;
    int rc = mg_plan_new(ctx->arena, request->study, MG_PLAN_IMPORTANCE | MG_PLAN_OUTCOMES, &plan, error);
    if (!rc)
        rc = mg_pass_run(ctx, request, plan, NULL, 0, 0, &pass, error);
    return rc ? rc : mg_defects_find(ctx, request, plan, &pass, ret, error);
}
