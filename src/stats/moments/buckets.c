/* Sums by bucket of rows, beside an accumulator's own.
 *
 * As there, complete rows of small integers need only Σx of the columns, from which those of the scores
 * follow. They come column by column and are turned round, a few rows at a time, since a bucket's sums lie
 * side by side. All other rows come staged: a link's products over the stage's rows first, in vectors, then
 * each to its bucket.
 *
 * A bucket's sums are made when its first row arrives: of small groups of rows most stay away. */
#include <stdlib.h>
#include <string.h>

#include "stats/moments/plan.h"

#define TURN 16 /* rows turned round at a time */

/* A link's sums in a bucket, one after another; the last two only with weights. */
enum { COUNT, A, B, WEIGHT, WEIGHT2, WIDTH_WEIGHTED, WIDTH = WEIGHT };

struct mg_moments_parts {
    const struct mg_moments_plan *plan;
    size_t mask, width;
    double *complete[MG_MOMENTS_BUCKETS_MAX]; /* rows, then Σx of the columns (padded) */
    double *links[MG_MOMENTS_BUCKETS_MAX];    /* width each */
};

struct mg_moments_parts *mg_moments_parts_new(const struct mg_moments_plan *plan)
{
    struct mg_moments_parts *parts = calloc(1, sizeof(*parts));
    if (!parts)
        return NULL;
    parts->plan = plan;
    parts->mask = plan->spec->n_buckets - 1;
    parts->width = plan->weighted ? WIDTH_WEIGHTED : WIDTH;
    return parts;
}

void mg_moments_parts_free(struct mg_moments_parts *parts)
{
    if (!parts)
        return;
    for (size_t g = 0; g <= parts->mask; g++) {
        free(parts->complete[g]);
        free(parts->links[g]);
    }
    free(parts);
}

static inline double *sums_at(double **slot, size_t n)
{
    if (!*slot)
        *slot = calloc(n, sizeof(double));
    return *slot;
}

static size_t complete_sums(const struct mg_moments_parts *parts)
{
    return 1 + parts->plan->padded;
}

static size_t link_sums(const struct mg_moments_parts *parts)
{
    return parts->width * parts->plan->spec->n_links;
}

/* ---- Rows ---- */

MG_KERNEL_CLONES static void turn(const int16_t *restrict x, size_t stride, size_t columns, size_t rows,
                                  int16_t *restrict ret)
{
    for (size_t c = 0; c < columns; c++)
        for (size_t r = 0; r < rows; r++)
            ret[r * columns + c] = x[c * stride + r];
}

MG_KERNEL_CLONES static void add_line(const int16_t *restrict x, size_t n, double *restrict sums)
{
    for (size_t c = 0; c < n; c++)
        sums[c] += x[c];
}

int mg_moments_parts_complete(struct mg_moments_parts *parts, const int16_t *x, size_t stride,
                              const uint8_t *buckets, size_t n)
{
    int16_t turned[TURN * MG_KERNEL_COLUMNS_MAX];
    size_t columns = parts->plan->padded;

    for (size_t start = 0; start < n; start += TURN) {
        size_t m = n - start < TURN ? n - start : TURN;
        turn(x + start, stride, columns, m, turned);
        for (size_t r = 0; r < m; r++) {
            double *sums = sums_at(&parts->complete[buckets[start + r] & parts->mask], complete_sums(parts));
            if (!sums)
                return MG_E_NO_MEMORY;
            sums[0]++;
            add_line(turned + r * columns, columns, sums + 1);
        }
    }
    return 0;
}

/* A link's products over the rows of a stage, one line a sum. */
MG_KERNEL_CLONES static void multiply_link(const struct mg_moments_stage *stage, size_t a, size_t b,
                                           double (*restrict ret)[MG_STAGE])
{
    const double *present_a = stage->present + a, *present_b = stage->present + b;
    const double *x_a = stage->x + a, *x_b = stage->x + b;
    for (size_t r = 0; r < stage->rows; r++) {
        ret[COUNT][r] = present_a[r] * present_b[r];
        ret[A][r] = x_a[r] * present_b[r];
        ret[B][r] = x_b[r] * present_a[r];
    }
}

MG_KERNEL_CLONES static void multiply_link_weighted(const struct mg_moments_stage *stage, size_t a, size_t b,
                                                    double (*restrict ret)[MG_STAGE])
{
    const double *present_a = stage->present + a, *present_b = stage->present + b;
    const double *w_a = stage->w_present + a, *x_a = stage->w_x + a, *x_b = stage->w_x + b;
    for (size_t r = 0; r < stage->rows; r++) {
        double w = w_a[r] * present_b[r];
        ret[COUNT][r] = present_a[r] * present_b[r];
        ret[A][r] = x_a[r] * present_b[r];
        ret[B][r] = x_b[r] * present_a[r];
        ret[WEIGHT][r] = w;
        ret[WEIGHT2][r] = w * w;
    }
}

static inline void scatter(double (*from)[MG_STAGE], size_t width, size_t n, double *const *sums, size_t at)
{
    for (size_t r = 0; r < n; r++)
        for (size_t s = 0; s < width; s++)
            sums[r][at + s] += from[s][r];
}

int mg_moments_parts_staged(struct mg_moments_parts *parts, const struct mg_moments_block *block,
                            const uint16_t *rows, size_t n)
{
    const struct mg_moments_spec *spec = parts->plan->spec;
    double products[WIDTH_WEIGHTED][MG_STAGE], *sums[MG_STAGE];

    for (size_t r = 0; r < n; r++) {
        sums[r] = sums_at(&parts->links[block->buckets[rows[r]] & parts->mask], link_sums(parts));
        if (!sums[r])
            return MG_E_NO_MEMORY;
    }
    for (size_t l = 0; l < spec->n_links; l++) {
        size_t a = (1 + (size_t)spec->links[l].a) * MG_STAGE, b = (1 + (size_t)spec->links[l].b) * MG_STAGE;
        if (parts->plan->weighted) {
            multiply_link_weighted(&block->stage, a, b, products);
            scatter(products, WIDTH_WEIGHTED, n, sums, l * WIDTH_WEIGHTED);
        } else {
            multiply_link(&block->stage, a, b, products);
            scatter(products, WIDTH, n, sums, l * WIDTH);
        }
    }
    return 0;
}

/* ---- Merging and the end ---- */

static int merge_sums(double **into, const double *from, size_t n)
{
    if (!from)
        return 0;
    double *sums = sums_at(into, n);
    if (!sums)
        return MG_E_NO_MEMORY;
    mg_moments_kernel_add(from, sums, n);
    return 0;
}

int mg_moments_parts_merge(struct mg_moments_parts *into, const struct mg_moments_parts *from)
{
    for (size_t g = 0; g <= into->mask; g++)
        if (merge_sums(&into->complete[g], from->complete[g], complete_sums(into)) ||
            merge_sums(&into->links[g], from->links[g], link_sums(into)))
            return MG_E_NO_MEMORY;
    return 0;
}

/* Σx of a variable over a bucket's complete rows: a score's is the mean of its columns'. */
static double complete_sum(const struct mg_moments_plan *plan, const double *complete, size_t variable)
{
    if (variable < plan->columns)
        return complete[1 + variable];
    const struct mg_moments_score *score = &plan->spec->scores[variable - plan->columns];
    double sum = 0;
    for (size_t i = 0; i < score->n; i++)
        sum += complete[1 + score->columns[i]];
    return sum / (double)score->n;
}

static void add_complete(const struct mg_moments_plan *plan, const double *complete,
                         struct mg_moments_sums *sums)
{
    for (size_t l = 0; complete && l < plan->spec->n_links; l++) {
        sums[l].count += complete[0];
        sums[l].weight += complete[0];
        sums[l].weight2 += complete[0];
        sums[l].a += complete_sum(plan, complete, plan->spec->links[l].a);
        sums[l].b += complete_sum(plan, complete, plan->spec->links[l].b);
    }
}

static void add_staged(const struct mg_moments_parts *parts, const double *links,
                       struct mg_moments_sums *sums)
{
    bool weighted = parts->plan->weighted;
    for (size_t l = 0; links && l < parts->plan->spec->n_links; l++, links += parts->width) {
        sums[l].count += links[COUNT];
        sums[l].weight += weighted ? links[WEIGHT] : links[COUNT];
        sums[l].weight2 += weighted ? links[WEIGHT2] : links[COUNT];
        sums[l].a += links[A];
        sums[l].b += links[B];
    }
}

struct mg_moments_buckets *mg_moments_parts_finish(const struct mg_moments_parts *parts,
                                                   struct mg_arena *arena)
{
    const struct mg_moments_spec *spec = parts->plan->spec;
    struct mg_moments_buckets *buckets = mg_arena_alloc(arena, sizeof(*buckets));
    if (!buckets)
        return NULL;
    *buckets =
        (struct mg_moments_buckets){.links = spec->links, .n_links = spec->n_links, .n = spec->n_buckets};
    for (size_t g = 0; g < buckets->n; g++) {
        if (!parts->complete[g] && !parts->links[g])
            continue;
        buckets->at[g] = mg_arena_array(arena, spec->n_links, sizeof(struct mg_moments_sums));
        if (!buckets->at[g])
            return NULL;
        add_complete(parts->plan, parts->complete[g], buckets->at[g]);
        add_staged(parts, parts->links[g], buckets->at[g]);
    }
    return buckets;
}
