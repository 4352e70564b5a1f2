/* Reading chunks; see chunk.h. Nothing is read before it is known to be there: `take` alone moves through the
 * bytes, and once it was asked for too much everything after it is refused. */
#include "service/record/chunk.h"

#include <libdeflate.h>
#include <math.h>
#include <string.h>

#include "base/ulid.h"
#include "service/record/chunk_format.h"

_Static_assert(MG_CHUNK_CUSTOMER_SIZE == MG_ULID_SIZE, "a customer's id is a ULID");

struct reader {
    struct mg_arena *arena;
    const uint8_t *at;
    size_t left;
    bool bad;       /* more was asked for than there is, or something can't be */
    bool no_memory; /* the arena is full */
};

static int fail_damaged(struct mg_error *error)
{
    mg_fail(error, MG_E_ENGINE, "A chunk of imported responses is damaged in the record.");
    mg_fail_hint(error, "Run `mindgap check`, and restore a backup with `mindgap restore`.");
    return MG_E_ENGINE;
}

static int ended(const struct reader *r, struct mg_error *error)
{
    if (r->no_memory)
        return mg_fail_memory(error);
    return r->bad || r->left ? fail_damaged(error) : 0;
}

static const uint8_t *take(struct reader *r, size_t n)
{
    const uint8_t *at = r->at;
    r->bad |= n > r->left;
    if (r->bad)
        return NULL;
    r->at += n;
    r->left -= n;
    return at;
}

static uint64_t number_at(const uint8_t *bytes, size_t n)
{
    uint64_t value = 0;
    for (size_t i = n; bytes && i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static uint64_t take_number(struct reader *r, size_t n)
{
    return number_at(take(r, n), n);
}

static const char *take_text(struct reader *r)
{
    const uint8_t *end = r->bad ? NULL : memchr(r->at, 0, r->left);
    r->bad |= !end;
    return end ? (const char *)take(r, (size_t)(end - r->at) + 1) : NULL;
}

static void *room(struct reader *r, size_t n, size_t size)
{
    void *room = r->bad ? NULL : mg_arena_array(r->arena, n, size);
    r->no_memory |= !r->bad && !room;
    r->bad |= !room;
    return room;
}

static void take_texts(struct reader *r, size_t rows, struct mg_chunk_texts *ret)
{
    size_t n = (size_t)take_number(r, 2), bytes = (size_t)take_number(r, 4);
    *ret = (struct mg_chunk_texts){.n = n};
    r->bad |= n > rows || bytes > r->left;
    if (r->bad || n == 0)
        return;
    ret->texts = room(r, n, sizeof *ret->texts);
    const uint8_t *start = r->at;
    for (size_t i = 0; i < n && !r->bad; i++)
        ret->texts[i] = take_text(r);
    r->bad |= !r->bad && (size_t)(r->at - start) != bytes;
    ret->low = take(r, rows);
    ret->high = n > UINT8_MAX ? take(r, rows) : NULL;
    for (size_t i = 0; i < rows && !r->bad; i++)
        r->bad |= (size_t)(ret->low[i] | (ret->high ? ret->high[i] << 8 : 0)) > n;
}

static const char *text_of(const struct mg_chunk_texts *texts, size_t row)
{
    if (!texts->low)
        return NULL;
    size_t code = (size_t)(texts->low[row] | (texts->high ? texts->high[row] << 8 : 0));
    return code ? texts->texts[code - 1] : NULL;
}

/* ---- head ---- */

static void take_times(struct reader *r, struct mg_chunk *chunk)
{
    unsigned kind = (unsigned)take_number(r, 1);
    r->bad |= kind > TIMES_WHOLE;
    if (kind == TIMES_NONE || r->bad)
        return;
    chunk->seconds = kind == TIMES_SECONDS;
    chunk->time_base = (int64_t)take_number(r, 8);
    chunk->times = take(r, chunk->n_rows * (chunk->seconds ? 4 : 8));
    /* no row's time lies beyond what can be added up */
    r->bad |= chunk->seconds && (chunk->time_base > INT64_MAX / 2 || chunk->time_base < INT64_MIN / 2);
}

static void take_waves(struct reader *r, struct mg_chunk *chunk)
{
    unsigned alike = (unsigned)take_number(r, 1);
    r->bad |= alike > 1;
    if (alike)
        chunk->wave = take_text(r);
    else
        take_texts(r, chunk->n_rows, &chunk->waves);
}

int mg_chunk_read_head(struct mg_arena *arena, const void *head, size_t size, struct mg_chunk *ret_chunk,
                       struct mg_error *error)
{
    struct reader r = {.arena = arena, .at = head, .left = size};
    const uint8_t *mark = take(&r, MARK_BYTES);
    uint32_t sum = (uint32_t)take_number(&r, 4);
    if (r.bad || memcmp(mark, HEAD_MARK, MARK_BYTES) != 0 || size > MG_CHUNK_BYTES_MAX ||
        sum != libdeflate_crc32(0, r.at, r.left))
        return fail_damaged(error);
    struct mg_chunk chunk = {.n_rows = (size_t)take_number(&r, 2)};
    unsigned erased = (unsigned)take_number(&r, 1);
    r.bad |= chunk.n_rows == 0 || chunk.n_rows > MG_CHUNK_ROWS || erased > 1;
    if (erased)
        chunk.erased = take(&r, (chunk.n_rows + 7) / 8);
    take_times(&r, &chunk);
    take_waves(&r, &chunk);
    int rc = ended(&r, error);
    if (!rc)
        *ret_chunk = chunk;
    return rc;
}

/* ---- data ---- */

static void take_numbers(struct reader *r, size_t rows, struct mg_chunk_numbers *ret)
{
    unsigned kind = (unsigned)take_number(r, 1);
    ret->planes = kind == NUMBERS_PLANES;
    r->bad |= kind != NUMBERS_BYTES && !ret->planes;
    uint64_t base = ret->planes ? 0 : take_number(r, 8);
    memcpy(&ret->base, &base, sizeof base);
    ret->bytes = take(r, ret->planes ? 8 * rows : rows);
    r->bad |= !isfinite(ret->base);
}

static void take_column(struct reader *r, size_t rows, unsigned may, struct mg_chunk_column *ret)
{
    unsigned kinds = (unsigned)take_number(r, 1);
    r->bad |= (kinds & ~may) != 0;
    if (kinds & COLUMN_NUMBERS)
        take_numbers(r, rows, &ret->numbers);
    if (kinds & COLUMN_TEXTS)
        take_texts(r, rows, &ret->texts);
}

static const char **take_names(struct reader *r, size_t *ret_n)
{
    size_t n = (size_t)take_number(r, 4);
    r->bad |= n > MG_CHUNK_COLUMNS_MAX || n > r->left;
    const char **names = room(r, n, sizeof *names);
    for (size_t i = 0; i < n && !r->bad; i++)
        names[i] = take_text(r);
    *ret_n = n;
    return names;
}

static void take_data(struct reader *r, struct mg_chunk *chunk)
{
    struct mg_chunk_column weights = {0}, respondents = {0};
    size_t rows = chunk->n_rows;
    chunk->columns = take_names(r, &chunk->n_columns);
    take_column(r, rows, COLUMN_NUMBERS, &weights);
    unsigned customers = (unsigned)take_number(r, 1);
    r->bad |= customers > 1;
    chunk->customers = customers ? take(r, CUSTOMER_BYTES * rows) : NULL;
    take_column(r, rows, COLUMN_TEXTS, &respondents);
    struct mg_chunk_column *answers = room(r, chunk->n_columns, sizeof *answers);
    for (size_t c = 0; c < chunk->n_columns && !r->bad; c++)
        take_column(r, rows, COLUMN_NUMBERS | COLUMN_TEXTS, &answers[c]);
    chunk->weights = weights.numbers;
    chunk->respondents = respondents.texts;
    chunk->answers = answers;
}

static int unpack(const struct reader *packed, uint8_t *plain, size_t plain_size, struct mg_error *error)
{
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    if (!decompressor)
        return mg_fail_memory(error);
    /* NULL for what was found: anything but `plain_size` bytes is damage. */
    enum libdeflate_result result =
        libdeflate_zlib_decompress(decompressor, packed->at, packed->left, plain, plain_size, NULL);
    libdeflate_free_decompressor(decompressor);
    return result == LIBDEFLATE_SUCCESS ? 0 : fail_damaged(error);
}

int mg_chunk_read_data(struct mg_arena *arena, const void *data, size_t size, struct mg_chunk *chunk,
                       struct mg_error *error)
{
    struct reader packed = {.arena = arena, .at = data, .left = size};
    const uint8_t *mark = take(&packed, MARK_BYTES);
    uint32_t sum = (uint32_t)take_number(&packed, 4);
    size_t plain_size = (size_t)take_number(&packed, 4);
    if (packed.bad || memcmp(mark, DATA_MARK, MARK_BYTES) != 0 || plain_size > MG_CHUNK_BYTES_MAX ||
        size > 2 * MG_CHUNK_BYTES_MAX || sum != libdeflate_crc32(0, packed.at, packed.left))
        return fail_damaged(error);
    uint8_t *plain = mg_arena_alloc(arena, plain_size + 1);
    if (!plain)
        return mg_fail_memory(error);
    int rc = unpack(&packed, plain, plain_size, error);
    if (rc)
        return rc;
    struct reader r = {.arena = arena, .at = plain, .left = plain_size};
    take_data(&r, chunk);
    return ended(&r, error);
}

/* ---- rows ---- */

bool mg_chunk_is_erased(const struct mg_chunk *chunk, size_t row)
{
    return chunk->erased && (chunk->erased[row / 8] >> row % 8 & 1);
}

int64_t mg_chunk_at(const struct mg_chunk *chunk, size_t row)
{
    if (!chunk->times)
        return MG_CHUNK_NO_TIME;
    if (!chunk->seconds)
        return (int64_t)number_at(chunk->times + 8 * row, 8);
    uint32_t seconds = (uint32_t)number_at(chunk->times + 4 * row, 4);
    return seconds == UINT32_MAX ? MG_CHUNK_NO_TIME : chunk->time_base + (int64_t)seconds * 1000000;
}

const char *mg_chunk_wave(const struct mg_chunk *chunk, size_t row)
{
    if (mg_chunk_is_erased(chunk, row))
        return NULL;
    return chunk->wave ? chunk->wave : text_of(&chunk->waves, row);
}

bool mg_chunk_customer(const struct mg_chunk *chunk, size_t row, char ret_id[MG_CHUNK_CUSTOMER_SIZE])
{
    uint64_t high = 0, low = 0;
    for (size_t plane = 0; plane < 8 && chunk->customers; plane++) {
        high = high << 8 | chunk->customers[plane * chunk->n_rows + row];
        low = low << 8 | chunk->customers[(plane + 8) * chunk->n_rows + row];
    }
    if (!high && !low)
        return false;
    for (size_t c = MG_ULID_SIZE - 1; c-- > 0;) {
        ret_id[c] = ULID_LETTERS[low & 31];
        low = low >> 5 | high << 59;
        high >>= 5;
    }
    ret_id[MG_ULID_SIZE - 1] = '\0';
    return true;
}

static double number_of(const struct mg_chunk_numbers *numbers, size_t rows, size_t row)
{
    if (!numbers->bytes)
        return NAN;
    if (!numbers->planes)
        return numbers->bytes[row] ? numbers->base + numbers->bytes[row] - 1 : NAN;
    uint64_t bits = 0;
    for (size_t plane = 8; plane-- > 0;)
        bits = bits << 8 | numbers->bytes[plane * rows + row];
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

struct mg_datum mg_chunk_answer(const struct mg_chunk *chunk, size_t row, size_t column)
{
    const struct mg_chunk_column *from = &chunk->answers[column];
    double number = number_of(&from->numbers, chunk->n_rows, row);
    return isnan(number) ? mg_datum_text(text_of(&from->texts, row)) : mg_datum_number(number);
}

int mg_chunk_row(const struct mg_chunk *chunk, struct mg_arena *arena, size_t row, struct mg_datum *answers,
                 struct mg_chunk_row *ret_row, struct mg_error *error)
{
    char customer[MG_CHUNK_CUSTOMER_SIZE];
    *ret_row = (struct mg_chunk_row){.wave = mg_chunk_wave(chunk, row),
                                     .respondent = text_of(&chunk->respondents, row),
                                     .weight = number_of(&chunk->weights, chunk->n_rows, row),
                                     .at = mg_chunk_at(chunk, row),
                                     .erased = mg_chunk_is_erased(chunk, row),
                                     .answers = answers};
    if (mg_chunk_customer(chunk, row, customer)) {
        ret_row->customer_id = mg_arena_strdup(arena, customer);
        if (!ret_row->customer_id)
            return mg_fail_memory(error);
    }
    for (size_t c = 0; c < chunk->n_columns; c++)
        answers[c] = mg_chunk_answer(chunk, row, c);
    return 0;
}
