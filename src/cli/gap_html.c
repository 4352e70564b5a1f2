/* The report as one printable page: inline SVG dumbbells, heatmap, importance–performance map, tables. No
 * script, no external resource; colours are the client's tokens, light and dark; prints in black on white.
 * Every text from the data is escaped. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "cli/dumbbell.h"
#include "cli/format.h"
#include "cli/gap_view.h"

#define CHART_WIDTH 320.0
#define ROW_HEIGHT 26.0
#define MAP_WIDTH 760.0
#define MAP_HEIGHT 420.0
#define ROWS_MAX 1024

static const char style_sheet[] =
    ":root{--paper:#fbfaf7;--card:#fff;--ink:#1f2328;--mute:#6b7078;--line:#e7e4dc;--soft:#f3f1ea;--short:#"
    "c2452d;"
    "--beyond:#1f7a74;--noise:#9aa0a6;--accent:#2f4b7c}"
    "@media(prefers-color-scheme:dark){:root{--paper:#16181c;--card:#1d2025;--ink:#e8e6e1;--mute:#a0a4ab;--"
    "line:#33373e;"
    "--soft:#24282e;--short:#ef7b62;--beyond:#4fb8b0;--noise:#7d838b;--accent:#8fb0e8}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.5 "
    "Inter,'PingFang SC',"
    "'Noto Sans CJK SC','Microsoft YaHei',system-ui,sans-serif;font-variant-numeric:tabular-nums}"
    "main{max-width:1040px;margin:0 auto;padding:32px 24px}h1{font-size:22px;margin:0 0 "
    "4px}h2{font-size:16px;margin:0 0 "
    "8px}p{margin:0 0 8px}.mute{color:var(--mute);font-size:12px}section{background:var(--card);border:1px "
    "solid "
    "var(--line);border-radius:10px;padding:16px 20px;margin:16px "
    "0;overflow-x:auto}table{border-collapse:collapse;"
    "width:100%}th,td{padding:4px 8px;text-align:right;border-bottom:1px solid "
    "var(--line);white-space:nowrap}th{font-"
    "weight:500;color:var(--mute);font-size:12px}th:first-child,td:first-child{text-align:left;white-space:"
    "normal;min-width:190px}tr:last-"
    "child "
    "td{border-bottom:0}.short{color:var(--short)}.beyond{color:var(--beyond)}.small,.inconclusive,.unknown{"
    "color:var(--"
    "mute)}"
    "td.chart{padding:0 8px;width:320px}svg{display:block;max-width:100%;height:auto}svg "
    "text{fill:var(--mute);font-size:"
    "11px}.tick{stroke:var(--line)}.ring{fill:var(--card);stroke:var(--ink);stroke-width:2}.bar{stroke-width:"
    "4}.whisker{"
    "stroke-width:1}.s-short{stroke:var(--short)}.s-beyond{stroke:var(--beyond)}.s-small,.s-inconclusive,.s-"
    "unknown{stroke:"
    "var(--noise)}"
    ".f-short{fill:var(--short)}.f-beyond{fill:var(--beyond)}.f-small,.f-inconclusive,.f-unknown{fill:var(--"
    "noise)}.point{"
    "fill:var("
    "--accent)}.unsure{fill:var(--card);stroke:var(--accent);stroke-width:1.5}.cut{stroke:var(--mute);stroke-"
    "dasharray:3 3}"
    "@media "
    "print{:root{--paper:#fff;--card:#fff;--ink:#000;--mute:#444;--line:#bbb;--soft:#eee;--short:#a63018;--"
    "beyond:"
    "#0d5f59;--noise:#777;--accent:#2f4b7c}main{max-width:none;padding:0}section{border:0;padding:0;break-"
    "inside:auto}tr,"
    "svg{break-inside:avoid}thead{display:table-header-group}@page{size:A4;margin:14mm}}";

struct page {
    const struct mg_wire_gap_report *report;
    enum mg_lang lang;
    struct mg_buf *out;
    struct mg_axis axis;
    bool any_zone;
};

static void put_escaped(struct mg_buf *out, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '<')
            mg_buf_puts(out, "&lt;");
        else if (*text == '>')
            mg_buf_puts(out, "&gt;");
        else if (*text == '&')
            mg_buf_puts(out, "&amp;");
        else if (*text == '"')
            mg_buf_puts(out, "&quot;");
        else
            mg_buf_putc(out, *text);
    }
}

static const char *say(const struct page *p, const char *english)
{
    return mg_tr(p->lang, english);
}

static void put_number_cell(const struct page *p, double value, int decimals, bool plus)
{
    char text[MG_NUMBER_BYTES];
    mg_format_number(value, decimals, plus, text);
    mg_buf_printf(p->out, "<td>%s</td>", text);
}

static void put_estimate_cell(const struct page *p, const struct mg_wire_estimate *estimate, bool plus)
{
    put_number_cell(p, estimate ? estimate->value : NAN, 2, plus);
}

/* ---- dumbbells ---- */

static double chart_x(double share)
{
    return 10 + share * (CHART_WIDTH - 20);
}

static void put_ticks(const struct page *p, double height)
{
    for (double tick = p->axis.min; tick <= p->axis.max + p->axis.step * 1e-9; tick += p->axis.step) {
        double x = chart_x((tick - p->axis.min) / (p->axis.max - p->axis.min));
        mg_buf_printf(p->out, "<line class=\"tick\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%.0f\"/>", x, x,
                      height);
    }
}

static void put_dumbbell(const struct page *p, const struct mg_wire_gap_row *row)
{
    struct mg_dumbbell d = mg_dumbbell_place(row, &p->axis);
    const char *verdict = row->gap ? mg_wire_verdict_text(d.verdict) : "unknown";
    double y = ROW_HEIGHT / 2, e = chart_x(d.expected), x = chart_x(d.perceived);
    mg_buf_printf(p->out,
                  "<svg viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\" aria-label=\"",
                  CHART_WIDTH, ROW_HEIGHT, CHART_WIDTH, ROW_HEIGHT);
    put_escaped(p->out, mg_format_label(&row->label, p->lang));
    mg_buf_puts(p->out, "\">");
    put_ticks(p, ROW_HEIGHT);
    if (d.has_whisker)
        mg_buf_printf(p->out,
                      "<line class=\"whisker s-%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                      verdict, chart_x(d.whisker_low), chart_x(d.whisker_high), y, y);
    if (d.has_expected && d.has_perceived)
        mg_buf_printf(p->out, "<line class=\"bar s-%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                      verdict, e, x, y, y);
    if (d.has_adequate)
        mg_buf_printf(p->out, "<line class=\"cut\" x1=\"%.1f\" x2=\"%.1f\" y1=\"4\" y2=\"%.1f\"/>",
                      chart_x(d.adequate), chart_x(d.adequate), ROW_HEIGHT - 4);
    if (d.has_perceived)
        mg_buf_printf(p->out, "<circle class=\"f-%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>", verdict, x, y);
    if (d.has_expected)
        mg_buf_printf(p->out, "<circle class=\"ring\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>", e, y);
    mg_buf_puts(p->out, "</svg>");
}

static void put_axis(const struct page *p)
{
    mg_buf_printf(p->out, "<svg viewBox=\"0 0 %.0f 16\" width=\"%.0f\" height=\"16\" aria-hidden=\"true\">",
                  CHART_WIDTH, CHART_WIDTH);
    for (double tick = p->axis.min; tick <= p->axis.max + p->axis.step * 1e-9; tick += p->axis.step)
        mg_buf_printf(p->out, "<text x=\"%.1f\" y=\"12\" text-anchor=\"middle\">%g</text>",
                      chart_x((tick - p->axis.min) / (p->axis.max - p->axis.min)), tick);
    mg_buf_puts(p->out, "</svg>");
}

/* ---- tables of rows ---- */

static void put_head_cells(const struct page *p, const char *first)
{
    const char *const names[] = {MG_TEXT("Expected"), MG_TEXT("Top %"), MG_TEXT("Got"),     MG_TEXT("Gap"),
                                 MG_TEXT("Interval"), MG_TEXT("d_z"),   MG_TEXT("p (Holm)")};
    mg_buf_printf(p->out, "<thead><tr><th>%s</th><th>", first);
    put_axis(p);
    mg_buf_puts(p->out, "</th>");
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        mg_buf_printf(p->out, "<th>%s</th>", say(p, names[i]));
    if (p->any_zone)
        mg_buf_printf(p->out, "<th>%s</th><th>%s</th>", say(p, MG_TEXT("Adequate")),
                      say(p, MG_TEXT("P − A")));
    mg_buf_puts(p->out, "<th>n</th></tr></thead>");
}

static void put_gap_cells(const struct page *p, const struct mg_wire_gap_row *row)
{
    char gap[MG_NUMBER_BYTES], low[MG_NUMBER_BYTES] = "", high[MG_NUMBER_BYTES] = "", holm[MG_NUMBER_BYTES];
    const struct mg_wire_estimate *alone = row->perception ? row->perception : row->expectation;
    const struct mg_wire_estimate *estimate = row->gap ? row->gap : alone;
    mg_format_number(row->gap ? row->gap->value : NAN, 2, true, gap);
    if (estimate) {
        mg_format_number(estimate->low, 2, row->gap != NULL, low);
        mg_format_number(estimate->high, 2, row->gap != NULL, high);
    }
    mg_format_p(row->has_p_holm ? row->p_holm : row->has_p ? row->p : NAN, holm);
    mg_buf_printf(p->out, "<td class=\"%s\" title=\"%s\">%s%s</td><td>%s%s%s</td>",
                  mg_wire_verdict_text(row->verdict),
                  row->gap ? mg_gap_view_verdict(row->verdict, p->lang) : "", gap,
                  row->has_significant && row->significant ? "*" : "", low, *low ? " … " : "", high);
    put_number_cell(p, row->has_d_z ? row->d_z : NAN, 2, true);
    mg_buf_printf(p->out, "<td>%s</td>", *holm == '<' ? "&lt;0.001" : holm);
}

static void put_row(const struct page *p, const char *label, const struct mg_wire_gap_row *row)
{
    char n[MG_NUMBER_BYTES];
    mg_format_count(row->n, n);
    mg_buf_puts(p->out, "<tr><td>");
    put_escaped(p->out, label);
    if (!row->gap && !row->perception && !row->expectation && row->note) {
        mg_buf_printf(p->out, "</td><td colspan=\"%d\" class=\"mute\">", p->any_zone ? 10 : 8);
        put_escaped(p->out, row->note);
        mg_buf_printf(p->out, "</td><td>%s</td></tr>", n);
        return;
    }
    mg_buf_puts(p->out, "</td><td class=\"chart\">");
    put_dumbbell(p, row);
    mg_buf_puts(p->out, "</td>");
    put_estimate_cell(p, row->expectation, false);
    put_number_cell(p, row->has_expectation_at_top ? 100 * row->expectation_at_top : NAN, 0, false);
    put_estimate_cell(p, row->perception, false);
    put_gap_cells(p, row);
    if (p->any_zone) {
        put_estimate_cell(p, row->adequate, false);
        put_estimate_cell(p, row->msa, true);
    }
    mg_buf_printf(p->out, "<td>%s</td></tr>", n);
}

static void put_rows(const struct page *p, const char *title, const struct mg_wire_gap_row *rows, size_t n)
{
    if (n == 0)
        return;
    mg_buf_printf(p->out, "<section><h2>%s</h2><table>", title);
    put_head_cells(p, "");
    mg_buf_puts(p->out, "<tbody>");
    for (size_t i = 0; i < n; i++)
        put_row(p, mg_format_label(&rows[i].label, p->lang), &rows[i]);
    mg_buf_puts(p->out, "</tbody></table></section>");
}

/* ---- heatmap: touchpoint × dimension ---- */

static const struct mg_wire_gap_row *cell_at(const struct mg_wire_gap_report *r, const char *touchpoint,
                                             const char *dimension)
{
    for (size_t i = 0; i < r->n_cells; i++)
        if (mg_str_equal(r->cells[i].touchpoint, touchpoint) &&
            mg_str_equal(r->cells[i].dimension, dimension))
            return &r->cells[i];
    return NULL;
}

static double largest_gap(const struct mg_wire_gap_report *r)
{
    double largest = 0;
    for (size_t i = 0; i < r->n_cells; i++)
        if (r->cells[i].gap && isfinite(r->cells[i].gap->value))
            largest = fmax(largest, fabs(r->cells[i].gap->value));
    return largest > 0 ? largest : 1;
}

static void put_heat_cell(const struct page *p, const struct mg_wire_gap_row *cell, double largest)
{
    char text[MG_NUMBER_BYTES];
    if (!cell || !cell->gap || !isfinite(cell->gap->value)) {
        mg_buf_puts(p->out, "<td></td>");
        return;
    }
    mg_format_number(cell->gap->value, 2, true, text);
    const char *colour = cell->verdict == MG_WIRE_VERDICT_SHORT    ? "short"
                         : cell->verdict == MG_WIRE_VERDICT_BEYOND ? "beyond"
                                                                   : "mute";
    double strength = cell->verdict != MG_WIRE_VERDICT_SHORT && cell->verdict != MG_WIRE_VERDICT_BEYOND
                          ? 10
                          : 10 + 45 * fabs(cell->gap->value) / largest;
    mg_buf_printf(p->out, "<td style=\"background:color-mix(in srgb,var(--%s) %.0f%%,transparent)\">%s</td>",
                  colour, strength, text);
}

static void put_heatmap(const struct page *p)
{
    const struct mg_wire_gap_report *r = p->report;
    if (r->n_cells < 2 || !r->cells[0].gap)
        return;
    double largest = largest_gap(r);
    mg_buf_printf(p->out, "<section><h2>%s</h2><table><thead><tr><th></th>",
                  say(p, MG_TEXT("Gap by touchpoint and dimension")));
    for (size_t d = 0; d < r->n_dimensions; d++) {
        mg_buf_puts(p->out, "<th>");
        put_escaped(p->out, mg_format_label(&r->dimensions[d].label, p->lang));
        mg_buf_puts(p->out, "</th>");
    }
    mg_buf_puts(p->out, "</tr></thead><tbody>");
    for (size_t t = 0; t < r->n_touchpoints; t++) {
        mg_buf_puts(p->out, "<tr><td>");
        put_escaped(p->out, mg_format_label(&r->touchpoints[t].label, p->lang));
        mg_buf_puts(p->out, "</td>");
        for (size_t d = 0; d < r->n_dimensions; d++)
            put_heat_cell(p, cell_at(r, r->touchpoints[t].touchpoint, r->dimensions[d].dimension), largest);
        mg_buf_puts(p->out, "</tr>");
    }
    mg_buf_puts(p->out, "</tbody></table></section>");
}

/* ---- importance–performance map ---- */

static double importance_of(const struct mg_wire_driver_row *row)
{
    return row->has_importance ? row->importance : NAN;
}

struct square {
    double x0, x1, y0, y1;
};

static double map_x(const struct square *s, double performance)
{
    return 40 + (performance - s->x0) / (s->x1 - s->x0) * (MAP_WIDTH - 60);
}

static double map_y(const struct square *s, double importance)
{
    return MAP_HEIGHT - 40 - (importance - s->y0) / (s->y1 - s->y0) * (MAP_HEIGHT - 60);
}

static struct square bounds_of(const struct mg_wire_driver_report *d)
{
    struct square s = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t i = 0; i < d->n_rows; i++) {
        double importance = importance_of(&d->rows[i]);
        if (!isfinite(importance) || !isfinite(d->rows[i].performance))
            continue;
        s.x0 = fmin(s.x0, d->rows[i].performance), s.x1 = fmax(s.x1, d->rows[i].performance);
        s.y0 = fmin(s.y0, importance), s.y1 = fmax(s.y1, importance);
    }
    double dx = fmax(1e-9, s.x1 - s.x0) * 0.08, dy = fmax(1e-9, s.y1 - s.y0) * 0.08;
    return (struct square){s.x0 - dx, s.x1 + dx, s.y0 - dy, s.y1 + dy};
}

static void put_points(const struct page *p, const struct mg_wire_driver_report *d, const struct square *s)
{
    for (size_t i = 0; i < d->n_rows; i++) {
        double importance = importance_of(&d->rows[i]);
        if (!isfinite(importance) || !isfinite(d->rows[i].performance))
            continue;
        double x = map_x(s, d->rows[i].performance), y = map_y(s, importance);
        bool unsure = d->rows[i].has_quadrant_uncertain && d->rows[i].quadrant_uncertain;
        mg_buf_printf(p->out, "<circle class=\"point%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>",
                      unsure ? " unsure" : "", x, y);
        put_escaped(p->out, mg_format_label(&d->rows[i].label, p->lang));
        mg_buf_printf(p->out, "</title></circle><text x=\"%.1f\" y=\"%.1f\">", x + 6, y + 4);
        put_escaped(p->out, d->rows[i].code);
        mg_buf_puts(p->out, "</text>");
    }
}

static void put_driver(const struct page *p, const struct mg_wire_driver_row *row, int decimals,
                       double factor)
{
    mg_buf_puts(p->out, "<tr><td>");
    put_escaped(p->out, mg_format_label(&row->label, p->lang));
    mg_buf_puts(p->out, "</td>");
    put_number_cell(p, row->performance, 1, false);
    put_number_cell(p, factor * importance_of(row), decimals, false);
    put_number_cell(p, row->has_importance_low ? factor * row->importance_low : NAN, decimals, false);
    put_number_cell(p, row->has_importance_high ? factor * row->importance_high : NAN, decimals, false);
    mg_buf_puts(p->out, "<td>");
    if (row->has_rank)
        mg_buf_printf(p->out, "%lld (%lld–%lld)", (long long)row->rank, (long long)row->rank_low,
                      (long long)row->rank_high);
    mg_buf_printf(p->out, "</td><td>%s</td><td>", mg_gap_view_quadrant(row, p->lang));
    if (row->has_quadrant_probability)
        mg_buf_printf(p->out, "%.0f%%", 100 * row->quadrant_probability);
    if (row->has_quadrant_uncertain && row->quadrant_uncertain)
        mg_buf_printf(p->out, " %s", say(p, "uncertain"));
    mg_buf_puts(p->out, "</td></tr>");
}

/* The map in numbers, with how sure they are, and what stands behind them. */
static void put_drivers(const struct page *p, const struct mg_wire_driver_report *d)
{
    bool share = d->importance_source == MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_LMG;
    char percent[16];
    snprintf(percent, sizeof percent, "%.4g%%", 100 * d->ci);
    char r2[256];
    mg_gap_view_r2(d, p->lang, r2, sizeof r2);
    mg_buf_printf(p->out, "<p>%s ", r2);
    if (d->finding)
        put_escaped(p->out, mg_format_label(d->finding, p->lang));
    mg_buf_puts(p->out, "</p><p class=\"mute\">");
    if (d->basis)
        put_escaped(p->out, mg_format_label(d->basis, p->lang));
    mg_buf_puts(p->out, " ");
    put_escaped(p->out, d->note ? d->note : d->interval_note);
    struct mg_buf sets;
    mg_buf_init(&sets, 65536);
    mg_buf_putc(&sets, ' ');
    mg_gap_view_collinear(d, p->lang, &sets);
    put_escaped(p->out, sets.data);
    mg_buf_done(&sets);
    mg_buf_printf(p->out, "</p><table><thead><tr><th></th><th>%s</th><th>%s</th><th colspan=\"2\">%s</th>",
                  say(p, MG_TEXT("Performance")),
                  share ? say(p, MG_TEXT("Importance, R² share")) : say(p, MG_TEXT("Importance")), percent);
    mg_buf_printf(p->out, "<th>%s</th><th colspan=\"2\">%s</th></tr></thead><tbody>",
                  say(p, MG_TEXT("Rank (interval)")), say(p, MG_TEXT("Where, and how probably")));
    for (size_t i = 0; i < d->n_rows; i++)
        put_driver(p, &d->rows[i], share ? 1 : 2, share ? 100 : 1);
    mg_buf_puts(p->out, "</tbody></table>");
}

static void put_map(const struct page *p, const struct mg_wire_driver_report *d)
{
    if (!d || d->n_rows < 2 || !d->has_cut_importance)
        return;
    struct square s = bounds_of(d);
    double x = map_x(&s, d->cut_performance), y = map_y(&s, d->cut_importance);
    mg_buf_printf(
        p->out, "<section><h2>%s</h2><p class=\"mute\">%s · %s</p>",
        say(p, MG_TEXT("Importance and performance")),
        say(p, MG_TEXT("Across: performance, 0–100. Up: importance. The upper left comes first. Hollow: "
                       "its quadrant is uncertain.")),
        d->method);
    mg_buf_printf(
        p->out,
        "<svg viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\" aria-label=\"%s\">",
        MAP_WIDTH, MAP_HEIGHT, MAP_WIDTH, MAP_HEIGHT, say(p, MG_TEXT("Importance and performance")));
    mg_buf_printf(p->out, "<line class=\"cut\" x1=\"%.1f\" x2=\"%.1f\" y1=\"20\" y2=\"%.0f\"/>", x, x,
                  MAP_HEIGHT - 40);
    mg_buf_printf(p->out, "<line class=\"cut\" x1=\"40\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                  MAP_WIDTH - 20, y, y);
    put_points(p, d, &s);
    mg_buf_printf(p->out,
                  "<text x=\"44\" y=\"16\">%s</text><text x=\"%.0f\" y=\"16\" text-anchor=\"end\">%s</text>",
                  say(p, MG_TEXT("concentrate here")), MAP_WIDTH - 20, say(p, MG_TEXT("keep up")));
    mg_buf_printf(
        p->out,
        "<text x=\"44\" y=\"%.0f\">%s</text><text x=\"%.0f\" y=\"%.0f\" text-anchor=\"end\">%s</text></svg>",
        MAP_HEIGHT - 26, say(p, MG_TEXT("low priority")), MAP_WIDTH - 20, MAP_HEIGHT - 26,
        say(p, MG_TEXT("possible overkill")));
    put_drivers(p, d);
    mg_buf_puts(p->out, "</section>");
}

/* ---- outcomes, reliability, groups ---- */

static void put_scores(const struct page *p)
{
    const struct mg_wire_gap_report *r = p->report;
    if (r->n_scores == 0)
        return;
    mg_buf_printf(p->out, "<section><h2>%s</h2><table><tbody>", say(p, "Outcomes"));
    for (size_t i = 0; i < r->n_scores; i++) {
        const struct mg_wire_score *s = &r->scores[i];
        bool plus = s->kind == MG_WIRE_SCORE_KIND_NPS;
        mg_buf_puts(p->out, "<tr><td>");
        put_escaped(p->out, mg_format_label(&s->label, p->lang));
        mg_buf_puts(p->out, "<br><span class=\"mute\">");
        put_escaped(p->out, mg_format_label(s->name, p->lang));
        mg_buf_puts(p->out, say(p, ": "));
        put_escaped(p->out, mg_format_label(s->definition, p->lang));
        mg_buf_puts(p->out, " ");
        put_escaped(p->out, s->note);
        mg_buf_puts(p->out, "</span></td>");
        int decimals = s->unit == MG_WIRE_SCORE_UNIT_SCALE ? 2 : 1;
        put_number_cell(p, s->estimate.value, decimals, plus);
        put_number_cell(p, s->estimate.low, decimals, plus);
        put_number_cell(p, s->estimate.high, decimals, plus);
        mg_buf_printf(p->out, "<td>n %lld</td><td>%s</td></tr>", (long long)s->n, s->formula);
    }
    mg_buf_printf(p->out, "</tbody></table><p class=\"mute\">%s docs/methods/scores.md</p></section>",
                  say(p, MG_TEXT("How these are computed:")));
}

/* Ends a cell with the answers behind its number. */
static void put_count_below(const struct page *p, bool has, int64_t n)
{
    char count[MG_NUMBER_BYTES];
    mg_format_count(n, count);
    if (has)
        mg_buf_printf(p->out, "<br><span class=\"mute\">n %s</span>", count);
    mg_buf_puts(p->out, "</td>");
}

/* n: of the answers behind it. */
static void put_interval_cell(const struct page *p, const struct mg_wire_estimate *estimate, int64_t n)
{
    char value[MG_NUMBER_BYTES], low[MG_NUMBER_BYTES], high[MG_NUMBER_BYTES];
    mg_format_number(estimate ? estimate->value : NAN, 3, false, value);
    mg_format_number(estimate ? estimate->low : NAN, 2, false, low);
    mg_format_number(estimate ? estimate->high : NAN, 2, false, high);
    mg_buf_printf(p->out, *low ? "<td>%s (%s…%s)" : "<td>%s", value, low, high);
    put_count_below(p, estimate != NULL, n);
}

static void put_reliability(const struct page *p)
{
    const struct mg_wire_gap_report *r = p->report;
    if (r->n_reliability == 0)
        return;
    mg_buf_printf(
        p->out,
        "<section><h2>%s</h2><table><thead><tr><th></th><th>%s</th><th>α E</th><th>α P</th><th>α P−E</th>"
        "<th>r_D</th></tr></thead><tbody>",
        say(p, "Reliability (α)"), say(p, "items"));
    for (size_t i = 0; i < r->n_reliability; i++) {
        const struct mg_wire_reliability *row = &r->reliability[i];
        char r_difference[MG_NUMBER_BYTES];
        mg_buf_puts(p->out, "<tr><td>");
        put_escaped(p->out, mg_format_label(&row->label, p->lang));
        mg_buf_printf(p->out, "</td><td>%lld</td>", (long long)row->items);
        put_interval_cell(p, row->interval_expectation, row->n_expectation);
        put_interval_cell(p, row->interval_perception, row->n);
        put_interval_cell(p, row->interval_difference, row->n_difference);
        mg_format_number(row->has_r_difference ? row->r_difference : NAN, 3, false, r_difference);
        mg_buf_printf(p->out, "<td>%s", r_difference);
        put_count_below(p, row->has_r_difference, row->n_r_difference);
        mg_buf_puts(p->out, "</tr>");
        if (row->note) {
            mg_buf_puts(p->out, "<tr><td colspan=\"6\" class=\"mute\">");
            put_escaped(p->out, row->note);
            mg_buf_puts(p->out, "</td></tr>");
        }
    }
    mg_buf_puts(p->out, "</tbody></table></section>");
}

static void put_groups(const struct page *p)
{
    const struct mg_wire_gap_report *r = p->report;
    if (r->n_groups == 0)
        return;
    mg_buf_printf(p->out, "<section><h2>%s</h2><table>", say(p, "Groups"));
    put_head_cells(p, "");
    mg_buf_puts(p->out, "<tbody>");
    for (size_t g = 0; g < r->n_groups; g++) {
        struct mg_buf keys;
        mg_buf_init(&keys, 65536);
        mg_gap_view_keys(&r->groups[g], p->lang, &keys);
        if (r->groups[g].suppressed) {
            mg_buf_puts(p->out, "<tr><td>");
            put_escaped(p->out, keys.data);
            mg_buf_printf(p->out, "</td><td colspan=\"9\" class=\"mute\">%s</td></tr>",
                          say(p, "too few respondents to show"));
        } else {
            put_row(p, keys.data, r->groups[g].overall);
        }
        mg_buf_done(&keys);
    }
    mg_buf_puts(p->out, "</tbody></table></section>");
}

static void put_compared(const struct page *p, const struct mg_wire_gap_group *group)
{
    char cells[MG_COMPARED_CELLS][MG_COMPARED_BYTES];
    struct mg_buf keys;
    mg_buf_init(&keys, 65536);
    mg_gap_view_keys(group, p->lang, &keys);
    mg_buf_puts(p->out, "<tr><td>");
    put_escaped(p->out, keys.data);
    mg_buf_puts(p->out, "</td>");
    mg_buf_done(&keys);
    mg_gap_view_compared(group->overall, cells);
    for (size_t c = 0; c < MG_COMPARED_CELLS; c++) {
        mg_buf_puts(p->out, "<td>");
        put_escaped(p->out, cells[c]);
        mg_buf_puts(p->out, "</td>");
    }
    mg_buf_puts(p->out, "</tr>");
}

/* Each group beside all others together. */
static void put_comparison(const struct page *p)
{
    const char *const names[] = {MG_TEXT("From others"), MG_TEXT("Interval"), MG_TEXT("p (Holm)"),
                                 MG_TEXT("Shrunk (SE)")};
    const struct mg_wire_gap_report *r = p->report;
    size_t n = 0;
    for (size_t g = 0; g < r->n_groups; g++) {
        if (!mg_gap_view_is_compared(&r->groups[g]))
            continue;
        if (n++ == 0) {
            mg_buf_printf(p->out, "<section><h2>%s</h2><table><thead><tr><th></th>",
                          say(p, MG_TEXT("Groups against all others")));
            for (size_t i = 0; i < ARRAY_LEN(names); i++)
                mg_buf_printf(p->out, "<th>%s</th>", say(p, names[i]));
            mg_buf_puts(p->out, "</tr></thead><tbody>");
        }
        put_compared(p, &r->groups[g]);
    }
    mg_buf_puts(p->out, n ? "</tbody></table></section>" : "");
}

/* ---- the page ---- */

static void put_top(const struct page *p, const char *finding)
{
    mg_buf_printf(
        p->out,
        "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light "
        "dark\"><title>",
        p->lang == MG_LANG_ZH ? "zh-CN" : "en");
    put_escaped(p->out, mg_format_label(&p->report->title, p->lang));
    mg_buf_printf(p->out, "</title><style>%s</style></head><body><main><p class=\"mute\">", style_sheet);
    put_escaped(p->out, mg_format_label(&p->report->title, p->lang));
    mg_buf_puts(p->out, "</p><h1>");
    put_escaped(p->out, finding);
    mg_buf_puts(p->out, "</h1><p class=\"mute\">");
    char rows[MG_NUMBER_BYTES];
    mg_format_count(p->report->rows, rows);
    mg_buf_printf(p->out, say(p, p->report->rows == 1 ? "%s row" : "%s rows"), rows);
    mg_buf_puts(p->out, " · ");
    mg_gap_view_method(p->report, p->lang, p->out);
    mg_buf_printf(
        p->out, "</p><p class=\"mute\">%s</p>",
        say(p,
            "○ expected  ● perceived  ▼ short  ▲ beyond  ≈ small  · inconclusive  * significant after Holm"));
}

static void put_notes(const struct page *p)
{
    mg_buf_puts(p->out, "<p class=\"mute\">");
    for (size_t i = 0; i < p->report->n_notes; i++) {
        put_escaped(p->out, mg_format_label(&p->report->notes[i], p->lang));
        mg_buf_puts(p->out, "<br>");
    }
    mg_buf_printf(p->out, say(p, "Formula %s; gap = perception − expectation.\n"), p->report->formula);
    mg_buf_puts(p->out, "</p></main></body></html>\n");
}

static void choose_axis(struct page *p)
{
    static const struct mg_wire_gap_row *rows[ROWS_MAX]; /* one page a run of the command */
    const struct mg_wire_gap_report *r = p->report;
    size_t n = 0;
    rows[n++] = &r->overall;
    for (size_t i = 0; i < r->n_items && n < ROWS_MAX; i++) {
        rows[n++] = &r->items[i];
        p->any_zone = p->any_zone || r->items[i].adequate != NULL;
    }
    for (size_t g = 0; g < r->n_groups && n < ROWS_MAX; g++)
        if (r->groups[g].overall)
            rows[n++] = r->groups[g].overall;
    p->axis = mg_axis_of_rows(rows, n, r->scale);
}

void mg_gap_view_html(const struct mg_wire_gap_report *report, const struct mg_wire_driver_report *drivers,
                      enum mg_lang lang, const char *finding, struct mg_buf *out)
{
    struct page p = {.report = report, .lang = lang, .out = out};
    choose_axis(&p);
    put_top(&p, finding);
    put_rows(&p, mg_tr(lang, "Overall"), &report->overall, 1);
    put_rows(&p, mg_tr(lang, "Dimensions"), report->dimensions, report->n_dimensions);
    put_rows(&p, mg_tr(lang, "Touchpoints"), report->touchpoints, report->n_touchpoints);
    put_heatmap(&p);
    put_rows(&p, mg_tr(lang, "Items"), report->items, report->n_items);
    put_map(&p, drivers);
    put_groups(&p);
    put_comparison(&p);
    put_scores(&p);
    put_reliability(&p);
    put_notes(&p);
}
