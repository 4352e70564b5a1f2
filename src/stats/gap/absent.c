/* See absent.h. Sums over whole numbers are exact, so that the subtraction loses nothing; of scores, what is
 * below ROUNDING of the whole is zero. */
#include "stats/gap/absent.h"

#include <math.h>

#include "stats/dist/dist.h"

#define ROUNDING 1e-13

/* Sums of y about its origin over some rows. */
struct sums {
    double n, w, total, squares, scale;
};

static struct sums sums_of(const struct mg_moments *m, size_t y, size_t x, bool without)
{
    size_t all = mg_moments_at(m, y, y), with = mg_moments_at(m, y, x);
    double sign = without ? -1 : 1, base = without ? 1 : 0;
    return (struct sums){.n = base * m->count[all] + sign * m->count[with],
                         .w = base * m->weight[all] + sign * m->weight[with],
                         .total = base * m->sum[all] + sign * m->sum[with],
                         .squares = base * m->sq[all] + sign * m->sq[with],
                         .scale = m->sq[all]};
}

static double squares_about(struct sums s, double centre)
{
    double about = s.squares - centre * (2 * s.total - centre * s.w);
    return about > ROUNDING * s.scale ? about : 0;
}

/* One side's mean, the square of its SE and df. */
struct side {
    double mean, variance, df;
};

static struct side side_of(const struct mg_moments *m, const struct mg_moments *m2, size_t y, size_t x,
                           bool without)
{
    struct sums s = sums_of(m, y, x, without), s2 = m2 ? sums_of(m2, y, x, without) : s;
    double centre = s.total / s.w;
    return (struct side){.mean = m->origin[y] + centre,
                         .variance = s.n / (s.n - 1) * squares_about(s2, centre) / (s.w * s.w),
                         .df = m2 ? s.w * s.w / s2.w - 1 : s.n - 1};
}

static double squared(double x)
{
    return x * x;
}

static void test(const struct side *a, const struct side *b, double level, struct mg_absent *ret)
{
    double variance = a->variance + b->variance;
    ret->mean_answered = a->mean;
    ret->mean_absent = b->mean;
    ret->difference = b->mean - a->mean;
    ret->se = sqrt(variance);
    ret->df = squared(variance) / (squared(a->variance) / a->df + squared(b->variance) / b->df);
    ret->t = variance > 0 ? ret->difference / ret->se : NAN;
    ret->p = mg_t_two_sided(ret->t, ret->df);
    double half = variance > 0 ? mg_t_quantile(0.5 + level / 2, ret->df) * ret->se : NAN;
    ret->low = ret->difference - half;
    ret->high = ret->difference + half;
}

int mg_gap_absent(const struct mg_moments *m, const struct mg_moments *m2, size_t y, size_t x, double level,
                  struct mg_absent *ret, struct mg_error *error)
{
    *ret = (struct mg_absent){.answered = sums_of(m, y, x, false).n, .absent = sums_of(m, y, x, true).n};
    double least = fmin(ret->answered, ret->absent);
    if (least < 2)
        return mg_fail(error, MG_E_INESTIMABLE, "Answers: %.0f. At least 2 are needed.", least);
    struct side answered = side_of(m, m2, y, x, false), absent = side_of(m, m2, y, x, true);
    test(&answered, &absent, level, ret);
    return 0;
}
