/* The gap report for people: a terminal table and a printable page. */
#ifndef MG_CLI_GAP_VIEW_H
#define MG_CLI_GAP_VIEW_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/format.h"
#include "wire/wire.gen.h"

struct mg_view_style {
    enum mg_lang lang;
    int width; /* terminal columns, 60 and more */
    bool colour;
    const char *finding; /* the sentence on top; NULL: none */
};

/* Table with dumbbells on one scale: whole, dimensions, items, touchpoints, cells, scores, reliability,
 * groups, notes. Fits `width`; narrow terminals get fewer columns. */
void mg_gap_view_table(const struct mg_wire_gap_report *report, const struct mg_view_style *style,
                       struct mg_buf *out);

/* One self-contained HTML page: no script, no external resource, light and dark, prints on A4. `drivers` may
 * be NULL. */
void mg_gap_view_html(const struct mg_wire_gap_report *report, const struct mg_wire_driver_report *drivers,
                      enum mg_lang lang, const char *finding, struct mg_buf *out);

#define MG_COMPARED_CELLS 4
#define MG_COMPARED_BYTES (3 * MG_NUMBER_BYTES)
/* Whether there is anything to say of the group beside the others. */
bool mg_gap_view_is_compared(const struct mg_wire_gap_group *group);
/* Of a group's whole: its difference from all others together with a star where it is certain after Holm,
 * the interval, p after Holm, the shrunk gap with its SE. "" where there is none. */
void mg_gap_view_compared(const struct mg_wire_gap_row *row, char ret[MG_COMPARED_CELLS][MG_COMPARED_BYTES]);
/* The groups so, as a table; nothing where none is compared. */
void mg_gap_view_groups(const struct mg_wire_gap_report *report, int width, enum mg_lang lang,
                        struct mg_buf *out);

/* Drivers as a table with what stands behind it. */
void mg_gap_view_drivers(const struct mg_wire_driver_report *drivers, enum mg_lang lang, struct mg_buf *out);
/* "A, B: hardly to be told apart. Together …"; nothing where there are no such sets. */
void mg_gap_view_collinear(const struct mg_wire_driver_report *drivers, enum mg_lang lang,
                           struct mg_buf *out);
/* "R² 0.43 (0.38…0.48), adjusted 0.42"; "" where there is none. */
void mg_gap_view_r2(const struct mg_wire_driver_report *drivers, enum mg_lang lang, char *ret, size_t size);
/* What a quadrant is called; "" for none. */
const char *mg_gap_view_quadrant(const struct mg_wire_driver_row *row, enum mg_lang lang);

/* What a verdict is called ("short of expectation"). */
const char *mg_gap_view_verdict(enum mg_wire_verdict verdict, enum mg_lang lang);
/* "t intervals", "BCa bootstrap …" */
void mg_gap_view_method(const struct mg_wire_gap_report *report, enum mg_lang lang, struct mg_buf *out);
/* "region North · class 2", "(missing)" for a missing value. */
void mg_gap_view_keys(const struct mg_wire_gap_group *group, enum mg_lang lang, struct mg_buf *out);

#endif
