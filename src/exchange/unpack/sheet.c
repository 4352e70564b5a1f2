/* Cells into a CSV text; see sheet.h. */
#include "exchange/unpack/sheet.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "exchange/temporary.h"

#define BUFFER ((size_t)256 * 1024)
#define WHOLE_MAX 1e15 /* below it a whole number is written by its digits */

int mg_made_sheet_open(struct mg_made_sheet *sheet, const char *path, int64_t most, struct mg_error *error)
{
    *sheet = (struct mg_made_sheet){.most = most, .bytes = malloc(BUFFER)};
    if (!sheet->bytes)
        return mg_fail_memory(error);
    return mg_temporary_open(path, &sheet->file, error);
}

static void flush(struct mg_made_sheet *sheet)
{
    sheet->written += (int64_t)sheet->n;
    sheet->full = sheet->full || sheet->written > sheet->most;
    if (!mg_made_sheet_failed(sheet) && fwrite(sheet->bytes, 1, sheet->n, sheet->file) != sheet->n)
        sheet->why = errno ? errno : EIO;
    sheet->n = 0;
}

int mg_made_sheet_close(struct mg_made_sheet *sheet, const char *name, int rc, struct mg_error *error)
{
    if (sheet->file && !rc)
        flush(sheet);
    free(sheet->bytes);
    sheet->bytes = NULL;
    if (!rc && sheet->full)
        rc = mg_fail(error, MG_E_LIMIT, "%s holds more than the %lld bytes of text allowed.", name,
                     (long long)sheet->most);
    errno = sheet->why;
    if (!rc && sheet->why)
        rc = mg_temporary_failed(error);
    return mg_temporary_close(sheet->file, rc, error);
}

static void put(struct mg_made_sheet *sheet, const char *bytes, size_t n)
{
    while (n > 0) {
        if (sheet->n == BUFFER)
            flush(sheet);
        size_t part = n < BUFFER - sheet->n ? n : BUFFER - sheet->n;
        memcpy(sheet->bytes + sheet->n, bytes, part);
        sheet->n += part;
        bytes += part;
        n -= part;
    }
}

static void put_byte(struct mg_made_sheet *sheet, char byte)
{
    if (sheet->n == BUFFER)
        flush(sheet);
    sheet->bytes[sheet->n++] = byte;
}

static void begin_cell(struct mg_made_sheet *sheet)
{
    if (sheet->cells++)
        put_byte(sheet, ',');
}

static bool needs_quotes(const char *text, size_t n)
{
    static const bool special[256] = {[','] = true, ['"'] = true, ['\n'] = true, ['\r'] = true};
    bool found = text[0] == ' ' || text[n - 1] == ' ';
    for (size_t i = 0; i < n && !found; i++)
        found = special[(unsigned char)text[i]];
    return found;
}

static void put_quoted(struct mg_made_sheet *sheet, const char *text, size_t n)
{
    put_byte(sheet, '"');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"')
            put_byte(sheet, '"');
        put_byte(sheet, text[i]);
    }
    put_byte(sheet, '"');
}

void mg_made_sheet_text(struct mg_made_sheet *sheet, const char *text, size_t n)
{
    begin_cell(sheet);
    if (n && needs_quotes(text, n))
        put_quoted(sheet, text, n);
    else
        put(sheet, text, n);
}

void mg_made_sheet_empty(struct mg_made_sheet *sheet)
{
    begin_cell(sheet);
}

void mg_made_sheet_end_row(struct mg_made_sheet *sheet)
{
    bool nothing = sheet->cells == 1 && (size_t)sheet->written + sheet->n == sheet->row_from;
    if (nothing) /* else the row would be a blank line */
        put(sheet, "\"\"", 2);
    mg_made_sheet_blank(sheet);
}

void mg_made_sheet_blank(struct mg_made_sheet *sheet)
{
    put_byte(sheet, '\n');
    sheet->rows++;
    sheet->cells = 0;
    sheet->row_from = (size_t)sheet->written + sheet->n;
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

/* A number of few places: whole ÷ 10^places is the one nearest to that decimal, as both are exact and a
 * division rounds correctly; so the text reads back equal. 0: it has more places. */
static size_t format_few_places(double size, char *text)
{
    static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    if (size < 1e-4 || size >= 1e9)
        return 0;
    for (unsigned places = 1; places < sizeof powers / sizeof *powers; places++) {
        double whole = rint(size * powers[places]);
        if (whole / powers[places] == size)
            return put_fixed((uint64_t)whole, places, text);
    }
    return 0;
}

size_t mg_made_sheet_format(double value, char ret_text[32])
{
    double size = fabs(value);
    size_t sign = value < 0;
    ret_text[0] = '-';
    if (size < WHOLE_MAX && size == (double)(uint64_t)size)
        return sign + put_digits((uint64_t)size, ret_text + sign);
    size_t n = format_few_places(size, ret_text + sign);
    if (n)
        return sign + n;
    mg_format_double(value, ret_text);
    return strlen(ret_text);
}

void mg_made_sheet_number(struct mg_made_sheet *sheet, double value)
{
    if (!isfinite(value)) {
        mg_made_sheet_empty(sheet);
        return;
    }
    char text[32];
    size_t n = mg_made_sheet_format(value, text);
    begin_cell(sheet);
    put(sheet, text, n);
}
