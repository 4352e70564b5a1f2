/* The overview: one pass by wave gives the current wave, the one before and the trend; the finding and the
 * changes are sentences written from these numbers.
 *
 * A change is the difference of the two means shown. Where customers answer more than once, those who
 * answered in both waves count as themselves (mg_gap_change); else the waves are independent samples (Welch).
 * Changes are tested with Holm's correction over all that is compared. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "base/str.h"
#include "column/file.h"
#include "service/measure/defects.h"
#include "service/measure/finding.h"
#include "service/measure/outcome.h"
#include "service/measure/remainder.h"
#include "service/measure/row.h"
#include "service/measure/score_words.h"
#include "stats/dist/dist.h"
#include "stats/dist/holm.h"
#include "wire/say.h"

#define WORST_SHOWN 5
#define CHANGES_SHOWN 6

/* One wave (or, without a wave column, all rows). */
struct wave {
    const char *name;
    const struct mg_moments_group *group;
    const struct mg_moments *own; /* for what is said of it alone */
    size_t g;                     /* its group in the pass */
    const struct mg_outcome_score *scores;
    struct mg_row overall;
    bool shown;
};

struct overview {
    struct mg_ctx *ctx;
    struct mg_measure_request request; /* without the wave: all are needed */
    const struct mg_study *study;
    struct mg_plan *plan;
    struct mg_pass pass;
    struct wave *waves, whole; /* whole: all rows, where they are asked for together */
    size_t n_waves;
    struct wave *now, *before; /* before NULL: none */
    struct mg_row_set rows;    /* of `now`: cells, or items */
    struct mg_wire_kpi *kpis;
    struct mg_wire_overview *wire;
    double level;
    double few;                /* what fewer answered isn't shown; 0 where all of them are everybody */
    struct mg_outside outside; /* of the wave that a context was last made of, with its rest */
    struct mg_moments *rest;   /* NULL: there are no waves */
};

/* Good until the next one is made, as far as rows are hidden. */
static struct mg_row_context context_of(struct overview *o, const struct wave *wave)
{
    bool group = o->rest && wave != &o->whole;
    if (group)
        o->outside = mg_pass_outside(&o->pass, wave->g, o->rest);
    return (struct mg_row_context){.arena = o->ctx->arena,
                                   .plan = o->plan,
                                   .m = wave->own,
                                   .outside = group ? &o->outside : o->pass.outside,
                                   .level = o->level,
                                   .few = o->few,
                                   .lang = o->ctx->lang};
}

/* ---- waves ---- */

static int compare_waves(const void *a, const void *b)
{
    return mg_measure_natural_order(((const struct wave *)a)->name, ((const struct wave *)b)->name);
}

static int collect_waves(struct overview *o, const char *column, struct mg_error *error)
{
    struct mg_outcome_score *scores;
    int rc = mg_outcome_scores(o->ctx, &o->request, o->plan, &o->pass, column ? 1 : 0, o->request.all_waves,
                               &scores, error);
    o->waves = mg_arena_array(o->ctx->arena, o->pass.n_groups + 1, sizeof *o->waves);
    o->rest = column ? mg_moments_new_like(o->ctx->arena, o->pass.m) : NULL;
    if (!rc && (!o->waves || (column && !o->rest)))
        rc = mg_fail_memory(error);
    for (size_t g = 0; rc == 0 && g < o->pass.n_groups; g++) {
        const struct mg_moments_group *group = &o->pass.groups[g];
        if (column && !group->keys[0] && o->pass.n_groups > 1)
            continue; /* rows without a wave belong to none; where no row has one, they are the whole */
        struct wave *wave = &o->waves[o->n_waves++];
        *wave = (struct wave){.name = column ? group->keys[0] : NULL,
                              .group = group,
                              .own = mg_pass_own(&o->pass, g),
                              .scores = scores + g * o->study->n_outcomes,
                              .g = g,
                              .shown = mg_people_in(group->moments) >= mg_measure_k(&o->request)};
        struct mg_row_context c = context_of(o, wave);
        rc = mg_row_overall(&c, &wave->overall, error);
    }
    qsort(o->waves, o->n_waves, sizeof *o->waves, compare_waves);
    return rc;
}

/* Beside the whole, a wave of few could be told from all others: then more are hidden. Rows without a wave
 * are such a group too. */
static int hide_remainder(struct overview *o, struct mg_error *error)
{
    const struct mg_row_context whole = context_of(o, &o->whole);
    struct mg_row **rows = mg_arena_array(o->ctx->arena, o->pass.n_groups + 1, sizeof(struct mg_row *));
    for (size_t i = 0; rows && i < o->n_waves; i++)
        if (o->waves[i].shown)
            rows[o->waves[i].g] = &o->waves[i].overall;
    return rows ? mg_remainder_rows(&whole, &o->plan->overall, &o->pass, rows, o->few, error)
                : mg_fail_memory(error);
}

/* All rows as if they were one wave. */
static int choose_whole(struct overview *o, struct mg_error *error)
{
    struct mg_moments_group *group = mg_arena_alloc(o->ctx->arena, sizeof *group);
    if (!group)
        return mg_fail_memory(error);
    *group = (struct mg_moments_group){.moments = (struct mg_moments *)o->pass.m,
                                       .moments_squared = (struct mg_moments *)o->pass.m2};
    if (o->pass.repeated)
        group->people = o->pass.people, group->named = (int64_t)o->pass.m->rows;
    struct mg_pass pass = {
        .m = o->pass.m, .m2 = o->pass.m2, .groups = group, .n_groups = 1, .outside = o->pass.outside};
    struct mg_outcome_score *scores;
    int rc = mg_outcome_scores(o->ctx, &o->request, o->plan, &pass, 0, false, &scores, error);
    if (rc)
        return rc;
    bool shown = o->few <= 0 || mg_people_in(group->moments) >= o->few;
    o->whole = (struct wave){.group = group, .own = o->pass.m, .scores = scores, .shown = shown};
    struct mg_row_context c = context_of(o, &o->whole);
    o->now = &o->whole;
    rc = mg_row_overall(&c, &o->whole.overall, error);
    return rc ? rc : hide_remainder(o, error);
}

/* One that is wanted and has no rows is none; why, the caller finds out. */
static void choose_wave(struct overview *o, const char *wanted)
{
    size_t i = o->n_waves;
    if (wanted)
        for (i = 0; i < o->n_waves && strcmp(o->waves[i].name ? o->waves[i].name : "", wanted) != 0;)
            i++;
    else if (i > 0)
        i--;
    if (i < o->n_waves) {
        o->now = &o->waves[i];
        o->before = i > 0 && o->waves[i - 1].shown ? &o->waves[i - 1] : NULL;
    }
}

/* What the overview is of: the wave that is asked for, else the study's newest, also where filters leave none
 * of its answers: numbers of an older one would be taken for its. */
static int find_wanted(struct overview *o, const char *column, const char *asked, const char **ret,
                       bool *ret_exists, struct mg_error *error)
{
    struct mg_column_value *values = NULL;
    size_t n = 0;
    *ret = asked;
    *ret_exists = false;
    if (!column || !o->request.n_filters)
        return 0;
    int rc = mg_columns_values(&o->ctx->columns, o->ctx->arena, &o->request.source, column, NULL, 0,
                               MG_MEASURE_GROUPS_MAX, &values, &n, error);
    for (size_t i = 0; i < n && !rc; i++) {
        *ret_exists = *ret_exists || (asked && mg_str_equal(values[i].text, asked));
        if (!asked && values[i].text && (!*ret || mg_measure_natural_order(values[i].text, *ret) > 0))
            *ret = values[i].text;
    }
    return rc;
}

static int fail_wave(const char *wanted, struct mg_error *error)
{
    mg_fail(error, MG_E_INVALID, "There is no wave “%s”.", wanted);
    mg_fail_at(error, "wave");
    return MG_E_INVALID;
}

/* ---- differences of two estimates ---- */

static struct mg_gap_change difference_of(struct overview *o, const struct mg_row *now,
                                          const struct mg_row *before, enum mg_gap_side side)
{
    struct mg_row_context was = context_of(o, o->before), is = context_of(o, o->now);
    was.m = o->before->group->moments, is.m = o->now->group->moments; /* the same people may stand in both */
    struct mg_gap_change change;
    if (mg_row_change(&was, before, &is, now, side, &change, NULL))
        change = (struct mg_gap_change){.value = NAN, .low = NAN, .high = NAN, .p = NAN};
    return change;
}

static enum mg_wire_kpi_change_verdict judge(const struct mg_gap_change *d, double margin, double level,
                                             bool lower_is_better)
{
    if (!isfinite(d->low) || !isfinite(d->high))
        return MG_WIRE_KPI_CHANGE_VERDICT_UNKNOWN;
    if (d->high < 0 || d->low > 0)
        return (d->low > 0) == lower_is_better ? MG_WIRE_KPI_CHANGE_VERDICT_WORSE
                                               : MG_WIRE_KPI_CHANGE_VERDICT_BETTER;
    return mg_gap_equivalence(d->value, d->se, d->df, margin) < 1 - level
               ? MG_WIRE_KPI_CHANGE_VERDICT_SMALL
               : MG_WIRE_KPI_CHANGE_VERDICT_INCONCLUSIVE;
}

/* ---- key figures ---- */

static enum mg_wire_kpi_change_verdict neutral(enum mg_wire_kpi_change_verdict verdict)
{
    if (verdict == MG_WIRE_KPI_CHANGE_VERDICT_BETTER)
        return MG_WIRE_KPI_CHANGE_VERDICT_HIGHER;
    return verdict == MG_WIRE_KPI_CHANGE_VERDICT_WORSE ? MG_WIRE_KPI_CHANGE_VERDICT_LOWER : verdict;
}

static void set_change(struct overview *o, struct mg_wire_kpi *kpi, const struct mg_gap_change *d,
                       double margin)
{
    kpi->change = mg_wire_estimate_new(o->ctx->arena, d->value, d->low, d->high, NAN);
    kpi->change_verdict =
        judge(d, margin, o->level, kpi->has_better && kpi->better == MG_WIRE_KPI_BETTER_LOWER);
    if (kpi->kind == MG_WIRE_KPI_KIND_EXPECTATION) /* people expect more: neither good nor bad */
        kpi->change_verdict = neutral(kpi->change_verdict);
    kpi->has_change_verdict = true;
    kpi->previous_wave = o->before->name;
}

static const char *no_change(const struct overview *o)
{
    return mg_tr(o->ctx->lang, "The wave before has no such figure, so there is no change to tell.");
}

/* The whole's expectation, perception or gap. */
static void put_level(struct overview *o, const char *code, struct mg_wire_text label,
                      enum mg_wire_kpi_kind kind, enum mg_gap_side side, const struct mg_wire_estimate *now)
{
    if (!now)
        return;
    struct mg_wire_kpi *kpi = &o->kpis[o->wire->n_kpis++];
    *kpi = (struct mg_wire_kpi){.code = code,
                                .label = label,
                                .kind = kind,
                                .has_kind = true,
                                .n = o->now->overall.wire.n,
                                .estimate = *now,
                                .formula = MG_FORMULA_GAP};
    if (!o->before)
        return;
    struct mg_gap_change d = difference_of(o, &o->now->overall, &o->before->overall, side);
    struct mg_row_context c = context_of(o, o->now);
    if (isfinite(d.value))
        set_change(o, kpi, &d, mg_row_margin(&c, &o->now->overall));
    else
        kpi->note = no_change(o);
}

static void add_note(struct overview *o, struct mg_wire_kpi *kpi, const char *note)
{
    kpi->note = kpi->note ? mg_arena_printf(o->ctx->arena, "%s %s", kpi->note, note) : note;
}

static void put_outcome_change(struct overview *o, struct mg_wire_kpi *kpi, const struct mg_score *before,
                               const struct mg_score *now)
{
    struct mg_change change;
    if (!before->formula || mg_score_change(before, now, o->level, &change, NULL)) {
        add_note(o, kpi, no_change(o));
        return;
    }
    const struct mg_gap_change d = {
        .value = change.value, .se = change.se, .low = change.low, .high = change.high, .df = change.df};
    set_change(o, kpi, &d, NAN); /* nobody has said what is little for a score */
    if (!(change.se > 0))
        add_note(o, kpi,
                 mg_tr(o->ctx->lang, "In each of the two waves every answer counts the same: the change has "
                                     "no interval."));
}

static void put_outcome(struct overview *o, size_t i)
{
    const struct mg_outcome_score *now = &o->now->scores[i];
    struct mg_wire_kpi *kpi = &o->kpis[o->wire->n_kpis++];
    static const enum mg_wire_kpi_kind kinds[] = {
        [MG_WIRE_SCORE_KIND_NPS] = MG_WIRE_KPI_KIND_NPS,
        [MG_WIRE_SCORE_KIND_CSAT] = MG_WIRE_KPI_KIND_CSAT,
        [MG_WIRE_SCORE_KIND_CES] = MG_WIRE_KPI_KIND_CES,
        [MG_WIRE_SCORE_KIND_INDEX] = MG_WIRE_KPI_KIND_INDEX,
        [MG_WIRE_SCORE_KIND_BINARY] = MG_WIRE_KPI_KIND_BINARY,
    };
    *kpi = (struct mg_wire_kpi){.code = now->wire.code,
                                .label = now->wire.label,
                                .kind = kinds[now->wire.kind],
                                .has_kind = true,
                                .n = now->wire.n,
                                .estimate = now->wire.estimate,
                                .note = now->wire.note};
    mg_score_describe_kpi(&now->wire, kpi);
    if (o->before && now->stat.formula)
        put_outcome_change(o, kpi, &o->before->scores[i].stat, &now->stat);
}

static int put_kpis(struct overview *o, struct mg_error *error)
{
    o->wire->kpis = o->kpis = mg_arena_array(o->ctx->arena, 3 + o->study->n_outcomes, sizeof *o->kpis);
    if (!o->kpis)
        return mg_fail_memory(error);
    const struct mg_wire_gap_row *now = &o->now->overall.wire;
    put_level(o, "expectation", mg_wire_say(o->ctx->arena, NULL, "Expected"), MG_WIRE_KPI_KIND_EXPECTATION,
              MG_GAP_EXPECTED, now->expectation);
    put_level(o, "perception", mg_wire_say(o->ctx->arena, NULL, "Perceived"), MG_WIRE_KPI_KIND_PERCEPTION,
              MG_GAP_PERCEIVED, now->perception);
    put_level(o, "gap", mg_wire_say(o->ctx->arena, NULL, "Gap"), MG_WIRE_KPI_KIND_GAP, MG_GAP_DIFFERENCE,
              now->gap);
    for (size_t i = 0; i < o->study->n_outcomes; i++)
        put_outcome(o, i);
    return 0;
}

/* ---- the worst, and what changed ---- */

static bool by_cells(const struct overview *o)
{
    return o->plan->n_cells > 1;
}

static int estimate_parts(struct overview *o, const struct wave *wave, struct mg_row_set *ret,
                          struct mg_error *error)
{
    struct mg_row_context c = context_of(o, wave);
    int rc = by_cells(o) ? mg_row_set(&c, o->plan->cells, o->plan->n_cells, ret, error)
                         : mg_row_set(&c, o->plan->items, o->plan->n_items, ret, error);
    return rc;
}

static int put_worst(struct overview *o, struct mg_error *error)
{
    int rc = estimate_parts(o, o->now, &o->rows, error);
    if (rc)
        return rc;
    o->wire->worst = mg_row_worst_first(o->ctx->arena, &o->rows);
    if (!o->wire->worst)
        return mg_fail_memory(error);
    o->wire->n_worst = o->rows.n < WORST_SHOWN ? o->rows.n : WORST_SHOWN;
    o->wire->worst_kind = by_cells(o) ? MG_WIRE_OVERVIEW_WORST_KIND_CELL : MG_WIRE_OVERVIEW_WORST_KIND_ITEM;
    o->wire->has_worst_kind = true;
    o->wire->finding = mg_finding_of_rows(o->ctx->arena, o->wire->worst, o->rows.n, &o->wire->finding_code);
    return 0;
}

/* A gap is on one side of what was expected, and then of a size, or it has changed sides. */
static struct mg_wire_text gap_sentence(struct mg_arena *arena, const struct mg_wire_text *label,
                                        double before, double now)
{
    char from[MG_NUMBER_BYTES], to[MG_NUMBER_BYTES];
    mg_format_number(before, 2, true, from);
    mg_format_number(now, 2, true, to);
    if (before <= 0 && now <= 0)
        return now < before ? mg_wire_say(arena, label, "{}: the gap widened from %s to %s.", from, to)
                            : mg_wire_say(arena, label, "{}: the gap narrowed from %s to %s.", from, to);
    if (before >= 0 && now >= 0)
        return now > before
                   ? mg_wire_say(arena, label, "{}: the lead over expectation rose from %s to %s.", from, to)
                   : mg_wire_say(arena, label, "{}: the lead over expectation fell from %s to %s.", from, to);
    return mg_wire_say(arena, label, "{}: the gap turned from %s to %s.", from, to);
}

static struct mg_wire_text rating_sentence(struct mg_arena *arena, const struct mg_wire_text *label,
                                           double before, double now)
{
    return now > before ? mg_wire_say(arena, label, "{}: the rating rose from %.2f to %.2f.", before, now)
                        : mg_wire_say(arena, label, "{}: the rating fell from %.2f to %.2f.", before, now);
}

static int compare_changes(const void *a, const void *b)
{
    double x = fabs(((const struct mg_wire_change *)a)->change->value);
    double y = fabs(((const struct mg_wire_change *)b)->change->value);
    return x > y ? -1 : x < y;
}

/* What of a part is compared: its gap where both waves have one, else what both perceived. */
struct compared {
    const struct mg_wire_estimate *now, *before;
    struct mg_gap_change difference;
    bool gaps;
};

static struct compared compare_rows(struct overview *o, const struct mg_row *now, const struct mg_row *before)
{
    bool gaps = now->wire.gap && before->wire.gap;
    struct compared c = {.now = gaps ? now->wire.gap : now->wire.perception,
                         .before = gaps ? before->wire.gap : before->wire.perception,
                         .gaps = gaps};
    c.difference = difference_of(o, now, before, gaps ? MG_GAP_DIFFERENCE : MG_GAP_PERCEIVED);
    return c;
}

static struct mg_wire_change change_of(const struct overview *o, const struct mg_row *row,
                                       const struct compared *c)
{
    struct mg_arena *arena = o->ctx->arena;
    const struct mg_gap_change *d = &c->difference;
    return (struct mg_wire_change){
        .kind = by_cells(o) ? MG_WIRE_CHANGE_KIND_CELL : MG_WIRE_CHANGE_KIND_ITEM,
        .row = row->wire,
        .before = c->before,
        .change = mg_wire_estimate_new(arena, d->value, d->low, d->high, NAN),
        .verdict = d->value > 0 ? MG_WIRE_CHANGE_VERDICT_BETTER : MG_WIRE_CHANGE_VERDICT_WORSE,
        .sentence = c->gaps ? gap_sentence(arena, &row->wire.label, c->before->value, c->now->value)
                            : rating_sentence(arena, &row->wire.label, c->before->value, c->now->value),
    };
}

static int put_changes(struct overview *o, struct mg_error *error)
{
    struct mg_row_set before;
    size_t n = o->rows.n, used = 0;
    int rc = o->before ? estimate_parts(o, o->before, &before, error) : 0;
    if (rc || !o->before)
        return rc;
    struct compared *compared = mg_arena_array(o->ctx->arena, n + 1, sizeof *compared);
    double *p = mg_arena_array(o->ctx->arena, 2 * n + 1, sizeof *p);
    struct mg_wire_change *changes = mg_arena_array(o->ctx->arena, n + 1, sizeof *changes);
    if (!compared || !p || !changes)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        compared[i] = compare_rows(o, &o->rows.rows[i], &before.rows[i]);
        p[i] = compared[i].difference.p;
    }
    mg_holm(p, n, p + n);
    for (size_t i = 0; i < n; i++)
        if (p[n + i] < 1 - o->level)
            changes[used++] = change_of(o, &o->rows.rows[i], &compared[i]);
    qsort(changes, used, sizeof *changes, compare_changes);
    o->wire->changes = changes;
    o->wire->n_changes = used < CHANGES_SHOWN ? used : CHANGES_SHOWN;
    return 0;
}

/* ---- trend and head ---- */

static int put_trend(struct overview *o, struct mg_error *error)
{
    struct mg_wire_trend_point *points = mg_arena_array(o->ctx->arena, o->n_waves + 1, sizeof *points);
    struct mg_wire_event *events = mg_arena_array(o->ctx->arena, o->study->n_events + 1, sizeof *events);
    struct mg_wire_score *scores =
        mg_arena_array(o->ctx->arena, o->n_waves * o->study->n_outcomes + 1, sizeof *scores);
    if (!points || !events || !scores)
        return mg_fail_memory(error);
    for (size_t i = 0; i < o->study->n_events; i++)
        events[i] = (struct mg_wire_event){.wave = o->study->events[i].wave,
                                           .label = mg_wire_text_of(&o->study->events[i].label, NULL)};
    o->wire->events = events;
    o->wire->n_events = o->study->n_events;
    o->wire->trend = points;
    for (size_t i = 0; i < o->n_waves && o->waves[i].name; i++) {
        const struct wave *wave = &o->waves[i];
        struct mg_wire_trend_point *point = &points[o->wire->n_trend++];
        *point = (struct mg_wire_trend_point){.wave = wave->name, .n = (int64_t)wave->group->moments->rows};
        if (!wave->shown)
            continue;
        point->expectation = wave->overall.wire.expectation;
        point->perception = wave->overall.wire.perception;
        point->gap = wave->overall.wire.gap;
        point->scores = scores + i * o->study->n_outcomes;
        point->n_scores = o->study->n_outcomes;
        for (size_t k = 0; k < o->study->n_outcomes; k++)
            scores[i * o->study->n_outcomes + k] = wave->scores[k].wire;
    }
    return 0;
}

/* How many gave the responses, where some gave several; −1: nobody did, or nobody knows. */
static int64_t givers_of(const struct overview *o)
{
    const struct mg_moments_group *group = o->now ? o->now->group : NULL;
    if (!group || !o->now->shown || group->people >= group->named)
        return -1;
    return group->people + (int64_t)group->moments->rows - group->named;
}

/* "282 responses from 94 customers" */
static struct mg_wire_text responses_of(struct overview *o, int64_t rows)
{
    int64_t people = givers_of(o);
    char n[MG_NUMBER_BYTES], given[MG_NUMBER_BYTES];
    mg_format_count(rows, n);
    mg_format_count(people, given);
    o->wire->has_people = people >= 0;
    o->wire->people = o->wire->has_people ? people : 0;
    return people < 0 ? mg_wire_say(o->ctx->arena, NULL, "%s ‹response|responses›", n)
                      : mg_wire_say(o->ctx->arena, NULL,
                                    "%s ‹response|responses› from %s ‹customer|customers›", n, given);
}

static void put_basis(struct overview *o)
{
    struct mg_arena *arena = o->ctx->arena;
    const struct mg_moments *m = o->now ? o->now->group->moments : NULL;
    double rows = m ? m->rows : 0;
    bool both = m && o->plan->any_pair != MG_PART_NONE && o->now->shown &&
                !(o->now->overall.stat.flags & MG_GAP_UNPAIRED);
    int64_t pairs = both ? (int64_t)mg_moments_count(m, o->plan->any_pair, o->plan->any_pair) : -1;
    int64_t overall = both && o->now->overall.wire.gap ? o->now->overall.wire.n : pairs;
    o->wire->n = (int64_t)rows;
    o->wire->has_n = true;
    double percent = 100 * o->level;
    const struct mg_wire_text given = responses_of(o, (int64_t)rows);
    char paired[MG_NUMBER_BYTES], enough[MG_NUMBER_BYTES];
    mg_format_count(pairs, paired);
    mg_format_count(overall, enough);
    if (pairs < 0)
        o->wire->basis = mg_wire_say(arena, &given, "{}; %g%% intervals", percent);
    else if (overall >= pairs)
        o->wire->basis =
            mg_wire_say(arena, &given, "{}, %s of them with both expectation and perception; %g%% intervals",
                        paired, percent);
    else
        o->wire->basis =
            mg_wire_say(arena, &given,
                        "{}, %s of them with both expectation and perception; the overall figures are those "
                        "of %s with both of at least %zu of the %zu items; %g%% intervals",
                        paired, enough, mg_plan_least(o->plan), mg_plan_pairs(o->plan), percent);
}

static void put_head(struct overview *o)
{
    struct mg_wire_overview *w = o->wire;
    w->study = o->study->code;
    w->title = mg_wire_text_of(&o->study->title, o->study->code);
    w->simulated = o->study->simulated, w->has_simulated = true;
    w->ci = o->level;
    w->wave = o->now ? o->now->name : NULL;
    w->previous_wave = o->before ? o->before->name : NULL;
    w->scale =
        (struct mg_wire_scale){.min = o->study->items[0].scale.min, .max = o->study->items[0].scale.max};
    for (size_t i = 1; i < o->study->n_items; i++) {
        w->scale.min = fmin(w->scale.min, o->study->items[i].scale.min);
        w->scale.max = fmax(w->scale.max, o->study->items[i].scale.max);
    }
}

/* Nothing to show: no rows, or too few in this wave. The page still opens and says so. */
static void put_nothing(struct overview *o)
{
    struct mg_arena *arena = o->ctx->arena;
    double k = mg_measure_k(&o->request);
    const struct mg_wire_weights_left_out *weights = o->wire->weights_left_out;
    if (!o->now && weights) {
        o->wire->finding = mg_wire_say(
            arena, NULL, "Nothing is shown: not one of the %lld responses has a weight that counts.",
            (long long)weights->rows);
        return;
    }
    if (!o->now && o->wire->wave) {
        const struct mg_wire_text wave = {.en = o->wire->wave, .zh_cn = o->wire->wave};
        o->wire->finding = mg_wire_say(arena, &wave, "None of those selected answered in wave “{}”.");
        return;
    }
    o->wire->finding =
        o->now ? mg_wire_say(arena, NULL, "Fewer than %g people answered: nothing is shown yet.", k)
               : mg_finding_of_rows(arena, NULL, 0, &o->wire->finding_code);
}

int mg_measure_overview(struct mg_ctx *ctx, const struct mg_measure_request *request,
                        struct mg_wire_overview *ret, struct mg_error *error)
{
    struct mg_wire_overview wire = {0};
    struct overview o = {.ctx = ctx,
                         .request = *request,
                         .study = request->study,
                         .wire = &wire,
                         .level = mg_measure_level(request)};
    o.request.wave = NULL;
    const char *column = mg_measure_wave_column(request);
    o.few = column || request->n_filters ? mg_measure_k(request) : 0;
    int rc = mg_pass_plan(ctx, &o.request, MG_PLAN_CELLS | MG_PLAN_OUTCOMES, column ? &column : NULL,
                          column ? 1 : 0, &o.plan, &o.pass, error);
    if (!rc)
        rc = mg_pass_add_outside(ctx, &o.request, o.plan, column ? &column : NULL, column ? 1 : 0, &o.pass,
                                 error);
    if (!rc && o.pass.m->rows > 0)
        rc = collect_waves(&o, column, error);
    bool whole = request->all_waves && o.pass.m->rows > 0;
    if (!rc && whole)
        rc = choose_whole(&o, error);
    if (rc)
        return rc;
    const char *wanted = NULL;
    bool exists = false;
    if (!whole)
        rc = find_wanted(&o, column, request->wave, &wanted, &exists, error);
    if (rc)
        return rc;
    if (!whole)
        choose_wave(&o, wanted);
    put_head(&o);
    if (!o.now && (exists || !request->wave))
        wire.wave = wanted;
    put_basis(&o);
    struct mg_measure_request shown = o.request;
    shown.wave = o.now ? o.now->name : wanted;
    rc = mg_defects_add_weights(ctx, &shown, &wire.basis, &wire.weights_left_out, error);
    if (!rc && !o.now && request->wave && !exists &&
        !wire.weights_left_out) /* else its weights don't count */
        rc = fail_wave(request->wave, error);
    if (!rc && o.now && o.now->shown)
        rc = mg_defects_warnings(ctx->arena, o.plan, o.now->group->moments, &wire.warnings, &wire.n_warnings,
                                 error);
    if (!rc)
        rc = put_trend(&o, error);
    if (!rc && o.now && o.now->shown) {
        rc = put_kpis(&o, error);
        if (!rc)
            rc = put_worst(&o, error);
        if (!rc)
            rc = put_changes(&o, error);
    } else if (!rc) {
        put_nothing(&o);
    }
    if (!rc)
        *ret = wire;
    return rc;
}
