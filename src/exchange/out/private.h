/* What a format fills in, and what the writer of all formats offers it. Only exchange/out sees it. */
#ifndef MG_EXCHANGE_OUT_PRIVATE_H
#define MG_EXCHANGE_OUT_PRIVATE_H

#include <stdio.h>

#include "exchange/out/out.h"

#define MG_OUT_TIME_SIZE 40
#define MG_OUT_DAY_US 86400000000.0

/* What was in a column, all rows together. */
struct mg_out_facts {
    int64_t n_missing, n_numbers, n_texts, n_times;
    size_t longest;    /* bytes of the longest text, as the column's type writes it */
    double low, high;  /* of numbers */
    bool fractions;    /* some number isn't whole */
    bool clock;        /* some time isn't midnight UTC */
    int64_t n_strange; /* texts where the type says numbers or times, numbers where it says times */
    int64_t n_changed; /* cells that the format doesn't hold as they were: its own count */
};

struct mg_out_spool;

struct mg_out_kind_of_file {
    const char *name, *ending, *media;
    int64_t rows_max;
    /* Columns are known when it begins: rows are kept back until all are there. */
    bool columns_first;
    int (*begin)(struct mg_out *out, struct mg_error *error);
    int (*row)(struct mg_out *out, const struct mg_out_cell *cells, struct mg_error *error);
    int (*end)(struct mg_out *out, struct mg_error *error);
    void (*drop)(struct mg_out *out); /* after begin, whether or not it went well; NULL: nothing to do */
};

struct mg_out {
    const struct mg_out_kind_of_file *kind;
    struct mg_arena *arena;
    const char *path;
    struct mg_out_options options;
    const struct mg_out_column *columns;
    size_t n;
    struct mg_out_facts *facts;
    int64_t rows;
    struct mg_out_spool *spool;
    bool begun;
    struct mg_text *losses;
    size_t n_losses, n_more; /* listed; beyond MG_OUT_LOSSES_MAX */
    void *own;               /* the format's */
};

extern const struct mg_out_kind_of_file mg_out_csv, mg_out_xlsx, mg_out_sav, mg_out_dta, mg_out_jsonl,
    mg_out_parquet;

/* Whether numbers from low to high are no answers. */
bool mg_out_has_range(const struct mg_out_column *column);

/* Columns with a label, with labels of values, with codes that are no answers: said as lost by the formats
 * that keep none. `name`: of the format. */
void mg_out_lose_labels(struct mg_out *out, const char *name);

/* The time as ISO 8601, with as many decimals as it has. */
void mg_out_time_text(double us, char ret_text[MG_OUT_TIME_SIZE]);
/* A cell as text; NULL: missing. */
const char *mg_out_cell_text(const struct mg_out_cell *cell, char scratch[MG_OUT_TIME_SIZE]);
/* The column's label in the file's language, else in the other; "": none. */
const char *mg_out_label(const struct mg_out *out, const struct mg_out_column *column);

/* Opens out->path for writing; writing and closing say a full disk. */
MG_CHECKED int mg_out_file_open(const struct mg_out *out, FILE **ret_file, struct mg_error *error);
MG_CHECKED int mg_out_failed(int why, struct mg_error *error); /* `why`: errno */

/* ---- spool.c ---- */

MG_CHECKED int mg_out_spool_new(const char *temp_dir, size_t n_columns, struct mg_out_spool **ret_spool,
                                struct mg_error *error);
void mg_out_spool_free(struct mg_out_spool *spool);
MG_CHECKED int mg_out_spool_add(struct mg_out_spool *spool, const struct mg_out_cell *cells,
                                struct mg_error *error);
/* Back to the first row; then one row after another: 1 and its cells, valid until the next call; 0 at the
 * end. */
MG_CHECKED int mg_out_spool_rewind(struct mg_out_spool *spool, struct mg_error *error);
MG_CHECKED int mg_out_spool_next(struct mg_out_spool *spool, const struct mg_out_cell **ret_cells,
                                 struct mg_error *error);

#endif
