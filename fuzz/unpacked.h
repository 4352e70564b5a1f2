/* What fuzzers of exchange/unpack share: the text that a file became, read row by row, and unpacking from one
 * file in memory into another. */
#ifndef MG_FUZZ_UNPACKED_H
#define MG_FUZZ_UNPACKED_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "exchange/csv_reader.h"
#include "exchange/unpack/unpack.h"

static inline struct mg_csv_reader *read_unpacked(int fd)
{
    const int64_t end = lseek(fd, 0, SEEK_END);
    const struct mg_csv_range range = {
        .fd = fd, .name = "fuzz", .delimiter = ',', .records = true, .to = end, .end = end, .line = 1};
    struct mg_csv_reader *reader = mg_csv_reader_new(&range);
    if (!reader)
        abort();
    return reader;
}

/* Closes both; rows are checked where there is a text, else there is a sentence. */
static inline void unpack_and_check(mg_unpack *unpack, int in, int out, void (*check_rows)(int fd))
{
    char from[64], to[64];
    snprintf(from, sizeof from, "/proc/self/fd/%d", in);
    snprintf(to, sizeof to, "/proc/self/fd/%d", out);
    struct mg_unpack_options options = {.max_bytes = 16 << 20};
    struct mg_unpacked unpacked;
    struct mg_error error = {0};
    struct mg_arena *arena = mg_arena_new(4 << 20);
    if (unpack(from, "fuzz", &options, to, arena, &unpacked, &error) == 0)
        check_rows(out);
    else
        assert(*error.message);
    mg_arena_free(arena);
    close(in);
    close(out);
}

#endif
