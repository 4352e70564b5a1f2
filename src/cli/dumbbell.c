/* Dumbbell geometry, and its drawing in characters. */
#include "cli/dumbbell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define COLUMNS_MAX 400

static void widen(const struct mg_wire_estimate *estimate, double *low, double *high)
{
    if (!estimate || !isfinite(estimate->value))
        return;
    *low = fmin(*low, estimate->value);
    *high = fmax(*high, estimate->value);
}

static double nice_step(double span)
{
    double step = pow(10, floor(log10(span)));
    while (span / step > 8)
        step *= span / step > 16 ? 5 : 2;
    while (span / step < 3)
        step /= 2;
    return step;
}

struct mg_axis mg_axis_of_rows(const struct mg_wire_gap_row *const *rows, size_t n,
                               struct mg_wire_scale scale)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        widen(rows[i]->expectation, &low, &high);
        widen(rows[i]->perception, &low, &high);
        widen(rows[i]->adequate, &low, &high);
    }
    double span = scale.max - scale.min;
    double unit = span <= 12 ? 1 : nice_step(span) / 2;
    if (!(low <= high))
        return (struct mg_axis){scale.min, scale.max, unit};
    struct mg_axis axis = {.min = fmax(scale.min, scale.min + floor((low - scale.min) / unit) * unit),
                           .max = fmin(scale.max, scale.min + ceil((high - scale.min) / unit) * unit),
                           .step = unit};
    while (axis.max - axis.min < 2 * unit && (axis.min > scale.min || axis.max < scale.max)) {
        axis.min = fmax(scale.min, axis.min - unit);
        axis.max = fmin(scale.max, axis.max + unit);
    }
    return axis;
}

static double place(const struct mg_axis *axis, double value)
{
    return fmin(1, fmax(0, (value - axis->min) / (axis->max - axis->min)));
}

static bool known(const struct mg_wire_estimate *estimate)
{
    return estimate && isfinite(estimate->value);
}

struct mg_dumbbell mg_dumbbell_place(const struct mg_wire_gap_row *row, const struct mg_axis *axis)
{
    struct mg_dumbbell d = {.has_expected = known(row->expectation),
                            .has_perceived = known(row->perception),
                            .has_adequate = known(row->adequate),
                            .verdict = row->verdict};
    if (d.has_expected)
        d.expected = place(axis, row->expectation->value);
    if (d.has_perceived)
        d.perceived = place(axis, row->perception->value);
    if (d.has_adequate)
        d.adequate = place(axis, row->adequate->value);
    if (d.has_expected && d.has_perceived && row->gap && isfinite(row->gap->low) &&
        isfinite(row->gap->high)) {
        d.has_whisker = true;
        d.whisker_low = place(axis, row->expectation->value + row->gap->low);
        d.whisker_high = place(axis, row->expectation->value + row->gap->high);
    } else if (d.has_perceived && isfinite(row->perception->low) && isfinite(row->perception->high)) {
        d.has_whisker = true;
        d.whisker_low = place(axis, row->perception->low);
        d.whisker_high = place(axis, row->perception->high);
    }
    return d;
}

static int column_of(double share, int columns)
{
    return (int)lround(share * (columns - 1));
}

static void fill(const char **cells, int from, int to, const char *glyph)
{
    for (int i = from < to ? from : to; i <= (from < to ? to : from); i++)
        cells[i] = glyph;
}

void mg_dumbbell_text(const struct mg_dumbbell *d, int columns, struct mg_buf *out)
{
    const char *cells[COLUMNS_MAX];
    columns = columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
    fill(cells, 0, columns - 1, " ");
    int e = column_of(d->expected, columns), p = column_of(d->perceived, columns);
    /* An end nearer than half a character is no line but rounding. */
    if (d->has_whisker && (d->perceived - d->whisker_low) * columns > 0.5)
        fill(cells, column_of(d->whisker_low, columns), p, "╌");
    if (d->has_whisker && (d->whisker_high - d->perceived) * columns > 0.5)
        fill(cells, p, column_of(d->whisker_high, columns), "╌");
    if (d->has_expected && d->has_perceived)
        fill(cells, e, p, "─");
    if (d->has_adequate)
        cells[column_of(d->adequate, columns)] = "┊";
    if (d->has_expected)
        cells[e] = "○";
    if (d->has_perceived)
        cells[p] = d->has_expected && e == p ? "◉" : "●";
    for (int i = 0; i < columns; i++)
        mg_buf_puts(out, cells[i]);
}

void mg_axis_text(const struct mg_axis *axis, int columns, struct mg_buf *out)
{
    char line[COLUMNS_MAX + 1];
    columns = columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
    memset(line, ' ', (size_t)columns);
    line[columns] = '\0';
    int free_from = 0;
    for (double tick = axis->min; tick <= axis->max + axis->step * 1e-9; tick += axis->step) {
        char text[24];
        int n = snprintf(text, sizeof text, "%g", tick);
        int at = column_of(place(axis, tick), columns) - (n - 1) / 2;
        at = at + n > columns ? columns - n : at < 0 ? 0 : at;
        if (at < free_from || at + n > columns)
            continue;
        memcpy(line + at, text, (size_t)n);
        free_from = at + n + 1;
    }
    mg_buf_puts(out, line);
}
