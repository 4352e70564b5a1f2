/* Strict streaming CSV reader: see csv_reader.h.
 *
 * A window over the file holds at least the row being read. A row is walked once to note where its cells are;
 * where the window ends first, it is filled up (the row moves to its front, and it grows while the row fills
 * it) and the row walked again, so that nothing is kept between. Only then cells are unquoted and terminated
 * in place: none is longer than it was, and what stood behind it has been looked at.
 *
 * Own code rather than the column engine's reader, because a report must name the line of each bad cell, and
 * that reader either stops at the first problem or skips it. */
#include "exchange/csv_reader.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WINDOW_START ((size_t)256 * 1024)

/* What a byte of an unquoted cell means. */
enum kind { ORDINARY, DELIMITER, LINE_FEED, CARRIAGE_RETURN, NUL_BYTE };

enum found { WHOLE_ROW, NEEDS_MORE, TOO_MANY_CELLS, NUL_FOUND };

struct mg_csv_reader {
    struct mg_csv_range range;
    unsigned char kinds[256];
    char *window;
    size_t size, start, filled; /* the row begins at start; bytes present */
    int64_t base;               /* offset of the window's first byte in the file */
    int64_t line;               /* of `start` */
    /* the row that was found */
    size_t next;    /* behind its line end */
    int64_t breaks; /* line ends inside its quotes */
    bool malformed;
    size_t n;
    uint32_t offsets[MG_CSV_COLUMNS_MAX]; /* from the window's front; of quoted cells that of the quote */
    size_t sizes[MG_CSV_COLUMNS_MAX];
    char *cells[MG_CSV_COLUMNS_MAX];
};

_Static_assert(MG_CSV_LINE_MAX * 2 <= UINT32_MAX, "an offset into the window fits");

static struct mg_csv_reader *reader_new(const struct mg_csv_range *range, size_t size)
{
    struct mg_csv_reader *reader = malloc(sizeof *reader);
    char *window = malloc(size);
    if (!reader || !window) {
        free(reader);
        free(window);
        return NULL;
    }
    reader->range = *range;
    memset(reader->kinds, ORDINARY, sizeof reader->kinds);
    reader->kinds['\n'] = LINE_FEED;
    reader->kinds['\r'] = CARRIAGE_RETURN;
    reader->kinds['\0'] = NUL_BYTE;
    reader->kinds[(unsigned char)range->delimiter] = DELIMITER;
    reader->window = window;
    reader->size = size;
    reader->start = reader->filled = 0;
    reader->base = range->from;
    reader->line = range->line;
    return reader;
}

struct mg_csv_reader *mg_csv_reader_new(const struct mg_csv_range *range)
{
    return reader_new(range, WINDOW_START);
}

struct mg_csv_reader *mg_csv_reader_of_text(const char *text, size_t n, char delimiter)
{
    const struct mg_csv_range range = {
        .fd = -1, .name = "", .delimiter = delimiter, .to = (int64_t)n, .end = (int64_t)n, .line = 1};
    struct mg_csv_reader *reader = reader_new(&range, n + 1);
    if (reader) {
        memcpy(reader->window, text, n);
        reader->filled = n;
    }
    return reader;
}

void mg_csv_reader_free(struct mg_csv_reader *reader)
{
    if (reader)
        free(reader->window);
    free(reader);
}

int64_t mg_csv_reader_offset(const struct mg_csv_reader *reader)
{
    return reader->base + (int64_t)reader->start;
}

int64_t mg_csv_reader_line(const struct mg_csv_reader *reader)
{
    return reader->line;
}

/* --- errors --- */

static int at_line(const struct mg_csv_reader *reader, int64_t line, int code, struct mg_error *error)
{
    mg_fail_at(error, "%s, line %lld", reader->range.name, (long long)line);
    return code;
}

static int fail_too_long(const struct mg_csv_reader *reader, struct mg_error *error)
{
    int rc = mg_fail(error, MG_E_LIMIT, "%s: the row at line %lld is longer than %zu MiB.",
                     reader->range.name, (long long)reader->line, MG_CSV_LINE_MAX >> 20);
    mg_fail_hint(error, "Check for a quote that is opened and never closed.");
    return at_line(reader, reader->line, rc, error);
}

static int fail_nul(const struct mg_csv_reader *reader, struct mg_error *error)
{
    int64_t line = reader->line + reader->breaks;
    int rc = mg_fail(error, MG_E_INVALID, "%s: line %lld holds a NUL byte, so this is no text file.",
                     reader->range.name, (long long)line);
    return at_line(reader, line, rc, error);
}

static int fail_open_quote(const struct mg_csv_reader *reader, struct mg_error *error)
{
    int rc = mg_fail(error, MG_E_INVALID, "%s ends inside a quoted cell of the row that begins at line %lld.",
                     reader->range.name, (long long)reader->line);
    mg_fail_hint(error, "The file was cut off, or a quote at the start of a cell is never closed.");
    return at_line(reader, reader->line, rc, error);
}

/* --- the window --- */

static bool is_at_end(const struct mg_csv_reader *reader)
{
    return reader->base + (int64_t)reader->filled == reader->range.end;
}

static int grow(struct mg_csv_reader *reader, struct mg_error *error)
{
    if (reader->size >= MG_CSV_LINE_MAX)
        return fail_too_long(reader, error);
    char *grown = realloc(reader->window, reader->size * 2);
    if (!grown)
        return mg_fail_memory(error);
    reader->window = grown;
    reader->size *= 2;
    return 0;
}

/* Brings more bytes behind `filled`; only before the file's end. */
static int refill(struct mg_csv_reader *reader, struct mg_error *error)
{
    memmove(reader->window, reader->window + reader->start, reader->filled - reader->start);
    reader->base += (int64_t)reader->start;
    reader->filled -= reader->start;
    reader->start = 0;
    int rc = reader->filled + 1 >= reader->size ? grow(reader, error) : 0;
    if (rc)
        return rc;
    size_t room = reader->size - reader->filled - 1; /* one byte stays for the last terminator */
    int64_t at = reader->base + (int64_t)reader->filled, left = reader->range.end - at;
    ssize_t n = pread(reader->range.fd, reader->window + reader->filled,
                      (int64_t)room < left ? room : (size_t)left, at);
    if (n < 0)
        return mg_fail(error, MG_E_IO, "%s can't be read.", reader->range.name);
    if (n == 0) {
        mg_fail(error, MG_E_INVALID, "%s has become shorter while it was read.", reader->range.name);
        mg_fail_hint(error, "Try again when nobody writes the file.");
        return MG_E_INVALID;
    }
    reader->filled += (size_t)n;
    return 0;
}

/* --- a row --- */

/* Behind the closing quote of the cell that opens at `p`; SIZE_MAX: the window ends before. */
static size_t skip_quoted(struct mg_csv_reader *reader, size_t p)
{
    const char *window = reader->window;
    for (p++; p < reader->filled; p += 2) {
        const char *quote = memchr(window + p, '"', reader->filled - p);
        if (!quote)
            return SIZE_MAX;
        size_t at = (size_t)(quote - window);
        for (; p < at; p++)
            reader->breaks += window[p] == '\n';
        if (at + 1 == reader->filled)
            return is_at_end(reader) ? at + 1 : SIZE_MAX;
        if (window[at + 1] != '"')
            return at + 1;
    }
    return SIZE_MAX;
}

/* Notes the cells of the row at `start`. */
static enum found find_cells(struct mg_csv_reader *reader)
{
    const unsigned char *window = (const unsigned char *)reader->window, *kinds = reader->kinds;
    const size_t end = reader->filled;
    unsigned kind = ORDINARY;
    reader->n = 0;
    reader->breaks = 0;
    reader->malformed = false;
    for (size_t p = reader->start;; p++) {
        size_t from = p;
        if (p < end && window[p] == '"') {
            p = skip_quoted(reader, p);
            if (p == SIZE_MAX)
                return NEEDS_MORE;
            reader->malformed |= p < end && !kinds[window[p]];
        }
        while (p < end && !(kind = kinds[window[p]]))
            p++;
        if (p == end && !is_at_end(reader))
            return NEEDS_MORE;
        if (reader->n == MG_CSV_COLUMNS_MAX)
            return TOO_MANY_CELLS;
        reader->offsets[reader->n] = (uint32_t)from;
        reader->sizes[reader->n++] = p - from;
        reader->next = p;
        if (p == end)
            return WHOLE_ROW;
        if (kind == NUL_BYTE)
            return NUL_FOUND;
        if (kind != DELIMITER)
            break;
    }
    if (kind == CARRIAGE_RETURN && reader->next + 1 == end && !is_at_end(reader))
        return NEEDS_MORE;
    reader->next++;
    reader->next += kind == CARRIAGE_RETURN && reader->next < end && window[reader->next] == '\n';
    return WHOLE_ROW;
}

/* Takes the quotes off a cell that begins with one, in place; what follows a closing quote stays. */
static size_t unquote(char *cell, size_t n)
{
    size_t from = 1, to = 0;
    bool quoted = true;
    while (from < n) {
        const char *quote = quoted ? memchr(cell + from, '"', n - from) : NULL;
        size_t run = quote ? (size_t)(quote - cell) - from : n - from;
        memmove(cell + to, cell + from, run);
        to += run;
        from += run + 1;
        if (!quote)
            break;
        quoted = from < n && cell[from] == '"';
        if (quoted)
            cell[to++] = cell[from++];
    }
    return to;
}

static int deliver(struct mg_csv_reader *reader, struct mg_csv_row *ret_row, struct mg_error *error)
{
    for (size_t i = 0; i < reader->n; i++) {
        char *cell = reader->window + reader->offsets[i];
        if (*cell == '"' && reader->sizes[i] > 0)
            reader->sizes[i] = unquote(cell, reader->sizes[i]);
        if (reader->sizes[i] > MG_CSV_FIELD_MAX) {
            int rc = mg_fail(error, MG_E_LIMIT, "%s: cell %zu of line %lld is larger than %zu bytes.",
                             reader->range.name, i + 1, (long long)reader->line, MG_CSV_FIELD_MAX);
            mg_fail_hint(error, "Check for a quote that is opened and never closed.");
            return at_line(reader, reader->line, rc, error);
        }
        cell[reader->sizes[i]] = '\0';
        reader->cells[i] = cell;
    }
    *ret_row = (struct mg_csv_row){.line = reader->line,
                                   .offset = mg_csv_reader_offset(reader),
                                   .malformed = reader->malformed,
                                   .n = reader->n,
                                   .cells = reader->cells,
                                   .sizes = reader->sizes};
    reader->start = reader->next;
    reader->line += 1 + (reader->range.records ? 0 : reader->breaks);
    return 1;
}

/* Skips blank lines before a row. */
static int skip_blank(struct mg_csv_reader *reader, struct mg_error *error)
{
    for (;;) {
        bool pair = reader->start + 2 <= reader->filled;
        if (!pair && !is_at_end(reader)) {
            int rc = refill(reader, error);
            if (rc)
                return rc;
            continue;
        }
        const char *at = reader->window + reader->start;
        if (reader->start == reader->filled || (*at != '\n' && *at != '\r'))
            return 0;
        reader->start += pair && at[0] == '\r' && at[1] == '\n' ? 2 : 1;
        reader->line++;
    }
}

int mg_csv_reader_next(struct mg_csv_reader *reader, struct mg_csv_row *ret_row, struct mg_error *error)
{
    int rc = skip_blank(reader, error);
    if (rc || reader->start == reader->filled || mg_csv_reader_offset(reader) >= reader->range.to)
        return rc;
    enum found found;
    while ((found = find_cells(reader)) == NEEDS_MORE) {
        if (is_at_end(reader))
            return fail_open_quote(reader, error);
        rc = refill(reader, error);
        if (rc)
            return rc;
    }
    if (found == WHOLE_ROW)
        return deliver(reader, ret_row, error);
    if (found == NUL_FOUND)
        return fail_nul(reader, error);
    rc = mg_fail(error, MG_E_LIMIT, "%s: line %lld has more than %d cells.", reader->range.name,
                 (long long)reader->line, MG_CSV_COLUMNS_MAX);
    return at_line(reader, reader->line, rc, error);
}
