/* The columns of a study as one list: what an answer may be called, what it must look like, and how it
 * travels between text cells, the record's documents and the table of the columns.
 *
 *   study ── mg_fields_of ──▶ fields      E1    P1    csat     (the study's order is the table's)
 *
 *   a file's cell ── mg_field_read ──┐           by the rule of model/answer.h
 *                                    ├──▶ typed answers in the record (answers.h, chunk.h)
 *   a posted value ── response.c ────┘          │                       │
 *                                       mg_document_write         mg_answers_fit
 *                                               ▼                       ▼
 *                                    {"E1":5,"csat":"yes"}      5   NULL   "yes"
 *                                     what readers get           in the columns
 *
 * A document is a flat JSON object {"column": number or text, …} without missing answers. The record once
 * kept answers as such: mg_document_cells reads those. */
#ifndef MG_SERVICE_RECORD_FIELDS_H
#define MG_SERVICE_RECORD_FIELDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "column/column.h"
#include "model/answer.h"
#include "model/datum.h"
#include "wire/wire.gen.h"

#define MG_FIELD_TEXT_MAX 1000 /* bytes of a text answer */
#define MG_FIELD_WHOLE_MAX 1e9 /* beyond this an answer doesn't fit the columns' whole numbers */

struct mg_field {
    const char *column;
    struct mg_text label;
    enum mg_wire_target_role role;
    enum mg_column_type type;   /* MG_TYPE_TEXT, _INTEGER or _NUMBER */
    struct mg_answer_rule rule; /* of numbers, as they are stored: not reversed, not rescaled */
};

struct mg_fields {
    const struct mg_study *study;
    const struct mg_field *fields;
    size_t n;
};

/* Items, outcomes, groups in the study's order; a column that plays two parts comes once, in its first. Two
 * columns that differ only in case are an error: the engine takes them for one. Borrows from the study,
 * allocates in the arena. */
MG_CHECKED int mg_fields_of(struct mg_arena *arena, const struct mg_study *study,
                            struct mg_fields *ret_fields, struct mg_error *error);
/* Index of a column; SIZE_MAX: none. `guess` is looked at first. */
size_t mg_fields_find(const struct mg_fields *fields, const char *column, size_t n, size_t guess);

/* What a cell holds. */
enum mg_cell { MG_CELL_MISSING, MG_CELL_GOOD, MG_CELL_BAD };

/* Why a cell is bad: an English literal for mg_tr, and the numbers that go into it. */
struct mg_cell_problem {
    const char *reason;
    double low, high;
};

/* The cell without white space around it: itself, or a copy in `scratch` of `size` bytes (cut there). */
const char *mg_cell_trim(const char *cell, char *scratch, size_t size);
/* Reads a trimmed cell as an answer to the field. Numbers are in *ret_number; the problem is set when BAD. */
enum mg_cell mg_field_read(const struct mg_field *field, const char *cell, double *ret_number,
                           struct mg_cell_problem *ret_problem);
/* The same of a number; only of fields of numbers. */
enum mg_cell mg_field_read_number(const struct mg_field *field, double number,
                                  struct mg_cell_problem *ret_problem);
/* The reason as a sentence. */
void mg_cell_explain(const struct mg_cell_problem *problem, enum mg_lang lang, char *ret_text, size_t size);

/* Adds the answers that aren't missing, as a document; `names` of their columns. */
void mg_document_write(struct mg_buf *out, const char *const *names, const struct mg_datum *answers,
                       size_t n);

/* Cells of a table row from a document: `cells` has one place per field, filled with texts in the arena or
 * NULL (no answer, or one that the column can't hold). `document` may be cut up in place. MG_E_INVALID: it is
 * no JSON object; MG_E_NO_MEMORY: the arena is full. */
MG_CHECKED int mg_document_cells(struct mg_arena *arena, const struct mg_fields *fields, char *document,
                                 const char **cells, struct mg_error *error);

#endif
