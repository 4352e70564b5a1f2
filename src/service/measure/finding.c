/* Sentences from numbers. */
#include "service/measure/finding.h"

#include <math.h>

#include "wire/say.h"

static bool has_gap(const struct mg_wire_gap_row *row)
{
    return row->gap && isfinite(row->gap->value);
}

#define CERTAIN_MIN 5 /* people who all say the same: fewer may be chance */

#define SAME 1e-9 /* as little spread as adding up leaves of none */

static bool is_without_spread(const struct mg_wire_estimate *estimate)
{
    return estimate && estimate->has_sd && estimate->sd <= SAME;
}

/* No interval for want of spread, not for want of people. */
static bool is_same(const struct mg_wire_gap_row *row)
{
    bool sides = is_without_spread(row->expectation) && is_without_spread(row->perception);
    return row->verdict == MG_WIRE_VERDICT_UNKNOWN && has_gap(row) && (is_without_spread(row->gap) || sides);
}

/* As many as the degrees of freedom tell of, where some answered more than once or weigh more. */
static double people_of(const struct mg_wire_gap_row *row)
{
    return row->has_df && isfinite(row->df) ? fmin((double)row->n, row->df + 1) : (double)row->n;
}

/* The same shortfall for everybody needs no test. */
static bool is_everybodys(const struct mg_wire_gap_row *row)
{
    return is_same(row) && row->gap->value < 0 && people_of(row) >= CERTAIN_MIN;
}

/* The worst that is certainly short; `corrected`: also after Holm's correction. NULL: none is. */
static const struct mg_wire_gap_row *worst_short(const struct mg_wire_gap_row *rows, size_t n, bool corrected)
{
    for (size_t i = 0; i < n; i++)
        if (is_everybodys(&rows[i]) ||
            (rows[i].verdict == MG_WIRE_VERDICT_SHORT && (!corrected || rows[i].significant)))
            return &rows[i];
    return NULL;
}

static size_t count(const struct mg_wire_gap_row *rows, size_t n, enum mg_wire_verdict verdict)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += has_gap(&rows[i]) && rows[i].verdict == verdict;
    return found;
}

/* One decimal, or two where the two would look the same. */
static int decimals(double e, double p)
{
    return e != p && fabs(round(10 * e) - round(10 * p)) < 0.5 ? 2 : 1;
}

/* No gap is certainly short; the first row has the lowest. */
static struct mg_wire_text of_none(struct mg_arena *arena, const struct mg_wire_gap_row *rows, size_t n)
{
    const struct mg_wire_gap_row *row = &rows[0];
    double e = row->expectation->value, p = row->perception->value;
    int d = decimals(e, p);
    bool open = row->verdict == MG_WIRE_VERDICT_UNKNOWN && (!is_same(row) || row->gap->value < 0);
    if (is_same(row) && row->gap->value == 0)
        return mg_wire_say(arena, &row->label,
                           "Nothing falls short: {} is rated just as it is expected, %.1f.", e);
    if (open || count(rows, n, MG_WIRE_VERDICT_INCONCLUSIVE) > 0)
        return row->gap->value <= 0
                   ? mg_wire_say(
                         arena, &row->label,
                         "No gap is certain yet; the largest is at {}, %.*f expected and %.*f perceived.", d,
                         e, d, p)
                   : mg_wire_say(arena, &row->label,
                                 "No gap is certain yet; the smallest lead is at {}, %.*f expected and %.*f "
                                 "perceived.",
                                 d, e, d, p);
    if (count(rows, n, MG_WIRE_VERDICT_SMALL) > 0)
        return mg_wire_say(arena, &row->label,
                           "Nothing falls short by more than a little; the lowest is {}, %.*f expected and "
                           "%.*f perceived.",
                           d, e, d, p);
    return mg_wire_say(
        arena, &row->label,
        "Nothing falls short: even {} is beyond expectation, %.*f expected and %.*f perceived.", d, e, d, p);
}

static struct mg_wire_text of_gaps(struct mg_arena *arena, const struct mg_wire_gap_row *rows, size_t n,
                                   const char **ret_code)
{
    const struct mg_wire_gap_row *certain = worst_short(rows, n, true), *likely = worst_short(rows, n, false);
    const struct mg_wire_gap_row *row = certain ? certain : likely;
    if (!row)
        return of_none(arena, rows, n);
    double e = row->expectation->value, p = row->perception->value;
    int d = decimals(e, p);
    *ret_code = row->code;
    if (is_everybodys(row))
        return mg_wire_say(
            arena, &row->label,
            "The largest gap is at {}, the same for everybody: %.*f expected and %.*f perceived.", d, e, d,
            p);
    if (!certain)
        return mg_wire_say(arena, &row->label,
                           "The largest gap whose interval excludes zero is at {}, %.*f expected and %.*f "
                           "perceived; among %zu compared, that may be chance.",
                           d, e, d, p, n);
    if (row == &rows[0])
        return mg_wire_say(arena, &row->label,
                           "The largest gap is at {}: customers expect %.*f and get %.*f.", d, e, d, p);
    return mg_wire_say(arena, &row->label,
                       "The largest gap that is certain is at {}: customers expect %.*f and get %.*f.", d, e,
                       d, p);
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
            return mg_wire_say(
                arena, NULL,
                "Nothing is shown: too few people stand behind the numbers, or behind what is left out.");
    return mg_wire_say(arena, NULL, "There are no answers yet.");
}

struct mg_wire_text mg_finding_of_rows(struct mg_arena *arena, const struct mg_wire_gap_row *rows, size_t n,
                                       const char **ret_code)
{
    const char *none;
    ret_code = ret_code ? ret_code : &none;
    *ret_code = n ? rows[0].code : NULL;
    if (n && has_gap(&rows[0]))
        return of_gaps(arena, rows, n, ret_code);
    return of_one_side(arena, rows, n, ret_code);
}
