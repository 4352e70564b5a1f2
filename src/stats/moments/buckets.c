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

#define TURN 16   /* rows turned round at a time */
#define AT_ONCE 8 /* staged rows */

/* A link's sums in a bucket, one after another. */
enum { WEIGHT, WEIGHT2, A, B, WIDTH };

struct mg_moments_parts {
    const struct mg_moments_plan *plan;
    size_t mask;
    double *complete[MG_MOMENTS_BUCKETS_MAX]; /* rows, then Σx of the columns (padded) */
    double *links[MG_MOMENTS_BUCKETS_MAX];    /* WIDTH each */
};

struct mg_moments_parts *mg_moments_parts_new(const struct mg_moments_plan *plan)
{
    struct mg_moments_parts *parts = calloc(1, sizeof(*parts));
    if (!parts)
        return NULL;
    parts->plan = plan;
    parts->mask = plan->spec->n_buckets - 1;
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
    return WIDTH * parts->plan->spec->n_links;
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

/* What mg_four rows from r on add to a link: their w, w², wa and wb, turned round into a vector a row. */
static inline __attribute__((always_inline)) void multiply_link(const struct mg_moments_stage *stage,
                                                                size_t a, size_t b, bool weighted, size_t r,
                                                                mg_four ret[WIDTH])
{
    mg_four both = MG_FOUR_AT(stage->present + a + r) * MG_FOUR_AT(stage->present + b + r);
    mg_four w = weighted ? both * MG_FOUR_AT(stage->weight + r) : both;
    mg_four w2 = w * w, w_a = w * MG_FOUR_AT(stage->x + a + r), w_b = w * MG_FOUR_AT(stage->x + b + r);
    mg_four low = __builtin_shufflevector(w, w2, 0, 4, 2, 6),
            high = __builtin_shufflevector(w, w2, 1, 5, 3, 7);
    mg_four low_x = __builtin_shufflevector(w_a, w_b, 0, 4, 2, 6),
            high_x = __builtin_shufflevector(w_a, w_b, 1, 5, 3, 7);
    ret[0] = __builtin_shufflevector(low, low_x, 0, 1, 4, 5);
    ret[1] = __builtin_shufflevector(high, high_x, 0, 1, 4, 5);
    ret[2] = __builtin_shufflevector(low, low_x, 2, 3, 6, 7);
    ret[3] = __builtin_shufflevector(high, high_x, 2, 3, 6, 7);
}

/* All links over AT_ONCE rows: few buckets at a time, so that their lines stream. */
static inline __attribute__((always_inline)) void add_links(const struct mg_moments_spec *spec,
                                                            const struct mg_moments_stage *stage,
                                                            bool weighted, size_t r, double *const *sums)
{
    for (size_t l = 0; l < spec->n_links; l++) {
        size_t a = (1 + (size_t)spec->links[l].a) * MG_STAGE, b = (1 + (size_t)spec->links[l].b) * MG_STAGE;
        for (size_t k = 0; k < AT_ONCE; k += WIDTH) {
            mg_four rows[WIDTH];
            multiply_link(stage, a, b, weighted, r + k, rows);
            for (size_t i = 0; i < WIDTH; i++)
                *(mg_four *)(sums[k + i] + l * WIDTH) += rows[i];
        }
    }
}

MG_KERNEL_CLONES static void add_stage(const struct mg_moments_spec *spec,
                                       const struct mg_moments_stage *stage, bool weighted,
                                       double *const *sums)
{
    for (size_t r = 0; r < stage->rows; r += AT_ONCE)
        if (weighted)
            add_links(spec, stage, true, r, sums + r);
        else
            add_links(spec, stage, false, r, sums + r);
}

int mg_moments_parts_staged(struct mg_moments_parts *parts, const struct mg_moments_block *block,
                            const uint16_t *rows, size_t n)
{
    double *sums[MG_STAGE];

    for (size_t r = 0; r < n; r++) {
        sums[r] = sums_at(&parts->links[block->buckets[rows[r]] & parts->mask], link_sums(parts));
        if (!sums[r])
            return MG_E_NO_MEMORY;
    }
    for (size_t r = n; r < block->stage.rows; r++) /* zeros are added */
        sums[r] = sums[0];
    add_stage(parts->plan->spec, &block->stage, parts->plan->weighted, sums);
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
        sums[l].weight += complete[0];
        sums[l].weight2 += complete[0];
        sums[l].a += complete_sum(plan, complete, plan->spec->links[l].a);
        sums[l].b += complete_sum(plan, complete, plan->spec->links[l].b);
    }
}

static void add_staged(const struct mg_moments_parts *parts, const double *links,
                       struct mg_moments_sums *sums)
{
    for (size_t l = 0; links && l < parts->plan->spec->n_links; l++, links += WIDTH) {
        sums[l].weight += links[WEIGHT];
        sums[l].weight2 += links[WEIGHT2];
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
