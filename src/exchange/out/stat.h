/* What .sav and .dta have in common: the library that writes them, its file, and putting a sheet's columns
 * and cells into it. Known traps of the library (ReadStat 1.1.8) are kept away from here: names are ours
 * (names.h), texts and labels are cut at a character before it would cut them anywhere, numbers are in range.
 */
#ifndef MG_EXCHANGE_OUT_STAT_H
#define MG_EXCHANGE_OUT_STAT_H

#include <readstat.h>

#include "exchange/out/private.h"

#define MG_OUT_STAT_NUMBER_MAX 8.9e307 /* beyond lie what both programs take for missing */

enum mg_out_stat_kind { MG_OUT_STAT_NUMBER, MG_OUT_STAT_DAY, MG_OUT_STAT_CLOCK, MG_OUT_STAT_TEXT };

struct mg_out_stat_column {
    enum mg_out_stat_kind kind;
    size_t width; /* bytes of a text */
    readstat_variable_t *variable;
};

struct mg_out_stat {
    FILE *file;
    char *buffer;
    int write_errno;
    readstat_writer_t *writer;
    struct mg_out_stat_column *columns;
    char *cut; /* a text that was too long */
};

/* What differs between the two. */
struct mg_out_stat_limits {
    const char *name;               /* of the format, in sentences */
    size_t text;                    /* bytes of a text */
    size_t label, label_characters; /* of a column's label: bytes, characters */
    size_t value_label;             /* bytes of a value's label */
};

MG_CHECKED int mg_out_stat_new(struct mg_out *out, const struct mg_out_stat_limits *limits,
                               struct mg_out_stat **ret_stat, struct mg_error *error);
void mg_out_stat_drop(struct mg_out *out);

/* The column's label, or its own name where it had to get another, cut to the limits. */
void mg_out_stat_label(struct mg_out *out, const struct mg_out_stat_limits *limits, size_t column,
                       const char *name);

/* A cell of a text column into the library; `width` bytes at most. */
MG_CHECKED int mg_out_stat_text(struct mg_out *out, size_t column, const struct mg_out_cell *cell,
                                struct mg_error *error);
MG_CHECKED int mg_out_stat_missing(struct mg_out *out, size_t column, struct mg_error *error);
/* What the library said, 0 for well. */
MG_CHECKED int mg_out_stat_result(const struct mg_out_stat *stat, readstat_error_t why,
                                  struct mg_error *error);

/* The number to write of a cell of a column of numbers or times; false: there is none, which counts as
 * changed where there was something. */
bool mg_out_stat_number(struct mg_out *out, size_t column, const struct mg_out_cell *cell,
                        double *ret_number);

/* A text for a value, cut to the limit; counted. In `scratch`, which has limits->value_label + 1 bytes. */
const char *mg_out_stat_value_label(const struct mg_out_stat_limits *limits, const char *text, char *scratch,
                                    size_t *n_cut);

/* Whether a column before this one has the very same labels: its place, else `column`. */
size_t mg_out_stat_same_labels(const struct mg_out *out, size_t column);
/* Whether a label before place i has the same value. */
bool mg_out_stat_label_again(const struct mg_out_column *column, size_t i);

/* Ends the file; says per column what was changed. */
MG_CHECKED int mg_out_stat_end(struct mg_out *out, const struct mg_out_stat_limits *limits,
                               struct mg_error *error);

#endif
