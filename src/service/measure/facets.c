/* What one can filter by: the waves, and the values of every group. */
#include <stdlib.h>

#include "column/file.h"
#include "service/measure/pass.h"
#include "service/measure/row.h"

#define VALUES_READ 20000
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

static int read_values(struct mg_ctx *ctx, const struct mg_measure_request *request, const char *column,
                       int (*order)(const void *, const void *),
                       const struct mg_wire_facet_value **ret_values, size_t *ret_n, struct mg_error *error)
{
    struct mg_count *counts;
    size_t n_counts, n = 0;
    int rc = mg_columns_counts(&ctx->columns, ctx->arena, &request->source, &column, 1, NULL,
                               request->filters, request->n_filters, VALUES_READ, &counts, &n_counts, error);
    if (rc == MG_E_LIMIT && mg_stop_asked(request->source.stop) ==
                                MG_STOP_NO) { /* one could not choose from so many: none is listed */
        *ret_n = 0;
        return 0;
    }
    if (rc)
        return rc;
    struct mg_wire_facet_value *values = mg_arena_array(ctx->arena, n_counts + 1, sizeof *values);
    if (!values)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n_counts; i++)
        if (counts[i].keys[0])
            values[n++] = (struct mg_wire_facet_value){.value = counts[i].keys[0], .n = counts[i].n};
    qsort(values, n, sizeof *values, order);
    *ret_values = values;
    *ret_n = n;
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
    const char *wave = mg_measure_wave_column(request);
    int rc = wave ? read_values(ctx, request, wave, compare_by_value, &wire.waves, &wire.n_waves, error) : 0;
    for (size_t i = 0; rc == 0 && i < study->n_groups; i++) {
        const struct mg_grouping *group = &study->groups[i];
        groups[i] =
            (struct mg_wire_facet){.code = group->code, .label = mg_wire_text_of(&group->label, group->code)};
        rc = read_values(ctx, request, group->column, compare_by_n, &groups[i].values, &groups[i].n_values,
                         error);
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
