/* What opening a file leaves behind for those who read it; only exchange/ sees it. */
#ifndef MG_EXCHANGE_PRIVATE_H
#define MG_EXCHANGE_PRIVATE_H

#include "base/arena.h"
#include "exchange/csv_reader.h"
#include "exchange/encoding.h"
#include "exchange/exchange.h"

/* Unpacked; UTF-8 and CSV, twice where a profile was wrong; a regular copy. */
#define MG_EXCHANGE_TEMPS_MAX 6
#define MG_EXCHANGE_NOTES_MAX 16

struct mg_exchange_private {
    struct mg_arena *arena;
    const char *name, *temp_dir;
    int64_t max_bytes, bytes; /* of the file as given */
    struct mg_stop *stop;
    struct mg_encoding encoding; /* of text */
    const char *path;            /* of the current step's text */
    bool records;                /* text made from JSONL: lines are records, after one of header */
    char delimiter;              /* of that text */
    bool irregular;              /* something that calls for a regular copy */
    const char *regular;         /* that copy, once it is there */
    const char *temps[MG_EXCHANGE_TEMPS_MAX];
    size_t n_temps;
    struct mg_text *notes;
    struct mg_exchange_bad_row *bad;
};

/* A new empty temporary file, deleted with the exchange. */
MG_CHECKED int mg_exchange_temp(struct mg_exchange *x, const char **ret_path, struct mg_error *error);

/* Takes over what a profile says of a file of the same size; false: nothing was taken, as it says nothing of
 * this one. */
bool mg_exchange_profile_take(struct mg_exchange *x, const char *profile);
/* Forgets what was taken. */
void mg_exchange_profile_drop(struct mg_exchange *x);

#endif
