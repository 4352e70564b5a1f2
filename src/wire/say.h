/* One text in both languages at once: what is stored, or is read by people of either. */
#ifndef MG_WIRE_SAY_H
#define MG_WIRE_SAY_H

#include "wire.gen.h"

/* `format` is a literal in English, translated like any message (po/). "{}" in it becomes `of` in the
 * language of each; NULL: there is none. In English "‹row|rows›" after a number becomes what goes
 * with it (mg_format_counts). Whole numbers (%d, %zu, %lld, %.0f) get narrow spaces between their
 * thousands; years and other names of things go in as %s. Texts belong to the arena; they are NULL when it is
 * full. */
struct mg_wire_text mg_wire_say(struct mg_arena *arena, const struct mg_wire_text *of, const char *format,
                                ...) __attribute__((format(printf, 3, 4)));

#endif
