/* Between decide.c, which picks the readings of numbers and times, choose.c, which knows answers in words and
 * several choices in a cell, and facts.c, which reads the cells. */
#ifndef MG_MODEL_DECIDE_H
#define MG_MODEL_DECIDE_H

#include "model/evidence_private.h"

/* Different texts of a column, one-byte ones first, empty cells aside. */
struct mg_value_text {
    char *text; /* terminated */
    size_t length;
    int64_t n, row; /* n −1: not known */
};

struct mg_values {
    struct mg_value_text *texts;
    size_t n;
    bool complete;
};

MG_CHECKED int mg_evidence_values(const struct mg_evidence *evidence, size_t column, struct mg_arena *arena,
                                  struct mg_values *ret, struct mg_error *error);

/* Cells that hold something, words for no answer aside; how many are bare numerals, and numerals with a unit.
 */
int64_t mg_tally_filled(const struct mg_tally *tally, int64_t *ret_numbers, int64_t *ret_units);

/* Whether the numeral's marks are the reading's. */
bool mg_reading_takes(const struct mg_reading *reading, unsigned numeral_class);

/* What the cells are under the reading. */
MG_CHECKED int mg_facts_of(const struct mg_values *values, const struct mg_tally *tally,
                           const struct mg_reading *reading, struct mg_arena *arena,
                           struct mg_cell_facts *ret, struct mg_error *error);

#endif
