/* What stands behind R²: which parts are drivers, the pass over them by buckets, and a sentence that says how
 * many answers count and why no more.
 *
 * Pairwise, the correlation with fewest answers is what n says; a listwise study drops what lacks the outcome
 * too, so that every correlation is over the same answers. */
#include <math.h>

#include "base/format.h"
#include "service/measure/defects.h"
#include "service/measure/driver_map.h"
#include "wire/say.h"

#define BUCKETS 256
#define BUCKETS_MANY 64 /* with many drivers: their moments take 40 p² bytes a bucket */
#define DRIVERS_MANY 48

/* Whether fewer than half as many answered it with the outcome as the most answered one. */
static bool is_rare(const struct mg_driver_map *map, size_t part, double most)
{
    return 2 * mg_moments_count(map->pass.m, map->parts[part].p, map->y) < most;
}

static int choose(struct mg_driver_map *map, struct mg_error *error)
{
    struct mg_arena *arena = map->ctx->arena;
    size_t *driver = mg_arena_array(arena, map->n + 1, sizeof *driver);
    size_t *x = mg_arena_array(arena, map->n + 1, sizeof *x), n_rare = 0;
    const char **rare = mg_arena_array(arena, map->n + 1, sizeof *rare);
    double most = 0;
    if (!driver || !x || !rare)
        return mg_fail_memory(error);
    for (size_t i = 0; i < map->n; i++)
        most = fmax(most, mg_moments_count(map->pass.m, map->parts[i].p, map->y));
    for (size_t i = 0; i < map->n; i++) {
        bool out = is_rare(map, i, most);
        map->rows[i].n = (int64_t)mg_moments_count(map->pass.m, map->parts[i].p, map->y);
        map->rows[i].has_n = true;
        if (out)
            rare[n_rare++] = map->parts[i].code;
        out = out && map->request->leave_out_rare;
        map->rows[i].left_out = out, map->rows[i].has_left_out = true;
        if (out)
            continue;
        driver[map->p] = i;
        x[map->p++] = map->parts[i].p;
    }
    map->driver = driver;
    map->x = x;
    map->report->rare = rare, map->report->n_rare = n_rare;
    map->report->rare_left_out = n_rare && map->request->leave_out_rare;
    map->report->has_rare_left_out = true;
    return 0;
}

/* A listwise study's answers without the outcome don't count either. */
static int with_outcome(const struct mg_driver_map *map, struct mg_measure_request *request,
                        struct mg_error *error)
{
    if (map->study->missing_rule != MG_MISSING_LISTWISE)
        return 0;
    const struct mg_outcome *outcome = &map->study->outcomes[map->outcome];
    struct mg_filter *filters = mg_arena_array(map->ctx->arena, request->n_filters + 1, sizeof *filters);
    if (!filters)
        return mg_fail_memory(error);
    for (size_t i = 0; i < request->n_filters; i++)
        filters[i] = request->filters[i];
    filters[request->n_filters++] =
        outcome->positive ? (struct mg_filter){.column = outcome->column, .op = MG_FILTER_PRESENT}
                          : (struct mg_filter){.column = outcome->column,
                                               .op = MG_FILTER_BETWEEN,
                                               .low = outcome->scale.min,
                                               .high = outcome->scale.max,
                                               .step = outcome->scale.step};
    request->filters = filters;
    return 0;
}

/* The drivers and the outcome with one another, and nothing else. */
static int sum_buckets(struct mg_driver_map *map, struct mg_error *error)
{
    struct mg_measure_request request = map->request->base;
    uint16_t *variables = mg_arena_array(map->ctx->arena, map->p + 1, sizeof *variables);
    if (!variables)
        return mg_fail_memory(error);
    for (size_t i = 0; i < map->p; i++)
        variables[i] = (uint16_t)map->x[i];
    variables[map->p] = (uint16_t)map->y;
    const struct mg_moments_set set = {.variables = variables, .n = map->p + 1, .squared = true};
    struct mg_plan plan = *map->plan;
    plan.spec.sets = &set;
    plan.spec.n_sets = 1;
    plan.spec.n_links = 0; /* each bucket is a group */
    int rc = with_outcome(map, &request, error);
    return rc ? rc
              : mg_pass_run(map->ctx, &request, &plan, NULL, 0,
                            map->p > DRIVERS_MANY ? BUCKETS_MANY : BUCKETS, &map->base, error);
}

struct counted {
    double least, most;
    size_t pair[2]; /* that has the fewest; p: the outcome */
};

static size_t variable(const struct mg_driver_map *map, size_t i)
{
    return i < map->p ? map->x[i] : map->y;
}

static struct counted count_pairs(const struct mg_driver_map *map)
{
    struct counted c = {.least = INFINITY};
    for (size_t i = 0; i <= map->p; i++)
        for (size_t j = 0; j <= i; j++) {
            double n = mg_moments_count(map->base.m, variable(map, i), variable(map, j));
            c.most = fmax(c.most, n);
            if (n < c.least)
                c = (struct counted){.least = n, .most = c.most, .pair = {j, i}};
        }
    return c;
}

/* Customers with a driver and the outcome: buckets that have such a row, so many at least. A correlation of
 * fewer than may be shown is taken back, and `enough` is said no more of the shares. */
static void hide_few(struct mg_driver_map *map)
{
    map->enough = fmin((double)map->report->n, (double)map->base.n_groups) >= map->people.few;
    for (size_t i = 0; i < map->p; i++) {
        double people = 0;
        for (size_t g = 0; g < map->base.n_groups; g++)
            people += mg_moments_count(map->base.groups[g].moments, map->x[i], map->y) > 0;
        struct mg_wire_driver_row *row = &map->rows[map->driver[i]];
        row->has_correlation = row->has_correlation && people >= map->people.few;
        map->enough = map->enough && row->has_correlation;
    }
    map->enough = map->enough && mg_people_enough_all(&map->people, map->x, map->p);
}

static struct mg_wire_text label_of(const struct mg_driver_map *map, size_t i)
{
    if (i < map->p)
        return map->rows[map->driver[i]].label;
    return *map->report->outcome_label;
}

static struct mg_wire_text both_labels(const struct mg_driver_map *map, const size_t pair[2])
{
    struct mg_arena *arena = map->ctx->arena;
    struct mg_wire_text first = label_of(map, pair[0]), second = label_of(map, pair[1]);
    struct mg_wire_text one = mg_wire_say(arena, &first, "“{}”"), two = mg_wire_say(arena, &second, "“{}”");
    if (pair[0] == pair[1])
        return one;
    return (struct mg_wire_text){
        .en = mg_arena_printf(arena, "%s and %s", one.en, two.en),
        .zh_cn = mg_arena_printf(arena, "%s%s%s", one.zh_cn, mg_tr(MG_LANG_ZH, " and "), two.zh_cn)};
}

static int say_basis(struct mg_driver_map *map, const struct counted *c, struct mg_error *error)
{
    struct mg_arena *arena = map->ctx->arena;
    struct mg_wire_text *basis = mg_arena_alloc(arena, sizeof *basis);
    char n[MG_NUMBER_BYTES], all[MG_NUMBER_BYTES];
    if (!basis)
        return mg_fail_memory(error);
    mg_format_count((int64_t)c->least, n);
    mg_format_count((int64_t)map->pass.m->rows, all);
    if (c->least >= map->pass.m->rows) {
        *basis = mg_wire_say(arena, NULL, "All %s responses have the outcome and every driver.", n);
    } else if (c->least == c->most) {
        *basis = mg_wire_say(arena, NULL, "%s of %s responses: those that have the outcome and every driver.",
                             n, all);
    } else {
        struct mg_wire_text labels = both_labels(map, c->pair);
        *basis =
            mg_wire_say(arena, &labels,
                        "%s of %s responses, because only so many answered {}; every correlation is over "
                        "those that have both of its answers.",
                        n, all);
    }
    map->report->basis = basis;
    return mg_defects_add_weights(map->ctx, &map->request->base, basis, &map->report->weights_left_out,
                                  error);
}

/* What n would be without the rare ones; from the first pass, which has all pairs. */
static void count_without_rare(struct mg_driver_map *map)
{
    const struct mg_moments *m = map->pass.m;
    double most = 0, least = INFINITY;
    if (!map->report->n_rare || map->report->rare_left_out)
        return;
    for (size_t i = 0; i < map->n; i++)
        most = fmax(most, mg_moments_count(m, map->parts[i].p, map->y));
    for (size_t i = 0; i < map->n; i++) {
        if (is_rare(map, i, most))
            continue;
        least = fmin(least, mg_moments_count(m, map->parts[i].p, map->y));
        for (size_t j = 0; j < i; j++)
            if (!is_rare(map, j, most))
                least = fmin(least, mg_moments_count(m, map->parts[i].p, map->parts[j].p));
    }
    map->report->n_without_rare = (int64_t)least;
    map->report->has_n_without_rare = isfinite(least);
}

int mg_driver_base(struct mg_driver_map *map, struct mg_error *error)
{
    if (map->y == MG_PART_NONE || map->n == 0)
        return 0;
    int rc = choose(map, error);
    if (!rc)
        rc = sum_buckets(map, error);
    if (rc)
        return rc;
    struct counted c = count_pairs(map);
    struct mg_wire_driver_report *report = map->report;
    report->n = (int64_t)c.least;
    report->base =
        c.least == c.most ? MG_WIRE_DRIVER_REPORT_BASE_COMPLETE : MG_WIRE_DRIVER_REPORT_BASE_PAIRWISE;
    report->has_base = true;
    hide_few(map);
    count_without_rare(map);
    return say_basis(map, &c, error);
}
