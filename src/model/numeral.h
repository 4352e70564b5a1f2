/* A number as it is written: which marks it has, and what it is worth under them.
 *
 *   marks                      group  decimal  open     "1.234,5" has both, "1 234" groups only
 *   "12"                       0      0                 "1,234" alone is open: it may be 1.234 or 1234
 *   "3,5" "0,123" "1234,567"   0      ','
 *   "1.234.567"                '.'    0
 *   "1.234,5"                  '.'    ','
 *   "1,234" "12.345"           0      ',' or '.'  yes
 *
 * Groups are of three digits, the first of one to three without a leading zero. Full-width digits and marks,
 * all spaces, dashes and apostrophes count as their plain ones; white space around doesn't matter. A sign
 * and, without groups, an exponent may be there. Nothing else is a numeral: no hexadecimals, no infinity. */
#ifndef MG_MODEL_NUMERAL_H
#define MG_MODEL_NUMERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MG_NUMERAL_BYTES 64 /* longer texts are none */

struct mg_numeral {
    char group, decimal; /* '\0': it has none */
    bool open;           /* its one mark may be either */
    bool padded;         /* begins with a zero that says nothing: "007" */
    unsigned digits;
    double value;   /* its mark being a decimal mark where that is open */
    double grouped; /* its mark being a group mark; of open ones */
};

bool mg_numeral_scan(const char *text, size_t n, struct mg_numeral *ret);
/* Its value where decimals and groups are marked so; false: it isn't written so. */
bool mg_numeral_value(const struct mg_numeral *numeral, char decimal, char thousands, double *ret);

/* The same numeral, by how it is marked, as a small number: for tables of counts. */
#define MG_NUMERAL_CLASSES 17
unsigned mg_numeral_class(const struct mg_numeral *numeral);
/* The marks of a class. */
struct mg_numeral mg_numeral_of_class(unsigned class_);

#endif
