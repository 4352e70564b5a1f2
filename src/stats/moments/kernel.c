/* Dot products of pairs of columns, in tiles of 4 × 2: six loads feed eight multiply-adds. Pairs of which a
 * tile would hold few are summed on their own, all seven sums at once.
 *
 * Small integers: the dot products of int16 run over all rows of the stage in one loop, which the compiler
 * turns into multiply-add of adjacent pairs (pmaddwd); every sum is an exact integer. Doubles: four at a
 * time, summed in a fixed order. Built for several machines; the loader picks. Without fused
 * multiply-add all give the same digits. */
#include "stats/moments/kernel.h"

#define A MG_KERNEL_TILE_A
#define B MG_KERNEL_TILE_B
#define FEW_ROWS 8
#define TILE_SUMS ((size_t)MG_PAIR_SUMS * MG_KERNEL_TILE)

_Static_assert(A == 4 && B == 2, "the loops below are written out");

/* ---- Small integers ---- */

static inline __attribute__((always_inline)) void
dots_small(const int16_t *const a[A], const int16_t *const b[B], size_t rows, int32_t ret_dot[MG_KERNEL_TILE])
{
    const int16_t *restrict a0 = a[0], *restrict a1 = a[1], *restrict a2 = a[2], *restrict a3 = a[3];
    const int16_t *restrict b0 = b[0], *restrict b1 = b[1];
    int32_t d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0, d6 = 0, d7 = 0;

    rows &= ~(size_t)(MG_KERNEL_ROWS - 1);
    for (size_t r = 0; r < rows; r++) {
        d0 += a0[r] * b0[r];
        d1 += a0[r] * b1[r];
        d2 += a1[r] * b0[r];
        d3 += a1[r] * b1[r];
        d4 += a2[r] * b0[r];
        d5 += a2[r] * b1[r];
        d6 += a3[r] * b0[r];
        d7 += a3[r] * b1[r];
    }
    ret_dot[0] = d0, ret_dot[1] = d1, ret_dot[2] = d2, ret_dot[3] = d3;
    ret_dot[4] = d4, ret_dot[5] = d5, ret_dot[6] = d6, ret_dot[7] = d7;
}

MG_KERNEL_CLONES_SMALL static void tile(const int16_t *x, const int16_t *y, size_t stride, size_t rows,
                                        int32_t ret_dot[MG_KERNEL_TILE])
{
    const int16_t *const a[A] = {x, x + stride, x + 2 * stride, x + 3 * stride}, *const b[B] = {y,
                                                                                                y + stride};
    dots_small(a, b, rows, ret_dot);
}

MG_KERNEL_CLONES_SMALL static int32_t total(const int16_t *x, size_t rows)
{
    int32_t t = 0;
    for (size_t r = 0; r < rows; r++)
        t += x[r];
    return t;
}

/* Few rows: a rank-one update each costs less than the tiles' overhead. */
MG_KERNEL_CLONES static void add_few(const int16_t *x, size_t stride, size_t columns, size_t rows,
                                     double *restrict sum, double *restrict xx)
{
    double row[MG_KERNEL_COLUMNS_MAX];
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++)
            row[c] = x[c * stride + r];
        for (size_t i = 0; i < columns; i++) {
            sum[i] += row[i];
            for (size_t j = i & ~(size_t)(MG_KERNEL_COLUMNS - 1); j < columns; j++)
                xx[i * columns + j] += row[i] * row[j];
        }
    }
}

void mg_moments_kernel_small(const int16_t *x, size_t stride, size_t columns, size_t rows, double *sum,
                             double *xx)
{
    int32_t dot[MG_KERNEL_TILE];

    if (rows < FEW_ROWS) {
        add_few(x, stride, columns, rows, sum, xx);
        return;
    }
    rows = (rows + MG_KERNEL_ROWS - 1) / MG_KERNEL_ROWS * MG_KERNEL_ROWS;
    for (size_t i = 0; i < columns; i += A)
        for (size_t j = i; j < columns; j += B) {
            tile(x + i * stride, x + j * stride, stride, rows, dot);
            for (size_t t = 0; t < MG_KERNEL_TILE; t++)
                xx[(i + t / B) * columns + j + t % B] += dot[t];
        }
    for (size_t i = 0; i < columns; i++)
        sum[i] += total(x + i * stride, rows);
}

static inline __attribute__((always_inline)) void sum_small(const int16_t *from_a, const int16_t *from_b,
                                                            const struct mg_kernel_lines_small *lines,
                                                            const struct mg_kernel_tile *tile,
                                                            enum mg_pair_sum what, double *sums)
{
    const int16_t *a[A], *b[B];
    int32_t dot[MG_KERNEL_TILE];

    for (size_t i = 0; i < A; i++)
        a[i] = from_a + tile->a[i] * lines->stride;
    for (size_t i = 0; i < B; i++)
        b[i] = from_b + tile->b[i] * lines->stride;
    dots_small(a, b, lines->rows, dot);
    for (size_t t = 0; t < MG_KERNEL_TILE; t++)
        sums[what * MG_KERNEL_TILE + t] += dot[t];
}

MG_KERNEL_CLONES_SMALL void mg_moments_kernel_pairs_small(const struct mg_kernel_lines_small *lines,
                                                          const struct mg_kernel_tile *tiles, size_t n_tiles,
                                                          double *sums)
{
    const int16_t *present = lines->present, *x = lines->x, *square = lines->square;
    for (const struct mg_kernel_tile *t = tiles; t < tiles + n_tiles; t++, sums += TILE_SUMS) {
        sum_small(present, present, lines, t, MG_PAIR_COUNT, sums);
        sum_small(x, present, lines, t, MG_PAIR_A, sums);
        sum_small(present, x, lines, t, MG_PAIR_B, sums);
        sum_small(square, present, lines, t, MG_PAIR_AA, sums);
        sum_small(present, square, lines, t, MG_PAIR_BB, sums);
        sum_small(x, x, lines, t, MG_PAIR_AB, sums);
    }
}

/* ---- Doubles ---- */

/* Four sums: (v[0] + v[1]) + (v[2] + v[3]) of each. */
static inline __attribute__((always_inline)) void add_up(const mg_four v[4], double *sums)
{
    mg_four x =
        __builtin_shufflevector(v[0], v[1], 0, 4, 2, 6) + __builtin_shufflevector(v[0], v[1], 1, 5, 3, 7);
    mg_four y =
        __builtin_shufflevector(v[2], v[3], 0, 4, 2, 6) + __builtin_shufflevector(v[2], v[3], 1, 5, 3, 7);
    *(mg_four *)sums += __builtin_shufflevector(x, y, 0, 1, 4, 5) + __builtin_shufflevector(x, y, 2, 3, 6, 7);
}

static inline __attribute__((always_inline)) void sum_doubles(const double *from_a, const double *from_b,
                                                              const struct mg_kernel_lines *lines,
                                                              const struct mg_kernel_tile *tile,
                                                              enum mg_pair_sum what, double *sums)
{
    const double *a[A];
    const double *b0 = from_b + tile->b[0] * lines->stride, *b1 = from_b + tile->b[1] * lines->stride;
    mg_four d[MG_KERNEL_TILE] = {{0}};

    for (size_t i = 0; i < A; i++)
        a[i] = from_a + tile->a[i] * lines->stride;
    for (size_t r = 0; r < lines->rows; r += 4) {
        mg_four y0 = MG_FOUR_AT(b0 + r), y1 = MG_FOUR_AT(b1 + r);
        for (size_t i = 0; i < A; i++) {
            mg_four x = MG_FOUR_AT(a[i] + r);
            d[i * B] += x * y0;
            d[i * B + 1] += x * y1;
        }
    }
    add_up(d, sums + what * MG_KERNEL_TILE);
    add_up(d + 4, sums + what * MG_KERNEL_TILE + 4);
}

MG_KERNEL_CLONES void mg_moments_kernel_pairs(const struct mg_kernel_lines *lines,
                                              const struct mg_kernel_tile *tiles, const uint32_t *which,
                                              size_t n, double *sums)
{
    const double *present = lines->present, *x = lines->x;
    for (const uint32_t *w = which; w < which + n; w++) {
        const struct mg_kernel_tile *t = &tiles[*w];
        double *own = sums + *w * TILE_SUMS;
        sum_doubles(present, present, lines, t, MG_PAIR_COUNT, own);
        if (lines->w_present)
            sum_doubles(lines->w_present, present, lines, t, MG_PAIR_WEIGHT, own);
        sum_doubles(lines->w_x, present, lines, t, MG_PAIR_A, own);
        sum_doubles(present, lines->w_x, lines, t, MG_PAIR_B, own);
        sum_doubles(lines->w_square, present, lines, t, MG_PAIR_AA, own);
        sum_doubles(present, lines->w_square, lines, t, MG_PAIR_BB, own);
        sum_doubles(lines->w_x, x, lines, t, MG_PAIR_AB, own);
    }
}

static inline __attribute__((always_inline)) void sum_couple(const struct mg_kernel_lines *lines,
                                                             const struct mg_kernel_couple *couple,
                                                             bool weighted, double *sums)
{
    const double *present_a = lines->present + couple->a * lines->stride,
                 *x_a = lines->x + couple->a * lines->stride;
    const double *present_b = lines->present + couple->b * lines->stride,
                 *x_b = lines->x + couple->b * lines->stride;
    mg_four d[2 * 4] = {{0}};
    double ret[2 * 4] = {0};

    for (size_t r = 0; r < lines->rows; r += 4) {
        mg_four both = MG_FOUR_AT(present_a + r) * MG_FOUR_AT(present_b + r), a = MG_FOUR_AT(x_a + r),
                b = MG_FOUR_AT(x_b + r);
        mg_four w = weighted ? both * MG_FOUR_AT(lines->weight + r) : both;
        mg_four w_a = w * a, w_b = w * b;
        d[MG_PAIR_COUNT] += both;
        d[MG_PAIR_WEIGHT] += w;
        d[MG_PAIR_A] += w_a;
        d[MG_PAIR_B] += w_b;
        d[MG_PAIR_AA] += w_a * a;
        d[MG_PAIR_BB] += w_b * b;
        d[MG_PAIR_AB] += w_a * b;
    }
    add_up(d, ret);
    add_up(d + 4, ret + 4);
    for (size_t what = 0; what < MG_PAIR_SUMS; what++)
        sums[couple->sum + what * MG_KERNEL_TILE] += ret[what];
}

MG_KERNEL_CLONES void mg_moments_kernel_couples(const struct mg_kernel_lines *lines,
                                                const struct mg_kernel_couple *couples, size_t n,
                                                double *sums)
{
    for (const struct mg_kernel_couple *c = couples; c < couples + n; c++)
        if (lines->weight)
            sum_couple(lines, c, true, sums);
        else
            sum_couple(lines, c, false, sums);
}

MG_KERNEL_CLONES void mg_moments_kernel_add(const double *restrict x, double *restrict into, size_t n)
{
    for (size_t i = 0; i < n; i++)
        into[i] += x[i];
}
