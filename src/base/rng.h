/* Counter-based random numbers: a value depends only on (seed, stream, position), so that results don't
 * depend on the number of threads or the order of work. Not for secrets: those come from libsodium. */
#ifndef MG_BASE_RNG_H
#define MG_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct mg_rng {
    uint64_t seed, stream, position;
    uint64_t spare; /* second half of the last block */
    int has_spare;
};

/* `stream`: one per replicate, customer, … ; streams of one seed are independent. */
struct mg_rng mg_rng_init(uint64_t seed, uint64_t stream);
uint64_t mg_rng_u64(struct mg_rng *rng);
double mg_rng_uniform(struct mg_rng *rng);             /* [0, 1), 53 bits */
uint64_t mg_rng_below(struct mg_rng *rng, uint64_t n); /* 0 … n−1 without bias; n ≥ 1 */
double mg_rng_normal(struct mg_rng *rng);              /* standard normal */

#endif
