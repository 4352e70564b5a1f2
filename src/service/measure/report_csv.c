/* The gap report as tidy CSV. */
#include "service/measure/report_csv.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "exchange/csv_writer.h"

#define FIGURES 4   /* of a number: more than any screen shows, and none that only the machine made */
#define LEAST 1e-12 /* what is left of nought after adding and subtracting */
#define LINE_MAX 4096

static const char *const header[] = {
    "group",
    "level",
    "code",
    "label",
    "label_zh",
    "dimension",
    "touchpoint",
    "n",
    "n_expectation",
    "n_perception",
    "n_both",
    "n_effective",
    "expectation",
    "expectation_low",
    "expectation_high",
    "expectation_at_top",
    "perception",
    "perception_low",
    "perception_high",
    "gap",
    "gap_low",
    "gap_high",
    "sd_gap",
    "t",
    "df",
    "p",
    "p_holm",
    "p_small",
    "significant",
    "verdict",
    "d_z",
    "r_ep",
    "adequate",
    "msa",
    "msa_low",
    "msa_high",
    "zone",
    "importance",
    "shrunk",
    "shrunk_se",
    "difference",
    "difference_low",
    "difference_high",
    "p_difference",
    "p_difference_holm",
    "differs",
    "weight",
    "truth",
    "note",
    "score",
    "score_low",
    "score_high",
    "score_n",
    "score_unit",
    "score_better",
    "score_formula",
};

#define SCORE_COLUMNS 7 /* the last of them */

struct sheet {
    const struct mg_gap_sink *sink;
    const char *group;
    enum mg_lang lang;
};

static void put_text(struct sheet *sheet, const char *text)
{
    sheet->sink->text(sheet->sink->user, text);
}

static void put_plain(struct sheet *sheet, double value)
{
    sheet->sink->number(sheet->sink->user, value);
}

static void end_row(struct sheet *sheet)
{
    sheet->sink->end_row(sheet->sink->user);
}

/* ---- numbers ---- */

/* Whole numbers as they are, others to so many figures, as in the files of the web client. */
static double to_figures(double value)
{
    char text[32];
    if (!isfinite(value) || value == floor(value))
        return value;
    if (fabs(value) >= pow(10, FIGURES))
        return round(value);
    snprintf(text, sizeof text, "%.*g", FIGURES, value);
    return strtod(text, NULL);
}

static void put_number(struct sheet *sheet, bool has, double value)
{
    put_plain(sheet, !has ? NAN : fabs(value) < LEAST ? 0 : to_figures(value));
}

/* However small: it isn't nought. */
static void put_p(struct sheet *sheet, bool has, double value)
{
    put_plain(sheet, has ? to_figures(value) : NAN);
}

static void put_estimate(struct sheet *sheet, const struct mg_wire_estimate *estimate)
{
    put_number(sheet, estimate, estimate ? estimate->value : NAN);
}

/* The estimate and its bounds beside it. */
static void put_bounded(struct sheet *sheet, const struct mg_wire_estimate *estimate)
{
    put_estimate(sheet, estimate);
    put_number(sheet, estimate, estimate ? estimate->low : NAN);
    put_number(sheet, estimate, estimate ? estimate->high : NAN);
}

static void put_flag(struct sheet *sheet, bool has, bool value)
{
    put_text(sheet, !has ? NULL : value ? "true" : "false");
}

static void put_empty(struct sheet *sheet, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_text(sheet, NULL);
}

/* ---- the head ---- */

__attribute__((format(printf, 2, 3))) static void put_line(struct sheet *sheet, const char *english, ...)
{
    char text[LINE_MAX] = "# ";
    va_list args;
    va_start(args, english);
    mg_tr_format(text + 2, sizeof text - 2, sheet->lang, english, args);
    va_end(args);
    put_text(sheet, text);
    end_row(sheet);
}

static void put_head(struct sheet *sheet, const struct mg_wire_gap_report *report,
                     const struct mg_gap_csv_head *head)
{
    const char *title = sheet->lang == MG_LANG_ZH ? report->title.zh_cn : report->title.en;
    put_line(sheet, MG_TEXT("Study: %s (%s)"), title ? title : report->study, report->study);
    if (head->wave)
        put_line(sheet, MG_TEXT("Wave: %s"), head->wave);
    if (head->filters)
        put_line(sheet, MG_TEXT("Filters: %s"), head->filters);
    else
        put_line(sheet, MG_TEXT("Filters: none"));
    if (head->weight)
        put_line(sheet, MG_TEXT("Weighted by: %s"), head->weight);
    put_line(sheet, MG_TEXT("Rows: %lld"), (long long)report->rows);
    put_line(sheet, MG_TEXT("Intervals: %g%% (%s)"), 100 * report->ci,
             mg_wire_gap_report_interval_text(report->interval));
    put_line(sheet, MG_TEXT("Formula: %s"), report->formula);
    for (size_t i = 0; i < report->n_notes; i++)
        put_line(sheet, "%s", sheet->lang == MG_LANG_ZH ? report->notes[i].zh_cn : report->notes[i].en);
}

/* ---- rows ---- */

static void put_counts(struct sheet *sheet, const struct mg_wire_gap_row *row)
{
    put_number(sheet, true, (double)row->n);
    put_number(sheet, row->has_n_expectation, (double)row->n_expectation);
    put_number(sheet, row->has_n_perception, (double)row->n_perception);
    put_number(sheet, row->has_n_both, (double)row->n_both);
    put_number(sheet, row->has_n_effective, row->n_effective);
}

static void put_gap(struct sheet *sheet, const struct mg_wire_gap_row *row)
{
    put_bounded(sheet, row->expectation);
    put_number(sheet, row->has_expectation_at_top, row->expectation_at_top);
    put_bounded(sheet, row->perception);
    put_bounded(sheet, row->gap);
    put_number(sheet, row->gap && row->gap->has_sd, row->gap ? row->gap->sd : NAN);
    put_number(sheet, row->has_t, row->t);
    put_number(sheet, row->has_df, row->df);
    put_p(sheet, row->has_p, row->p);
    put_p(sheet, row->has_p_holm, row->p_holm);
    put_p(sheet, row->has_p_small, row->p_small);
    put_flag(sheet, row->has_significant, row->significant);
    put_text(sheet, mg_wire_verdict_text(row->verdict));
    put_number(sheet, row->has_d_z, row->d_z);
    put_number(sheet, row->has_r_ep, row->r_ep);
}

/* Of a group: its gap as the other groups let it be guessed, and against all of them together. */
static void put_compared(struct sheet *sheet, const struct mg_wire_gap_row *row)
{
    put_number(sheet, row->has_shrunk, row->shrunk);
    put_number(sheet, row->has_shrunk_se, row->shrunk_se);
    put_bounded(sheet, row->difference);
    put_p(sheet, row->has_p_difference, row->p_difference);
    put_p(sheet, row->has_p_difference_holm, row->p_difference_holm);
    put_flag(sheet, row->has_differs, row->differs);
}

static void put_row(struct sheet *sheet, const char *level, const struct mg_wire_gap_row *row)
{
    const char *const texts[] = {sheet->group,     level,          row->code,      row->label.en,
                                 row->label.zh_cn, row->dimension, row->touchpoint};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        put_text(sheet, texts[i]);
    put_counts(sheet, row);
    put_gap(sheet, row);
    put_estimate(sheet, row->adequate);
    put_bounded(sheet, row->msa);
    put_text(sheet, row->has_zone ? mg_wire_gap_row_zone_text(row->zone) : NULL);
    put_estimate(sheet, row->importance);
    put_compared(sheet, row);
    put_number(sheet, row->has_weight, row->weight);
    put_number(sheet, row->has_truth, row->truth);
    put_text(sheet, row->note);
    put_empty(sheet, SCORE_COLUMNS);
    end_row(sheet);
}

/* A score has columns of its own: nothing of it stands under a gap's number. */
static void put_score(struct sheet *sheet, const struct mg_wire_score *score)
{
    const char *const texts[] = {sheet->group,       "score", score->code, score->label.en,
                                 score->label.zh_cn, NULL,    NULL};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        put_text(sheet, texts[i]);
    put_empty(sheet, ARRAY_LEN(header) - ARRAY_LEN(texts) - SCORE_COLUMNS - 1);
    put_text(sheet, score->note);
    put_bounded(sheet, &score->estimate);
    put_plain(sheet, (double)score->n);
    put_text(sheet, mg_wire_score_unit_text(score->unit));
    put_text(sheet, score->has_better ? mg_wire_score_better_text(score->better) : NULL);
    put_text(sheet, score->formula);
    end_row(sheet);
}

static void put_rows(struct sheet *sheet, const char *level, const struct mg_wire_gap_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_row(sheet, level, &rows[i]);
}

static void put_group(struct sheet *sheet, const struct mg_wire_gap_group *group)
{
    struct mg_buf name;
    mg_buf_init(&name, 65536);
    for (size_t i = 0; i < group->n_keys; i++)
        mg_buf_printf(&name, "%s%s=%s", i ? ";" : "", group->keys[i].code,
                      group->keys[i].value ? group->keys[i].value : "");
    sheet->group = name.data;
    if (group->suppressed) {
        put_text(sheet, sheet->group);
        put_text(sheet, "suppressed");
        put_empty(sheet, 5);
        put_number(sheet, true, (double)group->n);
        put_empty(sheet, ARRAY_LEN(header) - 8 - SCORE_COLUMNS - 1);
        put_text(sheet, mg_tr(sheet->lang, "too few respondents to show"));
        put_empty(sheet, SCORE_COLUMNS);
        end_row(sheet);
    } else {
        put_rows(sheet, "overall", group->overall, 1);
        put_rows(sheet, "dimension", group->dimensions, group->n_dimensions);
        put_rows(sheet, "item", group->items, group->n_items);
        put_rows(sheet, "touchpoint", group->touchpoints, group->n_touchpoints);
        for (size_t i = 0; i < group->n_scores; i++)
            put_score(sheet, &group->scores[i]);
    }
    mg_buf_done(&name);
}

void mg_measure_gaps_table(const struct mg_wire_gap_report *report, const struct mg_gap_csv_head *head,
                           const struct mg_gap_sink *sink)
{
    struct sheet sheet = {.sink = sink, .lang = head->lang};
    put_head(&sheet, report, head);
    for (size_t i = 0; i < ARRAY_LEN(header); i++)
        put_text(&sheet, header[i]);
    end_row(&sheet);
    put_rows(&sheet, "overall", &report->overall, 1);
    put_rows(&sheet, "dimension", report->dimensions, report->n_dimensions);
    put_rows(&sheet, "item", report->items, report->n_items);
    put_rows(&sheet, "touchpoint", report->touchpoints, report->n_touchpoints);
    put_rows(&sheet, "cell", report->cells, report->n_cells);
    for (size_t i = 0; i < report->n_scores; i++)
        put_score(&sheet, &report->scores[i]);
    for (size_t g = 0; g < report->n_groups; g++)
        put_group(&sheet, &report->groups[g]);
}

/* ---- as CSV ---- */

static void csv_text(void *user, const char *text)
{
    mg_csv_write_text(user, text);
}

static void csv_number(void *user, double value)
{
    mg_csv_write_number(user, value);
}

static void csv_end_row(void *user)
{
    mg_csv_end_row(user);
}

void mg_measure_gaps_csv(const struct mg_wire_gap_report *report, const struct mg_gap_csv_head *head,
                         struct mg_buf *out)
{
    struct mg_csv_writer csv = mg_csv_writer(out);
    struct mg_gap_sink sink = {csv_text, csv_number, csv_end_row, &csv};
    mg_csv_write_mark(&csv);
    mg_measure_gaps_table(report, head, &sink);
}
