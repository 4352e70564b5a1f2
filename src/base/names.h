/* An index of names: is this one there, and at which place? Adding and finding take constant time, so that a
 * file of thousands of columns named alike costs no more than any other.
 *
 * Names are borrowed and must outlive the index; its own memory belongs to the arena. */
#ifndef MG_BASE_NAMES_H
#define MG_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct mg_names {
    const char **names; /* in order of their adding */
    size_t n, most;
    bool nocase; /* ASCII letters of either case are the same */
    uint32_t *slots;
    size_t mask;
};

/* For at most `most` names (under 2^31). False when memory is out. */
bool mg_names_init(struct mg_names *names, struct mg_arena *arena, size_t most, bool nocase);
/* Place of the name; SIZE_MAX: not there. */
size_t mg_names_find(const struct mg_names *names, const char *name);
/* Adds a name at place n, whether or not it is there already (the first of its kind is found). There must be
 * room. */
void mg_names_add(struct mg_names *names, const char *name);

#endif
