/* A file of any bytes as JSON. Invariants: the text that it becomes has one row a record, all as wide as the
 * header but those of broken records, which have one cell more; or there is a sentence. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "unpacked.h"

static void check_rows(int fd)
{
    struct mg_csv_row row;
    struct mg_error error = {0};
    struct mg_csv_reader *reader = read_unpacked(fd);
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
    int in = memfd_create("fuzz", 0), out = memfd_create("text", 0);
    if (in < 0 || out < 0 || write(in, data, size) != (ssize_t)size)
        abort();
    unpack_and_check(mg_unpack_json, in, out, check_rows);
    return 0;
}
