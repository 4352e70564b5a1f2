/* What one can filter by: the waves, and the values of every group, counted in the wave that is looked at. */
#include <stdlib.h>
#include <string.h>

#include "column/file.h"
#include "service/measure/pass.h"
#include "service/measure/row.h"

#define VALUES_READ 20000
#define CROSSED_READ 100000 /* values × waves */
#define VALUES_SHOWN 100

static int compare_by_n(const void *a, const void *b)
{
    const struct mg_wire_facet_value *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return mg_measure_natural_order(x->value, y->value);
}

static int compare_by_value(const void *a, const void *b)
{
    return mg_measure_natural_order(((const struct mg_wire_facet_value *)a)->value,
                                    ((const struct mg_wire_facet_value *)b)->value);
}

static int compare_keys(const void *a, const void *b)
{
    const char *x = ((const struct mg_count *)a)->keys[0], *y = ((const struct mg_count *)b)->keys[0];
    return strcmp(x ? x : "", y ? y : "");
}

/* The rows that are counted; `wave` NULL: all. */
struct counted {
    const char *wave_column;
    const char *wave;
};

/* Each value once, with its rows of that wave. */
static int sum_values(struct mg_arena *arena, struct mg_count *counts, size_t n_counts,
                      const struct counted *of, struct mg_wire_facet_value **ret_values, size_t *ret_n,
                      struct mg_error *error)
{
    struct mg_wire_facet_value *values = mg_arena_array(arena, n_counts + 1, sizeof *values);
    size_t n = 0;
    if (!values)
        return mg_fail_memory(error);
    qsort(counts, n_counts, sizeof *counts, compare_keys);
    for (size_t i = 0; i < n_counts; i++) {
        const char *const *keys = counts[i].keys;
        if (!keys[0])
            continue;
        if (n == 0 || strcmp(values[n - 1].value, keys[0]) != 0)
            values[n++] = (struct mg_wire_facet_value){.value = keys[0]};
        if (!of->wave || (keys[1] && strcmp(keys[1], of->wave) == 0))
            values[n - 1].n += counts[i].n;
    }
    *ret_values = values;
    *ret_n = n;
    return 0;
}

static int read_values(struct mg_ctx *ctx, const struct mg_measure_request *request, const char *column,
                       const struct counted *of, int (*order)(const void *, const void *),
                       const struct mg_wire_facet_value **ret_values, size_t *ret_n, struct mg_error *error)
{
    const char *const columns[] = {column, of->wave_column};
    struct mg_count *counts;
    size_t n_counts;
    int rc = mg_columns_counts(&ctx->columns, ctx->arena, &request->source, columns, of->wave ? 2 : 1, NULL,
                               request->filters, request->n_filters, of->wave ? CROSSED_READ : VALUES_READ,
                               &counts, &n_counts, error);
    if (rc == MG_E_LIMIT && mg_stop_asked(request->source.stop) ==
                                MG_STOP_NO) { /* one could not choose from so many: none is listed */
        *ret_n = 0;
        return 0;
    }
    struct mg_wire_facet_value *values = NULL;
    if (!rc)
        rc = sum_values(ctx->arena, counts, n_counts, of, &values, ret_n, error);
    if (rc)
        return rc;
    if (*ret_n > VALUES_READ)
        *ret_n = 0;
    qsort(values, *ret_n, sizeof *values, order);
    *ret_values = values;
    return 0;
}

int mg_measure_facets(struct mg_ctx *ctx, const struct mg_measure_request *request,
                      struct mg_wire_facets *ret, struct mg_error *error)
{
    const struct mg_study *study = request->study;
    struct mg_wire_facets wire = {0};
    struct mg_wire_facet *groups = mg_arena_array(ctx->arena, study->n_groups + 1, sizeof *groups);
    if (!groups)
        return mg_fail_memory(error);
    struct counted of = {.wave_column = mg_measure_wave_column(request)};
    int rc = of.wave_column ? read_values(ctx, request, of.wave_column, &of, compare_by_value, &wire.waves,
                                          &wire.n_waves, error)
                            : 0;
    if (rc == 0 && wire.n_waves && !request->all_waves)
        of.wave = request->wave ? request->wave : wire.waves[wire.n_waves - 1].value;
    for (size_t i = 0; rc == 0 && i < study->n_groups; i++) {
        const struct mg_grouping *group = &study->groups[i];
        groups[i] =
            (struct mg_wire_facet){.code = group->code, .label = mg_wire_text_of(&group->label, group->code)};
        rc = read_values(ctx, request, group->column, &of, compare_by_n, &groups[i].values,
                         &groups[i].n_values, error);
        if (groups[i].n_values > VALUES_SHOWN)
            groups[i].n_values = VALUES_SHOWN;
    }
    if (rc)
        return rc;
    if (wire.n_waves > VALUES_SHOWN) { /* the newest */
        wire.waves += wire.n_waves - VALUES_SHOWN;
        wire.n_waves = VALUES_SHOWN;
    }
    wire.groups = groups;
    wire.n_groups = study->n_groups;
    *ret = wire;
    return 0;
}
