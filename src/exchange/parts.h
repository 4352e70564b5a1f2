/* The text of a file, read once from end to end by several threads: where its parts begin, how many rows it
 * has, which of them are irregular, and what its cells are evidence of.
 *
 *   bytes     |------- part 0 -------|------- part 1 -------|------- part 2 ----|
 *   guesses                           ^ the line end next to each boundary
 *   commits   0, 1, 2 …: a part that began in the wrong place is read again from where the one before it
 * ended
 *
 * A guess is wrong where a quoted cell holds the line end. Parts are therefore committed in order, and what a
 * part found counts only then; a file without such a cell at a boundary is read exactly once. */
#ifndef MG_EXCHANGE_PARTS_H
#define MG_EXCHANGE_PARTS_H

#include "exchange/csv_reader.h"
#include "exchange/exchange.h"
#include "model/evidence.h"

#define MG_PARTS_MAX 4096
#define MG_PART_BYTES ((int64_t)1 << 20) /* at least, but for the last */

/* Where a part begins, and what stands before it. */
struct mg_part_mark {
    int64_t offset, line, row; /* row: how many come before */
};

struct mg_parts {
    struct mg_part_mark *marks; /* n of them and one more: the end */
    size_t n;
};

/* What is done with each row, from several threads. */
struct mg_parts_plan {
    struct mg_csv_range text; /* from the first row of data to the last; `line` that of the first */
    int64_t part_bytes;       /* 0: MG_PART_BYTES, more in a file of more than MG_PARTS_MAX of them */
    size_t n_columns;
    const struct mg_told *told; /* n_columns of them; NULL: nothing is told */
    int (*judge)(const void *user, const struct mg_csv_row *row); /* 0: data; else why not, into left_out */
    const void *user;
    struct mg_stop *stop;
};

struct mg_parts_found {
    struct mg_parts parts;
    int64_t rows, n_bad, left_out[MG_LEFT_OUT_KINDS];
    struct mg_exchange_bad_row bad[MG_EXCHANGE_BAD_LISTED];
    size_t n_bad_listed;
    struct mg_evidence *evidence; /* the caller's to free, also where the reading failed */
};

/* marks in the arena. MG_E_NO_MEMORY, MG_E_CANCELLED, and the reader's errors, of which the file's first is
 * told. */
MG_CHECKED int mg_parts_read(struct mg_arena *arena, const struct mg_parts_plan *plan,
                             struct mg_parts_found *ret_found, struct mg_error *error);

/* Where a row is likely to begin that is the first at or behind `at`: behind the next line end. */
int64_t mg_parts_guess(const struct mg_csv_range *text, int64_t at);

/* Rows that don't have the header's number of cells, or whose quotes are broken. */
bool mg_parts_is_bad(const struct mg_csv_row *row, size_t n_columns);

#endif
