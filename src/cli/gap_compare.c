/* Groups beside all others together: how much each one's overall gap differs, how surely, and what remains of
 * it when the groups are shrunk towards each other. */
#include <math.h>
#include <stdio.h>

#include "cli/format.h"
#include "cli/gap_view.h"

#define LABEL 26
#define COLUMNS MG_COMPARED_CELLS

static const struct {
    const char *header; /* translated */
    int width;
} columns[COLUMNS] = {
    {MG_TEXT("From others"), 12},
    {MG_TEXT("Interval"), 17},
    {MG_TEXT("p (Holm)"), 10},
    {MG_TEXT("Shrunk (SE)"), 14},
};

bool mg_gap_view_is_compared(const struct mg_wire_gap_group *group)
{
    return group->overall && (group->overall->difference || group->overall->has_shrunk);
}

void mg_gap_view_compared(const struct mg_wire_gap_row *row, char ret[COLUMNS][MG_COMPARED_BYTES])
{
    const struct mg_wire_estimate *d = row->difference;
    char value[MG_NUMBER_BYTES], low[MG_NUMBER_BYTES], high[MG_NUMBER_BYTES], se[MG_NUMBER_BYTES];
    mg_format_number(d ? d->value : NAN, 2, true, value);
    snprintf(ret[0], MG_COMPARED_BYTES, "%s%s", value, row->has_differs && row->differs ? "*" : "");
    mg_format_number(d ? d->low : NAN, 2, true, low);
    mg_format_number(d ? d->high : NAN, 2, true, high);
    snprintf(ret[1], MG_COMPARED_BYTES, *low ? "%s … %s" : "%s", low, high);
    mg_format_p(row->has_p_difference_holm ? row->p_difference_holm : NAN, value);
    snprintf(ret[2], MG_COMPARED_BYTES, "%s", value);
    mg_format_number(row->has_shrunk ? row->shrunk : NAN, 2, true, value);
    mg_format_number(row->has_shrunk_se ? row->shrunk_se : NAN, 2, false, se);
    snprintf(ret[3], MG_COMPARED_BYTES, *se ? "%s (%s)" : "%s", value, se);
}

/* As many columns as fit. */
static size_t fitting(int width)
{
    size_t n = 0;
    for (int used = LABEL; n < COLUMNS && used + columns[n].width <= width; n++)
        used += columns[n].width;
    return n;
}

static void put_line(const struct mg_wire_gap_group *group, size_t n, enum mg_lang lang, struct mg_buf *out)
{
    struct mg_buf keys;
    char text[COLUMNS][MG_COMPARED_BYTES];
    mg_buf_init(&keys, 4096);
    mg_gap_view_keys(group, lang, &keys);
    mg_format_pad(out, keys.data ? keys.data : "", LABEL, MG_ALIGN_LEFT);
    mg_buf_done(&keys);
    mg_gap_view_compared(group->overall, text);
    for (size_t c = 0; c < n; c++)
        mg_format_pad(out, text[c], columns[c].width, MG_ALIGN_RIGHT);
    mg_buf_putc(out, '\n');
}

void mg_gap_view_groups(const struct mg_wire_gap_report *report, int width, enum mg_lang lang,
                        struct mg_buf *out)
{
    size_t shown = 0, n = fitting(width);
    for (size_t g = 0; g < report->n_groups; g++)
        shown += mg_gap_view_is_compared(&report->groups[g]);
    if (shown == 0)
        return;
    mg_buf_putc(out, '\n');
    mg_format_pad(out, mg_tr(lang, "Groups against all others"), LABEL, MG_ALIGN_LEFT);
    for (size_t c = 0; c < n; c++)
        mg_format_pad(out, mg_tr(lang, columns[c].header), columns[c].width, MG_ALIGN_RIGHT);
    mg_buf_putc(out, '\n');
    for (size_t g = 0; g < report->n_groups; g++)
        if (mg_gap_view_is_compared(&report->groups[g]))
            put_line(&report->groups[g], n, lang, out);
}
