/* Estimates of parts: moments → the rows of a report.
 *
 *   a part's e and p, answered
 *     by the same people ────── mg_gap_paired ───┐
 *     by others, all or most ── mg_gap_overlap ──┼──▶ stat ──▶ gap with its interval ──▶ verdict
 *     one of them only ──────── mg_gap_single ───┘      │
 *     not at all ──▶ a note that says why               └──▶ p ── Holm, over the set ──▶ significant
 *   its adequate and p ──────── mg_gap_paired ─────────────▶ zone
 *
 * The whole is mg_gap_estimate of the dimensions where these make it. What fewer than `few` people
 * answered is hidden before anything is made of it, each number by the people it comes from; then come Holm's
 * correction, which counts what is shown, and the order. */
#ifndef MG_SERVICE_MEASURE_ROW_H
#define MG_SERVICE_MEASURE_ROW_H

#include "service/measure/pass.h"
#include "stats/gap/gap.h"

#define MG_FORMULA_GAP "gap-2" /* docs/methods/gaps.md; a change of formula changes the number */

/* A row before it is put in order; `stat` has what the wire lacks (standard errors). */
struct mg_row {
    struct mg_wire_gap_row wire;
    struct mg_gap_stat stat; /* zeroed with n = 0 when nothing could be estimated */
    const struct mg_part *part;
    size_t alone; /* with MG_GAP_SINGLE: the variable */
};

struct mg_row_set {
    struct mg_row *rows; /* in plan order */
    size_t n;
};

/* What the rows are estimated from. */
struct mg_row_context {
    struct mg_arena *arena;
    const struct mg_plan *plan;
    const struct mg_moments *m;
    double level;
    const struct mg_outside *outside; /* what the filters leave out; NULL: nothing */
    double people_share;              /* people to rows: below 1 where some answered more than once */
    double few;        /* what fewer people answered isn't shown; 0: the rows are everybody, all is shown */
    enum mg_lang lang; /* of the notes */
    bool whole;        /* all rows of the source: the study's planted gaps are about them */
};

/* A part's row; never fails but for memory: what can't be estimated is absent and `note` says why. Of a gap
 * that fewer than `few` people stand behind only n stays. */
MG_CHECKED int mg_row_estimate(const struct mg_row_context *context, const struct mg_part *part,
                               struct mg_row *ret_row, struct mg_error *error);
/* The whole: weighted by the dimensions where the plan says so. */
MG_CHECKED int mg_row_overall(const struct mg_row_context *context, struct mg_row *ret_row,
                              struct mg_error *error);
/* All of `parts`, with Holm's correction across them. */
MG_CHECKED int mg_row_set(const struct mg_row_context *context, const struct mg_part *parts, size_t n,
                          struct mg_row_set *ret_set, struct mg_error *error);

/* Whose answers make the means of a part's two sides, expectation and perception: those with both variables
 * of the side (MG_PART_NONE: there is no such side). */
void mg_row_sides(const struct mg_row_context *context, const struct mg_part *part, size_t ret[2][2]);

/* Whom the context is about. */
struct mg_people mg_row_people(const struct mg_row_context *context);
/* Whether `fewest` people stand behind one of a part's numbers, or so few are left out by the filters that
 * the whole would tell about them: then it isn't shown. */
bool mg_row_is_few(const struct mg_row_context *context, const struct mg_part *part, double fewest);
/* Leaves nothing of a row but its name and n, and says why. */
void mg_row_hide(struct mg_row *row, enum mg_hidden why, enum mg_lang lang);

/* Sets the gap's interval and what follows from it. */
void mg_row_set_interval(const struct mg_row_context *context, struct mg_row *row, double low, double high);
/* Within ±this a gap is small. */
double mg_row_margin(const struct mg_row_context *context, const struct mg_row *row);

/* After − before of the mean that both rows have on that side (MG_E_INESTIMABLE: one has none). The rows are
 * of the same part. */
MG_CHECKED int mg_row_change(const struct mg_row_context *before_context, const struct mg_row *before,
                             const struct mg_row_context *after_context, const struct mg_row *after,
                             enum mg_gap_side side, struct mg_gap_change *ret, struct mg_error *error);

/* The rows worst first: largest shortfall, then (no gap) lowest perception on its scale. */
const struct mg_wire_gap_row *mg_row_worst_first(struct mg_arena *arena, const struct mg_row_set *set);

struct mg_wire_text mg_wire_text_of(const struct mg_text *text, const char *fallback);
const struct mg_wire_estimate *mg_wire_estimate_new(struct mg_arena *arena, double value, double low,
                                                    double high, double sd);

#endif
