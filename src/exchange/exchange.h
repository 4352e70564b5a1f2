/* Files from the outside world, made fit to be read: what format, encoding, delimiter and header a file has,
 * what is wrong with it and on which line.
 *
 * CSV in any usual encoding and delimiter, JSON, workbooks, files of statistics programs, Parquet, all also
 * packed. The result offers the same rows twice: mg_exchange_source for the column engine's analyses, and
 * mg_exchange_each for imports, row by row with line numbers. What the first opening found out is the file's
 * profile: opened with it again, the file isn't searched a second time.
 *
 * Ownership: everything reachable from struct mg_exchange belongs to it; mg_exchange_close frees it and
 * deletes the temporary files. */
#ifndef MG_EXCHANGE_EXCHANGE_H
#define MG_EXCHANGE_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "column/file.h"
#include "exchange/shape.h"
#include "model/evidence.h"

#define MG_EXCHANGE_BYTES_MAX ((int64_t)8 << 30) /* of a file, and of what a gzip file unpacks to */
/* A gzip file may unpack to so many times its size, and to the floor in any case; tables of answers pack 5 to
 * 50 times. */
#define MG_EXCHANGE_RATIO_MAX 200
#define MG_EXCHANGE_RATIO_FLOOR ((int64_t)64 << 20)
#define MG_EXCHANGE_BAD_LISTED 1000 /* irregular rows kept by line number; all are counted */

/* What somebody says of a column, over what its cells say. */
struct mg_exchange_correction {
    const char *column;
    bool kind_told, order_told;
    enum mg_cell_kind kind;
    enum mg_date_order order;
    char decimal; /* '\0': as found */
    bool flipped; /* the labels that were found count the other way round: 5 for 1 */
    /* Over those found and flipped: a text's value, NAN for no answer. A number counts as what it says, or is
     * no answer. */
    const struct mg_cell_label *labels;
    size_t n_labels;
};

struct mg_exchange_options {
    const char *name;              /* shown in messages instead of the path; NULL: the path */
    const char *encoding;          /* any name ICU knows; NULL: find out */
    char delimiter;                /* '\0': find out */
    struct mg_shape_options shape; /* rows of title, header, foot; what isn't told is found out */
    const char *sheet;             /* of a workbook; NULL or "": the first visible one that holds a table */
    const struct mg_exchange_correction *corrections; /* each of another column */
    size_t n_corrections;
    bool corrections_of_others; /* those of columns that the file hasn't are passed over: they were of another
                                 */
    bool order_told; /* of the columns in which the order of dates, or the decimal mark, can't be known */
    enum mg_date_order order;
    char decimal;      /* '\0': nothing is told */
    bool keep_all;     /* rows that the survey tool calls unfinished, previews or tests, too */
    bool words_stay;   /* only the notes: answers in words aren't taken as numbers by who reads */
    int64_t max_bytes; /* 0: MG_EXCHANGE_BYTES_MAX */
    /* Reads Parquet, while the file is opened; NULL: such files are refused. */
    const struct mg_columns *columns;
    int64_t part_bytes;   /* of a part of the sheet; 0: MG_PART_BYTES */
    const char *temp_dir; /* NULL: /tmp */
    const char
        *profile; /* of this file, made by mg_exchange_profile; NULL, or one that doesn't fit: find out */
    bool profile_told; /* the profile was made under these very options; else what is told stands above it */
    struct mg_stop *stop; /* ends whatever reads the file, now or later; NULL: nobody asks */
};

/* Why rows are left out that are no answers: what the tool says of them (enum mg_tool_verdict), and repeats
 * of the header. */
#define MG_LEFT_OUT_REPEAT MG_TOOL_VERDICTS
#define MG_LEFT_OUT_KINDS (MG_TOOL_VERDICTS + 1)

/* A row that doesn't have the header's number of cells, or whose quotes are broken, or that is no JSON
 * object. */
struct mg_exchange_bad_row {
    int64_t line;
    size_t n_cells; /* 0 where cells couldn't be told apart */
};

struct mg_exchange {
    enum mg_file_format format; /* of the file as given */
    bool gzipped;
    bool searched;        /* text that was read for this: there was no profile, or one that didn't fit */
    const char *encoding; /* "UTF-8", "GB18030", …; NULL for what isn't text */
    char delimiter;       /* as given; '\0' for what isn't CSV */
    const struct mg_told *told; /* what the format itself says of its columns; NULL: nothing */
    size_t n_told;
    const char *const *sheets; /* of a workbook */
    size_t n_sheets, sheet;    /* sheet: the one that was read */
    size_t title_rows, header_rows, foot_rows;
    const struct mg_tool *tool; /* that made the file; NULL: none that we know */
    /* By column. */
    const char *const *columns;           /* unique, none empty */
    const char *const *labels;            /* the question's words; NULL: the name says all */
    const char *const *given;             /* the header's own words where the name is another; else NULL */
    const enum mg_tool_meaning *meanings; /* by the tool */
    const struct mg_reading *readings;    /* how its cells are read */
    const struct mg_cell_facts
        *facts; /* what is in it; NULL where a profile doesn't know: mg_exchange_describe */
    size_t n_columns;
    int64_t rows;  /* regular rows of data */
    int64_t n_bad; /* irregular rows: not among those of mg_exchange_source */
    const struct mg_exchange_bad_row *bad;
    size_t n_bad_listed;
    int64_t left_out[MG_LEFT_OUT_KINDS]; /* rows that are no answers, by why */
    const struct mg_text *notes;         /* sentences for the user about what was found, guessed or changed */
    size_t n_notes;
    struct mg_exchange_private *own;
};

/* Reads the whole file, streaming: at most 120 MiB of memory whatever is in it (a line of JSON grows
 * most when read); of Parquet, what the engine may take. Fails with a sentence that names file and line,
 * never a path of ours, on: missing, empty, or oversized files, folders, pipes and devices, unknown or
 * truncated formats, gzip files that unpack beyond MG_EXCHANGE_RATIO_MAX, NUL bytes, bytes that are wrong in
 * the encoding, fields above 1 MiB, lines above 16 MiB (JSONL: 1 MiB), more than MG_COLUMN_COLUMNS_MAX
 * columns, names of columns above MG_COLUMN_NAME_MAX bytes, a quote that is never closed, corrections of a
 * column that isn't there or that can't be (mg_fail_at: "columns/<place>"). A file with a header and no rows
 * opens (rows = 0). `options` may be NULL. */
MG_CHECKED int mg_exchange_open(const char *path, const struct mg_exchange_options *options,
                                struct mg_exchange **ret_exchange, struct mg_error *error);
void mg_exchange_close(struct mg_exchange *exchange); /* NULL is fine */

/* What was found out about a text file: its encoding, delimiter, columns, counts, notes, as JSON that is good
 * for a file of the same bytes. `out` stays empty for what isn't text, which says all this itself. */
void mg_exchange_profile(const struct mg_exchange *exchange, struct mg_buf *out);

/* The sheet for the column engine; it goes with the exchange. */
MG_CHECKED int mg_exchange_source(struct mg_exchange *exchange, struct mg_source *ret_source,
                                  struct mg_error *error);

/* What is in the columns. */
MG_CHECKED int mg_exchange_describe(struct mg_exchange *exchange, struct mg_arena *arena,
                                    struct mg_source_info *ret_info, struct mg_error *error);

/* The first rows as they are, for show. */
struct mg_exchange_head {
    const char ***rows; /* n_rows × info->n_columns; NULL: missing */
    size_t n_rows;
    bool cut; /* some cell was longer than asked for and ends in "…" */
};

/* At most `n_rows` of them, cells of at most `cell_bytes` bytes and "…". `info`: of mg_exchange_describe. */
MG_CHECKED int mg_exchange_head(struct mg_exchange *exchange, struct mg_arena *arena,
                                const struct mg_source_info *info, size_t n_rows, size_t cell_bytes,
                                struct mg_exchange_head *ret_head, struct mg_error *error);

#define MG_EXCHANGE_END_ROWS 24 /* at either end; more are not looked at */

/* A row as it stands, whatever it is taken for. */
struct mg_exchange_end_row {
    int64_t line;
    const char *const *cells; /* NULL: empty */
    size_t n_cells;
};

struct mg_exchange_ends {
    const struct mg_exchange_end_row *first; /* of them title_rows, then header_rows */
    size_t n_first;
    const struct mg_exchange_end_row
        *last; /* of them the last foot_rows; of a short file some are first, too */
    size_t n_last;
};

/* For show, cells of at most `cell_bytes` bytes and "…". None of a format that names its columns itself. */
MG_CHECKED int mg_exchange_ends(struct mg_exchange *exchange, struct mg_arena *arena, size_t cell_bytes,
                                struct mg_exchange_ends *ret_ends, struct mg_error *error);

struct mg_exchange_row {
    int64_t line; /* 1-based line of the file on which the row begins */
    bool bad;     /* as struct mg_exchange_bad_row; `cells` then holds what could be read */
    size_t n_cells;
    const char *const *cells; /* n_columns of them unless bad; "" for empty. Valid during the call */
    const size_t *sizes;
};

/* A non-zero return stops the walk and is returned. */
typedef int mg_exchange_sink(void *user, const struct mg_exchange_row *row, struct mg_error *error);

/* Every data row in file order, bad ones too. */
MG_CHECKED int mg_exchange_each(struct mg_exchange *exchange, mg_exchange_sink *sink, void *user,
                                struct mg_error *error);

#endif
