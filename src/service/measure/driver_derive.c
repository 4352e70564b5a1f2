/* Importance derived from an outcome, and how sure it is. */
#include <math.h>
#include <string.h>

#include "service/measure/driver_map.h"
#include "stats/drivers/sampling.h"

#define PERMUTATIONS 1000
#define SEED 1
#define STEP ((size_t)50) /* replicates between two looks at whether to stop */

static void put_note(struct mg_driver_map *map, const struct mg_error *why)
{
    struct mg_arena *arena = map->ctx->arena;
    map->report->note = *why->field ? mg_arena_printf(arena, "%s (%s)", why->message, why->field)
                                    : mg_arena_strdup(arena, why->message);
}

static int spec_of(const struct mg_driver_map *map, struct mg_drivers_spec *ret, struct mg_error *error)
{
    const char **names = mg_arena_array(map->ctx->arena, map->p, sizeof *names);
    if (!names)
        return mg_fail_memory(error);
    for (size_t i = 0; i < map->p; i++)
        names[i] = map->parts[map->driver[i]].code;
    *ret = (struct mg_drivers_spec){.y = map->y,
                                    .x = map->x,
                                    .p = map->p,
                                    .names = names,
                                    .exact_max = MG_DRIVERS_EXACT_MAX,
                                    .permutations = PERMUTATIONS,
                                    .seed = SEED,
                                    .m2 = map->base.m2};
    return 0;
}

static void fill_rows(struct mg_driver_map *map, const struct mg_drivers *drivers)
{
    for (size_t i = 0; i < map->p; i++) {
        const struct mg_driver *d = &drivers->drivers[i];
        struct mg_wire_driver_row *row = &map->rows[map->driver[i]];
        map->importance[map->driver[i]] = d->lmg / drivers->r2;
        row->johnson = d->johnson / drivers->r2, row->has_johnson = true;
        row->beta = d->beta, row->has_beta = true;
        row->beta_se = d->se_beta, row->has_beta_se = true;
        row->vif = d->vif, row->has_vif = true;
    }
    struct mg_wire_driver_report *report = map->report;
    report->r_squared = drivers->r2, report->has_r_squared = true;
    report->r_squared_adjusted = drivers->r2_adjusted, report->has_r_squared_adjusted = true;
    report->condition = drivers->condition, report->has_condition = true;
    if (map->base.m2)
        report->n_effective = drivers->n, report->has_n_effective = true;
}

/* Sets of codes; without their importance, which resampling adds. */
static int put_collinear(struct mg_driver_map *map, const struct mg_drivers_spec *spec,
                         struct mg_error *error)
{
    struct mg_arena *arena = map->ctx->arena;
    struct mg_collinear found;
    if (mg_drivers_collinear(arena, map->base.m, spec, &found, NULL))
        return 0; /* there are no correlations; the note says why */
    struct mg_wire_collinear_set *sets = mg_arena_array(arena, found.n + 1, sizeof *sets);
    if (!sets)
        return mg_fail_memory(error);
    for (size_t s = 0; s < found.n; s++) {
        const char **codes = mg_arena_array(arena, map->p, sizeof *codes);
        if (!codes)
            return mg_fail_memory(error);
        sets[s] = (struct mg_wire_collinear_set){.codes = codes, .exact = found.exact[s]};
        for (size_t i = 0; i < map->p; i++)
            if (found.set[i] == s)
                codes[sets[s].n_codes++] = spec->names[i];
    }
    map->report->collinear = sets;
    map->report->n_collinear = found.n;
    return 0;
}

/* F of the regression where rows are different people's and weigh the same. */
static bool rows_are_alike(const struct mg_driver_map *map)
{
    return !map->pass.repeated && !map->base.m2;
}

static int put_test(struct mg_driver_map *map, enum mg_wire_model_test_kind kind,
                    const struct mg_model_test *test, struct mg_error *error)
{
    struct mg_wire_model_test *wire = mg_arena_alloc(map->ctx->arena, sizeof *wire);
    if (!wire)
        return mg_fail_memory(error);
    *wire = (struct mg_wire_model_test){.kind = kind,
                                        .statistic = test->statistic,
                                        .df1 = test->df1,
                                        .df2 = test->df2,
                                        .p = test->p,
                                        .significant = test->p < 1 - map->report->ci};
    map->report->test = wire;
    return 0;
}

static void square_correlations(struct mg_driver_map *map)
{
    for (size_t i = 0; i < map->n; i++)
        if (map->rows[i].has_correlation && !map->rows[i].left_out)
            map->importance[i] = map->rows[i].correlation * map->rows[i].correlation;
}

int mg_driver_derive(struct mg_driver_map *map, bool *ret_derived, struct mg_error *error)
{
    struct mg_error why = {.lang = map->ctx->lang};
    struct mg_drivers_spec spec;
    struct mg_drivers drivers;
    *ret_derived = false;
    if (map->p == 0)
        return 0;
    if (map->p > MG_DRIVERS_MAX) {
        mg_fail(&why, MG_E_LIMIT, "There are more than %d rows, too many to estimate their importance.",
                MG_DRIVERS_MAX);
        put_note(map, &why);
        square_correlations(map);
        return 0;
    }
    int rc = spec_of(map, &spec, error);
    if (!rc)
        rc = put_collinear(map, &spec, error);
    if (rc)
        return rc;
    rc = mg_drivers_estimate(map->ctx->arena, map->base.m, &spec, &drivers, &why);
    if (rc == MG_E_NO_MEMORY)
        return mg_fail_memory(error);
    if (!rc && !map->enough) {
        map->report->note = mg_tr(map->ctx->lang, "too few respondents to show");
    } else if (!rc) {
        const struct mg_model_test f = {
            .statistic = drivers.f, .df1 = (double)drivers.p, .df2 = drivers.df, .p = drivers.p_value};
        fill_rows(map, &drivers);
        *ret_derived = true;
        return rows_are_alike(map) ? put_test(map, MG_WIRE_MODEL_TEST_KIND_F, &f, error) : 0;
    } else {
        put_note(map, &why);
    }
    square_correlations(map);
    return 0;
}

/* ---- how sure ---- */

static int sampling_spec(const struct mg_driver_map *map, struct mg_sampling_spec *ret,
                         struct mg_error *error)
{
    struct mg_arena *arena = map->ctx->arena;
    size_t p = map->p, n = map->base.n_groups;
    double *values = mg_arena_array(arena, 3 * p, sizeof *values), *low = values + p, *high = low + p;
    enum mg_quadrant *quadrant = mg_arena_array(arena, p, sizeof *quadrant);
    const struct mg_moments **buckets = mg_arena_array(arena, n + 1, sizeof(struct mg_moments *));
    if (!values || !quadrant || !buckets)
        return mg_fail_memory(error);
    for (size_t g = 0; g < n; g++)
        buckets[g] = map->base.groups[g].moments;
    for (size_t i = 0; i < p; i++) {
        const struct mg_part *part = &map->parts[map->driver[i]];
        values[i] = map->importance[map->driver[i]];
        quadrant[i] = map->quadrants[map->driver[i]];
        low[i] = part->scale.min;
        high[i] = part->scale.max;
    }
    bool squared = map->report->importance_source == MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_CORRELATION;
    *ret = (struct mg_sampling_spec){
        .buckets = buckets,
        .n_buckets = n,
        .y = map->y,
        .x = map->x,
        .p = p,
        .squared_r = squared,
        .importance = values,
        .low = low,
        .high = high,
        .cut = map->request->cut_scale_middle ? MG_CUT_SCALE_MIDDLE : MG_CUT_MEANS,
        .importance_scale = {0, squared ? 1 : 2.0 / (double)(p ? p : 1)},
        .quadrant = quadrant,
        .seed = SEED,
    };
    return 0;
}

/* R² with its interval, and the test where rows aren't alike. */
static int put_whole(struct mg_driver_map *map, const struct mg_sampling *sampling, struct mg_error *error)
{
    struct mg_wire_driver_report *report = map->report;
    struct mg_error why = {.lang = map->ctx->lang};
    struct mg_model_test test;
    struct mg_sampled_r2 r2;
    int rc = mg_sampling_whole(sampling, report->ci, report->r_squared, &r2, &test, &why);
    report->r_squared_low = r2.low, report->has_r_squared_low = isfinite(r2.low);
    report->r_squared_high = r2.high, report->has_r_squared_high = isfinite(r2.high);
    if (report->base == MG_WIRE_DRIVER_REPORT_BASE_PAIRWISE &&
        isfinite(r2.chance)) /* no one n to adjust by */
        report->r_squared_adjusted = report->r_squared - r2.chance;
    if (rows_are_alike(map))
        return 0;
    if (rc == 0)
        return put_test(map, MG_WIRE_MODEL_TEST_KIND_RESAMPLED, &test, error);
    report->interval_note = mg_arena_strdup(map->ctx->arena, why.message);
    return 0;
}

static void put_sampled(const struct mg_sampled *s, struct mg_wire_driver_row *row)
{
    row->importance_se = s->se, row->has_importance_se = true;
    row->importance_low = s->low, row->has_importance_low = true;
    row->importance_high = s->high, row->has_importance_high = true;
    row->rank = (int64_t)s->rank, row->has_rank = true;
    row->rank_low = (int64_t)s->rank_low, row->has_rank_low = true;
    row->rank_high = (int64_t)s->rank_high, row->has_rank_high = true;
    row->rank_probability = s->rank_probability, row->has_rank_probability = true;
    row->first_probability = s->first_probability, row->has_first_probability = true;
    row->quadrant_probability = s->quadrant_probability;
    row->has_quadrant_probability = isfinite(s->quadrant_probability);
}

/* A set's importance is the sum of its members': how much is theirs together is surer than how it is split.
 */
static int put_joint(struct mg_driver_map *map, const struct mg_sampling *sampling, double level,
                     struct mg_error *error)
{
    size_t *members = mg_arena_array(map->ctx->arena, map->p, sizeof *members);
    if (!members)
        return mg_fail_memory(error);
    for (size_t s = 0; s < map->report->n_collinear; s++) {
        struct mg_wire_collinear_set *set = (struct mg_wire_collinear_set *)&map->report->collinear[s];
        double value = 0, low, high;
        size_t n = 0;
        for (size_t i = 0; i < map->p; i++)
            for (size_t k = 0; k < set->n_codes; k++)
                if (strcmp(set->codes[k], map->parts[map->driver[i]].code) == 0) {
                    members[n++] = i;
                    value += map->importance[map->driver[i]];
                }
        mg_sampling_joint(sampling, members, n, level, &low, &high);
        set->importance = mg_wire_estimate_new(map->ctx->arena, value, low, high, NAN);
    }
    return 0;
}

static int run(struct mg_driver_map *map, const struct mg_sampling_spec *spec, struct mg_error *why,
               struct mg_error *error)
{
    struct mg_sampling_effort effort;
    struct mg_sampling *sampling;
    struct mg_sampled *found = mg_arena_array(map->ctx->arena, map->p, sizeof *found);
    double level = mg_measure_level(&map->request->base);
    size_t failed;
    mg_sampling_effort(map->p, &effort);
    if (spec->squared_r)
        effort.orders = 0;
    int rc = found ? mg_sampling_new(map->ctx->arena, spec, effort, &sampling, why) : mg_fail_memory(why);
    for (size_t from = 0; !rc && from < effort.replicates; from += STEP) {
        size_t to = from + STEP < effort.replicates ? from + STEP : effort.replicates;
        mg_sampling_run(sampling, from, to);
        int stopped = mg_stop_check(map->ctx->stop, error);
        if (stopped)
            return stopped;
    }
    if (!rc)
        rc = mg_sampling_describe(sampling, level, found, &failed, why);
    if (rc == MG_E_NO_MEMORY)
        return mg_fail_memory(error);
    if (rc) {
        map->report->interval_note = mg_arena_strdup(map->ctx->arena, why->message);
        return 0;
    }
    for (size_t i = 0; i < map->p; i++)
        put_sampled(&found[i], &map->rows[map->driver[i]]);
    map->report->replicates = (int64_t)(effort.replicates - failed), map->report->has_replicates = true;
    map->report->resampled = map->study->customer ? MG_WIRE_DRIVER_REPORT_RESAMPLED_CUSTOMERS
                                                  : MG_WIRE_DRIVER_REPORT_RESAMPLED_ROWS;
    map->report->has_resampled = true;
    map->report->orders = (int64_t)effort.orders, map->report->has_orders = effort.orders > 0;
    if (spec->squared_r)
        return 0;
    rc = put_joint(map, sampling, level, error);
    return rc ? rc : put_whole(map, sampling, error);
}

int mg_driver_resample(struct mg_driver_map *map, struct mg_error *error)
{
    struct mg_error why = {.lang = map->ctx->lang};
    struct mg_sampling_spec spec;
    for (size_t i = 0; i < map->p; i++)
        if (!isfinite(map->importance[map->driver[i]]))
            return 0; /* the note says why */
    bool stated = map->report->importance_source == MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_STATED;
    if (stated || map->p == 0 || map->p > MG_DRIVERS_MAX)
        return 0;
    int rc = sampling_spec(map, &spec, error);
    return rc ? rc : run(map, &spec, &why, error);
}
