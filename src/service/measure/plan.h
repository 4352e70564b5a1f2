/* What a study needs from the column engine: the columns and scores of one pass over the rows, and which of
 * these variables each item, dimension, touchpoint and cell is made of.
 *
 * A part's score is the mean of a respondent's answers to its items. Where the study has both sides, the
 * expectation score counts only items whose perception is answered too, and the reverse, so that the
 * difference of the two is the mean of the item gaps.
 *
 *   the study                       one pass over the rows                 what is reported
 *   item WARM      E1, P1 ────────> columns 0, 1                ────────> item WARM        e 0, p 1
 *   item FAST      E2, P2 ────────> columns 2, 3                ────────> item FAST        e 2, p 3
 *   outcome NPS    nps    ────────> column 4                    ────────> outcomes[0]      4
 *   dimension CARE = WARM, FAST ──> score 5: mean of 0, 2 where 1, 3 are answered ─┐
 *                                   score 6: mean of 1, 3 where 0, 2 are answered ─┴> CARE  e 5, p 6
 *
 * A number on the right is a variable of the moments: columns first, then scores. */
#ifndef MG_SERVICE_MEASURE_PLAN_H
#define MG_SERVICE_MEASURE_PLAN_H

#include <stddef.h>

#include "model/answer.h"
#include "stats/moments/moments.h"

#define MG_PART_NONE SIZE_MAX

/* An item, dimension, touchpoint, cell or the whole, as variables of the moments (MG_PART_NONE: there is
 * none). */
struct mg_part {
    const char *code;
    struct mg_text label;
    size_t dimension, touchpoint; /* of the study; MG_PART_NONE: none */
    size_t item;                  /* of the study, for items */
    size_t n_items;
    size_t e, p, adequate, importance;
    size_t e_alone, p_alone; /* each side whoever answered the other; with MG_PLAN_ALONE, of scores */
    size_t mirror;           /* of an item: its expectation turned round, min + max − E */
    size_t difference; /* of an item: the mean of P and the mirror, (P − E)/2 + a constant, where both are
                          there */
    struct mg_scale scale;
    double share;      /* in the overall score; NaN: none */
    bool mixed_scales; /* its items have different scales: no score */
};

enum mg_plan_option {
    MG_PLAN_CELLS = 1,      /* dimension × touchpoint */
    MG_PLAN_IMPORTANCE = 2, /* the items' importance columns */
    MG_PLAN_OUTCOMES = 4,   /* outcomes */
    MG_PLAN_UNPAIRED = 8, /* the two sides come from different people, all or most: scores without partners */
    MG_PLAN_RELIABILITY = 16, /* the items with one another */
    MG_PLAN_DRIVERS = 32,     /* perceptions with one another and with the outcomes */
    MG_PLAN_BUCKETS = 64,     /* rows by buckets, for the jackknife */
    MG_PLAN_EACH = 256,       /* with buckets: people are few enough for one each */
    MG_PLAN_ALONE = 128,      /* also each side by itself, whoever answered the other */
};

struct mg_plan {
    const struct mg_study *study;
    unsigned options;
    const char **columns;
    const char **positive;
    struct mg_moments_spec spec;
    struct mg_part overall;
    struct mg_part *items, *dimensions, *touchpoints, *cells;
    size_t n_items, n_dimensions, n_touchpoints, n_cells;
    const struct mg_moments_link *links; /* the means that are estimated: what buckets keep */
    size_t n_links;
    size_t n_answers; /* of the spec's columns: the rest are mirrors and top boxes, whose answers were counted
                         before */
    size_t any_pair;  /* the mean perception of whoever answered both sides of an item; its count is theirs */
    size_t *outcomes; /* variable of each of the study's outcomes */
    size_t *tops;     /* of how many cuts of its top box (mg_score_top_rule) an answer reaches; none: NONE */
    bool weighted_overall; /* the dimensions' weights make the overall score */
    bool cells_left_out;   /* more cells than one pass can hold */
};

/* The plan belongs to the arena and borrows the study. MG_E_LIMIT when the study needs more columns than one
 * pass can hold. */
MG_CHECKED int mg_plan_new(struct mg_arena *arena, const struct mg_study *study, unsigned options,
                           struct mg_plan **ret_plan, struct mg_error *error);

/* Of so many items with both sides the whole is made, and so many of them a respondent must have answered. */
size_t mg_plan_pairs(const struct mg_plan *plan);
size_t mg_plan_least(const struct mg_plan *plan);

/* The rule of model/answer.h as the moments take it. */
struct mg_moments_column mg_plan_column(const struct mg_answer_rule *rule);

/* Has rows kept by buckets from now on: MG_PLAN_BUCKETS. */
void mg_plan_keep_buckets(struct mg_plan *plan);

/* Whether its two sides are answers to one item, not scores of several. */
bool mg_plan_is_answers(const struct mg_plan *plan, const struct mg_part *part);

/* Index of the last variable + 1: columns and scores together. */
size_t mg_plan_variables(const struct mg_plan *plan);

#endif
