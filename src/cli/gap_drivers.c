/* What goes together with an outcome, for people: importance with its interval, rank, where on the map, and
 * what stands in for each other. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "cli/format.h"
#include "cli/gap_view.h"

#define LABEL 34

static const char *label_of(const struct mg_wire_driver_report *drivers, const char *code, enum mg_lang lang)
{
    for (size_t i = 0; i < drivers->n_rows; i++)
        if (strcmp(drivers->rows[i].code, code) == 0)
            return mg_format_label(&drivers->rows[i].label, lang);
    return code;
}

void mg_gap_view_collinear(const struct mg_wire_driver_report *drivers, enum mg_lang lang, struct mg_buf *out)
{
    for (size_t s = 0; s < drivers->n_collinear; s++) {
        const struct mg_wire_collinear_set *set = &drivers->collinear[s];
        for (size_t i = 0; i < set->n_codes; i++)
            mg_buf_printf(out, "%s%s", i ? ", " : s ? " " : "", label_of(drivers, set->codes[i], lang));
        mg_buf_puts(out, set->exact ? mg_tr(lang, ": each follows from the others.")
                                    : mg_tr(lang, ": hardly to be told apart."));
        if (set->importance)
            mg_buf_printf(out, mg_tr(lang, " Together %.1f%% (%.1f…%.1f)."), 100 * set->importance->value,
                          100 * set->importance->low, 100 * set->importance->high);
    }
}

const char *mg_gap_view_quadrant(const struct mg_wire_driver_row *row, enum mg_lang lang)
{
    static const char *const names[] = {
        [MG_WIRE_DRIVER_ROW_QUADRANT_CONCENTRATE] = MG_TEXT("concentrate here"),
        [MG_WIRE_DRIVER_ROW_QUADRANT_KEEP] = MG_TEXT("keep up"),
        [MG_WIRE_DRIVER_ROW_QUADRANT_LOW] = MG_TEXT("low priority"),
        [MG_WIRE_DRIVER_ROW_QUADRANT_OVERKILL] = MG_TEXT("possible overkill"),
    };
    return row->has_quadrant ? mg_tr(lang, names[row->quadrant]) : "";
}

void mg_gap_view_r2(const struct mg_wire_driver_report *drivers, enum mg_lang lang, char *ret, size_t size)
{
    char r2[MG_NUMBER_BYTES], low[MG_NUMBER_BYTES], high[MG_NUMBER_BYTES], adjusted[MG_NUMBER_BYTES];
    mg_format_number(drivers->has_r_squared ? drivers->r_squared : NAN, 2, false, r2);
    mg_format_number(drivers->has_r_squared_low ? drivers->r_squared_low : NAN, 2, false, low);
    mg_format_number(drivers->has_r_squared_high ? drivers->r_squared_high : NAN, 2, false, high);
    mg_format_number(drivers->has_r_squared_adjusted ? drivers->r_squared_adjusted : NAN, 2, false, adjusted);
    *ret = '\0';
    if (*r2)
        snprintf(ret, size, "R² %s%s%s%s%s%s, %s %s", r2, *low ? " (" : "", low, *low ? "…" : "", high,
                 *low ? ")" : "", mg_tr(lang, "adjusted"), adjusted);
}

static void put_row(const struct mg_wire_driver_row *row, bool share, enum mg_lang lang, struct mg_buf *out)
{
    char value[MG_NUMBER_BYTES], low[MG_NUMBER_BYTES], high[MG_NUMBER_BYTES], text[3 * MG_NUMBER_BYTES + 8];
    double factor = share ? 100 : 1;
    int decimals = share ? 1 : 2;
    mg_format_number(row->has_importance ? factor * row->importance : NAN, decimals, false, value);
    mg_format_number(row->has_importance_low ? factor * row->importance_low : NAN, decimals, false, low);
    mg_format_number(row->has_importance_high ? factor * row->importance_high : NAN, decimals, false, high);
    mg_format_pad(out, mg_format_label(&row->label, lang), LABEL, MG_ALIGN_LEFT);
    mg_format_pad(out, value, 7, MG_ALIGN_RIGHT);
    snprintf(text, sizeof text, *low ? "%s…%s" : "%s", low, high);
    mg_format_pad(out, text, 13, MG_ALIGN_RIGHT);
    *text = '\0';
    if (row->has_rank)
        snprintf(text, sizeof text, "%lld (%lld–%lld)", (long long)row->rank, (long long)row->rank_low,
                 (long long)row->rank_high);
    mg_format_pad(out, text, 12, MG_ALIGN_RIGHT);
    if (row->has_quadrant)
        mg_buf_printf(out, "  %s", mg_gap_view_quadrant(row, lang));
    if (row->has_quadrant_probability)
        mg_buf_printf(out, " %.0f%%", 100 * row->quadrant_probability);
    if (row->has_quadrant_uncertain && row->quadrant_uncertain)
        mg_buf_printf(out, " %s", mg_tr(lang, "uncertain"));
    mg_buf_putc(out, '\n');
}

/* Importance to order by; without one last. */
static double weight_of(const struct mg_wire_driver_report *drivers, size_t i)
{
    return drivers->rows[i].has_importance ? drivers->rows[i].importance : -1;
}

/* The row after `before` (n_rows: the first) by falling importance; of equal ones the earlier first. */
static size_t next_row(const struct mg_wire_driver_report *drivers, size_t before)
{
    size_t n = drivers->n_rows, next = n;
    double past = before < n ? weight_of(drivers, before) : INFINITY;
    for (size_t i = 0; i < n; i++) {
        double here = weight_of(drivers, i);
        bool after = here < past || (here == past && i > before);
        if (after && (next == n || here > weight_of(drivers, next)))
            next = i;
    }
    return next;
}

void mg_gap_view_drivers(const struct mg_wire_driver_report *drivers, enum mg_lang lang, struct mg_buf *out)
{
    bool share = drivers->importance_source == MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_LMG;
    char r2[5 * MG_NUMBER_BYTES];
    mg_gap_view_r2(drivers, lang, r2, sizeof r2);
    mg_buf_putc(out, '\n');
    mg_format_pad(out, mg_tr(lang, "Importance"), LABEL, MG_ALIGN_LEFT);
    mg_format_pad(out, share ? "%" : "", 7, MG_ALIGN_RIGHT);
    mg_format_pad(out, mg_tr(lang, "Interval"), 13, MG_ALIGN_RIGHT);
    mg_format_pad(out, mg_tr(lang, "Rank"), 12, MG_ALIGN_RIGHT);
    mg_buf_printf(out, "  %s\n", *r2 ? r2 : drivers->method);
    for (size_t i = next_row(drivers, drivers->n_rows); i < drivers->n_rows; i = next_row(drivers, i))
        put_row(&drivers->rows[i], share, lang, out);
    if (drivers->finding)
        mg_buf_printf(out, "%s\n", mg_format_label(drivers->finding, lang));
    if (drivers->basis)
        mg_buf_printf(out, "%s\n", mg_format_label(drivers->basis, lang));
    const char *const notes[] = {drivers->note, drivers->interval_note};
    for (size_t i = 0; i < ARRAY_LEN(notes); i++)
        if (notes[i])
            mg_buf_printf(out, "%s\n", notes[i]);
    if (drivers->n_collinear) {
        mg_gap_view_collinear(drivers, lang, out);
        mg_buf_putc(out, '\n');
    }
}
