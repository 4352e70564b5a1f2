/* Writing chunks; see chunk.h. */
#include <libdeflate.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/str.h"
#include "base/ulid.h"
#include "service/record/chunk.h"
#include "service/record/chunk_format.h"

#define SLOTS 8192 /* twice the rows of a chunk: at most half of them are taken */
#define BASE_MOST 1e9
/* Answers are nearly random digits: looking for repeats longer than a byte's finds little, and takes ten
 * times as long. */
#define LEVEL 1

_Static_assert(SLOTS >= 2 * MG_CHUNK_ROWS, "each row may have a text of its own");

struct writer {
    const struct mg_chunk_rows *rows;
    struct mg_buf *out;
    uint8_t *scratch;   /* 16 bytes a row */
    double *numbers;    /* of one column; NAN: none */
    const char **texts; /* of one column; NULL: none */
    uint16_t *codes;
    uint16_t *slots; /* SLOTS, of 1 + which of `distinct` */
    const char **distinct;
};

static void put_number(struct mg_buf *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++, value >>= 8)
        mg_buf_putc(out, (char)(value & 0xFF));
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* ---- numbers ---- */

/* Whether they are whole and near each other; *ret_base: the least. */
static bool fit_bytes(const double *numbers, size_t n, double *ret_base)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double v = numbers[i];
        if (isnan(v))
            continue;
        if (!(v > -BASE_MOST && v < BASE_MOST) || v != (double)(int64_t)v || (v == 0 && signbit(v)))
            return false;
        least = v < least ? v : least;
        most = v > most ? v : most;
    }
    *ret_base = least;
    return most - least <= UINT8_MAX - 1;
}

static void write_numbers(struct writer *w)
{
    size_t n = w->rows->n_rows;
    double base;
    uint8_t *bytes = w->scratch;
    if (fit_bytes(w->numbers, n, &base)) {
        put_number(w->out, NUMBERS_BYTES, 1);
        put_number(w->out, bits_of(base), 8);
        for (size_t i = 0; i < n; i++)
            bytes[i] = isnan(w->numbers[i]) ? 0 : (uint8_t)(w->numbers[i] - base + 1);
        mg_buf_add(w->out, bytes, n);
        return;
    }
    put_number(w->out, NUMBERS_PLANES, 1);
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = isnan(w->numbers[i]) ? NO_NUMBER : bits_of(w->numbers[i]);
        for (size_t plane = 0; plane < 8; plane++)
            bytes[plane * n + i] = (uint8_t)(bits >> (8 * plane));
    }
    mg_buf_add(w->out, bytes, 8 * n);
}

/* ---- texts ---- */

static size_t find_slot(const struct writer *w, const char *text)
{
    uint64_t hash = mg_hash_text(MG_HASH_START, text);
    size_t at = (size_t)(hash ^ hash >> 29) & (SLOTS - 1);
    while (w->slots[at] && strcmp(w->distinct[w->slots[at] - 1], text) != 0)
        at = (at + 1) & (SLOTS - 1);
    return at;
}

/* Gives each text of the column its code; returns how many there are. */
static size_t number_texts(struct writer *w)
{
    size_t n = 0;
    memset(w->slots, 0, SLOTS * sizeof *w->slots);
    for (size_t i = 0; i < w->rows->n_rows; i++) {
        w->codes[i] = 0;
        if (!w->texts[i])
            continue;
        size_t at = find_slot(w, w->texts[i]);
        if (!w->slots[at]) {
            w->distinct[n++] = w->texts[i];
            w->slots[at] = (uint16_t)n;
        }
        w->codes[i] = w->slots[at];
    }
    return n;
}

static void write_distinct(struct writer *w, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += strlen(w->distinct[i]) + 1;
    put_number(w->out, n, 2);
    put_number(w->out, bytes, 4);
    for (size_t i = 0; i < n; i++)
        mg_buf_add(w->out, w->distinct[i], strlen(w->distinct[i]) + 1);
}

static void write_texts(struct writer *w)
{
    size_t rows = w->rows->n_rows, n = number_texts(w);
    write_distinct(w, n);
    for (size_t i = 0; i < rows && n; i++) {
        w->scratch[i] = (uint8_t)w->codes[i];
        w->scratch[rows + i] = (uint8_t)(w->codes[i] >> 8);
    }
    if (n)
        mg_buf_add(w->out, w->scratch, n <= UINT8_MAX ? rows : 2 * rows);
}

/* ---- head ---- */

static void write_erased(struct writer *w)
{
    size_t n = w->rows->n_rows;
    memset(w->scratch, 0, (n + 7) / 8);
    for (size_t i = 0; i < n; i++)
        w->scratch[i / 8] |= (uint8_t)(w->rows->rows[i].erased << i % 8);
    mg_buf_add(w->out, w->scratch, (n + 7) / 8);
}

static bool has_time(const struct mg_chunk_row *row)
{
    return !row->erased && row->at != MG_CHUNK_NO_TIME;
}

/* Seconds where they say all: half the size. */
static int times_kind(const struct mg_chunk_rows *rows, int64_t *ret_base)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    bool whole = true;
    for (size_t i = 0; i < rows->n_rows; i++) {
        if (!has_time(&rows->rows[i]))
            continue;
        int64_t at = rows->rows[i].at;
        least = at < least ? at : least;
        most = at > most ? at : most;
        whole &= at % 1000000 == 0;
    }
    *ret_base = least;
    if (least == INT64_MAX)
        return TIMES_NONE;
    return whole && most / 1000000 - least / 1000000 < UINT32_MAX ? TIMES_SECONDS : TIMES_WHOLE;
}

static void write_times(struct writer *w)
{
    int64_t base = 0;
    int kind = times_kind(w->rows, &base);
    put_number(w->out, (uint64_t)kind, 1);
    if (kind == TIMES_NONE)
        return;
    put_number(w->out, (uint64_t)base, 8);
    for (size_t i = 0; i < w->rows->n_rows; i++) {
        const struct mg_chunk_row *row = &w->rows->rows[i];
        if (kind == TIMES_SECONDS)
            put_number(w->out, has_time(row) ? (uint64_t)(row->at / 1000000 - base / 1000000) : UINT32_MAX,
                       4);
        else
            put_number(w->out, has_time(row) ? (uint64_t)row->at : (uint64_t)MG_CHUNK_NO_TIME, 8);
    }
}

/* One wave for all is written once. */
static void write_waves(struct writer *w)
{
    const struct mg_chunk_row *rows = w->rows->rows;
    const char *only = NULL;
    bool alike = true, first = true;
    for (size_t i = 0; i < w->rows->n_rows; i++) {
        w->texts[i] = rows[i].erased ? NULL : rows[i].wave;
        if (rows[i].erased)
            continue;
        alike &= first || mg_str_equal(only, rows[i].wave);
        only = rows[i].wave;
        first = false;
    }
    alike &= only != NULL;
    put_number(w->out, alike, 1);
    if (alike)
        mg_buf_add(w->out, only, strlen(only) + 1);
    else
        write_texts(w);
}

static void write_head(struct writer *w, struct mg_buf *head)
{
    bool any_erased = false;
    for (size_t i = 0; i < w->rows->n_rows; i++)
        any_erased |= w->rows->rows[i].erased;
    w->out = head;
    mg_buf_add(head, HEAD_MARK, MARK_BYTES);
    size_t start = head->len;
    put_number(head, 0, 4);
    put_number(head, w->rows->n_rows, 2);
    put_number(head, any_erased, 1);
    if (any_erased)
        write_erased(w);
    write_times(w);
    write_waves(w);
    if (head->failed)
        return;
    uint32_t sum = libdeflate_crc32(0, head->data + start + 4, head->len - start - 4);
    for (size_t i = 0; i < 4; i++)
        head->data[start + i] = (char)(sum >> (8 * i));
}

/* ---- data ---- */

static void write_names(struct writer *w)
{
    put_number(w->out, w->rows->n_columns, 4);
    for (size_t c = 0; c < w->rows->n_columns; c++)
        mg_buf_add(w->out, w->rows->columns[c], strlen(w->rows->columns[c]) + 1);
}

/* One answer of every row into `numbers` and `texts`; returns which kinds there are. */
static unsigned gather(struct writer *w, size_t column)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < w->rows->n_rows; i++) {
        const struct mg_chunk_row *row = &w->rows->rows[i];
        const struct mg_datum none = {0}, *answer = row->erased ? &none : &row->answers[column];
        bool number = answer->kind == MG_DATUM_NUMBER && !isnan(answer->number);
        bool text = answer->kind == MG_DATUM_TEXT;
        w->numbers[i] = number ? answer->number : NAN;
        w->texts[i] = text ? answer->text : NULL;
        kinds |= (number ? COLUMN_NUMBERS : 0) | (text ? COLUMN_TEXTS : 0);
    }
    return kinds;
}

static void write_column(struct writer *w, unsigned kinds)
{
    put_number(w->out, kinds, 1);
    if (kinds & COLUMN_NUMBERS)
        write_numbers(w);
    if (kinds & COLUMN_TEXTS)
        write_texts(w);
}

static void write_weights(struct writer *w)
{
    bool any = false;
    for (size_t i = 0; i < w->rows->n_rows; i++) {
        w->numbers[i] = w->rows->rows[i].erased ? NAN : w->rows->rows[i].weight;
        any |= !isnan(w->numbers[i]);
    }
    write_column(w, any ? COLUMN_NUMBERS : 0);
}

/* A ULID as its 128 bits, into byte i of sixteen planes. false: it is none. */
static bool pack_customer(const char *id, uint8_t *planes, size_t n, size_t i)
{
    uint64_t high = 0, low = 0;
    if (!mg_ulid_valid(id))
        return false;
    for (size_t c = 0; c < MG_ULID_SIZE - 1; c++) {
        high = high << 5 | low >> 59;
        low = low << 5 | (uint64_t)(strchr(ULID_LETTERS, id[c]) - ULID_LETTERS);
    }
    for (size_t plane = 0; plane < 8; plane++) {
        planes[plane * n + i] = (uint8_t)(high >> (56 - 8 * plane));
        planes[(plane + 8) * n + i] = (uint8_t)(low >> (56 - 8 * plane));
    }
    return true;
}

static int write_customers(struct writer *w, struct mg_error *error)
{
    size_t n = w->rows->n_rows;
    bool any = false;
    memset(w->scratch, 0, CUSTOMER_BYTES * n);
    for (size_t i = 0; i < n; i++) {
        const struct mg_chunk_row *row = &w->rows->rows[i];
        if (row->erased || !row->customer_id)
            continue;
        any = true;
        if (!pack_customer(row->customer_id, w->scratch, n, i))
            return mg_fail(error, MG_E_INVALID, "A customer's id is none.");
    }
    put_number(w->out, any, 1);
    if (any)
        mg_buf_add(w->out, w->scratch, CUSTOMER_BYTES * n);
    return 0;
}

static void write_respondents(struct writer *w)
{
    bool any = false;
    for (size_t i = 0; i < w->rows->n_rows; i++) {
        w->texts[i] = w->rows->rows[i].erased ? NULL : w->rows->rows[i].respondent;
        any |= w->texts[i] != NULL;
    }
    write_column(w, any ? COLUMN_TEXTS : 0);
}

static int pack(const struct mg_buf *plain, struct mg_buf *data, struct mg_error *error)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL);
    size_t room = compressor ? libdeflate_zlib_compress_bound(compressor, plain->len) : 0;
    uint8_t *packed = compressor ? malloc(room) : NULL;
    size_t size = packed ? libdeflate_zlib_compress(compressor, plain->data, plain->len, packed, room) : 0;
    if (size) {
        mg_buf_add(data, DATA_MARK, MARK_BYTES);
        put_number(data, libdeflate_crc32(0, packed, size), 4);
        put_number(data, plain->len, 4);
        mg_buf_add(data, packed, size);
    }
    free(packed);
    libdeflate_free_compressor(compressor);
    return size ? 0 : mg_fail_memory(error);
}

static int write_data(struct writer *w, struct mg_buf *data, struct mg_error *error)
{
    struct mg_buf plain;
    mg_buf_init(&plain, MG_CHUNK_BYTES_MAX);
    w->out = &plain;
    write_names(w);
    write_weights(w);
    int rc = write_customers(w, error);
    write_respondents(w);
    for (size_t c = 0; c < w->rows->n_columns && !rc && !plain.failed; c++)
        write_column(w, gather(w, c));
    if (!rc && plain.failed)
        rc = mg_fail(error, MG_E_LIMIT, "A chunk of responses is larger than %zu bytes.", MG_CHUNK_BYTES_MAX);
    if (!rc)
        rc = pack(&plain, data, error);
    mg_buf_done(&plain);
    return rc;
}

static bool make_room(struct writer *w, size_t n)
{
    w->scratch = malloc(CUSTOMER_BYTES * n);
    w->numbers = malloc(n * sizeof *w->numbers);
    w->texts = malloc(n * sizeof *w->texts);
    w->codes = malloc(n * sizeof *w->codes);
    w->slots = malloc(SLOTS * sizeof *w->slots);
    w->distinct = malloc(n * sizeof *w->distinct);
    return w->scratch && w->numbers && w->texts && w->codes && w->slots && w->distinct;
}

static void free_room(struct writer *w)
{
    free(w->scratch);
    free(w->numbers);
    free(w->texts);
    free(w->codes);
    free(w->slots);
    free(w->distinct);
}

int mg_chunk_write(const struct mg_chunk_rows *rows, struct mg_buf *ret_head, struct mg_buf *ret_data,
                   struct mg_error *error)
{
    struct writer w = {.rows = rows};
    if (rows->n_rows == 0 || rows->n_rows > MG_CHUNK_ROWS || rows->n_columns > MG_CHUNK_COLUMNS_MAX)
        return mg_fail(error, MG_E_LIMIT, "A chunk holds 1 to %zu responses of at most %zu columns.",
                       MG_CHUNK_ROWS, MG_CHUNK_COLUMNS_MAX);
    int rc = make_room(&w, rows->n_rows) ? 0 : mg_fail_memory(error);
    if (!rc) {
        write_head(&w, ret_head);
        rc = write_data(&w, ret_data, error);
    }
    if (!rc && (ret_head->failed || ret_data->failed))
        rc = mg_fail_memory(error);
    free_room(&w);
    return rc;
}
