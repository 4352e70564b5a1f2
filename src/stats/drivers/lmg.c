/* LMG by sweeping.
 *
 * Exact: the subsets are the leaves of a binary tree whose level t decides on driver t. Leaving a driver out
 * drops its row; taking it in replaces what is left by its Schur complement, so the matrix shrinks by one at
 * each level and almost all nodes, which are near the leaves, cost a few operations: 2^p in all, against
 * p²·2^p for sweeping a full matrix in Gray-code order. Only forward sweeps happen, so rounding doesn't build
 * up either. A leaf holds 1 − R²(S).
 *
 * A share is Σ_S w(|S|) (R²(S ∪ j) − R²(S)) over S without j, w(s) = s!(p−s−1)!/p!. It needs only sums of R²
 * by size of the subset: over all subsets, and over those with j. Each node hands its sums up; where a driver
 * was taken in they count as "with j". */
#include "stats/drivers/lmg.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"

/* One matrix and one row of sums a level, then the sums with j. */
struct tree {
    size_t p;
    double *matrix[MG_LMG_MAX + 1]; /* level t: (p − t + 1)², upper triangle */
    double *sums;                   /* (p + 1) rows of p + 1: Σ R² by size below the node at that level */
    double *with;                   /* p rows of p + 1 */
};

size_t mg_lmg_work(size_t p)
{
    size_t total = (p + 1) * (p + 1) + p * (p + 1);
    for (size_t side = 1; side <= p + 1; side++)
        total += side * side;
    return total;
}

/* to = from (side²) without its first row and column; `adjust`: for the first variable taken in. */
static void shrink(const double *from, size_t side, int adjust, double *to)
{
    size_t less = side - 1;
    for (size_t i = 0; i < less; i++) {
        double factor = adjust ? from[i + 1] / from[0] : 0;
        for (size_t j = i; j < less; j++)
            to[i * less + j] = from[(i + 1) * side + j + 1] - factor * from[j + 1];
    }
}

static void walk(const struct tree *tree, size_t level, size_t size)
{
    size_t p = tree->p, left = p - level;
    double *mine = tree->sums + level * (p + 1);
    if (left == 0) {
        mine[size] = 1 - tree->matrix[level][0];
        return;
    }
    const double *below = mine + (p + 1);
    double *with = tree->with + level * (p + 1);
    shrink(tree->matrix[level], left + 1, 0, tree->matrix[level + 1]);
    walk(tree, level + 1, size);
    memcpy(mine + size, below + size, left * sizeof *mine);
    mine[size + left] = 0;
    shrink(tree->matrix[level], left + 1, 1, tree->matrix[level + 1]);
    walk(tree, level + 1, size + 1);
    for (size_t s = size + 1; s <= size + left; s++) {
        mine[s] += below[s];
        with[s] += below[s];
    }
}

void mg_lmg_exact(const double *r, size_t p, double *work, double *ret)
{
    struct tree tree = {.p = p};
    for (size_t level = 0; level <= p; level++) {
        tree.matrix[level] = work;
        work += (p - level + 1) * (p - level + 1);
    }
    tree.sums = work;
    tree.with = work + (p + 1) * (p + 1);
    memcpy(tree.matrix[0], r, (p + 1) * (p + 1) * sizeof *r);
    memset(tree.with, 0, p * (p + 1) * sizeof *r);
    walk(&tree, 0, 0);
    for (size_t j = 0; j < p; j++) {
        const double *with = tree.with + j * (p + 1);
        double share = 0, weight = 1 / (double)p; /* w(0) */
        for (size_t s = 0; s < p; s++) {
            share += weight * (with[s + 1] - (tree.sums[s] - with[s]));
            weight *= (double)(s + 1) / (double)(p - s - 1);
        }
        ret[j] = share;
    }
}

/* Sweeps variable k of the full symmetric matrix: the Schur complement in place, rows already swept left
 * alone. */
static void sweep(double *a, size_t side, size_t k, const unsigned char *swept)
{
    for (size_t i = 0; i < side; i++) {
        double factor = a[i * side + k] / a[k * side + k];
        if (i == k || swept[i])
            continue;
        for (size_t j = 0; j < side; j++)
            a[i * side + j] -= j == k ? 0 : factor * a[k * side + j];
    }
}

static void random_order(struct mg_rng *rng, size_t p, size_t *order)
{
    for (size_t i = 0; i < p; i++) {
        size_t j = (size_t)mg_rng_below(rng, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
}

void mg_lmg_sample(const double *r, size_t p, size_t n, uint64_t seed, double *work, double *ret,
                   double *ret_se)
{
    size_t side = p + 1, order[MG_LMG_MAX] = {0};
    memset(ret, 0, p * sizeof *ret);
    memset(ret_se, 0, p * sizeof *ret_se);
    for (size_t draw = 0; draw < n; draw++) {
        struct mg_rng rng = mg_rng_init(seed, draw);
        unsigned char swept[MG_LMG_MAX + 1] = {0};
        random_order(&rng, p, order);
        memcpy(work, r, side * side * sizeof *r);
        for (size_t i = 0; i < p; i++) {
            size_t j = order[i];
            double gain = work[j * side + p] * work[j * side + p] / work[j * side + j];
            double from_mean = gain - ret[j];
            ret[j] += from_mean / (double)(draw + 1); /* Welford's running mean and sum of squares */
            ret_se[j] += from_mean * (gain - ret[j]);
            sweep(work, side, j, swept);
            swept[j] = 1;
        }
    }
    for (size_t j = 0; j < p; j++)
        ret_se[j] = sqrt(ret_se[j] / (double)(n - 1) / (double)n);
}
