/* The gap report as tidy CSV: one line an estimate of a part, in total and by group, safe against formula
 * injection. */
#ifndef MG_SERVICE_MEASURE_REPORT_CSV_H
#define MG_SERVICE_MEASURE_REPORT_CSV_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/wire.gen.h"

/* What the report is of, for the lines at the file's head; texts may be NULL. */
struct mg_gap_csv_head {
    const char *wave, *filters, *weight;
    enum mg_lang lang;
};

/* Where the table's cells go, one after another. */
struct mg_gap_sink {
    void (*text)(void *user, const char *text); /* NULL: an empty cell */
    void (*number)(void *user, double value);   /* not finite: an empty cell */
    void (*end_row)(void *user);
    void *user;
};

/* Rows whose one cell begins with "# " (quoted where it must be: values of the file stand in it) say study,
 * wave, filters, rows, intervals, formula, and what is to be known of the answers. Then the columns: group
 * (JSON-like "code=value;…", empty: all), level (overall, dimension, item, touchpoint, cell, score,
 * suppressed), code, label, label_zh, then the numbers of gaps with both bounds beside each, the note, and
 * the columns of scores (score_…; unit as in the API: points, percent, scale, index). Numbers have four
 * figures, as in the files of the web client. Suppressed groups have one line with n and why. */
void mg_measure_gaps_table(const struct mg_wire_gap_report *report, const struct mg_gap_csv_head *head,
                           const struct mg_gap_sink *sink);
void mg_measure_gaps_csv(const struct mg_wire_gap_report *report, const struct mg_gap_csv_head *head,
                         struct mg_buf *out);

#endif
