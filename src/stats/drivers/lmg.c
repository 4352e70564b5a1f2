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

#define DEFINITE 1e-12 /* least share of a driver's variance that is its own, in any order */

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

/* What R² gains as the drivers enter in `order`: the squares of the last row of the Cholesky factor of the
 * correlations, put in that order with the outcome last; p³/6 multiplications. NaN where the matrix isn't
 * positive definite. The diagonal of `work`, (p+1)², holds the factor's inverted. */
static void gains_in_order(const double *r, size_t p, const size_t *order, double *work, double *gains)
{
    size_t side = p + 1;
    for (size_t i = 0; i <= p; i++) {
        const double *from = r + (i < p ? order[i] : p) * side;
        double *row = work + i * side, own = 1;
        for (size_t j = 0; j < i; j++) {
            const double *before = work + j * side;
            double left = from[order[j]];
            for (size_t k = 0; k < j; k++)
                left -= row[k] * before[k];
            row[j] = left * before[j];
            own -= row[j] * row[j];
        }
        row[i] = own > DEFINITE ? 1 / sqrt(own) : NAN;
    }
    const double *last = work + p * side;
    for (size_t i = 0; i < p; i++)
        gains[order[i]] = last[i] * last[i];
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
    size_t order[MG_LMG_MAX] = {0};
    double gains[MG_LMG_MAX];
    memset(ret, 0, p * sizeof *ret);
    memset(ret_se, 0, p * sizeof *ret_se);
    for (size_t draw = 0; draw < n; draw++) {
        struct mg_rng rng = mg_rng_init(seed, draw);
        random_order(&rng, p, order);
        gains_in_order(r, p, order, work, gains);
        for (size_t j = 0; j < p; j++) {
            double from_mean = gains[j] - ret[j];
            ret[j] += from_mean / (double)(draw + 1); /* Welford's running mean and sum of squares */
            ret_se[j] += from_mean * (gains[j] - ret[j]);
        }
    }
    for (size_t j = 0; j < p; j++)
        ret_se[j] = sqrt(ret_se[j] / (double)(n - 1) / (double)n);
}

/* Order `draw` of Williams designs: places 0, 1, p − 1, 2, p − 2, … of a shuffled ring, which is turned on by
 * one for each order. After p orders everyone was everywhere once and came next to everyone else; then comes
 * another ring. */
static void balanced_order(size_t p, size_t draw, uint64_t seed, size_t *order)
{
    size_t ring[MG_LMG_MAX] = {0};
    struct mg_rng rng = mg_rng_init(seed, draw / p);
    random_order(&rng, p, ring);
    for (size_t i = 0; i < p; i++)
        order[i] = ring[((i % 2 ? (i + 1) / 2 : p - i / 2) + draw) % p];
}

void mg_lmg_orders(const double *r, size_t p, size_t n, uint64_t seed, double *work, double *ret)
{
    size_t order[MG_LMG_MAX] = {0};
    double gains[MG_LMG_MAX];
    memset(ret, 0, p * sizeof *ret);
    for (size_t draw = 0; draw < n; draw++) {
        balanced_order(p, draw, seed, order);
        gains_in_order(r, p, order, work, gains);
        for (size_t j = 0; j < p; j++)
            ret[j] += gains[j] / (double)n;
    }
}

double mg_lmg_r2(const double *r, size_t p, double *work)
{
    size_t order[MG_LMG_MAX] = {0};
    double gains[MG_LMG_MAX], r2 = 0;
    for (size_t j = 0; j < p; j++)
        order[j] = j;
    gains_in_order(r, p, order, work, gains);
    for (size_t j = 0; j < p; j++)
        r2 += gains[j];
    return r2;
}
