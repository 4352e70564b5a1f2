/* Importance–performance map: two cuts make four quadrants (Martilla & James 1977). The cut rule is named in
 * the result, because it decides the quadrant: means compare the items with each other, the scale's middle
 * with the scale. */
#include <math.h>

#include "stats/drivers/drivers.h"

static int find_means(const double *importance, const double *performance, size_t n, double ret_cut[2],
                      struct mg_error *error)
{
    double count = 0, sums[2] = {0};
    for (size_t i = 0; i < n; i++) {
        if (isnan(importance[i]) || isnan(performance[i]))
            continue;
        count++;
        sums[0] += importance[i];
        sums[1] += performance[i];
    }
    if (count < 1)
        return mg_fail(error, MG_E_INESTIMABLE, "No item has both an importance and a performance.");
    ret_cut[0] = sums[0] / count;
    ret_cut[1] = sums[1] / count;
    return 0;
}

static enum mg_quadrant place(double importance, double performance, const double cut[2])
{
    if (isnan(importance) || isnan(performance))
        return MG_QUADRANT_NONE;
    if (importance >= cut[0])
        return performance >= cut[1] ? MG_QUADRANT_KEEP : MG_QUADRANT_CONCENTRATE;
    return performance >= cut[1] ? MG_QUADRANT_OVERKILL : MG_QUADRANT_LOW;
}

int mg_importance_performance(const double *importance, const double *performance, size_t n,
                              enum mg_cut_rule rule, const double importance_scale[2],
                              const double performance_scale[2], enum mg_quadrant *ret, double ret_cut[2],
                              struct mg_error *error)
{
    double cut[2] = {0};
    int rc = find_means(importance, performance, n, cut, error);
    if (rc)
        return rc;
    if (rule == MG_CUT_SCALE_MIDDLE) {
        cut[0] = (importance_scale[0] + importance_scale[1]) / 2;
        cut[1] = (performance_scale[0] + performance_scale[1]) / 2;
    }
    for (size_t i = 0; i < n; i++)
        ret[i] = place(importance[i], performance[i], cut);
    ret_cut[0] = cut[0];
    ret_cut[1] = cut[1];
    return 0;
}
