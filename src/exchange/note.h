/* Sentences for the user in both languages, which go with what was read. */
#ifndef MG_EXCHANGE_NOTE_H
#define MG_EXCHANGE_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/study.h"

/* `format` is marked with MG_TEXT; at most 600 bytes each. False: the arena is full. */
bool mg_note_make(struct mg_arena *arena, struct mg_text *ret_text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One more of at most `most` in a list; beyond that, and where the arena is full, it is dropped. */
void mg_note_add(struct mg_arena *arena, struct mg_text *list, size_t *n, size_t most, const char *format,
                 ...) __attribute__((format(printf, 5, 6)));

#endif
