/* What a comparison with the last wave shares between its parts: names and kinds (last_compare.c), answers in
 * words (last_words.c), numbers (last_numbers.c). */
#ifndef MG_SERVICE_LISTEN_LAST_PRIVATE_H
#define MG_SERVICE_LISTEN_LAST_PRIVATE_H

#include "service/listen/last_compare.h"

/* Kinds of differences, shorter. */
enum {
    NEW = MG_WIRE_WAVE_DIFFERENCE_KIND_COLUMN_NEW,
    GONE = MG_WIRE_WAVE_DIFFERENCE_KIND_COLUMN_GONE,
    QUESTION = MG_WIRE_WAVE_DIFFERENCE_KIND_LABEL_CHANGED,
    WORDS = MG_WIRE_WAVE_DIFFERENCE_KIND_LABELS_CHANGED,
    SCALE = MG_WIRE_WAVE_DIFFERENCE_KIND_SCALE_CHANGED,
    FLIP = MG_WIRE_WAVE_DIFFERENCE_KIND_SCALE_FLIPPED,
    TYPE = MG_WIRE_WAVE_DIFFERENCE_KIND_TYPE_CHANGED
};

/* A column that both have. */
struct side {
    const struct mg_last_column *before;
    struct mg_last_column now;
    const struct mg_field *field; /* NULL: of a wave, a customer … */
    size_t place;                 /* in the file */
    bool told;                    /* something of its answers: what follows from that isn't */
};

struct comparison {
    struct mg_arena *arena;
    enum mg_lang lang;
    const struct mg_fields *fields;
    const struct mg_exchange *file;
    const struct mg_last_profile *last;
    struct side *sides;
    size_t n;
    size_t *places;
    struct mg_wire_wave_difference *differences; /* room for all that there can be */
    size_t n_differences;
    struct mg_error *error;
    int rc;
};

/* In the reader's language, in the arena; `format` is marked with MG_TEXT. */
char *mg_last_say(struct comparison *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same of what has no words to translate. */
char *mg_last_print(struct comparison *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mg_last_add(struct comparison *c, int kind, const char *column, const char *before, const char *now,
                 const char *text);

void mg_last_compare_words(struct comparison *c, struct side *side);
/* Of all columns, after their words: what is told already is passed over. */
void mg_last_compare_numbers(struct comparison *c);

#endif
