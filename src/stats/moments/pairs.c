/* Sets of variables → pairs to be summed → tiles for the kernel.
 *
 * Sets overlap (an item's two sides are also among all items), so each pair belongs to the first tile that
 * holds it; what later tiles sum of it is not looked at. Tiles without a pair of their own are dropped. Tiles
 * of columns alone come first, for they may be summed in integers. */
#include "stats/moments/plan.h"

#define TILE_A MG_KERNEL_TILE_A
#define TILE_B MG_KERNEL_TILE_B
#define FEW_PAIRS 4 /* of a tile's eight: summed one by one instead */

struct builder {
    struct mg_moments_pairs *pairs;
    const struct mg_moments_plan *plan;
    bool small; /* the tiles of columns alone are made; else the others */
};

/* Tiles that a set of n variables can make: those on and above the diagonal. */
static size_t count_tiles(size_t n)
{
    size_t tiles = 0;
    for (size_t a = 0; a < n; a += TILE_A)
        tiles += (n - a + TILE_B - 1) / TILE_B;
    return tiles;
}

/* Gives pair (i, j) to place t of the tile being made, unless another has it. */
static void claim(struct builder *b, size_t i, size_t j, size_t t)
{
    struct mg_moments_pairs *pairs = b->pairs;
    size_t k = b->plan->k, sum = pairs->n_tiles * MG_PAIR_SUMS * MG_KERNEL_TILE + t;

    if (pairs->at[i * k + j])
        return;
    uint32_t next = (uint32_t)(1 + 2 * pairs->n);
    pairs->at[i * k + j] = next;
    pairs->at[j * k + i] = i == j ? next : next + 1;
    pairs->pair[pairs->n++] =
        (struct mg_moments_pair){.i = (uint16_t)i, .j = (uint16_t)j, .sum = (uint32_t)sum};
}

/* The pairs from `first` on, each on its own. */
static void add_couples(struct mg_moments_pairs *pairs, size_t first)
{
    for (const struct mg_moments_pair *pair = pairs->pair + first; pair < pairs->pair + pairs->n; pair++)
        pairs->couples[pairs->n_couples++] = (struct mg_kernel_couple){
            .a = (uint16_t)(1 + pair->i), .b = (uint16_t)(1 + pair->j), .sum = pair->sum};
}

static void add_tile(struct builder *b, const uint16_t *variables, size_t n, size_t first_a, size_t first_b)
{
    struct mg_kernel_tile tile = {0};
    size_t before = b->pairs->n;
    bool small = true;

    for (size_t t = 0; t < TILE_A && first_a + t < n; t++) {
        tile.a[t] = (uint16_t)(1 + variables[first_a + t]);
        small = small && tile.a[t] <= b->plan->columns;
    }
    for (size_t t = 0; t < TILE_B && first_b + t < n; t++) {
        tile.b[t] = (uint16_t)(1 + variables[first_b + t]);
        small = small && tile.b[t] <= b->plan->columns;
    }
    if (small != b->small)
        return;
    for (size_t t = 0; t < MG_KERNEL_TILE; t++) {
        size_t i = first_a + t / TILE_B, j = first_b + t % TILE_B;
        if (i < n && j < n && i <= j)
            claim(b, variables[i], variables[j], t);
    }
    if (b->pairs->n == before)
        return;
    if (b->pairs->n - before > FEW_PAIRS)
        b->pairs->full[b->pairs->n_full++] = (uint32_t)b->pairs->n_tiles;
    else
        add_couples(b->pairs, before);
    b->pairs->tiles[b->pairs->n_tiles++] = tile;
}

static void add_set(struct builder *b, const uint16_t *variables, size_t n)
{
    for (size_t first_a = 0; first_a < n; first_a += TILE_A)
        for (size_t first_b = first_a; first_b < n; first_b += TILE_B)
            add_tile(b, variables, n, first_a, first_b);
}

static void add_sets(struct builder *b, bool squared)
{
    const struct mg_moments_spec *spec = b->plan->spec;
    uint16_t all[MG_MOMENTS_COLUMNS_MAX + MG_MOMENTS_SCORES_MAX];

    for (size_t v = 0; v < b->plan->k; v++)
        all[v] = (uint16_t)v;
    if (!spec->sets)
        add_set(b, all, b->plan->k);
    for (size_t s = 0; spec->sets && s < spec->n_sets; s++)
        if (!squared || spec->sets[s].squared)
            add_set(b, spec->sets[s].variables, spec->sets[s].n);
}

static bool allocate(struct mg_moments_pairs *pairs, struct mg_arena *arena,
                     const struct mg_moments_plan *plan)
{
    const struct mg_moments_spec *spec = plan->spec;
    size_t k = plan->k, tiles = spec->sets ? 0 : count_tiles(k);

    for (size_t s = 0; spec->sets && s < spec->n_sets; s++)
        tiles += count_tiles(spec->sets[s].n);
    size_t most = tiles * MG_KERNEL_TILE < k * (k + 1) / 2 ? tiles * MG_KERNEL_TILE : k * (k + 1) / 2;
    pairs->at = mg_arena_array(arena, k * k, sizeof(*pairs->at));
    pairs->pair = mg_arena_array(arena, most + 1, sizeof(*pairs->pair));
    pairs->tiles = mg_arena_array(arena, tiles + 1, sizeof(*pairs->tiles));
    pairs->full = mg_arena_array(arena, tiles + 1, sizeof(*pairs->full));
    pairs->couples = mg_arena_array(arena, most + 1, sizeof(*pairs->couples));
    return pairs->at && pairs->pair && pairs->tiles && pairs->full && pairs->couples;
}

int mg_moments_pairs_init(struct mg_moments_pairs *pairs, struct mg_arena *arena,
                          const struct mg_moments_plan *plan, bool squared, struct mg_error *error)
{
    struct builder b = {.pairs = pairs, .plan = plan, .small = true};

    if (!allocate(pairs, arena, plan))
        return mg_fail_memory(error);
    add_sets(&b, squared);
    pairs->n_small = pairs->n_tiles;
    pairs->n_full_small = pairs->n_full;
    pairs->n_couples_small = pairs->n_couples;
    b.small = false;
    add_sets(&b, squared);
    pairs->every = !plan->spec->sets;
    pairs->size = pairs->every ? plan->k * plan->k : 1 + 2 * pairs->n;
    return 0;
}
