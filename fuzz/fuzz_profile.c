/* A file and a profile of any bytes beside it, as if anybody could have written them: up to the first NUL the
 * profile, behind it the file. "@" in a profile stands for the file's size, which it must name to be taken.
 *
 * Invariants: column names are unique and not empty; counts are such that they can be added; each row that
 * isn't bad has a cell for each column; the lines that are listed are counted; the engine's view can be made
 * or fails with a sentence. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "exchange/exchange.h"
#include "fuzz.h"

static int take_row(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    const struct mg_exchange *file = user;
    size_t bytes = 0;
    (void)error;
    assert(row->bad || row->n_cells == file->n_columns);
    for (size_t i = 0; i < row->n_cells; i++)
        bytes += strlen(row->cells[i]);
    return bytes > ((size_t)1 << 30);
}

static void check(struct mg_exchange *file)
{
    struct mg_error error = {0};
    struct mg_source source;
    struct mg_source_info info;
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    assert(file->n_columns > 0);
    for (size_t i = 0; i < file->n_columns; i++) {
        assert(*file->columns[i]);
        for (size_t j = 0; j < i && i < 50; j++)
            assert(!mg_str_equal_nocase(file->columns[i], file->columns[j]));
    }
    assert(file->rows >= 0 && file->n_bad >= (int64_t)file->n_bad_listed && file->rows + file->n_bad >= 0);
    for (size_t i = 0; i < file->n_notes; i++)
        assert(file->notes[i].en && file->notes[i].zh);
    mg_ignore(mg_exchange_each(file, take_row, file, &error));
    mg_ignore(mg_exchange_describe(file, arena, &info, &error));
    mg_ignore(mg_exchange_source(file, &source, &error));
    mg_arena_free(arena);
}

/* The profile with the file's size in it. */
static void complete(struct mg_buf *profile, const char *text, size_t n, size_t file_bytes)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] == '@')
            mg_buf_printf(profile, "%zu", file_bytes);
        else
            mg_buf_putc(profile, text[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    size_t n = strnlen(text, size), from = n < size ? n + 1 : size;
    char path[64];
    int fd = memfd_create("fuzz", 0);
    if (fd < 0 || write(fd, text + from, size - from) != (ssize_t)(size - from))
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct mg_buf profile;
    mg_buf_init(&profile, (size_t)1 << 24);
    complete(&profile, text, n, size - from);
    struct mg_exchange_options options = {.name = "fuzz", .max_bytes = 1 << 20, .profile = profile.data};
    struct mg_exchange *file = NULL;
    struct mg_error error = {0};
    if (mg_exchange_open(path, &options, &file, &error) == 0)
        check(file);
    mg_exchange_close(file);
    mg_buf_done(&profile);
    close(fd);
    return 0;
}
