/* The report in a terminal. Columns have a priority: as many as fit are shown, what room remains goes to
 * labels and chart. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "cli/dumbbell.h"
#include "cli/format.h"
#include "cli/gap_view.h"

#define LABEL_MIN 14
#define LABEL_MAX 40
#define CHART_MIN 16
#define CHART_MAX 56
#define RANK_LAST 11
#define CELLS_SHOWN 12
#define NONRESPONSE_SHOWN 10
#define ROWS_MAX 1024

static const char *const colours[] = {
    [MG_WIRE_VERDICT_SHORT] = "\x1b[38;5;166m", /* vermilion */
    [MG_WIRE_VERDICT_BEYOND] = "\x1b[38;5;30m", /* teal */
    [MG_WIRE_VERDICT_SMALL] = "\x1b[38;5;245m", /* grey */
    [MG_WIRE_VERDICT_INCONCLUSIVE] = "\x1b[38;5;245m", [MG_WIRE_VERDICT_UNKNOWN] = "\x1b[38;5;245m",
};
#define BOLD "\x1b[1m"
#define MUTE "\x1b[38;5;245m"
#define PLAIN "\x1b[0m"

/* A line of a section: a row and how to call it; row NULL: only the label and the remark. */
struct line {
    char label[200];
    const struct mg_wire_gap_row *row;
    const char *remark;
    int64_t n;
};

struct view {
    const struct mg_wire_gap_report *report;
    const struct mg_view_style *style;
    struct mg_buf *out;
    struct mg_axis axis;
    bool any_gap, any_expected, any_perceived, any_zone, any_truth, any_shrunk;
    int widest_label;
};

/* ---- columns ---- */

typedef void put_cell(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size);

static void put_estimate(const struct mg_wire_estimate *estimate, bool plus, char *text)
{
    mg_format_number(estimate ? estimate->value : NAN, 2, plus, text);
}

static void put_expectation(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    put_estimate(row->expectation, false, text);
}

/* Of the expectations, how many are at the top of the scale. */
static void put_top(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    mg_format_number(row->has_expectation_at_top ? 100 * row->expectation_at_top : NAN, 0, false, text);
}

static void put_perception(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    put_estimate(row->perception, false, text);
}

static void put_adequate(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    put_estimate(row->adequate, false, text);
}

static void put_msa(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    put_estimate(row->msa, true, text);
}

/* Mark, signed gap, star: colour is never the only signal. */
static void put_gap(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    static const char *const marks[] = {[MG_WIRE_VERDICT_SHORT] = "▼",
                                        [MG_WIRE_VERDICT_BEYOND] = "▲",
                                        [MG_WIRE_VERDICT_SMALL] = "≈",
                                        [MG_WIRE_VERDICT_INCONCLUSIVE] = "·",
                                        [MG_WIRE_VERDICT_UNKNOWN] = " "};
    (void)lang;
    char number[MG_NUMBER_BYTES];
    put_estimate(row->gap, true, number);
    snprintf(text, size, "%s%s%s", *number ? marks[row->verdict] : "", number,
             *number ? (row->has_significant && row->significant ? "*" : " ") : "");
}

static void put_interval(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang;
    const struct mg_wire_estimate *estimate = row->gap          ? row->gap
                                              : row->perception ? row->perception
                                                                : row->expectation;
    text[0] = '\0';
    if (!estimate || !isfinite(estimate->low) || !isfinite(estimate->high))
        return;
    char low[MG_NUMBER_BYTES], high[MG_NUMBER_BYTES];
    mg_format_number(estimate->low, 2, row->gap != NULL, low);
    mg_format_number(estimate->high, 2, row->gap != NULL, high);
    snprintf(text, size, "%s … %s", low, high);
}

static void put_d_z(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    mg_format_number(row->has_d_z ? row->d_z : NAN, 2, true, text);
}

static void put_p(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    mg_format_p(row->has_p_holm ? row->p_holm : row->has_p ? row->p : NAN, text);
}

static void put_truth(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    mg_format_number(row->has_truth ? row->truth : NAN, 2, true, text);
}

static void put_shrunk(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    mg_format_number(row->has_shrunk ? row->shrunk : NAN, 2, true, text);
}

static void put_zone(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    text[0] = '\0';
    if (!row->has_zone)
        return;
    const char *const words[] = {
        [MG_WIRE_GAP_ROW_ZONE_BELOW] = mg_tr(lang, "below"),
        [MG_WIRE_GAP_ROW_ZONE_INSIDE] = mg_tr(lang, "inside"),
        [MG_WIRE_GAP_ROW_ZONE_ABOVE] = mg_tr(lang, "above"),
        [MG_WIRE_GAP_ROW_ZONE_INCONCLUSIVE] = "·" /* as the legend says */,
    };
    snprintf(text, size, "%s", words[row->zone]);
}

static void put_n(const struct mg_wire_gap_row *row, enum mg_lang lang, char *text, size_t size)
{
    (void)lang, (void)size;
    mg_format_count(row->n, text);
}

enum need { NEED_NOTHING, NEED_EXPECTED, NEED_PERCEIVED, NEED_GAP, NEED_ZONE, NEED_TRUTH, NEED_SHRUNK };

/* In the order of the screen; `rank`: who is let in first. */
static const struct column {
    const char *header; /* translated */
    put_cell *put;
    int width, rank;
    enum need need;
} columns[] = {
    {MG_TEXT("Exp."), put_expectation, 5, 3, NEED_EXPECTED},
    {MG_TEXT("Top %"), put_top, 6, 11, NEED_EXPECTED},
    {MG_TEXT("Got"), put_perception, 5, 2, NEED_PERCEIVED},
    {MG_TEXT("Adequate"), put_adequate, 8, 8, NEED_ZONE},
    {MG_TEXT("Gap"), put_gap, 8, 0, NEED_GAP},
    {MG_TEXT("Interval"), put_interval, 15, 4, NEED_NOTHING},
    {MG_TEXT("Shrunk"), put_shrunk, 6, 5, NEED_SHRUNK},
    {MG_TEXT("Truth"), put_truth, 6, 5, NEED_TRUTH},
    {MG_TEXT("P − A"), put_msa, 6, 7, NEED_ZONE},
    {MG_TEXT("Zone"), put_zone, 6, 6, NEED_ZONE},
    {MG_TEXT("d_z"), put_d_z, 5, 9, NEED_GAP},
    {MG_TEXT("p (Holm)"), put_p, 9, 10, NEED_GAP},
    {MG_TEXT("n"), put_n, 7, 1, NEED_NOTHING},
};

struct layout {
    bool shown[ARRAY_LEN(columns)];
    int label, chart;
};

static bool needed(const struct view *v, enum need need)
{
    const bool have[] = {
        [NEED_NOTHING] = true,        [NEED_EXPECTED] = v->any_expected, [NEED_PERCEIVED] = v->any_perceived,
        [NEED_GAP] = v->any_gap,      [NEED_ZONE] = v->any_zone,         [NEED_TRUTH] = v->any_truth,
        [NEED_SHRUNK] = v->any_shrunk};
    return have[need];
}

/* One layout for all sections, so that the axis is the same from top to bottom. Labels get up to a fifth of
 * the width before the columns of lower rank, the chart what remains. */
static struct layout lay_out(const struct view *v)
{
    int fifth = v->style->width / 5;
    struct layout layout = {.chart = fifth < CHART_MIN ? CHART_MIN : fifth < CHART_MAX ? fifth : CHART_MAX};
    layout.label = v->widest_label < fifth ? v->widest_label : fifth;
    layout.label = layout.label < LABEL_MIN ? LABEL_MIN : layout.label;
    int room = v->style->width - layout.label - 1 - layout.chart;
    for (int rank = 0; rank <= RANK_LAST; rank++)
        for (size_t c = 0; c < ARRAY_LEN(columns); c++)
            if (columns[c].rank == rank && needed(v, columns[c].need) && columns[c].width + 1 <= room) {
                layout.shown[c] = true;
                room -= columns[c].width + 1;
            }
    int wanted = v->widest_label - layout.label;
    int given = wanted < room / 2 ? wanted : room / 2;
    layout.label += given > 0 ? given : 0;
    room -= given > 0 ? given : 0;
    layout.chart += room < CHART_MAX - layout.chart ? room : CHART_MAX - layout.chart;
    return layout;
}

/* ---- sections ---- */

static void paint(const struct view *v, const char *code)
{
    if (v->style->colour)
        mg_buf_puts(v->out, code);
}

/* Nothing but a reason and n. */
static bool is_blank(const struct mg_wire_gap_row *row)
{
    return !row->gap && !row->perception && !row->expectation && row->note;
}

static void put_remark(const struct view *v, const struct line *line)
{
    char n[MG_NUMBER_BYTES];
    paint(v, MUTE);
    mg_buf_puts(v->out, line->remark ? line->remark : "");
    if (line->row) {
        mg_format_count(line->row->n, n);
        mg_buf_printf(v->out, "%s · n %s", line->row->note, n);
    }
    paint(v, PLAIN);
    mg_buf_putc(v->out, '\n');
}

static void put_line(const struct view *v, const struct layout *layout, const struct line *line)
{
    mg_format_pad(v->out, line->label, layout->label, MG_ALIGN_LEFT);
    mg_buf_putc(v->out, ' ');
    if (!line->row || is_blank(line->row)) {
        put_remark(v, line);
        return;
    }
    struct mg_dumbbell dumbbell = mg_dumbbell_place(line->row, &v->axis);
    paint(v, line->row->gap ? colours[line->row->verdict] : PLAIN);
    mg_dumbbell_text(&dumbbell, layout->chart, v->out);
    paint(v, PLAIN);
    for (size_t c = 0; c < ARRAY_LEN(columns); c++) {
        if (!layout->shown[c])
            continue;
        char text[120] = "";
        columns[c].put(line->row, v->style->lang, text, sizeof text);
        mg_buf_putc(v->out, ' ');
        bool signal = columns[c].put == put_gap;
        if (signal)
            paint(v, colours[line->row->verdict]);
        mg_format_pad(v->out, text, columns[c].width, MG_ALIGN_RIGHT);
        if (signal)
            paint(v, PLAIN);
    }
    mg_buf_putc(v->out, '\n');
}

static void put_header(const struct view *v, const struct layout *layout, const char *title)
{
    paint(v, BOLD);
    mg_format_pad(v->out, title, layout->label, MG_ALIGN_LEFT);
    paint(v, PLAIN);
    paint(v, MUTE);
    mg_buf_putc(v->out, ' ');
    mg_axis_text(&v->axis, layout->chart, v->out);
    for (size_t c = 0; c < ARRAY_LEN(columns); c++) {
        if (!layout->shown[c])
            continue;
        mg_buf_putc(v->out, ' ');
        mg_format_pad(v->out, mg_tr(v->style->lang, columns[c].header), columns[c].width, MG_ALIGN_RIGHT);
    }
    paint(v, PLAIN);
    mg_buf_putc(v->out, '\n');
}

static void put_section(const struct view *v, const char *title, const struct line *lines, size_t n)
{
    if (n == 0)
        return;
    struct layout layout = lay_out(v);
    mg_buf_putc(v->out, '\n');
    put_header(v, &layout, title);
    for (size_t i = 0; i < n; i++)
        put_line(v, &layout, &lines[i]);
}

static void label_row(const struct view *v, const struct mg_wire_gap_row *row, bool with_code,
                      struct line *line)
{
    const char *label = mg_format_label(&row->label, v->style->lang);
    bool code = with_code && strcmp(label, row->code) != 0;
    snprintf(line->label, sizeof line->label, "%s%s%s", code ? row->code : "", code ? " " : "", label);
    line->row = row;
}

static void put_rows(const struct view *v, const char *title, const struct mg_wire_gap_row *rows, size_t n,
                     bool with_code)
{
    static struct line lines[ROWS_MAX]; /* one report at a time: a command prints and ends */
    size_t shown = n < ROWS_MAX ? n : ROWS_MAX;
    for (size_t i = 0; i < shown; i++)
        label_row(v, &rows[i], with_code, &lines[i]);
    put_section(v, title, lines, shown);
}

static void put_cells(const struct view *v)
{
    size_t n = v->report->n_cells, shown = n < CELLS_SHOWN ? n : CELLS_SHOWN;
    put_rows(v, mg_tr(v->style->lang, "Touchpoint · dimension"), v->report->cells, shown, false);
    if (n > shown)
        mg_buf_printf(v->out, mg_tr(v->style->lang, "… and %zu more; --format csv has all of them.\n"),
                      n - shown);
}

/* What the score is, under it; and why something is missing. */
static void put_definition(const struct view *v, const struct mg_wire_score *s)
{
    paint(v, MUTE);
    mg_buf_printf(v->out, "  %s%s%s\n", mg_format_label(s->name, v->style->lang), mg_tr(v->style->lang, ": "),
                  mg_format_label(s->definition, v->style->lang));
    if (s->note)
        mg_buf_printf(v->out, "  %s\n", s->note);
    paint(v, PLAIN);
}

static void put_scores(const struct view *v)
{
    enum mg_lang lang = v->style->lang;
    if (v->report->n_scores == 0)
        return;
    mg_buf_putc(v->out, '\n');
    paint(v, BOLD);
    mg_buf_puts(v->out, mg_tr(lang, "Outcomes"));
    paint(v, PLAIN);
    mg_buf_putc(v->out, '\n');
    for (size_t i = 0; i < v->report->n_scores; i++) {
        const struct mg_wire_score *s = &v->report->scores[i];
        char value[MG_NUMBER_BYTES], low[MG_NUMBER_BYTES], high[MG_NUMBER_BYTES], n[MG_NUMBER_BYTES];
        bool plus = s->kind == MG_WIRE_SCORE_KIND_NPS;
        int decimals = s->unit == MG_WIRE_SCORE_UNIT_SCALE ? 2 : 1;
        mg_format_number(s->estimate.value, decimals, plus, value);
        mg_format_number(s->estimate.low, decimals, plus, low);
        mg_format_number(s->estimate.high, decimals, plus, high);
        mg_format_count(s->n, n);
        mg_format_pad(v->out, mg_format_label(&s->label, lang), 30, MG_ALIGN_LEFT);
        mg_format_pad(v->out, value, 8, MG_ALIGN_RIGHT);
        if (*low)
            mg_buf_printf(v->out, "  %s … %s", low, high);
        mg_buf_printf(v->out, "  n %s  %s", n, s->formula);
        mg_buf_putc(v->out, '\n');
        put_definition(v, s);
    }
}

static void put_alpha(const struct view *v, bool has, double value)
{
    char text[MG_NUMBER_BYTES];
    mg_format_number(has ? value : NAN, 2, false, text);
    mg_format_pad(v->out, text, 7, MG_ALIGN_RIGHT);
}

#define INTERVALS_FROM 100 /* terminal columns */
#define ALPHA_WIDE 20      /* "−0.32 (−0.66…−0.05)" and a space before */
#define ALPHA_NARROW 9
#define ALPHA_NAME 19
#define ALPHA_N 8

/* "0.88 (0.85…0.90)"; without the interval where there is no room. */
static void put_alpha_interval(const struct view *v, const struct mg_wire_estimate *alpha)
{
    bool room = v->style->width >= INTERVALS_FROM;
    char value[MG_NUMBER_BYTES], low[MG_NUMBER_BYTES], high[MG_NUMBER_BYTES], text[4 * MG_NUMBER_BYTES];
    mg_format_number(alpha ? alpha->value : NAN, 2, false, value);
    mg_format_number(alpha ? alpha->low : NAN, 2, false, low);
    mg_format_number(alpha ? alpha->high : NAN, 2, false, high);
    snprintf(text, sizeof text, *low && room ? "%s (%s…%s)" : "%s", value, low, high);
    mg_format_pad(v->out, text, room ? ALPHA_WIDE : ALPHA_NARROW, MG_ALIGN_RIGHT);
}

/* The fewest answers that stand behind one of a row's numbers. */
static void put_alpha_n(const struct view *v, const struct mg_wire_reliability *r)
{
    const int64_t others[] = {r->n_expectation, r->n_difference, r->n_r_difference};
    const bool has[] = {r->has_n_expectation, r->has_n_difference, r->has_r_difference};
    char text[MG_NUMBER_BYTES];
    int64_t least = r->n;
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        least = has[i] && others[i] < least ? others[i] : least;
    mg_format_count(least, text);
    mg_format_pad(v->out, text, ALPHA_N, MG_ALIGN_RIGHT);
}

/* Why numbers are blank, under the row. */
static void put_alpha_note(const struct view *v, const char *note)
{
    if (!note)
        return;
    paint(v, MUTE);
    mg_buf_printf(v->out, "  %s\n", note);
    paint(v, PLAIN);
}

static void put_reliability(const struct view *v)
{
    enum mg_lang lang = v->style->lang;
    if (v->report->n_reliability == 0)
        return;
    mg_buf_putc(v->out, '\n');
    paint(v, BOLD);
    mg_format_pad(v->out, mg_tr(lang, "Reliability (α)"), ALPHA_NAME, MG_ALIGN_LEFT);
    paint(v, PLAIN);
    paint(v, MUTE);
    static const char *const headers[] = {"items", "α E", "α P", "α P−E", "r_D", "n"};
    int alpha = v->style->width >= INTERVALS_FROM ? ALPHA_WIDE : ALPHA_NARROW;
    const int widths[] = {6, alpha, alpha, alpha, 7, ALPHA_N};
    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        mg_format_pad(v->out, i == 0 ? mg_tr(lang, "items") : headers[i], widths[i], MG_ALIGN_RIGHT);
    paint(v, PLAIN);
    mg_buf_putc(v->out, '\n');
    for (size_t i = 0; i < v->report->n_reliability; i++) {
        const struct mg_wire_reliability *r = &v->report->reliability[i];
        char items[24];
        snprintf(items, sizeof items, "%lld", (long long)r->items);
        mg_format_pad(v->out, mg_format_label(&r->label, lang), ALPHA_NAME, MG_ALIGN_LEFT);
        mg_format_pad(v->out, items, 6, MG_ALIGN_RIGHT);
        put_alpha_interval(v, r->interval_expectation);
        put_alpha_interval(v, r->interval_perception);
        put_alpha_interval(v, r->interval_difference);
        put_alpha(v, r->has_r_difference, r->r_difference);
        put_alpha_n(v, r);
        for (size_t k = 0; k < r->n_reversed; k++)
            mg_buf_printf(v->out, "%s%s",
                          k == 0          ? mg_tr(lang, "  reversed? ")
                          : r->items == 2 ? mg_tr(lang, " or ") /* of two nobody can tell which */
                                          : ", ",
                          r->reversed[k]);
        mg_buf_putc(v->out, '\n');
        put_alpha_note(v, r->note);
    }
}

/* Those who left questions out: the most certain differences. Each side's responses, then their mean. */
static void put_nonresponse(const struct view *v)
{
    static const char *const headers[] = {MG_TEXT("answered"), MG_TEXT("mean"),   MG_TEXT("left out"),
                                          MG_TEXT("mean"),     MG_TEXT("differ"), MG_TEXT("p (Holm)")};
    const struct mg_wire_nonresponse *r = v->report->nonresponse;
    enum mg_lang lang = v->style->lang;
    if (!r)
        return;
    mg_buf_putc(v->out, '\n');
    paint(v, BOLD);
    mg_format_pad(v->out, mg_tr(lang, "Left out, compared in"), 44, MG_ALIGN_LEFT);
    paint(v, PLAIN);
    paint(v, MUTE);
    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        mg_format_pad(v->out, mg_tr(lang, headers[i]), 10, MG_ALIGN_RIGHT);
    paint(v, PLAIN);
    mg_buf_putc(v->out, '\n');
    for (size_t i = 0; i < r->n_rows && i < NONRESPONSE_SHOWN; i++) {
        const struct mg_wire_nonresponse_row *row = &r->rows[i];
        char name[400], texts[ARRAY_LEN(headers)][MG_NUMBER_BYTES];
        snprintf(name, sizeof name, "%s · %s", mg_format_label(&row->label, lang),
                 mg_format_label(&row->criterion_label, lang));
        mg_format_pad(v->out, name, 44, MG_ALIGN_LEFT);
        mg_format_count(row->answered, texts[0]);
        mg_format_number(row->mean_answered, 2, false, texts[1]);
        mg_format_count(row->absent, texts[2]);
        mg_format_number(row->mean_absent, 2, false, texts[3]);
        mg_format_number(row->difference.value, 2, true, texts[4]);
        mg_format_p(row->p_holm, texts[5]);
        for (size_t c = 0; c < ARRAY_LEN(headers); c++)
            mg_format_pad(v->out, texts[c], 10, MG_ALIGN_RIGHT);
        mg_buf_puts(v->out, row->significant ? "*\n" : "\n");
    }
    mg_buf_printf(v->out, "%s\n", mg_format_label(&r->finding, lang));
}

void mg_gap_view_keys(const struct mg_wire_gap_group *group, enum mg_lang lang, struct mg_buf *out)
{
    for (size_t i = 0; i < group->n_keys; i++) {
        size_t from = out->len;
        mg_buf_printf(out, "%s%s %s", i ? " · " : "", group->keys[i].code,
                      group->keys[i].value ? group->keys[i].value : mg_tr(lang, "(missing)"));
        if (out->len > from)
            mg_str_plain(out->data + from);
    }
}

/* A group: the whole, then its dimensions, or its three worst items where the study has none. */
static size_t group_lines(const struct view *v, const struct mg_wire_gap_group *group, struct line *lines)
{
    struct mg_buf keys;
    mg_buf_init(&keys, 4096);
    mg_gap_view_keys(group, v->style->lang, &keys);
    memset(&lines[0], 0, sizeof lines[0]);
    snprintf(lines[0].label, sizeof lines[0].label, "%s", keys.data ? keys.data : "");
    mg_buf_done(&keys);
    if (group->suppressed) {
        lines[0].remark = mg_tr(v->style->lang, "too few respondents to show");
        return 1;
    }
    lines[0].row = group->overall;
    bool dimensions = group->n_dimensions > 0;
    size_t most = dimensions ? group->n_dimensions : group->n_items < 3 ? group->n_items : 3;
    for (size_t i = 0; i < most; i++) {
        const struct mg_wire_gap_row *row = dimensions ? &group->dimensions[i] : &group->items[i];
        memset(&lines[1 + i], 0, sizeof lines[1 + i]);
        snprintf(lines[1 + i].label, sizeof lines[1 + i].label, "  %s",
                 mg_format_label(&row->label, v->style->lang));
        lines[1 + i].row = row;
    }
    return 1 + most;
}

static void put_groups(struct view *v)
{
    static struct line lines[ROWS_MAX];
    size_t n = 0;
    for (size_t g = 0; g < v->report->n_groups; g++) {
        if (n + 1 + v->report->groups[g].n_dimensions + 3 > ROWS_MAX)
            break;
        n += group_lines(v, &v->report->groups[g], lines + n);
    }
    for (size_t i = 0; i < n; i++)
        v->any_shrunk = v->any_shrunk || (lines[i].row && lines[i].row->has_shrunk);
    put_section(v, mg_tr(v->style->lang, "Groups"), lines, n);
    v->any_shrunk = false;
    mg_gap_view_groups(v->report, v->style->width, v->style->lang, v->out);
}

/* ---- head and foot ---- */

const char *mg_gap_view_verdict(enum mg_wire_verdict verdict, enum mg_lang lang)
{
    switch (verdict) {
    case MG_WIRE_VERDICT_SHORT:
        return mg_tr(lang, "short of expectation");
    case MG_WIRE_VERDICT_BEYOND:
        return mg_tr(lang, "beyond expectation");
    case MG_WIRE_VERDICT_SMALL:
        return mg_tr(lang, "small");
    case MG_WIRE_VERDICT_INCONCLUSIVE:
        return mg_tr(lang, "inconclusive");
    case MG_WIRE_VERDICT_UNKNOWN:
        break;
    }
    return mg_tr(lang, "not to be estimated");
}

void mg_gap_view_method(const struct mg_wire_gap_report *report, enum mg_lang lang, struct mg_buf *out)
{
    double percent = 100 * report->ci;
    if (report->interval == MG_WIRE_GAP_REPORT_INTERVAL_BCA)
        mg_buf_printf(out, mg_tr(lang, "%g%% BCa bootstrap intervals (%lld replicates, seed %lld)"), percent,
                      (long long)report->boot, (long long)report->seed);
    else if (report->interval == MG_WIRE_GAP_REPORT_INTERVAL_JACKKNIFE)
        mg_buf_printf(out, mg_tr(lang, "%g%% jackknife intervals"), percent);
    else
        mg_buf_printf(out, mg_tr(lang, "%g%% t intervals"), percent);
}

static void put_head(const struct view *v)
{
    enum mg_lang lang = v->style->lang;
    char rows[MG_NUMBER_BYTES];
    mg_format_count(v->report->rows, rows);
    paint(v, BOLD);
    mg_buf_puts(v->out, mg_format_label(&v->report->title, lang));
    paint(v, PLAIN);
    mg_buf_puts(v->out, mg_tr(lang, ": "));
    mg_buf_printf(v->out, mg_tr(lang, v->report->rows == 1 ? MG_TEXT("%s row") : MG_TEXT("%s rows")), rows);
    mg_buf_puts(v->out, lang == MG_LANG_ZH ? "，" : ", ");
    mg_gap_view_method(v->report, lang, v->out);
    if (v->report->weighted && v->report->has_n_effective) {
        mg_buf_puts(v->out, lang == MG_LANG_ZH ? "，" : ", ");
        mg_buf_printf(v->out, mg_tr(lang, "weighted, effective n %.0f"), v->report->n_effective);
    }
    mg_buf_putc(v->out, '\n');
    if (v->style->finding)
        mg_buf_printf(v->out, "%s\n", v->style->finding);
    if (!v->any_gap)
        return;
    paint(v, MUTE);
    mg_buf_puts(
        v->out,
        mg_tr(
            lang,
            "○ expected  ● perceived  ▼ short  ▲ beyond  ≈ small  · inconclusive  * significant after Holm"));
    paint(v, PLAIN);
    mg_buf_putc(v->out, '\n');
}

static void put_notes(const struct view *v)
{
    enum mg_lang lang = v->style->lang;
    mg_buf_putc(v->out, '\n');
    paint(v, MUTE);
    for (size_t i = 0; i < v->report->n_notes; i++)
        mg_buf_printf(v->out, "%s\n", mg_format_label(&v->report->notes[i], lang));
    mg_buf_printf(v->out, mg_tr(lang, "Formula %s; gap = perception − expectation.\n"), v->report->formula);
    paint(v, PLAIN);
}

static void look_at(struct view *v, const struct mg_wire_gap_row *row)
{
    v->any_gap = v->any_gap || row->gap != NULL;
    v->any_expected = v->any_expected || row->expectation != NULL;
    v->any_perceived = v->any_perceived || row->perception != NULL;
    v->any_zone = v->any_zone || row->adequate != NULL;
    v->any_truth = v->any_truth || row->has_truth;
}

static void measure_labels(struct view *v, const struct mg_wire_gap_row *rows, size_t n, bool with_code)
{
    struct line line;
    for (size_t i = 0; i < n; i++) {
        label_row(v, &rows[i], with_code, &line);
        int width = mg_utf8_width(line.label);
        width = width < LABEL_MAX ? width : LABEL_MAX;
        v->widest_label = width > v->widest_label ? width : v->widest_label;
    }
}

/* One axis for every chart of the report: what is as long is as large. */
static void choose_axis(struct view *v)
{
    static const struct mg_wire_gap_row *rows[4 * ROWS_MAX];
    const struct mg_wire_gap_report *r = v->report;
    size_t n = 0;
    const struct {
        const struct mg_wire_gap_row *rows;
        size_t n;
    } sets[] = {
        {&r->overall, 1}, {r->items, r->n_items}, {r->dimensions, r->n_dimensions}, {r->cells, r->n_cells}};
    for (size_t s = 0; s < ARRAY_LEN(sets); s++)
        for (size_t i = 0; i < sets[s].n && n < ARRAY_LEN(rows); i++) {
            rows[n++] = &sets[s].rows[i];
            look_at(v, &sets[s].rows[i]);
        }
    for (size_t g = 0; g < r->n_groups; g++)
        for (size_t i = 0; i < r->groups[g].n_dimensions && n < ARRAY_LEN(rows); i++)
            rows[n++] = &r->groups[g].dimensions[i];
    v->axis = mg_axis_of_rows(rows, n, r->scale);
    measure_labels(v, r->items, r->n_items, true);
    measure_labels(v, r->dimensions, r->n_dimensions, false);
    measure_labels(v, r->touchpoints, r->n_touchpoints, false);
}

void mg_gap_view_table(const struct mg_wire_gap_report *report, const struct mg_view_style *style,
                       struct mg_buf *out)
{
    struct view v = {.report = report, .style = style, .out = out};
    enum mg_lang lang = style->lang;
    choose_axis(&v);
    put_head(&v);
    put_rows(&v, mg_tr(lang, "Overall"), &report->overall, 1, false);
    put_rows(&v, mg_tr(lang, "Dimensions"), report->dimensions, report->n_dimensions, false);
    put_rows(&v, mg_tr(lang, "Items"), report->items, report->n_items, true);
    put_rows(&v, mg_tr(lang, "Touchpoints"), report->touchpoints, report->n_touchpoints, false);
    put_cells(&v);
    put_scores(&v);
    put_reliability(&v);
    if (report->drivers)
        mg_gap_view_drivers(report->drivers, style->lang, out);
    put_nonresponse(&v);
    if (report->n_groups)
        put_groups(&v);
    put_notes(&v);
}
