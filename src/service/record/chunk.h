/* A chunk: up to MG_CHUNK_ROWS responses of one import as two strings of bytes, column by column.
 *
 *   head   as it is: which rows were erased, times, waves     what a page in order of time looks at
 *   data   packed:   columns' names, weights, customers, respondents' ids, answers
 *
 *   head := "MH" version crc32 n_rows flags [erased bits] times waves
 *   data := "MD" version crc32 size zlib(n_columns names weights customers respondents column…)
 *   column := flags [numbers] [texts]      numbers: a byte each above a base, else eight planes of bytes
 *                                          texts: each once, and a code a row
 *
 * A row's place is part of its response's id, so a row that was erased stays as an empty one. Names come with
 * the answers: the study may have other columns by now. Numbers are little-endian. Whatever is read is
 * checked: any bytes are a chunk, or MG_E_ENGINE says that it is damaged, as for the rest of the record. */
#ifndef MG_SERVICE_RECORD_CHUNK_H
#define MG_SERVICE_RECORD_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/datum.h"

#define MG_CHUNK_ROWS ((size_t)4096)
#define MG_CHUNK_COLUMNS_MAX ((size_t)65536)
#define MG_CHUNK_CELLS ((size_t)1 << 19) /* rows × columns that a writer puts into one: it bounds memory */
#define MG_CHUNK_BYTES_MAX ((size_t)64 << 20) /* of `data`, unpacked */
#define MG_CHUNK_NO_TIME INT64_MIN

struct mg_chunk_row {
    const char *wave, *customer_id, *respondent; /* NULL: none */
    double weight;                               /* NAN: none */
    int64_t at;                                  /* MG_CHUNK_NO_TIME: none */
    bool erased;                                 /* all else is empty */
    const struct mg_datum *answers;              /* one a column: numbers, texts or none */
};

/* What a chunk is made from. */
struct mg_chunk_rows {
    const char *const *columns;
    size_t n_columns;
    const struct mg_chunk_row *rows;
    size_t n_rows;
};

/* Writes both parts into buffers that the caller has begun. MG_E_LIMIT: it would be larger than
 * MG_CHUNK_BYTES_MAX, or has more rows or columns than a chunk may. */
MG_CHECKED int mg_chunk_write(const struct mg_chunk_rows *rows, struct mg_buf *ret_head,
                              struct mg_buf *ret_data, struct mg_error *error);

/* Texts of one kind: `codes` 1 + which of `texts`; 0: none. */
struct mg_chunk_texts {
    const char **texts;
    size_t n;
    const uint8_t *low, *high; /* bytes of the codes; low NULL: no texts at all; high NULL: below 256 */
};

struct mg_chunk_numbers {
    const uint8_t *bytes; /* n_rows of them above `base`, else eight planes of n_rows; NULL: no numbers */
    bool planes;
    double base;
};

struct mg_chunk_column {
    struct mg_chunk_numbers numbers;
    struct mg_chunk_texts texts;
};

/* A chunk that was read; it borrows from what it was read from and its arena. */
struct mg_chunk {
    size_t n_rows, n_columns;
    const uint8_t *erased; /* bits; NULL: none */
    const uint8_t *times;  /* NULL: none has a time */
    bool seconds;          /* 4 bytes each, seconds from time_base; else 8, microseconds */
    int64_t time_base;
    const char *wave; /* of all rows that weren't erased; NULL: see `waves` */
    struct mg_chunk_texts waves;
    const char *const *columns; /* from here on of the data */
    struct mg_chunk_numbers weights;
    const uint8_t *customers; /* sixteen planes; NULL: none has a customer */
    struct mg_chunk_texts respondents;
    const struct mg_chunk_column *answers;
};

/* The head alone: erased, times, waves. MG_E_ENGINE: it is damaged. */
MG_CHECKED int mg_chunk_read_head(struct mg_arena *arena, const void *head, size_t size,
                                  struct mg_chunk *ret_chunk, struct mg_error *error);
/* The rest of a chunk whose head was read. MG_E_ENGINE: it is damaged; MG_E_NO_MEMORY. */
MG_CHECKED int mg_chunk_read_data(struct mg_arena *arena, const void *data, size_t size,
                                  struct mg_chunk *chunk, struct mg_error *error);

bool mg_chunk_is_erased(const struct mg_chunk *chunk, size_t row);
int64_t mg_chunk_at(const struct mg_chunk *chunk, size_t row);
const char *mg_chunk_wave(const struct mg_chunk *chunk, size_t row);
/* Room for a customer's id as a text. */
#define MG_CHUNK_CUSTOMER_SIZE 27
/* The customer's id into `ret_id`; false: none. */
bool mg_chunk_customer(const struct mg_chunk *chunk, size_t row, char ret_id[MG_CHUNK_CUSTOMER_SIZE]);
struct mg_datum mg_chunk_answer(const struct mg_chunk *chunk, size_t row, size_t column);
/* All of a row; its answers into `answers`, n_columns of them. MG_E_NO_MEMORY. */
MG_CHECKED int mg_chunk_row(const struct mg_chunk *chunk, struct mg_arena *arena, size_t row,
                            struct mg_datum *answers, struct mg_chunk_row *ret_row, struct mg_error *error);

#endif
