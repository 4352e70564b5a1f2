/* A study: what is compared. Items with their expectation and perception columns, scales, dimensions,
 * touchpoints, outcomes, groups, and the rule for missing answers. Read from JSON (spec/study.schema.json).
 *
 * Everything in struct mg_study belongs to the arena it was read into. */
#ifndef MG_MODEL_STUDY_H
#define MG_MODEL_STUDY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

#define MG_STUDY_BYTES_MAX ((size_t)2 * 1024 * 1024)
#define MG_STUDY_ITEMS_MAX 200
#define MG_STUDY_PARTS_MAX 100        /* dimensions, touchpoints, outcomes, groups, events: of each */
#define MG_STUDY_COLUMNS_MAX 512      /* that a report reads at once */
#define MG_STUDY_SCORES_MAX 256       /* that a report makes of them: of the whole, dimensions, touchpoints */
#define MG_STUDY_COLUMN_BYTES_MAX 400 /* of a column's name */
#define MG_STUDY_CODES_MAX 8          /* missing codes */
#define MG_SCALE_POINTS_MAX 101
#define MG_STUDY_MARGIN 0.25

/* Text in both languages; either may be NULL, then the other (or the code) stands in. */
struct mg_text {
    const char *en, *zh;
};

/* The text to show; `fallback` where neither language has one. Never NULL if fallback isn't. */
const char *mg_text_in(const struct mg_text *text, enum mg_lang lang, const char *fallback);

struct mg_scale {
    double min, max, step; /* step 0: continuous */
};

struct mg_dimension {
    const char *code;
    struct mg_text label;
    double weight; /* 100-point allocation; 0: not given */
    double truth;  /* the gap planted into simulated data; NaN: not known */
};

enum mg_stage { MG_STAGE_BEFORE, MG_STAGE_DURING, MG_STAGE_AFTER };

struct mg_touchpoint {
    const char *code;
    struct mg_text label;
    enum mg_stage stage;
};

/* One item. Column names are NULL where the survey didn't ask. expectation is the desired level ("should")
 * unless the study says `expectation_kind` predicted; adequate is the minimum ("must"). Where these two were
 * answered on a scale of their own, every number is made of them as they are on the item's: rescaled linearly
 * (answer.h). */
struct mg_item {
    const char *code;
    struct mg_text label;
    size_t dimension, touchpoint; /* index; SIZE_MAX: none */
    const char *expectation, *perception, *adequate, *importance;
    struct mg_scale scale, importance_scale;
    struct mg_scale
        expectation_scale; /* of expectation and adequate, where it isn't `scale`; else min = max */
    bool reverse;
    double truth; /* the gap planted into simulated data; NaN: not known */
};

enum mg_outcome_kind { MG_OUTCOME_NPS, MG_OUTCOME_CSAT, MG_OUTCOME_CES, MG_OUTCOME_INDEX, MG_OUTCOME_BINARY };

struct mg_outcome {
    const char *code;
    struct mg_text label;
    enum mg_outcome_kind kind;
    const char *column;
    struct mg_scale scale; /* binary: 0–1 */
    const char *positive;  /* binary: the text value that counts as 1; NULL: the column is numeric */
    bool has_top;          /* csat, ces: the study says what the top box is */
    double top;            /* … its lowest answer */
    bool effort;           /* ces: a high answer means much effort; else that it was easy (the default) */
};

/* The top box of a csat or ces outcome: what the study says; else the two highest answers, which mean
 * something on 4 to 7 whole steps. On longer and shorter scales, and on continuous ones, the study has to say
 * it. */
enum mg_top_box { MG_TOP_BOX_GIVEN, MG_TOP_BOX_TWO, MG_TOP_BOX_UNKNOWN };
/* ret_from: the lowest answer of the box; untouched where it is unknown. */
enum mg_top_box mg_outcome_top_box(const struct mg_outcome *outcome, double *ret_from);

/* A column whose values split the customers (region, class, …). */
struct mg_grouping {
    const char *code; /* = column unless given */
    struct mg_text label;
    const char *column;
};

/* Something that happened in a wave, drawn as a dotted line. */
struct mg_study_event {
    const char *wave;
    struct mg_text label;
};

enum mg_missing_rule { MG_MISSING_PAIRWISE, MG_MISSING_LISTWISE };
enum mg_overall_rule { MG_OVERALL_ITEMS, MG_OVERALL_DIMENSIONS };
enum mg_expectation_kind { MG_EXPECT_DESIRED, MG_EXPECT_PREDICTED };

struct mg_study {
    const char *code;
    struct mg_text title;
    bool simulated;
    struct mg_scale scale, importance_scale; /* of items that don't say otherwise; min = max: not given */
    struct mg_scale expectation_scale;       /* the same */
    enum mg_expectation_kind expectation_kind;
    enum mg_missing_rule missing_rule;
    enum mg_overall_rule overall; /* what counts the same in the whole where dimensions have no weights */
    double margin; /* gaps within so many standard deviations of the differences are small; default 0.25 */
    const double *missing_codes;
    size_t n_missing_codes;
    double min_answered; /* share of a score's items that must be answered, 0–1; default 0.5 */
    const struct mg_dimension *dimensions;
    size_t n_dimensions;
    const struct mg_touchpoint *touchpoints;
    size_t n_touchpoints;
    const struct mg_item *items;
    size_t n_items;
    const struct mg_outcome *outcomes;
    size_t n_outcomes;
    const struct mg_grouping *groups;
    size_t n_groups;
    const struct mg_study_event *events;
    size_t n_events;
    const char *wave, *weight, *customer, *episode, *time, *id; /* columns; NULL: none */
    double window; /* days between an expectation and its perception in another row; 0: mg_study_window */
};

/* Reads a study file. Errors name line and key ("line 12, /items/3/scale/max"). */
MG_CHECKED int mg_study_parse(struct mg_arena *arena, const char *text, size_t n,
                              const struct mg_study **ret_study, struct mg_error *error);

/* What a study must be besides readable before it is kept: scales whose steps fit into them, no wave named
 * "*", and no more columns and scores than one report can hold (MG_E_LIMIT with the number). Studies that
 * were kept before these rules can still be read. Errors name the key ("/items/3/scale/step"). */
MG_CHECKED int mg_study_accept(const struct mg_study *study, struct mg_error *error);
/* How many of them a report on the study reads and makes. */
size_t mg_study_columns_needed(const struct mg_study *study);
size_t mg_study_scores_needed(const struct mg_study *study);

/* A code stands in addresses and names files: letters and digits of any script, "-", "_", ".". */
bool mg_study_code_fits(const char *code);
/* The same as an error at /study. */
MG_CHECKED int mg_study_check_code(const char *code, struct mg_error *error);
/* A code from a file's name, without its ending: "kiosk 2025.csv" → "kiosk-2025". In the arena; "study" where
 * nothing is left. */
const char *mg_study_code_of(struct mg_arena *arena, const char *file_name);

/* Whether a wave can be called so: "*" stands for all of them, and blanks name none. */
bool mg_study_wave_fits(const char *wave);
/* The same as an error at /wave. NULL fits: no wave is named. */
MG_CHECKED int mg_study_check_wave(const char *wave, struct mg_error *error);

/* A column that the study names, and where in its document: "/items/3/perception". */
struct mg_study_column {
    const char *column;
    char where[48];
};
/* All of them, item by item; a column that plays several parts comes as often. In the arena. */
MG_CHECKED int mg_study_columns(struct mg_arena *arena, const struct mg_study *study,
                                const struct mg_study_column **ret_columns, size_t *ret_n,
                                struct mg_error *error);
/* Says that a file lacks the column, and which of its `n` names are like it. MG_E_INVALID. */
MG_CHECKED int mg_study_lacks(const struct mg_study_column *column, const char *const *names, size_t n,
                              struct mg_error *error);

/* The study as canonical JSON (keys in schema order, two-space indent); reads back equal. */
void mg_study_write(const struct mg_study *study, struct mg_buf *out);

/* Names of enums as they stand in the file ("nps", "before", …). */
const char *mg_outcome_kind_name(enum mg_outcome_kind kind);
const char *mg_stage_name(enum mg_stage stage);

/* The study's window in days, or the usual one (pair.h). */
double mg_study_window(const struct mg_study *study);

/* The fewest answers to n items that make a score: the study's share of them, 1 at least. */
size_t mg_study_least(const struct mg_study *study, size_t n);

/* What expectation and adequate were answered on. */
const struct mg_scale *mg_item_expectation_scale(const struct mg_item *item);
/* Whether they are rescaled before they are compared. */
bool mg_item_is_rescaled(const struct mg_item *item);

/* Does any item have both sides? */
bool mg_study_has_gap(const struct mg_study *study);

/* Whether a column of that name can stand in a study: not empty, not too long, no control characters. */
bool mg_study_column_fits(const char *name);
/* Index of a dimension, item, … by code; SIZE_MAX when there is none. */
size_t mg_study_find_dimension(const struct mg_study *study, const char *code);
size_t mg_study_find_touchpoint(const struct mg_study *study, const char *code);
size_t mg_study_find_item(const struct mg_study *study, const char *code);
size_t mg_study_find_outcome(const struct mg_study *study, const char *code);
const struct mg_grouping *mg_study_find_group(const struct mg_study *study, const char *code);

#endif
