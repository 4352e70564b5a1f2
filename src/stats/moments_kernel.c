/* Cross-products of small integers, and rank-one updates in double precision.
 *
 * The integer kernel walks tiles of 4 × 2 columns. A tile's eight dot products of int16 run over all rows of
 * the block in one loop, which the compiler turns into multiply-add of adjacent pairs (pmaddwd): six loads
 * feed eight multiply-adds, the block stays in the second-level cache, and every sum is an exact integer.
 * Built for AVX2 and the baseline; the loader picks. Without fused multiply-add both give the same digits. */
#include "stats/moments_kernel.h"

#define FEW_ROWS 8

MG_KERNEL_CLONES static void tile(const int16_t *restrict a, const int16_t *restrict b, size_t stride,
                                  size_t rows, int32_t ret_dot[8])
{
    const int16_t *a1 = a + stride, *a2 = a1 + stride, *a3 = a2 + stride, *b1 = b + stride;
    int32_t d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0, d6 = 0, d7 = 0;

    rows &= ~(size_t)(MG_KERNEL_ROWS - 1);
    for (size_t r = 0; r < rows; r++) {
        d0 += a[r] * b[r];
        d1 += a[r] * b1[r];
        d2 += a1[r] * b[r];
        d3 += a1[r] * b1[r];
        d4 += a2[r] * b[r];
        d5 += a2[r] * b1[r];
        d6 += a3[r] * b[r];
        d7 += a3[r] * b1[r];
    }
    ret_dot[0] = d0, ret_dot[1] = d1, ret_dot[2] = d2, ret_dot[3] = d3;
    ret_dot[4] = d4, ret_dot[5] = d5, ret_dot[6] = d6, ret_dot[7] = d7;
}

MG_KERNEL_CLONES static int32_t total(const int16_t *x, size_t rows)
{
    int32_t t = 0;
    for (size_t r = 0; r < rows; r++)
        t += x[r];
    return t;
}

MG_KERNEL_CLONES void mg_moments_kernel_row(const double *restrict x, double weight, size_t columns,
                                            double *restrict sum, double *restrict xx)
{
    for (size_t i = 0; i < columns; i++) {
        double a = weight * x[i];
        double *into = xx + i * columns;
        sum[i] += a;
        for (size_t j = i & ~(size_t)(MG_KERNEL_COLUMNS - 1); j < columns; j++)
            into[j] += a * x[j];
    }
}

/* Few rows: a rank-one update each costs less than the tiles' overhead. */
static void add_few(const int16_t *x, size_t stride, size_t columns, size_t rows, double *sum, double *xx)
{
    double row[MG_KERNEL_COLUMNS_MAX];
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++)
            row[c] = x[c * stride + r];
        mg_moments_kernel_row(row, 1, columns, sum, xx);
    }
}

void mg_moments_kernel_small(const int16_t *x, size_t stride, size_t columns, size_t rows, double *sum,
                             double *xx)
{
    int32_t dot[8];

    if (rows < FEW_ROWS) {
        add_few(x, stride, columns, rows, sum, xx);
        return;
    }
    rows = (rows + MG_KERNEL_ROWS - 1) / MG_KERNEL_ROWS * MG_KERNEL_ROWS;
    for (size_t i = 0; i < columns; i += 4)
        for (size_t j = i; j < columns; j += 2) {
            tile(x + i * stride, x + j * stride, stride, rows, dot);
            for (size_t t = 0; t < 8; t++)
                xx[(i + t / 2) * columns + j + t % 2] += dot[t];
        }
    for (size_t i = 0; i < columns; i++)
        sum[i] += total(x + i * stride, rows);
}

/* Four doubles at a time, summed in a fixed order: the same digits on every machine. */
typedef double four __attribute__((vector_size(32), aligned(8)));

static inline double add_up(four v)
{
    return (v[0] + v[1]) + (v[2] + v[3]);
}

MG_KERNEL_CLONES static void dots_tile(const double *a, const double *b, size_t stride, size_t rows,
                                       double *dots, size_t line)
{
    four d[4][2] = {{{0}}};
    for (size_t r = 0; r < rows; r += 4) {
        four b0 = *(const four *)(b + r), b1 = *(const four *)(b + stride + r);
        for (size_t i = 0; i < 4; i++) {
            four x = *(const four *)(a + i * stride + r);
            d[i][0] += x * b0;
            d[i][1] += x * b1;
        }
    }
    for (size_t i = 0; i < 4; i++) {
        dots[i * line] += add_up(d[i][0]);
        dots[i * line + 1] += add_up(d[i][1]);
    }
}

void mg_moments_kernel_dots(const double *a, size_t n_a, const double *b, size_t n_b, size_t stride,
                            size_t rows, double *dots)
{
    for (size_t i = 0; i < n_a; i += 4)
        for (size_t j = 0; j < n_b; j += 2)
            dots_tile(a + i * stride, b + j * stride, stride, rows, dots + i * n_b + j, n_b);
}

MG_KERNEL_CLONES void mg_moments_kernel_gone(const double *restrict x, size_t n, double *restrict sum,
                                             double *restrict sq)
{
    for (size_t i = 0; i < n; i++) {
        sum[i] += x[i];
        sq[i] += x[i] * x[i];
    }
}

MG_KERNEL_CLONES void mg_moments_kernel_axpy(double a, const double *restrict x, double *restrict into,
                                             size_t n)
{
    for (size_t i = 0; i < n; i++)
        into[i] += a * x[i];
}
