/* Sentences from numbers. */
#include "service/measure/finding.h"

#include <math.h>

#include "wire/say.h"

/* Of the largest gap: `row` is the worst. */
static struct mg_wire_text of_gap(struct mg_arena *arena, const struct mg_wire_gap_row *row)
{
    double e = row->expectation->value, p = row->perception->value;
    if (row->verdict == MG_WIRE_VERDICT_SHORT)
        return mg_wire_say(arena, &row->label,
                           "The largest gap is at {}: customers expect %.1f and get %.1f.", e, p);
    if (row->verdict == MG_WIRE_VERDICT_UNKNOWN && row->gap->value < 0)
        return mg_wire_say(
            arena, &row->label,
            "The largest gap is at {}, the same for everybody: %.1f expected and %.1f perceived.", e, p);
    if (row->verdict == MG_WIRE_VERDICT_UNKNOWN && row->gap->value == 0)
        return mg_wire_say(arena, &row->label,
                           "Nothing falls short: {} is rated just as it is expected, %.1f.", e);
    if (row->verdict != MG_WIRE_VERDICT_NOISE && row->gap->value > 0)
        return mg_wire_say(
            arena, &row->label,
            "Nothing falls short: even {} is beyond expectation, %.1f expected and %.1f perceived.", e, p);
    if (row->gap->value > 0)
        return mg_wire_say(
            arena, &row->label,
            "No gap stands out from the noise; the smallest lead is at {}, %.1f expected and %.1f perceived.",
            e, p);
    return mg_wire_say(
        arena, &row->label,
        "No gap stands out from the noise; the largest is at {}, %.1f expected and %.1f perceived.", e, p);
}

/* The worst of those that are certainly short; NULL: none is. */
static const struct mg_wire_gap_row *worst_short(const struct mg_wire_gap_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].verdict == MG_WIRE_VERDICT_SHORT)
            return &rows[i];
    return NULL;
}

static bool has(const struct mg_wire_estimate *estimate)
{
    return estimate && isfinite(estimate->value);
}

/* Without a gap in any row: of both sides by too few, of perceptions alone, of expectations alone. */
static struct mg_wire_text of_one_side(struct mg_arena *arena, const struct mg_wire_gap_row *rows, size_t n,
                                       const char **ret_code)
{
    const struct mg_wire_gap_row *highest = NULL;
    *ret_code = n ? rows[0].code : NULL;
    if (n && has(rows[0].perception) && has(rows[0].expectation))
        return mg_wire_say(arena, &rows[0].label,
                           "Too few people for a gap: at {} %.1f is expected and %.1f perceived.",
                           rows[0].expectation->value, rows[0].perception->value);
    if (n && has(rows[0].perception))
        return mg_wire_say(arena, &rows[0].label,
                           "The lowest rating is {} with %.1f; there are no expectations to compare it with.",
                           rows[0].perception->value);
    for (size_t i = 0; i < n; i++)
        if (has(rows[i].expectation) &&
            (!highest || rows[i].expectation->value > highest->expectation->value))
            highest = &rows[i];
    *ret_code = highest ? highest->code : NULL;
    if (highest)
        return mg_wire_say(
            arena, &highest->label,
            "The highest expectation is {} with %.1f; there are no perceptions to compare it with.",
            highest->expectation->value);
    for (size_t i = 0; i < n; i++)
        if (rows[i].n > 0)
            return mg_wire_say(arena, NULL, "Too few respondents answered: nothing is shown yet.");
    return mg_wire_say(arena, NULL, "There are no answers yet.");
}

struct mg_wire_text mg_finding_of_rows(struct mg_arena *arena, const struct mg_wire_gap_row *rows, size_t n,
                                       const char **ret_code)
{
    const char *none;
    ret_code = ret_code ? ret_code : &none;
    *ret_code = n ? rows[0].code : NULL;
    if (n && rows[0].gap && isfinite(rows[0].gap->value)) {
        const struct mg_wire_gap_row *clear =
            rows[0].verdict == MG_WIRE_VERDICT_NOISE ? worst_short(rows, n) : NULL;
        if (!clear)
            return of_gap(arena, &rows[0]);
        *ret_code = clear->code;
        return mg_wire_say(arena, &clear->label,
                           "The largest gap beyond the noise is at {}: customers expect %.1f and get %.1f.",
                           clear->expectation->value, clear->perception->value);
    }
    return of_one_side(arena, rows, n, ret_code);
}
