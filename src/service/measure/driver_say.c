/* What may be said of the map: whether the drivers go with the outcome at all, and which quadrants are sure.
 */
#include <math.h>
#include <stdio.h>

#include "base/format.h"
#include "service/measure/driver_map.h"
#include "wire/say.h"

/* "F(5, 54) = 0.57, p = 0.720": the same in both languages. */
static void write_test(const struct mg_wire_model_test *test, char *ret, size_t size)
{
    char f[MG_NUMBER_BYTES], p[MG_NUMBER_BYTES];
    mg_format_number(test->statistic, 2, false, f);
    mg_format_number(test->p, 3, false, p);
    if (!isfinite(test->statistic)) /* nothing is left unexplained */
        snprintf(ret, size, "R² = 1");
    else if (test->p < 0.001)
        snprintf(ret, size, "F(%.0f, %.0f) = %s, p < 0.001", test->df1, test->df2, f);
    else
        snprintf(ret, size, "F(%.0f, %.0f) = %s, p = %s", test->df1, test->df2, f, p);
}

static const struct mg_wire_text *finding_of(const struct mg_driver_map *map)
{
    const struct mg_wire_driver_report *report = map->report;
    struct mg_wire_text *finding = mg_arena_alloc(map->ctx->arena, sizeof *finding);
    char test[5 * MG_NUMBER_BYTES];
    if (!finding)
        return NULL;
    write_test(report->test, test, sizeof test);
    if (!report->test->significant)
        *finding = mg_wire_say(
            map->ctx->arena, report->outcome_label,
            "These answers don't show that all of these together go with “{}” at all (%s): no place "
            "on the map is certain.",
            test);
    else if (report->has_r_squared_low && report->has_r_squared_high)
        *finding = mg_wire_say(
            map->ctx->arena, report->outcome_label,
            "All of these together account for %.0f%% of the differences in “{}” (%.0f–%.0f%%; %s).",
            100 * report->r_squared, 100 * report->r_squared_low, 100 * report->r_squared_high, test);
    else
        *finding = mg_wire_say(map->ctx->arena, report->outcome_label,
                               "All of these together account for %.0f%% of the differences in “{}” (%s).",
                               100 * report->r_squared, test);
    return finding;
}

static bool is_certain(const struct mg_driver_map *map, const struct mg_wire_driver_row *row)
{
    bool together = !map->report->test || map->report->test->significant;
    return together && row->has_quadrant_probability && row->quadrant_probability >= MG_DRIVER_CERTAIN;
}

int mg_driver_say(struct mg_driver_map *map, struct mg_error *error)
{
    bool stated = map->report->importance_source == MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_STATED;
    for (size_t i = 0; i < map->n && !stated; i++) {
        struct mg_wire_driver_row *row = &map->rows[i];
        row->has_quadrant_uncertain = row->has_quadrant;
        row->quadrant_uncertain = row->has_quadrant && !is_certain(map, row);
    }
    if (!map->report->test)
        return 0;
    map->report->finding = finding_of(map);
    return map->report->finding ? 0 : mg_fail_memory(error);
}
