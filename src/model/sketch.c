/* See sketch.h. */
#include "model/sketch.h"

#include <math.h>
#include <stddef.h>

#define REGISTER_BITS 9

_Static_assert(1 << REGISTER_BITS == MG_SKETCH_REGISTERS, "the first bits choose a register");

void mg_sketch_add(struct mg_sketch *sketch, uint64_t hash)
{
    uint8_t *most = &sketch->registers[hash >> (64 - REGISTER_BITS)];
    uint64_t rest = hash << REGISTER_BITS | 1u << (REGISTER_BITS - 1); /* ends the count of zeros */
    uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
    if (rank > *most)
        *most = rank;
}

void mg_sketch_merge(struct mg_sketch *into, const struct mg_sketch *from)
{
    for (size_t i = 0; i < MG_SKETCH_REGISTERS; i++)
        if (from->registers[i] > into->registers[i])
            into->registers[i] = from->registers[i];
}

double mg_sketch_count(const struct mg_sketch *sketch)
{
    const double m = MG_SKETCH_REGISTERS, alpha = 0.7213 / (1 + 1.079 / m);
    double sum = 0, empty = 0;
    for (size_t i = 0; i < MG_SKETCH_REGISTERS; i++) {
        sum += ldexp(1, -sketch->registers[i]);
        empty += sketch->registers[i] == 0;
    }
    double raw = alpha * m * m / sum;
    return raw <= 2.5 * m && empty > 0 ? m * log(m / empty) : raw;
}
