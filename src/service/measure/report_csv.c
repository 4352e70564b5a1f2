/* The gap report as tidy CSV. */
#include "service/measure/report_csv.h"

#include <math.h>
#include <stdio.h>

#include "base/str.h"
#include "exchange/csv_writer.h"

static const char *const header[] = {
    "group",
    "level",
    "code",
    "label",
    "label_zh",
    "dimension",
    "touchpoint",
    "n",
    "n_effective",
    "expectation",
    "expectation_at_top",
    "perception",
    "gap",
    "gap_low",
    "gap_high",
    "sd_gap",
    "t",
    "df",
    "p",
    "p_holm",
    "significant",
    "d_z",
    "r_ep",
    "adequate",
    "msa",
    "msa_low",
    "msa_high",
    "zone",
    "importance",
    "shrunk",
    "weight",
    "truth",
    "verdict",
    "perception_low",
    "perception_high",
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
    struct mg_csv_writer csv;
    const char *group;
};

static void put_estimate(struct sheet *sheet, const struct mg_wire_estimate *estimate)
{
    mg_csv_write_number(&sheet->csv, estimate ? estimate->value : NAN);
}

static void put_interval(struct sheet *sheet, const struct mg_wire_estimate *estimate)
{
    mg_csv_write_number(&sheet->csv, estimate ? estimate->low : NAN);
    mg_csv_write_number(&sheet->csv, estimate ? estimate->high : NAN);
}

static void put_optional(struct sheet *sheet, bool has, double value)
{
    mg_csv_write_number(&sheet->csv, has ? value : NAN);
}

static void put_empty(struct sheet *sheet, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mg_csv_write_text(&sheet->csv, NULL);
}

static void put_row(struct sheet *sheet, const char *level, const struct mg_wire_gap_row *row)
{
    struct mg_csv_writer *csv = &sheet->csv;
    const char *const texts[] = {sheet->group,     level,          row->code,      row->label.en,
                                 row->label.zh_cn, row->dimension, row->touchpoint};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        mg_csv_write_text(csv, texts[i]);
    mg_csv_write_number(csv, (double)row->n);
    put_optional(sheet, row->has_n_effective, row->n_effective);
    put_estimate(sheet, row->expectation);
    put_optional(sheet, row->has_expectation_at_top, row->expectation_at_top);
    put_estimate(sheet, row->perception);
    put_estimate(sheet, row->gap);
    put_interval(sheet, row->gap);
    put_optional(sheet, row->gap && row->gap->has_sd, row->gap ? row->gap->sd : NAN);
    put_optional(sheet, row->has_t, row->t);
    put_optional(sheet, row->has_df, row->df);
    put_optional(sheet, row->has_p, row->p);
    put_optional(sheet, row->has_p_holm, row->p_holm);
    mg_csv_write_text(csv, row->has_significant ? (row->significant ? "true" : "false") : NULL);
    put_optional(sheet, row->has_d_z, row->d_z);
    put_optional(sheet, row->has_r_ep, row->r_ep);
    put_estimate(sheet, row->adequate);
    put_estimate(sheet, row->msa);
    put_interval(sheet, row->msa);
    mg_csv_write_text(csv, row->has_zone ? mg_wire_gap_row_zone_text(row->zone) : NULL);
    put_estimate(sheet, row->importance);
    put_optional(sheet, row->has_shrunk, row->shrunk);
    put_optional(sheet, row->has_weight, row->weight);
    put_optional(sheet, row->has_truth, row->truth);
    mg_csv_write_text(csv, mg_wire_verdict_text(row->verdict));
    put_interval(sheet, row->perception);
    mg_csv_write_text(csv, row->note);
    put_empty(sheet, SCORE_COLUMNS);
    mg_csv_end_row(csv);
}

/* A score has columns of its own: nothing of it stands under a gap's number. */
static void put_score(struct sheet *sheet, const struct mg_wire_score *score)
{
    struct mg_csv_writer *csv = &sheet->csv;
    const char *const texts[] = {sheet->group,       "score", score->code, score->label.en,
                                 score->label.zh_cn, NULL,    NULL};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        mg_csv_write_text(csv, texts[i]);
    put_empty(sheet, ARRAY_LEN(header) - ARRAY_LEN(texts) - SCORE_COLUMNS - 1);
    mg_csv_write_text(csv, score->note);
    put_estimate(sheet, &score->estimate);
    put_interval(sheet, &score->estimate);
    mg_csv_write_number(csv, (double)score->n);
    mg_csv_write_text(csv, mg_wire_score_unit_text(score->unit));
    mg_csv_write_text(csv, score->has_better ? mg_wire_score_better_text(score->better) : NULL);
    mg_csv_write_text(csv, score->formula);
    mg_csv_end_row(csv);
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
        mg_csv_write_text(&sheet->csv, sheet->group);
        mg_csv_write_text(&sheet->csv, "suppressed");
        put_empty(sheet, 5);
        mg_csv_write_number(&sheet->csv, (double)group->n);
        put_empty(sheet, ARRAY_LEN(header) - 8);
        mg_csv_end_row(&sheet->csv);
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

void mg_measure_gaps_csv(const struct mg_wire_gap_report *report, struct mg_buf *out)
{
    struct sheet sheet = {.csv = mg_csv_writer(out)};
    mg_csv_write_mark(&sheet.csv);
    for (size_t i = 0; i < ARRAY_LEN(header); i++)
        mg_csv_write_text(&sheet.csv, header[i]);
    mg_csv_end_row(&sheet.csv);
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
