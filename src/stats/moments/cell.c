/* Reading one cell: the number that it holds, and whether it counts. */
#include <math.h>

#include "base/step.h"
#include "stats/moments/plan.h"

static double raw_value(const struct mg_moments_input *input, size_t row)
{
    switch (input->type) {
    case MG_MOMENTS_INT8:
        return ((const int8_t *)input->values)[row];
    case MG_MOMENTS_INT16:
        return ((const int16_t *)input->values)[row];
    case MG_MOMENTS_INT32:
        return ((const int32_t *)input->values)[row];
    case MG_MOMENTS_INT64:
        return (double)((const int64_t *)input->values)[row];
    case MG_MOMENTS_DOUBLE:
        return ((const double *)input->values)[row];
    }
    return NAN;
}

static double reached(const struct mg_moments_column *column, double v)
{
    double n = 0;
    for (size_t i = 0; i < column->n_cuts; i++)
        n += v >= column->cuts[i];
    return n;
}

enum mg_moments_state mg_moments_read(const struct mg_moments_column *column,
                                      const struct mg_moments_input *input, size_t row, double *ret_value)
{
    if (input->valid && !(input->valid[row / 64] >> (row % 64) & 1))
        return MG_CELL_MISSING;
    double v = raw_value(input, row);
    if (isnan(v))
        return MG_CELL_MISSING;
    for (size_t i = 0; i < column->n_missing; i++)
        if (v == column->missing[i])
            return MG_CELL_MISSING;
    if (v < column->low || v > column->high || isinf(v) || !mg_step_holds(v, column->low, column->step))
        return MG_CELL_OUTSIDE;
    v = column->reverse ? column->low + column->high - v : v;
    if (column->to_low < column->to_high)
        v = mg_step_carry(v, column->low, column->high, column->to_low, column->to_high);
    *ret_value = column->n_cuts ? reached(column, v) : v;
    return MG_CELL_PRESENT;
}

double mg_moments_cell(const struct mg_moments_column *column, const struct mg_moments_input *input,
                       size_t row)
{
    double value = NAN;
    return mg_moments_read(column, input, row, &value) == MG_CELL_PRESENT ? value : NAN;
}
