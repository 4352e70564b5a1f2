/* Philox 4×32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): ten
 * rounds of multiply and xor turn a counter into four random words. Key = seed; counter = (position, stream).
 */
#include "base/rng.h"

#include <math.h>

struct mg_rng mg_rng_init(uint64_t seed, uint64_t stream)
{
    return (struct mg_rng){.seed = seed, .stream = stream};
}

static void philox(uint32_t x[4], uint32_t k0, uint32_t k1)
{
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * x[0], b = (uint64_t)0xCD9E8D57u * x[2];
        uint32_t y0 = (uint32_t)(b >> 32) ^ x[1] ^ k0, y2 = (uint32_t)(a >> 32) ^ x[3] ^ k1;
        x[1] = (uint32_t)b;
        x[3] = (uint32_t)a;
        x[0] = y0;
        x[2] = y2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

uint64_t mg_rng_u64(struct mg_rng *rng)
{
    if (rng->has_spare) {
        rng->has_spare = 0;
        return rng->spare;
    }
    uint32_t x[4] = {(uint32_t)rng->position, (uint32_t)(rng->position >> 32), (uint32_t)rng->stream,
                     (uint32_t)(rng->stream >> 32)};
    rng->position++;
    philox(x, (uint32_t)rng->seed, (uint32_t)(rng->seed >> 32));
    rng->spare = (uint64_t)x[3] << 32 | x[2];
    rng->has_spare = 1;
    return (uint64_t)x[1] << 32 | x[0];
}

double mg_rng_uniform(struct mg_rng *rng)
{
    return (double)(mg_rng_u64(rng) >> 11) * 0x1p-53;
}

uint64_t mg_rng_below(struct mg_rng *rng, uint64_t n)
{
    /* Rejection keeps it unbiased: draw again from the incomplete last stretch. */
    uint64_t threshold = (0 - n) % n, value;
    do
        value = mg_rng_u64(rng);
    while (value < threshold);
    return value % n;
}

double mg_rng_normal(struct mg_rng *rng)
{
    /* Box–Muller, cosine half only: two words a value, no state beyond the counter. */
    double u = 1.0 - mg_rng_uniform(rng), v = mg_rng_uniform(rng);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586476925 * v);
}
