/* The one picture: expected ○, perceived ●, the bar between is the gap. Geometry for terminal and page from
 * one routine: every position is a share of the axis, 0 at its left end, 1 at its right. */
#ifndef MG_CLI_DUMBBELL_H
#define MG_CLI_DUMBBELL_H

#include <stdbool.h>

#include "base/buf.h"
#include "wire/wire.gen.h"

struct mg_axis {
    double min, max, step; /* step: between ticks */
};

/* An axis for all rows of a chart: the part of the scale that holds every mean and interval, in whole steps.
 */
struct mg_axis mg_axis_of_rows(const struct mg_wire_gap_row *const *rows, size_t n,
                               struct mg_wire_scale scale);

struct mg_dumbbell {
    bool has_expected, has_perceived, has_whisker, has_adequate;
    double expected, perceived, adequate;
    double whisker_low, whisker_high; /* the gap's interval, drawn at the perceived end */
    enum mg_wire_verdict verdict;
};

struct mg_dumbbell mg_dumbbell_place(const struct mg_wire_gap_row *row, const struct mg_axis *axis);

/* `columns` characters: ○───●, ╌ whisker. The caller sets the colour. */
void mg_dumbbell_text(const struct mg_dumbbell *dumbbell, int columns, struct mg_buf *out);
/* The axis' ticks as a header line of `columns` characters: "3      4      5". */
void mg_axis_text(const struct mg_axis *axis, int columns, struct mg_buf *out);

#endif
