/* How many different values there were, from a sketch of fixed size: HyperLogLog (Flajolet, Fusy, Gandouet
 * and Meunier, 2007) with linear counting while few registers are set. Standard error 1.04/√512 = 4.6 %.
 * Merging gives what one sketch of all values would be. */
#ifndef MG_MODEL_SKETCH_H
#define MG_MODEL_SKETCH_H

#include <stdint.h>

#define MG_SKETCH_REGISTERS 512

struct mg_sketch {
    uint8_t registers[MG_SKETCH_REGISTERS]; /* zeroed is empty */
};

/* `hash`: of the value; all 64 bits are used. */
void mg_sketch_add(struct mg_sketch *sketch, uint64_t hash);
void mg_sketch_merge(struct mg_sketch *into, const struct mg_sketch *from);
double mg_sketch_count(const struct mg_sketch *sketch);

#endif
