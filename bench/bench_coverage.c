/* Do 95 % intervals hold the truth 95 times in 100?
 *
 *   bench_coverage [--sets N] [--seed S]
 *
 * Answers from 1 to 7 as in the kiosk survey: more than half of the expectations at 7, with a long tail to
 * the left, perceptions over the whole scale, the two correlated by .3. Their true means are sums of normal
 * probabilities (simulate/answer.h). From each of N sets the program's own moments and estimators make one
 * interval. A row says how many held the truth, in per cent, beside 95; the standard error of such a share
 * from 2,000 sets is half a point. Where a row falls short it says why, and reports of the kind carry a
 * warning. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/rng.h"
#include "row.h"
#include "simulate/answer.h"
#include "stats/dist/dist.h"
#include "stats/gap/gap.h"
#include "stats/resample/bootstrap.h"
#include "stats/score/score.h"

#define LEVEL 0.95
#define TARGET_LOW 93.0
#define TARGET_HIGH 97.0
#define ANSWERS_MAX 5 /* of one customer */
#define N_MAX 200
#define ROWS_MAX (N_MAX * ANSWERS_MAX)
#define REPLICATES 1000
#define SETS_MAX 1000000
#define ARENA_BYTES ((size_t)8 << 20)

static const size_t sizes[] = {15, 40, N_MAX};

/* ---- what people answer ---- */

/* Levels: what a customer always brings (u to both sides, a and b to one), what an answer adds. */
#define E_LEVEL 7.1
#define P_LEVEL 5.1
#define E_SHARED 0.60
#define E_LASTING 0.70
#define E_OWN 0.80
#define P_SHARED 0.78
#define P_LASTING 0.90
#define P_OWN 1.55
#define OWN_SHARED 0.80
#define OWN_REST 0.60
#define DROP_SHARE 0.08
#define DROP 4.0
#define P_BY_WEIGHT                                                                                          \
    0.3 /* who stands for more people is better served: level per SD of the weight's logarithm */

struct customer {
    double e, p; /* levels without what an answer adds */
};

static struct customer draw_customer(struct mg_rng *rng)
{
    double u = mg_rng_normal(rng);
    return (struct customer){E_LEVEL + E_SHARED * u + E_LASTING * mg_rng_normal(rng),
                             P_LEVEL + P_SHARED * u + P_LASTING * mg_rng_normal(rng)};
}

static void draw_answer(struct mg_rng *rng, const struct customer *c, double *ret_e, double *ret_p)
{
    double own = mg_rng_normal(rng), drop = mg_rng_uniform(rng) < DROP_SHARE ? DROP : 0;
    *ret_e = mg_sim_answer(c->e + E_OWN * own - drop, 1, 7);
    *ret_p = mg_sim_answer(c->p + P_OWN * (OWN_SHARED * own + OWN_REST * mg_rng_normal(rng)), 1, 7);
}

/* `sigma`: SD of the weights' logarithm, 0 without weights. Weighted by exp(σz), a normal z has the mean σ.
 */
static double true_gap(double sigma)
{
    double by_weight = sigma > 0 ? P_BY_WEIGHT : 0, sd = hypot(hypot(P_SHARED, P_LASTING), P_OWN);
    const struct mg_sim_spread e = {hypot(hypot(E_SHARED, E_LASTING), E_OWN), DROP_SHARE, DROP, 1, 7};
    const struct mg_sim_spread p = {.sd = hypot(sd, by_weight), .low = 1, .high = 7};
    return mg_sim_mean_answer(&p, P_LEVEL + by_weight * sigma) - mg_sim_mean_answer(&e, E_LEVEL);
}

/* Of perceptions: 6 and 7 are the top box, and promoters; up to 4 are detractors. */
#define TOP 6
#define PASSIVE 5

static double true_score(double sigma, bool nps)
{
    double by_weight = sigma > 0 ? P_BY_WEIGHT : 0;
    double sd = hypot(hypot(hypot(P_SHARED, P_LASTING), P_OWN), by_weight),
           mean = P_LEVEL + by_weight * sigma;
    double top = mg_normal_cdf((mean - TOP + 0.5) / sd), low = mg_normal_cdf((PASSIVE - 0.5 - mean) / sd);
    return 100 * (nps ? top - low : top);
}

/* ---- sets ---- */

struct set {
    double value[2 * ROWS_MAX]; /* expectations, then perceptions; NaN: not answered */
    double weight[ROWS_MAX];
    uint8_t bucket[ROWS_MAX];
    size_t rows;
};

struct design {
    const char *name;
    void (*draw)(struct mg_rng *rng, const struct design *design, size_t n, struct set *set);
    double design_effect; /* of the weights; 0: none */
    bool buckets;         /* customers are known, or rows weighted */
    bool paired, bca;
    const char *score; /* of the perceptions instead of the gap: its formula */
    const char *why;   /* it may fall short */
};

static void add_row(struct set *set, double e, double p)
{
    set->value[set->rows] = e;
    set->value[ROWS_MAX + set->rows] = p;
    set->rows++;
}

/* Of log-normal weights with that design effect. */
static double sigma_of(const struct design *design)
{
    return design->design_effect > 1 ? sqrt(log(design->design_effect)) : 0;
}

static void draw_pairs(struct mg_rng *rng, const struct design *design, size_t n, struct set *set)
{
    double e, p, sigma = sigma_of(design);
    for (size_t i = 0; i < n; i++) {
        struct customer c = draw_customer(rng);
        double z = mg_rng_normal(rng);
        c.p += sigma > 0 ? P_BY_WEIGHT * z : 0;
        draw_answer(rng, &c, &e, &p);
        set->weight[i] = exp(sigma * z);
        set->bucket[i] = (uint8_t)mg_rng_below(rng, MG_MOMENTS_BUCKETS_MAX);
        add_row(set, e, p);
    }
}

/* n people for each side. */
static void draw_two_samples(struct mg_rng *rng, const struct design *design, size_t n, struct set *set)
{
    double e, p;
    (void)design;
    for (size_t i = 0; i < 2 * n; i++) {
        const struct customer c = draw_customer(rng);
        draw_answer(rng, &c, &e, &p);
        add_row(set, i < n ? e : NAN, i < n ? NAN : p);
    }
}

/* A third of n people answered both sides, a third each one of them. */
static void draw_overlap(struct mg_rng *rng, const struct design *design, size_t n, struct set *set)
{
    double e, p;
    (void)design;
    for (size_t i = 0; i < n; i++) {
        const struct customer c = draw_customer(rng);
        draw_answer(rng, &c, &e, &p);
        add_row(set, i % 3 == 2 ? NAN : e, i % 3 == 1 ? NAN : p);
    }
}

/* n customers with one to five answers each. */
static void draw_clusters(struct mg_rng *rng, const struct design *design, size_t n, struct set *set)
{
    double e, p;
    (void)design;
    for (size_t i = 0; i < n; i++) {
        const struct customer c = draw_customer(rng);
        uint64_t answers = 1 + mg_rng_below(rng, ANSWERS_MAX);
        uint8_t bucket = (uint8_t)mg_rng_below(rng, MG_MOMENTS_BUCKETS_MAX);
        for (uint64_t a = 0; a < answers; a++) {
            draw_answer(rng, &c, &e, &p);
            set->bucket[set->rows] = bucket;
            add_row(set, e, p);
        }
    }
}

static const struct design designs[] = {
    {.name = "paired", .draw = draw_pairs, .paired = true},
    {.name = "two samples (Welch), n a side", .draw = draw_two_samples},
    {.name = "partial overlap, a third with both sides", .draw = draw_overlap},
    {.name = "weighted, design effect 1.5",
     .draw = draw_pairs,
     .design_effect = 1.5,
     .buckets = true,
     .paired = true},
    {.name = "weighted, design effect 3",
     .draw = draw_pairs,
     .design_effect = 3,
     .buckets = true,
     .paired = true},
    {.name = "weighted, design effect 6",
     .draw = draw_pairs,
     .design_effect = 6,
     .buckets = true,
     .paired = true},
    {.name = "n customers asked one to five times", .draw = draw_clusters, .buckets = true, .paired = true},
    {.name = "BCa bootstrap of 1,000", .draw = draw_pairs, .bca = true},
    {.name = "BCa bootstrap of 1,000, weighted, design effect 3",
     .draw = draw_pairs,
     .design_effect = 3,
     .bca = true,
     .why = "rows that weigh much are drawn too seldom; the report says so"},
};

/* Scores of each, as the program makes them. */
#define SCORES(what, formula)                                                                                \
    {.name = what, .draw = draw_pairs, .score = formula},                                                    \
        {.name = what ", weighted, design effect 1.5",                                                       \
         .draw = draw_pairs,                                                                                 \
         .design_effect = 1.5,                                                                               \
         .buckets = true,                                                                                    \
         .score = formula},                                                                                  \
        {.name = what ", weighted, design effect 3",                                                         \
         .draw = draw_pairs,                                                                                 \
         .design_effect = 3,                                                                                 \
         .buckets = true,                                                                                    \
         .score = formula},                                                                                  \
    {                                                                                                        \
        .name = what ", n customers asked one to five times", .draw = draw_clusters, .buckets = true,        \
        .score = formula                                                                                     \
    }

static const struct design scores[] = {SCORES("NPS", MG_SCORE_NPS), SCORES("top box", MG_SCORE_CSAT_TOP2)};

/* ---- intervals ---- */

struct interval {
    double low, high;
};

static int fill(struct mg_arena *arena, const struct design *design, const struct set *set,
                const struct mg_moments **ret, struct mg_error *error)
{
    const bool nps = design->score && strcmp(design->score, MG_SCORE_NPS) == 0;
    const struct mg_moments_column columns[] = {
        {.low = 1, .high = 7},
        {.low = 1, .high = 7},
        {.low = 1, .high = 7, .cuts = {nps ? PASSIVE : TOP, TOP}, .n_cuts = nps ? 2 : 1}};
    static const struct mg_moments_link links[] = {{0, 0}, {1, 1}, {0, 1}, {2, 2}};
    const struct mg_moments_spec spec = {.columns = columns,
                                         .n_columns = 3,
                                         .links = links,
                                         .n_links = design->buckets ? 4 : 0,
                                         .n_buckets = design->buckets ? MG_MOMENTS_BUCKETS_MAX : 0};
    const struct mg_moments_input inputs[] = {{.type = MG_MOMENTS_DOUBLE, .values = set->value},
                                              {.type = MG_MOMENTS_DOUBLE, .values = set->value + ROWS_MAX},
                                              {.type = MG_MOMENTS_DOUBLE, .values = set->value + ROWS_MAX}};
    const struct mg_moments_input weights = {.type = MG_MOMENTS_DOUBLE, .values = set->weight};
    struct mg_moments_plan *plan;
    struct mg_moments *m, *squared;
    int rc = mg_moments_plan_new(arena, &spec, design->design_effect > 0, &plan, error);
    if (rc)
        return rc;
    struct mg_moments_block *block = mg_moments_block_new(plan);
    struct mg_moments_acc *acc = mg_moments_acc_new(plan);
    rc = block && acc ? 0 : mg_fail_memory(error);
    if (!rc) {
        mg_moments_block_load(block, inputs, design->design_effect > 0 ? &weights : NULL,
                              design->buckets ? set->bucket : NULL, set->rows);
        rc = mg_moments_acc_add(acc, block, NULL, set->rows);
    }
    if (!rc)
        rc = mg_moments_acc_finish(acc, arena, &m, &squared, error);
    mg_moments_acc_free(acc);
    mg_moments_block_free(block);
    if (!rc)
        *ret = m;
    return rc;
}

static int score(const struct design *design, const struct mg_moments *m, struct interval *ret,
                 struct mg_error *error)
{
    const bool nps = strcmp(design->score, MG_SCORE_NPS) == 0;
    const struct mg_score_rule rule = {design->score, nps ? 0 : 1, nps ? 10 : 7, nps ? NAN : TOP};
    struct mg_score found;
    int rc = mg_score_estimate(&rule, m, 2, LEVEL, &found, error);
    if (!rc)
        *ret = (struct interval){found.low, found.high};
    return rc;
}

static int estimate(struct mg_arena *arena, const struct design *design, const struct set *set,
                    struct interval *ret, struct mg_error *error)
{
    const struct mg_moments *m;
    struct mg_gap_stat stat;
    int rc = fill(arena, design, set, &m, error);
    if (rc || design->score)
        return rc ? rc : score(design, m, ret, error);
    if (!rc)
        rc = design->paired ? mg_gap_paired(m, 0, 1, LEVEL, &stat, error)
                            : mg_gap_overlap(m, 0, 1, LEVEL, &stat, error);
    if (!rc)
        *ret = (struct interval){stat.low, stat.high};
    return rc;
}

static int resample(const struct design *design, const struct set *set, uint64_t seed, struct interval *ret,
                    struct mg_error *error)
{
    static double values[2 * N_MAX], replicates[REPLICATES], sorted[REPLICATES];
    static uint32_t counts[N_MAX];
    static const struct mg_pair pair = {0, 1};
    const struct mg_matrix data = {.value = values,
                                   .weight = design->design_effect > 0 ? set->weight : NULL,
                                   .rows = set->rows,
                                   .columns = 2};
    struct mg_bootstrap result;
    memcpy(values, set->value, set->rows * sizeof *values);
    memcpy(values + set->rows, set->value + ROWS_MAX, set->rows * sizeof *values);
    mg_bootstrap_gaps(&data, &pair, 1, seed, 0, REPLICATES, counts, replicates);
    int rc = mg_bootstrap_bca(&data, &pair, replicates, REPLICATES, 1, LEVEL, sorted, &result, error);
    if (!rc)
        *ret = (struct interval){result.low, result.high};
    return rc;
}

/* ---- rows ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void put_row(const struct design *design, size_t n, int sets, int covered, double width)
{
    char what[300];
    double share = 100.0 * covered / sets;
    const char *why = share < TARGET_LOW && design->why ? design->why : "";
    snprintf(what, sizeof what,
             "95 %% intervals of %d sets, %s, n = %zu, median width %.2f%s%s: hold the truth, %%", sets,
             design->name, n, width, *why ? "; " : "", why);
    bench_row_between(what, share, 100 * LEVEL, 1, TARGET_LOW, TARGET_HIGH);
}

static int interval_of(const struct design *design, size_t n, uint64_t seed, int number, struct interval *ret,
                       struct mg_error *error)
{
    static struct set set;
    struct mg_rng rng = mg_rng_init(seed, (uint64_t)number);
    struct mg_arena *arena = mg_arena_new(ARENA_BYTES);
    set.rows = 0;
    design->draw(&rng, design, n, &set);
    int rc = !arena        ? mg_fail_memory(error)
             : design->bca ? resample(design, &set, seed + (uint64_t)number, ret, error)
                           : estimate(arena, design, &set, ret, error);
    mg_arena_free(arena);
    return rc;
}

/* Intervals of one design and size. A set without an estimate doesn't hold the truth. */
static void cover(const struct design *design, size_t n, int sets, uint64_t seed)
{
    static double widths[SETS_MAX];
    int covered = 0, estimated = 0;
    double sigma = sigma_of(design), truth = true_gap(sigma);
    if (design->score)
        truth = true_score(sigma, strcmp(design->score, MG_SCORE_NPS) == 0);
    struct mg_error error = {0};
    for (int i = 0; i < sets; i++) {
        struct interval interval = {NAN, NAN};
        if (interval_of(design, n, seed, i, &interval, &error))
            continue;
        covered += interval.low <= truth && truth <= interval.high;
        widths[estimated++] = interval.high - interval.low;
    }
    if (estimated < sets)
        fprintf(stderr, "%s, n = %zu: %d sets without an interval. %s\n", design->name, n, sets - estimated,
                error.message);
    qsort(widths, (size_t)estimated, sizeof *widths, by_value);
    put_row(design, n, sets, covered, estimated ? widths[estimated / 2] : NAN);
}

int main(int argc, char **argv)
{
    int sets = 2000;
    uint64_t seed = 1993;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--sets") == 0)
            sets = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 10);
    }
    if (sets < 1 || sets > SETS_MAX || argc % 2 == 0) {
        fprintf(stderr, "usage: bench_coverage [--sets N] [--seed S]\n");
        return 2;
    }
    for (size_t d = 0; d < sizeof designs / sizeof designs[0]; d++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
            cover(&designs[d], sizes[s], sets, seed);
    for (size_t d = 0; d < sizeof scores / sizeof scores[0]; d++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
            cover(&scores[d], sizes[s], sets, seed);
    return 0;
}
