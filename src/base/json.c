/* JSON glue: jansson for reading (with our limits and our error texts), a small appending writer for output.
 */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

json_t *mg_json_parse(const char *text, size_t n, size_t limit, struct mg_error *error)
{
    if (n > limit) {
        mg_fail(error, MG_E_LIMIT, "The JSON text is %zu bytes long; at most %zu are allowed.", n, limit);
        return NULL;
    }
    json_error_t problem;
    json_t *value = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);
    if (!value) {
        mg_fail(error, MG_E_INVALID, "This is not valid JSON: line %d, column %d: %s.", problem.line,
                problem.column, problem.text);
        mg_fail_at(error, "line %d, column %d", problem.line, problem.column);
    }
    return value;
}

struct mg_json_writer mg_json_writer(struct mg_buf *buf)
{
    return (struct mg_json_writer){.buf = buf};
}

/* A comma before every value but the first of its container; a key counts as part of its value. */
static void separate(struct mg_json_writer *out)
{
    if (out->need_comma)
        mg_buf_putc(out->buf, ',');
    out->need_comma = true;
}

void mg_json_open(struct mg_json_writer *out, char bracket)
{
    separate(out);
    mg_buf_putc(out->buf, bracket);
    out->need_comma = false;
}

void mg_json_close(struct mg_json_writer *out, char bracket)
{
    mg_buf_putc(out->buf, bracket);
    out->need_comma = true;
}

static void write_escaped(struct mg_buf *buf, const char *text)
{
    mg_buf_putc(buf, '"');
    for (const char *run = text, *cursor = text;;) {
        const char *at = cursor;
        uint32_t c = mg_utf8_next(&cursor);
        bool malformed = c == 0xFFFD && (size_t)(cursor - at) == 1;
        if (c >= 0x20 && c != '"' && c != '\\' && !malformed)
            continue;
        mg_buf_add(buf, run, (size_t)(at - run));
        if (c == 0)
            break;
        if (malformed)
            mg_buf_puts(buf, "\xEF\xBF\xBD");
        else if (c == '"' || c == '\\')
            mg_buf_printf(buf, "\\%c", (char)c);
        else if (c == '\n')
            mg_buf_puts(buf, "\\n");
        else
            mg_buf_printf(buf, "\\u%04x", (unsigned)c);
        run = cursor;
    }
    mg_buf_putc(buf, '"');
}

void mg_json_key(struct mg_json_writer *out, const char *key)
{
    separate(out);
    write_escaped(out->buf, key);
    mg_buf_putc(out->buf, ':');
    out->need_comma = false;
}

void mg_json_string(struct mg_json_writer *out, const char *text)
{
    if (!text) {
        mg_json_null(out);
        return;
    }
    separate(out);
    write_escaped(out->buf, text);
}

/* A whole number of at most 15 digits, digit by digit: most of what is written are answers. */
static void format_whole(int64_t value, char ret_text[32])
{
    char digits[20];
    size_t n = 0, at = 0;
    uint64_t left = (uint64_t)(value < 0 ? -value : value);
    do
        digits[n++] = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        ret_text[at++] = '-';
    while (n > 0)
        ret_text[at++] = digits[--n];
    ret_text[at] = '\0';
}

void mg_format_double(double value, char ret_text[32])
{
    if (fabs(value) < 1e15 && value == rint(value) && !(value == 0 && signbit(value))) {
        format_whole((int64_t)value, ret_text);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(ret_text, 32, "%.*g", digits, value);
        if (strtod(ret_text, NULL) == value)
            return;
    }
}

void mg_json_number(struct mg_json_writer *out, double value)
{
    if (!isfinite(value)) {
        mg_json_null(out);
        return;
    }
    char text[32];
    mg_format_double(value, text);
    separate(out);
    mg_buf_puts(out->buf, text);
}

void mg_json_int(struct mg_json_writer *out, int64_t value)
{
    separate(out);
    mg_buf_printf(out->buf, "%lld", (long long)value);
}

void mg_json_bool(struct mg_json_writer *out, bool value)
{
    mg_json_raw(out, value ? "true" : "false");
}

void mg_json_null(struct mg_json_writer *out)
{
    mg_json_raw(out, "null");
}

void mg_json_raw(struct mg_json_writer *out, const char *json)
{
    separate(out);
    mg_buf_puts(out->buf, json);
}

static int add_bytes(const char *bytes, size_t n, void *buf)
{
    mg_buf_add(buf, bytes, n);
    return 0;
}

void mg_json_tree(struct mg_json_writer *out, const json_t *value)
{
    separate(out);
    if (!value || json_dump_callback(value, add_bytes, out->buf, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        mg_buf_puts(out->buf, "null");
}

void mg_json_key_string(struct mg_json_writer *out, const char *key, const char *text)
{
    mg_json_key(out, key);
    mg_json_string(out, text);
}

void mg_json_key_number(struct mg_json_writer *out, const char *key, double value)
{
    mg_json_key(out, key);
    mg_json_number(out, value);
}

void mg_json_key_int(struct mg_json_writer *out, const char *key, int64_t value)
{
    mg_json_key(out, key);
    mg_json_int(out, value);
}

void mg_json_key_bool(struct mg_json_writer *out, const char *key, bool value)
{
    mg_json_key(out, key);
    mg_json_bool(out, value);
}
