/* A workbook of any bytes. What begins with "PK" is the file itself; else it is the text of the parts, each
 * after a line "@@" and its name, which are put into an archive here, so that changed bytes get as far as the
 * reader of XML.
 *
 * Invariants: the text that it becomes can be read, and all its rows are as wide as the widest; or there is a
 * sentence. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include "fuzz.h"
#include "unpacked.h"

static void check_rows(int fd)
{
    struct mg_csv_row row;
    struct mg_error error = {0};
    struct mg_csv_reader *reader = read_unpacked(fd);
    size_t n = 0;
    while (mg_csv_reader_next(reader, &row, &error) == 1) {
        assert(n == 0 || row.n == n);
        assert(!row.malformed);
        n = row.n;
    }
    mg_csv_reader_free(reader);
}

static void add_part(zip_t *zip, const char *name, size_t n_name, const char *text, size_t n)
{
    char copy[64];
    snprintf(copy, sizeof copy, "%.*s", (int)(n_name < 63 ? n_name : 63), name);
    zip_source_t *source = zip_source_buffer(zip, text, n, 0);
    zip_int64_t at = source ? zip_file_add(zip, copy, source, ZIP_FL_OVERWRITE) : -1;
    if (source && at < 0)
        zip_source_free(source);
    if (at >= 0)
        zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0);
}

static void add_parts(zip_t *zip, const char *text, size_t size)
{
    const char *p = text, *end = text + size;
    while (p < end && end - p > 2 && memcmp(p, "@@", 2) == 0) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        if (!line)
            return;
        const char *next = memmem(line, (size_t)(end - line), "\n@@", 3);
        const char *stop = next ? next + 1 : end;
        add_part(zip, p + 2, (size_t)(line - p) - 2, line + 1,
                 stop > line + 1 ? (size_t)(stop - line) - 1 : 0);
        p = stop;
    }
}

/* The parts as an archive, in `fd`. */
static void write_parts(int fd, const char *text, size_t size)
{
    char bytes[4096];
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, NULL);
    if (!zip)
        abort();
    zip_source_keep(whole);
    add_parts(zip, text, size);
    if (zip_close(zip) != 0)
        zip_discard(zip);
    else if (zip_source_open(whole) == 0) {
        zip_int64_t n;
        while ((n = zip_source_read(whole, bytes, sizeof bytes)) > 0)
            if (write(fd, bytes, (size_t)n) != n)
                abort();
        zip_source_close(whole);
    }
    zip_source_free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int in = memfd_create("fuzz", 0), out = memfd_create("text", 0);
    if (in < 0 || out < 0)
        abort();
    if (size < 2 || memcmp(data, "PK", 2) != 0)
        write_parts(in, (const char *)data, size);
    else if (write(in, data, size) != (ssize_t)size)
        abort();
    unpack_and_check(mg_unpack_xlsx, in, out, check_rows);
    return 0;
}
