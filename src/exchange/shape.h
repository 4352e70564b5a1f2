/* The shape of a table that people made: which rows stand above the header, which are the header, what the
 * columns are called, which rows at the end are totals or notes, and which tool made it.
 *
 * Pure over the first and last rows of cells; what the rows between hold isn't looked at. The rule
 * throughout: a row is taken for what it is by comparing it with the rows below it (numbers, dates, recurring
 * labels), not by what it looks like alone; where nothing speaks against it, a row is data and stays.
 *
 * Everything found belongs to the arena given, none of it to the rows. Memory: the header's rows once as they
 * stand and twice cleaned (MG_SHAPE_LABEL_MAX bytes a cell at most), and some 300 bytes a column. */
#ifndef MG_EXCHANGE_SHAPE_H
#define MG_EXCHANGE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "exchange/tool.h"
#include "model/study.h"

#define MG_SHAPE_FIRST_MAX 200 /* rows looked at; more are ignored */
#define MG_SHAPE_LAST_MAX 20
#define MG_SHAPE_TITLES_MAX 10
#define MG_SHAPE_HEADERS_MAX 4
#define MG_SHAPE_NAME_MAX 64    /* bytes of a name; a longer text becomes a label, and a name is made */
#define MG_SHAPE_LABEL_MAX 2000 /* bytes of a label; more is cut, with "…" */
#define MG_SHAPE_NOTES_MAX 24
#define MG_SHAPE_SOME SIZE_MAX /* header rows: there are some, find out how many */

/* A row of cells, terminated UTF-8; NULL is empty. Rows may be of different lengths. */
struct mg_shape_row {
    const char *const *cells;
    size_t n;
    int64_t line; /* of the file, from 1, rising */
};

/* What the user says; it stands above what is found. */
struct mg_shape_options {
    bool titles_told, headers_told, foot_told;
    size_t title_rows, header_rows, foot_rows; /* headers_told with 0: there is none; or MG_SHAPE_SOME */
};

struct mg_shape_column {
    const char *name;  /* unique but for ASCII case, usable in a study, never empty */
    const char *label; /* the question's words; NULL: the name says all */
    const char *given; /* the header's cell as it stands, trimmed; "" where it was empty. Who asks for a
                          column may name it so, too */
    enum mg_tool_meaning meaning; /* by the tool */
};

struct mg_shape {
    size_t title_rows;  /* above the header, blank ones too */
    size_t header_rows; /* 0: none; names are column_1, column_2, … */
    size_t foot_rows;   /* at the end: totals, means, notes, blank rows */
    size_t n_columns;   /* without columns at the end that have neither name nor content */
    const struct mg_shape_column *columns;
    bool row_names; /* the first column has no header cell (R's write.table): the header's cells begin at the
                       second */
    const struct mg_shape_row *header;    /* header_rows of them, as they stand */
    const char *title;                    /* what the title rows say, joined with spaces; NULL: nothing */
    const struct mg_shape_totals *totals; /* by which subtotals between rows are known; NULL: nothing is */
    struct mg_tool_found tool;
    const struct mg_text *notes; /* sentences for the user: what was found, made up or left out */
    size_t n_notes;
};

/* `first`: the file's first rows, from its first on. `last`: its last rows; of a short file some are among
 * `first` too (the same `line`). n_first = 0: no columns. `options` may be NULL. Fails only when the arena is
 * full. */
MG_CHECKED int mg_shape_find(struct mg_arena *arena, const struct mg_shape_row *first, size_t n_first,
                             const struct mg_shape_row *last, size_t n_last,
                             const struct mg_shape_options *options, struct mg_shape *ret_shape,
                             struct mg_error *error);

/* The row repeats one of the header's (files put together from several exports), is blank, or is a subtotal:
 * it is no data wherever it stands. Takes time by the row's length, and little for an ordinary row. */
bool mg_shape_is_repeat(const struct mg_shape *shape, const char *const *cells, size_t n);

#endif
