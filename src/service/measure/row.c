/* One row of a report: E, P and their gap with interval and test, the zone of tolerance, stated importance.
 *
 * Verdicts follow the interval: short when it lies below 0, beyond when above. Where it spans 0 the gap is
 * small if two one-sided tests say that it is within the study's margin, else nobody knows: inconclusive.
 * The place to the zone of tolerance follows the intervals of its two distances in the same way.
 * `significant` is the stricter word: p after Holm's correction (within items, dimensions, touchpoints,
 * cells, each by itself) below 1 − level. */
#include "service/measure/row.h"

#include <math.h>
#include <stdlib.h>

#include "stats/dist/holm.h"

struct mg_wire_text mg_wire_text_of(const struct mg_text *text, const char *fallback)
{
    return (struct mg_wire_text){.en = mg_text_in(text, MG_LANG_EN, fallback),
                                 .zh_cn = mg_text_in(text, MG_LANG_ZH, fallback)};
}

const struct mg_wire_estimate *mg_wire_estimate_new(struct mg_arena *arena, double value, double low,
                                                    double high, double sd)
{
    struct mg_wire_estimate *estimate = mg_arena_alloc(arena, sizeof *estimate);
    if (estimate)
        *estimate = (struct mg_wire_estimate){
            .value = value, .low = low, .high = high, .sd = sd, .has_sd = isfinite(sd)};
    return estimate;
}

/* Standard deviation of the differences; where these don't exist, of as many independent ones as the standard
 * error would take. */
static double spread_of(const struct mg_gap_stat *stat)
{
    if (isfinite(stat->sd))
        return stat->sd;
    double sides = sqrt((stat->sd_e * stat->sd_e + stat->sd_p * stat->sd_p) / 2);
    double n = stat->flags & MG_GAP_JACKKNIFE ? stat->df + 1 : stat->n_effective;
    return isfinite(sides) ? sides : stat->se * sqrt(n);
}

static enum mg_wire_verdict verdict_of(const struct mg_row *row, double low, double high, double level)
{
    if (!isfinite(low) || !isfinite(high))
        return MG_WIRE_VERDICT_UNKNOWN;
    if (high < 0)
        return MG_WIRE_VERDICT_SHORT;
    if (low > 0)
        return MG_WIRE_VERDICT_BEYOND;
    return row->wire.has_p_small && row->wire.p_small < 1 - level ? MG_WIRE_VERDICT_SMALL
                                                                  : MG_WIRE_VERDICT_INCONCLUSIVE;
}

/* Below, inside or above the zone only where the whole interval is. */
static enum mg_wire_gap_row_zone zone_of(const struct mg_wire_estimate *msa,
                                         const struct mg_wire_estimate *mss)
{
    if (msa->high < 0)
        return MG_WIRE_GAP_ROW_ZONE_BELOW;
    if (mss->low > 0)
        return MG_WIRE_GAP_ROW_ZONE_ABOVE;
    return msa->low > 0 && mss->high < 0 ? MG_WIRE_GAP_ROW_ZONE_INSIDE : MG_WIRE_GAP_ROW_ZONE_INCONCLUSIVE;
}

double mg_row_margin(const struct mg_row_context *c, const struct mg_row *row)
{
    return c->plan->study->margin * spread_of(&row->stat);
}

void mg_row_set_interval(const struct mg_row_context *c, struct mg_row *row, double low, double high)
{
    const struct mg_gap_stat *s = &row->stat;
    row->wire.gap = mg_wire_estimate_new(c->arena, s->gap, low, high, s->sd);
    row->wire.p_small = mg_gap_equivalence(s->gap, s->se, s->df, mg_row_margin(c, row));
    row->wire.has_p_small = isfinite(row->wire.p_small);
    row->wire.verdict = verdict_of(row, low, high, c->level);
    if (row->wire.mss) { /* the same number by its other name */
        row->wire.mss = row->wire.gap;
        row->wire.zone = zone_of(row->wire.msa, row->wire.mss);
    }
}

static double answers_of(const struct mg_row_context *c, size_t i)
{
    return i == MG_PART_NONE ? 0 : mg_moments_count(c->m, i, i);
}

/* How a part is estimated: of pairs where there are any; of both sides from different people where not, or
 * where more answered each alone (of answers; of scores the design decides); else of the one side there is.
 */
enum way { PAIRS, SAMPLES, ONE_SIDE, ONE_SIDE_ALONE, NOTHING };

static enum way way_of(const struct mg_row_context *c, const struct mg_part *part)
{
    double e = answers_of(c, part->e), p = answers_of(c, part->p);
    if (e > 0 && p > 0) {
        double both = mg_moments_count(c->m, part->e, part->p);
        bool item = mg_plan_is_answers(c->plan, part) && mg_pass_overlaps(e, p, both);
        return both > 0 && !item && !(c->plan->options & MG_PLAN_UNPAIRED) ? PAIRS : SAMPLES;
    }
    if (e > 0 || p > 0)
        return ONE_SIDE;
    return answers_of(c, part->e_alone) > 0 || answers_of(c, part->p_alone) > 0 ? ONE_SIDE_ALONE : NOTHING;
}

void mg_row_sides(const struct mg_row_context *c, const struct mg_part *part, size_t ret[2][2])
{
    enum way way = way_of(c, part);
    size_t e = way == ONE_SIDE_ALONE ? part->e_alone : part->e,
           p = way == ONE_SIDE_ALONE ? part->p_alone : part->p;
    ret[0][0] = e, ret[0][1] = way == PAIRS ? p : e;
    ret[1][0] = p, ret[1][1] = way == PAIRS ? e : p;
}

static int estimate_single(const struct mg_row_context *c, size_t e, size_t p, struct mg_row *row,
                           bool *ret_only_e, struct mg_error *error)
{
    *ret_only_e = answers_of(c, p) == 0;
    row->alone = *ret_only_e ? e : p;
    return mg_gap_single(c->m, row->alone, c->level, &row->stat, error);
}

static int estimate_stat(const struct mg_row_context *c, const struct mg_part *part, struct mg_row *row,
                         bool *ret_only_e, struct mg_error *error)
{
    switch (way_of(c, part)) {
    case PAIRS:
        return mg_gap_paired(c->m, part->e, part->p, c->level, &row->stat, error);
    case SAMPLES:
        return mg_gap_overlap(c->m, part->e, part->p, c->level, &row->stat, error);
    case ONE_SIDE:
        return estimate_single(c, part->e, part->p, row, ret_only_e, error);
    case ONE_SIDE_ALONE:
        return estimate_single(c, part->e_alone, part->p_alone, row, ret_only_e, error);
    case NOTHING:
        break;
    }
    return mg_fail(error, MG_E_INESTIMABLE, "There are no answers.");
}

static void fill_gap(const struct mg_row_context *c, struct mg_row *row)
{
    const struct mg_gap_stat *s = &row->stat;
    struct mg_wire_gap_row *w = &row->wire;
    w->expectation = mg_wire_estimate_new(c->arena, s->mean_e, s->low_e, s->high_e, s->sd_e);
    w->perception = mg_wire_estimate_new(c->arena, s->mean_p, s->low_p, s->high_p, s->sd_p);
    mg_row_set_interval(c, row, s->low, s->high);
    w->t = s->t, w->has_t = true;
    w->df = s->df, w->has_df = true;
    w->p = s->p, w->has_p = true;
    w->d_z = s->d_z, w->has_d_z = true;
    w->r_ep = s->r_ep, w->has_r_ep = true;
}

/* Weights that leave hardly more than one person: there are no degrees of freedom to tell an interval by. */
static bool drop_intervals(struct mg_gap_stat *s)
{
    if (!(s->df < 1))
        return false;
    s->low = s->high = s->low_e = s->high_e = s->low_p = s->high_p = NAN;
    s->t = s->p = s->df = NAN;
    return true;
}

/* People behind a row's numbers, of the side that fewer answered: customers at least, as far as buckets tell.
 */
static double people_of(const struct mg_gap_stat *s)
{
    double rows = s->flags & (MG_GAP_UNPAIRED | MG_GAP_OVERLAP) ? fmin(s->n_e, s->n_p) : s->n;
    return s->n_buckets < MG_PEOPLE_BUCKETS_FULL ? fmin(rows, s->n_buckets) : rows;
}

/* Where perception lies to the zone between adequate and desired, and the two distances from its ends. */
static void fill_zone(const struct mg_row_context *c, const struct mg_gap_stat *adequate, struct mg_row *row)
{
    struct mg_wire_gap_row *w = &row->wire;
    w->adequate =
        mg_wire_estimate_new(c->arena, adequate->mean_e, adequate->low_e, adequate->high_e, adequate->sd_e);
    w->msa = mg_wire_estimate_new(c->arena, adequate->gap, adequate->low, adequate->high, adequate->sd);
    bool desired = w->gap && c->plan->study->expectation_kind == MG_EXPECT_DESIRED;
    w->mss = desired ? w->gap : NULL;
    w->has_zone = desired;
    if (desired)
        w->zone = zone_of(w->msa, w->mss);
}

static void estimate_zone(const struct mg_row_context *c, const struct mg_part *part, struct mg_row *row)
{
    struct mg_gap_stat adequate;
    const struct mg_people people = mg_row_people(c);
    if (part->adequate != MG_PART_NONE && part->p != MG_PART_NONE &&
        mg_gap_paired(c->m, part->adequate, part->p, c->level, &adequate, NULL) == 0 &&
        people_of(&adequate) >= c->few && mg_people_enough(&people, part->adequate, part->p))
        fill_zone(c, &adequate, row);
}

static void estimate_importance(const struct mg_row_context *c, const struct mg_part *part,
                                struct mg_row *row)
{
    struct mg_gap_stat s;
    const struct mg_people people = mg_row_people(c);
    if (part->importance != MG_PART_NONE && mg_gap_single(c->m, part->importance, c->level, &s, NULL) == 0 &&
        people_of(&s) >= c->few && mg_people_enough(&people, part->importance, part->importance))
        row->wire.importance = mg_wire_estimate_new(c->arena, s.mean_p, s.low_p, s.high_p, s.sd_p);
}

/* The whole: planted gaps of the dimensions by the shares that they have in the score; NaN where one has
 * none, or where items belong to no dimension. */
static double truth_of_whole(const struct mg_plan *plan)
{
    double sum = 0, shares = 0;
    for (size_t d = 0; d < plan->n_dimensions; d++) {
        const struct mg_part *part = &plan->dimensions[d];
        sum += part->share * plan->study->dimensions[part->dimension].truth;
        shares += part->share;
    }
    return fabs(shares - 1) < 1e-9 ? sum : NAN;
}

/* Planted gap: as the study states it, else the mean of the part's items where all have one. */
static double truth_of(const struct mg_plan *plan, const struct mg_part *part)
{
    const struct mg_study *study = plan->study;
    if (part->item != MG_PART_NONE)
        return study->items[part->item].truth;
    bool whole = part->dimension == MG_PART_NONE && part->touchpoint == MG_PART_NONE;
    if (part->dimension != MG_PART_NONE && part->touchpoint == MG_PART_NONE &&
        !isnan(study->dimensions[part->dimension].truth))
        return study->dimensions[part->dimension].truth;
    if (whole && !isnan(truth_of_whole(plan)))
        return truth_of_whole(plan);
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < plan->n_items; i++) {
        const struct mg_part *item = &plan->items[i];
        if ((part->dimension != MG_PART_NONE && item->dimension != part->dimension) ||
            (part->touchpoint != MG_PART_NONE && item->touchpoint != part->touchpoint))
            continue;
        sum += plan->study->items[item->item].truth;
        n++;
    }
    return n ? sum / (double)n : NAN;
}

static void begin_row(const struct mg_row_context *c, const struct mg_part *part, struct mg_row *row)
{
    const struct mg_study *study = c->plan->study;
    double truth = c->whole ? truth_of(c->plan, part) : NAN;
    bool rescaled = part->item != MG_PART_NONE && mg_item_is_rescaled(&study->items[part->item]);
    *row = (struct mg_row){.part = part};
    row->wire = (struct mg_wire_gap_row){
        .code = part->code,
        .label = mg_wire_text_of(&part->label, part->code),
        .dimension = part->dimension != MG_PART_NONE ? study->dimensions[part->dimension].code : NULL,
        .touchpoint = part->touchpoint != MG_PART_NONE ? study->touchpoints[part->touchpoint].code : NULL,
        .rescaled = rescaled,
        .has_rescaled = rescaled,
        .weight = part->share,
        .has_weight = isfinite(part->share),
        .truth = truth,
        .has_truth = isfinite(truth),
        .verdict = MG_WIRE_VERDICT_UNKNOWN,
    };
}

static void note_count(struct mg_row *row)
{
    const struct mg_gap_stat *s = &row->stat;
    struct mg_wire_gap_row *w = &row->wire;
    w->n = (int64_t)s->n;
    if (s->flags & MG_GAP_WEIGHTED)
        w->n_effective = s->n_effective, w->has_n_effective = true;
    if (s->flags & MG_GAP_SINGLE)
        return;
    w->n_expectation = (int64_t)s->n_e, w->has_n_expectation = true;
    w->n_perception = (int64_t)s->n_p, w->has_n_perception = true;
    w->n_both = (int64_t)s->n_both, w->has_n_both = true;
}

/* Which column nobody answered, where the study asks for both sides of an item. */
static const char *note_single(const struct mg_row_context *c, const struct mg_part *part, bool only_e)
{
    if (part->item == MG_PART_NONE || part->e == MG_PART_NONE || part->p == MG_PART_NONE)
        return NULL;
    const struct mg_item *item = &c->plan->study->items[part->item];
    return only_e ? mg_arena_printf(c->arena,
                                    mg_tr(c->lang, "No answers in the column of perceptions, “%s”: no gap."),
                                    item->perception)
                  : mg_arena_printf(c->arena,
                                    mg_tr(c->lang, "No answers in the column of expectations, “%s”: no gap."),
                                    item->expectation);
}

static const char *note_alone(const struct mg_row_context *c)
{
    return mg_tr(c->lang, "The weights leave hardly more than one response: an interval tells nothing.");
}

/* The one side there is, as its own estimate. */
static void fill_single(const struct mg_row_context *c, bool only_e, struct mg_row *row)
{
    const struct mg_gap_stat *s = &row->stat;
    const struct mg_wire_estimate *side =
        mg_wire_estimate_new(c->arena, s->mean_p, s->low_p, s->high_p, s->sd_p);
    if (only_e)
        row->wire.expectation = side;
    else
        row->wire.perception = side;
}

struct mg_people mg_row_people(const struct mg_row_context *c)
{
    return (struct mg_people){.m = c->m, .outside = c->outside, .few = c->few};
}

static double people_of_side(const struct mg_row_context *c, size_t i)
{
    return i == MG_PART_NONE ? 0 : mg_people_with(c->m, i, i);
}

/* A variable's mean, without an interval; NULL where nobody, or too few, answered it. */
static const struct mg_wire_estimate *bare_mean(const struct mg_row_context *c, size_t i)
{
    double n = people_of_side(c, i);
    return n > 0 && n >= c->few ? mg_wire_estimate_new(c->arena, mg_moments_mean(c->m, i, i), NAN, NAN, NAN)
                                : NULL;
}

/* A single answer has a mean, though no interval: better shown than hidden where it is everybody's. */
static void fill_sparse(const struct mg_row_context *c, const struct mg_part *part, struct mg_row *row)
{
    row->wire.perception = bare_mean(c, part->p);
    row->wire.expectation = bare_mean(c, part->e);
    size_t i = part->p != MG_PART_NONE ? part->p : part->e;
    row->wire.n = i != MG_PART_NONE ? (int64_t)mg_moments_count(c->m, i, i) : 0;
}

void mg_row_hide(struct mg_row *row, enum mg_hidden why, enum mg_lang lang)
{
    const struct mg_wire_gap_row w = row->wire;
    row->wire = (struct mg_wire_gap_row){.code = w.code,
                                         .label = w.label,
                                         .dimension = w.dimension,
                                         .touchpoint = w.touchpoint,
                                         .n = w.n,
                                         .verdict = MG_WIRE_VERDICT_UNKNOWN,
                                         .suppressed = true,
                                         .has_suppressed = true,
                                         .suppressed_for_others = why == MG_HIDDEN_FOR_OTHERS,
                                         .has_suppressed_for_others = true,
                                         .note = mg_people_hidden(why, lang)};
    row->stat = (struct mg_gap_stat){.gap = NAN, .se = NAN};
}

struct behind {
    const struct mg_plan *plan;
    const struct mg_part *part;
};

static double count_behind(const void *user, const struct mg_moments *m)
{
    const struct behind *behind = user;
    return mg_people_of_part(behind->plan, m, behind->part);
}

bool mg_row_is_few(const struct mg_row_context *c, const struct mg_part *part, double fewest)
{
    const struct mg_people people = mg_row_people(c);
    const struct behind behind = {c->plan, part};
    return fewest < c->few || (part && mg_people_told(&people, count_behind, &behind));
}

static void hide_few(const struct mg_row_context *c, double fewest, struct mg_row *row)
{
    if (mg_row_is_few(c, row->part, fewest))
        mg_row_hide(row, fewest < c->few ? MG_HIDDEN_FEW : MG_HIDDEN_FOR_OTHERS, c->lang);
}

int mg_row_estimate(const struct mg_row_context *c, const struct mg_part *part, struct mg_row *ret_row,
                    struct mg_error *error)
{
    begin_row(c, part, ret_row);
    if (part->mixed_scales) {
        ret_row->wire.note = mg_tr(c->lang, "Its items have different scales, so they make no common score.");
        return 0;
    }
    struct mg_error why = {.lang = c->lang};
    bool only_e = false;
    int rc = estimate_stat(c, part, ret_row, &only_e, &why);
    if (rc == MG_E_INESTIMABLE) {
        ret_row->stat = (struct mg_gap_stat){.gap = NAN, .se = NAN, .mean_p = NAN};
        ret_row->wire.note = mg_arena_strdup(c->arena, why.message);
        fill_sparse(c, part, ret_row);
        hide_few(c, fmax(people_of_side(c, part->e), people_of_side(c, part->p)), ret_row);
        return 0;
    }
    if (rc) {
        if (error)
            *error = why;
        return rc;
    }
    note_count(ret_row);
    bool alone = drop_intervals(&ret_row->stat);
    const char *note = mg_gap_note(&ret_row->stat, c->lang);
    ret_row->wire.note = *note ? note : NULL;
    if (ret_row->stat.flags & MG_GAP_SINGLE) {
        fill_single(c, only_e, ret_row);
        ret_row->wire.note = note_single(c, part, only_e);
    } else {
        fill_gap(c, ret_row);
    }
    if (alone)
        ret_row->wire.note = note_alone(c);
    estimate_zone(c, part, ret_row);
    estimate_importance(c, part, ret_row);
    hide_few(c, people_of(&ret_row->stat), ret_row);
    return 0;
}

/* The dimensions that make the weighted whole, as variables. */
struct whole {
    size_t e[MG_STUDY_PARTS_MAX], p[MG_STUDY_PARTS_MAX], adequate[MG_STUDY_PARTS_MAX], n;
    double weight[MG_STUDY_PARTS_MAX];
    bool has_adequate; /* all of them */
};

static void collect_whole(const struct mg_plan *plan, struct whole *ret)
{
    ret->n = 0;
    ret->has_adequate = true;
    for (size_t d = 0; d < plan->n_dimensions; d++) {
        const struct mg_part *part = &plan->dimensions[d];
        if (part->e == MG_PART_NONE || part->p == MG_PART_NONE)
            continue;
        ret->e[ret->n] = part->e;
        ret->p[ret->n] = part->p;
        ret->adequate[ret->n] = part->adequate;
        ret->has_adequate = ret->has_adequate && part->adequate != MG_PART_NONE;
        ret->weight[ret->n++] = part->share;
    }
}

/* The zone of the same whole, or none. */
static void weigh_zone(const struct mg_row_context *c, const struct whole *whole, struct mg_row *row)
{
    const struct mg_gap_of of = {.m = c->m,
                                 .e = whole->adequate,
                                 .p = whole->p,
                                 .weight = whole->weight,
                                 .n = whole->n,
                                 .paired = true};
    struct mg_gap_stat adequate;
    row->wire.adequate = row->wire.msa = row->wire.mss = NULL;
    row->wire.has_zone = false;
    if (whole->has_adequate && mg_gap_estimate(&of, c->level, &adequate, NULL) == 0 &&
        people_of(&adequate) >= c->few)
        fill_zone(c, &adequate, row);
}

/* The responses that stand behind the whole: those with a pair. Each dimension in it has its own n, of which
 * the fewest decide what is shown and the degrees of freedom. */
static void count_whole(const struct mg_row_context *c, struct mg_row *row)
{
    struct mg_wire_gap_row *w = &row->wire;
    if (row->stat.flags & (MG_GAP_UNPAIRED | MG_GAP_OVERLAP) || c->plan->any_pair == MG_PART_NONE)
        return;
    w->n = w->n_both = (int64_t)mg_moments_count(c->m, c->plan->any_pair, c->plan->any_pair);
    w->n_effective = (double)w->n * row->stat.n_effective / row->stat.n;
    w->has_n_expectation = w->has_n_perception = false;
}

/* The dimension that hardly anybody answered, so that there is no whole. */
static void name_empty(const struct mg_row_context *c, struct mg_error *why)
{
    for (size_t d = 0; d < c->plan->n_dimensions; d++) {
        const struct mg_part *part = &c->plan->dimensions[d];
        if (!(part->share > 0)) /* NaN where it has no part in the whole */
            continue;
        double n = c->plan->options & MG_PLAN_UNPAIRED ? fmin(answers_of(c, part->e), answers_of(c, part->p))
                                                       : mg_moments_count(c->m, part->e, part->p);
        if (n < 2) {
            mg_fail(
                why, MG_E_INESTIMABLE,
                "Fewer than two answered “%s”, which makes %.0f%% of the overall figures: there are none.",
                mg_text_in(&part->label, c->lang, part->code), 100 * part->share);
            return;
        }
    }
}

int mg_row_overall(const struct mg_row_context *c, struct mg_row *ret_row, struct mg_error *error)
{
    int rc = mg_row_estimate(c, &c->plan->overall, ret_row, error);
    bool pairs =
        answers_of(c, c->plan->any_pair) > 0; /* of dimensions, though too few for the mean of items */
    if (rc || !c->plan->weighted_overall || (!ret_row->wire.gap && !pairs))
        return rc;
    struct whole whole;
    struct mg_gap_stat combined;
    collect_whole(c->plan, &whole);
    const struct mg_gap_of of = {.m = c->m,
                                 .e = whole.e,
                                 .p = whole.p,
                                 .weight = whole.weight,
                                 .n = whole.n,
                                 .paired = !(c->plan->options & MG_PLAN_UNPAIRED)};
    struct mg_error why = {.lang = c->lang};
    rc = whole.n ? mg_gap_estimate(&of, c->level, &combined, &why) : 0;
    if (rc == MG_E_INESTIMABLE) {
        begin_row(c, &c->plan->overall, ret_row);
        ret_row->stat = (struct mg_gap_stat){.gap = NAN, .se = NAN, .mean_p = NAN};
        name_empty(c, &why);
        ret_row->wire.note = mg_arena_strdup(c->arena, why.message);
    }
    if (rc || whole.n == 0)
        return rc == MG_E_INESTIMABLE ? 0 : rc;
    ret_row->stat = combined;
    note_count(ret_row);
    count_whole(c, ret_row);
    if (drop_intervals(&ret_row->stat))
        ret_row->wire.note = note_alone(c);
    fill_gap(c, ret_row);
    weigh_zone(c, &whole, ret_row);
    ret_row->wire.has_d_z = ret_row->wire.has_r_ep = false;
    hide_few(c, people_of(&combined), ret_row);
    return 0;
}

/* What a row was estimated from. */
struct origin {
    struct mg_gap_of of;
    size_t e, p;
    struct whole whole;
};

static int find_origin(const struct mg_row_context *c, const struct mg_row *row, enum mg_gap_side side,
                       struct origin *ret)
{
    const struct mg_wire_estimate *const means[] = {[MG_GAP_EXPECTED] = row->wire.expectation,
                                                    [MG_GAP_PERCEIVED] = row->wire.perception,
                                                    [MG_GAP_DIFFERENCE] = row->wire.gap};
    if (!means[side] || !(row->stat.n >= 2))
        return MG_E_INESTIMABLE;
    bool single = row->stat.flags & MG_GAP_SINGLE;
    ret->of = (struct mg_gap_of){
        .m = c->m, .n = 1, .paired = !(row->stat.flags & (MG_GAP_SINGLE | MG_GAP_UNPAIRED | MG_GAP_OVERLAP))};
    if (row->stat.flags & MG_GAP_COMBINED) {
        collect_whole(c->plan, &ret->whole);
        ret->of.e = ret->whole.e, ret->of.p = ret->whole.p;
        ret->of.weight = ret->whole.weight, ret->of.n = ret->whole.n;
        return 0;
    }
    ret->e = single ? row->alone : row->part->e;
    ret->p = single ? row->alone : row->part->p;
    ret->of.e = &ret->e, ret->of.p = &ret->p;
    return 0;
}

int mg_row_change(const struct mg_row_context *before_context, const struct mg_row *before,
                  const struct mg_row_context *after_context, const struct mg_row *after,
                  enum mg_gap_side side, struct mg_gap_change *ret, struct mg_error *error)
{
    struct origin was, is;
    if (find_origin(before_context, before, side, &was) || find_origin(after_context, after, side, &is))
        return mg_fail(error, MG_E_INESTIMABLE, "One of the two has no such mean.");
    return mg_gap_change(&was.of, &is.of, side, after_context->level, ret, error);
}

int mg_row_set(const struct mg_row_context *c, const struct mg_part *parts, size_t n,
               struct mg_row_set *ret_set, struct mg_error *error)
{
    struct mg_row *rows = mg_arena_array(c->arena, n + 1, sizeof *rows);
    double *p = mg_arena_array(c->arena, 2 * n + 1, sizeof *p);
    if (!rows || !p)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        int rc = mg_row_estimate(c, &parts[i], &rows[i], error);
        if (rc)
            return rc;
        p[i] = rows[i].wire.has_p ? rows[i].wire.p : NAN;
    }
    mg_holm(p, n, p + n);
    for (size_t i = 0; i < n; i++) {
        struct mg_wire_gap_row *w = &rows[i].wire;
        w->has_p_holm = w->has_significant = w->has_p;
        w->p_holm = p[n + i];
        w->significant = p[n + i] < 1 - c->level; /* false for NaN */
    }
    *ret_set = (struct mg_row_set){.rows = rows, .n = n};
    return 0;
}

/* Sort key: rows with a gap come first, by gap; then by perception as a share of its scale. */
static double badness(const struct mg_row *row)
{
    if (row->wire.gap && isfinite(row->wire.gap->value))
        return row->wire.gap->value;
    const double beyond_all_gaps = 1e9;
    if (row->wire.perception && isfinite(row->wire.perception->value) &&
        row->part->scale.max > row->part->scale.min)
        return beyond_all_gaps * (1 + (row->wire.perception->value - row->part->scale.min) /
                                          (row->part->scale.max - row->part->scale.min));
    return INFINITY;
}

static int compare_rows(const void *a, const void *b)
{
    const struct mg_row *x = *(const struct mg_row *const *)a, *y = *(const struct mg_row *const *)b;
    double bx = badness(x), by = badness(y);
    if (bx != by)
        return bx < by ? -1 : 1;
    return x < y ? -1 : x > y; /* plan order */
}

const struct mg_wire_gap_row *mg_row_worst_first(struct mg_arena *arena, const struct mg_row_set *set)
{
    const struct mg_row **order = mg_arena_array(arena, set->n + 1, sizeof(struct mg_row *));
    struct mg_wire_gap_row *wire = mg_arena_array(arena, set->n + 1, sizeof *wire);
    if (!order || !wire)
        return NULL;
    for (size_t i = 0; i < set->n; i++)
        order[i] = &set->rows[i];
    qsort(order, set->n, sizeof(struct mg_row *), compare_rows);
    for (size_t i = 0; i < set->n; i++)
        wire[i] = order[i]->wire;
    return wire;
}
