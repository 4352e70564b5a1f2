#include "stats/resample/jackknife.h"

#include <math.h>

#define ROUNDING 1e-13

void mg_jackknife_begin(struct mg_jackknife_sum *sum)
{
    *sum = (struct mg_jackknife_sum){.df = INFINITY};
}

/* A variable's sums in one bucket, or in all. */
struct mean {
    double weight, total;
};

static struct mean mean_in(const struct mg_moments_sums *sums, bool second)
{
    return (struct mean){.weight = sums->weight, .total = second ? sums->b : sums->a};
}

static int too_few_groups(struct mg_error *error)
{
    return mg_fail(error, MG_E_INESTIMABLE,
                   "All answers come from one person, or nearly so: there is no standard error.");
}

int mg_jackknife_add(struct mg_jackknife_sum *sum, const struct mg_moments *m, size_t i, size_t j,
                     double coefficient, struct mg_error *error)
{
    size_t link = mg_moments_link(m, i, j), groups = 0;
    if (link == SIZE_MAX)
        return mg_fail(error, MG_E_INVALID, "The moments have no buckets of these variables.");
    bool second = m->buckets->links[link].a != i;
    struct mean all = {0};
    double squares = 0;
    for (size_t g = 0; g < m->buckets->n; g++) {
        struct mg_moments_sums sums = mg_moments_sums(m, g, link);
        struct mean one = mean_in(&sums, second);
        all.weight += one.weight;
        all.total += one.total;
        squares += one.weight * one.weight;
        groups += sums.weight > 0;
    }
    if (groups < 2)
        return too_few_groups(error);
    double mean = all.total / all.weight;
    for (size_t g = 0; g < m->buckets->n; g++) {
        struct mg_moments_sums sums = mg_moments_sums(m, g, link);
        struct mean one = mean_in(&sums, second);
        sum->left_out[g] +=
            coefficient * (sums.weight > 0 ? (all.total - one.total) / (all.weight - one.weight) : mean);
        sum->there[g] = sum->there[g] || sums.weight > 0;
    }
    sum->estimate += coefficient * mean;
    sum->size += fabs(coefficient * mean) + fabs(coefficient);
    sum->df = fmin(sum->df, all.weight * all.weight / squares - 1);
    return 0;
}

double mg_jackknife_groups(const struct mg_jackknife_sum *sum)
{
    double groups = 0;
    for (size_t g = 0; g < MG_MOMENTS_BUCKETS_MAX; g++)
        groups += sum->there[g];
    return groups;
}

double mg_jackknife_se(const struct mg_jackknife_sum *sum)
{
    double groups = mg_jackknife_groups(sum), mean = 0, square = 0;
    for (size_t g = 0; g < MG_MOMENTS_BUCKETS_MAX; g++)
        mean += sum->there[g] ? sum->left_out[g] / groups : 0;
    for (size_t g = 0; g < MG_MOMENTS_BUCKETS_MAX; g++)
        square += sum->there[g] ? pow(sum->left_out[g] - mean, 2) : 0;
    double least = ROUNDING * sum->size;
    return square > groups * least * least ? sqrt((groups - 1) / groups * square) : 0;
}
