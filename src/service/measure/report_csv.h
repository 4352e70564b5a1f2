/* The gap report as tidy CSV: one line an estimate of a part, in total and by group, safe against formula
 * injection. */
#ifndef MG_SERVICE_MEASURE_REPORT_CSV_H
#define MG_SERVICE_MEASURE_REPORT_CSV_H

#include "base/buf.h"
#include "wire/wire.gen.h"

/* Columns: group (JSON-like "code=value;…", empty: all), level (overall, dimension, item, touchpoint, cell,
 * score), code, label, label_zh, then the numbers of gaps, the note, and the columns of scores (score_…; unit
 * as in the API: points, percent, scale, index). Suppressed groups have one line with n only. */
void mg_measure_gaps_csv(const struct mg_wire_gap_report *report, struct mg_buf *out);

#endif
