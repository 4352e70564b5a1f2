/* Sets of variables → pairs to be summed → tiles for the kernel.
 *
 * Sets overlap (an item's two sides are also among all items), so each pair is given to the first tile that
 * holds it; in later ones it falls into the bin. Tiles without a pair of their own are dropped. */
#include <string.h>

#include "stats/moments_plan.h"

#define TILE_A MG_KERNEL_TILE_A
#define TILE_B MG_KERNEL_TILE_B

struct builder {
    struct mg_moments_pairs *pairs;
    const struct mg_moments_plan *plan;
    struct mg_kernel_tile *small, *other; /* other: tiles with scores */
    size_t n_small, n_other;
};

/* Tiles that a set of n variables can make: those on and above the diagonal. */
static size_t count_tiles(size_t n)
{
    size_t tiles = 0;
    for (size_t a = 0; a < n; a += TILE_A)
        tiles += (n - a + TILE_B - 1) / TILE_B;
    return tiles;
}

/* The pair's number; its place in the bin when another tile has it. */
static uint32_t claim(struct builder *b, size_t i, size_t j, uint32_t bin)
{
    struct mg_moments_pairs *pairs = b->pairs;
    size_t k = b->plan->k;

    if (pairs->at[i * k + j])
        return bin;
    uint32_t next = (uint32_t)(1 + 2 * pairs->n);
    pairs->at[i * k + j] = next;
    pairs->at[j * k + i] = i == j ? next : next + 1;
    pairs->pair[pairs->n][0] = (uint16_t)i;
    pairs->pair[pairs->n][1] = (uint16_t)j;
    return (uint32_t)pairs->n++;
}

static void add_tile(struct builder *b, const uint16_t *variables, size_t n, size_t a, size_t c)
{
    struct mg_kernel_tile tile = {0};
    size_t before = b->pairs->n;
    bool small = true;

    for (size_t t = 0; t < TILE_A && a + t < n; t++)
        tile.a[t] = (uint16_t)(1 + variables[a + t]);
    for (size_t t = 0; t < TILE_B && c + t < n; t++)
        tile.b[t] = (uint16_t)(1 + variables[c + t]);
    for (size_t t = 0; t < TILE_A * TILE_B; t++) {
        size_t i = a + t / TILE_B, j = c + t % TILE_B;
        bool real = i < n && j < n && i <= j;
        tile.pair[t] = real ? claim(b, variables[i], variables[j], UINT32_MAX) : UINT32_MAX;
        small = small && tile.a[t / TILE_B] <= b->plan->columns && tile.b[t % TILE_B] <= b->plan->columns;
    }
    if (b->pairs->n == before)
        return;
    if (small)
        b->small[b->n_small++] = tile;
    else
        b->other[b->n_other++] = tile;
}

static void add_set(struct builder *b, const uint16_t *variables, size_t n)
{
    for (size_t a = 0; a < n; a += TILE_A)
        for (size_t c = a; c < n; c += TILE_B)
            add_tile(b, variables, n, a, c);
}

/* Tiles in their order, and the bin where it is known: behind the last pair. */
static void join(struct builder *b)
{
    struct mg_moments_pairs *pairs = b->pairs;

    memcpy(b->small + b->n_small, b->other, b->n_other * sizeof(*b->other));
    pairs->tiles = b->small;
    pairs->n_small = b->n_small;
    pairs->n_tiles = b->n_small + b->n_other;
    for (size_t t = 0; t < pairs->n_tiles; t++)
        for (size_t i = 0; i < TILE_A * TILE_B; i++)
            if (pairs->tiles[t].pair[i] == UINT32_MAX)
                pairs->tiles[t].pair[i] = (uint32_t)pairs->n;
}

static bool allocate(struct builder *b, struct mg_arena *arena, size_t tiles)
{
    size_t k = b->plan->k, most = tiles * TILE_A * TILE_B;
    if (most > k * (k + 1) / 2)
        most = k * (k + 1) / 2;
    b->pairs->at = mg_arena_array(arena, k * k, sizeof(*b->pairs->at));
    b->pairs->pair = mg_arena_array(arena, most + 1, sizeof(*b->pairs->pair));
    b->small = mg_arena_array(arena, tiles + 1, sizeof(*b->small));
    b->other = mg_arena_array(arena, tiles + 1, sizeof(*b->other));
    return b->pairs->at && b->pairs->pair && b->small && b->other;
}

int mg_moments_pairs_init(struct mg_moments_pairs *pairs, struct mg_arena *arena,
                          const struct mg_moments_plan *plan, bool squared, struct mg_error *error)
{
    const struct mg_moments_spec *spec = plan->spec;
    struct builder b = {.pairs = pairs, .plan = plan};
    uint16_t all[MG_MOMENTS_COLUMNS_MAX + MG_MOMENTS_SCORES_MAX];
    size_t tiles = spec->sets ? 0 : count_tiles(plan->k);

    for (size_t s = 0; spec->sets && s < spec->n_sets; s++)
        tiles += count_tiles(spec->sets[s].n);
    if (!allocate(&b, arena, tiles))
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    for (size_t v = 0; v < plan->k; v++)
        all[v] = (uint16_t)v;
    pairs->every = !spec->sets;
    if (pairs->every)
        add_set(&b, all, plan->k);
    for (size_t s = 0; spec->sets && s < spec->n_sets; s++)
        if (!squared || spec->sets[s].squared)
            add_set(&b, spec->sets[s].variables, spec->sets[s].n);
    join(&b);
    pairs->size = pairs->every ? plan->k * plan->k : 1 + 2 * pairs->n;
    return 0;
}
