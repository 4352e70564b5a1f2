/* A folder with one file in it, and what opening it gives; for the tests of opening and of profiles. */
#ifndef TEST_EXCHANGE_OPENED_H
#define TEST_EXCHANGE_OPENED_H

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unicode/ucnv.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"
#include "exchange/csv_writer.h"
#include "exchange/exchange.h"
#include "exchange/private.h"

static char folder[] = "/tmp/mg-exchange-XXXXXX";
static char path[256];

static inline void write_bytes(const void *bytes, size_t n)
{
    snprintf(path, sizeof path, "%s/file", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

static inline void write_encoded(const char *utf8, const char *encoding)
{
    size_t size = 4 * strlen(utf8) + 16;
    char *bytes = malloc(size);
    UErrorCode code = U_ZERO_ERROR;
    int32_t n = ucnv_convert(encoding, "UTF-8", bytes, (int32_t)size, utf8, (int32_t)strlen(utf8), &code);
    assert_true(U_SUCCESS(code));
    write_bytes(bytes, (size_t)n);
    free(bytes);
}

static inline struct mg_exchange *open_file(void)
{
    struct mg_exchange_options options = {.name = "data.csv", .temp_dir = folder};
    struct mg_exchange *x = NULL;
    struct mg_error error = {0};
    if (mg_exchange_open(path, &options, &x, &error) != 0)
        fail_msg("%s", error.message);
    return x;
}

static inline struct mg_exchange *open_text(const char *text)
{
    write_bytes(text, strlen(text));
    return open_file();
}

/* The message of a failure must hold every given part. */
static inline void assert_refused(int code, const char *part, const char *other)
{
    struct mg_exchange_options options = {.name = "data.csv", .temp_dir = folder};
    struct mg_exchange *x = NULL;
    struct mg_error error = {0};
    assert_int_equal(mg_exchange_open(path, &options, &x, &error), code);
    assert_null(x);
    if (!strstr(error.message, part) || (other && !strstr(error.message, other)))
        fail_msg("message is: %s", error.message);
}

static inline void assert_columns(const struct mg_exchange *x, const char *expected)
{
    struct mg_buf text;
    mg_buf_init(&text, 4096);
    for (size_t i = 0; i < x->n_columns; i++)
        mg_buf_printf(&text, "%s%s", i ? "|" : "", x->columns[i]);
    assert_string_equal(text.data, expected);
    mg_buf_done(&text);
}

static inline int gather(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    (void)error;
    mg_buf_printf(user, "%lld%s:", (long long)row->line, row->bad ? "!" : "");
    for (size_t i = 0; i < row->n_cells; i++)
        mg_buf_printf(user, "%s%s", i ? "|" : "", row->cells[i]);
    mg_buf_putc(user, ';');
    return 0;
}

static inline void assert_rows(struct mg_exchange *x, const char *expected)
{
    struct mg_buf text;
    struct mg_error error = {0};
    mg_buf_init(&text, 65536);
    mg_buf_puts(&text, "");
    assert_int_equal(mg_exchange_each(x, gather, &text, &error), 0);
    assert_string_equal(text.data, expected);
    mg_buf_done(&text);
}

static inline void put_row(struct mg_buf *out, const char *const *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        mg_buf_puts(out, i ? "," : "");
        mg_csv_write_exact(out, cells[i], strlen(cells[i]));
    }
    mg_buf_putc(out, '\n');
}

/* What the column engine will read, as CSV. */
static inline void assert_source(struct mg_exchange *x, const char *expected)
{
    struct mg_source source;
    struct mg_error error = {0};
    struct mg_sheet_part *part;
    struct mg_sheet_row row;
    struct mg_buf text;
    mg_buf_init(&text, 65536);
    if (mg_exchange_source(x, &source, &error) != 0)
        fail_msg("%s", error.message);
    put_row(&text, source.sheet->columns, source.sheet->n_columns);
    for (size_t p = 0; p < source.sheet->n_parts; p++) {
        assert_int_equal(source.sheet->open(source.sheet->file, p, &part, &error), 0);
        while (source.sheet->next(part, &row, &error) == 1)
            put_row(&text, row.cells, source.sheet->n_columns);
        source.sheet->close(part);
    }
    assert_string_equal(text.data, expected);
    mg_buf_done(&text);
}

static inline int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "%s/file", folder);
    unlink(path);
    return rmdir(folder);
}

#endif
