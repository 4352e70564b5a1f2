/* A strict reader of JSON that walks a record's text once; see json_flat.h. `text` holds UTF-8 already. */
#include "exchange/unpack/json_flat.h"

#include <string.h>

#include "base/str.h"
#include "exchange/unpack/unpack.h"

struct walk {
    struct mg_json_flattener *to;
    const char *p, *end;
    unsigned depth;
    bool stopped;
    bool mute; /* in a value that was given as its text */
};

/* What the functions below return: whether to go on. */

static void skip_space(struct walk *w)
{
    while (w->p < w->end && (*w->p == ' ' || *w->p == '\t' || *w->p == '\n' || *w->p == '\r'))
        w->p++;
}

static bool take(struct walk *w, char c)
{
    skip_space(w);
    if (w->p == w->end || *w->p != c)
        return false;
    w->p++;
    return true;
}

static bool give(struct walk *w, const char *text, size_t n, bool filled)
{
    struct mg_json_flattener *to = w->to;
    if (to->path.failed)
        return false;
    if (w->mute)
        return true;
    w->stopped = !to->leaf(to->user, to->path.data ? to->path.data : "", to->path.len, text, n, filled);
    return !w->stopped;
}

/* --- strings --- */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four digits behind "\u"; −1: there aren't. */
static int32_t take_unit(struct walk *w)
{
    int32_t unit = 0;
    if (w->end - w->p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex(*w->p++);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static void put_character(struct mg_buf *to, uint32_t c)
{
    char bytes[4] = {(char)c};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; n > 1 && i-- > 1; c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    if (n > 1)
        bytes[0] = (char)((0xF00 >> n & 0xFF) | c);
    mg_buf_add(to, bytes, n);
}

/* Half of a pair without its other is U+FFFD: a text cut in the middle of an emoji is still a text. */
static bool take_escaped_character(struct walk *w, struct mg_buf *to)
{
    int32_t unit = take_unit(w);
    if (unit <= 0) /* NUL can't stand in a text either */
        return false;
    bool high = unit >= 0xD800 && unit < 0xDC00;
    if (high && w->end - w->p >= 6 && w->p[0] == '\\' && w->p[1] == 'u') {
        struct walk ahead = {.p = w->p + 2, .end = w->end};
        int32_t low = take_unit(&ahead);
        if (low < 0)
            return false;
        if (low >= 0xDC00 && low < 0xE000) {
            w->p = ahead.p;
            put_character(to, 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00));
            return true;
        }
    }
    put_character(to, unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : (uint32_t)unit);
    return true;
}

static bool take_escape(struct walk *w, struct mg_buf *to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    if (++w->p == w->end)
        return false;
    char c = *w->p++;
    if (c == 'u')
        return take_escaped_character(w, to);
    const char *known = c ? strchr(from, c) : NULL;
    if (known)
        mg_buf_putc(to, into[known - from]);
    return known != NULL;
}

/* Behind the opening quote: the run up to the next quote, escape or control character. */
static size_t plain_run(const struct walk *w)
{
    const char *p = w->p;
    while (p < w->end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    return (size_t)(p - w->p);
}

/* Appends the string that begins at its opening quote. */
static bool take_string(struct walk *w, struct mg_buf *to)
{
    w->p++;
    for (;;) {
        size_t n = plain_run(w);
        mg_buf_add(to, w->p, n);
        w->p += n;
        if (w->p == w->end || (unsigned char)*w->p < 0x20)
            return false;
        if (*w->p == '"') {
            w->p++;
            return true;
        }
        if (!take_escape(w, to))
            return false;
    }
}

/* --- plain values --- */

static size_t digits(const char *p, const char *end)
{
    const char *from = p;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return (size_t)(p - from);
}

/* Bytes of the number that begins here; 0: none does. */
static size_t number_length(const char *from, const char *end)
{
    const char *p = from + (from < end && *from == '-');
    size_t n = digits(p, end);
    if (n == 0 || (n > 1 && *p == '0'))
        return 0;
    p += n;
    if (p < end && *p == '.') {
        n = digits(p + 1, end);
        if (n == 0)
            return 0;
        p += 1 + n;
    }
    if (p < end && (*p | 32) == 'e') {
        const char *exponent = p + 1;
        exponent += exponent < end && (*exponent == '+' || *exponent == '-');
        n = digits(exponent, end);
        if (n == 0)
            return 0;
        p = exponent + n;
    }
    return (size_t)(p - from);
}

/* A number, true, false, null or what Python writes for no finite number, as it is written; 0: none of them.
 */
static size_t word_length(const struct walk *w)
{
    static const char *const words[] = {"null", "true", "false", "NaN", "Infinity", "-Infinity"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(w->end - w->p) >= n && memcmp(w->p, words[i], n) == 0)
            return n;
    }
    return number_length(w->p, w->end);
}

/* Of a word that word_length knows: whether there is a value. */
static bool says_value(const char *word)
{
    return *word != 'n' && *word != 'N' && *word != 'I' && !(*word == '-' && word[1] == 'I');
}

/* Appends a plain value; null is nothing. */
static bool take_plain(struct walk *w, struct mg_buf *to)
{
    if (*w->p == '"')
        return take_string(w, to);
    size_t n = word_length(w);
    if (n > 0 && says_value(w->p))
        mg_buf_add(to, w->p, n);
    w->p += n;
    return n > 0;
}

/* A plain value as a cell: where it stands in the record if it can. */
static bool give_plain(struct walk *w)
{
    const char *from = w->p;
    if (*from == '"') {
        w->p++;
        size_t n = plain_run(w);
        if (w->p + n < w->end && w->p[n] == '"') {
            w->p += n + 1;
            return give(w, from + 1, n, true);
        }
        w->p = from;
        mg_buf_reset(&w->to->text);
        return take_string(w, &w->to->text) && !w->to->text.failed &&
               give(w, w->to->text.data ? w->to->text.data : "", w->to->text.len, true);
    }
    size_t n = word_length(w);
    w->p += n;
    return n > 0 && (says_value(from) ? give(w, from, n, true) : give(w, "", 0, false));
}

/* --- lists and objects --- */

static bool walk_value(struct walk *w);

/* Lists and objects among the values of the list whose "[" was taken; where it is broken, any number. */
static size_t count_nested(const struct walk *w)
{
    size_t depth = 1, n = 0;
    bool inside = false;
    for (const char *p = w->p; p < w->end && depth > 0; p++) {
        if (inside && *p == '\\')
            p++;
        else if (*p == '"')
            inside = !inside;
        else if (!inside && (*p == '[' || *p == '{'))
            n += depth++ == 1;
        else if (!inside && (*p == ']' || *p == '}'))
            depth--;
    }
    return n;
}

/* Behind "[", which isn't empty. */
static bool walk_plain_list(struct walk *w)
{
    struct mg_buf *text = &w->to->text;
    mg_buf_reset(text);
    mg_buf_add(text, "", 0);
    do {
        size_t before = text->len;
        if (before)
            mg_buf_putc(text, ';');
        size_t from = text->len;
        skip_space(w);
        if (w->p == w->end || !take_plain(w, text))
            return false;
        if (text->len == from && before) /* null: no choice */
            text->len = before;
    } while (take(w, ','));
    return take(w, ']') && !text->failed && give(w, text->data, text->len, text->len > 0);
}

static bool walk_numbered_list(struct walk *w)
{
    struct mg_buf *path = &w->to->path;
    size_t kept = path->len, number = 0;
    do {
        mg_buf_printf(path, ".%zu", number++);
        if (!walk_value(w) || path->failed)
            return false;
        path->len = kept;
    } while (take(w, ','));
    path->data[kept] = '\0';
    return take(w, ']');
}

/* What has too many parts for columns stays the text that it is. */
static bool walk_long_list(struct walk *w)
{
    const char *from = w->p - 1;
    bool muted = w->mute;
    w->mute = true;
    bool whole = walk_numbered_list(w);
    w->mute = muted;
    return whole && give(w, from, (size_t)(w->p - from), true);
}

static bool walk_list(struct walk *w)
{
    w->p++;
    if (take(w, ']'))
        return give(w, "", 0, false);
    size_t nested = count_nested(w);
    if (nested > MG_JSON_NUMBERED_MAX)
        return walk_long_list(w);
    return nested ? walk_numbered_list(w) : walk_plain_list(w);
}

static bool walk_member(struct walk *w)
{
    struct mg_buf *path = &w->to->path;
    size_t kept = path->len;
    skip_space(w);
    if (w->depth > 1)
        mg_buf_putc(path, '.');
    if (w->p == w->end || *w->p != '"' || !take_string(w, path) || !take(w, ':') || !walk_value(w) ||
        path->failed)
        return false;
    path->len = kept;
    path->data[kept] = '\0';
    return true;
}

static bool walk_object(struct walk *w)
{
    w->p++;
    if (take(w, '}'))
        return w->depth == 1 || give(w, "", 0, false);
    do {
        if (!walk_member(w))
            return false;
    } while (take(w, ','));
    return take(w, '}');
}

static bool walk_value(struct walk *w)
{
    skip_space(w);
    if (w->p == w->end)
        return false;
    if (*w->p != '{' && *w->p != '[')
        return give_plain(w);
    if (w->depth++ == MG_JSON_DEPTH_MAX)
        return false;
    bool on = *w->p == '{' ? walk_object(w) : walk_list(w);
    w->depth--;
    return on;
}

enum mg_json_flat mg_json_flatten(struct mg_json_flattener *flattener, const char *text, size_t n)
{
    struct walk w = {.to = flattener, .p = text, .end = text + n};
    mg_buf_reset(&flattener->path);
    mg_buf_add(&flattener->path, "", 0);
    skip_space(&w);
    bool whole = w.p < w.end && *w.p == '{' && walk_value(&w);
    if (w.stopped)
        return MG_FLAT_STOPPED;
    skip_space(&w);
    return whole && w.p == w.end ? MG_FLAT_DONE : MG_FLAT_BROKEN;
}
