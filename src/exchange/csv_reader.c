/* Strict streaming CSV reader: see csv_reader.h.
 *
 * A window over the file holds at least the row being read. A row is walked once by a four-state machine;
 * each closed cell is unquoted in place (never longer than it was) and noted by offset, so that the window
 * may move or grow in the middle of a row. Own code rather than the column engine's reader, because an import
 * must name the line of each bad cell, and that reader either stops at the first problem or skips it. */
#include "exchange/csv_reader.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_START ((size_t)256 * 1024)

enum state { CELL_START, PLAIN, QUOTED, AFTER_QUOTE };

struct mg_csv_reader {
    FILE *file;
    const char *name;
    char delimiter;
    bool records, ended, after_cr, stray_quotes, blank_lines;
    unsigned line_ends; /* LF 1, CR 2, CRLF 4 */
    char *window;
    size_t size, start, at, filled; /* row begins at start; next byte to look at; bytes present */
    int64_t line;                   /* line of `at` */
    /* the row being read */
    int64_t row_line;
    enum state state;
    bool malformed;
    size_t cell, write; /* offsets from start: where the cell's text begins, and where its next byte goes */
    size_t n;
    size_t offsets[MG_CSV_COLUMNS_MAX], sizes[MG_CSV_COLUMNS_MAX];
    char *cells[MG_CSV_COLUMNS_MAX];
};

struct mg_csv_reader *mg_csv_reader_new(FILE *file, const char *name, char delimiter, bool records)
{
    struct mg_csv_reader *reader = calloc(1, sizeof *reader);
    char *window = malloc(WINDOW_START);
    if (!reader || !window) {
        free(reader);
        free(window);
        fclose(file);
        return NULL;
    }
    reader->file = file;
    reader->name = name;
    reader->delimiter = delimiter;
    reader->records = records;
    reader->window = window;
    reader->size = WINDOW_START;
    reader->line = 1;
    return reader;
}

void mg_csv_reader_free(struct mg_csv_reader *reader)
{
    if (!reader)
        return;
    fclose(reader->file);
    free(reader->window);
    free(reader);
}

static int fail_line(const struct mg_csv_reader *reader, int64_t line, int code, struct mg_error *error)
{
    mg_fail_at(error, "%s, line %lld", reader->name, (long long)line);
    return code;
}

/* Brings more bytes behind `filled`: moves the row to the window's front, grows the window when it is full.
 */
static int refill(struct mg_csv_reader *reader, struct mg_error *error)
{
    if (reader->start > 0) {
        memmove(reader->window, reader->window + reader->start, reader->filled - reader->start);
        reader->at -= reader->start;
        reader->filled -= reader->start;
        reader->start = 0;
    }
    if (reader->filled + 1 >= reader->size) {
        if (reader->size >= MG_CSV_LINE_MAX) {
            int rc = mg_fail(error, MG_E_LIMIT, "%s: the row at line %lld is longer than %zu MiB.",
                             reader->name, (long long)reader->row_line, MG_CSV_LINE_MAX >> 20);
            mg_fail_hint(error, "Check for a quote that is opened and never closed.");
            return fail_line(reader, reader->row_line, rc, error);
        }
        char *grown = realloc(reader->window, reader->size * 2);
        if (!grown)
            return mg_fail_memory(error);
        reader->window = grown;
        reader->size *= 2;
    }
    size_t room = reader->size - reader->filled - 1; /* one byte stays for the last terminator */
    size_t n = fread(reader->window + reader->filled, 1, room, reader->file);
    if (n < room && ferror(reader->file))
        return mg_fail(error, MG_E_IO, "%s can't be read.", reader->name);
    reader->ended = n == 0;
    const char *nul = n ? memchr(reader->window + reader->filled, '\0', n) : NULL;
    if (nul) {
        int64_t line = reader->line;
        for (const char *p = reader->window + reader->at; p < nul; p++)
            line += *p == '\n';
        int rc = mg_fail(error, MG_E_INVALID, "%s: line %lld holds a NUL byte, so this is no text file.",
                         reader->name, (long long)line);
        return fail_line(reader, line, rc, error);
    }
    reader->filled += n;
    return 0;
}

static int close_cell(struct mg_csv_reader *reader, struct mg_error *error)
{
    if (reader->n == MG_CSV_COLUMNS_MAX) {
        int rc = mg_fail(error, MG_E_LIMIT, "%s: line %lld has more than %d cells.", reader->name,
                         (long long)reader->row_line, MG_CSV_COLUMNS_MAX);
        return fail_line(reader, reader->row_line, rc, error);
    }
    size_t size = reader->write - reader->cell;
    if (size > MG_CSV_FIELD_MAX) {
        int rc = mg_fail(error, MG_E_LIMIT, "%s: cell %zu of line %lld is larger than %zu bytes.",
                         reader->name, reader->n + 1, (long long)reader->row_line, MG_CSV_FIELD_MAX);
        mg_fail_hint(error, "Check for a quote that is opened and never closed.");
        return fail_line(reader, reader->row_line, rc, error);
    }
    reader->offsets[reader->n] = reader->cell;
    reader->sizes[reader->n++] = size;
    reader->state = CELL_START;
    return 0;
}

/* Keeps one byte of a cell that is not contiguous with its source any more (after a quote). */
static void keep(struct mg_csv_reader *reader, char c)
{
    reader->window[reader->start + reader->write++] = c;
}

/* Bytes of an unquoted cell up to its delimiter or line end, without a look at each state. */
static void run_plain(struct mg_csv_reader *reader)
{
    char *p = reader->window + reader->at, *end = reader->window + reader->filled;
    char *from = p;
    while (p < end && *p != reader->delimiter && *p != '\n' && *p != '\r')
        p++;
    size_t n = (size_t)(p - from);
    reader->stray_quotes |= memchr(from, '"', n) != NULL;
    char *to = reader->window + reader->start + reader->write;
    if (to != from)
        memmove(to, from, n);
    reader->write += n;
    reader->at += n;
}

static void run_quoted(struct mg_csv_reader *reader)
{
    char *from = reader->window + reader->at;
    size_t left = reader->filled - reader->at;
    char *quote = memchr(from, '"', left);
    size_t n = quote ? (size_t)(quote - from) : left;
    for (size_t i = 0; i < n && !reader->records; i++)
        reader->line += from[i] == '\n';
    memmove(reader->window + reader->start + reader->write, from, n);
    reader->write += n;
    reader->at += n;
}

static void open_cell(struct mg_csv_reader *reader)
{
    reader->cell = reader->write = reader->at - reader->start;
    reader->state = reader->window[reader->at] == '"' ? QUOTED : PLAIN;
    if (reader->state == QUOTED)
        reader->at++;
}

/* Notes a line end for the traits: `lf_of_crlf` completes the CR noted just before. */
static void note_line_end(struct mg_csv_reader *reader, char c, bool lf_of_crlf)
{
    if (lf_of_crlf)
        reader->line_ends = (reader->line_ends & ~2u) | 4u;
    else
        reader->line_ends |= c == '\n' ? 1u : 2u;
}

/* One step at `at`. Returns 1 when the row is complete, 0 to go on, negative on error. */
static int step(struct mg_csv_reader *reader, struct mg_error *error)
{
    if (reader->state == CELL_START)
        open_cell(reader);
    if (reader->state == PLAIN)
        run_plain(reader);
    else if (reader->state == QUOTED)
        run_quoted(reader);
    if (reader->at == reader->filled)
        return 0;
    char c = reader->window[reader->at++];
    if (reader->state == QUOTED) {
        reader->state = AFTER_QUOTE; /* c is a quote: the end, or the first of two */
        return 0;
    }
    if (reader->state == AFTER_QUOTE && c == '"') {
        keep(reader, c);
        reader->state = QUOTED;
        return 0;
    }
    if (c == reader->delimiter || c == '\n' || c == '\r') {
        int rc = close_cell(reader, error);
        reader->after_cr = c == '\r';
        if (c == reader->delimiter)
            return rc;
        note_line_end(reader, c, false);
        reader->line++;
        return rc ? rc : 1;
    }
    reader->malformed = true;
    keep(reader, c);
    reader->state = PLAIN;
    return 0;
}

/* Skips line ends before a row, and the LF of a CRLF that closed the last one. Each line end counts once. */
static int skip_blank(struct mg_csv_reader *reader, struct mg_error *error)
{
    for (;;) {
        reader->start = reader->at;
        reader->row_line = reader->line;
        if (reader->at == reader->filled) {
            int rc = refill(reader, error);
            if (rc || reader->ended)
                return rc;
            continue;
        }
        char c = reader->window[reader->at];
        if (c != '\n' && c != '\r')
            return 0;
        bool lf_of_crlf = c == '\n' && reader->after_cr;
        reader->line += !lf_of_crlf;
        reader->blank_lines |= !lf_of_crlf;
        note_line_end(reader, c, lf_of_crlf);
        reader->after_cr = c == '\r';
        reader->at++;
    }
}

/* The file ended inside a row: closes it, or says that a quote is open. */
static int finish(struct mg_csv_reader *reader, struct mg_error *error)
{
    if (reader->state == QUOTED) {
        int rc =
            mg_fail(error, MG_E_INVALID, "%s ends inside a quoted cell of the row that begins at line %lld.",
                    reader->name, (long long)reader->row_line);
        mg_fail_hint(error, "The file was cut off, or a quote at the start of a cell is never closed.");
        return fail_line(reader, reader->row_line, rc, error);
    }
    if (reader->state == CELL_START)
        reader->cell = reader->write = reader->at - reader->start;
    return close_cell(reader, error);
}

static void deliver(struct mg_csv_reader *reader, struct mg_csv_row *ret_row)
{
    for (size_t i = 0; i < reader->n; i++) {
        reader->cells[i] = reader->window + reader->start + reader->offsets[i];
        reader->cells[i][reader->sizes[i]] = '\0';
    }
    *ret_row =
        (struct mg_csv_row){reader->row_line, reader->malformed, reader->n, reader->cells, reader->sizes};
}

int mg_csv_reader_next(struct mg_csv_reader *reader, struct mg_csv_row *ret_row, struct mg_error *error)
{
    int rc = skip_blank(reader, error);
    if (rc || reader->ended)
        return rc;
    reader->state = CELL_START;
    reader->malformed = false;
    reader->n = 0;
    int done = 0;
    while (!done) {
        if (reader->at == reader->filled) {
            rc = refill(reader, error);
            if (rc)
                return rc;
            if (reader->ended) {
                done = finish(reader, error);
                if (done < 0)
                    return done;
                break;
            }
        }
        done = step(reader, error);
        if (done < 0)
            return done;
    }
    deliver(reader, ret_row);
    return 1;
}

struct mg_csv_traits mg_csv_reader_traits(const struct mg_csv_reader *reader)
{
    unsigned kinds = reader->line_ends;
    return (struct mg_csv_traits){reader->stray_quotes, reader->blank_lines, (kinds & (kinds - 1)) != 0};
}
