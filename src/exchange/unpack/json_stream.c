/* Records out of a file of JSON; see json_stream.h. A window moves over the file; outside records only
 * brackets, strings and commas are looked at. */
#include "exchange/unpack/json_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "column/file.h"
#include "exchange/unpack/unpack.h"

#define WINDOW ((size_t)256 * 1024)
#define RECORDS_BETWEEN_LOOKS 64
#define WRAPPED_DEPTH_MAX 8 /* of objects around the list of records */

/* The next byte, which stays; −1: the end. */
static int peek(struct mg_json_stream *s)
{
    if (s->at == s->filled) {
        s->at = 0;
        s->filled = fread(s->window, 1, WINDOW, s->file);
        if (!s->filled)
            return -1;
    }
    return (unsigned char)s->window[s->at];
}

static void step(struct mg_json_stream *s)
{
    s->line += s->window[s->at++] == '\n';
}

/* The next byte that is no white space. */
static int peek_token(struct mg_json_stream *s)
{
    int c;
    while ((c = peek(s)) == ' ' || c == '\t' || c == '\r' || c == '\n')
        step(s);
    return c;
}

static bool take(struct mg_json_stream *s, char c)
{
    if (peek_token(s) != c)
        return false;
    step(s);
    return true;
}

/* --- values as they stand --- */

/* Where a value that is being copied has got to. */
struct scan {
    size_t depth;
    bool string, escaped;
};

/* How many bytes of the window belong to the value still; *ret_done: it ends there. A plain value ends before
 * what parts values. */
static size_t scan_window(const struct mg_json_stream *s, struct scan *scan, bool *ret_done)
{
    const char *from = s->window + s->at, *end = s->window + s->filled;
    for (const char *p = from; p < end; p++) {
        if (scan->string) {
            bool closes = *p == '"' && !scan->escaped;
            scan->escaped = *p == '\\' && !scan->escaped;
            scan->string = !closes;
            *ret_done = closes && scan->depth == 0;
        } else if (*p == '"') {
            scan->string = true;
        } else if (*p == '{' || *p == '[') {
            scan->depth++;
        } else if (scan->depth > 0) {
            *ret_done = (*p == '}' || *p == ']') && --scan->depth == 0;
        } else if (strchr(",]} \t\r\n", *p)) {
            *ret_done = true;
            return (size_t)(p - from);
        }
        if (*ret_done)
            return (size_t)(p - from) + 1;
    }
    return (size_t)(end - from);
}

/* Copies the value that begins here (NULL: passes over it). False: the file ends in it. */
static bool copy_value(struct mg_json_stream *s, struct mg_buf *to)
{
    struct scan scan = {0};
    bool done = false;
    while (!done && peek(s) >= 0) {
        const char *from = s->window + s->at;
        size_t n = scan_window(s, &scan, &done);
        if (to)
            mg_buf_add(to, from, n);
        if (to && to->failed)
            return true;
        for (const char *p = from; (p = memchr(p, '\n', n - (size_t)(p - from))); p++)
            s->line++;
        s->at += n;
    }
    return done || (!scan.string && scan.depth == 0);
}

/* --- layout --- */

/* How unlikely a list is to hold the answers, where there are several: by its name, of "data.responses" the
 * last, and by how deep it lies. */
static size_t rank_of(const char *path)
{
    static const char *const known[] = {"responses", "results", "data",        "records",
                                        "rows",      "items",   "submissions", "answers"};
    size_t i = 0, depth = 0;
    const char *name = path;
    for (const char *dot; (dot = strchr(name, '.')); name = dot + 1)
        depth++;
    while (i < ARRAY_LEN(known) && strcmp(known[i], name) != 0)
        i++;
    return i + depth * 3;
}

static void cut(struct mg_buf *buf, size_t n)
{
    buf->len = n;
    if (buf->data)
        buf->data[n] = '\0';
}

/* At a member of an object at `path`: takes its name, which goes behind the path, and its colon. */
static bool take_name(struct mg_json_stream *s, struct mg_buf *path)
{
    if (path->len)
        mg_buf_putc(path, '.');
    size_t from = path->len;
    if (peek_token(s) != '"' || !copy_value(s, path) || path->failed || path->len < from + 2)
        return false;
    size_t n = path->len - from - 2;
    memmove(path->data + from, path->data + from + 1, n);
    cut(path, from + n);
    return take(s, ':');
}

/* Whether the value here is a list of objects; enters it then, else it is untouched or passed over. */
static bool enter_list(struct mg_json_stream *s)
{
    if (peek_token(s) != '[')
        return false;
    step(s);
    return peek_token(s) == '{';
}

/* Passes over the rest of a list that was entered. */
static bool leave_list(struct mg_json_stream *s)
{
    while (!take(s, ']')) {
        if (peek_token(s) < 0 || !copy_value(s, NULL) || (peek_token(s) != ']' && !take(s, ',')))
            return false;
    }
    return true;
}

static void keep_list(struct mg_json_stream *s, const struct mg_buf *name)
{
    if (s->n_lists++ == 0 || rank_of(name->data) < rank_of(s->list.data)) {
        mg_buf_reset(&s->list);
        mg_buf_add(&s->list, name->data, name->len);
    }
}

/* Walks over an object; true: it is whole. Lists of objects in it, and in those within it, are noted. */
static bool walk_object(struct mg_json_stream *s, struct mg_buf *path, size_t depth)
{
    size_t kept = path->len;
    if (!take(s, '{'))
        return false;
    if (take(s, '}'))
        return true;
    do {
        cut(path, kept);
        if (!take_name(s, path))
            return false;
        int c = peek_token(s);
        if (c == '[' && enter_list(s))
            keep_list(s, path);
        if (c == '['                                ? !leave_list(s)
            : c == '{' && depth < WRAPPED_DEPTH_MAX ? !walk_object(s, path, depth + 1)
                                                    : c < 0 || !copy_value(s, NULL))
            return false;
    } while (take(s, ','));
    cut(path, kept);
    return take(s, '}');
}

/* --- columns --- */

/* Passes over an object; *ret_numbered: its keys begin with "0", as pandas numbers the rows of a column. */
static bool pass_object(struct mg_json_stream *s, struct mg_buf *key, bool *ret_numbered)
{
    bool first = true;
    step(s);
    *ret_numbered = false;
    do {
        cut(key, 0);
        if (!take_name(s, key) || peek_token(s) < 0 || !copy_value(s, NULL))
            return false;
        *ret_numbered |= first && strcmp(key->data, "0") == 0;
        first = false;
    } while (take(s, ','));
    return take(s, '}');
}

/* Passes over a list; *ret_column: there are no objects in it. */
static bool pass_list(struct mg_json_stream *s, bool *ret_column)
{
    step(s);
    *ret_column = true;
    do {
        *ret_column &= peek_token(s) != '{';
        if (peek_token(s) < 0 || !copy_value(s, NULL))
            return false;
    } while (take(s, ','));
    return take(s, ']');
}

/* Whether the one object of the file is a table by columns, or one of bare rows beside their names: all its
 * members are lists, or objects that number rows. */
static bool holds_columns(struct mg_json_stream *s)
{
    struct mg_buf key;
    mg_buf_init(&key, MG_COLUMN_NAME_MAX);
    bool all = take(s, '{'), column = false;
    size_t n = 0;
    do {
        cut(&key, 0);
        all = all && take_name(s, &key);
        int c = all ? peek_token(s) : 0;
        all = (c == '{' && pass_object(s, &key, &column)) || (c == '[' && pass_list(s, &column));
        n++;
    } while (all && column && take(s, ','));
    mg_buf_done(&key);
    return all && column && n > 1;
}

/* Whether the first line that isn't blank ends in the middle of an object. */
static bool is_spread(struct mg_json_stream *s)
{
    int c = peek_token(s), last = 0;
    for (; c >= 0 && c != '\n'; c = peek(s)) {
        last = c == ' ' || c == '\t' || c == '\r' ? last : c;
        step(s);
    }
    return last == '{' || last == '[' || last == ',';
}

static void find_layout(struct mg_json_stream *s)
{
    struct mg_buf name;
    mg_buf_init(&name, MG_COLUMN_NAME_MAX);
    if (peek_token(s) == '[') {
        s->layout = MG_JSON_LIST;
    } else {
        s->layout = is_spread(s) ? MG_JSON_SEQUENCE : MG_JSON_LINES;
        mg_json_stream_rewind(s);
        bool alone = walk_object(s, &name, 0) && peek_token(s) < 0;
        mg_json_stream_rewind(s);
        if (alone && s->n_lists)
            s->layout = MG_JSON_WRAPPED;
        else if (alone && holds_columns(s))
            s->layout = MG_JSON_COLUMNS;
    }
    mg_buf_done(&name);
    mg_json_stream_rewind(s);
}

int mg_json_stream_open(struct mg_json_stream *stream, const char *path, const char *name,
                        struct mg_stop *stop, struct mg_error *error)
{
    *stream = (struct mg_json_stream){.name = name, .stop = stop, .line = 1};
    mg_buf_init(&stream->record, MG_JSON_RECORD_MAX);
    mg_buf_init(&stream->list, MG_COLUMN_NAME_MAX);
    stream->window = malloc(WINDOW);
    if (!stream->window)
        return mg_fail_memory(error);
    int rc = mg_file_open(path, name, &stream->file, error);
    if (rc)
        return rc;
    find_layout(stream);
    if (stream->layout != MG_JSON_COLUMNS)
        return 0;
    mg_fail(error, MG_E_UNSUPPORTED, "%s holds columns or bare rows, not records.", name);
    mg_fail_hint_text(error, MG_JSON_RECORDS_HINT);
    return MG_E_UNSUPPORTED;
}

void mg_json_stream_close(struct mg_json_stream *stream)
{
    if (stream->file)
        fclose(stream->file);
    free(stream->window);
    mg_buf_done(&stream->record);
    mg_buf_done(&stream->list);
}

void mg_json_stream_rewind(struct mg_json_stream *stream)
{
    rewind(stream->file);
    stream->at = stream->filled = 0;
    stream->line = 1;
    stream->inside = false;
}

/* --- records --- */

static int fail_here(const struct mg_json_stream *s, int64_t line, int code, struct mg_error *error)
{
    mg_fail_at(error, "%s, line %lld", s->name, (long long)line);
    return code;
}

static int fail_broken(const struct mg_json_stream *s, struct mg_error *error)
{
    mg_fail(error, MG_E_INVALID, "%s is no JSON from line %lld on.", s->name, (long long)s->line);
    mg_fail_hint(error, "The file was cut off or changed by hand; export it again.");
    return fail_here(s, s->line, MG_E_INVALID, error);
}

static int fail_long(const struct mg_json_stream *s, struct mg_error *error)
{
    mg_fail(error, MG_E_LIMIT, "%s: the record at line %lld is longer than %zu MiB.", s->name,
            (long long)s->record_line, MG_JSON_RECORD_MAX >> 20);
    return fail_here(s, s->record_line, MG_E_LIMIT, error);
}

/* The rest of the line, without its end. 0: there is none. */
static int next_line(struct mg_json_stream *s, struct mg_error *error)
{
    bool more = peek_token(s) >= 0;
    s->record_line = s->line;
    while (more && peek(s) >= 0) {
        const char *from = s->window + s->at, *end = memchr(from, '\n', s->filled - s->at);
        size_t n = end ? (size_t)(end - from) : s->filled - s->at;
        mg_buf_add(&s->record, from, n);
        if (s->record.failed)
            return fail_long(s, error);
        s->at += n;
        if (end)
            break;
    }
    return more;
}

static int next_value(struct mg_json_stream *s, struct mg_error *error)
{
    if (peek_token(s) < 0)
        return fail_broken(s, error);
    s->record_line = s->line;
    if (!copy_value(s, &s->record))
        return fail_broken(s, error);
    if (s->record.failed)
        return fail_long(s, error);
    return s->record.len ? 1 : fail_broken(s, error);
}

/* To the first record of the list, which is in the object that begins here. */
static bool enter_object(struct mg_json_stream *s, struct mg_buf *path)
{
    size_t kept = path->len;
    bool found = false, on = take(s, '{');
    while (on && !found) {
        cut(path, kept);
        on = take_name(s, path);
        int c = on ? peek_token(s) : -1;
        bool within = strncmp(s->list.data, path->data, path->len) == 0 && s->list.data[path->len] == '.';
        if (c == '{' && within)
            return enter_object(s, path);
        found = c == '[' && enter_list(s) && strcmp(path->data, s->list.data) == 0;
        if (on && !found)
            on = (c == '[' ? leave_list(s) : copy_value(s, NULL)) && take(s, ',');
    }
    return found;
}

static bool enter(struct mg_json_stream *s)
{
    struct mg_buf path;
    if (s->layout == MG_JSON_LIST)
        return take(s, '[');
    mg_buf_init(&path, MG_COLUMN_NAME_MAX);
    bool found = enter_object(s, &path);
    mg_buf_done(&path);
    return found;
}

static int next_of_list(struct mg_json_stream *s, struct mg_error *error)
{
    bool first = !s->inside;
    if (first && !enter(s))
        return fail_broken(s, error);
    s->inside = true;
    if (take(s, ']'))
        return s->layout == MG_JSON_LIST && peek_token(s) >= 0 ? fail_broken(s, error) : 0;
    if (!first && !take(s, ','))
        return fail_broken(s, error);
    return next_value(s, error);
}

int mg_json_stream_next(struct mg_json_stream *stream, struct mg_error *error)
{
    mg_buf_reset(&stream->record);
    int rc = stream->looks++ % RECORDS_BETWEEN_LOOKS == 0 ? mg_stop_check(stream->stop, error) : 0;
    if (rc)
        return rc;
    if (stream->layout == MG_JSON_LINES)
        rc = next_line(stream, error);
    else if (stream->layout == MG_JSON_SEQUENCE)
        rc = peek_token(stream) < 0 ? 0 : next_value(stream, error);
    else
        rc = next_of_list(stream, error);
    if (ferror(stream->file))
        return mg_fail(error, MG_E_IO, "%s can't be read.", stream->name);
    return rc;
}
