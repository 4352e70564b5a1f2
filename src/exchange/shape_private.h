/* What the parts of shape share: cells and their classes, and what the columns hold in the rows below. */
#ifndef MG_EXCHANGE_SHAPE_PRIVATE_H
#define MG_EXCHANGE_SHAPE_PRIVATE_H

#include "exchange/shape.h"

/* --- cells (shape_cells.c) --- */

enum mg_cell_class {
    MG_CLASS_EMPTY,
    MG_CLASS_NUMBER,  /* "6", "5,25", "1.234,5", "-2", "80%", "６分" */
    MG_CLASS_CODE,    /* mostly digits: dates, times, phones, "u58" */
    MG_CLASS_ADDRESS, /* of mail or web */
    MG_CLASS_MISSING, /* "NA", "-", "不适用": says nothing about what it is */
    MG_CLASS_WORDS,
};
#define MG_CLASSES 6

static inline const char *mg_shape_cell(const struct mg_shape_row *row, size_t i)
{
    return i < row->n && row->cells[i] ? row->cells[i] : "";
}
bool mg_cell_is_blank(const char *text); /* white space and marks without width only */
enum mg_cell_class mg_cell_classify(const char *text);
/* The number of a cell of class NUMBER; whether it has a fraction. */
double mg_cell_number(const char *text, bool *ret_fraction);
/* A header's cell as a line of text: no marks without width, no control characters, tags or entities of HTML,
 * runs of white space as one space, none around; at most MG_SHAPE_LABEL_MAX bytes and "…". NULL: the arena is
 * full. */
const char *mg_cell_clean(struct mg_arena *arena, const char *text);
size_t mg_row_filled(const struct mg_shape_row *row);
/* The place of the row's nth filled cell, from 0; row->n: there are fewer. */
size_t mg_row_nth(const struct mg_shape_row *row, size_t nth);

/* --- the rows below (shape_body.c) --- */

#define MG_SHAPE_BODY_MAX 100 /* rows that stand for all */

struct mg_shape_profile {
    size_t filled, classes[MG_CLASSES];
    enum mg_cell_class main; /* of at least 7 in 10 filled cells; EMPTY: none is */
    bool recurring;          /* the same few texts come again and again */
    bool distinct;           /* no text comes twice, and none is missing */
    bool whole;              /* numbers, all without fractions */
    double max;              /* of the numbers */
    size_t longest;          /* bytes of a cell */
};

struct mg_shape_table {
    struct mg_arena *arena;
    const struct mg_shape_row *rows; /* the first ones */
    size_t n_rows, width;
    const struct mg_shape_row *body[MG_SHAPE_BODY_MAX];
    size_t n_body, typical; /* median of their filled cells */
    struct mg_shape_profile *columns;
    struct mg_text *notes;
    size_t n_notes;
};

/* Finds the width, and describes the body before the header is known: the lower half, as no header takes more
 * of a file worth its name. False: the arena is full. */
bool mg_body_guess(struct mg_shape_table *table);
/* Describes rows from..to as the body, once more is known. */
void mg_body_describe(struct mg_shape_table *table, size_t from, size_t to);

/* Qualtrics' third row. */
bool mg_row_is_import_id(const struct mg_shape_row *row);

/* The body's rows without those that are the same as this one. */
struct mg_body_others {
    const struct mg_shape_row *rows[MG_SHAPE_BODY_MAX];
    size_t n;
};
void mg_body_others(const struct mg_shape_table *table, const struct mg_shape_row *row,
                    struct mg_body_others *ret_others);
/* The text stands in the column of one of them. */
bool mg_body_has(const struct mg_body_others *others, size_t column, const char *text);

/* How the cells of a row compare with the columns they stand in. */
struct mg_likeness {
    size_t like, unlike;
};
struct mg_likeness mg_row_compare(const struct mg_shape_table *table, const struct mg_shape_row *row);
/* The same with its cells so many columns to the right. */
struct mg_likeness mg_row_compare_at(const struct mg_shape_table *table, const struct mg_shape_row *row,
                                     size_t shift);

/* All rows of the body have one cell more, and the first is each row's own: R writes no header cell over the
 * names of rows. */
bool mg_row_misses_names(const struct mg_shape_table *table, const struct mg_shape_row *row);

/* --- the top (shape_header.c) --- */

struct mg_shape_top {
    size_t titles, headers;
};
/* Describes the body anew once the header's first row is found. */
struct mg_shape_top mg_top_find(struct mg_shape_table *table, const struct mg_shape_options *options);

/* --- the foot (shape_foot.c) --- */

/* The row looks like a total, a mean or a note by its first words alone. */
bool mg_row_has_foot_word(const struct mg_shape_row *row);
/* What is kept of the columns to know subtotals by. NULL: the arena is full. */
const struct mg_shape_totals *mg_foot_keep(const struct mg_shape_table *table);
/* A row between others that sums some of them up: its first or second cell ends in a word for it, everybody's
 * id is missing, and nothing but numbers is there besides. */
bool mg_foot_is_subtotal(const struct mg_shape_totals *totals, const struct mg_shape_row *row);
/* How many of the rows at the end are no data; those up to line `after` are not looked at. */
size_t mg_foot_find(const struct mg_shape_table *table, const struct mg_shape_row *last, size_t n_last,
                    int64_t after);

/* --- names (shape_names.c) --- */

/* Fills in columns and what was noted about them. False: the arena is full. */
bool mg_names_make(struct mg_shape_table *table, struct mg_shape *shape);

#endif
