/* Reading a source: a sheet (column/sheet.h; exchange/ makes one of a file), a Parquet file in place, or a
 * table of the data folder, which reads the same way.
 *
 * Names are quoted and values bound by the engine; callers never build SQL. Nothing that a column is called
 * can meet a name of ours: inside the engine the columns of a source have numbers. A damaged file is
 * MG_E_INVALID. */
#ifndef MG_COLUMN_FILE_H
#define MG_COLUMN_FILE_H

#include "base/stop.h"
#include "column/column.h"
#include "column/sheet.h"
#include "model/cell.h"
#include "model/evidence.h"
#include "stats/moments/moments.h"

#define MG_COLUMN_COLUMNS_MAX 4096 /* columns of a source; more is MG_E_LIMIT */
#define MG_COLUMN_NAME_MAX 4000    /* bytes of a column's name in a file; more is MG_E_LIMIT */
#define MG_COLUMN_CELL_MAX                                                                                   \
    ((size_t)1 << 20)       /* bytes of a cell; more is MG_E_LIMIT where cells are read as text */
#define MG_SAMPLE_BYTES 120 /* of a value in struct mg_column_info: longer ones end in "…" */
#define MG_SAMPLE_SIZE (MG_SAMPLE_BYTES + 4)
#define MG_COLUMN_SAMPLES_MAX 12

enum mg_file_format {
    MG_FILE_CSV,
    MG_FILE_PARQUET,
    MG_FILE_JSONL,
    MG_FILE_JSON,
    MG_FILE_XLSX,
    MG_FILE_SAV,
    MG_FILE_DTA,
    MG_FILE_SAS,
    MG_FILE_FORMATS
};

struct mg_source {
    const char *table;            /* a table of the engine; NULL: what is below */
    const struct mg_sheet *sheet; /* borrowed; NULL: the Parquet file at `path` */
    const char *path, *name;      /* `name`: what messages call sheet or file; NULL: its path */
    /* Of a table: what it should have. A table that isn't there is an empty one with these columns, and a
     * column that it lacks is missing in every row. NULL: as it is, or MG_E_NOT_FOUND. */
    const struct mg_table_column *columns;
    size_t n_columns;
    struct mg_stop *stop; /* ends whatever reads this source with MG_E_CANCELLED; NULL: nobody asks */
};

/* A user's filter as a checked list; all must hold. Column names must exist in the source. IN and NOT_IN
 * compare text as text and typed numbers by value ("1" finds 1.0); NOT_IN keeps rows in which the column is
 * missing. */
enum mg_filter_op {
    MG_FILTER_IN,
    MG_FILTER_NOT_IN,
    MG_FILTER_BETWEEN,
    MG_FILTER_OUTSIDE, /* an answer is there, but BETWEEN doesn't hold */
    MG_FILTER_MISSING,
    MG_FILTER_PRESENT
};

struct mg_filter {
    const char *column;
    enum mg_filter_op op;
    const char *const *values; /* IN, NOT_IN: compared by value in columns of numbers, else as text */
    size_t n_values;
    double low, high; /* BETWEEN, OUTSIDE, inclusive; ∓INFINITY for open ends */
    double step;      /* BETWEEN, OUTSIDE: and a whole number of these above low; 0: any */
};

/* Moments, one pass. */
struct mg_moments_request {
    struct mg_source source;
    const struct mg_moments_spec *spec;
    const char *const *columns;  /* spec->n_columns names; text that is no number is out of range, but the
                                    words for no answer (model/answer.h) are missing */
    const char *const *positive; /* NULL, or per column: the text that counts as 1, any other as 0 but the
                                    words for no answer (NULL: numeric) */
    const char *weight; /* column of weights; NULL: unweighted. Rows without one that counts (model/answer.h)
                           are left out */
    const struct mg_filter *filters;
    size_t n_filters;
    const struct mg_filter *except; /* rows that meet all of these are left out; 0: none are */
    size_t n_except;
    const char *const *by; /* grouping columns */
    size_t n_by;
    unsigned buckets;      /* 0, or a power of two: split the rows into that many groups, by bucket_by */
    const char *bucket_by; /* column, rows with the same text in which share a bucket (of `buckets`, and of
                              the spec's links); where it is missing, and NULL: by row */
    bool count_people;     /* those of bucket_by in each group */
    bool bucket_each;      /* the links' buckets by rank: up to 256 customers (rows) have one each */
    size_t max_groups;     /* more is MG_E_LIMIT */
};

struct mg_moments_group {
    const char *const *keys; /* n_by texts; NULL for missing */
    unsigned bucket;
    struct mg_moments *moments;         /* weights w */
    struct mg_moments *moments_squared; /* weights w²; NULL when unweighted */
    int64_t named, people; /* rows with a bucket_by, and how many different ones; 0 without count_people */
};

struct mg_moments_result {
    const struct mg_moments_group *groups; /* sorted by keys (numbers by value), then bucket */
    size_t n_groups;
};

/* How often the values of a column are there. */
struct mg_distinct {
    int64_t rows, present, distinct; /* rows; with a value; different values */
};

/* What is in a source. */
struct mg_column_info {
    const char *name;
    enum mg_column_type type;
    int64_t n, n_missing, n_distinct; /* n_distinct may be an estimate where there are many: profile.h */
    double min, max;                  /* numbers; NaN otherwise */
    /* up to MG_COLUMN_SAMPLES_MAX values as text, those most frequent in the first 100 000 rows first, cut to
     * MG_SAMPLE_BYTES and "…" */
    const char *const *samples;
    const int64_t *sample_counts; /* in those rows; NULL: not known */
    size_t n_samples;
    /* What the reader knows besides; all may be empty. */
    const char *label;                  /* the question's words; NULL: the name says all */
    const struct mg_cell_label *labels; /* declared or mapped: what values mean */
    size_t n_labels;
    enum mg_cell_kind kind;
    const struct mg_cell_count *counts; /* different texts, most frequent first; NULL: the samples are all */
    const double *count_numbers;        /* those of them, NaN: none; NULL: their texts say it */
    size_t n_counts;
    int64_t n_not_understood;
    const char *const *not_understood; /* the first */
    size_t n_not_understood_shown;
};

struct mg_source_info {
    int64_t rows;
    const struct mg_column_info *columns;
    size_t n_columns;
};

/* Rows as they are, as text: for previews and imports. */
struct mg_row_batch {
    size_t n_rows, n_columns;
    const char *const *cells; /* n_rows × n_columns, row-major; NULL: missing */
    int64_t first_row;        /* 0-based row of the source */
};

/* Called per batch in row order; a non-zero return stops the scan and is returned. */
typedef int mg_row_sink(void *user, const struct mg_row_batch *batch, struct mg_error *error);

/* Value counts of one column within groups. */
struct mg_count {
    const char *const *keys; /* n_columns texts */
    int64_t n;
    double weight;
};

/* A value of a column, how often it comes and where first: rows count from 1; −1: a table's have no number.
 */
struct mg_column_value {
    const char *text; /* NULL: missing */
    int64_t n, row;
};

/* How often each column of a request holds its value, in one group: weights where there are any, else rows.
 */
struct mg_hits {
    const char *const *keys; /* n_by texts; NULL for missing */
    const double *hits;      /* spec->n_columns */
};

/* Rows by what their weight is; those left over have one that counts (model/answer.h). */
struct mg_weight_counts {
    int64_t rows;
    int64_t missing, zero, negative;
    int64_t no_number; /* or beyond MG_WEIGHT_MAX */
};

/* Ids that come more than once. */
struct mg_repeat {
    const char *id, *rows; /* rows: the first three, "2, 7, 9" */
    int64_t n;
};

struct mg_repeats {
    int64_t ids, rows; /* ids that repeat, and the rows that have them */
    int64_t alike;     /* rows that are like another of the same id in every cell, but one of each */
    const struct mg_repeat *first; /* by their first row */
    size_t n_first;
};

/* A Parquet file to write. */
enum mg_parquet_type {
    MG_PARQUET_TEXT,
    MG_PARQUET_INTEGER,
    MG_PARQUET_NUMBER,
    MG_PARQUET_BOOLEAN,
    MG_PARQUET_DAY,
    MG_PARQUET_TIME
};

struct mg_parquet_column {
    const char *name;
    enum mg_parquet_type type;
};

struct mg_parquet {
    /* The rows: CSV in UTF-8 without a header, commas, double quotes, line feeds; empty is missing. Each cell
     * reads as its column's type, days as times. */
    const char *csv;
    size_t longest;   /* bytes of its longest row */
    const char *path; /* is made or emptied */
    const struct mg_parquet_column *columns;
    size_t n_columns;
    struct mg_stop *stop; /* NULL: nobody asks */
};

/* Who takes the rows of a Parquet file. */
struct mg_parquet_reader {
    void *user;
    /* First: so many rows and cells a row are to come, and before them a row of the columns' names. */
    int (*begin)(void *user, int64_t rows, size_t n_columns, struct mg_error *error);
    void (*text)(void *user, const char *text, size_t n); /* a cell; of no bytes where it is missing */
    void (*number)(void *user, double value);             /* a cell; not finite where it is missing */
    int (*end_row)(void *user, struct mg_error *error);   /* non-zero ends the reading and is returned */
};

MG_CHECKED int mg_columns_moments(const struct mg_columns *columns, struct mg_arena *arena,
                                  const struct mg_moments_request *request,
                                  struct mg_moments_result *ret_result, struct mg_error *error);
/* Columns are read a batch of 256 at a time, so that memory doesn't grow with their number: at most 64
 * MiB beside the engine's own limit. A sheet is read once a batch; mg_exchange_describe reads it once
 * in all. */
MG_CHECKED int mg_columns_describe(const struct mg_columns *columns, struct mg_arena *arena,
                                   const struct mg_source *source, struct mg_source_info *ret_info,
                                   struct mg_error *error);
/* Exact but for two values with the same hash of 64 bits. */
MG_CHECKED int mg_columns_distinct(const struct mg_columns *columns, struct mg_arena *arena,
                                   const struct mg_source *source, const char *name,
                                   const struct mg_filter *filters, size_t n_filters, struct mg_distinct *ret,
                                   struct mg_error *error);
/* Names and own types of the columns and the number of rows; nothing else is looked at. */
MG_CHECKED int mg_columns_names(const struct mg_columns *columns, struct mg_arena *arena,
                                const struct mg_source *source, struct mg_source_info *ret_info,
                                struct mg_error *error);
/* n_names 0: all columns. limit 0: all rows. */
MG_CHECKED int mg_columns_scan(const struct mg_columns *columns, const struct mg_source *source,
                               const char *const *names, size_t n_names, const struct mg_filter *filters,
                               size_t n_filters, int64_t limit, mg_row_sink *sink, void *user,
                               struct mg_error *error);
/* Numeric matrix, column-major, NaN for missing, after range, missing codes and reversal, in row order;
 * with request->weight the weights as they are follow as a last column. Groups, buckets and scores of the
 * request are not looked at. MG_E_LIMIT beyond max_rows. */
MG_CHECKED int mg_columns_matrix(const struct mg_columns *columns, struct mg_arena *arena,
                                 const struct mg_moments_request *request, size_t max_rows,
                                 double **ret_values, size_t *ret_rows, struct mg_error *error);
/* Joint counts of the given columns (as text), with weights if `weight` is not NULL (rows without a
 * positive one are left out then); sorted by the columns, numbers by value. More than `max` is
 * MG_E_LIMIT. */
MG_CHECKED int mg_columns_counts(const struct mg_columns *columns, struct mg_arena *arena,
                                 const struct mg_source *source, const char *const *names, size_t n_names,
                                 const char *weight, const struct mg_filter *filters, size_t n_filters,
                                 size_t max, struct mg_count **ret_counts, size_t *ret_n,
                                 struct mg_error *error);
/* values: one a column of the request. Its scores, buckets and scales are not looked at. Groups in no order.
 */
MG_CHECKED int mg_columns_hits(const struct mg_columns *columns, struct mg_arena *arena,
                               const struct mg_moments_request *request, const double *values,
                               struct mg_hits **ret_hits, size_t *ret_n, struct mg_error *error);
/* The values of one column in the rows that pass, most frequent first; the first `max` of them. */
MG_CHECKED int mg_columns_values(const struct mg_columns *columns, struct mg_arena *arena,
                                 const struct mg_source *source, const char *name,
                                 const struct mg_filter *filters, size_t n_filters, size_t max,
                                 struct mg_column_value **ret_values, size_t *ret_n, struct mg_error *error);
MG_CHECKED int mg_columns_weights(const struct mg_columns *columns, struct mg_arena *arena,
                                  const struct mg_source *source, const char *name,
                                  const struct mg_filter *filters, size_t n_filters,
                                  struct mg_weight_counts *ret_counts, struct mg_error *error);
/* Of a file: ids that come more than once, blank ones aside; the first `max` are listed. */
MG_CHECKED int mg_columns_repeats(const struct mg_columns *columns, struct mg_arena *arena,
                                  const struct mg_source *source, const char *name, size_t max,
                                  struct mg_repeats *ret_repeats, struct mg_error *error);

/* Rows in their order; memory as of any query. */
MG_CHECKED int mg_columns_parquet(const struct mg_columns *columns, const struct mg_parquet *request,
                                  struct mg_error *error);
/* The rows of the Parquet file at source->path, in their order: times as ISO text, structures as columns of
 * their own ("a.b"), lists of plain values joined by ";". Memory as of any query, and 16 bytes a cell of
 * 2,048 rows. */
MG_CHECKED int mg_columns_parquet_read(const struct mg_columns *columns, const struct mg_source *source,
                                       const struct mg_parquet_reader *reader, struct mg_error *error);

#endif
