/* The gap report. One pass sums all parts (and groups), a second when the two sides turn out to come from
 * different people or to stand alone. Queries beside it count customers, expectations at the top, answers of
 * outcomes and what is none; filters and the bootstrap want a pass of their own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "base/str.h"
#include "column/file.h"
#include "service/measure/ceiling.h"
#include "service/measure/defects.h"
#include "service/measure/gap_report.h"
#include "service/measure/pairing.h"
#include "service/measure/reliability.h"
#include "service/measure/resample.h"
#include "service/measure/room.h"
#include "service/measure/sides.h"
#include "wire/say.h"

#define EFFECTIVE_FEW 30
#define SHARES_DIFFER 0.005 /* as many decimals as gaps are shown with */

void mg_gap_report_note(struct mg_gap_report *r, struct mg_wire_text note)
{
    if (r->n_notes < MG_GAP_NOTES_MAX && note.en && note.zh_cn)
        r->notes[r->n_notes++] = note;
}

/* ---- what to group by ---- */

static const char *column_of(const struct mg_gap_report *r, const char *name)
{
    if (strcmp(name, "wave") == 0 && mg_measure_wave_column(&r->request->base))
        return mg_measure_wave_column(&r->request->base);
    const struct mg_grouping *group = mg_study_find_group(r->study, name);
    return group ? group->column : r->request->any_column ? name : NULL;
}

static int resolve_by(struct mg_gap_report *r, struct mg_error *error)
{
    r->by = mg_arena_array(r->ctx->arena, r->request->n_by + 1, sizeof *r->by);
    if (!r->by)
        return mg_fail_memory(error);
    for (size_t i = 0; i < r->request->n_by; i++) {
        r->by[i] = column_of(r, r->request->by[i]);
        if (!r->by[i]) {
            mg_fail(error, MG_E_INVALID, "The study has no group “%s”.", r->request->by[i]);
            mg_fail_at(error, "by");
            return MG_E_INVALID;
        }
    }
    return 0;
}

/* ---- one pass, or two ---- */

/* A bootstrap needs independent rows, and not too many: else the buckets of the jackknife. */
static bool bootstraps(const struct mg_gap_report *r)
{
    return r->request->boot > 0 && !r->pass.repeated && r->pass.m->rows <= (double)MG_MEASURE_BOOT_ROWS_MAX;
}

#define GROUP_OPTIONS (unsigned)(MG_PLAN_IMPORTANCE | MG_PLAN_OUTCOMES)
#define ALL_OPTIONS (GROUP_OPTIONS | MG_PLAN_CELLS | MG_PLAN_RELIABILITY)

/* The total, and the groups where n_by says so. */
static int run_all(struct mg_gap_report *r, size_t n_by, struct mg_error *error)
{
    const struct mg_measure_request *base = &r->request->base;
    unsigned options = ALL_OPTIONS;
    int rc = 0;
    for (int pass = 0; pass < 2 && !rc; pass++) {
        rc = mg_pass_plan(r->ctx, base, options, r->by, n_by, &r->plan, &r->pass, error);
        if (rc || r->request->boot == 0 || bootstraps(r) || r->plan->options & MG_PLAN_BUCKETS)
            break;
        options |= MG_PLAN_BUCKETS;
    }
    if (!rc)
        rc = mg_pass_add_outside(r->ctx, base, r->plan, r->by, n_by, &r->pass, error);
    r->group_plan = r->plan;
    r->group_pass = r->pass;
    return rc;
}

/* The groups apart, with what is shown of them. */
static int run_groups(struct mg_gap_report *r, struct mg_error *error)
{
    const struct mg_measure_request *base = &r->request->base;
    size_t n_by = r->request->n_by;
    int rc = mg_pass_plan(r->ctx, base, GROUP_OPTIONS, r->by, n_by, &r->group_plan, &r->group_pass, error);
    if (!rc)
        rc = mg_pass_add_outside(r->ctx, base, r->group_plan, r->by, n_by, &r->group_pass, error);
    if (rc)
        return rc;
    if (r->group_plan->spec.n_links && r->group_plan->spec.n_buckets < MG_MOMENTS_BUCKETS_MAX)
        mg_gap_report_note(
            r, mg_wire_say(r->ctx->arena, NULL,
                           "So many groups: their intervals come from a jackknife over %zu buckets, and are "
                           "a little rougher.",
                           r->group_plan->spec.n_buckets));
    return 0;
}

/* Whether the groups have room for all that is summed of the total, as those of most reports; MG_E_LIMIT:
 * they haven't even for what is shown of them. */
static int look_for_room(struct mg_gap_report *r, bool *ret_apart, struct mg_error *error)
{
    const struct mg_measure_request *base = &r->request->base;
    unsigned buckets = mg_measure_customer(base) || mg_measure_weight(base) ? MG_PLAN_BUCKETS : 0;
    size_t n_by = r->request->n_by;
    struct mg_plan *plan;
    int rc = mg_plan_new(r->ctx->arena, r->study, ALL_OPTIONS | buckets, &plan, error);
    if (rc)
        return rc;
    *ret_apart = mg_room_make(r->ctx, base, plan, r->by, n_by, NULL) ||
                 (buckets && plan->spec.n_buckets < MG_MOMENTS_BUCKETS_MAX);
    if (*ret_apart)
        rc = mg_plan_new(r->ctx->arena, r->study, GROUP_OPTIONS | buckets, &plan, error);
    if (*ret_apart && !rc)
        rc = mg_room_make(r->ctx, base, plan, r->by, n_by, error);
    if (rc == MG_E_LIMIT)
        mg_fail_at(error, "by");
    return rc;
}

static int run_passes(struct mg_gap_report *r, struct mg_error *error)
{
    bool apart = false;
    int rc = r->request->n_by ? look_for_room(r, &apart, error) : 0;
    if (!rc)
        rc = run_all(r, apart ? 0 : r->request->n_by, error);
    return rc || !apart ? rc : run_groups(r, error);
}

/* Answers of one side only to items that have both: gaps of pairs leave them out. */
static void note_left_out(struct mg_gap_report *r)
{
    double e = 0, p = 0;
    for (size_t i = 0; i < r->items.n; i++) {
        const struct mg_gap_stat *s = &r->items.rows[i].stat;
        if (!(s->n_both > 0) || s->flags & MG_GAP_OVERLAP)
            continue;
        e += s->n_e - s->n_both;
        p += s->n_p - s->n_both;
    }
    if (e + p > 0)
        mg_gap_report_note(
            r,
            mg_wire_say(
                r->ctx->arena, NULL,
                "Answers with one side only, which gaps of pairs leave out: %.0f ‹expectation|expectations› "
                "and %.0f ‹perception|perceptions› over all items.",
                e, p));
}

static void note_samples(struct mg_gap_report *r)
{
    const struct mg_gap_stat *s = &r->overall.stat;
    struct mg_arena *arena = r->ctx->arena;
    if (r->pass.design == MG_DESIGN_PAIRED)
        note_left_out(r);
    else if (r->pass.design == MG_DESIGN_OVERLAP && s->n_both > 0)
        mg_gap_report_note(
            r, mg_wire_say(arena, NULL,
                           "%.0f answered only expectations, %.0f only perceptions, %.0f both: all of them "
                           "count (partially overlapping samples).",
                           s->n_e - s->n_both, s->n_p - s->n_both, s->n_both));
    else if (r->pass.design == MG_DESIGN_UNPAIRED && r->pass.repeated)
        mg_gap_report_note(
            r, mg_wire_say(arena, NULL,
                           "Expectations and perceptions stand in different responses: each side's own "
                           "mean."));
    else if (r->pass.design == MG_DESIGN_UNPAIRED)
        mg_gap_report_note(
            r, mg_wire_say(
                   arena, NULL,
                   "Expectations and perceptions come from different people: Welch's t for two samples."));
}

/* Why the dimensions' gaps times their shares aren't the whole. */
static void note_shares(struct mg_gap_report *r)
{
    double sum = 0;
    for (size_t d = 0; d < r->dimensions.n; d++) {
        const struct mg_row *row = &r->dimensions.rows[d];
        sum += row->wire.has_weight && row->wire.gap ? row->wire.weight * row->stat.gap : 0;
    }
    char shares[MG_NUMBER_BYTES];
    mg_format_number(sum, 2, true, shares);
    bool whole = r->overall.wire.gap && r->dimensions.n > 1 && !r->plan->weighted_overall;
    if (whole && fabs(sum - r->overall.stat.gap) >= SHARES_DIFFER)
        mg_gap_report_note(
            r,
            mg_wire_say(r->ctx->arena, NULL,
                        "The overall gap is the mean of each response's own mean, so that where answers are "
                        "missing the dimensions' gaps by their weights (%s) don't add up to it.",
                        shares));
}

/* Who stands behind the whole, where that isn't everybody with a pair. */
static void note_whole(struct mg_gap_report *r)
{
    const struct mg_wire_gap_row *w = &r->overall.wire;
    const struct mg_moments *m = r->pass.m;
    if (!w->gap || !w->has_n_both || r->overall.stat.flags & (MG_GAP_UNPAIRED | MG_GAP_OVERLAP))
        return;
    double pairs = mg_moments_count(m, r->plan->any_pair, r->plan->any_pair), least = INFINITY, most = 0;
    for (size_t d = 0; d < r->dimensions.n; d++) {
        double n = r->dimensions.rows[d].wire.has_weight ? r->dimensions.rows[d].stat.n : NAN;
        least = fmin(least, n), most = fmax(most, n);
    }
    if (r->plan->weighted_overall && least < pairs)
        mg_gap_report_note(r, mg_wire_say(r->ctx->arena, NULL,
                                          "The overall figures rest on %.0f ‹response|responses› with a "
                                          "pair, each dimension in them on "
                                          "those with enough of its own: %.0f to %.0f.",
                                          pairs, least, most));
    else if (!r->plan->weighted_overall && (double)w->n < pairs)
        mg_gap_report_note(
            r,
            mg_wire_say(r->ctx->arena, NULL,
                        "The overall figures rest on %lld of %.0f responses with a pair: those with pairs of "
                        "at least %zu of the %zu items.",
                        (long long)w->n, pairs, mg_plan_least(r->plan), mg_plan_pairs(r->plan)));
}

static void note_weights(struct mg_gap_report *r)
{
    const struct mg_gap_stat *s = &r->overall.stat;
    double n = (double)r->overall.wire.n, n_effective = r->overall.wire.n_effective;
    if (!(s->flags & MG_GAP_WEIGHTED))
        return;
    mg_gap_report_note(r, mg_wire_say(r->ctx->arena, NULL,
                                      "Weighted: design effect %.2f, so that %.0f ‹response says|responses "
                                      "say› as much as %.0f without "
                                      "weights (jackknife).",
                                      n / n_effective, n, n_effective));
    if (fmin(s->n_effective, s->df + 1) < EFFECTIVE_FEW)
        mg_gap_report_note(
            r, r->pass.repeated
                   ? mg_wire_say(r->ctx->arena, NULL,
                                 "The weights, and customers with several responses, leave fewer than %d "
                                 "effective responses: intervals are rough.",
                                 EFFECTIVE_FEW)
                   : mg_wire_say(r->ctx->arena, NULL,
                                 "The weights leave fewer than %d effective responses: intervals are rough.",
                                 EFFECTIVE_FEW));
}

static void note_design(struct mg_gap_report *r)
{
    note_samples(r);
    if (r->pass.repeated)
        mg_gap_report_note(r, mg_wire_say(r->ctx->arena, NULL,
                                          "The %.0f ‹response comes|responses come› from %lld "
                                          "‹customer|customers›: intervals keep each customer's together "
                                          "(jackknife).",
                                          r->pass.m->rows, (long long)r->pass.people));
    note_whole(r);
    mg_gap_report_note_parts(r);
    note_shares(r);
    note_weights(r);
}

static void note_verdicts(struct mg_gap_report *r)
{
    bool small = false;
    for (size_t i = 0; i < r->items.n; i++)
        small = small || r->items.rows[i].wire.verdict == MG_WIRE_VERDICT_SMALL;
    if (small)
        mg_gap_report_note(
            r, mg_wire_say(r->ctx->arena, NULL,
                           "Small: within ±%g standard deviations of the differences, by two one-sided "
                           "tests.",
                           r->study->margin));
    if (mg_study_has_gap(r->study))
        mg_gap_report_note(
            r, mg_wire_say(r->ctx->arena, NULL,
                           "Stars: after Holm's correction within items, dimensions, touchpoints and "
                           "cells, each by itself."));
}

/* ---- rows ---- */

struct mg_row_context mg_gap_report_context(const struct mg_gap_report *r, const struct mg_moments *m)
{
    return (struct mg_row_context){.arena = r->ctx->arena,
                                   .plan = r->plan,
                                   .m = m,
                                   .people_share =
                                       r->pass.repeated ? (double)r->pass.people / r->pass.m->rows : 1,
                                   .level = mg_measure_level(&r->request->base),
                                   .lang = r->ctx->lang};
}

/* Filters make groups too: a handful of people isn't shown by filtering down to them. */
static bool is_filtered(const struct mg_gap_report *r)
{
    return r->request->base.n_filters > 0 || r->request->base.wave;
}

static double people_needed(const struct mg_gap_report *r)
{
    return is_filtered(r) ? mg_measure_k(&r->request->base) : 0;
}

static int estimate_rows(struct mg_gap_report *r, struct mg_error *error)
{
    struct mg_row_context c = mg_gap_report_context(r, r->pass.m);
    const struct mg_plan *plan = r->plan;
    c.whole = !is_filtered(r);
    c.few = people_needed(r);
    c.outside = r->pass.outside;
    int rc = mg_row_overall(&c, &r->overall, error);
    if (!rc)
        rc = mg_row_set(&c, plan->items, plan->n_items, &r->items, error);
    if (!rc)
        rc = mg_row_set(&c, plan->dimensions, plan->n_dimensions, &r->dimensions, error);
    if (!rc)
        rc = mg_row_set(&c, plan->touchpoints, plan->n_touchpoints, &r->touchpoints, error);
    if (!rc)
        rc = mg_row_set(&c, plan->cells, plan->n_cells, &r->cells, error);
    return rc;
}

/* How many expectations are at the top of the scale, in total. */
static int fill_ceiling(struct mg_gap_report *r, struct mg_error *error)
{
    struct mg_ceiling *all;
    struct mg_wire_text note;
    int rc = mg_ceiling_count(r->ctx, &r->request->base, r->plan, &r->pass, NULL, 0, &all, error);
    if (rc)
        return rc;
    struct mg_row_set *sets[] = {&r->items, &r->dimensions, &r->touchpoints, &r->cells};
    mg_ceiling_fill(r->plan, all, &r->overall, 1);
    for (size_t s = 0; s < ARRAY_LEN(sets); s++)
        mg_ceiling_fill(r->plan, all, sets[s]->rows, sets[s]->n);
    if (mg_ceiling_note(r->ctx->arena, &r->items, &note))
        mg_gap_report_note(r, note);
    return 0;
}

static int resample(struct mg_gap_report *r, struct mg_error *error)
{
    bool jackknife = r->plan->options & MG_PLAN_BUCKETS;
    r->wire->interval = jackknife ? MG_WIRE_GAP_REPORT_INTERVAL_JACKKNIFE : MG_WIRE_GAP_REPORT_INTERVAL_T;
    if (r->request->boot == 0)
        return 0;
    if (!bootstraps(r)) {
        mg_gap_report_note(
            r, r->pass.repeated
                   ? mg_wire_say(r->ctx->arena, NULL,
                                 "People answered more than once: a jackknife instead of a row bootstrap.")
                   : mg_wire_say(r->ctx->arena, NULL,
                                 "Too many rows for a row bootstrap: intervals by a jackknife over 256 "
                                 "groups of rows."));
        return 0;
    }
    struct mg_row_context c = mg_gap_report_context(r, r->pass.m);
    struct mg_row_set *sets[] = {&r->items, &r->dimensions, &r->touchpoints, &r->cells};
    int rc = mg_resample_intervals(&c, r->ctx, r->request, sets, ARRAY_LEN(sets), &r->overall, error);
    if (rc)
        return rc;
    r->wire->boot = r->request->boot, r->wire->has_boot = true;
    r->wire->seed = (int64_t)r->request->seed, r->wire->has_seed = true;
    r->wire->interval = MG_WIRE_GAP_REPORT_INTERVAL_BCA;
    if (r->request->n_by)
        mg_gap_report_note(r, mg_wire_say(r->ctx->arena, NULL, "Intervals of groups are t intervals."));
    if (r->pass.m2)
        mg_gap_report_note(
            r, mg_wire_say(r->ctx->arena, NULL,
                           "Weighted BCa intervals are a little narrow; those without a bootstrap come from "
                           "a jackknife and are not."));
    return 0;
}

/* ---- the whole ---- */

static int total_scores(struct mg_gap_report *r, struct mg_error *error)
{
    struct mg_moments_group all = {.moments = (struct mg_moments *)r->pass.m,
                                   .moments_squared = (struct mg_moments *)r->pass.m2};
    struct mg_pass total = {
        .m = r->pass.m, .m2 = r->pass.m2, .groups = &all, .n_groups = 1, .outside = r->pass.outside};
    struct mg_outcome_score *scores = NULL;
    int rc = mg_outcome_scores(r->ctx, &r->request->base, r->plan, &total, 0, false, &scores, error);
    if (rc)
        return rc;
    r->wire->scores = mg_gap_report_scores(r->ctx->arena, scores, r->study->n_outcomes);
    r->wire->n_scores = r->study->n_outcomes;
    return 0;
}

static struct mg_wire_scale common_scale(const struct mg_plan *plan)
{
    struct mg_wire_scale scale = {.min = plan->items[0].scale.min, .max = plan->items[0].scale.max};
    for (size_t i = 1; i < plan->n_items; i++) {
        scale.min = fmin(scale.min, plan->items[i].scale.min);
        scale.max = fmax(scale.max, plan->items[i].scale.max);
    }
    return scale;
}

static void note_treatment(struct mg_gap_report *r)
{
    if (r->study->missing_rule == MG_MISSING_LISTWISE)
        mg_gap_report_note(
            r, mg_wire_say(
                   r->ctx->arena, NULL,
                   "Missing answers listwise: the %.0f ‹row|rows› with every expectation and perception.",
                   r->pass.m->rows));
    else
        mg_gap_report_note(r,
                           mg_wire_say(r->ctx->arena, NULL,
                                       "Missing answers pairwise: each number from the rows that have it."));
    struct mg_wire_text sides;
    if (mg_sides_note(r->ctx->arena, r->plan, r->pass.m, &sides))
        mg_gap_report_note(r, sides);
    if (r->plan->cells_left_out)
        mg_gap_report_note(
            r, mg_wire_say(r->ctx->arena, NULL,
                           "Dimension × touchpoint cells are left out: there are too many for one pass."));
    if (r->plan->overall.mixed_scales)
        mg_gap_report_note(r, mg_wire_say(r->ctx->arena, NULL,
                                          "The items have different scales: there is no overall score."));
    if (r->study->simulated)
        mg_gap_report_note(r, mg_wire_say(r->ctx->arena, NULL, "Simulated data."));
}

/* How rows with one side only were put together (pairing.h). */
static int fill_pairing(struct mg_gap_report *r, struct mg_error *error)
{
    const struct mg_pairing *pairing = r->request->base.pairing;
    if (!pairing)
        return 0;
    const struct mg_pair_counts *n = &pairing->counts;
    struct mg_wire_pairing *wire = mg_arena_alloc(r->ctx->arena, sizeof *wire);
    if (!wire)
        return mg_fail_memory(error);
    *wire = (struct mg_wire_pairing){.by_episode = (int64_t)n->by_episode,
                                     .by_customer = (int64_t)n->by_customer,
                                     .expectations_alone = (int64_t)n->expectations_alone,
                                     .perceptions_alone = (int64_t)n->perceptions_alone,
                                     .untimed = (int64_t)pairing->untimed};
    r->wire->pairing = wire;
    mg_gap_report_note(
        r,
        mg_wire_say(
            r->ctx->arena, NULL,
            "Pairs across rows: %zu by episode and %zu by customer; %zu ‹expectation|expectations› and %zu "
            "‹perception|perceptions› stayed alone.",
            n->by_episode, n->by_customer, n->expectations_alone, n->perceptions_alone));
    if (pairing->untimed)
        mg_gap_report_note(
            r, mg_wire_say(r->ctx->arena, NULL,
                           "Of these rows %zu ‹has|have› no time that can be read: the order of rows stands "
                           "in for it.",
                           pairing->untimed));
    return 0;
}

static void fill_head(struct mg_gap_report *r)
{
    const struct mg_moments *m = r->pass.m;
    struct mg_wire_gap_report *w = r->wire;
    w->study = r->study->code;
    w->title = mg_wire_text_of(&r->study->title, r->study->code);
    w->simulated = r->study->simulated, w->has_simulated = true;
    w->formula = MG_FORMULA_GAP;
    w->ci = mg_measure_level(&r->request->base);
    w->missing = r->study->missing_rule == MG_MISSING_LISTWISE ? MG_WIRE_GAP_REPORT_MISSING_LISTWISE
                                                               : MG_WIRE_GAP_REPORT_MISSING_PAIRWISE;
    w->rows = (int64_t)m->rows;
    static const enum mg_wire_gap_report_design designs[] = {
        [MG_DESIGN_PAIRED] = MG_WIRE_GAP_REPORT_DESIGN_PAIRED,
        [MG_DESIGN_OVERLAP] = MG_WIRE_GAP_REPORT_DESIGN_OVERLAP,
        [MG_DESIGN_UNPAIRED] = MG_WIRE_GAP_REPORT_DESIGN_UNPAIRED,
    };
    w->design = designs[r->pass.design], w->has_design = mg_study_has_gap(r->study);
    w->people = r->pass.people, w->has_people = r->pass.people >= 0;
    w->margin = r->study->margin, w->has_margin = true;
    w->weighted = r->pass.m2 != NULL;
    w->expectation_kind = r->study->expectation_kind == MG_EXPECT_PREDICTED
                              ? MG_WIRE_GAP_REPORT_EXPECTATION_KIND_PREDICTED
                              : MG_WIRE_GAP_REPORT_EXPECTATION_KIND_DESIRED;
    w->has_expectation_kind = true;
    w->scale = common_scale(r->plan);
    if (w->weighted && r->overall.wire.has_n_effective) {
        w->n_effective = r->overall.wire.n_effective, w->has_n_effective = true;
        w->design_effect = r->overall.stat.n / r->overall.stat.n_effective, w->has_design_effect = true;
    }
}

/* What is wrong with the answers. */
static int fill_defects(struct mg_gap_report *r, struct mg_error *error)
{
    struct mg_wire_gap_report *w = r->wire;
    struct mg_defects defects;
    int rc = mg_defects_find(r->ctx, &r->request->base, r->plan, &r->pass, &defects, error);
    if (rc)
        return rc;
    w->out_of_range = (int64_t)defects.out_of_range, w->has_out_of_range = true;
    w->strays = defects.strays, w->n_strays = defects.n_strays;
    w->weights_left_out = defects.weights;
    w->repeats = defects.repeats;
    for (size_t i = 0; i < defects.n_notes; i++)
        mg_gap_report_note(r, defects.notes[i]);
    return 0;
}

static void fill_rows(struct mg_gap_report *r)
{
    struct mg_arena *arena = r->ctx->arena;
    struct mg_wire_gap_report *w = r->wire;
    w->overall = r->overall.wire;
    w->items = mg_row_worst_first(arena, &r->items), w->n_items = r->items.n;
    w->dimensions = mg_row_worst_first(arena, &r->dimensions), w->n_dimensions = r->dimensions.n;
    w->touchpoints = mg_row_worst_first(arena, &r->touchpoints), w->n_touchpoints = r->touchpoints.n;
    w->cells = mg_row_worst_first(arena, &r->cells), w->n_cells = r->cells.n;
}

static int fill_notes(struct mg_gap_report *r, struct mg_error *error)
{
    struct mg_wire_text *notes = mg_arena_array(r->ctx->arena, r->n_notes + 1, sizeof *notes);
    if (!notes)
        return mg_fail_memory(error);
    memcpy(notes, r->notes, r->n_notes * sizeof *notes);
    r->wire->notes = notes;
    r->wire->n_notes = r->n_notes;
    return 0;
}

static int check_enough(const struct mg_gap_report *r, struct mg_error *error)
{
    double k = mg_measure_k(&r->request->base);
    if (!is_filtered(r) || mg_people_in(r->pass.m) >= k)
        return 0;
    return mg_fail(error, MG_E_INESTIMABLE, "There are fewer than %g respondents, too few to show.", k);
}

int mg_measure_gaps(struct mg_ctx *ctx, const struct mg_gap_request *request, struct mg_wire_gap_report *ret,
                    struct mg_error *error)
{
    struct mg_wire_gap_report wire = {0};
    struct mg_gap_report r = {.ctx = ctx, .request = request, .study = request->base.study, .wire = &wire};
    int rc = resolve_by(&r, error);
    if (!rc)
        rc = run_passes(&r, error);
    if (!rc && r.pass.m->rows == 0)
        rc = mg_sides_fail_empty(ctx, &request->base, error);
    if (!rc)
        rc = check_enough(&r, error);
    if (!rc)
        rc = estimate_rows(&r, error);
    if (!rc)
        rc = fill_ceiling(&r, error);
    if (!rc)
        rc = resample(&r, error);
    if (!rc)
        rc = total_scores(&r, error);
    if (!rc && request->n_by)
        rc = mg_gap_report_groups(&r, error);
    struct mg_row_context c = rc ? (struct mg_row_context){0} : mg_gap_report_context(&r, r.pass.m);
    c.few = people_needed(&r);
    c.outside = r.pass.outside;
    if (!rc)
        rc = mg_reliability_rows(&c, &wire.reliability, &wire.n_reliability, error);
    if (rc)
        return rc;
    fill_head(&r);
    fill_rows(&r);
    note_design(&r);
    note_verdicts(&r);
    note_treatment(&r);
    mg_gap_report_note_columns(&r);
    rc = fill_pairing(&r, error);
    if (!rc)
        rc = fill_defects(&r, error);
    if (!rc)
        rc = fill_notes(&r, error);
    if (!rc)
        *ret = wire;
    return rc;
}
