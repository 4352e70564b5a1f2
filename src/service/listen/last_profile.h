/* What is kept of a finished import's file for the next wave's: of the columns that the study took their
 * names, question, what answers in words counted as, how many numbers there were, the least, greatest and
 * mean; and the reading as somebody told it. Nothing of who answered: of columns that the study didn't take a
 * hash of the name, of customers, times, weights, waves and groups the name alone, never an answer that isn't
 * a label.
 *
 * JSON of at most MG_LAST_BYTES_MAX; what has more is kept without being compared: nothing is kept. Texts are
 * cut as below, columns with more labels are kept without them. */
#ifndef MG_SERVICE_LISTEN_LAST_PROFILE_H
#define MG_SERVICE_LISTEN_LAST_PROFILE_H

#include "exchange/exchange.h"
#include "service/listen/source.h"
#include "service/record/fields.h"
#include "wire/wire.gen.h"

#define MG_LAST_BYTES_MAX ((size_t)1 << 20)
#define MG_LAST_LABELS_MAX 64
#define MG_LAST_ANSWERS_LEAST 5 /* of which numbers are kept and compared */
#define MG_LAST_LABEL_BYTES 200
#define MG_LAST_QUESTION_BYTES 400

struct mg_last_column {
    const char *name, *given, *label; /* given, label: NULL: none */
    const char *target;               /* the study's column that it feeds; NULL: none of its fields */
    const char *kind;                 /* of its cells: "number"; NULL: not known */
    const struct mg_cell_label *labels;
    size_t n_labels;
    int64_t n;             /* cells that hold something */
    double min, max, mean; /* of numbers that are no missing codes; NAN: not known, or of too few */
};

struct mg_last_profile {
    const struct mg_last_column *columns; /* that the study took */
    size_t n_columns;
    const char *const *others; /* hashes of the names of the others */
    size_t n_others;
    const struct mg_wire_reading *reading; /* NULL: nothing was told */
};

/* What is in a column of an open file. `field`: that it feeds; NULL: none. Facts and readings may be missing.
 */
MG_CHECKED int mg_last_column_of(struct mg_arena *arena, const struct mg_exchange *file, size_t column,
                                 const struct mg_field *field, struct mg_last_column *ret,
                                 struct mg_error *error);
/* The hash of a name, as 16 digits. */
void mg_last_hash(const char *name, char ret_text[17]);

/* Of a file that is imported. */
MG_CHECKED int mg_last_profile_of(struct mg_arena *arena, const struct mg_import_source *source,
                                  const struct mg_wire_reading *reading, struct mg_last_profile *ret,
                                  struct mg_error *error);
/* `out` has failed where it is too long. */
void mg_last_profile_write(const struct mg_last_profile *profile, struct mg_buf *out);
/* And back, into the arena. MG_E_INVALID: it can't be. */
MG_CHECKED int mg_last_profile_parse(struct mg_arena *arena, const char *text, struct mg_last_profile *ret,
                                     struct mg_error *error);

#endif
