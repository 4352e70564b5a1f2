/* Columns → study, in steps that each look at one kind of evidence. What they share stands here.
 *
 *   text.c     names and labels as they are compared
 *   stems.c    which side a name or label speaks for, and what is left of it: the stem
 *   facts.c    what a column's values allow it to be
 *   choices.c  columns that are no ratings of either half: ticked choices, ranks, comparisons with what was
 *              expected
 *   pairs.c    halves with the same stem become pairs; similar.c, blocks.c: stems alike, places alike
 *   scale.c    the scale of many columns together, and their codes for no answer; scales.c: of the study
 *   items.c    pairs, and ratings without a partner, as items of the study
 *   outcomes.c, others.c   what else a response has
 *   warnings.c what a person should look at; rows.c: one row a column
 *
 * A column is taken (`role`) by the first step that knows it; later steps leave it alone. Everything lives in
 * the arena, names and samples are borrowed. Work is bounded: MG_PROPOSE_STEMS a column, sorted lists, and
 * MG_PROPOSE_ALIKE columns a side where every one is compared with every other. */
#ifndef MG_SERVICE_RECORD_PROPOSE_PRIVATE_H
#define MG_SERVICE_RECORD_PROPOSE_PRIVATE_H

#include "column/direction.h"
#include "model/words.h"
#include "service/record/propose.h"

#define MG_PROPOSE_STEMS 24   /* of a column */
#define MG_PROPOSE_ALIKE 300  /* columns a side, of which each is compared with each */
#define MG_PROPOSE_VALUES 256 /* different values of a column */
#define MG_PROPOSE_NOTES 64
#define MG_PROPOSE_HEAD 200  /* bytes of a longer text that are looked at: its beginning */
#define MG_PROPOSE_TAIL 800  /* and its end */
#define MG_PROPOSE_CODE 64   /* bytes of a code */
#define MG_PROPOSE_BATTERY 3 /* ratings side by side: a battery of questions */
#define MG_PROPOSE_SLIDER 100
#define MG_PROPOSE_STEPS 32 /* of a scale that people point at, mistakes included */

/* Small letters without accents; words parted by one ' ', and by '|' where more than a word ends: after a
 * colon, within brackets. */
struct mg_propose_text {
    const char *shown; /* as it was */
    char *text;
    uint32_t *at; /* where in `shown` each byte, and the end, comes from */
    size_t n;
};

enum mg_side {
    MG_SIDE_NONE,
    MG_SIDE_EXPECTATION,
    MG_SIDE_PERCEPTION,
    MG_SIDE_ADEQUATE,
    MG_SIDE_IMPORTANCE,
    MG_SIDE_SATISFACTION,
    MG_SIDES
};

/* What is left when what speaks for the side is taken away. */
enum mg_stem_kind {
    MG_STEM_WORD = 1,   /* the word alone: "wait expected" → "wait" */
    MG_STEM_AFFIX = 2,  /* a letter or two: "E1" → "1" */
    MG_STEM_INNER = 4,  /* those in the middle: "Q2_E_1" */
    MG_STEM_PART = 8,   /* the whole part with the word: "What do you expect? - Wait" → "Wait" */
    MG_STEM_END = 16,   /* only the first or the last part is left */
    MG_STEM_WHOLE = 32, /* nothing: the column has no side */
    MG_STEM_WIDE = 64   /* the word and what says no more: "wait expected level" → "wait" */
};

struct mg_stem {
    enum mg_side side;
    enum mg_stem_kind kind;
    bool of_label;
    uint64_t key, bare; /* hashes; bare: without a question's number in front; 0: nothing is left */
    /* As it was, without the number, in the name or label: in one piece or two, around what was taken away.
     */
    const char *shown, *more;
    size_t n_shown, n_more;
    const char *word; /* that speaks for the side */
    size_t affix;     /* of kind AFFIX: which letters, as a number */
};

struct mg_value {
    double value;
    int64_t n;
    size_t columns; /* of a group, that have it */
};

struct mg_propose_column {
    const struct mg_column_info *info;
    struct mg_propose_text name, label; /* label.n 0: none */
    struct mg_stem *stems;
    size_t n_stems;
    /* facts */
    const struct mg_value *values; /* numbers, ascending; the frequent ones where `all` isn't set */
    size_t n_values;
    int64_t numbers;             /* cells of them */
    bool all;                    /* every value is among them */
    bool unusable;               /* its name can't stand in a study */
    bool rating;                 /* its values can be answers on a scale */
    bool slider;                 /* many different ones up to 100 */
    bool continuous;             /* with fractions that are meant */
    bool dummy;                  /* nothing but 0 and 1 */
    enum mg_side side;           /* that its name or label speaks for most */
    bool said;                   /* by a word, not by a letter */
    bool compares;               /* what was got with what was expected: both halves in one, and neither */
    enum mg_direction direction; /* of its numbers, against the words of its answers */
    struct mg_proposal_column *row;
    bool taken;
};

/* A scale as the values of some columns speak for it. */
struct mg_verdict {
    bool holds; /* else the values fit on none */
    struct mg_scale scale;
    struct mg_scale other; /* fits too; min = max: none */
    enum mg_confidence confidence;
    double codes[MG_STUDY_CODES_MAX];
    size_t n_codes;
    double off;    /* a rare value beyond it; NaN: none */
    bool declared; /* by labels */
    bool dense;    /* every step of it was taken */
    double reach;  /* highest step that some answers take, as some do the one below */
    double at_top; /* share of its highest answer */
    int64_t n;     /* answers */
};

struct mg_pair {
    size_t expectation, perception, adequate, importance; /* columns; SIZE_MAX: none */
    const char *shown;        /* what they have in common; NULL: nothing to show */
    struct mg_scale scale;    /* of both; undecided: of the perception */
    struct mg_scale expected; /* undecided: of the expectation; min = max: none holds its answers */
    bool undecided;           /* halves on different scales */
    bool rescaled;            /* they are compared by choice */
};

struct mg_propose {
    struct mg_arena *arena;
    const struct mg_source_info *info;
    enum mg_lang lang;
    struct mg_propose_column *columns;
    size_t n;
    struct mg_proposal *own;
    struct mg_study *study;
    const char **notes;
    struct mg_proposal_warning *warnings;
    struct mg_item *items;
    struct mg_pair *pairs;
    size_t n_pairs;
    bool rescale;  /* the choice for halves on different scales: to compare them */
    bool sections; /* letters in front are those of a questionnaire's sections, not of sides */
    double codes[MG_STUDY_CODES_MAX];
    size_t n_codes;
};

/* ---- text.c ---- */
MG_CHECKED int mg_propose_text_of(struct mg_arena *arena, const char *shown, struct mg_propose_text *ret);
/* One of the words stands in it, as a word of its own or, of five letters and more, at a word's beginning. */
const char *mg_propose_has(const struct mg_propose_text *text, const struct mg_words *words);
/* The whole text is one of them. */
bool mg_propose_is(const struct mg_propose_text *text, const struct mg_words *words);
/* Where the word stands at or after `from`; its end goes to *ret_end. SIZE_MAX: nowhere. */
size_t mg_propose_find(const struct mg_propose_text *text, const char *word, size_t from, size_t *ret_end);
/* Of name or label. */
const char *mg_propose_says(const struct mg_propose_column *column, const struct mg_words *words);

/* ---- stems.c ---- */
MG_CHECKED int mg_propose_stems(struct mg_propose *p);
/* What is left, as it was written; NULL: nothing. */
const char *mg_propose_stem_shown(const struct mg_propose *p, const struct mg_stem *stem);
/* Sets p->sections. */
void mg_propose_find_sections(struct mg_propose *p);

/* ---- facts.c ---- */
MG_CHECKED int mg_propose_facts(struct mg_propose *p);
/* A usual code for no answer that lies off every scale. */
bool mg_propose_far_code(double value);

/* ---- choices.c ---- */
/* Takes ratings that compare with what was expected, by their question or by their answers' words. */
void mg_propose_compared(struct mg_propose *p);
void mg_propose_choices(struct mg_propose *p);
/* The name without the number or choice at its end, as bytes; 0: it has none. */
size_t mg_propose_prefix(const char *name);

/* ---- scale.c ---- */
/* Of `n` columns together. */
struct mg_verdict mg_propose_scale(struct mg_propose *p, const size_t *columns, size_t n);

/* ---- scales.c ---- */
/* The scale of each pair, of the importances and of the study; marks pairs whose halves differ. */
MG_CHECKED int mg_propose_scales(struct mg_propose *p);
/* The scale of columns without partners, for their rows. */
struct mg_scale mg_propose_scale_rows(struct mg_propose *p, const size_t *columns, size_t n);
/* Those that were found, into the study: but what is an answer on one of its scales. */
MG_CHECKED int mg_propose_codes(struct mg_propose *p);

/* ---- pairs.c ---- */
MG_CHECKED int mg_propose_pairs(struct mg_propose *p);
/* Makes a pair of two columns; false: there is no room. */
bool mg_propose_pair(struct mg_propose *p, size_t expectation, size_t perception, const char *shown,
                     enum mg_confidence confidence, struct mg_text reason);
/* The free column of `side` that has the stem that the column has as one of side `of`; SIZE_MAX: none. */
size_t mg_propose_companion(const struct mg_propose *p, size_t column, enum mg_side of, enum mg_side side);
/* A rating that nothing has taken. */
bool mg_propose_is_free(const struct mg_propose_column *column);
/* Notes that `other` could be the partner of `column`. */
void mg_propose_candidate(struct mg_propose *p, size_t column, size_t other, struct mg_text reason);

/* ---- similar.c, blocks.c ---- */
MG_CHECKED int mg_propose_similar(struct mg_propose *p);
/* None of `n` columns from `e` on speaks of something else than the one of those from `o` on in its place. */
bool mg_propose_speak_alike(struct mg_propose *p, size_t e, size_t o, size_t n);
/* Importances or adequate levels that no equal stem has joined to a pair. */
MG_CHECKED int mg_propose_similar_companions(struct mg_propose *p, enum mg_side side);
void mg_propose_blocks(struct mg_propose *p);
/* Ratings of a file without pairs that may be asked twice: of two sets, or in turns, with names that differ
 * in the same piece ("1a" and "1b", "Speed" and "Speed2"). Which half is the expectation isn't said. */
MG_CHECKED int mg_propose_twins(struct mg_propose *p);

/* ---- items.c ---- */
MG_CHECKED int mg_propose_items(struct mg_propose *p);

/* ---- outcomes.c, others.c ---- */
MG_CHECKED int mg_propose_outcomes(struct mg_propose *p);
void mg_propose_specials(struct mg_propose *p);
void mg_propose_personal(struct mg_propose *p);
MG_CHECKED int mg_propose_groups(struct mg_propose *p);

/* ---- warnings.c ---- */
MG_CHECKED int mg_propose_warnings(struct mg_propose *p);

/* ---- propose.c ---- */
/* `format` is marked with MG_TEXT. */
void mg_propose_note(struct mg_propose *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct mg_text mg_propose_say(struct mg_propose *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Gives the column its role. */
void mg_propose_take(struct mg_propose *p, size_t column, enum mg_proposal_role role,
                     enum mg_confidence confidence, struct mg_text reason);
/* The text in its language. */
struct mg_text mg_propose_text_in(const char *text);
/* The label's words, else the name. */
const char *mg_propose_shown(const struct mg_propose_column *column);

#endif
