/* See csv.h. The whole file is read, cells are cut in place, then parsed into columns. */
#include "csv.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"

#define FILE_MAX ((size_t)64 << 20)
#define COLUMNS_MAX 512

/* Cuts the cell at *cursor out in place, unquotes it and moves the cursor behind it. Returns the separator
 * met. */
static char cut_cell(char **cursor, char **ret_cell)
{
    char *in = *cursor, *out = in;
    *ret_cell = out;
    if (*in == '"') {
        in++;
        while (*in && (*in != '"' || in[1] == '"')) {
            in += *in == '"';
            *out++ = *in++;
        }
        in += *in == '"';
    }
    while (*in && *in != ',' && *in != '\n' && *in != '\r')
        *out++ = *in++;
    while (*in == '\r')
        in++;
    char separator = *in;
    *cursor = in + (separator != '\0');
    *out = '\0';
    return separator;
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void read_header(struct csv *csv, char **cursor)
{
    char separator;
    csv->names = calloc(COLUMNS_MAX, sizeof *csv->names);
    do {
        assert_true(csv->columns < COLUMNS_MAX);
        char *cell;
        separator = cut_cell(cursor, &cell);
        csv->names[csv->columns++] = strdup(cell);
    } while (separator == ',');
}

static void read_rows(struct csv *csv, char *cursor)
{
    size_t most = count_lines(cursor) + 1;
    csv->text = calloc(csv->columns * most, sizeof *csv->text);
    csv->value = calloc(csv->columns * most, sizeof *csv->value);
    while (*cursor) {
        for (size_t c = 0; c < csv->columns; c++) {
            char *cell;
            char separator = cut_cell(&cursor, &cell);
            assert_true((separator == ',') == (c + 1 < csv->columns));
            csv->text[c * most + csv->rows] = strdup(cell);
        }
        csv->rows++;
    }
    for (size_t c = 0; c < csv->columns; c++) { /* close the gap that `most` left */
        memmove(csv->text + c * csv->rows, csv->text + c * most, csv->rows * sizeof *csv->text);
        for (size_t r = 0; r < csv->rows; r++)
            if (!mg_parse_double(csv->text[c * csv->rows + r], &csv->value[c * csv->rows + r]))
                csv->value[c * csv->rows + r] = NAN;
    }
}

struct csv *csv_read(const char *name)
{
    char path[512];
    const char *shared = getenv("MG_SHARED");
    struct mg_buf bytes;
    snprintf(path, sizeof path, "%s/data/%s", shared ? shared : "", name);
    if (!shared || !mg_file_exists(path)) {
        print_message("skipped: no shared data (%s)\n", name);
        skip();
    }
    mg_buf_init(&bytes, FILE_MAX);
    assert_int_equal(mg_file_read(path, &bytes, NULL), 0);
    struct csv *csv = calloc(1, sizeof *csv);
    char *cursor = bytes.data;
    read_header(csv, &cursor);
    read_rows(csv, cursor);
    mg_buf_done(&bytes);
    return csv;
}

void csv_free(struct csv *csv)
{
    for (size_t c = 0; c < csv->columns; c++)
        free(csv->names[c]);
    for (size_t i = 0; i < csv->columns * csv->rows; i++)
        free(csv->text[i]);
    free(csv->names);
    free(csv->text);
    free(csv->value);
    free(csv);
}

static size_t find(const struct csv *csv, const char *name)
{
    for (size_t c = 0; c < csv->columns; c++)
        if (strcmp(csv->names[c], name) == 0)
            return c;
    fail_msg("no column %s", name);
    return 0;
}

const double *csv_column(const struct csv *csv, const char *name)
{
    return csv->value + find(csv, name) * csv->rows;
}

char **csv_text(const struct csv *csv, const char *name)
{
    return csv->text + find(csv, name) * csv->rows;
}
