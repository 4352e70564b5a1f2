/* Outcome scores (NPS, CSAT, CES, index, share), in total or by group. */
#ifndef MG_SERVICE_MEASURE_OUTCOME_H
#define MG_SERVICE_MEASURE_OUTCOME_H

#include "service/measure/pass.h"
#include "stats/score/score.h"

/* One outcome's estimate; `stat.formula` NULL: not to be estimated, wire.note says why. */
struct mg_outcome_score {
    struct mg_wire_score wire;
    struct mg_score stat;
};

/* Scores of every outcome of the study for every group of a pass: ret_scores[g * n_outcomes + o]. With n_by =
 * 0 one group, all rows. Of a group, also one made by filters, a score of fewer than k people isn't shown,
 * nor one that would tell of so few others (people.h), of the whole too where groups stand beside it. */
MG_CHECKED int mg_outcome_scores(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                 const struct mg_plan *plan, const struct mg_pass *pass, size_t n_by,
                                 bool beside_whole, struct mg_outcome_score **ret_scores,
                                 struct mg_error *error);

/* Leaves nothing of a score but its name and n, and says why. */
void mg_outcome_hide(struct mg_outcome_score *score, enum mg_hidden why, enum mg_lang lang);

#endif
