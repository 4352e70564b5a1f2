/* Numbers with something around them: "6分", "80 %", "5 - Agree", "(5) agree", "非常同意（7）".
 *
 * UNIT: a listed unit (words/labels/, `unit`) behind or before the number, and perhaps a label in brackets.
 * LABEL: a text parted from the number by a sign, a bracket or a space, or CJK text next to it. The text
 * holds no digit, so that "18-24" is none; a number at the end needs a sign or a bracket ("Ward 5" is none).
 * Stars are a UNIT: "★★★★☆" is 4.
 * SHARE: a number of a whole one, "5/7", "8 out of 10"; it counts only where a whole column is of the same.
 */
#ifndef MG_MODEL_DRESS_H
#define MG_MODEL_DRESS_H

#include "model/fold.h"
#include "model/numeral.h"

enum mg_dress_kind { MG_DRESS_UNIT, MG_DRESS_LABEL, MG_DRESS_SHARE };

struct mg_dress {
    enum mg_dress_kind kind;
    struct mg_numeral numeral;
    char around[MG_FOLD_BYTES]; /* the unit or label, folded as a word; of a share the whole: "7" */
};

bool mg_dress_find(const char *text, size_t n, struct mg_dress *ret);

#endif
