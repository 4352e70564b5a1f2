/* Bootstrap of importances over buckets.
 *
 * The sums of the pairs that matter are copied out of each bucket into one line of numbers, so that a
 * replicate is a sum of lines, each times how often its bucket was drawn, followed by p²/2 correlations and
 * the shares. Empty buckets aren't drawn: which buckets are empty says nothing about people.
 *
 *     line of a bucket:  count | weight (weighted only) | sum | sq | xx      each k² numbers, k = p + 1
 *
 * Where shares come from few orders, replicate b is f(r) + f_K(r_b) − f_K(r): f_K, the mean over the K
 * orders, moves with the data almost as f does, and its own error, the same in all replicates, cancels. */
#include "stats/drivers/sampling.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "stats/dist/order.h"
#include "stats/drivers/lmg.h"

#define WORK 4e9 /* multiplications that all replicates may take */

struct mg_sampling {
    struct mg_sampling_spec spec;
    struct mg_sampling_effort effort;
    size_t k, length, n_buckets; /* length: of a line; n_buckets: with rows */
    bool weighted;
    const double *origin;             /* k */
    double *lines, *total;            /* n_buckets × length; length */
    double *r, *work, *shift;         /* k²; mg_lmg_work(p); p */
    uint32_t *drawn;                  /* n_buckets */
    double *importance, *performance; /* replicates × p */
    double *r2;                       /* replicates */
    double *score, *square;           /* n_buckets × p; p² + 3p: for the test of the whole */
    enum mg_quadrant *quadrant;       /* replicates × p */
    double *sorted;                   /* replicates */
};

void mg_sampling_effort(size_t p, struct mg_sampling_effort *ret)
{
    *ret = (struct mg_sampling_effort){.replicates = MG_SAMPLING_REPLICATES};
    if (p <= MG_SAMPLING_EXACT_MAX)
        return;
    ret->orders = p <= 32 ? 4 * p : p <= 64 ? 2 * p : p;
    double most = WORK / ((double)ret->orders * (double)(p * p * p) / 6);
    ret->replicates =
        (size_t)fmin(MG_SAMPLING_REPLICATES, fmax(MG_SAMPLING_REPLICATES_MIN, floor(most / 100) * 100));
}

/* A line as moments of k variables. */
static struct mg_moments view(const struct mg_sampling *s, double *line)
{
    size_t square = s->k * s->k;
    double *rest = line + (s->weighted ? 2 : 1) * square;
    return (struct mg_moments){.k = s->k,
                               .size = square,
                               .origin = (double *)s->origin,
                               .count = line,
                               .weight = s->weighted ? line + square : line,
                               .sum = rest,
                               .sq = rest + square,
                               .xx = rest + 2 * square};
}

static size_t variable(const struct mg_sampling_spec *spec, size_t i)
{
    return i < spec->p ? spec->x[i] : spec->y;
}

static void copy_bucket(const struct mg_sampling *s, const struct mg_moments *from, double *line)
{
    struct mg_moments to = view(s, line);
    for (size_t i = 0; i < s->k; i++)
        for (size_t j = 0; j < s->k; j++) {
            size_t here = i * s->k + j;
            size_t there = mg_moments_at(from, variable(&s->spec, i), variable(&s->spec, j));
            to.count[here] = from->count[there];
            to.weight[here] = from->weight[there];
            to.sum[here] = from->sum[there];
            to.sq[here] = from->sq[there];
            to.xx[here] = from->xx[there];
        }
}

static int allocate(struct mg_arena *arena, struct mg_sampling *s, size_t n_buckets, struct mg_error *error)
{
    size_t p = s->spec.p, values = s->effort.replicates * p;
    double *origin = mg_arena_array(arena, s->k, sizeof *origin);
    s->origin = origin;
    s->lines = mg_arena_array(arena, n_buckets, s->length * sizeof *s->lines);
    s->total = mg_arena_array(arena, s->length, sizeof *s->total);
    s->r = mg_arena_array(arena, s->k * s->k, sizeof *s->r);
    s->work = mg_arena_array(arena, mg_lmg_work(p), sizeof *s->work);
    s->shift = mg_arena_array(arena, p, sizeof *s->shift);
    s->drawn = mg_arena_array(arena, n_buckets, sizeof *s->drawn);
    s->importance = mg_arena_array(arena, values, sizeof *s->importance);
    s->performance = mg_arena_array(arena, values, sizeof *s->performance);
    s->quadrant = mg_arena_array(arena, values, sizeof *s->quadrant);
    s->r2 = mg_arena_array(arena, s->effort.replicates, sizeof *s->r2);
    s->score = mg_arena_array(arena, n_buckets * p, sizeof *s->score);
    s->square = mg_arena_array(arena, p * p + 3 * p, sizeof *s->square);
    s->sorted = mg_arena_array(arena, s->effort.replicates, sizeof *s->sorted);
    if (!s->origin || !s->lines || !s->total || !s->r || !s->work || !s->shift || !s->drawn ||
        !s->importance || !s->performance || !s->quadrant || !s->sorted || !s->r2 || !s->score || !s->square)
        return mg_fail_memory(error);
    for (size_t i = 0; i < s->k; i++)
        origin[i] = s->spec.buckets[0]->origin[variable(&s->spec, i)];
    return 0;
}

static void correlate(const struct mg_sampling *s)
{
    struct mg_moments m = view(s, s->total);
    for (size_t i = 0; i < s->k; i++)
        for (size_t j = 0; j <= i; j++)
            s->r[i * s->k + j] = s->r[j * s->k + i] = i == j ? 1 : mg_moments_cor(&m, i, j);
}

/* Importances and R² from `total`; NaN where they can't be estimated. */
static void find_importance(const struct mg_sampling *s, double *ret, double *ret_r2)
{
    size_t p = s->spec.p;
    *ret_r2 = NAN;
    if (s->spec.squared_r) {
        struct mg_moments m = view(s, s->total);
        for (size_t i = 0; i < p; i++)
            ret[i] = pow(mg_moments_cor(&m, i, p), 2);
        return;
    }
    correlate(s);
    double r2 = mg_lmg_r2(s->r, p, s->work);
    bool possible = r2 > 0 && r2 <= 1 + MG_COLLINEAR_EXACT;
    if (possible && s->effort.orders)
        mg_lmg_orders(s->r, p, s->effort.orders, s->spec.seed, s->work, ret);
    else if (possible)
        mg_lmg_exact(s->r, p, s->work, ret);
    for (size_t i = 0; i < p; i++)
        ret[i] = possible ? ret[i] / r2 : NAN;
    *ret_r2 = possible ? r2 : NAN;
}

static void add_up(const struct mg_sampling *s)
{
    memset(s->total, 0, s->length * sizeof *s->total);
    for (size_t b = 0; b < s->n_buckets; b++)
        for (size_t i = 0; i < s->length; i++)
            s->total[i] += s->lines[b * s->length + i];
}

/* What the few orders say of the data themselves, against what is true of them. */
static void find_shift(struct mg_sampling *s)
{
    if (!s->effort.orders || s->spec.squared_r)
        return;
    add_up(s);
    find_importance(s, s->shift, &s->r2[0]);
    for (size_t i = 0; i < s->spec.p; i++)
        s->shift[i] = s->spec.importance[i] - s->shift[i];
}

static int too_few(struct mg_error *error, double n, int needed)
{
    return mg_fail(error, MG_E_INESTIMABLE,
                   "There are too few answers to say how sure the importance is: %.0f, where %d are needed.",
                   n, needed);
}

/* Behind one of the correlations. */
static double fewest_answers(const struct mg_sampling *s)
{
    double fewest = INFINITY;
    for (size_t i = 0; i < s->k * s->k; i++) {
        double n = 0;
        for (size_t b = 0; b < s->n_buckets; b++)
            n += s->lines[b * s->length + i];
        fewest = fmin(fewest, n);
    }
    return fewest;
}

int mg_sampling_new(struct mg_arena *arena, const struct mg_sampling_spec *spec,
                    struct mg_sampling_effort effort, struct mg_sampling **ret, struct mg_error *error)
{
    struct mg_sampling *s = mg_arena_alloc(arena, sizeof *s);
    size_t filled = 0;
    for (size_t b = 0; b < spec->n_buckets; b++)
        filled += spec->buckets[b]->rows > 0;
    if (filled < MG_SAMPLING_BUCKETS_MIN)
        return too_few(error, (double)filled, MG_SAMPLING_BUCKETS_MIN);
    if (!s)
        return mg_fail_memory(error);
    const struct mg_moments *first = spec->buckets[0];
    *s = (struct mg_sampling){
        .spec = *spec, .effort = effort, .k = spec->p + 1, .weighted = first->weight != first->count};
    s->length = (s->weighted ? 5 : 4) * s->k * s->k;
    int rc = allocate(arena, s, filled, error);
    for (size_t b = 0; !rc && b < spec->n_buckets; b++)
        if (spec->buckets[b]->rows > 0)
            copy_bucket(s, spec->buckets[b], s->lines + s->n_buckets++ * s->length);
    if (rc)
        return rc;
    if (!spec->squared_r && fewest_answers(s) < 2 * (double)s->k)
        return too_few(error, fewest_answers(s), 2 * (int)s->k);
    find_shift(s);
    *ret = s;
    return 0;
}

static void draw(const struct mg_sampling *s, size_t replicate)
{
    struct mg_rng rng = mg_rng_init(s->spec.seed, replicate);
    memset(s->drawn, 0, s->n_buckets * sizeof *s->drawn);
    for (size_t b = 0; b < s->n_buckets; b++)
        s->drawn[mg_rng_below(&rng, s->n_buckets)]++;
    memset(s->total, 0, s->length * sizeof *s->total);
    for (size_t b = 0; b < s->n_buckets; b++) {
        const double *line = s->lines + b * s->length, times = (double)s->drawn[b];
        for (size_t i = 0; times > 0 && i < s->length; i++)
            s->total[i] += times * line[i];
    }
}

void mg_sampling_run(struct mg_sampling *s, size_t from, size_t to)
{
    const double percent[2] = {0, 100};
    size_t p = s->spec.p;
    for (size_t b = from; b < to; b++) {
        double *importance = s->importance + b * p, *performance = s->performance + b * p, cut[2];
        draw(s, b);
        find_importance(s, importance, &s->r2[b]);
        struct mg_moments m = view(s, s->total);
        for (size_t i = 0; i < p; i++) {
            double low = s->spec.low[i], high = s->spec.high[i];
            importance[i] += s->shift[i];
            performance[i] = 100 * (mg_moments_mean(&m, i, i) - low) / (high - low);
            s->quadrant[b * p + i] = MG_QUADRANT_NONE;
        }
        if (mg_importance_performance(importance, performance, p, s->spec.cut, s->spec.importance_scale,
                                      percent, s->quadrant + b * p, cut, NULL))
            continue; /* no importance at all: they are none */
    }
}

/* A replicate counts where every driver's importance is known. */
static bool usable(const struct mg_sampling *s, size_t replicate)
{
    for (size_t i = 0; i < s->spec.p; i++)
        if (!isfinite(s->importance[replicate * s->spec.p + i]))
            return false;
    return true;
}

static double rank_of(const double *importance, size_t p, size_t i)
{
    double rank = 1;
    for (size_t j = 0; j < p; j++)
        rank += importance[j] > importance[i];
    return rank;
}

/* SD and percentiles of s->sorted's first n, which are put in order. */
static void summarise(const struct mg_sampling *s, size_t n, double level, struct mg_sampled *ret)
{
    double mean = 0, square = 0;
    for (size_t b = 0; b < n; b++)
        mean += s->sorted[b] / (double)n;
    for (size_t b = 0; b < n; b++)
        square += (s->sorted[b] - mean) * (s->sorted[b] - mean);
    mg_order(s->sorted, n);
    ret->se = sqrt(square / (double)(n - 1));
    ret->low = mg_order_quantile(s->sorted, n, (1 - level) / 2);
    ret->high = mg_order_quantile(s->sorted, n, (1 + level) / 2);
}

static void describe_driver(const struct mg_sampling *s, size_t i, double level, struct mg_sampled *ret)
{
    size_t p = s->spec.p, n = 0;
    double rank = rank_of(s->spec.importance, p, i), same = 0, first = 0, quadrant = 0;
    for (size_t b = 0; b < s->effort.replicates; b++) {
        if (!usable(s, b))
            continue;
        double here = rank_of(s->importance + b * p, p, i);
        same += here == rank;
        first += here == 1;
        quadrant += s->quadrant[b * p + i] == s->spec.quadrant[i];
        s->sorted[n++] = here;
    }
    struct mg_sampled ranks, found;
    summarise(s, n, level, &ranks);
    n = 0;
    for (size_t b = 0; b < s->effort.replicates; b++)
        if (usable(s, b))
            s->sorted[n++] = s->importance[b * p + i];
    summarise(s, n, level, &found);
    found.rank = rank;
    found.rank_low = floor(ranks.low);
    found.rank_high = ceil(ranks.high);
    found.rank_probability = same / (double)n;
    found.first_probability = first / (double)n;
    found.quadrant_probability = s->spec.quadrant[i] == MG_QUADRANT_NONE ? NAN : quadrant / (double)n;
    *ret = found;
}

int mg_sampling_describe(const struct mg_sampling *s, double level, struct mg_sampled *ret,
                         size_t *ret_failed, struct mg_error *error)
{
    size_t failed = 0, n = s->effort.replicates;
    for (size_t b = 0; b < n; b++)
        failed += !usable(s, b);
    if (failed * 10 > n)
        return mg_fail(
            error, MG_E_INESTIMABLE,
            "The importance can't be estimated in %zu of %zu resampled data sets, so that there is "
            "no interval.",
            failed, n);
    for (size_t i = 0; i < s->spec.p; i++)
        describe_driver(s, i, level, &ret[i]);
    *ret_failed = failed;
    return 0;
}

/* Σw(x − x̄)(y − ȳ) of each driver with the outcome in each bucket, about the means of all rows with both. */
static void find_scores(const struct mg_sampling *s)
{
    size_t p = s->spec.p;
    add_up(s);
    struct mg_moments all = view(s, s->total);
    for (size_t b = 0; b < s->n_buckets; b++) {
        struct mg_moments m = view(s, s->lines + b * s->length);
        for (size_t i = 0; i < p; i++) {
            size_t xy = i * s->k + p, yx = p * s->k + i;
            double x = all.sum[xy] / all.weight[xy], y = all.sum[yx] / all.weight[xy];
            s->score[b * p + i] = m.xx[xy] - y * m.sum[xy] - x * m.sum[yx] + x * y * m.weight[xy];
        }
    }
}

int mg_sampling_whole(const struct mg_sampling *s, double level, double r2, struct mg_sampled_r2 *ret_r2,
                      struct mg_model_test *ret, struct mg_error *error)
{
    size_t used = 0;
    for (size_t b = 0; b < s->effort.replicates; b++)
        if (isfinite(s->r2[b]))
            s->sorted[used++] = s->r2[b];
    *ret_r2 = (struct mg_sampled_r2){NAN, NAN, NAN};
    if (used > 1)
        mg_model_r2_interval(s->sorted, used, r2, level, &ret_r2->chance, &ret_r2->low, &ret_r2->high);
    find_scores(s);
    return mg_model_test(s->score, s->n_buckets, s->spec.p, s->square, ret, error);
}

void mg_sampling_joint(const struct mg_sampling *s, const size_t *members, size_t n, double level,
                       double *ret_low, double *ret_high)
{
    size_t used = 0;
    struct mg_sampled joint = {.low = NAN, .high = NAN};
    for (size_t b = 0; b < s->effort.replicates; b++) {
        if (!usable(s, b))
            continue;
        s->sorted[used] = 0;
        for (size_t i = 0; i < n; i++)
            s->sorted[used] += s->importance[b * s->spec.p + members[i]];
        used++;
    }
    if (used > 1)
        summarise(s, used, level, &joint);
    *ret_low = joint.low;
    *ret_high = joint.high;
}
