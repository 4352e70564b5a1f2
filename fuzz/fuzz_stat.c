/* A file of any bytes as one of SPSS, Stata and SAS, through our own handlers; which, its first bytes say,
 * and else all three are tried.
 *
 * Invariants: the text that it becomes is UTF-8, all its rows are as wide as the header, which has the names
 * that are told; or there is a sentence. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "exchange/csv_reader.h"
#include "exchange/unpack/unpack.h"
#include "fuzz.h"

static void check_told(const struct mg_unpacked *unpacked)
{
    assert(unpacked->n_told > 0);
    for (size_t i = 0; i < unpacked->n_told; i++) {
        const struct mg_told *told = &unpacked->told[i];
        assert(told->name && mg_utf8_valid(told->name, strlen(told->name)));
        assert(!told->label || mg_utf8_valid(told->label, strlen(told->label)));
        for (size_t k = 0; k < told->n_labels; k++)
            assert(mg_utf8_valid(told->labels[k].text, strlen(told->labels[k].text)));
    }
}

static void check_rows(const char *path, size_t n_columns)
{
    struct mg_csv_row row;
    struct mg_error error = {0};
    FILE *file = fopen(path, "rb");
    struct mg_csv_reader *reader = file ? mg_csv_reader_new(file, "fuzz", ',', true) : NULL;
    if (!reader)
        abort();
    while (mg_csv_reader_next(reader, &row, &error) == 1) {
        assert(row.n == n_columns);
        assert(!row.malformed);
        for (size_t i = 0; i < row.n; i++)
            assert(mg_utf8_valid(row.cells[i], row.sizes[i]));
    }
    mg_csv_reader_free(reader);
}

static void read_as(mg_unpack *unpack, const char *from, const char *to)
{
    struct mg_unpack_options options = {.max_bytes = 4 << 20};
    struct mg_unpacked unpacked;
    struct mg_error error = {0};
    struct mg_arena *arena = mg_arena_new(16 << 20);
    if (unpack(from, "fuzz", &options, to, arena, &unpacked, &error) == 0) {
        check_told(&unpacked);
        check_rows(to, unpacked.n_told);
    } else {
        assert(*error.message);
    }
    mg_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char from[64], to[64];
    int in = memfd_create("fuzz", 0), out = memfd_create("text", 0);
    if (in < 0 || out < 0 || write(in, data, size) != (ssize_t)size)
        abort();
    snprintf(from, sizeof from, "/proc/self/fd/%d", in);
    snprintf(to, sizeof to, "/proc/self/fd/%d", out);
    bool sav = size > 0 && *data == '$', sas = size > 0 && *data == 0;
    if (!sas)
        read_as(sav ? mg_unpack_sav : mg_unpack_dta, from, to);
    if (!sav)
        read_as(mg_unpack_sas, from, to);
    close(in);
    close(out);
    return 0;
}
