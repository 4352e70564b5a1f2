/* The finding in a sentence, in both languages, from the numbers. */
#ifndef MG_SERVICE_MEASURE_FINDING_H
#define MG_SERVICE_MEASURE_FINDING_H

#include "base/arena.h"
#include "wire/wire.gen.h"

/* Speaks of the first row of `rows` (all of them, worst first): "The largest gap is at Repair ·
 * Responsiveness: customers expect 6.3 and get 4.2." Where that one is inside the noise it speaks of the
 * worst that isn't. Says so when no gap is certain, when nothing falls short, when only perceptions were
 * asked. *ret_code: of the row that it speaks of; NULL: of none. ret_code may be NULL. */
struct mg_wire_text mg_finding_of_rows(struct mg_arena *arena, const struct mg_wire_gap_row *rows, size_t n,
                                       const char **ret_code);

#endif
