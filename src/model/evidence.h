/* What the cells of a file are, all of them, and the reading of each column that follows.
 *
 *   mg_evidence_new ──▶ mg_evidence_cell for every cell (in parts: one evidence a part) ──▶ mg_evidence_merge
 *                   ──▶ mg_evidence_decide: the decimal mark of all columns together, then each column
 *
 * Kept of a column: how often each one-byte cell is there; up to 256 different longer texts with their counts
 * (together 11 KiB, each at most 255 bytes); beyond that only the first 48 texts, cut to 96 bytes, and counts
 * by class (integers, decimals by mark, numbers with a unit, times …) with the least and the greatest of
 * each. That is at most 16 KiB a column and part. What is kept depends on the rows alone, not on how they
 * were parted: merging is associative in the order of rows.
 *
 * A column is NUMBER where at least nine in ten filled cells read as numbers, or at least two in three and
 * the rest is no more than three different texts; TIME where nine in ten are dates; CHOICES where cells hold
 * several of a set of options; a column of answers in words is NUMBER with a label map (labels.h); else TEXT.
 * Integers that are ids stay TEXT: with leading zeros and more than two digits, or all of the same length of
 * nine digits or more. Eight digits that are dates all are TIME. */
#ifndef MG_MODEL_EVIDENCE_H
#define MG_MODEL_EVIDENCE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/cell.h"

#define MG_EVIDENCE_TEXTS 256 /* different texts of a column with their counts */
#define MG_EVIDENCE_SHOWN 8

struct mg_evidence;

/* Of n columns; NULL when memory is out. */
struct mg_evidence *mg_evidence_new(size_t n_columns);
void mg_evidence_free(struct mg_evidence *evidence);

/* What the format says of the columns, before the first cell: declared codes count as no answers also among
 * more values than are kept. Borrowed for the evidence's life. */
void mg_evidence_tell(struct mg_evidence *evidence, const struct mg_told *told);

/* A cell; the text needn't be terminated. When memory is out the evidence remembers, and deciding fails. */
void mg_evidence_cell(struct mg_evidence *evidence, size_t column, int64_t row, const char *text, size_t n);

/* Moves the rows of all that was found: of a part that was read before it was known where it stands. */
void mg_evidence_shift(struct mg_evidence *evidence, int64_t rows);

/* `from`, of as many columns, holds later rows than `into`. -1 when memory is out, which deciding says too.
 */
int mg_evidence_merge(struct mg_evidence *into, const struct mg_evidence *from);

struct mg_cell_count {
    const char *text;
    int64_t n; /* -1: not known */
};

struct mg_cell_facts {
    int64_t n;                                     /* cells */
    int64_t n_missing, n_not_understood;           /* under the reading */
    double min, max;                               /* of numbers and times; NAN where there are none */
    bool whole;                                    /* all numbers are integers */
    const char *not_understood[MG_EVIDENCE_SHOWN]; /* the first different ones, cut to 96 bytes */
    int64_t not_understood_row[MG_EVIDENCE_SHOWN];
    size_t n_shown;
    const struct mg_cell_count
        *values; /* different texts, the most frequent first; where they aren't complete, the
                    first ones, in the file's order and without counts. Empty cells aside */
    size_t n_values;
    bool values_complete;
    int64_t n_distinct;   /* different texts, empty ones aside; where values aren't complete within some 5 %
                             (sketch.h) */
    bool date_order_open; /* whether days or months come first can't be known */
    bool decimal_open; /* "1,234" alone: read neither as 1.234 nor as 1234; "1.234" alone is read as 1.234 */
};

/* The reading of each column and what the cells are under it. Results live in the arena. `told`: n_columns,
 * or NULL. */
MG_CHECKED int mg_evidence_decide(const struct mg_evidence *evidence, struct mg_arena *arena,
                                  const struct mg_told *told, struct mg_reading *ret_readings,
                                  struct mg_cell_facts *ret_facts, struct mg_error *error);

/* What the cells of a column are under another reading. MG_E_UNSUPPORTED where the values aren't complete:
 * then the file is read once more. */
MG_CHECKED int mg_evidence_facts(const struct mg_evidence *evidence, size_t column, struct mg_arena *arena,
                                 const struct mg_reading *reading, struct mg_cell_facts *ret_facts,
                                 struct mg_error *error);

#endif
