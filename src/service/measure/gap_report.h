/* The gap report while it is put together: what gaps.c and gap_groups.c share. Internal to service/measure.
 */
#ifndef MG_SERVICE_MEASURE_GAP_REPORT_H
#define MG_SERVICE_MEASURE_GAP_REPORT_H

#include "service/measure/outcome.h"
#include "service/measure/row.h"

#define MG_GAP_NOTES_MAX 512 /* at most two a column with strays (defects.h), and the others */

struct mg_gap_report {
    struct mg_ctx *ctx;
    const struct mg_gap_request *request;
    const struct mg_study *study;
    struct mg_plan *plan;
    struct mg_pass pass;
    struct mg_plan
        *group_plan; /* of the groups: the same plan and pass where these have room for all of it */
    struct mg_pass group_pass;
    const char **by; /* columns */
    struct mg_row overall;
    struct mg_row_set items, dimensions, touchpoints, cells;
    struct mg_wire_text notes[MG_GAP_NOTES_MAX];
    size_t n_notes;
    struct mg_wire_gap_report *wire;
};

/* Notes without a text, and those beyond the limit, are left out. */
void mg_gap_report_note(struct mg_gap_report *report, struct mg_wire_text note);
/* What rows are estimated from: m is of the pass's rows or of a group. */
struct mg_row_context mg_gap_report_context(const struct mg_gap_report *report, const struct mg_moments *m);
const struct mg_wire_score *mg_gap_report_scores(struct mg_arena *arena,
                                                 const struct mg_outcome_score *scores, size_t n);

/* The groups of the request: gaps, each against all others together, shrunk ones, scores. */
MG_CHECKED int mg_gap_report_groups(struct mg_gap_report *report, struct mg_error *error);

/* Notes (gap_notes.c): parts that stand outside the whole or hardly count in it; which groups differ. */
void mg_gap_report_note_parts(struct mg_gap_report *report);
/* What the file's columns say against the study: words that run against their numbers. */
void mg_gap_report_note_columns(struct mg_gap_report *report);
void mg_gap_report_note_groups(struct mg_gap_report *report);

#endif
