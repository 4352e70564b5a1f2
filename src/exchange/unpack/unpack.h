/* Turning a file of any format into plain text that the rest can read: gzip and zip into the one file that
 * they hold, all else into a CSV text of ours (UTF-8, commas, LF), beside which stands what the format itself
 * says of its columns.
 *
 * Every function writes the new file `to`, reads `from` as a stream in memory that doesn't grow with it, ends
 * when `stop` says so, and fails with a sentence that calls the file `name` and says where. */
#ifndef MG_EXCHANGE_UNPACK_UNPACK_H
#define MG_EXCHANGE_UNPACK_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/stop.h"
#include "column/file.h"
#include "model/cell.h"
#include "model/study.h"

#define MG_UNPACK_NOTES_MAX 8
#define MG_STAT_SETS_MAX 8192                /* of labels of values, in a file of a statistics program */
#define MG_STAT_LABELS_MAX 200000            /* in all of them */
#define MG_XLSX_BYTES_MAX ((size_t)16 << 20) /* memory for what a workbook says of itself */
#define MG_JSON_RECORD_MAX ((size_t)1 << 20) /* bytes of one record of JSON, or of one line of JSONL */
#define MG_JSON_NUMBERED_MAX 100 /* objects in a list that get numbers; a longer list stays text */
#define MG_JSON_DEPTH_MAX 32     /* objects and lists within each other, in one record */

struct mg_unpack_options {
    int64_t max_bytes; /* most that may be written */
    struct mg_stop *stop;
    const struct mg_columns *columns; /* that reads Parquet; NULL: such files are refused */
    const char *sheet; /* of a workbook, in any case; NULL or "": the first visible one that holds a table */
    const char *encoding; /* of a statistics program's file; NULL or "": as it says itself */
};

/* What the lines of the text, less those above the first, are to the user. */
enum mg_counted {
    MG_COUNTED_LINES,   /* lines of the file */
    MG_COUNTED_RECORDS, /* several stand on one line: the records, from 1 */
    MG_COUNTED_ROWS,    /* of a sheet */
    MG_COUNTED_CASES,   /* rows of data */
};

struct mg_unpacked {
    enum mg_file_format format;
    enum mg_counted counted;
    int64_t above; /* lines of the text that the file doesn't have: line of text − above = what is counted */
    bool names_first; /* the first row is names, whatever it looks like; more of a header may follow, and a
                         foot */
    const struct mg_told *told; /* a column; belongs to the arena, and all in it */
    size_t n_told;              /* 0: the format says nothing of its columns */
    const char *const *sheets;  /* of a workbook; belongs to the arena */
    size_t n_sheets, sheet;     /* sheet: the one that was read */
    struct mg_text notes[MG_UNPACK_NOTES_MAX];
    size_t n_notes;
};

/* Unpacks a gzip file; errors on a truncated or damaged one, and beyond max_bytes of output or
 * MG_EXCHANGE_RATIO_MAX times the packed size. */
MG_CHECKED int mg_unpack_gzip(const char *from, const char *name, const struct mg_unpack_options *options,
                              const char *to, struct mg_error *error);

/* What a packed file of so many bytes may unpack to; and the failure of one that is larger. */
int64_t mg_unpack_most_bytes(int64_t packed, int64_t max_bytes);
MG_CHECKED int mg_unpack_fail_size(const char *name, int64_t most, int64_t max_bytes, struct mg_error *error);

/* What reads a format does it this way. */
typedef int mg_unpack(const char *from, const char *name, const struct mg_unpack_options *options,
                      const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                      struct mg_error *error);

/* JSON in UTF-8: an object a line (JSONL), a list of objects, objects one after another, or an object that
 * wraps one list of objects, which is noted.
 *
 * The header is the union of keys in order of first sight, those of nested objects joined by dots ("a.b"); a
 * list of plain values is one cell joined by ";", of a list with objects each has a number ("a.0.b"), unless
 * there are more than MG_JSON_NUMBERED_MAX. Numbers stay as they are written; null and what isn't there are
 * empty. A record that can't be understood becomes a row with one cell too many. Lines stay where they were,
 * where no two records share one. */
MG_CHECKED int mg_unpack_json(const char *from, const char *name, const struct mg_unpack_options *options,
                              const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                              struct mg_error *error);

/* Unpacks the one file that a zip archive holds; limits as of gzip. */
MG_CHECKED int mg_unpack_zip(const char *from, const char *name, const struct mg_unpack_options *options,
                             const char *to, struct mg_error *error);

/* A workbook of Excel (.xlsx, .xlsm): one of its sheets. Row r of it is line r of the text, and the header is
 * among them. Numbers are written short, times as ISO text, formulas as the value that was kept, TRUE and
 * FALSE; errors (#N/A) are empty, which is noted. What is merged is in the first cell, but in a header, where
 * it is in all. Two passes where the first found rows of different width or a header with merged cells.
 * Limits: MG_CSV_COLUMNS_MAX columns with values; texts: xlsx_text.h; and what a gzip file may unpack to. */
MG_CHECKED int mg_unpack_xlsx(const char *from, const char *name, const struct mg_unpack_options *options,
                              const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                              struct mg_error *error);

/* Files of SPSS (.sav, .zsav), Stata (.dta) and SAS (.sas7bdat). The header is the columns' names; labels of
 * columns and values and what is declared to be missing are told, values stay the codes that they are,
 * written short. What is missing in itself (".", ".a") is empty; dates and times are ISO text, in UTC. Texts
 * that can't be in the encoding that the file says are tried as GB18030, which is noted. */
MG_CHECKED int mg_unpack_sav(const char *from, const char *name, const struct mg_unpack_options *options,
                             const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                             struct mg_error *error);
MG_CHECKED int mg_unpack_dta(const char *from, const char *name, const struct mg_unpack_options *options,
                             const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                             struct mg_error *error);
MG_CHECKED int mg_unpack_sas(const char *from, const char *name, const struct mg_unpack_options *options,
                             const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                             struct mg_error *error);

/* Parquet, through the engine of the options. The header is the columns' names, those within structures
 * joined by dots; values as column/file.h says. What the file says of its types isn't told: its cells are
 * read by what is in them, as those of a CSV file are. Columns of few values pack far better than rows do, so
 * that it may become 1 GiB of text however small it is. */
MG_CHECKED int mg_unpack_parquet(const char *from, const char *name, const struct mg_unpack_options *options,
                                 const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                                 struct mg_error *error);

#endif
