/* Drivers and the importance–performance map. Importance is derived from an outcome (LMG shares of R²), each
 * correlation over the respondents who answered both of its variables (a listwise study: over whole rows);
 * without an outcome, or where the shares can't be estimated, the stated importance stands in, else the
 * squared correlation. driver_map.h has the way of it. */
#include <math.h>
#include <string.h>

#include "service/measure/driver_map.h"
#include "stats/gap/gap.h"

#define METHOD_LMG "lmg-2" /* 2: n, and R² over it, without what was left out */
#define METHOD_STATED "stated-1"
#define METHOD_CORRELATION "correlation-2" /* 2: squared, so that direction doesn't count */

static int choose_outcome(struct mg_driver_map *m, struct mg_error *error)
{
    m->outcome = m->study->n_outcomes ? 0 : MG_PART_NONE;
    if (!m->request->outcome)
        return 0;
    m->outcome = mg_study_find_outcome(m->study, m->request->outcome);
    if (m->outcome != MG_PART_NONE)
        return 0;
    mg_fail(error, MG_E_INVALID, "The study has no outcome “%s”.", m->request->outcome);
    mg_fail_at(error, "outcome");
    return MG_E_INVALID;
}

/* Only parts with a perception, of enough people, can be drivers. */
static int choose_parts(struct mg_driver_map *m, struct mg_error *error)
{
    bool dimensions = m->request->level == MG_DRIVER_DIMENSION;
    const struct mg_part *all = dimensions ? m->plan->dimensions : m->plan->items;
    size_t n_all = dimensions ? m->plan->n_dimensions : m->plan->n_items;
    struct mg_part *parts = mg_arena_array(m->ctx->arena, n_all + 1, sizeof *parts);
    m->rows = mg_arena_array(m->ctx->arena, n_all + 1, sizeof *m->rows);
    m->importance = mg_arena_array(m->ctx->arena, n_all + 1, sizeof *m->importance);
    m->performance = mg_arena_array(m->ctx->arena, n_all + 1, sizeof *m->performance);
    m->quadrants = mg_arena_array(m->ctx->arena, n_all + 1, sizeof *m->quadrants);
    if (!parts || !m->rows || !m->importance || !m->performance || !m->quadrants)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n_all; i++)
        if (all[i].p != MG_PART_NONE && mg_moments_count(m->pass.m, all[i].p, all[i].p) > 0) {
            if (mg_people_enough(&m->people, all[i].p, all[i].p))
                parts[m->n++] = all[i];
            else
                m->hidden++;
        }
    m->parts = parts;
    return 0;
}

/* Of the pairs; of the two samples where the sides come from different people. */
static void fill_row_gap(const struct mg_driver_map *m, const struct mg_part *part,
                         struct mg_wire_driver_row *row)
{
    const struct mg_moments *mo = m->pass.m;
    if (part->e == MG_PART_NONE)
        return;
    bool unpaired = m->plan->options & MG_PLAN_UNPAIRED;
    size_t beside_e = unpaired ? part->e : part->p, beside_p = unpaired ? part->p : part->e;
    row->has_gap =
        fmin(mg_moments_count(mo, part->e, beside_e), mg_moments_count(mo, part->p, beside_p)) > 0 &&
        mg_people_enough(&m->people, part->e, beside_e) && mg_people_enough(&m->people, part->p, beside_p);
    if (row->has_gap)
        row->gap = mg_moments_mean(mo, part->p, beside_p) - mg_moments_mean(mo, part->e, beside_e);
}

static void fill_performance(struct mg_driver_map *m)
{
    const struct mg_moments *mo = m->pass.m;
    for (size_t i = 0; i < m->n; i++) {
        const struct mg_part *part = &m->parts[i];
        struct mg_wire_driver_row *row = &m->rows[i];
        double p = mg_moments_mean(mo, part->p, part->p);
        m->importance[i] = NAN;
        row->code = part->code;
        row->label = mg_wire_text_of(&part->label, part->code);
        row->dimension = part->dimension != MG_PART_NONE ? m->study->dimensions[part->dimension].code : NULL;
        row->performance = 100 * (p - part->scale.min) / (part->scale.max - part->scale.min);
        fill_row_gap(m, part, row);
        if (part->importance != MG_PART_NONE &&
            mg_moments_count(mo, part->importance, part->importance) > 0 &&
            mg_people_enough(&m->people, part->importance, part->importance)) {
            row->stated_importance = mg_moments_mean(mo, part->importance, part->importance);
            row->has_stated_importance = true;
        }
        if (m->y != MG_PART_NONE && mg_people_enough(&m->people, part->p, m->y)) {
            row->correlation = mg_moments_cor(mo, part->p, m->y);
            row->has_correlation = true;
        }
    }
}

/* The stated importance, where all parts have one, with its t interval. */
static bool take_stated(struct mg_driver_map *m)
{
    bool stated = m->n > 0;
    for (size_t i = 0; i < m->n; i++)
        stated = stated && m->rows[i].has_stated_importance;
    for (size_t i = 0; stated && i < m->n; i++) {
        struct mg_gap_stat mean;
        struct mg_wire_driver_row *row = &m->rows[i];
        m->importance[i] = row->stated_importance;
        if (mg_gap_single(m->pass.m, m->parts[i].importance, mg_measure_level(&m->request->base), &mean,
                          NULL))
            continue;
        row->importance_se = mean.se, row->has_importance_se = isfinite(mean.se);
        row->importance_low = mean.low_p, row->has_importance_low = isfinite(mean.low_p);
        row->importance_high = mean.high_p, row->has_importance_high = isfinite(mean.high_p);
    }
    return stated;
}

/* Which importance it is, and where its scale has its middle. Shares have no scale: their middle is an equal
 * share. */
static void choose_axis(struct mg_driver_map *m, bool derived, double scale[2])
{
    static const char *const methods[] = {
        [MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_LMG] = METHOD_LMG,
        [MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_STATED] = METHOD_STATED,
        [MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_CORRELATION] = METHOD_CORRELATION,
    };
    bool stated = !derived && take_stated(m);
    scale[0] = 0;
    scale[1] = derived ? 2.0 / (double)(m->p ? m->p : 1) : 1;
    if (stated) {
        const struct mg_item *item = &m->study->items[m->parts[0].item];
        scale[0] = item->importance_scale.min;
        scale[1] = item->importance_scale.max;
    }
    m->report->importance_source = derived  ? MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_LMG
                                   : stated ? MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_STATED
                                            : MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_CORRELATION;
    m->report->has_importance_source = true;
    m->report->method = methods[m->report->importance_source];
    for (size_t i = 0; i < m->n; i++) {
        m->rows[i].importance = m->importance[i];
        m->rows[i].has_importance = isfinite(m->importance[i]);
    }
}

static void draw_map(struct mg_driver_map *m, bool derived)
{
    static const enum mg_wire_driver_row_quadrant names[] = {
        [MG_QUADRANT_KEEP] = MG_WIRE_DRIVER_ROW_QUADRANT_KEEP,
        [MG_QUADRANT_CONCENTRATE] = MG_WIRE_DRIVER_ROW_QUADRANT_CONCENTRATE,
        [MG_QUADRANT_LOW] = MG_WIRE_DRIVER_ROW_QUADRANT_LOW,
        [MG_QUADRANT_OVERKILL] = MG_WIRE_DRIVER_ROW_QUADRANT_OVERKILL,
    };
    double scale[2], cut[2];
    const double percent[2] = {0, 100};
    choose_axis(m, derived, scale);
    for (size_t i = 0; i < m->n; i++)
        m->performance[i] = m->rows[i].performance;
    enum mg_cut_rule rule = m->request->cut_scale_middle ? MG_CUT_SCALE_MIDDLE : MG_CUT_MEANS;
    if (mg_importance_performance(m->importance, m->performance, m->n, rule, scale, percent, m->quadrants,
                                  cut, NULL))
        return; /* no map; the performances stand */
    m->report->cut_importance = cut[0], m->report->has_cut_importance = true;
    m->report->cut_performance = cut[1], m->report->has_cut_performance = true;
    for (size_t i = 0; i < m->n; i++)
        if (m->quadrants[i] != MG_QUADRANT_NONE) {
            m->rows[i].quadrant = names[m->quadrants[i]];
            m->rows[i].has_quadrant = true;
        }
}

static int fill_head(struct mg_driver_map *m, struct mg_error *error)
{
    struct mg_wire_driver_report *report = m->report;
    report->study = m->study->code;
    report->level = m->request->level == MG_DRIVER_DIMENSION ? MG_WIRE_DRIVER_REPORT_LEVEL_DIMENSION
                                                             : MG_WIRE_DRIVER_REPORT_LEVEL_ITEM;
    report->cut = m->request->cut_scale_middle ? MG_WIRE_DRIVER_REPORT_CUT_SCALE_MIDDLE
                                               : MG_WIRE_DRIVER_REPORT_CUT_MEANS;
    report->ci = mg_measure_level(&m->request->base), report->has_ci = true;
    report->n = report->responses = (int64_t)m->pass.m->rows;
    report->has_responses = true;
    if (m->outcome == MG_PART_NONE)
        return 0;
    struct mg_wire_text *label = mg_arena_alloc(m->ctx->arena, sizeof *label);
    if (!label)
        return mg_fail_memory(error);
    const struct mg_outcome *outcome = &m->study->outcomes[m->outcome];
    *label = mg_wire_text_of(&outcome->label, outcome->code);
    report->outcome = outcome->code;
    report->outcome_label = label;
    return 0;
}

static void note_without_outcome(struct mg_driver_map *m)
{
    bool stated = m->report->importance_source == MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_STATED;
    m->report->note = stated
                          ? mg_tr(m->ctx->lang, "The study has no outcome, so importance is what was stated.")
                          : mg_tr(m->ctx->lang, "The study has no outcome, and importance wasn't stated for "
                                                "all of these: there is no map.");
}

static void note_hidden(struct mg_driver_map *m)
{
    const char *none =
        mg_tr(m->ctx->lang,
              "Nothing is shown: too few people stand behind the numbers, or behind what is left out.");
    const char *some = mg_tr(m->ctx->lang, "Not shown: %zu, for too few people stand behind them, or behind "
                                           "what is left out.");
    if (m->hidden == 0)
        return;
    const char *note = m->n ? mg_arena_printf(m->ctx->arena, some, m->hidden) : none;
    m->report->note =
        m->n && m->report->note ? mg_arena_printf(m->ctx->arena, "%s %s", m->report->note, note) : note;
}

int mg_measure_drivers(struct mg_ctx *ctx, const struct mg_driver_request *request,
                       struct mg_wire_driver_report *ret, struct mg_error *error)
{
    struct mg_wire_driver_report report = {0};
    struct mg_driver_map m = {
        .ctx = ctx, .request = request, .study = request->base.study, .report = &report};
    bool derived = false;
    int rc = choose_outcome(&m, error);
    if (!rc)
        rc = mg_pass_plan(ctx, &request->base, MG_PLAN_IMPORTANCE | MG_PLAN_OUTCOMES | MG_PLAN_DRIVERS, NULL,
                          0, &m.plan, &m.pass, error);
    if (!rc && mg_people_in(m.pass.m) < mg_measure_k(&request->base))
        rc = mg_fail(error, MG_E_INESTIMABLE, "There are fewer than %g respondents, too few to show.",
                     mg_measure_k(&request->base));
    if (!rc)
        rc = mg_pass_add_outside(ctx, &request->base, m.plan, NULL, 0, &m.pass, error);
    m.people = (struct mg_people){.m = m.pass.m, .outside = m.pass.outside};
    if (request->base.n_filters || request->base.wave)
        m.people.few = mg_measure_k(&request->base);
    if (!rc)
        rc = choose_parts(&m, error);
    if (!rc)
        rc = fill_head(&m, error);
    if (rc)
        return rc;
    m.y = m.outcome == MG_PART_NONE ? MG_PART_NONE : m.plan->outcomes[m.outcome];
    fill_performance(&m);
    rc = mg_driver_base(&m, error);
    if (!rc)
        rc = mg_driver_derive(&m, &derived, error);
    if (rc)
        return rc;
    draw_map(&m, derived);
    rc = mg_driver_resample(&m, error);
    if (!rc)
        rc = mg_driver_say(&m, error);
    if (rc)
        return rc;
    if (m.outcome == MG_PART_NONE)
        note_without_outcome(&m);
    note_hidden(&m);
    report.rows = m.rows;
    report.n_rows = m.n;
    *ret = report;
    return 0;
}
