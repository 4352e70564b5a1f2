/* What opening a file leaves behind for those who read it; only exchange/ sees it. */
#ifndef MG_EXCHANGE_PRIVATE_H
#define MG_EXCHANGE_PRIVATE_H

#include "base/arena.h"
#include "base/json.h"
#include "exchange/csv_reader.h"
#include "exchange/encoding.h"
#include "exchange/exchange.h"
#include "exchange/parts.h"
#include "exchange/sniff.h"

#define MG_EXCHANGE_TEMPS_MAX 4 /* unpacked twice, UTF-8, CSV */
#define MG_EXCHANGE_NOTES_MAX 64

struct mg_exchange_private {
    struct mg_arena *arena;
    const char *name, *temp_dir;
    int64_t max_bytes, bytes; /* of the file as given */
    struct mg_stop *stop;
    enum mg_sniffed packed;      /* ZIP or GZIP, else TEXT: it is what was given */
    struct mg_encoding encoding; /* of text */
    const char *path;            /* of the current step's text */
    int fd;                      /* of that text, once it is what is read; −1 */
    int64_t text_bytes;
    bool raw;                  /* `path` is the file as given: opened by its profile, and not read yet */
    bool made;                 /* text of ours, of a format that has names of its own: one row of header */
    bool names_first;          /* its first row is names: a format's that may have more of a header */
    bool records;              /* lines are records */
    char delimiter;            /* of the text */
    int64_t begin, begin_line; /* of the text behind a line `sep=;` */
    int64_t above;             /* lines of the text that the file doesn't have */
    bool keep_all;             /* rows that the tool calls unfinished, too */
    bool words_stay;           /* answers in words aren't taken as numbers: so the notes say */
    struct mg_shape shape;     /* with the header's rows, by which its repeats are known */
    struct mg_parts parts;
    struct mg_sheet sheet;
    const char *temps[MG_EXCHANGE_TEMPS_MAX];
    size_t n_temps;
    struct mg_text *notes;
    struct mg_exchange_bad_row *bad;
};

/* A new empty temporary file, deleted with the exchange. */
MG_CHECKED int mg_exchange_temp(const struct mg_exchange *x, const char **ret_path, struct mg_error *error);

/* Makes the file the text that its profile speaks of, before it is first read; who asks only for its columns
 * needs none. */
MG_CHECKED int mg_exchange_text(struct mg_exchange *x, struct mg_error *error);

/* Finds the table in the text: shape, counts, readings, facts (table.c). */
MG_CHECKED int mg_table_find(struct mg_exchange *x, const struct mg_exchange_options *options,
                             struct mg_error *error);
/* Puts what somebody says of columns over their readings, and what their cells are then into the facts: from
 * the evidence of an opening, and where that has not all values, from the rows, read once more. */
MG_CHECKED int mg_correct_columns(struct mg_exchange *x, const struct mg_exchange_options *options,
                                  const struct mg_evidence *evidence, struct mg_reading *readings,
                                  struct mg_cell_facts *facts, struct mg_error *error);
/* Of a file opened by its profile: its header's rows, and what is in its columns. */
MG_CHECKED int mg_table_header(struct mg_exchange *x, struct mg_error *error);
MG_CHECKED int mg_table_facts(struct mg_exchange *x, struct mg_error *error);
/* Why a row is no data: an index into left_out; 0: it is. `user` is the exchange. */
int mg_table_judge(const void *user, const struct mg_csv_row *row);

/* Takes over what a profile says of a file of the same size; false: nothing was taken, as it says nothing of
 * this one, or not what is in its columns, which can't be found out anew where its readings are told ones. */
bool mg_exchange_profile_take(struct mg_exchange *x, const char *profile, bool needs_facts);
/* What is in a column, as a member of its object in a profile; read back into the arena, false: it can't be.
 */
void mg_profile_put_facts(struct mg_json_writer *out, const struct mg_cell_facts *facts);
bool mg_profile_take_facts(struct mg_arena *arena, const json_t *from, struct mg_cell_facts *ret);

#endif
