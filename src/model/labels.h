/* Answers in words: the tables of words/labels/ (families such as agreement or satisfaction, a ladder of
 * steps from low to high in each language), words for no answer, units behind numbers; and the index by which
 * a reading finds its own labels. Words are compared folded (fold.h). */
#ifndef MG_MODEL_LABELS_H
#define MG_MODEL_LABELS_H

#include "base/arena.h"
#include "model/cell.h"

/* Steps from low to high, worth 1, 2, …; of two steps 0 and 1. */
struct mg_ladder {
    const char *family, *language; /* "agreement", "en" */
    const char *const *names;      /* the first word of each step */
    size_t n;
};

struct mg_ladder_word {
    const char *folded, *word;
    uint16_t ladder;
    uint16_t step;
};

struct mg_listed_word {
    const char *folded, *word;
    unsigned place; /* in its list, from 1: of months, halves of a day */
};

/* All of them; words sorted by their folded text. */
const struct mg_ladder *mg_labels_ladders(size_t *ret_n);
const struct mg_ladder_word *mg_labels_words(size_t *ret_n);
/* The words that fold to this text; their number, *ret_first the first. */
size_t mg_labels_of(const char *folded, const struct mg_ladder_word **ret_first);

double mg_ladder_value(const struct mg_ladder *ladder, size_t step);

/* Other lists of words/labels/. JOINT: what may stand between date and time. */
enum mg_label_list {
    MG_LIST_NO_ANSWER,
    MG_LIST_UNIT,
    MG_LIST_MONTH,
    MG_LIST_WEEKDAY,
    MG_LIST_HALF_DAY,
    MG_LIST_JOINT
};
/* The place of the folded text in the list; 0: it isn't there. */
unsigned mg_labels_place(enum mg_label_list list, const char *folded);

/* An index of the labels: by their text, and by their folded text. Of two labels alike the first counts.
 * Borrows the texts. NULL when memory is out. */
struct mg_label_index *mg_label_index_new(struct mg_arena *arena, const struct mg_cell_label *labels,
                                          size_t n);
/* The text is one of the reading's labels. */
bool mg_labels_find(const struct mg_reading *reading, const char *text, size_t n, double *ret);

#endif
