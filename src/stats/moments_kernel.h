/* The two inner loops of moments. No allocation, no checks; internal to stats/. */
#ifndef MG_STATS_MOMENTS_KERNEL_H
#define MG_STATS_MOMENTS_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* Columns are padded to a multiple of this many, rows to a multiple of MG_KERNEL_ROWS, both with zeros. */
#define MG_KERNEL_COLUMNS 4
#define MG_KERNEL_COLUMNS_MAX 512
#define MG_KERNEL_ROWS 32
/* Largest |value| of the integer kernel: 2048 products of it still fit 32 bits. */
#define MG_KERNEL_SMALL 1000

/* Functions marked so are built for AVX2 too; the loader picks at start. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) &&      \
    !defined(__SANITIZE_ADDRESS__)
#define MG_KERNEL_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define MG_KERNEL_CLONES
#endif

/* sum[i] += Σ x[i][r], xx[i][j] += Σ x[i][r] x[j][r] for j ≥ i (what lies below the diagonal is not defined).
 * x: columns × stride, column-major; columns padded, rows ≤ 2048 with zeros behind the last up to a multiple
 * of MG_KERNEL_ROWS. */
void mg_moments_kernel_small(const int16_t *x, size_t stride, size_t columns, size_t rows, double *sum,
                             double *xx);

/* The same for one row of doubles with a weight: sum += w x, xx[i][j] += w x[i] x[j] for j ≥ i. */
void mg_moments_kernel_row(const double *x, double weight, size_t columns, double *sum, double *xx);

/* dots[i][j] += Σ a[i][r] b[j][r] for i < n_a, j < n_b (both multiples of 4), r < rows (a multiple of 4).
 * Column-major, `stride` apart; the lines of dots are n_b long. */
void mg_moments_kernel_dots(const double *a, size_t n_a, const double *b, size_t n_b, size_t stride,
                            size_t rows, double *dots);

/* sum[i] += x[i], sq[i] += x[i]² */
void mg_moments_kernel_gone(const double *x, size_t n, double *sum, double *sq);

/* into[i] += a x[i] */
void mg_moments_kernel_axpy(double a, const double *x, double *into, size_t n);

#endif
