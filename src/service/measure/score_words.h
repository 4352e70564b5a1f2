/* What a score says of itself: its name, unit, direction, and in a sentence how it is made. */
#ifndef MG_SERVICE_MEASURE_SCORE_WORDS_H
#define MG_SERVICE_MEASURE_SCORE_WORDS_H

#include "model/study.h"
#include "stats/score/score.h"
#include "wire/wire.gen.h"

/* How an outcome is scored: of csat by the satisfied share where the outcome has a top box, else by the mean.
 */
struct mg_score_rule mg_score_rule(const struct mg_outcome *outcome);
/* The shares shown with it: of NPS its own; of csat, and of ces where high is good, of the top box. `formula`
 * NULL: none. */
struct mg_score_rule mg_score_top_rule(const struct mg_outcome *outcome);
/* Fills formula, name, unit, better, scale, top_from and definition. */
void mg_score_describe(struct mg_arena *arena, const struct mg_outcome *outcome, struct mg_wire_score *score);
/* What a reader must know of the number that was made: that it is the mean because the study leaves the top
 * box open, and why it has no interval, or one that tells nothing. NULL: nothing. */
const char *mg_score_note(struct mg_arena *arena, const struct mg_wire_score *score,
                          const struct mg_score *stat, enum mg_lang lang);
/* The same of a key figure. */
void mg_score_describe_kpi(const struct mg_wire_score *score, struct mg_wire_kpi *kpi);

#endif
