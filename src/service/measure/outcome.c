/* Outcome scores: the mean of an outcome's variable, or of how many cuts its answers reach, in one group
 * after the other. */
#include "service/measure/outcome.h"

#include <math.h>
#include <string.h>

#include "service/measure/people.h"
#include "service/measure/remainder.h"
#include "service/measure/row.h"
#include "service/measure/score_words.h"

struct scoring {
    struct mg_ctx *ctx;
    const struct mg_measure_request *request;
    const struct mg_plan *plan;
    const struct mg_pass *pass;
    size_t n_by;
    struct mg_moments *work; /* with n_by: the rest of a group */
};

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

static const struct mg_moments *moments_of(const struct scoring *s, size_t g)
{
    return s->n_by ? s->pass->groups[g].moments : s->pass->m;
}

/* The score, and the shares shown with it, which may be the same. */
static int estimate_both(const struct mg_outcome *outcome, const struct mg_moments *m, size_t variable,
                         size_t top, double level, struct mg_score *ret, struct mg_score *ret_top,
                         struct mg_error *error)
{
    const struct mg_score_rule rule = mg_score_rule(outcome), shares = mg_score_top_rule(outcome);
    bool same = shares.formula && strcmp(rule.formula, shares.formula) == 0;
    int rc = shares.formula ? mg_score_estimate(&shares, m, top, level, ret_top, error) : 0;
    if (!rc && same)
        *ret = *ret_top;
    else if (!rc)
        rc = mg_score_estimate(&rule, m, variable, level, ret, error);
    return rc;
}

/* The score of one outcome in one group. */
static int estimate(const struct scoring *s, size_t o, size_t g, struct mg_outcome_score *ret,
                    struct mg_error *error)
{
    const struct mg_outcome *outcome = &s->plan->study->outcomes[o];
    const struct mg_moments *m = s->n_by ? mg_pass_own(s->pass, g) : s->pass->m;
    size_t variable = s->plan->outcomes[o];
    struct mg_score top = {0};
    struct mg_error why = {.lang = s->ctx->lang};
    *ret = (struct mg_outcome_score){0};
    ret->wire.code = outcome->code;
    ret->wire.label = mg_wire_text_of(&outcome->label, outcome->code);
    ret->wire.kind = wire_kind(outcome->kind);
    mg_score_describe(s->ctx->arena, outcome, &ret->wire);
    int rc = estimate_both(outcome, m, variable, s->plan->tops[o], mg_measure_level(s->request), &ret->stat,
                           &top, &why);
    if (rc == MG_E_INESTIMABLE || rc == MG_E_INVALID) { /* invalid: answers that the score can't be made of */
        ret->stat = (struct mg_score){0};
        ret->wire.n = (int64_t)mg_moments_count(m, variable, variable);
        ret->wire.estimate = (struct mg_wire_estimate){.value = NAN, .low = NAN, .high = NAN};
        ret->wire.note = mg_arena_strdup(s->ctx->arena, why.message);
        return 0;
    }
    if (rc) {
        *error = why;
        return rc;
    }
    ret->stat.m = moments_of(s, g); /* for changes: its people may stand in other groups too */
    fill_wire(ret, &top, mg_moments_mean(m, variable, variable));
    ret->wire.note = mg_score_note(s->ctx->arena, &ret->wire, &ret->stat, s->ctx->lang);
    return 0;
}

void mg_outcome_hide(struct mg_outcome_score *score, enum mg_hidden why, enum mg_lang lang)
{
    struct mg_wire_score w = score->wire;
    w.estimate = (struct mg_wire_estimate){.value = NAN, .low = NAN, .high = NAN};
    w.has_mean = w.has_top = w.has_bottom = false;
    w.note = mg_people_hidden(why, lang);
    *score = (struct mg_outcome_score){.wire = w};
}

/* Of one group; also where those outside it would be told. */
static void hide_few(const struct scoring *s, size_t g, struct mg_outcome_score *scores)
{
    struct mg_outside outside;
    struct mg_people who = {
        .m = moments_of(s, g), .outside = s->pass->outside, .few = mg_measure_k(s->request)};
    if (s->n_by) {
        outside = mg_pass_outside(s->pass, g, s->work);
        who.outside = &outside;
    }
    for (size_t o = 0; o < s->plan->study->n_outcomes; o++) {
        size_t variable = s->plan->outcomes[o];
        bool few = mg_people_with(who.m, variable, variable) < who.few;
        if (!mg_people_enough(&who, variable, variable))
            mg_outcome_hide(&scores[o], few ? MG_HIDDEN_FEW : MG_HIDDEN_FOR_OTHERS, s->ctx->lang);
    }
}

int mg_outcome_scores(struct mg_ctx *ctx, const struct mg_measure_request *request,
                      const struct mg_plan *plan, const struct mg_pass *pass, size_t n_by, bool beside_whole,
                      struct mg_outcome_score **ret_scores, struct mg_error *error)
{
    const struct scoring s = {.ctx = ctx,
                              .request = request,
                              .plan = plan,
                              .pass = pass,
                              .n_by = n_by,
                              .work = n_by ? mg_moments_new_like(ctx->arena, pass->m) : NULL};
    size_t n_outcomes = plan->study->n_outcomes, n = pass->n_groups;
    bool groups = n_by > 0 || request->n_filters > 0 || request->wave; /* filters make groups too */
    struct mg_outcome_score *scores = mg_arena_array(ctx->arena, n * n_outcomes + 1, sizeof *scores);
    if (!scores || (n_by && !s.work))
        return mg_fail_memory(error);
    for (size_t g = 0; g < n; g++) {
        for (size_t o = 0; o < n_outcomes; o++) {
            int rc = estimate(&s, o, g, &scores[g * n_outcomes + o], error);
            if (rc)
                return rc;
        }
        if (groups)
            hide_few(&s, g, scores + g * n_outcomes);
    }
    for (size_t o = 0; beside_whole && n_by && o < n_outcomes; o++) {
        int rc = mg_remainder_scores(ctx, pass, plan->outcomes[o], scores + o, n_outcomes,
                                     mg_measure_k(request), error);
        if (rc)
            return rc;
    }
    *ret_scores = scores;
    return 0;
}
