/* A study proposed from the columns of a file: pairs of expectation and perception by name, confirmed by
 * their values; scales, outcomes, groups, wave, weight, customer, time and id columns. A start for a person
 * to correct, so every guess is said. */
#ifndef MG_SERVICE_RECORD_PROPOSE_H
#define MG_SERVICE_RECORD_PROPOSE_H

#include "column/file.h"
#include "model/study.h"

struct mg_proposal {
    struct mg_study study;    /* n_items = 0: nothing that looks like a rating was found */
    const char *const *notes; /* one sentence a guess */
    size_t n_notes;
};

/* `code`: of the study. Names and samples are borrowed from `info`. */
MG_CHECKED int mg_record_propose(struct mg_arena *arena, const char *code, const struct mg_source_info *info,
                                 enum mg_lang lang, struct mg_proposal *ret_proposal, struct mg_error *error);

#endif
