/* The gap report as a workbook; see report_xlsx.h. */
#include "service/measure/report_xlsx.h"

#include <math.h>

#include "base/str.h"
#include "exchange/out/book.h"
#include "model/study.h"

#define EXPECTED_COLOUR 0x5B8DEF
#define PERCEIVED_COLOUR 0x1F2328
#define GAP_COLOUR 0xC4432B
#define BOUND_COLOUR 0x9AA0A6

enum column {
    COLUMN_PART,
    COLUMN_CODE,
    COLUMN_LABEL,
    COLUMN_N,
    COLUMN_EXPECTED,
    COLUMN_PERCEIVED = COLUMN_EXPECTED + 3,
    COLUMN_GAP = COLUMN_PERCEIVED + 3,
    COLUMN_VERDICT = COLUMN_GAP + 3
};

static const char *verdict_word(const struct mg_wire_gap_row *row)
{
    switch (row->verdict) {
    case MG_WIRE_VERDICT_SHORT:
        return MG_TEXT("Short of expectation");
    case MG_WIRE_VERDICT_BEYOND:
        return MG_TEXT("Beyond expectation");
    case MG_WIRE_VERDICT_SMALL:
        return MG_TEXT("Small");
    case MG_WIRE_VERDICT_INCONCLUSIVE:
        return MG_TEXT("Inconclusive");
    case MG_WIRE_VERDICT_UNKNOWN:
        break;
    }
    return NULL;
}

static void put_heads(struct mg_book *book, enum mg_lang lang)
{
    const char *const heads[] = {
        MG_TEXT("Part"),  MG_TEXT("Code"),  MG_TEXT("Name"),      MG_TEXT("n"),      MG_TEXT("Expected"),
        MG_TEXT("lower"), MG_TEXT("upper"), MG_TEXT("Perceived"), MG_TEXT("lower"),  MG_TEXT("upper"),
        MG_TEXT("Gap"),   MG_TEXT("lower"), MG_TEXT("upper"),     MG_TEXT("Verdict")};
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        mg_book_head(book, mg_tr(lang, heads[i]), i >= COLUMN_N && i < COLUMN_VERDICT);
    mg_book_end_row(book);
}

static void put_estimate(struct mg_book *book, const struct mg_wire_estimate *estimate)
{
    mg_book_estimate(book, estimate ? estimate->value : NAN);
    mg_book_estimate(book, estimate ? estimate->low : NAN);
    mg_book_estimate(book, estimate ? estimate->high : NAN);
}

static void put_row(struct mg_book *book, const char *part, const struct mg_wire_gap_row *row,
                    enum mg_lang lang)
{
    struct mg_text label = {row->label.en, row->label.zh_cn};
    const char *verdict = verdict_word(row);
    mg_book_text(book, mg_tr(lang, part));
    mg_book_text(book, row->code);
    mg_book_text(book, mg_text_in(&label, lang, row->code));
    mg_book_number(book, (double)row->n);
    put_estimate(book, row->expectation);
    put_estimate(book, row->perception);
    put_estimate(book, row->gap);
    mg_book_text(book, verdict && row->gap ? mg_tr(lang, verdict) : NULL);
    mg_book_end_row(book);
}

/* ---- charts ---- */

static bool has_gaps(const struct mg_wire_gap_report *report)
{
    bool any = false;
    for (size_t i = 0; i < report->n_items; i++)
        any |= report->items[i].gap != NULL;
    return any;
}

static void widen(struct mg_book_chart *chart, const struct mg_wire_estimate *estimate)
{
    if (!estimate || !isfinite(estimate->value))
        return;
    chart->low = fmin(chart->low, floor(estimate->value));
    chart->high = fmax(chart->high, ceil(estimate->value));
}

/* From whole number to whole number, so that ratings of 4 to 6 aren't drawn on an axis from 0. */
static void fit_axis(struct mg_book_chart *chart, const struct mg_wire_gap_report *report)
{
    chart->low = INFINITY;
    chart->high = -INFINITY;
    for (size_t i = 0; i < report->n_items; i++) {
        widen(chart, report->items[i].expectation);
        widen(chart, report->items[i].perception);
    }
    chart->high += chart->low == chart->high;
}

/* Of the items, which begin in row `first` of the sheet `of`; on a sheet of their own. */
static void put_charts(struct mg_book *book, const struct mg_wire_gap_report *report, const char *of,
                       size_t first, enum mg_lang lang)
{
    mg_book_sheet(book, mg_tr(lang, MG_TEXT("Charts")), 0);
    struct mg_book_chart sides = {
        .title = mg_tr(lang, MG_TEXT("Expected and perceived")),
        .axis = mg_tr(lang, MG_TEXT("Rating")),
        .of = of,
        .labels = COLUMN_LABEL,
        .first = first,
        .last = first + report->n_items - 1,
        .series = {{COLUMN_EXPECTED, EXPECTED_COLOUR, true}, {COLUMN_PERCEIVED, PERCEIVED_COLOUR, true}},
        .n_series = 2};
    struct mg_book_chart gaps = sides;
    fit_axis(&sides, report);
    gaps.low = gaps.high = NAN;
    gaps.title = mg_tr(lang, MG_TEXT("Gaps and their intervals"));
    gaps.axis = mg_tr(lang, MG_TEXT("Gap"));
    gaps.series[0] = (struct mg_book_series){COLUMN_GAP + 1, BOUND_COLOUR, false};
    gaps.series[1] = (struct mg_book_series){COLUMN_GAP + 2, BOUND_COLOUR, false};
    gaps.series[2] = (struct mg_book_series){COLUMN_GAP, GAP_COLOUR, true};
    gaps.n_series = 3;
    gaps.at_row = MG_BOOK_CHART_ROWS;
    mg_book_chart(book, &sides);
    mg_book_chart(book, &gaps);
}

/* ---- sheets ---- */

static void put_summary(struct mg_book *book, const struct mg_wire_gap_report *report, enum mg_lang lang)
{
    const char *name = mg_tr(lang, MG_TEXT("Gaps"));
    mg_book_sheet(book, name, 1);
    mg_book_width(book, COLUMN_PART, 11);
    mg_book_width(book, COLUMN_CODE, 14);
    mg_book_width(book, COLUMN_LABEL, 40);
    mg_book_width(book, COLUMN_VERDICT, 20);
    put_heads(book, lang);
    put_row(book, MG_TEXT("Overall"), &report->overall, lang);
    for (size_t i = 0; i < report->n_dimensions; i++)
        put_row(book, MG_TEXT("Dimension"), &report->dimensions[i], lang);
    size_t first = mg_book_row(book);
    for (size_t i = 0; i < report->n_items; i++)
        put_row(book, MG_TEXT("Item"), &report->items[i], lang);
    for (size_t i = 0; i < report->n_touchpoints; i++)
        put_row(book, MG_TEXT("Touchpoint"), &report->touchpoints[i], lang);
    if (has_gaps(report))
        put_charts(book, report, name, first, lang);
}

static void book_text(void *user, const char *text)
{
    mg_book_text(user, text);
}

static void book_number(void *user, double value)
{
    mg_book_number(user, value);
}

static void book_end_row(void *user)
{
    mg_book_end_row(user);
}

int mg_measure_gaps_xlsx(const struct mg_wire_gap_report *report, const struct mg_gap_csv_head *head,
                         const char *path, struct mg_error *error)
{
    struct mg_book *book;
    int rc = mg_book_open(path, &book, error);
    if (rc)
        return rc;
    struct mg_gap_sink sink = {book_text, book_number, book_end_row, book};
    put_summary(book, report, head->lang);
    mg_book_sheet(book, mg_tr(head->lang, MG_TEXT("All numbers")), 0);
    mg_measure_gaps_table(report, head, &sink);
    return mg_book_close(book, error);
}
