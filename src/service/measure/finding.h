/* The finding in a sentence, in both languages, from the numbers. */
#ifndef MG_SERVICE_MEASURE_FINDING_H
#define MG_SERVICE_MEASURE_FINDING_H

#include "base/arena.h"
#include "wire/wire.gen.h"

/* Speaks of the first row of `rows` (worst first): "The largest gap is at Repair · Responsiveness: customers
 * expect 6.3 and get 4.2." Says so when even the worst gap is inside the noise, when nothing falls short,
 * when only perceptions were asked. */
struct mg_wire_text mg_finding_of_rows(struct mg_arena *arena, const struct mg_wire_gap_row *rows, size_t n);

#endif
