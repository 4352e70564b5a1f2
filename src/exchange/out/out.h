/* Rows out to a file: one interface, a file of code a format.
 *
 * A sheet of named, typed columns goes out row by row; what a format can't hold is put into its limits and
 * said in the report, in both languages, never left out in silence. A row is never left out: where there are
 * more than a format can hold, the export is refused (MG_E_LIMIT).
 *
 * Memory: 4 MiB beside the columns' description and one row, whatever the number of rows. Formats that say
 * something of the columns before the first row (.sav, .dta) get their rows from a temporary file once all
 * are there. A disk that is full at any step is MG_E_FULL. */
#ifndef MG_EXCHANGE_OUT_OUT_H
#define MG_EXCHANGE_OUT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/stop.h"
#include "column/column.h"
#include "model/cell.h"
#include "model/study.h"

#define MG_OUT_LOSSES_MAX 100 /* sentences in a report; the last then says how many more there would be */

enum mg_out_format { MG_OUT_CSV, MG_OUT_XLSX, MG_OUT_SAV, MG_OUT_DTA, MG_OUT_JSONL, MG_OUT_PARQUET };

/* A column. Texts are borrowed until the end. */
struct mg_out_column {
    const char *name; /* unique */
    struct mg_text label;
    enum mg_column_type type;
    const struct mg_cell_label *labels; /* what its numbers mean */
    size_t n_labels;
    const double *codes; /* numbers that are no answers */
    size_t n_codes;
    double missing_low, missing_high; /* and those from low to high; none where low = high or one is NaN */
};

enum mg_out_kind { MG_OUT_MISSING, MG_OUT_NUMBER, MG_OUT_TEXT, MG_OUT_TIME };

struct mg_out_cell {
    enum mg_out_kind kind;
    double number;    /* of a time: microseconds UTC since 1970. Not finite: missing */
    const char *text; /* UTF-8. Of a time: as it was written, for formats of text; NULL: as ISO 8601 */
};

struct mg_out_options {
    const char *title;    /* of the file, where the format has one; NULL: none */
    enum mg_lang lang;    /* of labels where the format has room for one language, and of words in the file */
    const char *temp_dir; /* NULL: /tmp */
    const struct mg_columns *columns; /* the engine that writes Parquet; NULL: there is none */
    struct mg_stop *stop;
};

struct mg_out_report {
    int64_t rows;
    const struct mg_text *losses; /* what the file doesn't hold as it was; in the arena */
    size_t n_losses;
};

struct mg_out;

/* What a format is called in requests, what its files end in, and its media type. */
const char *mg_out_name(enum mg_out_format format);
const char *mg_out_ending(enum mg_out_format format);
const char *mg_out_media(enum mg_out_format format);
/* By name ("csv", …). False: there is no such format. */
bool mg_out_by_name(const char *name, enum mg_out_format *ret_format);
/* By what the file's name ends in, in any case; or MG_E_UNSUPPORTED, which says what there is. */
MG_CHECKED int mg_out_by_ending(const char *path, enum mg_out_format *ret_format, struct mg_error *error);

/* Begins the file `path`, which is made or emptied. What the report says is in the arena. */
MG_CHECKED int mg_out_open(struct mg_arena *arena, enum mg_out_format format, const char *path,
                           const struct mg_out_column *columns, size_t n,
                           const struct mg_out_options *options, struct mg_out **ret_out,
                           struct mg_error *error);
/* One cell a column. After a failure only mg_out_drop is left. */
MG_CHECKED int mg_out_row(struct mg_out *out, const struct mg_out_cell *cells, struct mg_error *error);
/* Adds a sentence to the report, on what was lost before it came here; `format` is marked with MG_TEXT. */
void mg_out_lose(struct mg_out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends the file and frees `out`, also when it fails; the file is then removed. */
MG_CHECKED int mg_out_close(struct mg_out *out, struct mg_out_report *ret_report, struct mg_error *error);
/* Gives up: frees `out` and removes the file. NULL is fine. */
void mg_out_drop(struct mg_out *out);

#endif
