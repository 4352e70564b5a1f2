/* A file of any bytes as JSON. Invariants: the text that it becomes has one row a record, all as wide as the
 * header but those of broken records, which have one cell more; or there is a sentence. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "exchange/csv_reader.h"
#include "exchange/unpack/unpack.h"
#include "fuzz.h"

static void check_rows(const char *path)
{
    struct mg_csv_row row;
    struct mg_error error = {0};
    FILE *file = fopen(path, "rb");
    struct mg_csv_reader *reader = file ? mg_csv_reader_new(file, "fuzz", ',', true) : NULL;
    if (!reader)
        abort();
    assert(mg_csv_reader_next(reader, &row, &error) == 1);
    size_t n = row.n;
    while (mg_csv_reader_next(reader, &row, &error) == 1) {
        assert(row.n == n || (row.n == n + 1 && strcmp(row.cells[n], "!") == 0));
        assert(!row.malformed);
    }
    mg_csv_reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char from[64], to[64];
    int in = memfd_create("fuzz", 0), out = memfd_create("text", 0);
    if (in < 0 || out < 0 || write(in, data, size) != (ssize_t)size)
        abort();
    snprintf(from, sizeof from, "/proc/self/fd/%d", in);
    snprintf(to, sizeof to, "/proc/self/fd/%d", out);
    struct mg_unpack_options options = {.max_bytes = 16 << 20};
    struct mg_unpacked unpacked;
    struct mg_error error = {0};
    struct mg_arena *arena = mg_arena_new(1 << 20);
    int rc = mg_unpack_json(from, "fuzz", &options, to, arena, &unpacked, &error);
    if (rc == 0)
        check_rows(to);
    else
        assert(*error.message);
    mg_arena_free(arena);
    close(in);
    close(out);
    return 0;
}
