/* Cells into a CSV text; see rowtext.h. */
#include "exchange/unpack/rowtext.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "exchange/temporary.h"

#define BUFFER ((size_t)256 * 1024)
#define WHOLE_MAX 1e15 /* whole numbers below it are written by their digits */

int mg_rowtext_open(struct mg_rowtext *rows, const char *path, int64_t most, struct mg_error *error)
{
    *rows = (struct mg_rowtext){.most = most, .bytes = malloc(BUFFER)};
    if (!rows->bytes)
        return mg_fail_memory(error);
    return mg_temporary_open(path, &rows->file, error);
}

static void flush(struct mg_rowtext *rows)
{
    rows->written += (int64_t)rows->n;
    rows->full = rows->full || rows->written > rows->most;
    if (!mg_rowtext_failed(rows) && fwrite(rows->bytes, 1, rows->n, rows->file) != rows->n)
        rows->why = errno ? errno : EIO;
    rows->n = 0;
}

int mg_rowtext_close(struct mg_rowtext *rows, const char *name, int rc, struct mg_error *error)
{
    if (rows->file && !rc)
        flush(rows);
    free(rows->bytes);
    rows->bytes = NULL;
    if (!rc && rows->full)
        rc = mg_fail(error, MG_E_LIMIT, "%s holds more than the %lld bytes of text allowed.", name,
                     (long long)rows->most);
    errno = rows->why;
    if (!rc && rows->why)
        rc = mg_temporary_failed(error);
    return mg_temporary_close(rows->file, rc, error);
}

static void put(struct mg_rowtext *rows, const char *bytes, size_t n)
{
    while (n > 0) {
        if (rows->n == BUFFER)
            flush(rows);
        size_t part = n < BUFFER - rows->n ? n : BUFFER - rows->n;
        memcpy(rows->bytes + rows->n, bytes, part);
        rows->n += part;
        bytes += part;
        n -= part;
    }
}

static void put_byte(struct mg_rowtext *rows, char byte)
{
    if (rows->n == BUFFER)
        flush(rows);
    rows->bytes[rows->n++] = byte;
}

static void begin_cell(struct mg_rowtext *rows)
{
    if (rows->cells++)
        put_byte(rows, ',');
}

static bool needs_quotes(const char *text, size_t n)
{
    static const bool special[256] = {[','] = true, ['"'] = true, ['\n'] = true, ['\r'] = true};
    bool found = text[0] == ' ' || text[n - 1] == ' ';
    for (size_t i = 0; i < n && !found; i++)
        found = special[(unsigned char)text[i]];
    return found;
}

static void put_quoted(struct mg_rowtext *rows, const char *text, size_t n)
{
    put_byte(rows, '"');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"')
            put_byte(rows, '"');
        put_byte(rows, text[i]);
    }
    put_byte(rows, '"');
}

void mg_rowtext_text(struct mg_rowtext *rows, const char *text, size_t n)
{
    begin_cell(rows);
    if (n && needs_quotes(text, n))
        put_quoted(rows, text, n);
    else
        put(rows, text, n);
}

void mg_rowtext_empty(struct mg_rowtext *rows)
{
    begin_cell(rows);
}

void mg_rowtext_end_row(struct mg_rowtext *rows)
{
    bool nothing = rows->cells == 1 && (size_t)rows->written + rows->n == rows->row_from;
    if (nothing) /* else the row would be a blank line */
        put(rows, "\"\"", 2);
    mg_rowtext_blank(rows);
}

void mg_rowtext_blank(struct mg_rowtext *rows)
{
    put_byte(rows, '\n');
    rows->lines++;
    rows->cells = 0;
    rows->row_from = (size_t)rows->written + rows->n;
}

/* --- numbers --- */

static size_t put_digits(uint64_t whole, char *text)
{
    char digits[24];
    size_t n = 0;
    do
        digits[n++] = (char)('0' + whole % 10);
    while (whole /= 10);
    for (size_t i = 0; i < n; i++)
        text[i] = digits[n - 1 - i];
    text[n] = '\0';
    return n;
}

/* Digits of `whole` with `places` of them behind the point. */
static size_t put_fixed(uint64_t whole, unsigned places, char *text)
{
    char digits[24];
    size_t n = put_digits(whole, digits), at = 0;
    if (n <= places) {
        text[at++] = '0';
        text[at++] = '.';
        for (size_t i = n; i < places; i++)
            text[at++] = '0';
        memcpy(text + at, digits, n + 1);
        return at + n;
    }
    memcpy(text, digits, n - places);
    text[n - places] = '.';
    memcpy(text + n - places + 1, digits + n - places, places + 1);
    return n + 1;
}

/* A number of at most 15 digits: whole ÷ 10^places is the one nearest to that decimal, as both are exact and
 * a division rounds correctly; so the text reads back equal. 0: it has more digits. */
static size_t format_few_digits(double size, char *text)
{
    static const double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    if (size < 1e-4)
        return 0;
    for (unsigned places = 1; places < ARRAY_LEN(powers) && size * powers[places] < WHOLE_MAX; places++) {
        double whole = rint(size * powers[places]);
        if (whole / powers[places] == size)
            return put_fixed((uint64_t)whole, places, text);
    }
    return 0;
}

/* What needs more: 15 digits are tried in vain where those were. */
static size_t format_many_digits(double size, char text[32])
{
    if (size < 1e-4 || size >= WHOLE_MAX) {
        mg_format_double(size, text);
        return strlen(text);
    }
    int n = snprintf(text, 31, "%.16g", size);
    return (size_t)(strtod(text, NULL) == size ? n : snprintf(text, 31, "%.17g", size));
}

size_t mg_rowtext_format(double value, char ret_text[32])
{
    double size = fabs(value);
    size_t sign = value < 0;
    ret_text[0] = '-';
    if (size < WHOLE_MAX && size == (double)(uint64_t)size)
        return sign + put_digits((uint64_t)size, ret_text + sign);
    size_t n = format_few_digits(size, ret_text + sign);
    return sign + (n ? n : format_many_digits(size, ret_text + sign));
}

void mg_rowtext_number(struct mg_rowtext *rows, double value)
{
    if (!isfinite(value)) {
        mg_rowtext_empty(rows);
        return;
    }
    char text[32];
    size_t n = mg_rowtext_format(value, text);
    begin_cell(rows);
    put(rows, text, n);
}
