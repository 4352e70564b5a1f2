/* The inner loops of moments. No allocation, no checks; internal to stats/. */
#ifndef MG_STATS_MOMENTS_KERNEL_H
#define MG_STATS_MOMENTS_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Columns are padded to a multiple of this many, rows of small integers to a multiple of MG_KERNEL_ROWS, both
 * with zeros. */
#define MG_KERNEL_COLUMNS 4
#define MG_KERNEL_COLUMNS_MAX 512
#define MG_KERNEL_ROWS 32
/* Largest |value| of the integer kernel: its square fits 16 bits, and 2048 products of squares or values 32.
 */
#define MG_KERNEL_SMALL 181

/* Functions marked so are built for AVX2 too, loops over small integers alone for AVX-512 besides (which
 * would bring fused multiply-add, and so other digits, to doubles); the loader picks at start. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) &&      \
    !defined(__SANITIZE_ADDRESS__)
#define MG_KERNEL_CLONES __attribute__((target_clones("avx2", "default")))
#define MG_KERNEL_CLONES_SMALL __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define MG_KERNEL_CLONES
#define MG_KERNEL_CLONES_SMALL
#endif

/* Four doubles, what their comparisons give (all bits or none), and those from an address on (a function that
 * returns them isn't for every machine). */
typedef double mg_four __attribute__((vector_size(32), aligned(8)));
typedef long long mg_four_mask __attribute__((vector_size(32), aligned(8)));
#define MG_FOUR_AT(x) (*(const mg_four *)(x))

/* sum[i] += Σ x[i][r], xx[i][j] += Σ x[i][r] x[j][r] for j ≥ i (what lies below the diagonal is not defined).
 * x: columns × stride, column-major; columns padded, rows ≤ 2048 with zeros behind the last up to a multiple
 * of MG_KERNEL_ROWS. */
void mg_moments_kernel_small(const int16_t *x, size_t stride, size_t columns, size_t rows, double *sum,
                             double *xx);

/* ---- Pairs ----
 *
 * A tile is the pairs of four variables a with two variables b, lines of a stage; line 0 for none. Tile t
 * sums `what` of its pair (a[i], b[j]) in sums[(t * MG_PAIR_SUMS + what) * MG_KERNEL_TILE + i * 2 + j]. */
#define MG_KERNEL_TILE_A 4
#define MG_KERNEL_TILE_B 2
#define MG_KERNEL_TILE (MG_KERNEL_TILE_A * MG_KERNEL_TILE_B)

struct mg_kernel_tile {
    uint16_t a[MG_KERNEL_TILE_A], b[MG_KERNEL_TILE_B];
};

/* What is summed of a pair, over the rows that have both: 1, w, wa, wb, wa², wb², wab. */
enum mg_pair_sum {
    MG_PAIR_COUNT,
    MG_PAIR_WEIGHT,
    MG_PAIR_A,
    MG_PAIR_B,
    MG_PAIR_AA,
    MG_PAIR_BB,
    MG_PAIR_AB,
    MG_PAIR_SUMS
};

/* A pair on its own, where a tile would sum mostly what nobody wants: two lines, and the place of its first
 * sum; the others follow MG_KERNEL_TILE apart, as in a tile. */
struct mg_kernel_couple {
    uint16_t a, b;
    uint32_t sum;
};

/* A stage's lines, column-major, `stride` apart: presence and value (0 where missing), each row's weight,
 * and, for tiles alone, presence, value and square times weight. Without weights `weight` and w_present are
 * NULL, w_x is x, and MG_PAIR_WEIGHT is left alone. */
struct mg_kernel_lines {
    const double *present, *x, *weight, *w_present, *w_x, *w_square;
    size_t stride, rows; /* rows: a multiple of 8 */
};

struct mg_kernel_lines_small { /* unweighted */
    const int16_t *present, *x, *square;
    size_t stride, rows; /* rows: a multiple of MG_KERNEL_ROWS, at most 2048 */
};

/* The n tiles of which `which` tells the places among all. */
void mg_moments_kernel_pairs(const struct mg_kernel_lines *lines, const struct mg_kernel_tile *tiles,
                             const uint32_t *which, size_t n, double *sums);
void mg_moments_kernel_couples(const struct mg_kernel_lines *lines, const struct mg_kernel_couple *couples,
                               size_t n, double *sums);
void mg_moments_kernel_pairs_small(const struct mg_kernel_lines_small *lines,
                                   const struct mg_kernel_tile *tiles, size_t n_tiles, double *sums);

/* into[i] += x[i] */
void mg_moments_kernel_add(const double *x, double *into, size_t n);

#endif
