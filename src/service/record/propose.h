/* A study proposed from the columns of a file, and the part that each column plays in it, found in names,
 * labels and values: pairs of expectation and perception, scales, outcomes, groups, wave, weight, customer,
 * time and id columns, and what is none of a study's business. A start for a person to correct, so every
 * guess has its reason, and how sure it is:
 *
 *   high    name or label says it, and the values agree
 *   middle  proposed and listed to be looked at: like stems, places in a block, a scale that two could be
 *   low     never proposed by itself: only named as a candidate
 *
 * A pair whose halves lie on different scales isn't compared until somebody decides: each half is an item on
 * its own scale, the columns' rows name each other, and a warning says so. */
#ifndef MG_SERVICE_RECORD_PROPOSE_H
#define MG_SERVICE_RECORD_PROPOSE_H

#include "column/file.h"
#include "model/study.h"

#define MG_PROPOSAL_CANDIDATES 3

enum mg_proposal_role {
    MG_PROPOSED_IGNORED,
    MG_PROPOSED_EXPECTATION,
    MG_PROPOSED_PERCEPTION,
    MG_PROPOSED_ADEQUATE,
    MG_PROPOSED_IMPORTANCE,
    MG_PROPOSED_OUTCOME,
    MG_PROPOSED_GROUP,
    MG_PROPOSED_WAVE,
    MG_PROPOSED_WEIGHT,
    MG_PROPOSED_CUSTOMER,
    MG_PROPOSED_EPISODE,
    MG_PROPOSED_ID,
    MG_PROPOSED_TIME,
    MG_PROPOSED_DURATION,
    MG_PROPOSED_STATUS,
    MG_PROPOSED_PERSONAL, /* who answered: a phone, an address, where from */
    MG_PROPOSED_CHOICE,   /* one of several that could be ticked or ranked */
    MG_PROPOSED_TEXT      /* written answers */
};

enum mg_confidence { MG_CONFIDENCE_LOW, MG_CONFIDENCE_MIDDLE, MG_CONFIDENCE_HIGH };

/* What is proposed for a column. */
struct mg_proposal_column {
    enum mg_proposal_role role;
    enum mg_confidence confidence;
    struct mg_text reason;                     /* of the role; empty: nothing speaks for one */
    size_t partner;                            /* the pair's other half, a column; SIZE_MAX: none */
    const char *item;                          /* code in the study; NULL: none */
    struct mg_scale scale;                     /* of ratings; min = max: none */
    struct mg_scale other;                     /* one that fits its values too; min = max: none */
    size_t candidates[MG_PROPOSAL_CANDIDATES]; /* columns that could be the partner */
    size_t n_candidates;
};

struct mg_proposal_warning {
    const char *code; /* "expectation_unplaced", … */
    struct mg_text text;
    const size_t *columns;
    size_t n_columns;
};

struct mg_proposal {
    struct mg_study study;    /* n_items = 0: no rating is known as one of its halves */
    const char *const *notes; /* one sentence a guess */
    size_t n_notes;
    const struct mg_proposal_column *columns; /* one a column of the file */
    const struct mg_proposal_warning *warnings;
    size_t n_warnings;
};

/* As it stands in JSON: "expectation", "high". */
const char *mg_proposal_role_name(enum mg_proposal_role role);
const char *mg_confidence_name(enum mg_confidence confidence);

/* `code`: of the study. Names and samples are borrowed from `info`. */
MG_CHECKED int mg_record_propose(struct mg_arena *arena, const char *code, const struct mg_source_info *info,
                                 enum mg_lang lang, struct mg_proposal *ret_proposal, struct mg_error *error);
/* The same where somebody has decided that such pairs are compared: one item, its expectation rescaled. */
MG_CHECKED int mg_record_propose_rescaled(struct mg_arena *arena, const char *code,
                                          const struct mg_source_info *info, enum mg_lang lang,
                                          struct mg_proposal *ret_proposal, struct mg_error *error);

#endif
