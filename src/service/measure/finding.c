/* Sentences from numbers. */
#include "service/measure/finding.h"

#include <math.h>

#include "wire/say.h"

static struct mg_wire_text of_gap(struct mg_arena *arena, const struct mg_wire_gap_row *row)
{
    double e = row->expectation->value, p = row->perception->value;
    switch (row->verdict) {
    case MG_WIRE_VERDICT_SHORT:
        return mg_wire_say(arena, &row->label,
                           "The largest gap is at {}: customers expect %.1f and get %.1f.", e, p);
    case MG_WIRE_VERDICT_BEYOND:
        return mg_wire_say(
            arena, &row->label,
            "Nothing falls short: even {} is beyond expectation, %.1f expected and %.1f perceived.", e, p);
    case MG_WIRE_VERDICT_NOISE:
        return mg_wire_say(
            arena, &row->label,
            "No gap stands out from the noise; the largest is at {}, %.1f expected and %.1f perceived.", e,
            p);
    case MG_WIRE_VERDICT_UNKNOWN:
        break;
    }
    return mg_wire_say(arena, &row->label,
                       "Too few answers to judge the gaps; {} has %.1f expected and %.1f perceived.", e, p);
}

struct mg_wire_text mg_finding_of_rows(struct mg_arena *arena, const struct mg_wire_gap_row *rows, size_t n)
{
    if (n && rows[0].gap && isfinite(rows[0].gap->value))
        return of_gap(arena, &rows[0]);
    if (n && rows[0].perception && isfinite(rows[0].perception->value))
        return mg_wire_say(arena, &rows[0].label,
                           "The lowest rating is {} with %.1f; expectations were not asked.",
                           rows[0].perception->value);
    return mg_wire_say(arena, NULL, "There are no answers yet.");
}
