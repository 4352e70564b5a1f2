/* What opening a file leaves behind for those who read it; only exchange/ sees it. */
#ifndef MG_EXCHANGE_PRIVATE_H
#define MG_EXCHANGE_PRIVATE_H

#include "base/arena.h"
#include "exchange/csv_reader.h"
#include "exchange/encoding.h"
#include "exchange/exchange.h"
#include "exchange/sniff.h"

#define MG_EXCHANGE_TEMPS_MAX 4 /* unpacked, UTF-8, CSV, a regular copy */
#define MG_EXCHANGE_NOTES_MAX 16

struct mg_exchange_private {
    struct mg_arena *arena;
    const char *name, *temp_dir;
    int64_t max_bytes, bytes; /* of the file as given */
    struct mg_stop *stop;
    enum mg_sniffed packed;           /* ZIP or GZIP, else TEXT: it is what was given */
    struct mg_encoding encoding;      /* of text */
    const char *path;                 /* of the current step's text */
    bool raw;                         /* that is the file as given: opened by its profile, and not read yet */
    bool records;                     /* text that was unpacked: its lines are rows, not of the file */
    int64_t above;                    /* of them, so many more than the file's */
    char delimiter;                   /* of that text */
    bool irregular;                   /* something that calls for a regular copy */
    const char *regular;              /* that copy, once it is there */
    bool *decimal;                    /* by column: its commas are decimal points */
    struct mg_decimal_count *counted; /* the same, while rows are counted; NULL: nothing is */
    const char *temps[MG_EXCHANGE_TEMPS_MAX];
    size_t n_temps;
    struct mg_text *notes;
    struct mg_exchange_bad_row *bad;
};

/* A new empty temporary file, deleted with the exchange. */
MG_CHECKED int mg_exchange_temp(const struct mg_exchange *x, const char **ret_path, struct mg_error *error);

/* Makes the file the text that its profile speaks of, before it is first read; who asks only for its columns
 * needs none. */
MG_CHECKED int mg_exchange_text(const struct mg_exchange *x, struct mg_error *error);

/* Decimal commas (decimal.c): begun with the columns, counted row by row, ended with the number of columns
 * that hold them. Mending changes a row's cells in place. */
MG_CHECKED int mg_decimals_begin(struct mg_exchange *x, struct mg_error *error);
void mg_decimals_count(struct mg_exchange *x, char *const *cells);
size_t mg_decimals_end(struct mg_exchange *x);
void mg_decimals_mend(const struct mg_exchange *x, char *const *cells);

/* Takes over what a profile says of a file of the same size; false: nothing was taken, as it says nothing of
 * this one. */
bool mg_exchange_profile_take(struct mg_exchange *x, const char *profile);

#endif
