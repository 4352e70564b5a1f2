/* Drivers and the importance–performance map. Importance is derived from an outcome (LMG shares of R²), each
 * correlation over the respondents who answered both of its variables (a listwise study: over whole rows);
 * without an outcome, or where the drivers can't be estimated, the stated importance stands in, else the
 * correlation. */
#include <math.h>
#include <string.h>

#include "service/measure/row.h"
#include "stats/drivers/drivers.h"

#define METHOD_LMG "lmg-1"
#define METHOD_STATED "stated-1"
#define METHOD_CORRELATION "correlation-1"
#define PERMUTATIONS 1000

struct map {
    struct mg_ctx *ctx;
    const struct mg_driver_request *request;
    const struct mg_study *study;
    struct mg_plan *plan;
    struct mg_pass pass;
    const struct mg_part *parts; /* those with perceptions */
    size_t n;
    double few; /* what fewer people answered isn't shown; 0: all is */
    size_t y;   /* variable of the outcome; MG_PART_NONE: none */
    struct mg_wire_driver_row *rows;
    struct mg_wire_driver_report *report;
};

static int choose_outcome(struct map *m, size_t *ret_outcome, struct mg_error *error)
{
    *ret_outcome = m->study->n_outcomes ? 0 : MG_PART_NONE;
    if (!m->request->outcome)
        return 0;
    *ret_outcome = mg_study_find_outcome(m->study, m->request->outcome);
    if (*ret_outcome != MG_PART_NONE)
        return 0;
    mg_fail(error, MG_E_INVALID, "The study has no outcome “%s”.", m->request->outcome);
    mg_fail_at(error, "outcome");
    return MG_E_INVALID;
}

/* Only parts with a perception, of enough people, can be drivers. */
static int choose_parts(struct map *m, struct mg_error *error)
{
    bool dimensions = m->request->level == MG_DRIVER_DIMENSION;
    const struct mg_part *all = dimensions ? m->plan->dimensions : m->plan->items;
    size_t n_all = dimensions ? m->plan->n_dimensions : m->plan->n_items;
    struct mg_part *parts = mg_arena_array(m->ctx->arena, n_all + 1, sizeof *parts);
    m->rows = mg_arena_array(m->ctx->arena, n_all + 1, sizeof *m->rows);
    if (!parts || !m->rows)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n_all; i++)
        if (all[i].p != MG_PART_NONE && mg_moments_count(m->pass.m, all[i].p, all[i].p) >= fmax(1, m->few))
            parts[m->n++] = all[i];
    m->parts = parts;
    return 0;
}

/* Of the pairs; of the two samples where the sides come from different people. */
static void fill_row_gap(const struct map *m, const struct mg_part *part, struct mg_wire_driver_row *row)
{
    const struct mg_moments *mo = m->pass.m;
    if (part->e == MG_PART_NONE)
        return;
    bool unpaired = m->plan->options & MG_PLAN_UNPAIRED;
    size_t beside_e = unpaired ? part->e : part->p, beside_p = unpaired ? part->p : part->e;
    row->has_gap = fmin(mg_moments_count(mo, part->e, beside_e), mg_moments_count(mo, part->p, beside_p)) >=
                   fmax(1, m->few);
    if (row->has_gap)
        row->gap = mg_moments_mean(mo, part->p, beside_p) - mg_moments_mean(mo, part->e, beside_e);
}

static void fill_performance(struct map *m)
{
    const struct mg_moments *mo = m->pass.m;
    for (size_t i = 0; i < m->n; i++) {
        const struct mg_part *part = &m->parts[i];
        struct mg_wire_driver_row *row = &m->rows[i];
        double p = mg_moments_mean(mo, part->p, part->p);
        row->code = part->code;
        row->label = mg_wire_text_of(&part->label, part->code);
        row->dimension = part->dimension != MG_PART_NONE ? m->study->dimensions[part->dimension].code : NULL;
        row->performance = 100 * (p - part->scale.min) / (part->scale.max - part->scale.min);
        fill_row_gap(m, part, row);
        if (part->importance != MG_PART_NONE &&
            mg_moments_count(mo, part->importance, part->importance) >= fmax(1, m->few)) {
            row->stated_importance = mg_moments_mean(mo, part->importance, part->importance);
            row->has_stated_importance = true;
        }
        if (m->y != MG_PART_NONE && mg_moments_count(mo, part->p, m->y) >= m->few) {
            row->correlation = mg_moments_cor(mo, part->p, m->y);
            row->has_correlation = true;
        }
    }
}

/* Fills LMG and its companions; false with the reason in the report's note. */
static bool fill_drivers(struct map *m)
{
    struct mg_error why = {.lang = m->ctx->lang};
    size_t x[MG_DRIVERS_MAX];
    const char *names[MG_DRIVERS_MAX];
    if (m->y == MG_PART_NONE)
        return false;
    if (m->n > MG_DRIVERS_MAX) {
        mg_fail(&why, MG_E_LIMIT, "There are more than %d rows, too many to estimate their importance.",
                MG_DRIVERS_MAX);
        m->report->note = mg_arena_strdup(m->ctx->arena, why.message);
        return false;
    }
    for (size_t i = 0; i < m->n; i++) {
        x[i] = m->parts[i].p;
        names[i] = m->parts[i].code;
    }
    struct mg_drivers_spec spec = {.y = m->y,
                                   .x = x,
                                   .p = m->n,
                                   .names = names,
                                   .exact_max = MG_DRIVERS_EXACT_MAX,
                                   .permutations = PERMUTATIONS,
                                   .seed = 1};
    struct mg_drivers drivers;
    if (mg_drivers_estimate(m->ctx->arena, m->pass.m, &spec, &drivers, &why)) {
        m->report->note = *why.field ? mg_arena_printf(m->ctx->arena, "%s (%s)", why.message, why.field)
                                     : mg_arena_strdup(m->ctx->arena, why.message);
        return false;
    }
    if (drivers.n < m->few) {
        m->report->note = mg_tr(m->ctx->lang, "too few respondents to show");
        return false;
    }
    for (size_t i = 0; i < m->n; i++) {
        const struct mg_driver *d = &drivers.drivers[i];
        struct mg_wire_driver_row *row = &m->rows[i];
        row->importance = d->lmg / drivers.r2, row->has_importance = true;
        row->importance_se = d->lmg_se / drivers.r2, row->has_importance_se = drivers.permutations > 0;
        row->johnson = d->johnson / drivers.r2, row->has_johnson = true;
        row->beta = d->beta, row->has_beta = true;
    }
    m->report->n = (int64_t)drivers.n;
    m->report->r_squared = drivers.r2, m->report->has_r_squared = true;
    return true;
}

/* The axis of the map, and where its scale has its middle. Derived importances have no scale: their middle is
 * an equal share. */
static enum mg_wire_driver_report_importance_source importance_axis(const struct map *m, bool derived,
                                                                    double *values, double scale[2])
{
    bool stated = !derived;
    for (size_t i = 0; i < m->n; i++)
        stated = stated && m->rows[i].has_stated_importance;
    for (size_t i = 0; i < m->n; i++)
        values[i] = derived  ? m->rows[i].importance
                    : stated ? m->rows[i].stated_importance
                             : (m->rows[i].has_correlation ? m->rows[i].correlation : NAN);
    scale[0] = 0;
    scale[1] = derived ? 2.0 / (double)(m->n ? m->n : 1) : 1;
    if (stated && m->n) {
        const struct mg_item *item = &m->study->items[m->parts[0].item];
        scale[0] = item->importance_scale.min;
        scale[1] = item->importance_scale.max;
    }
    return derived  ? MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_LMG
           : stated ? MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_STATED
                    : MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_CORRELATION;
}

static int draw_map(struct map *m, bool derived, struct mg_error *error)
{
    static const enum mg_wire_driver_row_quadrant names[] = {
        [MG_QUADRANT_KEEP] = MG_WIRE_DRIVER_ROW_QUADRANT_KEEP,
        [MG_QUADRANT_CONCENTRATE] = MG_WIRE_DRIVER_ROW_QUADRANT_CONCENTRATE,
        [MG_QUADRANT_LOW] = MG_WIRE_DRIVER_ROW_QUADRANT_LOW,
        [MG_QUADRANT_OVERKILL] = MG_WIRE_DRIVER_ROW_QUADRANT_OVERKILL,
    };
    static const char *const methods[] = {
        [MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_LMG] = METHOD_LMG,
        [MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_STATED] = METHOD_STATED,
        [MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_CORRELATION] = METHOD_CORRELATION,
    };
    double *importance = mg_arena_array(m->ctx->arena, 2 * m->n + 1, sizeof *importance),
           *performance = importance + m->n;
    enum mg_quadrant *quadrants = mg_arena_array(m->ctx->arena, m->n + 1, sizeof *quadrants);
    if (!importance || !quadrants)
        return mg_fail_memory(error);
    double scale[2], cut[2];
    const double percent[2] = {0, 100};
    m->report->importance_source = importance_axis(m, derived, importance, scale);
    m->report->has_importance_source = true;
    m->report->method = methods[m->report->importance_source];
    for (size_t i = 0; i < m->n; i++)
        performance[i] = m->rows[i].performance;
    enum mg_cut_rule rule = m->request->cut_scale_middle ? MG_CUT_SCALE_MIDDLE : MG_CUT_MEANS;
    if (mg_importance_performance(importance, performance, m->n, rule, scale, percent, quadrants, cut, NULL))
        return 0; /* no map; the performances stand */
    m->report->cut_importance = cut[0], m->report->has_cut_importance = true;
    m->report->cut_performance = cut[1], m->report->has_cut_performance = true;
    for (size_t i = 0; i < m->n; i++)
        if (quadrants[i] != MG_QUADRANT_NONE) {
            m->rows[i].quadrant = names[quadrants[i]];
            m->rows[i].has_quadrant = true;
        }
    return 0;
}

/* Rows answered by nobody in common make pairwise correlations impossible; a narrower claim is for the note.
 */
static void fill_head(struct map *m, size_t outcome)
{
    struct mg_wire_driver_report *report = m->report;
    report->study = m->study->code;
    report->level = m->request->level == MG_DRIVER_DIMENSION ? MG_WIRE_DRIVER_REPORT_LEVEL_DIMENSION
                                                             : MG_WIRE_DRIVER_REPORT_LEVEL_ITEM;
    report->cut = m->request->cut_scale_middle ? MG_WIRE_DRIVER_REPORT_CUT_SCALE_MIDDLE
                                               : MG_WIRE_DRIVER_REPORT_CUT_MEANS;
    report->n = (int64_t)m->pass.m->rows;
    if (outcome == MG_PART_NONE)
        return;
    struct mg_wire_text *label = mg_arena_alloc(m->ctx->arena, sizeof *label);
    if (label)
        *label = mg_wire_text_of(&m->study->outcomes[outcome].label, m->study->outcomes[outcome].code);
    report->outcome = m->study->outcomes[outcome].code;
    report->outcome_label = label;
}

static void note_without_outcome(struct map *m)
{
    bool stated = m->report->importance_source == MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_STATED;
    m->report->note = stated
                          ? mg_tr(m->ctx->lang, "The study has no outcome, so importance is what was stated.")
                          : mg_tr(m->ctx->lang, "The study has no outcome, and importance wasn't stated for "
                                                "all of these: there is no map.");
}

int mg_measure_drivers(struct mg_ctx *ctx, const struct mg_driver_request *request,
                       struct mg_wire_driver_report *ret, struct mg_error *error)
{
    struct mg_wire_driver_report report = {0};
    struct map m = {.ctx = ctx, .request = request, .study = request->base.study, .report = &report};
    size_t outcome;
    int rc = choose_outcome(&m, &outcome, error);
    if (!rc)
        rc = mg_pass_plan(ctx, &request->base, MG_PLAN_IMPORTANCE | MG_PLAN_OUTCOMES | MG_PLAN_DRIVERS, NULL,
                          0, &m.plan, &m.pass, error);
    if (!rc && m.pass.m->rows < mg_measure_k(&request->base))
        rc = mg_fail(error, MG_E_INESTIMABLE, "There are fewer than %g respondents, too few to show.",
                     mg_measure_k(&request->base));
    m.few = request->base.n_filters || request->base.wave ? mg_measure_k(&request->base) : 0;
    if (!rc)
        rc = choose_parts(&m, error);
    if (rc)
        return rc;
    m.y = outcome == MG_PART_NONE ? MG_PART_NONE : m.plan->outcomes[outcome];
    fill_head(&m, outcome);
    fill_performance(&m);
    rc = draw_map(&m, fill_drivers(&m), error);
    if (rc)
        return rc;
    if (outcome == MG_PART_NONE)
        note_without_outcome(&m);
    report.rows = m.rows;
    report.n_rows = m.n;
    *ret = report;
    return 0;
}
