/* What a value is as an answer: the one rule for a file's cell, a posted value and a column of the engine.
 *
 *   empty, a word for no answer (cell.h), a missing code ──▶ missing
 *   text that is no number where one belongs ──────────▶ no number     ┐
 *   below the scale's min or above its max ────────────▶ off the scale ├─ no answers: counted
 *   between two steps of the scale (step 0: nothing is) ▶ off the step  ┘  and listed by column
 *   else ──▶ given
 *
 * None of these is an error of the row: the row stays, with its other answers. An item's missing codes are no
 * answers wherever they lie; an outcome's only off its scale, for 0 may mean “not asked” to the items and be
 * an answer of 0 to 10. Codes are no matter of groups.
 *
 * A given answer may be carried on to another scale, linearly, end on end: a rule's `onto`. Mirroring comes
 * first, on the scale of the answer itself.
 *
 * A text is read by the plain reading of cell.h, as the cell of a file without decimal commas is: "不清楚" is
 * no answer to a question for a number, and an answer where texts belong; "NA" and "-" are none anywhere.
 *
 * A weight counts when it is a number above 0 and at most MG_WEIGHT_MAX; a row without one is left out of
 * what is weighted. Pure: no I/O, nothing allocated. */
#ifndef MG_MODEL_ANSWER_H
#define MG_MODEL_ANSWER_H

#include <math.h>

#include "base/err.h"
#include "model/study.h"

#define MG_WEIGHT_MAX 1e9
#define MG_WEIGHT_NO_NUMBER INFINITY /* is kept of a weight that is text */

enum mg_answer {
    MG_ANSWER_GIVEN,
    MG_ANSWER_MISSING,
    MG_ANSWER_NO_NUMBER,
    MG_ANSWER_OFF_SCALE,
    MG_ANSWER_OFF_STEP,
    MG_ANSWERS
};

struct mg_answer_rule {
    struct mg_scale scale; /* min = max: any number is on it */
    const double *codes;   /* of missing answers, all; see mg_answer_is_code */
    size_t n_codes;
    bool answers_first; /* a code that is on the scale is an answer */
    bool reverse;       /* x becomes min + max − x */
    struct mg_scale
        onto; /* then onto.min + (x − min) (onto.max − onto.min) / (max − min); min = max: as it is */
};

/* Borrow the study's codes. An item's scale is its own or that of its importance. */
struct mg_answer_rule mg_answer_rule_of_item(const struct mg_study *study, const struct mg_scale *scale,
                                             bool reverse);
/* Of its expectation and adequate: read on their scale, carried on to the item's. */
struct mg_answer_rule mg_answer_rule_of_expectation(const struct mg_study *study, const struct mg_item *item,
                                                    bool reverse);
struct mg_answer_rule mg_answer_rule_of_outcome(const struct mg_study *study,
                                                const struct mg_outcome *outcome);

/* Whether the text is empty or a mark for no value ("NA", "-"), wherever it stands; white space around it
 * doesn't matter. */
bool mg_answer_is_blank(const char *text);
/* Whether the number stands for no answer. */
bool mg_answer_is_code(const struct mg_answer_rule *rule, double number);
/* *ret is the answer when it is given, and untouched else. Text: NULL is missing. */
enum mg_answer mg_answer_of_number(const struct mg_answer_rule *rule, double number, double *ret);
enum mg_answer mg_answer_of_text(const struct mg_answer_rule *rule, const char *text, double *ret);
/* The answer is there, but none that counts. */
bool mg_answer_is_stray(enum mg_answer answer);
/* Why, as an English literal for mg_tr with places for the scale's min and max; NULL: it isn't stray. */
const char *mg_answer_reason(enum mg_answer answer);

/* The reason as a sentence; of stray answers. */
void mg_answer_explain(enum mg_answer answer, const struct mg_scale *scale, enum mg_lang lang, char *ret_text,
                       size_t size);

bool mg_weight_holds(double weight);

#endif
