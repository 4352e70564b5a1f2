/* Between decide.c and the rules for columns that hold no bare numbers: answers in words (choose.c), numbers
 * with a label and codes like A1 (coded.c), several choices in a cell (choices.c). All judge by the different
 * texts of a column, where these are complete; choices also by the first ones. */
#ifndef MG_MODEL_CHOOSE_H
#define MG_MODEL_CHOOSE_H

#include "model/decide.h"

#define MG_CHOOSE_TEXTS 48 /* more different texts are no scale */

/* A column under decision. */
struct mg_undecided {
    const struct mg_values *values;
    struct mg_reading *reading; /* kind TEXT until a rule takes the column */
    bool told;                  /* the format has decided */
};

/* A text of the column as a rule looks at it. */
bool mg_choose_is_answer(const struct mg_value_text *text);

/* Gives the columns of answers in words their label map. Which ladder ("agree" is the fourth step of five,
 * the sixth of seven) is told by the words of all columns of its family and language together; of ladders
 * that fit as well the shortest. */
MG_CHECKED int mg_choose_ladders(struct mg_undecided *columns, size_t n, struct mg_arena *arena,
                                 struct mg_error *error);

/* "5 - Agree" beside "4 - Tend to agree": one label a number, of words that are known, or bare numbers among
 * them. */
MG_CHECKED int mg_choose_labelled(struct mg_undecided *column, struct mg_arena *arena,
                                  struct mg_error *error);
/* "5/7", "8 out of 10": all of the same whole, bare numbers up to it among them. */
MG_CHECKED int mg_choose_shares(struct mg_undecided *column, struct mg_arena *arena, struct mg_error *error);
/* A1, AO02, L003, where two columns at least hold such. */
MG_CHECKED int mg_choose_codes(struct mg_undecided *columns, size_t n, struct mg_arena *arena,
                               struct mg_error *error);
/* A column of numbers whose ends are words: "Not at all likely", 1 … 9, "Extremely likely". */
MG_CHECKED int mg_choose_ends(struct mg_undecided *column, struct mg_arena *arena, struct mg_error *error);
/* "A┋C", "a; b", "a b"; also of a column of numbers that holds lists of them, "1,2,3". */
void mg_choose_choices(struct mg_undecided *column);

/* The reading becomes NUMBER with these labels, sorted by value. */
MG_CHECKED int mg_choose_take(struct mg_reading *reading, struct mg_cell_label *labels, size_t n,
                              struct mg_arena *arena, struct mg_error *error);

#endif
