/* What follows from a spec: checks, origins, and how raw integers become small ones. Pairs: pairs.c.
 */
#include "stats/moments/plan.h"

#include <math.h>
#include <string.h>

#include "base/step.h"

_Static_assert(MG_KERNEL_COLUMNS_MAX == MG_MOMENTS_COLUMNS_MAX, "the kernel's row holds every column");

/* The middle of a bounded scale, whole, so that sums stay small and exact. */
static double choose_origin(const struct mg_moments_column *column)
{
    bool carried = column->to_low < column->to_high;
    double low = carried ? column->to_low : column->low, high = carried ? column->to_high : column->high;
    if (!(fabs(low) < 1e9) || !(fabs(high) < 1e9))
        return 0;
    return floor((low + high) / 2);
}

/* Whether the kernel can tell an answer by its remainder: every integer is one (steps of 1, of 1/2, …), or
 * the steps are whole. Else cell by cell. */
static bool whole_steps(const struct mg_moments_column *column)
{
    double step = column->step;
    if (step == 0)
        return true;
    bool divides = step < 1 && mg_step_holds(1, 0, step);
    return column->low == floor(column->low) && (divides || (step == floor(step) && step <= MG_KERNEL_SMALL));
}

static struct mg_moments_small choose_small(const struct mg_moments_column *column, double origin)
{
    struct mg_moments_small small = {.low = 1, .high = 0, .sign = 1, .offset = 0, .step = 1};
    double mirror = column->low + column->high;
    if ((column->reverse && mirror != floor(mirror)) || !whole_steps(column) ||
        column->to_low < column->to_high) /* carried answers are seldom whole */
        return small;
    double middle = column->reverse ? mirror - origin : origin; /* the raw value of x = 0 */
    small.low = (int64_t)ceil(fmax(column->low, middle - MG_KERNEL_SMALL));
    small.high = (int64_t)floor(fmin(column->high, middle + MG_KERNEL_SMALL));
    small.sign = column->reverse ? -1 : 1;
    small.offset = (int64_t)(-small.sign * (int64_t)middle);
    if (column->step > 1) {
        small.step = (int)column->step;
        small.first = (int)(small.sign * (int64_t)column->low + small.offset);
    }
    small.n_cuts = column->n_cuts;
    for (size_t i = 0; i < column->n_cuts; i++)
        small.cuts[i] =
            (int16_t)fmax(-MG_KERNEL_SMALL - 1, fmin(MG_KERNEL_SMALL + 1, ceil(column->cuts[i]) - origin));
    for (size_t i = 0; i < column->n_missing; i++) {
        double code = column->missing[i];
        if (code >= (double)small.low && code <= (double)small.high && code == floor(code))
            small.missing[small.n_missing++] = (int16_t)(small.sign * (int64_t)code + small.offset);
    }
    return small;
}

static int check_column(const struct mg_moments_column *column, size_t i, struct mg_error *error)
{
    if (!(column->low <= column->high))
        return mg_fail(error, MG_E_INVALID, "Column %zu: the lowest value %g is above the highest, %g.",
                       i + 1, column->low, column->high);
    if (column->reverse && !(isfinite(column->low) && isfinite(column->high)))
        return mg_fail(error, MG_E_INVALID, "Column %zu is reversed but has no lowest and highest value.",
                       i + 1);
    if (column->to_low < column->to_high &&
        !(isfinite(column->low) && isfinite(column->high) && column->low < column->high &&
          isfinite(column->to_high - column->to_low)))
        return mg_fail(error, MG_E_INVALID, "Column %zu is rescaled but has no lowest and highest value.",
                       i + 1);
    if (column->step < 0 || (column->step > 0 && !isfinite(column->low)))
        return mg_fail(error, MG_E_INVALID, "Column %zu has steps of %g but no lowest value to count from.",
                       i + 1, column->step);
    if (column->n_missing > 8)
        return mg_fail(error, MG_E_LIMIT, "Column %zu has %zu missing codes; at most 8 are allowed.", i + 1,
                       column->n_missing);
    if (column->n_cuts > 2 || (column->n_cuts == 2 && !(column->cuts[0] < column->cuts[1])))
        return mg_fail(error, MG_E_INVALID, "Column %zu: at most two cuts, the lower one first.", i + 1);
    return 0;
}

static int check_score(const struct mg_moments_spec *spec, size_t s, struct mg_error *error)
{
    const struct mg_moments_score *score = &spec->scores[s];
    if (score->n == 0 || score->min_answered > score->n)
        return mg_fail(error, MG_E_INVALID, "Score %zu needs %zu answers of %zu columns.", s + 1,
                       score->min_answered, score->n);
    for (size_t i = 0; i < score->n; i++) {
        bool alone = !score->partners || score->partners[i] == UINT16_MAX;
        if (score->columns[i] >= spec->n_columns || (!alone && score->partners[i] >= spec->n_columns))
            return mg_fail(error, MG_E_INVALID, "Score %zu uses a column that the list does not have.",
                           s + 1);
    }
    return 0;
}

static int check_set(const struct mg_moments_spec *spec, size_t s, struct mg_error *error)
{
    for (size_t i = 0; i < spec->sets[s].n; i++)
        if (spec->sets[s].variables[i] >= spec->n_columns + spec->n_scores)
            return mg_fail(error, MG_E_INVALID, "Set %zu names a variable that is neither column nor score.",
                           s + 1);
    return 0;
}

static int check_links(const struct mg_moments_spec *spec, struct mg_error *error)
{
    size_t n = spec->n_buckets;
    if (spec->n_links && (n < 2 || n > MG_MOMENTS_BUCKETS_MAX || n & (n - 1)))
        return mg_fail(error, MG_E_INVALID,
                       "%zu buckets are asked for; the number must be a power of two up to %d.", n,
                       MG_MOMENTS_BUCKETS_MAX);
    for (size_t i = 0; i < spec->n_links; i++)
        if (spec->links[i].a >= spec->n_columns + spec->n_scores ||
            spec->links[i].b >= spec->n_columns + spec->n_scores)
            return mg_fail(error, MG_E_INVALID, "Link %zu names a variable that is neither column nor score.",
                           i + 1);
    return 0;
}

static int check_spec(const struct mg_moments_spec *spec, struct mg_error *error)
{
    int rc = 0;
    if (spec->n_columns == 0)
        return mg_fail(error, MG_E_INVALID, "No columns are given.");
    if (spec->n_columns > MG_MOMENTS_COLUMNS_MAX || spec->n_scores > MG_MOMENTS_SCORES_MAX)
        return mg_fail(error, MG_E_LIMIT,
                       "%zu columns and %zu scores are asked for; at most %d and %d are allowed.",
                       spec->n_columns, spec->n_scores, MG_MOMENTS_COLUMNS_MAX, MG_MOMENTS_SCORES_MAX);
    for (size_t i = 0; i < spec->n_columns && !rc; i++)
        rc = check_column(&spec->columns[i], i, error);
    for (size_t s = 0; s < spec->n_scores && !rc; s++)
        rc = check_score(spec, s, error);
    for (size_t s = 0; spec->sets && s < spec->n_sets && !rc; s++)
        rc = check_set(spec, s, error);
    return rc ? rc : check_links(spec, error);
}

static void set_origins(struct mg_moments_plan *plan)
{
    const struct mg_moments_spec *spec = plan->spec;
    for (size_t c = 0; c < plan->columns; c++) {
        double middle = choose_origin(&spec->columns[c]);
        plan->small[c] = choose_small(&spec->columns[c], middle);
        plan->origin[c] = spec->columns[c].n_cuts ? 0 : middle;
    }
    for (size_t s = 0; s < plan->scores; s++) {
        double total = 0;
        for (size_t i = 0; i < spec->scores[s].n; i++)
            total += plan->origin[spec->scores[s].columns[i]];
        plan->origin[plan->columns + s] = total / (double)spec->scores[s].n;
    }
}

int mg_moments_plan_new(struct mg_arena *arena, const struct mg_moments_spec *spec, bool weighted,
                        struct mg_moments_plan **ret_plan, struct mg_error *error)
{
    int rc = check_spec(spec, error);
    if (rc)
        return rc;
    struct mg_moments_plan *plan = mg_arena_alloc(arena, sizeof(*plan));
    if (!plan)
        return mg_fail_memory(error);
    plan->spec = spec;
    plan->weighted = weighted;
    plan->columns = spec->n_columns;
    plan->scores = spec->n_scores;
    plan->k = plan->columns + plan->scores;
    plan->padded = (plan->columns + MG_KERNEL_COLUMNS - 1) / MG_KERNEL_COLUMNS * MG_KERNEL_COLUMNS;
    plan->origin = mg_arena_array(arena, plan->k, sizeof(double));
    plan->small = mg_arena_array(arena, plan->columns, sizeof(*plan->small));
    if (!plan->origin || !plan->small)
        return mg_fail_memory(error);
    set_origins(plan);
    rc = mg_moments_pairs_init(&plan->pairs, arena, plan, false, error);
    if (!rc && weighted)
        rc = mg_moments_pairs_init(&plan->squared, arena, plan, true, error);
    if (!rc)
        *ret_plan = plan;
    return rc;
}
