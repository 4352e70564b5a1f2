/* How a cell of a file is read: the one rule, under a reading that was decided once for the whole column
 * (evidence.h), declared by the file's format, or set by somebody.
 *
 *   kind NUMBER    empty, a word for no answer, a code of no answer ──▶ missing
 *                  a numeral in the reading's marks ("3,5", "1.234,5", "６") ──▶ its value
 *                  a text of the label map ("很满意") ──▶ its value; none where that is NAN: missing
 *                  a numeral with something around it, where the reading says so (dress.h) ──▶ its value
 *                  else ──▶ not understood: never guessed, counted and shown
 *   kind TIME      as dates.h reads it, microseconds UTC; what has no zone is taken as UTC
 *   TEXT, CHOICES  empty or a mark for no value ("NA", "-") ──▶ missing; else a value without a number
 *
 * Words for no answer ("don't know", "不清楚"; the list is words/labels/) count where a number or a time
 * belongs; in a text column they are texts. Case, width, white space and punctuation at the ends of a word
 * don't matter.
 *
 * A zeroed reading with decimal '.' is the plain one: that of posted answers (answer.h). Borrowed: labels and
 * codes, from the arena that the reading was made in. Pure: no I/O, nothing allocated by mg_cell_read. */
#ifndef MG_MODEL_CELL_H
#define MG_MODEL_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

enum mg_cell_kind { MG_CELLS_TEXT, MG_CELLS_NUMBER, MG_CELLS_TIME, MG_CELLS_CHOICES, MG_CELL_KINDS };

/* How dates are written. EXCEL: days since 30 December 1899; UNIX: seconds since 1970, or milliseconds. */
enum mg_date_order { MG_DATE_YMD, MG_DATE_DMY, MG_DATE_MDY, MG_DATE_EXCEL, MG_DATE_UNIX, MG_DATE_ORDERS };

/* A text and the number that it stands for; NAN: no answer. */
struct mg_cell_label {
    const char *text;
    double value;
};

struct mg_label_index; /* labels.h: finds a label in constant time */

struct mg_reading {
    enum mg_cell_kind kind;
    char decimal;   /* '.' or ',' */
    char thousands; /* '\0', ',', '.', ' ' or '\'' */
    bool dressed;   /* numbers come with something around: "6分", "5 - Agree", "80%" */
    const struct mg_cell_label *labels;
    size_t n_labels;
    const struct mg_label_index *index; /* of labels; NULL: they are looked through one by one */
    bool reversed_map;                  /* somebody turned the label map round */
    const double *codes;                /* declared numbers that are no answers */
    size_t n_codes;
    double missing_low, missing_high; /* numbers from low to high are no answers; none where low = high */
    enum mg_date_order order;
    char choice_mark[8];      /* of kind CHOICES: what parts them ("┋", ";", " "); "" else */
    const char *scale_family; /* of a label map: "agreement", "satisfaction", …; NULL: none of ours */
};

enum mg_cell_read { MG_READ_MISSING, MG_READ_VALUE, MG_READ_NOT_UNDERSTOOD };

/* *ret is the number of a value (of TIME: microseconds), NAN where it has none or there is no value. The text
 * needn't be terminated. */
enum mg_cell_read mg_cell_read(const struct mg_reading *reading, const char *text, size_t n, double *ret);

/* Of a trimmed text: it is empty or a mark for no value ("NA", "-"), in any column; it says that there is no
 * answer
 * ("don't know"), which counts where a number belongs. */
bool mg_cell_is_no_value(const char *text, size_t n);
bool mg_cell_is_no_answer(const char *text, size_t n);

/* The reading of what is posted: point for decimals, nothing around. */
struct mg_reading mg_reading_plain(void);

/* A reading as JSON, for profiles: {"kind": "number", "decimal": ",", "labels": [{"text": "很满意", "value":
 * 5}], …}; members that say what goes without saying are left out. */
void mg_reading_write(const struct mg_reading *reading, struct mg_buf *out);

#define MG_READING_LABELS_MAX 10000
#define MG_READING_CODES_MAX 256
#define MG_READING_TEXT_MAX 32000 /* bytes of a label: what .dta files may have */

/* And back, whoever wrote it: what has an unknown member, a value that no reading has, or more than these
 * limits is refused, and `field` names where. *ret lives in the arena. */
MG_CHECKED int mg_reading_parse(struct mg_arena *arena, const json_t *json, struct mg_reading *ret,
                                struct mg_error *error);

/* What a file's format says of a column; all may be empty. */
struct mg_told {
    const char *name, *label;
    const struct mg_cell_label *labels;
    size_t n_labels;
    const double *codes; /* that are no answers */
    size_t n_codes;
    double missing_low, missing_high; /* and a range of such; none where low = high or one is NAN */
    bool number, time;
    int64_t n_tagged; /* cells that were none of one of several kinds (Stata's .a to .z), and are empty */
};

#endif
