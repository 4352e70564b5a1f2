/* A chunk of any bytes: the first two tell how long its head is, then come the head, and the data as they are
 * before they are packed. What only makes damage known, checksums and packing, is made here.
 *
 * Invariants: what is refused says why; every row of what is accepted can be read, and written and read again
 * it is the same. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fuzz.h"
#include "service/record/chunk.h"

#define ROWS_WRITTEN 64 /* again; of small chunks */
#define PREFIX 11       /* of the data before what is packed */

static void set_sum(uint8_t *part, size_t size)
{
    if (size < 7)
        return;
    uint32_t sum = (uint32_t)crc32(0, part + 7, (uInt)(size - 7));
    for (size_t i = 0; i < 4; i++)
        part[3 + i] = (uint8_t)(sum >> (8 * i));
}

/* The data's mark, checksum and size, and the bytes packed. */
static uint8_t *pack(const uint8_t *plain, size_t n, size_t *ret_size)
{
    uLongf size = compressBound(n);
    uint8_t *data = malloc(PREFIX + size);
    assert(data && compress2(data + PREFIX, &size, plain, n, 1) == Z_OK);
    memcpy(data, "MD\x01", 3);
    for (size_t i = 0; i < 4; i++)
        data[7 + i] = (uint8_t)(n >> (8 * i));
    uint32_t sum = (uint32_t)crc32(0, data + PREFIX, (uInt)size);
    for (size_t i = 0; i < 4; i++)
        data[3 + i] = (uint8_t)(sum >> (8 * i));
    *ret_size = PREFIX + size;
    return data;
}

static int read_chunk(struct mg_arena *arena, const void *head, size_t head_size, const void *data,
                      size_t data_size, struct mg_chunk *chunk, struct mg_error *error)
{
    int rc = mg_chunk_read_head(arena, head, head_size, chunk, error);
    return rc ? rc : mg_chunk_read_data(arena, data, data_size, chunk, error);
}

static struct mg_chunk_row *read_rows(struct mg_arena *arena, const struct mg_chunk *chunk)
{
    struct mg_chunk_row *rows = mg_arena_array(arena, chunk->n_rows, sizeof *rows);
    for (size_t i = 0; rows && i < chunk->n_rows; i++) {
        struct mg_datum *answers = mg_arena_array(arena, chunk->n_columns + 1, sizeof *answers);
        if (!answers || mg_chunk_row(chunk, arena, i, answers, &rows[i], NULL))
            return NULL;
    }
    return rows;
}

static void check_again(struct mg_arena *arena, const struct mg_chunk *chunk)
{
    struct mg_chunk_row *rows = read_rows(arena, chunk), *twice;
    struct mg_chunk again;
    struct mg_buf head, data;
    if (!rows || chunk->n_rows > ROWS_WRITTEN)
        return;
    mg_buf_init(&head, MG_CHUNK_BYTES_MAX);
    mg_buf_init(&data, MG_CHUNK_BYTES_MAX);
    const struct mg_chunk_rows written = {chunk->columns, chunk->n_columns, rows, chunk->n_rows};
    if (mg_chunk_write(&written, &head, &data, NULL) == 0) {
        assert(read_chunk(arena, head.data, head.len, data.data, data.len, &again, NULL) == 0);
        assert(again.n_rows == chunk->n_rows && again.n_columns == chunk->n_columns);
        twice = read_rows(arena, &again);
        for (size_t i = 0; twice && i < again.n_rows; i++)
            assert(twice[i].erased == rows[i].erased && (rows[i].erased || twice[i].at == rows[i].at));
    }
    mg_buf_done(&head);
    mg_buf_done(&data);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct mg_arena *arena = mg_arena_new((size_t)256 << 20);
    struct mg_error error = {0};
    struct mg_chunk chunk;
    if (size < 2)
        return mg_arena_free(arena), 0;
    size_t head_size = (size_t)(bytes[0] | bytes[1] << 8), rest = size - 2;
    head_size = head_size < rest ? head_size : rest;
    uint8_t *head = malloc(head_size + 1);
    assert(arena && head);
    memcpy(head, bytes + 2, head_size);
    set_sum(head, head_size);
    size_t data_size;
    uint8_t *data = pack(bytes + 2 + head_size, rest - head_size, &data_size);
    if (read_chunk(arena, head, head_size, data, data_size, &chunk, &error) == 0)
        check_again(arena, &chunk);
    else
        assert(error.code < 0 && *error.message);
    free(data);
    free(head);
    mg_arena_free(arena);
    return 0;
}
