/* Between evidence.c, which collects, tally.c, which sorts texts into classes, and decide.c, which reads
 * them. */
#ifndef MG_MODEL_EVIDENCE_PRIVATE_H
#define MG_MODEL_EVIDENCE_PRIVATE_H

#include "model/evidence.h"
#include "model/numeral.h"
#include "model/sketch.h"

#define MG_EVIDENCE_CUT 96 /* bytes of a text that is only shown */

/* Numbers of one class: how they are marked. */
struct mg_number_class {
    int64_t n;
    double min, max;
    int64_t n_fractions;
    double grouped_min, grouped_max; /* of open ones, their mark parting groups */
};

struct mg_odd_text {
    int64_t row;
    char text[MG_EVIDENCE_CUT + 4];
};

/* Cells by what they are. Zeroed is empty, but minima and maxima count only where n > 0. */
struct mg_tally {
    int64_t n_missing, n_no_answer, n_codes;
    struct mg_number_class bare[MG_NUMERAL_CLASSES], unit[MG_NUMERAL_CLASSES];
    struct mg_number_class labelled[MG_NUMERAL_CLASSES]; /* "5 - agree"; also among n_texts */
    int64_t n_padded;                                    /* integers with leading zeros */
    unsigned digits_min, digits_max;                     /* of integers; digits_max 0: there are none */
    int64_t n_dates[3];                        /* by order YMD, DMY, MDY: cells that are dates in it */
    int64_t n_compact;                         /* of those, integers as well */
    int64_t n_dated;                           /* cells that are dates in any order, and no integers */
    int64_t date_min[3], date_max[3];          /* microseconds */
    int64_t n_texts;                           /* none of the above */
    struct mg_odd_text odd[MG_EVIDENCE_SHOWN]; /* the first different ones of these */
    size_t n_odd;
    struct mg_sketch different; /* texts */
};

/* Counts a text that is there n times, first in `row`, a later one than those before. */
void mg_tally_add(struct mg_tally *tally, const struct mg_told *told, const char *text, size_t length,
                  int64_t row, int64_t n);
void mg_tally_merge(struct mg_tally *into, const struct mg_tally *from);

/* A text of more than one byte. */
struct mg_evidence_text {
    int64_t n, row; /* how often, first where */
    uint32_t at;    /* in the pool */
    uint16_t length;
};

struct mg_evidence_column {
    int64_t counts[128], rows[128]; /* of one-byte cells, and where they were first */
    int64_t n_empty;
    uint16_t slots[512]; /* place of a text + 1 */
    struct mg_evidence_text *texts;
    char *pool;
    uint32_t n_texts, texts_cap, pool_size, pool_cap;
    struct mg_tally *tally; /* NULL: the texts are complete and counted */
};

struct mg_evidence {
    size_t n_columns;
    const struct mg_told *told;
    bool failed;
    struct mg_evidence_column columns[];
};

/* All cells of a column by what they are. */
void mg_evidence_tally(const struct mg_evidence *evidence, size_t column, struct mg_tally *ret);

#endif
