/* What an import's thread shares between the reading of rows (importer_rows.c) and the batches' way through
 * writer and feeder (importer.c). */
#ifndef MG_SERVICE_LISTEN_IMPORTER_PRIVATE_H
#define MG_SERVICE_LISTEN_IMPORTER_PRIVATE_H

#include <pthread.h>

#include "base/ulid.h"
#include "service/listen/feed.h"
#include "service/listen/ids.h"
#include "service/listen/importer.h"
#include "service/record/stored.h"

#define BATCH_BYTES ((size_t)6 << 20) /* of texts; below what the store puts into one commit */
#define BATCH_ERRORS 2000
#define BATCHES 4

struct listed {
    int64_t number, line;
    const char *column, *value;
    struct mg_both reason;
};

struct importer;

enum batch_state { FREE, WRITING, WRITTEN };

struct batch {
    struct importer *importer;
    struct mg_arena *arena;
    struct mg_datum *cells; /* a row of them a row */
    struct mg_chunk_row *rows;
    const char **references; /* of the rows' customers; NULL: none */
    char (*ids)[MG_ULID_SIZE];
    struct listed *listed;
    size_t n_rows, n_listed, text_bytes;
    struct mg_import_counts counts; /* as of the end of this batch */
    enum batch_state state;         /* under the importer's lock */
};

/* What a column's cells of one digit are, which nearly all cells of answers have; BAD: to be looked at like
 * any other cell. */
struct digits {
    bool known; /* the column is nothing but a field of numbers */
    enum mg_cell kinds[10];
    double numbers[10];
};

struct importer {
    const struct mg_import_plan *plan;
    struct batch batches[BATCHES]; /* filled, written and fed in turn */
    struct batch *filling;
    struct digits *digits; /* by column of the file */
    struct mg_feed feed;
    struct mg_import_counts counts;
    int64_t now;
    size_t n_cells; /* of a row */
    size_t rows_a_batch;
    const char *const *names; /* of the study's fields */
    size_t row_problems;      /* of the row being read */
    size_t id_at;             /* the file's column that the study names for ids; SIZE_MAX: none */
    bool has_customers;       /* some column is the customers' */
    struct mg_ids ids, contents;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* a batch's state, or `over` */
    bool over;            /* no more batches come */
    int failed;           /* of a write */
    struct mg_error failure;
};

/* Hands the filled batch to the writer and goes on with the next one, once that is free. */
MG_CHECKED int mg_importer_submit(struct importer *importer, struct mg_error *error);
/* Finds out which rows of the filled batch are new, and takes out those that change nothing. */
MG_CHECKED int mg_importer_compare(struct importer *importer, struct mg_error *error);
/* What is to be known of the columns before rows are read. */
MG_CHECKED int mg_importer_prepare_rows(struct importer *importer, struct mg_error *error);
/* Reads and checks all rows into batches; those that are full are submitted. */
MG_CHECKED int mg_importer_read(struct importer *importer, struct mg_error *error);

#endif
